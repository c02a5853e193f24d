"""What is told of a plan: its indicators, commitments and rounds, in the order in which they came."""

import datetime
from typing import Any

from actieplan.demonstration.accounts import Accounts
from actieplan.demonstration.commitments import make_commitments
from actieplan.demonstration.fixture import noon
from actieplan.demonstration.indicators import make_indicators, record_measurements
from actieplan.demonstration.rounds import finish_round, make_round
from din.models import Plan


def make_progress(plan: Plan, facts: dict[str, Any], accounts: Accounts, *, begins_on: datetime.date) -> None:
    """All that `facts` tells of `plan`. A report is frozen with what was measured and proposed in its round."""
    at = noon(begins_on)
    measurables = make_indicators(plan, facts["indicators"], accounts, at=at)
    record_measurements(measurables, None, accounts, at=at)
    make_commitments(plan, facts["commitments"], accounts, at=at)
    for one in facts["rounds"]:
        round_, recorded_at = make_round(plan, one, accounts)
        record_measurements(measurables, round_, accounts, at=recorded_at)
        make_commitments(plan, facts["commitments"], accounts, at=recorded_at, proposed_in=round_)
        finish_round(round_, one, accounts)
