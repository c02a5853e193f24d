"""Tell a file's format by its bytes and read it into grids (contract, The command)."""

from din.reading import limits, refusal
from din.reading.archive import Archive
from din.reading.grids import Grid
from din.reading.refusal import Refused
from din.reading.xlsx import read_xlsx


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
    raise Refused(_what_it_is(data))


def _read_packed(archive: Archive) -> list[Grid]:
    return read_xlsx(archive)


def _what_it_is(data: bytes) -> str:
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if data[:5] == b"%PDF-":
        return refusal.PDF
    if start.startswith((b"<!doctype html", b"<html")) or b"<table" in start or b"<html" in start:
        return refusal.HTML
    if start.startswith(b"<"):
        return refusal.FLAT_XML
    return refusal.NOT_A_SPREADSHEET
