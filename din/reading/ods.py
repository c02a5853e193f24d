"""Read .ods into grids: one streaming pass over content.xml."""

from din.reading import limits, refusal
from din.reading.archive import Archive
from din.reading.grids import ERROR_VALUES, Builder, Cell, Grid, Merge
from din.reading.refusal import Refused
from din.reading.shown import shown_number
from din.reading.xlsx import one_name, text_cell
from din.reading.xml_parts import Attributes, attribute, local, walk
from din.text import clean

# Texts that don't stand in the cell itself: remarks, how its words sound, and drawings that are anchored to it.
_BESIDE_THE_CELL = frozenset(
    {
        "annotation", "frame", "custom-shape", "rect", "ellipse", "circle", "line", "polyline", "polygon", "path", "g",
        "regular-polygon", "caption", "connector", "measure", "control", "page-thumbnail", "shapes", "forms",
        "tracked-changes", "dde-links", "content-validations", "label-ranges", "detective", "event-listeners",
        "ruby-text",
    }
)  # fmt: skip


_SAY_SOMETHING = frozenset({"value-type", "formula", "string-value"})


def read_ods(archive: Archive) -> list[Grid]:
    """Return the sheets of an OpenDocument spreadsheet in order; of hidden sheets only the name.

    Raises Refused when it is encrypted, damaged, too large, or another kind of OpenDocument.
    """
    if "meta-inf/manifest.xml" in archive:
        _refuse_encrypted(archive)
    reader = _Content()
    walk(archive.chunks("content.xml"), reader.start, reader.end, reader.text)
    if not reader.is_spreadsheet:
        raise Refused(refusal.NO_WORKBOOK_IN_ARCHIVE)
    return reader.builder.grids


def _refuse_encrypted(archive: Archive) -> None:
    def start(name: str, _: Attributes) -> None:
        if local(name) == "encryption-data":
            raise Refused(refusal.ENCRYPTED)

    walk(archive.chunks("meta-inf/manifest.xml"), start)


def _without_prefixes(attributes: Attributes) -> Attributes:
    """Return the attributes by their local names; of two with one name the first counts."""
    return {local(name): value for name, value in reversed(attributes.items())} if attributes else attributes


def _count(attributes: Attributes, name: str) -> int:
    text = attributes.get(name)
    if text is None:
        return 1
    return min(int(text), limits.LAST_ROW) if text.isdecimal() and 0 < len(text) <= 9 and int(text) else 1


class _Content:
    """Follows the parser through content.xml and fills the builder."""

    def __init__(self) -> None:
        self.builder = Builder()
        self.is_spreadsheet = False
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._tables = 0
        self._beside = 0
        self._hidden = False
        self._row = self._row_count = 0
        self._column = self._column_count = 0
        self._cells: list[tuple[int, int, Cell]] = []
        self._cell: Attributes | None = None
        self._covered = False
        self._pieces: list[str] = []
        self._paragraphs = 0
        self._in_paragraph = 0

    def start(self, name: str, attributes: Attributes) -> None:
        name = local(name)
        if self._beside or name in _BESIDE_THE_CELL:
            self._beside += 1
        elif name in ("table-cell", "covered-table-cell"):
            if self._tables == 1:
                self._begin_cell(attributes, covered=name == "covered-table-cell")
        elif name == "table-row":
            if self._tables == 1:
                self._row_count = _count(_without_prefixes(attributes), "number-rows-repeated")
                self._column, self._cells = 0, []
        elif self._cell is not None:
            self._start_in_cell(name, attributes)
        elif name == "table":
            self._begin_table(attributes)
        elif name == "spreadsheet":
            self.is_spreadsheet = True
        elif name == "style":
            self._style = attribute(attributes, "name") or ""
        elif name == "table-properties" and attribute(attributes, "display") == "false":
            self._hidden_styles.add(self._style)

    def _start_in_cell(self, name: str, attributes: Attributes) -> None:
        if name in ("p", "h"):
            if self._paragraphs:
                self._pieces.append("\n")
            self._paragraphs += 1
            self._in_paragraph += 1
        elif name == "s" or name == "tab":
            self._pieces.append(" ")
        elif name == "line-break":
            self._pieces.append("\n")
        elif name == "table":
            self._tables += 1

    def text(self, data: str) -> None:
        if self._in_paragraph and not self._beside:
            self._pieces.append(data.replace("\n", " "))

    def end(self, name: str) -> None:
        if self._beside:
            self._beside -= 1
            return
        name = local(name)
        if name in ("table-cell", "covered-table-cell"):
            if self._tables == 1:
                self._end_cell()
        elif name == "table-row":
            if self._tables == 1:
                self._end_row()
        elif name in ("p", "h"):
            self._in_paragraph = max(0, self._in_paragraph - 1)
        elif name == "table":
            if self._tables == 1 and not self._hidden:
                self.builder.end()
            self._tables = max(0, self._tables - 1)

    def _begin_table(self, attributes: Attributes) -> None:
        self._tables += 1
        if self._tables > 1:
            return
        name = attribute(attributes, "name") or f"Blad{len(self.builder.grids) + 1}"
        self._hidden = (attribute(attributes, "style-name") or "") in self._hidden_styles
        self.builder.begin(one_name(name), hidden=self._hidden)
        self._row = 0

    def _begin_cell(self, attributes: Attributes, *, covered: bool) -> None:
        self._cell = attributes = _without_prefixes(attributes)
        self._covered = covered
        self._column_count = _count(attributes, "number-columns-repeated")
        self._pieces, self._paragraphs, self._in_paragraph = [], 0, 0

    def _end_cell(self) -> None:
        attributes = self._cell
        if attributes is not None and not self._covered and not self._hidden:
            if attributes:
                down, right = _count(attributes, "number-rows-spanned"), _count(attributes, "number-columns-spanned")
                if down > 1 or right > 1:
                    top, left = self._row + 1, self._column + 1
                    bottom = min(top + down - 1, limits.LAST_ROW)
                    self.builder.merge(Merge(top, left, bottom, min(left + right - 1, limits.LAST_COLUMN)))
            # Millions of cells may hold nothing but a style.
            if self._pieces or not _SAY_SOMETHING.isdisjoint(attributes):
                cell = _cell_for(attributes, "".join(self._pieces), bool(self._paragraphs))
                if cell is not None:
                    self._cells.append((self._column + 1, self._column_count, cell))
        self._column += self._column_count
        self._cell = None

    def _end_row(self) -> None:
        if self._cells:
            for row in range(self._row + 1, self._row + self._row_count + 1):
                for column, count, cell in self._cells:
                    for repeat in range(count):
                        self.builder.put(row, column + repeat, cell)
        self._row += self._row_count


def _cell_for(attributes: Attributes, text: str, has_text: bool) -> Cell | None:
    """Return the cell for what stands in the file: the shown text where it is kept, else what the value would show."""
    kind = attributes.get("value-type")
    formula = attributes.get("formula")
    shown = clean(text)
    if shown and (shown.upper() in ERROR_VALUES or (formula is not None and shown.startswith(("Err:", "#")))):
        return Cell(shown, "error")
    if kind == "string" or kind is None:
        said = shown if has_text else clean(attributes.get("string-value") or "")
        if not said and not has_text and formula is not None and kind is None:
            # An outcome that is an empty text is kept as an empty paragraph.
            return Cell("", "no_value")
        return text_cell(said)
    if kind == "date":
        return text_cell(_date(attributes.get("date-value") or "", shown))
    if kind == "boolean":
        return text_cell(shown or ("WAAR" if attributes.get("boolean-value") == "true" else "ONWAAR"))
    if kind in ("float", "percentage", "currency"):
        return text_cell(_number(attributes.get("value") or "", shown, kind))
    return text_cell(shown)


def _date(value: str, shown: str) -> str:
    """Digits alone may be in any order ("03/31/23"); the stored date is sure. A month's name shows what is meant."""
    year, _, rest = value.partition("T")[0].partition("-")
    month, _, day = rest.partition("-")
    if (shown and any(character.isalpha() for character in shown)) or not day:
        return shown or value
    return f"{day}-{month}-{year}"


def _number(value: str, shown: str, kind: str) -> str:
    try:
        number = float(value)
    except ValueError:
        return shown
    plain = shown.replace(",", ".")
    if shown and plain != value and not _is_same_number(plain, number):
        return shown
    return shown_number(number, "0%" if kind == "percentage" else "General") or shown


def _is_same_number(text: str, number: float) -> bool:
    try:
        return float(text) == number
    except ValueError:
        return False
