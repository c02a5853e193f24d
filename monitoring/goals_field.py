"""A form's field to tick goals."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

# The largest key that both databases can look for.
LARGEST_KEY = 2**63 - 1


class GoalsField(forms.ModelMultipleChoiceField):
    """Goals by key. A key that no database can hold is no goal; SQLite would raise an OverflowError."""

    def clean(self, value: Any) -> Any:
        """The goals with these keys. Raises ValidationError."""
        for key in value or ():
            if str(key).isdecimal() and int(str(key)[:20]) > LARGEST_KEY:
                raise ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": str(key)[:20]})
        return super().clean(value)
