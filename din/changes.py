"""What a workbook would change in a plan: the change plan. Knows no Django and writes nothing.

`compare` takes the document that was read and a snapshot of the plan as it is, and says of everything whether it is
new, changed, the same, or no longer named. din.recognition tells which is which: a SMART goal by theme and number,
without a number by its text; everything else by theme and text; what is left by likeness. What a person decided in the
preview goes before likeness.

Lines, tags and deadlines follow the workbook. An owner or lead that the workbook leaves out stays as it is in the plan:
a column left out is no decision to clear it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from din.change_plan import Change, ChangePlan, FieldChange, Known, Level, Match, Outcome, Snapshot
from din.continuation import Continues, continue_goals
from din.decisions import NOTHING_DECIDED, Decisions
from din.quarters import last_day, quarter_label
from din.reading.document import Document
from din.recognition import Recognition, Wanted, recognise
from din.text import clean, text_key

# --- lines of the document -----------------------------------------------------------------------------------------


class LineFinder:
    """Finds the thing that a line names by its text: in the same theme first, then in the whole programme."""

    def __init__(self, items: Sequence[tuple[str | None, str]]) -> None:
        self._in_theme: dict[tuple[str | None, str], int] = {}
        self._anywhere: dict[str, int] = {}
        for index, (theme, text) in enumerate(items):
            key = text_key(text)
            self._in_theme.setdefault((theme, key), index)
            self._anywhere.setdefault(key, index)

    def find(self, theme: str | None, texts: Iterable[str]) -> list[int]:
        """The places of `texts` in the list, in their order; a text that is not there is left out."""
        found = []
        for text in texts:
            key = text_key(text)
            index = self._in_theme.get((theme, key))
            if index is None:
                index = self._in_theme.get((None, key), self._anywhere.get(key))
            if index is not None:
                found.append(index)
        return found


# --- comparing -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _New:
    """The identity of something that is not in the plan yet: its place in the document's list."""

    index: int


def compare(document: Document, snapshot: Snapshot, decisions: Decisions = NOTHING_DECIDED) -> ChangePlan:
    """The change plan of `document` for the plan that `snapshot` describes; one pass a level.

    `decisions` are what a person decided in the preview; what no longer fits the plan has no effect.
    """
    match = Match()
    changes: list[Change] = []
    missing: list[Change] = []
    theme_places = {text_key(theme.name): index for index, theme in enumerate(document.themes)}
    known_names = {theme.pk: theme.text for theme in snapshot.themes}

    def identities(level: Level, count: int) -> list[Hashable]:
        pks = match.by_level[level]
        return [pks[index] if index in pks else _New(index) for index in range(count)]

    def theme_name(item: Known) -> str:
        return known_names.get(item.theme, "") if item.theme is not None else ""

    # themes
    apart = decisions.of_level(Level.THEME)
    found = recognise(
        [Wanted(index, None, theme.name) for index, theme in enumerate(document.themes)],
        [Known(item.pk, None, item.text) for item in snapshot.themes],
        apart,
    )
    match.by_level[Level.THEME] = theme_match = found.pks
    found_apart = _apart(apart, snapshot.themes)
    themes_by_pk = {item.pk: item for item in snapshot.themes}
    for index, theme in enumerate(document.themes):
        old = themes_by_pk.get(theme_match.get(index, -1))
        fields: list[FieldChange] = []
        if old is not None:
            pairs = (
                ("naam", old.text, theme.name),
                ("soort", old.kind, theme.kind),
                ("nummer", old.number, theme.number),
            )
            fields = [_field(label, before, after) for label, before, after in pairs if before != after]
        held = fields if old is not None and old.pk in snapshot.held_themes else []
        change = _change(
            Level.THEME,
            old,
            index,
            "",
            theme.name,
            theme.number,
            [] if held else fields,
            found,
            found_apart.get(index, ()),
        )
        changes.append(replace(change, held=tuple(held)))
    missing += [
        Change(Level.THEME, Outcome.MISSING, "", item.text, item.number, item.pk)
        for item in snapshot.themes
        if item.pk in snapshot.theme_pks and item.pk not in theme_match.values()
    ]

    theme_identities = identities(Level.THEME, len(document.themes))

    @cache
    def theme_identity(name: str | None) -> Hashable:
        return None if name is None else theme_identities[theme_places[text_key(name)]]

    # ambitions, ER-goals, SMART goals, efforts: recognised alike, each with its own fields and lines
    ambition_lines = LineFinder([(item.theme, item.text) for item in document.ambitions])
    er_goal_lines = LineFinder([(item.theme, item.text) for item in document.er_goals])
    goal_lines = LineFinder([(item.theme, item.text) for item in document.smart_goals])
    levels: list[tuple[Level, Sequence[_Item], tuple[Known, ...]]] = [
        (Level.AMBITION, [_Item(item.theme, item.text) for item in document.ambitions], snapshot.ambitions),
        (
            Level.ER_GOAL,
            [
                _Item(item.theme, item.text, lines=ambition_lines.find(item.theme, item.ambitions))
                for item in document.er_goals
            ],
            snapshot.er_goals,
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
        ),
        (
            Level.EFFORT,
            [
                _Item(item.theme, item.text, owner=item.lead, lines=goal_lines.find(item.theme, item.smart_goals))
                for item in document.efforts
            ],
            snapshot.efforts,
        ),
    ]
    above: list[Hashable] = []
    texts_above: dict[Hashable, str] = {}
    for level, items, known in levels:
        apart = decisions.of_level(level)
        found = recognise(
            [Wanted(index, theme_identity(item.theme), item.text, item.number) for index, item in enumerate(items)],
            known,
            apart,
        )
        match.by_level[level] = found.pks
        found_apart = _apart(apart, known)
        continuing: dict[int, Continues] = {}
        if level is Level.SMART_GOAL and snapshot.earlier:
            new = [
                Wanted(index, theme_identity(item.theme), item.text, item.number)
                for index, item in enumerate(items)
                if index not in found.pks
            ]
            continuing = continue_goals(new, snapshot.earlier, decisions.continues)
        by_pk = {item.pk: item for item in known}
        for index, item in enumerate(items):
            old = by_pk.get(found.pks.get(index, -1))
            fields = []
            if old is not None:
                lines = {above[place] for place in item.lines}
                fields = [*_plain_fields(level, old, item), *_line_fields(old, lines, texts_above)]
            changes.append(
                _change(
                    level, old, index, item.theme or "", item.text, item.number, fields, found,
                    found_apart.get(index, ()), continuing.get(index),
                )
            )  # fmt: skip
        matched = set(found.pks.values())
        missing += [
            Change(
                level,
                Outcome.MISSING,
                theme_name(item),
                item.text,
                item.number,
                item.pk,
                ends=decisions.ended.get(item.pk, "") if level is Level.SMART_GOAL else "",
            )
            for item in known
            if item.pk not in matched and not item.ended
        ]
        above = identities(level, len(items))
        texts_above = {item.pk: item.text for item in known}
        texts_above |= zip(above, (item.text for item in items), strict=True)
    return ChangePlan((*changes, *missing), match, document, snapshot.earlier)


class _Item(NamedTuple):
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
    found: Recognition,
    apart_from: tuple[tuple[int, str], ...],
    continues: Continues | None = None,
) -> Change:
    if old is None:
        return Change(
            level, Outcome.CREATED, theme, text, number, None, index, apart_from=apart_from, continues=continues
        )
    outcome = Outcome.UPDATED if fields else Outcome.UNCHANGED
    return Change(level, outcome, theme, text, number, old.pk, index, tuple(fields), found.how[index], apart_from)


def _apart(pairs: Iterable[tuple[int, int]], known: Sequence[Known]) -> dict[int, tuple[tuple[int, str], ...]]:
    """For each place the keys and texts that a person set it apart from, of what the plan still has."""
    if not pairs:
        return {}
    texts = {item.pk: item.text for item in known}
    result: dict[int, tuple[tuple[int, str], ...]] = {}
    for index, pk in sorted(pairs):
        if pk in texts:
            result[index] = (*result.get(index, ()), (pk, texts[pk]))
    return result


def _plain_fields(level: Level, old: Known, item: _Item) -> list[FieldChange]:
    fields = []
    # A text that a person typed is compared as the reader would have cleaned it.
    if old.text != item.text and clean(old.text) != item.text:
        fields.append(_field("tekst", old.text, item.text))
    if level is Level.SMART_GOAL:
        if old.number != item.number:
            fields.append(_field("nummer", old.number, item.number))
        if old.deadline != item.deadline:
            fields.append(FieldChange("deadline", _quarter(old.deadline), _quarter(item.deadline)))
        if old.tags != set(item.tags) and set(map(text_key, old.tags)) != set(map(text_key, item.tags)):
            fields.append(FieldChange("speerpunten", ", ".join(sorted(old.tags)), ", ".join(sorted(item.tags))))
    if item.owner not in (None, old.owner) and text_key(item.owner) != text_key(old.owner or ""):
        label = "trekker" if level is Level.EFFORT else "eigenaar"
        fields.append(FieldChange(label, old.owner or "", item.owner))
    return fields


def _line_fields(old: Known, lines: set[Hashable], texts: dict[Hashable, str]) -> list[FieldChange]:
    if old.lines == lines:
        return []
    before = "; ".join(sorted(texts.get(pk, "") for pk in old.lines))
    after = "; ".join(sorted(texts.get(line, "") for line in lines))
    return [FieldChange("lijnen", before, after)]


def _field(label: str, old: str | int | None, new: str | int | None) -> FieldChange:
    return FieldChange(label, "" if old is None else str(old), "" if new is None else str(new))


def _quarter(value: str | None) -> str:
    return quarter_label(last_day(value)) if value else ""
