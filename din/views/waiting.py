"""A page that waits for a long request: how far that is, and where to go when it is done."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_safe

from din.progress import Progress
from din.views.import_page import managed_programme


@require_safe
def progress(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """How far the request is that the visitor sent with `token`; 404 when there is none, or it is somebody else's."""
    managed_programme(request, slug)
    user: Any = request.user
    step = Progress(user, token).told()
    if step is None:
        raise Http404
    return JsonResponse(asdict(step))


@contextmanager
def progress_of(request: HttpRequest) -> Iterator[Progress]:
    """What this request says of itself as long as it lasts."""
    user: Any = request.user
    progress = Progress(user, request.POST.get("voortgang", ""))
    try:
        yield progress
    finally:
        progress.forget()


def onward(request: HttpRequest, to: Any) -> HttpResponse:
    """Redirect to `to`. A script is told the address: it cannot see a redirect, only what is behind it."""
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"location": resolve_url(to)})
    return redirect(to)
