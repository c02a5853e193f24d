"""What was recorded on goals since a moment: for a change of the plan that may only come before it."""

import datetime
from collections.abc import Collection

from monitoring.models import ReportedGoal, Update

PROGRESS = "Er is daarna voortgang vastgelegd bij deze doelen."
REPORTED = "Er is daarna een rapport vastgesteld waarin deze doelen staan."


def recorded_since(goals: Collection[int], *, since: datetime.datetime) -> str:
    """As a sentence; empty when nothing was recorded."""
    if Update.objects.filter(goal__in=goals, changed_at__gt=since).exists():
        return PROGRESS
    if ReportedGoal.objects.filter(goal__in=goals, report__frozen_at__gt=since).exists():
        return REPORTED
    return ""
