"""The report as sheets, one a subject, for the spreadsheet formats: what is in which cell. Knows no Django.

A text is a text, a number a number and a day a day: nothing that somebody wrote is ever a formula. A text that is
longer than a cell may hold goes on in the row below.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from monitoring.report.document import ReportDocument, ReportIndicator, date_of
from monitoring.report.printing import print_report
from monitoring.report.wording import GONE, Heading, capitalized, standing_label, told_of

CELL_LIMIT = 32_767  # the most characters that a spreadsheet program takes in one cell
LINE_HEIGHT = 15.0  # points, for a line of 11 points
_FILLED = 0.9  # how much of a line holds letters, on average
_ROW_LIMIT = 409.0  # the tallest row that a spreadsheet program takes, in points

Cell = str | int | Decimal | datetime.date | None
Row = Sequence[Cell]


@dataclass(frozen=True)
class Column:
    """A column: its heading, and its width in characters."""

    heading: str
    width: int


@dataclass(frozen=True)
class Sheet:
    """A table with its `lead`, lines above it; the header and the first `frozen` columns stay in sight.

    With `has_total` the last row is a sum of those above it. Only the first `printed` columns go on paper; 0 for all.
    """

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    frozen: int = 0
    lead: tuple[str, ...] = ()
    has_total: bool = False
    printed: int = 0

    @property
    def header_row(self) -> int:
        """The number of the header's row, from 1; after the lead comes an empty row."""
        return len(self.lead) + 2 if self.lead else 1


@dataclass(frozen=True)
class Sheets:
    """All sheets of a report. `header` is printed above every page; of a concept it says so."""

    title: str
    programme: str
    header: str
    is_concept: bool
    day: datetime.date
    sheets: tuple[Sheet, ...]


_GOAL_COLUMNS = (
    Column("Onderdeel", 18),
    Column("Nr.", 7),
    Column("Doel", 40),
    Column("Deadline", 12),
    Column("Eigenaar", 17),
    Column("Status", 13),
    Column("Te laat", 8),
    Column("Toelichting", 60),
    Column("Vervolgstappen", 38),
    Column("Verwacht gereed", 12),
    # Beside the paper, which would make the letters of the others too small.
    Column("Draagt bij aan", 40),
    Column("Speerpunt", 24),
    Column(Heading.DESCRIPTION, 60),
    Column(Heading.INTENDED_RESULTS, 60),
)
_THEME_COLUMNS = (Column("Onderdeel", 34), Column("Ambities", 60), Column("Inleiding", 80))
_EFFORT_COLUMNS = (
    Column("Onderdeel", 24),
    Column("Nr.", 8),
    Column("Doel", 44),
    Column("Inspanning", 52),
    Column("Trekker", 24),
    Column("Gedaan", 9),
    Column("Opmerking", 44),
)
_CHANGE_COLUMNS = (
    Column("Onderdeel", 24),
    Column("Nr.", 8),
    Column("Doel", 52),
    Column("Was", 20),
    Column("Is nu", 20),
    Column("Verandering", 24),
)
_INDICATOR_COLUMNS = (
    Column("Indicator", 44),
    Column("Kernindicator", 14),
    Column("Eenheid", 14),
    Column("Periode", 24),
    Column("Waarde", 12),
    Column("Bron", 40),
    Column("Opmerking", 40),
    Column("Laatste streefwaarde", 24),
    Column("Oordeel", 17),
    Column("Doelen", 24),
    # Beside the paper.
    Column("Onderdeel", 24),
    Column("Wat er wordt gemeten", 60),
    Column("Eigenaar", 24),
    Column("Bron van de indicator", 40),
)
_TARGET_COLUMNS = (
    Column("Indicator", 44),
    Column("Eenheid", 14),
    Column("Richting", 20),
    Column("Op", 12),
    Column("Streefwaarde", 16),
    Column("Tot en met", 12),
    Column("Bron", 40),
)
_COMMITMENT_COLUMNS = (
    Column("Soort", 14),
    Column("Raadsnummer", 14),
    Column("Titel", 40),
    Column("Wat is toegezegd of gevraagd", 52),
    Column("Datum", 12),
    Column("Door", 24),
    Column("Afdoen voor", 12),
    Column("Stand", 18),
    Column("Afdoeningsvoorstel", 52),
    Column("Doelen", 24),
    Column("Eigenaar", 24),
    Column("Afgedaan op", 14),
)
_COLOPHON_COLUMNS = (Column("Gegeven", 34), Column("Inhoud", 90))


def sheets_of(document: ReportDocument, *, sha256: str = "") -> Sheets:
    """The sheets of `document`; a subject of which it has nothing has none. `sha256` is "" of a concept."""
    told = print_report(document, sha256=sha256)
    found = [
        _summary(document, told.standing_line),
        _themes(document),
        Sheet("Doelen", _GOAL_COLUMNS, _fitting(_goal_rows(document), key=2), frozen=3, printed=10),
        Sheet("Inspanningen", _EFFORT_COLUMNS, _fitting(_effort_rows(document), key=2), frozen=3),
        Sheet("Veranderd", _CHANGE_COLUMNS, _fitting(_change_rows(document), key=2), frozen=3),
        Sheet("Indicatoren", _INDICATOR_COLUMNS, _fitting(_indicator_rows(document), key=1), frozen=1, printed=10),
        Sheet("Streefwaarden", _TARGET_COLUMNS, _fitting(_target_rows(document), key=1), frozen=1),
        Sheet("Toezeggingen", _COMMITMENT_COLUMNS, _fitting(_commitment_rows(document), key=3), frozen=3),
        Sheet("Verantwoording", _COLOPHON_COLUMNS, _fitting(told.colophon, key=1), frozen=1),
    ]
    return Sheets(
        title=f"{told.title}, {document.round_label}",
        programme=document.programme,
        header=document.round_label if document.is_adopted else f"CONCEPT – {document.round_label}",
        is_concept=not document.is_adopted,
        day=datetime.date.fromisoformat(told.day),
        sheets=tuple(sheet for sheet in found if sheet.rows),
    )


def _summary(document: ReportDocument, standing_line: str) -> Sheet:
    heads = ("Onderdeel", *(capitalized(count.label) for count in document.counts), "Totaal", "Te laat")
    rows: list[Row] = [
        (theme.title, *(count.count for count in theme.counts), len(theme.goals), theme.late)
        for theme in document.themes
    ]
    rows.append(("Totaal", *(count.count for count in document.counts), document.goals, document.late))
    correction = f" Reden van de correctie: {document.correction}" if document.correction else ""
    return Sheet(
        "Samenvatting",
        tuple(Column(head, 12 if place else 34) for place, head in enumerate(heads)),
        tuple(rows),
        frozen=1,
        lead=(
            document.programme,
            f"Voortgangsrapportage {document.round_label}",
            _cut(f"{document.plan}. {standing_line}.{correction}"),
            document.summary,
        ),
        has_total=True,
    )


def _cut(line: str) -> str:
    """A line above a table, which cannot go on below it; the whole text is in the colophon."""
    return line if len(line) <= CELL_LIMIT else f"{line[: CELL_LIMIT - 1]}…"


def _themes(document: ReportDocument) -> Sheet:
    rows: list[Row] = []
    if document.ambitions or document.introduction:
        rows.append(("Hele rapportage", "\n".join(document.ambitions), document.introduction))
    rows += [
        (theme.title, "\n".join(theme.ambitions), theme.introduction)
        for theme in document.themes
        if theme.ambitions or theme.introduction
    ]
    return Sheet("Onderdelen", _THEME_COLUMNS, _fitting(rows, key=1), frozen=1)


def _goal_rows(document: ReportDocument) -> Iterator[Row]:
    for theme in document.themes:
        for goal in theme.goals:
            yield (
                theme.title,
                goal.reference,
                goal.text,
                goal.deadline_label,
                goal.owner,
                standing_label(goal),
                _yes(goal.late),
                told_of(goal),
                goal.next_steps,
                date_of(goal.forecast),
                "\n".join(goal.serves),
                "\n".join(goal.focus_areas),
                goal.description,
                goal.intended_results,
            )


def _effort_rows(document: ReportDocument) -> Iterator[Row]:
    for theme in document.themes:
        for goal in theme.goals:
            for effort in goal.efforts:
                told = (effort.text, effort.lead, _yes(effort.done), effort.comment)
                yield (theme.title, goal.reference, goal.text, *told)


def _change_rows(document: ReportDocument) -> Iterator[Row]:
    """Every goal when there is a report to compare with, so that a reader can filter for what stayed the same too."""
    if not document.previous_round_label:
        return
    for theme in document.themes:
        for goal in theme.goals:
            stood = (capitalized(goal.before_label), standing_label(goal), capitalized(goal.change_label))
            yield (theme.title, goal.reference, goal.text, *stood)
    for gone in document.gone:
        yield (gone.theme, gone.reference, gone.text, capitalized(gone.before_label), "", GONE)


def _indicator_rows(document: ReportDocument) -> Iterator[Row]:
    """A row for each measurement, and one for an indicator or part without any."""
    for indicator in document.indicators:
        target = next(
            (f"{_written(target.value)} op {_short(target.day)}" for target in reversed(indicator.targets)), ""
        )
        head = (_name(indicator), _yes(indicator.is_key), indicator.unit)
        tail = (
            target,
            capitalized(indicator.judgement_label),
            ", ".join(indicator.goals),
            indicator.theme,
            indicator.description,
            indicator.owner,
            indicator.source,
        )
        for one in indicator.measurements:
            yield (*head, one.period, Decimal(one.value), one.source, one.note, *tail)
        if not indicator.measurements:
            yield (*head, "", None, "", "", *tail)


def _target_rows(document: ReportDocument) -> Iterator[Row]:
    for indicator in document.indicators:
        head = (_name(indicator), indicator.unit, capitalized(indicator.direction_label))
        if indicator.baseline:
            yield (*head, date_of(indicator.baseline_day), Decimal(indicator.baseline), None, "Uitgangswaarde")
        for target in indicator.targets:
            upper = Decimal(target.upper) if target.upper else None
            yield (*head, date_of(target.day), Decimal(target.value), upper, target.source)


def _commitment_rows(document: ReportDocument) -> Iterator[Row]:
    for one in document.commitments:
        yield (
            capitalized(one.kind_label),
            one.number,
            one.title,
            one.text,
            date_of(one.made_on),
            one.made_by,
            date_of(one.deadline),
            capitalized(one.state_label),
            one.settlement,
            ", ".join(one.goals),
            one.owner,
            date_of(one.settled_on),
        )


def _fitting(rows: Iterable[Row], *, key: int) -> tuple[Row, ...]:
    """`rows`, each followed by rows with the rest of its texts that are too long; these repeat the first `key` cells.

    A cell that is repeated but goes on itself has its own rest instead.
    """
    fitting: list[Row] = []
    for row in rows:
        pieces = [_pieces(cell) for cell in row]
        for number in range(max(map(len, pieces))):
            fitting.append(
                tuple(
                    cell[number] if number < len(cell) else cell[0] if place < key and len(cell) == 1 else None
                    for place, cell in enumerate(pieces)
                )
            )
    return tuple(fitting)


def _pieces(cell: Cell) -> list[Cell]:
    """A text in pieces that a cell can hold; anything else is one piece."""
    if not isinstance(cell, str) or len(cell) <= CELL_LIMIT // 2 or _size(cell) <= CELL_LIMIT:
        return [cell]
    # A piece may consist of characters that count for two.
    most = CELL_LIMIT if _size(cell) == len(cell) else CELL_LIMIT // 2
    return [cell[start : start + most] for start in range(0, len(cell), most)]


def _size(text: str) -> int:
    """How long a spreadsheet program finds `text`: it counts a character outside the basic plane for two."""
    return len(text.encode("utf-16-le")) // 2


def row_height(row: Row, sheet: Sheet) -> float:
    """The height in points that shows the whole text of a row; not every program works it out by itself."""
    lines = 1
    for value, column in zip(row, sheet.columns, strict=True):
        # Words break before the edge, and the letters may be wider than those meant: count with less than the width.
        width = column.width * _FILLED
        if isinstance(value, str) and (len(value) > width or "\n" in value):
            lines = max(lines, sum(max(1, math.ceil(len(part) / width)) for part in value.split("\n")))
    return min(lines * LINE_HEIGHT, _ROW_LIMIT)


def _name(indicator: ReportIndicator) -> str:
    return f"{indicator.part_of}: {indicator.name}" if indicator.part_of else indicator.name


def _yes(holds: bool) -> str:
    return "ja" if holds else "nee"


def _written(value: str) -> str:
    """A decimal number as it is written in Dutch, without groups: "48,33"."""
    return value.replace(".", ",")


def _short(iso: str) -> str:
    date = datetime.date.fromisoformat(iso)
    return f"{date.day}-{date.month}-{date.year}"
