"""The stacked bar of standings: how many goals stand how, as numbers and as widths."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monitoring.standing import LABELS


@dataclass(frozen=True)
class Segment:
    """The goals with one standing; `x` and `width` in hundredths of the bar, 0 to 100."""

    status: str
    label: str
    count: int
    x: float
    width: float


@dataclass(frozen=True)
class StatusBar:
    segments: tuple[Segment, ...]
    total: int


def make_bar(counts: Mapping[str, int]) -> StatusBar:
    """The bar of `counts`, a number of goals by standing (a key of LABELS). A standing without goals has no segment."""
    return bar_of((status, label, counts.get(status, 0)) for status, label in LABELS.items())


def bar_of(parts: Iterable[tuple[str, str, int]]) -> StatusBar:
    """The bar of `parts`: a status for the pattern, a word and a count each. A part of nothing has no segment."""
    filled = [(status, label, count) for status, label, count in parts if count]
    total = sum(count for _, _, count in filled)
    segments = []
    before = 0
    for status, label, count in filled:
        segments.append(Segment(status, label, count, round(100 * before / total, 2), round(100 * count / total, 2)))
        before += count
    return StatusBar(tuple(segments), total)
