"""The picture of the sheets: what is in it, what is marked, and that it stays small."""

import pytest

from din.reading import Finding, Reading, SeenColumn, SeenRow, SeenSheet, read_in_process
from din.sheet_picture import PICTURE_CELLS, PICTURE_ROWS, PICTURE_SHEETS, lines_of, lines_of_log, picture_of
from tests.din.workbooks import workbook

pytestmark = pytest.mark.pure


def sheet(name: str = "DIN", rows: int = 3, columns: int = 2) -> SeenSheet:
    letters = tuple(chr(ord("A") + place) for place in range(columns))
    return SeenSheet(
        name,
        "read",
        (1,),
        letters,
        tuple(SeenColumn(letter, f"Kop {letter}", "smart_goal" if letter == "B" else None) for letter in letters),
        tuple(
            SeenRow(number, "header" if number == 1 else "data", "Taal", "band", tuple(f"cel {n}" for n in letters))
            for number in range(1, rows + 1)
        ),
        rows,
    )


def test_a_workbook_is_shown_with_what_its_columns_and_rows_were_taken_for() -> None:
    rows = [["Pijler", "SMART-doel", "Opmerking"], ["Pijler 1: Taal", "Er is een cursus", "let op"]]
    (shown,) = picture_of(read_in_process(workbook(rows), 2025), {}).sheets
    assert [column.level for column in shown.columns] == ["onderdeel (pijler, thema)", "SMART-doel", ""]
    assert [(row.number, row.role_label, row.theme, row.theme_from) for row in shown.rows] == [
        (1, "kolomkoppen", "", ""),
        (2, "gelezen", "Taal", "uit de kolom"),
    ]
    assert [cell.text for cell in shown.rows[1].cells] == ["Pijler 1: Taal", "Er is een cursus", "let op"]


def test_a_finding_and_its_cell_lead_to_each_other() -> None:
    reading = Reading(errors=(Finding("DIN!B2", "Dit is fout."),), sheets=(sheet(),))
    picture = picture_of(reading, {})
    (remark,) = picture.errors
    assert remark.anchor == "cel-0-B2"
    marked = [cell for row in picture.sheets[0].rows for cell in row.cells if cell.remarks]
    assert [(cell.anchor, cell.remarks) for cell in marked] == [("cel-0-B2", (remark,))]


@pytest.mark.parametrize("source", [None, "DIN", "DIN!", "DIN!B", "DIN!7", "Weg!B2", "DIN!Z2", "DIN!B99"])
def test_a_finding_of_a_cell_that_is_not_shown_has_no_link(source: str | None) -> None:
    picture = picture_of(Reading(warnings=(Finding(source, "Let op."),), sheets=(sheet(),)), {})
    assert [(remark.anchor, remark.is_error) for remark in picture.warnings] == [("", False)]


def test_sheets_with_an_exclamation_mark_in_their_name_find_their_cells() -> None:
    reading = Reading(errors=(Finding("Nu! of nooit!A2", "Fout."),), sheets=(sheet("Nu! of nooit"),))
    assert picture_of(reading, {}).errors[0].anchor == "cel-0-A2"


def test_a_long_sheet_shows_its_first_rows_and_those_with_a_finding() -> None:
    reading = Reading(errors=(Finding("DIN!A250", "Fout."),), sheets=(sheet(rows=300),))
    rows = picture_of(reading, {}).sheets[0].rows
    assert [row.number for row in rows] == [*range(1, PICTURE_ROWS + 1), 250]
    assert [row.number for row in rows if row.is_left_out_above] == [250]


def test_the_picture_is_bounded_whatever_the_workbook() -> None:
    sheets = tuple(sheet(f"Blad {number}", rows=300, columns=26) for number in range(60))
    reading = Reading(errors=(Finding("Blad 1!A299", "Fout."),), sheets=sheets)
    picture = picture_of(reading, {})
    assert len(picture.sheets) == PICTURE_SHEETS
    assert picture.sheets_left_out == 60 - PICTURE_SHEETS
    assert sum(len(row.cells) for shown in picture.sheets for row in shown.rows) <= PICTURE_CELLS
    assert picture.errors[0].anchor, "what is wrong comes first"


def test_a_choice_is_shown_with_its_column() -> None:
    shown = picture_of(Reading(sheets=(sheet(),)), {"DIN": {"A": "ambition"}, "Weg": {"B": "effort"}}).sheets[0]
    assert [column.choice for column in shown.choosable] == ["ambition", ""]


def test_findings_that_say_the_same_are_one_line_with_every_place() -> None:
    same = tuple(Finding(f"DIN!B{row}", "Dit is fout.") for row in (2, 3))
    picture = picture_of(
        Reading(errors=(*same, Finding("DIN!A2", "Iets anders.")), warnings=same, sheets=(sheet(),)), {}
    )
    assert [(line.number, [place.source for place in line.places]) for line in lines_of(picture.errors)] == [
        (1, ["DIN!B2", "DIN!B3"]),
        (2, ["DIN!A2"]),
    ]
    assert [line.number for line in lines_of(picture.warnings)] == [3], "a fault is not a remark"


def test_findings_of_the_log_are_lines_without_a_picture() -> None:
    (line,) = lines_of_log([{"source": "DIN!B2", "message": "Let op."}, {"source": None, "message": "Let op."}])
    assert [(place.source, place.anchor) for place in line.places] == [("DIN!B2", ""), ("", "")]
