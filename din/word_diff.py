"""Where two texts differ, word by word. Knows no Django."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

# Comparing words costs their product: longer texts are shown as wholly different.
MOST_WORDS = 1_500

_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True)
class Piece:
    """A run of words; `differs` when the other text does not have it there."""

    text: str
    differs: bool = False


def word_diff(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """The pieces of both texts; joined they are the texts themselves."""
    old_words, new_words = _WORDS.findall(old), _WORDS.findall(new)
    if max(len(old_words), len(new_words)) > MOST_WORDS:
        return _whole(old), _whole(new)
    before: list[Piece] = []
    after: list[Piece] = []
    matcher = difflib.SequenceMatcher(None, old_words, new_words, autojunk=False)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        differs = tag != "equal"
        if old_to > old_from:
            before.append(Piece("".join(old_words[old_from:old_to]), differs))
        if new_to > new_from:
            after.append(Piece("".join(new_words[new_from:new_to]), differs))
    return _joined(before), _joined(after)


def _whole(text: str) -> tuple[Piece, ...]:
    return (Piece(text, differs=True),) if text else ()


def _joined(pieces: list[Piece]) -> tuple[Piece, ...]:
    """Equal white space between two differences reads as one difference."""
    result: list[Piece] = []
    for place, piece in enumerate(pieces):
        between = (
            not piece.differs
            and piece.text.isspace()
            and 0 < place < len(pieces) - 1
            and pieces[place - 1].differs
            and pieces[place + 1].differs
        )
        differs = piece.differs or between
        if result and result[-1].differs == differs:
            result[-1] = Piece(result[-1].text + piece.text, differs)
        else:
            result.append(Piece(piece.text, differs))
    return tuple(result)
