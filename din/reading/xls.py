"""Read .xls (Excel 5 to 2003) into grids: the records of its Workbook stream, in one pass.

The libraries that read .xls drop error values and number formats, which the contract asks for.
"""

import struct
from collections.abc import Callable, Iterator

from din.reading import limits, refusal
from din.reading.compound import CompoundFile
from din.reading.grids import Builder, Cell, Grid, Merge
from din.reading.refusal import Refused
from din.reading.shown import built_in_format, shown_number
from din.reading.xlsx import one_name, text_cell
from din.text import clean

_BOF, _EOF, _CONTINUE, _FILEPASS, _CODEPAGE, _DATEMODE = 0x0809, 0x000A, 0x003C, 0x002F, 0x0042, 0x0022
_BOUNDSHEET, _SST, _FORMAT, _XF, _MERGES = 0x0085, 0x00FC, 0x041E, 0x00E0, 0x00E5
_LABELSST, _LABEL, _RSTRING, _NUMBER, _RK, _MULRK = 0x00FD, 0x0204, 0x00D6, 0x0203, 0x027E, 0x00BD
_BOOLERR, _STRING = 0x0205, 0x0207
# Some programs keep writing the numbers that this record had before Excel 5; Excel reads them all the same.
_FORMULAS = (0x0006, 0x0206, 0x0406)
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_BIFF8, _BIFF5 = 0x0600, 0x0500
# Where the parts of a formula begin in its record, and how one of them says "".
_PARTS_AT, _EMPTY_TEXT = 20, b"\x17\x00"

Record = tuple[int, bytes]
Put = Callable[[int, int, Cell], None]


def read_xls(data: bytes) -> list[Grid]:
    """Return the sheets of an .xls workbook in a compound file; of hidden sheets only the name.

    Raises Refused when it is encrypted, damaged, too large, or holds no workbook.
    """
    file = CompoundFile(data)
    names = {name.lower(): name for name in file.names}
    if "encryptedpackage" in names or "encryptioninfo" in names:
        raise Refused(refusal.ENCRYPTED)
    name = names.get("workbook") or names.get("book")
    if name is None:
        raise Refused(refusal.NOT_A_SPREADSHEET)
    return read_stream(file.stream(name))


def read_stream(stream: bytes) -> list[Grid]:
    """Return the sheets of a Workbook stream; raises Refused as `read_xls` does."""
    try:
        return _Workbook(stream).read()
    except (struct.error, IndexError, ValueError, KeyError, UnicodeDecodeError, LookupError) as damage:
        raise Refused(refusal.DAMAGED) from damage


class _Workbook:
    def __init__(self, stream: bytes) -> None:
        self._stream = stream
        self._strings: list[Cell | None] = []
        self._formats: dict[int, str] = {}
        self._styles: list[int] = []
        self._sheets: list[tuple[str, bool, int]] = []
        self._from_1904 = False
        self._codepage = "cp1252"
        self._version = _BIFF8
        self._builder = Builder()
        # Every record belongs to one sheet: more than there is, is sheets that lie over each other.
        self._bytes_left = len(stream)

    def read(self) -> list[Grid]:
        self._read_globals()
        for name, hidden, position in self._sheets:
            self._builder.begin(name, hidden=hidden)
            if not hidden:
                self._read_sheet(position)
                self._builder.end()
        return self._builder.grids

    def _records(self, position: int) -> Iterator[Record]:
        stream = self._stream
        end = len(stream) - 4
        while position <= end:
            kind, length = struct.unpack_from("<HH", stream, position)
            yield kind, stream[position + 4 : position + 4 + length]
            position += 4 + length
            self._bytes_left -= 4 + length
            if self._bytes_left < 0:
                raise Refused(refusal.DAMAGED)

    def _read_globals(self) -> None:
        records = self._records(0)
        kind, data = next(records, (0, b""))
        if kind != _BOF:
            raise Refused(refusal.OLD_EXCEL if kind in (0x0009, 0x0209, 0x0409) else refusal.DAMAGED)
        self._version = struct.unpack_from("<H", data)[0]
        if self._version not in (_BIFF5, _BIFF8):
            raise Refused(refusal.OLD_EXCEL)
        pending: list[bytes] = []
        for kind, data in records:
            if pending and kind != _CONTINUE:
                self._read_strings(pending)
                pending = []
            if kind == _EOF:
                return
            if kind == _FILEPASS:
                raise Refused(refusal.ENCRYPTED)
            if kind == _SST or (kind == _CONTINUE and pending):
                pending.append(data)
            else:
                self._read_global(kind, data)
        raise Refused(refusal.DAMAGED)

    def _read_global(self, kind: int, data: bytes) -> None:
        if kind == _BOUNDSHEET:
            position, visible, sort = struct.unpack_from("<IBB", data)
            if sort == 0:
                length = data[6]
                name = self._characters(data, 8, length, data[7]) if self._is_8 else self._bytes(data[7 : 7 + length])
                self._sheets.append((one_name(name), bool(visible & 3), position))
        elif kind == _FORMAT:
            number = struct.unpack_from("<H", data)[0]
            self._formats[number] = self._string(data, 2) if self._is_8 else self._bytes(data[3 : 3 + data[2]])
        elif kind == _XF:
            self._styles.append(struct.unpack_from("<H", data, 2)[0])
        elif kind == _DATEMODE:
            self._from_1904 = struct.unpack_from("<H", data)[0] == 1
        elif kind == _CODEPAGE:
            number = struct.unpack_from("<H", data)[0]
            self._codepage = {10000: "mac-roman", 32768: "mac-roman", 32769: "cp1252", 1200: "cp1252"}.get(
                number, f"cp{number}"
            )

    @property
    def _is_8(self) -> bool:
        return self._version == _BIFF8

    def _bytes(self, raw: bytes) -> str:
        try:
            return raw.decode(self._codepage, "replace")
        except LookupError:
            return raw.decode("cp1252", "replace")

    def _characters(self, data: bytes, start: int, count: int, flags: int) -> str:
        if flags & 1:
            return data[start : start + 2 * count].decode("utf-16-le", "replace")
        return data[start : start + count].decode("latin-1")

    def _string(self, data: bytes, start: int) -> str:
        count = struct.unpack_from("<H", data, start)[0]
        if not self._is_8:
            return self._bytes(data[start + 2 : start + 2 + count])
        flags = data[start + 2]
        begin = start + 3 + (2 if flags & 8 else 0) + (4 if flags & 4 else 0)
        return self._characters(data, begin, count, flags)

    def _read_strings(self, blocks: list[bytes]) -> None:
        """Read the shared texts; a text that runs over a block's end goes on with a new width flag."""
        block, at = 0, 8

        def take(count: int) -> bytes:
            nonlocal block, at
            taken = b""
            while len(taken) < count:
                if at >= len(blocks[block]):
                    block, at = block + 1, 0
                piece = blocks[block][at : at + count - len(taken)]
                taken += piece
                at += len(piece)
            return taken

        unique = struct.unpack_from("<I", blocks[0], 4)[0]
        for _ in range(unique):
            if block == len(blocks) - 1 and at >= len(blocks[block]):
                break
            count, flags = struct.unpack("<HB", take(3))
            runs = struct.unpack("<H", take(2))[0] if flags & 8 else 0
            extra = struct.unpack("<I", take(4))[0] if flags & 4 else 0
            pieces: list[str] = []
            while count:
                if at >= len(blocks[block]):
                    block, at = block + 1, 1
                    flags = (flags & ~1) | (blocks[block][0] & 1)
                width = 2 if flags & 1 else 1
                here = min(count, (len(blocks[block]) - at) // width)
                if here == 0:
                    raise ValueError("a text that is cut in the middle of a character")
                pieces.append(self._characters(blocks[block], at, here, flags))
                at += here * width
                count -= here
            self._strings.append(text_cell("".join(pieces)))
            if len(self._strings) > limits.TEXTS:
                raise Refused(refusal.TOO_MANY_PIECES)
            take(4 * runs)
            if extra > len(self._stream):
                raise ValueError("more phonetics than file")
            take(extra)

    def _read_sheet(self, position: int) -> None:
        depth = 0
        formula: tuple[int, int] | None = None
        without_outcome: list[tuple[int, int]] = []
        computed = False
        put = self._builder.put
        for kind, data in self._records(position):
            if kind == _BOF:
                depth += 1
            elif kind == _EOF:
                depth -= 1
                if depth <= 0:
                    break
            elif depth > 1:
                continue
            elif kind == _STRING and formula:
                put_if(put, *formula, text_cell(self._string(data, 0)))
                formula = None
            elif kind in _FORMULAS:
                formula = self._read_formula(data)
                if _has_no_outcome(data):
                    without_outcome.append(struct.unpack_from("<2H", data))
                else:
                    computed = True
            elif kind == _MERGES:
                for at in range(2, 2 + 8 * struct.unpack_from("<H", data)[0], 8):
                    top, bottom, left, right = struct.unpack_from("<4H", data, at)
                    if top <= bottom and left <= right:
                        self._builder.merge(Merge(top + 1, left + 1, bottom + 1, right + 1))
            else:
                self._read_cell(kind, data)
        if not computed:
            for row, column in without_outcome:
                put_if(put, row, column, Cell("", "no_value"))

    def _read_cell(self, kind: int, data: bytes) -> None:
        put = self._builder.put
        if kind == _LABELSST:
            row, column, _, index = struct.unpack_from("<3HI", data)
            put_if(put, row, column, self._strings[index])
        elif kind == _NUMBER:
            row, column, style, value = struct.unpack_from("<3Hd", data)
            put_if(put, row, column, self._number(value, style))
        elif kind == _RK:
            row, column, style, raw = struct.unpack_from("<3HI", data)
            put_if(put, row, column, self._number(_rk(raw), style))
        elif kind == _MULRK:
            row, column = struct.unpack_from("<2H", data)
            for offset in range((len(data) - 6) // 6):
                style, raw = struct.unpack_from("<HI", data, 4 + 6 * offset)
                put_if(put, row, column + offset, self._number(_rk(raw), style))
        elif kind in (_LABEL, _RSTRING):
            row, column = struct.unpack_from("<2H", data)
            put_if(put, row, column, text_cell(self._string(data, 6)))
        elif kind == _BOOLERR:
            row, column, _, value, is_error = struct.unpack_from("<3H2B", data)
            put_if(put, row, column, _bool_or_error(value, bool(is_error)))

    def _read_formula(self, data: bytes) -> tuple[int, int] | None:
        """Store a formula's stored value; return its place when that is a text, which has a record of its own."""
        row, column, style = struct.unpack_from("<3H", data)
        result = struct.unpack_from("8s", data, 6)[0]
        cell: Cell | None
        if result[6:8] == b"\xff\xff":
            if result[0] == 0:
                return row, column
            cell = None if result[0] == 3 else _bool_or_error(result[2], result[0] == 2)
        else:
            cell = self._number(struct.unpack("<d", result)[0], style)
        put_if(self._builder.put, row, column, cell)
        return None

    def _number(self, value: float, style: int) -> Cell | None:
        number = self._styles[style] if style < len(self._styles) else 0
        code = self._formats.get(number) or built_in_format(number)
        shown = clean(shown_number(value, code, from_1904=self._from_1904))
        return Cell(shown) if shown else None


def _has_no_outcome(formula: bytes) -> bool:
    """Tell whether a formula's stored value is an empty text that its own parts don't name.

    This format cannot leave a stored value out. Programs that compute nothing write an empty text, so where no
    formula of a sheet has another value, such a one was never computed.
    """
    return formula[6:7] == b"\3" and formula[12:14] == b"\xff\xff" and _EMPTY_TEXT not in formula[_PARTS_AT:]


def put_if(put: Put, row: int, column: int, cell: Cell | None) -> None:
    """Store a cell at a place counted from 0, when there is something to store."""
    if cell is not None and row < limits.LAST_ROW and column < limits.LAST_COLUMN:
        put(row + 1, column + 1, cell)


def _rk(raw: int) -> float:
    value: float
    if raw & 2:
        value = float((raw >> 2) - (1 << 30 if raw & 0x80000000 else 0))
    else:
        value = struct.unpack("<d", b"\0\0\0\0" + struct.pack("<I", raw & 0xFFFFFFFC))[0]
    return value / 100 if raw & 1 else value


def _bool_or_error(value: int, is_error: bool) -> Cell:
    if is_error:
        return Cell(_ERRORS.get(value, "#N/A"), "error")
    return Cell("WAAR" if value else "ONWAAR")
