"""The spreadsheets say what the report says: a sheet a subject, in Excel's format and in the open one."""

from __future__ import annotations

import datetime
import io
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from odf import dc, meta, table, teletype, text
from odf.element import Element
from odf.namespaces import CONFIGNS, STYLENS, TABLENS
from odf.opendocument import load as load_ods
from openpyxl import load_workbook

from monitoring.report.document import ReportDocument
from monitoring.report.formats.ods import render_ods
from monitoring.report.formats.registry import FORMATS
from monitoring.report.formats.xlsx import render_xlsx
from monitoring.report.frozen import ReportSource, freeze
from monitoring.report.sheets import CELL_LIMIT, Cell, Sheet, row_height, sheets_of
from tests.monitoring.report.payloads import PAYLOADS, with_payload
from tests.monitoring.report.sample import SHA256, brief, concept, sample_din, sample_speerpunten

pytestmark = pytest.mark.pure

Rows = dict[str, list[list[Cell]]]


def read_xlsx(data: bytes) -> Rows:
    """The cells below the header of each sheet, by its name; no cell may be a formula."""
    rows: Rows = {}
    for sheet in load_workbook(io.BytesIO(data)):
        cells = list(sheet.iter_rows())
        assert not [cell.coordinate for row in cells for cell in row if cell.data_type == "f"]
        rows[sheet.title] = [[_plain(cell.value) for cell in row] for row in cells]
    return rows


def _plain(value: object) -> Cell:
    if isinstance(value, datetime.datetime):
        return value.date()
    return Decimal(str(value)) if isinstance(value, float | int) else value  # type: ignore[return-value]


def read_ods(data: bytes) -> Rows:
    rows: Rows = {}
    for sheet in load_ods(io.BytesIO(data)).spreadsheet.getElementsByType(table.Table):
        found = sheet.getElementsByType(table.TableRow)
        rows[sheet.getAttribute("name")] = [[_value(cell) for cell in row.childNodes] for row in found]
    return rows


def _value(cell: Element) -> Cell:
    assert (TABLENS, "formula") not in cell.attributes
    kind = cell.getAttribute("valuetype")
    if kind == "float":
        return Decimal(cell.getAttribute("value"))
    if kind == "date":
        return datetime.date.fromisoformat(cell.getAttribute("datevalue"))
    lines = [teletype.extractText(line) for line in cell.getElementsByType(text.P)]
    return "\n".join(lines) if lines else None


READERS: dict[Callable[..., bytes], Callable[[bytes], Rows]] = {render_xlsx: read_xlsx, render_ods: read_ods}


@pytest.fixture(params=READERS, ids=["xlsx", "ods"])
def render(request: pytest.FixtureRequest) -> Callable[..., bytes]:
    return request.param  # type: ignore[no-any-return]


def expected(sheet: Sheet) -> Iterator[list[Cell]]:
    """What a reader of the file must find: an empty text is an empty cell, as long as the header."""
    for row in sheet.rows:
        yield [None if cell == "" else Decimal(cell) if isinstance(cell, int) else cell for cell in row]


@pytest.mark.parametrize("make", [sample_din, sample_speerpunten, lambda: concept(sample_din())])
def test_each_sheet_has_the_rows_of_its_subject(
    render: Callable[..., bytes], make: Callable[[], ReportDocument]
) -> None:
    document = make()
    sheets = sheets_of(document, sha256=SHA256)
    found = READERS[render](render(document, sha256=SHA256))
    assert list(found) == [sheet.name for sheet in sheets.sheets]
    for sheet in sheets.sheets:
        assert found[sheet.name][sheet.header_row - 1] == [column.heading for column in sheet.columns]
        assert found[sheet.name][sheet.header_row :] == list(expected(sheet))


def test_the_sheets_hold_what_the_document_holds() -> None:
    document = sample_din()
    by_name = {sheet.name: sheet for sheet in sheets_of(document, sha256=SHA256).sheets}
    assert [row[2] for row in by_name["Doelen"].rows] == [goal.text for goal in document.every_goal]
    assert [row[7] for row in by_name["Doelen"].rows if row[7]] == [
        f"Niet aangeleverd: {goal.not_delivered_reason}" if goal.not_delivered_reason else goal.explanation
        for goal in document.every_goal
        if goal.not_delivered_reason or goal.explanation
    ]
    efforts = [effort.text for goal in document.every_goal for effort in goal.efforts]
    assert [row[3] for row in by_name["Inspanningen"].rows] == efforts
    assert len(by_name["Veranderd"].rows) == document.goals + len(document.gone)
    measured = [Decimal(one.value) for indicator in document.indicators for one in indicator.measurements]
    assert [row[4] for row in by_name["Indicatoren"].rows if row[4] is not None] == measured
    targets = [Decimal(one.value) for indicator in document.indicators for one in indicator.targets]
    assert [row[4] for row in by_name["Streefwaarden"].rows if row[6] != "Uitgangswaarde"] == targets
    assert [row[1] for row in by_name["Toezeggingen"].rows] == [one.number for one in document.commitments]
    *themes, total = by_name["Samenvatting"].rows
    assert [row[0] for row in themes] == [theme.title for theme in document.themes]
    assert list(total[1:]) == [sum(row[place] for row in themes) for place in range(1, len(total))]  # type: ignore[misc]
    assert total[-2:] == (document.goals, document.late)
    assert ("Controlegetal (SHA-256)", SHA256) in by_name["Verantwoording"].rows


@pytest.mark.parametrize("name", PAYLOADS)
def test_what_somebody_wrote_comes_out_as_it_was_written(render: Callable[..., bytes], name: str) -> None:
    document = with_payload(brief(sample_din()), PAYLOADS[name])
    found = READERS[render](render(document))
    for sheet in sheets_of(document).sheets:
        for told, row in zip(found[sheet.name][sheet.header_row :], expected(sheet), strict=True):
            assert told == row


def test_an_escape_of_excel_stays_as_it_was_typed() -> None:
    document = with_payload(brief(sample_din()), "een _x0041_ en _x005F_")
    (cell,) = {row[2] for row in read_xlsx(render_xlsx(document))["Doelen"][1:]}
    # Excel reads _x005F_ as an underscore; this library gives what lies in the file.
    assert str(cell).replace("_x005F_", "_") == "een _x0041_ en _x005F_"


@pytest.mark.parametrize(("text", "marked"), [("=1+1", True), ("+1", True), ("-1", True), ("@x", True), ("1", False)])
def test_excel_is_told_that_a_text_like_a_formula_is_none(text: str, marked: bool) -> None:
    """Else it becomes one when somebody opens the cell to change it."""
    sheet = load_workbook(io.BytesIO(render_xlsx(with_payload(brief(sample_din()), text))))["Doelen"]
    assert {sheet.cell(2, column).quotePrefix for column in (1, 2, 3, 8)} == {marked}


def test_a_text_that_is_too_long_for_a_cell_goes_on_in_the_next_row() -> None:
    document = brief(sample_din())
    theme = document.themes[0]
    long = "".join(chr(ord("a") + place % 26) for place in range(2 * CELL_LIMIT + 5))
    goals = (replace(theme.goals[0], explanation=long, not_delivered_reason=""), *theme.goals[1:])
    document = replace(document, themes=(replace(theme, goals=goals), *document.themes[1:]))
    rows = next(sheet for sheet in sheets_of(document).sheets if sheet.name == "Doelen").rows
    assert "".join(str(row[7]) for row in rows[:3]) == long
    assert [row[:2] for row in rows[:3]] == [(theme.title, theme.goals[0].reference)] * 3
    assert [row[2] for row in rows[:3]] == [theme.goals[0].text, None, None]
    assert len(rows) == document.goals + 2


@pytest.mark.parametrize("letter", ["éa", "😀"])
def test_no_piece_of_a_text_is_longer_than_a_program_takes(letter: str) -> None:
    """Programs count in units of UTF-16, in which some letters are two."""
    long = "x" + letter * 20_000 + "y" * 5_000
    document = replace(sample_din(goals=5), introduction=long)
    rows = next(sheet for sheet in sheets_of(document).sheets if sheet.name == "Onderdelen").rows
    pieces = [str(row[2]) for row in rows if row[0] == "Hele rapportage"]
    assert "".join(pieces) == long
    assert max(len(piece.encode("utf-16-le")) // 2 for piece in pieces) <= CELL_LIMIT


def told_in(document: ReportDocument, name: str) -> list[dict[str, Cell]]:
    """The rows of a sheet, each cell by the heading of its column."""
    sheet = next(sheet for sheet in sheets_of(document).sheets if sheet.name == name)
    headings = [column.heading for column in sheet.columns]
    return [dict(zip(headings, row, strict=True)) for row in sheet.rows]


def test_a_goal_says_whether_it_is_late_and_when_it_may_be_ready() -> None:
    document = sample_din()
    rows = told_in(document, "Doelen")
    assert [row["Te laat"] for row in rows] == ["ja" if goal.late else "nee" for goal in document.every_goal]
    assert {row["Te laat"] for row in rows} == {"ja", "nee"}
    assert [row["Verwacht gereed"] for row in rows[:2]] == [None, datetime.date(2025, 6, 30)]


def test_a_target_comes_with_its_bounds_and_an_indicator_with_its_start_and_its_last_target() -> None:
    document = sample_din()
    within = next(one for one in document.indicators if one.direction == "within")
    rows = [row for row in told_in(document, "Streefwaarden") if row["Indicator"] == within.name]
    assert [(row["Op"], row["Streefwaarde"], row["Tot en met"], row["Bron"]) for row in rows] == [
        (datetime.date(2020, 12, 31), Decimal(49), None, "Uitgangswaarde"),
        (datetime.date(2025, 12, 31), Decimal(58), Decimal(79), "Plan"),
        (datetime.date(2026, 12, 31), Decimal(62), Decimal(79), "Plan"),
    ]
    row = next(row for row in told_in(document, "Indicatoren") if row["Indicator"] == within.name)
    assert row["Laatste streefwaarde"] == "62 op 31-12-2026"


def test_a_commitment_says_when_it_was_settled() -> None:
    document = sample_din()
    settled = [row["Afgedaan op"] for row in told_in(document, "Toezeggingen")]
    assert settled == [datetime.date(2024, 4, 10) if one.settled_on else None for one in document.commitments]
    assert len(set(settled)) == 2


def test_a_first_report_has_no_sheet_of_changes() -> None:
    first = replace(sample_din(), previous_round_label="", gone=())
    assert "Veranderd" not in [sheet.name for sheet in sheets_of(first).sheets]


def test_above_the_summary_stands_why_it_was_corrected_as_far_as_a_cell_may_hold() -> None:
    corrected = replace(sample_din(), edition=2, corrected_on="2024-10-01", correction="Een tikfout")
    assert sheets_of(corrected).sheets[0].lead[2].endswith("Reden van de correctie: Een tikfout")
    long = sheets_of(replace(corrected, correction="x" * 40_000)).sheets[0].lead[2]
    assert (len(long), long[-2:]) == (CELL_LIMIT, "x…")


def test_an_opgave_comes_with_what_it_is_for() -> None:
    document = sample_speerpunten()
    goals = next(sheet for sheet in sheets_of(document).sheets if sheet.name == "Doelen")
    told = [(row[-2], row[-1]) for row in goals.rows]
    assert told == [(goal.description, goal.intended_results) for goal in document.every_goal]


def test_excel_keeps_the_header_in_sight_filters_and_prints_it_on_each_page() -> None:
    workbook = load_workbook(io.BytesIO(render_xlsx(sample_din(), sha256=SHA256)))
    for sheet in workbook:
        top = 6 if sheet.title == "Samenvatting" else 1
        assert sheet.freeze_panes[1:] == str(top + 1)
        assert sheet.print_title_rows == f"${top}:${top}"
        assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert all(sheet.column_dimensions[cell.column_letter].width > 6 for cell in sheet[top])
        if top == 1:
            (filtered,) = sheet.tables.values()
            assert filtered.ref == filtered.autoFilter.ref == sheet.dimensions


def test_excel_prints_the_columns_that_fit_with_the_programme_above_them() -> None:
    """An ampersand is a code in a header, and a header of more than 255 characters is damage."""
    document = replace(sample_din(), programme="Wonen & &P " + "&" * 300)
    workbook = load_workbook(io.BytesIO(render_xlsx(document, sha256=SHA256)))
    for sheet in workbook:
        assert sheet.oddHeader.left.text.startswith("Wonen && &&P &&&&")
        assert len(str(sheet.oddHeader)) <= 255
        assert sheet.oddFooter.right.text == "&P van &N"
    goals = workbook["Doelen"]
    assert goals.print_area == f"'Doelen'!$A$1:$J${goals.max_row}"
    assert not workbook["Toezeggingen"].print_area


def test_excel_shows_numbers_with_their_own_decimals_days_as_days_and_the_total_bold() -> None:
    document = sample_din()
    first, *others = document.indicators
    measured = tuple(replace(first.measurements[0], value=value) for value in ("40", "41.5", "48.33"))
    document = replace(document, indicators=(replace(first, measurements=measured), *others))
    workbook = load_workbook(io.BytesIO(render_xlsx(document, sha256=SHA256)))
    formats = [cell.number_format for (cell,) in workbook["Indicatoren"].iter_rows(2, 4, 5, 5)]
    assert formats == ["#,##0", "#,##0.0", "#,##0.00"]
    explanation = workbook["Doelen"].row_dimensions[2].height
    assert explanation == row_height(sheets_of(document).sheets[2].rows[0], sheets_of(document).sheets[2]) > 30
    assert {cell.number_format for (cell,) in workbook["Toezeggingen"].iter_rows(2, None, 5, 5)} == {"dd-mm-yyyy"}
    *rows, total = workbook["Samenvatting"].iter_rows(7)
    assert {cell.font.bold for row in rows for cell in row} == {False}
    assert {cell.font.bold for cell in total} == {True}


def test_the_open_format_does_so_too() -> None:
    file = load_ods(io.BytesIO(render_ods(sample_din(), sha256=SHA256)))
    tables = file.spreadsheet.getElementsByType(table.Table)
    filters = file.spreadsheet.getElementsByType(table.DatabaseRange)
    assert [one.getAttribute("name") for one in filters] == [one.getAttribute("name") for one in tables][1:]
    assert {one.getAttribute("displayfilterbuttons") for one in filters} == {"true"}
    for one in tables:
        (heads,) = one.getElementsByType(table.TableHeaderRows)
        assert len(heads.getElementsByType(table.TableRow)) == 1
    layouts = [node for node in file.automaticstyles.childNodes if node.qname == (STYLENS, "page-layout")]
    assert len(layouts) == len(tables)
    for layout in layouts:
        set_up = layout.childNodes[0].attributes
        assert (set_up[STYLENS, "print-orientation"], set_up[STYLENS, "scale-to-X"]) == ("landscape", "1")
        assert set_up[STYLENS, "scale-to-Y"] == "0"
    for master in file.masterstyles.childNodes:
        assert [len(master.getElementsByType(kind)) for kind in (text.PageNumber, text.PageCount)] == [1, 1]

    def settings(name: str) -> list[str]:
        nodes = [node for node in _walk(file.settings) if node.attributes]
        return [teletype.extractText(node) for node in nodes if node.attributes.get((CONFIGNS, "name")) == name]

    sheets = sheets_of(sample_din(), sha256=SHA256).sheets
    assert settings("VerticalSplitPosition") == ["6", *["1"] * (len(tables) - 1)]
    assert settings("HorizontalSplitPosition") == [str(sheet.frozen) for sheet in sheets]
    printed = {one.getAttribute("name"): one.getAttribute("printranges") for one in tables}
    assert printed["Doelen"] == f"$'Doelen'.$A$1:$'Doelen'.$J{len(sheets[2].rows) + 1}"
    assert printed["Toezeggingen"] is None
    *rows, total = tables[0].getElementsByType(table.TableRow)
    assert {cell.getAttribute("stylename") for cell in total.childNodes} == {"total"}
    assert "total" not in {cell.getAttribute("stylename") for row in rows for cell in row.childNodes}
    assert file.mimetype == FORMATS["ods"].media_type


def _walk(element: Element) -> Iterator[Element]:
    for node in element.childNodes:
        if node.nodeType == node.ELEMENT_NODE:
            yield node
            yield from _walk(node)


def test_a_concept_says_so_on_every_page() -> None:
    document = concept(sample_din())
    for sheet in load_workbook(io.BytesIO(render_xlsx(document))):
        assert sheet.oddHeader.right.text.startswith("CONCEPT")
    file = load_ods(io.BytesIO(render_ods(document)))
    masters = file.masterstyles.childNodes
    assert masters
    assert all("CONCEPT" in teletype.extractText(master) for master in masters)
    for rows in (read_xlsx(render_xlsx(document)), read_ods(render_ods(document))):
        assert "CONCEPT" in str(rows["Samenvatting"][2][0])
    third = file.spreadsheet.getElementsByType(table.TableRow)[2]
    assert third.childNodes[0].getAttribute("stylename") == "concept"


@pytest.mark.parametrize("extension", ["xlsx", "ods"])
def test_the_same_report_gives_the_same_bytes_at_any_time(extension: str, monkeypatch: pytest.MonkeyPatch) -> None:
    source = ReportSource(freeze(brief(sample_din()))[0], SHA256)
    first = FORMATS[extension].render(source)
    later = time.time() + 100_000
    monkeypatch.setattr(time, "time", lambda: later)
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(later))
    time.sleep(2.1)  # an archive knows two seconds
    assert FORMATS[extension].render(source) == first


def test_what_is_said_of_the_file_is_the_day_of_the_report() -> None:
    document = sample_din()
    properties = load_workbook(io.BytesIO(render_xlsx(document))).properties
    assert {moment.date().isoformat() for moment in (properties.created, properties.modified)} == {document.adopted_on}
    assert document.programme in (properties.title or "")
    told = load_ods(io.BytesIO(render_ods(document))).meta
    found = {kind: teletype.extractText(told.getElementsByType(kind)[0]) for kind in (dc.Title, dc.Date)}
    assert found == {dc.Title: properties.title, dc.Date: f"{document.adopted_on}T00:00:00"}
    assert teletype.extractText(told.getElementsByType(meta.CreationDate)[0]) == found[dc.Date]


@pytest.mark.parametrize(("day", "year"), [("2024-09-17", 2024), ("1970-01-01", 1980)])
def test_what_is_in_a_file_has_the_day_of_the_report(render: Callable[..., bytes], day: str, year: int) -> None:
    data = render(replace(brief(sample_din()), adopted_on=day))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        (moment,) = {entry.date_time for entry in archive.infolist()}
    assert moment == (year, int(day[5:7]), int(day[8:]), 0, 0, 0)
