"""What people wrote is in every format: whoever reads the one misses nothing that the other says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.template.loader import render_to_string

from monitoring.report.document import ReportDocument
from monitoring.report.formats.docx import render_docx
from monitoring.report.formats.ods import render_ods
from monitoring.report.formats.pdf import render_pdf
from monitoring.report.formats.xlsx import render_xlsx
from monitoring.report.frozen import ReportSource, freeze
from monitoring.report_page import report_page
from tests.monitoring.report.payloads import with_texts
from tests.monitoring.report.pdf_reader import read_pdf
from tests.monitoring.report.sample import brief, sample_din, sample_speerpunten
from tests.monitoring.report.test_sheets import Rows, read_ods, read_xlsx
from tests.monitoring.report.word.reading import every_text, opened

pytestmark = pytest.mark.pure


def of_rows(rows: Rows) -> str:
    return "\n".join(str(cell) for sheet in rows.values() for row in sheet for cell in row)


def on_screen(source: ReportSource) -> str:
    round_ = {"pk": 1, "is_adopted": True}
    return render_to_string("monitoring/report.html", {"page": report_page(source), "round": round_})


FORMATS: dict[str, Callable[[ReportSource], str]] = {
    "docx": lambda source: every_text(opened(render_docx(source))),
    "pdf": lambda source: read_pdf(render_pdf(source)).text,
    "xlsx": lambda source: of_rows(read_xlsx(render_xlsx(source.document))),
    "ods": lambda source: of_rows(read_ods(render_ods(source.document))),
    "screen": on_screen,
}


def sample(make: Callable[[], ReportDocument]) -> ReportDocument:
    """A report that has something to say in every place, as a plan without themes has it too."""
    document = brief(make())
    (theme,) = document.themes
    theme = replace(theme, introduction="Bij het onderdeel", ambitions=("Van het onderdeel",))
    indicators = tuple(
        replace(one, description=f"Wat {one.name} meet", owner=f"Wie {one.name} bijhoudt", source=f"Bron {one.name}")
        for one in document.indicators
    )
    return replace(
        document, themes=(theme,), indicators=indicators, introduction="Bij het rapport", ambitions=("Van het geheel",)
    )


@pytest.mark.parametrize("make", [sample_din, sample_speerpunten])
@pytest.mark.parametrize("extension", FORMATS)
def test_every_text_is_told(extension: str, make: Callable[[], ReportDocument]) -> None:
    marks: dict[str, str] = {}
    document = with_texts(sample(make), lambda text: marks.setdefault(text, f"Merk{len(marks)}x"))
    told = FORMATS[extension](ReportSource(freeze(document)[0], ""))
    # The title of a theme has its name. Spreadsheets have the title in their properties; only they have a column for
    # the theme of a goal that is gone, and rows of targets with what these are from.
    left_out = {theme.name for theme in document.themes}
    if extension in ("xlsx", "ods"):
        left_out.add(document.title)
    else:
        left_out |= {target.source for one in document.indicators for target in one.targets}
        left_out |= {goal.theme for goal in document.gone}
    missing = {text: mark for text, mark in marks.items() if mark not in told and mark not in left_out}
    assert missing == {}
