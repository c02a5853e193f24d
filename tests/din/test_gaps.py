"""What a plan itself tells to be missing."""

from __future__ import annotations

import datetime

import pytest

from din.gaps import (
    AMBITION_WITHOUT_ER_GOAL,
    EFFORT_WITHOUT_GOAL,
    ER_GOAL_WITHOUT_GOAL,
    GOAL_WITHOUT_DEADLINE,
    GOAL_WITHOUT_EFFORT,
    GOAL_WITHOUT_OWNER,
    PLAN_RULES,
    GapRule,
    gaps_in,
)
from din.models import Ambition, Effort, ErGoal, Goal
from tests.cast import Stage, make_plan

TODAY = datetime.date(2024, 1, 15)


def found(stage: Stage, rule: GapRule) -> list[str]:
    """What breaks `rule`: the reference of a goal, the beginning of another text."""
    return [gap.reference or gap.text[:12] for gap in gaps_in(stage.plan, as_of=TODAY) if gap.rule == rule]


def test_the_gaps_of_the_plan(stage: Stage) -> None:
    assert {rule.key: found(stage, rule) for rule in PLAN_RULES} == {
        "ambitie-zonder-er-doel": [],
        "er-doel-zonder-doel": ["Sneller hulp"],
        "doel-zonder-inspanning": ["P1.3", "P4.2", "P4.11", "Jongeren den"],
        "inspanning-zonder-doel": ["Een folder o"],
        "doel-zonder-deadline": ["Jongeren den"],
        "doel-zonder-eigenaar": ["Jongeren den"],
    }


def test_an_ambition_that_no_er_goal_serves(stage: Stage) -> None:
    Ambition.objects.create(plan=stage.plan, text="Een stad zonder schulden")
    assert found(stage, AMBITION_WITHOUT_ER_GOAL) == ["Een stad zon"]


def test_an_ambition_needs_an_er_goal_in_a_din_only(stage: Stage) -> None:
    plan = make_plan(stage.programme, year=2024)
    Ambition.objects.create(plan=plan, text="Iedereen heeft een huis")

    def gaps() -> list[GapRule]:
        return [gap.rule for gap in gaps_in(plan, as_of=TODAY) if gap.rule == AMBITION_WITHOUT_ER_GOAL]

    # A DIN that is still being written.
    assert gaps() == [AMBITION_WITHOUT_ER_GOAL]
    goal = Goal.objects.create(plan=plan, text="Wonen eerst", kind=Goal.Kind.OPGAVE)
    assert gaps() == []
    goal.kind = Goal.Kind.SMART_GOAL
    goal.save()
    assert gaps() == [AMBITION_WITHOUT_ER_GOAL]


def test_an_er_goal_of_which_the_goals_have_ended(stage: Stage) -> None:
    er_goal = ErGoal.objects.get(text__startswith="Sneller")
    er_goal.goals.add(stage.goals["P4.3"])
    assert found(stage, ER_GOAL_WITHOUT_GOAL) == ["Sneller hulp"]
    er_goal.goals.add(stage.goals["P4.2"])
    assert found(stage, ER_GOAL_WITHOUT_GOAL) == []


def test_an_effort_for_a_goal_that_has_ended_is_no_gap(stage: Stage) -> None:
    Effort.objects.get(text__startswith="Een folder").goals.add(stage.goals["P4.3"])
    assert found(stage, EFFORT_WITHOUT_GOAL) == []


@pytest.mark.parametrize("rule", [GOAL_WITHOUT_EFFORT, GOAL_WITHOUT_DEADLINE, GOAL_WITHOUT_OWNER])
def test_a_goal_that_has_ended_does_not_count_from_that_day(stage: Stage, rule: GapRule) -> None:
    goal = stage.goals[""]
    goal.ended_reason = "Opgegaan in iets anders"
    for ended_on, counts in [(TODAY + datetime.timedelta(1), True), (TODAY, False)]:
        goal.ended_on = ended_on
        goal.save()
        assert ("Jongeren den" in found(stage, rule)) is counts


def test_an_opgave_needs_no_effort(stage: Stage) -> None:
    Goal.objects.filter(pk=stage.goals["P4.11"].pk).update(kind=Goal.Kind.OPGAVE)
    assert "P4.11" not in found(stage, GOAL_WITHOUT_EFFORT)


def test_a_goal_with_many_efforts_is_told_once(stage: Stage) -> None:
    goal = stage.goals["P4.1"]
    goal.deadline = None
    goal.save()
    Effort.objects.get(text__startswith="Een folder").goals.add(goal)
    assert found(stage, GOAL_WITHOUT_DEADLINE) == ["P4.1", "Jongeren den"]


def test_the_goals_stand_in_the_order_of_the_plan(stage: Stage) -> None:
    Goal.objects.filter(pk=stage.goals["P1.3"].pk).update(position=99)
    Goal.objects.filter(pk=stage.goals["P4.2"].pk).update(theme=None)
    assert found(stage, GOAL_WITHOUT_EFFORT) == ["2", "P1.3", "P4.11", "Jongeren den"]


def test_a_gap_knows_who_it_belongs_to(stage: Stage) -> None:
    by_rule = {gap.rule: gap for gap in gaps_in(stage.plan, as_of=TODAY)}
    effort, er_goal = by_rule[EFFORT_WITHOUT_GOAL], by_rule[ER_GOAL_WITHOUT_GOAL]
    assert (effort.owner, effort.theme, effort.model) == (stage.neighbours, stage.themes["P4"], "effort")
    assert (er_goal.owner, er_goal.theme, er_goal.model) == (None, stage.themes["P4"], "ergoal")


def test_the_gaps_of_another_plan_are_not_told(stage: Stage) -> None:
    assert gaps_in(make_plan(stage.programme, year=2030), as_of=TODAY) == []


def test_the_gaps_are_read_in_four_queries(stage: Stage, django_assert_num_queries) -> None:
    for code in ("P1", "P4"):
        Ambition.objects.create(plan=stage.plan, theme=stage.themes[code], text=f"Nog een ambitie van {code}")
    with django_assert_num_queries(4):
        assert {gap.theme for gap in gaps_in(stage.plan, as_of=TODAY)} == set(stage.themes.values())
