"""The officer's worklist, and all of their goals in a round on one page."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from monitoring.permissions import SEE_WORKLIST
from monitoring.recording import recordings
from monitoring.worklists import worklists


@require_safe
def worklist(request: HttpRequest) -> HttpResponse:
    """The goals of the visitor in the running rounds, those that need care first."""
    SEE_WORKLIST.require(request.user, None)
    rounds = worklists(request.user, as_of=timezone.localdate())
    return render(request, "monitoring/worklist.html", {"worklists": rounds})


@require_safe
def record_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Every goal that the visitor has left in a running round, each with its own form."""
    SEE_WORKLIST.require(request.user, None)
    user = request.user
    found = [found for found in worklists(user, as_of=timezone.localdate()) if found.round.pk == pk]
    if not found:
        raise Http404
    left = [item.update for item in found[0].open_items]
    context = {
        "worklist": found[0],
        "round": found[0].round,
        "recordings": recordings(left, user=user, several=True),  # type: ignore[arg-type]
        "others": [item for item in found[0].items if item not in found[0].open_items],
    }
    return render(request, "monitoring/record_all.html", context)
