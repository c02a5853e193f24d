"""The forms of a correction: one for each goal that was chosen, and the reason."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from monitoring.corrections import Invalid
from monitoring.forms import TEXT_LIMIT, UpdateForm
from monitoring.held_back import HeldBack
from monitoring.held_text import HeldText, held_texts
from monitoring.models import Report
from monitoring.report.document import ReportGoal
from monitoring.report.frozen import thaw
from monitoring.workflow import Content


class CorrectionForm(UpdateForm):
    """What the report says of one goal, as it was handed in or as it should be."""

    version = None  # type: ignore[assignment]  # there is an edition for all goals together

    def __init__(self, data: QueryDict | None, *, place: int, goal: ReportGoal) -> None:
        self.held: tuple[HeldText, ...] = ()
        self.place = place
        self.goal = goal
        forecast = datetime.date.fromisoformat(goal.forecast) if goal.forecast else None
        said = Content(goal.status, goal.explanation, goal.next_steps, forecast)
        super().__init__(data, prefix=f"doel-{place}", content=said, version=0)


class CorrectionReasonForm(forms.Form):
    """Why the report is corrected, with the edition that the manager saw."""

    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=32_767)
    reason = forms.CharField(
        label="Waarom corrigeert u het rapport?",
        max_length=TEXT_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Iedereen die het rapport leest, ziet deze reden bij de nieuwe editie.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held: tuple[HeldText, ...] = ()
        self.fields["reason"].needed_later = True  # type: ignore[attr-defined]


class CorrectionForms:
    """All forms of one page together."""

    def __init__(self, data: QueryDict | None, *, newest: Report, places: list[int]) -> None:
        frozen = thaw(newest.document).every_goal
        self.reason_form = CorrectionReasonForm(data, initial={"edition": newest.edition})
        self.goals = [CorrectionForm(data, place=place, goal=frozen[place - 1]) for place in places]
        self.no_bsn = data.getlist("no_bsn") if data is not None else []

    def __iter__(self) -> Any:
        return iter([*self.goals, self.reason_form])

    def is_valid(self) -> bool:
        results = [form.is_valid() for form in self]  # each of them, so that all errors are shown at once
        return all(results)

    @property
    def edition(self) -> int:
        return self.reason_form.cleaned_data["edition"]

    @property
    def reason(self) -> str:
        return self.reason_form.cleaned_data["reason"]

    @property
    def content(self) -> dict[int, Content]:
        """What each goal is to say, by its place in the report."""
        return {form.place: form.content for form in self.goals}

    def add_errors(self, invalid: Invalid) -> None:
        """Put each error where it belongs, with the texts that were held back."""
        for form in self.goals:
            self._add_error(form, invalid.goals.get(form.place))
        self._add_error(self.reason_form, invalid.reason)

    def _add_error(self, form: CorrectionForm | CorrectionReasonForm, error: ValidationError | None) -> None:
        if isinstance(error, HeldBack):
            form.held = held_texts(form, error, no_bsn=self.no_bsn)
        if error is not None:
            form.add_error(None, error)

    @property
    def errors(self) -> list[Any]:
        """The bound fields with an error, of all forms."""
        return [field for form in self for field in form if field.errors]
