"""Writing an edition of the report of an adopted round: the frozen document, and its goals in a form to search in.

The first edition is made by adopting (workflow/rounds.py), a later one by a correction (corrections.py). An edition
is written once, in one transaction; after that the database refuses every change of it (immutability.py).
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from monitoring.models import Report, ReportedGoal, ReportingRound
from monitoring.report.build import report_with_goals
from monitoring.report.document import ReportDocument, ReportGoal, ReportTheme, date_of
from monitoring.report.frozen import freeze


def freeze_first_edition(round_: ReportingRound, *, actor: AbstractBaseUser | None, at: datetime.datetime) -> Report:
    """Freeze the report of `round_`, which has just been adopted, with the texts as they are now."""
    document, goals = report_with_goals(round_, today=timezone.localdate(at))
    places = [(goal.pk, goal.theme_id, goal.owner_id) for goal in goals]
    return write_edition(round_, document, places, actor=actor, at=at)


# The keys of a goal, its theme and its owner: what the document tells in words.
Place = tuple[int, int | None, int | None]


def write_edition(
    round_: ReportingRound,
    document: ReportDocument,
    places: Sequence[Place],
    *,
    actor: AbstractBaseUser | None,
    at: datetime.datetime,
) -> Report:
    """Store `document` with its hash, and a row for each of its goals, which are `places` in the same order."""
    content, sha256 = freeze(document)
    report = Report.objects.create(
        round=round_,
        edition=document.edition,
        reason=document.correction,
        document=content,
        sha256=sha256,
        goal_count=document.goals,
        frozen_at=at,
        frozen_by_id=None if actor is None else actor.pk,
    )
    told = [(theme, goal) for theme in document.themes for goal in theme.goals]
    ReportedGoal.objects.bulk_create(
        _reported_goal(report, position, theme, goal, place)
        for position, ((theme, goal), place) in enumerate(zip(told, places, strict=True), start=1)
    )
    return report


def _reported_goal(report: Report, position: int, theme: ReportTheme, goal: ReportGoal, place: Place) -> ReportedGoal:
    goal_id, theme_id, owner_id = place
    return ReportedGoal(
        report=report,
        position=position,
        goal_id=goal_id,
        theme_id=theme_id,
        owner_id=owner_id,
        **columns_of(theme, goal),
    )


def columns_of(theme: ReportTheme, goal: ReportGoal) -> dict[str, Any]:
    """What the row of a goal holds of the document."""
    return {
        "theme_title": theme.title,
        "owner_name": goal.owner,
        "reference": goal.reference,
        "number": goal.number,
        "text": goal.text,
        "deadline": date_of(goal.deadline),
        "state": goal.state,
        "status": goal.status,
        "explanation": goal.explanation,
        "next_steps": goal.next_steps,
        "forecast": date_of(goal.forecast),
        "not_delivered_reason": goal.not_delivered_reason,
        "late": goal.late,
    }
