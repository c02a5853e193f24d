"""Which goal of the plan before a new goal continues. Knows no Django.

In this order, each goal of the plan before at most once, but for what a person chose:

1. what a person chose in the preview;
2. the same theme and the same text;
3. the same theme and number, when the texts are alike for at least SAME_NUMBER;
4. texts that are alike for at least LIKENESS, the best pair first: in the same theme, then anywhere.

A goal that ended is continued only when a person says so.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Protocol

from din.recognition import LIKENESS, LIKENESS_PAIRS, KnownThing, Likeness, Recognised, Wanted
from din.text import text_key

SAME_NUMBER = 0.6
RULE = (
    "Een nieuw doel gaat verder op een doel van het plan ervoor als onderdeel en tekst hetzelfde zijn, als onderdeel "
    f"en nummer hetzelfde zijn en de teksten voor minstens {SAME_NUMBER * 100:.0f} procent gelijk, of als de teksten "
    f"voor minstens {LIKENESS * 100:.0f} procent gelijk zijn."
)


class Earlier(KnownThing, Protocol):
    """A goal of the plan before."""

    @property
    def ended(self) -> bool: ...


@dataclass(frozen=True)
class Continues:
    """The goal that a new goal continues; `how` is None when a person chose it."""

    pk: int
    text: str
    number: int | None
    how: Recognised | None


def continue_goals(
    wanted: Sequence[Wanted], earlier: Sequence[Earlier], chosen: Mapping[int, int | None]
) -> dict[int, Continues]:
    """Which of `earlier` each of `wanted` continues, by its place; `chosen` is what a person said, None for nothing."""
    by_pk = {item.pk: item for item in earlier}
    likeness = Likeness()
    result: dict[int, Continues] = {}
    free = {item.pk: item for item in earlier if not item.ended}
    left = {thing.index: thing for thing in wanted}

    def take(thing: Wanted, item: Earlier, how: Recognised | None) -> None:
        result[thing.index] = Continues(item.pk, item.text, item.number, how)
        left.pop(thing.index, None)
        free.pop(item.pk, None)

    for thing in wanted:
        pk = chosen.get(thing.index)
        if pk is not None and pk in by_pk:
            take(thing, by_pk[pk], None)
        elif thing.index in chosen:
            left.pop(thing.index)

    def take_equal(
        how: Recognised,
        key_of: Callable[[Wanted | Earlier], Hashable | None],
        may: Callable[[str, str], bool] = lambda _one, _other: True,
    ) -> None:
        """Take what has an equal key, when it `may` by the two texts."""
        places: dict[Hashable, Earlier] = {}
        for item in free.values():
            if (key := key_of(item)) is not None:
                places.setdefault(key, item)
        for thing in list(left.values()):
            key = key_of(thing)
            found = places.get(key) if key is not None else None
            if found is not None and found.pk in free and may(thing.text, found.text):
                take(thing, found, how)

    def number_of(item: Wanted | Earlier) -> Hashable | None:
        return None if item.number is None else (item.theme, item.number)

    take_equal(Recognised.TEXT, lambda thing: (thing.theme, text_key(thing.text)))
    # By words first: that is cheap, so that what letters may cost is kept for the goals that need it.
    numbered = Likeness()
    take_equal(Recognised.NUMBER, number_of, lambda *texts: numbered.of_words(*texts) >= SAME_NUMBER)
    take_equal(Recognised.NUMBER, number_of, lambda *texts: numbered.of(*texts, at_least=SAME_NUMBER) >= SAME_NUMBER)

    def take_alike(pairs: Iterable[tuple[Wanted, Earlier]]) -> None:
        for thing, item in likeness.best_first(pairs):
            if thing.index in left and item.pk in free:
                take(thing, item, Recognised.LIKENESS)

    by_theme: dict[Hashable, list[Earlier]] = {}
    for item in free.values():
        by_theme.setdefault(item.theme, []).append(item)
    things_by_theme: dict[Hashable, list[Wanted]] = {}
    for thing in left.values():
        things_by_theme.setdefault(thing.theme, []).append(thing)
    take_alike(
        pair
        for theme, things in things_by_theme.items()
        if len(things) * len(items := by_theme.get(theme, [])) <= LIKENESS_PAIRS
        for pair in product(things, items)
    )
    if len(left) * len(free) <= LIKENESS_PAIRS:
        take_alike(product(list(left.values()), list(free.values())))
    return result
