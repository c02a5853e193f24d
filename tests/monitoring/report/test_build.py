"""What the report of a round tells of its goals: which, in which order, and late or not."""

from __future__ import annotations

import datetime

import pytest

from din.models import Ambition, Effort, Goal, Theme
from monitoring.goal_line import WHOLE_PROGRAMME
from monitoring.models import EffortUpdate, ReportingRound, Update
from monitoring.report.build import build_report
from monitoring.report.document import ReportDocument
from tests.cast import Stage, make_plan

DAY = datetime.date(2024, 1, 15)


def told(stage: Stage, today: datetime.date = DAY) -> ReportDocument:
    return build_report(stage.open_round, today=today)


def references(document: ReportDocument) -> list[str]:
    return [goal.reference for goal in document.every_goal]


def late(document: ReportDocument) -> list[str]:
    return [goal.reference for goal in document.every_goal if goal.late]


def test_it_says_which_half_year_it_is_about(stage: Stage) -> None:
    document = told(stage)
    assert (document.first_day, document.last_day) == ("2023-07-01", "2023-12-31")
    assert (document.round, document.round_label) == ("2023-H2", "tweede half jaar 2023")


def test_a_goal_is_late_by_its_last_status_on_the_day_that_the_half_year_ended(stage: Stage) -> None:
    """P1.1 was achieved before and nothing is handed in now; the deadline of P4.11 is the last day."""
    Update.objects.filter(round=stage.open_round, goal=stage.goals["P1.1"]).update(state="todo", status="")
    document = told(stage)
    assert late(document) == ["P1.2", "P4.1", "P4.2"]
    assert [theme.late for theme in document.themes] == [1, 2, 0]
    assert document.reference_day == "2023-12-31"


def test_during_the_half_year_a_goal_is_late_by_the_day_of_today(stage: Stage) -> None:
    assert late(told(stage, datetime.date(2023, 9, 30))) == ["P1.2", "P4.1"]
    assert late(told(stage, datetime.date(2023, 10, 1))) == ["P1.2", "P4.1", "P4.2"]


def test_the_order_is_that_of_the_plan_with_the_whole_programme_first(stage: Stage) -> None:
    Goal.objects.filter(pk=stage.goals[""].pk).update(theme=None)
    Theme.objects.filter(pk=stage.themes["P1"].pk).update(position=9)
    Goal.objects.filter(pk=stage.goals["P4.1"].pk).update(position=99)
    document = told(stage)
    assert [theme.title for theme in document.themes] == [
        WHOLE_PROGRAMME,
        "Pijler 4: Inkomen",
        "Pijler 1: Sociaal netwerk",
    ]
    assert references(document) == ["", "P4.2", "P4.3", "P4.11", "P4.1", "P1.1", "P1.2", "P1.3"]


@pytest.mark.parametrize(("day", "there"), [("2023-12-31", True), ("2024-01-01", False)])
def test_a_goal_on_which_nothing_was_asked_is_told_when_it_had_ended(stage: Stage, day: str, there: bool) -> None:
    goal = Goal.objects.create(plan=stage.plan, theme=stage.themes["P4"], number=12, text="Een proef")
    assert "P4.12" not in references(told(stage))
    Goal.objects.filter(pk=goal.pk).update(ended_on=day, ended_reason="De proef is klaar")
    assert ("P4.12" in references(told(stage))) is there


def test_a_goal_that_ended_and_was_still_asked_about_is_told_once(stage: Stage) -> None:
    Goal.objects.filter(pk=stage.goals["P4.1"].pk).update(ended_on="2023-11-01", ended_reason="Overgedragen")
    document = told(stage)
    assert references(document).count("P4.1") == 1
    assert next(goal for goal in document.every_goal if goal.reference == "P4.1").state == Update.State.RETURNED


def test_the_ambitions_are_those_of_its_own_plan(stage: Stage) -> None:
    other = make_plan(stage.programme, year=2024)
    Ambition.objects.create(plan=other, text="Van een ander plan")
    Ambition.objects.create(plan=other, theme=stage.themes["P4"], text="Van een ander plan")
    document = told(stage)
    assert "Van een ander plan" not in [
        *document.ambitions,
        *(text for one in document.themes for text in one.ambitions),
    ]


def test_of_efforts_only_what_was_handed_in_is_told_in_the_order_of_the_plan(stage: Stage) -> None:
    for position, text in ((0, "Alle scholen bellen"), (2, "Alle wijken bezoeken")):
        effort = Effort.objects.create(plan=stage.plan, theme=stage.themes["P1"], text=text, position=position)
        effort.goals.add(stage.goals["P1.2"])
    update = stage.update("P1.2", stage.open_round)
    done = Effort.objects.get(text="Alle projecten inventariseren")
    EffortUpdate.objects.create(update=update, effort=done, done=True, comment="Afgerond in mei")

    def efforts() -> list[tuple[str, bool, str]]:
        goal = next(goal for goal in told(stage).every_goal if goal.reference == "P1.2")
        return [(effort.text, effort.done, effort.comment) for effort in goal.efforts]

    first, last = ("Alle scholen bellen", False, ""), ("Alle wijken bezoeken", False, "")
    assert efforts() == [first, (done.text, True, "Afgerond in mei"), last]
    Update.objects.filter(pk=update.pk).update(state="draft")
    assert efforts() == [first, (done.text, False, ""), last]


def test_the_day_of_adoption_is_the_day_here(stage: Stage) -> None:
    """Half an hour before midnight in London it is the next day in Amsterdam."""
    moment = datetime.datetime(2024, 1, 31, 23, 30, tzinfo=datetime.UTC)
    round_ = ReportingRound(**{
        **{field.attname: getattr(stage.open_round, field.attname) for field in ReportingRound._meta.fields},
        "state": "adopted", "adopted_at": moment,
    })  # fmt: skip
    assert build_report(round_, today=DAY).adopted_on == "2024-02-01"
