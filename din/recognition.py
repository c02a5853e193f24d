"""Which thing of a workbook is which thing of a plan. Knows no Django.

In this order (the contract's "Again, and next year"), each within one theme:

1. by number, where both have one; of two with that number the one with the same text goes first;
2. by text: letter case, spaces and a final full stop don't count;
3. by likeness, what is left over on both sides and has no two different numbers: alike for at least LIKENESS, the best
   pair first. A person may set such a pair apart.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar

from din.text import text_key

LIKENESS = 0.8
# Comparing every leftover with every other costs their product; above this many pairs in a theme it is left.
LIKENESS_PAIRS = 40_000
# What all pairs together may cost: the sum of their letters, and the product where they must be compared one by one.
LIKENESS_LETTERS = 50_000_000
# What telling which pairs are the likeliest may cost: the words of the shorter text of each pair, all together.
LIKENESS_WORDS = 20_000_000


class Recognised(StrEnum):
    """By what a thing was recognised."""

    NUMBER = "number"
    TEXT = "text"
    LIKENESS = "likeness"


@dataclass(frozen=True)
class Wanted:
    """One thing of the document. `theme` is None, a key in the plan, or the place of a theme that is new."""

    index: int
    theme: Hashable
    text: str
    number: int | None = None


class KnownThing(Protocol):
    """One thing of the plan."""

    @property
    def pk(self) -> int: ...
    @property
    def theme(self) -> Hashable: ...
    @property
    def text(self) -> str: ...
    @property
    def number(self) -> int | None: ...


Item = TypeVar("Item", bound=KnownThing)


@dataclass(frozen=True)
class Recognition:
    """Which key in the plan belongs to which place in the document's list, and by what it was recognised."""

    pks: dict[int, int]
    how: dict[int, Recognised]


def recognise(
    wanted: Sequence[Wanted], known: Sequence[KnownThing], apart: Collection[tuple[int, int]] = ()
) -> Recognition:
    """Recognise `wanted` among `known`; `apart` are places with keys that likeness must not bring together."""
    found = Recognition({}, {})
    free = {item.pk: item for item in known}

    def take(how: Recognised, rule: Callable[[Hashable, str, int | None], Hashable | None]) -> None:
        places: dict[Hashable, int] = {}
        for item in free.values():
            key = rule(item.theme, item.text, item.number)
            if key is not None:
                places.setdefault(key, item.pk)
        for thing in wanted:
            key = rule(thing.theme, thing.text, thing.number) if thing.index not in found.pks else None
            pk = places.pop(key, None) if key is not None else None
            if pk is not None:
                found.pks[thing.index], found.how[thing.index] = pk, how
                del free[pk]

    take(Recognised.NUMBER, lambda theme, text, number: None if number is None else (theme, number, text_key(text)))
    take(Recognised.NUMBER, lambda theme, text, number: None if number is None else (theme, number))
    take(Recognised.TEXT, lambda theme, text, number: (theme, text_key(text)))
    _take_alike(wanted, free, found, apart)
    return found


def _take_alike(
    wanted: Sequence[Wanted],
    free: dict[int, KnownThing],
    found: Recognition,
    apart: Collection[tuple[int, int]],
) -> None:
    left_by_theme: dict[Hashable, list[Wanted]] = {}
    free_by_theme: dict[Hashable, list[KnownThing]] = {}
    for thing in wanted:
        if thing.index not in found.pks:
            left_by_theme.setdefault(thing.theme, []).append(thing)
    for item in free.values():
        free_by_theme.setdefault(item.theme, []).append(item)
    pairs = (
        (thing, item)
        for theme, left in left_by_theme.items()
        if len(left) * len(candidates := free_by_theme.get(theme, [])) <= LIKENESS_PAIRS
        for thing in left
        for item in candidates
        if (thing.number is None or item.number is None) and (thing.index, item.pk) not in apart
    )
    for thing, item in Likeness().best_first(pairs):
        if thing.index not in found.pks and item.pk in free:
            found.pks[thing.index], found.how[thing.index] = item.pk, Recognised.LIKENESS
            del free[item.pk]


class Likeness:
    """Tells how alike texts are, until that has cost LIKENESS_LETTERS: then no two texts are alike any more."""

    def __init__(self) -> None:
        self._letters_left = LIKENESS_LETTERS
        self._words_left = LIKENESS_WORDS

    def of(self, one: str, other: str, *, at_least: float = LIKENESS) -> float:
        """From 0 (nothing) to 1 (the same but for case, spaces and a final full stop).

        What certainly stays under `at_least` counts as 0: that is told quickly.
        """
        return self._of_keys(text_key(one), text_key(other), at_least)

    def of_words(self, one: str, other: str) -> float:
        """How alike texts are by the words they share in the same order: rarely more than `of`, and told far sooner."""
        one, other = text_key(one), text_key(other)
        words, other_words = one.split(), other.split()
        if not self._may_cost(len(one) + len(other) + len(words) * len(other_words)):
            return 0.0
        matcher = difflib.SequenceMatcher(None, words, other_words, autojunk=False)
        shared = sum(len(" ".join(words[run.a : run.a + run.size])) for run in matcher.get_matching_blocks())
        return 2 * shared / max(1, len(one) + len(other))

    def best_first(self, pairs: Iterable[tuple[Wanted, Item]]) -> list[tuple[Wanted, Item]]:
        """Return what is alike for at least LIKENESS, the best pair first.

        The pairs that share most words are compared first, so that what may be spent goes to the likeliest.
        """
        keys: dict[str, str] = {}
        compared = [
            (self._of_keys(keys[thing.text], keys[item.text], LIKENESS), thing, item)
            for _, thing, item in self._likeliest_first(pairs, keys)
        ]
        alike = [pair for pair in compared if pair[0] >= LIKENESS]
        return [(thing, item) for _, thing, item in sorted(alike, key=_best_first)]

    def _likeliest_first(
        self, pairs: Iterable[tuple[Wanted, Item]], keys: dict[str, str]
    ) -> list[tuple[float, Wanted, Item]]:
        """Return the pairs with the share of their words that both have; `keys` gets the key of each text."""
        words: dict[str, frozenset[str]] = {}
        shares: list[tuple[float, Wanted, Item]] = []
        for thing, item in pairs:
            for text in (thing.text, item.text):
                if text not in words:
                    keys[text] = text_key(text)
                    words[text] = frozenset(keys[text].split())
            one, other = words[thing.text], words[item.text]
            self._words_left -= 1 + min(len(one), len(other))
            if self._words_left < 0:
                break
            shares.append((2 * len(one & other) / max(1, len(one) + len(other)), thing, item))
        return sorted(shares, key=_best_first)

    def _of_keys(self, one: str, other: str, at_least: float) -> float:
        if not self._may_cost(len(one) + len(other)):
            return 0.0
        matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
        if matcher.real_quick_ratio() < at_least or matcher.quick_ratio() < at_least:
            return 0.0
        return matcher.ratio() if self._may_cost(len(one) * len(other)) else 0.0

    def _may_cost(self, letters: int) -> bool:
        self._letters_left -= letters
        return self._letters_left >= 0


def _best_first(pair: tuple[float, Wanted, KnownThing]) -> tuple[float, int, int]:
    ratio, thing, item = pair
    return -ratio, thing.index, item.pk
