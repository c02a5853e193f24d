"""The one sentence that tells how a programme stands. Knows no Django."""

from __future__ import annotations

from collections.abc import Iterable

from monitoring.report.document import StatusCount

_GOES_WELL = ("on_track", "achieved")


def summary_sentence(counts: Iterable[StatusCount], *, goals: int, late: int) -> str:
    """For example "Van de 48 doelen zijn er 31 behaald of op schema; 5 zijn te laat."."""
    well = sum(count.count for count in counts if count.status in _GOES_WELL)
    are = "is er" if well == 1 else "zijn er"
    overdue = "1 is te laat" if late == 1 else f"{late} zijn te laat"
    return f"Van {_goals(goals)} {are} {well} behaald of op schema; {overdue}."


def _goals(count: int) -> str:
    return "het ene doel" if count == 1 else f"de {count} doelen"
