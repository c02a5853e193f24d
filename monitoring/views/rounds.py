"""The manager's side of a round: open it, see who is done, review, adopt."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from din.models import Programme
from monitoring import workflow
from monitoring.earlier import previous_update
from monitoring.forms import ReasonForm, RoundDaysForm, RoundForm
from monitoring.models import AuditLine, ReportingRound, Update
from monitoring.permissions import MANAGE_ROUND, OPEN_ROUND, REVIEW_UPDATE
from monitoring.review_order import review_order
from monitoring.round_matrix import round_matrix, sentence_about_moved, versions_of
from monitoring.workflow import RoundAction

SITE = AuditLine.Origin.SITE


def _round(request: HttpRequest, pk: int) -> ReportingRound:
    """The round, for its manager; 404 for who may not see it, 403 for who may only read it."""
    rounds = ReportingRound.objects.readable_by(request.user).select_related("programme", "plan")
    round_ = get_object_or_404(rounds, pk=pk)
    MANAGE_ROUND.require(request.user, round_.programme)
    return round_


@require_http_methods(["GET", "HEAD", "POST"])
def open_round(request: HttpRequest, slug: str) -> HttpResponse:
    """Open a round for a half year; one with a later opening day is only planned."""
    programme = get_object_or_404(Programme.objects.readable_by(request.user), slug=slug)
    OPEN_ROUND.require(request.user, programme)
    today = timezone.localdate()
    form = RoundForm(request.POST if request.method == "POST" else None, programme=programme, today=today)
    if form.is_bound and form.is_valid():
        try:
            with transaction.atomic():
                round_ = form.save()
                if round_.opens_on <= today:
                    workflow.open_round(round_=round_, actor=request.user, origin=SITE)  # type: ignore[arg-type]
        except workflow.Refused as refusal:
            form.add_error(None, str(refusal))
        except IntegrityError:
            form.add_error(None, "Iemand anders maakte deze ronde net voor u. Kijk bij het overzicht.")
        else:
            opened = round_.opens_on <= today
            messages.success(
                request, "De ronde is geopend." if opened else "De ronde staat klaar. Open haar op de dag zelf."
            )
            return redirect(round_)
    unfinished = ReportingRound.objects.filter(programme=programme).unfinished()
    context = {
        "programme": programme,
        "may_manage": True,
        "nav": "rounds",
        "form": form,
        "unfinished": unfinished,
    }
    return render(request, "monitoring/open_round.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, pk: int) -> HttpResponse:
    """The days of a round: opening, deadline and grace."""
    round_ = _round(request, pk)
    form = RoundDaysForm(request.POST if request.method == "POST" else None, round_=round_)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            workflow.reschedule(round_=round_, actor=request.user, origin=SITE, **form.cleaned_data)  # type: ignore[arg-type]
        except ValidationError as error:
            form.add_error(None, error.messages)
        except workflow.Refused as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            messages.success(request, "De dagen van de ronde zijn gewijzigd.")
            return redirect(round_)
    context = {"programme": round_.programme, "may_manage": True, "nav": "rounds", "round": round_, "form": form}
    return render(request, "monitoring/round_settings.html", context, status=status)


@require_safe
def manage(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is done and what waits for a review."""
    round_ = _round(request, pk)
    return _manage_page(request, round_)


def _manage_page(request: HttpRequest, round_: ReportingRound, *, error: str = "", status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "programme": round_.programme,
        "may_manage": True,
        "nav": "rounds",
        "page": round_matrix(round_, parameters=request.GET, today=today),
        "actions": {action.value for action in workflow.allowed_round_actions(round_)},
        "missing_goals": workflow.missing_goals(round_) if round_.is_running else [],
        "days_left": round_.days_left(as_of=today),
        "grace_left": round_.grace_left(as_of=today),
        "takes_in": round_.takes_in(as_of=today),
        "report": round_.reports.first(),
        "error": error,
    }
    return render(request, "monitoring/round.html", context, status=status)


_STEPS: dict[RoundAction, tuple[Any, str]] = {
    RoundAction.OPEN: (workflow.open_round, "De ronde is geopend."),
    RoundAction.START_REVIEW: (workflow.start_review, "Het inleveren is gesloten. U kunt nu alles beoordelen."),
    RoundAction.REOPEN: (workflow.reopen, "De ronde is weer open."),
    RoundAction.COMPLETE: (workflow.complete, "De ronde is aangevuld met de nieuwe doelen."),
}


@require_POST
def step(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a step with a round: open, close, reopen or complete it. Adopting has a page of its own."""
    round_ = _round(request, pk)
    try:
        operation, done = _STEPS[RoundAction(request.POST.get("action", ""))]
        operation(round_=round_, actor=request.user, origin=SITE)
    except (ValueError, KeyError):
        return _manage_page(request, round_, error="Kies een van de knoppen op deze pagina.", status=400)
    except workflow.Refused as refusal:
        return _manage_page(request, round_, error=str(refusal), status=409)
    messages.success(request, done)
    return redirect(round_)


@require_POST
def approve_many(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve what was ticked, as far as it stands as it was shown; the filter of the page stays."""
    round_ = _round(request, pk)
    versions = versions_of(request.POST.getlist("update"))
    if versions is None:
        return _manage_page(request, round_, error="Deze keuze is niet te lezen. Vink opnieuw aan.", status=400)
    if not versions:
        return _manage_page(request, round_, error="Vink eerst aan wat u wilt goedkeuren.", status=422)
    try:
        done = workflow.approve_many(round_=round_, versions=versions, actor=request.user, origin=SITE)  # type: ignore[arg-type]
    except (workflow.Refused, workflow.Conflict) as refusal:
        return _manage_page(request, round_, error=str(refusal), status=409)
    if done.approved:
        count = len(done.approved)
        messages.success(request, "1 doel is goedgekeurd." if count == 1 else f"{count} doelen zijn goedgekeurd.")
    if done.moved:
        messages.warning(request, sentence_about_moved(done.moved, of=len(versions)))
    query = request.GET.urlencode()
    return redirect(f"{round_.get_absolute_url()}?{query}#doelen" if query else round_.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, pk: int, goal_pk: int) -> HttpResponse:
    """Review one update: approve it, send it back, or mark it as not delivered."""
    rounds = ReportingRound.objects.readable_by(request.user)
    update = get_object_or_404(
        Update.objects.with_place().with_efforts().filter(round__in=rounds), round__pk=pk, goal__pk=goal_pk
    )
    REVIEW_UPDATE.require(request.user, update.round.programme)
    if request.method == "POST":
        return _review_post(request, update)
    return _review_page(request, update, ReasonForm(initial={"version": update.version}))


_REVIEWED = {
    workflow.Action.APPROVE: "De voortgang is goedgekeurd.",
    workflow.Action.RETURN: "De voortgang is teruggestuurd.",
    workflow.Action.MARK_NOT_DELIVERED: "Het doel staat op ‘niet aangeleverd’.",
    workflow.Action.WITHDRAW: "De eigenaar kan de voortgang weer aanleveren.",
}


def _review_post(request: HttpRequest, update: Update) -> HttpResponse:
    form = ReasonForm(request.POST)
    user: Any = request.user
    if not form.is_valid():
        return _review_page(request, update, form, status=422)
    common = {"update": update, "actor": user, "origin": SITE, "version": form.cleaned_data["version"]}
    reason = form.cleaned_data["reason"]
    try:
        action = workflow.Action(request.POST.get("action", ""))
        done = _REVIEWED[action]
        match action:
            case workflow.Action.APPROVE:
                workflow.approve(**common)
            case workflow.Action.WITHDRAW:
                workflow.withdraw(**common)
            case workflow.Action.RETURN:
                workflow.return_to_owner(**common, reason=reason)
            case _:
                workflow.mark_not_delivered(**common, reason=reason)
    except (ValueError, KeyError):
        form.add_error(None, "Kies een van de knoppen op deze pagina.")
        return _review_page(request, update, form, status=400)
    except ValidationError as error:
        form.add_error(None, error)
        return _review_page(request, update, form, status=422)
    except workflow.Refused as refusal:
        form.add_error(None, str(refusal))
        return _review_page(request, update, form, status=409)
    except workflow.Conflict as conflict:
        form.add_error(None, "De voortgang is intussen gewijzigd. Hieronder staat wat er nu is; beoordeel die opnieuw.")
        return _review_page(request, conflict.current, form, version=conflict.current.version, status=409)
    messages.success(request, done)
    following = review_order(update).following
    return redirect("review_update", update.round_id, following) if following else redirect(update.round)


def _review_page(
    request: HttpRequest, update: Update, form: ReasonForm, *, version: int | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "programme": update.round.programme,
        "may_manage": True,
        "nav": "rounds",
        "update": update,
        "goal": update.goal,
        "round": update.round,
        "previous": previous_update(update),
        "form": form,
        "version": form["version"].value() if version is None else version,
        "actions": {action.value for action in workflow.allowed_actions(update, request.user)},  # type: ignore[arg-type]
        "order": review_order(update),
    }
    return render(request, "monitoring/review.html", context, status=status)
