"""What is told of a plan, in the order in which it came: rounds, changes, measurements and what was promised."""

import datetime
from typing import Any

from actieplan.demonstration.accounts import Accounts
from actieplan.demonstration.commitments import make_commitments
from actieplan.demonstration.fixture import noon
from actieplan.demonstration.indicators import make_indicators, record_measurements
from actieplan.demonstration.plans import change_plan
from actieplan.demonstration.rounds import finish_round, make_round
from actieplan.demonstration.texts import make_texts
from din.models import Plan


def make_progress(plan: Plan, facts: dict[str, Any], accounts: Accounts, *, begins_on: datetime.date) -> None:
    """All that `facts` tells of `plan`, whose indicators came in with it or, where they say so, before a round.

    A report is frozen with what was measured and proposed in its round, so a round ends last.
    """
    day = begins_on
    measurables = make_indicators(plan, _since(None, facts), accounts, at=noon(day))
    record_measurements(measurables, None, accounts, at=noon(day))
    make_commitments(plan, facts["commitments"], accounts, at=noon(day))
    for one in facts["rounds"]:
        if one["state"] == "adopted":
            before, day = day, datetime.date.fromisoformat(one["opens_on"])
            change_plan(plan, facts.get("changes", []), after=before, until=day)
        measurables += make_indicators(plan, _since(one["round"], facts), accounts, at=noon(day))
        round_, recorded_at = make_round(plan, one, accounts)
        record_measurements(measurables, round_, accounts, at=recorded_at)
        make_commitments(plan, facts["commitments"], accounts, at=recorded_at, proposed_in=round_)
        make_texts(round_, one["texts"], accounts, at=recorded_at)
        finish_round(round_, one, accounts)


def _since(round_: str | None, facts: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in facts["indicators"] if one.get("since") == round_]
