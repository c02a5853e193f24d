"""The shell of every page: the navigation by role, the partials that pages share, and the error pages."""

from __future__ import annotations

import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.template import engines
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, override_settings
from django.urls import resolve, reverse
from django.views import defaults
from pytest_django import DjangoAssertNumQueries

from actieplan import shell
from actieplan.models import User
from actieplan.templatetags.shell import STATES
from monitoring.models import Update
from tests.actieplan.page import Page, assert_allowed_by_policy, read_page
from tests.cast import People, Stage
from tests.conftest import LogIn

ATTACK = '<script>alert(1)</script>"><b>vet</b>'
STATEMENT = "/toegankelijkheid/"


def render(template: str, **context: object) -> Page:
    return Page(engines["django"].from_string(template).render(context))


def main_menu(client: Client) -> list[str]:
    response = client.get(STATEMENT)
    return [item.label for item in response.context["navigation"]]


# --- navigation ----------------------------------------------------------------------------------------------------


def test_everybody_sees_the_menu_of_their_role(people: People, log_in: LogIn) -> None:
    assert main_menu(log_in(people.owner)) == ["Mijn doelen", "Programma's"]
    assert main_menu(log_in(people.manager)) == ["Mijn doelen", "Programma's"]
    assert main_menu(log_in(people.councillor)) == ["Programma's"]
    assert main_menu(log_in(people.outsider)) == []
    assert main_menu(log_in(people.administrator)) == ["Mijn doelen", "Programma's", "Beheer"]


@pytest.mark.django_db
def test_without_log_in_there_is_no_menu_and_no_log_out(client: Client) -> None:
    page = read_page(client.get(STATEMENT))
    assert "Hoofdmenu" not in page.html
    assert not page.of("form", action=reverse("account_logout"))


def test_the_menu_asks_only_the_permissions(
    owner: User, rf: RequestFactory, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    request = rf.get(STATEMENT)
    request.user = User.objects.get(pk=owner.pk)
    request.resolver_match = None
    with django_assert_num_queries(2):
        shell.main_navigation(request)
    with django_assert_num_queries(0):
        shell.main_navigation(request)


def test_a_fragment_that_draws_no_menu_asks_nothing(
    owner: User, rf: RequestFactory, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    request = rf.get(STATEMENT)
    request.user = User.objects.get(pk=owner.pk)
    with django_assert_num_queries(0):
        render_to_string("_status.html", {"status": "on_track", "label": "op schema"}, request)


@pytest.mark.parametrize(
    ("address", "current"),
    [
        ("/mijn-doelen/", {"Mijn doelen": "page"}),
        ("/doelen/1/voortgang/", {"Mijn doelen": "true"}),
        ("/programmas/", {"Programma's": "page"}),
        ("/programmas/vastpakken/", {"Programma's": "true"}),
        ("/doelen/1/", {"Programma's": "true"}),
        ("/rondes/1/", {"Programma's": "true"}),
        (STATEMENT, {}),
    ],
)
def test_the_menu_shows_where_the_page_belongs(
    address: str, current: dict[str, str], administrator: User, rf: RequestFactory
) -> None:
    request = rf.get(address)
    request.user = administrator
    request.resolver_match = resolve(address)
    assert {item.label: item.current for item in shell.main_navigation(request) if item.current} == current


def test_a_programme_shows_its_pages_and_the_manager_more(stage: Stage) -> None:
    context = {"programme": stage.programme, "user": stage.people.owner, "nav": "goals"}
    page = render("{% extends 'base.html' %}", **context)
    assert reverse("import_workbook", args=["vastpakken"]) not in page.links()
    assert page.of("a", href=reverse("goals", args=["vastpakken"]))[0]["aria-current"] == "page"
    page = render("{% extends 'base.html' %}", **context, may_manage=True)
    assert reverse("import_workbook", args=["vastpakken"]) in page.links()
    assert stage.open_round.get_absolute_url() in page.links()


def test_without_a_running_round_the_manager_goes_to_open_one(stage: Stage) -> None:
    Update.objects.filter(round=stage.open_round).delete()
    stage.drop_open_round()
    context = {"programme": stage.programme, "user": stage.people.manager, "may_manage": True}
    assert reverse("open_round", args=["vastpakken"]) in render("{% extends 'base.html' %}", **context).links()


def test_the_house_style_of_a_municipality_comes_after_ours(client: Client, db: None) -> None:
    with override_settings(EXTRA_THEME_STYLESHEET="gemeente/thema.css", EXTRA_THEME_CLASS="gemeente-theme"):
        page = read_page(client.get(STATEMENT))
    sheets = [link["href"] for link in page.of("link", rel="stylesheet")]
    assert sheets[-1] == "/static/gemeente/thema.css"
    assert page.of("body")[0]["class"].split()[-1] == "gemeente-theme"


# --- partials ------------------------------------------------------------------------------------------------------


class ProgressForm(forms.Form):
    status = forms.ChoiceField(label="Hoe staat het ervoor?", choices=[("a", ATTACK)], widget=forms.RadioSelect)
    explanation = forms.CharField(label="Toelichting", help_text=ATTACK, widget=forms.Textarea(attrs={"rows": 9}))
    owner = forms.ChoiceField(label="Eigenaar", choices=[("1", ATTACK)], required=False)
    forecast = forms.DateField(label="Verwacht gereed", required=False)
    agreed = forms.BooleanField(label="Gelezen", required=False)
    tags = forms.MultipleChoiceField(choices=[("x", "X")], widget=forms.CheckboxSelectMultiple, required=False)
    workbook = forms.FileField(label="Werkboek")
    token = forms.CharField(widget=forms.HiddenInput, required=False)


FIELDS = "{% include '_form_errors.html' %}{% for field in form %}{% include '_field.html' %}{% endfor %}"


@pytest.mark.parametrize("status", ["", *Update.Status.values])
def test_every_status_has_its_word_and_a_shape_of_its_own(status: str) -> None:
    label = Update.Status(status).label if status else ""
    page = render("{% include '_status.html' %}", status=status, label=label)
    assert page.text == (label or "nog geen voortgang")
    icon = page.of("use")[0]["href"].partition("#")[2]
    assert icon == f"status-{status or 'none'}"
    assert f'id="{icon}"' in _sprite()


def test_every_state_has_an_icon_that_exists() -> None:
    for state in STATES:
        page = render("{% include '_state.html' %}", state=state, label="woord")
        assert f'id="{page.of("use")[0]["href"].partition("#")[2]}"' in _sprite()


def _sprite() -> str:
    return Path(str(finders.find("app/icons.svg"))).read_text()


def test_controls_are_tied_to_their_label_help_and_error() -> None:
    page = render(FIELDS, form=ProgressForm({}))
    area = page.of("textarea")[0]
    assert area["aria-describedby"].split() == ["id_explanation_helptext", "id_explanation_error"]
    assert area["aria-invalid"] == "true"
    assert area["rows"] == "9"
    assert "utrecht-textarea--invalid" in area["class"]
    assert page.of("label", **{"for": "id_explanation"})
    assert page.of("fieldset")[0]["aria-describedby"] == "id_status_error"
    assert "utrecht-radio-button" in page.of("input", type="radio")[0]["class"]
    assert "utrecht-checkbox" in page.of("input", type="checkbox")[0]["class"]
    assert page.of("input", type="hidden", name="token")
    assert_allowed_by_policy(page)


def test_the_summary_of_errors_links_to_the_fields() -> None:
    page = render(FIELDS, form=ProgressForm({}))
    summary = page.of("div", role="alert")[0]
    assert summary["tabindex"] == "-1"
    assert {"#id_status_0", "#id_explanation", "#id_workbook"} <= set(page.links())
    assert page.of("input", id="id_status_0")
    assert "role" not in render(FIELDS, form=ProgressForm()).html


def test_a_date_is_asked_and_filled_as_a_browser_wants_it() -> None:
    form = ProgressForm(initial={"forecast": datetime.date(2024, 7, 9)})
    control = render("{% include '_field.html' %}", field=form["forecast"]).of("input")[0]
    assert (control["type"], control["value"]) == ("date", "2024-07-09")


def test_partials_escape_what_people_typed() -> None:
    bar = SimpleNamespace(
        total=1, segments=[SimpleNamespace(status="on_track", label=ATTACK, count=1, x=0.0, width=100.0)]
    )
    pages = [
        render("{% include '_status.html' %}", status="on_track", label=ATTACK),
        render("{% include '_status.html' %}", status=ATTACK, label=ATTACK),
        render("{% include '_state.html' %}", state=ATTACK, label=ATTACK),
        render("{% include '_alert.html' %}", tone="error", title=ATTACK, text=ATTACK),
        render("{% include '_empty.html' %}", title=ATTACK, text=ATTACK, url="/x", label=ATTACK),
        render("{% include '_crumb.html' %}", url="/x", label=ATTACK),
        render("{% include '_bar.html' %}{% include '_legend.html' %}", bar=bar),
        render("{% include '_pagination.html' %}", page=Paginator(range(50), 10).page(2), query=ATTACK),
        render(FIELDS, form=ProgressForm({"explanation": ATTACK, "forecast": ATTACK})),
        render("{% extends 'base.html' %}", programme=SimpleNamespace(slug="x", name=ATTACK), user=_user(ATTACK)),
        render("{% extends 'base.html' %}", messages=[Message(constants.ERROR, ATTACK)]),
    ]
    for page in pages:
        assert not page.inline_code
        assert not page.of("b")
        assert_allowed_by_policy(page)


def _user(name: str) -> User:
    """Somebody who is in no database: a superuser, of whom no permission is looked up."""
    return User(username="x", first_name=name, is_superuser=True)


def test_a_bar_says_its_numbers_in_words_and_with_points() -> None:
    segments = [
        SimpleNamespace(status="on_track", label="op schema", count=2, x=0.0, width=66.6667),
        SimpleNamespace(status="", label="nog geen voortgang", count=1, x=66.6667, width=33.3333),
    ]
    page = render("{% include '_bar.html' %}", bar=SimpleNamespace(total=3, segments=segments))
    assert page.of("svg")[0]["aria-label"] == "2 op schema, 1 nog geen voortgang, samen 3"
    assert page.of("rect", x="66.667%", width="33.333%")
    assert page.text == "2 1"


def test_pagination_keeps_the_filters() -> None:
    page = render("{% include '_pagination.html' %}", page=Paginator(range(300), 10).page(12), query="q=x&status=y")
    assert "?q=x&status=y&page=13" in page.links()
    assert page.of("a", **{"aria-current": "page"})[0]["href"] == "?q=x&status=y&page=12"
    assert render("{% include '_pagination.html' %}", page=Paginator(range(5), 10).page(1)).text == ""


def test_dates_and_numbers_are_dutch() -> None:
    page = render(
        "{% load shell %}{{ d|dutch_date }} {{ n|dutch_number }} {{ f|dutch_number:1 }} [{{ none|dutch_number }}]",
        d=datetime.date(2024, 7, 9),
        n=1031,
        f=68.5,
        none=None,
    )
    assert page.text == "9 juli 2024 1.031 68,5 []"


# --- errors --------------------------------------------------------------------------------------------------------


def test_a_refusal_says_its_sentence(owner: User, rf: RequestFactory) -> None:
    request = rf.get("/x")
    request.user = owner
    page = read_page(defaults.permission_denied(request, PermissionDenied("Alleen een manager mag dit.")))
    assert "Alleen een manager mag dit." in page.text
    assert "/" in page.links()


def test_a_page_that_is_not_there_has_the_shell(owner: User, log_in: LogIn) -> None:
    response = log_in(owner).get("/bestaat-niet/")
    assert response.status_code == 404
    assert "Mijn doelen" in read_page(response).text


def test_the_page_for_a_crash_needs_no_context_and_no_database(rf: RequestFactory) -> None:
    # No database is allowed in this test.
    page = read_page(defaults.server_error(rf.get("/")))
    assert "Er ging iets mis" in page.text


def test_a_bad_request_has_the_shell(rf: RequestFactory) -> None:
    assert "klopt niet" in read_page(defaults.bad_request(rf.get("/"), ValueError())).text


def test_an_expired_form_says_how_to_keep_the_text(owner: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    response = client.post(reverse("account_logout"))
    assert response.status_code == 403
    assert "Uw tekst staat er nog" in read_page(response).text


def test_the_accessibility_statement_is_for_everybody(client: Client, db: None) -> None:
    page = read_page(client.get(STATEMENT))
    assert "functioneel beheer van uw gemeente" in page.text
    assert page.of("h2", id="privacy")
    assert page.of("h2", id="hulp")


def test_every_address_of_the_shell_is_a_file_that_exists(client: Client, db: None) -> None:
    page = read_page(client.get(STATEMENT))
    addresses = [link["href"] for link in page.of("link")] + [script["src"] for script in page.of("script")]
    for address in addresses:
        assert address.startswith("/static/")
        assert finders.find(address.removeprefix("/static/")), address
