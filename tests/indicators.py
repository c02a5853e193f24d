"""Indicators for the tests, with targets and measurements."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal

from din.models import Goal, Programme
from monitoring.models import Indicator, Measurement, ReportingRound, Target
from monitoring.periods import parse_period


def make_indicator(
    programme: Programme,
    name: str = "Jongeren met een mentor",
    *,
    targets: Mapping[str, object] | None = None,
    measured: Mapping[str, object] | None = None,
    round_: ReportingRound | None = None,
    goals: Iterable[Goal] = (),
    **fields: object,
) -> Indicator:
    """An indicator with targets by day ("2023-12-31") and measurements by period ("2023-Q1"), those in `round_`."""
    indicator = Indicator(programme=programme, name=name, **fields)
    indicator.full_clean()
    indicator.save()
    indicator.goals.set(goals)
    for day, value in (targets or {}).items():
        make_target(indicator, day, value)
    for code, value in (measured or {}).items():
        make_measurement(indicator, code, value, round_=round_)
    return indicator


def make_target(indicator: Indicator, day: str, value: object, **fields: object) -> Target:
    return Target.objects.create(
        indicator=indicator, last_day=datetime.date.fromisoformat(day), value=Decimal(str(value)), **fields
    )


def make_measurement(
    indicator: Indicator, code: str, value: object, *, round_: ReportingRound | None = None, **fields: object
) -> Measurement:
    period = parse_period(code)
    return Measurement.objects.create(
        indicator=indicator,
        first_day=period.first_day,
        last_day=period.last_day,
        value=Decimal(str(value)),
        round=round_,
        **fields,
    )
