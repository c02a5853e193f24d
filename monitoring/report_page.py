"""The report on screen: what its readers get (printing.py), with the contents, the charts and the files beside it."""

from __future__ import annotations

from dataclasses import dataclass

from monitoring.report.charts import Picture, indicator_picture, standing_picture
from monitoring.report.formats.registry import FORMATS, Format
from monitoring.report.frozen import ReportSource
from monitoring.report.printed import Printed, PrintedIndicator, PrintedTheme
from monitoring.report.printing import print_report
from monitoring.report.wording import Heading


@dataclass(frozen=True)
class Entry:
    """A line of the contents; `key` is the anchor that it leads to."""

    key: str
    title: str
    below: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class ShownIndicator:
    told: PrintedIndicator
    picture: Picture | None
    parts: tuple[ShownIndicator, ...]


@dataclass(frozen=True)
class ShownTheme:
    told: PrintedTheme
    indicators: tuple[ShownIndicator, ...]


@dataclass(frozen=True)
class ReportPage:
    """The page of one report. `words` are the headings by their name."""

    printed: Printed
    words: dict[str, str]
    contents: tuple[Entry, ...]
    standing: Picture
    themes: tuple[ShownTheme, ...]
    indicators: tuple[ShownIndicator, ...]
    formats: tuple[Format, ...]


def report_page(source: ReportSource) -> ReportPage:
    """The page of the report in `source`, without a query."""
    printed = print_report(source.document, sha256=source.sha256)
    return ReportPage(
        printed=printed,
        words={heading.name: heading.value for heading in Heading},
        contents=_contents(printed),
        standing=standing_picture(printed.bars),
        themes=tuple(ShownTheme(theme, _shown(theme.indicators)) for theme in printed.themes),
        indicators=_shown(printed.indicators),
        formats=tuple(FORMATS.values()),
    )


def _shown(indicators: tuple[PrintedIndicator, ...]) -> tuple[ShownIndicator, ...]:
    return tuple(
        ShownIndicator(one, indicator_picture(one.chart) if one.chart else None, _shown(one.parts))
        for one in indicators
    )


def _contents(printed: Printed) -> tuple[Entry, ...]:
    """The parts that the report has; below a speerpunt its opgaven, which readers look for by name."""
    entries = [Entry("samenvatting", Heading.SUMMARY)]
    if printed.proposals:
        entries.append(Entry("voorstellen", Heading.PROPOSALS))
    if printed.changes_sentence:
        entries.append(Entry("veranderd", Heading.CHANGES))
    for theme in printed.themes:
        goals = tuple(Entry(goal.key, goal.title) for goal in theme.goals) if printed.is_about_opgaven else ()
        entries.append(Entry(theme.key, theme.title, goals))
    if printed.indicators:
        entries.append(Entry("indicatoren", Heading.INDICATORS))
    if printed.commitments:
        entries.append(Entry("toezeggingen", Heading.COMMITMENTS))
    return (*entries, Entry("bijlage", Heading.ANNEX), Entry("colofon", Heading.COLOPHON))
