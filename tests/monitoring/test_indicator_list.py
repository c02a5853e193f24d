"""The list of indicators: who sees which values, the filters, the order, and what it costs."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from din.models import Goal, Plan, Theme
from monitoring.indicator_list import IndicatorList, goal_indicators, key_indicators
from monitoring.models import Indicator, Measurement
from tests.cast import Stage, make_plan
from tests.conftest import LogIn
from tests.indicators import make_indicator, make_measurement, make_target

AS_OF = datetime.date(2023, 11, 1)
OPEN_VALUE = "73.31"
PEOPLE = ("outsider", "councillor", "owner")


@pytest.fixture
def indicators(stage: Stage) -> dict[str, Indicator]:
    """A key indicator with an open measurement, one of a theme, one with two parts, and one without anything."""
    shelter = make_indicator(
        stage.programme,
        "Langer dan 90 dagen",
        unit="%",
        decimals=2,
        direction="lower",
        frequency="half_year",
        baseline="48.33",
        baseline_day=datetime.date(2022, 12, 31),
        targets={"2023-12-31": 47},
        is_key=True,
        position=9,
    )
    make_measurement(shelter, "2023-H1", "47.25", round_=stage.adopted_round)
    make_measurement(shelter, "2023-H2", OPEN_VALUE, round_=stage.open_round)
    mentors = make_indicator(
        stage.programme,
        "Mentoren",
        theme=stage.themes["P1"],
        targets={"2022-12-31": 10},
        measured={"2022": 12},
        position=1,
    )
    terms = make_indicator(stage.programme, "Termijnen", position=2)
    legal = make_indicator(
        stage.programme, "Wettelijk", part_of=terms, unit="%", targets={"2022-12-31": 90}, measured={"2022": 91}
    )
    weeks = make_indicator(
        stage.programme, "Vier weken", part_of=terms, unit="%", targets={"2022-12-31": 85}, position=1
    )
    return {"shelter": shelter, "mentors": mentors, "terms": terms, "legal": legal, "weeks": weeks}


def address(stage: Stage, **query: object) -> str:
    return reverse("indicators", args=[stage.programme.slug], query=query)


def listed(stage: Stage, log_in: LogIn, person: str = "owner", **query: object) -> IndicatorList:
    response = log_in(getattr(stage.people, person)).get(address(stage, **query))
    assert response.status_code == 200
    return response.context["indicator_list"]


def names(stage: Stage, log_in: LogIn, person: str = "owner", **query: object) -> list[str]:
    return [line.name for line in listed(stage, log_in, person, **query).lines]


def test_key_indicators_come_first_then_the_order_of_the_programme(
    stage: Stage, indicators: dict[str, Indicator], log_in: LogIn
) -> None:
    found = listed(stage, log_in)
    assert [line.name for line in found.lines] == ["Langer dan 90 dagen", "Mentoren", "Termijnen"]
    assert [figure.name for figure in found.lines[2].figures] == ["Wettelijk", "Vier weken"]
    assert found.count_label == "3 indicatoren"


def test_who_works_on_the_round_sees_its_measurement_and_the_council_the_adopted_one(
    stage: Stage, indicators: dict[str, Indicator], log_in: LogIn
) -> None:
    mine = listed(stage, log_in).lines[0].figures[0]
    assert (mine.value, mine.period, mine.is_concept) == ("73,31%", "tweede half jaar 2023", True)
    assert (mine.judgement.label, mine.needed) == ("niet op koers", "ten hoogste 47,00%")
    theirs = listed(stage, log_in, "councillor").lines[0].figures[0]
    assert (theirs.value, theirs.period, theirs.is_concept) == ("47,25%", "eerste half jaar 2023", False)
    # 181 of 365 days of 48.33 -> 47: 47.67.
    assert (theirs.needed, theirs.judgement.label) == ("ten hoogste 47,67%", "op koers")
    assert theirs.target == "ten hoogste 47,00% op 31 december 2023"


def test_the_latest_value_is_that_of_the_latest_period_whenever_it_came_in(stage: Stage, log_in: LogIn) -> None:
    indicator = make_indicator(stage.programme, frequency="half_year")
    make_measurement(indicator, "2023-H2", 2, round_=stage.open_round)
    make_measurement(indicator, "2023-H1", 1, round_=stage.adopted_round)
    (line,) = listed(stage, log_in).lines
    assert (line.figures[0].value, line.figures[0].is_concept) == ("2", True)
    page = log_in(stage.people.owner).get(indicator.get_absolute_url()).context["page"]
    assert [one.value for one in page.parts[0].measurements] == ["2", "1"]


@pytest.mark.parametrize("name", ["indicators", "indicator"])
def test_the_council_sees_nothing_of_the_open_round(
    stage: Stage, indicators: dict[str, Indicator], log_in: LogIn, name: str
) -> None:
    args = [stage.programme.slug] if name == "indicators" else [stage.programme.slug, indicators["shelter"].pk]
    page = log_in(stage.people.councillor).get(reverse(name, args=args)).content.decode()
    assert "47,25%" in page
    assert "73,31" not in page
    assert "tweede half jaar" not in page
    assert "73,31" in log_in(stage.people.owner).get(reverse(name, args=args)).content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"kern": "on"}, ["Langer dan 90 dagen"]),
        ({"oordeel": "reached"}, ["Mentoren", "Termijnen"]),
        ({"oordeel": "no_measurement"}, ["Termijnen"]),
        ({"oordeel": "off_course"}, ["Langer dan 90 dagen"]),
        ({"oordeel": "reached", "kern": "on"}, []),
        ({"onderdeel": "geen"}, ["Langer dan 90 dagen", "Termijnen"]),
        ({"onderdeel": "bestaat niet", "oordeel": "onzin"}, ["Langer dan 90 dagen", "Mentoren", "Termijnen"]),
    ],
)
def test_the_filters_narrow_and_what_means_nothing_is_left_out(
    stage: Stage, indicators: dict[str, Indicator], log_in: LogIn, query: dict[str, str], found: list[str]
) -> None:
    assert names(stage, log_in, **query) == found


def test_the_filter_by_theme(stage: Stage, indicators: dict[str, Indicator], log_in: LogIn) -> None:
    assert names(stage, log_in, onderdeel=stage.themes["P1"].pk) == ["Mentoren"]
    assert listed(stage, log_in, onderdeel=stage.themes["P1"].pk).count_label == "1 van 3 indicatoren"


def test_the_council_cannot_filter_by_the_judgement_of_the_open_round(
    stage: Stage, indicators: dict[str, Indicator], log_in: LogIn
) -> None:
    assert names(stage, log_in, "councillor", oordeel="off_course") == []
    assert names(stage, log_in, "councillor", oordeel="on_course") == ["Langer dan 90 dagen"]


def test_what_only_a_concept_plan_knows_is_not_there_for_the_council(stage: Stage, log_in: LogIn) -> None:
    concept = make_plan(stage.programme, year=2024, state=Plan.State.CONCEPT)
    secret = Theme.objects.create(programme=stage.programme, name="Geheim onderdeel")
    goal = Goal.objects.create(plan=concept, theme=secret, text="Nog niet bekend")
    hidden = [
        make_indicator(stage.programme, "Van het concept", goals=[goal]),
        make_indicator(stage.programme, "Van het onderdeel", theme=secret),
        make_indicator(stage.programme, "Van beide", goals=[goal, stage.goals["P1.1"]]),
    ]
    part = make_indicator(stage.programme, "Deel", part_of=hidden[0])
    assert names(stage, log_in, "councillor") == ["Van beide"]
    assert len(names(stage, log_in)) == 3
    for one, status in [(hidden[0], 404), (hidden[1], 404), (part, 404), (hidden[2], 200)]:
        place = reverse("indicator", args=[stage.programme.slug, one.pk])
        assert log_in(stage.people.councillor).get(place).status_code == status
    page = log_in(stage.people.councillor).get(hidden[2].get_absolute_url()).content.decode()
    assert "Nog niet bekend" not in page
    assert "Geheim" not in log_in(stage.people.councillor).get(address(stage)).content.decode()


def test_a_goal_names_no_indicator_of_a_theme_that_only_a_concept_plan_knows(stage: Stage) -> None:
    secret = Theme.objects.create(programme=stage.programme, name="Geheim onderdeel")
    make_indicator(stage.programme, "Geheim", theme=secret, goals=[stage.goals["P1.1"]])
    make_indicator(stage.programme, "Bekend", theme=stage.themes["P1"], goals=[stage.goals["P1.1"]])

    def named(person: str) -> set[str]:
        user = getattr(stage.people, person)
        return {line.name for line in goal_indicators(stage.goals["P1.1"], user=user, as_of=AS_OF)}

    assert named("councillor") == {"Bekend"}
    assert named("owner") == {"Bekend", "Geheim"}


def test_an_empty_programme_says_so(stage: Stage, log_in: LogIn) -> None:
    assert "Er zijn nog geen indicatoren" in log_in(stage.people.councillor).get(address(stage)).content.decode()


@pytest.mark.parametrize("many", [1, 12])
def test_the_list_costs_the_same_with_one_and_with_many(
    stage: Stage, owner_client: Client, many: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(many):
        make_indicator(
            stage.programme,
            f"Cijfer {number}",
            theme=stage.themes["P1"],
            targets={"2023-12-31": 10},
            measured={"2022": 3, "2023": 4},
            goals=[stage.goals["P1.1"]],
            is_key=True,
        )
        whole = make_indicator(stage.programme, f"Geheel {number}", theme=stage.themes["P1"])
        make_indicator(stage.programme, "Deel", part_of=whole, targets={"2023-12-31": 10}, measured={"2022": 3})
    owner_client.get(address(stage))
    with django_assert_num_queries(10):
        owner_client.get(address(stage))
    # The rights of the reader are read once a request.
    assert stage.people.owner.has_perm("monitoring.read_open_rounds")
    with django_assert_num_queries(3):
        assert len(key_indicators(stage.programme, user=stage.people.owner, as_of=AS_OF)) == many


@pytest.fixture
def owner_client(stage: Stage, log_in: LogIn) -> Client:
    return log_in(stage.people.owner)


# --- for the dashboard ---------------------------------------------------------------------------------------------


def test_key_indicators_have_their_latest_value_and_target(stage: Stage, indicators: dict[str, Indicator]) -> None:
    found = key_indicators(stage.programme, user=stage.people.councillor, as_of=AS_OF)
    assert [(one.name, one.value, one.period, one.target, one.judgement.label) for one in found] == [
        (
            "Langer dan 90 dagen",
            "47,25%",
            "eerste half jaar 2023",
            "ten hoogste 47,00% op 31 december 2023",
            "op koers",
        )
    ]
    assert found[0].url == indicators["shelter"].get_absolute_url()


def test_key_indicators_of_an_earlier_day_do_not_know_what_came_later(
    stage: Stage, indicators: dict[str, Indicator]
) -> None:
    early = key_indicators(stage.programme, user=stage.people.owner, as_of=datetime.date(2023, 6, 30))
    late = key_indicators(stage.programme, user=stage.people.owner, as_of=datetime.date(2023, 12, 31))
    assert (early[0].value, late[0].value) == ("47,25%", "73,31%")
    before = key_indicators(stage.programme, user=stage.people.owner, as_of=datetime.date(2023, 6, 29))
    assert (before[0].value, before[0].judgement.label) == ("", "geen meting")


def test_a_key_indicator_with_parts_tells_how_many_are_well(stage: Stage, indicators: dict[str, Indicator]) -> None:
    Indicator.objects.filter(pk=indicators["terms"].pk).update(is_key=True)
    make_target(indicators["legal"], "2024-12-31", 95)
    terms = key_indicators(stage.programme, user=stage.people.owner, as_of=AS_OF)[0]
    assert (terms.name, terms.value, terms.judgement.label) == (
        "Termijnen",
        "1 van 2 op koers of gehaald",
        "geen meting",
    )


@pytest.mark.parametrize(
    ("measured", "value", "judgement"),
    [
        # The line runs from 0 at the end of 2021 to 20 at the end of 2023: half way is 10.
        ((20, 10), "2 van 2 op koers of gehaald", "op koers"),
        ((20, 9), "1 van 2 op koers of gehaald", "niet op koers"),
        ((9, 9), "0 van 2 op koers of gehaald", "niet op koers"),
    ],
)
def test_on_course_is_as_well_as_reached(stage: Stage, measured: tuple[int, int], value: str, judgement: str) -> None:
    whole = make_indicator(stage.programme, is_key=True)
    for number in measured:
        part = make_indicator(stage.programme, f"Deel {Indicator.objects.count()}", part_of=whole)
        make_target(part, "2021-12-31", 0)
        make_target(part, "2023-12-31", 20)
        make_measurement(part, "2022", number)
    (found,) = key_indicators(stage.programme, user=stage.people.owner, as_of=AS_OF)
    assert (found.value, found.judgement.label) == (value, judgement)


def test_parts_without_a_target_tell_their_values(stage: Stage) -> None:
    whole = make_indicator(stage.programme, is_key=True)
    for position, number in enumerate((1031, 402)):
        make_indicator(stage.programme, f"Deel {position}", part_of=whole, position=position, measured={"2022": number})
    (found,) = key_indicators(stage.programme, user=stage.people.owner, as_of=AS_OF)
    assert (found.value, found.judgement.label) == ("1.031, 402", "niet te beoordelen")


def test_a_goal_names_its_indicator_with_the_parts(stage: Stage, indicators: dict[str, Indicator]) -> None:
    indicators["terms"].goals.add(stage.goals["P1.1"])
    (line,) = goal_indicators(stage.goals["P1.1"], user=stage.people.councillor, as_of=AS_OF)
    assert [figure.name for figure in line.figures] == ["Wettelijk", "Vier weken"]


def test_who_has_no_role_reads_no_measurement(stage: Stage, indicators: dict[str, Indicator]) -> None:
    readers = {person: Measurement.objects.readable_by(getattr(stage.people, person)) for person in PEOPLE}
    assert {person: found.count() for person, found in readers.items()} == {
        "outsider": 0,
        "councillor": 3,
        "owner": 4,
    }


def test_the_indicators_of_a_theme_have_their_parts(stage: Stage, indicators: dict[str, Indicator]) -> None:
    Indicator.objects.filter(pk=indicators["terms"].pk).update(theme=stage.themes["P1"])
    found = key_indicators(stage.programme, user=stage.people.owner, as_of=AS_OF, theme=stage.themes["P1"])
    assert [(one.name, one.value) for one in found] == [
        ("Mentoren", "12"),
        ("Termijnen", "1 van 2 op koers of gehaald"),
    ]


def test_the_target_beside_a_value_is_the_next_one_and_without_a_value_the_next_from_today(stage: Stage) -> None:
    indicator = make_indicator(
        stage.programme, is_key=True, frequency="half_year", targets={"2023-06-30": 10, "2023-12-31": 20}
    )

    def target() -> str:
        return key_indicators(stage.programme, user=stage.people.councillor, as_of=AS_OF)[0].target

    assert target() == "ten minste 20 op 31 december 2023"
    make_measurement(indicator, "2023-H1", 9)
    assert target() == "ten minste 10 op 30 juni 2023"
