"""Recognise column headers: which level a header names, and how specifically (contract, Layouts, the table)."""

import re
from functools import lru_cache
from typing import NamedTuple

from din.text import clean

THEME, TAGS = "theme", "focus_areas"
LEVEL_COLUMNS = frozenset({"ambition", "er_goal", "smart_goal", "effort"})

# Pattern of a header without spaces, hyphens, years and notes -> level and how specific it is (higher counts).
_SYNONYMS: tuple[tuple[str, str, int], ...] = (
    ("ambities?(?:programma)?", "ambition", 3),
    ("dromen|droom", "ambition", 2),
    ("stip(?:pen)?op(?:de)?horizon", "ambition", 2),
    ("erdoel(?:en)?|erdoelstelling(?:en)?", "er_goal", 3),
    ("algemenedoel(?:en|stelling(?:en)?)|algemeendoel", "er_goal", 2),
    ("smartdoel(?:en)?|smartdoelstelling(?:en)?|smart|smartresulta(?:at|ten)", "smart_goal", 3),
    ("smartgeformuleerde?doel(?:en|stelling(?:en)?)?", "smart_goal", 3),
    ("(?:beoogde?|gewenste?)?(?:resultaat|resultaten)", "smart_goal", 2),
    ("(?:concrete?|jaar|sub)?doel(?:en)?|doelstelling(?:en)?", "smart_goal", 1),
    ("inspanning(?:en)?", "effort", 3),
    ("acties?|actiepunt(?:en)?|activiteit(?:en)?|acties(?:en)?activiteiten", "effort", 2),
    ("wat(?:gaan|moeten)wedoen|watdoenwe(?:daarvoor)?|watgaanwe(?:daarvoor|ervoor|hiervoor)doen", "effort", 1),
    ("nr|nrs|nummer|volgnummer|volgnr|doelnummer|doelnr", "number", 2),
    ("planning|deadline|wanneer|gereed|kwartaal|tijdpad|tijdspad|tijdsplanning|termijn|gereed(?:op|per|in|voor)?|einddatum|"
     "opleverdatum|streefdatum|wanneergereed|wanneerklaar|klaar", "deadline", 2),
    ("eigenaar|eigenaars|eigenaren|doeleigenaar|verantwoordelijke?|verantwoordelijken|trekkers?|wie|actiehouders?|"
     "wiedoethet|wieisverantwoordelijk|verantwoordelijkeafdeling", "owner", 2),
    ("pijlers?|themas?|actielijn(?:en)?|pijlersthemas", THEME, 3),
    ("onderde(?:el|len)", THEME, 2),
    ("speerpunt(?:en)?", "speerpunt", 1),
)  # fmt: skip
_ANY_SYNONYM = re.compile("|".join(f"(?P<s{place}>{pattern})" for place, (pattern, _, _) in enumerate(_SYNONYMS)))
_ENDING = re.compile(rf"(?:{'|'.join(pattern for pattern, _, _ in _SYNONYMS)})(?:en|of|\d)*$")
_LONGEST_SYNONYM = 40

EXPECTED_HEADERS = "Pijler of Thema, Ambitie, ER-doelen, Nr., SMART-doelen, Planning, Eigenaar, Inspanningen, Trekker"

_YEARS = re.compile(r"(?:\b|(?<=\D))(?:19|20)\d\d(?:\s*[-–/]\s*(?:20)?\d\d)?\b")
_ENDING_IN_BRACKETS = re.compile(r"(?<=\w)\s?\(-?(en|e|s|'s|’s|n|ën)\)", re.IGNORECASE)
_BRACKETS = re.compile(r"[(\[]([^)\]]*)[)\]]?")
_LEADING_NUMBER = re.compile(r"^(?:\d{1,2}|[a-z])[.)]\s+", re.IGNORECASE)
_KIND_OF_HEADER = {
    "pijler": "pijler", "pijlers": "pijler", "thema": "thema", "themas": "thema", "speerpunt": "speerpunt",
    "speerpunten": "speerpunt", "actielijn": "actielijn", "actielijnen": "actielijn",
}  # fmt: skip
# How every synonym begins: sorts out goals and efforts before the costly look, in workbooks of thousands of rows.
_BEGINNINGS = re.compile(
    r"\d{0,2}[a-z]?(?:ambit|dro|stip|er|algeme|smart|beoogd|gewenst|result|concre|jaar|sub|doel|inspan|acti|wat|nr|num|volgn|"
    r"plan|dead|wanneer|gereed|kwart|tijd|termijn|eind|oplever|streef|klaar|eigen|verantw|trekker|wie|pijler|thema|onderd|speerp)"
)
_NOT_WORD = re.compile(r"[\W_]+")
_BEYOND_LETTERS = re.compile(r"[(\[#]")
_MOST_CHARACTERS = 120
_NUMBER_SIGN = "#"


class Header(NamedTuple):
    """What a header names: a level (or "owner", "speerpunt"), how specific it is, and whether it is exactly that.

    `kind` is the kind of theme when the header names just one ("Pijler").
    """

    level: str
    rank: float
    exact: bool
    kind: str | None = None


@lru_cache(maxsize=20_000)
def recognise(text: str) -> Header | None:
    """Return what a header cell names, or None.

    Letter case, hyphens, line breaks, years and a note behind it make no difference: "SMART-\\ndoel(en) 2023
    (concept)" is the SMART goal. A header that only begins with a synonym ("Inspanningen voor bewoners") is recognised
    inexactly.
    """
    parts = _parts(text)
    exact = _wholes(parts)
    if exact:
        return _most_exact(parts, exact)
    return _beginning(parts[0]) if parts else None


@lru_cache(maxsize=20_000)
def recognise_exactly(text: str) -> Header | None:
    """Return what `recognise` does where that is exact, else None: quicker, for the many texts below a header."""
    if len(text) > _MOST_CHARACTERS or not (
        _BEYOND_LETTERS.search(text) or _ENDING.search(_NOT_WORD.sub("", text.casefold()))
    ):
        return None
    parts = _parts(text)
    exact = _wholes(parts)
    return _most_exact(parts, exact) if exact else None


def _parts(text: str) -> list[str]:
    """Return a header's text without years and notes, and each note in brackets; nothing for what surely is none."""
    if not text or len(text) > _MOST_CHARACTERS:
        return []
    if text.strip(" .:") == _NUMBER_SIGN:
        return [_NUMBER_SIGN]
    if "(" not in text and "[" not in text and not _BEGINNINGS.match(_NOT_WORD.sub("", text[:40].casefold())):
        return []
    plain = _ENDING_IN_BRACKETS.sub(r"\1", clean(text).casefold())
    plain = _LEADING_NUMBER.sub("", plain)
    in_brackets = [found.group(1) for found in _BRACKETS.finditer(plain)]
    return [_YEARS.sub(" ", _BRACKETS.sub(" ", plain)).strip(), *in_brackets]


def _wholes(parts: list[str]) -> list[Header]:
    if parts == [_NUMBER_SIGN]:
        return [Header("number", 2, True)]
    return [header for header in map(_whole, parts) if header]


def _most_exact(parts: list[str], exact: list[Header]) -> Header | None:
    """A note in brackets may say it more precisely: "Wat doen we? (inspanningen)", but never turns it into a detail."""
    if len(parts) > 1 and _whole(parts[0]) is None and exact[0].level not in LEVEL_COLUMNS:
        return None
    best = max(exact, key=lambda header: (header.level in LEVEL_COLUMNS, header.rank))
    return best if best.level in LEVEL_COLUMNS else exact[0]


def _whole(text: str) -> Header | None:
    """Recognise a header that is a synonym, or several of one level ("Pijler/thema", "Acties en activiteiten")."""
    compact = _NOT_WORD.sub("", _YEARS.sub(" ", text))
    single = _lookup(compact)
    if single:
        return Header(single[0], single[1] + 0.5, True, _KIND_OF_HEADER.get(compact))
    parts = [_NOT_WORD.sub("", part) for part in re.split(r"[/&+,:|–]|\ben\b|\bof\b|\s-\s", text)]
    found = [_lookup(part) for part in parts if part]
    levels = {entry[0] if entry else None for entry in found}
    if len(found) < 2 or None in levels:
        return None
    if levels == {THEME, "speerpunt"}:
        levels = {THEME}
    if len(levels) != 1:
        return None
    return Header(levels.pop() or "", max(entry[1] for entry in found if entry) + 0.5, True)


def _beginning(text: str) -> Header | None:
    words = text.split()
    if len(words) > 10:
        return None
    for count in range(len(words) - 1, 0, -1):
        found = _whole(" ".join(words[:count]))
        if found:
            if found.level == "number" and re.search(r"inspanning|acti", text):
                return None
            return Header(found.level, found.rank - 0.5, False, found.kind)
    return None


def _lookup(compact: str) -> tuple[str, int] | None:
    found = _ANY_SYNONYM.fullmatch(compact) if len(compact) <= _LONGEST_SYNONYM else None
    if found is None:
        return None
    _, level, rank = _SYNONYMS[int((found.lastgroup or "")[1:])]
    return level, rank


def counts_quarters(text: str) -> bool:
    """Tell whether a deadline column is headed "Kwartaal", so that a bare 3 in it is the third quarter."""
    return bool(re.search(r"kwartaal|\bkw\b|\bq\b", text, re.IGNORECASE))


def names_years(text: str) -> tuple[int, int] | None:
    """Return the first and last year that a header names ("Doelen 2023-2026"), or None."""
    years = [int(year) for year in re.findall(r"(?<!\d)20\d\d(?!\d)", text)]
    return (min(years), max(years)) if years else None
