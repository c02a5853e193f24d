"""The archives that office files are, made the same each time. Knows no Django."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Mapping

_FIRST_YEAR = 1980  # before it an archive knows no time


def at_fixed_times(archive: bytes, *, day: datetime.date, parts: Mapping[str, bytes] | None = None) -> bytes:
    """`archive` with every file in it dated at the beginning of `day`: the same content gives the same bytes.

    `parts` are files, by name, that come in the place of those in the archive.
    """
    moment = (max(day.year, _FIRST_YEAR), day.month, day.day, 0, 0, 0)
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(result, "w") as target:
        for entry in source.infolist():
            fixed = zipfile.ZipInfo(entry.filename, moment)
            fixed.compress_type, fixed.external_attr, fixed.create_system = entry.compress_type, 0o644 << 16, 3
            target.writestr(fixed, (parts or {}).get(entry.filename) or source.read(entry))
    return result.getvalue()
