"""What formats of the report say in the same words: headings, dates, paragraphs, facts and how a goal stands.

Knows no Django.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from enum import StrEnum
from typing import NamedTuple

from monitoring.periods import day_label
from monitoring.report.document import ReportGoal
from monitoring.report.printed import Facts, Paragraphs


class Heading(StrEnum):
    """What stands above the parts of a report, and above the texts of a goal, in every format."""

    CONTENTS = "Inhoud"
    SUMMARY = "Samenvatting"
    STANDING = "Hoe het ervoor staat"
    PROPOSALS = "Voorstellen tot afdoening"
    CHANGES = "Wat er veranderde"
    INDICATORS = "Indicatoren van het hele programma"
    THEME_INDICATORS = "Indicatoren"
    COMMITMENTS = "Toezeggingen, moties en aanbevelingen"
    ANNEX = "Bijlage: alles op een rij"
    COLOPHON = "Colofon"
    AMBITIONS = "Ambities"
    DESCRIPTION = "Wat we willen"
    INTENDED_RESULTS = "Beoogde resultaten"
    EXPLANATION = "Voortgang"
    NEXT_STEPS = "Vervolgstappen"
    EFFORTS = "Inspanningen"
    SETTLEMENT = "Afdoening"
    DONE = "Gedaan"
    KEY_INDICATOR = "Kernindicator"


class GoalWords(NamedTuple):
    """What goals are called: one, several, and one with its article."""

    one: str
    several: str
    the_one: str


_DOELEN = GoalWords("doel", "doelen", "het ene doel")
_OPGAVEN = GoalWords("opgave", "opgaven", "de ene opgave")


def words_for(goals: Collection[ReportGoal]) -> GoalWords:
    """What `goals` are called together: opgaven when they are nothing else."""
    return _OPGAVEN if goals and all(goal.is_opgave for goal in goals) else _DOELEN


# What became of a goal that only the report before told of.
GONE = "Niet meer in het plan"


def standing_label(goal: ReportGoal) -> str:
    """How a goal stands: its status, or without one whether something is still to come."""
    return capitalized(goal.status_label or goal.state_label)


def told_of(goal: ReportGoal) -> str:
    """What the owner told of a goal, or why nothing was handed in."""
    return f"Niet aangeleverd: {goal.not_delivered_reason}" if goal.not_delivered_reason else goal.explanation


def paragraphs(text: str) -> Paragraphs:
    """The paragraphs of a text: what stands between blank lines. A single new line stays in its paragraph."""
    found: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.strip():
            found[-1].append(line.rstrip())
        elif found[-1]:
            found.append([])
    return tuple("\n".join(lines) for lines in found if lines)


def day(iso: str) -> str:
    """An ISO date as people say it, "9 juli 2024"; empty without one."""
    return day_label(datetime.date.fromisoformat(iso)) if iso else ""


def capitalized(text: str) -> str:
    """`text` with a capital, the rest as it is."""
    return text[:1].upper() + text[1:]


def facts(*told: tuple[str, str]) -> Facts:
    """Those of `told` that say something."""
    return tuple(fact for fact in told if fact[1])
