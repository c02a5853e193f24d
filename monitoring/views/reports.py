"""The progress report: to read, its editions, and each as a file."""

from typing import Any

from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from din.permissions import manages
from monitoring.models import Report, ReportingRound
from monitoring.permissions import READ_CONCEPT_REPORT
from monitoring.report.build import report_source
from monitoring.report.formats.registry import FORMATS
from monitoring.report.frozen import ReportSource
from monitoring.report.rendering import RenderingFailed
from monitoring.report_page import report_page

LARGEST_EDITION = 32_767  # what the database holds


@require_safe
def download(request: HttpRequest, pk: int, format: str) -> HttpResponse:
    """The report of a round as a file; of an adopted round `?editie=1` asks for an edition."""
    round_, source = _asked(request, pk, with_template=FORMATS[format].takes_template)
    try:
        content = FORMATS[format].render(source)
    except RenderingFailed as failed:
        return _not_made(request, round_, str(failed))
    response = HttpResponse(content, content_type=FORMATS[format].media_type)
    edition = f"-editie-{source.document.edition}" if source.document.edition > 1 else ""
    name = f"voortgang-{round_.programme.slug}-{round_.name}{edition}.{format}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
def screen(request: HttpRequest, pk: int) -> HttpResponse:
    """The report of a round to read; of an adopted round `?editie=1` asks for an edition."""
    round_, source = _asked(request, pk)
    newest = Report.objects.filter(round=round_).aggregate(Max("edition"))["edition__max"]
    context = {
        **_context(request, round_),
        "page": report_page(source),
        "edition": _edition(request),
        "newer": newest is not None and newest > source.document.edition,
    }
    return render(request, "monitoring/report.html", context)


def _asked(request: HttpRequest, pk: int, *, with_template: bool = False) -> tuple[ReportingRound, ReportSource]:
    """The report of a round: an adopted one for everybody with a role, a concept for its manager; else a 404."""
    rounds = ReportingRound.objects.readable_by(request.user).select_related("programme", "plan")
    round_ = get_object_or_404(rounds, pk=pk)
    if not round_.is_adopted:
        READ_CONCEPT_REPORT.require(request.user, round_.programme)
    try:
        source = report_source(round_, edition=_edition(request), with_template=with_template)
    except Report.DoesNotExist:
        raise Http404("Deze editie is er niet.") from None
    return round_, source


def _not_made(request: HttpRequest, round_: ReportingRound, why: str) -> HttpResponse:
    """That a file could not be made, with the other files."""
    context = {**_context(request, round_), "why": why, "formats": FORMATS.values(), "edition": _edition(request)}
    return render(request, "monitoring/report_not_made.html", context, status=503)


def _context(request: HttpRequest, round_: ReportingRound) -> dict[str, Any]:
    return {
        "programme": round_.programme,
        "may_manage": manages(request.user, round_.programme),
        "nav": "overview",
        "round": round_,
    }


def _edition(request: HttpRequest) -> int | None:
    """The edition that `?editie=` asks for, or None for the newest; a 404 when that is no number of an edition."""
    asked = request.GET.get("editie")
    if asked is None:
        return None
    if not (asked.isascii() and asked.isdecimal() and len(asked) <= 5 and int(asked) <= LARGEST_EDITION):
        raise Http404("Deze editie is er niet.")
    return int(asked)


@require_safe
def editions(request: HttpRequest, pk: int) -> HttpResponse:
    """Every edition of the report of an adopted round, the newest first, with its reason."""
    rounds = ReportingRound.objects.readable_by(request.user).adopted().select_related("programme", "plan")
    round_ = get_object_or_404(rounds, pk=pk)
    context = {
        **_context(request, round_),
        "formats": FORMATS.values(),
        "editions": Report.objects.filter(round=round_).defer("document").select_related("frozen_by"),
    }
    return render(request, "monitoring/editions.html", context)
