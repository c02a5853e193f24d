"""What the manager sees of a round: a matrix of goals and owners by state, with counts, and what waits for a review."""

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils import timezone

from din.models import Goal
from monitoring.models import ReportingRound, Update
from monitoring.reminders import last_reminded

State = Update.State

# In the filters: what has no owner, or belongs to no theme.
NONE = "geen"
WHOLE_PROGRAMME = "Hele programma"
NO_OWNER = "Geen eigenaar"


class MatrixFilter(forms.Form):
    """Which goals of the round to show; an unknown value shows all."""

    onderdeel = forms.ChoiceField(label="Onderdeel", required=False)
    eigenaar = forms.ChoiceField(label="Eigenaar", required=False)
    stand = forms.ChoiceField(label="Stand", required=False, choices=[("", "Alle standen"), *State.choices])

    def __init__(self, data: Mapping[str, Any], *, updates: Sequence[Update]) -> None:
        super().__init__(data)
        themes = {_theme_key(update.goal): _theme_title(update.goal) for update in updates}
        owners = {_owner_key(update.goal): _owner_name(update.goal) for update in updates}
        by_name = sorted(owners.items(), key=lambda item: (item[0] != NONE, item[1].casefold()))
        self.fields["onderdeel"].choices = [("", "Alle onderdelen"), *themes.items()]  # type: ignore[attr-defined]
        self.fields["eigenaar"].choices = [("", "Alle eigenaren"), *by_name]  # type: ignore[attr-defined]
        self.is_valid()

    def shows(self, update: Update) -> bool:
        wanted = self.cleaned_data
        values = {"onderdeel": _theme_key(update.goal), "eigenaar": _owner_key(update.goal), "stand": update.state}
        return all(not wanted.get(name) or wanted[name] == value for name, value in values.items())

    @property
    def query(self) -> str:
        """What is chosen, for in an address; empty when everything is shown."""
        return urlencode({name: value for name, value in self.cleaned_data.items() if value})


@dataclass(frozen=True)
class MatrixRow:
    """One goal. `days` is how many days ago its progress was last changed; None when it never was."""

    update: Update
    days: int | None

    @property
    def can_be_approved(self) -> bool:
        return self.update.state == State.SUBMITTED

    @property
    def token(self) -> str:
        """The update with the version that is shown, as a tick box sends it."""
        return f"{self.update.pk}:{self.update.version}"


@dataclass(frozen=True)
class MatrixTheme:
    title: str
    rows: tuple[MatrixRow, ...]

    @property
    def has_choices(self) -> bool:
        return any(row.can_be_approved for row in self.rows)


@dataclass(frozen=True)
class Count:
    """How many goals are in one state, and the address that shows them."""

    state: str
    label: str
    count: int
    url: str


@dataclass(frozen=True)
class CountLine:
    """The counts of a theme or an owner; `key` is its own in the filter.

    Of an owner also the people that work for it, and when one of them was last reminded.
    """

    title: str
    key: str
    counts: tuple[Count, ...]
    total: int
    url: str
    people: tuple[str, ...] = ()
    reminded_at: datetime.datetime | None = None

    @property
    def left(self) -> int:
        """How many goals still wait for the owner."""
        return sum(count.count for count in self.counts if count.state in Update.LEFT)


@dataclass(frozen=True)
class RoundMatrix:
    round: ReportingRound
    filter: MatrixFilter
    themes: tuple[MatrixTheme, ...]
    counts: tuple[Count, ...]
    theme_counts: tuple[CountLine, ...]
    owner_counts: tuple[CountLine, ...]
    total: int
    finished: int
    shown: int
    first_to_review: int | None

    @property
    def unfinished(self) -> int:
        return self.total - self.finished

    @property
    def has_choices(self) -> bool:
        return any(theme.has_choices for theme in self.themes)


def round_matrix(round_: ReportingRound, *, parameters: Mapping[str, Any], today: datetime.date) -> RoundMatrix:
    """The matrix of `round_` as `parameters` of the address filter it, in a constant number of queries."""
    updates = list(
        Update.objects.filter(round=round_)
        .with_place()
        .with_efforts()
        .in_plan_order()
        .prefetch_related("goal__owner__members__user")
    )
    chosen = MatrixFilter(parameters, updates=updates)
    shown = [update for update in updates if chosen.shows(update)]
    found = Counter(update.state for update in updates)
    waiting = [update.goal_id for update in updates if update.state == State.SUBMITTED]
    return RoundMatrix(
        round=round_,
        filter=chosen,
        themes=tuple(
            MatrixTheme(title, tuple(MatrixRow(update, _days_ago(update, today)) for update in group))
            for title, group in groupby(shown, key=lambda update: _theme_title(update.goal))
        ),
        counts=_counts(found, {}),
        theme_counts=_theme_counts(updates),
        owner_counts=_owner_counts(updates, last_reminded(round_)),
        total=len(updates),
        finished=sum(found[state] for state in Update.FINISHED),
        shown=len(shown),
        first_to_review=waiting[0] if waiting else None,
    )


def versions_of(tokens: Iterable[str]) -> dict[int, int] | None:
    """The version that was shown, by the key of an update, of ticked rows; None when one of them is no token."""
    versions = {}
    for token in tokens:
        found = re.fullmatch(r"([0-9]{1,18}):([0-9]{1,9})", token)
        if found is None:
            return None
        versions[int(found[1])] = int(found[2])
    return versions


def sentence_about_moved(moved: Sequence[Update], *, of: int) -> str:
    """Which updates were not approved, as they had changed since the page was read, out of `of` that were ticked."""
    names = ", ".join(update.goal.reference or f"“{update.goal}”" for update in moved)
    is_one = len(moved) == 1
    return f"{len(moved)} van {of} {'is' if is_one else 'zijn'} intussen gewijzigd en niet goedgekeurd: {names}."


def _days_ago(update: Update, today: datetime.date) -> int | None:
    return None if update.changed_at is None else (today - timezone.localdate(update.changed_at)).days


def _counts(found: Counter[str], place: dict[str, str]) -> tuple[Count, ...]:
    """Every state in its fixed order; `place` is what the addresses are limited to besides the state."""
    return tuple(
        Count(state.value, str(state.label), found[state.value], _address({**place, "stand": state.value}))
        for state in State
    )


def _address(parameters: dict[str, str]) -> str:
    return f"?{urlencode(parameters)}#doelen"


def _theme_counts(updates: Iterable[Update]) -> tuple[CountLine, ...]:
    """One line a theme, in the plan's order."""
    by_theme: dict[str, list[Update]] = {}
    for update in updates:
        by_theme.setdefault(_theme_key(update.goal), []).append(update)
    return tuple(
        _count_line("onderdeel", key, _theme_title(members[0].goal), members) for key, members in by_theme.items()
    )


def _owner_counts(updates: Iterable[Update], reminded: Mapping[int, datetime.datetime]) -> tuple[CountLine, ...]:
    """One line an owner; goals that are on nobody's worklist come first, then who has most left."""
    by_owner: dict[str, list[Update]] = {}
    for update in updates:
        by_owner.setdefault(_owner_key(update.goal), []).append(update)
    lines = []
    for key, members in by_owner.items():
        owner = members[0].goal.owner
        links = list(owner.members.all()) if owner else []
        line = _count_line("eigenaar", key, _owner_name(members[0].goal), members)
        times = [reminded[link.user_id] for link in links if link.user_id in reminded]
        lines.append(
            replace(line, people=tuple(str(link.user) for link in links), reminded_at=max(times, default=None))
        )
    return tuple(sorted(lines, key=lambda line: (bool(line.people), -line.left, line.title.casefold())))


def _count_line(parameter: str, key: str, title: str, updates: Sequence[Update]) -> CountLine:
    place = {parameter: key}
    return CountLine(
        title=title,
        key=key,
        counts=_counts(Counter(update.state for update in updates), place),
        total=len(updates),
        url=_address(place),
    )


def _theme_key(goal: Goal) -> str:
    return NONE if goal.theme_id is None else str(goal.theme_id)


def _theme_title(goal: Goal) -> str:
    return WHOLE_PROGRAMME if goal.theme is None else goal.theme.title


def _owner_key(goal: Goal) -> str:
    return NONE if goal.owner_id is None else str(goal.owner_id)


def _owner_name(goal: Goal) -> str:
    return NO_OWNER if goal.owner is None else goal.owner.name
