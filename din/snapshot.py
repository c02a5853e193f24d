"""A plan as plain data, read in a constant number of queries, for comparing with a workbook."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar

from django.db import models
from django.db.models import QuerySet

from din.change_plan import Known, Snapshot
from din.models import Ambition, Effort, ErGoal, Goal, Plan, Programme, Theme
from din.quarters import quarter_of

T = TypeVar("T")
NO_LINES: frozenset[int] = frozenset()
NO_TAGS: frozenset[str] = frozenset()


def plan_before(programme: Programme, year: int) -> Plan | None:
    """The plan that a new plan of `year` follows: the latest before it that has no successor yet."""
    earlier = Plan.objects.filter(programme=programme, first_year__lt=year, successor__isnull=True)
    return earlier.order_by("-first_year").first()


def snapshot_of(programme: Programme, plan: Plan | None, before: Plan | None = None) -> Snapshot:
    """The plan and the themes of its programme. `plan` is None when there is no plan of that year yet.

    `before` is the plan that a new plan will follow; a plan that is there knows its own.
    """
    themes = tuple(
        Known(pk=pk, theme=None, text=name, number=number, kind=kind)
        for pk, name, number, kind in Theme.objects.filter(programme=programme).values_list(
            "pk", "name", "number", "kind"
        )
    )
    if plan is None:
        earlier = () if before is None else _earlier(Goal.objects.filter(plan=before))
        return Snapshot(themes=themes, earlier=earlier, held_themes=_held(programme))
    er_lines = _lines(ErGoal.ambitions.through, "ergoal_id", "ambition_id", plan)
    goal_lines = _lines(Goal.er_goals.through, "goal_id", "ergoal_id", plan)
    effort_lines = _lines(Effort.goals.through, "effort_id", "goal_id", plan)
    tag_rows = Goal.focus_areas.through.objects.filter(goal__plan=plan)
    tags: dict[int, frozenset[str]] = _gathered(tag_rows.values_list("goal_id", "focusarea__name"))
    # Plain values all through: making model instances of the rows would take most of the time.
    ambitions = tuple(
        Known(pk=pk, theme=theme, text=text, position=position, source=source)
        for pk, theme, text, position, source in Ambition.objects.filter(plan=plan).values_list(
            "pk", "theme_id", "text", "position", "source"
        )
    )
    er_goals = tuple(
        Known(pk=pk, theme=theme, text=text, lines=er_lines.get(pk, NO_LINES), position=position, source=source)
        for pk, theme, text, position, source in ErGoal.objects.filter(plan=plan).values_list(
            "pk", "theme_id", "text", "position", "source"
        )
    )
    goals = tuple(
        Known(
            pk=pk,
            theme=theme,
            text=text,
            number=number,
            deadline=quarter_of(deadline) if deadline else None,
            owner=owner,
            tags=tags.get(pk, NO_TAGS),
            lines=goal_lines.get(pk, NO_LINES),
            ended=ended_on is not None,
            position=position,
            source=source,
        )
        for pk, theme, text, number, deadline, owner, ended_on, position, source in Goal.objects.filter(
            plan=plan, kind=Goal.Kind.SMART_GOAL
        ).values_list("pk", "theme_id", "text", "number", "deadline", "owner__name", "ended_on", "position", "source")
    )
    efforts = tuple(
        Known(
            pk=pk,
            theme=theme,
            text=text,
            owner=lead,
            lines=effort_lines.get(pk, NO_LINES),
            position=position,
            source=source,
        )
        for pk, theme, text, lead, position, source in Effort.objects.filter(plan=plan).values_list(
            "pk", "theme_id", "text", "lead__name", "position", "source"
        )
    )
    used = {item.theme for level in (ambitions, er_goals, goals, efforts) for item in level if item.theme is not None}
    return Snapshot(
        themes=themes,
        theme_pks=frozenset(used),
        ambitions=ambitions,
        er_goals=er_goals,
        smart_goals=goals,
        efforts=efforts,
        held_themes=_held(programme) if plan.state == Plan.State.CONCEPT else frozenset(),
        earlier=()
        if plan.predecessor_id is None
        else _earlier(Goal.objects.filter(plan=plan.predecessor_id).exclude(successors__plan=plan)),
    )


def _held(programme: Programme) -> frozenset[int]:
    """The themes that a plan uses which is no concept any more."""
    plans = Plan.objects.filter(programme=programme).exclude(state=Plan.State.CONCEPT)
    levels: tuple[type[Ambition | ErGoal | Goal | Effort], ...] = (Ambition, ErGoal, Goal, Effort)
    first, *others = (level.objects.filter(plan__in=plans).order_by().values_list("theme") for level in levels)
    return frozenset(pk for (pk,) in first.union(*others) if pk is not None)


def _earlier(goals: QuerySet[Goal]) -> tuple[Known, ...]:
    rows = goals.filter(kind=Goal.Kind.SMART_GOAL).values_list("pk", "theme", "text", "number", "ended_on")
    return tuple(
        Known(pk=pk, theme=theme, text=text, number=number, ended=ended_on is not None)
        for pk, theme, text, number, ended_on in rows
    )


def _lines(through: type[models.Model], lower: str, upper: str, plan: Plan) -> dict[int, frozenset[int]]:
    """For each thing of the lower level in `plan` that has lines, what it is joined to on the level above."""
    rows = through._default_manager.filter(**{f"{lower.removesuffix('_id')}__plan": plan})
    return _gathered(rows.values_list(lower, upper))


def _gathered(rows: Iterable[tuple[int, T]]) -> dict[int, frozenset[T]]:
    """The second values of `rows`, by the first."""
    found: dict[int, set[T]] = defaultdict(set)
    for key, value in rows:
        found[key].add(value)
    return {key: frozenset(values) for key, values in found.items()}
