"""The change plan as a page shows it: by theme, in words, the differences marked, and bounded. Knows no Django."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from din.change_plan import Change, ChangePlan, Level, Outcome
from din.recognition import LIKENESS, Recognised
from din.word_diff import Piece, word_diff

# More than this of one outcome goes over several pages.
SHOWN = 200
WHOLE_PROGRAMME = "Hele programma"

RULE = (
    "Een doel met een nummer wordt herkend aan onderdeel en nummer; al het andere aan de tekst. Wat dan overblijft, "
    f"geldt als hetzelfde wanneer de teksten voor minstens {LIKENESS * 100:.0f} procent gelijk zijn."
)
_HOW_WORDS = {
    Recognised.NUMBER: "herkend aan het nummer",
    Recognised.TEXT: "herkend aan de tekst",
    Recognised.LIKENESS: "herkend omdat de teksten op elkaar lijken",
}
_CONTINUES_WORDS = {
    None: "uw keuze",
    Recognised.NUMBER: "zelfde nummer, teksten lijken op elkaar",
    Recognised.TEXT: "zelfde tekst",
    Recognised.LIKENESS: "teksten lijken op elkaar",
}


@dataclass(frozen=True)
class ShownField:
    label: str
    old: tuple[Piece, ...]
    new: tuple[Piece, ...]


@dataclass(frozen=True)
class Apartness:
    """A match by likeness that a person may undo, or has undone; `key` is its value in the form."""

    key: str
    question: str
    old_text: str
    is_apart: bool


@dataclass(frozen=True)
class Ending:
    """Whether a goal that the workbook no longer names ends, why, and what is wrong with that."""

    ends: bool
    reason: str
    error: str = ""


@dataclass(frozen=True)
class ShownChange:
    """`ending` is what is decided about a goal that the workbook no longer names; None for anything else.

    `continues_how` tells why a new goal continues the one it does; `may_continue` that there is a plan before.
    """

    change: Change
    label: str
    how: str
    fields: tuple[ShownField, ...]
    apartness: tuple[Apartness, ...]
    ending: Ending | None
    continues_how: str
    may_continue: bool


@dataclass(frozen=True)
class ThemeChanges:
    """What happens in one theme, in the document's order."""

    theme: str
    changes: tuple[ShownChange, ...]


@dataclass(frozen=True)
class Section:
    """What has one outcome, `count` in all; of it the `page` of the `pages` that it takes, from 1."""

    count: int
    themes: tuple[ThemeChanges, ...]
    page: int = 1
    pages: int = 1

    @property
    def first(self) -> int:
        return (self.page - 1) * SHOWN + 1

    @property
    def last(self) -> int:
        return min(self.page * SHOWN, self.count)

    @property
    def before(self) -> int | None:
        """The number of the page before."""
        return self.page - 1 if self.page > 1 else None

    @property
    def after(self) -> int | None:
        """The number of the page after."""
        return self.page + 1 if self.page < self.pages else None


def section_of(
    change_plan: ChangePlan,
    outcome: Outcome,
    *,
    page: int = 1,
    typed: Mapping[int, Ending] | None = None,
) -> Section:
    """What has `outcome`, by theme; of a list that is shorter than `page` asks for, the last page.

    `typed` is what was typed about goals that end and could not be kept, by their key.
    """
    found = change_plan.of(outcome)
    pages = max(1, -(-len(found) // SHOWN))
    page = min(page, pages)
    shown = found[(page - 1) * SHOWN : page * SHOWN]
    by_theme: dict[str, list[ShownChange]] = {}
    for change in shown:
        theme = "Onderdelen" if change.level is Level.THEME else change.theme or WHOLE_PROGRAMME
        by_theme.setdefault(theme, []).append(_shown(change, typed or {}, has_earlier=bool(change_plan.earlier)))
    themes = tuple(ThemeChanges(theme, tuple(changes)) for theme, changes in by_theme.items())
    return Section(len(found), themes, page, pages)


def held_themes(change_plan: ChangePlan) -> list[ShownChange]:
    """The themes of which something stays as it is; a match of theirs can be undone as well."""
    return [_shown(change, {}, has_earlier=False) for change in change_plan.held]


def apart_key(level: Level, index: int, pk: int) -> str:
    """How the form names a pair that may be set apart."""
    return f"{level.value}-{index}-{pk}"


def _shown(change: Change, typed: Mapping[int, Ending], *, has_earlier: bool) -> ShownChange:
    ending = None
    if change.outcome is Outcome.MISSING and change.level is Level.SMART_GOAL and change.pk is not None:
        ending = typed.get(change.pk, Ending(bool(change.ends), change.ends))
    return ShownChange(
        change,
        change.level.one,
        _HOW_WORDS[change.how] if change.how else "",
        tuple(_fields(change)),
        tuple(_apartness(change)),
        ending,
        "" if change.continues is None else _CONTINUES_WORDS[change.continues.how],
        may_continue=has_earlier and change.outcome is Outcome.CREATED and change.level is Level.SMART_GOAL,
    )


def _fields(change: Change) -> Iterable[ShownField]:
    for field in change.fields:
        old, new = word_diff(field.old, field.new)
        yield ShownField(field.label, old, new)


def _apartness(change: Change) -> Iterable[Apartness]:
    if change.index is None:
        return
    question = f"Dit is {change.level.another}"
    for pk, text in change.apart_from:
        yield Apartness(apart_key(change.level, change.index, pk), question, text, is_apart=True)
    if change.how is Recognised.LIKENESS and change.pk is not None:
        yield Apartness(apart_key(change.level, change.index, change.pk), question, "", is_apart=False)
