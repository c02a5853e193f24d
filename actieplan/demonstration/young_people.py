""" "Vastpakken en niet loslaten": the programme whose goals come in from a workbook."""

import datetime

from django.db import transaction

from actieplan.demonstration.accounts import COMMAND, Accounts, link_owners
from actieplan.demonstration.fixture import FIXTURES, noon, read_fixture
from actieplan.demonstration.progress import make_progress
from din.imports import confirm, offer, read
from din.models import Programme

YOUNG_PEOPLE = "vastpakken-en-niet-loslaten"
IMPORTED_ON = datetime.date(2023, 2, 1)


def make_young_people(accounts: Accounts) -> bool:
    """The programme with its DIN 2023 and two rounds; False when it is there already."""
    if Programme.objects.filter(slug=YOUNG_PEOPLE).exists():
        return False
    workbook = FIXTURES / "din-2023.xlsx"
    content = workbook.read_bytes()
    facts = read_fixture("vastpakken-rondes.json")
    with transaction.atomic():
        programme = Programme.objects.create(
            name="Vastpakken en niet loslaten",
            slug=YOUNG_PEOPLE,
            description="Het actieplan voor jonge Rotterdammers die er alleen voor dreigen te staan.",
            first_year=2021,
            last_year=2026,
        )
        programme.managers.add(accounts["manager"])
        imported_at = noon(IMPORTED_ON)
        reading = read(content, year=2023)
        offered = offer(
            programme=programme,
            year=2023,
            file_name=workbook.name,
            content=content,
            reading=reading,
            actor=accounts["manager"],
            now=imported_at,
        )
        plan = confirm(
            offered, fingerprint=None, actor=accounts["manager"], origin=COMMAND, now=imported_at, reading=reading
        ).plan
        plan.adopt(actor=accounts["manager"], origin=COMMAND)
        link_owners(programme, accounts)
        make_progress(plan, facts, accounts, begins_on=IMPORTED_ON)
    return True
