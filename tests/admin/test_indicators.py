"""Indicators, targets and measurements that come in as a table: by the operations of the site, with their rules."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.test import Client

from monitoring.models import AuditLine, Indicator, Measurement, Target
from tests.admin.sections import NAMES, SECTIONS
from tests.admin.test_exchange import as_csv, confirm, offer
from tests.cast import Stage
from tests.conftest import LogIn
from tests.indicators import make_indicator, make_measurement, make_target

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(stage: Stage, log_in: LogIn) -> Client:
    return log_in(stage.people.administrator)


@pytest.fixture
def indicator(stage: Stage) -> Indicator:
    return make_indicator(stage.programme, decimals=2)


def take_in(client: Client, section: str, *rows: dict[str, object]) -> HttpResponse:
    preview = offer(client, f"monitoring_{section}", as_csv(list(rows)))
    assert "confirm_form" in preview.context, preview.content.decode()
    return confirm(client, f"monitoring_{section}", preview)


def refused(client: Client, section: str, row: dict[str, object]) -> str:
    """The page that refuses `row`."""
    response = offer(client, f"monitoring_{section}", as_csv([row]))
    assert "confirm_form" not in response.context
    return response.content.decode()


def line() -> tuple[str, str, str, object]:
    found = AuditLine.objects.latest("pk")
    return found.action, found.object_type, found.origin, found.actor


class TestIndicators:
    def test_one_comes_in_with_its_goals_and_leaves_one_line(self, client: Client, stage: Stage) -> None:
        goals = [stage.goals["P4.1"], stage.goals["P4.2"]]
        row = {"programma": stage.programme.pk, "naam": "Wachttijd", "eenheid": "dagen", "richting": "lager is beter"}
        row |= {"nulmeting": "48,33", "datum van de nulmeting": "31-12-2022", "cijfers achter de komma": "2"}
        take_in(client, "indicator", row | {"doelen": ", ".join(str(goal.pk) for goal in goals)})
        made = Indicator.objects.get(name="Wachttijd")
        assert (made.baseline, made.direction, made.aggregation) == (Decimal("48.33"), "lower", "last")
        assert set(made.goals.all()) == set(goals)
        assert AuditLine.objects.count() == 1
        assert line() == ("create", "indicator", "admin", stage.people.administrator)

    def test_one_changes(self, client: Client, stage: Stage, indicator: Indicator) -> None:
        take_in(client, "indicator", {"id": indicator.pk, "naam": "Mentoren"})
        indicator.refresh_from_db()
        assert indicator.name == "Mentoren"
        assert line() == ("change", "indicator", "admin", stage.people.administrator)

    def test_a_goal_of_another_programme_is_refused(self, client: Client, indicator: Indicator) -> None:
        stranger = SECTIONS[NAMES.index("din.goal")].make(7)
        page = refused(client, "indicator", {"id": indicator.pk, "doelen": stranger.pk})
        assert f"Deze doelen horen bij een ander programma: id {stranger.pk}." in page

    def test_it_stays_in_its_programme(self, client: Client, indicator: Indicator) -> None:
        other = SECTIONS[NAMES.index("din.programme")].make(7)
        page = refused(client, "indicator", {"id": indicator.pk, "programma": other.pk})
        assert "verhuist niet naar een ander programma" in page

    def test_a_bsn_is_held_back(self, client: Client, indicator: Indicator) -> None:
        page = refused(client, "indicator", {"id": indicator.pk, "wat er wordt gemeten": "Van 123456782"})
        assert "burgerservicenummer" in page


class TestTargets:
    def row(self, indicator: Indicator, **values: object) -> dict[str, object]:
        return {"indicator": indicator.pk, "te halen op": "2026-12-31", "streefwaarde": "50"} | values

    def test_one_comes_in(self, client: Client, stage: Stage, indicator: Indicator) -> None:
        take_in(client, "target", self.row(indicator, bron="Plan van aanpak"))
        made = Target.objects.get()
        assert (made.value, made.source, made.revised_on) == (50, "Plan van aanpak", None)
        assert line() == ("create", "target", "admin", stage.people.administrator)

    def test_one_is_revised_with_its_reason(self, client: Client, indicator: Indicator) -> None:
        before = make_target(indicator, "2026-12-31", 50)
        row = self.row(indicator, id=before.pk, streefwaarde="65", **{"reden van herziening": "Nieuw budget"})
        take_in(client, "target", row)
        before.refresh_from_db()
        assert (before.value, before.revision_reason) == (50, "Nieuw budget")
        assert before.revised_on is not None
        assert Target.objects.in_force().get().value == 65
        assert sorted(AuditLine.objects.values_list("action", flat=True)) == ["create", "revise"]

    def test_one_is_never_changed_without_a_reason(self, client: Client, indicator: Indicator) -> None:
        before = make_target(indicator, "2026-12-31", 50)
        page = refused(client, "target", self.row(indicator, id=before.pk, streefwaarde="65"))
        assert "Schrijf op waarom de streefwaarde is herzien." in page

    def test_the_rules_of_the_site_hold(self, client: Client, indicator: Indicator) -> None:
        assert "bandbreedte" in refused(client, "target", self.row(indicator, bovengrens="60"))
        make_indicator(indicator.programme, "Deel", part_of=indicator)
        assert "zet de streefwaarde bij een deel" in refused(client, "target", self.row(indicator))


class TestMeasurements:
    def row(self, indicator: Indicator, **values: object) -> dict[str, object]:
        row = {"indicator": indicator.pk, "waarde": "47.25"}
        return row | {"eerste dag van de periode": "2023-01-01", "laatste dag van de periode": "2023-12-31"} | values

    def test_one_comes_in_and_belongs_to_the_running_round(
        self, client: Client, stage: Stage, indicator: Indicator
    ) -> None:
        take_in(client, "measurement", self.row(indicator, bron="Registratie"))
        made = Measurement.objects.get()
        assert (made.value, made.source, made.version) == (Decimal("47.25"), "Registratie", 1)
        assert (made.round, made.recorded_by) == (stage.open_round, stage.people.administrator)
        assert AuditLine.objects.count() == 1
        assert line() == ("create", "measurement", "admin", stage.people.administrator)

    def test_one_changes(self, client: Client, stage: Stage, indicator: Indicator) -> None:
        before = make_measurement(indicator, "2023", "48.33", round_=stage.open_round)
        take_in(client, "measurement", self.row(indicator, id=before.pk))
        before.refresh_from_db()
        assert (before.value, before.version, before.recorded_by) == (Decimal("47.25"), 1, stage.people.administrator)

    def test_one_that_the_council_reads_changes_with_a_reason(
        self, client: Client, stage: Stage, indicator: Indicator
    ) -> None:
        before = make_measurement(indicator, "2023", "48.33", round_=stage.adopted_round)
        assert "Schrijf op waarom u haar wijzigt." in refused(client, "measurement", self.row(indicator, id=before.pk))
        take_in(client, "measurement", self.row(indicator, id=before.pk, opmerking="Hertelling"))
        before.refresh_from_db()
        assert before.value == Decimal("47.25")

    REFUSALS = [
        ({"waarde": "veel"}, "“veel” is geen getal."),
        ({"waarde": "1.031,5"}, "is geen getal."),
        ({"waarde": ""}, "mag niet leeg zijn"),
        ({"waarde": "1.00001"}, "cijfers achter de komma"),
        ({"laatste dag van de periode": "2023-11-30"}, "Deze indicator wordt gemeten per jaar"),
        ({"eerste dag van de periode": "2099-01-01", "laatste dag van de periode": "2099-12-31"}, "nog niet voorbij"),
    ]

    @pytest.mark.parametrize(("wrong", "sentence"), REFUSALS, ids=[str(wrong) for wrong, _ in REFUSALS])
    def test_what_cannot_be_is_refused_in_a_sentence(
        self, client: Client, indicator: Indicator, wrong: dict[str, object], sentence: str
    ) -> None:
        assert sentence in refused(client, "measurement", self.row(indicator, **wrong))
        assert not Measurement.objects.exists()

    def test_a_period_is_measured_once_and_a_measurement_keeps_its_own(
        self, client: Client, indicator: Indicator
    ) -> None:
        before = make_measurement(indicator, "2023", 1)
        assert "al een meting over deze periode" in refused(client, "measurement", self.row(indicator))
        moved = {"eerste dag van de periode": "2022-01-01", "laatste dag van de periode": "2022-12-31"}
        page = refused(client, "measurement", self.row(indicator, id=before.pk, **moved))
        assert "blijft bij haar indicator en periode" in page


def test_who_may_not_manage_the_programme_changes_nothing(stage: Stage, log_in: LogIn, indicator: Indicator) -> None:
    clerk = stage.people.colleague
    clerk.is_staff = True
    clerk.save()
    group = Group.objects.create(name="Invoer")
    rights = Group.objects.get(name="Beheerder").permissions.filter(codename__endswith="_indicator")
    group.permissions.set(rights)
    clerk.groups.set([group])
    page = refused(log_in(clerk), "indicator", {"id": indicator.pk, "naam": "Anders"})
    assert "Alleen een manager van dit programma" in page
