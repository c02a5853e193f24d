"""Gaps that a plan alone does not tell: they need the round that is shown, or the indicators of the programme."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q

from din.gaps import Gap, GapRule, goal_gap, goals_that_count
from din.models import Goal, Programme
from monitoring.goal_line import in_plan_order
from monitoring.measurable import names_a_number
from monitoring.models import Indicator, Measurement, Target
from monitoring.models.indicator import in_order
from monitoring.round_choice import RoundChoice, goals_shown
from monitoring.standing import WITHOUT_UPDATE

NOT_MEASURABLE = GapRule(
    "doel-niet-meetbaar",
    "Doel zonder iets om te meten",
    "Er hangt geen indicator aan, en tekst en beoogde resultaten noemen geen getal (een jaartal telt niet): zo is niet "
    "te zeggen of het doel is behaald.",
)
OVERDUE = GapRule(
    "deadline-voorbij",
    "Deadline voorbij zonder eindstatus",
    "De deadline is voorbij, en nog niet gezegd is of het doel is behaald, niet is behaald of is vervallen.",
)
NOT_REPORTED = GapRule(
    "opgave-zonder-voortgang",
    "Opgave zonder voortgang in de ronde",
    "Over deze opgave, maatregel of dit collegetarget leest de raad in deze ronde niets.",
)
NOT_MEASURED = GapRule(
    "indicator-zonder-meting",
    "Indicator zonder meting",
    "Wat niet wordt gemeten, laat niet zien hoe ver het programma is.",
)
WITHOUT_TARGET = GapRule(
    "indicator-zonder-streefwaarde",
    "Indicator zonder streefwaarde",
    "Zonder streefwaarde is een meting niet goed of slecht.",
)
ROUND_RULES = (NOT_MEASURABLE, OVERDUE, NOT_REPORTED, NOT_MEASURED, WITHOUT_TARGET)


def gaps_around(programme: Programme, choice: RoundChoice, *, as_of: datetime.date) -> list[Gap]:
    """What breaks the ROUND_RULES in the plan of `choice`, in the order of the plan, in a constant number of queries.

    Without a plan nothing does.
    """
    if choice.plan is None:
        return []
    has_indicator = Exists(Indicator.objects.filter(goals=OuterRef("pk")))
    goals = list(goals_that_count(choice.plan, as_of=as_of).annotate(has_indicator=has_indicator))
    return [
        *_not_measurable(goals),
        *_behind(goals, choice, as_of),
        *_bare_indicators(programme, as_of),
    ]


def _not_measurable(goals: Iterable[Any]) -> Iterator[Gap]:
    for goal in goals:
        told = f"{goal.text}\n{goal.description}\n{goal.intended_results}"
        if not goal.has_indicator and not names_a_number(told):
            yield goal_gap(NOT_MEASURABLE, goal)


def _behind(goals: Iterable[Goal], choice: RoundChoice, as_of: datetime.date) -> Iterator[Gap]:
    """Late is what the dashboard of the round calls late; without a round every deadline that has passed is."""
    counting = {goal.pk: goal for goal in goals}
    for shown in in_plan_order(goals_shown(choice, as_of=as_of)):
        goal = counting.get(shown.pk)
        if goal is None:
            continue
        if shown.late if choice.round is not None else goal.is_late(as_of=as_of):
            yield goal_gap(OVERDUE, goal)
        if shown.standing in WITHOUT_UPDATE and goal.kind != Goal.Kind.SMART_GOAL:
            yield goal_gap(NOT_REPORTED, goal)


def _bare_indicators(programme: Programme, as_of: datetime.date) -> Iterator[Gap]:
    """Indicators that hold values themselves: one of several parts has them in its parts. One of which every goal has
    ended does not count."""
    of_this = {"indicator": OuterRef("pk")}
    goals = Goal.objects.filter(Q(indicators=OuterRef("pk")) | Q(indicators=OuterRef("part_of")))
    indicators = (
        Indicator.objects.filter(programme=programme, parts=None)
        .filter(Exists(goals.running(as_of=as_of)) | ~Exists(goals))
        .annotate(
            is_measured=Exists(Measurement.objects.filter(**of_this)),
            has_target=Exists(Target.objects.in_force().filter(**of_this)),
        )
        .filter(Q(is_measured=False) | Q(has_target=False))
        .select_related("theme", "owner", "part_of__theme", "part_of__owner")
    )
    for indicator in in_order(indicators):
        if not indicator.is_measured:  # type: ignore[attr-defined]
            yield _indicator_gap(NOT_MEASURED, indicator)
        if not indicator.has_target:  # type: ignore[attr-defined]
            yield _indicator_gap(WITHOUT_TARGET, indicator)


def _indicator_gap(rule: GapRule, indicator: Indicator) -> Gap:
    """A part has the theme and the owner of the whole when it has none of its own."""
    whole = indicator.part_of
    return Gap(
        rule,
        "indicator",
        whole.pk if whole else indicator.pk,
        "",
        f"{whole.name}: {indicator.name}" if whole else indicator.name,
        indicator.theme or (whole.theme if whole else None),
        indicator.owner or (whole.owner if whole else None),
        part=indicator.pk if whole else None,
    )
