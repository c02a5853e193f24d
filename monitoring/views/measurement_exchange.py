"""Measurements from and to a workbook."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from din.models import Programme
from din.reading import read_table
from din.reading.limits import MEGABYTE, PACKED_BYTES
from din.reading.table import Table, table_from_wire, table_to_wire
from monitoring.measurement_import import (
    COLUMNS,
    ImportMoved,
    blank_rows,
    compare_measurements,
    fingerprint,
    measurement_rows,
    target_rows,
    write_measurements,
)
from monitoring.measurement_sheet import measurement_workbook
from monitoring.models import AuditLine, Indicator, Measurement, Target
from monitoring.permissions import MANAGE_INDICATORS
from monitoring.views.reading import readable_programme

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SALT = "metingen"
# A preview that lies open longer is made again.
PREVIEW_FOR = 3600


class MeasurementFileForm(forms.Form):
    """A workbook with measurements."""

    workbook = forms.FileField(
        label="Werkboek met metingen",
        help_text=f"Een bestand uit Excel (.xlsx, .xls) of OpenDocument (.ods), hooguit {PACKED_BYTES // MEGABYTE} MB.",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.ods"}),
        error_messages={"required": "Kies het werkboek dat u wilt importeren."},
    )


@require_safe
def export_measurements(request: HttpRequest, slug: str) -> HttpResponse:
    """The measurements and the targets, in the columns in which measurements are read back."""
    programme = _managed(request, slug)
    indicators = _indicators(programme)
    of_these = {"indicator__in": indicators}
    content = measurement_workbook(
        measurement_rows(indicators, Measurement.objects.filter(**of_these)),
        target_rows(indicators, Target.objects.filter(**of_these)),
    )
    return _file(content, f"metingen-{slug}.xlsx")


@require_safe
def measurement_template(request: HttpRequest, slug: str) -> HttpResponse:
    """A workbook to fill in: every indicator with the latest period that has ended."""
    programme = _managed(request, slug)
    rows = blank_rows(_indicators(programme), until=timezone.localdate())
    return _file(measurement_workbook(rows), f"invoerblad-{slug}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
def import_measurements(request: HttpRequest, slug: str) -> HttpResponse:
    """Read a workbook and show what it would change; when that is confirmed, write it."""
    programme = _managed(request, slug)
    if request.method != "POST":
        return _page(request, programme, MeasurementFileForm())
    if "table" in request.POST:
        return _confirm(request, programme)
    form = MeasurementFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, programme, form, status=422)
    upload = form.cleaned_data["workbook"]
    # One byte over the limit is enough for the reader to refuse it.
    return _preview(request, programme, read_table(upload.read(PACKED_BYTES + 1), COLUMNS))


def _confirm(request: HttpRequest, programme: Programme) -> HttpResponse:
    try:
        sent = signing.loads(request.POST["table"], salt=SALT, max_age=PREVIEW_FOR)
    except signing.BadSignature:
        form = MeasurementFileForm()
        return _page(request, programme, form, error="Dit voorbeeld is verlopen. Kies het bestand opnieuw.", status=422)
    table = table_from_wire(sent["table"])
    user: Any = request.user
    try:
        done = write_measurements(table, programme, seen=sent["seen"], actor=user, origin=AuditLine.Origin.SITE)
    except ImportMoved as moved:
        return _preview(request, programme, table, error=str(moved), status=409)
    except ValidationError as error:
        return _preview(request, programme, table, error=" ".join(error.messages), status=422)
    messages.success(request, f"{len(done.added)} metingen toegevoegd, {len(done.changed)} gewijzigd.")
    return redirect("indicators", programme.slug)


def _preview(
    request: HttpRequest, programme: Programme, table: Table, *, error: str = "", status: int = 200
) -> HttpResponse:
    found = compare_measurements(table, programme)
    sealed = signing.dumps({"table": table_to_wire(table), "seen": fingerprint(found)}, salt=SALT, compress=True)
    form = MeasurementFileForm()
    status = 422 if found.findings and status == 200 else status
    return _page(request, programme, form, found=found, table=sealed, error=error, status=status)


def _managed(request: HttpRequest, slug: str) -> Programme:
    programme = readable_programme(request, slug)
    MANAGE_INDICATORS.require(request.user, programme)
    return programme


def _indicators(programme: Programme) -> list[Indicator]:
    return list(Indicator.objects.filter(programme=programme).in_order().select_related("part_of"))


def _page(
    request: HttpRequest, programme: Programme, form: MeasurementFileForm, *, status: int = 200, **more: object
) -> HttpResponse:
    context = {"programme": programme, "may_manage": True, "nav": "indicators", "form": form, **more}
    return render(request, "monitoring/import_measurements.html", context, status=status)


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
