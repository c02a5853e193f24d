"""What an import must not do however it is asked: through another programme, or a second time by who looked earlier."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from din.imports import AlreadyApplied, choose_columns, confirm, decide, offer, read
from din.models import Goal, Programme, WorkbookImport
from din.trail import Origin
from tests.cast import Stage, make_plan, make_programme
from tests.conftest import LogIn
from tests.din.workbooks import workbook

pytestmark = pytest.mark.django_db
CONTENT = workbook([["Pijler", "SMART-doel", "Wie"], ["Pijler 1: Taal", "Er zijn 20 cursisten", "Bibliotheek"]])


def offered(programme: Programme) -> WorkbookImport:
    return offer(
        programme=programme,
        year=2025,
        file_name="geheim.xlsx",
        content=CONTENT,
        reading=read(CONTENT, year=2025),
        actor=None,
        now=timezone.now(),
    )


@pytest.mark.parametrize(
    ("name", "rest"),
    [
        ("import_preview", []),
        ("import_columns", []),
        ("import_continuation", [0]),
        ("import_file", []),
        ("undo_import", []),
    ],
)
def test_an_import_is_not_there_under_another_programme(
    stage: Stage, log_in: LogIn, name: str, rest: list[int]
) -> None:
    """Who manages one programme does not reach the workbooks of another through the address of their own."""
    another = make_programme("Een ander programma", "ander")
    Goal.objects.create(plan=make_plan(another, year=2024), text="Er zijn 10 cursisten")
    elsewhere = offered(another)
    client: Client = log_in(stage.people.manager)
    address = reverse(name, args=[stage.programme.slug, elsewhere.pk, *rest])
    answers = {client.post(address, {"sheet": "0", "fingerprint": ""}).status_code, client.get(address).status_code}
    assert answers <= {404, 405}
    assert 404 in answers
    assert not Goal.objects.filter(plan__programme=another, plan__first_year=2025).exists()


def _confirm(import_: WorkbookImport) -> object:
    return confirm(import_, fingerprint=None, actor=None, origin=Origin.SITE, now=timezone.now())


@pytest.mark.parametrize(
    "act",
    [
        _confirm,
        lambda import_: decide(import_, lambda decisions: decisions),
        lambda import_: choose_columns(import_, sheet=0, columns={"C": "ignore"}),
    ],
    ids=["confirm", "decide", "choose columns"],
)
def test_who_looked_before_somebody_confirmed_comes_too_late(act: Callable[[WorkbookImport], object]) -> None:
    first = offered(make_programme())
    second = WorkbookImport.objects.get(pk=first.pk)
    _confirm(first)
    with pytest.raises(AlreadyApplied):
        act(second)
    assert Goal.objects.count() == 1
    first.refresh_from_db()
    assert (first.state, first.choices) == ("applied", {})


def test_a_choice_of_columns_that_came_in_between_is_what_is_applied() -> None:
    shown = WorkbookImport.objects.get(pk=offered(make_programme()).pk)
    choose_columns(WorkbookImport.objects.get(pk=shown.pk), sheet=0, columns={"C": "ignore"})
    _confirm(shown)
    assert Goal.objects.get().owner is None
