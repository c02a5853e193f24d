"""Gaps in a plan: what the plan itself tells to be missing. What has ended does not count."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q

from din.models import Ambition, Effort, ErGoal, Goal, Owner, Plan, Theme
from din.models.levels import GoalQuerySet


@dataclass(frozen=True)
class GapRule:
    """A rule that a plan should meet, the name of what breaks it, and why that matters in one sentence."""

    key: str
    title: str
    why: str


@dataclass(frozen=True)
class Gap:
    """One thing that breaks a rule. `model` is the name of what it is: ambition, ergoal, goal, effort, indicator.

    Of a part of an indicator `pk` is the indicator, which has the page, and `part` the part, which has the forms.
    """

    rule: GapRule
    model: str
    pk: int
    reference: str
    text: str
    theme: Theme | None
    owner: Owner | None
    part: int | None = None


AMBITION_WITHOUT_ER_GOAL = GapRule(
    "ambitie-zonder-er-doel",
    "Ambitie zonder ER-doel",
    "Aan deze ambitie werkt nog niemand: er is geen ER-doel dat eraan bijdraagt.",
)
ER_GOAL_WITHOUT_GOAL = GapRule(
    "er-doel-zonder-doel",
    "ER-doel zonder SMART-doel",
    "Zonder SMART-doel is niet te volgen of dit ER-doel dichterbij komt.",
)
GOAL_WITHOUT_EFFORT = GapRule(
    "doel-zonder-inspanning",
    "SMART-doel zonder inspanning",
    "Het plan noemt niets dat gedaan wordt om dit doel te halen.",
)
EFFORT_WITHOUT_GOAL = GapRule(
    "inspanning-zonder-doel",
    "Inspanning die nergens aan bijdraagt",
    "Er wordt werk gedaan waarvan het plan niet zegt waarvoor.",
)
GOAL_WITHOUT_DEADLINE = GapRule(
    "doel-zonder-deadline",
    "Doel zonder deadline",
    "Zonder deadline is een doel nooit te laat, en valt uitstel niet op.",
)
GOAL_WITHOUT_OWNER = GapRule(
    "doel-zonder-eigenaar",
    "Doel zonder eigenaar",
    "Niemand legt de voortgang van dit doel vast.",
)
PLAN_RULES = (
    AMBITION_WITHOUT_ER_GOAL,
    ER_GOAL_WITHOUT_GOAL,
    GOAL_WITHOUT_EFFORT,
    EFFORT_WITHOUT_GOAL,
    GOAL_WITHOUT_DEADLINE,
    GOAL_WITHOUT_OWNER,
)


def gaps_in(plan: Plan, *, as_of: datetime.date) -> list[Gap]:
    """What breaks the PLAN_RULES in `plan`, in the order of the plan, in four queries.

    An ER-goal whose goals have all ended is without a goal. An effort for goals that have all ended is no gap: it has
    ended with them. What belongs to no DIN, such as an opgave, needs no effort; in a plan of nothing else an ambition
    needs no ER-goal.
    """
    return [*_loose_levels(plan, as_of), *_incomplete_goals(plan, as_of)]


def goal_gap(rule: GapRule, goal: Goal) -> Gap:
    """A goal that breaks `rule`, read with its theme and its owner."""
    return Gap(rule, "goal", goal.pk, goal.reference, goal.text, goal.theme, goal.owner)


def goals_that_count(plan: Plan, *, as_of: datetime.date) -> GoalQuerySet:
    """The goals of `plan` that had not ended, each with theme and owner, in the order of the plan."""
    theme_first = F("theme__position").asc(nulls_first=True)
    running = Goal.objects.filter(plan=plan).running(as_of=as_of).select_related("theme", "owner")
    return running.order_by(theme_first, "theme_id", "position", "pk")


def _loose_levels(plan: Plan, as_of: datetime.date) -> Iterator[Gap]:
    here: dict[str, Plan] = {"plan": plan}
    goals = Goal.objects.filter(**here)
    is_din = Exists(goals.filter(kind=Goal.Kind.SMART_GOAL)) | ~Exists(goals)
    ambitions = Ambition.objects.filter(is_din, er_goals=None, **here).select_related("theme")
    for ambition in ambitions.order_by("position", "pk"):
        yield _gap(AMBITION_WITHOUT_ER_GOAL, ambition)
    running = Goal.objects.filter(er_goals=OuterRef("pk")).running(as_of=as_of)
    er_goals = ErGoal.objects.filter(~Exists(running), **here).select_related("theme")
    for er_goal in er_goals.order_by("position", "pk"):
        yield _gap(ER_GOAL_WITHOUT_GOAL, er_goal)
    efforts = Effort.objects.filter(goals=None, **here).select_related("theme", "lead")
    for effort in efforts.order_by("position", "pk"):
        yield _gap(EFFORT_WITHOUT_GOAL, effort, owner=effort.lead)


def _gap(rule: GapRule, level: Ambition | ErGoal | Effort, *, owner: Owner | None = None) -> Gap:
    return Gap(rule, type(level).__name__.lower(), level.pk, "", level.text, level.theme, owner)


def _incomplete_goals(plan: Plan, as_of: datetime.date) -> Iterator[Gap]:
    without_effort = Q(kind=Goal.Kind.SMART_GOAL, has_effort=False)
    goals: Iterable[Goal] = (
        goals_that_count(plan, as_of=as_of)
        .annotate(has_effort=Exists(Effort.objects.filter(goals=OuterRef("pk"))))
        .filter(without_effort | Q(deadline=None) | Q(owner=None))
    )
    for goal in goals:
        if goal.kind == Goal.Kind.SMART_GOAL and not goal.has_effort:  # type: ignore[attr-defined]
            yield goal_gap(GOAL_WITHOUT_EFFORT, goal)
        if goal.deadline is None:
            yield goal_gap(GOAL_WITHOUT_DEADLINE, goal)
        if goal.owner is None:
            yield goal_gap(GOAL_WITHOUT_OWNER, goal)
