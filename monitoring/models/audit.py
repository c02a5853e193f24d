"""The audit trail: one line for every write in a round."""

from __future__ import annotations

from typing import TypeAlias

from django.conf import settings
from django.db import models

from din import trail
from din.fields import PlainCharField, PlainTextField


class AuditLine(models.Model):
    """Action, object, result, origin, actor and time: the six fields that the BIO2 asks for. Only ever added to."""

    Origin: TypeAlias = trail.Origin

    at = models.DateTimeField("tijdstip")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="wie",
        related_name="+",
        null=True,
        blank=True,
        help_text="Leeg bij een opdracht op de server.",
    )
    origin = models.CharField("langs welke weg", max_length=7, choices=Origin.choices)
    action = models.CharField("handeling", max_length=30)
    object_type = models.CharField("soort", max_length=30)
    object_id = models.BigIntegerField("nummer")
    object_label = PlainCharField("waarop", max_length=300)
    result = models.CharField("uitkomst", max_length=30)
    note = PlainTextField("toelichting", blank=True)
    previous_hash = models.CharField("controlegetal van de regel ervoor", max_length=64, blank=True, editable=False)
    line_hash = models.CharField("controlegetal", max_length=64, editable=False)

    class Meta:
        verbose_name = "regel in het logboek"
        verbose_name_plural = "logboek"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["object_type", "object_id"], name="audit_by_object")]
        constraints = [
            models.UniqueConstraint(
                fields=["previous_hash"],
                name="audit_line_follows_one_line",
                violation_error_message="Op een regel volgt hoogstens één andere.",
            ),
            models.CheckConstraint(
                condition=~models.Q(line_hash=""),
                name="audit_line_is_chained",
                violation_error_message="Een regel hoort in de keten.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%d-%m-%Y %H:%M} {self.action} {self.object_label}"


class AuditChain(models.Model):
    """Where the audit trail ends: one row, locked by whoever adds a line, so that lines follow each other."""

    last_hash = models.CharField("laatste controlegetal", max_length=64, blank=True)
    lines = models.PositiveBigIntegerField("aantal regels", default=0)

    class Meta:
        verbose_name = "einde van het logboek"
        verbose_name_plural = "einde van het logboek"

    def __str__(self) -> str:
        return f"{self.lines} regels"
