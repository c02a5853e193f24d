"""A plain table from a workbook: found by its headings, read as it is seen, with all findings at once."""

import datetime
from decimal import Decimal

import openpyxl
import pytest

from din.reading import bounded, read_table
from din.reading.table import Column, Table, as_day, as_number, read_table_in_process, table_from_wire, table_to_wire
from tests.din.reading.costly_files import COSTLY
from tests.din.reading.hostile_files import REFUSED
from tests.din.reading.workbooks import as_ods, as_xls, as_xlsx, workbook

pytestmark = pytest.mark.pure

COLUMNS = (Column("title", "Titel", is_required=True), Column("day", "Datum"), Column("number", "Nummer"))


def table(*rows: tuple[object, ...]) -> Table:
    return read_table_in_process(as_xlsx(workbook({"Lijst": rows})), COLUMNS)


def messages(read: Table) -> list[tuple[str | None, str]]:
    return [(finding.source, finding.message) for finding in read.findings]


@pytest.mark.parametrize("make", [as_xlsx, as_ods, as_xls], ids=["xlsx", "ods", "xls"])
def test_rows_are_read_below_their_headings_whatever_stands_above_and_beside(make):
    rows = [
        ("Onze lijst",),
        (None, "nummer", "TITEL", "Niet van ons"),
        (),
        (None, "12", " Een  titel ", "x"),
        (None, 7),
    ]
    read = read_table(make(workbook({"Lijst": rows})), COLUMNS)
    assert read.findings == ()
    assert [(row.number, row.cells) for row in read.rows] == [
        (4, {"number": "12", "title": "Een titel"}),
        (5, {"number": "7", "title": ""}),
    ]
    assert read.finding(read.rows[0], "title", "Fout").source == "Lijst!C4"


def test_the_sheet_with_the_headings_is_found_behind_another_and_a_hidden_one_is_not_read():
    book = workbook({"Uitleg": [("Hoe u dit invult",)], "Weg": [("Titel",), ("oud",)], "Lijst": [("Titel",), ("A",)]})
    book["Weg"].sheet_state = "hidden"
    read = read_table_in_process(as_xlsx(book), COLUMNS)
    assert (read.sheet, [row.cells["title"] for row in read.rows]) == ("Lijst", ["A"])


def test_a_table_without_a_required_heading_says_which():
    (found,) = messages(table(("Naam", "Datum"), ("A", "1-1-2023")))
    assert "Titel" in found[1]


def test_what_is_wrong_is_said_at_its_place_and_all_at_once():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Lijst"
    sheet.append(["Titel", "Datum", "titel"])
    sheet.append(["=A9", "#N/A", "B"])
    found = messages(read_table_in_process(as_xlsx(book), COLUMNS))
    assert [(place, message.split(".")[0]) for place, message in found] == [
        ("Lijst!C1", "De kolom ‘Titel’ staat er twee keer"),
        ("Lijst!A2", "De formule in deze cel heeft geen opgeslagen uitkomst"),
        ("Lijst!B2", "In deze cel staat een foutwaarde van een formule"),
    ]


def test_headings_alone_are_a_finding():
    assert messages(table(("Titel",))) == [("Lijst!A1", "Onder de kolomkoppen staat niets.")]


@pytest.mark.parametrize("name", REFUSED | COSTLY)
def test_a_hostile_file_ends_in_a_finding_and_without_rows(name):
    make, _ = (REFUSED | COSTLY)[name]
    read = read_table(make(), COLUMNS)
    assert read.rows == ()
    assert len(read.findings) == 1


def test_a_child_that_dies_is_a_finding(monkeypatch):
    monkeypatch.setattr(bounded, "_PROGRAM", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    assert "te veel tijd" in read_table(as_xlsx(workbook({"L": [("Titel",), ("A",)]})), COLUMNS).findings[0].message


@pytest.mark.parametrize("answer", ["", "[]", "{}", '{"sheet": "", "letters": 1, "rows": [], "findings": []}'])
def test_a_child_that_answers_nonsense_is_a_finding(monkeypatch, answer):
    monkeypatch.setattr(bounded, "_PROGRAM", f"print({answer!r})")
    assert len(read_table(as_xlsx(workbook({"L": [("Titel",), ("A",)]})), COLUMNS).findings) == 1


def test_the_wire_keeps_everything():
    read = table(("Titel", "Datum", "Titel"), ("A", None, "B"))
    assert read.rows
    assert read.findings
    assert table_from_wire(table_to_wire(read)) == read


@pytest.mark.parametrize("text", ["1-5-2023", "01-05-2023", "1/5/2023", "2023-05-01", "1 mei 2023", "01-05-2023 0:00"])
def test_a_day_is_read_as_it_is_written(text):
    assert as_day(text) == datetime.date(2023, 5, 1)


@pytest.mark.parametrize("text", ["31-2-2023", "mei 2023", "5-1-23", "1 blad 2023", "binnenkort", "1-5-2023x"])
def test_what_is_no_day_is_said(text):
    with pytest.raises(ValueError, match="is geen dag"):
        as_day(text)


def test_a_day_of_the_spreadsheet_is_read():
    assert as_day(table(("Titel", "Datum"), ("A", datetime.date(2023, 5, 1))).rows[0].cells["day"]) == datetime.date(
        2023, 5, 1
    )


@pytest.mark.parametrize(
    ("text", "number"),
    [("1.031", "1031"), ("48,33%", "48.33"), ("€ 12", "12"), ("-3", "-3"), ("1031,5", "1031.5"), ("0", "0")],
)
def test_a_number_is_read_in_dutch(text, number):
    assert as_number(text) == Decimal(number)


@pytest.mark.parametrize("text", ["47.25", "1,031.5", "veel", "1e5", "12 13", "٣"])
def test_what_is_no_number_is_said(text):
    with pytest.raises(ValueError, match="is geen getal"):
        as_number(text)


def test_a_blank_cell_says_nothing():
    assert as_day("") is None
    assert as_number("") is None
