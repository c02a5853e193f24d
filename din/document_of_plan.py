"""A plan in the database as the document that a workbook of it would say, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable

from din.models import Ambition, Effort, ErGoal, Goal, Plan, Theme
from din.quarters import quarter_of
from din.reading import document as read


def document_of_plan(plan: Plan) -> read.Document:
    """Return the DIN of `plan`: each level in the plan's order, lines and tags in the order of what they name.

    Themes are those that something in the plan belongs to, in the programme's order. Goals of other kinds than SMART
    goals (opgaven, maatregelen) have no place in a DIN. A goal that ended stays: see `remarks_on_ended_goals`.
    """
    ambitions = list(Ambition.objects.filter(plan=plan))
    er_goals = list(ErGoal.objects.filter(plan=plan))
    goals = list(Goal.objects.filter(plan=plan, kind=Goal.Kind.SMART_GOAL).select_related("owner"))
    efforts = list(Effort.objects.filter(plan=plan).select_related("lead"))
    themes = Theme.objects.filter(programme=plan.programme_id)
    names = {theme.pk: theme.name for theme in themes}
    used = {item.theme_id for level in (ambitions, er_goals, goals, efforts) for item in level}

    def name_of(theme: int | None) -> str | None:
        return None if theme is None else names[theme]

    ambitions_of = _lines(ErGoal.ambitions.through, "ergoal", "ambition", plan, ambitions)
    er_goals_of = _lines(Goal.er_goals.through, "goal", "ergoal", plan, er_goals)
    goals_of = _lines(Effort.goals.through, "effort", "goal", plan, goals)
    tags_of: dict[int, list[str]] = defaultdict(list)
    tags = Goal.focus_areas.through.objects.filter(goal__plan=plan)
    by_place = tags.order_by("focusarea__position", "focusarea_id")
    for goal_pk, tag in by_place.values_list("goal_id", "focusarea__name"):
        tags_of[goal_pk].append(tag)
    return read.Document(
        tuple(read.Theme(theme.kind, theme.number, theme.name) for theme in themes if theme.pk in used),
        tuple(read.Ambition(name_of(item.theme_id), item.text, item.source) for item in ambitions),
        tuple(read.ErGoal(name_of(item.theme_id), item.text, ambitions_of[item.pk], item.source) for item in er_goals),
        tuple(
            read.SmartGoal(
                name_of(goal.theme_id),
                goal.number,
                goal.text,
                quarter_of(goal.deadline) if goal.deadline else None,
                er_goals_of[goal.pk],
                tuple(tags_of[goal.pk]),
                goal.owner.name if goal.owner else None,
                goal.source,
            )
            for goal in goals
        ),
        tuple(
            read.Effort(
                name_of(effort.theme_id),
                effort.text,
                goals_of[effort.pk],
                effort.lead.name if effort.lead else None,
                effort.source,
            )
            for effort in efforts
        ),
    )


def remarks_on_ended_goals(plan: Plan) -> dict[tuple[str | None, str], str]:
    """Return a sentence on each SMART goal that ended, by the name of its theme and its text; one query."""
    ended = Goal.objects.filter(plan=plan, kind=Goal.Kind.SMART_GOAL, ended_on__isnull=False)
    return {
        (goal.theme.name if goal.theme else None, goal.text): (
            f"Vervallen op {goal.ended_on:%d-%m-%Y}: {goal.ended_reason}"
        )
        for goal in ended.select_related("theme")
    }


def _lines(
    through: type, lower: str, upper: str, plan: Plan, above: Iterable[Ambition | ErGoal | Goal]
) -> dict[int, tuple[str, ...]]:
    """For each thing of the lower level, the texts of what it is joined to `above`, in the order of that level."""
    places = {item.pk: (place, item.text) for place, item in enumerate(above)}
    rows = through.objects.filter(**{f"{lower}__plan": plan})  # type: ignore[attr-defined]
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for lower_pk, upper_pk in rows.values_list(f"{lower}_id", f"{upper}_id"):
        if upper_pk in places:
            found[lower_pk].append(places[upper_pk])
    return defaultdict(tuple, {pk: tuple(text for _, text in sorted(ends)) for pk, ends in found.items()})
