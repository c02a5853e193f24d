"""The report as its readers get it, for Word, PDF and screen: every sentence, label and table. Knows no Django."""

from __future__ import annotations

from dataclasses import dataclass

from monitoring.indicator_chart import Chart
from monitoring.report.document import ReportEffort

Paragraphs = tuple[str, ...]
Facts = tuple[tuple[str, str], ...]  # a label and what it says, never empty


@dataclass(frozen=True)
class PrintedTable:
    """A table in words. `numbers` are the columns, from 0, that hold numbers; `has_total`: the last row is a sum."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...] = ()
    has_total: bool = False


@dataclass(frozen=True)
class PrintedGoal:
    """A goal. `key` is its anchor, `standing` the key of its icon and colour; without a change `change_label` is ""."""

    key: str
    title: str
    text: str
    standing: str
    standing_label: str
    change: str
    change_label: str
    is_late: bool
    facts: Facts
    description: Paragraphs
    intended_results: Paragraphs
    explanation: Paragraphs
    next_steps: Paragraphs
    efforts: tuple[ReportEffort, ...]


@dataclass(frozen=True)
class PrintedIndicator:
    """An indicator with its parts; one of several parts has its values in them. `standing` is as that of a goal."""

    key: str
    name: str
    is_key: bool
    standing: str
    judgement_label: str
    description: Paragraphs
    facts: Facts
    chart: Chart | None
    table: PrintedTable | None
    parts: tuple[PrintedIndicator, ...] = ()


@dataclass(frozen=True)
class PrintedCommitment:
    """A commitment, motion or recommendation. `settlement` is the proposal to settle it, or how it was settled."""

    key: str
    title: str
    state_label: str
    is_proposal: bool
    facts: Facts
    text: Paragraphs
    settlement: Paragraphs


@dataclass(frozen=True)
class PrintedTheme:
    key: str
    title: str
    sentence: str
    introduction: Paragraphs
    ambitions: tuple[str, ...]
    goals: tuple[PrintedGoal, ...]
    indicators: tuple[PrintedIndicator, ...]


@dataclass(frozen=True)
class StandingBar:
    """How the goals of a theme, or of the whole programme, stand: the key, the word and the number of each standing."""

    title: str
    parts: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True)
class Printed:
    """`is_about_opgaven`: the report of speerpunten and opgaven, which readers know as running text by opgave."""

    title: str
    programme: str
    plan: str
    round_label: str
    period: str
    standing_line: str
    is_concept: bool
    is_about_opgaven: bool
    day: str
    summary: str
    introduction: Paragraphs
    ambitions: tuple[str, ...]
    bars: tuple[StandingBar, ...]
    standing_table: PrintedTable
    proposals: tuple[PrintedCommitment, ...]
    changes_sentence: str
    changes_table: PrintedTable | None
    themes: tuple[PrintedTheme, ...]
    indicators: tuple[PrintedIndicator, ...]
    commitments: tuple[PrintedCommitment, ...]
    annex: PrintedTable
    colophon: Facts
