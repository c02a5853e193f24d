"""The archives that office files are, made the same each time. Knows no Django."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Iterable, Mapping

_FIRST_YEAR = 1980  # before it an archive knows no time


def at_fixed_times(archive: bytes, *, day: datetime.date, parts: Mapping[str, bytes] | None = None) -> bytes:
    """`archive` with every file in it dated at the beginning of `day`: the same content gives the same bytes.

    `parts` are files, by name, that come in the place of those in the archive.
    """
    with zipfile.ZipFile(io.BytesIO(archive)) as source:
        entries = [
            (entry.filename, (parts or {}).get(entry.filename) or source.read(entry), entry.compress_type)
            for entry in source.infolist()
        ]
    return archive_of(entries, day=day)


def archive_of(entries: Iterable[tuple[str, bytes, int]], *, day: datetime.date) -> bytes:
    """The archive with these files in their order: name, content, and how it is compressed (a number of zipfile)."""
    moment = (max(day.year, _FIRST_YEAR), day.month, day.day, 0, 0, 0)
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as target:
        for name, content, compression in entries:
            entry = zipfile.ZipInfo(name, moment)
            entry.compress_type, entry.external_attr, entry.create_system = compression, 0o644 << 16, 3
            target.writestr(entry, content)
    return result.getvalue()
