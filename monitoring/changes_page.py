"""The page of what changed between two rounds: how many goals by kind of change and theme, and the goals themselves."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.http import urlencode

from din.models import Programme
from monitoring.dashboard import Figure
from monitoring.goal_list import NONE
from monitoring.models import ReportingRound
from monitoring.round_comparison import PLAN_PARTS, GoalChange, compare, predecessors_in
from monitoring.round_pair import RoundPair
from monitoring.standing import LABELS
from monitoring.standing_rows import CountCell
from monitoring.status_bar import StatusBar, bar_of
from monitoring.status_change import BEST_FIRST, WORDS, Change
from monitoring.text_pair import TextPair, text_pair
from monitoring.told_goals import ToldGoal, goals_told

PAGE_SIZE = 50
# A choice of the filter beside the kinds of change: what changed in the plan, however the goal did.
IN_THE_PLAN = "plan"
_IN_THE_PLAN_WORD = "plan gewijzigd"
# The pattern in a bar of each kind: that of a status which is as good or bad.
_PATTERNS = {
    Change.WORSE: "at_risk",
    Change.BETTER: "on_track",
    Change.ENDED: "dropped",
    Change.NEW: "achieved",
    Change.UNKNOWN: "not_delivered",
    Change.SAME: "not_started",
}
_TONES: dict[str, str] = {Change.WORSE: "bad", Change.BETTER: "ok"}
# The statuses in words, the best first: the rule that the page states.
BEST_FIRST_WORDS = tuple(LABELS[status] for status in BEST_FIRST)


class ChangesFilter(forms.Form):
    """Which rounds to compare and which goals to show; a theme or kind that is not there shows all."""

    van = forms.ChoiceField(label="Van", required=False)
    tot = forms.ChoiceField(label="Tot", required=False)
    onderdeel = forms.ChoiceField(label="Onderdeel", required=False)
    soort = forms.ChoiceField(
        label="Soort verandering",
        required=False,
        choices=[
            ("", "Alles"),
            *((change.value, word) for change, word in WORDS.items()),
            (IN_THE_PLAN, _IN_THE_PLAN_WORD),
        ],
    )

    def __init__(self, asked: Mapping[str, str], *, pair: RoundPair, changes: Sequence[GoalChange]) -> None:
        rounds = {"van": pair.before, "tot": pair.after}
        super().__init__({**asked, **{name: round_.name for name, round_ in rounds.items() if round_ is not None}})
        for name in rounds:
            self._offer(name, [(round_.name, round_.label) for round_ in pair.rounds])
        themes = {theme_key(change): change.line.theme for change in changes}
        self._offer("onderdeel", [("", "Alle onderdelen"), *themes.items()])
        self.is_valid()

    def _offer(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def shows(self, change: GoalChange) -> bool:
        theme, kind = (self.cleaned_data.get(name) for name in ("onderdeel", "soort"))
        return (not theme or theme == theme_key(change)) and (not kind or kind in _kinds(change))

    @property
    def query(self) -> dict[str, str]:
        """The theme and the kind that are chosen."""
        return {name: self.cleaned_data[name] for name in ("onderdeel", "soort") if self.cleaned_data.get(name)}


def theme_key(change: GoalChange) -> str:
    """The theme of a goal, as an address names it."""
    pk = change.line.theme_pk
    return NONE if pk is None else str(pk)


def _kinds(change: GoalChange) -> set[str]:
    return {change.change.value, *([IN_THE_PLAN] if change.parts else [])}


@dataclass(frozen=True)
class Side:
    """A goal in one of the rounds."""

    round_label: str
    standing: str
    standing_label: str


@dataclass(frozen=True)
class GoalEntry:
    """A goal on the page. `explanation` and `parts` hold what was told in both rounds, with what differs.

    `last` and `now` are None where the round is not about the goal.
    """

    url: str
    reference: str
    text: str
    theme: str
    owner: str
    last: Side | None
    now: Side | None
    explanation: TextPair
    parts: tuple[TextPair, ...]


@dataclass(frozen=True)
class ChangeGroup:
    """The goals of one kind of change on this page; `total` of them on all pages."""

    change: Change
    label: str
    total: int
    goals: tuple[GoalEntry, ...]


@dataclass(frozen=True)
class ChangeRow:
    """How the goals of a theme, or of the whole programme, did."""

    title: str
    url: str
    bar: StatusBar
    total: CountCell
    cells: tuple[CountCell, ...]


@dataclass(frozen=True)
class ChangesPage:
    """`figures` are the kinds of change with their numbers, `kinds` the words of the cells of a row."""

    form: ChangesFilter
    before: ReportingRound
    after: ReportingRound
    figures: tuple[Figure, ...]
    kinds: tuple[str, ...]
    rows: tuple[ChangeRow, ...]
    sum_row: ChangeRow
    groups: tuple[ChangeGroup, ...]
    page: Page[Any]
    total: int
    query: str
    clear_url: str

    @property
    def is_filtered(self) -> bool:
        return bool(self.form.query)

    @property
    def count_label(self) -> str:
        """For example "48 doelen", or "3 van 48 doelen" when the list is filtered."""
        noun = "doel" if self.total == 1 else "doelen"
        return f"{self.page.paginator.count} van {self.total} {noun}" if self.is_filtered else f"{self.total} {noun}"


def build_changes_page(
    programme: Programme,
    before: ReportingRound,
    after: ReportingRound,
    *,
    pair: RoundPair,
    parameters: Mapping[str, str],
    as_of: datetime.date,
) -> ChangesPage:
    """What changed from `before` to `after`, in a number of queries that does not depend on the goals."""
    predecessors = predecessors_in(programme) if before.plan_id != after.plan_id else {}
    changes = compare(goals_told(before, as_of=as_of), goals_told(after, as_of=as_of), predecessors)
    form = ChangesFilter(parameters, pair=pair, changes=changes)
    order = list(Change)
    shown = sorted(filter(form.shows, changes), key=lambda change: order.index(change.change))
    totals = Counter(change.change for change in shown)
    page = Paginator(shown, PAGE_SIZE).get_page(parameters.get("page"))
    rounds = {"van": before.name, "tot": after.name}
    address = reverse("changes", args=[programme.slug])

    def url(**query: str) -> str:
        return f"{address}?{urlencode({**rounds, **query})}"

    def list_url(**query: str) -> str:
        return f"{url(**query)}#doelen"

    occurring = Counter(change.change for change in changes)
    kinds: list[tuple[str, str]] = [(kind, word) for kind, word in WORDS.items() if occurring[kind]]
    if any(change.parts for change in changes):
        kinds.append((IN_THE_PLAN, _IN_THE_PLAN_WORD))

    def row(title: str, members: Sequence[GoalChange], **narrow: str) -> ChangeRow:
        counts = Counter(kind for change in members for kind in _kinds(change))
        return ChangeRow(
            title=title,
            url="",
            bar=bar_of((_PATTERNS[kind], word, counts[kind]) for kind, word in WORDS.items()),
            total=CountCell("doelen", len(members), list_url(**narrow)),
            cells=tuple(
                CountCell(word, counts[kind], list_url(**narrow, soort=kind) if counts[kind] else "")
                for kind, word in kinds
            ),
        )

    by_theme: dict[str, list[GoalChange]] = {}
    for change in changes:
        by_theme.setdefault(theme_key(change), []).append(change)
    sum_row = row("Samen", changes)
    return ChangesPage(
        form=form,
        before=before,
        after=after,
        figures=tuple(
            Figure(word, cell.count, f"van {len(changes)}", cell.url, _TONES.get(kind, "none"))
            for (kind, word), cell in zip(kinds, sum_row.cells, strict=True)
        ),
        kinds=tuple(word for _, word in kinds),
        rows=tuple(row(members[0].line.theme, members, onderdeel=key) for key, members in by_theme.items()),
        sum_row=sum_row,
        groups=tuple(
            ChangeGroup(kind, WORDS[kind], totals[kind], tuple(_entry(change, before, after) for change in members))
            for kind, members in groupby(page.object_list, key=lambda change: change.change)
        ),
        page=page,
        total=len(changes),
        query=urlencode({**rounds, **form.query}),
        clear_url=url(),
    )


def _entry(change: GoalChange, before: ReportingRound, after: ReportingRound) -> GoalEntry:
    line = change.line
    return GoalEntry(
        url=line.url,
        reference=line.reference,
        text=line.text,
        theme=line.theme,
        owner=line.owner,
        last=_side(change.before, before),
        now=_side(change.after, after),
        explanation=text_pair("Toelichting", _explanation(change.before), _explanation(change.after)),
        parts=tuple(
            text_pair(PLAN_PARTS[part], _part(change.before, part), _part(change.after, part)) for part in change.parts
        ),
    )


def _side(told: ToldGoal | None, round_: ReportingRound) -> Side | None:
    return None if told is None else Side(round_.label, told.line.standing, told.line.standing_label)


def _explanation(told: ToldGoal | None) -> str:
    return told.explanation if told else ""


def _part(told: ToldGoal | None, part: str) -> str:
    """A part of the plan in words; never empty."""
    if told is None:
        return ""
    line = told.line
    words = {"text": line.text, "deadline": line.deadline_label, "owner": line.owner, "theme": line.theme}
    return words[part] or ("nog niemand" if part == "owner" else "geen")
