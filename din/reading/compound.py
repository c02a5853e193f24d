"""The compound file (OLE) in which .xls workbooks, and encrypted .xlsx workbooks, are packed."""

import struct

from din.reading import refusal
from din.reading.refusal import Refused

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST_SECTOR = 0xFFFFFFFA
_NO_ENTRY = 0xFFFFFFFF
_ROOT = 5


class _Entry:
    def __init__(self, raw: bytes) -> None:
        length = min(struct.unpack_from("<H", raw, 64)[0], 64)
        self.name = raw[: max(length - 2, 0)].decode("utf-16-le", "replace")
        self.kind = raw[66]
        self.left, self.right, self.child = struct.unpack_from("<3I", raw, 68)
        self.start, self.size = struct.unpack_from("<II", raw, 116)


class CompoundFile:
    """The streams at the top of a compound file, by name."""

    def __init__(self, data: bytes) -> None:
        """Read the directory; raises Refused when the file is damaged."""
        self._data = data
        try:
            self._read_header()
            self._entries = self._read_directory()
        except (struct.error, IndexError, ValueError) as damage:
            raise Refused(refusal.DAMAGED) from damage

    @property
    def names(self) -> list[str]:
        """The names of the streams and storages at the top."""
        return list(self._entries)

    def stream(self, name: str) -> bytes:
        """Return a stream's bytes; raises Refused when the file is damaged."""
        entry = self._entries[name]
        try:
            if entry.size < self._mini_cutoff:
                container = self._chain(self._root.start)
                return self._mini_chain(container, entry)
            return self._chain(entry.start)[: entry.size]
        except (struct.error, IndexError, ValueError) as damage:
            raise Refused(refusal.DAMAGED) from damage

    def _read_header(self) -> None:
        data = self._data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or not 4 <= mini_shift <= 9:
            raise ValueError("sector size")
        self._size, self._mini_size = 1 << shift, 1 << mini_shift
        self._directory_start, _, self._mini_cutoff, mini_start, _, difat_start, _ = struct.unpack_from("<7I", data, 48)
        sectors = list(struct.unpack_from("<109I", data, 76))
        seen: set[int] = set()
        per_sector = self._size // 4
        while difat_start < _LAST_SECTOR and difat_start not in seen:
            seen.add(difat_start)
            numbers = struct.unpack_from(f"<{per_sector}I", data, (difat_start + 1) * self._size)
            sectors += numbers[:-1]
            difat_start = numbers[-1]
        most = len(data) // self._size + 1
        used = [sector for sector in sectors if sector < _LAST_SECTOR][:most]
        table = b"".join(data[(sector + 1) * self._size : (sector + 2) * self._size] for sector in used)
        self._fat = struct.unpack(f"<{len(table) // 4}I", table[: len(table) // 4 * 4])
        mini = self._chain(mini_start) if mini_start < _LAST_SECTOR else b""
        self._mini_fat = struct.unpack(f"<{len(mini) // 4}I", mini[: len(mini) // 4 * 4])

    def _chain(self, start: int) -> bytes:
        pieces: list[bytes] = []
        seen: set[int] = set()
        sector = start
        while sector < _LAST_SECTOR:
            if sector in seen:
                raise ValueError("a chain that bites its own tail")
            seen.add(sector)
            pieces.append(self._data[(sector + 1) * self._size : (sector + 2) * self._size])
            sector = self._fat[sector]
        return b"".join(pieces)

    def _mini_chain(self, container: bytes, entry: _Entry) -> bytes:
        pieces: list[bytes] = []
        seen: set[int] = set()
        sector = entry.start
        while sector < _LAST_SECTOR and len(pieces) * self._mini_size < entry.size:
            if sector in seen:
                raise ValueError("a chain that bites its own tail")
            seen.add(sector)
            pieces.append(container[sector * self._mini_size : (sector + 1) * self._mini_size])
            sector = self._mini_fat[sector]
        return b"".join(pieces)[: entry.size]

    def _read_directory(self) -> dict[str, _Entry]:
        raw = self._chain(self._directory_start)
        entries = [_Entry(raw[at : at + 128]) for at in range(0, len(raw) - 127, 128)]
        self._root = entries[0]
        if self._root.kind != _ROOT:
            raise ValueError("no root")
        # Only the top: an embedded workbook is a "Workbook" stream too, in a storage of its own.
        found: dict[str, _Entry] = {}
        seen: set[int] = set()
        waiting = [self._root.child]
        while waiting:
            number = waiting.pop()
            if number == _NO_ENTRY or number in seen:
                continue
            seen.add(number)
            entry = entries[number]
            waiting += [entry.left, entry.right]
            found.setdefault(entry.name, entry)
        return found
