"""How far we are. One module a subject; the names are those of the glossary."""

from monitoring.models.audit import AuditChain, AuditLine
from monitoring.models.commitment import Commitment
from monitoring.models.effort_update import EffortUpdate
from monitoring.models.indicator import Indicator, Measurement, Target
from monitoring.models.reminder import Reminder
from monitoring.models.report import Report, ReportedGoal
from monitoring.models.report_text import ReportText
from monitoring.models.round import ReportingRound
from monitoring.models.update import Update
from monitoring.models.word_template import WordTemplate, WordTemplateUse

__all__ = [
    "AuditChain",
    "AuditLine",
    "Commitment",
    "EffortUpdate",
    "Indicator",
    "Measurement",
    "Reminder",
    "Report",
    "ReportText",
    "ReportedGoal",
    "ReportingRound",
    "Target",
    "Update",
    "WordTemplate",
    "WordTemplateUse",
]
