"""What happened to the progress of a goal: who did what when, from the audit trail and the editions of the report."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice

from din.models import Goal
from monitoring.models import AuditLine, ReportedGoal, ReportingRound, Update
from monitoring.workflow import Action

EVENTS_AT_MOST = 200  # of the trail, in which typing on is one event

_DEEDS = {
    Action.SAVE: "bewaarde een concept",
    Action.SUBMIT: "diende de voortgang in",
    Action.WITHDRAW: "haalde de voortgang terug",
    Action.APPROVE: "keurde de voortgang goed",
    Action.RETURN: "stuurde de voortgang terug",
    Action.MARK_NOT_DELIVERED: "zette het doel op ‘niet aangeleverd’",
    "change": "wijzigde het doel",
    "reassign": "gaf het doel aan een andere eigenaar",
    "create": "voegde het doel toe",
}


@dataclass(frozen=True)
class Event:
    """One thing that happened. `note` is a reason or what was changed; `round_label` is empty outside a round."""

    at: datetime.datetime
    who: str
    deed: str
    note: str
    round_label: str


def history_of(
    goal: Goal,
    *,
    rounds: Iterable[ReportingRound],
    updates: Iterable[Update],
    editions: Iterable[ReportedGoal],
    reads_all: bool,
) -> tuple[Event, ...]:
    """The history of `goal`, the latest first.

    Everybody reads what `editions` tell: that the goal was adopted, and every correction of it. Who records the goal
    (`reads_all`) reads as well what happened to `updates`; that costs one query.
    """
    labels = {round_.pk: round_.label for round_ in rounds}
    events = _events_of_editions(editions, labels)
    if reads_all:
        events += _events_of_trail(goal, {update.pk: labels[update.round_id] for update in updates})
    return tuple(sorted(events, key=lambda event: event.at, reverse=True))


def _events_of_editions(editions: Iterable[ReportedGoal], labels: dict[int, str]) -> list[Event]:
    events = []
    for round_id, group in groupby(editions, key=lambda told: told.report.round_id):
        before: ReportedGoal | None = None
        for told in group:
            deed = "stelde de ronde vast" if before is None else "corrigeerde het rapport"
            if before is None or _said(before) != _said(told):
                status = told.get_status_display() or told.get_state_display()
                note = f"Status: {status}." if before is None else f"Status: {status}. Reden: {told.report.reason}"
                who = str(told.report.frozen_by) if told.report.frozen_by else "de server"
                events.append(Event(told.report.frozen_at, who, deed, note, labels[round_id]))
            before = told
    return events


def _said(told: ReportedGoal) -> tuple[object, ...]:
    return (told.state, told.status, told.explanation, told.next_steps, told.forecast, told.not_delivered_reason)


def _events_of_trail(goal: Goal, labels: dict[int, str]) -> list[Event]:
    """What the trail tells about the goal and its updates, the latest first."""
    about = AuditLine.objects.filter(object_type="update", object_id__in=labels) | AuditLine.objects.filter(
        object_type="goal", object_id=goal.pk
    )
    lines = about.select_related("actor").order_by("-pk").iterator()
    return list(islice(_events(lines, labels), EVENTS_AT_MOST))


def _events(lines: Iterable[AuditLine], labels: dict[int, str]) -> Iterator[Event]:
    """One event for a line, and for a run of drafts that the same person saved, with all that was noted on them."""
    for run, group in groupby(lines, key=lambda line: (line.action, line.actor_id, line.object_type, line.object_id)):
        members = list(group)
        for same in [members] if run[0] == Action.SAVE else [[line] for line in members]:
            line = same[0]
            deed = _DEEDS.get(line.action, line.action)
            yield Event(
                at=line.at,
                who=str(line.actor) if line.actor else "de server",
                deed=f"{deed} ({len(same)} keer)" if len(same) > 1 else deed,
                note="\n".join(dict.fromkeys(line.note for line in same if line.note)),
                round_label=labels[line.object_id] if line.object_type == "update" else "",
            )
