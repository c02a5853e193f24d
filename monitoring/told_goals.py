"""What a round tells of each of its goals: how it stands, and what was written about it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Case, F, When

from monitoring.goal_line import GoalLine, goal_addresses, goal_line, in_plan_order
from monitoring.models import ReportedGoal, ReportingRound, Update
from monitoring.standing import NOT_DELIVERED, goals_in


@dataclass(frozen=True)
class ToldGoal:
    """A goal in a round: of an adopted round as its report has it, of a running one as it is now.

    `explanation` is what was handed in, the reason that nothing was, or the reason that the goal ended.
    """

    line: GoalLine
    owner_pk: int | None
    explanation: str


def goals_told(round_: ReportingRound, *, as_of: datetime.date) -> list[ToldGoal]:
    """The goals that `round_` is about, in the order of the plan, in two or three queries. No draft is told."""
    explanations = _explanations(round_)
    address = goal_addresses()
    return [
        ToldGoal(
            line=goal_line(goal, address=address),
            owner_pk=goal.owner_pk,
            explanation=explanations.get(goal.pk) or ("" if round_.is_adopted else goal.ended_reason),
        )
        for goal in in_plan_order(goals_in([round_], as_of=as_of))
    ]


def _explanations(round_: ReportingRound) -> dict[int, str]:
    """What was written, by the key of the goal."""
    said = Case(When(state=NOT_DELIVERED, then=F("not_delivered_reason")), default=F("explanation"))
    if round_.is_adopted:
        told = ReportedGoal.objects.filter(report__round=round_).of_newest_editions()
    else:
        told = Update.objects.filter(round=round_, state__in=[*Update.DELIVERED, Update.State.NOT_DELIVERED])  # type: ignore[assignment]
    return dict(told.order_by().annotate(said=said).values_list("goal_id", "said"))
