"""Building the report of a round from the database."""

import datetime
from collections import Counter
from collections.abc import Iterable
from itertools import groupby

from django.utils import timezone

from din.models import Goal
from monitoring.earlier import last_status, previous_updates
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
    updates = list(Update.objects.filter(round=round_).with_place())
    previous = previous_updates(updates)
    entries = [(update.goal, _reported(update, previous.get(update.pk), day)) for update in updates]
    entries += [(goal, _ended(goal)) for goal in _ended_goals(round_, day)]
    entries.sort(key=lambda entry: _place(entry[0]))
    themes = []
    for _, group in groupby(entries, key=lambda entry: entry[0].theme_id):
        members = list(group)
        theme = members[0][0].theme
        goals = tuple(reported for _, reported in members)
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


def _place(goal: Goal) -> tuple[int, int, int, int]:
    """The plan's order: what belongs to the whole programme first, then theme by theme."""
    theme = goal.theme
    return (theme.position if theme else -1, theme.pk if theme else 0, goal.position, goal.pk)


def _ended_goals(round_: ReportingRound, day: datetime.date) -> Iterable[Goal]:
    """The goals of the plan that had ended, and on which nothing was asked any more in this round."""
    ended = Goal.objects.filter(plan=round_.plan_id, ended_on__lte=day)
    return ended.exclude(updates__round=round_.pk).with_place()


def _reported(update: Update, previous: Update | None, day: datetime.date) -> ReportGoal:
    """A goal with its update; what was not handed in stays out."""
    shown = update.is_delivered
    return _report_goal(
        update.goal,
        state=update.state,
        state_label=update.get_state_display(),
        status=update.status if shown else "",
        status_label=update.get_status_display() if shown else "",
        explanation=update.explanation if shown else "",
        next_steps=update.next_steps if shown else "",
        forecast=update.forecast.isoformat() if shown and update.forecast else "",
        not_delivered_reason=update.not_delivered_reason,
        late=update.is_late(as_of=day, last_status=last_status(update, previous)),
    )


def _ended(goal: Goal) -> ReportGoal:
    """A goal that ended before the round: "vervallen", with the reason."""
    dropped = Update.Status.DROPPED
    return _report_goal(goal, status=dropped.value, status_label=str(dropped.label), explanation=goal.ended_reason)


def _report_goal(
    goal: Goal,
    *,
    status: str,
    status_label: str,
    explanation: str,
    state: str = "",
    state_label: str = "",
    next_steps: str = "",
    forecast: str = "",
    not_delivered_reason: str = "",
    late: bool = False,
) -> ReportGoal:
    return ReportGoal(
        reference=goal.reference,
        number=goal.number,
        kind=goal.get_kind_display(),
        text=goal.text,
        deadline=goal.deadline.isoformat() if goal.deadline else "",
        deadline_label=goal.deadline_label,
        owner=goal.owner.name if goal.owner else "",
        state=state,
        state_label=state_label,
        status=status,
        status_label=status_label,
        explanation=explanation,
        next_steps=next_steps,
        forecast=forecast,
        not_delivered_reason=not_delivered_reason,
        late=late,
    )


def _counts(goals: Iterable[ReportGoal]) -> tuple[StatusCount, ...]:
    """Every status in its fixed order, also those with no goals, and at the end what has no progress."""
    found = Counter(goal.status for goal in goals)
    known = [StatusCount(status.value, status.label, found[status.value]) for status in Update.Status]
    return (*known, StatusCount("", NO_PROGRESS, found[""]))
