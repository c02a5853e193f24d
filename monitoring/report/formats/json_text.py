"""The report as JSON: its content and the hash of it, for who works on with the data. Knows no Django.

docs/report.schema.json describes the file, docs/report.md tells how to compute the hash again.
"""

from __future__ import annotations

from monitoring.report.frozen import ReportSource, hash_of

MEDIA_TYPE = "application/json"


def render_json(source: ReportSource) -> bytes:
    """The canonical text with its hash beside it: what was frozen, to the letter."""
    return f'{source.text.removesuffix("}")},"sha256":"{hash_of(source.text)}"}}'.encode()
