"""The templates of Word and their use, to read."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from din.admin.cells import MomentCell
from din.admin.resources import Resource, shown
from din.admin.section import OneQueryFilter, ReadOnly
from monitoring.models import WordTemplate, WordTemplateUse


class WordTemplateResource(Resource):
    programme_name = shown("programme__name", "programma")
    uploaded_at = shown("uploaded_at", "geüpload op", MomentCell)
    uploaded_by_name = shown("uploaded_by__username", "geüpload door")

    class Meta:
        model = WordTemplate
        fields = ("id", "programme_name", "file_name", "note", "sha256", "uploaded_at", "uploaded_by_name")


@admin.register(WordTemplate)
class WordTemplateAdmin(ReadOnly):
    resource_classes = [WordTemplateResource]
    list_display = ["file_name", "programme", "uploaded_at", "uploaded_by", "note"]
    list_filter = [("programme", OneQueryFilter)]
    list_select_related = ["programme", "uploaded_by"]
    search_fields = ["file_name", "note", "sha256", "programme__name"]
    date_hierarchy = "uploaded_at"
    ordering = ["-uploaded_at", "-pk"]
    fields = ["programme", "file_name", "note", "sha256", "uploaded_at", "uploaded_by"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[WordTemplate]:
        return super().get_queryset(request).defer("content")


class WordTemplateUseResource(Resource):
    programme_name = shown("programme__name", "programma")
    file_name = shown("template__file_name", "sjabloon")
    since = shown("since", "in gebruik sinds", MomentCell)
    chosen_by_name = shown("chosen_by__username", "gekozen door")

    class Meta:
        model = WordTemplateUse
        fields = ("id", "programme_name", "file_name", "since", "chosen_by_name")


@admin.register(WordTemplateUse)
class WordTemplateUseAdmin(ReadOnly):
    resource_classes = [WordTemplateUseResource]
    list_display = ["name", "programme", "since", "chosen_by"]
    list_filter = [("programme", OneQueryFilter)]
    list_select_related = ["programme", "template", "chosen_by"]
    search_fields = ["template__file_name", "programme__name"]
    date_hierarchy = "since"
    ordering = ["-since", "-pk"]
    fields = ["programme", "template", "since", "chosen_by"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[WordTemplateUse]:
        return super().get_queryset(request).defer("template__content")

    @admin.display(description="sjabloon", ordering="template")
    def name(self, use: WordTemplateUse) -> str:
        return use.template.file_name if use.template else "Standaardsjabloon"
