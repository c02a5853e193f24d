"""The adopted reports, to read."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from din.admin.cells import MomentCell
from din.admin.resources import Resource, shown
from din.admin.section import OneQueryFilter, ReadOnly
from monitoring.models import Report


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
        return format_html('<a href="{}">Ophalen als XLSX</a>', reverse("report", args=[report.round_id, "xlsx"]))
