"""The formats that the report can be had in, in the order in which they are offered. Knows no Django."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from monitoring.report.formats import xlsx
from monitoring.report.formats.json_text import MEDIA_TYPE as JSON
from monitoring.report.formats.json_text import render_json
from monitoring.report.frozen import ReportSource
from monitoring.report.rendering import render_in_child
from monitoring.report.word.package import MEDIA_TYPE as DOCX

# Not taken from its module, which brings a library along that only the child needs.
ODS = "application/vnd.oasis.opendocument.spreadsheet"


@dataclass(frozen=True)
class Format:
    """A format, by the end of its file's name; `purpose` tells a reader what it is for.

    One that `takes_template` is made with the template of the programme, which its source must bring. That of a long
    report `takes_time`: its reader waits on a page of its own (under_way.py).
    """

    extension: str
    label: str
    purpose: str
    media_type: str
    render: Callable[[ReportSource], bytes]
    takes_template: bool = False
    takes_time: bool = True


def _xlsx(source: ReportSource) -> bytes:
    return xlsx.render_xlsx(source.document, sha256=source.sha256)


def _docx(source: ReportSource) -> bytes:
    return render_in_child("docx", source, attachment=source.template)


def _pdf(source: ReportSource) -> bytes:
    return render_in_child("pdf", source)


def _ods(source: ReportSource) -> bytes:
    # In a process of its own the file depends on nothing that odfpy did before.
    return render_in_child("ods", source)


_OFFERED = [
    Format("docx", "Word", "Om in verder te werken.", DOCX, _docx, takes_template=True),
    Format("pdf", "PDF", "Om te lezen, te versturen en te bewaren.", "application/pdf", _pdf),
    Format("xlsx", "Excel", "Om te filteren, te sorteren en mee te rekenen.", xlsx.MEDIA_TYPE, _xlsx),
    Format("ods", "ODS", "Hetzelfde als Excel, in een open formaat.", ODS, _ods),
    Format("json", "JSON", "De gegevens zelf, voor een ander systeem.", JSON, render_json, takes_time=False),
]
FORMATS = {one.extension: one for one in _OFFERED}
