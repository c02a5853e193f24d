"""Find the table on a sheet: its header rows, what stands above it, and what each row below it is."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field

from din.reading import limits
from din.reading.columns import Columns, resolve_columns
from din.reading.grids import Cell, Grid, Merge
from din.reading.headers import LEVEL_COLUMNS, Header, recognise, recognise_exactly
from din.reading.theme_names import (
    PROGRAMME,
    Programme,
    ThemeName,
    is_firmly_labelled,
    is_programme,
    labelled_theme,
    reads_as_heading,
    theme_in_cell,
    theme_in_title,
)
from din.text import text_key

_AMBITION_LINE = re.compile(
    r"(?:ambities?|droom|stip op de horizon)(?:\s+(?:voor\s+)?20\d\d(?:\s?[-–]\s?20\d\d)?)?"
    r"\s*(?:[:–—]|-\s)\s*(?P<text>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_AMBITION_LABEL = re.compile(
    r"(?:ambities?|droom|stip op de horizon)(?:\s+(?:voor\s+)?20\d\d)?\s*[:–—-]?", re.IGNORECASE
)
_NOTE = re.compile(
    r"(?:\*|(?:bron(?:nen|vermelding(?:en)?)?|totaal|totalen|toelichting(?:en)?|nb|n\.b\.?)(?!\w))", re.IGNORECASE
)
_NOTE_SENTENCE = re.compile(r"\*\s*\w|\w+\s+[a-zà-þ]")
# "Bronnen van inkomen" may be a name; "Totaal", "Bron: CBS" and "* voorlopig" never are.
_NAME_LIKE_A_NOTE = re.compile(r"[^\W\d_]+\s+[^\W\d_]")
_COUNT = re.compile(r"(?:€\s*)?\d[\d.,]*\s*%?(?:\s+\w+)?")
_LONGEST_BARE_BAND = 80


@dataclass(frozen=True)
class HeaderRow:
    """A header: the row that counts, the rows it takes up, and its texts by column, each with the cell it stands in."""

    row: int
    top: int
    bottom: int
    texts: dict[int, str]
    cells: dict[int, tuple[int, int]]


@dataclass(frozen=True)
class LaidRow:
    """A filled row: its role (title, header, theme, ambition, note, data), and what a theme or ambition row says."""

    number: int
    role: str
    columns: Columns | None = None
    theme: ThemeName | Programme | None = None
    ambition: str = ""
    column: int = 0


@dataclass
class Layout:
    """A sheet's table: its headers, and every filled row in order."""

    grid: Grid
    headers: list[HeaderRow] = field(default_factory=list)
    rows: list[LaidRow] = field(default_factory=list)
    title: ThemeName | Programme | None = None

    @property
    def columns(self) -> Columns:
        """The columns of the first header."""
        return next(row.columns for row in self.rows if row.columns is not None)


def value_at(grid: Grid, row: int, column: int) -> Cell | None:
    """Return what counts in a cell: a vertically merged cell counts for all its rows, in its own column only."""
    if not grid.merges:
        return grid.own(row, column)
    top, left = grid.anchor(row, column)
    return grid.own(top, left) if left == column else None


def find_header(grid: Grid, *, forced: frozenset[int] = frozenset(), alone: bool = False) -> HeaderRow | None:
    """Return the header of a sheet's table, or None.

    It stands in the first 30 rows and has at least two recognised headers, one of them a level of the DIN. Of several
    rows above the first data, the one with the most recognised headers counts. With `forced` columns, whose level a
    person has told, the row with the most recognised headers or else the most texts counts. `alone` takes a row with
    no other recognised header than that of the SMART goal.
    """
    best: tuple[int, int] | None = None
    for row in grid.row_numbers:
        if row > limits.HEADER_WITHIN_ROWS:
            break
        count = _header_count(grid, row)
        if count and (best is None or count >= best[1]):
            if best is not None and (
                (count == best[1] and row != best[0] + 1) or _has_data_between(grid, best[0], row)
            ):
                continue
            best = (row, count)
    if best is None and alone:
        best = next(((row, 1) for row in grid.row_numbers if _has_smart_goal(grid, row)), None)
    if best is None and forced:
        rows = [row for row in grid.row_numbers if row <= limits.HEADER_WITHIN_ROWS]
        best = max(((row, len(grid.rows[row])) for row in rows), key=lambda it: (it[1], -it[0]), default=None)
    return _header_at(grid, best[0]) if best else None


def _recognised(grid: Grid, row: int) -> dict[int, Header]:
    found = {}
    for column in grid.columns:
        cell = value_at(grid, row, column)
        header = recognise(cell.text) if cell else None
        if header:
            found[column] = header
    return found


def _header_count(grid: Grid, row: int) -> int:
    """Return how many headers a row has, 0 when it is none."""
    if len(grid.rows[row]) < 2 and not any(merge.top < row for merge in grid.merges_over(row)):
        return 0
    found = _recognised(grid, row)
    exact = sum(header.exact for header in found.values())
    levels = {header.level for header in found.values()}
    if len(levels) < 2 or not levels & LEVEL_COLUMNS or (exact < 1 and len(found) < 3):
        return 0
    return len(found)


def _has_smart_goal(grid: Grid, row: int) -> bool:
    found = _recognised(grid, row) if row <= limits.HEADER_WITHIN_ROWS else {}
    return any(header.level == "smart_goal" and header.exact for header in found.values())


def _has_data_between(grid: Grid, first: int, last: int) -> bool:
    between = [row for row in grid.row_numbers if first < row < last]
    return any(len(grid.rows[row]) > 1 and not _header_count(grid, row) for row in between)


def _header_at(grid: Grid, row: int) -> HeaderRow:
    texts: dict[int, str] = {}
    cells: dict[int, tuple[int, int]] = {}
    bottom = row

    def take(from_row: int, column: int) -> None:
        cell = value_at(grid, from_row, column)
        if cell:
            texts[column] = cell.text
            cells[column] = grid.anchor(from_row, column)

    for column in grid.columns:
        take(row, column)
    # A merged header cell may reach further down than the row; a wide one is a group header with its own row below.
    for merge in grid.merges_over(row):
        if merge.left == merge.right:
            bottom = max(bottom, merge.bottom) if merge.bottom - row < 4 else bottom
    below = [number for number in range(row + 1, max(bottom, row + 1) + 1) if number in grid.rows]
    for number in below:
        if _continues_header(grid, row, number):
            bottom = max(bottom, number)
            for column in grid.rows[number]:
                take(number, column)
    top = min((grid.anchor(row, column)[0] for column in grid.columns if value_at(grid, row, column)), default=row)
    for column in grid.columns:
        above = value_at(grid, row - 1, column)
        header = recognise(above.text) if above and column not in texts else None
        if header and header.exact and not _is_wide(grid.merge_from(*grid.anchor(row - 1, column))):
            take(row - 1, column)
            top = min(top, row - 1)
    return HeaderRow(row, top, bottom, texts, cells)


def _continues_header(grid: Grid, row: int, below: int) -> bool:
    """Tell whether the row below holds the columns of group headers: only headers, under blank or wide header cells."""
    cells = grid.rows[below]
    levels = [recognise(cell.text) for cell in cells.values()]
    if not all(header and header.exact for header in levels):
        return False
    groups = [merge for merge in grid.merges_over(row) if _is_wide(merge)]
    return all(
        value_at(grid, row, column) is None or any(merge.left <= column <= merge.right for merge in groups)
        for column in cells
    )


def _is_wide(merge: Merge | None) -> bool:
    return merge is not None and merge.right > merge.left


def speerpunt_reads_as_tag(grid: Grid, header: HeaderRow) -> bool:
    """Tell whether a sheet's "Speerpunt" column can only hold tags: blank on the first row, or several in a cell."""
    column = next((c for c, text in header.texts.items() if (it := recognise(text)) and it.level == "speerpunt"), None)
    below = [row for row in grid.row_numbers if row > header.bottom]
    if column is None or not below:
        return False
    texts = [cells[column].text for row in below if column in (cells := grid.rows[row])]
    return value_at(grid, below[0], column) is None or any(";" in text or "\n" in text for text in texts)


def lay_out(
    grid: Grid, header: HeaderRow, *, year: int, theme_in_sheet_name: bool, choices: Mapping[int, str]
) -> Layout:
    """Return the sheet's table: every filled row with its role, and the columns of each header.

    `theme_in_sheet_name` says that the sheet's name tells the theme; `choices` are levels that a person
    told for columns, by column number.
    """
    return _Sheet(grid, header, year, choices).lay_out(theme_in_sheet_name)


class _Sheet:
    def __init__(self, grid: Grid, header: HeaderRow, year: int, choices: Mapping[int, str]) -> None:
        self._grid = grid
        self._first = header
        self._year = year
        self._choices = choices
        self._layout = Layout(grid, [header])
        self._block_ends: dict[int, bool] = {}
        self._headers = self._find_headers()
        self._header_rows = {row: header for header in self._headers for row in range(header.top, header.bottom + 1)}

    def lay_out(self, theme_in_sheet_name: bool) -> Layout:
        layout = self._layout
        layout.headers = self._headers
        above = [self._above(row) for row in self._grid.row_numbers if row < self._first.top]
        layout.title = next((row.theme for row in reversed(above) if row.theme is not None), None)
        bands = [row for row in self._grid.row_numbers if row > self._first.bottom and self._labelled_band(row)]
        told = theme_in_sheet_name or layout.title is not None or bool(bands)
        self._columns = self._resolve(told)
        layout.rows = above
        columns = self._columns[self._first.row]
        remark = 0
        for row in self._grid.row_numbers:
            if row < self._first.top:
                continue
            header = self._header_rows.get(row)
            if header:
                columns = self._columns[header.row]
                layout.rows.append(LaidRow(row, "header", columns))
                continue
            laid = self._below(row, columns)
            if laid.role == "data" and row == remark + 1 and self._goes_on_with_remark(row, layout.rows[-1].column):
                laid = LaidRow(row, "note", column=layout.rows[-1].column)
            if laid.role == "note" and (row == remark + 1 or not self._touches(row, -1)):
                remark = row
            layout.rows.append(laid)
        return layout

    def _resolve(self, told: bool) -> dict[int, Columns]:
        """Return the columns of each header, judged by the rows of its own block."""
        columns: dict[int, Columns] = {}
        rows = self._grid.row_numbers
        ends = [header.top for header in self._headers[1:]] + [limits.LAST_ROW + 1]
        for header, end in zip(self._headers, ends, strict=True):
            block = rows[bisect_right(rows, header.bottom) : bisect_left(rows, end)]
            columns[header.row] = resolve_columns(
                self._grid, header.texts, header.cells, block, self._choices, told, self._year
            )
        return columns

    def _find_headers(self) -> list[HeaderRow]:
        """Return the first header and those that repeat it for further blocks."""
        headers = [self._first]
        least = max(2, sum(1 for text in self._first.texts.values() if recognise(text)) // 2)
        for row in self._grid.row_numbers:
            if row <= headers[-1].bottom:
                continue
            cells = self._grid.rows[row]
            if len(cells) < 2:
                continue
            exact = {found.level for cell in cells.values() if (found := recognise_exactly(cell.text))}
            if len(exact) < least or not exact & LEVEL_COLUMNS:
                continue
            if 2 * sum(recognise(cell.text) is not None for cell in cells.values()) >= len(cells):
                found_header = _header_at(self._grid, row)
                if found_header.top > headers[-1].bottom:
                    headers.append(found_header)
        return headers

    def _text(self, row: int) -> tuple[int, str] | None:
        """Return column and text when a row is one filled cell, or a label with one text behind it, else None."""
        cells = sorted(self._grid.rows[row].items())
        if len(cells) == 1:
            return cells[0][0], cells[0][1].text
        return None

    def _labelled_pair(self, row: int) -> tuple[int, str] | None:
        """Return column and text of two cells that read as one: "Ambitie:" and its text, "Pijler" and its name."""
        cells = sorted(self._grid.rows[row].items())
        if len(cells) != 2:
            return None
        (column, first), (_, second) = cells
        label = first.text.rstrip(" :")
        if _AMBITION_LABEL.fullmatch(first.text):
            return column, f"{label}: {second.text}"
        if re.fullmatch(r"pijler|thema|speerpunt|actielijn|doelgroep", label, re.IGNORECASE):
            return column, f"{label} {second.text}" if second.text[:1].isdecimal() else f"{label}: {second.text}"
        return None

    def _above(self, row: int) -> LaidRow:
        single = self._text(row) or self._labelled_pair(row)
        if single:
            column, text = single
            ambition = _AMBITION_LINE.fullmatch(text)
            if ambition:
                return LaidRow(row, "ambition", ambition=ambition["text"], column=column)
            if is_programme(text):
                return LaidRow(row, "title", theme=PROGRAMME, column=column)
            theme: ThemeName | Programme | None = theme_in_title(text, self._year)
            if theme is None and self._is_bare_band(row, column, text) and self._has_later_bare_band():
                theme = theme_in_cell(text)
            return LaidRow(row, "title", theme=theme, column=column)
        themes = [theme_in_title(cell.text, self._year) for _, cell in sorted(self._grid.rows[row].items())]
        return LaidRow(row, "title", theme=next((theme for theme in themes if theme), None))

    def _below(self, row: int, columns: Columns) -> LaidRow:
        single = self._text(row) or self._labelled_pair(row)
        if self._is_note(row, columns):
            return LaidRow(row, "note", column=min(self._grid.rows[row]))
        if single:
            column, text = single
            ambition = _AMBITION_LINE.fullmatch(text)
            if ambition and columns.level_of(column) not in ("smart_goal", "effort"):
                return LaidRow(row, "ambition", columns, ambition=ambition["text"], column=column)
            theme = self._band(row, column, text, columns)
            if theme is not None:
                return LaidRow(row, "theme", columns, theme=theme, column=column)
        if self._repeats_above(row):
            return LaidRow(row, "title")
        return LaidRow(row, "data", columns)

    def _band(self, row: int, column: int, text: str, columns: Columns) -> ThemeName | Programme | None:
        """Return the theme when a row with one filled cell is a band between blocks, else None (it is data)."""
        wide = _is_wide(self._grid.merge_from(row, column))
        level = columns.level_of(column)
        before_header = self._next_is_header(row)
        if level == "theme" and not wide and not before_header:
            return None
        first = column <= min(columns.read, default=column)
        if is_programme(text):
            return PROGRAMME if wide or before_header or first or level not in LEVEL_COLUMNS else None
        theme = theme_in_title(text, self._year)
        if theme is not None:
            labelled = labelled_theme(text) is not None
            if wide or before_header:
                return theme
            may_be_a_task = level in ("smart_goal", "effort") and theme.name[:1].islower()
            told = (is_firmly_labelled(text) and not may_be_a_task) or reads_as_heading(text)
            if labelled and (level not in LEVEL_COLUMNS or (first and told)):
                return theme
        if self._is_bare_band(row, column, text):
            return theme_in_cell(text)
        return None

    def _labelled_band(self, row: int) -> bool:
        single = self._text(row)
        if not single or row in self._header_rows:
            return False
        column, text = single
        wide = _is_wide(self._grid.merge_from(row, column))
        told = labelled_theme(text) is not None and (is_firmly_labelled(text) or wide or reads_as_heading(text))
        return told or ((wide or self._next_is_header(row)) and self._is_bare_band(row, column, text))

    def _is_bare_band(self, row: int, column: int, text: str) -> bool:
        """Tell whether a text without a kind ("Huisvesting") is a band: across the table, or right above a header."""
        if len(text) > _LONGEST_BARE_BAND or text.endswith((".", ":")) or _NOTE.match(text) or not text[:1].isalnum():
            return False
        merge = self._grid.merge_from(row, column)
        table = sorted(self._first.texts)
        if merge is not None:
            covered = sum(merge.left <= c <= merge.right for c in table)
            if covered >= 3 and 2 * covered >= len(table):
                return True
        return self._next_is_header(row)

    def _has_later_bare_band(self) -> bool:
        rows = (row for row in self._grid.row_numbers if row > self._first.bottom)
        return any(
            single and self._is_bare_band(row, *single) and theme_in_title(single[1], self._year) is None
            for row in rows
            if row not in self._header_rows and (single := self._text(row))
        )

    def _next_is_header(self, row: int) -> bool:
        following = self._row_after(row)
        return following is not None and following in self._header_rows

    def _row_after(self, row: int) -> int | None:
        rows = self._grid.row_numbers
        index = self._index[row] + 1
        return rows[index] if index < len(rows) else None

    @property
    def _index(self) -> dict[int, int]:
        if not hasattr(self, "_row_index"):
            self._row_index = {row: index for index, row in enumerate(self._grid.row_numbers)}
        return self._row_index

    def _repeats_above(self, row: int) -> bool:
        """Tell whether a row repeats a row above the table: a title or group header printed again for a later block."""
        if len(self._headers) < 2 or not self._above_texts:
            return False
        following = self._row_after(row)
        near = following is not None and (
            following in self._header_rows or (self._row_after(following) or 0) in self._header_rows
        )
        return near and self._signature(row) in self._above_texts

    @property
    def _above_texts(self) -> set[tuple[tuple[int, str], ...]]:
        if not hasattr(self, "_above_signatures"):
            rows = [row for row in self._grid.row_numbers if row < self._first.row]
            self._above_signatures = {self._signature(row) for row in rows}
        return self._above_signatures

    def _signature(self, row: int) -> tuple[tuple[int, str], ...]:
        return tuple((column, text_key(cell.text)) for column, cell in sorted(self._grid.rows[row].items()))

    def _is_note(self, row: int, columns: Columns) -> bool:
        """Tell whether a row is a remark after a block (contract, Cells: "*", "Bron", "Totaal", …)."""
        column, cell = min(self._grid.rows[row].items())
        if not _NOTE.match(cell.text) or self._is_filled_as_data(row, columns):
            return False
        if not self._touches(row, -1):
            return True
        level = columns.level_of(column)
        first = column <= min(columns.read, default=column)
        if not first and level in ("smart_goal", "effort") and _NOTE_SENTENCE.match(cell.text):
            return False
        return level == "theme" or self._ends_block(row, columns)

    def _is_filled_as_data(self, row: int, columns: Columns) -> bool:
        """Tell whether a row begins with a name ("Bronnen van inkomen") and holds goals or efforts, not counts."""
        (first, cell), *others = sorted(self._grid.rows[row].items())
        if columns.level_of(first) is None or not _NAME_LIKE_A_NOTE.match(cell.text):
            return False
        possible = [column for column, level in columns.read.items() if column > first and level in LEVEL_COLUMNS]
        filled = {columns.level_of(c) for c, it in others if c in possible and not _COUNT.fullmatch(it.text)}
        return bool(filled & {"smart_goal", "effort"}) and len(filled) >= min(2, len(possible))

    def _goes_on_with_remark(self, row: int, column: int) -> bool:
        """Tell whether a row is more of the remark above it: nothing but one text, in the same column."""
        single = self._text(row)
        return single is not None and single[0] == column

    def _touches(self, row: int, step: int) -> bool:
        neighbour = row + step
        return neighbour in self._grid.rows

    def _ends_block(self, row: int, columns: Columns) -> bool:
        """Tell whether nothing but remarks follows until a gap, a header, a band or a theme."""
        walked = []
        while row not in self._block_ends:
            walked.append(row)
            ends = self._ends_here(row, columns)
            if ends is not None:
                self._block_ends[row] = ends
                break
            row += 1
        self._block_ends.update(dict.fromkeys(walked, self._block_ends[row]))
        return self._block_ends[row]

    def _ends_here(self, row: int, columns: Columns) -> bool | None:
        """Tell whether a block ends with this row; None when a further remark must tell."""
        if not self._touches(row, 1) or row + 1 in self._header_rows:
            return True
        following = self._grid.rows[row + 1]
        single = self._text(row + 1)
        if single and self._band(row + 1, *single, columns) is not None:
            return True
        theme = columns.one("theme")
        if theme is not None and theme in following:
            return True
        return None if _NOTE.match(min(following.items())[1].text) else False
