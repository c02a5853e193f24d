"""What every answer carries, also when it is a refusal: who may keep it, and what a page may load."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path, reverse

from actieplan.urls import handler403, urlpatterns
from tests.cast import Stage
from tests.conftest import LogIn

ROLES = ["owner", "manager", "councillor", "outsider", "administrator"]


def crash(request: HttpRequest) -> HttpResponse:
    raise RuntimeError


def refuse(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


class Breaking:
    """The addresses of the site, with one that crashes and one that refuses."""

    handler403 = handler403
    urlpatterns = [*urlpatterns, path("stuk/", crash), path("verboden/", refuse)]


# --- who may keep it -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", ROLES)
def test_no_page_of_somebody_who_is_logged_in_is_kept(stage: Stage, log_in: LogIn, person: str) -> None:
    client = log_in(getattr(stage.people, person))
    addresses = ["/", "/programmas/", stage.programme.get_absolute_url(), "/beheer/", "/bestaat-niet/", "/account/"]
    for address in [*addresses, "/toegankelijkheid/"]:
        kept = client.get(address)["Cache-Control"]
        assert "no-store" in kept, address
        assert "private" in kept, address


@pytest.mark.parametrize("address", ["/inloggen/", "/", "/toegankelijkheid/", "/bestaat-niet/"])
def test_no_page_of_somebody_who_is_not_logged_in_is_kept(client: Client, db: None, address: str) -> None:
    assert "no-store" in client.get(address)["Cache-Control"]


@pytest.mark.parametrize("person", ["manager", "councillor"])
def test_a_download_is_kept_by_the_browser_alone(stage: Stage, log_in: LogIn, person: str) -> None:
    response = log_in(getattr(stage.people, person)).get(reverse("export_commitments", args=[stage.programme.slug]))
    assert response["Cache-Control"] == "private"


@override_settings(WHITENOISE_AUTOREFRESH=True, WHITENOISE_USE_FINDERS=True)
def test_a_static_file_is_for_everybody_to_keep(client: Client) -> None:
    kept = client.get("/static/app/app.css")["Cache-Control"]
    assert "public" in kept
    assert "no-store" not in kept


# --- what it may load ----------------------------------------------------------------------------------------------


@override_settings(ROOT_URLCONF=Breaking)
@pytest.mark.parametrize(
    ("address", "status"),
    [("/beheer/din/goal/?pk=veel", 400), ("/verboden/", 403), ("/bestaat-niet/", 404), ("/stuk/", 500)],
)
def test_a_page_for_what_goes_wrong_carries_the_policy(stage: Stage, log_in: LogIn, address: str, status: int) -> None:
    client = log_in(stage.people.administrator)
    client.raise_request_exception = False
    response = client.get(address)
    assert response.status_code == status
    assert "default-src 'none'" in response["Content-Security-Policy"]


@override_settings(SECURE_SSL_REDIRECT=True)
@pytest.mark.parametrize(("host", "status"), [("testserver", 301), ("elders.voorbeeld.nl", 400)])
def test_an_answer_before_any_page_is_made_carries_the_policy(client: Client, host: str, status: int) -> None:
    response = client.get("/", headers={"Host": host})
    assert response.status_code == status
    assert "default-src 'none'" in response["Content-Security-Policy"]
