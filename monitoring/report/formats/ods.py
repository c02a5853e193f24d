"""The report as an open spreadsheet (ODS), for LibreOffice and others. Knows no Django."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal

from odf import dc, meta, number, style, table, text
from odf.config import ConfigItem, ConfigItemMapEntry, ConfigItemMapIndexed, ConfigItemMapNamed, ConfigItemSet
from odf.element import Element
from odf.namespaces import STYLENS
from odf.opendocument import OpenDocumentSpreadsheet
from odf.teletype import addTextToElement
from openpyxl.utils import get_column_letter

from monitoring.report.document import ReportDocument
from monitoring.report.formats.archive import at_fixed_times
from monitoring.report.rendering_child import Question
from monitoring.report.sheets import LINE_HEIGHT, Cell, Column, Row, Sheet, Sheets, row_height, sheets_of

_FONT = "Calibri"
_WIDTH_OF_A_CHARACTER = 0.22  # centimetres
_LEAD_HEIGHTS = {"title": 26.0, "subtitle": 20.0, "concept": LINE_HEIGHT, "line": LINE_HEIGHT}
_GREEN, _RED = "#0d3b2a", "#8c1a11"


def render_ods(document: ReportDocument, *, sha256: str = "") -> bytes:
    """The bytes of the file. `sha256` is the hash of the frozen report; empty marks every page as a concept."""
    sheets = sheets_of(document, sha256=sha256)
    return _Spreadsheet(sheets).write()


def answer(question: Question) -> bytes:
    """What the child answers to a question for an ODS."""
    return render_ods(question.source.document, sha256=question.source.sha256)


class _Spreadsheet:
    """One file in the making."""

    def __init__(self, sheets: Sheets) -> None:
        self._sheets = sheets
        self._file = OpenDocumentSpreadsheet()
        self._styles: dict[str, Element] = {}
        self._columns: dict[int, Element] = {}
        self._heights: dict[float, Element] = {}
        self._looks()

    def write(self) -> bytes:
        body = self._file.spreadsheet
        filters = table.DatabaseRanges()
        for place, sheet in enumerate(self._sheets.sheets):
            body.addElement(self._table(sheet, self._page(sheet, place)))
            if not sheet.lead:
                filters.addElement(_filter(sheet))
        body.addElement(filters)
        self._freeze()
        self._describe()
        stream = io.BytesIO()
        self._file.write(stream)
        return at_fixed_times(stream.getvalue(), day=self._sheets.day)

    def _looks(self) -> None:
        """The styles of cells, by name."""
        days = number.DateStyle(name="dag")
        for part in (
            number.Day(style="long"),
            number.Text(text="-"),
            number.Month(style="long"),
            number.Text(text="-"),
            number.Year(style="long"),
        ):
            days.addElement(part)
        self._file.automaticstyles.addElement(days)
        plain = {"fontfamily": _FONT}
        head = {**plain, "fontweight": "bold", "color": "#ffffff"}
        bold = {**plain, "fontweight": "bold"}
        for name, letters, fill, format_ in (
            ("body", plain, "", ""),
            ("day", plain, "", "dag"),
            ("total", bold, "", ""),
            ("head", head, _GREEN, ""),
            ("title", {**bold, "fontsize": "18pt", "color": _GREEN}, "", ""),
            ("subtitle", {**plain, "fontsize": "14pt"}, "", ""),
            ("line", plain, "", ""),
            ("concept", {**bold, "color": _RED}, "", ""),
        ):
            look = style.Style(name=name, family="table-cell", **({"datastylename": format_} if format_ else {}))
            cell = {"verticalalign": "top"} | ({"backgroundcolor": fill} if fill else {})
            if name in ("body", "day", "total", "head"):
                cell["wrapoption"] = "wrap"
            look.addElement(style.TableCellProperties(**cell))
            look.addElement(style.TextProperties(language="nl", country="NL", **letters))
            self._file.automaticstyles.addElement(look)
            self._styles[name] = look

    def _page(self, sheet: Sheet, place: int) -> Element:
        """The style of a table with its print set-up: A4 on its side, as wide as the page, with header and footer."""
        layout = style.PageLayout(name=f"pagina{place}")
        properties = style.PageLayoutProperties(
            pagewidth="29.7cm",
            pageheight="21cm",
            printorientation="landscape",
            margin="1cm",
        )
        # Not in the grammar that the library knows: as wide as one page, and as long as it gets.
        properties.attributes[STYLENS, "scale-to-X"] = "1"
        properties.attributes[STYLENS, "scale-to-Y"] = "0"
        layout.addElement(properties)
        for part in (style.HeaderStyle(), style.FooterStyle()):
            part.addElement(style.HeaderFooterProperties(minheight="0.8cm"))
            layout.addElement(part)
        self._file.automaticstyles.addElement(layout)
        master = style.MasterPage(name=f"blad{place}", pagelayoutname=layout)
        header = style.Header()
        header.addElement(text.P(text=f"{self._sheets.programme}  |  {self._sheets.header}"))
        footer = style.Footer()
        line = text.P(text=f"{sheet.name}  |  ")
        line.addElement(text.PageNumber(selectpage="current"))
        line.addText(" van ")
        line.addElement(text.PageCount())
        footer.addElement(line)
        master.addElement(header)
        master.addElement(footer)
        self._file.masterstyles.addElement(master)
        look = style.Style(name=f"tabel{place}", family="table", masterpagename=master)
        look.addElement(style.TableProperties(display="true"))
        self._file.automaticstyles.addElement(look)
        return look

    def _table(self, sheet: Sheet, look: Element) -> Element:
        made = table.Table(name=sheet.name, stylename=look)
        if sheet.printed:
            last = f"{get_column_letter(sheet.printed)}{sheet.header_row + len(sheet.rows)}"
            made.setAttribute("printranges", f"$'{sheet.name}'.$A$1:$'{sheet.name}'.${last}")
        for column in sheet.columns:
            made.addElement(table.TableColumn(stylename=self._column(column)))
        looks = ("title", "subtitle", "concept" if self._sheets.is_concept else "line", "line")
        for line, name in zip(sheet.lead, looks, strict=False):
            made.addElement(self._filled((line,), name, _LEAD_HEIGHTS[name]))
        if sheet.lead:
            made.addElement(self._filled((), "line"))
        heads = table.TableHeaderRows()
        heads.addElement(self._filled([column.heading for column in sheet.columns], "head", 2 * LINE_HEIGHT))
        made.addElement(heads)
        for number_, row in enumerate(sheet.rows, start=1):
            is_total = sheet.has_total and number_ == len(sheet.rows)
            made.addElement(self._filled(row, "total" if is_total else "body", row_height(row, sheet)))
        return made

    def _column(self, column: Column) -> Element:
        if column.width not in self._columns:
            look = style.Style(name=f"breed{column.width}", family="table-column")
            width = f"{column.width * _WIDTH_OF_A_CHARACTER:.2f}cm"
            look.addElement(style.TableColumnProperties(columnwidth=width))
            self._file.automaticstyles.addElement(look)
            self._columns[column.width] = look
        return self._columns[column.width]

    def _filled(self, row: Row, look: str, height: float = LINE_HEIGHT) -> Element:
        made = table.TableRow(stylename=self._height(height))
        for value in row:
            made.addElement(self._cell(value, look))
        return made

    def _height(self, points: float) -> Element:
        if points not in self._heights:
            look = style.Style(name=f"hoog{points:.0f}", family="table-row")
            look.addElement(style.TableRowProperties(rowheight=f"{points:.0f}pt", useoptimalrowheight="false"))
            self._file.automaticstyles.addElement(look)
            self._heights[points] = look
        return self._heights[points]

    def _cell(self, value: Cell, look: str) -> Element:
        """A cell with `value`: a text is written as a text, whatever it begins with."""
        if value is None or value == "":
            return table.TableCell(stylename=self._styles[look])
        if isinstance(value, datetime.date):
            cell = table.TableCell(valuetype="date", datevalue=value.isoformat(), stylename=self._styles["day"])
            cell.addElement(text.P(text=f"{value:%d-%m-%Y}"))
            return cell
        if isinstance(value, int | Decimal):
            cell = table.TableCell(valuetype="float", value=f"{value:f}", stylename=self._styles[look])
            cell.addElement(text.P(text=f"{value:f}".replace(".", ",")))
            return cell
        cell = table.TableCell(valuetype="string", stylename=self._styles[look])
        for line in value.split("\n"):
            cell.addElement(_paragraph(line))
        return cell

    def _freeze(self) -> None:
        """Keep the header and the first columns of each sheet in sight."""
        views = ConfigItemSet(name="ooo:view-settings")
        every = ConfigItemMapIndexed(name="Views")
        entry = ConfigItemMapEntry()
        tables = ConfigItemMapNamed(name="Tables")
        for sheet in self._sheets.sheets:
            one = ConfigItemMapEntry(name=sheet.name)
            for name, kind, value in (
                ("HorizontalSplitMode", "short", 2 if sheet.frozen else 0),
                ("VerticalSplitMode", "short", 2),
                ("HorizontalSplitPosition", "int", sheet.frozen),
                ("VerticalSplitPosition", "int", sheet.header_row),
                ("PositionRight", "int", sheet.frozen),
                ("PositionBottom", "int", sheet.header_row),
                ("ActiveSplitRange", "short", 3 if sheet.frozen else 2),
            ):
                one.addElement(ConfigItem(name=name, type=kind, text=str(value)))
            tables.addElement(one)
        entry.addElement(ConfigItem(name="ViewId", type="string", text="view1"))
        entry.addElement(tables)
        entry.addElement(ConfigItem(name="ActiveTable", type="string", text=self._sheets.sheets[0].name))
        every.addElement(entry)
        views.addElement(every)
        self._file.settings.addElement(views)

    def _describe(self) -> None:
        """What the file says of itself, which is never the moment at which it was made."""
        day = f"{self._sheets.day.isoformat()}T00:00:00"
        for told in (
            dc.Title(text=self._sheets.title),
            dc.Language(text="nl-NL"),
            meta.InitialCreator(text="Programmamonitor"),
            meta.CreationDate(text=day),
            dc.Date(text=day),
        ):
            self._file.meta.addElement(told)


def _paragraph(line: str) -> Element:
    """A line of a text; spaces and tabs are elements of their own, since XML takes several for one."""
    made = text.P()
    addTextToElement(made, line)
    return made


def _filter(sheet: Sheet) -> Element:
    """That every heading of `sheet` has a filter."""
    last = f"{get_column_letter(len(sheet.columns))}{sheet.header_row + len(sheet.rows)}"
    return table.DatabaseRange(
        name=sheet.name,
        targetrangeaddress=f"$'{sheet.name}'.$A${sheet.header_row}:.${last}",
        displayfilterbuttons="true",
    )
