"""Measuring in the form of a goal: asked for the period of the round, written with the update, never lost."""

from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from monitoring.goal_measurements import record_measurements
from monitoring.measurement_content import MeasurementContent
from monitoring.measurements import Moved, Writer, clear
from monitoring.models import AuditLine, Indicator, Measurement, Update
from tests.cast import Stage, make_goals, make_updates
from tests.conftest import LogIn
from tests.indicators import make_indicator, make_measurement

HTMX = {"HX-Request": "true"}
BSN = "123456782"


@pytest.fixture
def mentors(stage: Stage) -> Indicator:
    """Measured each quarter; of the goals P1.3 (a draft) and P4.2 (to do), both of the owner."""
    return make_indicator(
        stage.programme,
        unit="%",
        decimals=2,
        frequency="quarter",
        goals=[stage.goals["P1.3"], stage.goals["P4.2"]],
    )


@pytest.fixture
def client(stage: Stage, log_in: LogIn) -> Client:
    return log_in(stage.people.owner)


def address(stage: Stage, reference: str = "P1.3") -> str:
    return reverse("record_update", args=[stage.goals[reference].pk], query={"ronde": "2023-H2"})


def typed(stage: Stage, indicator: Indicator, value: str = "", seen: object = "", **more: Any) -> dict[str, Any]:
    update = stage.update("P1.3", stage.open_round)
    return {
        "action": "save",
        "version": update.version,
        "status": "on_track",
        "explanation": "Het gaat goed",
        f"indicator-{indicator.pk}-value": value,
        f"seen-{indicator.pk}": seen,
        **more,
    }


def writer(stage: Stage) -> Writer:
    return Writer(stage.people.owner, AuditLine.Origin.SITE, timezone.now())


def stored(indicator: Indicator) -> Measurement:
    return Measurement.objects.get(indicator=indicator)


@pytest.mark.parametrize(
    ("frequency", "label", "code"),
    [
        ("year", "2023", "2023"),
        ("half_year", "tweede half jaar 2023", "2023-H2"),
        ("quarter", "4e kwartaal 2023", "2023-Q4"),
        ("month", "december 2023", "2023-12"),
    ],
)
def test_the_form_asks_the_latest_period_of_the_round(
    stage: Stage, mentors: Indicator, client: Client, frequency: str, label: str, code: str
) -> None:
    Indicator.objects.filter(pk=mentors.pk).update(frequency=frequency)
    page = client.get(address(stage)).content.decode()
    assert f"Jongeren met een mentor (%), {label}" in page
    assert client.post(address(stage), typed(stage, mentors, "48,33")).status_code == 302
    expected = make_measurement(make_indicator(stage.programme, "Maat"), code, 1)
    found = stored(mentors)
    assert (found.first_day, found.last_day) == (expected.first_day, expected.last_day)


def test_an_update_and_a_measurement_are_saved_together(stage: Stage, mentors: Indicator, client: Client) -> None:
    names = {f"indicator-{mentors.pk}-source": "telling", f"indicator-{mentors.pk}-note": "klopt"}
    assert client.post(address(stage), typed(stage, mentors, "1.031,5", **names)).status_code == 302
    found = stored(mentors)
    assert (found.value, found.source, found.note) == (Decimal("1031.5"), "telling", "klopt")
    assert (found.round, found.recorded_by) == (stage.open_round, stage.people.owner)
    assert stage.update("P1.3", stage.open_round).explanation == "Het gaat goed"
    kinds = AuditLine.objects.order_by("-pk").values_list("object_type", "action")[:2]
    assert set(kinds) == {("measurement", "create"), ("update", "save")}
    page = client.get(address(stage)).content.decode()
    assert 'value="1.031,5"' in page


def test_nothing_measured_writes_nothing(stage: Stage, mentors: Indicator, client: Client) -> None:
    assert client.post(address(stage), typed(stage, mentors)).status_code == 302
    assert not Measurement.objects.exists()


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "while typing"])
@pytest.mark.parametrize(
    ("value", "more", "sentence"),
    [
        ("48.33", {}, "1.031 of 48,33"),
        ("48,333", {}, "hoogstens 2 cijfers"),
        ("", {"note": "alleen een opmerking"}, "Vul ook de waarde in"),
        ("5", {"note": f"dossier {BSN}"}, "burgerservicenummer"),
    ],
)
def test_what_is_not_right_writes_nothing_and_comes_back(
    stage: Stage,
    mentors: Indicator,
    client: Client,
    value: str,
    more: dict[str, str],
    sentence: str,
    headers: dict[str, str],
) -> None:
    names = {f"indicator-{mentors.pk}-{part}": text for part, text in more.items()}
    response = client.post(address(stage), typed(stage, mentors, value, **names), headers=headers)
    assert response.status_code == 422
    page = response.content.decode()
    assert sentence in page
    if not headers:
        assert "Het gaat goed" in page
        assert not value or f'value="{value}"' in page
        assert all(text in page for text in more.values())
    assert not Measurement.objects.exists()
    assert stage.update("P1.3", stage.open_round).explanation != "Het gaat goed"


def saved_version(response: HttpResponse, indicator: Indicator) -> str:
    """The version of the measurement that the answer puts in the page."""
    page = response.content.decode()
    return page.split(f'name="seen-{indicator.pk}" value="')[1].split('"')[0]


def test_typing_on_saves_again_with_the_version_of_the_answer(stage: Stage, mentors: Indicator, client: Client) -> None:
    answer = client.post(address(stage), typed(stage, mentors, "4"), headers=HTMX)
    assert answer.status_code == 200
    again = typed(stage, mentors, "48", saved_version(answer, mentors))
    assert client.post(address(stage), again, headers=HTMX).status_code == 200
    assert (stored(mentors).value, stored(mentors).version) == (48, 2)
    # The same request once more, as its answer was lost.
    assert client.post(address(stage), again, headers=HTMX).status_code == 200
    assert stored(mentors).version == 2


class TestEmptying:
    @pytest.fixture
    def made(self, stage: Stage, mentors: Indicator) -> Measurement:
        return make_measurement(mentors, "2023-Q4", "48.33", round_=stage.open_round)

    @pytest.mark.parametrize("action", ["save", "submit"])
    def test_a_button_takes_a_measurement_away_and_leaves_its_history(
        self, stage: Stage, mentors: Indicator, made: Measurement, client: Client, action: str
    ) -> None:
        sent = typed(stage, mentors, "", made.version, action=action)
        page = client.post(address(stage), sent, follow=True).content.decode()
        assert "is weggehaald: er stond 48,33%." in page
        assert not Measurement.objects.exists()
        last = Measurement.history.latest()
        assert (last.history_type, last.value, last.history_user) == ("-", Decimal("48.33"), stage.people.owner)
        line = AuditLine.objects.get(object_type="measurement")
        assert (line.action, line.object_id, line.note, line.actor) == (
            "delete",
            made.pk,
            "48,33 → leeg",
            stage.people.owner,
        )

    def test_typing_on_takes_nothing_away_and_says_so(
        self, stage: Stage, mentors: Indicator, made: Measurement, client: Client
    ) -> None:
        response = client.post(address(stage), typed(stage, mentors, "", made.version), headers=HTMX)
        assert response.status_code == 200
        assert "(48,33%) staat er nog" in response.content.decode()
        assert stored(mentors).value == Decimal("48.33")
        assert stage.update("P1.3", stage.open_round).explanation == "Het gaat goed"
        again = typed(stage, mentors, "5", saved_version(response, mentors))
        assert "staat er nog" not in client.post(address(stage), again, headers=HTMX).content.decode()
        assert stored(mentors).value == 5

    def test_a_source_without_a_value_takes_nothing_away(
        self, stage: Stage, mentors: Indicator, made: Measurement, client: Client
    ) -> None:
        sent = typed(stage, mentors, "", made.version, **{f"indicator-{mentors.pk}-source": "telling"})
        assert client.post(address(stage), sent).status_code == 422
        assert stored(mentors).value == Decimal("48.33")

    def test_what_somebody_else_changed_meanwhile_is_not_taken_away(
        self, stage: Stage, mentors: Indicator, made: Measurement, client: Client
    ) -> None:
        Measurement.objects.update(value=50, version=made.version + 1)
        response = client.post(address(stage), typed(stage, mentors, "", made.version))
        assert response.status_code == 409
        page = response.content.decode()
        assert "geen meting" in page
        assert stored(mentors).value == 50
        mine = typed(stage, mentors, "", saved_seen(page, mentors))
        assert client.post(address(stage), mine).status_code == 302
        assert not Measurement.objects.exists()

    def test_what_somebody_else_took_away_does_not_come_back_unseen(
        self, stage: Stage, mentors: Indicator, made: Measurement, client: Client
    ) -> None:
        Measurement.objects.all().delete()
        response = client.post(address(stage), typed(stage, mentors, "48,33", made.version))
        assert response.status_code == 409
        page = response.content.decode()
        assert "geen meting" in page
        assert not Measurement.objects.exists()
        assert client.post(address(stage), typed(stage, mentors, "48,33", saved_seen(page, mentors))).status_code == 302
        assert stored(mentors).value == Decimal("48.33")


def test_what_both_measured_is_no_difference(stage: Stage, mentors: Indicator, client: Client, log_in: LogIn) -> None:
    first = typed(stage, mentors, "6,25")
    assert client.post(address(stage), first).status_code == 302
    made = stored(mentors)
    late = {**first, f"seen-{mentors.pk}": made.version, "explanation": "Het gaat minder goed"}
    response = client.post(address(stage), late)
    assert response.status_code == 409
    assert [one.name for one in response.context["recording"].differences] == ["explanation"]


def test_two_people_at_one_measurement_see_both_values(
    stage: Stage, mentors: Indicator, client: Client, log_in: LogIn
) -> None:
    first = typed(stage, mentors, "7,5")
    other = log_in(stage.people.manager)
    sent = {"version": 0, f"indicator-{mentors.pk}-value": "6,25", f"seen-{mentors.pk}": "", "action": "save"}
    assert other.post(address(stage, "P4.2"), sent).status_code == 302
    response = client.post(address(stage), first, headers=HTMX)
    assert response.status_code == 409
    response = client.post(address(stage), first)
    assert response.status_code == 409
    page = response.content.decode()
    assert "7,5" in page
    assert "6,25%" in page
    assert "Het gaat goed" in page
    assert (stored(mentors).value, stage.update("P1.3", stage.open_round).version) == (
        Decimal("6.25"),
        first["version"],
    )
    # Who takes theirs gets the value of the other in the form; who saves mine writes it over theirs.
    theirs = client.post(address(stage), {**first, "take": f"indicator-{mentors.pk}:theirs"})
    assert 'value="6,25"' in theirs.content.decode()
    mine = {**first, "version": response.context["recording"].version, f"seen-{mentors.pk}": saved_seen(page, mentors)}
    assert client.post(address(stage), mine).status_code == 302
    assert stored(mentors).value == Decimal("7.5")


def saved_seen(page: str, indicator: Indicator) -> str:
    return page.split(f'name="seen-{indicator.pk}"')[1].split('value="')[1].split('"')[0]


def test_what_was_measured_before_the_round_is_shown_and_not_asked(
    stage: Stage, mentors: Indicator, client: Client
) -> None:
    make_measurement(mentors, "2023-Q4", "47.25", round_=None)
    page = client.get(address(stage)).content.decode()
    assert "47,25%" in page
    assert f"indicator-{mentors.pk}-value" not in page
    assert client.post(address(stage), typed(stage, mentors, "99")).status_code == 302
    assert stored(mentors).value == Decimal("47.25")


@pytest.mark.parametrize("value", [Decimal(99), None], ids=["changed", "emptied"])
def test_what_was_measured_before_the_round_is_not_written_beside_the_form(
    stage: Stage, mentors: Indicator, value: Decimal | None
) -> None:
    made = make_measurement(mentors, "2023-Q4", "47.25", round_=None)
    content = MeasurementContent(mentors.pk, value, seen=made.version)
    with pytest.raises(Moved):
        record_measurements(stage.update("P1.3", stage.open_round), [content], writer=writer(stage))
    assert stored(mentors).value == Decimal("47.25")


def test_the_history_tells_who_took_a_measurement_away(stage: Stage, mentors: Indicator) -> None:
    made = make_measurement(mentors, "2023-Q4", "47.25", round_=stage.open_round)
    key, by = made.pk, writer(stage)
    clear(made, writer=by)
    last = Measurement.history.filter(id=key).first()
    assert (last.history_type, last.history_user, last.history_date) == ("-", by.actor, by.at)
    line = AuditLine.objects.get()
    assert (line.action, line.object_id, line.note, line.actor) == ("delete", key, "47,25 → leeg", by.actor)


def test_parts_are_asked_and_their_whole_is_not(stage: Stage, mentors: Indicator, client: Client) -> None:
    part = make_indicator(stage.programme, "Binnen vier weken", part_of=mentors)
    page = client.get(address(stage)).content.decode()
    assert "Jongeren met een mentor: Binnen vier weken" in page
    assert f"indicator-{mentors.pk}-value" not in page
    assert client.post(address(stage), typed(stage, part, "5")).status_code == 302
    assert stored(part).value == 5


def test_an_ended_session_gives_the_value_back(stage: Stage, mentors: Indicator, client: Client) -> None:
    client.logout()
    sent = typed(stage, mentors, "48,33", typed_by=stage.people.owner.pk)
    assert client.post(address(stage), sent).status_code == 302
    client.login(username="beleid", password="een-lang-wachtwoord-voor-de-proef")
    assert 'value="48,33"' in client.get(address(stage)).content.decode()


def test_the_manager_reads_it_with_the_update(stage: Stage, mentors: Indicator, client: Client, log_in: LogIn) -> None:
    client.post(address(stage), typed(stage, mentors, "48,33"))
    page = log_in(stage.people.manager).get(
        reverse("review_update", args=[stage.open_round.pk, stage.goals["P1.3"].pk])
    )
    assert "48,33%" in page.content.decode()


def test_the_council_reads_on_the_goal_what_was_adopted(stage: Stage, mentors: Indicator, log_in: LogIn) -> None:
    make_measurement(mentors, "2023-Q1", "47.25", round_=stage.adopted_round)
    make_measurement(mentors, "2023-Q4", "73.31", round_=stage.open_round)
    for person, seen, hidden in [("councillor", "47,25%", "73,31"), ("owner", "73,31%", "")]:
        page = log_in(getattr(stage.people, person)).get(stage.goals["P1.3"].get_absolute_url()).content.decode()
        assert seen in page
        assert not hidden or hidden not in page


@pytest.mark.parametrize("many", [2, 12])
def test_all_goals_on_one_page_cost_the_same_with_few_and_with_many(
    stage: Stage, client: Client, many: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    goals = make_goals(stage.plan, many, theme=stage.themes["P1"], owner=stage.department)
    make_updates(stage.open_round, goals, state=Update.State.TODO)
    for goal in goals:
        whole = make_indicator(stage.programme, f"Cijfer {goal.pk}", goals=[goal])
        make_measurement(make_indicator(stage.programme, "Deel", part_of=whole), "2023", 1, round_=stage.open_round)
    page = reverse("record_all", args=[stage.open_round.pk])
    client.get(page)
    with django_assert_num_queries(22):
        client.get(page)
