"""The process that makes the file of a long report: reads its question from a folder, and leaves the answer there."""

from __future__ import annotations

import logging
from pathlib import Path

from monitoring.report.formats.registry import FORMATS
from monitoring.report.frozen import ReportSource
from monitoring.report.rendering import FAILED as NOT_MADE
from monitoring.report.rendering import RenderingFailed
from monitoring.report.under_way import FAILED, HEAD, READY, SOURCE, TEMPLATE

logger = logging.getLogger(__name__)


def main(folder: str) -> None:
    own = Path(folder)
    try:
        extension, _, sha256 = (own / HEAD).read_text(encoding="ascii").partition(" ")
        text = (own / SOURCE).read_text(encoding="utf-8")
        content = FORMATS[extension].render(ReportSource(text, sha256, template=(own / TEMPLATE).read_bytes()))
    except RenderingFailed as failed:
        _leave(own, FAILED, str(failed).encode())
    except Exception as error:
        # Not its message: that may quote what people wrote.
        logger.error("the file in %s could not be made: %s", own, type(error).__name__)
        _leave(own, FAILED, NOT_MADE.encode())
    else:
        _leave(own, READY, content)


def _leave(own: Path, name: str, content: bytes) -> None:
    """In one go: whoever looks sees the whole of it or nothing."""
    half = own / "half"
    half.write_bytes(content)
    half.rename(own / name)
