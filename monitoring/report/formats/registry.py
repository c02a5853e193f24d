"""The formats that the report can be had in, in the order in which they are offered. Knows no Django."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from monitoring.report.formats import xlsx
from monitoring.report.formats.json_text import MEDIA_TYPE as JSON
from monitoring.report.formats.json_text import render_json
from monitoring.report.frozen import ReportSource


@dataclass(frozen=True)
class Format:
    """A format, by the end of its file's name; `purpose` tells a reader what it is for."""

    extension: str
    label: str
    purpose: str
    media_type: str
    render: Callable[[ReportSource], bytes]


def _xlsx(source: ReportSource) -> bytes:
    return xlsx.render_xlsx(source.document, sha256=source.sha256)


_OFFERED = [
    Format("xlsx", "Excel", "Om te filteren, te sorteren en mee te rekenen.", xlsx.MEDIA_TYPE, _xlsx),
    Format("json", "JSON", "De gegevens zelf, voor een ander systeem.", JSON, render_json),
]
FORMATS = {one.extension: one for one in _OFFERED}
