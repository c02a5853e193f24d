"""The log of workbook imports, to read; the workbook itself can be taken back out."""

import io

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from din.admin.cells import MomentCell
from din.admin.resources import Resource, shown
from din.admin.section import OneQueryFilter, ReadOnly
from din.models import WorkbookImport


class WorkbookImportResource(Resource):
    programme_name = shown("programme__name", "programma (naam)")
    plan_name = shown("plan__name", "plan (naam)")
    uploaded_at = shown("uploaded_at", "aangeboden op", MomentCell)
    uploaded_by_name = shown("uploaded_by__username", "aangeboden door")
    applied_at = shown("applied_at", "doorgevoerd op", MomentCell)

    class Meta:
        model = WorkbookImport
        fields = (
            "id",
            "programme_name",
            "year",
            "plan_name",
            "state",
            "file_name",
            "sha256",
            "uploaded_at",
            "uploaded_by_name",
            "applied_at",
        )


@admin.register(WorkbookImport)
class WorkbookImportAdmin(ReadOnly):
    resource_classes = [WorkbookImportResource]
    list_display = ["file_name", "programme", "year", "plan", "state", "uploaded_at", "uploaded_by", "applied_at"]
    list_filter = [("programme", OneQueryFilter), "state", "year"]
    list_select_related = ["programme", "plan__programme", "uploaded_by"]
    search_fields = ["file_name", "programme__name", "uploaded_by__username", "sha256"]
    date_hierarchy = "uploaded_at"
    ordering = ["-uploaded_at", "-pk"]
    fields = [
        "workbook",
        "programme",
        "year",
        "plan",
        "state",
        "sha256",
        "uploaded_at",
        "uploaded_by",
        "applied_at",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[WorkbookImport]:
        return WorkbookImport.objects.without_contents()

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.download)
        return [path("<int:pk>/bestand/", view, name="din_workbookimport_download"), *super().get_urls()]

    def download(self, request: HttpRequest, pk: int) -> FileResponse:
        """The workbook as it came in; always as a download, because its content is anybody's."""
        workbook_import = get_object_or_404(WorkbookImport, pk=pk)
        if not self.has_view_permission(request, workbook_import):
            raise PermissionDenied
        return FileResponse(
            io.BytesIO(bytes(workbook_import.content)),
            as_attachment=True,
            filename=workbook_import.file_name,
            content_type="application/octet-stream",
        )

    @admin.display(description="werkboek")
    def workbook(self, workbook_import: WorkbookImport) -> str:
        url = reverse("admin:din_workbookimport_download", args=[workbook_import.pk])
        return format_html('<a href="{}">{}</a>', url, workbook_import.file_name)
