"""What a page shows of texts that were held back: each with the spots marked, and the numbers that can be declared."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.forms import Form

from monitoring import privacy
from monitoring.held_back import HeldBack


@dataclass(frozen=True)
class HeldNumber:
    """A number that may be a BSN; `is_declared` when the writer has just said that it is none."""

    number: str
    is_declared: bool


@dataclass(frozen=True)
class HeldText:
    """One text that was held back, cut in pieces so that the finds can be marked."""

    label: str
    pieces: tuple[privacy.Piece, ...]
    numbers: tuple[HeldNumber, ...]


def held_texts(form: Form, held: HeldBack, *, no_bsn: Collection[str]) -> tuple[HeldText, ...]:
    """The texts of valid `form` that were held back, as they were typed; `no_bsn` is what the writer declared so far.

    A number that stands in two texts is asked about once. Comes before the errors are added to the form, which takes
    the texts out of it.
    """
    result = []
    asked: set[str] = set()
    for name in held.spots:
        text = form.cleaned_data[name]
        spots = privacy.find(text)
        found = dict.fromkeys(spot.number for spot in spots if spot.is_bsn)
        numbers = [number for number in found if number not in asked]
        asked.update(numbers)
        result.append(
            HeldText(
                label=str(form.fields[name].label),
                pieces=tuple(privacy.pieces(text, spots)),
                numbers=tuple(HeldNumber(number, number in no_bsn) for number in numbers),
            )
        )
    return tuple(result)
