"""Workbooks of a few rows, made for one test."""

import io
from collections.abc import Sequence

from openpyxl import Workbook


def workbook(*sheets: Sequence[Sequence[object]], names: Sequence[str] = ()) -> bytes:
    """The bytes of an .xlsx with a sheet for each list of rows; sheets are called Blad1, Blad2, … or as in `names`."""
    book = Workbook()
    for index, rows in enumerate(sheets):
        sheet = book.active if index == 0 else book.create_sheet()
        sheet.title = names[index] if index < len(names) else f"Blad{index + 1}"
        for row in rows:
            sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
