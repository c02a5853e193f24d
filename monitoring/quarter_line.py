"""The deadlines of the coming half year, on a line of quarters."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

from din.models import Programme
from din.quarters import last_day, quarter_label, quarter_of
from monitoring.goal_line import PLAN_ORDER, GoalLine, goal_lines
from monitoring.goal_list import by_severity, deadline_in, goals_url
from monitoring.round_choice import RoundChoice

if TYPE_CHECKING:
    from monitoring.standing import StandingGoals

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
    programme: Programme, choice: RoundChoice, goals: StandingGoals, *, as_of: datetime.date, **narrow: str | int
) -> tuple[Quarter, ...]:
    """The quarters of the half year after `as_of` with the deadlines of `goals`; with what asks care first.

    A half year that begins within a quarter touches three. `narrow` is the query that makes the list of goals show
    `goals`. In one query and one for each quarter.
    """
    quarters = quarters_ahead(as_of)
    ahead = goals.filter(shown_deadline__gt=as_of, shown_deadline__lte=last_day(quarters[-1]))
    counts: Counter[str] = Counter()
    counted: Iterable[tuple[datetime.date, int]] = (
        ahead.order_by().values_list("shown_deadline").annotate(Count("pk", distinct=True))
    )
    for deadline, count in counted:
        counts[quarter_of(deadline)] += count
    if not counts:
        return ()

    def first_of(quarter: str) -> StandingGoals:
        return ahead.filter(deadline_in(quarter)).order_by(by_severity().asc(), *PLAN_ORDER)[:MOST_LINES]

    return tuple(
        Quarter(
            label=quarter_label(last_day(quarter)),
            count=counts[quarter],
            lines=tuple(goal_lines(first_of(quarter))),
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
