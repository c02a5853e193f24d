from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from din.models import Owner
from monitoring.programme_cards import programme_cards, programmes_for

PAGE_SIZE = 24


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Own goals for who records progress, the programmes for other readers, an explanation for who has no role."""
    if request.user.has_perm("monitoring.record_updates") and Owner.objects.of_user(request.user).exists():
        return redirect("worklist")
    if request.user.has_perm("din.read_programmes"):
        return redirect("programmes")
    return render(request, "monitoring/home_empty.html")


@require_safe
def programme_list(request: HttpRequest) -> HttpResponse:
    """All programmes that the visitor reads, their own first."""
    if not request.user.has_perm("din.read_programmes"):
        raise Http404
    page = Paginator(programmes_for(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    cards = programme_cards(list(page), user=request.user, as_of=timezone.localdate())
    rows = [card.row for card in cards if card.round_label]
    return render(request, "monitoring/programmes.html", {"page": page, "cards": cards, "rows": rows})
