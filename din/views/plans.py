"""What a manager does with a plan as a whole."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from din.models import Plan, Programme
from din.permissions import ADOPT_PLAN
from din.trail import Origin


@require_POST
def adopt(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Adopt a concept plan (vaststellen): from then on the council sees it and a round can be opened on it."""
    programme = get_object_or_404(Programme.objects.readable_by(request.user), slug=slug)
    plan = get_object_or_404(Plan.objects.readable_by(request.user), programme=programme, pk=pk)
    ADOPT_PLAN.require(request.user, programme)
    user: Any = request.user
    if plan.adopt(actor=user, origin=Origin.SITE):
        messages.success(request, f"{plan.name} is vastgesteld. U kunt nu een ronde openen.")
    else:
        messages.info(request, f"{plan.name} was al {plan.get_state_display()}.")
    return redirect(programme)
