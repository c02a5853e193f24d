"""The manager gives a goal to another owner."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from din.models import Goal, Owner
from monitoring.models import AuditLine, ReportingRound
from monitoring.owner_links import people_of
from monitoring.permissions import REASSIGN_GOAL
from monitoring.reassignment import reassign
from monitoring.workflow import Refused


class OwnerForm(forms.Form):
    """The new owner of a goal, with the one that the manager saw."""

    owner = forms.ModelChoiceField(
        Owner.objects.none(),
        label="Nieuwe eigenaar",
        empty_label="Kies een eigenaar",
        error_messages={"required": "Kies een eigenaar."},
        help_text=(
            "De eigenaren die de plannen van dit programma noemen. Staat in het werkboek nog de oude eigenaar? "
            "Pas dat ook aan: de volgende import neemt het werkboek over."
        ),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, goal: Goal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Owner.objects.filter(programme=goal.plan.programme_id).exclude(pk=goal.owner_id or 0).order_by("name")
        self.fields["owner"].queryset = others  # type: ignore[attr-defined]
        self.initial["seen"] = goal.owner_id


@require_http_methods(["GET", "HEAD", "POST"])
def reassign_goal(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the new owner, and give the goal to it; with ?ronde= back to the review in that round."""
    goal = get_object_or_404(Goal.objects.readable_by(request.user).with_place(), pk=pk)
    programme = goal.plan.programme
    REASSIGN_GOAL.require(request.user, programme)
    round_ = ReportingRound.objects.filter(programme=programme, updates__goal=goal).named(request.GET.get("ronde", ""))
    reviewed = round_.first()
    form = OwnerForm(request.POST if request.method == "POST" else None, goal=goal)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        user: Any = request.user
        owner = form.cleaned_data["owner"]
        try:
            reassign(goal=goal, owner=owner, seen=form.cleaned_data["seen"], actor=user, origin=AuditLine.Origin.SITE)
        except Refused as refusal:
            goal.refresh_from_db(fields=["owner"])
            # The refusal says whose it is now: who sends the form again has seen that.
            form = OwnerForm({**request.POST.dict(), "seen": goal.owner_id}, goal=goal)
            form.add_error(None, str(refusal))
            status = 403
        else:
            _tell(request, owner)
            return redirect("review_update", reviewed.pk, goal.pk) if reviewed else redirect(goal)
    context = {
        "programme": programme,
        "may_manage": True,
        "nav": "goals",
        "goal": goal,
        "form": form,
        "people": people_of(goal.owner),
    }
    return render(request, "monitoring/reassign.html", context, status=status)


def _tell(request: HttpRequest, owner: Owner) -> None:
    messages.success(request, f"Het doel is nu van {owner}.")
    if not people_of(owner):
        messages.warning(request, f"{owner} is nog aan niemand gekoppeld: het doel staat op niemands werklijst.")
