from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from din.permissions import manages
from monitoring.attention_page import build_attention_page
from monitoring.permissions import SEE_ATTENTION
from monitoring.views.reading import chosen_round, readable_programme


@require_safe
def attention(request: HttpRequest, slug: str) -> HttpResponse:
    """What a programme still lacks, for who works on it."""
    programme = readable_programme(request, slug)
    SEE_ATTENTION.require(request.user, None)
    choice = chosen_round(request, programme)
    may_manage = manages(request.user, programme)
    page = build_attention_page(
        programme,
        choice,
        user=request.user,
        is_manager=may_manage,
        parameters=request.GET.dict(),
        as_of=timezone.localdate(),
    )
    context = {
        "programme": programme,
        "may_manage": may_manage,
        "nav": "attention",
        "choice": choice,
        "round": choice.round,
        "page": page,
    }
    return render(request, "monitoring/attention.html", context)
