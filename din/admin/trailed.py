"""What is added, changed, deleted and imported in a section of the admin, told to the audit trail."""

import json
from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from import_export.results import Result, RowResult

from din.trail import Origin, Written, tell

_IMPORTED = {RowResult.IMPORT_TYPE_NEW: "create", RowResult.IMPORT_TYPE_UPDATE: "change"}
_RESULTS = {"create": "toegevoegd", "change": "gewijzigd", "delete": "verwijderd"}


class Trailed(admin.ModelAdmin):
    """A section of which every write leaves one line. Django calls the log_ methods once for each write."""

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> LogEntry:
        self._tell(request, "create", [obj])
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> LogEntry:
        said = LogEntry(change_message=json.dumps(message) if isinstance(message, list) else message)
        self._tell(request, "change", [obj], note=said.get_change_message())
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        self._tell(request, "delete", list(queryset))
        return super().log_deletions(request, queryset)

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any], *args: Any) -> HttpResponse | None:
        """An action on many rows, with its lines or not at all."""
        with transaction.atomic():
            return super().response_action(request, queryset, *args)

    def generate_log_entries(self, result: Result, request: HttpRequest) -> None:
        for import_type, action in _IMPORTED.items():
            self._tell(request, action, [row.instance for row in result if row.import_type == import_type], "import")
        super().generate_log_entries(result, request)  # type: ignore[misc]

    def _tell(self, request: HttpRequest, action: str, subjects: list[Any], note: str = "") -> None:
        written = [Written(action, subject, _RESULTS[action], note) for subject in subjects]
        tell(*written, actor=request.user, origin=Origin.ADMIN, at=timezone.now())
