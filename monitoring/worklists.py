"""What is left to do for somebody in the running rounds."""

import datetime
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from monitoring.earlier import last_status, previous_updates
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
    """The visitor's goals in one running round.

    `days_left` is negative after the deadline; `grace_left` counts the days of grace that are left then.
    """

    round: ReportingRound
    items: tuple[WorklistItem, ...]
    days_left: int
    grace_left: int
    takes_in: bool

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
    previous = previous_updates(updates)
    rounds = {update.round_id: update.round for update in updates}
    return [
        Worklist(
            round=round_,
            items=tuple(
                _item(update, previous.get(update.pk), as_of=round_.reference_day(today=as_of))
                for update in updates
                if update.round_id == round_.pk
            ),
            days_left=round_.days_left(as_of=as_of),
            grace_left=round_.grace_left(as_of=as_of),
            takes_in=round_.takes_in(as_of=as_of),
        )
        for round_ in sorted(rounds.values(), key=lambda round_: (round_.deadline, round_.pk))
    ]


def _item(update: Update, previous: Update | None, *, as_of: datetime.date) -> WorklistItem:
    late = update.is_late(as_of=as_of, last_status=last_status(update, previous))
    return WorklistItem(update, previous, late)


def next_goal(user: AbstractBaseUser | AnonymousUser, *, after: Update) -> int | None:
    """The goal that `user` does next in the round of `after`: the first in the worklist that is left."""
    left = Update.objects.owned_by(user).filter(round=after.round_id, state__in=_LEFT).exclude(pk=after.pk)
    ordered = sorted(left.select_related("goal__theme").distinct(), key=_care)
    return ordered[0].goal_id if ordered else None


def _care(update: Update) -> tuple[int, int, int, int]:
    goal = update.goal
    theme_position = goal.theme.position if goal.theme else -1
    return (_ORDER.index(Update.State(update.state)), theme_position, goal.position, goal.pk)
