"""Building the report of a round from the database."""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import groupby
from types import MappingProxyType

from django.db.models import Prefetch
from django.utils import timezone

from din.models import Ambition, Effort, Goal
from monitoring.earlier import last_status, previous_updates
from monitoring.goal_line import WHOLE_PROGRAMME
from monitoring.models import EffortUpdate, Report, ReportingRound, Update
from monitoring.report.commitments import reported_commitments
from monitoring.report.document import ReportDocument, ReportEffort, ReportGoal, ReportTheme, StatusCount
from monitoring.report.earlier_report import compared, earlier_report
from monitoring.report.frozen import ReportSource, freeze
from monitoring.report.indicators import reported_indicators
from monitoring.report.summary import summary_sentence
from monitoring.report.texts import introductions_of
from monitoring.report.word_templates import template_in_force

NO_PROGRESS = "nog geen voortgang"


def report_of(round_: ReportingRound, *, edition: int | None = None) -> tuple[ReportDocument, str]:
    """The report of `round_` and its hash, as `report_source` has them."""
    source = report_source(round_, edition=edition)
    return source.document, source.sha256


def report_source(round_: ReportingRound, *, edition: int | None = None, with_template: bool = False) -> ReportSource:
    """What the files of the report of `round_` are made from: of an adopted round a frozen edition, else a concept.

    Without `edition` the newest. `with_template` adds the template of Word that was in force when the edition was
    frozen, or is now. Raises Report.DoesNotExist when there is no such edition.
    """
    if edition is None and not round_.is_adopted:
        text, _ = freeze(build_report(round_, today=timezone.localdate()))
        source, at = ReportSource(text, ""), timezone.now()
    else:
        editions = Report.objects.filter(round=round_)
        frozen = editions.latest("edition") if edition is None else editions.get(edition=edition)
        source, at = ReportSource(frozen.document, frozen.sha256), frozen.frozen_at
    if not with_template:
        return source
    return replace(source, template=template_in_force(round_.programme_id, at=at))


def build_report(round_: ReportingRound, *, today: datetime.date) -> ReportDocument:
    """The report of `round_` as the database has it now, in a constant number of queries."""
    return report_with_goals(round_, today=today)[0]


def report_with_goals(round_: ReportingRound, *, today: datetime.date) -> tuple[ReportDocument, list[Goal]]:
    """The report as `build_report` makes it, and beside it the goals that it tells of, in its order."""
    day = round_.reference_day(today=today)
    updates = list(Update.objects.filter(round=round_).with_place().prefetch_related(*_told("goal__"), "efforts"))
    document, goals = composed(
        round_, updates, previous=previous_updates(updates), ended=_ended_goals(round_, day), day=day
    )
    document = compared(document, goals, earlier_report(round_))
    return replace(document, indicators=reported_indicators(round_), commitments=reported_commitments(round_)), goals


def composed(
    round_: ReportingRound,
    updates: Iterable[Update],
    *,
    previous: Mapping[int, Update],
    ended: Iterable[Goal],
    day: datetime.date,
) -> tuple[ReportDocument, list[Goal]]:
    """What the report of `round_` says of its goals, from what was read of them, and those goals in its order.

    `updates` come with their goals, those with place, efforts, ER-goals and focus areas; `previous` is by the key of an
    update; `ended` are the goals without an update that had ended by `day`.
    """
    ambitions, introductions = _ambitions(round_), introductions_of(round_)
    entries = [(update.goal, _reported(update, previous.get(update.pk), day)) for update in updates]
    entries += [(goal, _ended(goal)) for goal in ended]
    entries.sort(key=lambda entry: _place(entry[0]))
    themes = []
    for _, group in groupby(entries, key=lambda entry: entry[0].theme_id):
        members = list(group)
        theme = members[0][0].theme
        title, name = (theme.title, theme.name) if theme else (WHOLE_PROGRAMME, "")
        dreams = tuple(ambitions.get(theme.pk, ())) if theme else ()
        introduction = introductions.get(theme.pk, "") if theme else ""
        empty = ReportTheme(title, name, (), (), late=0, introduction=introduction, ambitions=dreams)
        themes.append(recounted(empty, [reported for _, reported in members]))
    document = counted_document(
        ReportDocument(
            programme=round_.programme.name,
            title=f"Voortgangsrapportage {round_.programme.name}",
            first_day=round_.first_day.isoformat(),
            last_day=round_.last_day.isoformat(),
            plan=round_.plan.name,
            round=round_.name,
            round_label=round_.label,
            state=round_.state,
            adopted_on=timezone.localdate(round_.adopted_at).isoformat() if round_.adopted_at else "",
            edition=1,
            reference_day=day.isoformat(),
            themes=tuple(themes),
            counts=(),
            goals=0,
            late=0,
            introduction=introductions.get(None, ""),
            ambitions=tuple(ambitions.get(None, ())),
        )
    )
    return document, [goal for goal, _ in entries]


def recounted(theme: ReportTheme, goals: Iterable[ReportGoal]) -> ReportTheme:
    """`theme` with `goals`, and how many there are of each status."""
    members = tuple(goals)
    return replace(theme, goals=members, counts=_counts(members), late=sum(goal.late for goal in members))


def counted_document(document: ReportDocument) -> ReportDocument:
    """`document` with its numbers counted from its themes, and its summary made from those."""
    goals = document.every_goal
    return replace(
        document,
        counts=_counts(goals),
        goals=len(goals),
        late=sum(goal.late for goal in goals),
        summary=summary_sentence(goals),
    )


def _place(goal: Goal) -> tuple[int, int, int, int]:
    """The plan's order: what belongs to the whole programme first, then theme by theme."""
    theme = goal.theme
    return (theme.position if theme else -1, theme.pk if theme else 0, goal.position, goal.pk)


def _ambitions(round_: ReportingRound) -> Mapping[int | None, Iterable[str]]:
    """The ambitions of the plan by the key of their theme, in the plan's order."""
    found: dict[int | None, list[str]] = {}
    for theme, text in Ambition.objects.filter(plan=round_.plan_id).values_list("theme_id", "text"):
        found.setdefault(theme, []).append(text)
    return found


def _ended_goals(round_: ReportingRound, day: datetime.date) -> Iterable[Goal]:
    """The goals of the plan that had ended, and on which nothing was asked any more in this round."""
    ended = Goal.objects.filter(plan=round_.plan_id, ended_on__lte=day)
    return ended.exclude(updates__round=round_.pk).with_place().prefetch_related(*_told())


def _told(path: str = "") -> list[str | Prefetch]:
    """What is told of each goal at `path` beside what it is itself, in the plan's order."""
    efforts = Effort.objects.select_related("lead").order_by("position", "pk")
    return [Prefetch(f"{path}efforts", efforts), f"{path}er_goals", f"{path}focus_areas"]


def _reported(update: Update, previous: Update | None, day: datetime.date) -> ReportGoal:
    """A goal with its update; what was not handed in stays out."""
    shown = update.is_delivered
    return _report_goal(
        update.goal,
        done={effort.effort_id: effort for effort in update.efforts.all()} if shown else {},
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
    done: Mapping[int, EffortUpdate] = MappingProxyType({}),
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
        efforts=tuple(_effort(effort, done.get(effort.pk)) for effort in goal.efforts.all()),
        description=goal.description,
        intended_results=goal.intended_results,
        serves=tuple(er_goal.text for er_goal in goal.er_goals.all()),
        focus_areas=tuple(area.name for area in goal.focus_areas.all()),
    )


def _effort(effort: Effort, update: EffortUpdate | None) -> ReportEffort:
    return ReportEffort(
        text=effort.text,
        lead=effort.lead.name if effort.lead else "",
        done=update is not None and update.done,
        comment=update.comment if update is not None else "",
    )


def _counts(goals: Iterable[ReportGoal]) -> tuple[StatusCount, ...]:
    """Every status in its fixed order, also those with no goals, and at the end what has no progress."""
    found = Counter(goal.status for goal in goals)
    known = [StatusCount(status.value, status.label, found[status.value]) for status in Update.Status]
    return (*known, StatusCount("", NO_PROGRESS, found[""]))
