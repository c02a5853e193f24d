"""Commitments, to read: they are written on the site, which also takes them in from a workbook."""

from django.contrib import admin

from din.admin.resources import Resource, shown
from din.admin.section import History, OneQueryFilter, ReadOnly
from monitoring.models import Commitment


class CommitmentResource(Resource):
    programme_name = shown("programme__name", "programma (naam)")
    owner_name = shown("owner__name", "eigenaar (naam)")
    round_name = shown("proposed_in__label", "voorgesteld in ronde")

    class Meta:
        model = Commitment
        fields = (
            "id",
            "programme",
            "programme_name",
            "kind",
            "number",
            "title",
            "text",
            "made_on",
            "made_by",
            "owner_name",
            "deadline",
            "state",
            "goals",
            "settlement",
            "round_name",
            "settled_on",
        )


@admin.register(Commitment)
class CommitmentAdmin(History, ReadOnly):
    resource_classes = [CommitmentResource]
    list_display = ["title", "number", "kind", "programme", "owner", "deadline", "state"]
    list_filter = [("programme", OneQueryFilter), "kind", "state"]
    list_select_related = ["programme", "owner"]
    search_fields = ["title", "number", "text", "made_by", "settlement", "owner__name"]
    search_help_text = "Zoek op titel, nummer, tekst, door wie, afdoeningsvoorstel of eigenaar."
    date_hierarchy = "made_on"
    ordering = ["programme", "-made_on", "pk"]
    fieldsets = [
        (None, {"fields": ["programme", "kind", "number", "title", "text", "made_on", "made_by", "owner", "deadline"]}),
        ("Afdoening", {"fields": ["state", "settlement", "proposed_in", "settled_on"]}),
        ("Doelen", {"fields": ["goals"]}),
    ]
