"""What a workbook would change in a plan: the change plan. Knows no Django and writes nothing.

`compare` takes the document that was read and a snapshot of the plan as it is, and says of everything whether it is
new, changed, the same, or no longer named. How things are recognised (the contract's "Again, and next year"):

- a theme by its name;
- a SMART goal by theme and number, without a number by its text;
- an ambition, an ER-goal and an effort by theme and text;
- what is left over on both sides, in the same theme and without two different numbers, by likeness: the pair must be
  alike for at least LIKENESS, the best pair goes first.

Lines, tags and deadlines follow the workbook. An owner or lead that the workbook leaves out stays as it is in the plan:
a column left out is no decision to clear it.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from din.quarters import last_day, quarter_label
from din.reading.document import Document
from din.text import text_key

LIKENESS = 0.8
# Comparing every leftover with every other costs their product; above this many pairs in a theme it is left.
LIKENESS_PAIRS = 40_000


class Level(StrEnum):
    """The levels that are counted, in the order in which they are compared and written."""

    THEME = "theme"
    AMBITION = "ambition"
    ER_GOAL = "er_goal"
    SMART_GOAL = "smart_goal"
    EFFORT = "effort"

    @property
    def label(self) -> str:
        return _LEVEL_LABELS[self]


_LEVEL_LABELS = {
    Level.THEME: "onderdelen",
    Level.AMBITION: "ambities",
    Level.ER_GOAL: "ER-doelen",
    Level.SMART_GOAL: "SMART-doelen",
    Level.EFFORT: "inspanningen",
}


class Outcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    MISSING = "missing"


@dataclass(frozen=True)
class Known:
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


@dataclass(frozen=True)
class Snapshot:
    """A plan as it is now. Themes are those of the programme; `theme_pks` are the ones that the plan uses."""

    themes: tuple[Known, ...] = ()
    theme_pks: frozenset[int] = frozenset()
    ambitions: tuple[Known, ...] = ()
    er_goals: tuple[Known, ...] = ()
    smart_goals: tuple[Known, ...] = ()
    efforts: tuple[Known, ...] = ()


@dataclass(frozen=True)
class FieldChange:
    """One field of something that changes, in words for the preview."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Change:
    """What happens to one thing. `index` is its place in the document's list of its level, None when missing."""

    level: Level
    outcome: Outcome
    theme: str
    text: str
    number: int | None = None
    pk: int | None = None
    index: int | None = None
    fields: tuple[FieldChange, ...] = ()


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

    @property
    def counts(self) -> dict[str, int]:
        """The contract's "changes": how many of all levels together have each outcome."""
        return {outcome.value: sum(change.outcome is outcome for change in self.changes) for outcome in Outcome}

    def count(self, level: Level, outcome: Outcome) -> int:
        return sum(change.level is level and change.outcome is outcome for change in self.changes)

    def of(self, outcome: Outcome) -> list[Change]:
        return [change for change in self.changes if change.outcome is outcome]

    @property
    def writes_nothing(self) -> bool:
        return not self.counts["created"] and not self.counts["updated"]

    @property
    def fingerprint(self) -> str:
        """Equal for two change plans that would do the same: what was shown is what is confirmed.

        It covers the document too: a new goal's lines, owner and deadline are in no change, and with another choice of
        columns they may be others.
        """
        return hashlib.sha256(repr((self.changes, self.document)).encode()).hexdigest()


# --- lines of the document -----------------------------------------------------------------------------------------


class LineFinder:
    """Finds the thing that a line names by its text: in the same theme first, then in the whole programme."""

    def __init__(self, items: Sequence[tuple[str | None, str]]) -> None:
        self._in_theme: dict[tuple[str | None, str], int] = {}
        self._anywhere: dict[str, int] = {}
        for index, (theme, text) in enumerate(items):
            self._in_theme.setdefault((theme, text_key(text)), index)
            self._anywhere.setdefault(text_key(text), index)

    def find(self, theme: str | None, texts: Iterable[str]) -> list[int]:
        """The places of `texts` in the list, in their order; a text that is not there is left out."""
        found = []
        for text in texts:
            key = text_key(text)
            index = self._in_theme.get((theme, key), self._in_theme.get((None, key), self._anywhere.get(key)))
            if index is not None:
                found.append(index)
        return found


# --- recognising ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Wanted:
    """One thing of the document while it is being recognised. `theme` is None, a key in the plan, or a _New."""

    index: int
    theme: Hashable
    text: str
    number: int | None = None


def _recognise(wanted: Sequence[_Wanted], known: Sequence[Known]) -> dict[int, int]:
    """Which key in the plan belongs to which place in the document, by number, text and likeness, in that order."""
    match: dict[int, int] = {}
    free = {item.pk: item for item in known}

    def take(rule: Callable[[Hashable, str, int | None], Hashable | None]) -> None:
        places: dict[Hashable, int] = {}
        for item in free.values():
            key = rule(item.theme, item.text, item.number)
            if key is not None:
                places.setdefault(key, item.pk)
        for thing in wanted:
            key = rule(thing.theme, thing.text, thing.number) if thing.index not in match else None
            pk = places.pop(key, None) if key is not None else None
            if pk is not None:
                match[thing.index] = pk
                del free[pk]

    take(lambda theme, text, number: None if number is None else (theme, number, text_key(text)))
    take(lambda theme, text, number: None if number is None else (theme, number))
    take(lambda theme, text, number: (theme, text_key(text)))
    _take_alike(wanted, free, match)
    return match


def _take_alike(wanted: Sequence[_Wanted], free: dict[int, Known], match: dict[int, int]) -> None:
    left_by_theme: dict[Hashable, list[_Wanted]] = {}
    free_by_theme: dict[Hashable, list[Known]] = {}
    for thing in wanted:
        if thing.index not in match:
            left_by_theme.setdefault(thing.theme, []).append(thing)
    for item in free.values():
        free_by_theme.setdefault(item.theme, []).append(item)
    for theme, left in left_by_theme.items():
        candidates = free_by_theme.get(theme, [])
        if len(left) * len(candidates) > LIKENESS_PAIRS:
            continue
        pairs = [
            (likeness(thing.text, item.text), thing, item)
            for thing in left
            for item in candidates
            if thing.number is None or item.number is None
        ]
        for ratio, thing, item in sorted(pairs, key=lambda pair: (-pair[0], pair[1].index, pair[2].pk)):
            if ratio >= LIKENESS and thing.index not in match and item.pk in free:
                match[thing.index] = item.pk
                del free[item.pk]


def likeness(one: str, other: str) -> float:
    """How alike two texts are, from 0 (nothing) to 1 (the same but for case, spaces and a final full stop)."""
    matcher = difflib.SequenceMatcher(None, text_key(one), text_key(other), autojunk=False)
    if matcher.real_quick_ratio() < LIKENESS or matcher.quick_ratio() < LIKENESS:
        return 0.0
    return matcher.ratio()


# --- comparing -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _New:
    """The identity of something that is not in the plan yet: its place in the document's list."""

    index: int


def compare(document: Document, snapshot: Snapshot) -> ChangePlan:
    """The change plan of `document` for the plan that `snapshot` describes; one pass a level."""
    match = Match()
    changes: list[Change] = []
    missing: list[Change] = []
    theme_places = {text_key(theme.name): index for index, theme in enumerate(document.themes)}
    known_names = {theme.pk: theme.text for theme in snapshot.themes}

    def identity(level: Level, index: int) -> Hashable:
        pk = match.pk(level, index)
        return _New(index) if pk is None else pk

    def theme_identity(name: str | None) -> Hashable:
        return None if name is None else identity(Level.THEME, theme_places[text_key(name)])

    def theme_name(item: Known) -> str:
        return known_names.get(item.theme, "") if item.theme is not None else ""

    # themes
    theme_match = _recognise(
        [_Wanted(index, None, theme.name) for index, theme in enumerate(document.themes)],
        [Known(item.pk, None, item.text) for item in snapshot.themes],
    )
    match.by_level[Level.THEME] = theme_match
    themes_by_pk = {item.pk: item for item in snapshot.themes}
    for index, theme in enumerate(document.themes):
        old = themes_by_pk.get(theme_match.get(index, -1))
        fields: list[FieldChange] = []
        if old is not None:
            fields = _fields(
                ("naam", old.text, theme.name), ("soort", old.kind, theme.kind), ("nummer", old.number, theme.number)
            )
        changes.append(_change(Level.THEME, old, index, "", theme.name, theme.number, fields))
    missing += [
        Change(Level.THEME, Outcome.MISSING, "", item.text, item.number, item.pk)
        for item in snapshot.themes
        if item.pk in snapshot.theme_pks and item.pk not in theme_match.values()
    ]

    # ambitions, ER-goals, SMART goals, efforts: recognised alike, each with its own fields and lines
    ambition_lines = LineFinder([(item.theme, item.text) for item in document.ambitions])
    er_goal_lines = LineFinder([(item.theme, item.text) for item in document.er_goals])
    goal_lines = LineFinder([(item.theme, item.text) for item in document.smart_goals])
    levels: list[tuple[Level, Sequence[_Item], tuple[Known, ...], Level | None]] = [
        (Level.AMBITION, [_Item(item.theme, item.text) for item in document.ambitions], snapshot.ambitions, None),
        (
            Level.ER_GOAL,
            [
                _Item(item.theme, item.text, lines=ambition_lines.find(item.theme, item.ambitions))
                for item in document.er_goals
            ],
            snapshot.er_goals,
            Level.AMBITION,
        ),
        (
            Level.SMART_GOAL,
            [
                _Item(
                    item.theme,
                    item.text,
                    number=item.number,
                    deadline=item.deadline,
                    owner=item.owner,
                    tags=item.focus_areas,
                    lines=er_goal_lines.find(item.theme, item.er_goals),
                )
                for item in document.smart_goals
            ],
            snapshot.smart_goals,
            Level.ER_GOAL,
        ),
        (
            Level.EFFORT,
            [
                _Item(item.theme, item.text, owner=item.lead, lines=goal_lines.find(item.theme, item.smart_goals))
                for item in document.efforts
            ],
            snapshot.efforts,
            Level.SMART_GOAL,
        ),
    ]
    texts_above: dict[Hashable, str] = {}
    for level, items, known, above in levels:
        found = _recognise(
            [_Wanted(index, theme_identity(item.theme), item.text, item.number) for index, item in enumerate(items)],
            known,
        )
        match.by_level[level] = found
        by_pk = {item.pk: item for item in known}
        texts: dict[Hashable, str] = {item.pk: item.text for item in known}
        for index, item in enumerate(items):
            old = by_pk.get(found.get(index, -1))
            fields = []
            if old is not None:
                lines = {identity(above, place) for place in item.lines} if above else set()
                fields = [*_plain_fields(level, old, item), *_line_fields(old, lines, texts_above)]
            changes.append(_change(level, old, index, item.theme or "", item.text, item.number, fields))
        missing += [
            Change(level, Outcome.MISSING, theme_name(item), item.text, item.number, item.pk)
            for item in known
            if item.pk not in found.values() and not item.ended
        ]
        texts_above = dict(texts)
        texts_above |= {identity(level, index): item.text for index, item in enumerate(items)}
    return ChangePlan((*changes, *missing), match, document)


@dataclass(frozen=True)
class _Item:
    """What the levels below the theme have in common. `lines` are places in the list of the next higher level."""

    theme: str | None
    text: str
    number: int | None = None
    deadline: str | None = None
    owner: str | None = None
    tags: Sequence[str] = ()
    lines: Sequence[int] = ()


def _change(
    level: Level,
    old: Known | None,
    index: int,
    theme: str,
    text: str,
    number: int | None,
    fields: list[FieldChange],
) -> Change:
    if old is None:
        return Change(level, Outcome.CREATED, theme, text, number, None, index)
    outcome = Outcome.UPDATED if fields else Outcome.UNCHANGED
    return Change(level, outcome, theme, text, number, old.pk, index, tuple(fields))


def _plain_fields(level: Level, old: Known, item: _Item) -> list[FieldChange]:
    fields = _fields(("tekst", old.text, item.text))
    if level is Level.SMART_GOAL:
        fields += _fields(("nummer", old.number, item.number))
        if old.deadline != item.deadline:
            fields.append(FieldChange("deadline", _quarter(old.deadline), _quarter(item.deadline)))
        new_tags = {text_key(tag): tag for tag in item.tags}
        if {text_key(tag) for tag in old.tags} != set(new_tags):
            fields.append(FieldChange("speerpunten", ", ".join(sorted(old.tags)), ", ".join(sorted(item.tags))))
    if item.owner is not None and text_key(item.owner) != text_key(old.owner or ""):
        label = "trekker" if level is Level.EFFORT else "eigenaar"
        fields.append(FieldChange(label, old.owner or "", item.owner))
    return fields


def _line_fields(old: Known, lines: set[Hashable], texts: dict[Hashable, str]) -> list[FieldChange]:
    if set(old.lines) == lines:
        return []
    before = "; ".join(sorted(texts.get(pk, "") for pk in old.lines))
    after = "; ".join(sorted(texts.get(line, "") for line in lines))
    return [FieldChange("lijnen", before, after)]


def _fields(*pairs: tuple[str, str | int | None, str | int | None]) -> list[FieldChange]:
    return [
        FieldChange(label, "" if old is None else str(old), "" if new is None else str(new))
        for label, old, new in pairs
        if old != new
    ]


def _quarter(value: str | None) -> str:
    return quarter_label(last_day(value)) if value else ""
