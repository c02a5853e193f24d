"""The pages for what goes wrong; each says in Dutch what happened and what to do."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open for so long, or in such a way, that its safety code no longer holds."""
    return render(request, "csrf_failure.html", status=403)
