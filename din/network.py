"""The network of a plan: nodes in columns, lines between them, and the paths along those lines. Knows no Django."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

# The columns from the dream down to the work. A plan without ER-goals has its themes in their place.
AMBITION, ER_GOAL, THEME, GOAL, EFFORT = "ambition", "er_goal", "theme", "goal", "effort"
KINDS = (AMBITION, ER_GOAL, THEME, GOAL, EFFORT)


@dataclass(frozen=True)
class Line:
    """What `lower` works on: an effort on a goal, a goal on an ER-goal, an ER-goal on an ambition. Keys of nodes."""

    upper: str
    lower: str


@dataclass(frozen=True)
class Column:
    """The nodes of one kind, by key, from top to bottom."""

    kind: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Path:
    """Everything that hangs together with `key`: what it serves and what feeds it.

    `up` and `down` have the nearest column first, and within a column its order.
    """

    key: str
    up: tuple[str, ...]
    down: tuple[str, ...]

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset((self.key, *self.up, *self.down))


@dataclass(frozen=True)
class Network:
    """Columns, from the ambitions to the efforts, and lines between neighbours. A line to no node is left out."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]

    @classmethod
    def of(cls, columns: Iterable[Column], lines: Iterable[Line]) -> Network:
        """The network of the columns that have nodes, with the lines between those nodes."""
        filled = tuple(column for column in columns if column.keys)
        known = {key for column in filled for key in column.keys}
        return cls(filled, tuple(line for line in lines if line.upper in known and line.lower in known))

    @cached_property
    def place(self) -> dict[str, tuple[int, int]]:
        """Of each node the index of its column and its index in that column."""
        return {
            key: (column_index, index)
            for column_index, column in enumerate(self.columns)
            for index, key in enumerate(column.keys)
        }

    @cached_property
    def above(self) -> dict[str, list[str]]:
        """The nodes that a node works on, in the order of their column."""
        return self._neighbours((line.lower, line.upper) for line in self.lines)

    @cached_property
    def below(self) -> dict[str, list[str]]:
        """The nodes that work on a node, in the order of their column."""
        return self._neighbours((line.upper, line.lower) for line in self.lines)

    def path(self, key: str) -> Path:
        """The path of `key`: up along every line to the top, down along every line to the bottom. Worked out once."""
        found = self._paths.get(key)
        if found is None:
            up, down = self._reach(key, self.above), self._reach(key, self.below)
            found = self._paths[key] = Path(
                key=key,
                up=tuple(sorted(up, key=lambda other: (-self.place[other][0], self.place[other][1]))),
                down=tuple(sorted(down, key=self.place.__getitem__)),
            )
        return found

    def lines_of(self, path: Path) -> frozenset[Line]:
        """The lines along which `path` runs."""
        above, below = {path.key, *path.up}, {path.key, *path.down}
        return frozenset(
            line for line in self.lines if {line.upper, line.lower} <= above or {line.upper, line.lower} <= below
        )

    @cached_property
    def _paths(self) -> dict[str, Path]:
        return {}

    def reordered(self, order: Iterable[Iterable[str]]) -> Network:
        """The same network with the nodes of each column in `order`."""
        return Network(
            tuple(Column(column.kind, tuple(keys)) for column, keys in zip(self.columns, order, strict=True)),
            self.lines,
        )

    def _neighbours(self, pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
        neighbours: dict[str, list[str]] = {key: [] for key in self.place}
        for here, there in pairs:
            neighbours[here].append(there)
        for keys in neighbours.values():
            keys.sort(key=self.place.__getitem__)
        return neighbours

    @staticmethod
    def _reach(key: str, neighbours: dict[str, list[str]]) -> set[str]:
        reached: set[str] = set()
        waiting = [key]
        while waiting:
            for other in neighbours[waiting.pop()]:
                if other not in reached:
                    reached.add(other)
                    waiting.append(other)
        return reached
