"""Commitments, motions and recommendations: the list, one of them, and what can be done to it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_safe

from din.models import Programme
from din.permissions import manages
from monitoring import commitments as operations
from monitoring.commitment_forms import FactsForm, SettlementForm, StepForm
from monitoring.commitment_list import build_commitment_list
from monitoring.commitment_page import build_commitment_page
from monitoring.commitments import Action, Moved, allowed_actions
from monitoring.held_back import HeldBack
from monitoring.held_text import held_texts
from monitoring.kept_text import drop_kept_text, keeps_typed_text, kept_text
from monitoring.models import AuditLine, Commitment
from monitoring.permissions import MANAGE_COMMITMENTS, WRITE_SETTLEMENT
from monitoring.two_texts import TAKE, TwoTexts, first_typed, taken, two_texts
from monitoring.views.reading import readable_programme
from monitoring.workflow import Refused

SITE = AuditLine.Origin.SITE
NAV = "commitments"


@require_safe
def commitment_list(request: HttpRequest, slug: str) -> HttpResponse:
    """All commitments of a programme; only the results when htmx asks for them."""
    programme = readable_programme(request, slug)
    found = build_commitment_list(programme, user=request.user, parameters=request.GET, as_of=timezone.localdate())
    context = {"programme": programme, "nav": NAV, "commitment_list": found}
    if request.htmx and not request.htmx.history_restore_request:  # type: ignore[attr-defined]
        response = render(request, "monitoring/_commitment_results.html", {**context, "is_fragment": True})
        response["HX-Push-Url"] = f"{request.path}?{found.query}" if found.query else request.path
    else:
        context["may_manage"] = manages(request.user, programme)
        response = render(request, "monitoring/commitments.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _readable(request: HttpRequest, slug: str, pk: int) -> Any:
    """The commitment at this address, with what this visitor may know of it."""
    programme = readable_programme(request, slug)
    commitments = Commitment.objects.readable_by(request.user).filter(programme=programme).with_place()
    return get_object_or_404(commitments, pk=pk)


@require_safe
def commitment(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One commitment."""
    found = _readable(request, slug, pk)
    user: Any = request.user
    page = build_commitment_page(found, user=user, as_of=timezone.localdate())
    context = _context(request, found.programme) | {"page": page, "commitment": found}
    return render(request, "monitoring/commitment.html", context)


def _context(request: HttpRequest, programme: Programme) -> dict[str, Any]:
    return {"programme": programme, "may_manage": manages(request.user, programme), "nav": NAV}


# --- what it says --------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_typed_text
def new_commitment(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a commitment."""
    programme = readable_programme(request, slug)
    MANAGE_COMMITMENTS.require(request.user, programme)
    kept = kept_text(request)
    data = request.POST if request.method == "POST" else kept.data if kept else None
    form = FactsForm(data, programme=programme)
    if request.method != "POST":
        return _facts_page(request, programme, form)
    if not form.is_valid():
        return _facts_page(request, programme, form, status=422)
    try:
        added = operations.add(programme, form.facts, **_by(request))
    except ValidationError as error:
        return _facts_page(request, programme, form, error=error, status=422)
    drop_kept_text(request)
    messages.success(request, "Het staat erbij.")
    return redirect(added)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_typed_text
def change_commitment(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change what a commitment says."""
    found: Commitment = _readable(request, slug, pk)
    MANAGE_COMMITMENTS.require(request.user, found.programme)
    kept = kept_text(request)
    data = request.POST if request.method == "POST" else kept.data if kept else None
    form = FactsForm(data, programme=found.programme, commitment=found)
    if request.method != "POST":
        return _facts_page(request, found.programme, form, found)
    if TAKE in request.POST:
        return _facts_met(request, found)
    if not form.is_valid():
        return _facts_page(request, found.programme, form, found, status=422)
    try:
        operations.change(found, form.facts, version=form.cleaned_data["version"], **_by(request))
    except ValidationError as error:
        return _facts_page(request, found.programme, form, found, error=error, status=422)
    except Refused as refusal:
        return _facts_page(request, found.programme, form, found, error=ValidationError(str(refusal)), status=403)
    except Moved as moved:
        return _facts_met(request, moved.current)
    drop_kept_text(request)
    messages.success(request, "De wijziging is bewaard.")
    return redirect(found)


def _facts_met(request: HttpRequest, current: Commitment) -> HttpResponse:
    """Both texts of what differs between what was typed and `current`, and the form with what was chosen."""
    programme = current.programme
    differences = two_texts(FactsForm(first_typed(request.POST), programme=programme, commitment=current))
    data = taken(request.POST, differences) if TAKE in request.POST else request.POST
    form = FactsForm(data, programme=programme, commitment=current)
    return _facts_page(request, programme, form, current, differences=differences, status=409)


def _by(request: HttpRequest) -> dict[str, Any]:
    return {"actor": request.user, "origin": SITE, "no_bsn": request.POST.getlist("no_bsn")}


def _held(request: HttpRequest, form: Any, error: ValidationError | None) -> Any:
    """The texts that were held back; puts `error` into the form."""
    if error is None:
        return ()
    held = held_texts(form, error, no_bsn=request.POST.getlist("no_bsn")) if isinstance(error, HeldBack) else ()
    known = {name: errors for name, errors in error.update_error_dict({}).items() if name in form.fields}
    form.add_error(None, ValidationError(known) if known else error)
    return held


def _facts_page(
    request: HttpRequest,
    programme: Programme,
    form: FactsForm,
    found: Commitment | None = None,
    *,
    error: ValidationError | None = None,
    differences: tuple[TwoTexts, ...] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The form; after a conflict with `differences`, None before one."""
    held = _held(request, form, error)
    context = {
        **_context(request, programme),
        "form": form,
        "commitment": found,
        "held": held,
        "differences": differences,
        "moved": differences is not None,
        # Who sends it after a conflict has seen what stands there now.
        "version": found.version if differences is not None and found else form["version"].value(),
    }
    return render(request, "monitoring/commitment_form.html", context, status=status)


# --- how it is settled ---------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_typed_text
def settlement(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Write the proposal to settle, and for the manager: propose it."""
    found: Commitment = _readable(request, slug, pk)
    WRITE_SETTLEMENT.require(request.user, found)
    user: Any = request.user
    may_propose = manages(user, found.programme)
    kept = kept_text(request)
    data = request.POST if request.method == "POST" else kept.data if kept else None
    form = SettlementForm(data, commitment=found, may_propose=may_propose)
    if request.method != "POST":
        if Action.WRITE not in allowed_actions(found, user):
            messages.info(request, f"De stand is ‘{found.get_state_display()}’: het voorstel ligt nu vast.")
            return redirect(found)
        return _settlement_page(request, found, form)
    if TAKE in request.POST:
        return _settlement_met(request, found, may_propose=may_propose)
    if not form.is_valid():
        return _settlement_page(request, found, form, status=422)
    text, version = form.cleaned_data["settlement"], form.cleaned_data["version"]
    proposes = request.POST.get("action") == Action.PROPOSE
    try:
        if proposes:
            MANAGE_COMMITMENTS.require(user, found.programme)
            round_ = form.cleaned_data["proposed_in"]
            operations.propose(found, text, proposed_in=round_, version=version, **_by(request))
        else:
            operations.write_settlement(found, text, version=version, **_by(request))
    except ValidationError as error:
        return _settlement_page(request, found, form, error=error, status=422)
    except Refused as refusal:
        return _settlement_page(request, found, form, error=ValidationError(str(refusal)), status=403)
    except Moved as moved:
        return _settlement_met(request, moved.current, may_propose=may_propose)
    drop_kept_text(request)
    messages.success(request, "Het voorstel is gedaan." if proposes else "De tekst is bewaard.")
    return redirect(found)


def _settlement_met(request: HttpRequest, current: Commitment, *, may_propose: bool) -> HttpResponse:
    """Both texts of the proposal, and the form with the one that was chosen."""

    def made(data: QueryDict) -> SettlementForm:
        return SettlementForm(data, commitment=current, may_propose=may_propose)

    differences = two_texts(made(first_typed(request.POST)), names=["settlement"])
    form = made(taken(request.POST, differences) if TAKE in request.POST else request.POST)
    return _settlement_page(request, current, form, differences=differences, status=409)


def _settlement_page(
    request: HttpRequest,
    found: Commitment,
    form: SettlementForm,
    *,
    error: ValidationError | None = None,
    differences: tuple[TwoTexts, ...] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The form; after a conflict with `differences`, None before one."""
    held = _held(request, form, error)
    moved = differences is not None
    context = {
        **_context(request, found.programme),
        "form": form,
        "commitment": found,
        "held": held,
        "differences": differences,
        "moved": moved,
        "version": found.version if moved else form["version"].value(),
        "may_write": Action.WRITE in allowed_actions(found, request.user),  # type: ignore[arg-type]
    }
    return render(request, "monitoring/commitment_settlement.html", context, status=status)


_STEPS: dict[Action, tuple[Any, str]] = {
    Action.WITHDRAW: (operations.withdraw, "Het voorstel is ingetrokken."),
    Action.SETTLE: (operations.settle, "Het staat als afgedaan."),
    Action.REOPEN: (operations.reopen, "Het staat weer open."),
}


@require_http_methods(["GET", "HEAD", "POST"])
def commitment_step(request: HttpRequest, slug: str, pk: int, action: str) -> HttpResponse:
    """Ask whether a step is meant, and on a POST take it: withdraw the proposal, settle, reopen."""
    found: Commitment = _readable(request, slug, pk)
    try:
        step = Action(action)
        operation, done = _STEPS[step]
    except (ValueError, KeyError):
        raise Http404 from None
    MANAGE_COMMITMENTS.require(request.user, found.programme)
    form = StepForm(
        request.POST if request.method == "POST" else None,
        commitment=found,
        asks_day=step is Action.SETTLE,
        today=timezone.localdate(),
    )
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        data = dict(form.cleaned_data)
        try:
            operation(found, actor=request.user, origin=SITE, **data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = 403
        except Moved as moved:
            found = moved.current
            form.add_error(None, f"{moved} De stand is nu ‘{found.get_state_display()}’. Kijk of u dit nog wilt.")
            status = 409
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, done)
            return redirect(found)
    context = {
        **_context(request, found.programme),
        "form": form,
        "commitment": found,
        "step": step,
        "version": found.version,
    }
    return render(request, "monitoring/commitment_step.html", context, status=status)
