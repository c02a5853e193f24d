"""The forms of a correction: one for each goal and each text that was chosen, and the reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from monitoring.corrections import Invalid, introductions_in
from monitoring.forms import TEXT_LIMIT, UpdateForm
from monitoring.held_back import HeldBack
from monitoring.held_text import HeldText, held_texts
from monitoring.models import Report
from monitoring.report.document import ReportDocument, ReportGoal, date_of
from monitoring.report.frozen import thaw
from monitoring.workflow import Content


class CorrectionForm(UpdateForm):
    """What the report says of one goal, as it was handed in or as it should be."""

    version = None  # type: ignore[assignment]  # there is an edition for all goals together

    def __init__(self, data: QueryDict | None, *, place: int, goal: ReportGoal) -> None:
        self.held: tuple[HeldText, ...] = ()
        self.place = place
        self.goal = goal
        said = Content(goal.status, goal.explanation, goal.next_steps, date_of(goal.forecast))
        super().__init__(data, prefix=f"doel-{place}", content=said, version=0)


class IntroductionForm(forms.Form):
    """An introduction, as it was adopted or as it should be. `place` 0 is that of the report, then those of themes."""

    text = forms.CharField(
        label="Tekst", max_length=TEXT_LIMIT, required=False, widget=forms.Textarea(attrs={"rows": 8})
    )

    def __init__(self, data: QueryDict | None, *, place: int, title: str, text: str) -> None:
        self.held: tuple[HeldText, ...] = ()
        self.place = place
        self.title = title
        super().__init__(data, prefix=f"tekst-{place}", initial={"text": text})


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


def text_titles(document: ReportDocument) -> list[str]:
    """What the introductions of a report are called, by place: that of the report itself, then those of its themes."""
    return ["Inleiding van het rapport", *(theme.title for theme in document.themes)]


class CorrectionForms:
    """All forms of one page together."""

    def __init__(self, data: QueryDict | None, *, newest: Report, places: list[int], texts: list[int]) -> None:
        document = thaw(newest.document)
        frozen, introductions = document.every_goal, introductions_in(document)
        titles = text_titles(document)
        self.reason_form = CorrectionReasonForm(data, initial={"edition": newest.edition})
        self.goals = [CorrectionForm(data, place=place, goal=frozen[place - 1]) for place in places]
        self.texts = [
            IntroductionForm(data, place=place, title=titles[place], text=introductions[place]) for place in texts
        ]
        self.no_bsn = data.getlist("no_bsn") if data is not None else []

    def __iter__(self) -> Any:
        return iter([*self.texts, *self.goals, self.reason_form])

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

    @property
    def introductions(self) -> dict[int, str]:
        """What each introduction is to say, by its place in the report."""
        return {form.place: form.cleaned_data["text"] for form in self.texts}

    def add_errors(self, invalid: Invalid) -> None:
        """Put each error where it belongs, with the texts that were held back."""
        for form in self.goals:
            self._add_error(form, invalid.goals.get(form.place))
        for text in self.texts:
            self._add_error(text, invalid.introductions.get(text.place))
        self._add_error(self.reason_form, invalid.reason)

    def _add_error(
        self, form: CorrectionForm | IntroductionForm | CorrectionReasonForm, error: ValidationError | None
    ) -> None:
        if isinstance(error, HeldBack):
            form.held = held_texts(form, error, no_bsn=self.no_bsn)
        if error is not None:
            form.add_error(None, error)

    @property
    def errors(self) -> list[Any]:
        """The bound fields with an error, of all forms."""
        return [field for form in self for field in form if field.errors]
