"""Which goal of the plan before a new goal continues. Knows no Django.

In this order, each goal of the plan before at most once, but for what a person chose:

1. what a person chose in the preview;
2. the same theme and the same text;
3. the same theme and number, when the texts are alike for at least SAME_NUMBER;
4. texts that are alike for at least LIKENESS, the best pair first: in the same theme, then anywhere.

A goal that ended is continued only when a person says so.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
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

    def take_equal(how: Recognised, key_of: Callable[[Wanted | Earlier], Hashable | None], at_least: float) -> None:
        """Take what has an equal key; with `at_least` above 0 only when the texts are alike for that much."""
        places: dict[Hashable, Earlier] = {}
        for item in free.values():
            if (key := key_of(item)) is not None:
                places.setdefault(key, item)
        for thing in list(left.values()):
            key = key_of(thing)
            found = places.get(key) if key is not None else None
            if found is None or found.pk not in free:
                continue
            if not at_least or likeness.of(thing.text, found.text, at_least=at_least) >= at_least:
                take(thing, found, how)

    take_equal(Recognised.TEXT, lambda thing: (thing.theme, text_key(thing.text)), 0)
    take_equal(Recognised.NUMBER, lambda it: None if it.number is None else (it.theme, it.number), SAME_NUMBER)

    def take_alike(things: Sequence[Wanted], items: Sequence[Earlier]) -> None:
        if len(things) * len(items) > LIKENESS_PAIRS:
            return
        pairs = [(likeness.of(thing.text, item.text), thing, item) for thing in things for item in items]
        for ratio, thing, item in sorted(pairs, key=lambda pair: (-pair[0], pair[1].index, pair[2].pk)):
            if ratio >= LIKENESS and thing.index in left and item.pk in free:
                take(thing, item, Recognised.LIKENESS)

    by_theme: dict[Hashable, list[Earlier]] = {}
    for item in free.values():
        by_theme.setdefault(item.theme, []).append(item)
    things_by_theme: dict[Hashable, list[Wanted]] = {}
    for thing in left.values():
        things_by_theme.setdefault(thing.theme, []).append(thing)
    for theme, things in things_by_theme.items():
        take_alike(things, by_theme.get(theme, []))
    take_alike(list(left.values()), list(free.values()))
    return result
