"""Split a cell into the items it holds, and take an item's own number or bullet off (contract, Cells)."""

import re
from typing import NamedTuple

BULLETED_LEVELS = frozenset({"ambition", "er_goal"})

_BULLET = re.compile(
    r"(?:[-–—]\s+|[-–—](?=[^\W\d])|o\s+|[>+]\s+|[•·∙▪▫◦●○■□➢➤►▶→✓✔✗»*\u2023\u2043\uf0b7\uf0a7\uf0d8\uf02d]\s*)(?=\S)"
)
_UNITS = (
    r"(?:miljoen|miljard|mln|mld|fte|procent|euro|uur|km|m2|m²|ha|ton|kg|jaar|x|keer|punten|procentpunt|%)\b"
)  # fmt: skip
_NUMBERED = re.compile(
    rf"""(?:
        (?P<strong>\d{{1,3}}(?:\.\d{{1,2}})*)\s?(?:[.)]|\.\))(?:\s+|(?=[^\W\d]))
      | \((?P<bracketed>\d{{1,3}})\)\s+
      | (?P<colon>\d{{1,3}}(?:\.\d{{1,2}})*)\s*[:–-]\s+(?=[^\W\d])
      | (?P<dotted>\d{{1,3}}(?:\.\d{{1,2}})+)\s+(?!{_UNITS})(?=\S)
    )""",
    re.VERBOSE,
)
# What people write before a number to say which level it numbers.
_OWN_NAMES = {
    "ambition": r"ambitie|droom",
    "er_goal": r"er[\s\u2011-]?doel(?:stelling)?|doel",
    "smart_goal": r"smart(?:[\s\u2011-]?doel(?:stelling)?)?|doel",
    "effort": r"inspanning|actie|activiteit",
}
_LABELLED = {
    level: re.compile(rf"(?:{names})\s+(?P<number>\d{{1,3}}(?:\.\d{{1,2}})*)\s*[.:)–-]\s*(?=\S)", re.IGNORECASE)
    for level, names in _OWN_NAMES.items()
}
_MAY_BEGIN_AN_ITEM = {level: re.compile(rf"o\s|{names}", re.IGNORECASE) for level, names in _OWN_NAMES.items()}
_LETTERED = re.compile(r"(?P<letter>[A-Za-z])[.)]\s+(?=\S)")
_BARE = re.compile(r"(?P<bare>\d{1,3})\s+(?=[\"“‘'(]?[A-ZÀ-Þ])")
_NUMBER_CELL = re.compile(r"\D{0,20}?(?:\d{1,4}[.,])*(\d{1,4})\s*[a-z]?[.):]?")
_LONE_MARKER = re.compile(r"^(\d{1,3}[.)]|[-–•])\n", re.MULTILINE)
# A capital may also begin a name: then the number before it counts something.
_NAME = re.compile(r"[\"“‘'(]?(?:[A-ZÀ-Þ][\w-]*se\b|[A-Z][A-Za-z]*[A-Z]|[A-ZÀ-Þ]\w+-)")


class Item(NamedTuple):
    """One item of a cell: its own number when it has one, and its text without number or bullet."""

    number: int | None
    text: str


class Items(NamedTuple):
    """The items of a cell, and a leading line ("Acties:") that announces them and is no item itself."""

    items: tuple[Item, ...]
    announcement: str = ""


class _Line(NamedTuple):
    style: str
    number: int | None
    text: str
    whole: str


def split_items(text: str, level: str, *, bare_numbers: bool = True) -> Items:
    """Return the items that a cell of `level` (ambition, er_goal, smart_goal or effort) holds.

    Numbered and lettered lines are items on every level. Bulleted lines are efforts in an effort cell, text in a
    SMART cell, and in the other cells items when every line has a bullet. `bare_numbers` allows a single "1 In Q1 …"
    as a number; "10 jongeren" never is one.
    """
    if "\n" not in text and _begins_plainly(text, level, bare_numbers=bare_numbers):
        return Items((Item(None, text),))
    raw = _LONE_MARKER.sub(r"\1 ", text).split("\n")
    letters = _are_list_letters(raw)
    bare = _are_list_numbers(raw, alone=bare_numbers)
    lines = [_line(line, letters=letters, bare=bare, labels=_LABELLED[level]) for line in raw]
    styles = [line.style for line in lines if line.style not in ("", "bullet")]
    outer = styles[0] if styles else ""
    if level == "effort":
        return _efforts(lines, outer)
    if outer:
        return _numbered(lines, outer)
    bulleted = [line.style == "bullet" for line in lines]
    if all(bulleted) and (level in BULLETED_LEVELS or len(lines) == 1):
        return Items(tuple(Item(None, line.text) for line in lines))
    return Items((Item(None, _joined(lines)),))


def _begins_plainly(text: str, level: str, *, bare_numbers: bool) -> bool:
    """Tell quickly of most texts that they begin with neither a number nor a bullet nor a label."""
    if text[0].isdecimal():
        return not (_NUMBERED.match(text) or (bare_numbers and _BARE.match(text)))
    return text[0].isalpha() and text[1:2] not in (".", ")") and not _MAY_BEGIN_AN_ITEM[level].match(text)


def bare_number_is_likely(text: str) -> bool:
    """Tell whether a bare number stands before a sentence ("1 In Q1 …"), not a name ("3 Rotterdamse wijken")."""
    found = _BARE.match(text)
    return bool(found and int(found["bare"]) < 100 and not _NAME.match(text, found.end()))


def has_any_number(text: str) -> bool:
    """Tell whether a cell begins with a number of any form, bare ones included."""
    return bool(_NUMBERED.match(text) or _BARE.match(text))


def has_bare_number(text: str) -> int | None:
    """Return the bare number with which a cell begins, if any."""
    found = _BARE.match(text)
    return int(found["bare"]) if found and not _NUMBERED.match(text) else None


def number_in_cell(text: str) -> int | None:
    """Return the number that a number cell says: the last part of "4.11", "Doel 3" or "1."; None when there is none.

    Zero and numbers of more than four digits number no goal.
    """
    found = _NUMBER_CELL.fullmatch(text.strip())
    return int(found.group(1)) or None if found else None


def _line(line: str, *, letters: bool, bare: bool, labels: re.Pattern[str]) -> _Line:
    bullet = _BULLET.match(line)
    if bullet:
        inner = _NUMBERED.match(line, bullet.end())
        return _Line("bullet", None, line[inner.end() if inner else bullet.end() :], line)
    numbered = _NUMBERED.match(line) or labels.match(line)
    if numbered:
        digits = next(value for value in numbered.groupdict().values() if value)
        return _Line(
            f"{digits.count('.')} dots",
            int(digits.rpartition(".")[2]) or None,
            _bare_text(line[numbered.end() :]),
            line,
        )
    if bare and (found := _BARE.match(line)):
        return _Line("0 dots", int(found["bare"]) or None, _bare_text(line[found.end() :]), line)
    lettered = _LETTERED.match(line) if letters else None
    if lettered:
        return _Line("letter", None, _bare_text(line[lettered.end() :]), line)
    return _Line("", None, line, line)


def _bare_text(text: str) -> str:
    bullet = _BULLET.match(text)
    return text[bullet.end() :] if bullet else text


def _are_list_letters(lines: list[str]) -> bool:
    """Letters number a list when they run on from "a": "A. Jansen" alone is a name."""
    letters = [found["letter"] for found in map(_LETTERED.match, lines) if found]
    in_order = [chr(97 + index) for index in range(len(letters))]
    return bool(letters) and [letter.lower() for letter in letters] == in_order and letters != ["A"]


def _are_list_numbers(lines: list[str], *, alone: bool) -> bool:
    """Bare numbers count when those on several lines run on; a single one only when `alone` allows it."""
    numbers = [int(found["bare"]) for found in map(_BARE.match, lines) if found]
    running = bool(_BARE.match(lines[0])) and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    return running and (alone or len(numbers) > 1)


def _numbered(lines: list[_Line], outer: str) -> Items:
    first = next(index for index, line in enumerate(lines) if line.style == outer)
    intro = lines[:first]
    groups: list[list[_Line]] = []
    for line in lines[first:]:
        if line.style == outer:
            groups.append([line])
        else:
            groups[-1].append(line)
    items = [Item(group[0].number, _joined([group[0]._replace(whole=group[0].text), *group[1:]])) for group in groups]
    announcement = ""
    if intro:
        joined = _joined(intro)
        if joined.endswith(":"):
            announcement = joined
        else:
            items.insert(0, Item(None, joined))
    return Items(tuple(item for item in items if item.text), announcement)


def _joined(lines: list[_Line]) -> str:
    """Join lines into one text; line breaks stay when sub-bullets or sub-numbers follow."""
    keep = any(line.style for line in lines[1:])
    return ("\n" if keep else " ").join(line.whole for line in lines)


def _efforts(lines: list[_Line], outer: str) -> Items:
    marked = any(line.style for line in lines)
    texts: list[str] = []
    for line in lines:
        begins = line.style == "bullet" or (line.style and line.style == outer)
        if begins or (not line.style and not line.whole[:1].islower()) or not texts:
            texts.append(line.text if begins else line.whole)
        elif line.style:
            texts[-1] += "\n" + line.whole
        else:
            texts[-1] += " " + line.whole
    announcement = ""
    if marked and not lines[0].style and len(texts) > 1 and texts[0].endswith(":"):
        announcement = texts.pop(0)
    return Items(tuple(Item(None, text) for text in texts if text), announcement)
