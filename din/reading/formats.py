"""Tell a file's format by its bytes and read it into grids (contract, The command)."""

from din.reading import limits, refusal
from din.reading.archive import Archive
from din.reading.compound import MAGIC
from din.reading.grids import Grid
from din.reading.ods import read_ods
from din.reading.refusal import Refused
from din.reading.xls import read_stream, read_xls
from din.reading.xlsx import read_xlsx

_BIFF8_WITHOUT_CONTAINER = b"\x09\x08\x10\x00\x00\x06\x05\x00"
_OLD_EXCEL = (
    b"\x09\x00\x04\x00",
    b"\x09\x00\x06\x00",
    b"\x09\x02\x06\x00",
    b"\x09\x04\x06\x00",
    b"\x09\x08\x08\x00\x00\x05",
)
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
    if data.startswith(_BIFF8_WITHOUT_CONTAINER):
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


def _what_it_is(data: bytes) -> str:
    """Return the message that names what a file is that is no workbook."""
    if data.startswith(b"%PDF-"):
        return refusal.PDF
    if data.startswith(_OLD_EXCEL):
        return refusal.OLD_EXCEL
    if data.startswith(_OTHER_KINDS):
        return refusal.NOT_A_SPREADSHEET
    text = _as_text(data[:4096])
    if text is None:
        return refusal.NOT_A_SPREADSHEET
    start = text.lstrip("\ufeff \t\r\n").lower()
    if start.startswith("<") or "<html" in start:
        return refusal.HTML if "<html" in start or "<table" in start or "<!doctype html" in start else refusal.FLAT_XML
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
