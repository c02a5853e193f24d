"""Entering indicators, targets and measurements: what may be written by whom, and what is kept of it."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from monitoring.held_back import HeldBack
from monitoring.indicator_changes import IndicatorMoved, Promise, revise_target, save_indicator, set_target, stand_of
from monitoring.indicator_forms import periods_to_choose
from monitoring.measurements import Moved, Reading, change_measurement, record_measurement
from monitoring.models import AuditLine, Indicator, Measurement, ReportingRound, Target
from monitoring.periods import parse_period
from monitoring.workflow import Refused
from tests.cast import Stage, make_goals, make_plan, make_round
from tests.conftest import LogIn
from tests.indicators import make_indicator, make_measurement, make_target

SITE = AuditLine.Origin.SITE
BSN = "123456782"
YEAR = parse_period("2022")


@pytest.fixture
def mentors(stage: Stage) -> Indicator:
    """An indicator of a goal of the department, with one part-less value in each place: adopted, open, no round."""
    return make_indicator(stage.programme, unit="%", decimals=2, goals=[stage.goals["P1.1"]])


def reading(value: object, source: str = "", note: str = "") -> Reading:
    return Reading(Decimal(str(value)), source, note)


def by(stage: Stage, person: str = "manager") -> dict[str, Any]:
    return {"actor": getattr(stage.people, person), "origin": SITE}


def last_line() -> AuditLine:
    line = AuditLine.objects.order_by("-pk").first()
    assert line is not None
    return line


# --- measurements --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["owner", "manager", "administrator"])
def test_a_measurement_of_a_running_round_belongs_to_it(stage: Stage, mentors: Indicator, person: str) -> None:
    made = record_measurement(
        indicator=mentors, period=YEAR, reading=reading("48.33", " telling ", "klopt"), **by(stage, person)
    )
    stored = Measurement.objects.get(pk=made.pk)
    assert (stored.value, stored.source, stored.note, stored.version) == (Decimal("48.33"), "telling", "klopt", 1)
    assert (stored.round, stored.recorded_by) == (stage.open_round, getattr(stage.people, person))
    assert [row.history_type for row in stored.history.all()] == ["+"]
    line = last_line()
    assert (line.object_type, line.object_id, line.action, line.result) == ("measurement", stored.pk, "create", "48,33")


def test_without_a_running_round_a_measurement_belongs_to_none(stage: Stage, mentors: Indicator) -> None:
    stage.put_open_round_aside()
    made = record_measurement(indicator=mentors, period=YEAR, reading=reading(5), **by(stage))
    assert made.round is None
    assert Measurement.objects.readable_by(stage.people.councillor).get() == made


def test_of_two_running_rounds_the_earlier_one_takes_the_measurement(stage: Stage, mentors: Indicator) -> None:
    make_round(make_plan(stage.programme, year=2024), 2024, 1)
    made = record_measurement(indicator=mentors, period=YEAR, reading=reading(5), **by(stage))
    assert made.round == stage.open_round


@pytest.mark.parametrize("person", ["colleague", "councillor", "outsider"])
def test_who_owns_no_goal_of_the_indicator_records_nothing(stage: Stage, mentors: Indicator, person: str) -> None:
    with pytest.raises(PermissionDenied):
        record_measurement(indicator=mentors, period=YEAR, reading=reading(5), **by(stage, person))
    assert not Measurement.objects.exists()


def test_the_owner_of_the_whole_records_its_parts(stage: Stage, mentors: Indicator) -> None:
    part = make_indicator(stage.programme, "Deel", part_of=mentors)
    record_measurement(indicator=part, period=YEAR, reading=reading(5), **by(stage, "owner"))
    with pytest.raises(ValidationError, match="delen"):
        record_measurement(indicator=mentors, period=YEAR, reading=reading(5), **by(stage, "owner"))
    with pytest.raises(PermissionDenied):
        record_measurement(indicator=part, period=parse_period("2021"), reading=reading(5), **by(stage, "colleague"))


def test_after_closing_only_the_manager_records(stage: Stage, mentors: Indicator) -> None:
    ReportingRound.objects.filter(pk=stage.open_round.pk).update(state=ReportingRound.State.IN_REVIEW)
    with pytest.raises(Refused):
        record_measurement(indicator=mentors, period=YEAR, reading=reading(5), **by(stage, "owner"))
    record_measurement(indicator=mentors, period=YEAR, reading=reading(5), **by(stage))


def test_a_period_is_measured_once(stage: Stage, mentors: Indicator) -> None:
    make_measurement(mentors, "2022", "48.33")
    with pytest.raises(ValidationError, match="Over 2022 is al gemeten: 48,33%"):
        record_measurement(indicator=mentors, period=YEAR, reading=reading(5), **by(stage))


@pytest.mark.parametrize("field", ["source", "note"])
def test_personal_data_is_held_back_and_a_number_can_be_declared(stage: Stage, mentors: Indicator, field: str) -> None:
    typed = Reading(Decimal(5), **{field: f"dossier {BSN}"})
    with pytest.raises(HeldBack):
        record_measurement(indicator=mentors, period=YEAR, reading=typed, **by(stage))
    assert not Measurement.objects.exists()
    record_measurement(indicator=mentors, period=YEAR, reading=typed, no_bsn=[BSN], **by(stage))
    assert "is geen BSN" in last_line().note


def test_a_change_is_written_once_with_its_history(stage: Stage, mentors: Indicator) -> None:
    made = record_measurement(indicator=mentors, period=YEAR, reading=reading(5), **by(stage, "owner"))
    change_measurement(measurement=made, reading=reading(6), version=1, **by(stage, "owner"))
    lines = AuditLine.objects.count()
    change_measurement(measurement=made, reading=reading(6), version=1, **by(stage))  # the same twice is no conflict
    made.refresh_from_db()
    assert (made.value, made.version, AuditLine.objects.count()) == (6, 2, lines)
    assert [row.value for row in made.history.all()] == [6, 5]
    assert "5,00 → 6,00" in last_line().note


def test_two_people_at_once_meet(stage: Stage, mentors: Indicator) -> None:
    made = record_measurement(indicator=mentors, period=YEAR, reading=reading(5), **by(stage))
    change_measurement(measurement=made, reading=reading(6), version=1, **by(stage))
    with pytest.raises(Moved) as moved:
        change_measurement(measurement=made, reading=reading(7), version=1, **by(stage, "owner"))
    assert moved.value.current.value == 6


@pytest.mark.parametrize("place", ["adopted_round", None], ids=["adopted", "no round"])
def test_what_the_council_can_read_is_changed_by_the_manager_with_a_reason(
    stage: Stage, mentors: Indicator, place: str | None
) -> None:
    round_ = getattr(stage, place) if place else None
    made = make_measurement(mentors, "2022", 5, round_=round_, note="telling in mei")
    with pytest.raises(PermissionDenied):
        change_measurement(measurement=made, reading=reading(6, note="typefout"), version=0, **by(stage, "owner"))
    for note in ("", "telling in mei"):
        with pytest.raises(ValidationError, match="Schrijf op waarom"):
            change_measurement(measurement=made, reading=reading(6, note=note), version=0, **by(stage))
    change_measurement(measurement=made, reading=reading(6, note="typefout hersteld"), version=0, **by(stage))
    made.refresh_from_db()
    assert (made.value, made.round, made.note) == (6, round_, "typefout hersteld")
    assert "typefout hersteld" in last_line().note


@pytest.mark.parametrize(
    ("day", "latest", "earlier"), [("2023-06-30", "2023-H1", "2022-H2"), ("2023-06-29", "2022-H2", "2022-H1")]
)
def test_a_period_can_be_chosen_when_it_has_ended(
    stage: Stage, mentors: Indicator, day: str, latest: str, earlier: str
) -> None:
    mentors.frequency = "half_year"
    periods = periods_to_choose(mentors, today=datetime.date.fromisoformat(day))
    assert [period.code for period in periods[:2]] == [latest, earlier]


# --- targets -------------------------------------------------------------------------------------------------------


def test_a_revised_target_stays_with_its_reason(stage: Stage, mentors: Indicator) -> None:
    day = datetime.date(2024, 12, 31)
    old = set_target(indicator=mentors, promise=Promise(day, Decimal(50), source="raad"), **by(stage))
    new = revise_target(target=old, promise=Promise(day, Decimal(40)), reason="Minder geld", **by(stage))
    old.refresh_from_db()
    assert (old.value, old.revision_reason, old.revised_on is not None) == (50, "Minder geld", True)
    assert list(Target.objects.in_force()) == [new]
    assert [line.action for line in AuditLine.objects.order_by("pk")][-3:] == ["create", "revise", "create"]
    with pytest.raises(Refused, match="al herzien"):
        revise_target(target=old, promise=Promise(day, Decimal(30)), reason="Nog eens", **by(stage))


@pytest.mark.parametrize(
    ("promise", "reason"),
    [
        (Promise(datetime.date(2024, 12, 31), Decimal(40)), " "),
        (Promise(datetime.date(2024, 12, 31), Decimal(50)), "Zelfde waarde"),
        (Promise(datetime.date(2025, 12, 31), Decimal(40)), "Er is al een andere op die dag"),
        (Promise(datetime.date(2024, 12, 31), Decimal(40), Decimal(60)), "Bovengrens zonder bandbreedte"),
        (Promise(datetime.date(2024, 12, 31), Decimal(40)), f"dossier {BSN}"),
    ],
)
def test_a_revision_that_is_not_right_changes_nothing(
    stage: Stage, mentors: Indicator, promise: Promise, reason: str
) -> None:
    old = make_target(mentors, "2024-12-31", 50)
    make_target(mentors, "2025-12-31", 60)
    lines = AuditLine.objects.count()
    with pytest.raises(ValidationError):
        revise_target(target=old, promise=promise, reason=reason, **by(stage))
    old.refresh_from_db()
    assert (old.revised_on, Target.objects.count(), AuditLine.objects.count()) == (None, 2, lines)


@pytest.mark.parametrize("person", ["owner", "councillor"])
def test_only_a_manager_promises(stage: Stage, mentors: Indicator, person: str) -> None:
    with pytest.raises(PermissionDenied):
        set_target(indicator=mentors, promise=Promise(datetime.date(2024, 12, 31), Decimal(1)), **by(stage, person))
    target = make_target(mentors, "2025-12-31", 50)
    with pytest.raises(PermissionDenied):
        revise_target(target=target, promise=Promise(target.last_day, Decimal(1)), reason="Minder", **by(stage, person))
    with pytest.raises(PermissionDenied):
        save_indicator(indicator=mentors, goals=None, seen=stand_of(mentors), **by(stage, person))


def test_an_indicator_of_parts_gets_no_target_of_its_own(stage: Stage, mentors: Indicator) -> None:
    make_indicator(stage.programme, "Deel", part_of=mentors)
    with pytest.raises(ValidationError, match="zet de streefwaarde bij een deel"):
        set_target(indicator=mentors, promise=Promise(datetime.date(2024, 12, 31), Decimal(1)), **by(stage))


# --- the pages -----------------------------------------------------------------------------------------------------


def test_the_manager_makes_an_indicator_with_a_part_a_target_and_a_measurement(stage: Stage, log_in: LogIn) -> None:
    client = log_in(stage.people.manager)
    add = reverse("add_indicator", args=[stage.programme.slug])
    sent = {
        "name": "Afhandeltermijnen",
        "decimals": "0",
        "direction": "higher",
        "frequency": "half_year",
        "aggregation": "last",
        "position": "1",
        "baseline": "1.031",
        "baseline_day": "2022-12-31",
        "goals": [str(stage.goals["P1.1"].pk)],
    }
    assert client.post(add, sent).status_code == 302
    whole = Indicator.objects.get()
    assert (whole.baseline, list(whole.goals.all())) == (Decimal(1031), [stage.goals["P1.1"]])
    part = {**sent, "name": "Binnen 4 weken", "direction": "lower", "unit": "%", "decimals": "1", "baseline": "48,3"}
    assert client.post(f"{add}?deel_van={whole.pk}", part).status_code == 302
    made = whole.parts.get()
    args = [stage.programme.slug, made.pk]
    assert client.post(reverse("add_target", args=args), {"last_day": "2024-12-31", "value": "40"}).status_code == 302
    measured = {"period": "2022-H2", "value": "47,3", "source": "telling"}
    assert client.post(reverse("add_measurement", args=args), measured).status_code == 302
    page = client.get(whole.get_absolute_url()).content.decode()
    assert "47,3%" in page
    assert "ten hoogste 40,0%" in page
    assert "legde een meting vast" in page


PART = {
    "name": "Binnen 4 weken",
    "decimals": "0",
    "direction": "higher",
    "frequency": "year",
    "aggregation": "last",
    "position": "0",
}


@pytest.mark.parametrize("values", [{"measured": {"2022": 5}}, {"targets": {"2023-12-31": 5}}])
def test_an_indicator_with_values_of_its_own_gets_no_parts(stage: Stage, log_in: LogIn, values: Any) -> None:
    whole = make_indicator(stage.programme, "Met cijfers", **values)
    client = log_in(stage.people.manager)
    address = f"{reverse('add_indicator', args=[stage.programme.slug])}?deel_van={whole.pk}"
    response = client.post(address, PART)
    assert response.status_code == 422
    assert "heeft zelf metingen of streefwaarden" in response.content.decode()
    assert not whole.parts.exists()
    assert address not in client.get(whole.get_absolute_url()).content.decode()


def test_a_goal_that_cannot_be_is_a_wrong_choice(stage: Stage, log_in: LogIn) -> None:
    address = reverse("add_indicator", args=[stage.programme.slug])
    assert log_in(stage.people.manager).post(address, {**PART, "goals": ["9" * 30]}).status_code == 422
    assert not Indicator.objects.exists()


def test_a_part_gets_no_parts(stage: Stage, mentors: Indicator, log_in: LogIn) -> None:
    part = make_indicator(stage.programme, "Deel", part_of=mentors)
    client = log_in(stage.people.manager)
    add = reverse("add_indicator", args=[stage.programme.slug])
    assert f"{add}?deel_van={mentors.pk}" in client.get(mentors.get_absolute_url()).content.decode()
    assert client.post(f"{add}?deel_van={part.pk}", PART).status_code == 404
    assert not part.parts.exists()


def test_the_largest_number_that_is_taken_comes_back_as_it_was(stage: Stage, log_in: LogIn) -> None:
    huge = make_indicator(stage.programme, "Uitersten", decimals=4)
    client, address = log_in(stage.people.manager), reverse("add_measurement", args=[stage.programme.slug, huge.pk])
    assert client.post(address, {"period": "2022", "value": "100.000.000.000"}).status_code == 422
    assert client.post(address, {"period": "2022", "value": "99.999.999.999,9999"}).status_code == 302
    assert Measurement.objects.get().value == Decimal("99999999999.9999")
    assert "99.999.999.999,9999" in client.get(huge.get_absolute_url()).content.decode()


@pytest.mark.parametrize("value", ["48.33", "veel", "48,333", ""])
def test_a_number_that_is_not_clear_comes_back_as_it_was_typed(
    stage: Stage, mentors: Indicator, log_in: LogIn, value: str
) -> None:
    address = reverse("add_measurement", args=[stage.programme.slug, mentors.pk])
    response = log_in(stage.people.owner).post(address, {"period": "2022", "value": value, "note": "mijn opmerking"})
    assert response.status_code == 422
    page = response.content.decode()
    assert f'value="{value}"' in page or not value
    assert "mijn opmerking" in page
    assert not Measurement.objects.exists()


def test_after_a_conflict_both_values_are_shown_and_mine_can_be_sent_again(
    stage: Stage, mentors: Indicator, log_in: LogIn
) -> None:
    made = record_measurement(indicator=mentors, period=YEAR, reading=reading("5.5"), **by(stage))
    change_measurement(measurement=made, reading=reading("6.25"), version=1, **by(stage))
    client, address = log_in(stage.people.owner), reverse("change_measurement", args=[made.pk])
    response = client.post(address, {"version": "1", "value": "7,75"})
    assert response.status_code == 409
    page = response.content.decode()
    assert "6,25" in page
    assert 'value="7,75"' in page
    assert (
        client.post(address, {"version": response.context["form"]["version"].value(), "value": "7,75"}).status_code
        == 302
    )
    made.refresh_from_db()
    assert made.value == Decimal("7.75")


def test_two_managers_at_one_indicator_meet(stage: Stage, mentors: Indicator, log_in: LogIn) -> None:
    seen = stand_of(mentors)
    other = Indicator.objects.get(pk=mentors.pk)
    other.name = "De naam van de ander"
    save_indicator(indicator=other, goals=None, seen=seen, **by(stage))
    mine = Indicator.objects.get(pk=mentors.pk)
    mine.name = "Mijn naam"
    with pytest.raises(IndicatorMoved):
        save_indicator(indicator=mine, goals=None, seen=seen, **by(stage))
    address = reverse("change_indicator", args=[stage.programme.slug, mentors.pk])
    sent = {"name": "Mijn naam", "decimals": "2", "direction": "higher", "frequency": "year", "aggregation": "last"}
    response = log_in(stage.people.manager).post(address, {**sent, "position": "0", "seen": str(seen)})
    assert response.status_code == 409
    page = response.content.decode()
    assert "De naam van de ander" in page
    assert 'value="Mijn naam"' in page


def test_personal_data_is_marked_on_the_page(stage: Stage, mentors: Indicator, log_in: LogIn) -> None:
    address = reverse("add_measurement", args=[stage.programme.slug, mentors.pk])
    sent = {"period": "2022", "value": "5", "note": f"dossier {BSN}"}
    client = log_in(stage.people.owner)
    response = client.post(address, sent)
    assert response.status_code == 422
    assert f"<mark>{BSN}" in response.content.decode()
    assert client.post(address, {**sent, "no_bsn": BSN}).status_code == 302


def test_the_measurement_of_an_open_round_is_not_there_for_the_council(
    stage: Stage, mentors: Indicator, log_in: LogIn
) -> None:
    made = make_measurement(mentors, "2022", 5, round_=stage.open_round)
    address = reverse("change_measurement", args=[made.pk])
    assert log_in(stage.people.councillor).get(address).status_code == 404


@pytest.mark.parametrize("count", [1, 20])
def test_the_form_costs_as_many_queries_for_many_goals(
    stage: Stage, mentors: Indicator, log_in: LogIn, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    mentors.goals.add(*make_goals(stage.plan, count, theme=stage.themes["P4"]))
    client = log_in(stage.people.manager)
    with django_assert_num_queries(14):
        client.get(reverse("change_indicator", args=[stage.programme.slug, mentors.pk]))
