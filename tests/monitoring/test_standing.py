"""How a goal stands in a round: the rule on which dashboards, lists and goal pages build."""

import datetime

import pytest

from din.models import Goal
from monitoring.goal_line import goal_lines
from monitoring.models import ReportedGoal, Update
from monitoring.report.build import build_report
from monitoring.standing import LABELS, goals_in, goals_of
from monitoring.status_bar import make_bar
from tests.cast import Stage, adopt, make_round, make_updates
from tests.guards import unguarded

TODAY = datetime.date(2024, 1, 15)


def standings(stage: Stage, which: str, as_of: datetime.date = TODAY) -> dict[str, tuple[str, bool]]:
    round_ = getattr(stage, which)
    return {goal.reference: (goal.standing, goal.late) for goal in goals_in([round_], as_of=as_of)}


def test_in_an_adopted_round_a_goal_stands_as_its_update_says(stage: Stage) -> None:
    assert standings(stage, "adopted_round") == {
        "P1.1": ("achieved", False),
        "P1.2": ("delayed", False),
        "P1.3": ("on_track", False),
        "P4.1": ("at_risk", True),
        "P4.2": ("not_delivered", False),
        "P4.3": ("dropped", False),
        "P4.11": ("on_track", False),
        "": ("not_started", False),
    }


def test_in_a_running_round_only_what_was_handed_in_counts(stage: Stage) -> None:
    assert standings(stage, "open_round") == {
        "P1.1": ("achieved", False),
        "P1.2": ("at_risk", True),
        "P1.3": ("awaited", False),
        "P4.1": ("awaited", True),
        "P4.2": ("awaited", True),
        "P4.3": ("dropped", False),
        "P4.11": ("not_delivered", False),
        "": ("awaited", False),
    }


@pytest.mark.parametrize("state", Update.State.values)
@pytest.mark.parametrize("status", Update.Status.values)
def test_late_is_what_the_update_itself_calls_late(stage: Stage, state: str, status: str) -> None:
    update = stage.update("P4.2", stage.open_round)
    update.state, update.status, update.explanation = state, status, "Waarom"
    update.return_reason = update.not_delivered_reason = "Waarom"
    update.save()
    day = stage.open_round.reference_day(today=TODAY)
    assert standings(stage, "open_round")["P4.2"][1] == update.is_late(as_of=day, last_status="")


def test_a_goal_is_late_the_day_after_its_deadline_and_not_on_it(stage: Stage) -> None:
    assert not standings(stage, "open_round", datetime.date(2023, 9, 30))["P4.2"][1]
    assert standings(stage, "open_round", datetime.date(2023, 10, 1))["P4.2"][1]


def test_lateness_is_never_judged_after_the_half_year_of_the_round(stage: Stage) -> None:
    assert stage.adopted_round.reference_day(today=TODAY) == datetime.date(2023, 6, 30)
    assert stage.open_round.reference_day(today=datetime.date(2023, 8, 1)) == datetime.date(2023, 8, 1)


def test_a_goal_that_ends_after_the_adopted_round_keeps_its_status_there(stage: Stage) -> None:
    goal = stage.goals["P1.3"]
    goal.ended_on, goal.ended_reason = datetime.date(2023, 8, 1), "Opgegaan in een ander doel"
    goal.save()
    assert standings(stage, "adopted_round")["P1.3"] == ("on_track", False)
    assert standings(stage, "open_round")["P1.3"] == ("dropped", False)


def test_a_goal_has_ended_from_its_day_on(stage: Stage) -> None:
    goal = stage.goals["P1.3"]
    goal.ended_on, goal.ended_reason = datetime.date(2023, 10, 1), "Opgegaan in een ander doel"
    goal.save()
    assert standings(stage, "open_round", datetime.date(2023, 9, 30))["P1.3"] == ("awaited", False)
    assert standings(stage, "open_round", datetime.date(2023, 10, 1))["P1.3"] == ("dropped", False)


def test_an_ended_goal_is_neither_late_nor_without_update(stage: Stage) -> None:
    goal = stage.goals["P4.2"]
    goal.ended_on, goal.ended_reason = datetime.date(2023, 11, 1), "Het loket is gesloten"
    goal.save()
    assert standings(stage, "open_round")["P4.2"] == ("dropped", False)


def test_a_goal_that_came_after_the_adoption_is_not_in_the_adopted_round(stage: Stage) -> None:
    Goal.objects.create(plan=stage.plan, theme=stage.themes["P1"], number=9, text="Een nieuw doel")
    assert "P1.9" not in standings(stage, "adopted_round")
    assert standings(stage, "open_round")["P1.9"] == ("awaited", False)


def test_what_asks_attention_is_in_danger_delayed_or_late(stage: Stage) -> None:
    found = {line.reference for line in goal_lines(goals_in([stage.open_round], as_of=TODAY)) if line.attention}
    assert found == {"P1.2", "P4.1", "P4.2"}


def test_without_a_round_nothing_stands_and_nothing_is_late(stage: Stage) -> None:
    goals = list(goals_of(stage.plan))
    assert len(goals) == 8
    assert {(goal.standing, goal.late) for goal in goals} == {("", False)}
    assert list(goals_of(None)) == []


@pytest.mark.parametrize("which", ["open_round", "adopted_round"])
def test_the_standings_come_from_two_queries(stage: Stage, django_assert_num_queries, which: str) -> None:
    with django_assert_num_queries(2):
        assert len(list(goals_in([getattr(stage, which)], as_of=TODAY))) == 8
    with django_assert_num_queries(0):
        assert list(goals_in([], as_of=TODAY)) == []


def test_running_and_adopted_rounds_are_read_apart(stage: Stage) -> None:
    with pytest.raises(ValueError, match="apart"):
        goals_in([stage.open_round, stage.adopted_round], as_of=TODAY)


def test_every_status_has_a_word_and_a_place_in_the_bar() -> None:
    assert set(Update.Status.values) < set(LABELS)


def test_the_widths_of_a_bar_fill_it_and_its_counts_add_up() -> None:
    bar = make_bar({"on_track": 1, "delayed": 1, "awaited": 1, "achieved": 0})
    assert [segment.status for segment in bar.segments] == ["on_track", "delayed", "awaited"]
    assert bar.total == 3
    assert sum(segment.width for segment in bar.segments) == pytest.approx(100, abs=0.05)
    assert bar.segments[0].x == 0
    assert bar.segments[2].x == pytest.approx(66.67)


def test_a_bar_of_nothing_is_empty() -> None:
    assert make_bar({}).segments == ()


@pytest.mark.parametrize(("last", "late"), [("achieved", False), ("not_achieved", False), ("delayed", True)])
def test_what_was_settled_in_an_earlier_round_is_not_late_in_the_next(stage: Stage, last: str, late: bool) -> None:
    adopted = stage.update("P4.2", stage.adopted_round)
    with unguarded():
        Update.objects.filter(pk=adopted.pk).update(state="approved", status=last, explanation="Zo ging het")
        ReportedGoal.objects.filter(goal=adopted.goal_id).update(state="approved", status=last)
    assert standings(stage, "open_round")["P4.2"] == ("awaited", late)
    document = build_report(stage.open_round, today=TODAY)
    assert {goal.reference: goal.late for theme in document.themes for goal in theme.goals}["P4.2"] is late
    # Once something is delivered in this round, that is what counts.
    Update.objects.filter(goal=stage.goals["P4.2"], round=stage.open_round).update(state="submitted", status="on_track")
    assert standings(stage, "open_round")["P4.2"][1] is True


def test_what_was_settled_before_a_round_in_which_nothing_came_in_is_not_late(stage: Stage) -> None:
    earlier = make_round(stage.plan, 2022, 2, state="planned")
    make_updates(earlier, [stage.goals["P4.2"]], state="approved", status="achieved")
    assert standings(stage, "open_round")["P4.2"] == ("awaited", True)
    adopt(earlier)
    assert standings(stage, "adopted_round")["P4.2"][0] == "not_delivered"
    assert standings(stage, "open_round")["P4.2"] == ("awaited", False)


@pytest.mark.parametrize(("first", "last", "late"), [("achieved", "on_track", True), ("on_track", "achieved", False)])
def test_of_two_earlier_rounds_the_later_one_counts(stage: Stage, first: str, last: str, late: bool) -> None:
    for half, status in ((1, first), (2, last)):
        earlier = make_round(stage.plan, 2022, half, state="planned")
        make_updates(earlier, [stage.goals["P4.2"]], state="approved", status=status)
        adopt(earlier)
    assert standings(stage, "open_round")["P4.2"] == ("awaited", late)


def test_a_later_round_does_not_reach_back(stage: Stage) -> None:
    open_update = stage.update("P4.1", stage.open_round)
    Update.objects.filter(pk=open_update.pk).update(state="approved", status="achieved")
    assert standings(stage, "adopted_round")["P4.1"][1] is True
