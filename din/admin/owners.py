"""Owners, with the users who work for them."""

from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest

from din.admin.resources import Resource, shown
from din.admin.section import OneQueryFilter, Section, count_of, once
from din.models import Goal, Owner, OwnerMember


class OwnerResource(Resource):
    programme_name = shown("programme__name", "programma (naam)")

    class Meta:
        model = Owner
        fields = ("id", "programme", "programme_name", "name")


class MemberInline(admin.StackedInline):
    model = OwnerMember
    fields = [("user", "kind")]
    extra = 1
    verbose_name_plural = "leden en vervangers, die de voortgang van de doelen vastleggen"

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        return once(field) if db_field.name == "user" else field


@admin.register(Owner)
class OwnerAdmin(Section):
    resource_classes = [OwnerResource]
    inlines = [MemberInline]
    list_display = ["name", "programme", "member_names", "goal_count"]
    list_filter = [("programme", OneQueryFilter), ("members", admin.EmptyFieldListFilter)]
    list_select_related = ["programme"]
    search_fields = ["name", "programme__name", "members__user__username", "members__user__last_name"]
    search_help_text = "Zoek op eigenaar, programma of de naam van een lid."
    ordering = ["programme", "name"]
    fields = ["programme", "name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Owner]:
        owners = super().get_queryset(request).prefetch_related("members__user")
        return owners.annotate(goal_count=count_of(Goal.objects.all(), "owner"))

    @admin.display(description="leden en vervangers")
    def member_names(self, owner: Owner) -> str:
        return ", ".join(str(member.user) for member in owner.members.all()) or "–"

    @admin.display(description="doelen", ordering="goal_count")
    def goal_count(self, owner: Owner) -> int:
        return owner.goal_count  # type: ignore[attr-defined]
