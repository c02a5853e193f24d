"""Building the report of a round from the database."""

import datetime
from collections import Counter
from collections.abc import Iterable
from itertools import groupby

from django.utils import timezone

from monitoring.models import Report, ReportingRound, Update
from monitoring.report_document import ReportDocument, ReportGoal, ReportTheme, StatusCount
from monitoring.report_json import thaw

NO_PROGRESS = "nog geen voortgang"


def report_of(round_: ReportingRound) -> tuple[ReportDocument, str]:
    """The report of `round_` and its hash: of an adopted round the newest frozen edition, else a concept and ""."""
    if round_.is_adopted:
        frozen = Report.objects.filter(round=round_).order_by("-edition").first()
        if frozen is not None:
            return thaw(frozen.document), frozen.sha256
    return build_report(round_, today=timezone.localdate()), ""


def build_report(round_: ReportingRound, *, today: datetime.date, edition: int = 1) -> ReportDocument:
    """The report of `round_` as the database has it now, in a constant number of queries."""
    day = round_.reference_day(today=today)
    updates = Update.objects.filter(round=round_).with_place().order_by("goal__theme__position", "goal__position")
    themes = []
    for _, group in groupby(updates, key=lambda update: update.goal.theme_id):
        members = list(group)
        theme = members[0].goal.theme
        goals = tuple(_goal(update, day) for update in members)
        themes.append(
            ReportTheme(
                title=theme.title if theme else "Hele programma",
                name=theme.name if theme else "",
                goals=goals,
                counts=_counts(goals),
                late=sum(goal.late for goal in goals),
            )
        )
    every_goal = [goal for theme in themes for goal in theme.goals]
    return ReportDocument(
        programme=round_.programme.name,
        plan=round_.plan.name,
        round=round_.name,
        round_label=round_.label,
        state=round_.state,
        adopted_on=timezone.localdate(round_.adopted_at).isoformat() if round_.adopted_at else "",
        edition=edition,
        reference_day=day.isoformat(),
        themes=tuple(themes),
        counts=_counts(every_goal),
        goals=len(every_goal),
        late=sum(goal.late for goal in every_goal),
    )


def _goal(update: Update, day: datetime.date) -> ReportGoal:
    goal = update.goal
    shown = update.is_delivered
    return ReportGoal(
        reference=goal.reference,
        number=goal.number,
        kind=goal.get_kind_display(),
        text=goal.text,
        deadline=goal.deadline.isoformat() if goal.deadline else "",
        deadline_label=goal.deadline_label,
        owner=goal.owner.name if goal.owner else "",
        state=update.state,
        state_label=update.get_state_display(),
        status=update.status if shown else "",
        status_label=update.get_status_display() if shown else "",
        explanation=update.explanation if shown else "",
        next_steps=update.next_steps if shown else "",
        forecast=update.forecast.isoformat() if shown and update.forecast else "",
        not_delivered_reason=update.not_delivered_reason,
        late=update.is_late(as_of=day),
    )


def _counts(goals: Iterable[ReportGoal]) -> tuple[StatusCount, ...]:
    """Every status in its fixed order, also those with no goals, and at the end what has no progress."""
    found = Counter(goal.status for goal in goals)
    known = [StatusCount(status.value, status.label, found[status.value]) for status in Update.Status]
    return (*known, StatusCount("", NO_PROGRESS, found[""]))
