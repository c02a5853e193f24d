"""The goals of the years before that a goal continues, with how each stood in the adopted rounds."""

from __future__ import annotations

from dataclasses import dataclass

from din.models import Goal
from din.permissions import Visitor
from monitoring.models import ReportingRound, Update
from monitoring.standing import AWAITED, LABELS, NOT_DELIVERED

# A programme lasts a few years with a plan each; a longer line is cut off.
MOST_YEARS = 12


@dataclass(frozen=True)
class PastStanding:
    round_label: str
    standing: str
    standing_label: str


@dataclass(frozen=True)
class PredecessorLine:
    """A goal of an earlier plan; `standings` are those of its adopted rounds, the oldest first."""

    label: str
    url: str
    plan: str
    text: str
    standings: tuple[PastStanding, ...]


def predecessors_of(goal: Goal, *, user: Visitor) -> tuple[PredecessorLine, ...]:
    """The line of predecessors that `user` may read, the latest first: three queries, none without a predecessor.

    Everybody sees the adopted rounds only: what is past is what was adopted.
    """
    if goal.predecessor_id is None:
        return ()
    steps = ["__".join(["predecessor"] * depth) for depth in range(1, MOST_YEARS + 1)]
    chain = Goal.objects.filter(pk=goal.pk).values_list(*steps).get()
    goals = Goal.objects.readable_by(user).with_place().in_bulk([pk for pk in chain if pk is not None])
    updates = Update.objects.filter(goal__in=goals, round__state=ReportingRound.State.ADOPTED)
    standings: dict[int, list[PastStanding]] = {}
    for update in updates.select_related("round").order_by("round__year", "round__half"):
        standings.setdefault(update.goal_id, []).append(_standing(update))
    return tuple(
        PredecessorLine(
            label=found.reference or str(found),
            url=found.get_absolute_url(),
            plan=found.plan.name,
            text=found.text,
            standings=tuple(standings.get(found.pk, ())),
        )
        for pk in dict.fromkeys(chain)
        if pk is not None and (found := goals.get(pk)) is not None
    )


def _standing(update: Update) -> PastStanding:
    standing = AWAITED
    if update.is_delivered:
        standing = update.status
    elif update.state == NOT_DELIVERED:
        standing = NOT_DELIVERED
    return PastStanding(update.round.label, standing, LABELS[standing])
