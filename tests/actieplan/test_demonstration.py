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
from monitoring.models import (
    AuditLine,
    Commitment,
    Indicator,
    Measurement,
    Report,
    ReportingRound,
    ReportText,
    Target,
    Update,
)
from monitoring.report.frozen import thaw

pytestmark = pytest.mark.django_db


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
    city = Programme.objects.get(slug="heel-de-stad")
    rounds = {(round_.programme, round_.name): round_.state for round_ in ReportingRound.objects.all()}
    assert rounds == {
        (young, "2023-H1"): "adopted",
        (young, "2023-H2"): "open",
        (homeless, "2024-H1"): "adopted",
        (city, "2022-H1"): "adopted",
        (city, "2022-H2"): "adopted",
    }
    per_theme = [theme.goals.count() for theme in Theme.objects.filter(programme=homeless).order_by("number")]
    assert per_theme == [5, 6, 6, 4]
    in_city = [(theme.kind, theme.goals.count()) for theme in Theme.objects.filter(programme=city).order_by("position")]
    assert in_city == [("doelgroep", 14), ("doelgroep", 5), ("doelgroep", 13), ("thema", 5)]
    assert set(Goal.objects.filter(plan__programme=city).values_list("kind", flat=True)) == {
        "maatregel",
        "collegetarget",
    }
    assert {plan.state for plan in Plan.objects.all()} == {"adopted"}
    (silent,) = Update.objects.filter(round__programme=homeless).exclude(state="approved")
    assert (silent.goal.theme.name, silent.goal.number, silent.state) == ("Opvang", 6, "not_delivered")
    assert Report.objects.count() == 4
    assert {line.origin for line in AuditLine.objects.all()} == {"command"}


def test_two_adopted_rounds_tell_what_changed(demonstration: None) -> None:
    """A councillor can compare: goals that did better and worse, that came in and ended, and a deadline that moved."""
    city = Programme.objects.get(slug="heel-de-stad")
    then, now = (
        {
            update.goal_id: update
            for update in Update.objects.filter(round__programme__slug="heel-de-stad", round__half=half)
        }
        for half in (1, 2)
    )
    new, ended = Goal.objects.filter(pk__in=now.keys() - then.keys()), Goal.objects.get(pk__in=then.keys() - now.keys())
    assert {goal.kind for goal in new} == {"collegetarget"}
    assert new.count() == 2
    assert (ended.text, ended.ended_on) == ("Rotterdam, Ouder en Wijzer", datetime.date(2022, 12, 31))
    moves = {(then[goal].status, now[goal].status) for goal in then.keys() & now.keys()}
    assert {("on_track", "delayed"), ("delayed", "at_risk"), ("at_risk", "on_track"), ("", "at_risk")} <= moves
    prio = Goal.objects.get(plan__programme=city, text__startswith="PRIO")
    assert [record.deadline.year for record in prio.history.order_by("history_date")] == [2022, 2024]


def test_what_is_invented_says_so(demonstration: None) -> None:
    for update in Update.objects.exclude(explanation=""):
        assert "voorbeeld" in update.explanation


def test_the_reports_begin_with_texts_of_the_manager(demonstration: None) -> None:
    for text in ReportText.objects.all():
        assert all(part.endswith("(voorbeeld)") for part in text.text.split("\n\n")), text
    for report in Report.objects.all():
        assert thaw(report.document).introduction
    opgaven = thaw(Report.objects.get(round__programme__slug__startswith="op-weg").document)
    assert all(theme.introduction for theme in opgaven.themes)
    assert ReportText.objects.filter(round__state="open").count() == 2


def test_both_officers_have_a_part(demonstration: None) -> None:
    for programme in Programme.objects.all():
        updates = Update.objects.filter(round__programme=programme)
        shares = [updates.owned_by(User.objects.get(username=name)).count() for name in ("beleid", "collega")]
        assert min(shares) > 5, programme


@pytest.mark.parametrize("username", ACCOUNTS)
def test_every_account_logs_in(demonstration: None, username: str) -> None:
    assert Client().login(username=username, password=PASSWORD)


def test_running_it_again_changes_nothing(demonstration: None) -> None:
    models = [User, Programme, Theme, Plan, Goal, Update, AuditLine, Report, Indicator, Target, Measurement, Commitment]
    before = [list(model.objects.order_by("pk").values()) for model in models]
    call_command("demo", verbosity=0)
    assert [list(model.objects.order_by("pk").values()) for model in models] == before


def test_what_was_there_before_keeps_its_numbers(demonstration: None) -> None:
    """Addresses in the tests of the pages count on it."""
    numbers = {round_.pk: (round_.programme.slug, round_.name) for round_ in ReportingRound.objects.all()}
    assert [numbers[pk] for pk in sorted(numbers)] == [
        ("vastpakken-en-niet-loslaten", "2023-H1"),
        ("vastpakken-en-niet-loslaten", "2023-H2"),
        ("op-weg-naar-herstel-en-een-thuis", "2024-H1"),
        ("heel-de-stad", "2022-H1"),
        ("heel-de-stad", "2022-H2"),
    ]


def test_the_open_round_takes_in_whenever_it_is_run(demonstration: None) -> None:
    open_rounds = ReportingRound.objects.filter(state="open")
    (round_,) = open_rounds
    assert round_.deadline > timezone.localdate()
    assert round_.updates.filter(changed_at__gt=timezone.now()).count() == 0
    long_ago = timezone.localdate() - datetime.timedelta(days=40)
    open_rounds.update(opens_on=long_ago, deadline=long_ago)
    call_command("demo", verbosity=0)
    assert open_rounds.get().deadline > timezone.localdate()
