from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from din.permissions import manages
from monitoring.changes_page import BEST_FIRST_WORDS, build_changes_page
from monitoring.round_choice import NoSuchRound
from monitoring.round_pair import choose_pair
from monitoring.views.reading import readable_programme


@require_safe
def changes(request: HttpRequest, slug: str) -> HttpResponse:
    """What changed in a programme between two rounds: ?van=2023-H1&tot=2023-H2."""
    programme = readable_programme(request, slug)
    asked = request.GET
    try:
        pair = choose_pair(programme, user=request.user, before=asked.get("van", ""), after=asked.get("tot", ""))
    except NoSuchRound:
        raise Http404("Deze ronde is er niet.") from None
    page = None
    if pair.before is not None and pair.after is not None and not pair.is_one_round:
        page = build_changes_page(
            programme, pair.before, pair.after, pair=pair, parameters=asked.dict(), as_of=timezone.localdate()
        )
    context = {
        "programme": programme,
        "may_manage": manages(request.user, programme),
        "nav": "changes",
        "pair": pair,
        "page": page,
        "best_first": BEST_FIRST_WORDS,
    }
    return render(request, "monitoring/changes.html", context)
