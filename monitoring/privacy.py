"""Finding personal data in a text that is about to be recorded. Knows no Django.

Held back are citizen service numbers (nine digits that pass the eleven-test), e-mail addresses, telephone numbers and
IBANs. A number that passes the eleven-test by chance, as one in eleven does, can be declared to be no BSN by who writes
it. Numbers of public desks (14 010, 0800, 0900) are no personal data, nor is an amount behind a euro sign.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What was found; the value is its word on screen."""

    BSN = "burgerservicenummer"
    EMAIL = "e-mailadres"
    PHONE = "telefoonnummer"
    IBAN = "rekeningnummer"


@dataclass(frozen=True)
class Spot:
    """One find: `text[start:end]` of the text that was searched."""

    kind: Kind
    start: int
    end: int
    text: str

    @property
    def is_bsn(self) -> bool:
        return self.kind is Kind.BSN

    @property
    def number(self) -> str:
        """The digits of the find as ASCII, however they were written or divided."""
        return _digits(self.text)


@dataclass(frozen=True)
class Piece:
    """A piece of a text, with the find that it is, if it is one."""

    text: str
    spot: Spot | None = None


# The lengths keep each search linear in the length of the text.
_EMAIL = re.compile(r"[\w.+'-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}\b")
_IBAN = re.compile(r"(?<![^\W_])[A-Za-z]{2}\d{2}(?:[ .-]?[A-Za-z0-9]){11,30}(?![^\W_])")
# No find runs over the end of a line: a list of numbers is no telephone number.
_PHONE = re.compile(
    r"(?<![\w+€])(?:"
    r"(?:\+|00)[ \xa0]?31[ \xa0.-]?(?:\(0\)[ \xa0.-]?)?[1-9](?:[ \xa0.-]?\d){8}"
    r"|\+(?!31)[1-9]\d{0,2}(?:[ \xa0.()-]{0,2}\d){7,12}"
    r"|\(?0(?!0|800|900|906|909)[1-9]\d{0,2}\)?(?:[ \xa0./-]{0,3}\d){6,8}"
    r")(?!\w)"
)
_NINE_DIGITS = re.compile(r"(?<![\w,])(?<!\d[.-])\d(?:[ \xa0.-]?\d){8}(?!\w|[.,-]\d)")
_AMOUNT = re.compile(r"(?:€|\bEUR|\beuro)\s?$", re.IGNORECASE)

_PHONE_DIGITS = 10
_SHORTEST_IBAN = 15


def find(text: str) -> list[Spot]:
    """Return the personal data in `text`, in its order; no two finds overlap."""
    found: list[Spot] = []
    for kind, search in _SEARCHES:
        for start, end in search(text):
            if all(end <= other.start or start >= other.end for other in found):
                found.append(Spot(kind, start, end, text[start:end]))
    return sorted(found, key=lambda spot: spot.start)


def pieces(text: str, spots: Iterable[Spot]) -> list[Piece]:
    """Cut `text` at `spots` (in its order), so that a page can mark them."""
    result, at = [], 0
    for spot in spots:
        if spot.start > at:
            result.append(Piece(text[at : spot.start]))
        result.append(Piece(spot.text, spot))
        at = spot.end
    if at < len(text):
        result.append(Piece(text[at:]))
    return result


def held_back(text: str, *, no_bsn: Collection[str] = ()) -> list[Spot]:
    """The finds for which `text` cannot be recorded. `no_bsn` are the numbers known to be no BSN, as nine digits."""
    return [spot for spot in find(text) if not (spot.is_bsn and spot.number in no_bsn)]


def numbers(text: str) -> set[str]:
    """The numbers in `text` that could be a BSN, as nine digits."""
    return {spot.number for spot in find(text) if spot.is_bsn}


def declaration(numbers: Iterable[str]) -> str:
    """What the trail says of numbers that were declared to be no BSN. It never forgets, so it keeps no whole one."""
    return "".join(f"Verklaard: het getal op {number[-3:]} is geen BSN." for number in sorted(numbers))


def sentence(spots: Iterable[Spot]) -> str:
    """What the writer reads: what was found, where, and what to do."""
    unique = dict.fromkeys(f"een {spot.kind} (“{spot.text}”)" for spot in spots)
    return (
        f"In deze tekst staat {' en '.join(unique)}. Het rapport gaat naar de raad en is openbaar: "
        "haal persoonsgegevens weg of schrijf het anders op."
    )


def _emails(text: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in _EMAIL.finditer(text))


def _ibans(text: str) -> Iterator[tuple[int, int]]:
    """ISO 13616: the first four signs moved to the end, letters as numbers from 10, modulo 97 is 1."""
    for match in _IBAN.finditer(text):
        start, last = match.span()
        # Words behind the number may look like a part of it: the longest part that is a number counts.
        for end in range(last, start + _SHORTEST_IBAN - 1, -1):
            signs = [sign for sign in text[start:end].upper() if sign.isalnum()]
            whole = end == last or not text[end].isalnum()
            if whole and int("".join(str(int(sign, 36)) for sign in signs[4:] + signs[:4])) % 97 == 1:
                yield start, end
                break


def _phones(text: str) -> Iterator[tuple[int, int]]:
    """A number within the country has ten digits with its zero; one with a country code is as its pattern says."""
    for match in _PHONE.finditer(text):
        number = _digits(match.group())
        if match.group().startswith("+") or number.startswith("00") or len(number) == _PHONE_DIGITS:
            yield match.span()


def _bsns(text: str) -> Iterator[tuple[int, int]]:
    """The eleven-test: 9 x the first digit + 8 x the second + … + 2 x the eighth - the ninth is a multiple of 11."""
    for match in _NINE_DIGITS.finditer(text):
        digits = [int(sign) for sign in _digits(match.group())]
        total = sum(weight * digit for weight, digit in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), digits, strict=True))
        is_amount = _AMOUNT.search(text, max(0, match.start() - 6), match.start())
        if any(digits) and total % 11 == 0 and not is_amount:
            yield match.span()


def _digits(text: str) -> str:
    return "".join(str(int(sign)) for sign in text if sign.isdecimal())


# In this order: the digits of an IBAN are no telephone number, those of a telephone number no BSN.
_SEARCHES: tuple[tuple[Kind, Callable[[str], Iterator[tuple[int, int]]]], ...] = (
    (Kind.EMAIL, _emails),
    (Kind.IBAN, _ibans),
    (Kind.PHONE, _phones),
    (Kind.BSN, _bsns),
)
