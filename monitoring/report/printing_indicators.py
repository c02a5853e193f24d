"""The indicators of a report as its readers get them. Knows no Django."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from monitoring.indicator_chart import build_chart
from monitoring.indicator_judgement import Bounds, Judgement, Measured, Norm, bounds_words, points_of
from monitoring.numbers_in_dutch import value_label
from monitoring.periods import day_label
from monitoring.report.document import ReportIndicator
from monitoring.report.printed import PrintedIndicator, PrintedTable
from monitoring.report.wording import capitalized, day, facts, paragraphs


def print_indicators(indicators: Sequence[ReportIndicator]) -> list[tuple[str, PrintedIndicator]]:
    """The whole indicators in their order, each with the title of its theme; a part is in the one it is a part of."""
    found: list[tuple[str, PrintedIndicator]] = []
    for number, one in enumerate(indicators, start=1):
        shown = _indicator(one, number)
        if one.part_of and found and found[-1][1].name == one.part_of:
            theme, whole = found[-1]
            found[-1] = (theme, replace(whole, parts=(*whole.parts, shown)))
        else:
            found.append((one.theme, shown))
    return found


def _indicator(one: ReportIndicator, number: int) -> PrintedIndicator:
    norm = _norm(one)

    def value(number: Decimal) -> str:
        return value_label(number, decimals=one.decimals, unit=one.unit)

    def bounds(needed: Bounds) -> str:
        return bounds_words(needed, direction=one.direction, value_label=value)

    points = points_of(
        [Measured(_date(each.first_day), _date(each.last_day), Decimal(each.value)) for each in one.measurements],
        norm=norm,
        aggregation=one.aggregation or "last",
        frequency=one.frequency or "year",
    )
    latest = points[-1] if points else None
    target = norm.next_on(latest.day if latest else datetime.date.min)
    chart = build_chart(title=one.name, points=points, norm=norm, value_label=value, bounds_label=bounds)
    return PrintedIndicator(
        key=f"indicator-{number}",
        name=one.name,
        is_key=one.is_key,
        standing=Judgement(one.judgement).shown_as,
        judgement_label=capitalized(one.judgement_label),
        description=paragraphs(one.description),
        facts=facts(
            ("Laatste waarde", f"{value(latest.value)} ({latest.label})" if latest else ""),
            ("Streefwaarde", f"{bounds(target)} op {day_label(target.day)}" if target else ""),
            ("Uitgangswaarde", _baseline(one)),
            ("Richting", one.direction_label),
            ("Gaat over", ", ".join(one.goals)),
            ("Eigenaar", one.owner),
            ("Bron", one.source),
        ),
        # One number says more in words than as a dot in an empty plot.
        chart=chart if chart and len(chart.rows) > 1 else None,
        table=_measurements(one, value),
    )


def _baseline(one: ReportIndicator) -> str:
    if not one.baseline:
        return ""
    label = value_label(Decimal(one.baseline), decimals=one.decimals, unit=one.unit)
    return f"{label} op {day(one.baseline_day)}" if one.baseline_day else label


def _norm(one: ReportIndicator) -> Norm:
    baseline = None
    if one.baseline and one.baseline_day:
        baseline = Bounds(_date(one.baseline_day), Decimal(one.baseline))
    targets = [
        Bounds(_date(each.day), Decimal(each.value), Decimal(each.upper) if each.upper else None)
        for each in one.targets
    ]
    return Norm(one.direction, baseline, tuple(sorted(targets, key=lambda bounds: bounds.day)), one.decimals)


def _date(iso: str) -> datetime.date:
    return datetime.date.fromisoformat(iso)


def _measurements(one: ReportIndicator, value: Callable[[Decimal], str]) -> PrintedTable | None:
    if not one.measurements:
        return None
    return PrintedTable(
        caption=f"Metingen: {one.name}",
        heads=("Periode", "Waarde", "Bron", "Opmerking"),
        rows=tuple((each.period, value(Decimal(each.value)), each.source, each.note) for each in one.measurements),
        numbers=(1,),
    )
