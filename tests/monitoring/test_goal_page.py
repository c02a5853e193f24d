"""The page of one goal: what it is, its place in the network, and its progress by round."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse

from din.models import Effort, FocusArea, Goal, Plan
from monitoring.goal_page import GoalPage, ProgressLine, progress_line
from monitoring.models import ReportedGoal, ReportingRound, Update
from tests.cast import (
    ADOPTED_TEXT,
    APPROVED_TEXT,
    DRAFT_TEXT,
    NOT_DELIVERED_REASON,
    RETURN_REASON,
    RETURNED_TEXT,
    SECRETS_OF_THE_OPEN_ROUND,
    SUBMITTED_TEXT,
    Stage,
    adopt,
    make_commitment,
    make_goals,
    make_plan,
    make_round,
)
from tests.conftest import LogIn
from tests.guards import unguarded
from tests.indicators import make_indicator

State = Update.State


def address(stage: Stage, reference: str) -> str:
    return reverse("goal", args=[stage.goals[reference].pk])


def page_of(stage: Stage, log_in: LogIn, reference: str, person: str) -> str:
    response = log_in(getattr(stage.people, person)).get(address(stage, reference))
    assert response.status_code == 200
    return response.content.decode()


def goal_of(stage: Stage, log_in: LogIn, reference: str, person: str = "owner") -> GoalPage:
    return log_in(getattr(stage.people, person)).get(address(stage, reference)).context["goal"]


# --- who ---------------------------------------------------------------------------------------------------------


def test_the_anonymous_are_sent_to_the_log_in_page(stage: Stage, client: Client) -> None:
    response = client.get(address(stage, "P1.2"))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_somebody_without_a_role_finds_no_page(stage: Stage, log_in: LogIn) -> None:
    assert log_in(stage.people.outsider).get(address(stage, "P1.2")).status_code == 404


@pytest.mark.parametrize("person", ["councillor", "owner", "colleague", "manager", "administrator"])
def test_everybody_with_a_role_reads_what_was_adopted(stage: Stage, log_in: LogIn, person: str) -> None:
    assert ADOPTED_TEXT in page_of(stage, log_in, "P1.2", person)


@pytest.mark.parametrize("reference", ["P1.1", "P1.2", "P1.3", "P4.1", "P4.2", "P4.3", "P4.11", ""])
def test_the_council_sees_nothing_of_the_open_round(stage: Stage, log_in: LogIn, reference: str) -> None:
    page = page_of(stage, log_in, reference, "councillor")
    assert "tweede half jaar 2023" not in page.lower()
    assert "nog niet ingediend" not in page
    assert not any(text in page for text in SECRETS_OF_THE_OPEN_ROUND)


def test_the_council_finds_no_goal_of_a_concept_plan(stage: Stage, log_in: LogIn) -> None:
    (goal,) = make_goals(make_plan(stage.programme, year=2024, state=Plan.State.CONCEPT), 1)
    assert log_in(stage.people.councillor).get(goal.get_absolute_url()).status_code == 404
    assert log_in(stage.people.colleague).get(goal.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("pk", [0, 999_999, 10**30])
def test_a_goal_that_does_not_exist_is_no_page(stage: Stage, log_in: LogIn, pk: int) -> None:
    assert log_in(stage.people.owner).get(reverse("goal", args=[pk])).status_code == 404


# --- what of the running round is shown to whom ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reference", "text", "readers"),
    [
        ("P1.1", APPROVED_TEXT, {"owner", "colleague", "manager", "administrator"}),
        ("P1.2", SUBMITTED_TEXT, {"owner", "colleague", "manager", "administrator"}),
        ("P4.11", NOT_DELIVERED_REASON, {"owner", "colleague", "manager", "administrator"}),
        ("P1.3", DRAFT_TEXT, {"owner", "manager", "administrator"}),
        ("P4.1", RETURNED_TEXT, {"colleague", "manager", "administrator"}),
        ("P4.1", RETURN_REASON, {"colleague", "manager", "administrator"}),
    ],
)
def test_what_was_not_handed_in_is_read_by_its_owners_and_the_manager_only(
    stage: Stage, log_in: LogIn, reference: str, text: str, readers: set[str]
) -> None:
    everybody = ("councillor", "owner", "colleague", "manager", "administrator")
    assert {person for person in everybody if text in page_of(stage, log_in, reference, person)} == readers


def test_a_manager_of_another_programme_reads_no_draft(stage: Stage, log_in: LogIn) -> None:
    stage.programme.managers.clear()
    page = page_of(stage, log_in, "P1.3", "manager")
    assert DRAFT_TEXT not in page
    assert "nog niet ingediend" in page


def test_the_status_of_a_draft_is_not_shown_to_a_colleague(stage: Stage, log_in: LogIn) -> None:
    line = goal_of(stage, log_in, "P1.3", "colleague").progress[0]
    assert (line.standing, line.status, line.state, line.is_concept) == ("awaited", "", "", False)
    assert "in gevaar" not in page_of(stage, log_in, "P1.3", "colleague")


def test_an_owner_sees_their_draft_marked_as_a_concept(stage: Stage, log_in: LogIn) -> None:
    line = goal_of(stage, log_in, "P1.3").progress[0]
    assert line.is_concept
    assert (line.status_label, line.state_label) == ("in gevaar", "concept")
    assert "Dit is nog een concept" in page_of(stage, log_in, "P1.3", "owner")
    # On top the goal stands as it counts in the round.
    assert goal_of(stage, log_in, "P1.3").standing == "awaited"


@pytest.mark.parametrize("reads_concepts", [True, False])
@pytest.mark.parametrize("round_state", ["open", "in_review"])
@pytest.mark.parametrize("state", State.values)
def test_every_state_is_shown_or_hidden_as_the_rule_says(state: str, round_state: str, reads_concepts: bool) -> None:
    round_ = ReportingRound(year=2023, half=2, state=round_state)
    update = Update(
        state=state,
        status="delayed",
        explanation="tekst",
        next_steps="stappen",
        return_reason="reden van terugsturen",
        not_delivered_reason="reden",
    )
    line: ProgressLine = progress_line(round_, update, reads_concepts=reads_concepts)
    delivered = state in (State.SUBMITTED, State.APPROVED)
    concept = state in (State.DRAFT, State.RETURNED) and reads_concepts
    assert line.is_concept == concept
    assert bool(line.explanation) == bool(line.next_steps) == bool(line.status) == (delivered or concept)
    assert bool(line.return_reason) == concept
    assert bool(line.not_delivered_reason) == (state == State.NOT_DELIVERED)
    assert line.standing == ("delayed" if delivered else "not_delivered" if state == State.NOT_DELIVERED else "awaited")


def test_the_latest_round_stands_first_and_a_planned_one_not_at_all(stage: Stage, log_in: LogIn) -> None:
    later = make_round(stage.plan, 2024, 1, state=ReportingRound.State.PLANNED)
    Update.objects.create(goal=stage.goals["P1.2"], round=later)
    assert [line.round_name for line in goal_of(stage, log_in, "P1.2").progress] == ["2023-H2", "2023-H1"]


# --- recording -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reference", "recorders"),
    [
        ("P1.2", {"owner", "manager", "administrator"}),
        ("P4.1", {"colleague", "manager", "administrator"}),
        ("", {"manager", "administrator"}),
    ],
)
def test_who_may_record_progress_finds_the_button(
    stage: Stage, log_in: LogIn, reference: str, recorders: set[str]
) -> None:
    everybody = ("councillor", "owner", "colleague", "manager", "administrator")
    button = reverse("record_update", args=[stage.goals[reference].pk])
    assert {person for person in everybody if button in page_of(stage, log_in, reference, person)} == recorders


def test_without_a_running_round_there_is_nothing_to_record(stage: Stage, log_in: LogIn) -> None:
    Update.objects.filter(round=stage.open_round).delete()
    stage.drop_open_round()
    assert "Voortgang vastleggen" not in page_of(stage, log_in, "P1.2", "manager")


# --- what the goal is ------------------------------------------------------------------------------------------------


def test_the_page_tells_what_the_goal_is(stage: Stage, log_in: LogIn) -> None:
    page = page_of(stage, log_in, "P1.2", "councillor")
    for text in (
        "Doel P1.2",
        "De lijst van projecten heeft een vaste beheerder",
        "Pijler 1: Sociaal netwerk",
        "Maatschappelijke Ontwikkeling",
        "2e kwartaal 2023",
        "30 juni 2023",
        "SMART-doel",
        "Financiële zelfredzaamheid",
    ):
        assert text in page


def test_an_opgave_shows_its_description_and_each_intended_result(stage: Stage, log_in: LogIn) -> None:
    goal = stage.goals[""]
    goal.kind, goal.description = Goal.Kind.OPGAVE, "Jongeren praten mee"
    goal.intended_results = "Een jongerenraad\n\n Twee debatten per jaar \n"
    goal.save()
    assert goal_of(stage, log_in, "").intended_results == ("Een jongerenraad", "Twee debatten per jaar")
    page = page_of(stage, log_in, "", "councillor")
    assert "Opgave" in page
    assert "<li>Twee debatten per jaar</li>" in page


def test_an_opgave_without_lines_shows_no_empty_network(stage: Stage, log_in: LogIn) -> None:
    assert "Dit doel hangt niet aan een ER-doel" in page_of(stage, log_in, "", "councillor")
    Goal.objects.filter(pk=stage.goals[""].pk).update(kind=Goal.Kind.OPGAVE)
    assert "Plaats in het netwerk" not in page_of(stage, log_in, "", "councillor")


def test_the_goal_stands_between_its_ambitions_and_its_efforts(stage: Stage, log_in: LogIn) -> None:
    goal = goal_of(stage, log_in, "P4.1")
    assert [(branch.ambition, branch.er_goals) for branch in goal.branches] == [
        ("Elke jongere in de stad doet mee", ("Minder jongeren hebben schulden",)),
        ("Jongeren hebben hun geldzaken op orde", ("Minder jongeren hebben schulden",)),
    ]
    assert [(effort.text, effort.lead) for effort in goal.efforts] == [("Medewerkers trainen in schuldhulp", "")]
    shared = goal_of(stage, log_in, "P1.1").efforts[0]
    assert shared.lead == "Maatschappelijke Ontwikkeling"
    assert [link.label for link in shared.other_goals] == ["P1.2"]


def test_an_er_goal_without_an_ambition_is_shown_as_such(stage: Stage, log_in: LogIn) -> None:
    er_goal = stage.goals["P4.1"].er_goals.get()
    er_goal.ambitions.clear()
    assert [branch.ambition for branch in goal_of(stage, log_in, "P4.1").branches] == [""]
    assert "Zonder ambitie" in page_of(stage, log_in, "P4.1", "councillor")


def test_a_goal_leads_to_the_one_before_and_the_one_after_it(stage: Stage, log_in: LogIn) -> None:
    concept = make_plan(stage.programme, year=2024, state=Plan.State.CONCEPT)
    (successor,) = make_goals(concept, 1)
    Goal.objects.filter(pk=successor.pk).update(predecessor=stage.goals["P1.2"])
    assert [link.url for link in goal_of(stage, log_in, "P1.2").successors] == [successor.get_absolute_url()]
    assert goal_of(stage, log_in, "P1.2", "councillor").successors == ()
    page = log_in(stage.people.owner).get(successor.get_absolute_url()).context["goal"]
    assert [line.url for line in page.predecessors] == [stage.goals["P1.2"].get_absolute_url()]


def test_late_is_said_with_the_status(stage: Stage, log_in: LogIn) -> None:
    goal = goal_of(stage, log_in, "P4.1", "councillor")
    assert (goal.standing, goal.late, goal.round_label) == ("at_risk", True, "eerste half jaar 2023")
    assert "te laat" in page_of(stage, log_in, "P4.1", "councillor")


def test_an_ended_goal_says_when_and_why(stage: Stage, log_in: LogIn) -> None:
    goal = goal_of(stage, log_in, "P4.3")
    assert (goal.standing, goal.late) == ("dropped", False)
    page = page_of(stage, log_in, "P4.3", "councillor")
    assert "1 mei 2023" in page
    assert "Het rijk neemt deze proef over" in page


def test_texts_are_shown_as_text_and_not_as_markup(stage: Stage, log_in: LogIn) -> None:
    bad = "<script>alert('x')</script>"
    Goal.objects.filter(pk=stage.goals["P1.2"].pk).update(text=bad, description=bad, intended_results=bad)
    with unguarded():
        Update.objects.filter(goal=stage.goals["P1.2"]).update(explanation=bad, next_steps=bad)
    Effort.objects.update(text=bad)
    FocusArea.objects.update(name=bad)
    stage.department.name = bad
    stage.department.save()
    assert "<script>alert" not in page_of(stage, log_in, "P1.2", "manager")


# --- cost ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [5, 40])
@pytest.mark.parametrize(("person", "queries"), [("councillor", 21), ("owner", 22), ("manager", 25)])
def test_the_number_of_queries_does_not_grow(
    stage: Stage, log_in: LogIn, django_assert_num_queries, person: str, queries: int, count: int
) -> None:
    goal = stage.goals["P1.2"]
    effort = stage.plan.efforts.get(text__startswith="Alle projecten")
    effort.goals.add(*make_goals(stage.plan, count, theme=stage.themes["P1"]))
    for number in range(count):
        another = Effort.objects.create(plan=stage.plan, text=f"Inspanning {number}", lead=stage.neighbours)
        another.goals.add(goal)
        make_indicator(stage.programme, f"Cijfer {number}", theme=stage.themes["P1"], goals=[goal])
        make_commitment(stage.programme, title=f"Toezegging {number}", owner=stage.neighbours, goals=[goal])
    for year in range(2030, 2030 + count // 5):
        round_ = make_round(stage.plan, year, 1, state=ReportingRound.State.PLANNED)
        Update.objects.create(goal=goal, round=round_, state=State.APPROVED, status="on_track")
        adopt(round_)
    client = log_in(getattr(stage.people, person))
    with django_assert_num_queries(queries):
        assert client.get(address(stage, "P1.2")).status_code == 200


def test_dates_are_dutch(stage: Stage, log_in: LogIn) -> None:
    with unguarded():
        ReportedGoal.objects.filter(goal=stage.goals["P1.2"]).update(forecast=datetime.date(2024, 7, 9))
    assert "Verwacht gereed: 9 juli 2024" in page_of(stage, log_in, "P1.2", "councillor")
