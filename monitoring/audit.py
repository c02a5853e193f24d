"""Adding to the audit trail."""

import datetime

from django.db import models

from din.permissions import Visitor
from monitoring.models import AuditLine


def audit(
    *,
    actor: Visitor | None,
    origin: AuditLine.Origin,
    action: str,
    subject: models.Model,
    result: str,
    at: datetime.datetime,
    note: str = "",
) -> AuditLine:
    """Add one line: who did what to `subject`, along which road, with what result. `actor` None is the server."""
    return AuditLine.objects.create(
        at=at,
        actor_id=None if actor is None else actor.pk,
        origin=origin,
        action=action,
        object_type=subject._meta.model_name or "",
        object_id=subject.pk,
        object_label=str(subject)[:300],
        result=result,
        note=note,
    )
