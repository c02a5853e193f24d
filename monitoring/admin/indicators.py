"""Indicators, targets and measurements, to read and to exchange.

They are written on the site, where the rules are; a table that comes in here is written by the same operations.
"""

from typing import Any

from django.contrib import admin
from django.contrib.auth import get_permission_codename
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone

from din.admin.exchange import Exchange
from din.admin.resources import Resource, shown
from din.admin.section import History, OneQueryFilter, ReadOnly
from din.models import Goal
from monitoring.indicator_changes import IndicatorMoved, Promise, revise_target, save_indicator, set_target, stand_of
from monitoring.measurements import Moved, Reading, change_measurement, record_measurement
from monitoring.models import AuditLine, Indicator, Measurement, Target
from monitoring.periods import MONTHS, Period, period_between
from monitoring.refused import Refused

ORIGIN = AuditLine.Origin.ADMIN


class Operated(Resource):
    """A table whose rows are written by the operations of the site, which hold to their rules and leave the lines."""

    def save_instance(self, instance: models.Model, is_create: bool, row: Any, **kwargs: Any) -> None:
        try:
            instance.pk = self.write(instance, None if is_create else self._stored(instance), kwargs["user"]).pk
        except (Refused, PermissionDenied, IndicatorMoved, Moved) as refusal:
            raise ValidationError(str(refusal)) from refusal

    def _stored(self, instance: models.Model) -> models.Model:
        return self._meta.model._default_manager.get(pk=instance.pk)

    def write(self, instance: Any, stored: Any, actor: Any) -> models.Model:
        """Write what the row says in `instance`, over `stored` or as a new row, and return what was written."""
        raise NotImplementedError


class OperatedSection(Exchange, History, ReadOnly):
    """A section without forms, into which a table can come. The operations leave the lines in the audit trail."""

    def has_import_permission(self, request: HttpRequest) -> bool:
        codenames = [get_permission_codename(action, self.opts) for action in ("add", "change")]
        return all(request.user.has_perm(f"{self.opts.app_label}.{codename}") for codename in codenames)


class IndicatorResource(Operated):
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
            "goals",
            "source",
            "position",
        )

    def check_many(self, instance: Indicator, name: str, objects: list[Any]) -> None:
        goals = Goal.objects.filter(pk__in=[goal.pk for goal in objects])
        strangers = goals.exclude(plan__programme=instance.programme_id).values_list("pk", flat=True)
        if strangers:
            raise ValidationError(f"Deze doelen horen bij een ander programma: id {', '.join(map(str, strangers))}.")

    def write(self, instance: Indicator, stored: Indicator | None, actor: Any) -> Indicator:
        if stored is not None and stored.programme_id != instance.programme_id:
            raise ValidationError({"programme": "Een indicator verhuist niet naar een ander programma."})
        return save_indicator(indicator=instance, goals=None, seen=stand_of(instance), actor=actor, origin=ORIGIN)


@admin.register(Indicator)
class IndicatorAdmin(OperatedSection):
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


class TargetResource(Operated):
    """A row that changes a target revises it, and gives the reason in its column."""

    indicator_name = shown("indicator__name", "indicator (naam)")
    revised_on = shown("revised_on", "herzien op")

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

    def write(self, instance: Target, stored: Target | None, actor: Any) -> Target:
        promise = Promise(instance.last_day, instance.value, instance.upper, instance.source)
        if stored is None:
            if instance.revision_reason:
                raise ValidationError({"revision_reason": "Een nieuwe streefwaarde is nog niet herzien."})
            return set_target(indicator=instance.indicator, promise=promise, actor=actor, origin=ORIGIN)
        if stored.indicator_id != instance.indicator_id:
            raise ValidationError({"indicator": "Een streefwaarde verhuist niet naar een andere indicator."})
        try:
            revise_target(target=stored, promise=promise, reason=instance.revision_reason, actor=actor, origin=ORIGIN)
        except ValidationError as error:
            raise _renamed(error, reason="revision_reason") from error
        return stored


@admin.register(Target)
class TargetAdmin(OperatedSection):
    resource_classes = [TargetResource]
    list_display = ["indicator", "last_day", "value", "upper", "revised_on"]
    list_filter = [("indicator__programme", OneQueryFilter), ("revised_on", admin.EmptyFieldListFilter)]
    list_select_related = ["indicator"]
    search_fields = ["indicator__name", "source", "revision_reason"]
    search_help_text = "Zoek op indicator, bron of reden."
    ordering = ["indicator", "last_day", "pk"]
    fields = ["indicator", "last_day", "value", "upper", "source", "revised_on", "revision_reason"]


class MeasurementResource(Operated):
    """A new measurement belongs to the running round of its programme, as on the site."""

    indicator_name = shown("indicator__name", "indicator (naam)")
    round_name = shown("round__label", "ronde")

    class Meta:
        model = Measurement
        fields = ("id", "indicator", "indicator_name", "first_day", "last_day", "value", "source", "note", "round_name")

    def write(self, instance: Measurement, stored: Measurement | None, actor: Any) -> Measurement:
        reading = Reading.of(instance)
        if stored is not None:
            of = (instance.indicator_id, instance.first_day, instance.last_day)
            if of != (stored.indicator_id, stored.first_day, stored.last_day):
                raise ValidationError("Een meting blijft bij haar indicator en periode. Voeg een nieuwe meting toe.")
            return change_measurement(
                measurement=stored, reading=reading, version=stored.version, actor=actor, origin=ORIGIN
            )
        indicator = instance.indicator
        try:
            return record_measurement(
                indicator=indicator, period=_period(instance), reading=reading, actor=actor, origin=ORIGIN
            )
        except ValidationError as error:
            raise _renamed(error, period="first_day") from error


@admin.register(Measurement)
class MeasurementAdmin(OperatedSection):
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


def _period(measurement: Measurement) -> Period:
    """The period that the days of a new measurement make. Raises ValidationError."""
    indicator = measurement.indicator
    period = period_between(measurement.first_day, measurement.last_day)
    if period is None or period.months != MONTHS[indicator.frequency]:
        every = indicator.get_frequency_display()
        raise ValidationError({"first_day": f"Deze indicator wordt gemeten per {every}: deze dagen zijn dat niet."})
    if period.last_day > timezone.localdate():
        raise ValidationError({"last_day": "Deze periode is nog niet voorbij."})
    return period


def _renamed(error: ValidationError, **columns: str) -> ValidationError:
    """`error` of an operation with its sentences at the columns of the table."""
    if not hasattr(error, "error_dict"):
        return error
    return ValidationError({columns.get(name, name): errors for name, errors in error.error_dict.items()})
