"""A workbook as sparse grids: what stands in which cell, whatever the format it was stored in."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from din.reading import limits, refusal
from din.reading.refusal import Refused


class Cell(NamedTuple):
    """A filled cell: its cleaned text as the reader of the sheet sees it.

    `problem` is "" for a plain cell, "error" for an Excel error value, "no_value" for a formula without stored value.
    """

    text: str
    problem: str = ""


class Merge(NamedTuple):
    """A merged range; rows and columns count from 1, ends included."""

    top: int
    left: int
    bottom: int
    right: int


ERROR_VALUES = frozenset(
    {
        "#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA",
        "#FIELD!", "#BLOCKED!", "#UNKNOWN!", "#CONNECT!",
        # As a Dutch Excel shows them, pasted as text.
        "#VERW!", "#N/B", "#NAAM?", "#WAARDE!", "#DEEL/0!", "#GETAL!", "#LEEG!", "#OVERLOOP!",
    }
)  # fmt: skip


def column_letters(column: int) -> str:
    """Return "A" for 1, "AB" for 28."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """Return "B3" for row 3, column 2."""
    return f"{column_letters(column)}{row}"


@dataclass
class Grid:
    """One sheet: its filled cells by row and column (from 1), and the merged ranges with a filled first cell."""

    name: str
    hidden: bool = False
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)

    @cached_property
    def row_numbers(self) -> list[int]:
        """The numbers of the filled rows, in order."""
        return sorted(self.rows)

    @cached_property
    def columns(self) -> list[int]:
        """The numbers of the filled columns, in order."""
        return sorted({column for cells in self.rows.values() for column in cells})

    @cached_property
    def _merges_by_column(self) -> dict[int, tuple[list[int], list[Merge]]]:
        by_column: dict[int, list[Merge]] = {}
        for merge in self.merges:
            for column in self.columns[bisect_left(self.columns, merge.left) : bisect_right(self.columns, merge.right)]:
                by_column.setdefault(column, []).append(merge)
        return {column: ([m.top for m in sorted(ms)], sorted(ms)) for column, ms in by_column.items()}

    @cached_property
    def _wide(self) -> dict[tuple[int, int], Merge]:
        return {(merge.top, merge.left): merge for merge in self.merges}

    @cached_property
    def _merges_by_row(self) -> tuple[dict[int, list[Merge]], list[Merge]]:
        short: dict[int, list[Merge]] = {}
        tall: list[Merge] = []
        for merge in self.merges:
            if merge.bottom - merge.top > 10:
                tall.append(merge)
                continue
            for row in range(merge.top, merge.bottom + 1):
                short.setdefault(row, []).append(merge)
        return short, tall

    def merges_over(self, row: int) -> list[Merge]:
        """Return the merged ranges that cover a row."""
        short, tall = self._merges_by_row
        return short.get(row, []) + [merge for merge in tall if merge.top <= row <= merge.bottom]

    def merge_from(self, row: int, column: int) -> Merge | None:
        """Return the merged range that begins at this cell, if any."""
        return self._wide.get((row, column))

    def anchor(self, row: int, column: int) -> tuple[int, int]:
        """Return the cell whose value counts here: the first of the merged range, or the cell itself."""
        found = self._merges_by_column.get(column)
        if found:
            tops, merges = found
            index = bisect_right(tops, row) - 1
            if index >= 0 and merges[index].bottom >= row:
                return merges[index].top, merges[index].left
        return row, column

    def own(self, row: int, column: int) -> Cell | None:
        """Return what is stored in this very cell."""
        cells = self.rows.get(row)
        return cells.get(column) if cells else None


class Builder:
    """Collects the filled cells of a workbook and refuses it as soon as it is larger than the limits."""

    def __init__(self) -> None:
        self.grids: list[Grid] = []
        self._filled_rows = self._filled_cells = self._characters = self._merge_count = 0
        self._columns: set[int] = set()
        self._merges: list[Merge] = []

    def begin(self, name: str, *, hidden: bool = False) -> Grid:
        """Start a sheet; cells and merged ranges that follow belong to it. Raises Refused when it is one too many."""
        if len(self.grids) == limits.SHEETS:
            raise Refused(refusal.TOO_MANY_SHEETS)
        self.grids.append(Grid(name=name, hidden=hidden))
        self._columns, self._merges = set(), []
        return self.grids[-1]

    def put(self, row: int, column: int, cell: Cell) -> None:
        """Store a filled cell of the sheet begun last.

        Raises Refused when the workbook has more filled rows, columns or cells, or more text, than the limits
        allow.
        """
        grid = self.grids[-1]
        cells = grid.rows.get(row)
        if cells is None:
            self._filled_rows += 1
            if self._filled_rows > limits.FILLED_ROWS:
                raise Refused(refusal.too_many_rows(grid.name))
            cells = grid.rows[row] = {}
        cells[column] = cell
        self._filled_cells += 1
        self._characters += len(cell.text)
        if self._filled_cells > limits.FILLED_CELLS:
            raise Refused(refusal.too_many_cells(grid.name))
        if self._characters > limits.CELL_CHARACTERS_IN_ALL:
            raise Refused(refusal.TOO_MUCH_TEXT)
        if column not in self._columns:
            self._columns.add(column)
            if len(self._columns) > limits.FILLED_COLUMNS:
                raise Refused(refusal.too_many_columns(grid.name))

    def merge(self, merge: Merge) -> None:
        """Note a merged range of the sheet begun last; raises Refused when it is one too many."""
        self._merge_count += 1
        if self._merge_count > limits.MERGES:
            raise Refused(refusal.TOO_MANY_MERGES)
        self._merges.append(merge)

    def end(self) -> None:
        """Finish the sheet: keep the merged ranges that show something, and drop what hides behind them."""
        grid = self.grids[-1]
        taken: set[tuple[int, int]] = set()
        kept: list[Merge] = []
        for merge in self._merges:
            start = (merge.top, merge.left)
            cells = grid.rows.get(merge.top)
            if cells and merge.left in cells and start not in taken and merge[:2] != merge[2:]:
                taken.add(start)
                kept.append(merge)
        grid.merges = _without_overlap(kept, grid)
        for merge in grid.merges:
            self._drop_hidden_behind(grid, merge)

    def _drop_hidden_behind(self, grid: Grid, merge: Merge) -> None:
        if merge.bottom - merge.top > len(grid.rows):
            rows = [row for row in grid.rows if merge.top <= row <= merge.bottom]
        else:
            rows = [row for row in range(merge.top, merge.bottom + 1) if row in grid.rows]
        for row in rows:
            cells = grid.rows[row]
            if merge.left == merge.right:
                covered = [merge.left] if merge.left in cells else []
            else:
                covered = [column for column in cells if merge.left <= column <= merge.right]
            for column in covered:
                if (row, column) != merge[:2]:
                    del cells[column]
            if not cells:
                del grid.rows[row]


def _without_overlap(merges: list[Merge], grid: Grid) -> list[Merge]:
    """Drop merged ranges that overlap an earlier one in a filled column: a damaged file, the first one counts."""
    columns = sorted({column for cells in grid.rows.values() for column in cells})
    last_bottom: dict[int, int] = {}
    kept = []
    for merge in sorted(merges):
        covered = columns[bisect_left(columns, merge.left) : bisect_right(columns, merge.right)]
        if all(last_bottom.get(column, 0) < merge.top for column in covered):
            kept.append(merge)
            for column in covered:
                last_bottom[column] = merge.bottom
    return kept
