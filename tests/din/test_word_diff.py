"""Old and new text word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from din.word_diff import MOST_WORDS, Piece, word_diff

pytestmark = pytest.mark.pure


def test_only_the_words_that_differ_are_marked() -> None:
    old, new = word_diff("In Q2 zijn 150 cursisten gestart", "In Q2 zijn 200 cursisten begonnen")
    assert [piece.text for piece in old if piece.differs] == ["150", "gestart"]
    assert [piece.text for piece in new if piece.differs] == ["200", "begonnen"]


def test_words_that_differ_side_by_side_are_one_mark() -> None:
    old, new = word_diff("Er komt een cursus", "Er komt geen enkele cursus")
    assert [piece.text for piece in new if piece.differs] == ["geen enkele"]
    assert old == (Piece("Er komt "), Piece("een", differs=True), Piece(" cursus"))


def test_a_field_that_was_empty_is_all_new() -> None:
    assert word_diff("", "Onderwijs") == ((), (Piece("Onderwijs", differs=True),))


def test_very_long_texts_are_shown_whole() -> None:
    old, new = word_diff("woord " * MOST_WORDS, "ander " * (MOST_WORDS + 1))
    assert [piece.differs for piece in (*old, *new)] == [True, True]


@given(st.text(alphabet="ab \n", max_size=40), st.text(alphabet="ab \n", max_size=40))
def test_the_pieces_are_the_texts_and_the_same_texts_have_no_mark(one: str, other: str) -> None:
    old, new = word_diff(one, other)
    assert "".join(piece.text for piece in old) == one
    assert "".join(piece.text for piece in new) == other
    assert not any(piece.differs for piece in word_diff(one, one)[1])
