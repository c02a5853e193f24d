"""The report as a file of Word, made from a template. Knows no Django."""

from __future__ import annotations

import json
from collections.abc import Sequence

from monitoring.report.charts import Picture
from monitoring.report.formats.typesetting import compiler
from monitoring.report.frozen import ReportSource
from monitoring.report.printing import print_report
from monitoring.report.rendering_child import Question
from monitoring.report.word.filling import fill
from monitoring.report.word.standard_template import standard_template

# Dots to an inch: sharp on paper, and some tens of kilobytes a chart.
_DOTS = 220
# The charts go in as data; what they say is never read as markup.
_PAGES = b"""
#set page(width: auto, height: auto, margin: 0pt)
#for picture in json(bytes(sys.inputs.pictures)) {
  page(image(bytes(picture.svg), format: "svg", width: picture.width * 0.75pt, alt: picture.alt))
}
"""


def render_docx(source: ReportSource, *, template: bytes = b"") -> bytes:
    """The bytes of the file, made with a template that was checked, or else with the standard one.

    Raises Unusable when the template cannot be filled in after all.
    """
    printed = print_report(source.document, sha256=source.sha256)
    return fill(template or standard_template(), printed, draw=draw)


def answer(question: Question) -> bytes:
    """The task of the child process: the template is what is attached."""
    return render_docx(question.source, template=question.attachment)


def draw(pictures: Sequence[Picture]) -> list[bytes]:
    """The pictures as PNG. Best in a process of its own: typst keeps what it used."""
    told = [{"svg": one.svg, "alt": one.alt, "width": one.width} for one in pictures]
    inputs = {"pictures": json.dumps(told)}
    made = compiler().compile(_PAGES, format="png", ppi=_DOTS, sys_inputs=inputs)
    return [png for png in (made if isinstance(made, list) else [made]) if png is not None]
