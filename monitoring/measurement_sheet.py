"""Measurements and targets as a workbook, in the columns in which measurements are read back. Knows no Django."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook

from monitoring.table_sheet import Cell, fill

MEASUREMENTS = "Metingen"
TARGETS = "Streefwaarden"
INDICATOR, PART, PERIOD, VALUE, SOURCE, NOTE = "Indicator", "Deel", "Periode", "Waarde", "Bron", "Opmerking"
MEASUREMENT_COLUMNS = ((INDICATOR, 40), (PART, 28), (PERIOD, 14), (VALUE, 14), (SOURCE, 36), (NOTE, 48))
TARGET_COLUMNS = (
    (INDICATOR, 40),
    (PART, 28),
    ("Te halen op", 14),
    ("Streefwaarde", 14),
    ("Bovengrens", 14),
    (SOURCE, 36),
    ("Herzien op", 14),
    ("Reden van herziening", 48),
)


def measurement_workbook(measurements: Iterable[Sequence[Cell]], targets: Iterable[Sequence[Cell]] = ()) -> bytes:
    """The bytes of a workbook with a row for each of `measurements`, and a sheet of `targets` when there are any."""
    workbook = Workbook()
    first = workbook.active
    assert first is not None  # noqa: S101 - a new workbook has one sheet
    first.title = MEASUREMENTS
    fill(first, MEASUREMENT_COLUMNS, measurements)
    rows = list(targets)
    if rows:
        fill(workbook.create_sheet(TARGETS), TARGET_COLUMNS, rows)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()
