"""The progress report: to read, its editions, and each as a file."""

import logging
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from din.permissions import manages
from monitoring.models import Report, ReportingRound
from monitoring.permissions import READ_CONCEPT_REPORT
from monitoring.report.build import report_source
from monitoring.report.formats.registry import FORMATS, Format
from monitoring.report.frozen import ReportSource
from monitoring.report.rendering import RenderingFailed
from monitoring.report.under_way import ask, is_long, is_under_way, key_of
from monitoring.report_page import report_page

logger = logging.getLogger(__name__)


@require_safe
def download(request: HttpRequest, pk: int, format: str) -> HttpResponse:
    """The report of a round as a file; of an adopted round `?editie=1` asks for an edition.

    That of a long report is made beside the site: a page waits for it, and asks how far it is with `?stand=…`.
    """
    one = FORMATS[format]
    if "stand" in request.GET:
        _readable_round(request, pk)
        return _how_far(request.GET["stand"])
    round_, source = _asked(request, pk, with_template=one.takes_template)
    try:
        content = _content(source, one)
    except RenderingFailed as failed:
        return _not_made(request, round_, str(failed))
    if content is None:
        return _waiting(request, round_, one, key_of(source, one))
    response = HttpResponse(content, content_type=one.media_type)
    edition = f"-editie-{source.document.edition}" if source.document.edition > 1 else ""
    name = f"voortgang-{round_.programme.slug}-{round_.name}{edition}.{format}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _content(source: ReportSource, one: Format) -> bytes | None:
    """The bytes of the file, or None while they are waited for. Raises RenderingFailed."""
    if not is_long(source, one):
        return one.render(source)
    try:
        stand = ask(settings.REPORT_FILES, source, one)
    except OSError:
        logger.exception("no files can be made in %s", settings.REPORT_FILES)
        return one.render(source)  # whoever asks waits for it, and everybody else for them
    if stand.failure:
        raise RenderingFailed(stand.failure)
    return stand.content


def _waiting(request: HttpRequest, round_: ReportingRound, one: Format, key: str) -> HttpResponse:
    context = {**_context(request, round_), "format": one, "key": key, "address": request.get_full_path()}
    return render(request, "monitoring/report_waiting.html", context, status=202)


def _how_far(key: str) -> HttpResponse:
    """For the page that waits: whether the file is still being made. When not, it asks for the file again."""
    return JsonResponse({"waits": is_under_way(settings.REPORT_FILES, key)})


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
    """The round and its report; a 404 when it has no such edition."""
    round_ = _readable_round(request, pk)
    try:
        source = report_source(round_, edition=_edition(request), with_template=with_template)
    except Report.DoesNotExist:
        raise Http404("Deze editie is er niet.") from None
    return round_, source


def _readable_round(request: HttpRequest, pk: int) -> ReportingRound:
    """The round of a report that the visitor may read: an adopted one with a role, a concept as its manager."""
    rounds = ReportingRound.objects.readable_by(request.user).select_related("programme", "plan")
    round_ = get_object_or_404(rounds, pk=pk)
    if not round_.is_adopted:
        READ_CONCEPT_REPORT.require(request.user, round_.programme)
    return round_


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
    if not (asked.isascii() and asked.isdecimal() and len(asked) <= 5):
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
