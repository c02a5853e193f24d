"""Model fields for text that people type or that a workbook brings."""

import re
from typing import Any

from django.db import models

# Characters that no XML file can hold: they crash the writers of Word and Excel files. Tab, line feed and carriage
# return stay.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def writable(text: str) -> str:
    """`text` without the characters that no XML file can hold, line ends as a line feed."""
    return _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


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
