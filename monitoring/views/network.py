"""The network of a programme: the page, and the same picture as a file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from din.models import Programme
from din.permissions import manages
from monitoring.network_files import as_html, as_svg
from monitoring.network_page import NetworkPage, build_network_page
from monitoring.round_choice import RoundChoice
from monitoring.views.reading import chosen_round, readable_programme

MEDIA_TYPES = {"svg": "image/svg+xml", "html": "text/html; charset=utf-8"}


@require_safe
def network(request: HttpRequest, slug: str) -> HttpResponse:
    """The network, drawn and as a list."""
    programme, choice, network = _asked(request, slug)
    context = {
        "programme": programme,
        "may_manage": manages(request.user, programme),
        "nav": "network",
        "choice": choice,
        "round": choice.round,
        "network": network,
    }
    return render(request, "monitoring/network.html", context)


@require_safe
def network_file(request: HttpRequest, slug: str, format: str) -> HttpResponse:
    """What the page shows at the same address, to take along: as a drawing or as a page of its own."""
    programme, choice, network = _asked(request, slug)
    content = (as_svg if format == "svg" else as_html)(programme, choice, network)
    response = HttpResponse(content, content_type=MEDIA_TYPES[format])
    about = f"-{choice.value}" if choice.value else ""
    response["Content-Disposition"] = f'attachment; filename="netwerk-{programme.slug}{about}.{format}"'
    return response


def _asked(request: HttpRequest, slug: str) -> tuple[Programme, RoundChoice, NetworkPage]:
    programme = readable_programme(request, slug)
    choice = chosen_round(request, programme)
    page = build_network_page(programme, choice, parameters=request.GET, as_of=timezone.localdate())
    return programme, choice, page
