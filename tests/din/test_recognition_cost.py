"""Comparing texts letter by letter has an end, however many and however long the texts are."""

from __future__ import annotations

import random

import pytest

from din import recognition
from din.continuation import continue_goals
from din.recognition import Likeness, Recognised, Wanted, recognise
from tests.din.test_continuation import Old

pytestmark = pytest.mark.pure


def test_texts_are_compared_until_it_costs_too_much(monkeypatch):
    monkeypatch.setattr(recognition, "LIKENESS_LETTERS", 1_000)
    likeness = Likeness()
    one, other = "Er is een spreekuur", "Er is een rekenspreekuur"
    assert [round(likeness.of(one, other), 1) for _ in range(3)] == [0.9, 0.9, 0.0]
    assert Likeness().of(one, "Heel iets anders hier") == 0.0


SAID = """alle scholen in de stad hebben een coach voor ouders en kinderen wijkteam taal rekenen spreekuur meer minder
leerlingen jaar einde komt samen met gemeente aanpak onderwijs thuis jongeren werk zorg begeleiding"""


def goal_texts(count: int) -> list[str]:
    """Return sentences of about 190 letters from the same words: letter by letter many of them could be alike."""
    dice = random.Random(7)
    texts = []
    for _ in range(count):
        words = []
        while sum(map(len, words)) + len(words) < 190:
            words.append(dice.choice(SAID.split()))
        texts.append(" ".join(words))
    return texts


def with_a_word_more(text: str) -> str:
    words = text.split()
    return " ".join([*words[:9], "voortaan", *words[9:]])


def test_every_edited_text_of_a_large_theme_is_recognised() -> None:
    texts = goal_texts(139)
    wanted = [Wanted(index, 1, with_a_word_more(text)) for index, text in enumerate(texts)]
    found = recognise(wanted, [Old(index, text=text) for index, text in enumerate(texts)])
    assert found.pks == {index: index for index in range(139)}


def test_every_edited_goal_of_a_large_plan_continues_by_its_number() -> None:
    texts = goal_texts(1_500)
    wanted = [Wanted(n, n // 100, with_a_word_more(text), n % 100 + 1) for n, text in enumerate(texts)]
    earlier = [Old(n, n // 100, text, n % 100 + 1) for n, text in enumerate(texts)]
    found = continue_goals(wanted, earlier, {})
    assert {index: (it.pk, it.how) for index, it in found.items()} == {n: (n, Recognised.NUMBER) for n in range(1_500)}


def test_looking_for_the_likeliest_pairs_has_an_end_too(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = goal_texts(3)
    wanted = [Wanted(index, 1, with_a_word_more(text)) for index, text in enumerate(texts)]
    known = [Old(index, text=text) for index, text in enumerate(texts)]
    monkeypatch.setattr(recognition, "LIKENESS_WORDS", 1 + len(set(texts[0].split())))
    assert recognise(wanted, known).pks == {0: 0}
