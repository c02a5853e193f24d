"""Read .xlsx and .xlsm into grids: one streaming pass over each visible sheet's XML.

Neither library at hand gives all that the contract asks in one pass: stored values of formulas and their absence, error
values, number formats, merged ranges, hidden sheets.
"""

import posixpath
import re
from collections.abc import Callable
from typing import NamedTuple

from din.reading import limits, refusal
from din.reading.archive import Archive
from din.reading.grids import ERROR_VALUES, Builder, Cell, Grid, Merge
from din.reading.refusal import Refused
from din.reading.shown import built_in_format, shown_number
from din.reading.xml_parts import Attributes, attribute, local, walk
from din.text import clean

_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NUMBERS_KEPT = 10_000
_BOOLEANS = {"1": "WAAR", "0": "ONWAAR", "true": "WAAR", "false": "ONWAAR"}


class _SheetEntry(NamedTuple):
    name: str
    hidden: bool
    relation: str


def read_xlsx(archive: Archive) -> list[Grid]:
    """Return the workbook's sheets in order; of hidden sheets only the name.

    Raises Refused when there is no workbook inside, or a part that is needed is damaged or too large.
    """
    workbook = _workbook_part(archive)
    entries, from_1904 = _read_workbook(archive, workbook)
    relations = _relations(archive, workbook)
    strings_part = next((part for kind, part in relations.values() if kind == "sharedStrings"), "")
    styles_part = next((part for kind, part in relations.values() if kind == "styles"), "")
    strings = _read_strings(archive, strings_part) if strings_part in archive else []
    formats = _read_formats(archive, styles_part) if styles_part in archive else []
    builder = Builder()
    for entry in entries:
        kind, part = relations.get(entry.relation, ("", ""))
        if kind != "worksheet":
            # Chart and macro sheets hold no table, module sheets of Excel 95 name no part at all; a sheet without the
            # part that it names is a damaged file.
            if not kind and entry.relation:
                raise Refused(refusal.DAMAGED)
            continue
        builder.begin(entry.name, hidden=entry.hidden)
        if not entry.hidden:
            _SheetReader(builder, strings, formats, from_1904).read(archive, part)
            builder.end()
    return builder.grids


def _workbook_part(archive: Archive) -> str:
    kinds: dict[str, str] = {}

    def start(_: str, attributes: Attributes) -> None:
        kinds.setdefault((attributes.get("Type") or "").rpartition("/")[2], attributes.get("Target") or "")

    if "_rels/.rels" in archive:
        walk(archive.chunks("_rels/.rels"), start)
    found = kinds.get("officeDocument", "xl/workbook.xml").lstrip("/")
    if found.endswith(".bin"):
        raise Refused(refusal.BINARY_WORKBOOK)
    if found not in archive:
        found = "xl/workbook.xml"
    if found not in archive:
        raise Refused(refusal.BINARY_WORKBOOK if "xl/workbook.bin" in archive else refusal.NO_WORKBOOK_IN_ARCHIVE)
    return found


def _read_workbook(archive: Archive, part: str) -> tuple[list[_SheetEntry], bool]:
    entries: list[_SheetEntry] = []
    roots: list[str] = []
    from_1904 = False

    def start(name: str, attributes: Attributes) -> None:
        nonlocal from_1904
        name = local(name)
        if not roots:
            roots.append(name)
        if name == "sheet":
            if len(entries) == limits.SHEETS:
                raise Refused(refusal.TOO_MANY_SHEETS)
            hidden = attributes.get("state", "visible") != "visible"
            title = one_name(attributes.get("name") or f"Blad{len(entries) + 1}")
            entries.append(_SheetEntry(title, hidden, attribute(attributes, "id") or ""))
        elif name == "workbookPr" and attributes.get("date1904") in ("1", "true"):
            # Excel repeats this element, for other settings, among its extensions.
            from_1904 = True

    walk(archive.chunks(part), start)
    if roots != ["workbook"]:
        raise Refused(refusal.NO_WORKBOOK_IN_ARCHIVE)
    return entries, from_1904


def one_name(name: str) -> str:
    """Return a sheet's name as it is, without characters that nothing can show."""
    return "".join(c for c in unescape(name) if c.isprintable() or c == "\u00a0")[:255]


def unescape(text: str) -> str:
    """Return text with Excel's `_x000A_` escapes replaced by the characters they stand for."""
    return _ESCAPE.sub(lambda match: chr(int(match.group(1), 16)), text) if "_x" in text else text


def _relations(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    folder, name = posixpath.split(part)
    relations: dict[str, tuple[str, str]] = {}

    def start(_: str, attributes: Attributes) -> None:
        target = (attributes.get("Target") or "").replace("\\", "/")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        if len(relations) == limits.ARCHIVE_ENTRIES:
            raise Refused(refusal.TOO_MANY_PARTS)
        relations[attributes.get("Id") or ""] = ((attributes.get("Type") or "").rpartition("/")[2], path)

    relations_part = posixpath.join(folder, "_rels", name + ".rels")
    if relations_part in archive:
        walk(archive.chunks(relations_part), start)
    return relations


def _read_strings(archive: Archive, part: str) -> list[Cell | None]:
    """Return the shared texts as cells, None for those that show nothing; each is made once, however often used."""
    strings: list[Cell | None] = []
    pieces: list[str] = []
    taking = phonetic = False

    def start(name: str, _: Attributes) -> None:
        nonlocal taking, phonetic
        name = local(name)
        if name == "t":
            taking = not phonetic
        elif name == "rPh":
            phonetic = True

    def end(name: str) -> None:
        nonlocal taking, phonetic
        name = local(name)
        if name == "si":
            strings.append(text_cell("".join(pieces)) if pieces else None)
            pieces.clear()
        elif name == "t":
            taking = False
        elif name == "rPh":
            phonetic = False

    def text(data: str) -> None:
        if taking:
            pieces.append(data)

    walk(archive.chunks(part), start, end, text)
    return strings


def text_cell(raw: str) -> Cell | None:
    """Return the cell for a stored text, None when nothing of it shows; a pasted error value is one."""
    shown = clean(unescape(raw[: limits.CELL_CHARACTERS]))
    if not shown:
        return None
    return Cell(shown, "error" if shown[0] == "#" and shown.upper() in ERROR_VALUES else "")


def _read_formats(archive: Archive, part: str) -> list[str]:
    """Return the number format code of each cell style."""
    codes: dict[str, str] = {}
    formats: list[str] = []
    inside = False

    def start(name: str, attributes: Attributes) -> None:
        nonlocal inside
        name = local(name)
        if name == "numFmt":
            codes.setdefault(attributes.get("numFmtId") or "", attributes.get("formatCode") or "General")
        elif name == "cellXfs":
            inside = True
        elif name == "xf" and inside:
            number = attributes.get("numFmtId") or "0"
            known = codes.get(number)
            formats.append(known or built_in_format(int(number) if number.isdecimal() and len(number) < 6 else 0))

    def end(name: str) -> None:
        nonlocal inside
        if local(name) == "cellXfs":
            inside = False

    walk(archive.chunks(part), start, end)
    return formats


class _SheetReader:
    """Takes the cells and merged ranges out of one sheet's XML."""

    def __init__(self, builder: Builder, strings: list[Cell | None], formats: list[str], from_1904: bool) -> None:
        self._builder = builder
        self._strings = strings
        self._formats = formats
        self._from_1904 = from_1904
        self._numbers: dict[tuple[str, str], Cell | None] = {}

    def read(self, archive: Archive, part: str) -> None:
        """Give the filled cells and the merged ranges to the builder."""
        walk(archive.chunks(part), *self._handlers())

    def _handlers(
        self,
    ) -> tuple[Callable[[str, Attributes], None], Callable[[str], None], Callable[[str], None]]:
        # Millions of calls: plain local names and one comparison for the common case, instead of tidy methods.
        pieces: list[str] = []
        columns: dict[str, int] = {}
        row = column = 0
        kind = style = ""
        taking = formula = phonetic = False
        put, cell_for = self._builder.put, self._cell_for
        locals_of: dict[str, str] = {}

        def start(name: str, attributes: Attributes) -> None:
            nonlocal row, column, kind, style, taking, formula, phonetic
            name = locals_of.get(name) or locals_of.setdefault(name, local(name))
            if name == "c":
                reference = attributes.get("r")
                if reference is None:
                    column += 1
                else:
                    letters = reference.rstrip("0123456789")
                    found = columns.get(letters)
                    if found is None:
                        found = columns[letters] = column_number(letters)
                    column = found
                    digits = reference[len(letters) :]
                    if digits != str(row):
                        row = row_number(digits)
                kind = attributes.get("t", "n")
                style = attributes.get("s", "")
                formula = False
            elif name == "v" or (name == "t" and not phonetic):
                taking = True
            elif name == "row":
                number = attributes.get("r")
                row = row + 1 if number is None else row_number(number)
                column = 0
            elif name == "f":
                formula = True
            elif name == "rPh":
                phonetic = True
            elif name == "mergeCell":
                merge = merge_of(attributes.get("ref") or "")
                if merge:
                    self._builder.merge(merge)

        def end(name: str) -> None:
            nonlocal taking, phonetic
            name = locals_of.get(name) or local(name)
            if name == "c":
                if pieces or formula:
                    cell = cell_for("".join(pieces), kind, style, formula)
                    pieces.clear()
                    if cell is not None:
                        put(row, column, cell)
            elif name == "v" or name == "t":
                taking = False
            elif name == "rPh":
                phonetic = False

        def text(data: str) -> None:
            if taking:
                pieces.append(data)

        return start, end, text

    def _cell_for(self, value: str, kind: str, style: str, formula: bool) -> Cell | None:
        if kind == "s":
            return self._shared(value)
        if kind == "e":
            return Cell(clean(value) or "#N/A", "error")
        if kind == "str" or kind == "inlineStr":
            return text_cell(value)
        value = value.strip()
        if not value:
            return Cell("", "no_value") if formula else None
        if kind == "b":
            return Cell(_BOOLEANS.get(value, value))
        if kind == "d":
            return text_cell(value.partition("T")[0])
        known = self._numbers.get((value, style))
        if known is None:
            known = self._number(value, style)
            if len(self._numbers) < _NUMBERS_KEPT:
                self._numbers[value, style] = known
        return known

    def _number(self, value: str, style: str) -> Cell | None:
        try:
            number = float(value)
        except ValueError as damage:
            raise Refused(refusal.DAMAGED) from damage
        code = self._formats[int(style)] if style.isdecimal() and int(style[:9]) < len(self._formats) else "General"
        shown = clean(shown_number(number, code, from_1904=self._from_1904))
        return Cell(shown) if shown else None

    def _shared(self, value: str) -> Cell | None:
        try:
            index = int(value)
        except ValueError as damage:
            raise Refused(refusal.DAMAGED) from damage
        if not 0 <= index < len(self._strings):
            raise Refused(refusal.DAMAGED)
        return self._strings[index]


def column_number(letters: str) -> int:
    """Return 28 for "AB"; raises Refused when no sheet has such a column."""
    number = 0
    if not 1 <= len(letters) <= 3:
        raise Refused(refusal.DAMAGED)
    for letter in letters.upper():
        if not "A" <= letter <= "Z":
            raise Refused(refusal.DAMAGED)
        number = number * 26 + ord(letter) - 64
    if number > limits.LAST_COLUMN:
        raise Refused(refusal.DAMAGED)
    return number


def row_number(digits: str) -> int:
    """Return the row number; raises Refused when no sheet has such a row."""
    if not (digits.isdecimal() and len(digits) <= 7 and 1 <= int(digits) <= limits.LAST_ROW):
        raise Refused(refusal.DAMAGED)
    return int(digits)


def merge_of(reference: str) -> Merge | None:
    """Return the merged range for "A1:B3"; None for what is no range."""
    ends = [_REFERENCE.fullmatch(part) for part in reference.split(":")]
    if len(ends) != 2 or not ends[0] or not ends[1]:
        return None
    (left, right) = sorted(column_number(end.group(1)) for end in ends if end)
    (top, bottom) = sorted(row_number(end.group(2)) for end in ends if end)
    return Merge(top, left, bottom, right)
