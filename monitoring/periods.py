"""The periods over which is measured: a year, a half year, a quarter or a month. Knows no Django."""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass

# How many months a period has, by how often is measured (a value of Indicator.Frequency).
MONTHS = {"year": 12, "half_year": 6, "quarter": 3, "month": 1}
MONTHS_IN_A_YEAR = 12
_MONTH_NAMES = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)
_HALVES = ("eerste half jaar", "tweede half jaar")
_CODE = re.compile(
    r"(?P<year>(?:19|20|21)[0-9]{2})(?:-H(?P<half>[12])|-Q(?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2]))?"
)


class NoPeriod(ValueError):
    """A text that names no period; str() is the sentence for who typed it."""


@dataclass(frozen=True, order=True)
class Period:
    """The `number`th piece of `months` months of a year; `months` is 12, 6, 3 or 1, `number` counts from 1."""

    year: int
    number: int
    months: int

    @property
    def first_day(self) -> datetime.date:
        return datetime.date(self.year, (self.number - 1) * self.months + 1, 1)

    @property
    def last_day(self) -> datetime.date:
        month = self.number * self.months
        return datetime.date(self.year, month, calendar.monthrange(self.year, month)[1])

    @property
    def a_year(self) -> int:
        """How many of these a year has."""
        return MONTHS_IN_A_YEAR // self.months

    @property
    def label(self) -> str:
        """For example "2023", "eerste half jaar 2023", "3e kwartaal 2023" or "maart 2023"."""
        if self.months == MONTHS["year"]:
            return str(self.year)
        if self.months == MONTHS["half_year"]:
            return f"{_HALVES[self.number - 1]} {self.year}"
        if self.months == MONTHS["quarter"]:
            return f"{self.number}e kwartaal {self.year}"
        return f"{_MONTH_NAMES[self.number - 1]} {self.year}"

    @property
    def code(self) -> str:
        """The name in addresses and workbooks: "2023", "2023-H1", "2023-Q3" or "2023-03"."""
        if self.months == MONTHS["year"]:
            return str(self.year)
        if self.months == MONTHS["month"]:
            return f"{self.year}-{self.number:02}"
        return f"{self.year}-{'H' if self.months == MONTHS['half_year'] else 'Q'}{self.number}"

    @property
    def following(self) -> Period:
        if self.number < self.a_year:
            return Period(self.year, self.number + 1, self.months)
        return Period(self.year + 1, 1, self.months)

    @property
    def preceding(self) -> Period:
        if self.number > 1:
            return Period(self.year, self.number - 1, self.months)
        return Period(self.year - 1, self.a_year, self.months)


def parse_period(text: str) -> Period:
    """The period that "2023", "2023-H1", "2023-Q3" or "2023-03" names. Raises NoPeriod."""
    match = _CODE.fullmatch(text.strip().upper())
    if match is None:
        raise NoPeriod("Schrijf een periode als 2023, 2023-H1, 2023-Q3 of 2023-03.")
    year = int(match["year"])
    for group, frequency in (("half", "half_year"), ("quarter", "quarter"), ("month", "month")):
        if match[group]:
            return Period(year, int(match[group]), MONTHS[frequency])
    return Period(year, 1, MONTHS["year"])


def period_on(day: datetime.date, frequency: str) -> Period:
    """The period of `frequency` (a key of MONTHS) that `day` lies in."""
    months = MONTHS[frequency]
    return Period(day.year, (day.month - 1) // months + 1, months)


def last_ended_by(day: datetime.date, frequency: str) -> Period:
    """The latest period of `frequency` that has ended on `day`."""
    period = period_on(day, frequency)
    return period if period.last_day <= day else period.preceding


def period_between(first_day: datetime.date, last_day: datetime.date) -> Period | None:
    """The period with exactly these days; None when they make no period."""
    for frequency in MONTHS:
        period = period_on(first_day, frequency)
        if (period.first_day, period.last_day) == (first_day, last_day):
            return period
    return None


def days_label(first_day: datetime.date, last_day: datetime.date) -> str:
    """What a page calls the days from `first_day` to `last_day`: the period that they make, or else both days."""
    period = period_between(first_day, last_day)
    return period.label if period else f"{day_label(first_day)} tot en met {day_label(last_day)}"


def day_label(day: datetime.date) -> str:
    """For example "9 juli 2024"."""
    return f"{day.day} {_MONTH_NAMES[day.month - 1]} {day.year}"
