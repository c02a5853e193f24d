# ruff: noqa: E501 (a table reads best with one case on each line)
"""Foreign, broken and hostile files, each made when it is asked for, with a word of the message in which it ends."""

from __future__ import annotations

import gzip
import io
import random
import struct
import warnings
import zipfile
from collections.abc import Callable

from tests.din.reading.packages import archive, compound, inline, ods, ods_cell, ods_row, row, table, xlsx, xlsx_parts
from tests.din.reading.workbooks import as_xls, as_xlsx, workbook

Make = Callable[[], bytes]

GOOD = row(2, inline("A2", "S"), inline("B2", "Q1"))


def with_part(name: str, content: bytes | str) -> bytes:
    return archive({**xlsx_parts(table(GOOD)), name: content})


def zeros(megabytes: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in xlsx_parts(table(GOOD)).items():
            packed.writestr(name, content)
        with packed.open("xl/media/image1.bin", "w", force_zip64=True) as part:
            for _ in range(megabytes):
                part.write(bytes(1024 * 1024))
    return out.getvalue()


def encrypted_zip() -> bytes:
    data = bytearray(xlsx(table(GOOD)))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(signature, at + 4)
    return bytes(data)


def lying_about_sizes() -> bytes:
    data = bytearray(xlsx(table(GOOD)))
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        struct.pack_into("<I", data, at + 24, 10)
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


def sizes_beyond_what_there_is() -> bytes:
    data = bytearray(xlsx(table(GOOD)))
    struct.pack_into("<2I", data, data.find(b"PK\x01\x02") + 20, 2**31, 2**32 - 2)
    return bytes(data)


def strict() -> bytes:
    """An .xlsx in the namespaces of ISO 29500 Strict."""
    old, new = "http://schemas.openxmlformats.org/", "http://purl.oclc.org/ooxml/"
    parts = xlsx_parts(table(GOOD))
    changed = {
        k: str(v)
        .replace(f"{old}spreadsheetml/2006/", f"{new}spreadsheetml/")
        .replace(f"{old}officeDocument/2006/", f"{new}officeDocument/")
        for k, v in parts.items()
    }
    return archive(changed)


def the_same_name_twice() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed, warnings.catch_warnings(action="ignore"):
        for content in ({**xlsx_parts(table(GOOD)), SHEET: "<worksheet/>"}, {SHEET: BODY}):
            for name, part in content.items():
                packed.writestr(name, part)
    return out.getvalue()


def xls_with(*records: tuple[int, bytes]) -> bytes:
    start = (0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0))
    stream = b"".join(struct.pack("<HH", kind, len(data)) + data for kind, data in (start, *records))
    return compound({"Workbook": stream})


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _label(row: int, column: int, text: bytes) -> bytes:
    return _record(0x0204, struct.pack("<4H", row, column, 0, len(text)) + text)


def bare_xls_of_excel_5(goal: bytes = _label(1, 0, b"S")) -> bytes:
    """Return a workbook of Excel 5 without the container that it is usually packed in, as some programs write it.

    `goal` are the records for its one goal.
    """
    beginning = _record(0x0809, struct.pack("<4H", 0x0500, 5, 0, 0))
    name = b"P1 Wonen"
    at = len(beginning) + 4 + 7 + len(name) + 4
    bound = _record(0x0085, struct.pack("<IHB", at, 0, len(name)) + name)
    header = _label(0, 0, b"SMART-doelen") + _label(0, 1, b"Planning")
    sheet = _record(0x0809, struct.pack("<4H", 0x0500, 0x10, 0, 0)) + header + goal + _record(0x000A, b"")
    return beginning + bound + _record(0x000A, b"") + sheet


def formula_of_excel_4() -> bytes:
    text = struct.pack("<3H6xH6x", 1, 0, 0, 0xFFFF)
    return bare_xls_of_excel_5(_record(0x0406, text) + _record(0x0207, struct.pack("<H", 1) + b"S"))


ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
SHEET = "xl/worksheets/sheet1.xml"
BODY = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{table(GOOD)}</worksheet>'

REFUSED: dict[str, tuple[Make, str]] = {
    "zero bytes": (lambda: b"", "leeg"),
    "spaces": (lambda: b"  \r\n ", "leeg"),
    "random bytes": (lambda: random.Random(1).randbytes(5000), "geen spreadsheet"),
    "text": (lambda: b"Beste collega, hierbij het DIN.", "platte tekst"),
    "csv": (lambda: "Pijler;SMART-doelen\nWonen;Één doel\n".encode(), "platte tekst"),
    "csv of an old Excel": (lambda: "Pijler;SMART-doelen\nWonen;Één doel\n".encode("cp1252"), "platte tekst"),
    "html named xls": (lambda: b"<html><body><table><tr><td>SMART-doelen</td></tr></table></body></html>", "webpagina"),
    "html with doctype": (lambda: b"<!DOCTYPE html><html></html>", "webpagina"),
    "pdf": (lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "PDF"),
    "html without its beginning": (lambda: b"<style>td {}</style><table border=1><tr><td>SMART-doelen</td></tr></table>", "webpagina"),
    "flat xml": (lambda: b"<?xml version='1.0'?><office:document><table:table/><table:table-row/></office:document>", "XML"),
    "xml without its beginning": (lambda: b"<plan><doel>S</doel></plan>", "XML"),
    "workbook in xml of Excel 2003": (lambda: b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table ss:ExpandedRowCount="1">', "XML"),
    "png": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), "geen spreadsheet"),
    "a sheet of Excel 5 on its own": (lambda: struct.pack("<4H", 0x0809, 8, 0x0500, 0x0010) + bytes(50), "oude Excel-versie"),
    "excel 2": (lambda: b"\x09\x00\x04\x00\x02\x00\x10\x00" + bytes(50), "oude Excel-versie"),
    "magic of a zip alone": (lambda: b"PK\x03\x04", "beschadigd"),
    "an empty zip": (lambda: archive({}), "geen spreadsheet"),
    "zip of something else": (lambda: archive({"foto.jpg": b"\xff\xd8\xff"}), "geen spreadsheet"),
    "word document": (lambda: archive({"[Content_Types].xml": "<Types/>", "word/document.xml": "<document/>"}), "geen spreadsheet"),
    "opendocument text": (lambda: archive({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a><text/></a>"}), "geen spreadsheet"),
    "binary workbook": (lambda: archive({"[Content_Types].xml": "<Types/>", "xl/workbook.bin": b"\0"}), ".xlsb"),
    "without workbook part": (lambda: archive({"[Content_Types].xml": "<Types/>", "xl/styles.xml": "<a/>"}), "geen spreadsheet"),
    "without sheet part": (lambda: archive({k: v for k, v in xlsx_parts(table(GOOD)).items() if k != SHEET}), "beschadigd"),
    "cut off": (lambda: xlsx(table(GOOD))[:-200], "beschadigd"),
    "cut in the middle": (lambda: xlsx(table(GOOD))[:400], "beschadigd"),
    "garbled": (lambda: bytes(b ^ 0xFF if i % 7 == 0 and 40 < i < 1500 else b for i, b in enumerate(xlsx(table(GOOD)))), "beschadigd"),
    "sizes that lie": (lambda: lying_about_sizes(), "beschadigd"),
    "encrypted zip": (lambda: encrypted_zip(), "wachtwoord"),
    "encrypted xlsx": (lambda: compound({"EncryptionInfo": b"x", "EncryptedPackage": b"y"}), "wachtwoord"),
    "encrypted xls": (lambda: xls_with((0x002F, bytes(54)), (0x000A, b"")), "wachtwoord"),
    "encrypted ods": (lambda: archive({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"\x9f\x11", "META-INF/manifest.xml": '<m:manifest xmlns:m="x"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'}), "wachtwoord"),
    "encrypted ods of today": (lambda: archive({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "encrypted-package": b"\x9f\x11", "META-INF/manifest.xml": "<m/>"}), "wachtwoord"),
    "word document of old": (lambda: compound({"WordDocument": b"x"}), "geen spreadsheet"),
    "compound file cut off": (lambda: compound({"Workbook": b"x"})[:700], "beschadigd"),
    "compound file of nothing": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "beschadigd"),
    "xls of nonsense": (lambda: compound({"Workbook": random.Random(2).randbytes(5000)}), "beschadigd"),
    "xls without end": (lambda: xls_with((0x0085, b"\xff\xff\xff\x00\x00\x00\x01\x00A")), "beschadigd"),
    "excel 4 in a compound file": (lambda: compound({"Book": struct.pack("<HHHH", 0x0809, 4, 0x0400, 5)}), "oude Excel-versie"),
    "strings cut off in xls": (lambda: xls_with((0x00FC, struct.pack("<II", 9, 9) + b"\xff\xff\x00ab"), (0x000A, b"")), "beschadigd"),
    "a gigabyte behind a megabyte": (lambda: zeros(1024), "onveilig"),
    "a hundred megabytes": (lambda: zeros(100), "onveilig"),
    "seventy megabytes": (lambda: archive({**xlsx_parts(table(GOOD)), "xl/media/a.bin": random.Random(3).randbytes(8192) * 9000}), "uitgepakt"),
    "more than twenty megabytes": (lambda: xlsx(table(GOOD)) + bytes(20 * 1024 * 1024), "20 MB"),
    "entity bomb": (lambda: with_part(SHEET, ENTITIES + BODY.replace(">S<", ">&c;<")), "DOCTYPE"),
    "external entity": (lambda: with_part(SHEET, EXTERNAL + BODY.replace(">S<", ">&a;<")), "DOCTYPE"),
    "doctype in utf-16": (lambda: with_part(SHEET, (ENTITIES + BODY).encode("utf-16")), "DOCTYPE"),
    "doctype in a part that is not read": (lambda: with_part("docProps/app.xml", "<!DOCTYPE a><a/>"), "DOCTYPE"),
    "doctype behind a long remark": (lambda: with_part("docProps/app.xml", f"<!--{'x' * 100_000}--><!DOCTYPE a><a/>"), "DOCTYPE"),
    "doctype in relations": (lambda: with_part("_rels/.rels", "<!DOCTYPE a><a/>"), "DOCTYPE"),
    "doctype in ods": (lambda: archive({"content.xml": "<!DOCTYPE a><a/>"}), "DOCTYPE"),
    "xml that does not close": (lambda: with_part(SHEET, BODY[:-30]), "beschadigd"),
    "invalid utf-8": (lambda: with_part(SHEET, BODY.encode().replace(b">S<", b">\xff\xfe<")), "beschadigd"),
    "deep nesting": (lambda: xlsx(table(GOOD) + "<x>" * 50_000 + "</x>" * 50_000), "onveilig"),
    "control character in xml": (lambda: with_part(SHEET, BODY.replace(">S<", ">\x01<")), "beschadigd"),
    "an unknown encoding": (lambda: with_part(SHEET, "<?xml version='1.0' encoding='ebcdic-xyz'?>" + BODY), "beschadigd"),
    "a cell beyond the last column": (lambda: xlsx(table(GOOD, row(3, inline("ZZZ3", "S")))), "beschadigd"),
    "a cell beyond the last row": (lambda: xlsx(table(GOOD, row(9999999, inline("A9999999", "S")))), "beschadigd"),
    "a shared string that is not there": (lambda: xlsx(table(row(2, '<c r="A2" t="s"><v>99</v></c>'))), "beschadigd"),
    "a negative shared string": (lambda: xlsx(table(row(2, '<c r="A2" t="s"><v>-1</v></c>')), strings="<si><t>S</t></si>"), "beschadigd"),
    "a number that is none": (lambda: xlsx(table(row(2, '<c r="A2"><v>drie</v></c>'))), "beschadigd"),
    "too many rows": (lambda: xlsx(table(*(row(n, inline(f"A{n}", "S")) for n in range(2, 20_002)))), "20.000"),
    "too many columns": (lambda: as_xlsx(workbook({"P1 A": [["x"] * 201]})), "200 gevulde kolommen"),
    "too many rows in ods": (lambda: ods(f'<table:table table:name="A">{ods_row(ods_cell("S"), attributes=chr(34).join(("table:number-rows-repeated=", "1048576", "")))}</table:table>'), "20.000"),
    "too many columns in ods": (lambda: ods(f'<table:table table:name="A">{ods_row(ods_cell("S", chr(34).join(("office:value-type=", "string", " table:number-columns-repeated=", "16384", ""))))}</table:table>'), "200 gevulde kolommen"),
    "an empty workbook": (lambda: as_xlsx(workbook({"Blad1": []})), "leeg"),
    "an empty xls": (lambda: as_xls(workbook({"Blad1": []})), "leeg"),
    "only spaces": (lambda: as_xlsx(workbook({"Blad1": [("  ", "\u200b")]})), "leeg"),
    "no sheets": (lambda: xlsx(), "leeg"),
    "an empty ods": (lambda: ods(""), "leeg"),
    "excel 2003 in xml": (lambda: b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "XML"),
    "gzip": (lambda: gzip.compress(xlsx(table(GOOD))), "geen spreadsheet"),
    "rar": (lambda: b"Rar!\x1a\x07\x01\x00" + bytes(100), "geen spreadsheet"),
    "7-zip": (lambda: b"7z\xbc\xaf\x27\x1c" + bytes(100), "geen spreadsheet"),
    "numbers": (lambda: archive({"Index/Document.iwa": b"\0", "Metadata/Properties.plist": b"\0"}), "geen spreadsheet"),
    "a zip in a zip": (lambda: archive({"din.xlsx": xlsx(table(GOOD))}), "geen spreadsheet"),
    "a program with a workbook behind it": (lambda: b"MZ" + bytes(200) + xlsx(table(GOOD)), "geen spreadsheet"),
    "sizes beyond what there is": (sizes_beyond_what_there_is, "uitgepakt"),
    "an end far beyond the file": (lambda: xlsx(table(GOOD))[:-22] + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 5, 5, 2**31, 2**31, 0), "beschadigd"),
    "a zip64 end of nonsense": (lambda: xlsx(table(GOOD))[:-22] + b"PK\6\7" + bytes(16) + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65535, 65535, 2**32 - 1, 2**32 - 1, 0), "beschadigd"),
    "entity bomb in ods": (lambda: archive({"content.xml": ENTITIES + "<a>&c;</a>"}), "DOCTYPE"),
    "entity bomb in styles of ods": (lambda: archive({"content.xml": "<a/>", "styles.xml": ENTITIES + "<a>&c;</a>"}), "DOCTYPE"),
    "entity bomb in shared texts": (lambda: with_part("xl/sharedStrings.xml", ENTITIES + "<sst><si><t>&c;</t></si></sst>"), "DOCTYPE"),
    "doctype behind a byte order mark": (lambda: with_part(SHEET, b"\xef\xbb\xbf" + (ENTITIES + BODY).encode()), "DOCTYPE"),
    "doctype in utf-16 without a mark": (lambda: with_part(SHEET, (ENTITIES + BODY).encode("utf-16-be")), "DOCTYPE"),
    "doctype in a part named otherwise": (lambda: with_part("xl/media/image1.png", ENTITIES + "<a/>"), "DOCTYPE"),
    "doctype in utf-7": (lambda: with_part(SHEET, b"<?xml version='1.0' encoding='utf-7'?>" + (ENTITIES + BODY).encode("utf-7")), "beschadigd"),
    "a row below zero": (lambda: xlsx(table(GOOD, row(-1, inline("A3", "S")))), "beschadigd"),
    "a row of twenty digits": (lambda: xlsx(table(GOOD, f'<row r="{"9" * 20}"/>')), "beschadigd"),
    "a formula without a value": (lambda: xlsx(table(row(2, inline("A2", "S"), '<c r="B2"><f>A1</f></c>'))), "sla het op"),
    "an error value": (lambda: xlsx(table(row(2, inline("A2", "S"), '<c r="B2" t="e"><v>#REF!</v></c>'))), "#REF!"),
    "a record cut off in xls": (lambda: compound({"Workbook": struct.pack("<HHHHHHII", 0x0809, 16, 0x0600, 5, 0, 0, 0, 0) + struct.pack("<HH", 0x00FC, 8000)}), "beschadigd"),
    "too many parts": (lambda: archive({**xlsx_parts(table(GOOD)), **{f"a{i}": b"" for i in range(6000)}}), "onveilig"),
}  # fmt: skip


READ: dict[str, Make] = {
    "far-corner cells": lambda: xlsx(table(GOOD, row(1048576, inline("XFD1048576", "hoek")))),
    "merges over all": lambda: xlsx(table(GOOD) + '<mergeCells><mergeCell ref="E5:XFD1048576"/><mergeCell ref="A2:A2"/></mergeCells>'),
    "merges of nonsense": lambda: xlsx(table(GOOD) + '<mergeCells><mergeCell ref="B"/><mergeCell ref=""/><mergeCell ref="A2:A3:A4"/></mergeCells>'),
    "merges that overlap": lambda: xlsx(table(GOOD) + '<mergeCells><mergeCell ref="A2:A9"/><mergeCell ref="A2:B9"/><mergeCell ref="B1:B9"/></mergeCells>'),
    "two sheets of one name": lambda: xlsx(table(GOOD), table(GOOD), names=("P1 A", "P1 A")),
    "nan and infinity": lambda: xlsx(table(row(2, inline("A2", "S"), '<c r="B2"><v>NaN</v></c>', '<c r="C2"><v>1e999</v></c>'))),
    "a number of a million digits": lambda: xlsx(table(row(2, inline("A2", "S"), f'<c r="C2"><v>{"9" * 1_000_000}</v></c>'))),
    "a style that is not there": lambda: xlsx(table(row(2, inline("A2", "S"), '<c r="C2" s="999999999999"><v>1</v></c>'))),
    "a number format of nonsense": lambda: xlsx(table(row(2, inline("A2", "S"), '<c r="C2" s="0"><v>1</v></c>')), styles='<numFmts><numFmt numFmtId="170" formatCode="[[[&quot;;;;\\"/></numFmts><cellXfs><xf numFmtId="170"/></cellXfs>'),
    "empty styled rows": lambda: xlsx(table(GOOD) .replace("</sheetData>", "".join(f'<row r="{n}" s="1"><c r="A{n}" s="1"/></row>' for n in range(3, 400_000)) + "</sheetData>")),
    "rows of ods without end": lambda: ods(f'<table:table table:name="P1 A">{ods_row(ods_cell("SMART-doelen"), ods_cell("Planning"))}{ods_row(ods_cell("S"), ods_cell("Q1"))}' + ods_row('<table:table-cell table:number-columns-repeated="16384"/>', attributes='table:number-rows-repeated="1048576"') * 1000 + "</table:table>"),
    "a text of four megabytes": lambda: xlsx(table(row(2, inline("A2", "S"), inline("D2", "x " * 2_000_000)))),
    "backslashes in names": lambda: archive({k.replace("/", "\\"): v for k, v in xlsx_parts(table(GOOD)).items()}),
    "an xls of Excel 5 without its container": bare_xls_of_excel_5,
    "a formula under the number of Excel 4": formula_of_excel_4,
    "how a word of ods sounds": lambda: ods(f'<table:table table:name="P1 A">{ods_row(ods_cell("SMART-doelen"), ods_cell("Planning"))}{ods_row(ods_cell("<text:ruby><text:ruby-base>S</text:ruby-base><text:ruby-text>es</text:ruby-text></text:ruby>"))}</table:table>'),
    "a module sheet that names no part": lambda: with_part("xl/workbook.xml", str(xlsx_parts(table(GOOD))["xl/workbook.xml"]).replace("</sheets>", '<sheet name="Module1" sheetId="9" r:id=""/></sheets>')),
    "half a smiley": lambda: xlsx(table(row(2, inline("A2", "S_xD83D_")))),
    "strict office open xml": strict,
    "one name twice in the archive": the_same_name_twice,
    "names that climb out of the archive": lambda: with_part("../../../../etc/passwd", "x"),
    "a macro": lambda: with_part("xl/vbaProject.bin", bytes(1000)),
    "an include": lambda: with_part(SHEET, BODY.replace("<sheetData>", '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/><sheetData>')),
    "a byte order mark": lambda: with_part(SHEET, b"\xef\xbb\xbf" + BODY.encode()),
    "a sheet in utf-16": lambda: with_part(SHEET, BODY.encode("utf-16")),
    "an absurd dimension": lambda: with_part(SHEET, BODY.replace("<sheetData>", '<dimension ref="A1:XFD99999999"/><sheetData>')),
    "rows out of order": lambda: xlsx(table(row(9, inline("D9", "x")), GOOD, row(2, inline("C2", "ik")))),
    "control characters written out": lambda: xlsx(table(row(2, inline("A2", "_x0000__x0001_S_x0007_")))),
    "a date since 1904": lambda: xlsx(table(row(2, inline("A2", "S"), '<c r="B2" s="0"><v>43538</v></c>')), styles='<cellXfs><xf numFmtId="14"/></cellXfs>', date1904=True),
    "a planning that a pattern takes long over": lambda: xlsx(table(row(2, inline("A2", "S"), inline("B2", "eind van " * 3_500)))),
    "an external link": lambda: with_part("xl/externalLinks/externalLink1.xml", "<a href='http://127.0.0.1:9/'/>"),
}  # fmt: skip
