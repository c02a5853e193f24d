"""The chain of the audit trail: every line holds a hash over its own fields and the hash of the line before it.

Who alters a line, takes one out or puts one in between breaks the chain at that place; who takes lines off the end is
found by AuditChain, which knows how many there are. Somebody who may write everything in the database can build the
whole chain anew: only a last hash that was kept elsewhere shows that.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from dataclasses import dataclass

from django.db import transaction

from monitoring.models import AuditChain, AuditLine

CHAIN = 1  # the key of the only row of AuditChain
_CHUNK = 2_000  # lines in memory at once


@dataclass(frozen=True)
class Verdict:
    """What walking the chain found: how many lines hold, the hash of the last of them, and the first fault if any."""

    lines: int
    last_hash: str
    fault: str = ""


def hash_of(line: AuditLine) -> str:
    """The SHA-256, in hexadecimal, of all fields of `line` and the hash of the line before it, as canonical JSON."""
    fields = {
        "at": line.at.astimezone(datetime.UTC).isoformat(timespec="microseconds"),
        "actor": line.actor_id,
        "origin": line.origin,
        "action": line.action,
        "object_type": line.object_type,
        "object_id": line.object_id,
        "object_label": line.object_label,
        "result": line.result,
        "note": line.note,
        "previous": line.previous_hash,
    }
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def verify() -> Verdict:
    """Walk all lines from the first to the last, in constant memory; stops at the first fault, in a Dutch sentence."""
    with transaction.atomic():
        # Nobody adds a line while the end is read; those that come later are not walked.
        end = AuditChain.objects.select_for_update().filter(pk=CHAIN).first() or AuditChain()
        last = AuditLine.objects.order_by("-pk").values_list("pk", flat=True).first()
    count, previous_hash, previous = 0, "", 0
    for line in AuditLine.objects.filter(pk__lte=last or 0).order_by("pk").iterator(chunk_size=_CHUNK):
        if line.line_hash != hash_of(line):
            return Verdict(count, previous_hash, f"Regel {line.pk} is gewijzigd: {line}.")
        if line.previous_hash != previous_hash:
            where = f"tussen regel {previous} en regel {line.pk}" if previous else f"voor regel {line.pk}"
            return Verdict(
                count,
                previous_hash,
                f"De keten is gebroken {where}: daar is een regel verwijderd, vervangen of ingevoegd.",
            )
        count, previous_hash, previous = count + 1, line.line_hash, line.pk
    if count < end.lines:
        gone = "ontbreekt 1 regel" if end.lines - count == 1 else f"ontbreken {end.lines - count} regels"
        return Verdict(count, previous_hash, f"Na regel {previous} {gone}.")
    if (count, previous_hash) != (end.lines, end.last_hash):
        return Verdict(count, previous_hash, f"Regel {previous} hoort niet bij het einde van de keten.")
    return Verdict(count, previous_hash)
