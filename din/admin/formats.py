"""The three formats in which tables come in and go out: XLSX, ODS and CSV.

Own readers and writers rather than tablib's, which loses text: its ODS reader drops repeated cells (so that columns
shift) and every line of a cell but the first, and its XLSX writer turns a text that begins with "=" into a formula.
"""

import csv
import datetime
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import tablib
from import_export.formats.base_formats import Format
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from din.text import writable

MAX_BYTES = 5 * 1024 * 1024  # of an upload
MAX_UNPACKED_BYTES = 40 * 1024 * 1024  # of what a spreadsheet file unpacks to
MAX_ROWS = 2_000  # of a table that comes in, its heading not counted
MAX_COLUMNS = 60
MAX_XLSX_TEXT = 32_767  # characters: a spreadsheet program takes no more in one cell

Row = list[Any]


class Unreadable(ValueError):
    """The file cannot be read as a table; str() is the sentence for the user."""


class Unwritable(ValueError):
    """The table does not fit in this format; str() is the sentence for the user."""


class TableFormat(Format):
    """What the formats share. `title` is the choice on screen, `keeps_types` whether a date stays a date."""

    title: str
    media_type: str
    keeps_types = True

    def __init__(self, encoding: str | None = None) -> None:
        # import-export passes an encoding to every format; these read and write bytes.
        self.encoding = encoding

    def get_title(self) -> str:
        return self.title

    def get_extension(self) -> str:
        return self.title.lower()

    def get_content_type(self) -> str:
        return self.media_type

    def can_import(self) -> bool:
        return True

    def can_export(self) -> bool:
        return True

    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        """The table in the bytes of a file; raises Unreadable."""
        return _dataset(self.read(in_stream))

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        """The bytes of a file with the table; raises Unwritable."""
        return self.write([str(header) for header in dataset.headers], [list(row) for row in dataset])

    def read(self, data: bytes) -> Iterator[Row]:
        raise NotImplementedError

    def write(self, headers: list[str], rows: list[Row]) -> bytes:
        raise NotImplementedError


def _dataset(rows: Iterable[Row]) -> tablib.Dataset:
    """The rows as a data set: the first that is not empty holds the headings; empty rows at the end are left off."""
    headers: list[str] = []
    body: list[Row] = []
    empty: list[Row] = []
    for row in rows:
        cells = [None if cell == "" else cell for cell in row]
        while cells and cells[-1] is None:
            cells.pop()
        if not headers:
            headers = ["" if cell is None else str(cell).strip() for cell in cells]
            continue
        if len(cells) > len(headers):
            raise Unreadable("Een regel heeft meer gevulde cellen dan de eerste regel kolomkoppen heeft.")
        if len(body) + len(empty) >= MAX_ROWS:
            raise Unreadable(f"Het bestand heeft meer dan {MAX_ROWS} regels. Verdeel het over meer bestanden.")
        cells += [None] * (len(headers) - len(cells))
        if any(cell is not None for cell in cells):
            body += [*empty, cells]
            empty = []
        else:
            empty.append(cells)
    if not headers:
        raise Unreadable("Het bestand is leeg: er is geen regel met kolomkoppen.")
    if "" in headers:
        raise Unreadable("Een kolom heeft geen kop.")
    if len(headers) > MAX_COLUMNS:
        raise Unreadable(f"Het bestand heeft meer dan {MAX_COLUMNS} kolommen.")
    if repeated := sorted({header for header in headers if headers.count(header) > 1}):
        raise Unreadable(f"Een kolomkop staat er twee keer: {', '.join(repeated)}.")
    if not body:
        raise Unreadable("Er staan geen regels onder de kolomkoppen.")
    return tablib.Dataset(*body, headers=headers)


def _archive(data: bytes, title: str) -> zipfile.ZipFile:
    """The zip file that a spreadsheet is, when it is one and unpacks to a size that can be handled."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile as error:
        raise Unreadable(f"Dit is geen {title}-bestand.") from error
    # zipfile never unpacks more than the size that an entry declares.
    if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED_BYTES:
        raise Unreadable("Het bestand is uitgepakt te groot.")
    return archive


class Xlsx(TableFormat):
    title = "XLSX"
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def read(self, data: bytes) -> Iterator[Row]:
        _archive(data, self.title)
        workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        for row in workbook.worksheets[0].iter_rows(values_only=True):
            yield list(row[: MAX_COLUMNS + 1])

    def write(self, headers: list[str], rows: list[Row]) -> bytes:
        if any(isinstance(value, str) and len(writable(value)) > MAX_XLSX_TEXT for row in rows for value in row):
            raise Unwritable(f"Een tekst is langer dan {MAX_XLSX_TEXT} tekens: dat past niet in XLSX. Kies ODS of CSV.")
        workbook = Workbook(write_only=True)
        sheet = workbook.create_sheet("Gegevens")
        sheet.freeze_panes = "A2"
        for index, width in enumerate(_widths(headers, rows), start=1):
            sheet.column_dimensions[get_column_letter(index)].width = width
        bold, wrap = Font(bold=True), Alignment(wrap_text=True, vertical="top")

        def written(value: Any) -> Any:
            if isinstance(value, str):
                text = writable(value)
                cell = WriteOnlyCell(sheet, value=text)
                cell.data_type = "s"  # a text that begins with "=" is no formula
                cell.quotePrefix = _begins_a_formula(text)  # nor does it become one when somebody edits the cell
            else:
                cell = WriteOnlyCell(sheet, value=value)
            cell.alignment = wrap
            return cell

        head = [written(header) for header in headers]
        for cell in head:
            cell.font = bold
        sheet.append(head)
        for row in rows:
            sheet.append([written(value) for value in row])
        stream = io.BytesIO()
        workbook.save(stream)
        return stream.getvalue()


def _widths(headers: list[str], rows: Sequence[Row]) -> list[int]:
    """A width for each column, in characters."""
    columns = zip(headers, *rows, strict=True)
    return [min(60, max(10, *(len(str(value)) + 2 for value in column))) for column in columns]


_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0"
_FO = "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
_NUMBER = "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"
_MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"


class Ods(TableFormat):
    title = "ODS"
    media_type = "application/vnd.oasis.opendocument.spreadsheet"

    def read(self, data: bytes) -> Iterator[Row]:
        archive = _archive(data, self.title)
        if "content.xml" not in archive.namelist():
            raise Unreadable("Dit is geen ODS-bestand.")
        root = ElementTree.fromstring(archive.read("content.xml"))  # noqa: S314 - expat bounds what entities unfold to
        table = root.find(f".//{{{_TABLE}}}table")
        if table is None:
            raise Unreadable("Dit is geen ODS-bestand.")
        for row in table.iter(f"{{{_TABLE}}}table-row"):
            cells: Row = []
            for cell in row:
                if cell.tag not in (f"{{{_TABLE}}}table-cell", f"{{{_TABLE}}}covered-table-cell"):
                    continue
                repeated = int(cell.get(f"{{{_TABLE}}}number-columns-repeated", "1"))
                cells += [_ods_value(cell)] * min(repeated, MAX_COLUMNS + 1 - len(cells))
            # A spreadsheet program ends a sheet with a million empty rows in one element.
            repeated = int(row.get(f"{{{_TABLE}}}number-rows-repeated", "1"))
            filled = any(value not in (None, "") for value in cells)
            yield from [cells] * min(repeated, MAX_ROWS + 2 if filled else 1)

    def write(self, headers: list[str], rows: list[Row]) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("mimetype", self.media_type, zipfile.ZIP_STORED)
            archive.writestr(
                "META-INF/manifest.xml",
                f'<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="{_MANIFEST}"'
                f' manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:version="1.3"'
                f' manifest:media-type="{self.media_type}"/><manifest:file-entry manifest:full-path="content.xml"'
                ' manifest:media-type="text/xml"/></manifest:manifest>',
            )
            archive.writestr("content.xml", _ods_content(headers, rows))
        return stream.getvalue()


def _ods_value(cell: ElementTree.Element) -> Any:
    """What a cell holds: a number, a date, a truth value, or its paragraphs as lines of text."""
    kind = cell.get(f"{{{_OFFICE}}}value-type")
    if kind in ("float", "percentage", "currency"):
        number = float(cell.get(f"{{{_OFFICE}}}value", "0"))
        return int(number) if number.is_integer() else number
    if kind == "date":
        moment = datetime.datetime.fromisoformat(cell.get(f"{{{_OFFICE}}}date-value", ""))
        return moment if "T" in cell.get(f"{{{_OFFICE}}}date-value", "") else moment.date()
    if kind == "boolean":
        return cell.get(f"{{{_OFFICE}}}boolean-value") == "true"
    return "\n".join(_ods_text(paragraph) for paragraph in cell.findall(f"{{{_TEXT}}}p"))


def _ods_text(element: ElementTree.Element) -> str:
    """The text of a paragraph; its spaces, tabs and line ends are elements."""
    parts = [element.text or ""]
    for child in element:
        if child.tag == f"{{{_TEXT}}}s":
            parts.append(" " * min(int(child.get(f"{{{_TEXT}}}c", "1")), 1_000))
        elif child.tag == f"{{{_TEXT}}}tab":
            parts.append("\t")
        elif child.tag == f"{{{_TEXT}}}line-break":
            parts.append("\n")
        elif child.tag != f"{{{_OFFICE}}}annotation":
            parts.append(_ods_text(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _ods_content(headers: list[str], rows: list[Row]) -> str:
    parts = [
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{_OFFICE}"'
        f' xmlns:table="{_TABLE}" xmlns:text="{_TEXT}" xmlns:style="{_STYLE}" xmlns:fo="{_FO}"'
        f' xmlns:number="{_NUMBER}" office:version="1.3"><office:automatic-styles>'
        '<number:date-style style:name="N1"><number:day number:style="long"/><number:text>-</number:text>'
        '<number:month number:style="long"/><number:text>-</number:text><number:year number:style="long"/>'
        "</number:date-style>"
        '<number:date-style style:name="N2"><number:day number:style="long"/><number:text>-</number:text>'
        '<number:month number:style="long"/><number:text>-</number:text><number:year number:style="long"/>'
        "<number:text> </number:text>"
        '<number:hours number:style="long"/><number:text>:</number:text><number:minutes number:style="long"/>'
        "</number:date-style>"
        '<style:style style:name="head" style:family="table-cell"><style:text-properties fo:font-weight="bold"/>'
        "</style:style>"
        '<style:style style:name="text" style:family="table-cell"><style:table-cell-properties fo:wrap-option="wrap"/>'
        "</style:style>"
        '<style:style style:name="day" style:family="table-cell" style:data-style-name="N1"/>'
        '<style:style style:name="moment" style:family="table-cell" style:data-style-name="N2"/>'
        "</office:automatic-styles>"
        '<office:body><office:spreadsheet><table:table table:name="Gegevens"><table:table-header-rows>'
    ]
    parts.append(_ods_row([_ods_string(header, "head") for header in headers]))
    parts.append("</table:table-header-rows>")
    parts += [_ods_row([_ods_cell(value) for value in row]) for row in rows]
    parts.append("</table:table></office:spreadsheet></office:body></office:document-content>")
    return "".join(parts)


def _ods_row(cells: list[str]) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def _ods_cell(value: Any) -> str:
    if value is None or value == "":
        return "<table:table-cell/>"
    if isinstance(value, bool):
        word = "true" if value else "false"
        return f'<table:table-cell office:value-type="boolean" office:boolean-value="{word}"/>'
    if isinstance(value, int | float):
        shown = f"<text:p>{value}</text:p>"
        return f'<table:table-cell office:value-type="float" office:value="{value}">{shown}</table:table-cell>'
    if isinstance(value, datetime.date):  # a moment is a date too
        style, form = ("moment", "%d-%m-%Y %H:%M") if isinstance(value, datetime.datetime) else ("day", "%d-%m-%Y")
        return (
            f'<table:table-cell table:style-name="{style}" office:value-type="date"'
            f' office:date-value="{value.isoformat()}"><text:p>{value:{form}}</text:p></table:table-cell>'
        )
    return _ods_string(str(value), "text")


def _ods_string(text: str, style: str) -> str:
    """A cell of type string: whatever it holds, it is no formula."""
    lines = "".join(f"<text:p>{_ods_line(line)}</text:p>" for line in writable(text).split("\n"))
    return f'<table:table-cell table:style-name="{style}" office:value-type="string">{lines}</table:table-cell>'


def _ods_line(line: str) -> str:
    """A line with its runs of spaces and its tabs as elements, because a reader folds bare ones into one space."""
    marked = re.sub("^ | {2,}| $", lambda match: f'<text:s text:c="{len(match[0])}"/>', escape(line))
    return marked.replace("\t", "<text:tab/>")


class Csv(TableFormat):
    """RFC 4180 in UTF-8. Reads commas, semicolons and tabs, and the encoding of older spreadsheet programs too."""

    title = "CSV"
    media_type = "text/csv; charset=utf-8"
    keeps_types = False

    def read(self, data: bytes) -> Iterator[Row]:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            try:
                text = data.decode("cp1252")
            except UnicodeDecodeError as error:
                raise Unreadable("Dit is geen CSV-bestand.") from error
        if "\0" in text:
            raise Unreadable("Dit is geen CSV-bestand.")
        first_line = text.lstrip("\r\n").split("\n", 1)[0]
        delimiter = max(",;\t", key=first_line.count)
        try:
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
                yield [_without_guard(cell) for cell in row[: MAX_COLUMNS + 1]]
        except csv.Error as error:
            raise Unreadable("Het CSV-bestand is niet goed gevormd.") from error

    def write(self, headers: list[str], rows: list[Row]) -> bytes:
        stream = io.StringIO(newline="")
        writer = csv.writer(stream)
        for row in [headers, *rows]:
            writer.writerow(["" if cell is None else _with_guard(writable(str(cell))) for cell in row])
        return stream.getvalue().encode()


# What a spreadsheet program takes for a formula when it opens a CSV file, behind any number of our own guards.
_FORMULA = re.compile("'*[=+\\-@\t\r]")


def _begins_a_formula(text: str) -> bool:
    return _FORMULA.match(text) is not None


def _with_guard(text: str) -> str:
    """`text` with an apostrophe before it when it could pass for a formula; `_without_guard` takes it off again."""
    return f"'{text}" if _begins_a_formula(text) else text


def _without_guard(text: str) -> str:
    return text[1:] if text.startswith("'") and _begins_a_formula(text[1:]) else text


FORMATS: list[type[TableFormat]] = [Xlsx, Ods, Csv]
