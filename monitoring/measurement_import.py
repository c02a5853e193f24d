"""Measurements from and to a workbook."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from din.models import Programme
from din.reading.document import Finding
from din.reading.table import Column, Table, TableRow
from din.text import text_key, with_its_spacing
from monitoring import measurement_sheet as sheet
from monitoring.measurements import Moved, Reading, change_measurement, is_public, record_measurement
from monitoring.models import AuditLine, Indicator, Measurement, Target
from monitoring.numbers_in_dutch import NoNumber, parse_number
from monitoring.periods import MONTHS, NoPeriod, Period, last_ended_by, parse_period, period_between
from monitoring.permissions import MANAGE_INDICATORS
from monitoring.table_import import ImportedRow, TableKind

COLUMNS = (
    Column("indicator", sheet.INDICATOR, is_required=True),
    Column("part", sheet.PART),
    Column("period", sheet.PERIOD, is_required=True),
    Column("value", sheet.VALUE, is_required=True),
    Column("source", sheet.SOURCE),
    Column("note", sheet.NOTE),
)
SOURCE_LIMIT, NOTE_LIMIT = 300, 10_000


@dataclass(frozen=True)
class ImportedMeasurement(ImportedRow):
    """What a row says that was measured."""

    indicator: Indicator
    period: Period
    reading: Reading

    @property
    def value_label(self) -> str:
        return self.indicator.value_label(self.reading.value)

    @property
    def before_label(self) -> str:
        return self.indicator.value_label(self.before.value) if self.before else ""


def read_measurements(table: Table, programme: Programme) -> tuple[list[ImportedMeasurement], list[Finding]]:
    """The rows of `table` beside the measurements of `programme`, and what is wrong with the others."""
    indicators = list(Indicator.objects.filter(programme=programme).select_related("programme", "part_of"))
    by_name = {_name_key(one): one for one in indicators}
    wholes = {one.part_of_id for one in indicators}
    stored = {
        (one.indicator_id, one.first_day, one.last_day): one
        for one in Measurement.objects.filter(indicator__in=indicators).select_related("round")
    }
    found: list[ImportedMeasurement] = []
    findings: list[Finding] = []
    for row in table.rows:
        try:
            found.append(_imported(table, row, by_name, wholes, stored))
        except _Wrong as wrong:
            findings += wrong.findings
    return found, findings


class _Wrong(Exception):
    def __init__(self, findings: Iterable[Finding]) -> None:
        super().__init__()
        self.findings = list(findings)


def _name_key(indicator: Indicator) -> tuple[str, str]:
    if indicator.part_of is None:
        return text_key(indicator.name), ""
    return text_key(indicator.part_of.name), text_key(indicator.name)


def _imported(
    table: Table,
    row: TableRow,
    by_name: dict[tuple[str, str], Indicator],
    wholes: set[int | None],
    stored: dict[tuple[int, datetime.date, datetime.date], Measurement],
) -> ImportedMeasurement:
    """The measurement of `row`. Raises _Wrong with everything that is not right with it."""
    cells = {column.key: row.cells.get(column.key, "") for column in COLUMNS}
    wrong: list[Finding] = []
    indicator = by_name.get((text_key(cells["indicator"]), text_key(cells["part"])))
    if indicator is None:
        wrong.append(table.finding(row, "indicator", "Dit programma heeft geen indicator of deel met deze naam."))
    elif indicator.pk in wholes:
        wrong.append(table.finding(row, "part", "Deze indicator heeft delen: noem het deel."))
    period, value = None, None
    try:
        period = parse_period(cells["period"])
        if indicator is not None and period.months != MONTHS[indicator.frequency]:
            message = f"Deze indicator wordt gemeten per {indicator.get_frequency_display()}."
            wrong.append(table.finding(row, "period", message))
        if period.last_day > timezone.localdate():
            wrong.append(table.finding(row, "period", "Deze periode is nog niet voorbij."))
    except NoPeriod as problem:
        wrong.append(table.finding(row, "period", str(problem)))
    try:
        value = parse_number(cells["value"], decimals=indicator.decimals if indicator else 4)
    except NoNumber as problem:
        wrong.append(table.finding(row, "value", str(problem)))
    for key, limit in (("source", SOURCE_LIMIT), ("note", NOTE_LIMIT)):
        if len(cells[key]) > limit:
            wrong.append(table.finding(row, key, f"Deze tekst is langer dan {limit} tekens."))
    if wrong or indicator is None or period is None or value is None:
        raise _Wrong(wrong)
    before = stored.get((indicator.pk, period.first_day, period.last_day))
    reading = _reading(row, cells, value, before)
    place = f"{table.sheet}!A{row.number}"
    if before is not None and is_public(before) and reading != Reading.of(before) and reading.note in ("", before.note):
        message = "De raad kan deze meting al lezen. Schrijf in de opmerking waarom u haar wijzigt."
        raise _Wrong([table.finding(row, "note", message)])
    return ImportedMeasurement(
        place=place,
        before=before,
        key=(indicator.pk, period),
        name=f"{indicator} over {period.label}",
        is_changed=before is not None and Reading.of(before) != reading,
        indicator=indicator,
        period=period,
        reading=reading,
    )


def _reading(row: TableRow, cells: dict[str, str], value: Decimal, before: Measurement | None) -> Reading:
    """What the row says; a column that the workbook does not have leaves what is stored as it is."""
    texts = {key: cells[key] for key in ("source", "note")}
    if before is not None:
        for key in texts:
            stored = getattr(before, key)
            texts[key] = with_its_spacing(cells[key], stored) if key in row.cells else stored
    return Reading(value, **texts).tidied()


def write_measurement(
    one: ImportedMeasurement, programme: Programme, actor: AbstractBaseUser, origin: AuditLine.Origin
) -> None:
    if one.before is None:
        record_measurement(indicator=one.indicator, period=one.period, reading=one.reading, actor=actor, origin=origin)
    else:
        version = one.before.version
        change_measurement(measurement=one.before, reading=one.reading, version=version, actor=actor, origin=origin)


MEASUREMENTS = TableKind("metingen", COLUMNS, MANAGE_INDICATORS, read_measurements, write_measurement, Moved)


# --- the way out ---------------------------------------------------------------------------------------------------


def measurement_rows(indicators: Iterable[Indicator], measurements: Iterable[Measurement]) -> list[Sequence[object]]:
    """The rows of the sheet of measurements, without those over days that make no period: they cannot be read back."""
    names = {one.pk: _names(one) for one in indicators}
    return [
        (*names[one.indicator_id], period.code, one.value, one.source, one.note)
        for one in measurements
        if (period := period_between(one.first_day, one.last_day)) is not None
    ]


def target_rows(indicators: Iterable[Indicator], targets: Iterable[Target]) -> list[Sequence[object]]:
    names = {one.pk: _names(one) for one in indicators}
    return [
        (*names[one.indicator_id], one.last_day, one.value, one.upper, one.source, one.revised_on, one.revision_reason)
        for one in targets
    ]


def blank_rows(indicators: Sequence[Indicator], *, until: datetime.date) -> list[Sequence[object]]:
    """A row to fill in for each indicator without parts, with the latest period that has ended."""
    wholes = {one.part_of_id for one in indicators}
    return [
        (*_names(one), last_ended_by(until, one.frequency).code, None, one.source, None)
        for one in indicators
        if one.pk not in wholes
    ]


def _names(indicator: Indicator) -> tuple[str, str]:
    return (indicator.part_of.name, indicator.name) if indicator.part_of else (indicator.name, "")
