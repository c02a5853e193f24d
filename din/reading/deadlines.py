# ruff: noqa: E501 (a table reads best with one case on each line)
"""Find the quarter that a Dutch text names as its deadline (contract, Deadlines)."""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from din.reading.shown import MONTHS

_MONTH_FORMS = {
    "januari": 1, "jan": 1, "februari": 2, "feb": 2, "febr": 2, "maart": 3, "mrt": 3, "april": 4, "apr": 4, "mei": 5,
    "juni": 6, "jun": 6, "juli": 7, "jul": 7, "augustus": 8, "aug": 8, "september": 9, "sep": 9, "sept": 9,
    "oktober": 10, "okt": 10, "november": 11, "nov": 11, "december": 12, "dec": 12,
}  # fmt: skip
_ORDINALS = {"eerste": 1, "tweede": 2, "derde": 3, "vierde": 4, "laatste": 4}

_YEAR = r"20\d\d"
_SHORT_YEAR = r"['’‘`]\d\d"
_BEHIND = rf"(?:[\s,\-–/]*(?:van\s+|in\s+|\()?(?P<{{0}}>{_YEAR}|{_SHORT_YEAR})\b)?"
_FULL_MONTH = "|".join(MONTHS)
_ANY_MONTH = "|".join(sorted(_MONTH_FORMS, key=len, reverse=True))
_ORDINAL = r"(?:[1-4]\s?(?:e|ste|de)\b|eerste|tweede|derde|vierde|laatste)"
_BETWEEN = r"\s*(?:tot\s+en\s+met|t\s?/\s?m|tot|en|of|[-–—/&+,→])\s*"
_PERIOD = r"(?:het\s+|dit\s+|van\s+het\s+|van\s+dit\s+)"


def _behind(name: str) -> str:
    return _BEHIND.format(name)


# In order of preference for mentions that begin at the same place. Each names the groups it reads: q (quarter), m (month),
# d (day), o (ordinal or number of a quarter), a range inside one mention ends in q2/o2, y the year.
_ALTERNATIVES: dict[str, str] = {
    "iso_date": r"\b(?P<iso_y>20\d\d)[-/.](?P<iso_m>0?[1-9]|1[0-2])[-/.](?P<iso_d>0?[1-9]|[12]\d|3[01])\b(?!\d)",
    "date": r"(?<![\d.,])(?P<date_d>0?[1-9]|[12]\d|3[01])[-/.](?P<date_m>0?[1-9]|1[0-2])(?:[-/.](?P<date_y>20\d\d)|[-/](?P<date_y2>\d\d))\b(?![\d,])",
    "day_month": rf"(?<![\d.,])(?P<dm_d>0?[1-9]|[12]\d|3[01])(?:\s?e)?[\s\-]?(?P<dm_m>{_ANY_MONTH})\b\.?{_behind('dm_y')}",
    "year_quarter": r"\b(?P<yq_y>20\d\d)[\s\-/]*(?:[QK]\s?|kwartaal\s+)(?P<yq_q>[1-4])\b(?:\s?[-–/&+]\s?(?P<yq_q2>[1-4])\b(?![-/.]?\d))?",
    "year_month": r"\b(?P<ym_y>20\d\d)[-/](?P<ym_m>0[1-9]|1[0-2])\b(?![-/.]?\d)",
    "month_year": r"(?<![\d.,\-/])(?P<my_m>0?[1-9]|1[0-2])[-/](?P<my_y>20\d\d)\b",
    "quarter": rf"\b(?:[QK]\s?|kwartaal\s+|kwart\.?\s+|kw\.?\s?)(?P<q_q>[1-4])\b(?:\s?(?:[-–/&+]|en|t/m)\s?(?P<q_q2>[1-4])\b(?![-/.]?\d|\s*(?:e|ste|de)\b))?{_behind('q_y')}",
    "ordinal_quarter": rf"\b(?P<oq_o>{_ORDINAL}|[1-4])(?:{_BETWEEN}(?:het\s+)?(?P<oq_o2>{_ORDINAL}))?\s+(?:kwartaal|kwart\.?|kw\.?)(?!\w){_behind('oq_y')}",
    "half": rf"\b(?P<h_o>1\s?(?:e|ste)\b|2\s?e\b|eerste|tweede)(?:{_BETWEEN}(?P<h_o2>2\s?e|tweede))?\s+(?:helft|half\s?jaar|jaarhelft)\b(?!\s+(?:van\s+)?(?:(?:de|alle|onze|deze|hun|{_ANY_MONTH})\b|[QK]\s?[1-4]))(?:\s+{_PERIOD}jaar\b)?{_behind('h_y')}",
    "after_summer": rf"\bna\s+de\s+zomer(?:vakantie|reces|periode|stop)?\b{_behind('as_y')}",
    "before_summer": rf"\bv[oó]{{2}}r\s+(?:de\s+|het\s+)?zomer(?:vakantie|reces|periode|stop)?\b{_behind('bs_y')}",
    "halfway": rf"\b(?:halverwege|medio)\s+(?:(?P<hw_y>{_YEAR}|{_SHORT_YEAR})\b|{_PERIOD}?jaar\b{_behind('hw_y2')}|van\s+(?P<hw_y3>{_YEAR})\b)|\bhalf\s+(?P<half_y>{_YEAR}|{_SHORT_YEAR})\b",
    "begin": rf"\bbegin\s+(?:van\s+)?(?:(?P<b_y>{_YEAR}|{_SHORT_YEAR})\b|{_PERIOD}?jaar\b{_behind('b_y2')})",
    "end": rf"\b(?:eind|einde|ultimo|slot)\s+(?:van\s+)?(?:(?P<e_y>{_YEAR}|{_SHORT_YEAR})\b|{_PERIOD}?(?:kalender)?jaar\b{_behind('e_y2')})|\bjaareinde\b{_behind('e_y3')}|\beindejaars?\b",
    "season": rf"\b(?P<season>voorjaar|lente|zomer(?:vakantie|reces|periode)?|najaar|herfst)\b{_behind('s_y')}",
    "month": rf"\b(?P<m_m>{_FULL_MONTH})\b(?:\s+(?:0?[1-9]|[12]\d|3[01]),(?=\s+20\d\d))?{_behind('m_y')}",
    "short_month": rf"(?<![\w'’])(?P<sm_m>{_ANY_MONTH})\b\.?(?:[\s\-–/]*(?P<sm_y>{_YEAR}|{_SHORT_YEAR}|(?<=[-–])\d\d)\b)",
    "year": rf"(?<![\d.,\-–/])\b(?P<year>{_YEAR})(?:\s?[-–/]\s?(?P<year2>{_YEAR}|\d\d(?!\d)))?\b(?![.,]\d|\s?%)",
}  # fmt: skip
_COLUMN_ONLY: dict[str, str] = {
    "lone_month": rf"(?<!\w)(?P<lm_m>{_ANY_MONTH})\b\.?",
    "week": rf"\bweek\s?(?P<week>5[0-3]|[1-4]?\d)\b(?:{_BETWEEN}(?:week\s?)?(?P<week2>5[0-3]|[1-4]?\d)\b(?![-/.]?\d))?{_behind('w_y')}",
    "half_letter": rf"\bH(?P<hl_o>[12])\b{_behind('hl_y')}",
    # Not "1-4": that may be the first of April or the first four of something.
    "day_of_month": r"(?<![\d.,/-])(?!0?[1-4][-/]0?[1-4]$)(?P<nm_d>0?[1-9]|[12]\d|3[01])[-/](?P<nm_m>0?[1-9]|1[0-2])$",
    "lone_words": r"^(?P<lone>halverwege|medio|begin|eind|einde)$",
}


def _any_of(alternatives: dict[str, str]) -> re.Pattern[str]:
    """One pattern for all. A mention begins a word or with a digit: without that said first, each would be tried at
    every letter of a text.
    """
    bodies = "|".join(f"(?P<k_{kind}>{body})" for kind, body in alternatives.items())
    return re.compile(rf"(?:(?<!\w)|(?=\d))(?:{bodies})", re.IGNORECASE)


@cache
def _mentions(*, column: bool) -> re.Pattern[str]:
    """What mentions a moment, in a deadline column or in a goal's text. Not made before it is asked for: a workbook
    seldom needs both, and making one takes a tenth of the time in which the child starts.
    """
    return _any_of(_ALTERNATIVES | _COLUMN_ONLY if column else _ALTERNATIVES)


_RANGE = re.compile(
    r"\s*(?:tot\s+en\s+met|t\s?/\s?m|tot|en|of|[-–—/&+,→])\s*(?:met\s+)?(?P<filler>(?:in\s+|het\s+|(?:eind|einde|begin|medio)\s+(?:van\s+)?)?)",
    re.IGNORECASE,
)
# "2024 (Q2)", "2025: voorjaar": a year that only says of which year the mention behind it is.
_UNDER_YEAR = re.compile(r"[\s,:;(\-–—/]{1,4}")
_BEFORE = re.compile(r"\b(?P<word>vóór|voor)\s+$", re.IGNORECASE)
_NEVER_ENDING = re.compile(
    r"\b(?:doorlopende?|continue?|structureel|permanent|hele?\s+jaar(?:\s+door)?|gehele\s+jaar|n\.?v\.?t\.?)\b",
    re.IGNORECASE,
)
_START_BEFORE = re.compile(r"\b(?:start(?:datum)?|aanvang|vanaf)\W{0,3}(?:in\s|per\s)?$", re.IGNORECASE)
_START_BEHIND = re.compile(r"\W{0,3}(?:start|aanvang)\b", re.IGNORECASE)
# Words that make a bare "2024" a base line or a count, not a moment.
_NO_MOMENT_BEFORE = re.compile(
    r"(?:\b(?:t\.?o\.?v\.?|ten\s+opzichte\s+van|vergeleken\s+met|in\s+vergelijking\s+met|sinds|vanaf|dan\s+in|nulmeting|"
    r"zijn|er|minimaal|minstens|ten\s*minste|maximaal|hoogstens|ruim|circa|ca\.|ongeveer|bijna|nog|krijgen|hebben|"
    r"naar|aan|van\s+de|de)\s*\(?|[€$]\s?)$",
    re.IGNORECASE,
)  # fmt: skip
_COUNTED = re.compile(
    r"\s+(?:jongeren|inwoners|mensen|huishoudens|woningen|gezinnen|personen|kinderen|leerlingen|studenten|bewoners|deelnemers|"
    r"euro|uur|stuks|plekken|plaatsen|bomen|ouderen|cliënten|bezoekers|vrijwilligers|bedrijven|meldingen)\b",
    re.IGNORECASE,
)
# Four digits that stand as a year: at the end, or before a sign, and no amount ("1.500", "1500 woningen").
_FAR_YEAR = re.compile(r"(?<![\d.,€])(?<!€\s)(?:1[5-9]|2[1-9])\d\d(?=\s*(?:$|[-–/,;:)(]|[QK][1-4]))")
_TIME_BEFORE = re.compile(r"\b(?:in|uiterlijk|v[oó]{2}r|per|tegen|binnen|gereed|klaar)\s*\(?$", re.IGNORECASE)
_PAST_BEHIND = re.compile(
    r"\W+(?:waren|was|hadden|had|werden|werd|kwamen|kwam|gingen|ging|stonden|stond|telden?|bedroeg|deden|deed|volgden?)\b",
    re.IGNORECASE,
)
_BARE_QUARTERS = re.compile(
    r"(?P<a>[1-4])\s?(?:e|ste|de)?(?:\s*(?:tot en met|t/m|en|of|[-–/&+,])\s*(?P<b>[1-4])\s?(?:e|ste|de)?)*",
    re.IGNORECASE,
)


# A deadline stands early in a goal; beyond this a text is no goal any more, and looking costs time.
_LONGEST = 2_000
_LONGEST_IN_COLUMN = 500


class _Mention(NamedTuple):
    begin: int
    end: int
    quarter: int
    year: int | None
    # The text names both ends itself, so the first part of it is where a range would begin.
    first_quarter: int


@lru_cache(maxsize=4096)
def deadline_in_column(text: str, year: int, *, counts_quarters: bool = False) -> str | None:
    """Return the deadline that a cell of a deadline column names, as "2023-Q3".

    `year` is the plan's year; `counts_quarters` says that the column's header is "Kwartaal", so that a bare 3 is Q3.
    A range takes its end, also one that says what begins and what is ready ("start Q1, gereed Q3"): the contract tells
    this of a range only, but what is planned is when the goal is reached. Returns None for "doorlopend", for what names no
    moment, and for a year that no plan is about.
    """
    text = " ".join(text.split())[:_LONGEST_IN_COLUMN]
    if _NEVER_ENDING.search(text) or names_far_year(text):
        return None
    bare = _BARE_QUARTERS.fullmatch(text) if counts_quarters else None
    if bare:
        return f"{year}-Q{bare['b'] or bare['a']}"
    return _first_deadline(text, year, column=True)


def deadline_in_text(text: str, year: int) -> str | None:
    """Return the deadline that a goal's own text mentions first, as "2023-Q3", or None.

    What is mentioned must be a deadline. A year alone that is a base line, a count or part of a name is none: "In 2023
    waren er 900, eind 2024 zijn het er 700" is 2024-Q4, "10% minder dan in 2023" and "de Nota 2023 is af" name none.
    """
    return _first_deadline(" ".join(text.split())[:_LONGEST], year, column=False)


def is_without_end(text: str) -> bool:
    """Tell whether a deadline cell says that there is no deadline ("doorlopend")."""
    return bool(_NEVER_ENDING.search(text))


def names_far_year(text: str) -> bool:
    """Tell whether a deadline cell names a year before 2000 or after 2099, and none between."""
    return bool(_FAR_YEAR.search(text)) and not re.search(rf"(?<!\d){_YEAR}(?!\d)", text)


def _first_deadline(text: str, year: int, *, column: bool) -> str | None:
    pattern = _mentions(column=column)
    position = 0
    while True:
        match = pattern.search(text, position)
        if match is None:
            return None
        mention = _mention(match, text, year, column=column)
        if mention is not None:
            break
        position = match.end()
    if match.lastgroup == "k_year":
        mention = _within_year(mention, text, pattern, column=column) or mention
    began = named = mention
    while True:
        link = _RANGE.match(text, named.end)
        following = (pattern.match(text, link.start("filler")) or pattern.match(text, link.end())) if link else None
        if following is None and column and _is_start(text, named):
            following = pattern.search(text, named.end)
        next_one = _mention(following, text, year, column=column) if following else None
        if next_one is None:
            break
        next_year = next_one.year
        if next_year is None and named.year is not None:
            next_year = named.year + (next_one.quarter < named.quarter)
        named = next_one._replace(year=next_year)
    wraps = named.year is None and named.quarter < began.first_quarter
    return f"{named.year or year + wraps}-Q{named.quarter}"


def _is_start(text: str, mention: _Mention) -> bool:
    """Tell whether a mention says when something begins: "start Q1", "Q1 start"."""
    return bool(_START_BEFORE.search(text[: mention.begin]) or _START_BEHIND.match(text, mention.end))


def _within_year(bare: _Mention, text: str, pattern: re.Pattern[str], *, column: bool) -> _Mention | None:
    """Return what stands right behind a bare year and names no year itself, as a mention in that year."""
    gap = _UNDER_YEAR.match(text, bare.end)
    following = pattern.match(text, gap.end()) if gap else None
    if following is None or bare.year is None:
        return None
    inner = _mention(following, text, bare.year, column=column)
    return inner._replace(year=bare.year) if inner and inner.year is None else None


def _mention(match: re.Match[str], text: str, year: int, *, column: bool) -> _Mention | None:
    group = match.groupdict()
    # The alternative's own group closes last, so it is the last group.
    kind = (match.lastgroup or "")[2:]
    named_year = _year_of(next((value for name, value in group.items() if value and _is_year_group(name)), None))
    quarter: int
    first: int | None = None
    match kind:
        case "iso_date" | "date" | "day_month" | "day_of_month":
            month = _month_of(group["iso_m"] or group["date_m"] or group["dm_m"] or group.get("nm_m"))
            day = int(group["iso_d"] or group["date_d"] or group["dm_d"] or group["nm_d"])
            if _says_before(text, match.start()) and day == 1:
                month -= 1
                if month == 0:
                    # 1 January of a named year is the end of the year before; without a year it is this plan's end.
                    month, named_year = 12, None if named_year is None else named_year - 1
            quarter = _quarter(month)
        case "year_month" | "month_year" | "month" | "short_month" | "lone_month":
            month = _month_of(group["ym_m"] or group["my_m"] or group["m_m"] or group["sm_m"] or group.get("lm_m"))
            if _says_strictly_before(text, match.start(), column=column):
                month -= 1
                if month == 0:
                    month, named_year = 12, None if named_year is None else named_year - 1
            quarter = _quarter(month)
        case "year_quarter" | "quarter":
            first = int(group["yq_q"] or group["q_q"])
            last = group["yq_q2"] or group["q_q2"]
            quarter = int(last) if last else first
            if last is None and _says_strictly_before(text, match.start(), column=False):
                quarter -= 1
                if quarter == 0:
                    quarter, named_year = 4, None if named_year is None else named_year - 1
                first = quarter
        case "ordinal_quarter":
            first = _ordinal(group["oq_o"])
            quarter = _ordinal(group["oq_o2"]) if group["oq_o2"] else first
        case "half":
            first = 2 * _ordinal(group["h_o"])
            quarter = 2 * _ordinal(group["h_o2"]) if group["h_o2"] else first
        case "half_letter":
            quarter = 2 * int(group["hl_o"])
        case "week":
            first = _quarter_of_week(int(group["week"]))
            quarter = _quarter_of_week(int(group["week2"])) if group["week2"] else first
        case "after_summer":
            quarter = 3
        case "before_summer" | "halfway":
            quarter = 2
        case "begin":
            quarter = 1
        case "end":
            quarter = 4
        case "season":
            quarter = {"v": 2, "l": 2, "z": 3, "n": 4, "h": 4}[group["season"][0].lower()]
        case "lone_words":
            quarter = {"h": 2, "m": 2, "b": 1, "e": 4}[(group.get("lone") or "")[0].lower()]
        case _:
            return _bare_year(match, text, year, column=column)
    return _Mention(match.start(), match.end(), quarter, named_year, first or quarter)


def _bare_year(match: re.Match[str], text: str, year: int, *, column: bool) -> _Mention | None:
    named = int(match["year"])
    last = match["year2"]
    if last:
        named = int(last) if len(last) == 4 else named // 100 * 100 + int(last)
    elif not column:
        before, behind = text[: match.start()], text[match.end() :]
        counted = _NO_MOMENT_BEFORE.search(before[-60:]) or _COUNTED.match(behind)
        if counted or named > year + 30 or (named < year and not _is_past_deadline(before, behind)):
            return None
    if _says_strictly_before(text, match.start(), column=column):
        named -= 1
    return _Mention(match.start(), match.end(), 4, named, 4)


def _is_past_deadline(before: str, behind: str) -> bool:
    """Tell whether a year before the plan's is when a goal was due ("In 2023 is …"), not a base line ("In 2023 waren er
    …") or part of a name ("Nota 2023").
    """
    return bool(_TIME_BEFORE.search(before[-12:])) and not _PAST_BEHIND.match(behind)


def _is_year_group(name: str) -> bool:
    return name.endswith(("_y", "_y2", "_y3"))


def _year_of(text: str | None) -> int | None:
    if not text:
        return None
    digits = text.lstrip("'’‘`")
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _month_of(text: str | None) -> int:
    text = (text or "").lower()
    return int(text) if text.isdecimal() else _MONTH_FORMS[text]


def _ordinal(text: str) -> int:
    return int(text[0]) if text[0].isdecimal() else _ORDINALS[text.lower()]


def _quarter(month: int) -> int:
    return (month - 1) // 3 + 1


def _quarter_of_week(week: int) -> int:
    return min(4, max(0, week - 1) // 13 + 1)


def _says_before(text: str, position: int) -> bool:
    return bool(_BEFORE.search(text[max(0, position - 12) : position]))


def _says_strictly_before(text: str, position: int, *, column: bool) -> bool:
    """ "vóór juli" is before July; "voor juli" may be "for July", except at the start of a deadline cell."""
    found = _BEFORE.search(text[max(0, position - 12) : position])
    return found is not None and ("ó" in found["word"].lower() or (column and position <= 5))
