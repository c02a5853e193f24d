"""The demonstration: complete, marked as such, made once, and never with DEBUG off."""

from __future__ import annotations

import datetime

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from actieplan.demonstration.accounts import ACCOUNTS, PASSWORD
from actieplan.models import User
from din.models import FocusArea, Goal, Plan, Programme, Theme
from monitoring.models import AuditLine, Report, ReportingRound, Update

pytestmark = pytest.mark.django_db


@pytest.fixture
def demonstration(settings: LazySettings) -> None:
    settings.DEBUG = True
    call_command("demo", verbosity=0)


def test_it_refuses_when_debug_is_off(settings: LazySettings) -> None:
    settings.DEBUG = False
    with pytest.raises(CommandError):
        call_command("demo")
    assert not User.objects.exists()


def test_it_holds_what_it_promises(demonstration: None) -> None:
    young = Programme.objects.get(slug="vastpakken-en-niet-loslaten")
    homeless = Programme.objects.get(slug="op-weg-naar-herstel-en-een-thuis")
    assert Goal.objects.filter(plan__programme=young, kind="smart_goal").count() == 48
    assert {area.name for area in FocusArea.objects.filter(plan__programme=young)} == {
        "Kunnen rondkomen",
        "Lokettenjungle",
        "Het mbo",
    }
    rounds = {(round_.programme, round_.name): round_.state for round_ in ReportingRound.objects.all()}
    assert rounds == {(young, "2023-H1"): "adopted", (young, "2023-H2"): "open", (homeless, "2024-H1"): "adopted"}
    per_theme = [theme.goals.count() for theme in Theme.objects.filter(programme=homeless).order_by("number")]
    assert per_theme == [5, 6, 6, 4]
    assert {plan.state for plan in Plan.objects.all()} == {"adopted"}
    (silent,) = Update.objects.filter(round__programme=homeless).exclude(state="approved")
    assert (silent.goal.theme.name, silent.goal.number, silent.state) == ("Opvang", 6, "not_delivered")
    assert Report.objects.count() == 2
    assert {line.origin for line in AuditLine.objects.all()} == {"command"}


def test_what_is_invented_says_so(demonstration: None) -> None:
    for update in Update.objects.exclude(explanation=""):
        assert "voorbeeld" in update.explanation


def test_both_officers_have_a_part(demonstration: None) -> None:
    shares = {name: Update.objects.owned_by(User.objects.get(username=name)).count() for name in ("beleid", "collega")}
    assert min(shares.values()) > 10


@pytest.mark.parametrize("username", ACCOUNTS)
def test_every_account_logs_in(demonstration: None, username: str) -> None:
    assert Client().login(username=username, password=PASSWORD)


def test_running_it_again_changes_nothing(demonstration: None) -> None:
    models = [User, Programme, Goal, Update, AuditLine, Report]
    before = [list(model.objects.order_by("pk").values()) for model in models]
    call_command("demo", verbosity=0)
    assert [list(model.objects.order_by("pk").values()) for model in models] == before


def test_the_open_round_takes_in_whenever_it_is_run(demonstration: None) -> None:
    open_rounds = ReportingRound.objects.filter(state="open")
    (round_,) = open_rounds
    assert round_.deadline > timezone.localdate()
    assert round_.updates.filter(changed_at__gt=timezone.now()).count() == 0
    long_ago = timezone.localdate() - datetime.timedelta(days=40)
    open_rounds.update(opens_on=long_ago, deadline=long_ago)
    call_command("demo", verbosity=0)
    assert open_rounds.get().deadline > timezone.localdate()
