"""Measurements from and to a workbook."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from monitoring.measurement_import import MEASUREMENTS, blank_rows, measurement_rows, target_rows
from monitoring.measurement_sheet import measurement_workbook
from monitoring.models import Indicator, Measurement, Target
from monitoring.models.indicator import in_order
from monitoring.permissions import MANAGE_INDICATORS
from monitoring.views.reading import readable_programme
from monitoring.views.table_exchange import ImportPage, workbook_answer

PAGE = ImportPage(
    MEASUREMENTS,
    template="monitoring/import_measurements.html",
    nav="indicators",
    list_label="Indicatoren",
    done="{added} metingen toegevoegd, {changed} gewijzigd.",
)


@require_safe
def export_measurements(request: HttpRequest, slug: str) -> HttpResponse:
    """The measurements and the targets, in the columns in which measurements are read back."""
    indicators = _indicators(request, slug)
    of_these = {"indicator__in": indicators}
    content = measurement_workbook(
        measurement_rows(indicators, Measurement.objects.filter(**of_these)),
        target_rows(indicators, Target.objects.filter(**of_these)),
    )
    return workbook_answer(content, f"metingen-{slug}.xlsx")


@require_safe
def measurement_template(request: HttpRequest, slug: str) -> HttpResponse:
    """A workbook to fill in: every indicator with the latest period that has ended."""
    rows = blank_rows(_indicators(request, slug), until=timezone.localdate())
    return workbook_answer(measurement_workbook(rows), f"invoerblad-{slug}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
def import_measurements(request: HttpRequest, slug: str) -> HttpResponse:
    return PAGE.answer(request, slug)


def _indicators(request: HttpRequest, slug: str) -> list[Indicator]:
    """The indicators of the programme, for who manages them."""
    programme = readable_programme(request, slug)
    MANAGE_INDICATORS.require(request.user, programme)
    return in_order(Indicator.objects.filter(programme=programme).select_related("part_of"))
