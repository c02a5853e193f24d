"""What somebody typed when their session had ended: kept until they have logged in again, then offered back.

It waits in the session of the visitor, of which only they have the key; it is bound to the address of the form and to
the user whose page it was, and is not offered after KEPT_FOR. See docs/decisions/0012-nothing-typed-is-lost.md.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from allauth.core.ratelimit import consume_or_429
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone

FORGET = "forget"  # the action of a form by which its writer does not want the text back
KEPT_FOR = datetime.timedelta(hours=2)
_KEY = "kept_text"
_MOST_FORMS = 5
_MOST_CHARACTERS = 200_000
# Nobody types faster; a machine that fills the table of sessions is stopped.
_RATE = {_KEY: "60/m/ip"}

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class KeptText:
    """The fields of a form as they were sent, and when."""

    data: QueryDict
    at: datetime.datetime


def keeps_typed_text(view: View) -> View:
    """A view for who is logged in, that keeps the form of who is not any more and asks them to log in again."""

    @login_not_required
    @wraps(view)
    def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.htmx:  # type: ignore[attr-defined]
            return render(request, "monitoring/_logged_out.html", status=401)
        if request.method == "POST":
            if refusal := consume_or_429(request, action=_KEY, config=_RATE):
                return refusal
            _keep(request)
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)

    return kept


def _keep(request: HttpRequest) -> None:
    sent = request.POST.copy()
    sent.pop("csrfmiddlewaretoken", None)
    fields = sent.urlencode()
    if len(fields) > _MOST_CHARACTERS:
        return
    forms = request.session.get(_KEY, {})
    forms.pop(request.get_full_path(), None)
    newest = list(forms.items())[-(_MOST_FORMS - 1) :]
    kept = {"fields": fields, "at": timezone.now().isoformat()}
    request.session[_KEY] = {**dict(newest), request.get_full_path(): kept}


def kept_text(request: HttpRequest) -> KeptText | None:
    """What the visitor typed at this address before they had to log in again; None when there is nothing."""
    found = request.session.get(_KEY, {}).get(request.get_full_path())
    if found is None:
        return None
    kept = KeptText(QueryDict(found["fields"]), datetime.datetime.fromisoformat(found["at"]))
    is_theirs = kept.data.get("typed_by") == str(request.user.pk)
    return kept if is_theirs and timezone.now() - kept.at < KEPT_FOR else None


def drop_kept_text(request: HttpRequest) -> None:
    """Forget what was typed at this address: it was saved, or its writer does not want it back."""
    forms = request.session.get(_KEY, {})
    if forms.pop(request.get_full_path(), None) is not None:
        request.session[_KEY] = forms


def forget_kept_text(request: HttpRequest) -> HttpResponse:
    """The answer to who does not want back what was kept: the page without it."""
    drop_kept_text(request)
    return redirect(request.get_full_path())


# By the last part of the name of a field, as one of several forms on a page has a prefix.
_LABELS = {
    "explanation": "Toelichting",
    "next_steps": "Vervolgstappen",
    "comment": "Opmerking",
    "reason": "Reden",
    "value": "Meting",
    "source": "Bron van de meting",
    "note": "Opmerking bij de meting",
    "text": "Tekst",
    "settlement": "Afdoeningsvoorstel",
}


def typed_texts(data: Mapping[str, str]) -> list[tuple[str, str]]:
    """The texts in a form of a round, each with its label, for a page that can only show them."""
    labels = {name: _LABELS.get(name.rpartition("-")[2]) for name in data if not name.startswith("mine-")}
    return [(label, data[name]) for name, label in labels.items() if label and data[name].strip()]
