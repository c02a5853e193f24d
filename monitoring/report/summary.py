"""The one sentence that tells how a programme stands. Knows no Django."""

from __future__ import annotations

from collections.abc import Collection

from monitoring.report.document import ReportGoal
from monitoring.report.wording import words_for

_GOES_WELL = ("on_track", "achieved")


def summary_sentence(goals: Collection[ReportGoal]) -> str:
    """For example "Van de 48 doelen zijn er 31 behaald of op schema; 5 zijn te laat."."""
    words = words_for(goals)
    of = words.the_one if len(goals) == 1 else f"de {len(goals)} {words.several}"
    well = sum(goal.status in _GOES_WELL for goal in goals)
    late = sum(goal.late for goal in goals)
    are = "is er" if well == 1 else "zijn er"
    overdue = "1 is te laat" if late == 1 else f"{late} zijn te laat"
    return f"Van {of} {are} {well} behaald of op schema; {overdue}."
