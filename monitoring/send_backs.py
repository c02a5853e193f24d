"""Every time that the manager sent progress back, with the reason: the audit trail keeps them all."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from monitoring.models import AuditLine, Update
from monitoring.workflow import Action


@dataclass(frozen=True)
class SendBack:
    at: datetime.datetime
    by: str
    reason: str


def send_backs(update: Update) -> Sequence[SendBack]:
    """The send-backs of `update`, the latest first; one query."""
    lines = AuditLine.objects.filter(action=Action.RETURN, object_type="update", object_id=update.pk)
    return [
        SendBack(line.at, str(line.actor or ""), line.note)
        for line in lines.select_related("actor").order_by("-at", "-pk")
    ]
