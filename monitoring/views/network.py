"""The network of a programme: the page, and the same picture as a file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from din.permissions import manages
from monitoring.network_page import build_network_page
from monitoring.views.reading import chosen_round, readable_programme


@require_safe
def network(request: HttpRequest, slug: str) -> HttpResponse:
    """The network, drawn and as a list."""
    programme = readable_programme(request, slug)
    choice = chosen_round(request, programme)
    context = {
        "programme": programme,
        "may_manage": manages(request.user, programme),
        "nav": "network",
        "choice": choice,
        "round": choice.round,
        "network": build_network_page(programme, choice, parameters=request.GET, as_of=timezone.localdate()),
    }
    return render(request, "monitoring/network.html", context)
