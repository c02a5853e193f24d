"""Measurements and targets as a workbook, in the columns in which measurements are read back. Knows no Django."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

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
_HEAD = Font(bold=True, color="FFFFFF")
_FILL = PatternFill("solid", start_color="0D3B2A")
_WRAP = Alignment(wrap_text=True, vertical="top")

Cell = Any  # str, Decimal, date or None


def measurement_workbook(measurements: Iterable[Sequence[Cell]], targets: Iterable[Sequence[Cell]] = ()) -> bytes:
    """The bytes of a workbook with a row for each of `measurements`, and a sheet of `targets` when there are any."""
    workbook = Workbook()
    first = workbook.active
    assert first is not None  # noqa: S101 - a new workbook has one sheet
    first.title = MEASUREMENTS
    _fill(first, MEASUREMENT_COLUMNS, measurements)
    rows = list(targets)
    if rows:
        _fill(workbook.create_sheet(TARGETS), TARGET_COLUMNS, rows)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _fill(sheet: Worksheet, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[Cell]]) -> None:
    for column, (heading, width) in enumerate(columns, start=1):
        cell = sheet.cell(1, column, heading)
        cell.font, cell.fill = _HEAD, _FILL
        sheet.column_dimensions[get_column_letter(column)].width = width
    for number, row in enumerate(rows, start=2):
        for column, value in enumerate(row, start=1):
            _write(sheet, number, column, value)
    sheet.freeze_panes = "A2"


def _write(sheet: Worksheet, row: int, column: int, value: Cell) -> None:
    if value is None or value == "":
        return
    cell = sheet.cell(row, column)
    cell.alignment = _WRAP
    if isinstance(value, str):
        # What somebody typed is never a formula.
        cell.value = value
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
    elif isinstance(value, Decimal):
        exponent = value.normalize().as_tuple().exponent
        places = max(0, -exponent) if isinstance(exponent, int) else 0
        cell.value = value
        cell.number_format = f"0.{'0' * places}" if places else "0"
    else:
        cell.value = value
        cell.number_format = "dd-mm-yyyy"
