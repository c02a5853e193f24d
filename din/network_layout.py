"""Where everything of a drawn network stands, in pixels: columns, boxes and lines. Knows no Django.

network.js lays a network out again by the same rules when a reader folds a column or filters: change both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

NODE_WIDTH = 236
FOLDED_WIDTH = 24
COLUMN_GAP = 70
NODE_GAP = 8
# A node of a folded column is a knot through which its lines run on.
KNOT_HEIGHT = 6
TEXT_SIZE = 14
TEXT_LINE = 17
# What stands around the text of a node, from left to right and from top to bottom.
TEXT_INDENT = 16
TEXT_MARGIN = 8
STATUS_LINE = 18
ELLIPSIS = "…"

# The largest column decides how many lines of text a node gets: many nodes, little text each.
_TEXT_LINES = ((24, 3), (75, 2))

# Widths of characters as parts of the size, rounded up, for a sans serif letter.
_NARROW = frozenset("fijlrtI.,:;'|!()[] ’‘-/")
_WIDE = frozenset("mwMW@%—")
_ESTIMATES = (0.36, 0.56, 0.66, 0.92)


@dataclass(frozen=True)
class Placed:
    """A node on the drawing: its left top corner and its size; a knot has no width."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def middle(self) -> int:
        return self.y + self.height // 2


@dataclass(frozen=True)
class PlacedColumn:
    x: int
    width: int


@dataclass(frozen=True)
class ColumnToPlace:
    """The nodes of a column that are shown, from top to bottom, with their heights."""

    heights: Mapping[str, int]
    is_folded: bool


@dataclass(frozen=True)
class Layout:
    width: int
    height: int
    columns: tuple[PlacedColumn, ...]
    nodes: dict[str, Placed]

    def curve(self, upper: str, lower: str) -> str:
        """The line between two nodes, as the path of an SVG."""
        return curve(self.nodes[upper], self.nodes[lower])


def place(columns: Sequence[ColumnToPlace]) -> Layout:
    """Lay the columns beside each other, and spread the nodes of each over the height of the tallest."""
    height = max((_needed(column) for column in columns), default=0)
    placed_columns: list[PlacedColumn] = []
    nodes: dict[str, Placed] = {}
    x = 0
    for column in columns:
        width = FOLDED_WIDTH if column.is_folded else NODE_WIDTH
        placed_columns.append(PlacedColumn(x, width))
        count = len(column.heights)
        heights = {key: KNOT_HEIGHT if column.is_folded else each for key, each in column.heights.items()}
        spare = height - sum(heights.values())
        before = 0
        for index, (key, own) in enumerate(heights.items()):
            y = before + spare * (2 * index + 1) // (2 * count)
            nodes[key] = Placed(x + width // 2, y, 0, own) if column.is_folded else Placed(x, y, width, own)
            before += own
        x += width + COLUMN_GAP
    return Layout(max(0, x - COLUMN_GAP), height, tuple(placed_columns), nodes)


def curve(upper: Placed, lower: Placed) -> str:
    """From the right of `upper` to the left of `lower`."""
    middle = (upper.right + lower.x) // 2
    return f"M{upper.right} {upper.middle}C{middle} {upper.middle} {middle} {lower.middle} {lower.x} {lower.middle}"


def text_lines(largest_column: int) -> int:
    """How many lines of text a node gets when the largest column has so many nodes."""
    return next((lines for nodes, lines in _TEXT_LINES if largest_column <= nodes), 1)


def node_height(lines: int, *, has_status: bool) -> int:
    """The height of a node with so many lines of text."""
    return 2 * TEXT_MARGIN + lines * TEXT_LINE + (STATUS_LINE if has_status else 0)


@lru_cache(maxsize=4096)
def wrap(text: str, *, lines: int, width: int = NODE_WIDTH - TEXT_INDENT - TEXT_MARGIN) -> tuple[str, ...]:
    """`text` over at most so many lines of `width` pixels, by an estimate; what does not fit ends in an ellipsis.

    A word that is longer than a line is cut. Kept for the next time: the same plan is drawn again and again.
    """
    # No line holds more characters than pixels: a text of any length costs no more than what is shown.
    words = text[: width * (lines + 1)].split()
    wrapped: list[str] = []
    line = ""
    while words and len(wrapped) <= lines:
        word = words.pop(0)
        longer = f"{line} {word}" if line else word
        if _width(longer) <= width:
            line = longer
        elif line:
            wrapped.append(line)
            line = ""
            words.insert(0, word)
        else:
            fitting = _fitting(word, width)
            wrapped.append(word[:fitting])
            words.insert(0, word[fitting:])
    if line:
        wrapped.append(line)
    if len(wrapped) <= lines:
        return tuple(wrapped)
    # The last line is filled to its end: what texts with the same beginning differ in may stand there.
    last = " ".join([*wrapped[lines - 1 :], *words])
    last = last[: _fitting(last, width - _width(ELLIPSIS))].rstrip()
    return (*wrapped[: lines - 1], last + ELLIPSIS)


def _needed(column: ColumnToPlace) -> int:
    heights = [KNOT_HEIGHT] * len(column.heights) if column.is_folded else list(column.heights.values())
    return sum(heights) + NODE_GAP * len(heights)


def _fitting(text: str, width: float) -> int:
    """How many characters of `text` fit, at least one."""
    used = 0.0
    for index, character in enumerate(text):
        used += _character_width(character)
        if used > width:
            return max(1, index)
    return len(text)


def _width(text: str) -> float:
    return sum(map(_character_width, text))


def _character_width(character: str) -> float:
    narrow, common, capital, wide = _ESTIMATES
    if character in _NARROW:
        return TEXT_SIZE * narrow
    if character in _WIDE or ord(character) > 0x2000:
        return TEXT_SIZE * (wide if ord(character) < 0x2E80 else 1.05)
    return TEXT_SIZE * (capital if character.isupper() or character.isdigit() else common)
