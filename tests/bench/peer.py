"""The peer of the import: a plain django-import-export ModelResource on Goal, walked as its admin walks it."""

from __future__ import annotations

from typing import Any

import tablib
from import_export.formats.base_formats import XLSX
from import_export.resources import ModelResource

from din.models import ErGoal, FocusArea, Goal, Owner, Plan, Programme, Theme
from tests.bench.workbooks import LABELS, OWNERS, YEAR, planned_goals


class GoalResource(ModelResource):
    """As the documentation writes it: a model, its fields, and by which of them a row is found again."""

    class Meta:
        model = Goal
        import_id_fields = ("plan", "theme", "number")
        fields = ("plan", "theme", "number", "text", "deadline", "owner", "er_goals", "focus_areas")


class SkippingGoalResource(GoalResource):
    """The same with its option to leave a row alone that changes nothing."""

    class Meta(GoalResource.Meta):
        skip_unchanged = True
        report_skipped = True


def peer_table(count: int, programme: Programme) -> bytes:
    """The .xlsx that the peer reads, with the same goals; what its rows point at is made here, for nothing."""
    plan = Plan.objects.create(programme=programme, name=f"DIN {YEAR}", first_year=YEAR, last_year=YEAR)
    owners = {name: Owner.objects.create(programme=programme, name=name).pk for name in OWNERS}
    labels = {name: FocusArea.objects.create(plan=plan, name=name).pk for name in LABELS}
    themes: dict[str, int] = {}
    er_goals: dict[tuple[str, str], int] = {}
    table = tablib.Dataset(headers=GoalResource.Meta.fields)
    for goal in planned_goals(count):
        if goal.theme not in themes:
            themes[goal.theme] = Theme.objects.create(programme=programme, kind="thema", name=goal.theme).pk
        theme = themes[goal.theme]
        above = (goal.theme, goal.er_goal)
        if above not in er_goals:
            er_goals[above] = ErGoal.objects.create(plan=plan, theme_id=theme, text=goal.er_goal).pk
        table.append(
            (
                plan.pk,
                theme,
                goal.number,
                goal.text,
                goal.deadline.isoformat(),
                owners[goal.owner],
                er_goals[above],
                labels[goal.label],
            )
        )
    return table.export("xlsx")


def peer_import(content: bytes, resource: type[ModelResource] = GoalResource) -> None:
    """What the admin does with an upload: read it and try it for the preview; on confirming read it again and import.

    Left out, in its favour: its pages, and the log entry that it writes for each row.
    """
    preview = resource().import_data(XLSX().create_dataset(content), dry_run=True, raise_errors=False)
    _refuse_errors(preview)
    done = resource().import_data(
        XLSX().create_dataset(content), dry_run=False, raise_errors=False, retain_instance_in_row_result=True
    )
    _refuse_errors(done)


def _refuse_errors(result: Any) -> None:
    """A peer that fails would be a quick one."""
    if result.has_errors() or result.has_validation_errors():
        raise AssertionError(f"the peer did not import: {result.row_errors()[:1]} {result.invalid_rows[:1]}")
