"""What was measured of indicators and what was promised, read for one reader and judged."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from din.permissions import Visitor
from monitoring.indicator_judgement import Bounds, Judgement, Measured, Norm, Point, bounds_words, points_of
from monitoring.models import Indicator, Measurement, Target
from monitoring.periods import day_label


@dataclass(frozen=True)
class Figures:
    """One indicator without parts, or one part. `measurements` are those that the reader may see, the earliest first;
    `points` are what is judged of them."""

    indicator: Indicator
    norm: Norm
    measurements: tuple[Measurement, ...]
    points: tuple[Point, ...]

    @property
    def latest(self) -> Point | None:
        return self.points[-1] if self.points else None

    @property
    def judgement(self) -> Judgement:
        return self.latest.judgement if self.latest else Judgement.NO_MEASUREMENT

    @property
    def latest_label(self) -> str:
        """The latest value with its unit; empty without one."""
        return self.indicator.value_label(self.latest.value) if self.latest else ""

    @property
    def latest_period(self) -> str:
        return self.latest.label if self.latest else ""

    @property
    def needed_label(self) -> str:
        """What the value had to be to be on course; empty without a target on that day."""
        return bounds_label(self.indicator, self.latest.needed) if self.latest and self.latest.needed else ""

    def target(self, *, as_of: datetime.date) -> Bounds | None:
        """The target that comes next: after the latest value, or without one after `as_of`."""
        return self.norm.next_on(self.latest.day if self.latest else as_of)

    def target_label(self, *, as_of: datetime.date) -> str:
        """For example "ten minste 50 op 31 december 2026"; empty without targets."""
        target = self.target(as_of=as_of)
        return f"{bounds_label(self.indicator, target)} op {day_label(target.day)}" if target else ""


def bounds_label(indicator: Indicator, bounds: Bounds) -> str:
    """`bounds` of `indicator` in words, with its unit."""
    return bounds_words(bounds, direction=indicator.direction, value_label=indicator.value_label)


def norm_of(indicator: Indicator, targets: Iterable[Target]) -> Norm:
    """What is promised of `indicator` with `targets` in force."""
    baseline = None
    if indicator.baseline is not None and indicator.baseline_day is not None:
        baseline = Bounds(indicator.baseline_day, indicator.baseline)
    bounds = sorted(
        (Bounds(target.last_day, target.value, target.upper) for target in targets), key=lambda one: one.day
    )
    return Norm(indicator.direction, baseline, tuple(bounds), indicator.decimals)


def read_figures(
    indicators: Iterable[Indicator], *, user: Visitor, as_of: datetime.date | None = None
) -> dict[int, Figures]:
    """The figures of `indicators` by key, as `user` may read them, in two queries.

    With `as_of` only what was measured over days until then.
    """
    wanted = list(indicators)
    keys = [indicator.pk for indicator in wanted]
    targets: dict[int, list[Target]] = {}
    for target in Target.objects.in_force().filter(indicator__in=keys):
        targets.setdefault(target.indicator_id, []).append(target)
    measurements: dict[int, list[Measurement]] = {}
    readable = Measurement.objects.readable_by(user).filter(indicator__in=keys).select_related("round")
    for measurement in readable.order_by("last_day", "first_day", "pk"):
        if as_of is None or measurement.last_day <= as_of:
            measurements.setdefault(measurement.indicator_id, []).append(measurement)
    return {
        indicator.pk: figures_of(indicator, targets.get(indicator.pk, []), measurements.get(indicator.pk, []))
        for indicator in wanted
    }


def figures_of(indicator: Indicator, targets: Iterable[Target], measurements: Sequence[Measurement]) -> Figures:
    """The figures of `indicator` from its targets in force and its measurements, the earliest first."""
    norm = norm_of(indicator, targets)
    measured = [Measured(one.first_day, one.last_day, one.value) for one in measurements]
    points = points_of(measured, norm=norm, aggregation=indicator.aggregation, frequency=indicator.frequency)
    return Figures(indicator, norm, tuple(measurements), points)
