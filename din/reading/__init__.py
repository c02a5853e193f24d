"""Read a department's DIN workbook: pure steps with plain dataclasses between them, no database.

bytes -> `formats` (told by bytes; `archive`, `xlsx`, …) -> `grids` -> `layout` and `columns` -> `mapping` ->
`document`.
"""

from din.reading.bounded import read_workbook
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
    "read_workbook",
]
