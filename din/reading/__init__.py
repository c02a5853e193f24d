"""Read a department's DIN workbook: pure steps with plain dataclasses between them, no database.

bytes -> `formats` (told by bytes; `archive`, `xlsx`, …) -> `grids` -> `layout` and `columns` -> `mapping` ->
`document`. A plain list goes bytes -> `formats` -> `grids` -> `table`.
"""

from typing import TYPE_CHECKING

from din.reading.document import (
    LEVELS,
    Ambition,
    Document,
    Effort,
    ErGoal,
    Finding,
    Reading,
    SeenColumn,
    SeenRow,
    SeenSheet,
    SmartGoal,
    Theme,
)
from din.reading.pipeline import read_in_process

if TYPE_CHECKING:
    from din.reading.bounded import read_table, read_workbook

__all__ = [
    "LEVELS",
    "Ambition",
    "Document",
    "Effort",
    "ErGoal",
    "Finding",
    "Reading",
    "SeenColumn",
    "SeenRow",
    "SeenSheet",
    "SmartGoal",
    "Theme",
    "read_in_process",
    "read_table",
    "read_workbook",
]


def __getattr__(name: str) -> object:
    # The child imports this package as well: what only its parent needs would double the time it takes to start.
    if name in ("read_table", "read_workbook"):
        from din.reading import bounded

        return getattr(bounded, name)
    raise AttributeError(name)
