"""The pages for what goes wrong; each says in Dutch what happened and what to do."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from monitoring.kept_text import typed_texts


@login_not_required
def forbidden(request: HttpRequest, exception: PermissionDenied) -> HttpResponse:
    """Somebody may not do or see this. Texts that they typed are shown, to be copied: the form was ours."""
    context = {"exception": str(exception), "texts": typed_texts(request.POST)}
    return render(request, "403.html", context, status=403)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open for so long, or in such a way, that its safety code no longer holds.

    Texts that somebody typed on our own page are shown, to be copied; what another site sends is not.
    """
    is_ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    texts = typed_texts(request.POST) if is_ours else []
    return render(request, "csrf_failure.html", {"texts": texts}, status=403)
