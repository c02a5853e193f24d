"""Writing the introductions in the report of a round, also while the manager types."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from monitoring.differences import text_difference
from monitoring.held_back import HeldBack
from monitoring.held_text import held_texts
from monitoring.kept_text import FORGET, drop_kept_text, forget_kept_text, keeps_typed_text, kept_text
from monitoring.models import AuditLine, ReportingRound, ReportText
from monitoring.permissions import WRITE_REPORT_TEXTS
from monitoring.refused import Refused
from monitoring.report.texts import TextMoved, write_text
from monitoring.text_parts import TextPart, text_parts


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_typed_text
def texts(request: HttpRequest, pk: int) -> HttpResponse:
    """Every text of the report; `?deel=` names the one that was sent."""
    rounds = ReportingRound.objects.readable_by(request.user).select_related("programme", "plan")
    round_ = get_object_or_404(rounds, pk=pk)
    WRITE_REPORT_TEXTS.require(request.user, round_.programme)
    if request.method == "POST":
        return _post(request, round_)
    if not round_.is_running:
        messages.info(request, f"Deze ronde is {round_.get_state_display()}: de teksten kunt u nu niet schrijven.")
        return redirect(round_)
    kept = kept_text(request)
    return _page(request, round_, data=kept.data if kept else None, kept_at=kept.at if kept else None)


def _post(request: HttpRequest, round_: ReportingRound) -> HttpResponse:
    asked = request.POST.get("action", "")
    if asked == FORGET:
        return forget_kept_text(request)
    part = text_parts(round_, key=request.GET.get("deel", ""), data=request.POST).of(request.GET.get("deel", ""))
    if part is None:
        raise Http404
    if "take" in request.POST:
        return _take(request, part)
    if asked == "take_over":
        return _filled(request, part, _below(request.POST.get("text", "").strip(), part.last))
    if not part.form.is_valid():
        return _refused(request, part, status=422)
    try:
        saved = write_text(
            round_=round_,
            theme=part.theme,
            text=part.form.cleaned_data["text"],
            version=part.form.cleaned_data["version"],
            actor=request.user,  # type: ignore[arg-type]
            origin=AuditLine.Origin.SITE,
            no_bsn=request.POST.getlist("no_bsn"),
        )
    except HeldBack as held:
        part = replace(part, held=held_texts(part.form, held, no_bsn=request.POST.getlist("no_bsn")))
        part.form.add_error(None, held)
        return _refused(request, part, status=422)
    except Refused as refusal:
        part.form.add_error(None, ValidationError(str(refusal)))
        # While somebody types it is a line in the page, like a conflict: there is nothing more to send.
        return _refused(request, part, status=409 if _is_fragment(request) else 403)
    except TextMoved as moved:
        return _moved(request, part, moved.current)
    drop_kept_text(request)
    if _is_fragment(request):
        return render(request, "monitoring/_saved_text.html", {"key": part.key, "text": saved})
    messages.success(request, f"De tekst is bewaard: {part.title}.")
    return redirect(f"{reverse('report_texts', args=[round_.pk])}#deel-{part.key}")


def _below(typed: str, last: str) -> str:
    return typed if last in typed else "\n\n".join(filter(None, [typed, last]))


# --- two people on one text ----------------------------------------------------------------------------------------


def _moved(request: HttpRequest, part: TextPart, current: ReportText) -> HttpResponse:
    """Both texts side by side. Who saves now has seen what stands there, so with its version."""
    if _is_fragment(request):
        return render(request, "monitoring/_not_saved.html", {"conflict": current, "key": part.key}, status=409)
    own = part.form.cleaned_data["text"].strip()
    return _page(request, current.round, replaced=_beside(part, current, own), status=409)


def _beside(part: TextPart, current: ReportText, own: str) -> TextPart:
    """`part` with its own text beside what is stored."""
    found = text_difference("text", part.title, own, current.text)
    return replace(part, stored=current, seen=current.version, differences=(found,), is_stored=False)


def _take(request: HttpRequest, part: TextPart) -> HttpResponse:
    """Put the text of the other, or both, in the field; nothing is saved yet. What was mine at first stays offered."""
    mine = _beside(part, part.stored, request.POST.get("mine-text", ""))
    chosen = mine.differences[0].choices.get(request.POST["take"].partition(":")[2], {})
    filled = _with_text(request, part, chosen.get("text", request.POST.get("text", "")))
    return _page(request, part.stored.round, replaced=replace(mine, form=filled.form), status=409)


def _filled(request: HttpRequest, part: TextPart, text: str) -> HttpResponse:
    """The page with `text` in the field; nothing is saved yet."""
    return _page(request, part.stored.round, replaced=_with_text(request, part, text))


def _with_text(request: HttpRequest, part: TextPart, text: str) -> TextPart:
    data = request.POST.copy()
    data["text"] = text
    form = type(part.form)(data, stored=part.stored, auto_id=part.form.auto_id)
    return replace(part, form=form, is_stored=False)


# --- answers -------------------------------------------------------------------------------------------------------


def _is_fragment(request: HttpRequest) -> bool:
    """Whether the form was sent while somebody types, so that the answer is one line and not a page."""
    return bool(request.htmx)  # type: ignore[attr-defined]


def _refused(request: HttpRequest, part: TextPart, *, status: int) -> HttpResponse:
    if _is_fragment(request):
        context = {"form": part.form, "held": part.held, "key": part.key}
        return render(request, "monitoring/_not_saved.html", context, status=status)
    return _page(request, part.stored.round, replaced=part, status=status)


def _page(
    request: HttpRequest,
    round_: ReportingRound,
    *,
    data: Any = None,
    replaced: TextPart | None = None,
    kept_at: Any = None,
    status: int = 200,
) -> HttpResponse:
    """All texts. `data` was typed in the one that the address names; `replaced` stands in the place of its own."""
    found = text_parts(round_, key=request.GET.get("deel", ""), data=data)
    parts = [replaced if replaced is not None and replaced.key == part.key else part for part in found.parts]
    context = {
        "programme": round_.programme,
        "may_manage": True,
        "nav": "rounds",
        "round": round_,
        "parts": parts,
        "last_label": found.last_label,
        "sent": replaced,
        "address": reverse("report_texts", args=[round_.pk]),
        "kept_at": kept_at,
    }
    return render(request, "monitoring/report_texts.html", context, status=status)
