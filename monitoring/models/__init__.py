"""How far we are. One module a subject; the names are those of the glossary."""

from monitoring.models.audit import AuditLine
from monitoring.models.report import Report
from monitoring.models.round import ReportingRound
from monitoring.models.update import Update

__all__ = ["AuditLine", "Report", "ReportingRound", "Update"]
