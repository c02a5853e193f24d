"""Adding to the audit trail, inside the transaction of the write that a line is about."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from django.db import models, transaction

from din.permissions import Visitor
from din.text import writable
from din.trail import Written
from monitoring.audit_chain import CHAIN, hash_of
from monitoring.models import AuditChain, AuditLine


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
        object_label=writable(str(subject))[:300],
        result=result,
        note=writable(note),
    )


def keep(written: Sequence[Written], *, actor: Visitor | None, origin: AuditLine.Origin, at: datetime.datetime) -> None:
    """Add a line for each write that din tells of (din/trail.py)."""
    append(
        audit_line(
            actor=actor,
            origin=origin,
            action=one.action,
            subject=one.subject,
            result=one.result,
            at=at,
            note=one.note,
        )
        for one in written
    )


def append(lines: Iterable[AuditLine]) -> None:
    """Add `lines` to the end of the chain, in as many queries for a thousand as for one.

    Whoever adds waits for whoever is adding. Lock what the lines are about before this, never after: so two
    transactions cannot wait for each other.
    """
    added = list(lines)
    if not added:
        return
    with transaction.atomic():
        end, _ = AuditChain.objects.select_for_update().get_or_create(pk=CHAIN)
        for line in added:
            line.previous_hash = end.last_hash
            end.last_hash = line.line_hash = hash_of(line)
        end.lines += len(added)
        AuditLine.objects.bulk_create(added)
        end.save(update_fields=["last_hash", "lines"])


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
