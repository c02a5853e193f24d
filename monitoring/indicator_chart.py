"""The chart of an indicator: what was measured, the baseline and the target line, with a table of the same numbers.

Knows no Django. Across the chart is measured in percents of its width, so that letters keep their size on every screen;
downward in pixels. Lines lie in a plot of their own, PLOT_WIDTH wide, that is stretched.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from monitoring.indicator_judgement import WITHIN, Bounds, Judgement, Norm, Point
from monitoring.numbers_in_dutch import number_label
from monitoring.periods import day_label

PLOT_WIDTH = 1000
DAY_TICK = 6
# Two numbers that are nearer than this (percents across, pixels downward) would stand on each other.
CLOSE_X, CLOSE_Y = 14, 18
# A sign that is nearer above another one than this would stand in the number of that.
SIGN_X, SIGN_Y = 7, 30
TEXT_ABOVE, TEXT_BELOW = -11, 21
TEXT_BESIDE, TEXT_LEVEL = 11, 4
# So near to the axis the middle of a number would stand on the numbers of the axis.
AXIS_X = 5
# How wide a letter is at most, in percents across: on a small screen. A number beside its sign stays on the chart.
LETTER_X = 2
MOST_DAY_TICKS = 4
MOST_VALUE_STEPS = 5
_STEPS = (1, 2, 2.5, 5, 10)
HALF_A_YEAR = datetime.timedelta(days=183)
# Values that differ by a smaller part of themselves are drawn as one: a float hardly tells them apart.
SMALLEST_PART = 1e-12


@dataclass(frozen=True)
class Size:
    """How large a chart is: its height, and where its plot lies (percents across, pixels downward)."""

    height: int
    left: int
    right: int
    top: int
    bottom: int
    has_axes: bool


LARGE = Size(height=280, left=13, right=97, top=24, bottom=240, has_axes=True)
SMALL = Size(height=64, left=4, right=96, top=8, bottom=56, has_axes=False)


@dataclass(frozen=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True)
class Mark:
    """A sign on the chart. `shape` is "measured", "partial" (a year that is not complete), "target" or "baseline".

    `text` is written `text_y` pixels below it, when it is the last of its kind; it begins `text_x` pixels to the right,
    or with 0 its middle is there.
    """

    x: float
    y: float
    shape: str
    text: str = ""
    text_y: float = 0
    text_x: float = 0


@dataclass(frozen=True)
class Row:
    """A line of the table: a measured value, the baseline, or a target; empty where it has none."""

    label: str
    measured: str
    needed: str
    judgement: Judgement | None


@dataclass(frozen=True)
class Chart:
    """Everything that the template draws. `line`, `target_line`, `upper_line` (of bounds) and `band`
    are the points of a polyline or polygon."""

    title: str
    summary: str
    size: Size
    value_ticks: tuple[Tick, ...]
    day_ticks: tuple[Tick, ...]
    line: str
    target_line: str
    upper_line: str
    band: str
    marks: tuple[Mark, ...]
    rows: tuple[Row, ...]

    @property
    def plot_height(self) -> int:
        return self.size.bottom - self.size.top

    @property
    def plot_width(self) -> int:
        return self.size.right - self.size.left

    @property
    def day_line(self) -> int:
        """Where the ticks of the days end."""
        return self.size.bottom + DAY_TICK

    @property
    def shapes(self) -> tuple[str, ...]:
        """The kinds of signs that occur, for the legend."""
        return tuple(dict.fromkeys(mark.shape for mark in self.marks))


def build_chart(
    *,
    title: str,
    points: Sequence[Point],
    norm: Norm,
    value_label: Callable[[Decimal], str],
    bounds_label: Callable[[Bounds], str],
    size: Size = LARGE,
) -> Chart | None:
    """The chart of `points` with the line of `norm`; None when there is nothing to draw.

    `value_label` and `bounds_label` write a value and a target in Dutch with their unit.
    """
    line = norm.line
    baseline = norm.baseline
    values = [point.value for point in points] + [bounds.value for bounds in line]
    values += [bounds.upper for bounds in line if bounds.upper is not None]
    days = [point.day for point in points] + [bounds.day for bounds in line]
    if baseline is not None:
        values.append(baseline.value)
        days.append(baseline.day)
    if not values:
        return None
    scale = _Scale(days, values, size)
    rows = _rows(points, norm, value_label, bounds_label)
    return Chart(
        title=title,
        summary=_summary(title, rows),
        size=size,
        value_ticks=scale.value_ticks(norm.decimals) if size.has_axes else (),
        day_ticks=scale.day_ticks() if size.has_axes else (),
        line=scale.path((point.day, point.value) for point in points) if len(points) > 1 else "",
        target_line=scale.path(_lower(norm, scale)),
        upper_line=scale.path(_upper(norm, scale)),
        band=scale.path([*_lower(norm, scale), *reversed(_upper(norm, scale))]) if _upper(norm, scale) else "",
        marks=_marks(points, norm, scale, value_label, size),
        rows=rows,
    )


class _Scale:
    """From days and values to places on the chart."""

    def __init__(self, days: Sequence[datetime.date], values: Sequence[Decimal], size: Size) -> None:
        self.size = size
        self.first_day, self.last_day = min(days), max(days)
        if self.first_day == self.last_day:
            self.first_day -= min(HALF_A_YEAR, self.first_day - datetime.date.min)
            self.last_day += min(HALF_A_YEAR, datetime.date.max - self.last_day)
        low, high = float(min(values)), float(max(values))
        # From zero, unless that would press everything together at the top.
        if low >= 0 and low < high / 2:
            low = 0
        if high - low <= SMALLEST_PART * max(abs(low), abs(high)):
            low, high = low - (abs(low) / 10 or 1), high + (abs(high) / 10 or 1)
        self.step = _nice_step((high - low) / MOST_VALUE_STEPS)
        self.low = math.floor(low / self.step) * self.step
        self.high = math.ceil(high / self.step) * self.step

    def across(self, day: datetime.date) -> float:
        """The part of the plot's width at which `day` lies."""
        return (day - self.first_day).days / (self.last_day - self.first_day).days

    def x(self, day: datetime.date) -> float:
        return round(self.size.left + (self.size.right - self.size.left) * self.across(day), 3)

    def y(self, value: Decimal | float) -> float:
        part = (float(value) - self.low) / (self.high - self.low)
        return round(self.size.bottom - part * (self.size.bottom - self.size.top), 2)

    def path(self, points: Iterable[tuple[datetime.date, Decimal]]) -> str:
        """`points` in the plot that is stretched."""
        return " ".join(
            f"{self.across(day) * PLOT_WIDTH:.1f},{self.y(value) - self.size.top:.2f}" for day, value in points
        )

    def value_ticks(self, decimals: int) -> tuple[Tick, ...]:
        steps = round((self.high - self.low) / self.step)
        values = [Decimal(str(round(self.low + index * self.step, 6))) for index in range(steps + 1)]
        return tuple(Tick(self.y(value), number_label(value)) for value in values)

    def day_ticks(self) -> tuple[Tick, ...]:
        ends = [datetime.date(year, 12, 31) for year in range(self.first_day.year, self.last_day.year + 1)]
        ends = [end for end in ends if self.first_day <= end <= self.last_day]
        if not ends:
            return tuple(Tick(self.x(day), day_label(day)) for day in (self.first_day, self.last_day))
        every = math.ceil(len(ends) / MOST_DAY_TICKS)
        return tuple(Tick(self.x(end), f"eind {end.year}") for end in ends[::-1][::every][::-1])


def _nice_step(rough: float) -> float:
    """The first of 1, 2, 2.5, 5 or 10 times a power of ten that is not below `rough`."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in _STEPS if factor * power >= rough * 0.999999)


def _extended(line: Sequence[Bounds], last_day: datetime.date) -> tuple[Bounds, ...]:
    """The line, going on as it is behind its last point."""
    if not line or line[-1].day >= last_day:
        return tuple(line)
    return (*line, Bounds(last_day, line[-1].value, line[-1].upper))


def _lower(norm: Norm, scale: _Scale) -> list[tuple[datetime.date, Decimal]]:
    return [(bounds.day, bounds.value) for bounds in _extended(norm.line, scale.last_day)]


def _upper(norm: Norm, scale: _Scale) -> list[tuple[datetime.date, Decimal]]:
    """The upper line of bounds; empty without one."""
    line = _extended(norm.line, scale.last_day)
    if norm.direction != WITHIN or all(bounds.upper is None for bounds in line):
        return []
    return [(bounds.day, bounds.value if bounds.upper is None else bounds.upper) for bounds in line]


def _marks(
    points: Sequence[Point], norm: Norm, scale: _Scale, value_label: Callable[[Decimal], str], size: Size
) -> tuple[Mark, ...]:
    marks = []
    if norm.baseline is not None:
        marks.append(Mark(scale.x(norm.baseline.day), scale.y(norm.baseline.value), "baseline"))
    marks += [
        Mark(scale.x(target.day), scale.y(value), "target")
        for target in norm.targets
        for value in (target.value, target.upper)
        if value is not None
    ]
    marks += [
        Mark(scale.x(point.day), scale.y(point.value), "measured" if point.is_complete else "partial")
        for point in points
    ]
    if not size.has_axes:
        return tuple(marks)
    return tuple(_with_texts(marks, points, norm, value_label, size))


def _with_texts(
    marks: list[Mark], points: Sequence[Point], norm: Norm, value_label: Callable[[Decimal], str], size: Size
) -> Iterable[Mark]:
    """The last measured value and the last target get their number above them; of two that are close one below.

    One with another sign right above it, or at the axis, has its number beside it.
    """
    texts = {}
    if points:
        texts[len(marks) - 1] = value_label(points[-1].value)
    if norm.targets:
        last = norm.targets[-1]
        last_target = max(index for index, mark in enumerate(marks) if mark.shape == "target")
        texts[last_target] = value_label(last.value if last.upper is None else last.upper)
    places = [marks[index] for index in texts]
    are_close = (
        len(places) > 1 and abs(places[0].x - places[1].x) < CLOSE_X and abs(places[0].y - places[1].y) < CLOSE_Y
    )
    lowest = max(texts, key=lambda index: marks[index].y, default=0)
    for index, mark in enumerate(marks):
        if index not in texts:
            yield mark
        elif mark.x + LETTER_X * len(texts[index]) < size.right and (
            mark.x < size.left + AXIS_X or (not are_close and _has_no_room_above(mark, marks))
        ):
            yield Mark(mark.x, mark.y, mark.shape, texts[index], TEXT_LEVEL, TEXT_BESIDE)
        else:
            text_y = TEXT_BELOW if are_close and index == lowest else TEXT_ABOVE
            yield Mark(mark.x, mark.y, mark.shape, texts[index], text_y)


def _has_no_room_above(mark: Mark, marks: Iterable[Mark]) -> bool:
    return any(abs(other.x - mark.x) < SIGN_X and 0 < mark.y - other.y < SIGN_Y for other in marks)


def _rows(
    points: Sequence[Point],
    norm: Norm,
    value_label: Callable[[Decimal], str],
    bounds_label: Callable[[Bounds], str],
) -> tuple[Row, ...]:
    rows: list[tuple[datetime.date, int, Row]] = []
    if norm.baseline is not None:
        label = f"nulmeting op {day_label(norm.baseline.day)}"
        rows.append((norm.baseline.day, 0, Row(label, value_label(norm.baseline.value), "", None)))
    for point in points:
        needed = bounds_label(point.needed) if point.needed else ""
        rows.append((point.day, 1, Row(point.label, value_label(point.value), needed, point.judgement)))
    for target in norm.targets:
        rows.append((target.day, 2, Row(f"streefwaarde op {day_label(target.day)}", "", bounds_label(target), None)))
    return tuple(row for _, _, row in sorted(rows, key=lambda one: one[:2]))


def _summary(title: str, rows: Sequence[Row]) -> str:
    """The chart in words: every number that it draws."""
    parts = [f"{row.label}: {row.measured or row.needed}" for row in rows]
    return f"{title}. {'; '.join(parts)}."
