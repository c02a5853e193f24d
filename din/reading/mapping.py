"""From table layout to document: what each row says, filled down and joined (contract, Cells)."""

import re
from dataclasses import dataclass, field

from din.reading import deadlines
from din.reading.columns import Columns
from din.reading.findings import Findings, place
from din.reading.grids import Cell, Grid
from din.reading.items import (
    Item,
    bare_number_is_likely,
    has_any_number,
    has_bare_number,
    number_in_cell,
    split_items,
)
from din.reading.layout import LaidRow, Layout, value_at
from din.reading.network import GoalNode, Network, NodeKey, ThemeKey
from din.reading.row_count import RowCount
from din.reading.theme_names import PROGRAMME, Programme, ThemeName, theme_in_cell
from din.text import one_line, text_key

_NOTHING = re.compile(r"[-–—.\s/]*")
# What people type to say that there is none. The contract doesn't name it, but nobody has "n.v.t." as a goal.
_NONE = re.compile(r"\(?(?:n\.?\s?v\.?\s?t\.?|niet van toepassing|geen)[.)]*", re.IGNORECASE)
_TAG_SEPARATORS = re.compile(r"[;,\n]")
_TAG_BULLET = re.compile(r"^(?:[-–—•*]\s*|\d{1,2}[.)]\s+)")
_ORDER = ("ambition", "er_goal", "smart_goal", "effort")


def _is_dash(text: str) -> bool:
    return bool(_NOTHING.fullmatch(text))


def _says_nothing(text: str) -> bool:
    return _is_dash(text) or bool(_NONE.fullmatch(text))


def _theme_in_cell(text: str) -> ThemeName | Programme | None:
    """Return the theme that a cell names: a dash leaves it blank, "n.v.t." says that it is the programme as a whole."""
    if _is_dash(text):
        return None
    return PROGRAMME if _NONE.fullmatch(text) else theme_in_cell(text)


@dataclass(frozen=True)
class RowTheme:
    """The theme that applies to a row: told by column, band, title or sheet, or not told (`origin` None)."""

    key: ThemeKey = None
    origin: str | None = None


@dataclass(frozen=True)
class SheetTheme:
    """What a sheet's name tells: with a kind, or bare where that counts."""

    theme: ThemeName | Programme | None = None


@dataclass
class _Told:
    theme: ThemeName | Programme
    source: str
    origin: str
    default_kind: str | None = None


@dataclass
class _State:
    """What blank cells stand for at this point of the sheet."""

    theme: RowTheme = field(default_factory=RowTheme)
    column_theme: _Told | None = None
    band: _Told | None = None
    ambitions: tuple[tuple[str, str], ...] = ()
    carried: dict[str, tuple[NodeKey, ...]] = field(default_factory=dict)


class SheetMapper:
    """Reads one sheet's rows into the network."""

    def __init__(
        self, layout: Layout, sheet_theme: ThemeName | Programme | None, year: int, network: Network, findings: Findings
    ) -> None:
        self._layout = layout
        self._grid: Grid = layout.grid
        self._year = year
        self._network = network
        self._findings = findings
        self._sheet_theme = sheet_theme
        self._state = _State()
        self._split: dict[tuple[int, int], tuple[Item, ...]] = {}
        self._numbered_columns: dict[int, bool] = {}
        self._named: list[tuple[ThemeName, str]] = []
        self.themes: dict[int, RowTheme] = {}

    def read(self, rows_read: RowCount) -> dict[int, RowTheme]:
        """Read all rows in order, counting them; return the theme that applies to each row."""
        self._say_what_is_not_read()
        for row in self._layout.rows:
            match row.role:
                case "ambition":
                    self._read_ambition_row(row)
                case "theme":
                    self._begin_band(row)
                case "note":
                    text = one_line(self._grid.rows[row.number][row.column].text)
                    self._findings.warn(
                        f"Deze rij is niet gelezen, omdat het een opmerking onder de tabel lijkt: '{text[:80]}'.",
                        self._place(row.number, row.column),
                    )
                case "data":
                    self._read_row(row)
            self.themes[row.number] = self._state.theme
            rows_read.add_one()
        self._keep_unused_ambitions()
        self._warn_of_empty_themes()
        return self.themes

    def _place(self, row: int, column: int) -> str:
        return place(self._grid.name, *self._grid.anchor(row, column))

    # What stands around the rows

    def _say_what_is_not_read(self) -> None:
        said: set[str] = set()
        columns_at = {row.number: row.columns for row in self._layout.rows if row.role == "header"}
        for header in self._layout.headers:
            columns = columns_at.get(header.row)
            if columns is None:
                continue
            for ignored in columns.ignored:
                if ignored.message not in said:
                    said.add(ignored.message)
                    row, column = header.cells.get(ignored.column, (header.row, ignored.column))
                    self._findings.warn(ignored.message, place(self._grid.name, row, column))
            for column, (row, left) in header.cells.items():
                cell = self._grid.own(row, left)
                if cell and cell.problem:
                    self._report_problem(cell, row, column)

    def _read_ambition_row(self, row: LaidRow) -> None:
        source = self._place(row.number, row.column)
        items = tuple((item.text, source) for item in split_items(row.ambition, "ambition").items)
        state = self._state
        if row.columns is None:
            state.ambitions += items
            return
        # Between blocks it is the ambition of the rows that follow.
        state.carried = {}
        state.ambitions = items
        theme = self._told_theme(row.columns, told_by_column=False)
        if theme is not None:
            state.theme = self._use(theme)
            self._carry_ambitions()
        else:
            state.theme = RowTheme()

    def _begin_band(self, row: LaidRow) -> None:
        if row.theme is None:
            return
        state = self._state
        source = self._place(row.number, row.column)
        state.band = _Told(row.theme, source, "band")
        self._note_named(row.theme, source)
        state.column_theme = None
        if state.carried or state.theme.origin:
            state.carried = {}
        state.theme = RowTheme()

    def _keep_unused_ambitions(self) -> None:
        """Keep an ambition above the table that no row has taken up."""
        told = self._told_theme(None, told_by_column=False)
        used = {node.source for node in self._network.ambitions.values()}
        for text, source in self._state.ambitions:
            if source not in used:
                key = self._use(told).key if told else None
                self._network.add_ambition(key, text, source)

    def _note_named(self, theme: ThemeName | Programme, source: str) -> None:
        if isinstance(theme, ThemeName):
            self._named.append((theme, source))

    def _warn_of_empty_themes(self) -> None:
        for theme, source in self._named:
            if not self._network.has_theme(theme):
                self._findings.warn(f"Onder '{theme.name}' staat niets. Dit onderdeel is niet overgenomen.", source)

    # Themes

    def _told_theme(self, columns: Columns | None, *, told_by_column: bool) -> _Told | None:
        """Return what tells the theme here: column, band, title, sheet name, in this order (contract, Layouts)."""
        state = self._state
        if told_by_column and state.column_theme is not None:
            return state.column_theme
        if state.band is not None:
            return state.band
        name = self._grid.name
        if self._layout.title is not None:
            return _Told(self._layout.title, f"{name}!A1", "title")
        if self._sheet_theme is not None:
            return _Told(self._sheet_theme, f"{name}!A1", "sheet")
        return None

    def _use(self, told: _Told) -> RowTheme:
        if isinstance(told.theme, Programme):
            return RowTheme(None, told.origin)
        return RowTheme(self._network.add_theme(told.theme, told.source, told.default_kind), told.origin)

    def _enter_theme(self, row: LaidRow, columns: Columns) -> bool:
        """Settle which theme applies to a row; return whether the row holds anything else."""
        state = self._state
        column = columns.one("theme")
        told: _Told | None
        if column is not None:
            cell = self._value(row.number, column)
            theme = _theme_in_cell(cell.text) if cell else None
            if theme is not None:
                source = self._place(row.number, column)
                state.column_theme = _Told(theme, source, "column", columns.kind)
                self._note_named(theme, source)
                if not any(read != column and read in self._grid.rows[row.number] for read in columns.read):
                    # A theme on a row of its own is one as soon as something stands below it.
                    key = None if isinstance(theme, Programme) else self._network.key_of(theme)
                    state.theme, state.carried = RowTheme(key, "column"), {}
                    return False
        told = self._told_theme(columns, told_by_column=column is not None)
        theme_now = self._use(told) if told else RowTheme()
        if (theme_now.key, theme_now.origin is None) != (
            state.theme.key,
            state.theme.origin is None,
        ) or not state.carried:
            state.carried = {}
            state.theme = theme_now
            self._carry_ambitions()
        state.theme = theme_now
        return True

    def _carry_ambitions(self) -> None:
        state = self._state
        keys = tuple(self._network.add_ambition(state.theme.key, text, source) for text, source in state.ambitions)
        if keys:
            state.carried["ambition"] = keys

    # Rows

    def _read_row(self, row: LaidRow) -> None:
        columns = row.columns
        if columns is None:
            return
        number = row.number
        if not any(column in columns.read for column in self._grid.rows[number]):
            return
        if not self._enter_theme(row, columns):
            return
        present = {level: self._read_level(number, columns, level) for level in _ORDER[:3]}
        efforts = self._read_efforts(number, columns)
        theme = self._state.theme
        if theme.origin is None:
            for level in ("smart_goal", "effort"):
                column = columns.one(level)
                if column is not None and (present.get(level) or (level == "effort" and efforts)):
                    self._findings.error(
                        "Niet te zien is bij welke pijler of welk thema deze rij hoort. Vul de "
                        "kolom Pijler of Thema, zet een "
                        "rij met de naam van het thema boven het blok, of geef het blad de naam "
                        "van het thema (bijvoorbeeld "
                        "'Pijler 1 - Huisvesting').",
                        self._place(number, column),
                    )
                    break
        self._read_goal_details(number, columns, present=bool(present["smart_goal"]))

    def _value(self, row: int, column: int) -> Cell | None:
        """Return what counts in a cell that is read; None for a blank one and for one that is no value, which
        is reported.
        """
        cell = value_at(self._grid, row, column)
        if cell is not None and cell.problem:
            self._report_problem(cell, row, column)
            return None
        return cell

    def _report_problem(self, cell: Cell, row: int, column: int) -> None:
        if cell.problem == "error":
            message = (
                f"In deze cel staat een foutwaarde van Excel ({cell.text[:20]}). Herstel de "
                "formule of typ de tekst, en lees "
                "het bestand opnieuw in."
            )
        else:
            message = (
                "De formule in deze cel heeft geen opgeslagen uitkomst. Open het bestand in "
                "Excel of LibreOffice, sla het op "
                "en lees het opnieuw in."
            )
        self._findings.error(message, self._place(row, column))

    def _items(self, row: int, column: int, level: str, columns: Columns) -> tuple[Item, ...] | None:
        """Return the items of a cell; None when it is blank, () when it says that there are none ("-", "n.v.t.")."""
        cell = self._value(row, column)
        if cell is None:
            return None
        anchor = self._grid.anchor(row, column)
        known = self._split.get(anchor)
        if known is None:
            known = () if _says_nothing(cell.text) else self._split_cell(cell.text, row, column, level, columns)
            self._split[anchor] = known
            if _NONE.fullmatch(cell.text):
                self._findings.warn(
                    f"'{cell.text}' is gelezen als: hier staat er geen. De cel is niet overgenomen.",
                    self._place(row, column),
                )
        return known

    def _split_cell(self, text: str, row: int, column: int, level: str, columns: Columns) -> tuple[Item, ...]:
        found = split_items(text, level, bare_numbers=self._allows_bare_number(text, row, column, level, columns))
        if found.announcement:
            self._findings.warn(
                f"De regel '{found.announcement[:80]}' is gelezen als aankondiging van de regels "
                "eronder en niet zelf overgenomen.",
                self._place(row, column),
            )
        return found.items

    def _allows_bare_number(self, text: str, row: int, column: int, level: str, columns: Columns) -> bool:
        """Judge "1 In Q1 …": a number when a sentence begins behind it, or when most goals of the column have a
        number.
        """
        bare = has_bare_number(text)
        if bare is None or level == "effort":
            return False
        numbers = columns.one("number") if level == "smart_goal" else None
        told = value_at(self._grid, row, numbers) if numbers is not None else None
        if told is not None:
            return number_in_cell(told.text) == bare
        if column not in self._numbered_columns:
            texts = [cells[column].text for cells in self._grid.rows.values() if column in cells]
            numbered = sum(has_any_number(it) for it in texts)
            self._numbered_columns[column] = len(texts) > 2 and numbered > 2 and 2 * numbered >= len(texts)
        return bare_number_is_likely(text) or self._numbered_columns[column]

    def _read_level(self, row: int, columns: Columns, level: str) -> bool:
        """Read the cell of a level; return whether it holds something. A new value ends what the lower levels carry."""
        column = columns.one(level)
        if column is None:
            return False
        items = self._items(row, column, level, columns)
        if items is None:
            return False
        state, network = self._state, self._network
        theme, source = state.theme.key, self._place(row, column)
        keys: tuple[NodeKey, ...]
        if level == "ambition":
            keys = tuple(network.add_ambition(theme, item.text, source) for item in items)
        elif level == "er_goal":
            above = state.carried.get("ambition", ())
            keys = tuple(network.add_er_goal(theme, item.text, source, above) for item in items)
        else:
            above = state.carried.get("er_goal", ())
            keys = tuple(network.add_smart_goal(theme, item.text, source, above) for item in items)
            if ambitions := state.carried.get("ambition"):
                network.count_lines(len(keys) * len(ambitions))
                for key in keys:
                    network.smart_goals[key].ambitions.update(dict.fromkeys(ambitions))
        if keys != state.carried.get(level):
            state.carried[level] = keys
            for lower in _ORDER[_ORDER.index(level) + 1 :]:
                state.carried.pop(lower, None)
        return bool(keys)

    def _read_efforts(self, row: int, columns: Columns) -> bool:
        column = columns.one("effort")
        items = self._items(row, column, "effort", columns) if column is not None else None
        if column is None or not items:
            lead = self._words(row, columns, "lead")
            if lead and column is not None and items is None and not self._merged_from_above(row, columns.one("lead")):
                self._findings.warn(
                    f"Trekker '{lead}' staat op een rij zonder inspanning en is niet gelezen.",
                    self._place(row, columns.one("lead") or column),
                )
            return False
        network, theme = self._network, self._state.theme.key
        leads = self._by_item(row, columns, "lead", len(items))
        for item, lead in zip(items, leads, strict=True):
            goals = self._state.carried.get("smart_goal", ())
            key = network.add_effort(theme, item.text, self._place(row, column), goals)
            effort = network.efforts[key]
            if lead and not effort.lead:
                effort.lead = lead
            elif lead and effort.lead and text_key(lead) != text_key(effort.lead):
                self._findings.warn(
                    f"Deze inspanning staat er vaker met een andere trekker: '{effort.lead}' en "
                    f"'{lead}'. De eerste telt.",
                    self._place(row, columns.one("lead") or column),
                )
        return True

    def _merged_from_above(self, row: int, column: int | None) -> bool:
        return column is not None and self._grid.anchor(row, column)[0] != row

    def _words(self, row: int, columns: Columns, level: str) -> str | None:
        column = columns.one(level)
        cell = self._value(row, column) if column is not None else None
        return one_line(cell.text) if cell and not _says_nothing(cell.text) else None

    def _by_item(self, row: int, columns: Columns, level: str, count: int) -> list[str | None]:
        """Return what a column says for each item of the row's cell: line by line where the lines match the items."""
        column = columns.one(level)
        cell = self._value(row, column) if column is not None else None
        is_nothing = _is_dash if level == "deadline" else _says_nothing
        if cell is None or is_nothing(cell.text):
            return [None] * count
        lines = cell.text.split("\n")
        if count > 1 and len(lines) == count:
            return [None if is_nothing(line) else _TAG_BULLET.sub("", line) for line in lines]
        return [one_line(cell.text)] * count

    # What belongs to a SMART goal

    def _read_goal_details(self, row: int, columns: Columns, *, present: bool) -> None:
        keys = self._state.carried.get("smart_goal", ())
        column = columns.one("smart_goal")
        if not keys:
            self._warn_of_loose_details(row, columns)
            return
        self._network.count_lines(len(keys))
        goals = [self._network.smart_goals[key] for key in keys]
        items = self._items(row, column, "smart_goal", columns) if column is not None and present else None
        self._read_numbers(row, columns, goals, items or ())
        self._read_deadlines(row, columns, goals)
        for goal, owner in zip(goals, self._by_item(row, columns, "owner", len(goals)), strict=True):
            if owner and not goal.owner:
                goal.owner = owner
            elif owner and goal.owner and text_key(owner) != text_key(goal.owner):
                self._findings.warn(
                    f"Dit SMART-doel staat er vaker met een andere eigenaar: '{goal.owner}' en "
                    f"'{owner}'. De eerste telt.",
                    self._place(row, columns.one("owner") or 1),
                )
        self._read_tags(row, columns, goals)

    def _read_tags(self, row: int, columns: Columns, goals: list[GoalNode]) -> None:
        column = columns.one("focus_areas")
        cell = self._value(row, column) if column is not None else None
        if cell is None:
            return
        parts = _TAG_SEPARATORS.split(cell.text)
        self._network.count_lines(len(parts) * len(goals))
        for part in parts:
            tag = _TAG_BULLET.sub("", part.strip()).strip()
            if tag and not _says_nothing(tag):
                for goal in goals:
                    goal.focus_areas.setdefault(text_key(tag), tag)

    def _read_numbers(self, row: int, columns: Columns, goals: list[GoalNode], items: tuple[Item, ...]) -> None:
        column = columns.one("number")
        cell = self._value(row, column) if column is not None else None
        told: list[int | None] = [None] * len(goals)
        if cell is not None and column is not None and not _says_nothing(cell.text):
            lines = cell.text.split("\n")
            if len(lines) == len(goals):
                told = [number_in_cell(line) for line in lines]
            elif len(goals) == 1:
                told = [number_in_cell(cell.text)]
            if not any(told) and not (items and all(item.number is not None for item in items)):
                self._findings.warn(
                    f"Het nummer '{one_line(cell.text)[:40]}' past niet bij het SMART-doel op "
                    "deze rij en is niet gelezen.",
                    self._place(row, column),
                )
        own = {text_key(item.text): item.number for item in items if item.number is not None}
        for goal, number in zip(goals, told, strict=True):
            said = number if number is not None or not own else own.get(text_key(goal.text))
            if said is None:
                continue
            if goal.number is None:
                goal.number = said
            elif goal.number != said:
                self._findings.warn(
                    f"Dit SMART-doel heeft eerst nummer {goal.number} en hier nummer {said}. Het eerste telt.",
                    self._place(row, column if column is not None else columns.one("smart_goal") or 1),
                )

    def _read_deadlines(self, row: int, columns: Columns, goals: list[GoalNode]) -> None:
        column = columns.one("deadline")
        for goal, text in zip(goals, self._by_item(row, columns, "deadline", len(goals)), strict=True):
            if text is None or column is None:
                continue
            found = deadlines.deadline_in_column(text, self._year, counts_quarters=columns.deadline_counts_quarters)
            if found is None:
                if deadlines.is_without_end(text):
                    goal.without_end = True
                elif deadlines.names_far_year(text):
                    self._findings.warn(
                        f"De planning '{text[:60]}' noemt een jaar buiten 2000 tot en met 2099 en is niet gelezen.",
                        self._place(row, column),
                    )
                else:
                    self._findings.warn(
                        f"De planning '{text[:60]}' is niet te lezen als kwartaal, maand of datum.",
                        self._place(row, column),
                    )
            elif goal.deadline is None:
                goal.deadline = found
            elif found != goal.deadline:
                latest = max(found, goal.deadline)
                self._findings.warn(
                    f"Dit SMART-doel heeft meer dan één planning: {goal.deadline} en {found}. De "
                    f"laatste telt: {latest}.",
                    self._place(row, column),
                )
                goal.deadline = latest

    def _warn_of_loose_details(self, row: int, columns: Columns) -> None:
        for level, word in (
            ("number", "Nummer"),
            ("deadline", "Planning"),
            ("owner", "Eigenaar"),
            ("focus_areas", "Speerpunt"),
        ):
            column = columns.one(level)
            text = self._words(row, columns, level)
            if (
                text
                and column is not None
                and columns.one("smart_goal") is not None
                and not self._merged_from_above(row, column)
            ):
                self._findings.warn(
                    f"{word} '{text[:60]}' staat op een rij zonder SMART-doel en is niet gelezen.",
                    self._place(row, column),
                )
