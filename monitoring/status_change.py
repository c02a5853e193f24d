"""What became of a goal between two rounds, by how it stood in each. Knows no Django."""

from __future__ import annotations

from enum import StrEnum

ACHIEVED = "achieved"
# The one table: a goal does better when it moves up in it, and worse when it moves down.
BEST_FIRST = (ACHIEVED, "on_track", "not_started", "delayed", "at_risk", "not_achieved")
DROPPED = "dropped"
# How a goal stands on which nothing came in: that is no better and no worse than anything.
WITHOUT_STATUS = ("awaited", "not_delivered")


class Change(StrEnum):
    """In the order of pages: what a reader should look at first comes first."""

    WORSE = "worse"
    BETTER = "better"
    ENDED = "ended"
    NEW = "new"
    UNKNOWN = "unknown"
    SAME = "same"


WORDS: dict[Change, str] = {
    Change.WORSE: "slechter",
    Change.BETTER: "beter",
    Change.ENDED: "vervallen",
    Change.NEW: "nieuw",
    Change.UNKNOWN: "niet te vergelijken",
    Change.SAME: "gelijk",
}


def change_between(before: str | None, after: str | None) -> Change:
    """What became of a goal that stood as `before` in the earlier round and as `after` in the later one.

    Both are a key of standing.LABELS, or None when the round is not about the goal. Raises ValueError for two times
    None, and for a standing that the table does not know.
    """
    if before is None and after is None:
        raise ValueError("neither round is about this goal")
    if after is None and before == ACHIEVED:
        return Change.SAME  # what was achieved needs no place in the next plan
    if after is None or after == DROPPED:
        return Change.SAME if before == DROPPED else Change.ENDED
    if before is None or before == DROPPED:
        return Change.NEW
    if before in WITHOUT_STATUS or after in WITHOUT_STATUS:
        return Change.UNKNOWN
    moved = BEST_FIRST.index(before) - BEST_FIRST.index(after)
    return Change.BETTER if moved > 0 else Change.WORSE if moved < 0 else Change.SAME
