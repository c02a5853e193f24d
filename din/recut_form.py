"""The form of a re-cut: what it is, and where each theme and each goal goes; turns text into a proposal."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from din.models import Goal, Programme, Theme
from din.models.programme import YEAR_RANGE
from din.recut import (
    ENDS,
    REASON_LIMIT,
    STAYS,
    WHOLE_PROGRAMME,
    WITH_THEME,
    NewTheme,
    PlannedMove,
    Proposal,
    RecutPlan,
    goals_to_recut,
    themes_to_recut,
    to_new,
    to_theme,
)
from din.text import writable

MOST_NEW_THEMES = 20
NAME_LIMIT = 200


class RecutForm(forms.Form):
    """The first step: from when, why, until which year, and the new themes."""

    day = forms.DateField(
        label="Vanaf welke dag?",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Vanaf deze dag geldt de nieuwe indeling.",
    )
    reason = forms.CharField(
        label="Waarom?",
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=(
            "Iedereen die het programma leest, ziet deze reden. Doelen die vervallen krijgen haar ook, als u straks "
            "geen andere geeft."
        ),
    )
    last_year = forms.IntegerField(
        label="Laatste jaar van het programma", min_value=YEAR_RANGE[0], max_value=YEAR_RANGE[1]
    )
    kind = forms.ChoiceField(
        label="Hoe heten de nieuwe onderdelen?", choices=Theme.Kind.choices, initial=Theme.Kind.ACTIELIJN
    )
    names = forms.CharField(
        label="Nieuwe onderdelen",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Elk onderdeel op een eigen regel. De nummers komen vanzelf. Leeg: er komen geen onderdelen bij.",
    )

    def __init__(self, data: QueryDict | None, *, programme: Programme, today: datetime.date) -> None:
        super().__init__(data)
        self.initial = {"day": today, "last_year": programme.last_year}

    def clean_names(self) -> str:
        names = [line.strip() for line in self.cleaned_data["names"].splitlines() if line.strip()]
        if len(names) > MOST_NEW_THEMES:
            raise forms.ValidationError(f"Hooguit {MOST_NEW_THEMES} nieuwe onderdelen tegelijk.")
        if any(len(name) > NAME_LIMIT for name in names):
            raise forms.ValidationError(f"Een naam is hooguit {NAME_LIMIT} tekens lang.")
        return "\n".join(names)


class UndoForm(forms.Form):
    """Why a re-cut is taken back."""

    reason = forms.CharField(
        label="Waarom maakt u de herijking ongedaan?",
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="De reden komt in het logboek en in de geschiedenis van de doelen.",
    )


@dataclass(frozen=True)
class Choice:
    """One of the destinations to choose from."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class GoalRow:
    goal: Goal
    name: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class ThemeRow:
    """A theme with its goals, each with where it can go. The whole programme has key 0."""

    name: str
    title: str
    choices: tuple[Choice, ...]
    goals: tuple[GoalRow, ...]
    has_exceptions: bool


@dataclass(frozen=True)
class EndedRow:
    """A goal that ends, with the name of the field for its reason and what stands in it."""

    move: PlannedMove
    name: str
    reason: str


def _reason_name(goal: int) -> str:
    return f"reason-{goal}"


class Destinations:
    """The second step: where each theme and each goal goes, by fields "theme-12" and "goal-34".

    The third asks why each goal ends, by fields "reason-34".
    """

    def __init__(self, data: QueryDict, *, programme: Programme, day: datetime.date, names: Sequence[str]) -> None:
        self.data = data
        self.themes = themes_to_recut(programme, day)
        self.goals = goals_to_recut(programme, day)
        self._targets = [
            *((to_new(index), f"naar {name} (nieuw)") for index, name in enumerate(names)),
            *((to_theme(theme), f"naar {theme.title}") for theme in self.themes),
            (ENDS, "vervalt"),
        ]
        self._known = {STAYS, *(value for value, _ in self._targets)}

    def rows(self) -> list[ThemeRow]:
        """Every theme with its goals, as the page draws them."""
        goals: dict[int, list[Goal]] = {}
        for goal in self.goals:
            goals.setdefault(goal.theme_id or 0, []).append(goal)
        rows = [self._row(theme.pk, theme.title, goals.get(theme.pk, [])) for theme in self.themes]
        if 0 in goals:
            rows.append(self._row(0, WHOLE_PROGRAMME, goals[0]))
        return rows

    def _row(self, pk: int, title: str, goals: list[Goal]) -> ThemeRow:
        lines = tuple(
            GoalRow(goal, f"goal-{goal.pk}", self._choices(f"goal-{goal.pk}", [(WITH_THEME, "met het onderdeel mee")]))
            for goal in goals
        )
        exceptions = any(self._value(line.name) != WITH_THEME for line in lines)
        return ThemeRow(f"theme-{pk}", title, self._choices(f"theme-{pk}", [], but=f"theme-{pk}"), lines, exceptions)

    def _choices(self, name: str, first: list[tuple[str, str]], but: str | None = None) -> tuple[Choice, ...]:
        value = self._value(name)
        offered = [*first, (STAYS, "blijft waar het is"), *self._targets]
        return tuple(Choice(key, label, key == value) for key, label in offered if key != but)

    def _value(self, name: str) -> str:
        value = self.data.get(name, "")
        default = WITH_THEME if name.startswith("goal-") else STAYS
        return value if value in self._known else default

    def proposal(self, form: RecutForm) -> Proposal:
        """What the valid `form` and the choices ask for."""
        data = form.cleaned_data
        keys = [0, *(theme.pk for theme in self.themes)]
        return Proposal(
            day=data["day"],
            reason=data["reason"],
            last_year=data["last_year"],
            new_themes=tuple(NewTheme(name, data["kind"]) for name in data["names"].splitlines()),
            themes={pk: self._value(f"theme-{pk}") for pk in keys},
            goals={goal.pk: self._value(f"goal-{goal.pk}") for goal in self.goals},
            reasons={goal.pk: writable(self.data.get(_reason_name(goal.pk), "")).strip() for goal in self.goals},
        )

    def reasons(self) -> list[tuple[str, str]]:
        """The reasons that were typed per goal, for the hidden fields of the step before the preview."""
        names = [_reason_name(goal.pk) for goal in self.goals]
        return [(name, str(self.data[name])) for name in names if name in self.data]

    def ended(self, plan: RecutPlan) -> list[EndedRow]:
        """The goals that end, each with the field for its reason: that of the re-cut, unless another was typed."""
        return [EndedRow(move, _reason_name(move.goal.pk), move.reason) for move in plan.ended]

    def chosen(self) -> list[tuple[str, str]]:
        """The choices that differ from what stands there by itself, for the hidden fields of the preview."""
        names = [f"theme-{pk}" for pk in (0, *(theme.pk for theme in self.themes))]
        names += [f"goal-{goal.pk}" for goal in self.goals]
        values: list[Any] = [(name, self._value(name)) for name in names]
        return [(name, value) for name, value in values if value not in (WITH_THEME,)]
