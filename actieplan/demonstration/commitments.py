"""What was promised to the council or asked by it, in the demonstration."""

import datetime
from typing import Any

from actieplan.demonstration.accounts import COMMAND, Accounts
from actieplan.demonstration.fixture import day_of, write
from din.models import Goal, Owner, Plan
from monitoring.audit import append, audit_line
from monitoring.models import Commitment, ReportingRound

_AS_WRITTEN = ("kind", "number", "title", "text", "made_by", "state", "settlement")


def make_commitments(
    plan: Plan,
    facts: list[dict[str, Any]],
    accounts: Accounts,
    *,
    at: datetime.datetime,
    proposed_in: ReportingRound | None = None,
) -> None:
    """The commitments of `facts` that were proposed to be settled in that round, or in none; with their goals."""
    name = proposed_in.name if proposed_in else None
    goals = {
        (goal.theme.name if goal.theme else None, goal.number): goal
        for goal in Goal.objects.filter(plan=plan).select_related("theme")
    }
    owners = {owner.name: owner for owner in Owner.objects.filter(programme=plan.programme_id)}
    lines = []
    for one in facts:
        if one.get("proposed_in") != name:
            continue
        commitment = Commitment(
            programme=plan.programme,
            owner=owners[one["owner"]],
            made_on=day_of(one, "made_on"),
            deadline=day_of(one, "deadline"),
            settled_on=day_of(one, "settled_on"),
            proposed_in=proposed_in,
            **{field: one[field] for field in _AS_WRITTEN if field in one},
        )
        write(commitment, at=at)
        commitment.goals.set(goals[theme, number] for theme, number in one["goals"])
        lines.append(
            audit_line(
                actor=accounts["manager"],
                origin=COMMAND,
                action="create",
                subject=commitment,
                result=commitment.state,
                at=at,
            )
        )
    append(lines)
