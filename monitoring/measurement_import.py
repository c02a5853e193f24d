"""Measurements from a workbook: what is new, what changes, and everything that is wrong at once.

The workbook is read in the bounded child (din.reading.read_table). Nothing is written as long as there is a finding;
what is confirmed is compared once more, so that nothing is written that was not shown.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
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
from monitoring.refused import Refused

COLUMNS = (
    Column("indicator", sheet.INDICATOR, is_required=True),
    Column("part", sheet.PART),
    Column("period", sheet.PERIOD, is_required=True),
    Column("value", sheet.VALUE, is_required=True),
    Column("source", sheet.SOURCE),
    Column("note", sheet.NOTE),
)
MOST_ROWS = 5_000
SOURCE_LIMIT, NOTE_LIMIT = 300, 10_000


@dataclass(frozen=True)
class ImportedMeasurement:
    """A row of the workbook that means something: a measurement that is new, or `before` another one."""

    place: str
    indicator: Indicator
    period: Period
    reading: Reading
    before: Measurement | None

    @property
    def value_label(self) -> str:
        return self.indicator.value_label(self.reading.value)

    @property
    def before_label(self) -> str:
        return self.indicator.value_label(self.before.value) if self.before else ""


@dataclass(frozen=True)
class MeasurementImport:
    """What a workbook says beside what is stored; with `findings` nothing may be written."""

    added: tuple[ImportedMeasurement, ...]
    changed: tuple[ImportedMeasurement, ...]
    unchanged: int
    findings: tuple[Finding, ...]


def compare_measurements(table: Table, programme: Programme) -> MeasurementImport:
    """The rows of `table` beside the measurements of `programme`, in a constant number of queries."""
    findings = list(table.findings)
    if len(table.rows) > MOST_ROWS:
        findings.append(Finding(None, f"Het blad heeft meer dan {MOST_ROWS} rijen. Deel het in kleinere bestanden."))
        return MeasurementImport((), (), 0, tuple(findings))
    indicators = list(Indicator.objects.filter(programme=programme).select_related("programme", "part_of"))
    by_name = {_name_key(one): one for one in indicators}
    wholes = {one.part_of_id for one in indicators}
    stored = {
        (one.indicator_id, one.first_day, one.last_day): one
        for one in Measurement.objects.filter(indicator__in=indicators).select_related("round")
    }
    found: list[ImportedMeasurement] = []
    for row in table.rows:
        try:
            found.append(_imported(table, row, by_name, wholes, stored))
        except _Wrong as wrong:
            findings += wrong.findings
    times = Counter((one.indicator.pk, one.period) for one in found)
    findings += [
        Finding(one.place, f"{one.indicator} over {one.period.label} staat er meer dan één keer.")
        for one in found
        if times[one.indicator.pk, one.period] > 1
    ]
    differing = [one for one in found if one.before is None or Reading.of(one.before) != one.reading]
    return MeasurementImport(
        added=tuple(one for one in differing if one.before is None),
        changed=tuple(one for one in differing if one.before is not None),
        unchanged=len(found) - len(differing),
        findings=tuple(findings),
    )


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
    return ImportedMeasurement(place, indicator, period, reading, before)


def _reading(row: TableRow, cells: dict[str, str], value: Decimal, before: Measurement | None) -> Reading:
    """What the row says; a column that the workbook does not have leaves what is stored as it is."""
    texts = {key: cells[key] for key in ("source", "note")}
    if before is not None:
        for key in texts:
            stored = getattr(before, key)
            texts[key] = with_its_spacing(cells[key], stored) if key in row.cells else stored
    return Reading(value, **texts).tidied()


class ImportMoved(Refused):
    """What would be written is no longer what was shown."""

    def __init__(self) -> None:
        super().__init__("De metingen zijn intussen gewijzigd. Bekijk opnieuw wat er verandert.")


def write_measurements(
    table: Table, programme: Programme, *, seen: str, actor: AbstractBaseUser, origin: AuditLine.Origin
) -> MeasurementImport:
    """Write what is new and what changes, all of it or nothing. `seen` is the fingerprint of what was shown.

    Raises ImportMoved when it would be something else by now, and what the measurements raise themselves.
    """
    MANAGE_INDICATORS.require(actor, programme)
    with transaction.atomic():
        Programme.objects.select_for_update().get(pk=programme.pk)
        found = compare_measurements(table, programme)
        if found.findings or fingerprint(found) != seen:
            raise ImportMoved
        for one in (*found.added, *found.changed):
            try:
                if one.before is None:
                    record_measurement(
                        indicator=one.indicator, period=one.period, reading=one.reading, actor=actor, origin=origin
                    )
                else:
                    change_measurement(
                        measurement=one.before,
                        reading=one.reading,
                        version=one.before.version,
                        actor=actor,
                        origin=origin,
                    )
            except Moved:
                raise ImportMoved from None
            except ValidationError as error:
                raise ValidationError([f"{one.place}: {message}" for message in error.messages]) from None
    return found


def fingerprint(found: MeasurementImport) -> str:
    """A text that is the same as long as the same would be written over the same."""
    return ";".join(
        f"{one.indicator.pk}:{one.period.code}:{one.before.version if one.before else ''}"
        for one in (*found.added, *found.changed)
    )


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
