"""Make small workbooks for the tests of the reader: rows of values in, bytes out."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import openpyxl
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P

from din.reading import Reading, read_in_process

Rows = Sequence[Sequence[Any]]
YEAR = 2024

HEADER = ("Pijler", "Ambitie", "ER-doelen", "SMART-doelen", "Inspanningen")


def workbook(sheets: dict[str, Rows], merges: dict[str, Sequence[str]] | None = None) -> openpyxl.Workbook:
    """Return a workbook with each sheet's rows from A1 on; None leaves a cell blank."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row, values in enumerate(rows, 1):
            for column, value in enumerate(values, 1):
                if value is not None:
                    sheet.cell(row, column).value = value
        for reference in (merges or {}).get(name, ()):
            sheet.merge_cells(reference)
    return book


def as_xlsx(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_xls(book: openpyxl.Workbook) -> bytes:
    made = xlwt.Workbook()
    for sheet in book:
        target = made.add_sheet(sheet.title)
        if sheet.sheet_state != "visible":
            target.visibility = 1
        covered = set()
        for merge in sheet.merged_cells.ranges:
            value = sheet.cell(merge.min_row, merge.min_col).value
            target.write_merge(merge.min_row - 1, merge.max_row - 1, merge.min_col - 1, merge.max_col - 1, value)
            covered |= {(cell.row, cell.column) for row in sheet[merge.coord] for cell in row}
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None and (cell.row, cell.column) not in covered:
                    target.write(cell.row - 1, cell.column - 1, cell.value)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def as_ods(book: openpyxl.Workbook) -> bytes:
    document = OpenDocumentSpreadsheet()
    for sheet in book:
        table = Table(name=sheet.title)
        merges = {(merge.min_row, merge.min_col): merge for merge in sheet.merged_cells.ranges}
        covered = {
            (cell.row, cell.column) for merge in merges.values() for row in sheet[merge.coord] for cell in row
        } - set(merges)
        for row in range(1, sheet.max_row + 1):
            line = TableRow()
            for column in range(1, sheet.max_column + 1):
                if (row, column) in covered:
                    line.addElement(CoveredTableCell())
                    continue
                line.addElement(_ods_cell(sheet.cell(row, column).value, merges.get((row, column))))
            table.addElement(line)
        document.spreadsheet.addElement(table)
    out = io.BytesIO()
    document.write(out)
    return out.getvalue()


def _ods_cell(value: Any, merge: Any) -> Any:
    spans = {}
    if merge is not None:
        spans = {
            "numberrowsspanned": merge.max_row - merge.min_row + 1,
            "numbercolumnsspanned": merge.max_col - merge.min_col + 1,
        }
    if value is None:
        return TableCell(**spans)
    if isinstance(value, (int, float)):
        cell = TableCell(valuetype="float", value=value, **spans)
        cell.addElement(P(text=str(value)))
        return cell
    cell = TableCell(valuetype="string", **spans)
    for line in str(value).split("\n"):
        cell.addElement(P(text=line))
    return cell


def read(*rows: Sequence[Any], name: str = "Blad1", merges: Sequence[str] = (), year: int = YEAR) -> Reading:
    """Read a workbook of one sheet with these rows."""
    return read_in_process(as_xlsx(workbook({name: rows}, {name: merges})), year)


def read_sheets(sheets: dict[str, Rows], merges: dict[str, Sequence[str]] | None = None, year: int = YEAR) -> Reading:
    """Read a workbook of several sheets."""
    return read_in_process(as_xlsx(workbook(sheets, merges)), year)


def din(*rows: Sequence[Any], merges: Sequence[str] = ()) -> Reading:
    """Read a sheet with the usual header (theme, ambition, ER-goal, SMART goal, effort) and these rows below it."""
    return read(HEADER, *rows, merges=merges)


def smart(reading: Reading) -> list[str]:
    return [goal.text for goal in reading.document.smart_goals]


def efforts(reading: Reading) -> list[str]:
    return [effort.text for effort in reading.document.efforts]


def themes(reading: Reading) -> list[tuple[str, int | None, str]]:
    return [(theme.kind, theme.number, theme.name) for theme in reading.document.themes]


def warned(reading: Reading, *words: str) -> bool:
    return any(all(word in finding.message for word in words) for finding in reading.warnings)


def refused(reading: Reading, *words: str) -> bool:
    return any(all(word in finding.message for word in words) for finding in reading.errors)
