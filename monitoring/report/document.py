"""The progress report as content: what every format renders and what adoption freezes. Knows no Django."""

import datetime
from dataclasses import dataclass


def date_of(iso: str) -> datetime.date | None:
    """A date of the document; None where it has none."""
    return datetime.date.fromisoformat(iso) if iso else None


@dataclass(frozen=True)
class StatusCount:
    """How many goals have a status. `status` is a value of Update.Status, "" without progress."""

    status: str
    label: str
    count: int


@dataclass(frozen=True)
class ReportEffort:
    """An effort of a goal, with what was handed in on it: whether it is done, and a comment."""

    text: str
    lead: str
    done: bool
    comment: str


@dataclass(frozen=True)
class ReportGoal:
    """One goal with its progress, in the words of the moment. Dates are ISO ("2023-06-30"), empty when there is none.

    `state` is "approved" or "not_delivered" in an adopted round, and empty for a goal that had ended before it; in a
    concept it can be any state, and then the status and the texts of what was not handed in are empty.

    `serves` are the ER-goals that it serves and `focus_areas` the tags of its plan. `before` is how the goal stood in
    the report before this one (a key of standing.LABELS) and `change` what became of it (a value of Change); both are
    empty when no report went before, and `before` for a goal that was not in it.
    """

    reference: str
    number: int | None
    kind: str
    text: str
    deadline: str
    deadline_label: str
    owner: str
    state: str
    state_label: str
    status: str
    status_label: str
    explanation: str
    next_steps: str
    forecast: str
    not_delivered_reason: str
    late: bool
    efforts: tuple[ReportEffort, ...] = ()
    description: str = ""
    intended_results: str = ""
    serves: tuple[str, ...] = ()
    focus_areas: tuple[str, ...] = ()
    before: str = ""
    before_label: str = ""
    change: str = ""
    change_label: str = ""

    @property
    def is_opgave(self) -> bool:
        return self.kind == "opgave"

    @property
    def standing(self) -> str:
        """How the goal stands, a key of standing.LABELS: its status, or else whether something is still to come."""
        return self.status or ("not_delivered" if self.state == "not_delivered" else "awaited")


@dataclass(frozen=True)
class ReportGone:
    """A goal that the report before this one told of and this one does not, neither achieved nor dropped."""

    reference: str
    text: str
    theme: str
    before: str
    before_label: str


@dataclass(frozen=True)
class ReportTheme:
    """A theme with its goals in the plan's order. `title` is "Pijler 4: Inkomen", or "Hele programma" without a theme.

    `introduction` is what the manager wrote at its head, `ambitions` what the plan dreams of here.
    """

    title: str
    name: str
    goals: tuple[ReportGoal, ...]
    counts: tuple[StatusCount, ...]
    late: int
    introduction: str = ""
    ambitions: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReportTarget:
    """What an indicator must have reached on `day` (ISO). Values are decimal numbers as text ("48.33"), or empty."""

    day: str
    value: str
    upper: str
    source: str


@dataclass(frozen=True)
class ReportMeasurement:
    """What was measured over a period: `first_day` and `last_day` are ISO, `period` is what the period is called."""

    first_day: str
    last_day: str
    period: str
    value: str
    source: str
    note: str


@dataclass(frozen=True)
class ReportIndicator:
    """An indicator, or a part of one, with the targets in force and what was measured until the round.

    `part_of` is the name of the indicator that it is a part of, and empty for a whole one; an indicator of several
    parts has its values in the parts, which follow it. `goals` are the references (or texts) of the goals it concerns.
    `aggregation` and `frequency` are those of Indicator, and empty in an edition from before they were kept.
    """

    name: str
    part_of: str
    theme: str
    description: str
    unit: str
    decimals: int
    direction: str
    direction_label: str
    is_key: bool
    owner: str
    source: str
    baseline: str
    baseline_day: str
    judgement: str
    judgement_label: str
    goals: tuple[str, ...] = ()
    targets: tuple[ReportTarget, ...] = ()
    measurements: tuple[ReportMeasurement, ...] = ()
    aggregation: str = ""
    frequency: str = ""


@dataclass(frozen=True)
class ReportCommitment:
    """A commitment, motion or recommendation as the council may know it with this report. Dates are ISO or empty."""

    kind: str
    kind_label: str
    number: str
    title: str
    text: str
    made_on: str
    made_by: str
    owner: str
    deadline: str
    state: str
    state_label: str
    settlement: str
    settled_on: str
    goals: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReportDocument:
    """The report of one round. `state` tells whether it is a concept; `adopted_on` is empty then.

    Of a correction, an edition after the first, `corrected_on` is the day and `correction` the reason. `summary` is one
    sentence on all goals, `introduction` what the manager wrote at the head of the report, `ambitions` what the plan
    dreams of for the whole programme. `previous_round_label` names the round of the report before this one, empty when
    there is none; `gone` are the goals that only that one told of.
    """

    programme: str
    plan: str
    round: str
    round_label: str
    state: str
    adopted_on: str
    edition: int
    reference_day: str
    themes: tuple[ReportTheme, ...]
    counts: tuple[StatusCount, ...]
    goals: int
    late: int
    corrected_on: str = ""
    correction: str = ""
    indicators: tuple[ReportIndicator, ...] = ()
    commitments: tuple[ReportCommitment, ...] = ()
    title: str = ""
    first_day: str = ""
    last_day: str = ""
    summary: str = ""
    introduction: str = ""
    ambitions: tuple[str, ...] = ()
    previous_round_label: str = ""
    gone: tuple[ReportGone, ...] = ()

    @property
    def is_adopted(self) -> bool:
        return bool(self.adopted_on)

    @property
    def every_goal(self) -> tuple[ReportGoal, ...]:
        """The goals of all themes, in the order of the report."""
        return tuple(goal for theme in self.themes for goal in theme.goals)
