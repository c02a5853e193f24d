"""Undoing an import: everything back as it was, only while nothing hangs on it, and with its history."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from din.imports import confirm, offer
from din.models import (
    Ambition,
    Effort,
    ErGoal,
    FocusArea,
    Goal,
    Owner,
    OwnerMember,
    Plan,
    Programme,
    Theme,
    WorkbookImport,
)
from din.reading.document import Document, Reading
from din.reading.document import Effort as ReadEffort
from din.reading.document import Theme as ReadTheme
from din.snapshot import snapshot_of
from din.trail import Origin
from din.undo import CannotUndo, undo, why_not
from monitoring.models import Update
from tests.cast import Stage, make_programme, make_round, make_user
from tests.conftest import LogIn
from tests.din.test_apply import DOCUMENT, goal, many, with_goals

pytestmark = pytest.mark.django_db

ROWS = [Theme, Owner, Plan, FocusArea, Ambition, ErGoal, Goal, Effort]
ROWS += [ErGoal.ambitions.through, Goal.er_goals.through, Goal.focus_areas.through, Effort.goals.through]
CHANGED = replace(
    DOCUMENT,
    themes=(ReadTheme("thema", 7, "Taal"), DOCUMENT.themes[1], ReadTheme("pijler", 3, "Digitaal")),
    smart_goals=(
        goal(
            "In Q3 zijn 200 cursisten begonnen",
            number=1,
            deadline="2024-Q3",
            owner="Bibliotheek",
            focus_areas=("Ouders",),
        ),
        goal("Er is een vast rekenspreekuur", theme="Rekenen", er_goals=(), owner="Wijkteam", deadline=None),
        goal("Iedereen heeft een inlog", theme="Digitaal", number=1, er_goals=()),
    ),
    efforts=(
        ReadEffort("Taal", "Werven", ("In Q3 zijn 200 cursisten begonnen",), "Onderwijs", "DIN!E5"),
        ReadEffort("Digitaal", "Cursus geven", ("Iedereen heeft een inlog",), None, "DIN!E9"),
    ),
)


@pytest.fixture
def programme() -> Programme:
    return make_programme("Basisvaardigheden", "basisvaardigheden")


def bring(document: Document, programme: Programme, *, year: int = 2024, actor: Any = None) -> WorkbookImport:
    now = timezone.now()
    reading = Reading(document)
    offered = offer(
        programme=programme, year=year, file_name="din.xlsx", content=b"PK", reading=reading, actor=actor, now=now
    )
    confirm(offered, fingerprint=None, actor=actor, origin=Origin.SITE, now=now, reading=reading)
    return WorkbookImport.objects.get(pk=offered.pk)


def take_back(import_: WorkbookImport, actor: Any = None) -> None:
    undo(import_, actor=actor, origin=Origin.SITE, now=timezone.now())
    import_.refresh_from_db()


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of the plans; lines without their own key, which means nothing."""
    return {
        model.__name__: sorted(
            (
                {name: value for name, value in row.items() if name != "id" or not model._meta.auto_created}
                for row in model.objects.values()
            ),
            key=repr,
        )
        for model in ROWS
    }


# --- what comes back -----------------------------------------------------------------------------------------------


def test_undoing_the_first_import_leaves_nothing_of_it(programme: Programme) -> None:
    before = everything()
    import_ = bring(DOCUMENT, programme)
    take_back(import_)
    assert everything() == before
    assert (import_.state, import_.plan) == ("undone", None)


def test_undoing_a_later_import_restores_every_text_number_owner_and_line(programme: Programme) -> None:
    bring(DOCUMENT, programme)
    before = everything()
    import_ = bring(CHANGED, programme)
    assert everything() != before
    take_back(import_)
    assert everything() == before


def test_texts_that_changed_places_change_back(programme: Programme) -> None:
    bring(DOCUMENT, programme)
    before = everything()
    one, two, three = DOCUMENT.smart_goals
    take_back(bring(with_goals(replace(one, text=two.text), replace(two, text=one.text), three), programme))
    assert everything() == before


def test_an_import_that_changed_nothing_can_be_undone_too(programme: Programme) -> None:
    bring(DOCUMENT, programme)
    before = everything()
    take_back(bring(DOCUMENT, programme))
    assert everything() == before


def test_a_goal_that_the_import_ended_runs_again(programme: Programme) -> None:
    bring(DOCUMENT, programme)
    before = everything()
    ended = Goal.objects.get(number=2)
    reading = Reading(with_goals(DOCUMENT.smart_goals[0], DOCUMENT.smart_goals[2]))
    now = timezone.now()
    offered = offer(
        programme=programme, year=2024, file_name="din.xlsx", content=b"", reading=reading, actor=None, now=now
    )
    offered.decisions = {"ended": {str(ended.pk): "Klaar"}}
    offered.save()
    confirm(offered, fingerprint=None, actor=None, origin=Origin.SITE, now=now, reading=reading)
    ended.refresh_from_db()
    assert ended.ended_reason == "Klaar"
    take_back(WorkbookImport.objects.get(pk=offered.pk))
    assert everything() == before


def test_imports_are_undone_one_after_the_other_from_the_newest(programme: Programme) -> None:
    empty = everything()
    first = bring(DOCUMENT, programme)
    before = everything()
    second = bring(CHANGED, programme)
    assert "Maak eerst de laatste import" in why_not(first)
    take_back(second)
    assert everything() == before
    take_back(first)
    assert everything() == empty


def test_it_can_be_imported_again_after_it_was_undone(programme: Programme) -> None:
    take_back(bring(DOCUMENT, programme))
    bring(DOCUMENT, programme)
    assert Goal.objects.count() == len(DOCUMENT.smart_goals)


def test_undoing_leaves_its_history(programme: Programme) -> None:
    bring(DOCUMENT, programme)
    person = make_user("terugnemer")
    import_ = bring(CHANGED, programme)
    changed, created = Goal.objects.get(text__startswith="In Q3"), Goal.objects.get(text__startswith="Iedereen heeft")
    take_back(import_, person)
    restored = changed.history.latest()
    assert (restored.history_type, restored.history_user, restored.text) == (
        "~", person, "In Q2 zijn 150 cursisten gestart"
    )  # fmt: skip
    gone = Goal.history.filter(id=created.pk).latest()
    assert (gone.history_type, gone.history_user, gone.text) == ("-", person, "Iedereen heeft een inlog")
    assert "ongedaan" in gone.history_change_reason
    assert (import_.undone_by, import_.undone_at is None) == (person, False)


# --- what stays or refuses -----------------------------------------------------------------------------------------


def refused(import_: WorkbookImport, words: str) -> None:
    before = everything()
    assert words in why_not(import_)
    with pytest.raises(CannotUndo, match=words):
        undo(import_, actor=None, origin=Origin.SITE, now=timezone.now())
    assert everything() == before
    import_.refresh_from_db()
    assert import_.state == "applied"


@pytest.mark.parametrize("state", ["todo", "draft"])
def test_recorded_progress_refuses(programme: Programme, state: str) -> None:
    import_ = bring(DOCUMENT, programme)
    round_ = make_round(Plan.objects.get(), 2024, 1)
    Update.objects.create(goal=Goal.objects.first(), round=round_, state=state)
    refused(import_, "er is al voortgang vastgelegd")


def test_progress_on_what_was_there_already_does_not_refuse(programme: Programme) -> None:
    bring(DOCUMENT, programme)
    round_ = make_round(Plan.objects.get(), 2024, 1)
    Update.objects.create(goal=Goal.objects.get(number=1), round=round_, state="todo")
    take_back(bring(CHANGED, programme))
    assert Update.objects.count() == 1


def test_a_plan_that_continues_on_it_refuses(programme: Programme) -> None:
    import_ = bring(DOCUMENT, programme)
    bring(DOCUMENT, programme, year=2025)
    refused(import_, "een ander plan gaat verder")


def edit_text() -> None:
    edited = Goal.objects.get(number=1)
    edited.text = "Door iemand gewijzigd"
    edited.save()


def edit_unseen() -> None:
    Goal.objects.filter(number=1).update(text="Zonder geschiedenis gewijzigd")


def edit_description() -> None:
    edited = Goal.objects.get(number=1)
    edited.description = "Een toelichting"
    edited.save()


def edit_line() -> None:
    Effort.objects.get(text="Werven").goals.clear()


def edit_tag() -> None:
    Goal.objects.get(number=2).focus_areas.add(FocusArea.objects.first())


@pytest.mark.parametrize("edit", [edit_text, edit_unseen, edit_description, edit_line, edit_tag])
def test_a_plan_that_was_edited_since_refuses(programme: Programme, edit: Callable[[], None]) -> None:
    import_ = bring(DOCUMENT, programme)
    edit()
    refused(import_, "na deze import gewijzigd")


def test_a_closed_plan_refuses(programme: Programme) -> None:
    import_ = bring(DOCUMENT, programme)
    Plan.objects.update(state=Plan.State.CLOSED)
    refused(import_, "afgesloten")


def test_it_is_undone_once(programme: Programme) -> None:
    import_ = bring(DOCUMENT, programme)
    take_back(import_)
    with pytest.raises(CannotUndo, match="al ongedaan"):
        undo(import_, actor=None, origin=Origin.SITE, now=timezone.now())


def test_an_import_of_before_there_was_a_trace_refuses(programme: Programme) -> None:
    import_ = bring(DOCUMENT, programme)
    import_.trace = {}
    import_.save()
    refused(import_, "niet bewaard")


def test_a_theme_and_an_owner_that_something_else_uses_stay(programme: Programme) -> None:
    import_ = bring(DOCUMENT, programme)
    other = Plan.objects.create(programme=programme, name="Plan 2026", first_year=2026, last_year=2026)
    Goal.objects.create(plan=other, theme=Theme.objects.get(name="Taal"), text="Iets anders")
    OwnerMember.objects.create(owner=Owner.objects.get(name="Bibliotheek"), user=make_user("lid"))
    take_back(import_)
    assert [theme.name for theme in Theme.objects.all()] == ["Taal"]
    assert [owner.name for owner in Owner.objects.all()] == ["Bibliotheek"]


def test_a_plan_in_which_something_else_stands_stays(programme: Programme) -> None:
    import_ = bring(DOCUMENT, programme)
    make_round(Plan.objects.get(), 2024, 1)
    take_back(import_)
    assert Plan.objects.count() == 1
    assert not Goal.objects.exists()


def test_everything_that_may_refer_to_a_goal_is_looked_at() -> None:
    """A new model that refers to goals is found by itself; this names those there are, as a reminder."""
    found = {
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.many_to_one and field.related_model is Goal and not model.__name__.startswith("Historical")
    }
    assert {"monitoring.Update", "din.Effort_goals", "din.Goal", "din.Goal_er_goals"} <= found


def test_queries_do_not_grow_with_the_import() -> None:
    used = []
    for count in (5, 45):
        import_ = bring(many(count), make_programme(f"Programma {count}", f"programma-{count}"))
        with CaptureQueriesContext(connection) as queries:
            undo(import_, actor=None, origin=Origin.SITE, now=timezone.now())
        used.append(len(queries))
    assert used[0] == used[1]


# --- the log and the pages -----------------------------------------------------------------------------------------


@pytest.fixture
def as_manager(stage: Stage, log_in: LogIn) -> Client:
    return log_in(stage.people.manager)


def test_an_applied_import_tells_what_changed_by_whom_and_when(stage: Stage, as_manager: Client) -> None:
    bring(DOCUMENT, stage.programme)
    import_ = bring(CHANGED, stage.programme, actor=stage.people.manager)
    text = as_manager.get(import_.get_absolute_url()).content.decode()
    assert "<ins>200</ins>" in text
    assert "Iedereen heeft een inlog" in text
    assert "Eind 2024 haalt 70% een hoger niveau" in text, "no longer named"
    assert "De Manager" in text
    assert import_.sha256 in text


def test_the_file_itself_comes_back_as_a_download(stage: Stage, as_manager: Client) -> None:
    import_ = bring(DOCUMENT, stage.programme)
    WorkbookImport.objects.update(file_name='"><script>.html', content=b"<script>alert(1)</script>")
    response = as_manager.get(reverse("import_file", args=[stage.programme.slug, import_.pk]))
    assert b"".join(response) == b"<script>alert(1)</script>"
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["X-Content-Type-Options"] == "nosniff"


def test_an_import_of_another_programme_is_not_there(stage: Stage, as_manager: Client, programme: Programme) -> None:
    import_ = bring(DOCUMENT, programme)
    for name in ("import_preview", "import_file", "undo_import", "import_columns"):
        address = reverse(name, args=[stage.programme.slug, import_.pk])
        ask = as_manager.post if name == "import_columns" else as_manager.get
        assert ask(address).status_code == 404


def test_undoing_on_the_page_asks_first(stage: Stage, as_manager: Client) -> None:
    import_ = bring(DOCUMENT, stage.programme)
    address = reverse("undo_import", args=[stage.programme.slug, import_.pk])
    assert "gaat weg" in as_manager.get(address).content.decode()
    assert Goal.objects.filter(plan__first_year=2024).exists()
    page = as_manager.post(address, follow=True).content.decode()
    assert "ongedaan gemaakt" in page
    assert not Plan.objects.filter(first_year=2024).exists()
    again = as_manager.post(address)
    assert (again.status_code, "al ongedaan gemaakt" in again.content.decode()) == (409, True)


def test_the_page_says_why_it_cannot_be_undone(stage: Stage, as_manager: Client) -> None:
    import_ = bring(DOCUMENT, stage.programme)
    edit_text_of = Goal.objects.filter(plan__first_year=2024).first()
    edit_text_of.text = "Anders"
    edit_text_of.save()
    text = as_manager.get(reverse("undo_import", args=[stage.programme.slug, import_.pk])).content.decode()
    assert "na deze import gewijzigd" in text
    assert '<button class="utrecht-button utrecht-button--danger' not in text


def test_earlier_imports_are_paged_and_cost_the_same(stage: Stage, as_manager: Client) -> None:
    address = reverse("import_workbook", args=[stage.programme.slug])
    used = []
    for count in (3, 25):
        for _ in range(count):
            WorkbookImport.objects.create(
                programme=stage.programme, year=2024, state="rejected", file_name=f"din-{count}.xlsx", content=b"",
                sha256="0" * 64, uploaded_at=timezone.now() - datetime.timedelta(days=count),
            )  # fmt: skip
        as_manager.get(address)
        with CaptureQueriesContext(connection) as queries:
            page = as_manager.get(address)
        used.append(len(queries))
    assert used[0] == used[1]
    assert page.content.decode().count("din-25.xlsx") == 17
    assert as_manager.get(f"{address}?page=2").content.decode().count("din-25.xlsx") == 8
    assert as_manager.get(f"{address}?page=veel").status_code == 200


def test_the_snapshot_has_the_same_fingerprint_however_it_was_read(programme: Programme) -> None:
    bring(DOCUMENT, programme)
    plan = Plan.objects.get()
    snapshot = snapshot_of(programme, plan)
    turned = replace(snapshot, smart_goals=snapshot.smart_goals[::-1])
    assert snapshot.fingerprint == turned.fingerprint == snapshot_of(programme, plan).fingerprint
    edit_tag()
    assert snapshot_of(programme, plan).fingerprint != snapshot.fingerprint
