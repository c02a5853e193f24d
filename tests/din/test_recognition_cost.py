"""Comparing texts letter by letter has an end, however many and however long the texts are."""

from __future__ import annotations

import pytest

from din import recognition
from din.recognition import Likeness

pytestmark = pytest.mark.pure


def test_texts_are_compared_until_it_costs_too_much(monkeypatch):
    monkeypatch.setattr(recognition, "LIKENESS_LETTERS", 1_000)
    likeness = Likeness()
    one, other = "Er is een spreekuur", "Er is een rekenspreekuur"
    assert [round(likeness.of(one, other), 1) for _ in range(3)] == [0.9, 0.9, 0.0]
    assert Likeness().of(one, "Heel iets anders hier") == 0.0
