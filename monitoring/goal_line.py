"""One goal as a line in a list: what every page says about a goal that it names."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from operator import attrgetter
from typing import NamedTuple

from django.urls import reverse

from din.models import Theme
from din.quarters import quarter_label
from monitoring.standing import ATTENTION, LABELS, WITHOUT_UPDATE, StandingGoal, StandingGoals

WHOLE_PROGRAMME = "Hele programma"
# The worst first, then what is unknown, then what goes well.
_SEVERITY = (
    *ATTENTION,
    "not_achieved",
    *WITHOUT_UPDATE,
    "not_started",
    "on_track",
    "achieved",
    "dropped",
)
_RANKS = {standing: rank for rank, standing in enumerate(_SEVERITY)}


class GoalLine(NamedTuple):
    """A goal and how it stands. A tuple, as StandingGoal is.

    `state` is that of its update, empty when there is none; `standing` a key of standing.LABELS, empty when there is
    no round.
    """

    pk: int
    url: str
    reference: str
    text: str
    theme: str
    theme_pk: int | None
    owner: str
    owner_pk: int | None
    deadline: datetime.date | None
    deadline_label: str
    state: str
    standing: str
    standing_label: str
    late: bool
    ended_on: datetime.date | None

    @property
    def attention(self) -> bool:
        """Whether the goal is in danger, delayed or late."""
        return self.late or self.standing in ATTENTION

    @property
    def severity(self) -> int:
        """The rank of the standing: what is in danger first, what goes well last."""
        return _RANKS.get(self.standing, len(_RANKS))


def goal_line(goal: StandingGoal, *, address: Callable[[int], str] | None = None) -> GoalLine:
    """The line of a goal. Who makes many of them gives `address`: goal_addresses()."""
    return GoalLine(
        pk=goal.pk,
        url=(address or goal_addresses())(goal.pk),
        reference=goal.reference,
        text=goal.text,
        theme=WHOLE_PROGRAMME if goal.theme is None else goal.theme,
        theme_pk=goal.theme_pk,
        owner=goal.owner,
        owner_pk=goal.owner_pk,
        deadline=goal.deadline,
        deadline_label=quarter_label(goal.deadline),
        state=goal.state,
        standing=goal.standing,
        standing_label=LABELS.get(goal.standing, ""),
        late=goal.late,
        ended_on=goal.ended_on,
    )


def goal_lines(goals: StandingGoals) -> list[GoalLine]:
    """The lines of `goals` in the order of the plan."""
    address = goal_addresses()
    return [goal_line(goal, address=address) for goal in in_plan_order(goals)]


def goal_addresses() -> Callable[[int], str]:
    """What makes the address of the page of a goal of its key: reversing each anew costs more than reading the goal."""
    before, _, after = reverse("goal", args=[0]).rpartition("0")
    return lambda pk: f"{before}{pk}{after}"


def theme_title(theme: Theme | None) -> str:
    """What a page calls the theme of something; without a theme it belongs to the whole programme."""
    return WHOLE_PROGRAMME if theme is None else theme.title


def in_plan_order(goals: StandingGoals) -> list[StandingGoal]:
    """`goals` in the order of the plan: by theme, then by number."""
    return sorted(goals.order_by(), key=attrgetter("place"))
