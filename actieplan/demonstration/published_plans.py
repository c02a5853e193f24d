"""The programmes whose plan is a document of the council, not a workbook."""

import datetime
from typing import Any

from django.db import transaction

from actieplan.demonstration.accounts import Accounts, link_owners
from actieplan.demonstration.fixture import noon, read_fixture, write
from actieplan.demonstration.progress import make_progress
from din.models import Ambition, Goal, Owner, Plan, Programme, Theme
from din.quarters import last_day


def make_homeless_people(accounts: Accounts) -> bool:
    """ "Op weg naar herstel en een thuis" with its opgaven and first report; False when it is there already."""
    return _make("herstel-en-een-thuis.json", accounts)


def make_whole_city(accounts: Accounts) -> bool:
    """ "Heel de Stad" with its measures, collegetargets and progress; False when it is there already."""
    return _make("heel-de-stad.json", accounts)


def _make(file_name: str, accounts: Accounts) -> bool:
    facts = read_fixture(file_name)
    if Programme.objects.filter(slug=facts["programme"]["slug"]).exists():
        return False
    with transaction.atomic():
        programme = Programme.objects.create(**facts["programme"])
        programme.managers.add(accounts["manager"])
        begins_on = datetime.date.fromisoformat(facts["plan"]["adopted_on"])
        plan = make_plan(programme, facts, begins_on=begins_on)
        link_owners(programme, accounts)
        make_progress(plan, facts, accounts, begins_on=begins_on)
    return True


def make_plan(programme: Programme, facts: dict[str, Any], *, begins_on: datetime.date) -> Plan:
    """The plan of `facts` with its themes, ambitions, owners and goals."""
    at = noon(begins_on)
    plan = Plan(programme=programme, **{name: value for name, value in facts["plan"].items() if name != "adopted_on"})
    write(plan, at=at)
    themes: dict[str | None, Theme | None] = {None: None}
    for position, one in enumerate(facts["themes"]):
        theme = Theme(programme=programme, position=position, **one)
        write(theme, at=at)
        themes[theme.name] = theme
    for position, one in enumerate(facts["ambitions"]):
        write(Ambition(plan=plan, theme=themes[one["theme"]], text=one["text"], position=position), at=at)
    owners = {owner.name: owner for owner in Owner.objects.filter(programme=programme)}
    for position, one in enumerate(facts["goals"]):
        fields = dict(one)
        owner, deadline = fields.pop("owner"), fields.pop("deadline")
        if owner not in owners:
            owners[owner] = Owner(programme=programme, name=owner)
            write(owners[owner], at=at)
        goal = Goal(
            plan=plan,
            position=position,
            owner=owners[owner],
            theme=themes[fields.pop("theme")],
            deadline=last_day(deadline) if deadline else None,
            **{"kind": Goal.Kind.OPGAVE, **fields},
        )
        write(goal, at=at)
    return plan
