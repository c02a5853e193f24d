"""What to write in a cell, so that reading the cell gives the very text again (contract "Reading a DIN workbook").

The reader takes an item's own number or bullet off and splits lists. A text that begins with one of these by itself
gets one more in front, which the reader takes off: the reader's own rules judge whether that works.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from din.reading.deadlines import deadline_in_text
from din.reading.document import SmartGoal, Theme
from din.reading.grids import ERROR_VALUES
from din.reading.headers import recognise
from din.reading.items import has_bare_number, split_items
from din.reading.theme_names import KINDS, ThemeName, theme_in_cell
from din.text import clean, one_line

NONE = "–"
PROGRAMME_WIDE = "Programmabreed"
WITHOUT_END = "doorlopend"

# A letter marks an item without giving it a number; the reader takes a bullet behind it off as well. The first that
# works is used: hardly ever another one than the first.
_MARKS = ("", "a. ", "- ", "1. ", "1.1 ", "1.1.1 ", "1.1.1.1 ", "a. - ", "1. - ", "1.1 - ", "1.1.1 - ")
_TAG_MARK = re.compile(r"[-–—•*]|\d{1,2}[.)]\s")
# What the reader may take for a remark below the table or for an ambition above it, when a row begins with it.
_MISLEADING = re.compile(r"\*|bron|totaal|totalen|toelichting|nb|n\.b|ambitie|droom|stip", re.IGNORECASE)


@lru_cache(maxsize=20_000)
def item_text(text: str, level: str, number: int | None = None) -> str:
    """Return what to write for a text of `level` (ambition, er_goal, smart_goal or effort).

    `number` is the number of a SMART goal, which stands in a cell of its own. The contract has no way to write a text
    of several lines without a sub-bullet, nor (without a number) one with lettered lines: these come back on one line.
    """
    text = clean(text)
    for wanted in (text, one_line(text)):
        for mark in _MARKS:
            if _reads_as(mark + wanted, wanted, level, number):
                return mark + wanted
    return text or NONE


def _reads_as(written: str, text: str, level: str, number: int | None) -> bool:
    if not any(character.isalnum() for character in written) or written.upper() in ERROR_VALUES:
        return False
    if level == "smart_goal":
        # Beside a cell with a number only that number counts; beside a blank one it depends on the rest of the column.
        bare = has_bare_number(written)
        allowed = {False, bare is not None} if number is None else {bare == number}
    else:
        # For the other levels it depends on the rest of the column.
        allowed = {False} if level == "effort" else {False, True}
    for bare_numbers in allowed:
        items, announcement = split_items(written, level, bare_numbers=bare_numbers)
        if announcement or len(items) != 1 or items[0].text != text:
            return False
        if level == "smart_goal" and number is None and items[0].number is not None:
            return False
    return True


def theme_text(theme: Theme) -> str:
    """Return what to write in the column of the themes: "Pijler 1: Sociaal netwerk", or a name that says enough."""
    name, kind = one_line(theme.name), theme.kind.capitalize()
    if theme.number is None:
        plain = [name] if _is_plain(name) else []
        candidates = [*plain, f"{kind}: {name}", f"{name} ({theme.kind})"]
    elif name == f"{kind} {theme.number}":
        candidates = [name]
    else:
        candidates = [f"{kind} {theme.number}: {name}", f"{name} ({theme.kind} {theme.number})"]
    wanted = (theme.kind, theme.number, name)
    for candidate in candidates:
        found = theme_in_cell(candidate)
        if isinstance(found, ThemeName) and (found.kind or "thema", found.number, found.name) == wanted:
            return candidate
    return candidates[0]


def _is_plain(name: str) -> bool:
    """Tell whether a bare name is nothing but a theme: no header, no remark, no word for a kind."""
    kind = name.rstrip(" :").casefold() in KINDS
    return name[:1].isalnum() and not kind and recognise(name) is None and not is_misleading(name)


def is_misleading(text: str) -> bool:
    """Tell whether a row must not begin with this text: the reader could take it for something beside the table."""
    return bool(_MISLEADING.match(text))


def deadline_text(goal: SmartGoal, year: int) -> str:
    """Return "Q3 2023"; without a deadline nothing, or that there is none where the goal's text names a moment."""
    if goal.deadline is not None:
        named, _, quarter = goal.deadline.partition("-")
        return f"{quarter} {named}"
    return WITHOUT_END if deadline_in_text(clean(goal.text), year) else ""


def tags_text(tags: Sequence[str]) -> str:
    """Return the tags of a goal in one cell. A tag that holds a comma or semicolon is read as two (contract, Cells)."""
    names = [one_line(tag) for tag in tags]
    written = "; ".join(f"- {name}" if _TAG_MARK.match(name) else name for name in names if name)
    return f"- {written}" if written.upper() in ERROR_VALUES else written
