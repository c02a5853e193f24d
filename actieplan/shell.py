"""The shell that every page shares: the navigation by role and the house style that a municipality plugs in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from din.addresses import address_of


@dataclass(frozen=True)
class NavItem:
    """A link of a navigation. `current` is the value of aria-current: "page", "true" (a page below it) or ""."""

    label: str
    url: str
    current: str = ""


# The pages that belong to an item of the main navigation but have an address elsewhere, by URL name.
_WORKLIST_PAGES = {"worklist", "record_all", "record_update"}
# The first part of the addresses that belong to "Programma's".
_PROGRAMME_ADDRESSES = {"programmas", "doelen", "rondes", "metingen", "streefwaarden"}


def shell(request: HttpRequest) -> dict[str, object]:
    """The context of base.html. The navigation is built when a page draws it, so that a fragment asks nothing."""
    return {
        "navigation": SimpleLazyObject(lambda: main_navigation(request)),
        "extra_theme_stylesheet": settings.EXTRA_THEME_STYLESHEET,
        "extra_theme_class": settings.EXTRA_THEME_CLASS,
    }


def main_navigation(request: HttpRequest) -> tuple[NavItem, ...]:
    """What this user can go to. Asks the permissions (cached on the user) and nothing else."""
    user: Any = getattr(request, "user", AnonymousUser())
    section = _section(request)
    items = []
    if user.has_perm("monitoring.record_updates"):
        items.append(_item(request, "Mijn doelen", address_of("worklist"), here=section == "worklist"))
    if user.has_perm("din.read_programmes"):
        items.append(_item(request, "Programma's", address_of("programmes"), here=section == "programmes"))
    if user.is_staff:
        items.append(_item(request, "Beheer", address_of("admin:index"), here=False))
    return tuple(items)


def programme_navigation(
    *, slug: str, may_manage: bool, works_on_rounds: bool, nav: str, round_url: str = ""
) -> tuple[NavItem, ...]:
    """The pages of one programme. `nav` names the current one; `round_url` is the running round, empty without one.

    `works_on_rounds` is true for everybody but the council and its staff.
    """
    pages = [
        ("overview", "Overzicht", address_of("programme", slug)),
        ("goals", "Doelen", address_of("goals", slug)),
        ("changes", "Wat veranderde", address_of("changes", slug)),
        ("indicators", "Indicatoren", address_of("indicators", slug)),
        ("network", "Netwerk", address_of("network", slug)),
        ("commitments", "Toezeggingen", address_of("commitments", slug)),
        ("recuts", "Indeling", address_of("recuts", slug)),
    ]
    if works_on_rounds:
        pages.append(("attention", "Aandacht", address_of("attention", slug)))
    if may_manage:
        pages += [
            ("import", "DIN importeren", address_of("import_workbook", slug)),
            ("owners", "Eigenaren", address_of("owners", slug)),
            ("rounds", "Ronde", round_url or address_of("open_round", slug)),
        ]
    return tuple(NavItem(label, url, "page" if name == nav else "") for name, label, url in pages)


def account_navigation(request: HttpRequest) -> tuple[NavItem, ...]:
    """The pages of one's own account."""
    pages = [
        ("Wachtwoord", reverse("account_change_password")),
        ("Inloggen in twee stappen", reverse("mfa_index")),
    ]
    if settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]:
        pages.append(("Koppelingen", reverse("socialaccount_connections")))
    return tuple(_item(request, label, url, here=request.path.startswith(url)) for label, url in pages)


def _section(request: HttpRequest) -> str:
    match = request.resolver_match
    if match is None:
        return ""
    if match.url_name in _WORKLIST_PAGES:
        return "worklist"
    return "programmes" if match.route.partition("/")[0] in _PROGRAMME_ADDRESSES else ""


def _item(request: HttpRequest, label: str, url: str, *, here: bool) -> NavItem:
    return NavItem(label, url, "page" if request.path == url else "true" if here else "")
