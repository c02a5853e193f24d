"""The page of one theme: its ambitions, its ER-goals with the goals under them, and how those stand."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass

from din.models import Ambition, ErGoal, Goal, Programme, Theme
from monitoring.dashboard import day_shown, theme_url, themes_of
from monitoring.goal_line import GoalLine, goal_lines
from monitoring.goal_list import goals_url
from monitoring.quarter_line import Quarter, build_quarter_line
from monitoring.round_choice import RoundChoice, goals_shown
from monitoring.standing_rows import Tally
from monitoring.status_bar import StatusBar, make_bar
from monitoring.trend import Trend, build_trend


@dataclass(frozen=True)
class ErGoalBlock:
    """An ER-goal, the ambitions it serves, and the goals that work on it."""

    text: str
    ambitions: tuple[str, ...]
    goals: tuple[GoalLine, ...]


@dataclass(frozen=True)
class Neighbour:
    title: str
    url: str


@dataclass(frozen=True)
class ThemePage:
    """`other_goals` are the goals of the theme that work on no ER-goal, as in a plan without ER-goals."""

    title: str
    bar: StatusBar
    total: int
    late: int
    without_update: int
    goals_url: str
    late_url: str
    ambitions: tuple[str, ...]
    er_goals: tuple[ErGoalBlock, ...]
    other_goals: tuple[GoalLine, ...]
    previous: Neighbour | None
    next: Neighbour | None
    trend: Trend
    quarters: tuple[Quarter, ...]


def build_theme_page(programme: Programme, theme: Theme, choice: RoundChoice, *, as_of: datetime.date) -> ThemePage:
    """The page of `theme` for `choice`, in a number of queries that does not depend on the goals.

    A goal that works on two ER-goals is named under both, and counted once. Under an ER-goal of the theme also stand
    the goals of other themes that work on it; those do not count here.
    """
    plan = choice.plan
    er_goals = list(
        ErGoal.objects.filter(plan=plan, theme=theme).prefetch_related("ambitions").order_by("position", "pk")
    )
    lines_up = Goal.er_goals.through.objects.filter(ergoal__in=er_goals).values_list("ergoal_id", "goal_id")
    goals_by_er_goal: defaultdict[int, set[int]] = defaultdict(set)
    for er_goal_pk, goal_pk in lines_up:
        goals_by_er_goal[er_goal_pk].add(goal_pk)
    linked = set().union(*goals_by_er_goal.values())
    every = goal_lines(goals_shown(choice, as_of=as_of))
    lines = [line for line in every if line.theme_pk == theme.pk or line.pk in linked]
    own = [line for line in lines if line.theme_pk == theme.pk]
    tally = Tally.of_lines(own)
    themes = themes_of(programme, choice, {line.theme_pk: line.theme for line in every})
    place = next((index for index, (other, _) in enumerate(themes) if other == theme), None)

    def neighbour(index: int) -> Neighbour | None:
        if place is None or not 0 <= index < len(themes):
            return None
        other, title = themes[index]
        return Neighbour(title, theme_url(programme, other, choice))

    return ThemePage(
        title=theme.title if place is None else themes[place][1],
        bar=make_bar(tally.standings if choice.round else {}),
        total=tally.total,
        late=tally.late,
        without_update=tally.without_update,
        goals_url=goals_url(programme, choice, onderdeel=theme.pk),
        late_url=goals_url(programme, choice, onderdeel=theme.pk, laat="on"),
        ambitions=tuple(
            Ambition.objects.filter(plan=plan, theme=theme).order_by("position", "pk").values_list("text", flat=True)
        ),
        er_goals=tuple(
            ErGoalBlock(
                text=er_goal.text,
                ambitions=tuple(ambition.text for ambition in er_goal.ambitions.all()),
                goals=tuple(line for line in lines if line.pk in goals_by_er_goal[er_goal.pk]),
            )
            for er_goal in er_goals
        ),
        other_goals=tuple(line for line in own if line.pk not in linked),
        previous=None if place is None else neighbour(place - 1),
        next=None if place is None else neighbour(place + 1),
        trend=build_trend(programme, choice, tally, theme=theme),
        quarters=build_quarter_line(programme, choice, own, as_of=day_shown(choice, as_of=as_of), onderdeel=theme.pk),
    )
