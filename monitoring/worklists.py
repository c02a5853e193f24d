"""What is left to do for somebody in the running rounds, and what was said about a goal before."""

import datetime
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from monitoring.models import ReportingRound, Update

# What asks for care comes first: sent back, then untouched, then half done; what was handed in comes last.
_ORDER = [
    Update.State.RETURNED,
    Update.State.TODO,
    Update.State.DRAFT,
    Update.State.SUBMITTED,
    Update.State.APPROVED,
    Update.State.NOT_DELIVERED,
]
_LEFT = (Update.State.RETURNED, Update.State.TODO, Update.State.DRAFT)


@dataclass(frozen=True)
class WorklistItem:
    """One of the visitor's goals in a running round, with its update of the last adopted round, if any."""

    update: Update
    previous: Update | None
    late: bool

    @property
    def is_left(self) -> bool:
        return self.update.state in _LEFT


@dataclass(frozen=True)
class Worklist:
    """The visitor's goals in one running round. `days_left` is negative after the deadline."""

    round: ReportingRound
    items: tuple[WorklistItem, ...]
    days_left: int

    @property
    def total(self) -> int:
        return len(self.items)

    @property
    def done(self) -> int:
        return sum(not item.is_left for item in self.items)

    @property
    def left(self) -> int:
        return self.total - self.done


def worklists(user: AbstractBaseUser | AnonymousUser, *, as_of: datetime.date) -> list[Worklist]:
    """The worklists of `user`, one a running round, the nearest deadline first; in a constant number of queries."""
    running = Update.objects.owned_by(user).filter(round__in=ReportingRound.objects.running()).with_place().distinct()
    updates = sorted(running, key=_care)
    previous = _previous({update.goal_id for update in updates}, updates)
    rounds = {update.round_id: update.round for update in updates}
    return [
        Worklist(
            round=round_,
            items=tuple(
                WorklistItem(update, previous.get(update.pk), update.is_late(as_of=round_.reference_day(today=as_of)))
                for update in updates
                if update.round_id == round_.pk
            ),
            days_left=round_.days_left(as_of=as_of),
        )
        for round_ in sorted(rounds.values(), key=lambda round_: (round_.deadline, round_.pk))
    ]


def next_goal(user: AbstractBaseUser | AnonymousUser, *, after: Update) -> int | None:
    """The goal that `user` does next in the round of `after`: the first in the worklist that is left."""
    left = Update.objects.owned_by(user).filter(round=after.round_id, state__in=_LEFT).exclude(pk=after.pk)
    ordered = sorted(left.select_related("goal__theme").distinct(), key=_care)
    return ordered[0].goal_id if ordered else None


def previous_update(update: Update) -> Update | None:
    """What was adopted on the same goal in the round before, or on the goal of the year before that it continues."""
    return _previous({update.goal_id}, [update]).get(update.pk)


def _care(update: Update) -> tuple[int, int, int, int]:
    goal = update.goal
    theme_position = goal.theme.position if goal.theme else -1
    return (_ORDER.index(Update.State(update.state)), theme_position, goal.position, goal.pk)


def _previous(goal_ids: set[int], updates: list[Update]) -> dict[int, Update]:
    """For each update its goal's latest adopted, delivered update of an earlier round, by the update's key."""
    continued = {update.goal.predecessor_id for update in updates if update.goal.predecessor_id}
    adopted = (
        Update.objects.filter(goal__in=goal_ids | continued, round__in=ReportingRound.objects.adopted())
        .delivered()
        .select_related("round")
        .order_by("round__year", "round__half")
    )
    by_goal: dict[int, list[Update]] = {}
    for found in adopted:
        by_goal.setdefault(found.goal_id, []).append(found)
    result = {}
    for update in updates:
        own = by_goal.get(update.goal_id) or by_goal.get(update.goal.predecessor_id or 0) or []
        when = (update.round.year, update.round.half)
        earlier = [found for found in own if (found.round.year, found.round.half) < when]
        if earlier:
            result[update.pk] = earlier[-1]
    return result
