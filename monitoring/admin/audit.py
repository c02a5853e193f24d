"""The audit trail, to read and to take out; nobody adds to it, changes it or deletes from it here."""

from django.contrib import admin

from din.admin.cells import MomentCell
from din.admin.resources import Resource, shown
from din.admin.section import ReadOnly, short
from monitoring.models import AuditLine


class AuditLineResource(Resource):
    at = shown("at", "tijdstip", MomentCell)
    actor_name = shown("actor__username", "wie")

    class Meta:
        model = AuditLine
        fields = (
            "id",
            "at",
            "actor_name",
            "origin",
            "action",
            "object_type",
            "object_id",
            "object_label",
            "result",
            "note",
        )


@admin.register(AuditLine)
class AuditLineAdmin(ReadOnly):
    resource_classes = [AuditLineResource]
    list_display = ["at", "who", "origin", "action", "object_label", "result", "short_note"]
    list_filter = ["origin", "action", "object_type", "result"]
    list_select_related = ["actor"]
    search_fields = [
        "object_label",
        "note",
        "action",
        "actor__username",
        "actor__last_name",
        "=object_id",
        "=line_hash",
    ]
    search_help_text = "Zoek op waarop, toelichting, handeling, wie, nummer of controlegetal."
    date_hierarchy = "at"
    ordering = ["-at", "-pk"]
    fields = [
        "at",
        "actor",
        "origin",
        "action",
        "object_type",
        "object_id",
        "object_label",
        "result",
        "note",
        "line_hash",
    ]

    @admin.display(description="wie", ordering="actor__username")
    def who(self, line: AuditLine) -> str:
        return str(line.actor) if line.actor else "de server"

    @admin.display(description="toelichting")
    def short_note(self, line: AuditLine) -> str:
        return short(line.note)
