"""How a value of the database stands in a cell of a table, and how a cell is read back.

A cell that makes no sense raises CellError with a sentence; nothing is guessed and nothing is dropped in silence.
"""

import datetime
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models
from django.utils import timezone
from import_export.widgets import ManyToManyWidget, Widget

from din.text import writable

_LARGEST = 2**63 - 1


class CellError(ValueError):
    """A cell cannot be read; str() is the sentence for the user."""


def is_empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def whole_number(value: object) -> int:
    """The whole number in a cell, which may be a number or a text; raises CellError."""
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(value, bool) or not number.is_finite() or abs(number) > _LARGEST or number != int(number):
        raise CellError(f"“{_shortened(value)}” is geen heel getal.")
    return int(number)


def number(value: object) -> Decimal:
    """The number in a cell: a number cell, or a text with a point or a comma before its fraction; raises CellError."""
    text = str(value).strip()
    try:
        found = Decimal(text.replace(",", ".") if "." not in text else text)
    except InvalidOperation:
        found = Decimal("NaN")
    if isinstance(value, bool) or not found.is_finite():
        raise CellError(f"“{_shortened(value)}” is geen getal. Schrijf het als 1031 of 48,33.")
    return found


def _shortened(value: object) -> str:
    text = str(value)
    return text if len(text) <= 50 else f"{text[:49]}…"


class Cell(Widget):
    """A value that is exported as it is, or as text in a format that knows only text."""

    def render(self, value: Any, obj: object = None, **kwargs: Any) -> Any:
        if value is None or kwargs.get("force_native_type"):
            return value
        return str(value)


class TextCell(Cell):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        if is_empty(value):
            return ""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return writable(str(value)).strip()


class WholeNumberCell(Cell):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int | None:
        return None if is_empty(value) else whole_number(value)


class NumberCell(Cell):
    """A number that people wrote down; what a spreadsheet holds as a binary fraction is read as it shows."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Decimal | None:
        return None if is_empty(value) else number(value)


class DateCell(Cell):
    """A date: a date cell, or a text like 2023-09-30 or 30-09-2023."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> datetime.date | None:
        if is_empty(value):
            return None
        if isinstance(value, datetime.datetime):
            return value.date()
        if isinstance(value, datetime.date):
            return value
        for form in ("%Y-%m-%d", "%d-%m-%Y", "%Y-%m-%d %H:%M:%S"):
            try:
                return datetime.datetime.strptime(str(value).strip(), form).date()
            except ValueError:
                continue
        raise CellError(f"“{_shortened(value)}” is geen datum. Schrijf die als 2023-09-30.")


class MomentCell(Cell):
    """A date and time, exported in local time; never read back."""

    def render(self, value: Any, obj: object = None, **kwargs: Any) -> Any:
        if value is None:
            return None
        local = timezone.localtime(value).replace(tzinfo=None, microsecond=0)
        return local if kwargs.get("force_native_type") else local.isoformat(sep=" ")


class TruthCell(Cell):
    """Ja or nee."""

    WORDS = {
        "ja": True,
        "waar": True,
        "true": True,
        "1": True,
        "nee": False,
        "onwaar": False,
        "false": False,
        "0": False,
    }

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        if is_empty(value):
            return False
        try:
            return self.WORDS[str(value).strip().casefold()]
        except KeyError:
            raise CellError(f"“{_shortened(value)}” is geen ja of nee.") from None

    def render(self, value: Any, obj: object = None, **kwargs: Any) -> Any:
        return None if value is None else "ja" if value else "nee"


class ChoiceCell(Cell):
    """One of a field's choices: its Dutch word goes out, and the word or the stored value comes in."""

    def __init__(self, choices: Iterable[tuple[Any, str]]) -> None:
        super().__init__()
        self.labels = {value: str(label) for value, label in choices}
        self.values = {str(value).casefold(): value for value in self.labels}
        self.values |= {label.casefold(): value for value, label in self.labels.items()}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        if is_empty(value):
            return ""
        text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
        try:
            return self.values[text.casefold()]
        except KeyError:
            known = ", ".join(self.labels.values())
            raise CellError(f"“{_shortened(value)}” staat niet in de lijst: {known}.") from None

    def render(self, value: Any, obj: object = None, **kwargs: Any) -> Any:
        return self.labels.get(value, value)


class ReferenceCell(Cell):
    """The id of one object of `model`."""

    def __init__(self, model: type[models.Model]) -> None:
        super().__init__()
        self.model = model
        self._known: dict[int, models.Model] = {}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> models.Model | None:
        if is_empty(value):
            return None
        pk = whole_number(value)
        if pk not in self._known:
            found = self.model._default_manager.filter(pk=pk).first()
            if found is None:
                raise CellError(f"Er is geen {self.model._meta.verbose_name} met id {pk}.")
            self._known[pk] = found
        return self._known[pk]

    def render(self, value: Any, obj: object = None, **kwargs: Any) -> Any:
        return super().render(None if value is None else value.pk, **kwargs)


class ReferencesCell(ManyToManyWidget):
    """The ids of any number of objects of `model`, with commas between."""

    def __init__(self, model: type[models.Model]) -> None:
        super().__init__(model)
        self._known: dict[int, models.Model] = {}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[models.Model]:
        if is_empty(value):
            return []
        if isinstance(value, str):
            pks = [whole_number(part) for part in value.replace(";", ",").split(",") if part.strip()]
        else:
            pks = [whole_number(value)]
        unknown = [pk for pk in pks if pk not in self._known]
        if unknown:
            self._known |= self.model._default_manager.in_bulk(unknown)
        if missing := [str(pk) for pk in pks if pk not in self._known]:
            raise CellError(f"Geen {self.model._meta.verbose_name_plural} met id {', '.join(missing)}.")
        return [self._known[pk] for pk in dict.fromkeys(pks)]

    def render(self, value: Any, obj: object = None, **kwargs: Any) -> str:
        return "" if value is None else ", ".join(str(pk) for pk in sorted(item.pk for item in value.all()))
