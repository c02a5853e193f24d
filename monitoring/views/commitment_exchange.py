"""Commitments from and to a workbook."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from din.models import Goal, Programme
from din.reading import read_table
from din.reading.limits import MEGABYTE, PACKED_BYTES
from din.reading.table import Table, table_from_wire, table_to_wire
from monitoring.commitment_import import ImportMoved, commitment_rows, compare_commitments, write_commitments
from monitoring.commitment_line import DUE_ORDER
from monitoring.commitment_sheet import COLUMNS, commitment_workbook
from monitoring.models import AuditLine, Commitment
from monitoring.permissions import MANAGE_COMMITMENTS
from monitoring.report.formats.xlsx import MEDIA_TYPE
from monitoring.views.reading import readable_programme

SALT = "toezeggingen"
# A preview that lies open longer is made again.
PREVIEW_FOR = 3600


class CommitmentFileForm(forms.Form):
    """A workbook with commitments."""

    workbook = forms.FileField(
        label="Werkboek met toezeggingen",
        help_text=f"Een bestand uit Excel (.xlsx, .xls) of OpenDocument (.ods), hooguit {PACKED_BYTES // MEGABYTE} MB.",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.ods"}),
        error_messages={"required": "Kies het werkboek dat u wilt importeren."},
    )


@require_safe
def export_commitments(request: HttpRequest, slug: str) -> HttpResponse:
    """The commitments as this visitor may know them, in the columns in which they are read back."""
    programme = readable_programme(request, slug)
    goals = Goal.objects.readable_by(request.user).select_related("theme").order_by("position", "pk")
    found: Any = (
        Commitment.objects.readable_by(request.user)
        .filter(programme=programme)
        .with_place()
        .prefetch_related(Prefetch("goals", goals))
        .order_by(*DUE_ORDER)
    )
    response = HttpResponse(commitment_workbook(commitment_rows(found)), content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="toezeggingen-{slug}.xlsx"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def import_commitments(request: HttpRequest, slug: str) -> HttpResponse:
    """Read a workbook and show what it would change; when that is confirmed, write it."""
    programme = readable_programme(request, slug)
    MANAGE_COMMITMENTS.require(request.user, programme)
    if request.method != "POST":
        return _page(request, programme, CommitmentFileForm())
    if "table" in request.POST:
        return _confirm(request, programme)
    form = CommitmentFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, programme, form, status=422)
    # One byte over the limit is enough for the reader to refuse it.
    table = read_table(form.cleaned_data["workbook"].read(PACKED_BYTES + 1), COLUMNS)
    return _preview(request, programme, table)


def _confirm(request: HttpRequest, programme: Programme) -> HttpResponse:
    try:
        sent = signing.loads(request.POST["table"], salt=f"{SALT}-{programme.pk}", max_age=PREVIEW_FOR)
    except signing.BadSignature:
        error = "Dit voorbeeld is verlopen. Kies het bestand opnieuw."
        return _page(request, programme, CommitmentFileForm(), error=error, status=422)
    table = table_from_wire(sent["table"])
    user: Any = request.user
    try:
        done = write_commitments(table, programme, seen=sent["seen"], actor=user, origin=AuditLine.Origin.SITE)
    except ImportMoved as moved:
        return _preview(request, programme, table, error=str(moved), status=409)
    except ValidationError as error:
        return _preview(request, programme, table, error=" ".join(error.messages), status=422)
    messages.success(request, f"{len(done.added)} toegevoegd, {len(done.changed)} gewijzigd.")
    return redirect("commitments", programme.slug)


def _preview(
    request: HttpRequest, programme: Programme, table: Table, *, error: str = "", status: int = 200
) -> HttpResponse:
    found = compare_commitments(table, programme)
    sent = {"table": table_to_wire(table), "seen": found.fingerprint}
    sealed = signing.dumps(sent, salt=f"{SALT}-{programme.pk}", compress=True)
    status = 422 if found.findings and status == 200 else status
    return _page(request, programme, CommitmentFileForm(), found=found, table=sealed, error=error, status=status)


def _page(
    request: HttpRequest, programme: Programme, form: CommitmentFileForm, *, status: int = 200, **more: object
) -> HttpResponse:
    context = {"programme": programme, "may_manage": True, "nav": "commitments", "form": form, **more}
    return render(request, "monitoring/import_commitments.html", context, status=status)
