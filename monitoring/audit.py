"""Adding to the audit trail."""

import datetime
from collections.abc import Iterable

from django.db import models

from din.permissions import Visitor
from monitoring.models import AuditLine


def audit_line(
    *,
    actor: Visitor | None,
    origin: AuditLine.Origin,
    action: str,
    subject: models.Model,
    result: str,
    at: datetime.datetime,
    note: str = "",
) -> AuditLine:
    """A line that says who did what to `subject`, along which road, with what result; `append` adds it."""
    return AuditLine(
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


def append(lines: Iterable[AuditLine]) -> None:
    """Add `lines`, in as many queries for a thousand as for one."""
    AuditLine.objects.bulk_create(lines)


def audit(
    *,
    actor: Visitor | None,
    origin: AuditLine.Origin,
    action: str,
    subject: models.Model,
    result: str,
    at: datetime.datetime,
    note: str = "",
) -> None:
    """Add one line: who did what to `subject`, along which road, with what result. `actor` None is the server."""
    append([audit_line(actor=actor, origin=origin, action=action, subject=subject, result=result, at=at, note=note)])
