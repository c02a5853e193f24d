"""The goals of the years before that a goal continues, with how each stood in the adopted rounds."""

from __future__ import annotations

from dataclasses import dataclass

from din.models import Goal
from din.permissions import Visitor
from monitoring.models import ReportedGoal
from monitoring.standing import LABELS

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
    reported = ReportedGoal.objects.filter(goal__in=goals).of_newest_editions()
    standings: dict[int, list[PastStanding]] = {}
    for told in reported.select_related("report__round").order_by("report__round__year", "report__round__half"):
        standings.setdefault(told.goal_id, []).append(_standing(told))
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


def _standing(told: ReportedGoal) -> PastStanding:
    return PastStanding(told.report.round.label, told.standing, LABELS[told.standing])
