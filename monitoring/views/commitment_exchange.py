"""Commitments from and to a workbook."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from din.models import Goal
from monitoring.commitment_import import COMMITMENTS, commitment_rows
from monitoring.commitment_line import DUE_ORDER
from monitoring.commitment_sheet import commitment_workbook
from monitoring.models import Commitment
from monitoring.views.reading import readable_programme
from monitoring.views.table_exchange import ImportPage, workbook_answer

PAGE = ImportPage(
    COMMITMENTS,
    template="monitoring/import_commitments.html",
    nav="commitments",
    list_label="Toezeggingen",
    done="{added} toegevoegd, {changed} gewijzigd.",
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
    return workbook_answer(commitment_workbook(commitment_rows(found)), f"toezeggingen-{slug}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
def import_commitments(request: HttpRequest, slug: str) -> HttpResponse:
    return PAGE.answer(request, slug)
