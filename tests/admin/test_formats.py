"""The three formats keep every text as it is, make no formula of any, and say in Dutch what they cannot read."""

from __future__ import annotations

import csv
import datetime
import io
import zipfile

import pytest
import tablib
from odf import opendocument, teletype
from odf import table as odf_table
from openpyxl import Workbook, load_workbook
from python_calamine import CalamineWorkbook

from din.admin.formats import FORMATS, MAX_ROWS, Csv, Ods, TableFormat, Unreadable, Unwritable, Xlsx

pytestmark = pytest.mark.pure

TEXTS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+31 20 123",
    "-niet doen",
    "@SUM(A1)",
    "'=al met een apostrof",
    "'gewoon een apostrof",
    'Aanhaling "binnen" de tekst; met, komma',
    "Twee\nregels & <b>opmaak</b>",
    "twee  spaties en\teen tab",
    "Eén ëüro € 😀",
]
DAY = datetime.date(2023, 9, 30)
each_format = pytest.mark.parametrize("file_format", [form() for form in FORMATS], ids=lambda form: form.title)


def table(*rows: list[object]) -> tablib.Dataset:
    return tablib.Dataset(*rows, headers=["tekst", "getal", "dag"])


@each_format
def test_every_text_comes_back_as_it_was(file_format: TableFormat) -> None:
    rows: list[list[object]] = [[text, 2023, DAY] for text in TEXTS]
    back = file_format.create_dataset(file_format.export_data(table(*rows)))
    assert back.headers == ["tekst", "getal", "dag"]
    assert [row[0] for row in back] == TEXTS
    assert [str(row[1]) for row in back] == ["2023"] * len(TEXTS)
    assert [str(row[2])[:10] for row in back] == ["2023-09-30"] * len(TEXTS)


def test_a_reader_of_xlsx_sees_texts_and_dates_and_no_formula() -> None:
    data = Xlsx().export_data(table(*([text, 2023, DAY] for text in TEXTS)))
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    assert [cell.value for cell in sheet["A"][1:]] == TEXTS
    assert {cell.data_type for cell in sheet["A"]} == {"s"}
    assert {cell.value for cell in sheet["C"][1:]} == {datetime.datetime(2023, 9, 30)}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_a_reader_of_ods_sees_texts_and_dates_and_no_formula() -> None:
    data = Ods().export_data(table(*([text, 2023, DAY] for text in TEXTS)))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert {row[2] for row in rows[1:]} == {DAY}
    document = opendocument.load(io.BytesIO(data))
    texts = [
        "\n".join(teletype.extractText(line) for line in row.firstChild.childNodes)
        for row in document.getElementsByType(odf_table.TableRow)
    ]
    assert texts[1:] == TEXTS
    # White space stands in elements of its own: bare, a spreadsheet program folds it into one space.
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = archive.read("content.xml").decode()
    assert [white for white in ("\n", "\t", "  ") if white in content] == []
    cells = document.getElementsByType(odf_table.TableCell)
    assert not any(cell.getAttribute("formula") for cell in cells)


def test_a_reader_of_csv_sees_no_cell_that_begins_like_a_formula() -> None:
    data = Csv().export_data(table(*([text, 2023, DAY] for text in TEXTS)))
    rows = list(csv.reader(io.StringIO(data.decode("utf-8"), newline="")))
    assert [row[0].lstrip("'") for row in rows[1:]] == [text.lstrip("'") for text in TEXTS]
    assert not any(row[0].startswith(("=", "+", "-", "@")) for row in rows)


@each_format
def test_characters_that_no_file_can_hold_are_left_out(file_format: TableFormat) -> None:
    back = file_format.create_dataset(file_format.export_data(table(["voor\x00\x0b\x1f\ufffena", 1, None])))
    assert back[0][0] == "voorna"


def test_a_text_too_long_for_xlsx_is_told_and_not_cut() -> None:
    with pytest.raises(Unwritable, match="32767 tekens"):
        Xlsx().export_data(table(["x" * 32_768, 1, None]))
    assert len(Ods().create_dataset(Ods().export_data(table(["x" * 40_000, 1, None])))[0][0]) == 40_000


ODS_NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"' for prefix in ("office", "table", "text")
)


def ods(rows: str) -> bytes:
    """A file as spreadsheet programs save it, with `rows` as its table."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(
            "content.xml",
            f"<office:document-content {ODS_NAMES}><office:body><office:spreadsheet><table:table>{rows}</table:table>"
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return stream.getvalue()


def cell(text: str, repeated: int = 1) -> str:
    return f'<table:table-cell table:number-columns-repeated="{repeated}"><text:p>{text}</text:p></table:table-cell>'


def test_repeated_cells_and_rows_of_ods_keep_their_columns() -> None:
    head = f"<table:table-row>{cell('a')}{cell('b')}{cell('c')}{cell('d')}</table:table-row>"
    row = f'{cell("gelijk", 2)}<table:table-cell table:number-columns-repeated="1"/>{cell("laatste")}'
    end = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row>'
    body = f'<table:table-row table:number-rows-repeated="2">{row}</table:table-row>'
    dataset = Ods().create_dataset(ods(head + body + end))
    assert list(dataset) == [("gelijk", "gelijk", None, "laatste")] * 2


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_csv_of_other_programs_is_read(delimiter: str, encoding: str) -> None:
    data = delimiter.join(["tekst", "getal"]) + "\r\n" + delimiter.join(["café €", "3"]) + "\r\n"
    assert Csv().create_dataset(data.encode(encoding))[0] == ("café €", "3")


def xlsx(*rows: list[object]) -> bytes:
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)  # type: ignore[union-attr]
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("content.xml", b" " * (41 * 1024**2))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("file_format", "data", "sentence"),
    [
        (Xlsx(), b"geen zip", "geen XLSX-bestand"),
        (Ods(), b"", "geen ODS-bestand"),
        (Ods(), xlsx(["tekst"], ["x"]), "geen ODS-bestand"),
        (Ods(), bomb(), "uitgepakt te groot"),
        (Xlsx(), bomb(), "uitgepakt te groot"),
        (Csv(), b"a,b\n\x00,1\n", "geen CSV-bestand"),
        (Csv(), b"a,b\n\x81\x8d,1\n", "geen CSV-bestand"),
        (Csv(), b'a,b\n"' + b"x" * 200_000 + b'",1\n', "niet goed gevormd"),
        (Csv(), b"", "leeg"),
        (Csv(), b"tekst,tekst\n1,2\n", "twee keer: tekst"),
        (Csv(), b"tekst,,nog\n1,2,3\n", "geen kop"),
        (Csv(), b"tekst\n", "geen regels"),
        (Csv(), b"tekst\nx,y\n", "meer gevulde cellen"),
        (Csv(), b",".join([b"k%d" % i for i in range(70)]) + b"\n1\n", "meer dan 60 kolommen"),
        (Csv(), b"tekst\n" + b"x\n" * (MAX_ROWS + 1), "meer dan 2000 regels"),
        (Xlsx(), xlsx(["tekst"], *[["x"]] * (MAX_ROWS + 1)), "meer dan 2000 regels"),
        (Xlsx(), xlsx(), "leeg"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence(file_format: TableFormat, data: bytes, sentence: str) -> None:
    with pytest.raises(Unreadable, match=sentence):
        file_format.create_dataset(data)
