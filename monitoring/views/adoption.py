"""Adopting a round: the manager sees what will be frozen, and confirms exactly that."""

from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from monitoring import workflow
from monitoring.adoption_page import adoption_page
from monitoring.models import AuditLine, ReportingRound
from monitoring.permissions import MANAGE_ROUND


@require_http_methods(["GET", "HEAD", "POST"])
def adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what adopting freezes; on a POST adopt the round, if the report is still the one that was shown."""
    rounds = ReportingRound.objects.readable_by(request.user).select_related("programme", "plan")
    round_ = get_object_or_404(rounds, pk=pk)
    MANAGE_ROUND.require(request.user, round_.programme)
    if request.method != "POST":
        if not round_.is_running:
            messages.info(request, f"Deze ronde is {round_.get_state_display()}: vaststellen kan nu niet.")
            return redirect(round_)
        return _page(request, round_)
    user: AbstractBaseUser = request.user  # type: ignore[assignment]
    try:
        workflow.adopt(round_=round_, actor=user, origin=AuditLine.Origin.SITE, seen=request.POST.get("seen", ""))
    except workflow.ReportMoved as moved:
        seen_goals = request.POST.get("seen_goals", "").split()
        return _page(request, round_, error=str(moved), seen_goals=seen_goals, status=409)
    except workflow.Refused as refusal:
        return _page(request, round_, error=str(refusal), status=403)
    messages.success(request, "De ronde is vastgesteld. Het rapport ligt nu vast.")
    return redirect(round_)


def _page(
    request: HttpRequest,
    round_: ReportingRound,
    *,
    error: str = "",
    seen_goals: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "programme": round_.programme,
        "may_manage": True,
        "nav": "rounds",
        "page": adoption_page(round_, today=timezone.localdate(), seen_goals=seen_goals),
        "error": error,
        "was_shown": seen_goals is not None,
    }
    return render(request, "monitoring/adopt_round.html", context, status=status)
