"""Text as people typed it: what a file can hold of it, what a person sees, and when two texts are the same."""

import re
import unicodedata
from functools import lru_cache

_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t"
_LINE_ENDS = "\r\x0b\x0c\x85\u2028\u2029"
_INVISIBLE = "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff\ufffe\uffff"

_TABLE: dict[int, str | None] = dict.fromkeys((*range(32), *range(127, 160)))
_TABLE |= dict.fromkeys((*range(8234, 8239), *range(8294, 8304), *range(55296, 57344)))
_TABLE |= {ord(character): None for character in _INVISIBLE}
_TABLE |= {ord(character): " " for character in _SPACES}
_TABLE |= {ord(character): "\n" for character in _LINE_ENDS}
_TABLE[ord("\n")] = "\n"

_HYPHENATED_BREAK = re.compile("\u00ad[ \t\r]*\n\\s*")

# Characters that no XML file can hold: they crash the writers of Word and Excel files. Tab, line feed and carriage
# return stay.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def writable(text: str) -> str:
    """`text` without the characters that no XML file can hold, line ends as a line feed."""
    return _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def clean(text: str) -> str:
    """Return `text` as a person sees it; line breaks stay, one between lines, none at the ends.

    Non-breaking and repeated spaces become one, soft hyphens, zero-width and control characters go,
    ends of text and of lines are trimmed (contract "Reading a DIN workbook", Cells).
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    if "\u00ad" in text:
        text = _HYPHENATED_BREAK.sub("", text)
    text = text.replace("\r\n", "\n").translate(_TABLE)
    if "\n" not in text:
        return " ".join(text.split())
    return "\n".join(line for line in (" ".join(line.split()) for line in text.split("\n")) if line)


def one_line(text: str) -> str:
    """Return cleaned `text` on one line."""
    text = clean(text)
    return " ".join(text.split()) if "\n" in text else text


def with_its_spacing(cell: str, stored: str) -> str:
    """`stored` when a workbook gives it back as `cell`, else `cell`: cells lose blank lines and double spaces."""
    return stored if clean(stored) == cell else cell


def text_key(text: str) -> str:
    """Return the form in which two texts are the same: letter case, spaces and a final full stop don't count."""
    return _remembered_key(text) if len(text) <= _LONGEST_REMEMBERED else _key(text)


def _key(text: str) -> str:
    return unicodedata.normalize("NFC", one_line(text)).casefold().rstrip(". ")


# An import asks for the key of the same text several times. Longer texts are not kept, so that memory stays bounded.
_LONGEST_REMEMBERED = 500
_remembered_key = lru_cache(maxsize=32_768)(_key)
