"""Plans and the tags of a year plan."""

from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest

from din.admin.resources import Resource, shown
from din.admin.section import OneQueryFilter, Section, count_of
from din.models import FocusArea, Goal, Plan


def plan_choices(field: Any) -> Any:
    """`field` with its plans and their programmes read in one query."""
    field.queryset = Plan.objects.select_related("programme")
    return field


class PlanResource(Resource):
    programme_name = shown("programme__name", "programma (naam)")
    predecessor_name = shown("predecessor__name", "volgt op (naam)")

    class Meta:
        model = Plan
        fields = (
            "id",
            "programme",
            "programme_name",
            "name",
            "first_year",
            "last_year",
            "state",
            "predecessor",
            "predecessor_name",
        )


@admin.register(Plan)
class PlanAdmin(Section):
    resource_classes = [PlanResource]
    list_display = ["name", "programme", "period", "state", "goal_count", "predecessor"]
    list_filter = [("programme", OneQueryFilter), "state", "first_year"]
    list_select_related = ["programme", "predecessor__programme"]
    search_fields = ["name", "programme__name"]
    ordering = ["programme", "-first_year"]
    fields = ["programme", "name", ("first_year", "last_year"), "state", "predecessor"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Plan]:
        return super().get_queryset(request).annotate(goal_count=count_of(Goal.objects.all(), "plan"))

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        return plan_choices(field) if db_field.name == "predecessor" else field

    @admin.display(description="looptijd", ordering="first_year")
    def period(self, plan: Plan) -> str:
        return plan.period

    @admin.display(description="doelen", ordering="goal_count")
    def goal_count(self, plan: Plan) -> int:
        return plan.goal_count  # type: ignore[attr-defined]


class FocusAreaResource(Resource):
    plan_name = shown("plan__name", "plan (naam)")

    class Meta:
        model = FocusArea
        fields = ("id", "plan", "plan_name", "name", "description", "position")


@admin.register(FocusArea)
class FocusAreaAdmin(Section):
    resource_classes = [FocusAreaResource]
    list_display = ["name", "plan", "position", "goal_count"]
    list_filter = [("plan", OneQueryFilter)]
    list_select_related = ["plan__programme"]
    search_fields = ["name", "description", "plan__name"]
    ordering = ["plan", "position", "pk"]
    fields = ["plan", "name", "description", "position"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[FocusArea]:
        tagged = Goal.focus_areas.through._default_manager.all()
        return super().get_queryset(request).annotate(goal_count=count_of(tagged, "focusarea"))

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        return plan_choices(field) if db_field.name == "plan" else field

    @admin.display(description="doelen", ordering="goal_count")
    def goal_count(self, focus_area: FocusArea) -> int:
        return focus_area.goal_count  # type: ignore[attr-defined]
