"""The texts that managers write in reports, the adopted reports and the goals in them: to read."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from din.admin.cells import MomentCell
from din.admin.resources import Resource, shown
from din.admin.section import History, OneQueryFilter, ReadOnly, short
from monitoring.models import Report, ReportedGoal, ReportText


class ReportResource(Resource):
    programme_name = shown("round__programme__name", "programma")
    round_name = shown("round__label", "ronde")
    frozen_at = shown("frozen_at", "vastgelegd op", MomentCell)
    frozen_by_name = shown("frozen_by__username", "vastgelegd door")

    class Meta:
        model = Report
        fields = ("id", "programme_name", "round_name", "edition", "reason", "sha256", "frozen_at", "frozen_by_name")


@admin.register(Report)
class ReportAdmin(ReadOnly):
    resource_classes = [ReportResource]
    list_display = ["round", "edition", "frozen_at", "frozen_by", "reason"]
    list_filter = [("round__programme", OneQueryFilter), "edition"]
    list_select_related = ["round__programme", "frozen_by"]
    search_fields = ["round__programme__name", "reason", "sha256", "frozen_by__username"]
    date_hierarchy = "frozen_at"
    ordering = ["-frozen_at", "-pk"]
    fields = ["round", "edition", "reason", "frozen_at", "frozen_by", "sha256", "download"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        return super().get_queryset(request).defer("document")

    @admin.display(description="rapport")
    def download(self, report: Report) -> str:
        return format_html(
            '<a href="{}?editie={}">Lezen en ophalen</a>',
            reverse("report_page", args=[report.round_id]),
            report.edition,
        )


class ReportedGoalResource(Resource):
    programme_name = shown("report__round__programme__name", "programma")
    round_name = shown("report__round__label", "ronde")
    edition = shown("report__edition", "editie")

    class Meta:
        model = ReportedGoal
        fields = (
            "id",
            "programme_name",
            "round_name",
            "edition",
            "position",
            "theme_title",
            "reference",
            "text",
            "deadline",
            "owner_name",
            "state",
            "status",
            "explanation",
            "next_steps",
            "forecast",
            "not_delivered_reason",
            "late",
        )


@admin.register(ReportedGoal)
class ReportedGoalAdmin(ReadOnly):
    resource_classes = [ReportedGoalResource]
    list_display = ["label", "short_text", "report", "theme_title", "owner_name", "status", "late"]
    list_filter = [("report__round__programme", OneQueryFilter), "report__edition", "status", "state", "late"]
    list_select_related = ["report__round__programme"]
    search_fields = ["reference", "text", "theme_title", "owner_name", "explanation"]
    search_help_text = "Zoek op nummer, doel, onderdeel, eigenaar of toelichting."
    date_hierarchy = "report__frozen_at"
    ordering = ["-report", "position"]
    fieldsets = [
        (
            None,
            {"fields": ["report", "position", "goal", "theme_title", "reference", "text", "deadline", "owner_name"]},
        ),
        (
            "Voortgang",
            {
                "fields": [
                    "state",
                    "status",
                    "explanation",
                    "next_steps",
                    "forecast",
                    "not_delivered_reason",
                    "late",
                ]
            },
        ),
    ]

    @admin.display(description="nummer", ordering="position")
    def label(self, goal: ReportedGoal) -> str:
        return goal.reference or str(goal.position)

    @admin.display(description="doel", ordering="text")
    def short_text(self, goal: ReportedGoal) -> str:
        return short(goal.text)


class ReportTextResource(Resource):
    programme_name = shown("round__programme__name", "programma")
    round_name = shown("round__label", "ronde")
    theme_title = shown("theme__title", "onderdeel")
    changed_at = shown("changed_at", "laatst gewijzigd", MomentCell)
    changed_by_name = shown("changed_by__username", "laatst gewijzigd door")

    class Meta:
        model = ReportText
        fields = ("id", "programme_name", "round_name", "theme_title", "text", "changed_at", "changed_by_name")


@admin.register(ReportText)
class ReportTextAdmin(History, ReadOnly):
    resource_classes = [ReportTextResource]
    list_display = ["part", "round", "short_text", "changed_at", "changed_by"]
    list_filter = [("round__programme", OneQueryFilter)]
    list_select_related = ["round__programme", "theme", "changed_by"]
    search_fields = ["text", "round__programme__name", "theme__name"]
    date_hierarchy = "changed_at"
    ordering = ["-changed_at", "-pk"]
    fields = ["round", "theme", "text", "changed_at", "changed_by"]

    @admin.display(description="onderdeel", ordering="theme")
    def part(self, text: ReportText) -> str:
        return text.theme.title if text.theme else "Inleiding van het rapport"

    @admin.display(description="tekst", ordering="text")
    def short_text(self, text: ReportText) -> str:
        return short(text.text)
