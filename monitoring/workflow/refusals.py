"""What the workflow refuses with, beside PermissionDenied and ValidationError."""

from monitoring.models import Update
from monitoring.refused import Refused


class ReportMoved(Refused):
    """What would be frozen is no longer what the actor saw."""


class Conflict(Exception):
    """Somebody else saved in the meantime. `current` is the update as it stands now."""

    def __init__(self, current: Update) -> None:
        super().__init__("Iemand anders heeft dit intussen gewijzigd.")
        self.current = current
