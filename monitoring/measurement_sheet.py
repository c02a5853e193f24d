"""Measurements and targets as a workbook, in the columns in which measurements are read back. Knows no Django."""

from __future__ import annotations

from collections.abc import Sequence

from monitoring.table_sheet import Cell, Sheet, workbook_of

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


def measurement_workbook(measurements: Sequence[Sequence[Cell]], targets: Sequence[Sequence[Cell]] = ()) -> bytes:
    """The bytes of a workbook with a row for each of `measurements`, and a sheet of `targets` when there are any."""
    sheets: dict[str, Sheet] = {MEASUREMENTS: (MEASUREMENT_COLUMNS, measurements)}
    if targets:
        sheets[TARGETS] = (TARGET_COLUMNS, targets)
    return workbook_of(sheets)
