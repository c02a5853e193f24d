"""How a programme was divided on a day: its themes with their goals, as they were then."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from din.models import Goal, Programme, RecutMove, Theme
from din.permissions import Visitor
from din.recut import WHOLE_PROGRAMME


@dataclass(frozen=True)
class DividedGoal:
    """A goal as it stood in the division. `mark` says what the re-cut that is compared did with it, or is empty."""

    pk: int
    url: str
    reference: str
    text: str
    plan: str
    mark: str = ""


@dataclass(frozen=True)
class DividedTheme:
    """A theme with its goals on the day; `pk` None is the whole programme."""

    pk: int | None
    title: str
    goals: tuple[DividedGoal, ...]
    mark: str = ""


@dataclass(frozen=True)
class Division:
    """The themes of a programme on `day`, with the goals that had not ended by then."""

    day: datetime.date
    themes: tuple[DividedTheme, ...]

    @property
    def goal_count(self) -> int:
        return sum(len(theme.goals) for theme in self.themes)

    @property
    def empty_titles(self) -> tuple[str, ...]:
        """What is there without a goal, and without anything to say of it."""
        return tuple(theme.title for theme in self.themes if not theme.goals and not theme.mark)


def division_on(programme: Programme, day: datetime.date, *, user: Visitor) -> Division:
    """How `programme` was divided on `day`, of what `user` may read; in a constant number of queries.

    A goal that a later re-cut moved stands where the first of those took it from. Goals are those of the plans of the
    year of `day`.
    """
    goals = list(
        Goal.objects.readable_by(user)
        .filter(plan__programme=programme, plan__first_year__lte=day.year, plan__last_year__gte=day.year)
        .running(as_of=day)
        .with_place()
        .order_by("plan__first_year", "position", "pk")
    )
    before: dict[int, RecutMove] = {}
    later = RecutMove.objects.filter(recut__programme=programme, recut__day__gt=day)
    for move in later.order_by("-recut__day"):
        before[move.goal_id] = move
    themes = {theme.pk: theme for theme in Theme.objects.readable_by(user).filter(programme=programme)}
    there = set(Theme.objects.filter(programme=programme).there(as_of=day).values_list("pk", flat=True))
    placed: dict[int | None, list[tuple[int, DividedGoal]]] = {}
    for goal in goals:
        found = before.get(goal.pk)
        theme = found.from_theme_id if found else goal.theme_id
        reference = found.from_reference if found else goal.reference
        number = int(reference.rpartition(".")[2]) if reference[-1:].isdecimal() else 0
        line = DividedGoal(goal.pk, goal.get_absolute_url(), reference, goal.text, goal.plan.name)
        placed.setdefault(theme, []).append((number, line))
    shown = [theme for pk, theme in themes.items() if pk in placed or pk in there]
    shown.sort(key=lambda theme: (theme.position, theme.pk))
    divided = [DividedTheme(theme.pk, theme.title, _in_order(placed.get(theme.pk, []))) for theme in shown]
    if None in placed:
        divided.insert(0, DividedTheme(None, WHOLE_PROGRAMME, _in_order(placed[None])))
    return Division(day, tuple(divided))


def _in_order(goals: list[tuple[int, DividedGoal]]) -> tuple[DividedGoal, ...]:
    return tuple(goal for _, goal in sorted(goals, key=lambda pair: pair[0]))
