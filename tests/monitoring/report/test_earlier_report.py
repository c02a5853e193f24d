"""What a report says of the one before it, in numbers and goal by goal; and what it says of each goal of the plan."""

import datetime

import pytest

from din.models import Ambition, Goal
from monitoring.corrections import correct
from monitoring.models import AuditLine, ReportingRound, Update
from monitoring.report.build import build_report, report_of
from monitoring.report.document import ReportDocument, ReportGoal
from monitoring.workflow import Content
from tests.cast import Stage, adopt, make_goals, make_plan, make_round, make_updates

DAY = datetime.date(2024, 1, 15)
State, Status = Update.State, Update.Status


def goals_of(document: ReportDocument) -> dict[str, ReportGoal]:
    return {goal.reference: goal for goal in document.every_goal}


def place_of(round_: ReportingRound, reference: str) -> int:
    """The place of a goal in the report, from 1."""
    return 1 + [goal.reference for goal in report_of(round_)[0].every_goal].index(reference)


def say(stage: Stage, reference: str, status: str) -> None:
    """Correct the adopted report."""
    correct(
        round_=stage.adopted_round,
        actor=stage.people.manager,
        origin=AuditLine.Origin.SITE,
        edition=report_of(stage.adopted_round)[0].edition,
        goals={place_of(stage.adopted_round, reference): Content(status, "De oorzaak staat in de brief")},
        reason="Verkeerd gelezen",
    )


def hand_in(stage: Stage, reference: str, status: str) -> None:
    Update.objects.filter(round=stage.open_round, goal=stage.goals[reference]).update(
        state=State.APPROVED, status=status, not_delivered_reason=""
    )


def test_each_goal_says_how_it_stood_in_the_report_before_and_what_became_of_it(stage: Stage) -> None:
    hand_in(stage, "P1.2", Status.ACHIEVED)
    hand_in(stage, "P1.3", Status.AT_RISK)
    document = build_report(stage.open_round, today=DAY)
    told = {reference: (goal.before, goal.change) for reference, goal in goals_of(document).items()}
    assert document.previous_round_label == "eerste half jaar 2023"
    assert told == {
        "": ("not_started", "unknown"),  # nothing handed in
        "P1.1": ("achieved", "same"),
        "P1.2": ("delayed", "better"),
        "P1.3": ("on_track", "worse"),
        "P4.1": ("at_risk", "unknown"),  # sent back
        "P4.2": ("not_delivered", "unknown"),
        "P4.3": ("dropped", "same"),
        "P4.11": ("on_track", "unknown"),
    }
    goal = goals_of(document)["P1.2"]
    assert (goal.before_label, goal.change_label) == ("vertraagd", "beter")


def test_a_first_report_compares_with_nothing(stage: Stage) -> None:
    document = report_of(stage.adopted_round)[0]
    assert (document.previous_round_label, document.gone) == ("", ())
    assert {(goal.before, goal.change) for goal in document.every_goal} == {("", "")}


def test_it_compares_with_the_newest_edition_of_the_report_before(stage: Stage) -> None:
    hand_in(stage, "P1.2", Status.DELAYED)
    assert goals_of(build_report(stage.open_round, today=DAY))["P1.2"].change == "same"
    say(stage, "P1.2", Status.ACHIEVED)
    goal = goals_of(build_report(stage.open_round, today=DAY))["P1.2"]
    assert (goal.before, goal.change) == ("achieved", "worse")


def test_it_compares_with_the_latest_of_the_reports_before(stage: Stage) -> None:
    before = make_round(stage.plan, 2022, 2, state=ReportingRound.State.PLANNED)
    make_updates(before, [stage.goals["P1.2"]], state=State.APPROVED, status=Status.ACHIEVED)
    adopt(before)
    document = build_report(stage.open_round, today=DAY)
    assert document.previous_round_label == "eerste half jaar 2023"
    assert goals_of(document)["P1.2"].before == Status.DELAYED


def test_a_correction_says_anew_what_changed(stage: Stage) -> None:
    Update.objects.filter(round=stage.open_round).update(state=State.APPROVED, status=Status.ON_TRACK)
    adopt(stage.open_round)
    assert goals_of(report_of(stage.open_round)[0])["P1.2"].change == "better"
    correct(
        round_=stage.open_round,
        actor=stage.people.manager,
        origin=AuditLine.Origin.SITE,
        edition=1,
        goals={place_of(stage.open_round, "P1.2"): Content(Status.AT_RISK, "De beheerder is vertrokken")},
        reason="Verkeerd gelezen",
    )
    corrected = goals_of(report_of(stage.open_round)[0])
    assert (corrected["P1.2"].before, corrected["P1.2"].change_label) == ("delayed", "slechter")
    assert corrected["P1.1"].change == "worse"


def test_a_correction_of_a_first_report_still_compares_with_nothing(stage: Stage) -> None:
    say(stage, "P1.2", Status.ACHIEVED)
    assert goals_of(report_of(stage.adopted_round)[0])["P1.2"].change == ""


def test_a_goal_of_the_next_year_is_the_goal_that_it_continues(stage: Stage) -> None:
    stage.put_open_round_aside()
    plan = make_plan(stage.programme, year=2024)
    theme = stage.themes["P1"]
    goal = Goal.objects.create(plan=plan, theme=theme, number=7, text="Nu beter", predecessor=stage.goals["P1.2"])
    new = Goal.objects.create(plan=plan, theme=theme, number=8, text="Iets anders")
    round_ = make_round(plan, 2024, 1)
    make_updates(round_, [goal, new], state=State.APPROVED, status=Status.ACHIEVED)
    document = build_report(round_, today=DAY)
    told = goals_of(document)
    assert (told["P1.7"].before, told["P1.7"].change) == ("delayed", "better")
    assert (told["P1.8"].before, told["P1.8"].change) == ("", "new")
    # P1.1 was achieved and P4.3 had ended: nobody misses those.
    assert [gone.reference for gone in document.gone] == ["P1.3", "P4.1", "P4.2", "P4.11", ""]
    first = document.gone[0]
    assert (first.theme, first.before, first.before_label) == ("Pijler 1: Sociaal netwerk", "on_track", "op schema")


def test_a_goal_comes_with_what_it_is_for_and_its_theme_with_its_ambitions(stage: Stage) -> None:
    Goal.objects.filter(pk=stage.goals["P1.2"].pk).update(description="Waarom", intended_results="Een lijst")
    second = Ambition.objects.create(plan=stage.plan, theme=stage.themes["P4"], text="Niemand wacht", position=1)
    document = build_report(stage.open_round, today=DAY)
    goal = goals_of(document)["P1.2"]
    assert goal.serves == ("Meer jongeren hebben een steunfiguur",)
    assert goal.focus_areas == ("Financiële zelfredzaamheid",)
    assert (goal.description, goal.intended_results) == ("Waarom", "Een lijst")
    ambitions = {theme.title: theme.ambitions for theme in document.themes}
    assert ambitions["Pijler 1: Sociaal netwerk"] == ()
    assert ambitions["Pijler 4: Inkomen"] == (second.text, "Jongeren hebben hun geldzaken op orde")
    assert document.ambitions == ("Elke jongere in de stad doet mee",)


@pytest.mark.parametrize("count", [0, 40])
def test_building_costs_as_many_queries_for_many_goals(stage: Stage, django_assert_num_queries, count: int) -> None:
    goals = make_goals(stage.plan, count, theme=stage.themes["P1"], owner=stage.department)
    make_updates(stage.open_round, goals, state=State.APPROVED, status=Status.ON_TRACK)
    with django_assert_num_queries(21):
        build_report(stage.open_round, today=DAY)
