"""Log-in and what belongs to it: our shell, plain Dutch, closed sign-up, limits, two steps, single sign-on."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from actieplan.models import User
from tests.actieplan.page import Page, read_page
from tests.cast import PASSWORD, make_user
from tests.conftest import LogIn

LOGIN = "/inloggen/"


@pytest.fixture(autouse=True)
def _no_earlier_attempts() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def log_in_by_form(client: Client, login: str, password: str = PASSWORD, **extra: str) -> object:
    return client.post(LOGIN, {"login": login, "password": password, **extra})


def code_of(secret: str) -> str:
    """The code that an authenticator app shows now."""
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


# --- logging in ----------------------------------------------------------------------------------------------------


def test_the_log_in_page_asks_for_name_and_password(client: Client, db: None) -> None:
    page = read_page(client.get(LOGIN))
    assert "Gebruikersnaam of e-mailadres" in page.text
    assert page.of("input", name="login")[0]["autocomplete"] == "username"
    assert page.of("input", name="password")[0]["autocomplete"] == "current-password"
    assert "placeholder" not in page.html
    assert reverse("account_reset_password") in page.links()


@pytest.mark.parametrize("login", ["beleid", "beleid@voorbeeld.nl"])
def test_log_in_with_name_or_e_mail(login: str, owner: User, client: Client) -> None:
    response = log_in_by_form(client, login, next="/toegankelijkheid/")
    assert response["Location"] == "/toegankelijkheid/"
    page = read_page(client.get("/toegankelijkheid/"))
    assert "Van Beleid" in page.text


def test_a_wrong_password_says_nothing_about_which_part_is_wrong(owner: User, client: Client) -> None:
    wrong_password = read_page(log_in_by_form(client, "beleid", "fout"))
    unknown_name = read_page(log_in_by_form(client, "bestaat-niet", "fout"))
    assert "De gebruikersnaam of het wachtwoord klopt niet." in wrong_password.text
    assert "De gebruikersnaam of het wachtwoord klopt niet." in unknown_name.text


def test_log_in_attempts_are_limited(owner: User, client: Client) -> None:
    for _ in range(5):
        log_in_by_form(client, "beleid", "fout")
    response = log_in_by_form(client, "beleid")
    assert "te vaak" in read_page(response).text
    assert "_auth_user_id" not in client.session


def test_log_in_leads_only_to_this_site(owner: User, client: Client) -> None:
    response = log_in_by_form(client, "beleid", next="https://elders.example/")
    assert response["Location"] == reverse("home")


def test_log_out_needs_a_post(owner: User, log_in: LogIn) -> None:
    client = log_in(owner)
    page = read_page(client.get(reverse("account_logout")))
    assert page.of("form", action=reverse("account_logout"), method="post")
    assert "_auth_user_id" in client.session
    response = client.post(reverse("account_logout"), follow=True)
    assert "_auth_user_id" not in client.session
    assert "U bent uitgelogd." in read_page(response).text


def test_an_account_that_is_off_cannot_log_in(owner: User, client: Client) -> None:
    owner.is_active = False
    owner.save()
    response = client.post(LOGIN, {"login": "beleid", "password": PASSWORD}, follow=True)
    read_page(response)
    assert "_auth_user_id" not in client.session


def test_the_admin_uses_the_same_log_in(client: Client, db: None) -> None:
    assert client.get("/beheer/", follow=True).redirect_chain[-1][0].startswith(LOGIN)


# --- the demonstration ---------------------------------------------------------------------------------------------


def test_the_demonstration_accounts_are_shown_where_they_exist(client: Client, db: None, settings: Settings) -> None:
    settings.DEBUG = True
    assert "demonstratie" not in client.get(LOGIN).content.decode()
    make_user("beleid")
    page = read_page(client.get(LOGIN))
    assert "beleidsadviseur" in page.text
    assert "programmamanager" not in page.text


def test_a_production_site_shows_no_demonstration_accounts(owner: User, client: Client) -> None:
    assert "demonstratie" not in client.get(LOGIN).content.decode()


# --- no sign-up ----------------------------------------------------------------------------------------------------


def test_nobody_signs_up(client: Client, db: None) -> None:
    address = reverse("account_signup")
    assert "Aanmelden is gesloten" in read_page(client.get(address)).text
    form = {"username": "nieuw", "email": "nieuw@voorbeeld.nl", "password1": PASSWORD, "password2": PASSWORD}
    client.post(address, form)
    assert not User.objects.exists()
    assert address not in read_page(client.get(LOGIN)).links()


# --- every page ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_signup",
        "account_inactive",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key_done",
        "socialaccount_login_cancelled",
        "socialaccount_login_error",
    ],
)
def test_the_pages_before_log_in_are_dutch_and_in_the_shell(name: str, client: Client, db: None) -> None:
    read_page(client.get(reverse(name)))


@pytest.mark.parametrize(
    "name",
    [
        "account_logout",
        "account_change_password",
        "account_reauthenticate",
        "mfa_index",
        "socialaccount_connections",
    ],
)
def test_the_pages_of_ones_account_are_dutch_and_in_the_shell(name: str, owner: User, client: Client) -> None:
    log_in_by_form(client, "beleid")
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert "Programma's" in read_page(response).text


def test_an_account_without_a_password_can_get_one(owner: User, log_in: LogIn) -> None:
    owner.set_unusable_password()
    owner.save()
    assert "Wachtwoord instellen" in read_page(log_in(owner).get(reverse("account_change_password"), follow=True)).text


# --- passwords -----------------------------------------------------------------------------------------------------


def test_change_the_password(owner: User, client: Client) -> None:
    log_in_by_form(client, "beleid")
    address = reverse("account_change_password")
    refused = client.post(address, {"oldpassword": "fout", "password1": "kort", "password2": "anders"})
    page = read_page(refused)
    assert "Dit wachtwoord is te kort. Gebruik minstens 12 tekens." in page.text
    assert "Vul uw huidige wachtwoord in." in page.text
    new = "een-ander-lang-wachtwoord"
    response = client.post(address, {"oldpassword": PASSWORD, "password1": new, "password2": new}, follow=True)
    assert "Uw wachtwoord is gewijzigd." in response.content.decode()
    owner.refresh_from_db()
    assert owner.check_password(new)


def test_get_a_new_password_by_mail(owner: User, client: Client) -> None:
    response = client.post(reverse("account_reset_password"), {"email": "beleid@voorbeeld.nl"}, follow=True)
    assert "Kijk in uw e-mail" in read_page(response).text
    message = mail.outbox[0]
    assert "Nieuw wachtwoord voor de Programmamonitor" in message.subject
    assert "Uw gebruikersnaam is beleid." in message.body
    assert "Hello" not in message.body
    link = re.search(r"https?://testserver(/\S+)", message.body)
    assert link
    response = client.get(link[1], follow=True)
    assert "Nieuw wachtwoord kiezen" in read_page(response).text
    new = "een-ander-lang-wachtwoord"
    address = response.redirect_chain[-1][0]
    read_page(client.post(address, {"password1": new, "password2": new}, follow=True))
    owner.refresh_from_db()
    assert owner.check_password(new)
    assert "Deze link werkt niet meer" in read_page(Client().get(link[1], follow=True)).text


def test_asking_for_a_password_does_not_tell_who_has_an_account(owner: User, client: Client) -> None:
    known = client.post(reverse("account_reset_password"), {"email": "beleid@voorbeeld.nl"})
    unknown = client.post(reverse("account_reset_password"), {"email": "niemand@voorbeeld.nl"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


# --- two steps -----------------------------------------------------------------------------------------------------


def switch_on_two_steps(client: Client) -> str:
    """Switch it on as a person does; gives the secret."""
    asked = client.get(reverse("mfa_activate_totp"), follow=True)
    assert "Bevestig dat u het bent" in read_page(asked).text
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = read_page(client.get(reverse("mfa_activate_totp")))
    assert page.of("svg", role="img", **{"aria-label": "Code om te scannen"})
    secret = re.search(r'app-secret">(\w+)<', page.html)
    assert secret
    refused = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert "Deze code klopt niet." in read_page(refused).text
    response = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret[1])}, follow=True)
    assert "U hebt nog 10 van de 10 codes over." in read_page(response).text
    return secret[1]


def test_log_in_in_two_steps(owner: User, client: Client) -> None:
    log_in_by_form(client, "beleid")
    secret = switch_on_two_steps(client)
    assert "Herstelcodes" in read_page(client.get(reverse("mfa_index"))).text

    other = Client()
    response = other.post(LOGIN, {"login": "beleid", "password": PASSWORD}, follow=True)
    assert "Vul uw code in" in read_page(response).text
    assert "_auth_user_id" not in other.session
    assert "Deze code klopt niet." in read_page(other.post(reverse("mfa_authenticate"), {"code": "000000"})).text
    cache.clear()  # a code works once, and this half minute's was used to switch it on
    other.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert "_auth_user_id" in other.session


def test_recovery_codes_and_switching_off(owner: User, client: Client) -> None:
    log_in_by_form(client, "beleid")
    switch_on_two_steps(client)
    codes = read_page(client.get(reverse("mfa_view_recovery_codes")))
    assert "10 van de 10" in codes.text
    assert client.get(reverse("mfa_download_recovery_codes")).status_code == 200
    assert "werken dan niet meer" in read_page(client.get(reverse("mfa_generate_recovery_codes"))).text
    read_page(client.post(reverse("mfa_generate_recovery_codes"), follow=True))
    read_page(client.get(reverse("mfa_reauthenticate")))
    assert "Weet u het zeker?" in read_page(client.get(reverse("mfa_deactivate_totp"))).text
    response = client.post(reverse("mfa_deactivate_totp"), follow=True)
    assert "Inloggen in twee stappen staat uit." in read_page(response).text
    assert not Authenticator.objects.exists()


# --- single sign-on ------------------------------------------------------------------------------------------------


@pytest.fixture
def identity_provider(settings: Settings) -> None:
    app = {
        "provider_id": "gemeente",
        "name": "uw gemeenteaccount",
        "client_id": "x",
        "secret": "y",
        "settings": {"server_url": "https://inloggen.voorbeeld.nl"},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}


@pytest.mark.usefixtures("identity_provider")
def test_single_sign_on_is_offered_where_it_is_set_up(client: Client, db: None) -> None:
    page = read_page(client.get(LOGIN))
    address = next(link for link in page.links() if "gemeente" in link)
    assert "Inloggen met uw gemeenteaccount" in read_page(client.get(address)).text


@pytest.mark.usefixtures("identity_provider")
def test_the_account_has_a_page_for_single_sign_on(owner: User, client: Client) -> None:
    log_in_by_form(client, "beleid")
    page: Page = read_page(client.get(reverse("socialaccount_connections")))
    assert "Koppelen met uw gemeenteaccount" in page.text
    assert reverse("socialaccount_connections") in page.links()


def test_without_an_identity_provider_nothing_is_offered(client: Client, db: None) -> None:
    assert "gemeenteaccount" not in read_page(client.get(LOGIN)).text
