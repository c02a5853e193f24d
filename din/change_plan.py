"""A plan as plain data, and what a workbook would change in it. Knows no Django; `din.changes.compare` makes it."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from din.continuation import Continues
from din.reading.document import Document
from din.recognition import Recognised


class Level(StrEnum):
    """The levels that are counted, in the order in which they are compared and written."""

    THEME = "theme"
    AMBITION = "ambition"
    ER_GOAL = "er_goal"
    SMART_GOAL = "smart_goal"
    EFFORT = "effort"

    @property
    def label(self) -> str:
        """For example "ambities"."""
        return _LEVEL_LABELS[self][0]

    @property
    def one(self) -> str:
        """For example "ambitie"."""
        return _LEVEL_LABELS[self][1]

    @property
    def another(self) -> str:
        """For example "een andere ambitie"."""
        return _LEVEL_LABELS[self][2]


_LEVEL_LABELS = {
    Level.THEME: ("onderdelen", "onderdeel", "een ander onderdeel"),
    Level.AMBITION: ("ambities", "ambitie", "een andere ambitie"),
    Level.ER_GOAL: ("ER-doelen", "ER-doel", "een ander doel"),
    Level.SMART_GOAL: ("SMART-doelen", "SMART-doel", "een ander doel"),
    Level.EFFORT: ("inspanningen", "inspanning", "een andere inspanning"),
}


class Outcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    MISSING = "missing"


class Known(NamedTuple):
    """One thing that the plan has. `lines` are the keys of what it is joined to on the next higher level."""

    pk: int
    theme: int | None
    text: str
    number: int | None = None
    kind: str = ""
    deadline: str | None = None
    owner: str | None = None
    tags: frozenset[str] = frozenset()
    lines: frozenset[int] = frozenset()
    ended: bool = False
    position: int = 0
    source: str = ""


@dataclass(frozen=True)
class Snapshot:
    """A plan as it is now. Themes are those of the programme; `theme_pks` are the ones that the plan uses.

    `earlier` are the SMART goals of the plan before that no goal of this plan continues yet. `held_themes` are those
    that an import leaves as they are: while this plan is a concept, the themes that an adopted plan uses, because the
    council reads them there.
    """

    themes: tuple[Known, ...] = ()
    theme_pks: frozenset[int] = frozenset()
    ambitions: tuple[Known, ...] = ()
    er_goals: tuple[Known, ...] = ()
    smart_goals: tuple[Known, ...] = ()
    efforts: tuple[Known, ...] = ()
    earlier: tuple[Known, ...] = ()
    held_themes: frozenset[int] = frozenset()

    @property
    def fingerprint(self) -> str:
        """Equal for two snapshots of a plan that did not change in between, also in another process."""
        digest = hashlib.sha256()
        themes = [item for item in self.themes if item.pk in self.theme_pks]
        for level in (themes, self.ambitions, self.er_goals, self.smart_goals, self.efforts):
            for item in sorted(level, key=lambda item: item.pk):
                told = (
                    item.pk, item.theme, item.text, item.number, item.kind, item.deadline, item.owner,
                    sorted(item.tags), sorted(item.lines), item.ended,
                )  # fmt: skip
                digest.update(repr(told).encode())
            digest.update(b"\n")
        return digest.hexdigest()


@dataclass(frozen=True)
class FieldChange:
    """One field of something that changes, in words for the preview."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one thing. `index` is its place in the document's list of its level, None when missing.

    `how` is by what it was recognised, None for what is new or missing. `apart_from` are the keys and texts of what a
    person said that it is not; `ends` the reason with which a missing goal ends, empty when it stays. `continues`
    is the goal of the plan before that a new goal continues. `held` are fields that stay as they are although the
    workbook says otherwise (Snapshot.held_themes).
    """

    level: Level
    outcome: Outcome
    theme: str
    text: str
    number: int | None = None
    pk: int | None = None
    index: int | None = None
    fields: tuple[FieldChange, ...] = ()
    how: Recognised | None = None
    apart_from: tuple[tuple[int, str], ...] = ()
    ends: str = ""
    continues: Continues | None = None
    held: tuple[FieldChange, ...] = ()


@dataclass(frozen=True)
class Match:
    """For each level, which key in the plan belongs to which place in the document's list; absent means new."""

    by_level: dict[Level, dict[int, int]] = field(default_factory=dict)

    def pk(self, level: Level, index: int) -> int | None:
        return self.by_level.get(level, {}).get(index)


@dataclass(frozen=True)
class ChangePlan:
    """Everything that an import would do, in the document's order, and what the plan has besides at the end."""

    changes: tuple[Change, ...]
    match: Match
    document: Document = field(default_factory=Document, repr=False)
    earlier: tuple[Known, ...] = field(default=(), repr=False)

    @property
    def counts(self) -> dict[str, int]:
        """The contract's "changes": how many of all levels together have each outcome."""
        return {outcome.value: sum(self.count(level, outcome) for level in Level) for outcome in Outcome}

    def count(self, level: Level, outcome: Outcome) -> int:
        return self._counted[level, outcome]

    @cached_property
    def _counted(self) -> Counter[tuple[Level, Outcome]]:
        return Counter((change.level, change.outcome) for change in self.changes)

    def of(self, outcome: Outcome) -> list[Change]:
        return [change for change in self.changes if change.outcome is outcome]

    @property
    def held(self) -> list[Change]:
        """The themes of which something stays as it is although the workbook says otherwise."""
        return [change for change in self.changes if change.held]

    @property
    def writes_nothing(self) -> bool:
        return not self.counts["created"] and not self.counts["updated"] and not self.ended

    @property
    def ended(self) -> dict[int, str]:
        """The reason by the key of each goal that ends."""
        return {change.pk: change.ends for change in self.changes if change.ends and change.pk is not None}

    @property
    def predecessors(self) -> dict[int, int]:
        """The key of the goal that each new goal continues, by its place in the document."""
        return {
            change.index: change.continues.pk
            for change in self.changes
            if change.continues is not None and change.index is not None
        }

    def may_continue(self, change: Change) -> list[Known]:
        """The goals of the plan before that a new goal may be said to continue: of its theme, else all there are."""
        places = {theme.name: index for index, theme in enumerate(self.document.themes)}
        theme = self.match.pk(Level.THEME, places.get(change.theme, -1)) if change.theme else None
        return [item for item in self.earlier if item.theme == theme] or list(self.earlier)

    @property
    def fingerprint(self) -> str:
        """Equal for two change plans that would do the same: what was shown is what is confirmed.

        It covers the document too: a new goal's lines, owner and deadline are in no change, and with another choice of
        columns they may be others.
        """
        return hashlib.sha256(repr((self.changes, self.document)).encode()).hexdigest()
