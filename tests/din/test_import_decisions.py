"""The change plan in the preview: how things were recognised, undoing a match, and what is no longer named."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from din.apply import apply_document, change_plan_of
from din.change_plan import ChangePlan, Level, Outcome
from din.change_sections import SHOWN, section_of
from din.decisions import Decisions
from din.models import Effort, Goal, Programme, Theme, WorkbookImport
from din.recognition import Recognised
from monitoring.models import Update
from tests.cast import Stage, make_goals, make_programme
from tests.conftest import LogIn
from tests.din.test_apply import DOCUMENT, EVERYTHING, import_, with_goals
from tests.din.test_import_pages import fingerprint
from tests.din.workbooks import workbook

pytestmark = pytest.mark.django_db

EDITED = replace(DOCUMENT.smart_goals[2], text="Er is een vast rekenspreekuur")
ALIKE = with_goals(*DOCUMENT.smart_goals[:2], EDITED)


@pytest.fixture
def imported() -> Programme:
    programme = make_programme("Basisvaardigheden", "basisvaardigheden")
    import_(DOCUMENT, programme)
    return programme


def previewed(document: object, programme: Programme, decisions: Decisions | None = None) -> ChangePlan:
    return change_plan_of(document, programme=programme, year=2024, decisions=decisions or Decisions())


def pair_of(change_plan: ChangePlan) -> tuple[str, int, int]:
    (change,) = [change for change in change_plan.changes if change.how is Recognised.LIKENESS]
    return change.level.value, change.index, change.pk


# --- recognising and undoing a match -------------------------------------------------------------------------------


def test_each_change_tells_by_what_it_was_recognised(imported: Programme) -> None:
    found = {change.text: change.how for change in previewed(ALIKE, imported).changes}
    assert found["In Q2 zijn 150 cursisten gestart"] is Recognised.NUMBER
    assert found["Meer cursisten"] is Recognised.TEXT
    assert found["Er is een vast rekenspreekuur"] is Recognised.LIKENESS


def test_what_is_new_or_missing_was_not_recognised(imported: Programme) -> None:
    other = replace(EDITED, text="Alle scholen hebben een coach")
    changes = previewed(with_goals(*DOCUMENT.smart_goals[:2], other), imported).changes
    assert {change.how for change in changes if change.outcome in (Outcome.CREATED, Outcome.MISSING)} == {None}


def test_a_match_by_likeness_can_be_undone(imported: Programme) -> None:
    pair = pair_of(previewed(ALIKE, imported))
    undone = previewed(ALIKE, imported, Decisions(apart=frozenset({pair})))
    assert undone.counts == {"created": 1, "updated": 0, "unchanged": EVERYTHING - 1, "missing": 1}
    (created,) = undone.of(Outcome.CREATED)
    assert created.apart_from == ((pair[2], "Er is een rekenspreekuur"),)


def test_undoing_it_is_another_change_plan_than_was_shown(imported: Programme) -> None:
    shown = previewed(ALIKE, imported)
    apart = Decisions(apart=frozenset({pair_of(shown)}))
    assert previewed(ALIKE, imported, apart).fingerprint != shown.fingerprint


def test_an_undone_match_is_applied_as_a_new_goal_beside_the_old_one(imported: Programme) -> None:
    apart = Decisions(apart=frozenset({pair_of(previewed(ALIKE, imported))}))
    shown = previewed(ALIKE, imported, apart)
    import_(ALIKE, imported, decisions=apart, fingerprint=shown.fingerprint)
    texts = set(Goal.objects.filter(theme__name="Rekenen").values_list("text", flat=True))
    assert texts == {"Er is een rekenspreekuur", "Er is een vast rekenspreekuur"}


def test_a_match_by_number_or_text_cannot_be_undone(imported: Programme) -> None:
    goals = {goal.text: goal.pk for goal in Goal.objects.all()}
    pairs = {("smart_goal", index, goals[item.text]) for index, item in enumerate(DOCUMENT.smart_goals)}
    assert previewed(DOCUMENT, imported, Decisions(apart=frozenset(pairs))).counts["unchanged"] == EVERYTHING


def test_a_pair_that_is_not_there_has_no_effect(imported: Programme) -> None:
    strange = Decisions(apart=frozenset({("smart_goal", 99, 1), ("effort", 0, 999_999), ("weg", 1, 1)}))
    assert previewed(ALIKE, imported, strange).counts == previewed(ALIKE, imported).counts


def test_themes_and_efforts_that_are_alike_can_be_set_apart_too(imported: Programme) -> None:
    longer = replace(DOCUMENT.efforts[1], text="Folders maken")
    document = replace(DOCUMENT, efforts=(DOCUMENT.efforts[0], longer))
    pair = pair_of(previewed(document, imported))
    assert pair[0] == Level.EFFORT
    import_(document, imported, decisions=Decisions(apart=frozenset({pair})))
    assert Effort.objects.filter(theme__name="Rekenen").count() == 2
    renamed = replace(DOCUMENT, themes=(DOCUMENT.themes[0], replace(DOCUMENT.themes[1], name="Rekenend")))
    renamed = replace(
        renamed,
        smart_goals=(*DOCUMENT.smart_goals[:2], replace(DOCUMENT.smart_goals[2], theme="Rekenend")),
        efforts=(DOCUMENT.efforts[0], replace(DOCUMENT.efforts[1], theme="Rekenend")),
    )
    (theme,) = [item for item in previewed(renamed, imported).changes if item.how is Recognised.LIKENESS]
    import_(renamed, imported, decisions=Decisions(apart=frozenset({("theme", theme.index, theme.pk)})))
    assert set(Theme.objects.values_list("name", flat=True)) == {"Taal", "Rekenen", "Rekenend"}


# --- what is no longer named ---------------------------------------------------------------------------------------


def test_a_goal_that_is_no_longer_named_ends_with_its_reason_and_history(
    imported: Programme, django_user_model: type
) -> None:
    person = django_user_model.objects.create_user("importeur")
    goal = Goal.objects.get(number=2)
    now = timezone.now()
    document = with_goals(DOCUMENT.smart_goals[0], DOCUMENT.smart_goals[2])
    decisions = Decisions(ended={goal.pk: "Overgenomen door het rijk"})
    shown = previewed(document, imported, decisions)
    assert not shown.writes_nothing
    assert shown.fingerprint != previewed(document, imported).fingerprint
    apply_document(document, programme=imported, year=2024, actor=person, now=now, decisions=decisions)
    goal.refresh_from_db()
    assert (goal.ended_on, goal.ended_reason) == (timezone.localdate(now), "Overgenomen door het rijk")
    record = goal.history.latest()
    assert (record.history_type, record.history_user, record.ended_reason) == ("~", person, goal.ended_reason)
    again = previewed(document, imported, decisions)
    assert again.writes_nothing, "it has ended: importing again changes nothing"


def test_without_a_decision_it_stays(imported: Programme) -> None:
    import_(with_goals(DOCUMENT.smart_goals[0]), imported)
    assert Goal.objects.filter(ended_on=None).count() == 3


def test_a_goal_that_the_workbook_names_does_not_end(imported: Programme) -> None:
    goal = Goal.objects.get(number=1)
    decisions = Decisions(ended={goal.pk: "Toch niet"})
    assert previewed(DOCUMENT, imported, decisions).writes_nothing
    import_(DOCUMENT, imported, decisions=decisions)
    goal.refresh_from_db()
    assert goal.ended_on is None


def test_decisions_come_back_from_json_as_they_were() -> None:
    decisions = Decisions(apart=frozenset({("smart_goal", 3, 7), ("effort", 1, 2)}), ended={4: "Klaar"})
    assert Decisions.from_json(decisions.as_json()) == decisions
    assert Decisions.from_json({}) == Decisions()


# --- on the page ---------------------------------------------------------------------------------------------------

OLD = [
    ["Pijler", "SMART-doel", "Inspanning"],
    ["Pijler 1: Taal", "Er is een rekenspreekuur", "Folder maken"],
    ["Pijler 1: Taal", "Alle scholen hebben een coach", ""],
]
NEW = [["Pijler", "SMART-doel", "Inspanning"], ["Pijler 1: Taal", "Er is een vast rekenspreekuur", "Folder maken"]]


@pytest.fixture
def as_manager(stage: Stage, log_in: LogIn) -> Client:
    return log_in(stage.people.manager)


def upload(client: Client, stage: Stage, rows: list[list[str]]) -> WorkbookImport:
    data = {"workbook": SimpleUploadedFile("din.xlsx", workbook(rows)), "year": "2025"}
    client.post(reverse("import_workbook", args=[stage.programme.slug]), data)
    return WorkbookImport.objects.latest("pk")


def post(client: Client, import_: WorkbookImport, action: str = "confirm", **data: object) -> object:
    page = client.get(import_.get_absolute_url())
    return client.post(
        import_.get_absolute_url(),
        {"fingerprint": fingerprint(page), "action": action, **data},
        follow=True,
    )


@pytest.fixture
def changed(stage: Stage, as_manager: Client) -> WorkbookImport:
    """A preview in which one goal is alike and one is no longer named."""
    post(as_manager, upload(as_manager, stage, OLD))
    return upload(as_manager, stage, NEW)


def goal_of_2025(text: str) -> Goal:
    return Goal.objects.get(plan__first_year=2025, text=text)


def test_the_page_states_the_rule_and_marks_the_words_that_differ(as_manager: Client, changed: WorkbookImport) -> None:
    text = as_manager.get(changed.get_absolute_url()).content.decode()
    assert "voor minstens 80 procent gelijk" in text
    assert "Er is een <ins>vast </ins>rekenspreekuur" in text
    assert "herkend omdat de teksten op elkaar lijken" in text.lower()
    assert "Dit is een ander doel" in text
    assert "Blijft staan" in text


def test_undoing_a_match_on_the_page_shows_it_and_confirms_it(as_manager: Client, changed: WorkbookImport) -> None:
    old = goal_of_2025("Er is een rekenspreekuur")
    key = f"smart_goal-0-{old.pk}"
    page = post(as_manager, changed, "decide", gezien=[key], **{f"apart-{key}": "on"})
    assert "op elkaar lijken" not in page.content.decode()
    changed.refresh_from_db()
    assert changed.decisions["apart"] == [["smart_goal", 0, old.pk]]
    post(as_manager, changed, gezien=[key], **{f"apart-{key}": "on"})
    old.refresh_from_db()
    assert old.text == "Er is een rekenspreekuur"
    assert goal_of_2025("Er is een vast rekenspreekuur").pk != old.pk


def test_taking_that_back_joins_them_again(as_manager: Client, changed: WorkbookImport) -> None:
    old = goal_of_2025("Er is een rekenspreekuur")
    key = f"smart_goal-0-{old.pk}"
    post(as_manager, changed, "decide", gezien=[key], **{f"apart-{key}": "on"})
    post(as_manager, changed, "decide", gezien=[key])
    changed.refresh_from_db()
    assert changed.decisions["apart"] == []


def test_confirming_with_new_decisions_shows_them_first(as_manager: Client, changed: WorkbookImport) -> None:
    old = goal_of_2025("Er is een rekenspreekuur")
    key = f"smart_goal-0-{old.pk}"
    page = post(as_manager, changed, "confirm", gezien=[key], **{f"apart-{key}": "on"})
    assert "Uw keuzes staan in het overzicht" in page.content.decode()
    changed.refresh_from_db()
    assert changed.state == "previewed", "nothing is applied that was not shown"


def test_ending_a_goal_on_the_page_keeps_it_with_its_progress(
    stage: Stage, as_manager: Client, changed: WorkbookImport
) -> None:
    goal = goal_of_2025("Alle scholen hebben een coach")
    Update.objects.create(goal=goal, round=stage.open_round, state="todo")
    data = {"gezien": [f"goal-{goal.pk}"], f"goal-{goal.pk}": "vervallen", f"reden-{goal.pk}": "Geen geld"}
    post(as_manager, changed, "decide", **data)
    goal.refresh_from_db()
    assert goal.ended_on is None, "not before it is confirmed"
    post(as_manager, changed, **data)
    goal.refresh_from_db()
    assert goal.ended_reason == "Geen geld"
    assert Update.objects.filter(goal=goal).exists()


@pytest.mark.parametrize(
    ("choice", "reason", "sentence"),
    [("vervallen", "  ", "Vul in waarom dit doel vervalt"), ("blijft", "Geen <b>geld", "U vulde een reden in")],
)
def test_a_goal_does_not_end_without_a_reason_and_nothing_typed_is_lost(
    as_manager: Client, changed: WorkbookImport, choice: str, reason: str, sentence: str
) -> None:
    goal = goal_of_2025("Alle scholen hebben een coach")
    data = {"gezien": [f"goal-{goal.pk}"], f"goal-{goal.pk}": choice, f"reden-{goal.pk}": reason}
    page = post(as_manager, changed, **data)
    text = page.content.decode()
    assert page.status_code == 422
    assert sentence in text
    assert escape(reason.strip()) in text
    goal.refresh_from_db()
    assert goal.ended_on is None
    changed.refresh_from_db()
    assert changed.state == "previewed"


def test_what_the_page_did_not_show_keeps_its_decision(as_manager: Client, changed: WorkbookImport) -> None:
    goal = goal_of_2025("Alle scholen hebben een coach")
    data = {"gezien": [f"goal-{goal.pk}"], f"goal-{goal.pk}": "vervallen", f"reden-{goal.pk}": "Geen geld"}
    post(as_manager, changed, "decide", **data)
    post(as_manager, changed, "decide")
    changed.refresh_from_db()
    assert changed.decisions["ended"] == {str(goal.pk): "Geen geld"}


@pytest.mark.parametrize(
    "name", ["", "goal-", "goal-x", "smart_goal-1", "smart_goal-1-2-3", "weg-1-2", f"goal-{'9' * 30}"]
)
def test_a_strange_field_is_passed_over(as_manager: Client, changed: WorkbookImport, name: str) -> None:
    assert post(as_manager, changed, "decide", gezien=[name], **{f"apart-{name}": "on"}).status_code == 200
    changed.refresh_from_db()
    assert changed.decisions.get("apart", []) == []


def test_another_choice_of_columns_drops_the_pairs_and_keeps_the_endings(
    as_manager: Client, changed: WorkbookImport
) -> None:
    old, gone = goal_of_2025("Er is een rekenspreekuur"), goal_of_2025("Alle scholen hebben een coach")
    key = f"smart_goal-0-{old.pk}"
    data = {f"apart-{key}": "on", f"goal-{gone.pk}": "vervallen", f"reden-{gone.pk}": "Geen geld"}
    post(as_manager, changed, "decide", gezien=[key, f"goal-{gone.pk}"], **data)
    address = reverse("import_columns", args=[changed.programme.slug, changed.pk])
    as_manager.post(address, {"sheet": "0", "kolom-C": "ignore"})
    changed.refresh_from_db()
    assert (changed.decisions["apart"], changed.decisions["ended"]) == ([], {str(gone.pk): "Geen geld"})


def test_a_large_plan_goes_over_pages_and_the_queries_do_not_grow(
    stage: Stage, as_manager: Client, changed: WorkbookImport
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as used:
            page = as_manager.get(changed.get_absolute_url())
        assert page.status_code == 200
        return len(used)

    queries()  # the first visit makes the session's own queries
    before = queries()
    make_goals(goal_of_2025("Alle scholen hebben een coach").plan, SHOWN + 50)
    assert queries() == before <= 20
    pages = [
        as_manager.get(f"{changed.get_absolute_url()}{part}").content.decode() for part in ("", "?page=2", "?page=9")
    ]
    assert [page.count('value="vervallen"') for page in pages] == [SHOWN, 51, 51]
    assert f"Hier staan 1 tot en met {SHOWN} van {SHOWN + 51}." in pages[0]
    assert 'href="?page=2#niet-meer-genoemd"' in pages[0]
    assert 'href="?page=1#niet-meer-genoemd"' in pages[1]


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "99999999999999999999"])
def test_a_page_that_is_not_there_is_the_first(as_manager: Client, changed: WorkbookImport, page: str) -> None:
    assert as_manager.get(changed.get_absolute_url(), {"page": page}).status_code == 200


def test_a_choice_on_a_later_page_is_kept_and_leads_back_to_that_page(
    as_manager: Client, changed: WorkbookImport
) -> None:
    plan = goal_of_2025("Alle scholen hebben een coach").plan
    make_goals(plan, SHOWN + 50)
    last = plan.goals.order_by("pk").last()
    data = {f"goal-{last.pk}": "vervallen", f"reden-{last.pk}": "Geen geld", "gezien": [f"goal-{last.pk}"]}
    address = f"{changed.get_absolute_url()}?page=2"
    assert as_manager.post(address, {**data, "action": "decide"}).url == address
    changed.refresh_from_db()
    assert changed.decisions["ended"] == {str(last.pk): "Geen geld"}


def test_a_section_goes_by_theme_and_over_pages(imported: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("din.change_sections.SHOWN", 4)
    first, last = (section_of(previewed(DOCUMENT, imported), Outcome.UNCHANGED, page=page) for page in (1, 99))
    assert [group.theme for group in first.themes] == ["Onderdelen", "Hele programma", "Taal"]
    assert (first.count, first.first, first.last, first.before, first.after) == (EVERYTHING, 1, 4, None, 2)
    assert (last.page, last.last, last.after) == (-(-EVERYTHING // 4), EVERYTHING, None)


# --- what stays because the council reads it -----------------------------------------------------------------------


def test_a_theme_that_stays_as_the_council_reads_it_is_named_with_what_to_do(stage: Stage, log_in: LogIn) -> None:
    """Also when it was recognised by likeness: then it can be said to be another theme."""
    manager = log_in(stage.people.manager)
    theme = stage.themes["P1"]
    rows = [["Onderdeel", "SMART-doel"], [f"Thema 9: {theme.name}s", "Er zijn 20 cursisten"]]
    data = {"workbook": SimpleUploadedFile("din.xlsx", workbook(rows)), "year": "2025"}
    page = manager.post(reverse("import_workbook", args=[stage.programme.slug]), data, follow=True)
    text = page.content.decode()
    assert "Blijft nu nog zoals het is (1)" in text
    assert f"naam blijft “{theme.name}”, in het werkboek staat “{theme.name}s”" in text
    assert "nummer blijft “1”, in het werkboek staat “9”" in text
    assert "Stel dan na de import dit plan vast en importeer het werkboek daarna opnieuw." in text
    assert f'name="apart-theme-0-{theme.pk}"' in text

    import_ = WorkbookImport.objects.get()
    manager.post(import_.get_absolute_url(), {"fingerprint": fingerprint(page)})
    theme.refresh_from_db()
    assert theme.number == 1
    assert "Bleef zoals het was (1)" in manager.get(import_.get_absolute_url()).content.decode()
