"""Decide which column is which level, where headers overlap, and name what is not read (contract, Layouts)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from din.reading.grids import Grid, column_letters
from din.reading.headers import LEVEL_COLUMNS, Header, counts_quarters, names_years, recognise
from din.reading.items import number_in_cell
from din.text import one_line

_LEVEL_WORDS = {
    "theme": "de pijler of het thema",
    "ambition": "de ambitie",
    "er_goal": "het ER-doel",
    "smart_goal": "het SMART-doel",
    "effort": "de inspanning",
    "number": "het nummer",
    "deadline": "de planning",
    "owner": "de eigenaar van het doel",
    "lead": "de trekker van de inspanning",
    "focus_areas": "de speerpunten",
}


@dataclass(frozen=True)
class Ignored:
    """A column that is not read, with the sentence that says so."""

    column: int
    message: str


@dataclass(frozen=True)
class Columns:
    """The columns of a table: the level of each column that is read, its header's text and cell."""

    read: dict[int, str]
    texts: dict[int, str]
    cells: dict[int, tuple[int, int]]
    kind: str | None = None
    ignored: list[Ignored] = field(default_factory=list)

    @cached_property
    def _by_level(self) -> dict[str, int]:
        return {level: column for column, level in self.read.items()}

    def one(self, level: str) -> int | None:
        """Return the column that is read as a level, or None."""
        return self._by_level.get(level)

    def level_of(self, column: int) -> str | None:
        """Return the level that a column is read as, or None."""
        return self.read.get(column)

    @cached_property
    def deadline_counts_quarters(self) -> bool:
        """Whether the deadline column is headed "Kwartaal"."""
        column = self.one("deadline")
        return column is not None and counts_quarters(self.texts.get(column, ""))


def resolve_columns(
    grid: Grid,
    texts: Mapping[int, str],
    cells: Mapping[int, tuple[int, int]],
    rows: Sequence[int],
    choices: Mapping[int, str],
    theme_is_told: bool,
    year: int,
) -> Columns:
    """Return the columns of a header whose `texts` and `cells` are given by column; `rows` are those of its block.

    `choices` are levels (or "ignore") that a person told; `theme_is_told` says that the sheet or a band tells the
    theme, so that "Speerpunt" is a tag. `year` is the plan's year: of "Doelen 2023" and "Doelen 2024" the one that
    names it counts.
    """
    headers = {c: header for c, text in texts.items() if c not in choices and (header := recognise(text))}
    read = {column: level for column, level in choices.items() if level != "ignore"}
    ignored: list[Ignored] = []
    candidates = {c: header for c, header in headers.items() if header.level not in ("owner", "speerpunt")}
    by_level: dict[str, list[int]] = {}
    for column in sorted(candidates):
        by_level.setdefault(candidates[column].level, []).append(column)
    for level in ("theme", "ambition", "er_goal", "smart_goal", "effort"):
        _take(read, ignored, level, _by_rank(by_level.get(level, []), headers, texts, year), texts)
    _number_before_text(grid, read, texts, rows)
    smart = next((column for column, level in read.items() if level == "smart_goal"), None)
    for level in ("number", "deadline"):
        _take(read, ignored, level, _by_distance(by_level.get(level, []), smart, level), texts)
    _read_tags(read, ignored, headers, texts, theme_is_told)
    _read_owners(read, ignored, headers, texts)
    dropped = {it.column for it in ignored}
    for column, text in sorted(texts.items()):
        if text and column not in read and column not in dropped and choices.get(column) != "ignore":
            ignored.append(
                Ignored(
                    column, f"Kolom '{one_line(text)}' is niet gelezen: deze kop hoort bij geen onderdeel van het DIN."
                )
            )
    ignored += _without_header(grid, read, texts, rows, choices)
    theme = next((column for column, level in read.items() if level == "theme"), None)
    kind = headers[theme].kind if theme in headers else None
    return Columns(dict(sorted(read.items())), dict(texts), dict(cells), kind, ignored)


def _take(
    read: dict[int, str], ignored: list[Ignored], level: str, columns: list[int], texts: Mapping[int, str]
) -> None:
    """Read the first of `columns` as `level`, unless a person told which one is; name the others."""
    taken = next((column for column, known in read.items() if known == level), None)
    for column in columns:
        if taken is None:
            read[column] = level
            taken = column
        else:
            winner = one_line(texts.get(taken, "")) or f"kolom {column_letters(taken)}"
            ignored.append(Ignored(
                column,
                f"Kolom '{one_line(texts[column])}' is niet gelezen: kolom '{winner}' is al gelezen als "
                f"{_LEVEL_WORDS[level]}.",
            ))  # fmt: skip


def _by_rank(columns: Sequence[int], headers: Mapping[int, Header], texts: Mapping[int, str], year: int) -> list[int]:
    """Order columns of one level: the plan's year before another year, then the more specific header."""
    spans = {column: names_years(texts[column]) for column in columns}
    ours = {column for column, span in spans.items() if span and span[0] <= year <= span[1]}
    others = {column for column, span in spans.items() if span and ours and column not in ours}
    return sorted(columns, key=lambda column: (column in others, -headers[column].rank, column not in ours, column))


def _by_distance(columns: Iterable[int], smart: int | None, level: str) -> list[int]:
    """Order number columns by nearness left of the SMART goal, deadline columns by nearness right of it."""
    if smart is None:
        return sorted(columns)
    side = -1 if level == "number" else 1
    return sorted(columns, key=lambda column: ((column - smart) * side < 0, abs(column - smart)))


def _read_tags(
    read: dict[int, str], ignored: list[Ignored], headers: Mapping[int, Header], texts: Mapping[int, str], told: bool
) -> None:
    columns = sorted(column for column, header in headers.items() if header.level == "speerpunt")
    if not told and "theme" not in read.values() and columns:
        read[columns[0]] = "theme"
        columns = columns[1:]
    _take(read, ignored, "focus_areas", columns, texts)


def _read_owners(
    read: dict[int, str], ignored: list[Ignored], headers: Mapping[int, Header], texts: Mapping[int, str]
) -> None:
    """Give each owner column to the nearest SMART goal or effort column on its left, else to the SMART goal.

    Of several for one level, one that says just that goes before "Verantwoordelijk wethouder".
    """
    owners = [column for column, header in headers.items() if header.level == "owner"]
    owners.sort(key=lambda column: (not headers[column].exact, column))
    ends = {column: level for column, level in read.items() if level in ("smart_goal", "effort")}
    by_level: dict[str, list[int]] = {"owner": [], "lead": []}
    for column in owners:
        left = [end for end in ends if end < column]
        target = ends[max(left)] if left else ("smart_goal" if "smart_goal" in ends.values() else "effort")
        by_level["owner" if target == "smart_goal" else "lead"].append(column)
    for level, columns in by_level.items():
        _take(read, ignored, level, columns, texts)


def _number_before_text(grid: Grid, read: dict[int, str], texts: Mapping[int, str], rows: Sequence[int]) -> None:
    """Where one header stands above two columns, a number and a text, read the text as the level and the number
    as number.
    """
    for column, level in list(read.items()):
        following = column + 1
        if level not in LEVEL_COLUMNS or following in texts or following in read:
            continue
        first = [cells[column].text for row in rows if column in (cells := grid.rows[row])]
        second = [cells[following].text for row in rows if following in (cells := grid.rows[row])]
        only_numbers = all((len(text) < 8 and number_in_cell(text) is not None) or recognise(text) for text in first)
        if second and only_numbers and any(len(text) > 8 for text in second):
            del read[column]
            read[following] = level
            if level == "smart_goal" and first:
                read[column] = "number"


def _without_header(
    grid: Grid, read: Mapping[int, str], texts: Mapping[int, str], rows: Sequence[int], choices: Mapping[int, str]
) -> list[Ignored]:
    """Name columns that hold something below the header without a header of their own."""
    table = set(texts) | set(read)
    loose: dict[int, int] = {}
    for row in rows:
        cells = grid.rows[row]
        if len(cells) > 1:
            for column in cells:
                if column not in table and column not in choices:
                    loose[column] = loose.get(column, 0) + 1
    return [
        Ignored(column, f"Kolom {column_letters(column)} is niet gelezen: er staat geen kop boven. "
                "Zet er een kop boven als hij bij het DIN hoort.")
        for column in sorted(loose)
    ]  # fmt: skip
