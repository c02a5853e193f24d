"""PDF, Word and the page on screen have the same words above the same parts: those of Heading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from monitoring.report.document import ReportDocument
from monitoring.report.formats.pdf import render_pdf
from monitoring.report.frozen import ReportSource, freeze
from monitoring.report.printed import Printed
from monitoring.report.printing import print_report
from monitoring.report.word.filling import fill
from monitoring.report.word.standard_template import standard_template
from monitoring.report.wording import Heading
from tests.monitoring.report.pdf_reader import read_pdf, squeezed
from tests.monitoring.report.sample import brief, sample_din, sample_speerpunten
from tests.monitoring.report.test_same_content import on_screen
from tests.monitoring.report.word.reading import opened

pytestmark = pytest.mark.pure

ABOVE_A_PART = set(Heading) - {Heading.DONE, Heading.KEY_INDICATOR}  # these stand within a line
SCREEN_HEADING = re.compile(r"<h[2-4][^>]*>(.*?)</h[2-4]>", re.DOTALL)


def in_pdf(source: ReportSource) -> Iterator[str]:
    return (tag.text for tag in read_pdf(render_pdf(source)).tags.every("H1", "H2", "H3", "H4"))


def in_word(source: ReportSource) -> Iterator[str]:
    printed = print_report(source.document)
    made = fill(standard_template(), printed, draw=lambda many: [b"\x89PNG\r\n\x1a\n"] * len(many))
    styles = ("Heading ", "TOC Heading", "Tussenkop")
    return (one.text for one in opened(made).paragraphs if one.style.name.startswith(styles))


def in_page(source: ReportSource) -> Iterator[str]:
    page = on_screen(source)
    report = page[page.rindex("<h2", 0, page.index('id="inhoud"')) : page.index("</main>")]
    return (found[1] for found in SCREEN_HEADING.finditer(report))


FORMATS = {"pdf": in_pdf, "word": in_word, "screen": in_page}


def with_every_part(document: ReportDocument) -> ReportDocument:
    document = brief(document)
    (theme,) = document.themes
    efforts = sample_din().every_goal[0].efforts
    texts = {"description": "Waarom", "intended_results": "Wat", "next_steps": "Dan", "efforts": efforts}
    goals = tuple(replace(goal, **texts) for goal in theme.goals)
    first, *others = document.commitments
    elsewhere = replace(document.indicators[0], theme="", name="Van het geheel")
    return replace(
        document,
        themes=(replace(theme, goals=goals),),
        ambitions=("Iedereen doet mee",),
        indicators=(*document.indicators, elsewhere),
        commitments=(replace(first, state="proposed"), *(replace(one, state="settled") for one in others)),
    )


def titles_of(printed: Printed) -> set[str]:
    """What stands above a theme, a goal, an indicator or a commitment: not ours to choose."""
    indicators = [*printed.indicators, *(one for theme in printed.themes for one in theme.indicators)]
    return {
        *(theme.title for theme in printed.themes),
        *(goal.title for theme in printed.themes for goal in theme.goals),
        *(one.title for one in (*printed.proposals, *printed.commitments)),
        *(one.name for whole in indicators for one in (whole, *whole.parts)),
    }


def words_above_parts(format_: str, document: ReportDocument) -> set[str]:
    found = {squeezed(text) for text in FORMATS[format_](ReportSource(freeze(document)[0], ""))}
    words = {squeezed(heading): heading for heading in Heading}
    titles = {squeezed(title) for title in titles_of(print_report(document))}
    assert titles <= found
    return {words.get(text, text) for text in found - titles}


@pytest.mark.parametrize("format_", FORMATS)
def test_the_report_of_opgaven_has_every_heading(format_: str) -> None:
    assert words_above_parts(format_, with_every_part(sample_speerpunten())) == ABOVE_A_PART


# In the report of a DIN the explanation follows the goal at once; in its PDF the other texts begin with their word.
SHORT = {Heading.DESCRIPTION, Heading.INTENDED_RESULTS, Heading.NEXT_STEPS, Heading.EFFORTS}


@pytest.mark.parametrize(("format_", "within_lines"), [("pdf", SHORT), ("word", set()), ("screen", set())])
def test_the_report_of_a_din_has_the_same(format_: str, within_lines: set[Heading]) -> None:
    expected = ABOVE_A_PART - {Heading.EXPLANATION} - within_lines
    assert words_above_parts(format_, with_every_part(sample_din())) == expected
