# ruff: noqa: E501 (a table reads best with one case on each line)
"""Files that are small to send and would be endless to read, with a word of the message in which each ends."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Iterable

from din.reading.grids import column_letters
from tests.din.reading.packages import compound, inline, ods, ods_cell, ods_row, row, table, xlsx_parts

MEGABYTE = 1024 * 1024
HEADERS = row(
    1, inline("A1", "Ambitie"), inline("B1", "ER-doelen"), inline("C1", "SMART-doelen"), inline("D1", "Inspanningen")
)
GOOD = row(2, inline("A2", "S"), inline("B2", "Q1"))
SHEET = "xl/worksheets/sheet1.xml"


def packed(parts: dict[str, bytes | str]) -> bytes:
    """Packed no better than programs do, so that it is not refused as a bomb at once."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def rows(*all_rows: str, strings: Iterable[str] = (), behind: str = "") -> bytes:
    """A workbook of these rows, of shared texts, and of what stands behind the rows."""
    texts = "".join(f"<si><t>{text}</t></si>" for text in strings)
    return packed(xlsx_parts(f"<sheetData>{''.join(all_rows)}</sheetData>{behind}", strings=texts))


def with_xml(more: str) -> bytes:
    """An ordinary sheet with more in it."""
    return packed(xlsx_parts(table(GOOD).replace("</sheetData>", more + "</sheetData>")))


def shared(reference: str, index: int) -> str:
    return f'<c r="{reference}" t="s"><v>{index}</v></c>'


def lines(count: int, word: str) -> str:
    return "&#10;".join(f"{number % 900 + 1}. {word}{number}" for number in range(count))


def many_items() -> bytes:
    return rows(HEADERS, row(2, inline("C2", lines(3_000, "doel")), inline("D2", lines(4_000, "actie"))))


def many_items_over_many_rows() -> bytes:
    heads = row(1, inline("A1", "SMART-doelen"), inline("B1", "Planning"))
    return rows(
        heads, row(2, inline("A2", lines(3_000, "doel"))), *(row(n, inline(f"B{n}", "Q2")) for n in range(3, 5_000))
    )


def one_long_goal_of_many_efforts() -> bytes:
    more = (row(n, inline(f"D{n}", f"actie {n}")) for n in range(3, 5_000))
    return rows(HEADERS, row(2, inline("C2", "lang " * 6_500)), *more)


def long_texts_again_and_again() -> bytes:
    more = (row(n, *(shared(f"{letter}{n}", n % 50) for letter in "ABCD")) for n in range(2, 2_000))
    return rows(HEADERS, *more, strings=(f"{number} {'woord ' * 5_000}" for number in range(50)))


def a_long_theme_on_every_row() -> bytes:
    heads = row(1, inline("A1", "Pijler"), inline("B1", "SMART-doelen"))
    more = (row(n, inline(f"B{n}", f"doel {n}")) for n in range(3, 5_000))
    return rows(heads, row(2, inline("A2", "naam " * 6_500), inline("B2", "doel")), *more)


def too_many_cells() -> bytes:
    letters = [column_letters(column) for column in range(1, 61)]
    return rows(
        HEADERS, *(row(n, *(shared(f"{letter}{n}", 0) for letter in letters)) for n in range(2, 9_000)), strings=("x",)
    )


def one_part_as_many_sheets() -> bytes:
    parts = xlsx_parts(table(GOOD) + f"<!--{'x' * 1000}-->" * 1_000)
    more = "".join(f'<sheet name="x{i}" sheetId="{i}" r:id="r1"/>' for i in range(2, 400))
    return packed({**parts, "xl/workbook.xml": str(parts["xl/workbook.xml"]).replace("</sheets>", more + "</sheets>")})


def many_sheets() -> bytes:
    return packed(xlsx_parts(*[table(GOOD)] * 600))


def many_relations() -> bytes:
    name = "xl/_rels/workbook.xml.rels"
    parts = xlsx_parts(table(GOOD))
    more = "".join(f'<Relationship Id="x{i}" Type="a/b" Target="../{i}"/>' for i in range(6_000))
    return packed({**parts, name: str(parts[name]).replace("</Relationships>", more + "</Relationships>")})


def many_parts_in_the_directory() -> bytes:
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", 20, 3, 20, *[0] * 8, 1, *[0] * 6) + b"a"
    directory = entry * 200_000
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65535, 65535, len(directory), 64, 0)
    return b"PK\3\4" + bytes(60) + directory + end


def attributes_without_end() -> bytes:
    return with_xml("<a " + " ".join(f'a{number}=""' for number in range(500_000)) + "/>")


def merges_without_end() -> bytes:
    merges = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(2, 200_000))
    return rows(HEADERS, behind=f"<mergeCells>{merges}</mergeCells>")


def merges_over_all_in_ods() -> bytes:
    spans = 'office:value-type="string" table:number-rows-spanned="1048576" table:number-columns-spanned="16384"'
    return ods('<table:table table:name="A">' + ods_row(*[ods_cell("y", spans)] * 20) * 6_000 + "</table:table>")


def a_cell_repeated_without_end() -> bytes:
    cell = ods_cell("y" * 30_000, 'office:value-type="string" table:number-columns-repeated="190"')
    repeated = ods_row(cell, attributes='table:number-rows-repeated="19000"')
    return ods(f'<table:table table:name="A">{repeated}</table:table>')


def record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def xls(*records: bytes) -> bytes:
    return compound({"Workbook": record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0)) + b"".join(records)})


def xls_sheets_over_each_other() -> bytes:
    sheets = b"".join(record(0x0085, struct.pack("<IBB", 0, 0, 0) + b"\2\0ab") for _ in range(400))
    return xls(sheets, record(1, b"") * 100_000, record(0x000A, b""))


def xls_texts_without_end() -> bytes:
    return xls(
        record(0x00FC, struct.pack("<II", 9_999_999, 9_999_999) + bytes(8_100)),
        record(0x003C, bytes(8_199)) * 400,
        record(0x000A, b""),
    )


def chain_that_bites_its_tail() -> bytes:
    data = bytearray(compound({"Workbook": bytes(8192)}))
    table_at = (struct.unpack_from("<I", data, 76)[0] + 1) * 512
    struct.pack_into("<I", data, table_at + 4 * 3, 0)
    return bytes(data)


COSTLY: dict[str, tuple[Callable[[], bytes], str]] = {
    "thousands of items in a cell and in the next": (many_items, "lijnen"),
    "thousands of items over thousands of rows": (many_items_over_many_rows, "lijnen"),
    "thousands of labels on thousands of goals": (lambda: rows(row(1, inline("A1", "SMART-doelen"), inline("B1", "Pijler"), inline("C1", "Speerpunten")), row(2, inline("A2", lines(2_000, "doel")), inline("B2", "P"), inline("C2", ";".join(map(str, range(4_000)))))), "lijnen"),
    "one long goal that many efforts serve": (one_long_goal_of_many_efforts, "lange teksten"),
    "long texts again and again": (long_texts_again_and_again, "lange teksten"),
    "a long theme on every row": (a_long_theme_on_every_row, "lange teksten"),
    "half a million cells": (too_many_cells, "500.000"),
    "millions of tags": (lambda: with_xml("<a/>" * 5_000_000), "miljoenen"),
    "millions of empty styled rows": (lambda: with_xml('<row s="1" customFormat="1"><c s="1"/><c s="1"/></row>' * 1_100_000), "miljoenen"),
    "millions of shared texts": (lambda: packed(xlsx_parts(table(GOOD), strings="<si><t/></si>" * 1_500_000)), "miljoenen"),
    "an attribute of megabytes": (lambda: with_xml(f'<a b="{"xy" * 10 * MEGABYTE}"/>'), "onveilig"),
    "attributes without end": (attributes_without_end, "onveilig"),
    "a remark of megabytes": (lambda: with_xml(f"<!--{'xy' * 10 * MEGABYTE}-->"), "onveilig"),
    "a remark of megabytes before all": (lambda: packed({**xlsx_parts(table(GOOD)), "docProps/app.xml": f"<!--{'xy' * 10 * MEGABYTE}--><a/>"}), "onveilig"),
    "millions of tags in each other": (lambda: with_xml("<c>" * 3_000_000), "onveilig"),
    "millions of tags in each other in ods": (lambda: ods('<table:table table:name="A">' + "<table:table>" * 100_000), "onveilig"),
    "merges without end": (merges_without_end, "samengevoegde"),
    "merges over all in ods": (merges_over_all_in_ods, "samengevoegde"),
    "more sheets than anybody has": (many_sheets, "500 bladen"),
    "more sheets than anybody has in ods": (lambda: ods('<table:table table:name="A"/>' * 600), "500 bladen"),
    "one part as many sheets": (one_part_as_many_sheets, "uitgepakt"),
    "relations without end": (many_relations, "onveilig"),
    "a directory of many parts": (many_parts_in_the_directory, "onveilig"),
    "a cell that is repeated without end": (a_cell_repeated_without_end, "lange teksten"),
    "sheets of xls over each other": (xls_sheets_over_each_other, "beschadigd"),
    "texts of xls without end": (xls_texts_without_end, "miljoenen"),
    "a chain that bites its own tail": (chain_that_bites_its_tail, "beschadigd"),
}  # fmt: skip
