"""Recognise a theme in what people write: its kind, number and name (contract, Layouts)."""

import re
from typing import NamedTuple

from din.text import one_line

KINDS = ("pijler", "thema", "speerpunt", "actielijn", "doelgroep")
_KIND = "|".join(KINDS)
# "55+" and "18-27 jaar" say who a theme is for, not which one it is.
_NUMBER = r"\d{1,2}(?!\d|[+%]|\s?[-–]\s?\d|\s(?:jaar|tot)\b)|[IVX]{1,4}(?![\w])"
# A kind ends there: "themadag" and "Thema-avond" are other words, "Pijler1" and "Pijler-1" are not.
_KIND_ENDS = r"(?!['’_]|-?[^\W\d])"
_SEPARATOR = r"[\s.:)\]|–—-]*"
_ROMAN = {"I": 1, "V": 5, "X": 10}

_WITH_KIND = re.compile(
    rf"(?P<kind>{_KIND}){_KIND_ENDS}[\s-]*(?:nr\.?|nummer)?\s*(?P<number>{_NUMBER})?(?P<separator>{_SEPARATOR})(?P<name>.*)",
    re.IGNORECASE,
)
_SHORT = re.compile(rf"(?P<kind>[PT])\s?(?P<number>\d{{1,2}})(?![\w])(?P<separator>{_SEPARATOR})(?P<name>.*)")
_NUMBERED = re.compile(r"(?P<number>\d{1,2})(?:\s*[.:)]\s*|\s+[-–]\s*|\s+(?=[A-ZÀ-Þ]))(?P<name>[^\W\d].*)")
_KIND_BEHIND = re.compile(rf"(?P<name>.+?)\s*\(\s*(?P<kind>{_KIND})\s*(?P<number>\d{{1,2}})?\s*\)", re.IGNORECASE)
_PROGRAMME = re.compile(
    r"(?:het\s+)?(?:programma(?:\s?-?\s?bre(?:ed|de))?|algemeen|overkoepelend)"
    r"(?:\s+(?:programma|thema|onderdeel|doelen|ambities?|deel))?[\s.:]*",
    re.IGNORECASE,
)  # fmt: skip
_IN_TITLE = re.compile(
    rf"(?:^|[\s–—|:,;(/-])(?P<label>(?:(?:{_KIND}){_KIND_ENDS}|[PT]\s?(?=\d{{1,2}}(?!\w))).*)$", re.IGNORECASE
)
_TITLE_MARK = re.compile(r"(?:^|[–—|:,;(/-]|\d{4}|\bDIN)\s*$", re.IGNORECASE)
# "pijler 3 en 4": a sentence about several themes, unless a name follows.
_SEVERAL = re.compile(r"(?:en|of|t/m|&)\s+\d+(?!\s*[:–-])", re.IGNORECASE)
_PLAN_WORDS_BEHIND = re.compile(
    r"[\s,–—|(/-]*(?:\b(?:DIN|jaarplan|plan van aanpak|werkplan|actieplan|concept|definitief)\b[\s–—-]*)+"
    r"\d{0,4}[\s)]*$",
    re.IGNORECASE,
)
_PLAN_WORDS_BEFORE = re.compile(r"^(?:DIN|jaarplan)(?:[\s_–—-]+|$)(?:20\d\d[\s_–—-]*)?(?:[–—:-]\s*)?", re.IGNORECASE)
_DEFAULT_SHEET = re.compile(
    r"(?:blad|sheet|werkblad|tabblad|tabel|table|feuil|tabelle|hoja)\s*\d*(?:\s*\(\d+\))?|[\d\s\W_]*|"
    r"(?:kopie|copy)\b.*|(?:din|jaarplan|plan|export|data|totaal|overzicht|doelen|matrix|netwerk|tabel)[\s_–—-]*(?:20\d\d)?",
    re.IGNORECASE,
)


class ThemeName(NamedTuple):
    """A theme as written in one place; `kind` and `number` are None where that place does not say them."""

    kind: str | None
    number: int | None
    name: str


class Programme:
    """What stands here belongs to the programme as a whole ("Programma", "Algemeen")."""

    def __repr__(self) -> str:
        return "PROGRAMME"


PROGRAMME = Programme()


def theme_in_cell(text: str) -> ThemeName | Programme | None:
    """Return the theme that the cell of a theme column names: any text is one."""
    text = one_line(text).strip()
    if not text:
        return None
    if _PROGRAMME.fullmatch(text):
        return PROGRAMME
    labelled = labelled_theme(text)
    if labelled:
        return labelled
    numbered = _NUMBERED.fullmatch(text)
    if numbered:
        return ThemeName(None, int(numbered["number"]), _name(numbered["name"]))
    return ThemeName(None, None, _name(text))


def labelled_theme(text: str) -> ThemeName | None:
    """Return the theme when the text begins with its kind ("Pijler 2: Huisvesting", "P2 Huisvesting"), else None."""
    text = one_line(text)
    behind = _KIND_BEHIND.fullmatch(text)
    if behind:
        return ThemeName(behind["kind"].lower(), _number(behind["number"]), _name(behind["name"]))
    found = _WITH_KIND.fullmatch(text) or _SHORT.fullmatch(text)
    if not found:
        return None
    kind = {"p": "pijler", "t": "thema"}.get(found["kind"].lower(), found["kind"].lower())
    number = _number(found["number"])
    name = _name(found["name"])
    if not name and number is None:
        return None
    return ThemeName(kind, number, name or f"{kind.capitalize()} {number}")


def is_firmly_labelled(text: str) -> bool:
    """Tell whether a kind stands with a number or a colon, so that the text is hardly a sentence by chance
    ("Thema 1 is besproken.").
    """
    found = _WITH_KIND.fullmatch(one_line(text)) or _SHORT.fullmatch(one_line(text))
    if not found or len(text) > 120:
        return False
    return bool(found["separator"].strip() or (found["number"] and not text.endswith(".")))


def reads_as_heading(text: str) -> bool:
    """Tell whether a text that begins with a kind reads as a heading ("Thema Wonen"), not as a sentence."""
    found = _WITH_KIND.fullmatch(one_line(text))
    return bool(found and found["name"][:1].isupper() and len(text.split()) <= 7 and not text.endswith("."))


def is_programme(text: str) -> bool:
    """Tell whether the text says that what follows belongs to the programme as a whole."""
    return bool(_PROGRAMME.fullmatch(one_line(text)))


def theme_in_title(text: str, year: int) -> ThemeName | None:
    """Return the theme in a title above a table ("DIN 2023 – Pijler 4 Inkomen"), or None.

    A kind counts at the start or behind a separator, or anywhere with a number beside it; a sentence is no title.
    """
    text = one_line(text)
    if len(text) > 120:
        return None
    for found in _IN_TITLE.finditer(text):
        label = found["label"]
        before = text[: found.start("label")]
        if not (_TITLE_MARK.search(before) or (is_firmly_labelled(label) and not text.endswith("."))):
            continue
        theme = labelled_theme(_without_plan_words(label, year))
        if theme and not _SEVERAL.match(theme.name) and len(theme.name.split()) <= 12:
            return theme
    return None


def theme_in_sheet_name(name: str, year: int) -> ThemeName | Programme | None:
    """Return the theme when a sheet's name tells it with a kind, or that it is the programme as a whole."""
    name = _PLAN_WORDS_BEFORE.sub("", one_line(name.replace("_", " ")))
    if is_programme(name):
        return PROGRAMME
    return labelled_theme(_without_plan_words(name, year))


def theme_of_bare_sheet_name(name: str, year: int) -> ThemeName | None:
    """Return a sheet's bare name as a theme; None for names that programs and habit give ("Blad1", "DIN 2023")."""
    name = one_line(name.replace("_", " "))
    if _DEFAULT_SHEET.fullmatch(name):
        return None
    name = _without_plan_words(_PLAN_WORDS_BEFORE.sub("", name), year)
    if not name or _DEFAULT_SHEET.fullmatch(name):
        return None
    found = theme_in_cell(name)
    return found if isinstance(found, ThemeName) else None


def _without_plan_words(text: str, year: int) -> str:
    text = _PLAN_WORDS_BEHIND.sub("", text)
    if text.count("(") > text.count(")"):
        # A plan word was the last of a note between brackets.
        text = text[: text.rindex("(")]
    return re.sub(rf"[\s,–—|/-]*(?:\({year}\)|(?<!\d){year})$", "", text).strip()


def _name(text: str) -> str:
    return text.strip().strip("–—:|").strip()


def _number(text: str | None) -> int | None:
    if not text:
        return None
    if text.isdecimal():
        return int(text)
    values = [_ROMAN[letter.upper()] for letter in text]
    return sum(
        -value if value < following else value for value, following in zip(values, [*values[1:], 0], strict=True)
    )
