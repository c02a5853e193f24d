"""Numbers as people here write them: 1.031 is a thousand and thirty-one, 48,33 a good forty-eight. Knows no Django."""

from __future__ import annotations

import re
from decimal import Decimal

# With four digits behind the comma: as many as SQLite gives back exactly as they were.
MOST_WHOLE_DIGITS = 11
_NUMBER = re.compile(r"(?P<sign>[-−]?)(?P<whole>[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:,(?P<part>[0-9]+))?")


class NoNumber(ValueError):
    """A text that is no number; str() is the sentence for who typed it."""


def parse_number(text: str, *, decimals: int) -> Decimal:
    """The number that `text` writes in Dutch, with at most `decimals` digits behind the comma. Raises NoNumber."""
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        raise NoNumber(
            f"‘{text.strip()[:40]}’ is geen getal zoals u dat hier schrijft. "
            "Gebruik een punt voor duizendtallen en een komma voor cijfers erachter, zoals 1.031 of 48,33."
        )
    part = match["part"] or ""
    if len(part) > decimals:
        allowed = f"hoogstens {decimals} {'cijfer' if decimals == 1 else 'cijfers'}" if decimals else "geen cijfers"
        raise NoNumber(f"Schrijf bij deze indicator {allowed} achter de komma.")
    whole = match["whole"].replace(".", "").lstrip("0") or "0"
    if len(whole) > MOST_WHOLE_DIGITS:
        raise NoNumber(f"Een getal heeft hoogstens {MOST_WHOLE_DIGITS} cijfers voor de komma.")
    return Decimal(f"{'-' if match['sign'] else ''}{whole}.{part or '0'}")


def places_of(value: Decimal) -> int:
    """How many digits `value` really has behind the comma, without the zeros at the end."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def number_label(value: Decimal, *, decimals: int = 0) -> str:
    """`value` in Dutch, "1.031" or "48,33": with `decimals` digits behind the comma, or more when it has more."""
    shown = f"{value:,.{max(decimals, places_of(value))}f}"
    return shown.translate(str.maketrans(",.", ".,"))


def value_label(value: Decimal, *, decimals: int, unit: str) -> str:
    """`value` with its unit: "48,33%", "50 mensen" or "28"."""
    number = number_label(value, decimals=decimals)
    if not unit:
        return number
    return f"{number}{unit}" if unit == "%" else f"{number} {unit}"
