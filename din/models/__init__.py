"""What the plans promise. One module a subject; the names are those of the glossary."""

from din.models.levels import Ambition, Effort, ErGoal, Goal
from din.models.plan import FocusArea, Plan
from din.models.programme import Owner, OwnerMember, Programme, Theme
from din.models.recut import Recut, RecutMove
from din.models.workbook_import import WorkbookImport

__all__ = [
    "Ambition",
    "Effort",
    "ErGoal",
    "FocusArea",
    "Goal",
    "Owner",
    "OwnerMember",
    "Plan",
    "Programme",
    "Recut",
    "RecutMove",
    "Theme",
    "WorkbookImport",
]
