"""The forms of a commitment: they turn text into typed values; what is allowed is decided in commitments.py."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models import F, Q

from din.models import Goal, Owner, Programme
from monitoring.commitments import Facts
from monitoring.forms import TEXT_LIMIT
from monitoring.goal_line import theme_title
from monitoring.goals_field import GoalsField
from monitoring.models import Commitment, ReportingRound


def _date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


@dataclass(frozen=True)
class GoalChoice:
    """A goal that can be ticked."""

    pk: int
    label: str
    is_ticked: bool


@dataclass(frozen=True)
class GoalGroup:
    """The goals of one theme of one plan; opened on the page when one of them is ticked."""

    title: str
    goals: tuple[GoalChoice, ...]

    @property
    def ticked(self) -> int:
        return sum(goal.is_ticked for goal in self.goals)


class FactsForm(forms.ModelForm):
    """What a commitment says, with the version that the writer saw (0 for a new one)."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)
    goals = GoalsField(
        Goal.objects.none(),
        label="Doelen",
        required=False,
        help_text="Over welke doelen gaat dit? Zij tonen het op hun pagina.",
        error_messages={"invalid_choice": "Een van deze doelen is er niet meer. Kies opnieuw."},
    )

    class Meta:
        model = Commitment
        fields = ["kind", "number", "title", "text", "made_on", "made_by", "owner", "deadline"]
        widgets = {
            "kind": forms.RadioSelect,
            "text": forms.Textarea(attrs={"rows": 5}),
            "made_on": _date_input(),
            "deadline": _date_input(),
        }
        labels = {
            "kind": "Wat is het?",
            "text": "Wat is toegezegd of gevraagd?",
            "made_on": "Wanneer?",
            "made_by": "Door wie?",
        }
        help_texts = {"owner": "De mensen van deze eigenaar kunnen het afdoeningsvoorstel schrijven."}

    def __init__(self, *args: Any, programme: Programme, commitment: Commitment | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.programme = programme
        self.fields["kind"].choices = Commitment.Kind.choices  # type: ignore[attr-defined]
        self.fields["text"].validators.append(MaxLengthValidator(TEXT_LIMIT))
        self.fields["owner"].queryset = Owner.objects.filter(programme=programme).order_by("name")  # type: ignore[attr-defined]
        self.fields["owner"].empty_label = "nog niemand"  # type: ignore[attr-defined]
        stored = Facts.of(commitment) if commitment else None
        linked = stored.goals if stored else frozenset()
        running = Q(ended_on=None) & ~Q(plan__state="closed")
        self.offered = (
            Goal.objects.filter(plan__programme=programme)
            .filter(running | Q(pk__in=linked))
            .with_place()
            .order_by("-plan__first_year", F("theme__position").asc(nulls_first=True), "theme", "number", "position")
        )
        self.fields["goals"].queryset = self.offered  # type: ignore[attr-defined]
        if stored and commitment:
            values = {name: getattr(stored, name) for name in self.Meta.fields}
            self.initial = {**values, "owner": stored.owner and stored.owner.pk, "goals": linked}
            self.initial["version"] = commitment.version

    @property
    def text_fields(self) -> list[forms.BoundField]:
        """The fields that stand one below another; the goals are laid out by theme."""
        return [self[name] for name in self.Meta.fields]

    @property
    def goal_groups(self) -> list[GoalGroup]:
        """The goals to choose from, by plan and theme."""
        ticked = {str(value) for value in self["goals"].value() or []}
        groups: dict[str, list[GoalChoice]] = {}
        for goal in self.offered:
            title = f"{goal.plan.name}: {theme_title(goal.theme)}"
            label = f"{goal.reference} {goal.text}".strip()
            groups.setdefault(title, []).append(GoalChoice(goal.pk, label, str(goal.pk) in ticked))
        return [GoalGroup(title, tuple(goals)) for title, goals in groups.items()]

    @property
    def facts(self) -> Facts:
        """The typed values of a valid form."""
        data = self.cleaned_data
        values = {name: data[name] for name in self.Meta.fields}
        return Facts(**values, goals=frozenset(goal.pk for goal in data["goals"]))


class SettlementForm(forms.Form):
    """The proposal to settle, and the round with which it goes to the council."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    settlement = forms.CharField(
        label="Afdoeningsvoorstel",
        max_length=TEXT_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Wat is er gedaan, en waarom kan de raad dit als afgedaan zien?",
    )
    proposed_in = forms.ModelChoiceField(
        ReportingRound.objects.none(),
        label="Met welke ronde gaat het voorstel naar de raad?",
        required=False,
        empty_label="Met geen ronde: de raad ziet het meteen",
        help_text="De raad ziet het voorstel pas als deze ronde is vastgesteld.",
    )

    def __init__(self, *args: Any, commitment: Commitment, may_propose: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["settlement"].needed_later = True  # type: ignore[attr-defined]
        self.initial = {"version": commitment.version, "settlement": commitment.settlement}
        if may_propose:
            rounds = ReportingRound.objects.filter(programme=commitment.programme_id).unfinished()
            choice: Any = self.fields["proposed_in"]
            choice.queryset = rounds
            choice.label_from_instance = lambda round_: f"{round_.label} ({round_.get_state_display()})"
            self.initial["proposed_in"] = rounds.first()
        else:
            del self.fields["proposed_in"]


class StepForm(forms.Form):
    """A step that needs no text: the version that its reader saw, and for settling the day on which the council did."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    settled_on = forms.DateField(
        label="Wanneer heeft de raad dit afgedaan?",
        widget=_date_input(),
        error_messages={"required": "Vul de dag in waarop de raad dit heeft afgedaan."},
    )

    def __init__(self, *args: Any, commitment: Commitment, asks_day: bool, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"version": commitment.version, "settled_on": today}
        if not asks_day:
            del self.fields["settled_on"]
