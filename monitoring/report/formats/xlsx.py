"""The report as a spreadsheet for Excel. Knows no Django."""

from __future__ import annotations

import datetime
import io
import re
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo
from openpyxl.xml.constants import ARC_CORE
from openpyxl.xml.functions import tostring

from monitoring.report.document import ReportDocument
from monitoring.report.formats.archive import at_fixed_times
from monitoring.report.sheets import LINE_HEIGHT, Cell, Sheet, Sheets, row_height, sheets_of

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_FONT = "Calibri"
_HEADER_LIMIT = 100  # characters; a header has 255, with its codes and both its sides
# A text that begins with one of these would be a formula if it were typed: the mark says that it is none.
_LIKE_A_FORMULA = ("=", "+", "-", "@")
# What Excel takes for an escaped character in a text; the underscore itself must then be escaped.
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_DECIMAL_PLACES = re.compile(r"\.(\d+)")


class _Styles:
    """The looks of cells in one workbook: a cell takes over the style of a made-up one, which is much quicker."""

    def __init__(self, sheet: Any) -> None:
        wrap = Alignment(wrap_text=True, vertical="top")
        right = Alignment(wrap_text=True, vertical="top", horizontal="right")
        head_fill = PatternFill("solid", start_color="0D3B2A")
        head, bold = Font(name=_FONT, bold=True, color="FFFFFF"), Font(name=_FONT, bold=True)
        self._sheet = sheet
        self._made: dict[tuple[str, str, bool], Any] = {}
        self._looks: dict[str, dict[str, Any]] = {
            "body": {"alignment": wrap, "font": Font(name=_FONT)},
            "total": {"alignment": wrap, "font": bold},
            "head": {"font": head, "fill": head_fill, "alignment": wrap},
            "head of numbers": {"font": head, "fill": head_fill, "alignment": right},
            "title": {"font": Font(name=_FONT, size=18, bold=True, color="0D3B2A")},
            "subtitle": {"font": Font(name=_FONT, size=14)},
            "line": {"font": Font(name=_FONT)},
            "concept": {"font": Font(name=_FONT, bold=True, color="8C1A11")},
        }

    def cell(self, value: Cell, look: str) -> Any:
        """A cell with `value`: a text is written as a text, whatever it begins with."""
        text = isinstance(value, str)
        key = (look, _number_format(value), text and value.startswith(_LIKE_A_FORMULA))  # type: ignore[union-attr]
        cell: Any = WriteOnlyCell(self._sheet)
        if isinstance(value, str):
            cell._value = _ESCAPE.sub("_x005F_", value)
            cell.data_type = "s"
        else:
            cell.value = value
        made = self._made.get(key)
        if made is None:
            for name, setting in self._looks[look].items():
                setattr(cell, name, setting)
            if key[1]:
                cell.number_format = key[1]
            if key[2]:
                cell.quotePrefix = True
            self._made[key] = cell._style
        else:
            cell._style = made
        return cell


def _number_format(value: Cell) -> str:
    """How a value is shown; empty as it is. A decimal number has as many digits behind the comma as it was given."""
    if isinstance(value, datetime.date):
        return "dd-mm-yyyy"
    if isinstance(value, Decimal):
        places = _DECIMAL_PLACES.search(f"{value:f}")
        return "#,##0." + "0" * len(places[1]) if places else "#,##0"
    return ""


def render_xlsx(document: ReportDocument, *, sha256: str = "") -> bytes:
    """The workbook's bytes. `sha256` is the hash of the frozen report; empty marks every sheet as a concept."""
    sheets = sheets_of(document, sha256=sha256)
    workbook = Workbook(write_only=True)
    for sheet in sheets.sheets:
        _write(workbook.create_sheet(sheet.name), sheet, sheets)
    properties = workbook.properties
    properties.title, properties.creator, properties.language = sheets.title, "Programmamonitor", "nl-NL"
    stream = io.BytesIO()
    workbook.save(stream)
    # Saving says that it was changed now: the day of the report goes in its place.
    properties.created = properties.modified = datetime.datetime.combine(sheets.day, datetime.time())
    return at_fixed_times(stream.getvalue(), day=sheets.day, parts={ARC_CORE: tostring(properties.to_tree())})


def _write(target: Any, sheet: Sheet, sheets: Sheets) -> None:
    """Write `sheet`: what lies around the rows first, since rows are written at once."""
    styles = _Styles(target)
    _print_setup(target, sheet, sheets)
    for place, column in enumerate(sheet.columns, start=1):
        target.column_dimensions[get_column_letter(place)].width = column.width
    top = sheet.header_row
    target.freeze_panes = f"{get_column_letter(sheet.frozen + 1)}{top + 1}"
    looks = ("title", "subtitle", "concept" if sheets.is_concept else "line", "line")
    for line, look in zip(sheet.lead, looks, strict=False):
        target.append([styles.cell(line, look)])
    if sheet.lead:
        target.append([])
        target.row_dimensions[top].height = 2 * LINE_HEIGHT
    numeric = {place for place, cell in enumerate(sheet.rows[0]) if isinstance(cell, int | Decimal)}
    target.append(
        styles.cell(column.heading, "head of numbers" if place in numeric else "head")
        for place, column in enumerate(sheet.columns)
    )
    last = top + len(sheet.rows)
    for number, row in enumerate(sheet.rows, start=top + 1):
        target.row_dimensions[number].height = row_height(row, sheet)
        look = "total" if sheet.has_total and number == last else "body"
        target.append(styles.cell(value, look) for value in row)
    if not sheet.lead:
        _add_filter(target, sheet, last)


def _add_filter(target: Any, sheet: Sheet, last: int) -> None:
    """A table, which gives every heading a filter."""
    area = f"A1:{get_column_letter(len(sheet.columns))}{last}"
    table = Table(
        displayName=sheet.name,
        ref=area,
        tableColumns=[TableColumn(id=place, name=one.heading) for place, one in enumerate(sheet.columns, start=1)],
        autoFilter=AutoFilter(ref=area),
        tableStyleInfo=TableStyleInfo(name="TableStyleLight1", showRowStripes=True),
    )
    target.tables.add(table)  # add_table warns of columns that are missing, also when they are there


def _print_setup(target: Any, sheet: Sheet, sheets: Sheets) -> None:
    target.page_setup.orientation = "landscape"
    target.page_setup.paperSize = 9  # A4
    target.page_setup.fitToWidth = 1
    target.page_setup.fitToHeight = 0
    target.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    target.page_margins.left = target.page_margins.right = 0.4
    target.print_title_rows = f"{sheet.header_row}:{sheet.header_row}"
    if sheet.printed:
        target.print_area = f"A1:{get_column_letter(sheet.printed)}{sheet.header_row + len(sheet.rows)}"
    # An ampersand in a header is a control code; doubled it is itself.
    target.oddHeader.left.text = sheets.programme[:_HEADER_LIMIT].replace("&", "&&")
    target.oddHeader.right.text = sheets.header
    target.oddFooter.left.text = sheet.name
    target.oddFooter.right.text = "&P van &N"
