"""The progress report as it was adopted: frozen, so that it reads the same at any time later."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from din.fields import PlainTextField
from monitoring.models.round import ReportingRound


class Report(models.Model):
    """One edition of the report of an adopted round: the whole document as canonical JSON, with its hash."""

    round = models.ForeignKey(ReportingRound, models.PROTECT, verbose_name="ronde", related_name="reports")
    edition = models.PositiveSmallIntegerField("editie", default=1)
    reason = PlainTextField("reden van de correctie", blank=True)
    document = models.TextField("inhoud", editable=False)
    sha256 = models.CharField("controlegetal", max_length=64, editable=False)
    frozen_at = models.DateTimeField("vastgelegd op")
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="vastgelegd door",
        related_name="+",
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = "voortgangsrapportage"
        verbose_name_plural = "voortgangsrapportages"
        ordering = ["round", "-edition"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "edition"],
                name="report_edition_once_a_round",
                violation_error_message="Deze editie bestaat al.",
            ),
            models.CheckConstraint(
                condition=models.Q(edition=1) | models.Q(edition__gt=1) & ~models.Q(reason=""),
                name="report_correction_has_a_reason",
                violation_error_message="Een nieuwe editie heeft een reden.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round}, editie {self.edition}"
