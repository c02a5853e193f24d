"""The report as canonical JSON: what is frozen, hashed, and read back. Knows no Django."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

from monitoring.report.document import (
    ReportCommitment,
    ReportDocument,
    ReportEffort,
    ReportGoal,
    ReportGone,
    ReportIndicator,
    ReportMeasurement,
    ReportTarget,
    ReportTheme,
    StatusCount,
)

SCHEMA = 2
# What can be read: an edition of schema 1 lacks what came later, and has it empty.
_READABLE = (1, SCHEMA)


@dataclass(frozen=True)
class ReportSource:
    """What every format is made from: the canonical text, and the hash of a frozen edition ("" of a concept).

    `template` is that of Word, empty for the standard one.
    """

    text: str
    sha256: str
    template: bytes = b""

    @cached_property
    def document(self) -> ReportDocument:
        return thaw(self.text)


def freeze(document: ReportDocument) -> tuple[str, str]:
    """`document` as canonical JSON, and the hash of that text."""
    text = canonical({"schema": SCHEMA, "report": asdict(document)})
    return text, hash_of(text)


def canonical(content: Mapping[str, Any]) -> str:
    """`content` as the one JSON text that it has: sorted keys, no spaces."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def hash_of(text: str) -> str:
    """The SHA-256 of `text`, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def content_hash(document: ReportDocument) -> str:
    """The hash of what adopting would freeze now: of the concept without the state and the day, which adopting sets."""
    return freeze(replace(document, state="", adopted_on="", reference_day=""))[1]


def goal_hashes(document: ReportDocument) -> list[str]:
    """A short hash of each goal in its theme, to tell which goals changed between two looks at the report."""
    told = [(theme.title, goal) for theme in document.themes for goal in theme.goals]
    return [hash_of(canonical({"theme": title, "goal": asdict(goal)}))[:12] for title, goal in told]


def thaw(text: str) -> ReportDocument:
    """The document that `freeze` wrote. Raises ValueError for another schema."""
    stored = json.loads(text)
    if stored.get("schema") not in _READABLE:
        raise ValueError(f"unknown schema of a report: {stored.get('schema')!r}")
    report = stored["report"]
    return ReportDocument(
        themes=tuple(_theme(theme) for theme in report.pop("themes")),
        counts=_counts(report.pop("counts")),
        indicators=tuple(_indicator(indicator) for indicator in report.pop("indicators", [])),
        commitments=tuple(_commitment(commitment) for commitment in report.pop("commitments", [])),
        ambitions=tuple(report.pop("ambitions", [])),
        gone=tuple(ReportGone(**goal) for goal in report.pop("gone", [])),
        **report,
    )


def _theme(theme: dict[str, Any]) -> ReportTheme:
    goals = tuple(_goal(goal) for goal in theme.pop("goals"))
    ambitions = tuple(theme.pop("ambitions", []))
    return ReportTheme(goals=goals, counts=_counts(theme.pop("counts")), ambitions=ambitions, **theme)


def _goal(goal: dict[str, Any]) -> ReportGoal:
    efforts = tuple(ReportEffort(**effort) for effort in goal.pop("efforts", []))
    serves, focus_areas = (tuple(goal.pop(name, [])) for name in ("serves", "focus_areas"))
    return ReportGoal(efforts=efforts, serves=serves, focus_areas=focus_areas, **goal)


def _indicator(indicator: dict[str, Any]) -> ReportIndicator:
    return ReportIndicator(
        goals=tuple(indicator.pop("goals")),
        targets=tuple(ReportTarget(**target) for target in indicator.pop("targets")),
        measurements=tuple(ReportMeasurement(**measurement) for measurement in indicator.pop("measurements")),
        **indicator,
    )


def _commitment(commitment: dict[str, Any]) -> ReportCommitment:
    return ReportCommitment(goals=tuple(commitment.pop("goals")), **commitment)


def _counts(counts: list[dict[str, Any]]) -> tuple[StatusCount, ...]:
    return tuple(StatusCount(**count) for count in counts)
