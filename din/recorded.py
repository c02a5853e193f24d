"""What was recorded on goals, told by monitoring, which din does not know.

When the site starts, monitoring says who knows (as it does for the audit trail, din/trail.py).
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Protocol


class Teller(Protocol):
    """What was recorded since a moment on goals, by key, as a sentence; empty when nothing was."""

    def __call__(self, goals: Collection[int], *, since: datetime.datetime) -> str: ...


_tellers: list[Teller] = []


def told_by(teller: Teller) -> None:
    """Ask `teller` too, from now on."""
    _tellers.append(teller)


def recorded_since(goals: Collection[int], *, since: datetime.datetime) -> str:
    """What was recorded since on one of `goals`, as a sentence; empty when nothing was."""
    return next(filter(None, (teller(goals, since=since) for teller in _tellers)), "")
