"""Make workbooks by hand, part by part: for what no library writes, and for hostile files."""

from __future__ import annotations

import io
import struct
import zipfile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def archive(parts: dict[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


def xlsx_parts(
    *sheets: str, names: tuple[str, ...] = (), strings: str = "", styles: str = "", date1904: bool = False
) -> dict[str, bytes | str]:
    """Return the parts of an .xlsx whose sheets hold these `<sheetData>` (and what follows it)."""
    titles = names or tuple(f"P{number} Thema {number}" for number in range(1, len(sheets) + 1))
    entries = "".join(f'<sheet name="{title}" sheetId="{i}" r:id="r{i}"/>' for i, title in enumerate(titles, 1))
    related = "".join(
        f'<Relationship Id="r{i}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i in range(1, len(sheets) + 1)
    )
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{RELATIONS}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><workbookPr date1904="{int(date1904)}"/>'
        f"<sheets>{entries}</sheets></workbook>",
    }
    for i, sheet in enumerate(sheets, 1):
        parts[f"xl/worksheets/sheet{i}.xml"] = f'<worksheet xmlns="{MAIN}">{sheet}</worksheet>'
    if strings:
        related += f'<Relationship Id="rs" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{strings}</sst>'
    if styles:
        related += f'<Relationship Id="rt" Type="{RELATIONS}/styles" Target="/xl/styles.xml"/>'
        parts["xl/styles.xml"] = f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>'
    parts["xl/_rels/workbook.xml.rels"] = f'<Relationships xmlns="{PACKAGE}">{related}</Relationships>'
    return parts


def inline(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def row(number: int, *cells: str) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def table(*rows: str) -> str:
    """Return sheet data with the usual header on row 1 and these rows."""
    header = row(1, inline("A1", "SMART-doelen"), inline("B1", "Planning"), inline("C1", "Eigenaar"))
    return f"<sheetData>{header}{''.join(rows)}</sheetData>"


def xlsx(*sheets: str, **options: object) -> bytes:
    return archive(xlsx_parts(*sheets, **options))  # type: ignore[arg-type]


def ods(content: str, **more: str) -> bytes:
    """Return an .ods whose `<office:spreadsheet>` holds `content`; `more` are automatic styles and extra parts."""
    names = "".join(
        f' xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for prefix, name in (
            ("office", "office"),
            ("table", "table"),
            ("text", "text"),
            ("style", "style"),
            ("draw", "drawing"),
        )
    )
    styles = more.pop("styles", "")
    parts: dict[str, bytes | str] = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": f"<office:document-content{names}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{content}</office:spreadsheet></office:body></office:document-content>",
    }
    return archive({**parts, **more})


def ods_cell(text: str, attributes: str = 'office:value-type="string"') -> str:
    return f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"


def ods_row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def compound(streams: dict[str, bytes]) -> bytes:
    """Return a compound file (OLE) with these streams at the top, each padded to at least 4096 bytes."""
    size = 512
    padded = {name: data.ljust(4096, b"\0") for name, data in streams.items()}
    sectors: list[bytes] = []
    fat: list[int] = []
    starts = {}
    for name, data in padded.items():
        starts[name] = len(sectors)
        pieces = [data[at : at + size].ljust(size, b"\0") for at in range(0, len(data), size)]
        for index, piece in enumerate(pieces):
            sectors.append(piece)
            fat.append(len(sectors) if index < len(pieces) - 1 else 0xFFFFFFFE)
    entries = [_entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1)]
    names = list(padded)
    for index, name in enumerate(names, 1):
        right = index + 1 if index < len(names) else 0xFFFFFFFF
        entries.append(_entry(name, 2, starts[name], len(padded[name]), right=right))
    directory = b"".join(entries).ljust(-(-len(entries) // 4) * size, b"\0")
    directory_start = len(sectors)
    pieces = [directory[at : at + size] for at in range(0, len(directory), size)]
    for index, piece in enumerate(pieces):
        sectors.append(piece)
        fat.append(len(sectors) if index < len(pieces) - 1 else 0xFFFFFFFE)
    fat_start = len(sectors)
    count = -(-(len(fat) + 1) // 128)
    count = -(-(len(fat) + count) // 128)
    fat += [0xFFFFFFFD] * count
    table_bytes = struct.pack(f"<{len(fat)}I", *fat).ljust(count * size, b"\xff")
    sectors += [table_bytes[at : at + size] for at in range(0, len(table_bytes), size)]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    # The first 109 sectors of the table are named in the header, the others in sectors of their own.
    named = [fat_start + i for i in range(count)]
    more = [named[at : at + 127] for at in range(109, count, 127)]
    begin = len(sectors)
    for index, numbers in enumerate(more):
        following = begin + index + 1 if index < len(more) - 1 else 0xFFFFFFFE
        sectors.append(struct.pack("<128I", *numbers, *[0xFFFFFFFF] * (127 - len(numbers)), following))
    start = begin if more else 0xFFFFFFFE
    head += struct.pack("<9I", 0, count, directory_start, 0, 4096, 0xFFFFFFFE, 0, start, len(more))
    head += struct.pack("<109I", *named[:109], *[0xFFFFFFFF] * (109 - count))
    return head + b"".join(sectors)


def _entry(name: str, kind: int, start: int, size: int, *, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    return (
        encoded.ljust(64, b"\0")
        + struct.pack("<HBB3I", len(encoded), kind, 1, 0xFFFFFFFF, right, child)
        + bytes(36)
        + struct.pack("<III", start, size, 0)
    )
