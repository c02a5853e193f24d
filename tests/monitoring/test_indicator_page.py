"""The page of one indicator: its parts, targets and measurements, and a chart with the numbers of its table."""

import datetime
import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from monitoring.indicator_changes import Promise, set_target
from monitoring.indicator_page import IndicatorPage
from monitoring.models import AuditLine, Indicator
from monitoring.numbers_in_dutch import parse_number
from tests.cast import Stage, make_programme
from tests.conftest import LogIn
from tests.indicators import make_indicator, make_measurement, make_target

SVG = re.compile(r'(<svg class="app-chart".*?</svg>)\s*<ul class="app-legend">', re.DOTALL)


@pytest.fixture
def shelter(stage: Stage) -> Indicator:
    """48.33 at the end of 2022, 47.25 and 46.8 in 2023; at most 40 at the end of 2026, which was 42 at first."""
    indicator = make_indicator(
        stage.programme,
        "Langer dan 90 dagen <in> de opvang & erna",
        unit="%",
        decimals=2,
        direction="lower",
        frequency="half_year",
        baseline="48.33",
        baseline_day=datetime.date(2022, 12, 31),
        targets={"2024-12-31": 46, "2026-12-31": 40},
        measured={"2023-H1": "47.25", "2023-H2": "46.8"},
        round_=stage.adopted_round,
        goals=[stage.goals["P1.1"]],
    )
    make_target(
        indicator, "2026-12-31", 42, revised_on=datetime.date(2023, 5, 1), revision_reason="Er kwam meer geld bij"
    )
    return indicator


def shown(stage: Stage, log_in: LogIn, indicator: Indicator, person: str = "councillor") -> IndicatorPage:
    response = log_in(getattr(stage.people, person)).get(indicator.get_absolute_url())
    assert response.status_code == 200
    return response.context["page"]


def drawing(stage: Stage, log_in: LogIn, indicator: Indicator) -> ElementTree.Element:
    """The large chart as it is in the page; raises when it is not well-formed."""
    page = log_in(stage.people.councillor).get(indicator.get_absolute_url()).content.decode()
    found = SVG.search(page)
    assert found is not None
    return ElementTree.fromstring(found[1])


def numbers_in(text: str) -> list[Decimal]:
    return [parse_number(number, decimals=4) for number in re.findall(r"[\d.]*\d(?:,\d+)?(?=%)", text)]


def test_the_page_has_the_measurements_the_targets_and_the_goals(
    stage: Stage, shelter: Indicator, log_in: LogIn
) -> None:
    page = shown(stage, log_in, shelter)
    (part,) = page.parts
    assert [(line.period, line.value) for line in part.measurements] == [
        ("tweede half jaar 2023", "46,80%"),
        ("eerste half jaar 2023", "47,25%"),
    ]
    assert [(line.value, line.reason) for line in part.targets] == [
        ("ten hoogste 46,00%", ""),
        ("ten hoogste 40,00%", ""),
        ("ten hoogste 42,00%", "Er kwam meer geld bij"),
    ]
    assert [goal.reference for goal in page.goals] == ["P1.1"]


def test_the_marks_of_the_chart_are_the_numbers_of_its_table(stage: Stage, shelter: Indicator, log_in: LogIn) -> None:
    """Every mark is read back from its place, with the numbers beside the axis as the ruler."""
    chart = shown(stage, log_in, shelter).parts[0].chart
    assert chart is not None
    svg = drawing(stage, log_in, shelter)
    ruler = sorted(
        (float(text.attrib["y"]), parse_number(text.text or "", decimals=4))
        for text in svg.iter("text")
        if text.attrib.get("class") == "app-chart__value"
    )
    (top, high), (bottom, low) = ruler[0], ruler[-1]

    def value_at(y: float) -> Decimal:
        return low + (high - low) * Decimal(bottom - y) / Decimal(bottom - top)

    drawn: dict[str, list[Decimal]] = {"measured": [], "target": [], "baseline": []}
    for mark in svg.iter("svg"):
        if mark.attrib.get("class") == "app-chart__mark":
            shape = next(
                child.attrib["class"].removeprefix("app-chart__sign--") for child in mark if child.tag != "text"
            )
            drawn[shape].append(value_at(float(mark.attrib["y"])))
    tabled = {
        "baseline": [row.measured for row in chart.rows if row.label.startswith("nulmeting")],
        "measured": [row.measured for row in chart.rows if row.judgement],
        "target": [row.needed for row in chart.rows if row.label.startswith("streefwaarde")],
    }
    assert {kind: len(rows) for kind, rows in tabled.items()} == {"baseline": 1, "measured": 2, "target": 2}
    for kind, rows in tabled.items():
        written = [number for row in rows for number in numbers_in(row)]
        assert written == pytest.approx(drawn[kind], abs=Decimal("0.02")), kind


def test_the_line_goes_through_its_marks(stage: Stage, shelter: Indicator, log_in: LogIn) -> None:
    svg = drawing(stage, log_in, shelter)
    plot = next(one for one in svg.iter("svg") if one.attrib.get("preserveAspectRatio") == "none")
    left, width = (float(plot.attrib[name].rstrip("%")) for name in ("x", "width"))
    marks = {
        (round(float(one.attrib["x"].rstrip("%")), 1), round(float(one.attrib["y"])))
        for one in svg.iter("svg")
        if one.attrib.get("class") == "app-chart__mark"
    }
    lines = [line.attrib["points"].split() for line in plot.iter("polyline")]
    assert [len(points) for points in lines] == [3, 2]  # the target line from the baseline, the measured line
    through = set()
    for points in lines:
        for point in points:
            x, y = map(float, point.split(","))
            through.add((round(left + width * x / 1000, 1), round(y + float(plot.attrib["y"]))))
    assert through == marks


def test_the_chart_says_in_words_what_it_draws(stage: Stage, shelter: Indicator, log_in: LogIn) -> None:
    svg = drawing(stage, log_in, shelter)
    assert svg.attrib["role"] == "img"
    words = svg.attrib["aria-label"]
    assert words.startswith("Langer dan 90 dagen <in> de opvang & erna. ")
    assert numbers_in(words) == [Decimal(n) for n in ("48.33", "47.25", "46.8", "46", "40")]
    assert not [one for one in svg.iter() if "style" in one.attrib]


def test_an_indicator_of_parts_shows_each_below_the_other(stage: Stage, log_in: LogIn) -> None:
    terms = make_indicator(stage.programme, "Afhandeltermijnen")
    legal = make_indicator(
        stage.programme, "Wettelijk", part_of=terms, unit="%", targets={"2023-12-31": 90}, measured={"2023": 91}
    )
    make_indicator(
        stage.programme,
        "Gemiddeld",
        part_of=terms,
        unit="dagen",
        direction="lower",
        targets={"2023-12-31": 28},
        position=1,
    )
    page = shown(stage, log_in, terms)
    assert [(part.indicator.name, part.figure.judgement.label) for part in page.parts] == [
        ("Wettelijk", "gehaald"),
        ("Gemiddeld", "geen meting"),
    ]
    response = log_in(stage.people.councillor).get(reverse("indicator", args=[stage.programme.slug, legal.pk]))
    assert (response.status_code, response["Location"]) == (302, terms.get_absolute_url())


def test_bounds_are_drawn_as_a_band(stage: Stage, log_in: LogIn) -> None:
    use = make_indicator(stage.programme, "Bezetting", unit="%", direction="within", measured={"2023": 88})
    make_target(use, "2022-12-31", 80, upper=90)
    make_target(use, "2024-12-31", 85, upper=95)
    svg = drawing(stage, log_in, use)
    assert len(list(svg.iter("polygon"))) == 1
    assert len(list(svg.iter("polyline"))) == 2
    assert "tussen 80% en 90%" in shown(stage, log_in, use).parts[0].targets[0].value


@pytest.mark.parametrize(
    ("first", "second"),
    [("99999999999.9998", "99999999999.9999"), ("-99999999999.9999", "99999999999.9999"), ("0", "0.0001")],
)
def test_any_two_numbers_can_be_drawn(stage: Stage, log_in: LogIn, first: str, second: str) -> None:
    huge = make_indicator(stage.programme, "Uitersten", decimals=4, measured={"2022": first, "2023": second})
    chart = shown(stage, log_in, huge).parts[0].chart
    assert chart is not None
    assert [row.label for row in chart.rows] == ["2022", "2023"]
    assert len(chart.value_ticks) > 1


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_any_day_can_be_drawn(stage: Stage, log_in: LogIn, day: str) -> None:
    always = make_indicator(stage.programme, "Altijd", targets={day: 5})
    chart = shown(stage, log_in, always).parts[0].chart
    assert chart is not None
    assert [mark.shape for mark in chart.marks] == ["target"]


def test_an_indicator_without_numbers_has_no_chart(stage: Stage, log_in: LogIn) -> None:
    empty = make_indicator(stage.programme, "Leeg")
    page = shown(stage, log_in, empty)
    assert page.parts[0].chart is None


def test_an_indicator_of_another_programme_is_not_here(stage: Stage, shelter: Indicator, log_in: LogIn) -> None:
    other = make_programme("Ander programma", "ander")
    assert log_in(stage.people.manager).get(reverse("indicator", args=[other.slug, shelter.pk])).status_code == 404


@pytest.mark.parametrize("many", [1, 10])
def test_the_page_costs_the_same_with_few_and_with_many(
    stage: Stage, manager_client: Client, many: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    whole = make_indicator(stage.programme, "Veel", goals=list(stage.goals.values())[:many])
    for number in range(many):
        part = make_indicator(stage.programme, f"Deel {number}", part_of=whole, frequency="month")
        actor = stage.people.administrator if number % 2 else stage.people.manager
        promise = Promise(datetime.date(2024, 12, 31), Decimal(5))
        set_target(indicator=part, promise=promise, actor=actor, origin=AuditLine.Origin.SITE)
        for month in range(1, many + 1):
            make_measurement(part, f"2023-{month:02}", month, round_=stage.open_round)
    manager_client.get(whole.get_absolute_url())
    with django_assert_num_queries(15):
        manager_client.get(whole.get_absolute_url())


@pytest.fixture
def manager_client(stage: Stage, log_in: LogIn) -> Client:
    return log_in(stage.people.manager)
