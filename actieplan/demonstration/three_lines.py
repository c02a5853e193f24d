""" "Vastpakken en niet loslaten" as a whole: five pillars at first, three actielijnen since it was re-cut."""

import datetime
from typing import Any

from django.db import transaction

from actieplan.demonstration.accounts import COMMAND, Accounts
from actieplan.demonstration.fixture import noon, read_fixture
from actieplan.demonstration.plans import change_plan, make_plan
from actieplan.demonstration.progress import make_progress
from actieplan.demonstration.young_people import YOUNG_PEOPLE
from din.models import Goal, Plan, Programme
from din.recut import ENDS, NewTheme, Proposal, apply_recut, to_new


def make_three_lines(accounts: Accounts) -> None:
    """The plan of the programme beside the DIN of a year, its re-cut, and the pilot that followed."""
    facts = read_fixture("vastpakken-actieplan.json")
    programme = Programme.objects.get(slug=YOUNG_PEOPLE)
    recut_on = datetime.date.fromisoformat(facts["recut"]["on"])
    begins_on = datetime.date.fromisoformat(facts["plan"]["adopted_on"])
    with transaction.atomic():
        plan = make_plan(programme, facts, begins_on=begins_on)
        apply_recut(
            programme,
            _proposal(plan, facts["recut"], day=recut_on),
            fingerprint=None,
            actor=accounts["manager"],
            origin=COMMAND,
            now=noon(recut_on),
        )
        change_plan(plan, facts["changes"], after=begins_on, until=recut_on)
        make_progress(plan, facts, accounts, begins_on=recut_on)


def _proposal(plan: Plan, facts: dict[str, Any], *, day: datetime.date) -> Proposal:
    """The goals of `plan` go to the new themes or end; those of other plans stay where they are."""
    line = {name: to_new(place) for place, name in enumerate(facts["themes"])}
    moved = {_goal(plan, one).pk: line[one["to"]] for one in facts["moved"]}
    ended = {_goal(plan, one).pk: one["reason"] for one in facts["ended"]}
    return Proposal(
        day=day,
        reason=facts["reason"],
        last_year=facts["last_year"],
        new_themes=tuple(NewTheme(name) for name in facts["themes"]),
        goals=moved | dict.fromkeys(ended, ENDS),
        reasons=ended,
    )


def _goal(plan: Plan, facts: dict[str, Any]) -> Goal:
    return plan.goals.get(theme__name=facts["theme"], number=facts["number"])
