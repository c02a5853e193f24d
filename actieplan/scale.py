"""A synthetic data set for measuring: as many programmes, goals and rounds as asked for, all with progress.

Written in bulk, so without the history and the audit lines that the roads of the application leave. Every round but the
last is adopted, with its report.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from actieplan.models import User
from din.models import Ambition, Effort, ErGoal, Goal, Owner, Plan, Programme, Theme
from din.models.levels import Level, text_digest
from monitoring.models import ReportingRound, Update
from monitoring.report.build import composed
from monitoring.report.earlier_report import compared, earlier_report
from monitoring.report.editions import write_edition

SLUG = "schaal"
THEMES = 5
OWNERS = 10
GOALS_PER_ER_GOAL = 5
MOST_ROUNDS = 100
BATCH = 2_000
_WORDS = tuple(
    "jongeren wonen hulp school werk schulden begeleiding wijk loket aanpak samenwerking opvang zorg meedoen".split()  # noqa: SIM905
)
# As in a programme that goes reasonably well.
_STATUSES = [
    *(["on_track"] * 5),
    *(["achieved"] * 2),
    *(["delayed"] * 2),
    "at_risk",
    "not_started",
]


def make_scale(*, programmes: int, goals: int, rounds: int, manager: User | None = None) -> int:
    """Make `programmes` of `goals` goals and `rounds` rounds each, with `manager` for all; the number of updates.

    Each programme is written in a transaction of its own. The same arguments give the same texts and statuses.
    """
    for number in range(1, programmes + 1):
        with transaction.atomic():
            _make_programme(number, goals=goals, rounds=rounds, manager=manager)
    return programmes * goals * rounds


def _make_programme(number: int, *, goals: int, rounds: int, manager: User | None) -> None:
    chance = random.Random(number)  # noqa: S311 - texts to measure with, no secrets
    halves = _halves(rounds)
    programme = Programme.objects.create(
        name=f"Voorbeeldprogramma {number}",
        slug=f"{SLUG}-{number}",
        first_year=halves[0][0],
        last_year=halves[-1][0],
    )
    if manager is not None:
        programme.managers.add(manager)
    plan = Plan.objects.create(
        programme=programme,
        name=f"DIN {halves[0][0]}-{halves[-1][0]}",
        first_year=halves[0][0],
        last_year=halves[-1][0],
        state=Plan.State.ADOPTED,
    )
    made = _make_plan(programme, plan, goals, chance)
    made_rounds = _make_rounds(programme, plan, made, halves, chance)
    _adopt(made_rounds[:-1], made)


def _halves(rounds: int) -> list[tuple[int, int]]:
    """The years and halves of `rounds` rounds, the last of which is about this half year."""
    today = timezone.localdate()
    last = 2 * today.year + (today.month > 6)
    return [(half // 2, half % 2 + 1) for half in range(last - rounds + 1, last + 1)]


def _make_plan(programme: Programme, plan: Plan, count: int, chance: random.Random) -> list[Goal]:
    """A DIN with `count` goals, in themes, under ER-goals and ambitions, an effort each."""
    themes = Theme.objects.bulk_create(
        Theme(programme=programme, kind=Theme.Kind.PIJLER, number=number, name=f"Onderdeel {number}", position=number)
        for number in range(1, THEMES + 1)
    )
    owners = Owner.objects.bulk_create(
        Owner(programme=programme, name=f"Afdeling {number}") for number in range(1, OWNERS + 1)
    )
    ambitions = Ambition.objects.bulk_create(_level(Ambition, plan, theme, 1, chance) for theme in themes)
    er_goals = ErGoal.objects.bulk_create(
        _level(ErGoal, plan, themes[index % THEMES], index, chance) for index in range(-(-count // GOALS_PER_ER_GOAL))
    )
    goals = Goal.objects.bulk_create(
        (
            _level(
                Goal,
                plan,
                themes[index // GOALS_PER_ER_GOAL % THEMES],
                index,
                chance,
                number=index + 1,
                owner=owners[index % OWNERS],
                deadline=datetime.date(plan.last_year, 3 * chance.randint(1, 4), 28),
            )
            for index in range(count)
        ),
        batch_size=BATCH,
    )
    efforts = Effort.objects.bulk_create(
        (
            _level(Effort, plan, goal.theme, index, chance, lead=owners[index % OWNERS])
            for index, goal in enumerate(goals)
        ),
        batch_size=BATCH,
    )
    _link(ErGoal.ambitions.through, ("ergoal", "ambition"), zip(er_goals, (ambitions * count), strict=False))
    below = [(goal, er_goals[index // GOALS_PER_ER_GOAL]) for index, goal in enumerate(goals)]
    _link(Goal.er_goals.through, ("goal", "ergoal"), below)
    _link(Effort.goals.through, ("effort", "goal"), zip(efforts, goals, strict=True))
    return list(
        Goal.objects.filter(plan=plan)
        .with_place()
        .prefetch_related("efforts__lead", "er_goals", "focus_areas")
        .order_by("position")
    )


def _level(
    model: type[Level], plan: Plan, theme: Theme | None, position: int, chance: random.Random, **more: object
) -> Any:
    """An element of the plan; its number in the text keeps one from being another's double."""
    text = f"{_sentence(chance)} ({model._meta.verbose_name} {position}, voorbeeld)"
    return model(plan=plan, theme=theme, text=text, text_digest=text_digest(text), position=position, **more)


def _sentence(chance: random.Random) -> str:
    return " ".join(chance.choices(_WORDS, k=12)).capitalize()


def _link(line: type[Model], ends: tuple[str, str], pairs: Iterable[tuple[Model, Model]]) -> None:
    """Draw the lines from the first of each pair to the second."""
    first, second = ends
    line._default_manager.bulk_create(
        (line(**{f"{first}_id": one.pk, f"{second}_id": other.pk}) for one, other in pairs), batch_size=BATCH
    )


def _make_rounds(
    programme: Programme, plan: Plan, goals: Sequence[Goal], halves: Sequence[tuple[int, int]], chance: random.Random
) -> list[ReportingRound]:
    """The rounds, open, with a delivered update of every goal in each."""
    rounds = [
        ReportingRound(
            programme=programme,
            plan=plan,
            year=year,
            half=half,
            opens_on=datetime.date(year, 6 * half, 1),
            deadline=datetime.date(year, 6 * half, 30),
        )
        for year, half in halves
    ]
    rounds = ReportingRound.objects.bulk_create(rounds)
    Update.objects.bulk_create(
        (
            Update(
                round=round_,
                goal=goal,
                state=Update.State.APPROVED,
                status=chance.choice(_STATUSES),
                explanation=_sentence(chance),
                next_steps=_sentence(chance),
                version=1,
            )
            for round_ in rounds
            for goal in goals
        ),
        batch_size=BATCH,
    )
    ReportingRound.objects.filter(pk=rounds[-1].pk).update(state=ReportingRound.State.OPEN)
    return rounds


def _adopt(rounds: Sequence[ReportingRound], goals: Sequence[Goal]) -> None:
    """Adopt `rounds` on their deadline, each with the report of its updates."""
    goal_by_pk = {goal.pk: goal for goal in goals}
    previous: dict[int, Update] = {}
    for round_ in rounds:
        at = timezone.make_aware(datetime.datetime.combine(round_.deadline, datetime.time(12)))
        round_.state, round_.adopted_at = ReportingRound.State.ADOPTED, at
        round_.save(update_fields=["state", "adopted_at"])
        updates = list(Update.objects.filter(round=round_).prefetch_related("efforts"))
        for update in updates:
            update.goal = goal_by_pk[update.goal_id]
        document, told = composed(
            round_,
            updates,
            previous={update.pk: previous[update.goal_id] for update in updates if update.goal_id in previous},
            ended=(),
            day=round_.reference_day(today=round_.deadline),
        )
        document = compared(document, told, earlier_report(round_))
        write_edition(round_, document, [(goal.pk, goal.theme_id, goal.owner_id) for goal in told], actor=None, at=at)
        previous = {update.goal_id: update for update in updates}
