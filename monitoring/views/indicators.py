"""The indicators of a programme: all of them, and one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from din.models import Programme
from din.permissions import manages
from monitoring.indicator_list import build_indicator_list
from monitoring.indicator_page import build_indicator_page
from monitoring.models import Indicator
from monitoring.permissions import RECORD_MEASUREMENT
from monitoring.views.reading import readable_programme


@require_safe
def indicator_list(request: HttpRequest, slug: str) -> HttpResponse:
    """All indicators of a programme."""
    programme = readable_programme(request, slug)
    found = build_indicator_list(programme, user=request.user, as_of=timezone.localdate(), parameters=request.GET)
    context = {
        "programme": programme,
        "may_manage": manages(request.user, programme),
        "nav": "indicators",
        "indicator_list": found,
    }
    return render(request, "monitoring/indicators.html", context)


@require_safe
def indicator(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One indicator with its parts; the address of a part leads to the whole."""
    programme = readable_programme(request, slug)
    found = readable_indicator(request, programme, pk)
    if found.part_of_id is not None:
        return redirect(found)
    context = {
        "programme": programme,
        "may_manage": manages(request.user, programme),
        "may_record": RECORD_MEASUREMENT.allows(request.user, found),
        "nav": "indicators",
        "page": build_indicator_page(found, user=request.user, as_of=timezone.localdate()),
    }
    return render(request, "monitoring/indicator.html", context)


def readable_indicator(request: HttpRequest, programme: Programme, pk: int) -> Indicator:
    """The indicator of `programme` with this key; a 404 when the visitor may not read it."""
    indicators = Indicator.objects.readable_by(request.user).filter(programme=programme)
    return get_object_or_404(indicators.select_related("programme", "theme", "owner", "part_of"), pk=pk)
