"""Whether an indicator is on course: truth tables, and the line computed once more in whole numbers."""

import datetime
import itertools
from decimal import Decimal
from fractions import Fraction

import pytest

from monitoring.indicator_judgement import Bounds, Judgement, Measured, Norm, points_of, together, years_of
from monitoring.periods import parse_period

pytestmark = pytest.mark.pure


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def bounds(on: str, value: object, upper: object = None) -> Bounds:
    return Bounds(day(on), Decimal(str(value)), None if upper is None else Decimal(str(upper)))


def measured(code: str, value: object) -> Measured:
    period = parse_period(code)
    return Measured(period.first_day, period.last_day, Decimal(str(value)))


def norm(direction: str, *targets: Bounds, baseline: Bounds | None = None, decimals: int = 0) -> Norm:
    return Norm(direction, baseline, targets, decimals)


# --- the line ------------------------------------------------------------------------------------------------------

FLEX = norm(
    "higher", bounds("2023-12-31", 64), bounds("2024-12-31", 100), baseline=bounds("2022-12-31", 30), decimals=2
)


@pytest.mark.parametrize(
    ("on", "value"),
    [
        ("2022-12-30", None),
        ("2022-12-31", "30"),
        ("2023-12-31", "64"),
        ("2024-12-31", "100"),
        ("2025-06-01", "100"),
    ],
)
def test_the_line_goes_through_its_points_and_stops_with_the_last(on: str, value: str | None) -> None:
    found = FLEX.on(day(on))
    assert (None if found is None else found.value) == (None if value is None else Decimal(value))


@pytest.mark.parametrize("passed", [1, 45, 182, 200, 364])
@pytest.mark.parametrize("decimals", [0, 1, 4])
def test_between_two_points_the_line_is_straight(passed: int, decimals: int) -> None:
    line = norm("lower", bounds("2023-12-31", "12.5"), baseline=bounds("2022-12-31", "80.25"), decimals=decimals)
    found = line.on(day("2022-12-31") + datetime.timedelta(days=passed))
    assert found is not None
    exact = Fraction(8025, 100) + (Fraction(125, 10) - Fraction(8025, 100)) * Fraction(passed, 365)
    scaled = exact * 10**decimals
    half_up = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    assert Fraction(found.value) == Fraction(half_up, 10**decimals)


def test_without_a_baseline_the_line_starts_at_the_first_target() -> None:
    line = norm("higher", bounds("2023-12-31", 10), bounds("2025-12-31", 20))
    assert line.on(day("2023-12-30")) is None
    assert line.on(day("2024-12-31")) == bounds("2024-12-31", 15)


@pytest.mark.parametrize("on", ["2023-12-31", "2024-06-30"])
def test_a_baseline_on_or_after_the_first_target_starts_no_line(on: str) -> None:
    line = norm("higher", bounds("2023-12-31", 10), baseline=bounds(on, 3))
    assert line.line == line.targets
    assert line.on(day(on)) == bounds(on, 10)


def test_a_line_that_is_exactly_half_way_is_rounded_up() -> None:
    line = norm("higher", bounds("2024-12-30", 1), baseline=bounds("2022-12-31", 0))
    assert line.on(day("2023-12-31")) == bounds("2023-12-31", 1)


def test_the_bounds_of_a_band_run_from_one_baseline_to_both() -> None:
    band = norm("within", bounds("2024-12-30", 80, 100), baseline=bounds("2022-12-31", 60))
    assert band.on(day("2023-12-31")) == bounds("2023-12-31", 70, 80)
    assert band.on(day("2025-01-01")) == bounds("2025-01-01", 80, 100)


def test_an_upper_bound_that_comes_with_the_second_target_holds_until_it() -> None:
    band = norm("within", bounds("2022-12-31", 80), bounds("2024-12-30", 60, 100))
    assert band.on(day("2023-12-31")) == bounds("2023-12-31", 70, 100)


# --- the judgement -------------------------------------------------------------------------------------------------


def expected_judgement(direction: str, value: int, line: int | None, target: int | None) -> str:
    """The rule once more, in its shortest form. Lines and targets of a band have a width of 10."""
    meets = {
        "higher": lambda bound: value >= bound,
        "lower": lambda bound: value <= bound,
        "within": lambda bound: bound <= value <= bound + 10,
    }[direction]
    if target is not None and meets(target):
        return "gehaald"
    if line is None:
        return "niet te beoordelen"
    return "op koers" if meets(line) else "niet op koers"


@pytest.mark.parametrize("direction", ["higher", "lower", "within"])
@pytest.mark.parametrize("has_line", [True, False], ids=["after the first point", "before it"])
def test_every_value_is_judged_by_the_rule(direction: str, has_line: bool) -> None:
    # From 2022-12-31 to 2024-12-30 are 730 days: at the end of 2023 the line is exactly half way.
    width = 10 if direction == "within" else None
    start, end = (60, 20) if direction == "lower" else (20, 60)
    targets = [bounds("2022-12-31", start, width and start + width), bounds("2024-12-30", end, width and end + width)]
    if not has_line:
        targets = [bounds("2024-12-30", end, width and end + width)]
    for value in range(90):
        point = points_of(
            [measured("2023", value)], norm=norm(direction, *targets), aggregation="last", frequency="year"
        )[0]
        wanted = expected_judgement(direction, value, 40 if has_line else None, end)
        assert point.judgement.label == wanted, (direction, value)


@pytest.mark.parametrize(("value", "label"), [("59", "niet te beoordelen"), ("0", "niet te beoordelen")])
def test_without_targets_there_is_nothing_to_compare(value: str, label: str) -> None:
    line = norm("higher", baseline=bounds("2022-12-31", 30))
    point = points_of([measured("2023", value)], norm=line, aggregation="last", frequency="year")[0]
    assert (point.judgement.label, point.needed) == (label, None)


def test_a_value_is_compared_with_the_line_as_it_is_shown() -> None:
    # The line is at 64 - 182/365 * 34 = 47.05: shown as 47, so 47 is on course.
    line = norm("higher", bounds("2023-12-31", 64), baseline=bounds("2022-12-31", 30))
    point = points_of([measured("2023-H1", 47)], norm=line, aggregation="last", frequency="half_year")[0]
    assert point.needed is not None
    assert (str(point.needed.value), point.judgement) == ("47", Judgement.ON_COURSE)


def test_the_figures_of_the_homelessness_plan() -> None:
    """At most 25% of social housing, 22% used; flexwonen 30 -> 64 -> 100; 59 applications against 50."""
    housing = norm("lower", bounds("2023-12-31", 25))
    assert (
        points_of([measured("2023", 22)], norm=housing, aggregation="last", frequency="year")[0].judgement == "reached"
    )
    for value, judgement in [(64, "reached"), (63, "off_course"), (30, "off_course")]:
        assert (
            points_of([measured("2023", value)], norm=FLEX, aggregation="last", frequency="year")[0].judgement
            == judgement
        )
    applications = norm("higher", bounds("2026-12-31", 50))
    assert (
        points_of([measured("2023", 59)], norm=applications, aggregation="last", frequency="year")[0].judgement
        == "reached"
    )


@pytest.mark.parametrize("chosen", [set(c) for n in range(6) for c in itertools.combinations(Judgement, n)])
def test_parts_together_have_the_judgement_that_needs_a_look_first(chosen: set[Judgement]) -> None:
    order = ["niet op koers", "geen meting", "niet te beoordelen", "op koers", "gehaald"]
    wanted = min((order.index(one.label) for one in chosen), default=order.index("geen meting"))
    assert together(chosen).label == order[wanted]


# --- periods together ----------------------------------------------------------------------------------------------

QUARTERS = [measured("2023-Q3", 30), measured("2023-Q1", 10), measured("2023-Q2", 21), measured("2024-Q1", 7)]


@pytest.mark.parametrize(
    ("aggregation", "values"), [("last", ["30", "7"]), ("sum", ["61", "7"]), ("mean", ["20.3", "7.0"])]
)
def test_the_periods_of_a_year_together(aggregation: str, values: list[str]) -> None:
    years = years_of(QUARTERS, aggregation=aggregation, frequency="quarter", norm=norm("higher", decimals=1))
    assert [str(year.value) for year in years] == values
    assert [(year.year, year.counted, year.expected) for year in years] == [(2023, 3, 4), (2024, 1, 4)]
    assert [str(year.last_day) for year in years] == ["2023-09-30", "2024-03-31"]


def test_a_whole_year_says_what_the_year_was_and_other_days_do_not_count() -> None:
    found = [
        *QUARTERS,
        measured("2023", 99),
        measured("2023-H1", 5),
        Measured(day("2023-05-01"), day("2023-08-31"), Decimal(4)),
    ]
    years = years_of(found, aggregation="sum", frequency="quarter", norm=norm("higher"))
    assert [(year.year, str(year.value), year.counted == year.expected) for year in years] == [
        (2023, "99", True),
        (2024, "7", False),
    ]


@pytest.mark.parametrize("aggregation", ["last", "sum", "mean"])
def test_of_what_is_measured_by_the_year_every_measurement_is_a_value(aggregation: str) -> None:
    over_a_season = Measured(day("2023-09-01"), day("2024-08-31"), Decimal("4.5"))
    points = points_of(
        [over_a_season, measured("2023", "3.5")], norm=norm("higher"), aggregation=aggregation, frequency="year"
    )
    assert [(point.label, str(point.value), point.is_complete) for point in points] == [
        ("2023", "3.5", True),
        ("1 september 2023 tot en met 31 augustus 2024", "4.5", True),
    ]


@pytest.mark.parametrize(
    ("direction", "quarters", "judgement", "needed"),
    [
        # At least 100 in 2023: after two quarters 50.
        ("higher", [25, 25], "op koers", "50"),
        ("higher", [25, 24], "niet op koers", "50"),
        ("higher", [60, 40], "gehaald", "50"),
        ("higher", [25, 25, 25, 25], "gehaald", "100"),
        ("higher", [25, 25, 25, 24], "niet op koers", "100"),
        # At most 100: only a complete year has reached it.
        ("lower", [25, 25], "op koers", "50"),
        ("lower", [26, 25], "niet op koers", "50"),
        ("lower", [0, 0], "op koers", "50"),
        ("lower", [0, 0, 0, 100], "gehaald", "100"),
        ("lower", [0, 0, 0, 101], "niet op koers", "100"),
    ],
)
def test_a_sum_is_judged_by_the_part_of_the_year_that_was_measured(
    direction: str, quarters: list[int], judgement: str, needed: str
) -> None:
    found = [measured(f"2023-Q{number}", value) for number, value in enumerate(quarters, start=1)]
    point = points_of(found, norm=norm(direction, bounds("2023-12-31", 100)), aggregation="sum", frequency="quarter")[
        -1
    ]
    assert point.judgement.label == judgement
    assert point.needed is not None
    assert str(point.needed.value) == needed
    assert point.is_complete == (len(quarters) == 4)


@pytest.mark.parametrize(
    ("quarters", "judgement"),
    [
        # Between 80 and 120 in 2023: after two quarters between 40 and 60, and only a complete year has reached it.
        ([20, 19], "niet op koers"),
        ([20, 20], "op koers"),
        ([30, 30], "op koers"),
        ([30, 31], "niet op koers"),
        ([50, 50], "niet op koers"),
        ([30, 30, 30, 30], "gehaald"),
        ([30, 30, 30, 31], "niet op koers"),
    ],
)
def test_of_a_band_a_part_of_the_year_needs_its_part_of_both_bounds(quarters: list[int], judgement: str) -> None:
    found = [measured(f"2023-Q{number}", value) for number, value in enumerate(quarters, start=1)]
    band = norm("within", bounds("2023-12-31", 80, 120))
    assert points_of(found, norm=band, aggregation="sum", frequency="quarter")[0].judgement.label == judgement


def test_a_mean_is_judged_on_the_day_until_which_was_measured() -> None:
    found = [measured("2023-Q1", 30), measured("2023-Q2", 40)]
    line = norm("lower", bounds("2023-12-31", 28), baseline=bounds("2022-12-31", 42))
    point = points_of(found, norm=line, aggregation="mean", frequency="quarter")[-1]
    # 181 of 365 days have passed: 42 - 14 * 181/365 = 35.06.
    assert point.needed is not None
    assert (str(point.value), str(point.needed.value), point.judgement.label) == ("35", "35", "op koers")
    assert point.label == "2023 (2 van 4)"


def test_points_are_in_the_order_of_their_days() -> None:
    points = points_of(QUARTERS, norm=norm("higher"), aggregation="last", frequency="quarter")
    assert [point.label for point in points] == [f"{n}e kwartaal 2023" for n in (1, 2, 3)] + ["1e kwartaal 2024"]
