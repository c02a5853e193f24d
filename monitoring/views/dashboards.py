import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from din.models import Programme, Theme
from din.permissions import manages
from monitoring.commitment_line import open_commitments
from monitoring.commitment_list import commitments_url
from monitoring.dashboard import build_dashboard, concept_plans, day_shown, round_in_hand
from monitoring.indicator_list import key_indicators
from monitoring.models import Commitment
from monitoring.round_choice import RoundChoice
from monitoring.theme_page import build_theme_page
from monitoring.views.reading import chosen_round, readable_programme

MOST_COMMITMENTS = 5


@require_safe
def programme(request: HttpRequest, slug: str) -> HttpResponse:
    """The dashboard of a programme."""
    programme = readable_programme(request, slug)
    choice = chosen_round(request, programme)
    may_manage = manages(request.user, programme)
    today = timezone.localdate()
    dashboard = build_dashboard(programme, choice, as_of=today)
    context = {
        "programme": programme,
        "may_manage": may_manage,
        "nav": "overview",
        "choice": choice,
        "round": choice.round,
        "dashboard": dashboard,
        **_insight(request, programme, choice, as_of=today),
        "concept_plans": concept_plans(choice),
        "round_in_hand": round_in_hand(choice, dashboard, as_of=today) if may_manage else None,
        "has_report": choice.round is not None and (choice.round.is_adopted or may_manage),
    }
    return render(request, "monitoring/dashboard.html", context)


@require_safe
def theme(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One theme of a programme."""
    programme = readable_programme(request, slug)
    choice = chosen_round(request, programme)
    today = timezone.localdate()
    theme = get_object_or_404(Theme.objects.readable_by(request.user), programme=programme, pk=pk)
    context = {
        "programme": programme,
        "may_manage": manages(request.user, programme),
        "nav": "overview",
        "choice": choice,
        "round": choice.round,
        "theme": theme,
        "theme_page": build_theme_page(programme, theme, choice, as_of=today),
        **_insight(request, programme, choice, as_of=today, theme=theme),
    }
    return render(request, "monitoring/theme.html", context)


def _insight(
    request: HttpRequest,
    programme: Programme,
    choice: RoundChoice,
    *,
    as_of: datetime.date,
    theme: Theme | None = None,
) -> dict[str, object]:
    """The indicators and the open commitments of a programme, or of one theme of it."""
    day = day_shown(choice, as_of=as_of)
    commitments = open_commitments(programme, user=request.user, as_of=as_of, theme=theme)
    query: dict[str, str | int] = {} if theme is None else {"onderdeel": theme.pk}
    if len(commitments) > MOST_COMMITMENTS:
        query["stand"] = Commitment.State.OPEN
    return {
        "key_indicators": key_indicators(programme, user=request.user, as_of=day, theme=theme),
        "commitments": commitments[:MOST_COMMITMENTS],
        "commitment_count": len(commitments),
        "commitments_url": commitments_url(programme, **query),
    }
