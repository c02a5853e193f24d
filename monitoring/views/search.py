from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from din.text import one_line
from monitoring.search import commitment_numbered
from monitoring.search_page import build_search_page

LONGEST_QUERY = 200


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Search in all programmes; a council number leads straight to its commitment."""
    if not request.user.has_perm("din.read_programmes"):
        raise Http404
    asked = request.GET
    query = one_line(asked.get("q", ""))[:LONGEST_QUERY]
    commitment = commitment_numbered(query, request.user)
    if commitment is not None:
        return redirect(commitment)
    page = build_search_page(
        request.user,
        query=query,
        programme=asked.get("programma", ""),
        kind=asked.get("soort", ""),
        page=asked.get("page", ""),
        as_of=timezone.localdate(),
    )
    return render(request, "monitoring/search.html", {"search": page})
