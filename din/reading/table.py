"""Read a plain table from a workbook: one row of headings that are known beforehand, one thing a row below it.

For what a manager keeps in a list of their own, such as commitments or measurements. A cell is what the reader of the
sheet sees: a number of 0,4833 that is shown as 48% reads as "48%".
"""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from din.reading import limits
from din.reading.document import Finding
from din.reading.findings import Findings, place
from din.reading.formats import read_grids
from din.reading.grids import Grid, column_letters
from din.reading.refusal import NOTHING_FILLED, Refused
from din.reading.shown import MONTHS
from din.text import clean, text_key

_NO_VALUE = (
    "De formule in deze cel heeft geen opgeslagen uitkomst. Open het bestand in Excel of LibreOffice, sla het op en "
    "lees het opnieuw in."
)
_ERROR_VALUE = "In deze cel staat een foutwaarde van een formule. Verbeter de formule of maak de cel leeg."


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a table may have, found by its `heading`; a table without one that is required is refused."""

    key: str
    heading: str
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class TableRow:
    """A filled row: its number in the sheet, and its cells by the key of their column ("" for a blank cell).

    A column that the table does not have is not in `cells`.
    """

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """What was read, and what is wrong with it; with a finding nothing of it may be written."""

    sheet: str = ""
    letters: dict[str, str] = field(default_factory=dict)
    rows: tuple[TableRow, ...] = ()
    findings: tuple[Finding, ...] = ()

    def finding(self, row: TableRow, key: str, message: str) -> Finding:
        """A finding about the cell of `row` in the column `key`; about the row when it has no such column."""
        return Finding(f"{self.sheet}!{self.letters.get(key, 'A')}{row.number}", message)


def read_table_in_process(data: bytes, columns: Sequence[Column]) -> Table:
    """Read the first visible sheet that has the headings, in this very process.

    Never raises for what a file holds: what is wrong is a finding. For bytes from outside use `bounded.read_table`.
    """
    try:
        grids = [grid for grid in read_grids(data) if not grid.hidden and grid.rows]
    except Refused as refused:
        return Table(findings=(Finding(refused.source, refused.message),))
    if not grids:
        return Table(findings=(Finding(None, NOTHING_FILLED),))
    required = {column.key for column in columns if column.is_required}
    for grid in grids:
        for row in grid.row_numbers:
            if row > limits.HEADER_WITHIN_ROWS:
                break
            found = _headings(grid, row, columns)
            if found and required <= set(found.values()):
                return _table(grid, row, found, columns)
    wanted = ", ".join(column.heading for column in columns if column.is_required)
    message = f"Er is geen rij met deze kolomkoppen gevonden: {wanted}. Zet ze boven de kolommen, in één rij."
    return Table(findings=(Finding(None, message),))


def _headings(grid: Grid, row: int, columns: Sequence[Column]) -> dict[int, str]:
    """The keys of the columns that `row` is the heading of, by their place in the sheet."""
    keys = {text_key(column.heading): column.key for column in columns}
    cells = sorted(grid.rows[row].items())
    return {number: key for number, cell in cells if (key := keys.get(text_key(cell.text)))}


def _table(grid: Grid, header: int, found: dict[int, str], columns: Sequence[Column]) -> Table:
    findings = Findings()
    headings = {column.key: column.heading for column in columns}
    letters: dict[str, str] = {}
    for number, key in found.items():
        if key in letters:
            findings.error(f"De kolom ‘{headings[key]}’ staat er twee keer.", place(grid.name, header, number))
        letters.setdefault(key, column_letters(number))
    rows = []
    for row in grid.row_numbers:
        if row <= header:
            continue
        cells = dict.fromkeys(letters, "")
        for number, key in found.items():
            top, left = grid.anchor(row, number)
            cell = grid.own(top, left) if top > header else None
            if cell is None:
                continue
            if cell.problem:
                findings.error(_NO_VALUE if cell.problem == "no_value" else _ERROR_VALUE, place(grid.name, row, number))
            cells[key] = clean(cell.text)
        if any(cells.values()):
            rows.append(TableRow(row, cells))
    if not rows:
        findings.error("Onder de kolomkoppen staat niets.", place(grid.name, header, min(found)))
    return Table(grid.name, letters, tuple(rows), findings.errors)


# --- what a cell says ------------------------------------------------------------------------------------------------

_DAY = re.compile(
    r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})"
    r"|([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
    r"|([0-9]{1,2}) ([a-z]+)\.? ([0-9]{4})"
)
_NUMBER = re.compile(r"[-−]?(?:[0-9]{1,12}|[0-9]{1,3}(?:\.[0-9]{3}){1,3})(?:,[0-9]{1,6})?")


def as_day(text: str) -> datetime.date | None:
    """The day that a cell says ("1-5-2023", "2023-05-01", "1 mei 2023"); None for a blank cell.

    Raises ValueError with the sentence for the reader when it says no day.
    """
    if not text:
        return None
    match = _DAY.fullmatch(text.lower().removesuffix(" 00:00:00").removesuffix(" 0:00"))
    try:
        if match is None:
            raise ValueError
        if match[1]:
            return datetime.date(int(match[3]), int(match[2]), int(match[1]))
        if match[4]:
            return datetime.date(int(match[4]), int(match[5]), int(match[6]))
        month = next(number for number, name in enumerate(MONTHS, 1) if name == match[8] or name[:3] == match[8])
        return datetime.date(int(match[9]), month, int(match[7]))
    except (ValueError, StopIteration):
        raise ValueError(f"‘{text[:40]}’ is geen dag. Schrijf een dag als 1-5-2023.") from None


def as_number(text: str) -> Decimal | None:
    """The number that a cell says, in Dutch ("1.031", "48,33", "48,33%" is 48.33); None for a blank cell.

    Raises ValueError with the sentence for the reader when it says no number, or one with a decimal point: "47.25"
    may be a slip for "4.725" and is not guessed at.
    """
    if not text:
        return None
    number = text.removeprefix("€").removesuffix("%").strip()
    if not _NUMBER.fullmatch(number):
        raise ValueError(f"‘{text[:40]}’ is geen getal. Schrijf een getal als 1.031 of 48,33.")
    return Decimal(number.replace("−", "-").replace(".", "").replace(",", "."))


# --- between the processes -------------------------------------------------------------------------------------------


def table_to_wire(table: Table) -> dict[str, Any]:
    """`table` as what JSON holds."""
    return {
        "sheet": table.sheet,
        "letters": table.letters,
        "rows": [[row.number, row.cells] for row in table.rows],
        "findings": [[finding.source, finding.message] for finding in table.findings],
    }


def table_from_wire(wire: dict[str, Any]) -> Table:
    """The table that `table_to_wire` wrote.

    Raises KeyError, TypeError or ValueError for what it cannot have written.
    """
    return Table(
        str(wire["sheet"]),
        dict(wire["letters"]),
        tuple(TableRow(int(number), dict(cells)) for number, cells in wire["rows"]),
        tuple(Finding(source, message) for source, message in wire["findings"]),
    )
