"""How far we are. One module a subject; the names are those of the glossary."""

from monitoring.models.audit import AuditChain, AuditLine
from monitoring.models.effort_update import EffortUpdate
from monitoring.models.reminder import Reminder
from monitoring.models.report import Report, ReportedGoal
from monitoring.models.round import ReportingRound
from monitoring.models.update import Update

__all__ = [
    "AuditChain",
    "AuditLine",
    "EffortUpdate",
    "Reminder",
    "Report",
    "ReportedGoal",
    "ReportingRound",
    "Update",
]
