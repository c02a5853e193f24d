"""The words that somebody searches for: letter case and accents do not count. Knows no Django."""

from __future__ import annotations

import re
import unicodedata

from din.text import one_line
from din.word_diff import Piece

# More words than this make the answer no better, only slower.
MOST_WORDS = 8
LONGEST_WORD = 60
# How much of a long text is shown around the first hit.
_BEFORE, _SHOWN = 80, 320

_ACCENTED = {
    "a": "aàáâãäåAÀÁÂÃÄÅ",
    "c": "cçCÇ",
    "e": "eèéêëEÈÉÊË",
    "i": "iìíîïIÌÍÎÏ",
    "n": "nñNÑ",
    "o": "oòóôõöOÒÓÔÕÖ",
    "u": "uùúûüUÙÚÛÜ",
    "y": "yýÿYÝ",
    "'": "'’‘",
}


def words_of(query: str) -> tuple[str, ...]:
    """The words of `query`, each once, as many as are looked for."""
    words = dict.fromkeys(word[:LONGEST_WORD] for word in one_line(query).split())
    return tuple(words)[:MOST_WORDS]


def pattern_of(word: str) -> str:
    """A regular expression for `word`, that Python and PostgreSQL both understand, to use without letter case."""
    plain = unicodedata.normalize("NFD", word.replace("’", "'").replace("‘", "'"))
    letters = [letter for letter in plain if not unicodedata.combining(letter)]
    return "".join(
        f"[{_ACCENTED[letter.lower()]}]" if letter.lower() in _ACCENTED else re.escape(letter) for letter in letters
    )


def marked(text: str, words: tuple[str, ...]) -> tuple[Piece, ...]:
    """`text` in pieces, of which those that `differs` are the words found; cut to what stands around the first.

    It is cut between words, unless a word is longer than what is shown before a hit.
    """
    text = one_line(text)
    found = re.compile("|".join(filter(None, map(pattern_of, words))) or "(?!)", re.IGNORECASE)
    first = found.search(text)
    start = _word_begins(text, first.start() - _BEFORE, first.start()) if first else 0
    end = len(text) if start + _SHOWN >= len(text) else _word_ends(text, start + _SHOWN)
    shown = text[start:end]
    pieces = [Piece("…")] if start else []
    at = 0
    for hit in found.finditer(shown):
        if hit.start() > at:
            pieces.append(Piece(shown[at : hit.start()]))
        pieces.append(Piece(hit.group(), differs=True))
        at = hit.end()
    rest = shown[at:] + ("…" if end < len(text) else "")
    return (*pieces, *((Piece(rest),) if rest else ()))


def _word_begins(text: str, place: int, latest: int) -> int:
    """Where the first word at or after `place` begins, before `latest`; 0 when the text begins there."""
    if place <= 0:
        return 0
    space = text.find(" ", place - 1, latest)
    return space + 1 if space >= 0 else place


def _word_ends(text: str, place: int) -> int:
    """Where the last word before `place` ends."""
    space = text.rfind(" ", place - _BEFORE, place + 1)
    return space if space > 0 else place
