"""Model fields for text that people type or that a workbook brings."""

from typing import Any

from django.db import models

from din.text import writable


class _Writable:
    """Cleans on every road into the database: forms, admin, imports and bulk writes alike."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)  # type: ignore[misc]
        return writable(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)  # type: ignore[misc]
        return writable(value) if isinstance(value, str) else value


class PlainTextField(_Writable, models.TextField):
    """Text of any length."""


class PlainCharField(_Writable, models.CharField):
    """Text of one line."""
