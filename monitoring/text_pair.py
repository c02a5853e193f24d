"""A text as it was and as it is, with the words that differ. Knows no Django."""

from dataclasses import dataclass

from din.word_diff import Piece, word_diff

# With a smaller part in common two texts are called rewritten.
SAME_ENOUGH = 1 / 3


@dataclass(frozen=True)
class TextPair:
    """A text in the last round and in this one, word by word; empty where nothing was written.

    Of one that was `rewritten` too little is the same to mark what differs.
    """

    label: str
    last: tuple[Piece, ...]
    now: tuple[Piece, ...]
    rewritten: bool = False

    @property
    def is_same(self) -> bool:
        return self.last == self.now


def text_pair(label: str, last: str, now: str) -> TextPair:
    """`last` and `now` compared. When one of them is empty there is nothing to compare, and nothing is marked."""
    if not last or not now or last == now:
        return TextPair(label, _plain(last), _plain(now))
    before, after = word_diff(last, now)
    same = sum(len(piece.text) for piece in (*before, *after) if not piece.differs)
    if same < SAME_ENOUGH * (len(last) + len(now)):
        return TextPair(label, _plain(last), _plain(now), rewritten=True)
    return TextPair(label, before, after)


def _plain(text: str) -> tuple[Piece, ...]:
    return (Piece(text),) if text else ()
