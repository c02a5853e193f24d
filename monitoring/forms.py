"""Forms of the round: they turn text into typed values; what is allowed is decided in the workflow."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms

from din.models import Effort, Plan, Programme
from monitoring.effort_progress import EffortContent
from monitoring.goal_measurements import Asked
from monitoring.indicator_forms import NOTE_LIMIT, value_field
from monitoring.measurement_content import MeasurementContent
from monitoring.models import ReportingRound, Update
from monitoring.reminders import SUBJECT_LENGTH
from monitoring.workflow import Action, Content

TEXT_LIMIT = 10_000
COMMENT_LIMIT = 1_000
# What a new round proposes.
DAYS_TO_HAND_IN = 14
GRACE_DAYS = 7
MOST_GRACE_DAYS = 60

_DAY_HELP = {
    "deadline": "Tot en met deze dag leveren de eigenaren in.",
    "grace_days": (
        "Zoveel dagen na de deadline kunnen eigenaren nog inleveren. Daarna kunnen zij alleen wijzigen wat u "
        "terugstuurt; u kunt zelf wel alles invullen. Vul 0 in voor geen uitstel."
    ),
}


def _date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _grace_field() -> forms.IntegerField:
    return forms.IntegerField(
        label="Dagen uitstel", min_value=0, max_value=MOST_GRACE_DAYS, help_text=_DAY_HELP["grace_days"]
    )


@dataclass(frozen=True)
class EffortRow:
    """The controls of one effort in a form."""

    effort: Effort
    done: forms.BoundField
    comment: forms.BoundField


@dataclass(frozen=True)
class MeasurementRow:
    """The controls of one indicator in a form; none when it was measured before or in another round."""

    asked: Asked
    value: forms.BoundField | None = None
    source: forms.BoundField | None = None
    note: forms.BoundField | None = None
    seen: forms.BoundField | None = None

    @property
    def name(self) -> str:
        return f"indicator-{self.asked.indicator.pk}"


class UpdateForm(forms.Form):
    """What somebody records on a goal, with the version that they saw. `content` is what stands there at the start."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    status = forms.ChoiceField(
        label="Hoe staat het doel ervoor?", choices=Update.Status.choices, widget=forms.RadioSelect, required=False
    )
    explanation = forms.CharField(
        label="Toelichting",
        max_length=TEXT_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Wat is er bereikt?",
    )
    next_steps = forms.CharField(
        label="Vervolgstappen",
        max_length=TEXT_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Wat gebeurt er het komende half jaar?",
    )
    forecast = forms.DateField(
        label="Verwacht gereed",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="De dag waarop u verwacht dat het doel is behaald.",
    )

    def __init__(
        self,
        *args: Any,
        content: Content,
        version: int,
        efforts: Iterable[Effort] = (),
        asked: Iterable[Asked] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {**values_of(content), "version": version}
        self.efforts = list(efforts)
        self.asked = list(asked)
        for one in self.asked:
            if one.is_writable:
                self._add_measurement(one)
        for effort in self.efforts:
            names = EffortContent(effort.pk)
            self.fields[names.done_field] = forms.BooleanField(label="Gereed", required=False)
            self.fields[names.comment_field] = forms.CharField(
                label="Opmerking",
                max_length=COMMENT_LIMIT,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        # A draft may leave these empty, handing in may not: "optional" would say the wrong thing.
        for name in ("status", "explanation"):
            self.fields[name].needed_later = True  # type: ignore[attr-defined]

    def _add_measurement(self, asked: Asked) -> None:
        names = MeasurementContent(asked.indicator.pk)
        self.fields[names.name("value")] = value_field(asked.indicator, asked.label, required=False)
        self.fields[names.name("source")] = forms.CharField(label="Bron", max_length=300, required=False)
        self.fields[names.name("note")] = forms.CharField(
            label="Opmerking", max_length=NOTE_LIMIT, required=False, widget=forms.Textarea(attrs={"rows": 2})
        )
        self.fields[names.seen_field] = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @property
    def measurement_rows(self) -> list[MeasurementRow]:
        """The indicators of the goal with their controls, in the programme's order."""
        return [self._measurement_row(asked) for asked in self.asked]

    def _measurement_row(self, asked: Asked) -> MeasurementRow:
        if not asked.is_writable:
            return MeasurementRow(asked)
        names = MeasurementContent(asked.indicator.pk)
        value, source, note = (self[names.name(part)] for part in ("value", "source", "note"))
        return MeasurementRow(asked, value, source, note, self[names.seen_field])

    @property
    def effort_rows(self) -> list[EffortRow]:
        """The efforts of the goal with their controls, in the plan's order."""
        names = ((effort, EffortContent(effort.pk)) for effort in self.efforts)
        return [EffortRow(effort, self[name.done_field], self[name.comment_field]) for effort, name in names]

    @property
    def content(self) -> Content:
        """The typed values of a valid form."""
        data = self.cleaned_data
        names = [EffortContent(effort.pk) for effort in self.efforts]
        efforts = tuple(replace(name, done=data[name.done_field], comment=data[name.comment_field]) for name in names)
        measurements = tuple(
            replace(
                names,
                **{part: data[names.name(part)] for part in ("value", "source", "note")},
                seen=data[names.seen_field],
            )
            for names in (MeasurementContent(asked.indicator.pk) for asked in self.asked if asked.is_writable)
        )
        return Content(data["status"], data["explanation"], data["next_steps"], data["forecast"], efforts, measurements)


def values_of(content: Content) -> dict[str, str]:
    """`content` as the fields of UpdateForm send it."""
    values = {
        "status": content.status,
        "explanation": content.explanation,
        "next_steps": content.next_steps,
        "forecast": content.forecast.isoformat() if content.forecast else "",
    }
    for effort in content.efforts:
        values[effort.done_field] = "on" if effort.done else ""
        values[effort.comment_field] = effort.comment
    for measurement in content.measurements:
        values |= measurement.values
        values[measurement.seen_field] = "" if measurement.seen is None else str(measurement.seen)
    return values


class ReviewForm(forms.Form):
    """What the manager does with progress, the reason of it, and the version that they saw."""

    ACTIONS = (Action.APPROVE, Action.RETURN, Action.MARK_NOT_DELIVERED, Action.WITHDRAW)
    WITH_REASON = (Action.RETURN, Action.MARK_NOT_DELIVERED)
    NO_ACTION = "no_action"

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    action = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label="Reden",
        max_length=TEXT_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Nodig bij terugsturen en bij ‘niet aangeleverd’. De eigenaar ziet deze tekst.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].needed_later = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A reason that nobody would read is not thrown away silently."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned["action"] not in self.ACTIONS:
            raise forms.ValidationError("Kies een van de knoppen op deze pagina.", code=self.NO_ACTION)
        if cleaned.get("reason", "").strip() and self.chosen not in self.WITH_REASON:
            self.add_error(
                "reason",
                f"U schreef een reden, maar koos {self.chosen.label}: die leest dan niemand. "
                "Kies terugsturen, of haal de reden weg.",
            )
        return cleaned

    @property
    def chosen(self) -> Action:
        return Action(self.cleaned_data["action"])


class PlanField(forms.ModelChoiceField):
    """A choice of plans that tells their state."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.get_state_display()})"


class RoundForm(forms.ModelForm):
    """A new round of a programme, with the half year of today as a start."""

    grace_days = _grace_field()

    class Meta:
        model = ReportingRound
        fields = ["plan", "year", "half", "opens_on", "deadline", "grace_days"]
        widgets = {"half": forms.RadioSelect, "opens_on": _date_input(), "deadline": _date_input()}
        labels = {"half": "Welk half jaar?", "opens_on": "Opent op"}
        help_texts = {
            "opens_on": "Vandaag: de ronde gaat meteen open. Later: de ronde staat klaar en u opent die zelf.",
            "deadline": _DAY_HELP["deadline"],
        }

    def __init__(self, *args: Any, programme: Programme, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.programme = programme
        plans = Plan.objects.filter(programme=programme).exclude(state=Plan.State.CLOSED)
        self.fields["plan"] = PlanField(plans, label="Over welk plan gaat de ronde?", initial=plans.first())
        self.fields["plan"].help_text = "Alle doelen van dit plan komen in de ronde te staan."
        self.fields["year"].initial = today.year
        # Without the empty choice that Django adds before the first and the second half year.
        self.fields["half"].choices = ReportingRound.Half.choices  # type: ignore[attr-defined]
        self.fields["half"].initial = 1 if today.month <= 6 else 2
        self.fields["opens_on"].initial = today
        self.fields["deadline"].initial = today + datetime.timedelta(days=DAYS_TO_HAND_IN)
        self.fields["grace_days"].initial = GRACE_DAYS

    def _get_validation_exclusions(self) -> set[str]:
        # The programme is not a field, yet "one round a half year" needs it checked.
        return super()._get_validation_exclusions() - {"programme"}  # type: ignore[misc]


class RoundDaysForm(forms.Form):
    """The days of a round: when it opens, as long as it is only planned; the deadline and the days of grace."""

    opens_on = forms.DateField(
        label="Opent op",
        widget=_date_input(),
        help_text="Op deze dag opent u de ronde zelf, op de pagina van de ronde. Eerder mag ook.",
    )
    deadline = forms.DateField(label="Inleveren uiterlijk op", widget=_date_input(), help_text=_DAY_HELP["deadline"])
    grace_days = _grace_field()

    def __init__(self, *args: Any, round_: ReportingRound, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {name: getattr(round_, name) for name in self.fields}
        if round_.state != ReportingRound.State.PLANNED:
            del self.fields["opens_on"]


class RemindForm(forms.Form):
    """A reminder of the manager: what it says, and to whom. `choices` are keys of users with what is left for each."""

    subject = forms.CharField(label="Onderwerp", max_length=SUBJECT_LENGTH)
    text = forms.CharField(
        label="Tekst",
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=(
            "De mail begint met ‘Beste’ en de naam. Onder uw tekst komen de doelen die de ontvanger nog moet "
            "invullen, met een link naar elk doel."
        ),
    )
    recipients = forms.MultipleChoiceField(
        label="Aan wie?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Vink aan wie u wilt herinneren.",
            "invalid_choice": "Een van deze mensen hoeft niets meer in te vullen. Kies opnieuw.",
        },
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["recipients"].choices = choices  # type: ignore[attr-defined]
