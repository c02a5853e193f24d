"""The deadlines of the coming half year."""

import datetime

import pytest

from din.models import Goal
from monitoring.goal_line import goal_lines
from monitoring.quarter_line import MOST_LINES, build_quarter_line, quarters_ahead
from monitoring.round_choice import choose_round, goals_shown
from tests.cast import Stage, make_goals, make_updates
from tests.conftest import LogIn


@pytest.mark.parametrize(
    ("day", "quarters"),
    [
        ("2023-06-30", ("2023-Q3", "2023-Q4")),
        ("2023-12-31", ("2024-Q1", "2024-Q2")),
        ("2023-07-01", ("2023-Q3", "2023-Q4", "2024-Q1")),
        ("2023-09-29", ("2023-Q3", "2023-Q4", "2024-Q1")),
        ("2024-02-29", ("2024-Q1", "2024-Q2", "2024-Q3")),
    ],
)
def test_the_half_year_after_a_day(day: str, quarters: tuple[str, ...]) -> None:
    assert quarters_ahead(datetime.date.fromisoformat(day)) == quarters


def test_every_day_of_the_half_year_lies_in_its_quarters() -> None:
    for offset in range(800):
        day = datetime.date(2023, 1, 1) + datetime.timedelta(days=offset)
        ahead = {f"{d.year}-Q{(d.month + 2) // 3}" for n in range(1, 182) for d in [day + datetime.timedelta(days=n)]}
        assert ahead <= set(quarters_ahead(day)), day
        assert len(quarters_ahead(day)) <= 3


def test_goals_stand_under_the_quarter_of_their_deadline(stage: Stage, log_in: LogIn) -> None:
    choice = choose_round(stage.programme, user=stage.people.owner, value="2023-H1")
    lines = goal_lines(goals_shown(choice, as_of=datetime.date(2024, 1, 15)))
    third, fourth = build_quarter_line(stage.programme, choice, lines, as_of=datetime.date(2023, 6, 30))
    assert [line.reference for line in third.lines] == ["P4.2"]
    assert [line.reference for line in fourth.lines] == ["P4.11"]
    client = log_in(stage.people.owner)
    for quarter in (third, fourth):
        found = client.get(quarter.url).context["goal_list"]
        assert [line.reference for line in found.lines] == [line.reference for line in quarter.lines]


def test_of_a_quarter_the_goals_that_ask_care_are_named(stage: Stage) -> None:
    day = datetime.date(2023, 12, 31)
    make_updates(
        stage.open_round,
        make_goals(stage.plan, MOST_LINES, theme=stage.themes["P1"]),
        state="submitted",
        status="on_track",
    )
    late = make_goals(stage.plan, 2, theme=stage.themes["P4"], first=200)
    for goal, status in zip(late, ("delayed", "at_risk"), strict=True):
        make_updates(stage.open_round, [goal], state="submitted", status=status, explanation="Het loopt uit")
    Goal.objects.filter(number__gte=100).update(deadline=datetime.date(2024, 3, 31))
    choice = choose_round(stage.programme, user=stage.people.owner)
    lines = goal_lines(goals_shown(choice, as_of=day))
    first = build_quarter_line(stage.programme, choice, lines, as_of=day)[0]
    assert [line.reference for line in first.lines] == ["P4.201", "P4.200", "P1.100", "P1.101", "P1.102"]


def test_the_quarter_that_runs_is_counted_as_the_list_shows_it(stage: Stage, log_in: LogIn) -> None:
    day = datetime.date(2023, 8, 15)
    passed = make_goals(stage.plan, 2, theme=stage.themes["P1"])
    for goal in passed:
        goal.deadline = datetime.date(2023, 7, 31)
        goal.save()
    choice = choose_round(stage.programme, user=stage.people.owner)
    quarters = build_quarter_line(stage.programme, choice, goal_lines(goals_shown(choice, as_of=day)), as_of=day)
    assert [quarter.count for quarter in quarters] == [3, 1, 0]
    client = log_in(stage.people.owner)
    for quarter in quarters[:2]:
        assert client.get(quarter.url).context["goal_list"].shown == quarter.count


def test_without_a_deadline_ahead_there_is_no_line(stage: Stage) -> None:
    choice = choose_round(stage.programme, user=stage.people.owner)
    lines = goal_lines(goals_shown(choice, as_of=datetime.date(2030, 1, 15)))
    assert build_quarter_line(stage.programme, choice, lines, as_of=datetime.date(2030, 1, 15)) == ()


@pytest.mark.parametrize("count", [2, 40])
def test_many_deadlines_are_counted_and_a_few_are_named(stage: Stage, django_assert_num_queries, count: int) -> None:
    extra = make_goals(stage.plan, count, theme=stage.themes["P1"])
    for goal in extra:
        goal.deadline = datetime.date(2024, 3, 31)
        goal.save()
    choice = choose_round(stage.programme, user=stage.people.owner)
    lines = goal_lines(goals_shown(choice, as_of=datetime.date(2024, 1, 15)))
    with django_assert_num_queries(0):
        first, second = build_quarter_line(stage.programme, choice, lines, as_of=datetime.date(2023, 12, 31))
    assert (first.count, len(first.lines)) == (count, min(count, MOST_LINES))
    assert (second.count, second.lines) == (0, ())
