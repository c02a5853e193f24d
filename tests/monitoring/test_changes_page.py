"""What changed between two rounds: who sees it, the counts, the goals, and what changed in the plan meanwhile."""

import datetime
import re
from collections import Counter

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from din.models import Goal, Owner
from monitoring.changes_page import ChangesPage, GoalEntry
from monitoring.models import ReportingRound, Update
from monitoring.workflow import Content
from tests.cast import (
    ADOPTED_TEXT,
    APPROVED_TEXT,
    NOT_DELIVERED_REASON,
    SECRETS_OF_THE_OPEN_ROUND,
    SUBMITTED_TEXT,
    Stage,
    adopt,
    correct_report,
    make_goals,
    make_plan,
    make_programme,
    make_round,
    make_updates,
    report_on,
)
from tests.conftest import LogIn

State, Status = Update.State, Update.Status


def address(stage: Stage, **query: object) -> str:
    return reverse("changes", args=[stage.programme.slug], query=query)


def response_of(stage: Stage, log_in: LogIn, person: str = "owner", **query: object) -> HttpResponse:
    response = log_in(getattr(stage.people, person)).get(address(stage, **query))
    assert response.status_code == 200
    return response


def page_of(stage: Stage, log_in: LogIn, person: str = "owner", **query: object) -> ChangesPage:
    return response_of(stage, log_in, person, **query).context["page"]


def by_change(page: ChangesPage) -> dict[str, list[str]]:
    return {group.change.value: [goal.reference for goal in group.goals] for group in page.groups}


def entry(page: ChangesPage, reference: str) -> GoalEntry:
    return next(goal for group in page.groups for goal in group.goals if goal.reference == reference)


def figures(page: ChangesPage) -> dict[str, int]:
    return {figure.label: figure.value for figure in page.figures}


def adopt_open_round(stage: Stage) -> None:
    """Adopt the second round as it is: what was not approved counts as not delivered."""
    Update.objects.filter(round=stage.open_round).unfinished().exclude(state=State.SUBMITTED).update(
        state=State.NOT_DELIVERED, not_delivered_reason="Niets gekregen"
    )
    Update.objects.filter(round=stage.open_round, state=State.SUBMITTED).update(state=State.APPROVED)
    stage.open_round.deadline = datetime.date(2023, 12, 30)
    adopt(stage.open_round)


# --- who ---------------------------------------------------------------------------------------------------------


def test_the_anonymous_are_sent_to_the_log_in_page(stage: Stage, client: Client) -> None:
    response = client.get(address(stage))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_somebody_without_a_role_finds_no_page(stage: Stage, log_in: LogIn) -> None:
    assert log_in(stage.people.outsider).get(address(stage)).status_code == 404


@pytest.mark.parametrize("query", [{"van": "2023-H2"}, {"tot": "2023-H2"}, {"van": "2023-H1", "tot": "2023-H2"}])
def test_for_the_council_the_open_round_is_not_there(stage: Stage, log_in: LogIn, query: dict[str, str]) -> None:
    assert log_in(stage.people.councillor).get(address(stage, **query)).status_code == 404


def test_the_council_compares_adopted_rounds_only(stage: Stage, log_in: LogIn) -> None:
    page = response_of(stage, log_in, "councillor").content.decode()
    assert "Er is nog maar één ronde te zien" in page
    assert "tweede half jaar 2023" not in page
    assert not any(text in page for text in SECRETS_OF_THE_OPEN_ROUND)
    adopt_open_round(stage)
    assert "tweede half jaar 2023" in response_of(stage, log_in, "councillor").content.decode()


def test_nobody_reads_a_draft_or_what_was_sent_back_here(stage: Stage, log_in: LogIn) -> None:
    page = response_of(stage, log_in, "manager").content.decode()
    assert SUBMITTED_TEXT in page
    assert APPROVED_TEXT in page
    assert NOT_DELIVERED_REASON in page
    for secret in set(SECRETS_OF_THE_OPEN_ROUND) - {SUBMITTED_TEXT, APPROVED_TEXT, NOT_DELIVERED_REASON}:
        assert secret not in page


@pytest.mark.parametrize("name", ["2022-H1", "2023-H3", "onzin", "plan-2023", "2023-h1", "٢٠٢٣-H1"])
@pytest.mark.parametrize("end", ["van", "tot"])
def test_a_round_that_does_not_exist_is_no_page(stage: Stage, log_in: LogIn, end: str, name: str) -> None:
    assert log_in(stage.people.owner).get(address(stage, **{end: name})).status_code == 404


def test_a_planned_round_is_not_there_yet(stage: Stage, log_in: LogIn) -> None:
    make_round(stage.plan, 2024, 1, state=ReportingRound.State.PLANNED)
    assert log_in(stage.people.manager).get(address(stage, tot="2024-H1")).status_code == 404


# --- which rounds ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ("2023-H1", "2023-H2")),
        ({"tot": "2023-H1"}, ("2022-H2", "2023-H1")),
        ({"van": "2022-H2"}, ("2022-H2", "2023-H2")),
        ({"van": "2023-H2"}, ("2023-H1", "2023-H2")),
        ({"tot": "2022-H2"}, ("2022-H2", "2023-H1")),
        ({"van": "2022-H2", "tot": "2023-H1"}, ("2022-H2", "2023-H1")),
        ({"van": "2023-H2", "tot": "2022-H2"}, ("2022-H2", "2023-H2")),
    ],
)
def test_the_rounds_are_put_in_order_of_time(
    stage: Stage, log_in: LogIn, query: dict[str, str], expected: tuple[str, str]
) -> None:
    adopt(make_round(stage.plan, 2022, 2, state=ReportingRound.State.PLANNED))
    page = page_of(stage, log_in, **query)
    assert (page.before.name, page.after.name) == expected
    assert (page.form["van"].value(), page.form["tot"].value()) == expected


def test_the_same_round_twice_asks_for_another(stage: Stage, log_in: LogIn) -> None:
    html = response_of(stage, log_in, van="2023-H1", tot="2023-H1").content.decode()
    assert "twee keer dezelfde ronde" in html


def test_a_programme_without_a_round_says_so(stage: Stage, log_in: LogIn) -> None:
    programme = make_programme("Heel de Stad", "heel-de-stad")
    html = log_in(stage.people.owner).get(reverse("changes", args=[programme.slug])).content.decode()
    assert "Er is nog geen ronde te zien" in html


# --- the changes -------------------------------------------------------------------------------------------------


def test_the_goals_stand_under_what_became_of_them(stage: Stage, log_in: LogIn) -> None:
    assert by_change(page_of(stage, log_in)) == {
        "worse": ["P1.2"],
        "unknown": ["P1.3", "P4.1", "P4.2", "P4.11", ""],
        "same": ["P1.1", "P4.3"],
    }


def test_between_adopted_rounds_both_sides_are_as_they_were_frozen(stage: Stage, log_in: LogIn) -> None:
    adopt_open_round(stage)
    before = response_of(stage, log_in, "councillor").context["page"]
    Goal.objects.filter(plan=stage.plan).update(deadline=datetime.date(2030, 12, 31), owner=stage.neighbours)
    goal = stage.goals["P1.2"]
    goal.text = "Herschreven na de vaststelling"
    goal.save()
    after = response_of(stage, log_in, "councillor").context["page"]
    assert by_change(after) == by_change(before)
    assert entry(after, "P1.2") == entry(before, "P1.2")
    assert "Herschreven" not in response_of(stage, log_in, "councillor").content.decode()


def test_a_correction_counts(stage: Stage, log_in: LogIn) -> None:
    correct_report(stage, {"P1.2": Content("at_risk", "Verbeterde tekst", "")})
    found = entry(page_of(stage, log_in, soort="same"), "P1.2")
    assert found.explanation.last[0].text == "Verbeterde tekst"


def test_a_goal_that_came_and_a_goal_that_ended(stage: Stage, log_in: LogIn) -> None:
    Goal.objects.create(plan=stage.plan, theme=stage.themes["P1"], number=9, text="Een nieuw doel")
    ended = stage.goals["P1.3"]
    ended.ended_on, ended.ended_reason = datetime.date(2023, 8, 1), "Opgegaan in een ander doel"
    ended.save()
    Update.objects.filter(goal=ended, round=stage.open_round).update(state=State.TODO, status="", explanation="")
    page = page_of(stage, log_in)
    found = by_change(page)
    assert found["new"] == ["P1.9"]
    assert found["ended"] == ["P1.3"]
    assert [piece.text for piece in entry(page, "P1.3").explanation.now] == ["Opgegaan in een ander doel"]
    assert entry(page, "P1.9").last is None


def test_both_explanations_are_there_with_the_words_that_differ(stage: Stage, log_in: LogIn) -> None:
    Update.objects.filter(pk=stage.update("P1.2", stage.open_round).pk).update(
        explanation=ADOPTED_TEXT.replace("stil", "nu vast")
    )
    response = response_of(stage, log_in)
    pair = entry(response.context["page"], "P1.2").explanation
    assert [piece.text for piece in pair.last if piece.differs] == ["stil"]
    assert [piece.text for piece in pair.now if piece.differs] == ["nu vast"]
    assert "<mark>nu vast</mark>" in response.content.decode()


def test_what_was_written_is_shown_as_text(stage: Stage, log_in: LogIn) -> None:
    Update.objects.filter(pk=stage.update("P1.2", stage.open_round).pk).update(
        explanation=f"{ADOPTED_TEXT} <img src=x>"
    )
    Goal.objects.filter(pk=stage.goals["P1.2"].pk).update(text="<script>alert(1)</script>")
    html = response_of(stage, log_in).content.decode()
    assert "<img src=x" not in html
    assert "<script>alert" not in html


class TestThePlan:
    """What changed in the plan between the rounds."""

    def change(self, stage: Stage) -> None:
        goal = stage.goals["P1.1"]
        goal.text = "Een lijst van plannen voor jongeren ligt klaar"
        goal.deadline = datetime.date(2024, 3, 31)
        goal.owner = stage.neighbours
        goal.theme = stage.themes["P4"]
        goal.number = 77
        goal.save()

    def test_text_deadline_owner_and_theme_are_told_with_what_they_were(self, stage: Stage, log_in: LogIn) -> None:
        self.change(stage)
        page = page_of(stage, log_in, soort="plan")
        (group,) = page.groups
        (goal,) = group.goals
        told = {
            part.label: ("".join(piece.text for piece in part.last), "".join(piece.text for piece in part.now))
            for part in goal.parts
        }
        assert told == {
            "Tekst": (
                "Een lijst van projecten voor jongeren ligt klaar",
                "Een lijst van plannen voor jongeren ligt klaar",
            ),
            "Deadline": ("2e kwartaal 2023", "1e kwartaal 2024"),
            "Eigenaar": ("Maatschappelijke Ontwikkeling", "Werk en Inkomen"),
            "Onderdeel": ("Pijler 1: Sociaal netwerk", "Pijler 4: Inkomen"),
        }
        assert group.change == "same", "the plan changed, the status did not"

    def test_what_is_gone_is_told_too(self, stage: Stage, log_in: LogIn) -> None:
        Goal.objects.filter(pk=stage.goals["P1.1"].pk).update(owner=None, deadline=None)
        goal = entry(page_of(stage, log_in, soort="plan"), "P1.1")
        assert {part.label: part.now[0].text for part in goal.parts} == {"Deadline": "geen", "Eigenaar": "nog niemand"}

    def test_another_name_is_no_other_owner_and_spaces_are_no_other_text(self, stage: Stage, log_in: LogIn) -> None:
        Owner.objects.filter(pk=stage.department.pk).update(name="Hernoemde afdeling")
        stage.themes["P1"].name = "Hernoemd"
        stage.themes["P1"].save()
        Goal.objects.filter(pk=stage.goals["P1.1"].pk).update(
            text=f"{stage.goals['P1.1'].text}.", deadline=datetime.date(2023, 5, 31)
        )
        page = page_of(stage, log_in)
        assert not [goal.reference for group in page.groups for goal in group.goals if goal.parts]
        assert "plan gewijzigd" not in figures(page)

    def test_it_counts_beside_the_kinds_of_change(self, stage: Stage, log_in: LogIn) -> None:
        self.change(stage)
        page = page_of(stage, log_in)
        assert figures(page) == {"slechter": 1, "niet te vergelijken": 5, "gelijk": 2, "plan gewijzigd": 1}
        assert page.sum_row.bar.total == 8


class TestOverTheYears:
    """The plan of a next year: a goal that continues another one is the same goal."""

    @pytest.fixture
    def next_round(self, stage: Stage) -> ReportingRound:
        adopt_open_round(stage)
        plan = make_plan(stage.programme, year=2024)
        round_ = make_round(plan, 2024, 1)
        for reference, text, status in [
            ("P1.2", "De lijst van projecten heeft twee vaste beheerders", Status.ON_TRACK),
            ("P1.1", stage.goals["P1.1"].text, Status.DELAYED),
        ]:
            old = stage.goals[reference]
            goal = Goal.objects.create(
                plan=plan,
                theme=old.theme,
                owner=old.owner,
                deadline=old.deadline,
                number=old.number,
                text=text,
                predecessor=old,
            )
            Update.objects.create(
                goal=goal, round=round_, state=State.SUBMITTED, status=status, explanation="Dit jaar verder"
            )
        fresh = Goal.objects.create(plan=plan, theme=stage.themes["P1"], number=3, text="Iets heel anders")
        Update.objects.create(goal=fresh, round=round_)
        return round_

    def test_the_goals_are_compared_with_those_that_they_continue(
        self, stage: Stage, log_in: LogIn, next_round: ReportingRound
    ) -> None:
        page = page_of(stage, log_in)
        assert (page.before.name, page.after.name) == ("2023-H2", "2024-H1")
        found = by_change(page)
        assert found["worse"] == ["P1.1"]
        assert found["better"] == ["P1.2"]
        assert found["new"] == ["P1.3"]
        assert Counter(found["ended"]) == Counter(["P1.3", "P4.1", "P4.2", "P4.11", ""])
        assert found["same"] == ["P4.3"], "what had ended before and was left out does not end again"
        assert [part.label for part in entry(page, "P1.2").parts] == ["Tekst"]
        assert "Dit doel staat niet meer in het plan." in response_of(stage, log_in).content.decode()

    def test_a_goal_is_followed_over_more_than_one_year(
        self, stage: Stage, log_in: LogIn, next_round: ReportingRound
    ) -> None:
        Update.objects.filter(round=next_round, state=State.TODO).update(
            state=State.NOT_DELIVERED, not_delivered_reason="Niets"
        )
        adopt(next_round)
        plan = make_plan(stage.programme, year=2025)
        round_ = make_round(plan, 2025, 1)
        middle = Goal.objects.get(plan=next_round.plan, predecessor=stage.goals["P1.2"])
        goal = Goal.objects.create(
            plan=plan, theme=middle.theme, owner=middle.owner, number=2, text=middle.text, predecessor=middle
        )
        Update.objects.create(goal=goal, round=round_, state=State.SUBMITTED, status=Status.ACHIEVED)
        assert by_change(page_of(stage, log_in, van="2023-H1", tot="2025-H1"))["better"] == ["P1.2"]

    def test_goals_that_follow_each_other_in_a_ring_end_nowhere(
        self, stage: Stage, log_in: LogIn, next_round: ReportingRound
    ) -> None:
        one, other = Goal.objects.filter(plan=next_round.plan).order_by("pk")[:2]
        Goal.objects.filter(pk=one.pk).update(predecessor=other)
        Goal.objects.filter(pk=other.pk).update(predecessor=one)
        assert Counter(by_change(page_of(stage, log_in))["new"]) == Counter(["P1.1", "P1.2", "P1.3"])


# --- the numbers -------------------------------------------------------------------------------------------------


def test_the_bars_the_table_and_the_list_say_the_same(stage: Stage, log_in: LogIn) -> None:
    TestThePlan().change(stage)
    page = page_of(stage, log_in)
    listed = {group.label: group.total for group in page.groups}
    for row in (*page.rows, page.sum_row):
        cells = {cell.label: cell.count for cell in row.cells if cell.count and cell.label != "plan gewijzigd"}
        assert {segment.label: segment.count for segment in row.bar.segments} == cells
        assert row.bar.total == row.total.count
    assert {segment.label: segment.count for segment in page.sum_row.bar.segments} == listed
    for index, cell in enumerate(page.sum_row.cells):
        assert sum(row.cells[index].count for row in page.rows) == cell.count
    assert page.total == sum(row.total.count for row in page.rows) == 8


def test_every_number_leads_to_as_many_goals_as_it_says(stage: Stage, log_in: LogIn) -> None:
    TestThePlan().change(stage)
    client = log_in(stage.people.manager)
    page = client.get(address(stage)).context["page"]
    cells = [(cell.url, cell.count) for row in (*page.rows, page.sum_row) for cell in (row.total, *row.cells)]
    checked = [(url, count) for url, count in cells if url]
    checked += [(figure.url, figure.value) for figure in page.figures]
    assert len(checked) > 15
    for url, count in checked:
        assert client.get(url).context["page"].page.paginator.count == count, url


def test_the_list_is_narrowed_by_theme_and_by_kind(stage: Stage, log_in: LogIn) -> None:
    theme = stage.themes["P4"].pk
    assert by_change(page_of(stage, log_in, onderdeel=theme, soort="unknown")) == {"unknown": ["P4.1", "P4.2", "P4.11"]}
    assert page_of(stage, log_in, onderdeel=theme).count_label == "4 van 8 doelen"
    assert by_change(page_of(stage, log_in, onderdeel="geen")) != {}, "there is no such theme here"


def test_no_goal_that_fits_says_so(stage: Stage, log_in: LogIn) -> None:
    response = response_of(stage, log_in, soort="new")
    assert response.context["page"].groups == ()
    assert "Geen doel gevonden" in response.content.decode()


def test_a_goal_of_no_theme_stands_under_the_whole_programme(stage: Stage, log_in: LogIn) -> None:
    Goal.objects.filter(pk=stage.goals["P1.1"].pk).update(theme=None)
    page = page_of(stage, log_in)
    assert "Hele programma" in [row.title for row in page.rows]
    assert by_change(page_of(stage, log_in, onderdeel="geen")) == {"same": ["1"]}


def test_the_page_states_its_rule(stage: Stage, log_in: LogIn) -> None:
    html = re.sub(r"<[^>]+>", "", response_of(stage, log_in).content.decode())
    assert "behaald, op schema, nog niet gestart, vertraagd, in gevaar, niet behaald." in html


def test_fifty_goals_stand_on_a_page(stage: Stage, log_in: LogIn) -> None:
    make_goals(stage.plan, 60, theme=stage.themes["P4"])
    first, second = page_of(stage, log_in), page_of(stage, log_in, page=2)
    counts = [sum(len(group.goals) for group in page.groups) for page in (first, second)]
    assert counts == [50, 18]
    assert first.query == "van=2023-H1&tot=2023-H2"


@pytest.mark.parametrize(
    "query",
    [
        {"onderdeel": "abc"},
        {"onderdeel": "9" * 40},
        {"soort": "prima"},
        {"soort": "worse' --"},
        {"page": "nul"},
        {"page": "-3"},
        {"onbekend": "1"},
        {"onderdeel": "a\x00b"},
    ],
)
def test_a_parameter_that_means_nothing_shows_all(stage: Stage, log_in: LogIn, query: dict[str, str]) -> None:
    assert page_of(stage, log_in, **query).page.paginator.count == 8


def test_the_page_only_reads(stage: Stage, log_in: LogIn) -> None:
    assert log_in(stage.people.manager).post(address(stage)).status_code == 405


@pytest.mark.parametrize("goals", [5, 40])
@pytest.mark.parametrize(("person", "queries"), [("councillor", 12), ("manager", 14)])
def test_the_number_of_queries_does_not_grow_with_the_goals(
    stage: Stage, log_in: LogIn, django_assert_num_queries, person: str, queries: int, goals: int
) -> None:
    extra = make_goals(stage.plan, goals, theme=stage.themes["P4"], owner=stage.department)
    report_on(stage.adopted_round, extra, status="at_risk", explanation=ADOPTED_TEXT)
    make_updates(stage.open_round, extra, state="submitted", status="delayed", explanation="Het loopt uit")
    if person == "councillor":
        adopt_open_round(stage)
    client = log_in(getattr(stage.people, person))
    with django_assert_num_queries(queries):
        assert client.get(address(stage)).status_code == 200
