"""Correcting an adopted report: choose the goals and texts, change what is wrong, and say why."""

import datetime
from itertools import count
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from monitoring import workflow
from monitoring.correction_forms import CorrectionForms, text_titles
from monitoring.corrections import EditionMoved, Invalid, correct, newest_edition
from monitoring.kept_text import FORGET, drop_kept_text, forget_kept_text, keeps_typed_text, kept_text
from monitoring.models import AuditLine, Report, ReportingRound
from monitoring.permissions import CORRECT_REPORT
from monitoring.report.document import ReportDocument
from monitoring.report.frozen import thaw


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_typed_text
def correct_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose goals and texts of the newest edition (?doel=…&tekst=…, their places in it), and make a new edition."""
    rounds = ReportingRound.objects.readable_by(request.user).select_related("programme", "plan")
    round_ = get_object_or_404(rounds, pk=pk)
    CORRECT_REPORT.require(request.user, round_.programme)
    try:
        newest = newest_edition(round_)
    except workflow.Refused as refusal:
        messages.info(request, str(refusal))
        return redirect(round_)
    if request.POST.get("action") == FORGET:
        return forget_kept_text(request)
    document = thaw(newest.document)
    places = _chosen(request, "doel", range(1, newest.goal_count + 1))
    texts = _chosen(request, "tekst", range(len(document.themes) + 1))
    if not places and not texts:
        error = "Kies minstens één doel of één tekst." if request.method == "POST" or "gekozen" in request.GET else ""
        return _page(request, round_, newest, error=error, status=422 if request.method == "POST" else 200)
    kept = kept_text(request) if request.method != "POST" else None
    typed = request.POST if request.method == "POST" else kept.data if kept else None
    forms = CorrectionForms(typed, newest=newest, places=places, texts=texts)
    if request.method != "POST":
        return _page(request, round_, newest, forms=forms, kept_at=kept.at if kept else None)
    if not forms.is_valid():
        return _page(request, round_, newest, forms=forms, status=422)
    user: AbstractBaseUser = request.user  # type: ignore[assignment]
    try:
        report = correct(
            round_=round_,
            actor=user,
            origin=AuditLine.Origin.SITE,
            edition=forms.edition,
            goals=forms.content,
            introductions=forms.introductions,
            reason=forms.reason,
            no_bsn=request.POST.getlist("no_bsn"),
        )
    except Invalid as invalid:
        forms.add_errors(invalid)
        return _page(request, round_, newest, forms=forms, status=422)
    except EditionMoved as moved:
        # Who saves again has seen what the report says now.
        newest = newest_edition(round_)
        forms = CorrectionForms(request.POST, newest=newest, places=places, texts=texts)
        return _page(request, round_, newest, forms=forms, edition=newest.edition, error=str(moved), status=409)
    except workflow.Refused as refusal:
        return _page(request, round_, newest, forms=forms, error=str(refusal), status=403)
    drop_kept_text(request)
    messages.success(request, f"Editie {report.edition} van het rapport ligt vast.")
    return redirect("editions", round_.pk)


def _chosen(request: HttpRequest, name: str, places: range) -> list[int]:
    """Those of `places` in the edition that are chosen, in their order."""
    chosen = set(request.GET.getlist(name))
    return [place for place in places if str(place) in chosen]


def _choices(document: ReportDocument) -> list[dict[str, Any]]:
    """The themes of the edition, each goal with its place in it."""
    place, themes = count(1), []
    for theme in document.themes:
        themes.append({"title": theme.title, "goals": [(next(place), goal) for goal in theme.goals]})
    return themes


def _page(
    request: HttpRequest,
    round_: ReportingRound,
    newest: Report,
    *,
    forms: CorrectionForms | None = None,
    edition: int | None = None,
    error: str = "",
    kept_at: datetime.datetime | None = None,
    status: int = 200,
) -> HttpResponse:
    document = thaw(newest.document)
    context: dict[str, Any] = {
        "programme": round_.programme,
        "may_manage": True,
        "nav": "rounds",
        "round": round_,
        "newest": newest,
        "forms": forms,
        "edition": edition or (forms and forms.reason_form["edition"].value()),
        "themes": [] if forms else _choices(document),
        "texts": [] if forms else enumerate(text_titles(document)),
        "error": error,
        "kept_at": kept_at,
    }
    return render(request, "monitoring/correct_report.html", context, status=status)
