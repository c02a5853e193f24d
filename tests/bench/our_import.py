"""Our road from the bytes of a workbook to the database, as the command and as the pages walk it."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from django.core.management import call_command
from django.utils import timezone

from din.imports import confirm, offer, preview, read
from din.models import Programme, WorkbookImport
from din.trail import Origin
from tests.bench.workbooks import YEAR


def import_by_command(programme: Programme, content: bytes) -> WorkbookImport:
    """What `manage.py import_din` does: read in the child, compare, log and apply, and say what was done."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        workbook = Path(file.name)
        workbook.write_bytes(content)
        call_command("import_din", workbook, programme=programme.slug, year=YEAR, stdout=io.StringIO())
    return programme.imports.without_contents().latest("pk")


def import_by_pages(programme: Programme, content: bytes) -> WorkbookImport:
    """What the three requests do: upload, preview and confirm. Without the pages' HTML."""
    now = timezone.now()
    reading = read(content, year=YEAR)
    offered = offer(
        programme=programme, year=YEAR, file_name="din.xlsx", content=content, reading=reading, actor=None, now=now
    )
    _, shown = preview(WorkbookImport.objects.get(pk=offered.pk))
    assert shown is not None
    confirm(
        WorkbookImport.objects.get(pk=offered.pk),
        fingerprint=shown.fingerprint,
        actor=None,
        origin=Origin.COMMAND,
        now=now,
    )
    return programme.imports.without_contents().latest("pk")
