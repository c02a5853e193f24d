"""Programmes and their themes."""

from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import ManyToManyField, Q, QuerySet
from django.forms import ModelMultipleChoiceField
from django.http import HttpRequest

from din.admin.resources import Resource, shown
from din.admin.section import OneQueryFilter, Section, count_of
from din.models import Goal, Plan, Programme, Theme


class ProgrammeResource(Resource):
    class Meta:
        model = Programme
        fields = ("id", "name", "slug", "description", "first_year", "last_year", "managers")


@admin.register(Programme)
class ProgrammeAdmin(Section):
    resource_classes = [ProgrammeResource]
    list_display = ["name", "period", "plan_count", "theme_count", "manager_names"]
    list_filter = ["first_year", "last_year"]
    search_fields = ["name", "slug", "description"]
    ordering = ["name"]
    fields = ["name", "slug", "description", ("first_year", "last_year"), "managers"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Programme]:
        counted = super().get_queryset(request).prefetch_related("managers")
        return counted.annotate(
            plan_count=count_of(Plan.objects.all(), "programme"), theme_count=count_of(Theme.objects.all(), "programme")
        )

    def get_prepopulated_fields(self, request: HttpRequest, obj: Programme | None = None) -> Any:
        # An address that people have kept does not change because the name does.
        return {} if obj else {"slug": ["name"]}

    def formfield_for_manytomany(
        self, db_field: "ManyToManyField[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> ModelMultipleChoiceField | None:
        if db_field.name == "managers":
            # Who has the right to manage, and who was made manager before.
            users = get_user_model().objects
            able = users.with_perm("din.manage_programmes", backend="django.contrib.auth.backends.ModelBackend")
            named = Programme.managers.through._default_manager.values("user")
            kwargs["queryset"] = users.filter(Q(pk__in=able.values("pk")) | Q(pk__in=named))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description="looptijd", ordering="first_year")
    def period(self, programme: Programme) -> str:
        return programme.period

    @admin.display(description="plannen", ordering="plan_count")
    def plan_count(self, programme: Programme) -> int:
        return programme.plan_count  # type: ignore[attr-defined]

    @admin.display(description="onderdelen", ordering="theme_count")
    def theme_count(self, programme: Programme) -> int:
        return programme.theme_count  # type: ignore[attr-defined]

    @admin.display(description="managers")
    def manager_names(self, programme: Programme) -> str:
        return ", ".join(str(user) for user in programme.managers.all())


class ThemeResource(Resource):
    programme_name = shown("programme__name", "programma (naam)")

    class Meta:
        model = Theme
        fields = ("id", "programme", "programme_name", "kind", "number", "name", "position")


@admin.register(Theme)
class ThemeAdmin(Section):
    resource_classes = [ThemeResource]
    list_display = ["title", "programme", "kind", "number", "position", "goal_count"]
    list_filter = [("programme", OneQueryFilter), "kind"]
    list_select_related = ["programme"]
    search_fields = ["name", "programme__name"]
    ordering = ["programme", "position", "pk"]
    fields = ["programme", ("kind", "number"), "name", "position"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Theme]:
        return super().get_queryset(request).annotate(goal_count=count_of(Goal.objects.all(), "theme"))

    @admin.display(description="onderdeel", ordering="name")
    def title(self, theme: Theme) -> str:
        return theme.title

    @admin.display(description="doelen", ordering="goal_count")
    def goal_count(self, theme: Theme) -> int:
        return theme.goal_count  # type: ignore[attr-defined]
