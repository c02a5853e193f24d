"""The deadlines of the coming half year, on a line of quarters."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

from din.models import Programme
from din.quarters import last_day, quarter_label, quarter_of
from monitoring.goal_line import GoalLine
from monitoring.goal_list import goals_url
from monitoring.round_choice import RoundChoice

MONTHS_AHEAD = 6
MOST_LINES = 5


@dataclass(frozen=True)
class Quarter:
    """A quarter with the goals that must be ready in it: the first `lines` of `count`, all of them at `url`."""

    label: str
    count: int
    lines: tuple[GoalLine, ...]
    url: str


def build_quarter_line(
    programme: Programme, choice: RoundChoice, lines: Iterable[GoalLine], *, as_of: datetime.date, **narrow: str | int
) -> tuple[Quarter, ...]:
    """The quarters of the half year after `as_of` with the deadlines of `lines`; with what asks care first.

    A half year that begins within a quarter touches three. Each quarter is whole, as in the list of goals: deadlines
    are told by quarter. `lines` are in the order of the plan; `narrow` is the query that makes the list of goals show
    them.
    """
    quarters = quarters_ahead(as_of)
    by_quarter: defaultdict[str, list[GoalLine]] = defaultdict(list)
    for line in lines:
        if line.deadline is not None and (quarter := quarter_of(line.deadline)) in quarters:
            by_quarter[quarter].append(line)
    if not by_quarter:
        return ()
    return tuple(
        Quarter(
            label=quarter_label(last_day(quarter)),
            count=len(by_quarter[quarter]),
            lines=tuple(sorted(by_quarter[quarter], key=attrgetter("severity"))[:MOST_LINES]),
            url=goals_url(programme, choice, **narrow, deadline=quarter),
        )
        for quarter in quarters
    )


def quarters_ahead(day: datetime.date) -> tuple[str, ...]:
    """The quarters that the half year after `day` touches, as "2023-Q3": two of them, or three from within one."""
    tomorrow = day + datetime.timedelta(days=1)
    month = tomorrow.year * 12 + tomorrow.month - 1
    within = month % 3 != 0 or tomorrow.day != 1
    return tuple(
        f"{start // 12:04d}-Q{start % 12 // 3 + 1}"
        for start in range(month, month + MONTHS_AHEAD + (1 if within else 0), 3)
    )
