"""The results as a table in Markdown, ready for docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Sequence

from tests.bench.rounds import Result

TITLES = ("benchmark", "database", "rows", "ours", "peer", "ratio", "aim", "note")
NUMBERS = ("rows", "ours", "peer", "ratio")


def as_table(results: Sequence[Result]) -> str:
    rows = [TITLES, *(_cells(result) for result in results)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    ruler = tuple(
        "-" * (width - 1) + ":" if title in NUMBERS else "-" * width
        for title, width in zip(TITLES, widths, strict=True)
    )
    return "\n".join(_line(row, widths) for row in (rows[0], ruler, *rows[1:]))


def _cells(result: Result) -> tuple[str, ...]:
    return (
        result.benchmark,
        result.database,
        f"{result.rows:,}",
        _amount(result.ours, result.unit),
        "" if result.peer is None else _amount(result.peer, result.unit),
        "" if result.ratio is None else f"{result.ratio:.1f}",
        result.aim,
        result.note,
    )


def _amount(value: float, unit: str) -> str:
    if unit == "s":
        return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.1f} s"
    if unit == "power":
        return f"{value:.2f}"
    return f"{value:,.0f}" if unit == "queries" else f"{value:.0f} {unit}"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (
        cell.rjust(width) if title in NUMBERS else cell.ljust(width)
        for title, cell, width in zip(TITLES, cells, widths, strict=True)
    )
    return f"| {' | '.join(padded)} |"
