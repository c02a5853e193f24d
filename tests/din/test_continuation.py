"""Next year: which goal of the plan before a new goal continues, shown and correctable before it is confirmed."""

from __future__ import annotations

import time
from dataclasses import dataclass

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from din.continuation import continue_goals
from din.models import Goal, Plan, WorkbookImport
from din.recognition import Recognised, Wanted
from monitoring.models import ReportingRound, Update
from tests.cast import Stage, adopt, make_round
from tests.conftest import LogIn
from tests.din.test_import_pages import fingerprint
from tests.din.workbooks import workbook

TEXT = "Alle scholen in de stad hebben een coach"
HALF = "Alle scholen in de stad kennen hun wijkteam"
OTHER = "Er komt een loket voor ouders"


@dataclass(frozen=True)
class Old:
    pk: int
    theme: int | None = 1
    text: str = TEXT
    number: int | None = None
    ended: bool = False


def continued(
    wanted: list[tuple[int | None, str, int | None]], earlier: list[Old], chosen: dict[int, int | None] | None = None
) -> dict[int, tuple[int, Recognised | None]]:
    things = [Wanted(index, theme, text, number) for index, (theme, text, number) in enumerate(wanted)]
    return {index: (it.pk, it.how) for index, it in continue_goals(things, earlier, chosen or {}).items()}


# --- the rule ------------------------------------------------------------------------------------------------------


@pytest.mark.pure
@pytest.mark.parametrize(
    ("wanted", "earlier", "how"),
    [
        ((1, TEXT, 3), Old(7), Recognised.TEXT),
        ((1, TEXT.upper() + ".", None), Old(7, number=4), Recognised.TEXT),
        ((1, HALF, 3), Old(7, number=3), Recognised.NUMBER),
        ((1, HALF, 3), Old(7, number=4), None),
        ((1, HALF, None), Old(7, number=3), None),
        ((2, HALF, 3), Old(7, number=3), None),
        ((1, OTHER, 3), Old(7, number=3), None),
        ((1, TEXT + " nu", 3), Old(7, number=4), Recognised.LIKENESS),
        ((2, TEXT + " nu", None), Old(7), Recognised.LIKENESS),
        ((1, TEXT, None), Old(7, ended=True), None),
    ],
    ids=[
        "same theme and text",
        "text but for case and full stop",
        "same theme and number, alike for 60 percent",
        "another number",
        "no number",
        "same number in another theme",
        "same number, wholly another text",
        "alike in its theme",
        "alike in another theme",
        "a goal that ended",
    ],
)
def test_the_rule(wanted: tuple[int, str, int | None], earlier: Old, how: Recognised | None) -> None:
    assert continued([wanted], [earlier]) == ({0: (7, how)} if how else {})


@pytest.mark.pure
def test_a_goal_is_continued_once_and_the_best_goes_first() -> None:
    wanted = [(1, TEXT + " nu en straks", None), (1, TEXT + " nu", None)]
    assert continued(wanted, [Old(7)]) == {1: (7, Recognised.LIKENESS)}
    assert continued([(1, TEXT, 2), (1, TEXT + " nu", 1)], [Old(7, number=1)]) == {0: (7, Recognised.TEXT)}


@pytest.mark.pure
def test_what_a_person_says_goes_first() -> None:
    earlier = [Old(7), Old(8, text=OTHER)]
    wanted = [(1, TEXT, None), (1, OTHER, None)]
    assert continued(wanted, earlier, {0: 8}) == {0: (8, None)}
    assert continued(wanted, earlier, {0: None}) == {1: (8, Recognised.TEXT)}
    assert continued([(1, TEXT, None)], [Old(7, ended=True)], {0: 7}) == {0: (7, None)}
    assert continued(wanted, earlier, {0: 99}) == {1: (8, Recognised.TEXT)}, "no goal of the plan before: none"


@pytest.mark.pure
def test_it_stays_quick_for_thousands_of_goals() -> None:
    wanted = [(1, f"Nieuw doel nummer {n} van heel erg veel", n) for n in range(3_000)]
    earlier = [Old(n, text=f"Een oude belofte over onderwerp {n}", number=n) for n in range(3_000)]
    began = time.process_time()
    continued(wanted, earlier)
    assert time.process_time() - began < 10


# --- in the preview and when it is applied -------------------------------------------------------------------------

OLD = [["Pijler", "Nr", "SMART-doel"], ["Pijler 1: Taal", 1, TEXT], ["Pijler 1: Taal", 2, OTHER]]
NEW = [
    ["Pijler", "Nr", "SMART-doel"],
    ["Pijler 1: Taal", 1, TEXT],
    ["Pijler 1: Taal", 2, "Iets heel anders en <b>nieuw</b>"],
]


@pytest.fixture
def as_manager(stage: Stage, log_in: LogIn) -> Client:
    return log_in(stage.people.manager)


def upload(client: Client, stage: Stage, rows: list[list[object]], year: int) -> WorkbookImport:
    data = {"workbook": SimpleUploadedFile("din.xlsx", workbook(rows)), "year": str(year)}
    client.post(reverse("import_workbook", args=[stage.programme.slug]), data)
    return WorkbookImport.objects.latest("pk")


def confirm(client: Client, import_: WorkbookImport) -> Plan:
    page = client.get(import_.get_absolute_url())
    client.post(import_.get_absolute_url(), {"fingerprint": fingerprint(page)})
    return Plan.objects.get(first_year=import_.year)


@pytest.fixture
def next_year(stage: Stage, as_manager: Client) -> WorkbookImport:
    """The preview of 2025, after 2024 was imported."""
    confirm(as_manager, upload(as_manager, stage, OLD, 2024))
    return upload(as_manager, stage, NEW, 2025)


def choice(client: Client, import_: WorkbookImport, place: int, goal: object) -> object:
    address = reverse("import_continuation", args=[import_.programme.slug, import_.pk, place])
    return client.post(address, {"doel": str(goal)})


def old_goal(text: str) -> Goal:
    return Goal.objects.get(plan__first_year=2024, text=text)


def predecessors(plan: Plan) -> list[str | None]:
    return [goal.predecessor.text if goal.predecessor else None for goal in plan.goals.order_by("position")]


def test_the_preview_shows_what_each_new_goal_continues_and_the_rule(
    as_manager: Client, next_year: WorkbookImport
) -> None:
    text = as_manager.get(next_year.get_absolute_url()).content.decode()
    assert "minstens 60 procent gelijk" in text
    assert f"Gaat verder op 1. “{TEXT}” (zelfde tekst)" in text
    assert "Gaat niet verder op een doel van het plan ervoor" in text
    assert predecessors(confirm(as_manager, next_year)) == [TEXT, None]


def test_a_first_plan_says_nothing_of_it(stage: Stage, as_manager: Client) -> None:
    Plan.objects.update(first_year=2030, last_year=2030)
    text = as_manager.get(upload(as_manager, stage, OLD, 2024).get_absolute_url()).content.decode()
    assert "verder op" not in text


def test_another_goal_or_none_can_be_chosen(as_manager: Client, next_year: WorkbookImport) -> None:
    assert choice(as_manager, next_year, 0, "geen").status_code == 302
    assert choice(as_manager, next_year, 1, old_goal(OTHER).pk).status_code == 302
    text = as_manager.get(next_year.get_absolute_url()).content.decode()
    assert f"“{OTHER}” (uw keuze)" in text
    assert predecessors(confirm(as_manager, next_year)) == [None, OTHER]


def test_the_rule_can_be_followed_again(as_manager: Client, next_year: WorkbookImport) -> None:
    choice(as_manager, next_year, 0, "geen")
    choice(as_manager, next_year, 0, "regel")
    next_year.refresh_from_db()
    assert next_year.decisions["continues"] == {}
    assert predecessors(confirm(as_manager, next_year)) == [TEXT, None]


def test_a_choice_after_the_preview_was_shown_asks_for_another_look(
    as_manager: Client, next_year: WorkbookImport
) -> None:
    shown = fingerprint(as_manager.get(next_year.get_absolute_url()))
    choice(as_manager, next_year, 0, "geen")
    assert as_manager.post(next_year.get_absolute_url(), {"fingerprint": shown}).status_code == 409
    assert not Plan.objects.filter(first_year=2025).exists()


def test_the_page_of_the_choice_offers_the_goals_of_the_theme(
    stage: Stage, as_manager: Client, next_year: WorkbookImport
) -> None:
    address = reverse("import_continuation", args=[stage.programme.slug, next_year.pk, 1])
    text = as_manager.get(address).content.decode()
    assert TEXT in text
    assert OTHER in text
    assert "&lt;b&gt;nieuw" in text
    assert stage.goals["P4.1"].text not in text


@pytest.mark.parametrize("goal", ["", "999999", "weg", "-1"])
def test_a_goal_that_is_not_offered_is_not_taken(as_manager: Client, next_year: WorkbookImport, goal: str) -> None:
    assert choice(as_manager, next_year, 0, goal).status_code == 422
    next_year.refresh_from_db()
    assert next_year.decisions.get("continues", {}) == {}


def test_a_goal_of_another_programme_is_not_taken(stage: Stage, as_manager: Client, next_year: WorkbookImport) -> None:
    assert choice(as_manager, next_year, 0, stage.goals["P4.1"].pk).status_code == 422


def test_a_place_without_a_new_goal_is_not_there(as_manager: Client, next_year: WorkbookImport) -> None:
    assert choice(as_manager, next_year, 99, "geen").status_code == 404
    confirm(as_manager, next_year)
    assert choice(as_manager, next_year, 0, "geen").status_code == 404, "it was applied"


def test_a_goal_that_is_added_later_continues_too(stage: Stage, as_manager: Client, next_year: WorkbookImport) -> None:
    confirm(as_manager, next_year)
    again = upload(as_manager, stage, [*NEW, ["Pijler 1: Taal", 3, OTHER]], 2025)
    assert predecessors(confirm(as_manager, again)) == [TEXT, None, OTHER]


def test_the_queries_of_the_preview_do_not_grow(stage: Stage, as_manager: Client) -> None:
    used = []
    for first in (2024, 2040):
        count = 3 if first == 2024 else 60
        rows = [["Pijler", "SMART-doel"], *(["Pijler 1: Taal", f"Doel {n} van velen in {n}"] for n in range(count))]
        confirm(as_manager, upload(as_manager, stage, rows, first))
        import_ = upload(as_manager, stage, rows, first + 1)
        with CaptureQueriesContext(connection) as queries:
            assert as_manager.get(import_.get_absolute_url()).status_code == 200
        used.append(len(queries))
    assert used[0] == used[1]


# --- on the page of the goal ---------------------------------------------------------------------------------------


def line_of_goals(stage: Stage, years: int) -> list[Goal]:
    """A goal a year from 2024, each continuing the one before; all plans adopted, each with an adopted round."""
    goals: list[Goal] = []
    for year in range(2024, 2024 + years):
        plan = Plan.objects.create(
            programme=stage.programme, name=f"DIN {year}", first_year=year, last_year=year, state=Plan.State.ADOPTED
        )
        goal = Goal.objects.create(
            plan=plan, theme=stage.themes["P1"], number=1, text=f"Belofte van {year}",
            predecessor=goals[-1] if goals else None,
        )  # fmt: skip
        adopted = make_round(plan, year, 1, state=ReportingRound.State.PLANNED)
        Update.objects.create(goal=goal, round=adopted, state="approved", status="at_risk", explanation="x")
        adopt(adopted)
        goals.append(goal)
    return goals


def test_the_page_of_a_goal_shows_its_line_with_statuses(stage: Stage, log_in: LogIn) -> None:
    goals = line_of_goals(stage, 3)
    text = log_in(stage.people.councillor).get(goals[2].get_absolute_url()).content.decode()
    first, second = text.index("Belofte van 2024"), text.index("Belofte van 2025")
    assert second < first, "the latest first"
    assert text.count("eerste half jaar 2024") == 1
    assert "In gevaar" in text or "in gevaar" in text


def test_nobody_reads_an_open_round_of_a_predecessor_there(stage: Stage, log_in: LogIn) -> None:
    goals = line_of_goals(stage, 2)
    open_round = make_round(goals[0].plan, 2024, 2)
    Update.objects.create(goal=goals[0], round=open_round, state="submitted", status="not_achieved", explanation="x")
    for person in (stage.people.councillor, stage.people.manager):
        text = log_in(person).get(goals[1].get_absolute_url()).content.decode()
        assert "tweede half jaar 2024" not in text


def test_a_predecessor_in_a_concept_is_not_shown_to_the_council(stage: Stage, log_in: LogIn) -> None:
    goals = line_of_goals(stage, 2)
    Plan.objects.filter(pk=goals[0].plan_id).update(state=Plan.State.CONCEPT)
    assert "Belofte van 2024" not in log_in(stage.people.councillor).get(goals[1].get_absolute_url()).content.decode()
    assert "Belofte van 2024" in log_in(stage.people.manager).get(goals[1].get_absolute_url()).content.decode()


def test_the_length_of_the_line_costs_no_queries(stage: Stage, log_in: LogIn) -> None:
    goals = line_of_goals(stage, 6)
    client = log_in(stage.people.councillor)
    used = []
    for goal in (goals[0], goals[1], goals[5]):
        client.get(goal.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            client.get(goal.get_absolute_url())
        used.append(len(queries))
    assert used[1] == used[2] == used[0] + 3
