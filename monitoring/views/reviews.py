"""The manager reviews progress, goal by goal or many at once."""

import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from monitoring import workflow
from monitoring.forms import ReviewForm
from monitoring.held_back import HeldBack
from monitoring.held_text import HeldText, held_texts
from monitoring.kept_text import FORGET, drop_kept_text, forget_kept_text, keeps_typed_text, kept_text, typed_texts
from monitoring.models import AuditLine, ReportingRound, Update
from monitoring.permissions import REVIEW_UPDATE
from monitoring.review_order import review_order
from monitoring.review_page import review_page
from monitoring.round_matrix import sentence_about_moved, versions_of
from monitoring.views.rounds import manage_page, managed_round
from monitoring.workflow import Action

SITE = AuditLine.Origin.SITE

_DONE = {
    Action.APPROVE: "De voortgang is goedgekeurd.",
    Action.RETURN: "De voortgang is teruggestuurd.",
    Action.MARK_NOT_DELIVERED: "Het doel staat op ‘niet aangeleverd’.",
    Action.WITHDRAW: "De eigenaar kan de voortgang weer aanleveren.",
}


@require_POST
def approve_many(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve what was ticked, as far as it stands as it was shown; the filter of the page stays."""
    round_ = managed_round(request, pk)
    versions = versions_of(request.POST.getlist("update"))
    if versions is None:
        return manage_page(request, round_, error="Deze keuze is niet te lezen. Vink opnieuw aan.", status=400)
    if not versions:
        return manage_page(request, round_, error="Vink eerst aan wat u wilt goedkeuren.", status=422)
    try:
        done = workflow.approve_many(round_=round_, versions=versions, actor=request.user, origin=SITE)  # type: ignore[arg-type]
    except (workflow.Refused, workflow.Conflict) as refusal:
        return manage_page(request, round_, error=str(refusal), status=403)
    if done.approved:
        count = len(done.approved)
        messages.success(request, "1 doel is goedgekeurd." if count == 1 else f"{count} doelen zijn goedgekeurd.")
    if done.moved:
        messages.warning(request, sentence_about_moved(done.moved, of=len(versions)))
    query = request.GET.urlencode()
    return redirect(f"{round_.get_absolute_url()}?{query}#doelen" if query else round_.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_typed_text
def review(request: HttpRequest, pk: int, goal_pk: int) -> HttpResponse:
    """Review one update: approve it, send it back, or mark it as not delivered; then on with the next."""
    rounds = ReportingRound.objects.readable_by(request.user)
    update = get_object_or_404(
        Update.objects.with_place().with_efforts().filter(round__in=rounds), round__pk=pk, goal__pk=goal_pk
    )
    REVIEW_UPDATE.require(request.user, update.round.programme)
    if request.method == "POST":
        return _post(request, update)
    kept = kept_text(request)
    reason = kept.data.get("reason", "") if kept else ""
    form = ReviewForm(initial={"version": update.version, "reason": reason})
    return _page(request, update, form, kept_at=kept.at if kept and reason else None)


def _post(request: HttpRequest, update: Update) -> HttpResponse:
    if request.POST.get("action") == FORGET:
        return forget_kept_text(request)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _page(request, update, form, status=400 if form.has_error(NON_FIELD_ERRORS, form.NO_ACTION) else 422)
    try:
        _act(form.chosen, request, update, form.cleaned_data["version"], form.cleaned_data["reason"])
    except HeldBack as held:
        found = held_texts(form, held, no_bsn=request.POST.getlist("no_bsn"))
        form.add_error(None, held)
        return _page(request, update, form, held=found, status=422)
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, update, form, status=422)
    except workflow.Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, update, form, status=403)
    except workflow.Conflict as conflict:
        form.add_error(None, "De voortgang is intussen gewijzigd. Hieronder staat wat er nu is; beoordeel die opnieuw.")
        return _page(request, conflict.current, form, version=conflict.current.version, status=409)
    drop_kept_text(request)
    messages.success(request, _told(form.chosen, update))
    following = review_order(update).following
    return redirect("review_update", update.round_id, following) if following else redirect(update.round)


def _told(action: Action, update: Update) -> str:
    if action is Action.WITHDRAW and not update.round.takes_in(as_of=timezone.localdate()):
        return "Het doel is weer een concept. Het inleveren is gesloten: vul het zelf in of geef de eigenaar meer tijd."
    return _DONE[action]


def _act(action: Action, request: HttpRequest, update: Update, version: int, reason: str) -> None:
    common: dict[str, Any] = {"update": update, "actor": request.user, "origin": SITE, "version": version}
    reasoned = {**common, "reason": reason, "no_bsn": request.POST.getlist("no_bsn")}
    match action:
        case Action.APPROVE:
            workflow.approve(**common)
        case Action.WITHDRAW:
            workflow.withdraw(**common)
        case Action.RETURN:
            workflow.return_to_owner(**reasoned)
        case _:
            workflow.mark_not_delivered(**reasoned)


def _page(
    request: HttpRequest,
    update: Update,
    form: ReviewForm,
    *,
    version: int | None = None,
    held: tuple[HeldText, ...] = (),
    kept_at: datetime.datetime | None = None,
    status: int = 200,
) -> HttpResponse:
    user: Any = request.user
    page = review_page(update, user=user, today=timezone.localdate())
    context = {
        "programme": update.round.programme,
        "may_manage": True,
        "nav": "rounds",
        "round": update.round,
        "goal": update.goal,
        "page": page,
        "form": form,
        "held": held,
        "kept_at": kept_at,
        "unsaved_texts": [] if page.asks_reason else typed_texts(form.data),
        "version": form["version"].value() if version is None else version,
    }
    return render(request, "monitoring/review.html", context, status=status)
