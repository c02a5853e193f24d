"""What the reader of a sheet sees of a stored number: Excel's number formats, as a Dutch Excel shows them.

Contract, Cells: "a number or date cell by what the reader of the sheet sees".
"""

import math
import re
from datetime import datetime, timedelta
from functools import lru_cache

# Dates of digits alone that don't tell what they are, by their order of year (Y: of four digits), month and day.
_AMBIGUOUS_DATES = frozenset({"mdy", "mdY", "my", "md", "dm", "ydm", "Ydm"})

_BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    14: "dd-mm-yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm", 19: "h:mm:ss", 20: "h:mm", 21: "h:mm:ss",
    22: "dd-mm-yyyy h:mm", 27: "dd-mm-yyyy", 28: "dd-mm-yyyy", 29: "dd-mm-yyyy", 30: "dd-mm-yyyy", 31: "dd-mm-yyyy",
    36: "dd-mm-yyyy", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 41: "#,##0", 42: "#,##0",
    43: "#,##0.00", 44: "#,##0.00", 45: "mm:ss", 46: "h:mm:ss", 47: "mm:ss", 49: "@", 50: "dd-mm-yyyy", 51:
    "dd-mm-yyyy",
    52: "dd-mm-yyyy", 53: "dd-mm-yyyy", 54: "dd-mm-yyyy", 55: "dd-mm-yyyy", 56: "dd-mm-yyyy", 57: "dd-mm-yyyy",
    58: "dd-mm-yyyy",
}  # fmt: skip

MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
)  # fmt: skip
_SHORT_MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")

_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[\$([^\]-]*)(?:-[^\]]*)?\]|\[[^\]]*\]')
# The long date of the system, as a Dutch one shows it.
_SYSTEM_DATE = re.compile(r"\[\$-(?:x-sysdate|F800)\].*", re.IGNORECASE | re.DOTALL)
_DATE_TOKEN = re.compile(r"y+|m+|d+|h+|s+(?:[.,]0+)?|am/pm|a/p|e+", re.IGNORECASE)
_NUMBER_PATTERN = re.compile(r"[#0?][#0?.,]*|[.,]0+")


def built_in_format(number: int) -> str:
    """Return the code of a number format that every workbook has without saying it."""
    return _BUILT_IN.get(number, "General")


@lru_cache(maxsize=4096)
def _sections(code: str) -> tuple[str, ...]:
    sections, current, position = [], "", 0
    while position < len(code):
        literal = _LITERAL.match(code, position)
        if literal:
            current += literal.group()
            position = literal.end()
        elif code[position] == ";":
            sections.append(current)
            current = ""
            position += 1
        else:
            current += code[position]
            position += 1
    return (*sections, current)


@lru_cache(maxsize=4096)
def is_date_format(code: str) -> bool:
    """Tell whether a number with this format shows as a date or a time."""
    bare = _LITERAL.sub("", _sections(code)[0])
    return "general" not in bare.lower() and bool(re.search(r"[ymdhs]", bare, re.IGNORECASE))


def shown_number(value: float, code: str = "General", *, from_1904: bool = False) -> str:
    """Return what a Dutch Excel shows for a stored number with a number format.

    0.75 with "0%" is "75%", 2500 with "#,##0" is "2.500", 3.0 is "3", 45000 with "dd-mm-yyyy" is "15-03-2023".
    Never raises: a format that is not understood shows the number plainly.
    """
    if not math.isfinite(value):
        return ""
    code = code[:255]
    try:
        if is_date_format(code):
            return _shown_date(value, code, from_1904=from_1904)
        return _shown_with(value, code)
    except (ValueError, OverflowError, IndexError):
        return _plain(value)


def _plain(value: float) -> str:
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.10g}".replace(".", ",")


def _shown_with(value: float, code: str) -> str:
    sections = _sections(code)
    section = sections[0]
    if value < 0 and len(sections) > 1:
        section, value = sections[1], -value
    elif value == 0 and len(sections) > 2:
        section = sections[2]
    bare = _LITERAL.sub("", section)
    if "general" in bare.lower() or (bare.strip() in ("", "@") and section == code):
        return _plain(value)
    if "/" in bare or re.search(r"[eE][+-]", bare):
        return _plain(value)
    parts: list[str] = []
    position, done = 0, False
    percent = value * 100 if "%" in bare else value
    while position < len(section):
        literal = _LITERAL.match(section, position)
        pattern = None if literal or done else _NUMBER_PATTERN.match(section, position)
        if literal:
            parts.append(literal.group(1) or literal.group(2) or literal.group(3) or "")
            position = literal.end()
        elif pattern:
            parts.append(_shown_digits(percent, pattern.group()))
            position, done = pattern.end(), True
        else:
            parts.append("" if section[position] == '"' else section[position])
            position += 1
    text = "".join(parts).strip()
    return text if done or text else _plain(value)


def _shown_digits(value: float, pattern: str) -> str:
    scale = len(pattern) - len(pattern.rstrip(","))
    pattern = pattern.rstrip(",")
    value /= 1000**scale
    whole, _, fraction = pattern.partition(".")
    needed, most = fraction.count("0"), sum(fraction.count(c) for c in "0#?")
    text = f"{abs(value) + 1e-12:.{min(most, 15)}f}"
    digits, _, decimals = text.partition(".")
    while len(decimals) > needed and decimals.endswith("0"):
        decimals = decimals[:-1]
    digits = digits.zfill(whole.count("0")) if whole.count("0") else digits
    if "," in whole:
        digits = f"{int(digits):,}".replace(",", ".").zfill(len(digits))
    sign = "-" if value < 0 and (digits.strip("0.") or decimals.strip("0")) else ""
    return sign + digits + ("," + decimals if decimals else "")


def _shown_date(value: float, code: str, *, from_1904: bool) -> str:
    moment = moment_of(value, from_1904=from_1904)
    if moment is None:
        return _plain(value)
    section = _SYSTEM_DATE.sub("dddd d mmmm yyyy", _sections(code)[0])
    tokens = [match.group().lower() for match in _DATE_TOKEN.finditer(_LITERAL.sub("", section))]
    order = "".join("Y" if token[0] == "y" and len(token) > 2 else token[0] for token in tokens)
    if "mmm" not in "".join(tokens) and order.partition("h")[0] in _AMBIGUOUS_DATES:
        # "09/05/25" may be May or September, "09/25" a day or a month; the stored date is sure.
        section = "m-yyyy" if not any(token[0] == "d" for token in tokens) else "d-m-yyyy"
    twelve = any(token in ("am/pm", "a/p") for token in tokens)
    parts: list[str] = []
    position, previous = 0, ""
    while position < len(section):
        literal = _LITERAL.match(section, position)
        token = None if literal else _DATE_TOKEN.match(section, position)
        if literal:
            elapsed = re.fullmatch(r"\[(h+|m+|s+)\]", literal.group(), re.IGNORECASE)
            if elapsed:
                parts.append(str(int(value * {"h": 24, "m": 1440, "s": 86400}[elapsed.group(1)[0].lower()])))
                previous = "h"
            else:
                parts.append(literal.group(1) or literal.group(2) or literal.group(3) or "")
            position = literal.end()
        elif token:
            word = token.group().lower()
            minutes = (
                word.startswith("m") and len(word) < 3 and (previous[:1] == "h" or _next_is_seconds(section, token))
            )
            parts.append(f"{moment.minute:0{len(word)}d}" if minutes else _shown_date_token(moment, word, twelve))
            previous, position = word, token.end()
        else:
            if section[position] != "@":
                parts.append(section[position])
            position += 1
    return "".join(parts).strip()


def _next_is_seconds(section: str, token: re.Match[str]) -> bool:
    following = _DATE_TOKEN.search(section, token.end())
    return following is not None and following.group()[0] in "sS"


def _shown_date_token(moment: datetime, word: str, twelve: bool) -> str:
    hour = (moment.hour + 11) % 12 + 1 if twelve else moment.hour
    match word[0], len(word):
        case (("y" | "e"), length):
            return f"{moment.year % 100:02d}" if length <= 2 and word[0] == "y" else str(moment.year)
        case "m", 1 | 2:
            return f"{moment.month:0{len(word)}d}"
        case "m", 3:
            return _SHORT_MONTHS[moment.month - 1]
        case "m", 5:
            return MONTHS[moment.month - 1][0]
        case "m", _:
            return MONTHS[moment.month - 1]
        case "d", 1 | 2:
            return f"{moment.day:0{len(word)}d}"
        case "d", 3:
            return _DAYS[moment.weekday()][:2]
        case "d", _:
            return _DAYS[moment.weekday()]
        case "h", _:
            return f"{hour:0{min(len(word), 2)}d}"
        case "s", _:
            return f"{moment.second:02d}"
        case _:
            return "AM" if moment.hour < 12 else "PM"


def moment_of(value: float, *, from_1904: bool = False) -> datetime | None:
    """Return the moment that a stored day number means, or None when no date can be."""
    if not 0 <= value < 2_958_466:
        return None
    if from_1904:
        begin = datetime(1904, 1, 1)
    elif value < 60:
        # Excel believes that 1900 had a 29 February.
        begin = datetime(1899, 12, 31)
    else:
        begin = datetime(1899, 12, 30)
    try:
        return begin + timedelta(days=math.floor(value), seconds=round((value % 1) * 86400))
    except OverflowError:
        return None
