"""Which rows a sheet has for a document, so that reading them from top to bottom gives that document again.

A reader meets the things of a level in the order of their first row, and the lines of a thing in the order of its rows.
So the rows follow the network down (ambition, ER-goal, SMART goal, effort), as a department writes it, and a thing that
serves several others is repeated under each. Where the document's order asks for something else than going down, the
rows go there first and repeat what they come back to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heappush
from typing import TypeVar

from din.changes import LineFinder
from din.reading.document import Ambition, Document, Effort, ErGoal, SmartGoal
from din.text import text_key

AMBITION, ER_GOAL, SMART_GOAL, EFFORT = range(4)

Item = TypeVar("Item", Ambition, ErGoal, SmartGoal, Effort)
Upper = TypeVar("Upper", Ambition, ErGoal, SmartGoal)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the sheet: a theme (None: the programme as a whole) and how far down the levels the row goes.

    `chain` has the place in the document's lists of an ambition, an ER-goal, a SMART goal and an effort, cut off where
    the row says nothing more. None says that there is none: an effort without a SMART goal is (None, None, None, 7),
    and a theme that is only named (None,).
    """

    theme: str | None
    chain: tuple[int | None, ...] = (None,)


def rows_of(document: Document) -> Iterator[Row]:
    """Return the rows for a document of which every line stays within a theme (see `within_themes`)."""
    return _Walk(document).rows()


def within_themes(document: Document) -> Document:
    """Return the document as rows can say it: a row has one theme, so no line can go from one theme to another.

    An ambition or ER-goal that something in another theme serves is written in that theme too. An effort that serves a
    SMART goal of another theme is written there too: a SMART goal is never doubled, because progress is recorded on it.
    Lines that name nothing, and lines named twice, go.
    """
    names = {text_key(theme.name): theme.name for theme in document.themes}
    rank = {theme.name: place for place, theme in enumerate(document.themes)}

    def settled(item: Item) -> Item:
        name = item.theme if item.theme is None else names.get(text_key(item.theme), item.theme)
        return item if name == item.theme else replace(item, theme=name)

    ambitions = [settled(item) for item in document.ambitions]
    er_goals = [settled(item) for item in document.er_goals]
    goals = [settled(item) for item in document.smart_goals]
    efforts = [settled(item) for item in document.efforts]

    found = _ends(ambitions, er_goals, [item.ambitions for item in er_goals])
    er_goals = [replace(item, ambitions=tuple(end.text for end in ends)) for item, ends in found]
    for item, ends in found:
        for end in ends:
            if end.theme != item.theme:
                _insert(ambitions, replace(end, theme=item.theme), rank)

    served = _ends(er_goals, goals, [goal.er_goals for goal in goals])
    goals = [replace(goal, er_goals=tuple(end.text for end in ends)) for goal, ends in served]
    for goal, above in served:
        for er_goal in above:
            if er_goal.theme != goal.theme:
                _insert(er_goals, replace(er_goal, theme=goal.theme, ambitions=()), rank)

    done = _ends(goals, efforts, [effort.smart_goals for effort in efforts])
    efforts = [
        replace(effort, smart_goals=tuple(goal.text for goal in ends if goal.theme == effort.theme))
        for effort, ends in done
    ]
    for effort, goals_served in done:
        for goal in goals_served:
            if goal.theme != effort.theme:
                _serve(efforts, replace(effort, theme=goal.theme, smart_goals=(goal.text,)), rank)
    return Document(document.themes, tuple(ambitions), tuple(er_goals), tuple(goals), tuple(efforts))


def _ends(
    above: Sequence[Upper], items: Sequence[Item], lines: Sequence[Sequence[str]]
) -> list[tuple[Item, list[Upper]]]:
    """Return each of `items` with what its lines name on the level above, each once."""
    finder = LineFinder([(end.theme, end.text) for end in above])
    return [
        (item, [above[place] for place in dict.fromkeys(finder.find(item.theme, texts))])
        for item, texts in zip(items, lines, strict=True)
    ]


def _insert(items: list[Item], copy: Item, rank: dict[str, int]) -> None:
    """Put a copy in front of the things of its theme, unless that theme has one with this text."""
    if any((item.theme, text_key(item.text)) == (copy.theme, text_key(copy.text)) for item in items):
        return
    own = _rank(copy.theme, rank)
    place = next((place for place, item in enumerate(items) if _rank(item.theme, rank) >= own), len(items))
    items.insert(place, copy)


def _serve(efforts: list[Effort], copy: Effort, rank: dict[str, int]) -> None:
    for place, effort in enumerate(efforts):
        if (effort.theme, text_key(effort.text)) == (copy.theme, text_key(copy.text)):
            lines = dict.fromkeys((*effort.smart_goals, *copy.smart_goals))
            efforts[place] = replace(effort, smart_goals=tuple(lines))
            return
    _insert(efforts, copy, rank)


def _rank(theme: str | None, rank: dict[str, int]) -> int:
    return -1 if theme is None else rank.get(theme, len(rank))


class _Walk:
    """Walks the network down, keeping for each level how far its order has come, and for each thing its lines."""

    def __init__(self, document: Document) -> None:
        self._themes = [theme.name for theme in document.themes]
        self._rank = {name: place for place, name in enumerate(self._themes)}
        self._levels: list[Sequence[Ambition | ErGoal | SmartGoal | Effort]] = [
            document.ambitions,
            document.er_goals,
            document.smart_goals,
            document.efforts,
        ]
        self._parents: list[list[list[int]]] = [
            [[] for _ in document.ambitions],
            _places(document.ambitions, [(item.theme, item.ambitions) for item in document.er_goals]),
            _places(document.er_goals, [(item.theme, item.er_goals) for item in document.smart_goals]),
            _places(document.smart_goals, [(item.theme, item.smart_goals) for item in document.efforts]),
        ]
        # The first that has not had a row yet, by level; and how many lines each has had a row for.
        self._next = [0, 0, 0, 0]
        self._lines = [[0] * len(items) for items in self._levels]
        # The things whose next line is to a parent, by level and parent; and those whose parent has had a row.
        self._waiting: list[dict[int, list[int]]] = [defaultdict(list) for _ in range(4)]
        self._ready: list[list[tuple[int, int]]] = [[] for _ in range(4)]
        for level in (ER_GOAL, SMART_GOAL, EFFORT):
            for index, parents in enumerate(self._parents[level]):
                if parents:
                    self._waiting[level][parents[0]].append(index)
                else:
                    self._ready[level].append((index, 0))
            heapify(self._ready[level])
        self._theme: str | None = None
        self._themes_said = 0
        self._rows: list[Row] = []

    def rows(self) -> Iterator[Row]:
        while (start := self._start()) is not None:
            level, index = start
            self._visit(level, index, self._context(level, index))
            yield from self._rows
            self._rows.clear()
        for name in self._themes[self._themes_said :]:
            yield Row(name)

    def _start(self) -> tuple[int, int] | None:
        """Return where to go on when the walk has come to an end: in the same theme, and high up, if possible."""
        candidates = []
        if self._next[AMBITION] < len(self._levels[AMBITION]):
            candidates.append((AMBITION, self._next[AMBITION]))
        for level in (ER_GOAL, SMART_GOAL, EFFORT):
            heap = self._ready[level]
            while heap and self._lines[level][heap[0][0]] != heap[0][1]:
                heappop(heap)
            if heap and heap[0][0] <= self._next[level]:
                candidates.append((level, heap[0][0]))
        return min(candidates, key=self._preference, default=None)

    def _preference(self, candidate: tuple[int, int]) -> tuple[bool, int, int]:
        level, index = candidate
        theme = self._levels[level][index].theme
        return theme != self._theme, _rank(theme, self._rank), level

    def _visit(self, level: int, index: int, context: tuple[int | None, ...]) -> None:
        """Write the rows of a thing under `context`, and of what can follow below it."""
        self._take(level, index)
        chain = (*context, index)
        below = False
        while level < EFFORT and (child := self._child(level + 1, index)) is not None:
            self._visit(level + 1, child, chain)
            below = True
        if not below:
            self._write(self._levels[level][index].theme, chain)

    def _take(self, level: int, index: int) -> None:
        if index == self._next[level]:
            self._next[level] += 1
            if level < EFFORT:
                for child in self._waiting[level + 1][index]:
                    heappush(self._ready[level + 1], (child, self._lines[level + 1][child]))
        self._lines[level][index] += 1
        done, parents = self._lines[level][index], self._parents[level][index]
        if done < len(parents):
            heappush(self._waiting[level][parents[done]], index)
            if parents[done] < self._next[level - 1]:
                heappush(self._ready[level], (index, done))

    def _child(self, level: int, parent: int) -> int | None:
        """Return what may follow under `parent`, after the rows that the document's order wants before it."""
        heap = self._waiting[level][parent]
        while heap:
            index = heap[0]
            done, parents = self._lines[level][index], self._parents[level][index]
            if done >= len(parents) or parents[done] != parent:
                heappop(heap)
            elif index <= self._next[level]:
                return heappop(heap)
            else:
                first = self._next[level]
                above = self._parents[level][first]
                if above and above[0] >= self._next[level - 1]:
                    return None
                self._visit(level, first, self._context(level, first))
        return None

    def _context(self, level: int, index: int) -> tuple[int | None, ...]:
        """Return what stands above a thing in its next row: the parent of its next line, and that one's first."""
        if level == AMBITION:
            return ()
        parents = self._parents[level][index]
        parent = parents[self._lines[level][index]] if parents else None
        chain: list[int | None] = [parent]
        for above in range(level - 1, AMBITION, -1):
            higher = [] if parent is None else self._parents[above][parent]
            parent = higher[0] if higher else None
            chain.insert(0, parent)
        return tuple(chain)

    def _write(self, theme: str | None, chain: tuple[int | None, ...]) -> None:
        if theme is not None:
            place = self._rank.get(theme, -1)
            self._rows += [Row(name) for name in self._themes[self._themes_said : place]]
            self._themes_said = max(self._themes_said, place + 1)
        self._theme = theme
        self._rows.append(Row(theme, chain))


def _places(
    above: Sequence[Ambition | ErGoal | SmartGoal], lines: Sequence[tuple[str | None, Sequence[str]]]
) -> list[list[int]]:
    finder = LineFinder([(item.theme, item.text) for item in above])
    return [list(dict.fromkeys(finder.find(theme, texts))) for theme, texts in lines]
