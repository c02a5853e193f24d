"""The report in Word, ours against python-docx filling tables cell by cell. Run by tests.bench in a process of its own:
`python -m tests.bench.word OUTPUT`.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from docx import Document
from docx.document import Document as WordDocument

from monitoring.report.charts import Picture, indicator_picture, standing_picture
from monitoring.report.formats.docx import draw
from monitoring.report.formats.registry import FORMATS
from monitoring.report.frozen import ReportSource, freeze
from monitoring.report.printed import Facts, Paragraphs, Printed, PrintedIndicator, PrintedTable
from monitoring.report.printing import print_report
from monitoring.report.word.filling import fill
from monitoring.report.word.standard_template import standard_template
from monitoring.report.wording import Heading
from tests.bench.rounds import Result, by_turns, compared, seconds
from tests.monitoring.report.sample import GOALS, sample_din

ROUNDS = 5
AIM = ">= 20"


class Peer:
    """The same report by python-docx, as its documentation fills a table: `table.cell(row, column).text = …`."""

    def __init__(self, printed: Printed, drawn: dict[str, bytes]) -> None:
        self._printed, self._drawn = printed, drawn
        self._document: WordDocument = Document()

    def made(self) -> bytes:
        printed = self._printed
        self._document.add_heading(printed.title, 0)
        self._texts((printed.programme, printed.plan, printed.period, printed.standing_line, printed.summary))
        self._texts(printed.introduction)
        self._picture(standing_picture(printed.bars))
        self._table(printed.standing_table)
        self._commitments(Heading.PROPOSALS, printed.proposals)
        if printed.changes_table:
            self._heading(Heading.CHANGES, 1)
            self._table(printed.changes_table)
        for theme in printed.themes:
            self._heading(theme.title, 1)
            self._texts((theme.sentence, *theme.introduction, *theme.ambitions))
            for goal in theme.goals:
                self._heading(goal.title, 2)
                self._texts((goal.standing_label, goal.change_label))
                self._facts(goal.facts)
                self._texts((*goal.description, *goal.intended_results, *goal.explanation, *goal.next_steps))
                for effort in goal.efforts:
                    self._document.add_paragraph(f"{effort.text} {effort.lead} {effort.comment}", "List Bullet")
            for indicator in theme.indicators:
                for one in (indicator, *indicator.parts):
                    self._indicator(one)
        self._commitments("Toezeggingen", printed.commitments)
        self._table(printed.annex)
        self._table(PrintedTable("Colofon", ("Wat", "Gegeven"), printed.colophon))
        file = io.BytesIO()
        self._document.save(file)
        return file.getvalue()

    def _heading(self, text: str, level: int) -> None:
        self._document.add_heading(text, level)

    def _texts(self, texts: Paragraphs) -> None:
        for text in texts:
            self._document.add_paragraph(text)

    def _facts(self, facts: Facts) -> None:
        self._document.add_paragraph(" · ".join(f"{name}: {value}" for name, value in facts))

    def _indicator(self, one: PrintedIndicator) -> None:
        self._heading(one.name, 3)
        self._texts((one.judgement_label, *one.description))
        self._facts(one.facts)
        if one.chart:
            self._picture(indicator_picture(one.chart))
        if one.table:
            self._table(one.table)

    def _commitments(self, heading: str, commitments: Sequence[object]) -> None:
        self._heading(heading, 1)
        for one in commitments:
            self._heading(one.title, 2)  # type: ignore[attr-defined]
            self._texts((one.state_label, *one.text, *one.settlement))  # type: ignore[attr-defined]

    def _picture(self, picture: Picture) -> None:
        self._document.add_picture(io.BytesIO(self._drawn[picture.svg]))

    def _table(self, told: PrintedTable) -> None:
        self._document.add_paragraph(told.caption, "Caption")
        table = self._document.add_table(rows=len(told.rows) + 1, cols=len(told.heads), style="Table Grid")
        for place, row in enumerate((told.heads, *told.rows)):
            for column, text in enumerate(row):
                table.cell(place, column).text = text


def charts(printed: Printed) -> list[Picture]:
    """The charts of the report."""
    every = [part for theme in printed.themes for one in theme.indicators for part in (one, *one.parts)]
    return [standing_picture(printed.bars), *(indicator_picture(one.chart) for one in every if one.chart)]


def bench_word() -> list[Result]:
    text, sha256 = freeze(sample_din())
    source = ReportSource(text, sha256)
    printed = print_report(source.document, sha256=sha256)
    pictures = charts(printed)
    drawn = {picture.svg: png for picture, png in zip(pictures, draw(pictures), strict=True)}
    template = standard_template()

    def drawn_before(asked: Sequence[Picture]) -> list[bytes]:
        return [drawn[picture.svg] for picture in asked]

    def whole(data: bytes, least: int) -> None:
        # A paragraph for each goal at least; else one of the two does not make the report.
        if len(Document(io.BytesIO(data)).paragraphs) < least:
            raise AssertionError("the report is not whole")

    whole(fill(template, printed, draw=drawn_before), GOALS * 5)
    whole(Peer(printed, drawn).made(), GOALS * 5)
    times = by_turns(
        {
            "ours": lambda: seconds(lambda: fill(template, printed, draw=drawn_before)),
            "peer": lambda: seconds(lambda: Peer(printed, drawn).made()),
            "child": lambda: seconds(lambda: FORMATS["docx"].render(source)),
        },
        rounds=ROUNDS,
    )
    note = f"{len(pictures)} charts, drawn beforehand for both"
    return [
        compared("report in Word", "", GOALS, times, ours="ours", peer="peer", aim=AIM, note=note),
        compared("report in Word, in the child", "", GOALS, times, ours="child", peer="peer", note="ours also draws"),
    ]


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps([asdict(result) for result in bench_word()]))
