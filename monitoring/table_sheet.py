"""Sheets with a row of headings and a thing a row, of which a text is never a formula. Knows no Django."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

_HEAD = Font(bold=True, color="FFFFFF")
_FILL = PatternFill("solid", start_color="0D3B2A")
_WRAP = Alignment(wrap_text=True, vertical="top")

Cell = Any  # str, Decimal, date or None
# The columns, each with its heading and its width in characters, and rows with a value for every column.
Sheet = tuple[Sequence[tuple[str, int]], Iterable[Sequence[Cell]]]


def workbook_of(sheets: Mapping[str, Sheet]) -> bytes:
    """The bytes of a workbook with `sheets` by their title."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for title, (columns, rows) in sheets.items():
        _fill(workbook.create_sheet(title), columns, rows)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _fill(sheet: Worksheet, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[Cell]]) -> None:
    """Write the headings of `columns`, each with its width in characters, and `rows` below them."""
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
