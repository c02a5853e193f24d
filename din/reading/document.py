"""What a workbook says: the DIN document, the findings, and what the reader saw on each sheet."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from operator import attrgetter
from typing import Any, Literal

Level = Literal[
    "theme", "ambition", "er_goal", "smart_goal", "effort", "number", "deadline", "owner", "lead", "focus_areas"
]
LEVELS: tuple[Level, ...] = (
    "theme", "ambition", "er_goal", "smart_goal", "effort", "number", "deadline", "owner", "lead", "focus_areas",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Theme:
    """A division of the programme; `kind` is pijler, thema, speerpunt, actielijn or doelgroep."""

    kind: str
    number: int | None
    name: str


@dataclass(frozen=True, slots=True)
class Ambition:
    theme: str | None
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class ErGoal:
    theme: str | None
    text: str
    ambitions: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class SmartGoal:
    """`deadline` is "2023-Q3" or None; `number` the last part of what the workbook says ("4.11" gives 11)."""

    theme: str | None
    number: int | None
    text: str
    deadline: str | None
    er_goals: tuple[str, ...]
    focus_areas: tuple[str, ...]
    owner: str | None
    source: str


@dataclass(frozen=True, slots=True)
class Effort:
    theme: str | None
    text: str
    smart_goals: tuple[str, ...]
    lead: str | None
    source: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence in Dutch about one place; `source` is "sheet!cell", or None for the file as a whole."""

    source: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Document:
    """The network, in the workbook's order. Lines name the text of the other end, which is in the same theme."""

    themes: tuple[Theme, ...] = ()
    ambitions: tuple[Ambition, ...] = ()
    er_goals: tuple[ErGoal, ...] = ()
    smart_goals: tuple[SmartGoal, ...] = ()
    efforts: tuple[Effort, ...] = ()


@dataclass(frozen=True, slots=True)
class SeenColumn:
    """A column of a table: its letter, the header's text and cell, and what it was taken for (None: not read)."""

    letter: str
    header: str
    level: str | None


@dataclass(frozen=True, slots=True)
class SeenRow:
    """A row as the reader took it.

    `role` is title, header, theme (a band), ambition, note or data; `theme` the name of the theme that applies (None:
    programme as a whole, or not told), `theme_from` what told it: column, band, title, sheet, or None when not told.
    `cells` are texts, cut to a readable length, one for each of the sheet's `letters`; the row may be merged from
    above.
    """

    number: int
    role: str
    theme: str | None
    theme_from: str | None
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeenSheet:
    """A sheet as the reader saw it; `state` is read, hidden or no_header. `rows` may leave out the later ones."""

    name: str
    state: str
    header_rows: tuple[int, ...] = ()
    letters: tuple[str, ...] = ()
    columns: tuple[SeenColumn, ...] = ()
    rows: tuple[SeenRow, ...] = ()
    row_count: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """The outcome of reading a workbook: rejected as soon as there is one error."""

    document: Document = field(default_factory=Document)
    errors: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()
    sheets: tuple[SeenSheet, ...] = ()

    @property
    def result(self) -> Literal["ok", "rejected"]:
        return "rejected" if self.errors else "ok"

    def as_json(self) -> dict[str, Any]:
        """Return the contract's JSON document without "changes", which the caller adds."""
        document = self.document
        return {
            "result": self.result,
            "themes": [asdict(theme) for theme in document.themes],
            "ambitions": [{"theme": it.theme, "text": it.text} for it in document.ambitions],
            "er_goals": [
                {"theme": it.theme, "text": it.text, "ambitions": list(it.ambitions)} for it in document.er_goals
            ],
            "smart_goals": [
                {
                    "theme": it.theme,
                    "number": it.number,
                    "text": it.text,
                    "deadline": it.deadline,
                    "er_goals": list(it.er_goals),
                    "focus_areas": list(it.focus_areas),
                    "owner": it.owner,
                    "source": it.source,
                }
                for it in document.smart_goals
            ],
            "efforts": [
                {
                    "theme": it.theme,
                    "text": it.text,
                    "smart_goals": list(it.smart_goals),
                    "lead": it.lead,
                    "source": it.source,
                }
                for it in document.efforts
            ],
            "errors": [asdict(it) for it in self.errors],
            "warnings": [asdict(it) for it in self.warnings],
        }


def rejected(message: str, source: str | None = None) -> Reading:
    """Return a rejected reading with one error and nothing else."""
    return Reading(errors=(Finding(source, message),))


def to_wire(reading: Reading) -> dict[str, Any]:
    """Return all of a reading as plain lists and dicts, for JSON; `from_wire` is its inverse.

    What there are thousands of goes as a list of its values in their order: their names would be half of it.
    """
    document = reading.document
    return {
        "themes": _values(Theme, document.themes),
        "ambitions": _values(Ambition, document.ambitions),
        "er_goals": _values(ErGoal, document.er_goals),
        "smart_goals": _values(SmartGoal, document.smart_goals),
        "efforts": _values(Effort, document.efforts),
        "errors": _values(Finding, reading.errors),
        "warnings": _values(Finding, reading.warnings),
        "sheets": [
            {
                "name": sheet.name,
                "state": sheet.state,
                "header_rows": sheet.header_rows,
                "letters": sheet.letters,
                "columns": _values(SeenColumn, sheet.columns),
                "rows": _values(SeenRow, sheet.rows),
                "row_count": sheet.row_count,
            }
            for sheet in reading.sheets
        ],
    }


def _values(kind: Any, items: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The values of each of `items`, which are of one `kind`, in the order of its fields."""
    return list(map(attrgetter(*(entry.name for entry in fields(kind))), items))


def from_wire(wire: dict[str, Any]) -> Reading:
    """Return the reading that `to_wire` wrote.

    Raises KeyError, TypeError, ValueError or AttributeError for what `to_wire` cannot have written.
    """
    known: dict[str | None, str | None] = {}

    def same(text: Any) -> Any:
        # Themes, owners and the texts that lines name come back many times: each is kept once.
        return known.setdefault(text, text)

    return Reading(
        Document(
            tuple(Theme(kind, number, same(name)) for kind, number, name in wire["themes"]),
            tuple(Ambition(same(theme), same(text), source) for theme, text, source in wire["ambitions"]),
            tuple(
                ErGoal(same(theme), same(text), tuple(map(same, above)), source)
                for theme, text, above, source in wire["er_goals"]
            ),
            tuple(
                SmartGoal(
                    same(theme),
                    number,
                    same(text),
                    same(deadline),
                    tuple(map(same, above)),
                    tuple(map(same, tags)),
                    same(owner),
                    source,
                )
                for theme, number, text, deadline, above, tags, owner, source in wire["smart_goals"]
            ),
            tuple(
                Effort(same(theme), same(text), tuple(map(same, above)), same(lead), source)
                for theme, text, above, lead, source in wire["efforts"]
            ),
        ),
        tuple(Finding(*it) for it in wire["errors"]),
        tuple(Finding(*it) for it in wire["warnings"]),
        tuple(
            SeenSheet(
                it["name"],
                it["state"],
                tuple(it["header_rows"]),
                tuple(it["letters"]),
                tuple(SeenColumn(*column) for column in it["columns"]),
                tuple(
                    SeenRow(number, role, theme, theme_from, tuple(cells))
                    for number, role, theme, theme_from, cells in it["rows"]
                ),
                it["row_count"],
            )
            for it in wire["sheets"]
        ),
    )
