"""The templates of a programme: checking and keeping one, putting one in force, and finding that of a report."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from din.models import Programme
from monitoring.audit import audit
from monitoring.models import AuditLine, WordTemplate, WordTemplateUse
from monitoring.report.frozen import ReportSource
from monitoring.report.rendering import RenderingFailed, render_in_child
from monitoring.report.word.meaning import Finding

CHECK = "check_template"
TOO_MUCH_WORK = (
    "Dit sjabloon is te groot of te ingewikkeld om na te kijken. Maak het korter, sla het in Word opnieuw op en "
    "probeer het nog eens."
)


class TemplateRefused(Exception):
    """A file that may not serve as a template; `findings` says why."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(f"{len(findings)} findings in a template")
        self.findings = findings


def template_findings(content: bytes) -> list[Finding]:
    """Everything that is wrong with a file as a template. Whatever it is, it is looked at in a bounded process."""
    try:
        answer = render_in_child(CHECK, ReportSource("", ""), attachment=content)
        return [Finding(where, message) for where, message in json.loads(answer)]
    except (RenderingFailed, ValueError):
        return [Finding("Bestand", TOO_MUCH_WORK)]


def keep_template(
    programme: Programme, *, file_name: str, content: bytes, note: str, actor: AbstractBaseUser, at: datetime.datetime
) -> WordTemplate:
    """Check a template and keep it, without putting it in force. One that is kept already is given back.

    Raises TemplateRefused; nothing is written then.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    if kept := WordTemplate.objects.without_contents().filter(programme=programme, sha256=sha256).first():
        return kept
    if findings := template_findings(content):
        raise TemplateRefused(findings)
    with transaction.atomic():
        template, is_new = WordTemplate.objects.get_or_create(
            programme=programme,
            sha256=sha256,
            defaults={
                "file_name": file_name,
                "content": content,
                "note": note,
                "uploaded_at": at,
                "uploaded_by_id": actor.pk,
            },
        )
        if is_new:
            audit(
                actor=actor,
                origin=AuditLine.Origin.SITE,
                action="upload",
                subject=template,
                result="kept",
                at=at,
                note=sha256,
            )
    return template


@transaction.atomic
def put_in_force(
    programme: Programme, template: WordTemplate | None, *, actor: AbstractBaseUser, at: datetime.datetime
) -> bool:
    """From now on make the reports of `programme` with `template`, None for the standard one.

    False, and nothing is written, when it is in force already. Reports that were adopted before keep the template that
    they had.
    """
    Programme.objects.select_for_update().get(pk=programme.pk)
    now = WordTemplateUse.objects.in_force(programme.pk, at=at)
    if (now.template_id if now else None) == (template.pk if template else None):
        return False
    use = WordTemplateUse.objects.create(programme=programme, template=template, since=at, chosen_by_id=actor.pk)
    audit(
        actor=actor,
        origin=AuditLine.Origin.SITE,
        action="use",
        subject=use,
        result="in_force",
        at=at,
        note=template.sha256 if template else "standaard",
    )
    return True


def template_in_force(programme: int, *, at: datetime.datetime) -> bytes:
    """The template of a programme, by its key, at that moment; empty for the standard one."""
    use = WordTemplateUse.objects.select_related("template").in_force(programme, at=at)
    return bytes(use.template.content) if use and use.template else b""
