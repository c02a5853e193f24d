"""The whole reading in one process: bytes -> grids -> table layout -> document and findings."""

from collections.abc import Mapping

from din.reading import limits, refusal
from din.reading.document import Document, Reading, SeenColumn, SeenRow, SeenSheet, rejected
from din.reading.findings import Findings, place
from din.reading.formats import read_grids
from din.reading.grids import Grid, cell_name, column_letters
from din.reading.headers import EXPECTED_HEADERS, recognise
from din.reading.layout import HeaderRow, Layout, find_header, lay_out, speerpunt_reads_as_tag, value_at
from din.reading.mapping import RowTheme, SheetMapper
from din.reading.network import Network
from din.reading.refusal import Refused
from din.reading.row_count import RowCount, TellRows, tell_rows_to_nobody
from din.reading.theme_names import Programme, ThemeName, theme_in_sheet_name, theme_of_bare_sheet_name
from din.text import one_line

Choices = Mapping[tuple[str, str], str]


def read_in_process(
    data: bytes, year: int, choices: Choices | None = None, tell: TellRows = tell_rows_to_nobody
) -> Reading:
    """Read a workbook's bytes in this very process, without a guard on memory and time.

    `year` is the plan's year, used where a deadline names none; `tell` hears how many rows are read. Returns a rejected
    reading for what cannot be read; for bytes from outside use `read_workbook`, which bounds what a hostile file may
    cost.
    """
    try:
        return _read_grids(read_grids(data), year, choices or {}, tell)
    except Refused as refused:
        return rejected(refused.message, refused.source)


def _read_grids(grids: list[Grid], year: int, choices: Choices, tell: TellRows) -> Reading:
    findings = Findings()
    visible = [grid for grid in grids if not grid.hidden]
    if not any(grid.rows for grid in visible):
        return rejected(refusal.NOTHING_FILLED)
    chosen = {grid.name: _chosen(grid, choices) for grid in visible}
    headers = {
        id(grid): header for grid in visible if grid.rows and (header := _header_of(grid, chosen[grid.name], year))
    }
    if not headers:
        headers = {id(grid): header for grid in visible if grid.rows and (header := find_header(grid, alone=True))}
    network = Network(findings)
    rows_read = RowCount(sum(len(grid.rows) for grid in visible if id(grid) in headers), tell)
    layouts: dict[int, Layout] = {}
    themes: dict[int, dict[int, RowTheme]] = {}
    bare_counts = len(headers) > 1
    tags_on_bare_sheets = bare_counts and any(
        speerpunt_reads_as_tag(grid, headers[id(grid)]) for grid in visible if id(grid) in headers
    )
    for grid in grids:
        header = headers.get(id(grid))
        if grid.hidden:
            findings.warn(
                f"Blad '{grid.name}' is verborgen en niet gelezen. Maak het zichtbaar als het bij het DIN hoort."
            )
        elif header is None:
            if headers:
                findings.warn(
                    f"Blad '{grid.name}' heeft geen rij met kolomkoppen en is niet gelezen.", f"{grid.name}!A1"
                )
        else:
            named = theme_in_sheet_name(grid.name, year)
            bare = _bare_theme(grid, year) if bare_counts and named is None else None
            told = named is not None or (bare is not None and tags_on_bare_sheets)
            layout = lay_out(grid, header, year=year, theme_in_sheet_name=told, choices=chosen[grid.name])
            layouts[id(grid)] = layout
            themes[id(grid)] = SheetMapper(layout, named or bare, year, network, findings).read(rows_read)
    if not headers:
        _report_no_header(visible, findings)
    elif not any(layout.columns.one("smart_goal") for layout in layouts.values()):
        _report_no_smart_goal(layouts, findings)
    else:
        network.settle_numbers()
        network.warn_of_loose_efforts()
    document = network.document(year)
    _refuse_too_much_text(document)
    if (
        headers
        and not findings.errors
        and not (document.ambitions or document.er_goals or document.smart_goals or document.efforts)
    ):
        findings.error("Het bestand is leeg: onder de kolomkoppen staat niets. Vul de rijen onder de koppen in.")
    findings_at = _rows_with_findings(findings)
    sheets: list[SeenSheet] = []
    characters_left = limits.SEEN_CHARACTERS_IN_ALL
    for grid in grids:
        at = findings_at.get(grid.name, set())
        sheets.append(_seen(grid, layouts.get(id(grid)), themes.get(id(grid), {}), network, at, characters_left))
        characters_left -= sum(_length(row) for row in sheets[-1].rows)
    return Reading(document, findings.errors, findings.warnings, tuple(sheets))


def _refuse_too_much_text(document: Document) -> None:
    """Raise Refused when the document is too much to hand on: lines, themes and tags repeat texts as they are."""
    characters = sum(len(it.text) for it in document.ambitions)
    for er_goal in document.er_goals:
        characters += len(er_goal.theme or "") + sum(map(len, er_goal.ambitions))
    for goal in document.smart_goals:
        characters += len(goal.text) + len(goal.theme or "") + len(goal.owner or "")
        characters += sum(map(len, goal.er_goals)) + sum(map(len, goal.focus_areas))
    for effort in document.efforts:
        characters += len(effort.text) + len(effort.theme or "") + len(effort.lead or "")
        characters += sum(map(len, effort.smart_goals))
    if characters > limits.DOCUMENT_CHARACTERS:
        raise Refused(refusal.TOO_MUCH_TEXT)


def _header_of(grid: Grid, chosen: Mapping[int, str], year: int) -> HeaderRow | None:
    """Return a sheet's header; a lone SMART goal column is one where the sheet's name tells a theme."""
    return find_header(grid, forced=frozenset(chosen), alone=theme_in_sheet_name(grid.name, year) is not None)


def _chosen(grid: Grid, choices: Choices) -> dict[int, str]:
    letters = {column_letters(column): column for column in grid.columns}
    return {
        letters[letter.upper()]: level
        for (sheet, letter), level in choices.items()
        if sheet == grid.name and letter.upper() in letters
    }


def _bare_theme(grid: Grid, year: int) -> ThemeName | Programme | None:
    """A bare sheet name is a theme where several sheets have a header; never when it is itself a header
    ("Ambities").
    """
    return None if recognise(grid.name) else theme_of_bare_sheet_name(grid.name, year)


def _report_no_header(grids: list[Grid], findings: Findings) -> None:
    for grid in grids:
        for row in grid.row_numbers:
            if row > limits.HEADER_WITHIN_ROWS:
                break
            for column, cell in grid.rows[row].items():
                if cell.problem == "no_value":
                    findings.error(
                        "De formule in deze cel heeft geen opgeslagen uitkomst. Open het "
                        "bestand in Excel of LibreOffice, sla "
                        "het op en lees het opnieuw in.",
                        place(grid.name, row, column),
                    )
    source, found = _likeliest_header(grids)
    seen = f" Gevonden: {found}." if found else ""
    findings.error(
        "Er is geen rij met kolomkoppen (headers) gevonden waaraan een DIN te herkennen is. Zet "
        "in de eerste 30 rijen boven elke "
        f"kolom een kop.{seen} Verwacht: {EXPECTED_HEADERS}. In elk geval is een kolom SMART-doelen nodig.",
        source,
    )


def _likeliest_header(grids: list[Grid]) -> tuple[str | None, str]:
    best: tuple[int, str, str] | None = None
    for grid in grids:
        for row in grid.row_numbers:
            if row > limits.HEADER_WITHIN_ROWS:
                break
            texts = [one_line(cell.text) for _, cell in sorted(grid.rows[row].items())]
            short = [text for text in texts if 0 < len(text) <= 40]
            if short and (best is None or len(short) > best[0]):
                best = (len(short), f"{grid.name}!{cell_name(row, min(grid.rows[row]))}", ", ".join(short[:12]))
    return (best[1], best[2]) if best else (None, "")


def _report_no_smart_goal(layouts: dict[int, Layout], findings: Findings) -> None:
    for layout in layouts.values():
        header: HeaderRow = layout.headers[0]
        found = ", ".join(one_line(text) for _, text in sorted(header.texts.items()))[:300]
        findings.error(
            "Er is wel een rij met kolomkoppen (headers), maar geen kolom met SMART-doelen. "
            f"Gevonden: {found}. Verwacht: een kolom "
            "met de kop SMART-doelen (of Resultaten of Doelen).",
            place(layout.grid.name, header.row, min(header.texts, default=1)),
        )


def _rows_with_findings(findings: Findings) -> dict[str, set[int]]:
    rows: dict[str, set[int]] = {}
    for finding in (*findings.errors, *findings.warnings):
        sheet, _, cell = (finding.source or "").rpartition("!")
        digits = cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        if digits.isdecimal():
            rows.setdefault(sheet, set()).add(int(digits))
    return rows


def _seen(
    grid: Grid,
    layout: Layout | None,
    themes: dict[int, RowTheme],
    network: Network,
    findings_at: set[int],
    most_characters: int,
) -> SeenSheet:
    """Return the bounded picture of a sheet: the first rows and those with findings, within `most_characters`."""
    if grid.hidden:
        return SeenSheet(grid.name, "hidden")
    shown = grid.columns[: limits.SEEN_COLUMNS]
    letters = tuple(column_letters(column) for column in shown)
    wanted = grid.row_numbers[: limits.SEEN_ROWS]
    later = [row for row in grid.row_numbers[limits.SEEN_ROWS :] if row in findings_at]
    wanted = wanted + later[: limits.SEEN_ROWS_WITH_FINDINGS]
    roles = {row.number: row.role for row in layout.rows} if layout else {}
    rows = []
    for row in wanted:
        theme = themes.get(row, RowTheme())
        cells = []
        for column in shown:
            cell = value_at(grid, row, column)
            cells.append(cell.text[: limits.SEEN_CHARACTERS] if cell else "")
        name = network.name_of(theme.key) if theme.origin else None
        name = name and name[: limits.SEEN_CHARACTERS]
        seen = SeenRow(row, roles.get(row, "title"), name, theme.origin, tuple(cells))
        most_characters -= _length(seen)
        if most_characters < 0:
            break
        rows.append(seen)
    columns: tuple[SeenColumn, ...] = ()
    if layout:
        found = layout.columns
        columns = tuple(
            SeenColumn(letter, one_line(found.texts.get(column, ""))[: limits.SEEN_CHARACTERS], found.level_of(column))
            for letter, column in zip(letters, shown, strict=True)
        )
    headers = tuple(header.row for header in layout.headers) if layout else ()
    state = "read" if layout else "no_header"
    return SeenSheet(grid.name, state, headers, letters, columns, tuple(rows), len(grid.rows))


def _length(row: SeenRow) -> int:
    """Return how many characters it takes to hand a row on, marks between the cells included."""
    return sum(len(cell) + 4 for cell in row.cells) + len(row.theme or "")
