"""The four levels of a DIN and the lines between them: ambitions, ER-goals, goals, efforts."""

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest

from din.admin.plans import plan_choices
from din.admin.resources import Resource, shown
from din.admin.section import OneQueryFilter, Section, count_of, short
from din.models import Ambition, Effort, ErGoal, FocusArea, Goal, Owner, Theme

SAVE_FIRST = "Sla eerst op. Daarna kiest u hier uit wat in hetzelfde plan staat."


class LevelForm(forms.ModelForm):
    """Offers what belongs to the same plan, and themes and owners of the same programme.

    A new object has no plan yet: its lines are drawn once it is saved, and its plan never changes after that.
    """

    # What each field offers, and the path from there to the plan.
    WITHIN_PLAN: dict[str, type[models.Model]] = {
        "ambitions": Ambition,
        "er_goals": ErGoal,
        "goals": Goal,
        "focus_areas": FocusArea,
    }
    WITHIN_PROGRAMME: dict[str, type[models.Model]] = {"theme": Theme, "owner": Owner, "lead": Owner}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plan = self.instance.plan if self.instance.pk else None
        for name, field in self.fields.items():
            if name == "plan":
                plan_choices(field)
            elif name in self.WITHIN_PLAN:
                offered = self.WITHIN_PLAN[name]._default_manager.all()
                self._offer(name, offered.filter(plan=plan) if plan else offered.none())
                if plan is None:
                    field.disabled, field.help_text = True, SAVE_FIRST
            elif name in self.WITHIN_PROGRAMME:
                offered = self.WITHIN_PROGRAMME[name]._default_manager.all()
                self._offer(name, offered.filter(programme=plan.programme_id) if plan else offered)
            elif name == "predecessor":
                self._offer(name, Goal.objects.filter(plan=plan.predecessor_id) if plan else Goal.objects.none())
                if plan is None:
                    field.disabled, field.help_text = True, SAVE_FIRST

    def validate_unique(self) -> None:
        """With the constraints on the plan and the digest, which are no fields of the form.

        Django passes over a constraint on a field that the form lacks; the database would then refuse what was typed.
        """
        super().validate_unique()
        for constraint in self.instance._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint) and not set(constraint.fields) <= set(self.fields):
                try:
                    constraint.validate(type(self.instance), self.instance, exclude=set(self.errors))
                except ValidationError as error:
                    self.add_error(None, error)

    def _offer(self, name: str, queryset: QuerySet[Any]) -> None:
        cast(forms.ModelChoiceField, self.fields[name]).queryset = queryset


class LevelResource(Resource):
    """A level keeps its plan, and its lines stay inside it."""

    plan_name = shown("plan__name", "plan (naam)")
    theme_name = shown("theme__title", "onderdeel (naam)")

    class Meta:
        abstract = True

    def filter_export(self, queryset: QuerySet[Any], **kwargs: Any) -> QuerySet[Any]:
        return super().filter_export(queryset, **kwargs).select_related("plan", "theme")

    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        plan_before = instance.plan_id
        super().import_instance(instance, row, **kwargs)
        if plan_before is not None and instance.plan_id != plan_before:
            raise ValidationError({"plan": "Wat in een plan staat, verhuist niet naar een ander plan."})

    def check_many(self, instance: Any, name: str, objects: list[Any]) -> None:
        if strangers := [str(item.pk) for item in objects if item.plan_id != instance.plan_id]:
            raise ValidationError(f"Dit staat in een ander plan: id {', '.join(strangers)}.")


class LevelAdmin(Section):
    """What the sections of the four levels share."""

    form = LevelForm
    list_filter: ClassVar[Any] = [("plan", OneQueryFilter), ("theme", OneQueryFilter)]
    list_select_related = ["plan__programme", "theme"]
    search_fields = ["text", "theme__name", "plan__name", "source"]
    search_help_text = "Zoek in de tekst, het onderdeel, het plan en de cel in het werkboek."
    ordering = ["plan", "position", "pk"]

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[Any]:
        return [*super().get_readonly_fields(request, obj), *(["plan"] if obj else [])]

    @admin.display(description="tekst", ordering="text")
    def short_text(self, level: Any) -> str:
        return short(level.text)

    @admin.display(description="ambities", ordering="ambition_count")
    def ambition_count(self, level: Any) -> int:
        return level.ambition_count

    @admin.display(description="ER-doelen", ordering="er_goal_count")
    def er_goal_count(self, level: Any) -> int:
        return level.er_goal_count

    @admin.display(description="doelen", ordering="goal_count")
    def goal_count(self, level: Any) -> int:
        return level.goal_count

    @admin.display(description="inspanningen", ordering="effort_count")
    def effort_count(self, level: Any) -> int:
        return level.effort_count


class AmbitionResource(LevelResource):
    class Meta:
        model = Ambition
        fields = ("id", "plan", "plan_name", "theme", "theme_name", "text", "position", "source")


@admin.register(Ambition)
class AmbitionAdmin(LevelAdmin):
    resource_classes = [AmbitionResource]
    list_display = ["short_text", "plan", "theme", "position", "er_goal_count"]
    fields = ["plan", "theme", "text", "position", "source"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Ambition]:
        lines = ErGoal.ambitions.through._default_manager.all()
        return super().get_queryset(request).annotate(er_goal_count=count_of(lines, "ambition"))


class ErGoalResource(LevelResource):
    class Meta:
        model = ErGoal
        fields = ("id", "plan", "plan_name", "theme", "theme_name", "text", "position", "ambitions", "source")


@admin.register(ErGoal)
class ErGoalAdmin(LevelAdmin):
    resource_classes = [ErGoalResource]
    list_display = ["short_text", "plan", "theme", "position", "ambition_count", "goal_count"]
    fields = ["plan", "theme", "text", "position", "ambitions", "source"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ErGoal]:
        return (
            super()
            .get_queryset(request)
            .annotate(
                ambition_count=count_of(ErGoal.ambitions.through._default_manager.all(), "ergoal"),
                goal_count=count_of(Goal.er_goals.through._default_manager.all(), "ergoal"),
            )
        )


class GoalResource(LevelResource):
    owner_name = shown("owner__name", "eigenaar (naam)")

    class Meta:
        model = Goal
        fields = (
            "id",
            "plan",
            "plan_name",
            "theme",
            "theme_name",
            "kind",
            "number",
            "text",
            "description",
            "intended_results",
            "deadline",
            "owner",
            "owner_name",
            "er_goals",
            "focus_areas",
            "predecessor",
            "ended_on",
            "ended_reason",
            "position",
            "source",
        )


@admin.register(Goal)
class GoalAdmin(LevelAdmin):
    resource_classes = [GoalResource]
    list_display = ["goal_reference", "short_text", "theme", "owner", "deadline", "kind", "plan", "ended_on"]
    list_display_links = ["goal_reference", "short_text"]
    list_filter = [
        ("plan", OneQueryFilter),
        ("theme", OneQueryFilter),
        "kind",
        ("owner", OneQueryFilter),
        ("focus_areas", OneQueryFilter),
        ("ended_on", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["plan__programme", "theme", "owner"]
    search_fields = ["text", "description", "=number", "theme__name", "plan__name", "owner__name", "source"]
    search_help_text = "Zoek op tekst, omschrijving, nummer, onderdeel, plan, eigenaar of cel in het werkboek."
    date_hierarchy = "deadline"
    fieldsets = [
        (None, {"fields": ["plan", "theme", ("kind", "number"), "text", "owner", "deadline"]}),
        ("Opgave", {"fields": ["description", "intended_results"]}),
        ("Samenhang", {"fields": ["er_goals", "focus_areas", "predecessor"]}),
        ("Vervallen", {"fields": ["ended_on", "ended_reason"]}),
        ("In het plan", {"fields": ["position", "source"]}),
    ]

    @admin.display(description="nummer", ordering="number")
    def goal_reference(self, goal: Goal) -> str:
        return goal.reference or "–"


class EffortResource(LevelResource):
    lead_name = shown("lead__name", "trekker (naam)")

    class Meta:
        model = Effort
        fields = (
            "id",
            "plan",
            "plan_name",
            "theme",
            "theme_name",
            "text",
            "lead",
            "lead_name",
            "goals",
            "position",
            "source",
        )


@admin.register(Effort)
class EffortAdmin(LevelAdmin):
    resource_classes = [EffortResource]
    list_display = ["short_text", "plan", "theme", "lead", "position", "goal_count"]
    list_filter = [("plan", OneQueryFilter), ("theme", OneQueryFilter), ("lead", OneQueryFilter)]
    list_select_related = ["plan__programme", "theme", "lead"]
    search_fields = ["text", "theme__name", "plan__name", "lead__name", "source"]
    search_help_text = "Zoek in de tekst, het onderdeel, het plan, de trekker en de cel in het werkboek."
    fields = ["plan", "theme", "text", "lead", "goals", "position", "source"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Effort]:
        lines = Effort.goals.through._default_manager.all()
        return super().get_queryset(request).annotate(goal_count=count_of(lines, "effort"))
