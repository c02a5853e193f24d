"""A picture of each sheet as the reader saw it, with the findings marked in it. Knows no Django.

A page is bounded whatever the workbook: of a sheet the first rows and the rows with a finding, of the workbook no more
than PICTURE_CELLS cells. Every finding stays in the list, with a link when its cell is in the picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from din.reading.document import Finding, Reading, SeenRow, SeenSheet

PICTURE_CELLS = 9_000
PICTURE_ROWS = 40
PICTURE_ROWS_WITH_FINDINGS = 60
PICTURE_COLUMNS = 30
PICTURE_CHARACTERS = 200
PICTURE_SHEETS = 30

# What a person can say that a column is, in the order of the list.
COLUMN_WORDS = {
    "theme": "onderdeel (pijler, thema)",
    "ambition": "ambitie",
    "er_goal": "ER-doel",
    "smart_goal": "SMART-doel",
    "effort": "inspanning",
    "number": "nummer",
    "deadline": "deadline",
    "owner": "eigenaar",
    "lead": "trekker",
    "focus_areas": "speerpunt (label)",
    "ignore": "niet lezen",
}
_ROLE_WORDS = {
    "title": "titel",
    "header": "kolomkoppen",
    "theme": "onderdeel",
    "ambition": "ambitie",
    "note": "opmerking, niet gelezen",
    "data": "gelezen",
}
_ORIGIN_WORDS = {
    "column": "uit de kolom",
    "band": "uit de rij erboven",
    "title": "uit de titel",
    "sheet": "uit de naam van het blad",
}


@dataclass(frozen=True)
class Remark:
    """A finding, with the number of its line in the list: findings that say the same share one.

    `anchor` is the cell in the picture, empty when it is not in there.
    """

    number: int
    is_error: bool
    source: str
    message: str
    anchor: str


@dataclass(frozen=True)
class FindingLine:
    """A line of the list: what is said, and every place that it is said of."""

    number: int
    message: str
    places: tuple[Remark, ...]


@dataclass(frozen=True)
class PictureColumn:
    """`choice` is what a person said that the column is, empty when the reader decides."""

    letter: str
    header: str
    level: str
    choice: str


@dataclass(frozen=True)
class PictureCell:
    text: str
    anchor: str = ""
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class PictureRow:
    """`is_left_out_above` says that rows between this one and the one before it are not in the picture."""

    number: int
    role: str
    role_label: str
    theme: str
    theme_from: str
    cells: tuple[PictureCell, ...]
    is_left_out_above: bool


@dataclass(frozen=True)
class SheetPicture:
    """A sheet; `columns` are those of the picture, `choosable` all those that a person can tell about."""

    index: int
    name: str
    state: str
    columns: tuple[PictureColumn, ...]
    choosable: tuple[PictureColumn, ...]
    rows: tuple[PictureRow, ...]
    row_count: int
    has_remarks: bool


@dataclass(frozen=True)
class Picture:
    """Everything the reader saw and said; `sheets_left_out` sheets are not in it."""

    errors: tuple[Remark, ...]
    warnings: tuple[Remark, ...]
    sheets: tuple[SheetPicture, ...]
    sheets_left_out: int


def picture_of(reading: Reading, choices: Mapping[str, Mapping[str, str]]) -> Picture:
    """The picture of `reading`; `choices` is what a person said of columns: {"Blad1": {"C": "smart_goal"}}."""
    findings = [*((it, True) for it in reading.errors), *((it, False) for it in reading.warnings)]
    cells_wanted: dict[str, dict[int, set[str]]] = {}
    for finding, _ in findings:
        if at := _place(finding):
            cells_wanted.setdefault(at[0], {}).setdefault(at[1], set()).add(at[2])
    seen = reading.sheets[:PICTURE_SHEETS]
    budget = PICTURE_CELLS
    frames: list[tuple[SeenSheet, list[int], list[SeenRow]]] = []
    for sheet in seen:
        columns = _columns_shown(sheet, cells_wanted.get(sheet.name, {}))
        rows = _rows_shown(sheet, cells_wanted.get(sheet.name, {}), budget // max(1, len(columns)))
        budget -= len(rows) * len(columns)
        frames.append((sheet, columns, rows))
    anchors = {
        (sheet.name, row.number, sheet.letters[column]): f"cel-{index}-{sheet.letters[column]}{row.number}"
        for index, (sheet, columns, rows) in enumerate(frames)
        for row in rows
        for column in columns
        if sheet.letters[column] in cells_wanted.get(sheet.name, {}).get(row.number, ())
    }
    remarks = _remarks(findings, anchors)
    at_anchor: dict[str, list[Remark]] = {}
    for remark in remarks:
        if remark.anchor:
            at_anchor.setdefault(remark.anchor, []).append(remark)
    return Picture(
        tuple(remark for remark in remarks if remark.is_error),
        tuple(remark for remark in remarks if not remark.is_error),
        tuple(
            _sheet(index, sheet, columns, rows, choices.get(sheet.name, {}), at_anchor)
            for index, (sheet, columns, rows) in enumerate(frames)
        ),
        len(reading.sheets) - len(seen),
    )


def lines_of(remarks: Iterable[Remark]) -> list[FindingLine]:
    """`remarks` as a list to read: hundreds of cells with the same fault are one line."""
    by_number: dict[int, list[Remark]] = {}
    for remark in remarks:
        by_number.setdefault(remark.number, []).append(remark)
    return [FindingLine(number, places[0].message, tuple(places)) for number, places in by_number.items()]


def lines_of_log(findings: Sequence[Mapping[str, str | None]]) -> list[FindingLine]:
    """The findings that the log keeps, as a list to read without a picture."""
    kept = [(Finding(finding["source"], finding["message"] or ""), False) for finding in findings]
    return lines_of(_remarks(kept, {}))


def _remarks(
    findings: Sequence[tuple[Finding, bool]], anchors: Mapping[tuple[str, int, str], str]
) -> tuple[Remark, ...]:
    numbers: dict[tuple[str, bool], int] = {}
    return tuple(
        Remark(
            numbers.setdefault((finding.message, is_error), len(numbers) + 1),
            is_error,
            finding.source or "",
            finding.message,
            anchors.get(_place(finding) or ("", 0, ""), ""),
        )
        for finding, is_error in findings
    )


def _place(finding: Finding) -> tuple[str, int, str] | None:
    """Sheet, row and column letters of a finding's source; None for the file as a whole."""
    sheet, mark, cell = (finding.source or "").rpartition("!")
    letters = cell.rstrip("0123456789")
    digits = cell[len(letters) :]
    return (sheet, int(digits), letters) if mark and letters and digits else None


def _columns_shown(sheet: SeenSheet, wanted: Mapping[int, set[str]]) -> list[int]:
    """The places of the columns in the picture: the first ones, those that are read, and those with a finding."""
    marked = set().union(*wanted.values()) if wanted else set()
    read = {column.letter for column in sheet.columns if column.level}
    return [
        place
        for place, letter in enumerate(sheet.letters)
        if place < PICTURE_COLUMNS or letter in read or letter in marked
    ]


def _rows_shown(sheet: SeenSheet, wanted: Mapping[int, set[str]], most: int) -> list[SeenRow]:
    first = sheet.rows[:PICTURE_ROWS]
    later = [row for row in sheet.rows[PICTURE_ROWS:] if row.number in wanted or row.role == "header"]
    rows = [*first, *later[:PICTURE_ROWS_WITH_FINDINGS]]
    if len(rows) > most:
        rows = sorted(rows, key=lambda row: (row.number not in wanted, row.number))[:most]
    return sorted(rows, key=lambda row: row.number)


def _sheet(
    index: int,
    sheet: SeenSheet,
    places: list[int],
    rows: list[SeenRow],
    choices: Mapping[str, str],
    at_anchor: Mapping[str, list[Remark]],
) -> SheetPicture:
    known = {column.letter: column for column in sheet.columns}
    columns = tuple(
        PictureColumn(
            letter,
            known[letter].header if letter in known else "",
            COLUMN_WORDS.get((known[letter].level or "") if letter in known else "", ""),
            choices.get(letter, ""),
        )
        for letter in sheet.letters
    )
    pictured: list[PictureRow] = []
    before = 0
    for row in rows:
        cells = tuple(_cell(index, sheet.letters[place], row, place, at_anchor) for place in places)
        role = row.role if sheet.state == "read" else "not_read"
        pictured.append(
            PictureRow(
                row.number,
                role,
                _ROLE_WORDS.get(role, "niet gelezen"),
                row.theme or "",
                _ORIGIN_WORDS.get(row.theme_from or "", ""),
                cells,
                is_left_out_above=_skips(sheet, before, row.number),
            )
        )
        before = row.number
    return SheetPicture(
        index,
        sheet.name,
        sheet.state,
        tuple(columns[place] for place in places),
        columns,
        tuple(pictured),
        sheet.row_count,
        has_remarks=any(cell.remarks for row in pictured for cell in row.cells),
    )


def _cell(index: int, letter: str, row: SeenRow, place: int, at_anchor: Mapping[str, list[Remark]]) -> PictureCell:
    text = row.cells[place] if place < len(row.cells) else ""
    if len(text) > PICTURE_CHARACTERS:
        text = f"{text[: PICTURE_CHARACTERS - 1]}…"
    anchor = f"cel-{index}-{letter}{row.number}"
    remarks = tuple(at_anchor.get(anchor, ()))
    return PictureCell(text, anchor if remarks else "", remarks)


def _skips(sheet: SeenSheet, before: int, number: int) -> bool:
    """Whether filled rows that the reader showed lie between two rows of the picture."""
    return any(before < row.number < number for row in sheet.rows) if before else False
