"""The report as a spreadsheet: a summary, and a sheet each for goals, indicators and commitments. Knows no Django."""

import datetime
import io
import math
from collections.abc import Iterable, Iterator, Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from monitoring.report.document import ReportDocument, ReportGoal

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CELL_LIMIT = 32_767  # the most characters that a spreadsheet program takes in one cell

_FONT = "Calibri"
_LINE_HEIGHT = 15.0  # points, for a line of 11 points
_ROW_LIMIT = 409.0  # the tallest row that a spreadsheet program takes, in points

_TITLE = Font(name=_FONT, size=18, bold=True, color="0D3B2A")
_HEAD = Font(name=_FONT, bold=True, color="FFFFFF")
_HEAD_FILL = PatternFill("solid", start_color="0D3B2A")
_TOTAL = Font(name=_FONT, bold=True)
_WRAP = Alignment(wrap_text=True, vertical="top")
_CONCEPT = Font(name=_FONT, bold=True, color="8C1A11")

Value = str | float | datetime.date | None
Column = tuple[str, int]  # heading, width in characters
_GOAL_COLUMNS: list[Column] = [
    ("Onderdeel", 24),
    ("Nr.", 8),
    ("Doel", 52),
    ("Deadline", 15),
    ("Eigenaar", 18),
    ("Status", 17),
    ("Te laat", 9),
    ("Toelichting", 52),
    ("Vervolgstappen", 40),
    ("Verwacht gereed", 16),
]
_INDICATOR_COLUMNS: list[Column] = [
    ("Indicator", 44),
    ("Kernindicator", 14),
    ("Eenheid", 14),
    ("Periode", 24),
    ("Waarde", 12),
    ("Bron", 40),
    ("Opmerking", 40),
    ("Laatste streefwaarde", 24),
    ("Oordeel", 17),
    ("Doelen", 24),
]
_COMMITMENT_COLUMNS: list[Column] = [
    ("Soort", 14),
    ("Raadsnummer", 14),
    ("Titel", 40),
    ("Wat is toegezegd of gevraagd", 52),
    ("Datum", 12),
    ("Door", 24),
    ("Afdoen voor", 12),
    ("Stand", 18),
    ("Afdoeningsvoorstel", 52),
    ("Doelen", 24),
]


def render_xlsx(document: ReportDocument, *, sha256: str = "") -> bytes:
    """The workbook's bytes. `sha256` is the hash of the frozen report; empty marks every sheet as a concept."""
    workbook = Workbook()
    summary = workbook.active
    assert summary is not None  # noqa: S101 - a new workbook has one sheet
    summary.title = "Samenvatting"
    _summary(summary, document, sha256)
    _table(workbook.create_sheet("Doelen"), "Doelen", _GOAL_COLUMNS, _goal_rows(document))
    if document.indicators:
        _table(workbook.create_sheet("Indicatoren"), "Indicatoren", _INDICATOR_COLUMNS, _indicator_rows(document))
    if document.commitments:
        _table(workbook.create_sheet("Toezeggingen"), "Toezeggingen", _COMMITMENT_COLUMNS, _commitment_rows(document))
    for sheet in workbook.worksheets:
        _print_setup(sheet, document)
    day = datetime.datetime.fromisoformat(document.adopted_on or document.reference_day)
    workbook.properties.title = f"Voortgangsrapportage {document.programme}, {document.round_label}"
    workbook.properties.creator = "Programmamonitor"
    workbook.properties.created = workbook.properties.modified = day
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _write(sheet: Worksheet, row: int, column: int, value: Value, **style: object) -> None:
    """Write one cell; a text is written as a text, so that one that begins with "=" never becomes a formula."""
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = value[:CELL_LIMIT]
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
    else:
        cell.value = value
    for name, setting in style.items():
        setattr(cell, name, setting)


def _summary(sheet: Worksheet, document: ReportDocument, sha256: str) -> None:
    _write(sheet, 1, 1, document.programme, font=_TITLE)
    _write(sheet, 2, 1, f"Voortgangsrapportage {document.round_label}", font=Font(name=_FONT, size=14))
    if document.is_adopted:
        adopted = _dutch(document.adopted_on)
        _write(sheet, 3, 1, f"{document.plan}. Vastgesteld op {adopted}, editie {document.edition}.{_why(document)}")
    else:
        _write(sheet, 3, 1, f"CONCEPT – nog niet vastgesteld. {document.plan}.", font=_CONCEPT)
    _write(sheet, 4, 1, document.summary)

    heads = ["Onderdeel", *(count.label.capitalize() for count in document.counts), "Totaal", "Te laat"]
    top = 6
    for column, head in enumerate(heads, start=1):
        wrap = Alignment(wrap_text=True, vertical="top", horizontal="left" if column == 1 else "right")
        _write(sheet, top, column, head, font=_HEAD, fill=_HEAD_FILL, alignment=wrap)
    sheet.row_dimensions[top].height = 2 * _LINE_HEIGHT
    for row, theme in enumerate(document.themes, start=top + 1):
        numbers: list[int] = [*(count.count for count in theme.counts), len(theme.goals), theme.late]
        _write(sheet, row, 1, theme.title, alignment=_WRAP)
        for column, number in enumerate(numbers, start=2):
            _write(sheet, row, column, number)
    total_row = top + 1 + len(document.themes)
    totals = [*(count.count for count in document.counts), document.goals, document.late]
    _write(sheet, total_row, 1, "Totaal", font=_TOTAL)
    for column, number in enumerate(totals, start=2):
        _write(sheet, total_row, column, number, font=_TOTAL)

    sheet.column_dimensions["A"].width = 34
    for column in range(2, len(heads) + 1):
        sheet.column_dimensions[get_column_letter(column)].width = 12
    sheet.freeze_panes = f"B{top + 1}"
    if sha256:
        _write(
            sheet, total_row + 2, 1, f"Controlegetal (SHA-256): {sha256}", font=Font(name=_FONT, size=9, color="4A5D66")
        )


def _why(document: ReportDocument) -> str:
    """When and why the report was corrected; nothing for a first edition."""
    if not document.corrected_on:
        return ""
    return f" Gecorrigeerd op {_dutch(document.corrected_on)}: {document.correction}"


def _height(values: Sequence[Value], columns: Sequence[Column]) -> float:
    """The height in points that shows the whole text of a row; not every program works it out by itself."""
    lines = 1
    for value, (_, width) in zip(values, columns, strict=True):
        if isinstance(value, str):
            # Words break before the edge: count with a little less than the column's width.
            lines = max(lines, sum(max(1, math.ceil(len(part) / (width * 0.95))) for part in value.split("\n")))
    return min(lines * _LINE_HEIGHT, _ROW_LIMIT)


def _table(sheet: Worksheet, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> None:
    """A sheet with a table called `name`: a frozen header that is printed on every page, filters, a row for each of
    `rows`.
    """
    for column, (head, width) in enumerate(columns, start=1):
        _write(sheet, 1, column, head, font=_HEAD, fill=_HEAD_FILL, alignment=_WRAP)
        sheet.column_dimensions[get_column_letter(column)].width = width
    last = 1
    for last, values in enumerate(rows, start=2):
        for column, value in enumerate(values, start=1):
            _write(sheet, last, column, value, alignment=_WRAP)
            if isinstance(value, datetime.date):
                sheet.cell(last, column).number_format = "dd-mm-yyyy"
        sheet.row_dimensions[last].height = _height(values, columns)
    sheet.freeze_panes = "D2"
    sheet.print_title_rows = "1:1"
    if last > 1:
        table = Table(displayName=name, ref=f"A1:{get_column_letter(len(columns))}{last}")
        table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
        sheet.add_table(table)


def _goal_rows(document: ReportDocument) -> Iterator[Sequence[Value]]:
    return (_row(theme.title, goal) for theme in document.themes for goal in theme.goals)


def _indicator_rows(document: ReportDocument) -> Iterator[Sequence[Value]]:
    """A row for each measurement, and one for an indicator or part without any."""
    wholes = {indicator.part_of for indicator in document.indicators}
    for indicator in document.indicators:
        if indicator.name in wholes and not indicator.measurements:
            continue
        name = f"{indicator.part_of}: {indicator.name}" if indicator.part_of else indicator.name
        target = next(
            (f"{_number(target.value)} op {_dutch(target.day)}" for target in reversed(indicator.targets)), ""
        )
        head = (name, "ja" if indicator.is_key else "nee", indicator.unit)
        tail = (target, indicator.judgement_label.capitalize(), ", ".join(indicator.goals))
        for one in indicator.measurements:
            yield (*head, one.period, float(one.value), one.source, one.note, *tail)
        if not indicator.measurements:
            yield (*head, "", None, "", "", *tail)


def _commitment_rows(document: ReportDocument) -> Iterator[Sequence[Value]]:
    return (
        (
            commitment.kind_label.capitalize(),
            commitment.number,
            commitment.title,
            commitment.text,
            _date(commitment.made_on),
            commitment.made_by,
            _date(commitment.deadline),
            commitment.state_label.capitalize(),
            commitment.settlement,
            ", ".join(commitment.goals),
        )
        for commitment in document.commitments
    )


def _row(theme: str, goal: ReportGoal) -> list[Value]:
    explanation = goal.explanation
    if goal.not_delivered_reason:
        explanation = f"Niet aangeleverd: {goal.not_delivered_reason}"
    status = goal.status_label or goal.state_label
    return [
        theme,
        goal.reference,
        goal.text,
        goal.deadline_label,
        goal.owner,
        status[:1].upper() + status[1:],
        "ja" if goal.late else "nee",
        explanation,
        goal.next_steps,
        _date(goal.forecast),
    ]


def _print_setup(sheet: Worksheet, document: ReportDocument) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    # An ampersand in a header is a control code; doubled it is itself.
    title = document.round_label if document.is_adopted else f"CONCEPT – {document.round_label}"
    sheet.oddHeader.left.text = document.programme.replace("&", "&&")  # type: ignore[union-attr]
    sheet.oddHeader.right.text = title  # type: ignore[union-attr]
    sheet.oddFooter.right.text = "&P van &N"  # type: ignore[union-attr]


def _date(day: str) -> datetime.date | None:
    return datetime.date.fromisoformat(day) if day else None


def _number(value: str) -> str:
    """A decimal number as it is written in Dutch, without groups: "48,33"."""
    return value.replace(".", ",")


def _dutch(day: str) -> str:
    date = datetime.date.fromisoformat(day)
    return f"{date.day}-{date.month}-{date.year}"
