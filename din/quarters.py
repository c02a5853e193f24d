"""Quarters: a workbook says "2023-Q3", the database keeps the quarter's last day, a page says "3e kwartaal 2023"."""

import calendar
import datetime
import re
from functools import lru_cache

_QUARTER = re.compile(r"(\d{4})-Q([1-4])")


@lru_cache(maxsize=1_024)
def last_day(quarter: str) -> datetime.date:
    """The last day of a quarter written as "2023-Q3". Raises ValueError for anything else."""
    match = _QUARTER.fullmatch(quarter)
    if match is None:
        raise ValueError(f"not a quarter: {quarter!r}")
    year, month = int(match[1]), int(match[2]) * 3
    return datetime.date(year, month, calendar.monthrange(year, month)[1])


@lru_cache(maxsize=1_024)
def quarter_of(date: datetime.date) -> str:
    """The quarter of `date`, written as "2023-Q3"."""
    return f"{date.year:04d}-Q{(date.month + 2) // 3}"


def quarter_label(date: datetime.date | None) -> str:
    """The quarter of `date` as people say it, "3e kwartaal 2023"; empty without a date."""
    return "" if date is None else f"{(date.month + 2) // 3}e kwartaal {date.year}"
