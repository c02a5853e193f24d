"""Two people at one form: where what was typed differs from what stands there now, and taking one of both.

What was typed at first goes along with the page, so that it can be taken back: nothing is saved by choosing.

This is for a form of one thing, such as a commitment or an indicator: it goes by the fields of the form, whatever they
are, dates and choices of many included. What is recorded on a goal has parts of several fields, and has
monitoring.differences.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format

from din.text import writable
from din.word_diff import Piece, word_diff

TAKE = "take"  # the button: the name of a field with "mine" or "theirs"
_FIRST = "mine-"


@dataclass(frozen=True)
class TwoTexts:
    """One field that differs: how it reads on both sides, and the values as the form sends them."""

    name: str
    label: str
    mine: tuple[Piece, ...]
    theirs: tuple[Piece, ...]
    my_values: tuple[str, ...]
    their_values: tuple[str, ...]

    @property
    def first_name(self) -> str:
        """The name under which what was typed at first goes along."""
        return f"{_FIRST}{self.name}"


def two_texts(form: forms.BaseForm, *, names: Collection[str] = ()) -> tuple[TwoTexts, ...]:
    """What differs in `form`, which holds what was typed over what stands there now; with `names` in these fields."""
    asked = [name for name in form.changed_data if not form[name].is_hidden and (not names or name in names)]
    found = (_two_texts(form, name) for name in asked)
    return tuple(one for one in found if _tidied(one.my_values) != _tidied(one.their_values))


def first_typed(data: QueryDict) -> QueryDict:
    """What was typed before one of both texts was taken."""
    first = data.copy()
    for name in data:
        if name.startswith(_FIRST):
            first.setlist(name.removeprefix(_FIRST), data.getlist(name))
    return first


def taken(data: QueryDict, differences: Sequence[TwoTexts]) -> QueryDict:
    """`data` with the side in it that the pressed button names."""
    chosen = data.copy()
    name, _, side = str(data[TAKE]).rpartition(":")
    for difference in differences:
        if difference.name == name:
            chosen.setlist(name, list(difference.their_values if side == "theirs" else difference.my_values))
    return chosen


def _two_texts(form: forms.BaseForm, name: str) -> TwoTexts:
    field, bound = form.fields[name], form[name]
    mine = _sent(field, bound.data)
    theirs = _sent(field, field.prepare_value(form.get_initial_for_field(field, name)))
    both = set(mine) & set(theirs) if _is_multiple(field) else set()
    shown = (_read(field, [value for value in side if value not in both]) for side in (mine, theirs))
    return TwoTexts(name, str(bound.label), *word_diff(*shown), tuple(mine), tuple(theirs))


def _tidied(values: Sequence[str]) -> list[str]:
    """As they would be stored: a browser ends its lines in another way."""
    return [writable(value).strip() for value in values]


def _is_multiple(field: forms.Field) -> bool:
    return isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField)


def _sent(field: forms.Field, value: Any) -> list[str]:
    """`value` as a browser sends it."""
    if isinstance(field, forms.BooleanField):
        return ["on"] if value else []
    if _is_multiple(field):
        return [str(one) for one in value or ()]
    formatted = field.widget.format_value(value)
    return [str(one) for one in formatted] if isinstance(formatted, list) else ["" if formatted is None else formatted]


def _read(field: forms.Field, values: list[str]) -> str:
    """`values` as people read them."""
    if isinstance(field, forms.BooleanField):
        return "ja" if values else "nee"
    if isinstance(field, forms.DateField):
        try:
            day = field.to_python(values[0])
        except forms.ValidationError:
            return values[0]
        return date_format(day, "j F Y") if day else ""
    choices = getattr(field, "choices", None)
    if choices is not None:
        return "\n".join(str(label) for value, label in choices if str(value) in values)
    return "\n".join(values)
