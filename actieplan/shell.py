"""The shell that every page shares: the navigation by role and the house style that a municipality plugs in."""

from django.conf import settings
from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, object]:
    return {"extra_theme_stylesheet": settings.EXTRA_THEME_STYLESHEET, "extra_theme_class": settings.EXTRA_THEME_CLASS}
