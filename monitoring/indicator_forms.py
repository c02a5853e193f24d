"""Forms about indicators: they turn text into typed values. Numbers are written in Dutch: 1.031 and 48,33."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from din.models import Goal, Owner, Plan, Programme, Theme
from monitoring.goals_field import GoalsField
from monitoring.indicator_changes import Promise, stand_of
from monitoring.measurements import Reading
from monitoring.models import Indicator, Measurement, Target
from monitoring.models.indicator import MOST_DECIMALS
from monitoring.numbers_in_dutch import NoNumber, number_label, parse_number
from monitoring.periods import MONTHS_IN_A_YEAR, Period, last_ended_by, parse_period

NOTE_LIMIT = 10_000
YEARS_BACK = 8


class NumberField(forms.CharField):
    """A number as it is written here; its value is a Decimal, or None without one."""

    def __init__(self, *, decimals: int = MOST_DECIMALS, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.decimals = decimals
        self.widget.attrs["inputmode"] = "decimal"

    def to_python(self, value: Any) -> Any:
        """The Decimal that was typed. Raises ValidationError with an example."""
        text = super().to_python(value)
        if not text:
            return None
        try:
            return parse_number(text, decimals=self.decimals)
        except NoNumber as problem:
            raise ValidationError(str(problem)) from None

    def prepare_value(self, value: Any) -> Any:
        return number_label(value) if isinstance(value, Decimal) else value


def _day_field(label: str, **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


def value_field(indicator: Indicator, label: str, **kwargs: Any) -> NumberField:
    """A value of `indicator`, with its unit beside the label."""
    unit = f" ({indicator.unit})" if indicator.unit else ""
    return NumberField(label=f"{label}{unit}", decimals=indicator.decimals, **kwargs)


class IndicatorForm(forms.ModelForm):
    """An indicator, or a part of one: a part has no theme, owner or goals of its own.

    `goal` is ticked to begin with.
    """

    WHOLE_ONLY = ("theme", "owner", "is_key", "goals")

    baseline = NumberField(label="Nulmeting", required=False, help_text="Waar het begon, bijvoorbeeld 1.031 of 48,33.")
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Indicator
        fields = [
            "name",
            "description",
            "theme",
            "unit",
            "decimals",
            "direction",
            "frequency",
            "aggregation",
            "baseline",
            "baseline_day",
            "is_key",
            "owner",
            "source",
            "position",
            "goals",
        ]
        widgets = {
            "description": forms.Textarea(attrs={"rows": 3}),
            "baseline_day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "goals": forms.CheckboxSelectMultiple,
        }
        field_classes = {"goals": GoalsField}
        help_texts = {"aggregation": "Wat de perioden van een jaar samen zeggen."}

    def __init__(
        self, *args: Any, programme: Programme, part_of: Indicator | None = None, goal: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.instance.programme, self.instance.part_of = programme, part_of
        self.initial["seen"] = stand_of(self.instance)
        if self.instance.part_of is not None:
            for name in self.WHOLE_ONLY:
                del self.fields[name]
            return
        fields: Any = self.fields
        fields["theme"].queryset = Theme.objects.filter(programme=programme)
        fields["theme"].empty_label = "Hele programma"
        fields["owner"].queryset = Owner.objects.filter(programme=programme).order_by("name")
        fields["owner"].empty_label = "Nog niemand"
        goals = Goal.objects.filter(plan__programme=programme).exclude(plan__state=Plan.State.CLOSED)
        chosen = Goal.objects.filter(indicators=self.instance.pk or 0)
        both = (goals | Goal.objects.filter(pk__in=chosen.values("pk"))).select_related("theme", "plan")
        fields["goals"].queryset = both.order_by("plan__first_year", "theme__position", "number", "pk")
        if goal:
            self.initial["goals"] = [goal]
        fields["goals"].label_from_instance = lambda goal: f"{goal.reference} {goal}".strip()

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        # A name is taken within the programme, which is no field of the form.
        if not self.errors:
            try:
                self.instance.full_clean()
            except ValidationError as error:
                self._update_errors(error)  # type: ignore[attr-defined]


class TargetForm(forms.Form):
    """A target: a day and a value, and an upper bound where the indicator must stay within bounds."""

    def __init__(self, *args: Any, indicator: Indicator, target: Target | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        has_bounds = indicator.direction == Indicator.Direction.WITHIN
        fields: dict[str, forms.Field] = {
            "last_day": _day_field("Te halen op", help_text="De laatste dag van de periode, zoals 31 december."),
            "value": value_field(indicator, "Ondergrens" if has_bounds else "Streefwaarde"),
        }
        if has_bounds:
            fields["upper"] = value_field(indicator, "Bovengrens", required=False)
        fields["source"] = forms.CharField(
            label="Bron", max_length=300, required=False, help_text="Waar dit is afgesproken."
        )
        if target is not None:
            fields["reason"] = forms.CharField(
                label="Reden van de herziening",
                max_length=NOTE_LIMIT,
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text="Iedereen kan deze reden lezen. De oude streefwaarde blijft erbij staan.",
            )
            self.initial = {"last_day": target.last_day, "value": target.value, "upper": target.upper}
        self.fields.update(fields)

    @property
    def promise(self) -> Promise:
        """The target of a valid form."""
        data = self.cleaned_data
        return Promise(data["last_day"], data["value"], data.get("upper"), data["source"])


class MeasurementForm(forms.Form):
    """What was measured: over a period that is chosen for a new one, with the version that was seen for one that is."""

    def __init__(
        self,
        *args: Any,
        indicator: Indicator,
        today: datetime.date,
        measurement: Measurement | None = None,
        is_public: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, forms.Field] = {}
        if measurement is None:
            choices = [(period.code, period.label) for period in periods_to_choose(indicator, today=today)]
            fields["period"] = forms.ChoiceField(label="Periode", choices=choices)
        else:
            fields["version"] = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
        fields["value"] = value_field(indicator, "Waarde", help_text="Bijvoorbeeld 1.031 of 48,33.")
        fields["source"] = forms.CharField(
            label="Bron", max_length=300, required=False, help_text="Waar het cijfer vandaan komt."
        )
        fields["note"] = forms.CharField(
            label="Opmerking",
            max_length=NOTE_LIMIT,
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=(
                "De raad kan deze meting al lezen: schrijf hier waarom u haar wijzigt."
                if is_public
                else "Iedereen die de meting ziet, kan dit lezen."
            ),
        )
        self.fields.update(fields)
        if measurement is not None:
            self.fields["note"].needed_later = is_public  # type: ignore[attr-defined]
            self.initial = {
                "version": measurement.version,
                "value": measurement.value,
                "source": measurement.source,
                "note": measurement.note,
            }

    @property
    def period(self) -> Period:
        return parse_period(self.cleaned_data["period"])

    @property
    def reading(self) -> Reading:
        """What was measured, of a valid form."""
        data = self.cleaned_data
        return Reading(data["value"], data["source"], data["note"])


def periods_to_choose(indicator: Indicator, *, today: datetime.date) -> list[Period]:
    """The periods of the indicator's frequency that have ended, the latest first, YEARS_BACK years back."""
    period = last_ended_by(today, indicator.frequency)
    periods = [period]
    for _ in range(YEARS_BACK * MONTHS_IN_A_YEAR // period.months - 1):
        periods.append(periods[-1].preceding)
    return periods
