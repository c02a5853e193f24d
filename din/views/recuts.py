"""Re-cuts (herijkingen): how the programme is divided on a day, both cuts side by side, and a new one."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods, require_safe

from din.division import division_on
from din.models import Programme, Recut
from din.permissions import RECUT_PROGRAMME, manages
from din.recut import CannotRecut, RecutMoved, RecutPlan, apply_recut, plan_recut
from din.recut_form import Destinations, RecutForm, UndoForm
from din.recut_page import build_recut_page, recuts_of
from din.recut_undo import CannotUndoRecut, undo_recut, why_not_undo
from din.trail import Origin

NAV = "recuts"
MOVED = "Het plan is veranderd sinds u dit overzicht zag. Kijk hieronder wat de herijking nu doet, en bevestig opnieuw."


def _programme(request: HttpRequest, slug: str) -> Programme:
    return get_object_or_404(Programme.objects.readable_by(request.user), slug=slug)


@require_safe
def recuts(request: HttpRequest, slug: str) -> HttpResponse:
    """Every re-cut, and the division on the day that ?op= asks for, today without it."""
    programme = _programme(request, slug)
    asked = request.GET.get("op", "")
    day, error = _day(asked)
    context = {
        "programme": programme,
        "may_manage": manages(request.user, programme),
        "nav": NAV,
        "recuts": recuts_of(programme),
        "division": division_on(programme, day, user=request.user),
        "asked": asked if error else day.isoformat(),
        "error": error,
    }
    return render(request, "din/recuts.html", context)


def _day(asked: str) -> tuple[datetime.date, str]:
    """The day that is asked for and what is wrong with it."""
    today = timezone.localdate()
    if not asked:
        return today, ""
    try:
        day = parse_date(asked)
    except ValueError:
        day = None
    return (day, "") if day else (today, "Dat is geen dag. U ziet de indeling van vandaag.")


@require_safe
def recut(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One re-cut: before and after, and what moved, ended and is new."""
    programme = _programme(request, slug)
    found = get_object_or_404(Recut.objects.select_related("programme"), programme=programme, pk=pk)
    context = {
        "programme": programme,
        "may_manage": manages(request.user, programme),
        "nav": NAV,
        "page": build_recut_page(found, user=request.user),
    }
    return render(request, "din/recut.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask whether and why to take a re-cut back, and do it; or say why it cannot be done."""
    programme = _programme(request, slug)
    found = get_object_or_404(Recut.objects.select_related("programme"), programme=programme, pk=pk)
    RECUT_PROGRAMME.require(request.user, programme)
    user: Any = request.user
    form = UndoForm(request.POST if request.method == "POST" else None)
    refused, status = why_not_undo(found), 200
    if refused:
        status = 409 if form.is_bound else 200
    elif form.is_bound and not form.is_valid():
        status = 422
    elif form.is_bound:
        try:
            undo_recut(found, reason=form.cleaned_data["reason"], actor=user, origin=Origin.SITE)
        except CannotUndoRecut as refusal:
            refused, status = str(refusal), 409
        else:
            messages.success(request, f"De herijking van {date_format(found.day, 'j F Y')} is ongedaan gemaakt.")
            return redirect("recuts", programme.slug)
    context = {
        "programme": programme,
        "may_manage": True,
        "nav": NAV,
        "recut": found,
        "form": form,
        "refused": refused,
        "moves": found.moves.count(),
    }
    return render(request, "din/undo_recut.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def new_recut(request: HttpRequest, slug: str) -> HttpResponse:
    """Three steps on one address: what it is, where everything goes, and a preview that is confirmed.

    All that was chosen travels in the form; nothing is written before it is confirmed.
    """
    programme = _programme(request, slug)
    RECUT_PROGRAMME.require(request.user, programme)
    posted = request.method == "POST"
    form = RecutForm(request.POST if posted else None, programme=programme, today=timezone.localdate())
    if not form.is_bound or request.POST.get("step") == "start":
        return _page(request, programme, form, "start")
    if not form.is_valid():
        return _page(request, programme, form, "start", status=422)
    names = form.cleaned_data["names"].splitlines()
    chosen = Destinations(request.POST, programme=programme, day=form.cleaned_data["day"], names=names)
    proposal = chosen.proposal(form)
    plan = plan_recut(programme, proposal)
    step = request.POST.get("step")
    if step not in ("preview", "confirm"):
        return _page(request, programme, form, "divide", chosen, plan)
    if plan.findings:
        return _page(request, programme, form, "divide", chosen, plan, findings=plan.findings, status=422)
    if step == "preview":
        return _page(request, programme, form, "preview", chosen, plan)
    user: Any = request.user
    try:
        made = apply_recut(
            programme,
            proposal,
            fingerprint=request.POST.get("fingerprint", ""),
            actor=user,
            origin=Origin.SITE,
        )
    except RecutMoved:
        return _page(request, programme, form, "preview", chosen, plan, findings=(MOVED,), status=409)
    except CannotRecut as refusal:
        return _page(request, programme, form, "divide", chosen, plan, findings=refusal.findings, status=422)
    messages.success(request, "Het programma is herijkt.")
    return redirect(made)


def _hidden(request: HttpRequest, step: str, chosen: Destinations | None) -> list[tuple[str, str]]:
    """What was chosen in the steps that the page does not show."""
    if step == "start" or chosen is None:
        return _sent(request)
    return chosen.chosen() if step == "preview" else chosen.reasons()


def _sent(request: HttpRequest) -> list[tuple[str, str]]:
    """The choices of the second step, for who goes back to the first."""
    names = [name for name in request.POST if name.startswith(("theme-", "goal-", "reason-"))]
    return [(name, request.POST[name]) for name in names]


def _page(
    request: HttpRequest,
    programme: Programme,
    form: RecutForm,
    step: str,
    chosen: Destinations | None = None,
    plan: RecutPlan | None = None,
    *,
    findings: tuple[str, ...] = (),
    status: int = 200,
) -> HttpResponse:
    context = {
        "programme": programme,
        "may_manage": True,
        "nav": NAV,
        "form": form,
        "step": step,
        "rows": chosen.rows() if chosen and step == "divide" else [],
        "ended": chosen.ended(plan) if chosen and plan and step == "preview" else [],
        "hidden": _hidden(request, step, chosen),
        "plan": plan,
        "findings": findings,
    }
    return render(request, "din/new_recut.html", context, status=status)
