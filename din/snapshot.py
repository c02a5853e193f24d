"""A plan as plain data, read in a constant number of queries, for comparing with a workbook."""

from collections import defaultdict

from django.db.models import QuerySet

from din.change_plan import Known, Snapshot
from din.models import Ambition, Effort, ErGoal, Goal, Plan, Programme, Theme
from din.quarters import quarter_of


def plan_before(programme: Programme, year: int) -> Plan | None:
    """The plan that a new plan of `year` follows: the latest before it that has no successor yet."""
    earlier = Plan.objects.filter(programme=programme, first_year__lt=year, successor__isnull=True)
    return earlier.order_by("-first_year").first()


def snapshot_of(programme: Programme, plan: Plan | None, before: Plan | None = None) -> Snapshot:
    """The plan and the themes of its programme. `plan` is None when there is no plan of that year yet.

    `before` is the plan that a new plan will follow; a plan that is there knows its own.
    """
    themes = tuple(
        Known(pk=theme.pk, theme=None, text=theme.name, number=theme.number, kind=theme.kind)
        for theme in Theme.objects.filter(programme=programme)
    )
    if plan is None:
        return Snapshot(themes=themes, earlier=() if before is None else _earlier(Goal.objects.filter(plan=before)))
    er_lines = _lines(ErGoal.ambitions.through, "ergoal_id", "ambition_id", plan)
    goal_lines = _lines(Goal.er_goals.through, "goal_id", "ergoal_id", plan)
    effort_lines = _lines(Effort.goals.through, "effort_id", "goal_id", plan)
    tags: dict[int, set[str]] = defaultdict(set)
    tag_rows = Goal.focus_areas.through.objects.filter(goal__plan=plan)
    for goal_pk, name in tag_rows.values_list("goal_id", "focusarea__name"):
        tags[goal_pk].add(name)
    ambitions = tuple(
        Known(pk=item.pk, theme=item.theme_id, text=item.text) for item in Ambition.objects.filter(plan=plan)
    )
    er_goals = tuple(
        Known(pk=item.pk, theme=item.theme_id, text=item.text, lines=frozenset(er_lines[item.pk]))
        for item in ErGoal.objects.filter(plan=plan)
    )
    goals = tuple(
        Known(
            pk=item.pk,
            theme=item.theme_id,
            text=item.text,
            number=item.number,
            deadline=quarter_of(item.deadline) if item.deadline else None,
            owner=item.owner.name if item.owner else None,
            tags=frozenset(tags[item.pk]),
            lines=frozenset(goal_lines[item.pk]),
            ended=item.ended_on is not None,
        )
        for item in Goal.objects.filter(plan=plan, kind=Goal.Kind.SMART_GOAL).select_related("owner")
    )
    efforts = tuple(
        Known(
            pk=item.pk,
            theme=item.theme_id,
            text=item.text,
            owner=item.lead.name if item.lead else None,
            lines=frozenset(effort_lines[item.pk]),
        )
        for item in Effort.objects.filter(plan=plan).select_related("lead")
    )
    used = {item.theme for level in (ambitions, er_goals, goals, efforts) for item in level if item.theme is not None}
    return Snapshot(
        themes=themes,
        theme_pks=frozenset(used),
        ambitions=ambitions,
        er_goals=er_goals,
        smart_goals=goals,
        efforts=efforts,
        earlier=()
        if plan.predecessor_id is None
        else _earlier(Goal.objects.filter(plan=plan.predecessor_id).exclude(successors__plan=plan)),
    )


def _earlier(goals: QuerySet[Goal]) -> tuple[Known, ...]:
    rows = goals.filter(kind=Goal.Kind.SMART_GOAL).values_list("pk", "theme", "text", "number", "ended_on")
    return tuple(
        Known(pk=pk, theme=theme, text=text, number=number, ended=ended_on is not None)
        for pk, theme, text, number, ended_on in rows
    )


def _lines(through: type, lower: str, upper: str, plan: Plan) -> dict[int, set[int]]:
    """For each thing of the lower level in `plan`, what it is joined to on the level above."""
    lines: dict[int, set[int]] = defaultdict(set)
    rows = through.objects.filter(**{f"{lower.removesuffix('_id')}__plan": plan})  # type: ignore[attr-defined]
    for lower_pk, upper_pk in rows.values_list(lower, upper):
        lines[lower_pk].add(upper_pk)
    return lines
