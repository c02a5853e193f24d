"""The page of one indicator: its charts, targets, measurements, goals and history."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from din.models import Goal
from din.permissions import Visitor
from monitoring.goal_history import EVENTS_AT_MOST, Event
from monitoring.goal_line import theme_title
from monitoring.indicator_chart import Chart, build_chart
from monitoring.indicator_figures import Figures, bounds_label, read_figures
from monitoring.indicator_judgement import Bounds
from monitoring.indicator_list import FigureLine, figure_line
from monitoring.models import AuditLine, Indicator, Measurement, Target
from monitoring.models.indicator import in_order
from monitoring.periods import days_label


@dataclass(frozen=True)
class TargetLine:
    """A target, in force or revised."""

    pk: int
    day: datetime.date
    value: str
    source: str
    revised_on: datetime.date | None
    reason: str


@dataclass(frozen=True)
class MeasurementLine:
    """What was measured over a period. `round_label` is empty outside a round; `is_concept`: the round still runs."""

    pk: int
    period: str
    value: str
    source: str
    note: str
    round_label: str
    is_concept: bool


@dataclass(frozen=True)
class Part:
    """An indicator without parts, or one part of it."""

    indicator: Indicator
    figure: FigureLine
    baseline: str
    chart: Chart | None
    targets: tuple[TargetLine, ...]
    measurements: tuple[MeasurementLine, ...]


@dataclass(frozen=True)
class GoalLink:
    reference: str
    text: str
    url: str


@dataclass(frozen=True)
class IndicatorPage:
    indicator: Indicator
    theme: str
    parts: tuple[Part, ...]
    has_parts: bool
    goals: tuple[GoalLink, ...]
    history: tuple[Event, ...]

    @property
    def may_have_parts(self) -> bool:
        """Whether a part can be added: not to an indicator with values of its own."""
        return self.has_parts or not (self.parts[0].measurements or self.parts[0].targets)


def build_indicator_page(indicator: Indicator, *, user: Visitor, as_of: datetime.date) -> IndicatorPage:
    """The page of `indicator`, which is no part itself, in a number of queries that does not depend on what it holds.

    What happened is told to who reads running rounds: the history knows values of before the adoption.
    """
    parts = in_order(indicator.parts.readable_by(user).select_related("programme", "theme"))
    shown = parts or [indicator]
    figures = read_figures(shown, user=user)
    targets: dict[int, list[Target]] = {}
    for target in Target.objects.filter(indicator__in=shown).order_by("last_day", "pk"):
        targets.setdefault(target.indicator_id, []).append(target)
    goals = Goal.objects.readable_by(user).filter(indicators=indicator).select_related("theme", "plan")
    return IndicatorPage(
        indicator=indicator,
        theme=theme_title(indicator.theme),
        parts=tuple(_part(figures[part.pk], targets.get(part.pk, []), as_of=as_of) for part in shown),
        has_parts=bool(parts),
        goals=tuple(
            GoalLink(goal.reference, str(goal), goal.get_absolute_url())
            for goal in goals.order_by("plan__first_year", "theme__position", "number", "pk")
        ),
        history=_history([indicator, *parts], targets) if user.has_perm("monitoring.read_open_rounds") else (),  # type: ignore[union-attr]
    )


def _part(figures: Figures, targets: Iterable[Target], *, as_of: datetime.date) -> Part:
    indicator = figures.indicator

    def in_words(bounds: Bounds) -> str:
        return bounds_label(indicator, bounds)

    return Part(
        indicator=indicator,
        figure=figure_line(figures, as_of=as_of),
        baseline=indicator.value_label(indicator.baseline) if indicator.baseline is not None else "",
        chart=build_chart(
            title=indicator.name,
            points=figures.points,
            norm=figures.norm,
            value_label=figures.indicator.value_label,
            bounds_label=in_words,
        ),
        targets=tuple(
            TargetLine(
                pk=target.pk,
                day=target.last_day,
                value=in_words(Bounds(target.last_day, target.value, target.upper)),
                source=target.source,
                revised_on=target.revised_on,
                reason=target.revision_reason,
            )
            for target in targets
        ),
        measurements=tuple(measurement_line(one, figures) for one in reversed(figures.measurements)),
    )


def measurement_line(measurement: Measurement, figures: Figures) -> MeasurementLine:
    """`measurement` (read with its round) in words."""
    round_ = measurement.round
    return MeasurementLine(
        pk=measurement.pk,
        period=days_label(measurement.first_day, measurement.last_day),
        value=figures.indicator.value_label(measurement.value),
        source=measurement.source,
        note=measurement.note,
        round_label=round_.label if round_ else "",
        is_concept=round_ is not None and round_.is_running,
    )


_DEEDS = {
    ("indicator", "create"): "voegde de indicator toe",
    ("indicator", "change"): "wijzigde de indicator",
    ("target", "create"): "stelde een streefwaarde vast",
    ("target", "change"): "wijzigde een streefwaarde",
    ("target", "revise"): "herzag een streefwaarde",
    ("measurement", "create"): "legde een meting vast",
    ("measurement", "change"): "wijzigde een meting",
}


def _history(indicators: list[Indicator], targets: dict[int, list[Target]]) -> tuple[Event, ...]:
    """What the trail says of `indicators`, their targets and their measurements, the latest first."""
    measurements = Measurement.objects.filter(indicator__in=indicators).values("pk")
    target_keys = [target.pk for found in targets.values() for target in found]
    about = (
        AuditLine.objects.filter(object_type="indicator", object_id__in=[one.pk for one in indicators])
        | AuditLine.objects.filter(object_type="target", object_id__in=target_keys)
        | AuditLine.objects.filter(object_type="measurement", object_id__in=measurements)
    )
    lines = about.select_related("actor").order_by("-pk")[:EVENTS_AT_MOST]
    return tuple(
        Event(
            at=line.at,
            who=str(line.actor) if line.actor else "de server",
            deed=_DEEDS.get((line.object_type, line.action), line.action),
            note="\n".join(filter(None, [line.object_label, line.note])),
            round_label="",
        )
        for line in lines
    )
