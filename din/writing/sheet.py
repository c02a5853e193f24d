"""The sheet of a DIN as a department makes it: merged cells, wrapped texts, printable on A4 landscape."""

import datetime
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

from din.reading.document import Document
from din.reading.limits import CELL_CHARACTERS
from din.text import clean, one_line
from din.writing.rows import AMBITION, EFFORT, ER_GOAL, SMART_GOAL, Row, rows_of, within_themes
from din.writing.texts import (
    NONE,
    PROGRAMME_WIDE,
    deadline_text,
    is_misleading,
    item_text,
    tags_text,
    theme_text,
)

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADER_ROW = 3

_FONT = "Calibri"  # without a name some programs fall back on a serif
TITLE = Font(name=_FONT, size=16, bold=True, color="0D3B2A")
HEAD = Font(name=_FONT, size=11, bold=True, color="FFFFFF")
HEAD_FILL = PatternFill("solid", start_color="0D3B2A")
_BODY = Font(name=_FONT, size=10)
_STRUCK = Font(name=_FONT, size=10, strike=True, color="5A5A5A")
_LINE = Side("thin", color="8FA39B")
BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
WRAP = Alignment(wrap_text=True, vertical="top", horizontal="left")
_POINTS_A_LINE = 13.5
_HIGHEST_ROW = 409.0

# What Excel takes for an escaped character in a text; the underscore itself must then be escaped.
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True)
class Column:
    """A column: its heading, its width in characters, and the level whose cells it follows when these are merged."""

    heading: str
    width: int
    level: int


THEME = -1
COLUMNS = (
    Column("Onderdeel", 16, THEME),
    Column("Ambitie", 23, AMBITION),
    Column("ER-doel", 24, ER_GOAL),
    Column("Nr", 5, SMART_GOAL),
    Column("SMART-doel", 36, SMART_GOAL),
    Column("Planning", 11, SMART_GOAL),
    Column("Eigenaar", 15, SMART_GOAL),
    Column("Speerpunt", 15, SMART_GOAL),
    Column("Inspanning", 30, EFFORT),
    Column("Trekker", 15, EFFORT),
)

Value = str | int | None


def workbook_of(
    document: Document, *, title: str, year: int, remarks: Mapping[tuple[str | None, str], str] | None = None
) -> bytes:
    """Return an .xlsx workbook with one sheet, "DIN <year>"; reading it for `year` gives the document again.

    `remarks` are sentences on SMART goals that no longer count, by theme and text: such a goal is struck through and
    its cell has the sentence as a note, which no reader takes for content.

    What no workbook can say: lines between themes (see `rows.within_themes`), some texts of several lines (see
    `texts.item_text`), a tag with a comma or semicolon, an owner or lead of only dashes or of an error value, a text of
    more than 32,767 characters, a deadline outside 2000-2099, a theme number above 99, a goal number above 9999.
    Spaces and characters that the reader cleans away are gone.
    """
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 - a new workbook has one sheet
    sheet.title = f"DIN {year}"
    document = within_themes(document)
    rows = list(rows_of(document))
    begin_table(sheet, title)
    fill_table(sheet, [_values(document, row, year) for row in rows], [_runs(row) for row in rows])
    if remarks:
        _remark(sheet, document, rows, remarks)
    print_setup(sheet, title)
    return as_bytes(book, title, datetime.datetime(year, 1, 1))


def begin_table(sheet: Worksheet, title: str) -> None:
    """Write the title and the header row, and set the columns' widths."""
    # "Ambities 2024 – Wonen" above the table would be read as an ambition.
    put(sheet, 1, 1, f"DIN – {title}" if is_misleading(title) else title, font=TITLE)
    sheet.row_dimensions[1].height = 24
    for number, column in enumerate(COLUMNS, start=1):
        put(sheet, HEADER_ROW, number, column.heading, font=HEAD, fill=HEAD_FILL, alignment=WRAP, border=BOX)
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    sheet.row_dimensions[HEADER_ROW].height = 20
    sheet.freeze_panes = f"B{HEADER_ROW + 1}"
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"


def fill_table(sheet: Worksheet, rows: Sequence[Sequence[Value]], runs: Sequence[Sequence[object]]) -> None:
    """Write the rows below the header.

    `runs` says of each cell what it stands for: equal ones below each other in a column are merged, None never is.
    """
    begins = _beginnings(rows, runs)
    style, quoted = _body_styles(sheet)
    heights = [0.0] * len(rows)
    merges: list[tuple[int, int, int, float]] = []
    for number, column in enumerate(COLUMNS):
        starts = [place for place in range(len(rows)) if begins[place][number]]
        for start, end in pairwise([*starts, len(rows)]):
            needed = _height(rows[start][number], column.width)
            if end - start == 1:
                heights[start] = max(heights[start], needed)
            else:
                merges.append((number, start, end - 1, needed))
            for place in range(start, end):
                value = rows[place][number] if place == start else None
                cell = put(sheet, HEADER_ROW + 1 + place, number + 1, value)
                cell._style = copy(quoted if cell.quotePrefix else style)
    for number, start, last, needed in merges:
        missing = needed - sum(heights[start : last + 1])
        if missing > 0:
            for place in range(start, last + 1):
                heights[place] += missing / (last + 1 - start)
        _merge(sheet, number + 1, HEADER_ROW + 1 + start, HEADER_ROW + 1 + last)
    for place, (values, height) in enumerate(zip(rows, heights, strict=True)):
        # A blank row keeps no height of its own: it grows with what is typed.
        if any(value is not None for value in values):
            sheet.row_dimensions[HEADER_ROW + 1 + place].height = min(height, _HIGHEST_ROW)


def _body_styles(sheet: Worksheet) -> tuple[Any, Any]:
    """Return the style of a cell below the header, plain and for a text that looks like a formula.

    Setting a font, an alignment and a border is most of the work of a large sheet; copying a style is not.
    """
    scratch: Any = Cell(sheet, row=1, column=1)
    scratch.font, scratch.alignment, scratch.border = _BODY, WRAP, BOX
    plain = copy(scratch._style)
    scratch.quotePrefix = True
    return plain, scratch._style


def _merge(sheet: Worksheet, column: int, top: int, bottom: int) -> None:
    # Not merge_cells: that looks through all earlier merges for each new one.
    merge = CellRange(min_col=column, min_row=top, max_col=column, max_row=bottom)
    sheet.merged_cells.ranges.add(merge)


def put(sheet: Worksheet, row: int, column: int, value: Value, **style: object) -> Any:
    """Write one cell and return it; a text is written as a text: one that begins with "=" never becomes a formula."""
    cell: Any = sheet.cell(row, column)
    for name, setting in style.items():
        setattr(cell, name, setting)
    if isinstance(value, str) and value:
        cell.value = _ESCAPE.sub("_x005F_", value)[:CELL_CHARACTERS]
        cell.data_type = "s"
        if value.startswith(("=", "+", "-", "@")):
            cell.quotePrefix = True
    elif isinstance(value, int):
        cell.value = value
    return cell


def print_setup(sheet: Worksheet, title: str) -> None:
    """A4 landscape, as wide as the page, the page's number below."""
    settings: Any = sheet
    settings.page_setup.orientation = "landscape"
    settings.page_setup.paperSize = sheet.PAPERSIZE_A4
    settings.page_setup.fitToWidth = 1
    settings.page_setup.fitToHeight = 0
    settings.sheet_properties.pageSetUpPr.fitToPage = True
    settings.page_margins.left = settings.page_margins.right = 0.4
    settings.page_margins.top = settings.page_margins.bottom = 0.7
    # An ampersand in a footer is a control code; doubled it is itself.
    settings.oddFooter.left.text = title.replace("&", "&&")[:120]
    settings.oddFooter.right.text = "&P van &N"


def as_bytes(book: Workbook, title: str, moment: datetime.datetime) -> bytes:
    """Return the workbook's bytes."""
    book.properties.title = title
    book.properties.creator = "Programmamonitor"
    book.properties.language = "nl-NL"
    book.properties.created = book.properties.modified = moment
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _values(document: Document, row: Row, year: int) -> list[Value]:
    """Return the row's cells, those that will be merged with the row above included."""
    values: list[Value] = [None] * len(COLUMNS)
    named = next((theme for theme in document.themes if theme.name == row.theme), None)
    values[0] = theme_text(named) if named else PROGRAMME_WIDE
    places: list[int | None] = [*row.chain, *[None] * (4 - len(row.chain))]
    values[1], values[2], values[4] = (NONE if level < len(row.chain) else None for level in range(3))
    ambition, er_goal, goal, effort = places
    if ambition is not None:
        values[1] = item_text(document.ambitions[ambition].text, "ambition")
    if er_goal is not None:
        values[2] = item_text(document.er_goals[er_goal].text, "er_goal")
    if goal is not None:
        said = document.smart_goals[goal]
        values[3] = said.number
        values[4] = item_text(said.text, "smart_goal", said.number)
        values[5:8] = deadline_text(said, year), one_line(said.owner or ""), tags_text(said.focus_areas)
    if effort is not None:
        values[8] = item_text(document.efforts[effort].text, "effort")
        values[9] = one_line(document.efforts[effort].lead or "")
    return values


def _runs(row: Row) -> list[object]:
    """Return for each column what its cell stands for: equal ones below each other are one merged cell."""
    runs: list[object] = []
    for column in COLUMNS:
        depth = column.level + 1
        within = column.level != EFFORT and depth <= len(row.chain)
        runs.append((row.theme, row.chain[:depth]) if within else None)
    return runs


def _beginnings(rows: Sequence[Sequence[Value]], runs: Sequence[Sequence[object]]) -> list[list[bool]]:
    """Return for each cell whether it begins something; the others are merged with the cell above.

    The theme is said again on a row that would else begin with a text that does not look like part of the table.
    """
    result: list[list[bool]] = []
    for place, (values, keys) in enumerate(zip(rows, runs, strict=True)):
        above = runs[place - 1] if place else [None] * len(keys)
        begins = [key is None or key != before for key, before in zip(keys, above, strict=True)]
        first = next((value for value, begin in zip(values, begins, strict=True) if begin and value), None)
        if isinstance(first, str) and is_misleading(first):
            begins[0] = True
        result.append(begins)
    return result


def _height(value: Value, width: int) -> float:
    """Return how high a row must be for a text: spreadsheet programs do not find that out for merged cells."""
    lines = str(value if value is not None else "").split("\n")
    return 3 + _POINTS_A_LINE * sum(max(1, math.ceil(len(line) / width)) for line in lines)


def _remark(
    sheet: Worksheet, document: Document, rows: Iterable[Row], remarks: Mapping[tuple[str | None, str], str]
) -> None:
    column = next(number for number, it in enumerate(COLUMNS, start=1) if it.heading == "SMART-doel")
    for number, row in enumerate(rows, start=HEADER_ROW + 1):
        goal = row.chain[SMART_GOAL] if len(row.chain) > SMART_GOAL else None
        if goal is None:
            continue
        remark = remarks.get((document.smart_goals[goal].theme, document.smart_goals[goal].text))
        cell = sheet.cell(number, column)
        if remark and cell.value:
            cell.font = _STRUCK
            cell.comment = Comment(clean(remark), "Programmamonitor", width=320, height=120)
