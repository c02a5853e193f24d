"""A packed workbook (.xlsx, .xlsm, .ods) opened safely: sizes, ratio, encryption and DOCTYPE before any reading."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import IO
from xml.parsers import expat

from din.reading import limits, refusal
from din.reading.refusal import Refused
from din.reading.safe_xml import new_parser, parse

DAMAGE = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, KeyError, IndexError, OverflowError,
    NotImplementedError, RuntimeError,
)  # fmt: skip
_CHUNK = 256 * 1024
_DIRECTORY_ENTRY = b"PK\x01\x02"
_XML_ENDINGS = (".xml", ".rels", ".vml")


class Archive:
    """The parts of a packed workbook by name; names compare without letter case and with forward slashes."""

    def __init__(self, data: bytes) -> None:
        """Open and check the archive.

        Raises Refused when it is damaged, encrypted, too large, a packed bomb, or has a DOCTYPE in an XML part.
        """
        if data.count(_DIRECTORY_ENTRY) > limits.ARCHIVE_ENTRIES:
            raise Refused(refusal.TOO_MANY_PARTS)
        self._bytes_read = self._tags_read = 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            entries = self._zip.infolist()
        except DAMAGE as damage:
            raise Refused(refusal.DAMAGED) from damage
        self._entries = {_normal(entry.filename): entry for entry in entries}
        self._check_sizes(entries)
        self._check_doctypes(entries)

    def __contains__(self, name: str) -> bool:
        return _normal(name) in self._entries

    @property
    def names(self) -> list[str]:
        """The normal names of all parts."""
        return list(self._entries)

    def read(self, name: str) -> bytes:
        """Return a part's bytes; raises Refused when it is absent or damaged."""
        return b"".join(self.chunks(name))

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield a part's bytes piece by piece.

        Raises Refused when it is absent or damaged, or when all that was read until now is too much: a workbook may
        name one part many times.
        """
        entry = self._entries.get(_normal(name))
        if entry is None:
            raise Refused(refusal.DAMAGED)
        try:
            with self._zip.open(entry) as part:
                for piece in _pieces(part):
                    self._count(piece)
                    yield piece
        except DAMAGE as damage:
            raise Refused(refusal.DAMAGED) from damage

    def _count(self, piece: bytes) -> None:
        self._bytes_read += len(piece)
        self._tags_read += piece.count(b"<")
        if self._bytes_read > limits.UNPACKED_BYTES:
            raise Refused(refusal.TOO_LARGE_UNPACKED)
        if self._tags_read > limits.TAGS:
            raise Refused(refusal.TOO_MANY_PIECES)

    def _check_sizes(self, entries: list[zipfile.ZipInfo]) -> None:
        if any(entry.flag_bits & 0x1 for entry in entries):
            raise Refused(refusal.ENCRYPTED)
        unpacked = sum(entry.file_size for entry in entries)
        packed = sum(entry.compress_size for entry in entries)
        most = max((entry.file_size / max(entry.compress_size, 1) for entry in entries if
                    entry.file_size > limits.PACKING_RATIO_FROM_BYTES), default=0)  # fmt: skip
        if most > limits.PACKING_RATIO or unpacked > limits.PACKING_RATIO * max(packed, limits.MEGABYTE):
            raise Refused(refusal.PACKED_BOMB)
        if unpacked > limits.UNPACKED_BYTES:
            raise Refused(refusal.TOO_LARGE_UNPACKED)
        if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
            raise Refused(refusal.DAMAGED)

    def _check_doctypes(self, entries: list[zipfile.ZipInfo]) -> None:
        for entry in entries:
            if entry.is_dir() or not entry.file_size:
                continue
            try:
                with self._zip.open(entry) as part:
                    first = part.read(4096)
                    if entry.filename.lower().endswith(_XML_ENDINGS) or _looks_like_xml(first):
                        _refuse_doctype(chain((first,), _pieces(part)))
            except DAMAGE:
                # A part that is never read may be damaged; one that is read says so itself.
                continue


def _pieces(part: IO[bytes]) -> Iterator[bytes]:
    while piece := part.read(_CHUNK):
        yield piece


def _normal(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _looks_like_xml(first: bytes) -> bool:
    return first.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<")


class _RootReached(Exception):
    pass


def _refuse_doctype(chunks: Iterable[bytes]) -> None:
    def root(*_: object) -> None:
        raise _RootReached

    parser = new_parser()
    parser.StartElementHandler = root
    try:
        parse(parser, chunks)
    except (_RootReached, expat.ExpatError):
        return
