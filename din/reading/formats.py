"""Tell a file's format by its bytes and read it into grids (contract, The command)."""

import re
import struct

from din.reading import limits, refusal
from din.reading.archive import Archive
from din.reading.compound import MAGIC
from din.reading.grids import Grid
from din.reading.ods import read_ods
from din.reading.refusal import Refused
from din.reading.xls import read_stream, read_xls
from din.reading.xlsx import read_xlsx

# The record with which a workbook, or a sheet on its own before Excel 5, begins when no container holds it.
_BEGINNINGS = (0x0009, 0x0209, 0x0409, 0x0809)
_READ_BARE = ((0x0809, 0x0500, 0x0005), (0x0809, 0x0600, 0x0005))
_OTHER_KINDS = (
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"{\\rtf",
    b"BZh",
    b"\xfd7zXZ",
)
_HTML = re.compile(r"<(?:!doctype\s+)?html\b(?!:)")
_HTML_WITHOUT_BEGINNING = re.compile(r"<(?:head|meta|title|style|body|table|tr|td|div|p|span|font|ul|br)[\s>/]")


def read_grids(data: bytes) -> list[Grid]:
    """Return the sheets of a workbook in order.

    Raises Refused with the reason when the bytes are no workbook that can be read.
    """
    if not data:
        raise Refused(refusal.EMPTY_FILE)
    if len(data) > limits.PACKED_BYTES:
        raise Refused(refusal.TOO_LARGE_PACKED)
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"):
        return _read_packed(Archive(data))
    if data.startswith(MAGIC):
        return read_xls(data)
    if _bare_beginning(data) in _READ_BARE:
        return read_stream(data)
    raise Refused(_what_it_is(data))


def _read_packed(archive: Archive) -> list[Grid]:
    if "encrypted-package" in archive or "encryptedpackage" in archive:
        raise Refused(refusal.ENCRYPTED)
    if "content.xml" in archive and "[content_types].xml" not in archive:
        return read_ods(archive)
    if "[content_types].xml" in archive or any(name.startswith("xl/") for name in archive.names):
        return read_xlsx(archive)
    raise Refused(refusal.NO_WORKBOOK_IN_ARCHIVE)


def _bare_beginning(data: bytes) -> tuple[int, int, int] | None:
    """Return the record, version and kind that an .xls without its container begins with; None for anything else."""
    if len(data) < 8:
        return None
    record, length, version, kind = struct.unpack_from("<4H", data)
    return (record, version, kind) if record in _BEGINNINGS and 4 <= length <= 16 else None


def _what_it_is(data: bytes) -> str:
    """Return the message that names what a file is that is no workbook."""
    if data.startswith(b"%PDF-"):
        return refusal.PDF
    if _bare_beginning(data):
        return refusal.OLD_EXCEL
    if data.startswith(_OTHER_KINDS):
        return refusal.NOT_A_SPREADSHEET
    text = _as_text(data[:4096])
    if text is None:
        return refusal.NOT_A_SPREADSHEET
    start = text.lstrip("\ufeff \t\r\n").lower()
    if _HTML.search(start):
        return refusal.HTML
    if start.startswith("<"):
        is_xml = start.startswith("<?xml") or " xmlns" in start or not _HTML_WITHOUT_BEGINNING.search(start)
        return refusal.FLAT_XML if is_xml else refusal.HTML
    if not start:
        return refusal.EMPTY_FILE
    return refusal.PLAIN_TEXT


def _as_text(start: bytes) -> str | None:
    """Return the file's beginning as text, or None when it is none."""
    encodings = ("utf-16",) if start[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8", "cp1252")
    for encoding in encodings:
        try:
            text = start.decode(encoding, "strict")
        except UnicodeDecodeError:
            if encoding != "utf-8":
                continue
            # The 4096th byte may cut a character in two.
            text = start[:-3].decode(encoding, "ignore") if len(start) == 4096 else ""
            if not text:
                continue
        if sum(not (character.isprintable() or character in "\r\n\t\ufeff") for character in text) * 50 <= len(text):
            return text
    return None
