# ruff: noqa: E501 (a table reads best with one case on each line)
"""Values as the reader of the sheet sees them, in each format (contract, Cells: formulas, numbers, dates, errors)."""

import datetime as dt
import io

import pytest
import xlwt

from din.reading import read_in_process
from din.reading.deadlines import deadline_in_column
from din.reading.shown import shown_number
from tests.din.reading.packages import archive, inline, ods, ods_cell, ods_row, row, table, xlsx, xlsx_parts
from tests.din.reading.workbooks import as_xls, as_xlsx, efforts, read, refused, smart, warned, workbook

pytestmark = pytest.mark.pure

STYLES = (
    '<numFmts><numFmt numFmtId="164" formatCode="dd\\-mm\\-yyyy"/><numFmt numFmtId="165" formatCode="mmm\\-yy"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="9"/>'
    '<xf numFmtId="165"/><xf numFmtId="3"/><xf numFmtId="14"/></cellXfs>'
)


def first_goal(data):
    return read_in_process(data, 2024).document.smart_goals[0]


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (3.0, "General", "3"), (0.75, "General", "0,75"), (0.1 + 0.2, "General", "0,3"), (-2.5, "General", "-2,5"),
        (0.75, "0%", "75%"), (0.755, "0.0%", "75,5%"), (2500, "#,##0", "2.500"), (1234567.5, "#,##0.00", "1.234.567,50"),
        (2.5, "0.00", "2,50"), (7, "00", "07"), (4.1, "0.00", "4,10"), (1250, '"€" #,##0', "€ 1.250"),
        (10, '0 "jongeren"', "10 jongeren"), (-3, "0;(0)", "(3)"), (1500000, '0.0,," mln"', "1,5 mln"),
        (45000, "dd-mm-yyyy", "15-03-2023"), (45000, "yyyy-mm-dd", "2023-03-15"), (45000, "mmm yyyy", "mrt 2023"),
        (45000, "d mmmm yyyy", "15 maart 2023"), (45000, "[$-413]mmmm yyyy;@", "maart 2023"), (45000.5, "h:mm", "12:00"),
        (45000, "yyyy", "2023"), (1, "@", "1"), (0.5, "# ?/?", "0,5"), (1e300, "0", None), (45000, "[Red]dd/mm/yyyy", "15/03/2023"),
        (2958466, "dd-mm-yyyy", "2958466"), (-1, "dd-mm-yyyy", "-1"), (12, "", "12"), (12, '"', "12"),
    ],
)  # fmt: skip
def test_a_number_is_read_as_shown(value, code, shown):
    found = shown_number(value, code)
    assert found == shown if shown is not None else found.isdecimal()


def test_dates_count_from_1904_where_the_workbook_says_so():
    cells = row(2, inline("A2", "S"), '<c r="B2" s="1"><v>43538</v></c>')
    assert first_goal(xlsx(table(cells), styles=STYLES, date1904=True)).deadline == "2023-Q1"
    assert first_goal(xlsx(table(cells), styles=STYLES)).deadline == "2019-Q1"


def test_what_excel_repeats_among_its_extensions_leaves_the_dates_alone():
    parts = xlsx_parts(
        table(row(2, inline("A2", "S"), '<c r="B2" s="1"><v>43538</v></c>')), styles=STYLES, date1904=True
    )
    again = '<extLst><ext><x15:workbookPr xmlns:x15="x" chartTrackingRefBase="1"/></ext></extLst></workbook>'
    parts["xl/workbook.xml"] = str(parts["xl/workbook.xml"]).replace("</workbook>", again)
    assert first_goal(archive(parts)).deadline == "2023-Q1"


@pytest.mark.parametrize(
    ("value", "deadline"),
    [(dt.date(2024, 3, 31), "2024-Q1"), (dt.datetime(2025, 7, 1, 12, 0), "2025-Q3"), (2025, "2025-Q4")],
)
def test_a_date_cell_is_a_deadline(value, deadline):
    reading = read(("Pijler", "SMART-doelen", "Planning"), ("Wonen", "S", value))
    assert reading.document.smart_goals[0].deadline == deadline


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("m/d/yyyy", "5-9-2025"),
        ("MM/DD/YY", "5-9-2025"),
        ("m/d/yy h:mm", "5-9-2025"),
        ("mm/yy", "9-2025"),
        ("d/m", "5-9-2025"),
        ("dd/mm/yyyy", "05/09/2025"),
        ("mm-yyyy", "09-2025"),
        ("mmm-yy", "sep-25"),
        ("[$-F800]dddd, mmmm dd, yyyy", "vrijdag 5 september 2025"),
        ("mmmm d, yyyy", "september 5, 2025"),
    ],
)
def test_a_date_whose_digits_may_be_in_any_order_is_shown_as_a_dutch_date(code, shown):
    assert shown_number(45905.5, code) == shown
    assert (deadline_in_column(shown_number(45905, code), 2025) or "")[-2:] == "Q3"


def test_numbers_and_dates_in_xls_are_read_as_shown():
    book = xlwt.Workbook()
    sheet = book.add_sheet("P1 Wonen")
    for column, text in enumerate(("Nr", "SMART-doelen", "Planning", "Eigenaar")):
        sheet.write(0, column, text)
    sheet.write(1, 0, 3.0)
    sheet.write(1, 1, 0.75, xlwt.easyxf(num_format_str="0%"))
    sheet.write(1, 2, dt.date(2024, 8, 1), xlwt.easyxf(num_format_str="dd-mm-yyyy"))
    sheet.write(1, 3, 2500, xlwt.easyxf(num_format_str="#,##0"))
    out = io.BytesIO()
    book.save(out)
    goal = first_goal(out.getvalue())
    assert (goal.number, goal.text, goal.deadline, goal.owner) == (3, "75%", "2024-Q3", "2.500")


def test_a_formula_counts_by_its_stored_value():
    cells = row(
        2,
        '<c r="A2" t="str"><f>"S"&amp;1</f><v>S1</v></c>',
        '<c r="B2" t="str"><f>B1</f><v></v></c>',
        '<c r="C2"><f>1+1</f><v>2</v></c>',
    )
    goal = first_goal(xlsx(table(cells)))
    assert (goal.text, goal.owner) == ("S1", "2")


@pytest.mark.parametrize("cell", ['<c r="B2"><f>1+1</f></c>', '<c r="B2"><f>1+1</f><v></v></c>'])
def test_a_formula_without_stored_value_asks_to_open_and_save(cell):
    reading = read_in_process(xlsx(table(row(2, inline("A2", "S"), cell))), 2024)
    assert refused(reading, "sla het op")
    assert reading.errors[0].source == "P1 Thema 1!B2"


def test_a_formula_without_stored_value_as_programs_write_it():
    book = workbook({"P1 Wonen": [("SMART-doelen", "Planning"), ("S", "=1+1")]})
    assert refused(read_in_process(as_xlsx(book), 2024), "sla het op")
    content = ods_table(ods_row(ods_cell("S"), '<table:table-cell table:formula="of:=1+1"/>'))
    assert refused(read_in_process(ods(content), 2024), "sla het op")


def test_a_row_of_nothing_but_a_formula_without_value_names_its_cell():
    book = workbook({"P1 Wonen": [("SMART-doelen", "Planning"), ("S", "Q1"), ("=1+1",)]})
    assert [it.source for it in read_in_process(as_xlsx(book), 2024).errors] == ["P1 Wonen!A3"]


def test_an_empty_outcome_in_ods_is_a_blank_cell():
    blank = ods_cell("", 'table:formula="of:=&quot;&quot;"')
    reading = read_in_process(ods(ods_table(ods_row(ods_cell("S"), blank), ods_row(blank, blank))), 2024)
    assert (reading.errors, [it.text for it in reading.document.smart_goals]) == ((), ["S"])


def xls_with_formulas(*formulas):
    book = xlwt.Workbook()
    sheet = book.add_sheet("P1 Wonen")
    for line, values in enumerate([("SMART-doelen", "Planning"), ("S", "Q1"), *formulas]):
        for column, value in enumerate(values):
            sheet.write(line, column, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_formula_that_was_never_computed_in_xls():
    reading = read_in_process(xls_with_formulas((xlwt.Formula("1+1"), "Q2")), 2024)
    assert refused(reading, "sla het op")
    assert reading.errors[0].source == "P1 Wonen!A3"


def test_a_formula_that_may_say_nothing_is_a_blank_cell_in_xls():
    reading = read_in_process(xls_with_formulas((xlwt.Formula('IF(A2="S","","T")'), None)), 2024)
    assert (reading.result, len(reading.document.smart_goals)) == ("ok", 1)


@pytest.mark.parametrize("value", ["#REF!", "#N/A", "#DIV/0!"])
def test_an_error_value_in_a_column_that_is_read_names_the_cell(value):
    reading = read(("Pijler", "SMART-doelen", "Planning"), ("Wonen", "S", value))
    assert refused(reading, value)
    assert reading.errors[0].source == "Blad1!C2"


def test_an_error_value_in_another_column_is_nothing():
    reading = read(("Pijler", "SMART-doelen", "Budget"), ("Wonen", "S", "#REF!"))
    assert reading.result == "ok"


def test_an_error_value_in_ods():
    content = ods_table(
        ods_row(ods_cell("S"), ods_cell("#REF!", 'table:formula="of:=[.#REF!]" office:value-type="string"'))
    )
    assert refused(read_in_process(ods(content), 2024), "#REF!")
    content = ods_table(ods_row(ods_cell("S"), ods_cell("Err:508", 'table:formula="of:=(" office:value-type="string"')))
    assert refused(read_in_process(ods(content), 2024), "Err:508")


def ods_table(*rows, name="P1 Wonen", attributes=""):
    header = ods_row(ods_cell("SMART-doelen"), ods_cell("Planning"), ods_cell("Eigenaar"), ods_cell("Inspanningen"))
    return f'<table:table table:name="{name}" {attributes}>{header}{"".join(rows)}</table:table>'


def test_ods_cells_are_read_as_shown():
    rows = ods_row(
        ods_cell("75%", 'office:value-type="percentage" office:value="0.75"'),
        ods_cell("03/31/24", 'office:value-type="date" office:date-value="2024-03-31"'),
        ods_cell("3.0", 'office:value-type="float" office:value="3"'),
        '<table:table-cell office:value-type="string"><text:p>Een<text:s text:c="3"/>regel</text:p><text:p>Twee <text:span>delen</text:span></text:p>'
        "<office:annotation><text:p>Opmerking</text:p></office:annotation></table:table-cell>",
    )
    reading = read_in_process(ods(ods_table(rows)), 2024)
    goal = reading.document.smart_goals[0]
    assert (goal.text, goal.deadline, goal.owner) == ("75%", "2024-Q1", "3")
    assert efforts(reading) == ["Een regel", "Twee delen"]


def test_ods_repeats_and_hidden_sheets():
    styles = '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>'
    content = ods_table(
        ods_row('<table:table-cell table:number-columns-repeated="4"/>', attributes='table:number-rows-repeated="3"'),
        ods_row(ods_cell("S"), '<table:table-cell table:number-columns-repeated="2"/>', ods_cell("I")),
        ods_row(
            '<table:table-cell table:number-columns-repeated="1024"/>',
            attributes='table:number-rows-repeated="1048570"',
        ),
    ) + ods_table(ods_row(ods_cell("X")), name="Oud", attributes='table:style-name="ta2"')
    reading = read_in_process(ods(content, styles=styles), 2024)
    assert reading.document.smart_goals[0].source == "P1 Wonen!A5"
    assert reading.document.efforts[0].source == "P1 Wonen!D5"
    assert warned(reading, "Oud", "verborgen")


def test_texts_in_runs_phonetics_and_escapes():
    strings = "<si><r><t>Een </t></r><r><t>doel</t></r><rPh><t>zo klinkt het</t></rPh></si><si><t>Q_x0031_</t></si>"
    cells = row(2, '<c r="A2" t="s"><v>0</v></c>', '<c r="B2" t="s"><v>1</v></c>')
    goal = first_goal(xlsx(table(cells), strings=strings))
    assert (goal.text, goal.deadline) == ("Een doel", "2024-Q1")


def test_cells_without_references_follow_on():
    sheet = "<sheetData><row><c t='inlineStr'><is><t>SMART-doelen</t></is></c><c t='inlineStr'><is><t>Planning</t></is></c></row><row><c t='inlineStr'><is><t>S</t></is></c><c t='inlineStr'><is><t>Q3</t></is></c></row></sheetData>"
    assert first_goal(xlsx(sheet)).deadline == "2024-Q3"


def test_prefixed_xml_is_read_alike():
    parts = xlsx_parts(table(row(2, inline("A2", "S"), inline("B2", "Q3"))))
    name = "xl/worksheets/sheet1.xml"
    sheet = (
        str(parts[name])
        .replace("</", "</x:")
        .replace("<", "<x:")
        .replace("<x:/x:", "</x:")
        .replace("xmlns=", "xmlns:x=")
    )
    assert first_goal(archive({**parts, name: sheet})).deadline == "2024-Q3"


def test_protection_against_editing_is_no_reason_to_reject():
    book = workbook({"P1 Wonen": [("SMART-doelen", "Planning"), ("S", "Q1")]})
    book["P1 Wonen"].protection.set_password("geheim")
    book.security.lockStructure = True
    assert smart(read_in_process(as_xlsx(book), 2024)) == ["S"]


def test_what_hides_behind_a_merged_cell_is_not_read():
    sheet = (
        table(row(2, inline("A2", "S"), inline("B2", "Q1")), row(3, inline("A3", "Verstopt")))
        + '<mergeCells><mergeCell ref="A2:A3"/></mergeCells>'
    )
    assert smart(read_in_process(xlsx(sheet), 2024)) == ["S"]


def test_xls_with_long_texts_and_many_strings():
    rows = [("SMART-doelen", "Inspanningen")] + [
        (f"Doel {i} " + "é" * (i % 300) + "€", f"Inspanning {i}") for i in range(700)
    ]
    book = workbook({"P1 Wonen": rows})
    assert read_in_process(as_xls(book), 2024).document == read_in_process(as_xlsx(book), 2024).document
