"""Measuring things against each other: by turns, so that all meet the same machine; ratios within a round; medians."""

from __future__ import annotations

import gc
import math
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Times = dict[str, list[float]]


@dataclass(frozen=True)
class Result:
    """One line of the table: ours and the peer's in `unit`, and how many of ours go into the peer's.

    All are medians of `rounds` rounds. Without a peer `peer` and `ratio` are None. `aim` is in words.
    """

    benchmark: str
    database: str
    rows: int
    unit: str
    ours: float
    peer: float | None = None
    ratio: float | None = None
    rounds: int = 1
    aim: str = ""
    note: str = ""


def seconds(work: Callable[[], object]) -> float:
    """How long `work` takes by the clock on the wall, with the garbage of what went before cleared away first."""
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def by_turns(contestants: Mapping[str, Callable[[], float]], *, rounds: int) -> Times:
    """The seconds of each contestant in each round; who begins changes from round to round."""
    names = list(contestants)
    times: Times = {name: [] for name in names}
    for turn in range(rounds):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            times[name].append(contestants[name]())
    return times


def compared(
    benchmark: str,
    database: str,
    rows: int,
    times: Times,
    *,
    ours: str,
    peer: str,
    peer_factor: float = 1.0,
    aim: str = "",
    note: str = "",
) -> Result:
    """Two contestants as a line; `peer_factor` brings a peer that did fewer rows to as many rows as ours."""
    ratios = [theirs * peer_factor / mine for mine, theirs in zip(times[ours], times[peer], strict=True)]
    return Result(
        benchmark,
        database,
        rows,
        "s",
        ours=statistics.median(times[ours]),
        peer=statistics.median(times[peer]) * peer_factor,
        ratio=statistics.median(ratios),
        rounds=len(ratios),
        aim=aim,
        note=note,
    )


def growth(small: Result, large: Result, *, aim: str = "<= 0.05") -> Result:
    """By which power of the number of rows the time grows, ours and the peer's; 0 is not at all."""
    factor = math.log(large.rows / small.rows)
    return Result(
        f"growth, {large.benchmark}",
        large.database,
        large.rows,
        "power",
        ours=math.log(large.ours / small.ours) / factor,
        peer=None if large.peer is None or small.peer is None else math.log(large.peer / small.peer) / factor,
        aim=aim,
        note=f"from {small.rows:,} to {large.rows:,} rows",
    )
