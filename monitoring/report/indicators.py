"""The indicators in the report of a round."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from django.db.models import Prefetch, Q

from monitoring.indicator_figures import figures_of
from monitoring.indicator_judgement import Judgement, together
from monitoring.models import Indicator, Measurement, ReportingRound, Target
from monitoring.models.indicator import in_order
from monitoring.periods import days_label
from monitoring.report.commitments import references
from monitoring.report.document import ReportIndicator, ReportMeasurement, ReportTarget


def reported_indicators(round_: ReportingRound) -> tuple[ReportIndicator, ...]:
    """The indicators of the programme with the targets in force and what was measured until `round_`, in four queries.

    Of what was measured outside a round that is what ends by the last day of the half year.
    """
    measured = Measurement.objects.filter(
        Q(round=None, last_day__lte=round_.last_day) | Q(round__in=ReportingRound.objects.until(round_))
    ).order_by("last_day", "first_day", "pk")
    indicators = in_order(
        Indicator.objects.filter(programme=round_.programme_id)
        .select_related("theme", "owner", "part_of")
        .prefetch_related(
            "goals__theme",
            Prefetch("targets", Target.objects.in_force().order_by("last_day", "pk")),
            Prefetch("measurements", measured),
        )
    )
    judgements = {
        indicator: figures_of(indicator, indicator.targets.all(), list(indicator.measurements.all())).judgement
        for indicator in indicators
    }
    parts: defaultdict[int, list[Judgement]] = defaultdict(list)
    for indicator, judgement in judgements.items():
        if indicator.part_of_id is not None:
            parts[indicator.part_of_id].append(judgement)
    return tuple(
        _reported(indicator, together(parts[indicator.pk]) if parts[indicator.pk] else judgement)
        for indicator, judgement in judgements.items()
    )


def _reported(indicator: Indicator, judgement: Judgement) -> ReportIndicator:
    return ReportIndicator(
        name=indicator.name,
        part_of=indicator.part_of.name if indicator.part_of else "",
        theme=indicator.theme.title if indicator.theme else "",
        description=indicator.description,
        unit=indicator.unit,
        decimals=indicator.decimals,
        direction=indicator.direction,
        direction_label=indicator.get_direction_display(),
        is_key=indicator.is_key,
        owner=indicator.owner.name if indicator.owner else "",
        source=indicator.source,
        baseline=_number(indicator.baseline),
        baseline_day=indicator.baseline_day.isoformat() if indicator.baseline_day else "",
        judgement=judgement.value,
        judgement_label=judgement.label,
        goals=references(list(indicator.goals.all())),
        targets=tuple(
            ReportTarget(target.last_day.isoformat(), _number(target.value), _number(target.upper), target.source)
            for target in indicator.targets.all()
        ),
        measurements=tuple(
            ReportMeasurement(
                first_day=one.first_day.isoformat(),
                last_day=one.last_day.isoformat(),
                period=days_label(one.first_day, one.last_day),
                value=_number(one.value),
                source=one.source,
                note=one.note,
            )
            for one in indicator.measurements.all()
        ),
        aggregation=indicator.aggregation,
        frequency=indicator.frequency,
    )


def _number(value: Decimal | None) -> str:
    """The shortest decimal notation: "48.33", "1031"; empty without a value."""
    return "" if value is None else f"{value.normalize():f}"
