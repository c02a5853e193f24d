"""Periods: their days, their names and their neighbours, against the calendar counted by hand."""

import datetime

import pytest

from monitoring.periods import NoPeriod, Period, days_label, last_ended_by, parse_period, period_between, period_on

pytestmark = pytest.mark.pure

# code, first day, last day, label, following, preceding
TABLE = [
    ("2023", "2023-01-01", "2023-12-31", "2023", "2024", "2022"),
    ("2023-H1", "2023-01-01", "2023-06-30", "eerste half jaar 2023", "2023-H2", "2022-H2"),
    ("2023-H2", "2023-07-01", "2023-12-31", "tweede half jaar 2023", "2024-H1", "2023-H1"),
    ("2023-Q1", "2023-01-01", "2023-03-31", "1e kwartaal 2023", "2023-Q2", "2022-Q4"),
    ("2023-Q3", "2023-07-01", "2023-09-30", "3e kwartaal 2023", "2023-Q4", "2023-Q2"),
    ("2023-Q4", "2023-10-01", "2023-12-31", "4e kwartaal 2023", "2024-Q1", "2023-Q3"),
    ("2023-03", "2023-03-01", "2023-03-31", "maart 2023", "2023-04", "2023-02"),
    ("2023-12", "2023-12-01", "2023-12-31", "december 2023", "2024-01", "2023-11"),
    ("2024-02", "2024-02-01", "2024-02-29", "februari 2024", "2024-03", "2024-01"),
    ("2023-02", "2023-02-01", "2023-02-28", "februari 2023", "2023-03", "2023-01"),
    ("2100-02", "2100-02-01", "2100-02-28", "februari 2100", "2100-03", "2100-01"),
]


@pytest.mark.parametrize(("code", "first", "last", "label", "following", "preceding"), TABLE)
def test_a_period_is_that_of_the_calendar(
    code: str, first: str, last: str, label: str, following: str, preceding: str
) -> None:
    period = parse_period(code)
    assert (str(period.first_day), str(period.last_day), period.label) == (first, last, label)
    assert (period.code, period.following.code, period.preceding.code) == (code, following, preceding)
    assert period_between(period.first_day, period.last_day) == period
    assert period.following.preceding == period


@pytest.mark.parametrize("frequency", ["year", "half_year", "quarter", "month"])
def test_the_periods_of_two_years_have_every_day_once(frequency: str) -> None:
    day, period = datetime.date(2023, 1, 1), period_on(datetime.date(2023, 1, 1), frequency)
    while day < datetime.date(2025, 1, 1):
        if day > period.last_day:
            period = period.following
        assert period.first_day <= day <= period.last_day
        assert period_on(day, frequency) == period
        day += datetime.timedelta(days=1)


@pytest.mark.parametrize("text", [" 2023-q3 ", "2023-h1"])
def test_space_and_small_letters_are_forgiven(text: str) -> None:
    assert parse_period(text).code == text.strip().upper()


@pytest.mark.parametrize(
    "text", ["", "23", "2023-H3", "2023-Q0", "2023-Q5", "2023-13", "2023-3", "maart 2023", "2023-H1-Q1", "1823", "9999"]
)
def test_what_names_no_period_is_refused(text: str) -> None:
    with pytest.raises(NoPeriod, match="2023-Q3"):
        parse_period(text)


@pytest.mark.parametrize(
    ("frequency", "day", "code"),
    [
        ("year", "2023-12-31", "2023"),
        ("year", "2023-12-30", "2022"),
        ("half_year", "2023-06-30", "2023-H1"),
        ("half_year", "2023-06-29", "2022-H2"),
        ("quarter", "2023-06-30", "2023-Q2"),
        ("quarter", "2023-05-31", "2023-Q1"),
        ("month", "2023-06-30", "2023-06"),
        ("month", "2023-01-30", "2022-12"),
    ],
)
def test_the_latest_period_that_has_ended(frequency: str, day: str, code: str) -> None:
    assert last_ended_by(datetime.date.fromisoformat(day), frequency).code == code


def test_days_that_make_no_period_are_both_named() -> None:
    assert days_label(datetime.date(2023, 5, 1), datetime.date(2024, 5, 1)) == "1 mei 2023 tot en met 1 mei 2024"
    assert days_label(datetime.date(2023, 1, 1), datetime.date(2023, 3, 31)) == "1e kwartaal 2023"
    assert period_between(datetime.date(2023, 2, 1), datetime.date(2023, 4, 30)) is None


def test_periods_are_in_the_order_of_the_calendar() -> None:
    assert sorted([Period(2023, 2, 3), Period(2022, 4, 3), Period(2023, 1, 3)])[0] == Period(2022, 4, 3)
