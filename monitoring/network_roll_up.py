"""How an ER-goal, an ambition or a theme stands, from the goals that hang under it. Knows no Django.

The rule, the first that holds. Goals that were dropped do not count, each other goal counts once, however many lines
lead to it. A goal that is late, so past its deadline without a final status, counts as delayed, unless it is in danger:

1. no goals: nothing to say; only dropped goals: dropped;
2. at least a third is in danger or was not achieved: in danger;
3. at least one is in danger or was not achieved, or at least a third is delayed: delayed;
4. of more than half nothing is known: unknown;
5. all achieved: achieved;
6. nothing but goals that have not started and unknown ones: not started;
7. on track.

So one goal in danger always shows above it, never as good news, and one among many does not turn everything red.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

NO_GOALS = "no_goals"
UNKNOWN = "unknown"
# In danger, or too late to be saved.
IN_DANGER = frozenset({"at_risk", "not_achieved"})
_UNKNOWN_STANDINGS = frozenset({"awaited", "not_delivered"})

ROLLED_LABELS = {
    NO_GOALS: "zonder doelen",
    "dropped": "vervallen",
    "at_risk": "in gevaar",
    "delayed": "vertraagd",
    UNKNOWN: "nog onbekend",
    "achieved": "behaald",
    "not_started": "nog niet gestart",
    "on_track": "op schema",
}

# What is decided: being late no longer matters.
_FINAL = frozenset({"achieved", "not_achieved", "dropped"})

# The rule as the page explains it.
LATE_RULE = (
    "Een doel waarvan de deadline voorbij is en dat nog niet is afgerond, telt als vertraagd. Is het in gevaar, dan "
    "telt dat."
)
RULE = (
    "In gevaar: een derde of meer van de doelen is in gevaar of niet behaald.",
    "Vertraagd: minstens één doel is in gevaar of niet behaald, of een derde of meer is vertraagd.",
    "Nog onbekend: van meer dan de helft van de doelen is er nog geen voortgang.",
    "Behaald: alle doelen zijn behaald.",
    "Nog niet gestart: geen enkel doel is gestart.",
    "Op schema: in alle andere gevallen.",
)


def counts_as(standing: str, *, is_late: bool) -> str:
    """The standing with which a goal counts for what hangs above it."""
    return "delayed" if is_late and standing not in _FINAL | IN_DANGER else standing


def roll_up(goals: Iterable[tuple[str, bool]]) -> str:
    """The standing (a key of ROLLED_LABELS) above `goals`: of each its own (of monitoring.standing), and if it is late.

    Both are those of the round.
    """
    counts = Counter(counts_as(standing, is_late=is_late) for standing, is_late in goals)
    total = counts.total()
    counting = total - counts["dropped"]
    if not counting:
        return "dropped" if total else NO_GOALS
    in_danger = sum(counts[standing] for standing in IN_DANGER)
    unknown = sum(counts[standing] for standing in _UNKNOWN_STANDINGS)
    if 3 * in_danger >= counting:
        return "at_risk"
    if in_danger or 3 * counts["delayed"] >= counting:
        return "delayed"
    if 2 * unknown > counting:
        return UNKNOWN
    if counts["achieved"] == counting:
        return "achieved"
    if counts["not_started"] + unknown == counting:
        return "not_started"
    return "on_track"
