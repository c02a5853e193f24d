"""The report before this one: how each goal stood in it, what became of it since, and which goals are gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from din.models import Goal
from monitoring.models import Report, ReportedGoal, ReportingRound
from monitoring.report.document import ReportDocument, ReportGoal, ReportGone, ReportTheme
from monitoring.round_comparison import origin_among, predecessors_in
from monitoring.standing import LABELS
from monitoring.status_change import WORDS, Change, change_between


@dataclass(frozen=True)
class EarlierReport:
    """A report as its newest edition has it: its goals by their key, in its order.

    `predecessors` says by key which goal each goal of the programme continues.
    """

    round_label: str
    goals: Mapping[int, ReportedGoal]
    predecessors: Mapping[int, int | None]


def earlier_report(round_: ReportingRound) -> EarlierReport | None:
    """The report of the latest adopted round before `round_`, in three queries; None when there is none."""
    newest = Report.objects.defer("document").latest_before(round_)
    if newest is None:
        return None
    return EarlierReport(
        round_label=newest.round.label,
        goals={told.goal_id: told for told in newest.goals.order_by("position")},
        predecessors=predecessors_in(round_.programme),
    )


def compared(document: ReportDocument, goals: Sequence[Goal], earlier: EarlierReport | None) -> ReportDocument:
    """`document` with what changed since `earlier`; `goals` are those that it tells of, in its order."""
    if earlier is None:
        return document
    origins = [origin_among(goal.pk, earlier.goals, earlier.predecessors) for goal in goals]
    place, themes = 0, []
    for theme in document.themes:
        befores = [None if origin is None else earlier.goals[origin] for origin in origins[place:]]
        themes.append(_compared_theme(theme, befores))
        place += len(theme.goals)
    known = set(origins)
    gone = [
        ReportGone(told.reference, told.text, told.theme_title, told.standing, LABELS[told.standing])
        for pk, told in earlier.goals.items()
        if pk not in known and change_between(told.standing, None) is Change.ENDED
    ]
    return replace(document, themes=tuple(themes), previous_round_label=earlier.round_label, gone=tuple(gone))


def _compared_theme(theme: ReportTheme, befores: Sequence[ReportedGoal | None]) -> ReportTheme:
    return replace(
        theme,
        goals=tuple(
            with_change(
                replace(
                    goal,
                    before=before.standing if before else "",
                    before_label=LABELS[before.standing] if before else "",
                )
            )
            for goal, before in zip(theme.goals, befores, strict=False)
        ),
    )


def with_change(goal: ReportGoal) -> ReportGoal:
    """`goal` with what became of it since the report before, by how it stood there and how it stands now."""
    change = change_between(goal.before or None, goal.standing)
    return replace(goal, change=change.value, change_label=WORDS[change])
