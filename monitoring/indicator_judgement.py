"""Whether an indicator is on course: its target on a day, the judgement of a value, and the periods of a year together.

Knows no Django. The rules, as the page explains them:

- The target on a day lies on the straight line from the baseline through the targets in force. Before the first point
  of that line there is no target: nobody wrote down from where it runs. After the last point the last target holds.
- "gehaald": the value meets the target that comes next (on the day itself or later; after the last one, the last).
- "op koers": it does not yet, but it meets the line on that day; "niet op koers": it does not.
- Of periods that are added up the target is about the whole year. Part of a year needs its part of it, and "at most"
  and "within" are only reached when the year is complete.
- Values are compared as they are shown: the line is rounded to the digits of the indicator.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from itertools import pairwise

from monitoring.periods import MONTHS, Period, days_label, period_between, period_on

HIGHER, LOWER, WITHIN = "higher", "lower", "within"
LAST, SUM, MEAN = "last", "sum", "mean"


class Judgement(StrEnum):
    """How an indicator stands, what needs a look first; `label` is its word on screen."""

    OFF_COURSE = "off_course"
    NO_MEASUREMENT = "no_measurement"
    NO_TARGET = "no_target"
    ON_COURSE = "on_course"
    REACHED = "reached"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def shown_as(self) -> str:
        """The status of a goal with the same tone and icon."""
        return _SHOWN_AS[self]


_LABELS = {
    Judgement.OFF_COURSE: "niet op koers",
    Judgement.NO_MEASUREMENT: "geen meting",
    Judgement.NO_TARGET: "niet te beoordelen",
    Judgement.ON_COURSE: "op koers",
    Judgement.REACHED: "gehaald",
}
_SHOWN_AS = {
    Judgement.OFF_COURSE: "at_risk",
    Judgement.NO_MEASUREMENT: "not_delivered",
    Judgement.NO_TARGET: "not_started",
    Judgement.ON_COURSE: "on_track",
    Judgement.REACHED: "achieved",
}


def together(judgements: Iterable[Judgement]) -> Judgement:
    """The judgement of an indicator with parts: that of the part that needs a look first."""
    found = set(judgements)
    return next((judgement for judgement in Judgement if judgement in found), Judgement.NO_MEASUREMENT)


@dataclass(frozen=True)
class Bounds:
    """What a value must be on a day: `value`, or from `value` to `upper` (None: no upper bound)."""

    day: datetime.date
    value: Decimal
    upper: Decimal | None = None


def bounds_words(bounds: Bounds, *, direction: str, value_label: Callable[[Decimal], str]) -> str:
    """For example "ten minste 50 plekken", "ten hoogste 28 dagen" or "tussen 80% en 100%"."""
    value = value_label(bounds.value)
    if direction == LOWER:
        return f"ten hoogste {value}"
    if direction == WITHIN and bounds.upper is not None:
        return f"tussen {value} en {value_label(bounds.upper)}"
    return f"ten minste {value}"


@dataclass(frozen=True)
class Norm:
    """What is promised: the direction (HIGHER, LOWER or WITHIN), the baseline and the targets in force, by day.

    `decimals` are the digits behind the comma with which values are shown and compared.
    """

    direction: str
    baseline: Bounds | None
    targets: tuple[Bounds, ...]
    decimals: int = 0

    @property
    def line(self) -> tuple[Bounds, ...]:
        """The points of the target line. A baseline on or after the first target is no start of a line."""
        starts = self.baseline is not None and self.targets and self.baseline.day < self.targets[0].day
        return (self.baseline, *self.targets) if starts and self.baseline is not None else self.targets

    def on(self, day: datetime.date) -> Bounds | None:
        """The target on `day`: on the straight line, after the last point the last; None before the first point."""
        line = self.line
        if not line or day < line[0].day:
            return None
        for start, end in pairwise(line):
            if day <= end.day:
                return self._between(start, end, day)
        return Bounds(day, line[-1].value, line[-1].upper)

    def next_on(self, day: datetime.date) -> Bounds | None:
        """The target that comes next on `day`; after the last one the last; None without targets."""
        return next(
            (target for target in self.targets if target.day >= day), self.targets[-1] if self.targets else None
        )

    def _between(self, start: Bounds, end: Bounds, day: datetime.date) -> Bounds:
        if day in (start.day, end.day):
            return start if day == start.day else end
        passed, all_days = (day - start.day).days, (end.day - start.day).days

        def on_line(begin: Decimal, finish: Decimal) -> Decimal:
            return self.rounded(begin + (finish - begin) * passed / all_days)

        # A baseline is one value: both bounds start from it.
        from_upper = start.value if start.upper is None and start == self.baseline else start.upper
        upper = on_line(from_upper, end.upper) if end.upper is not None and from_upper is not None else end.upper
        return Bounds(day, on_line(start.value, end.value), upper)

    def rounded(self, value: Decimal) -> Decimal:
        return value.quantize(Decimal(1).scaleb(-self.decimals), rounding=ROUND_HALF_UP)

    def meets(self, value: Decimal, bounds: Bounds) -> bool:
        """Whether `value` is good enough for `bounds`."""
        if self.direction == HIGHER:
            return value >= bounds.value
        if self.direction == LOWER:
            return value <= bounds.value
        return value >= bounds.value and (bounds.upper is None or value <= bounds.upper)


@dataclass(frozen=True)
class Measured:
    """What was measured from `first_day` to `last_day`."""

    first_day: datetime.date
    last_day: datetime.date
    value: Decimal


@dataclass(frozen=True)
class Point:
    """A value to be judged, of a period or of the periods of a year together.

    `counted` of `expected` periods are in it; the year is complete when they are equal. `needed` is the target on the
    day of the point, None without one.
    """

    label: str
    day: datetime.date
    value: Decimal
    counted: int
    expected: int
    needed: Bounds | None
    judgement: Judgement

    @property
    def is_complete(self) -> bool:
        return self.counted == self.expected


def points_of(measured: Sequence[Measured], *, norm: Norm, aggregation: str, frequency: str) -> tuple[Point, ...]:
    """The values to be judged, the earliest first.

    Each measurement is one, unless the periods of `frequency` in a year are added up or averaged: then each year is.
    """
    if aggregation == LAST or frequency == "year":
        in_order = sorted(measured, key=lambda one: (one.last_day, one.first_day))
        return tuple(
            _judged(days_label(one.first_day, one.last_day), one.last_day, one.value, 1, 1, norm=norm, is_sum=False)
            for one in in_order
        )
    points = []
    for year in years_of(measured, aggregation=aggregation, frequency=frequency, norm=norm):
        label = str(year.year) if year.counted == year.expected else f"{year.year} ({year.counted} van {year.expected})"
        points.append(
            _judged(label, year.last_day, year.value, year.counted, year.expected, norm=norm, is_sum=aggregation == SUM)
        )
    return tuple(points)


@dataclass(frozen=True)
class Year:
    """The periods of a year together: `counted` of `expected` were measured, the last until `last_day`."""

    year: int
    value: Decimal
    counted: int
    expected: int
    last_day: datetime.date


def years_of(measured: Sequence[Measured], *, aggregation: str, frequency: str, norm: Norm) -> tuple[Year, ...]:
    """What the periods of `frequency` say of each year: the last value, their sum or their mean.

    A measurement over other days than such a period is left out, unless it is about the whole year: then it says what
    the year was.
    """
    by_year: dict[int, dict[Period, Measured]] = {}
    for one in measured:
        period = period_between(one.first_day, one.last_day)
        if period is not None and period.months in (MONTHS[frequency], MONTHS["year"]):
            by_year.setdefault(period.year, {})[period] = one
    years = []
    for year, found in sorted(by_year.items()):
        whole = found.get(Period(year, 1, MONTHS["year"]))
        if whole is not None:
            years.append(Year(year, whole.value, 1, 1, whole.last_day))
            continue
        values = [found[period].value for period in sorted(found)]
        value = {LAST: values[-1], SUM: sum(values, Decimal(0)), MEAN: norm.rounded(sum(values) / Decimal(len(values)))}
        last = max(found)
        years.append(Year(year, value[aggregation], len(values), last.a_year, last.last_day))
    return tuple(years)


def _judged(
    label: str,
    day: datetime.date,
    value: Decimal,
    counted: int,
    expected: int,
    *,
    norm: Norm,
    is_sum: bool,
) -> Point:
    """The point with its judgement. Of a sum the target is that of the year's last day, and a part of it before."""
    at = period_on(day, "year").last_day if is_sum else day
    needed, following = norm.on(at), norm.next_on(at)
    is_partial = is_sum and counted < expected
    if needed is not None and is_partial:
        needed = _part(needed, counted, expected, norm)
    judgement = Judgement.NO_TARGET
    may_be_reached = not is_partial or norm.direction == HIGHER
    if following is not None and may_be_reached and norm.meets(value, following):
        judgement = Judgement.REACHED
    elif needed is not None:
        judgement = Judgement.ON_COURSE if norm.meets(value, needed) else Judgement.OFF_COURSE
    return Point(label, day, value, counted, expected, needed, judgement)


def _part(bounds: Bounds, counted: int, expected: int, norm: Norm) -> Bounds:
    share = Decimal(counted) / expected
    upper = None if bounds.upper is None else norm.rounded(bounds.upper * share)
    return Bounds(bounds.day, norm.rounded(bounds.value * share), upper)
