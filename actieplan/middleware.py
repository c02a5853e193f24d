"""What every request passes through."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.views.defaults import page_not_found


class NotFoundPageMiddleware:
    """Show our own page for what is not there with DEBUG on as well: the demonstration is looked at by people."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return page_not_found(request, exception) if isinstance(exception, Http404) else None


class PrivatePagesMiddleware:
    """Let nobody keep a page: what it shows belongs to one visitor, and on a shared computer the next one goes back.

    A file that is downloaded may be kept by the browser that asked for it. Static files are answered before this.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.get("Content-Disposition", "").startswith("attachment"):
            patch_cache_control(response, private=True)
        else:
            add_never_cache_headers(response)
        return response


class LogInPageMiddleware(LoginRequiredMiddleware):
    """Send who is not logged in to the log-in page; with htmx the whole page, not the part that was asked for."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        if not request.htmx:  # type: ignore[attr-defined]
            return super().handle_no_permission(request, view_func)
        page = request.htmx.current_url_abs_path or "/"  # type: ignore[attr-defined]
        query = urlencode({REDIRECT_FIELD_NAME: page})
        return HttpResponse(status=401, headers={"HX-Redirect": f"{reverse(settings.LOGIN_URL)}?{query}"})
