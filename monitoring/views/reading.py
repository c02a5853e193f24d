"""What every page about a programme starts with: the programme and the round, or no page at all."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from din.models import Programme
from monitoring.round_choice import NoSuchRound, RoundChoice, choose_round


def readable_programme(request: HttpRequest, slug: str) -> Programme:
    """The programme at this address; a 404 when the visitor may not read it."""
    return get_object_or_404(Programme.objects.readable_by(request.user), slug=slug)


def chosen_round(request: HttpRequest, programme: Programme) -> RoundChoice:
    """The round that ?ronde=… asks for; a 404 when there is none of that name that the visitor may read."""
    try:
        return choose_round(programme, user=request.user, value=request.GET.get("ronde", ""))
    except NoSuchRound:
        raise Http404("Deze ronde is er niet.") from None
