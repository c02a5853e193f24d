"""The programmes whose plan is a document of the council, not a workbook."""

import datetime

from django.db import transaction

from actieplan.demonstration.accounts import Accounts, link_owners
from actieplan.demonstration.fixture import read_fixture
from actieplan.demonstration.plans import make_plan
from actieplan.demonstration.progress import make_progress
from din.models import Programme


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
