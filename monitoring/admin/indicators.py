"""Indicators, targets and measurements, to read: they are written on the site, where the rules are."""

from django.contrib import admin

from din.admin.resources import Resource, shown
from din.admin.section import History, OneQueryFilter, ReadOnly
from monitoring.models import Indicator, Measurement, Target


class IndicatorResource(Resource):
    programme_name = shown("programme__name", "programma (naam)")

    class Meta:
        model = Indicator
        fields = (
            "id",
            "programme",
            "programme_name",
            "part_of",
            "theme",
            "name",
            "description",
            "unit",
            "decimals",
            "direction",
            "aggregation",
            "frequency",
            "baseline",
            "baseline_day",
            "is_key",
            "owner",
            "source",
            "position",
        )


@admin.register(Indicator)
class IndicatorAdmin(History, ReadOnly):
    resource_classes = [IndicatorResource]
    list_display = ["name", "programme", "part_of", "unit", "direction", "is_key"]
    list_filter = [("programme", OneQueryFilter), "is_key", "direction", "frequency"]
    list_select_related = ["programme", "part_of"]
    search_fields = ["name", "description", "programme__name"]
    search_help_text = "Zoek op naam, omschrijving of programma."
    ordering = ["programme", "position", "pk"]
    fields = [
        "programme",
        "part_of",
        "theme",
        "name",
        "description",
        "unit",
        "decimals",
        "direction",
        "aggregation",
        "frequency",
        "baseline",
        "baseline_day",
        "is_key",
        "owner",
        "source",
        "position",
    ]


class TargetResource(Resource):
    indicator_name = shown("indicator__name", "indicator (naam)")

    class Meta:
        model = Target
        fields = (
            "id",
            "indicator",
            "indicator_name",
            "last_day",
            "value",
            "upper",
            "source",
            "revised_on",
            "revision_reason",
        )


@admin.register(Target)
class TargetAdmin(History, ReadOnly):
    resource_classes = [TargetResource]
    list_display = ["indicator", "last_day", "value", "upper", "revised_on"]
    list_filter = [("indicator__programme", OneQueryFilter), ("revised_on", admin.EmptyFieldListFilter)]
    list_select_related = ["indicator"]
    search_fields = ["indicator__name", "source", "revision_reason"]
    search_help_text = "Zoek op indicator, bron of reden."
    ordering = ["indicator", "last_day", "pk"]
    fields = ["indicator", "last_day", "value", "upper", "source", "revised_on", "revision_reason"]


class MeasurementResource(Resource):
    indicator_name = shown("indicator__name", "indicator (naam)")
    round_name = shown("round__label", "ronde")

    class Meta:
        model = Measurement
        fields = ("id", "indicator_name", "first_day", "last_day", "value", "source", "note", "round_name")


@admin.register(Measurement)
class MeasurementAdmin(History, ReadOnly):
    resource_classes = [MeasurementResource]
    list_display = ["indicator", "first_day", "last_day", "value", "round", "recorded_by"]
    list_filter = [("indicator__programme", OneQueryFilter), ("round", admin.EmptyFieldListFilter)]
    list_select_related = ["indicator", "round__programme", "recorded_by"]
    search_fields = ["indicator__name", "source", "note"]
    search_help_text = "Zoek op indicator, bron of opmerking."
    ordering = ["indicator", "-last_day", "pk"]
    fields = [
        "indicator",
        "first_day",
        "last_day",
        "value",
        "source",
        "note",
        "round",
        "recorded_at",
        "recorded_by",
    ]
