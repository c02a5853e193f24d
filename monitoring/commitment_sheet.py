"""Commitments as a workbook, in the columns in which they are read back. Knows no Django."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from din.reading.table import Column
from monitoring.table_sheet import Cell, workbook_of

# key, heading, width in characters
_COLUMNS = (
    ("kind", "Soort", 14),
    ("number", "Nummer", 16),
    ("title", "Titel", 40),
    ("text", "Tekst", 50),
    ("made_on", "Datum", 14),
    ("made_by", "Door", 26),
    ("owner", "Eigenaar", 26),
    ("deadline", "Afdoen voor", 14),
    ("goals", "Doelen", 20),
    ("state", "Stand", 22),
    ("settlement", "Afdoeningsvoorstel", 50),
    ("settled_on", "Afgedaan op", 14),
    # Of the site: it tells two commitments of the same name apart.
    ("key", "Kenmerk", 12),
)
COLUMNS = tuple(Column(key, heading, is_required=key == "title") for key, heading, _ in _COLUMNS)


def commitment_workbook(rows: Iterable[Sequence[Cell]]) -> bytes:
    """The bytes of a workbook with `rows`, each with a value for every column."""
    return workbook_of({"Toezeggingen": ([(heading, width) for _, heading, width in _COLUMNS], rows)})
