"""The manager's side of a round: open it, set its days, see who is done, adopt."""

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
from monitoring.forms import RoundDaysForm, RoundForm
from monitoring.models import AuditLine, ReportingRound
from monitoring.permissions import MANAGE_ROUND, OPEN_ROUND
from monitoring.round_matrix import round_matrix
from monitoring.workflow import RoundAction

SITE = AuditLine.Origin.SITE


def managed_round(request: HttpRequest, pk: int) -> ReportingRound:
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
                round_ = form.save(commit=False)
                workflow.plan_round(round_=round_, actor=request.user, origin=SITE)  # type: ignore[arg-type]
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
    round_ = managed_round(request, pk)
    form = RoundDaysForm(request.POST if request.method == "POST" else None, round_=round_)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            workflow.reschedule(round_=round_, actor=request.user, origin=SITE, **form.cleaned_data)  # type: ignore[arg-type]
        except ValidationError as error:
            form.add_error(None, error.messages)
        except workflow.Refused as refusal:
            form.add_error(None, str(refusal))
            status = 403
        else:
            messages.success(request, "De dagen van de ronde zijn gewijzigd.")
            return redirect(round_)
    context = {"programme": round_.programme, "may_manage": True, "nav": "rounds", "round": round_, "form": form}
    return render(request, "monitoring/round_settings.html", context, status=status)


@require_safe
def manage(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is done and what waits for a review."""
    round_ = managed_round(request, pk)
    return manage_page(request, round_)


def manage_page(request: HttpRequest, round_: ReportingRound, *, error: str = "", status: int = 200) -> HttpResponse:
    """The page of a round for its manager, with what was wrong when something was refused."""
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
    round_ = managed_round(request, pk)
    try:
        operation, done = _STEPS[RoundAction(request.POST.get("action", ""))]
        operation(round_=round_, actor=request.user, origin=SITE)
    except (ValueError, KeyError):
        return manage_page(request, round_, error="Kies een van de knoppen op deze pagina.", status=400)
    except workflow.Refused as refusal:
        return manage_page(request, round_, error=str(refusal), status=403)
    messages.success(request, done)
    return redirect(round_)
