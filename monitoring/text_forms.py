"""The form of one text in the report of a round."""

from __future__ import annotations

from typing import Any

from django import forms

from monitoring.forms import TEXT_LIMIT
from monitoring.models import ReportText


class ReportTextForm(forms.Form):
    """A text, with the version that its writer saw. `stored` is what stands there at the start."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    text = forms.CharField(
        label="Tekst",
        max_length=TEXT_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Een lege regel begint een nieuwe alinea.",
    )

    def __init__(self, *args: Any, stored: ReportText, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"version": stored.version, "text": stored.text}
