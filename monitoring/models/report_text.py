"""What the manager writes in the report of a round, beside the progress of the goals."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from din.fields import PlainTextField
from din.models import Theme
from monitoring.models.round import ReportingRound


class ReportText(models.Model):
    """The introduction of a report, or that of a theme in it. Written by monitoring/report/texts.py only."""

    round = models.ForeignKey(ReportingRound, models.PROTECT, verbose_name="ronde", related_name="texts")
    theme = models.ForeignKey(
        Theme,
        models.PROTECT,
        verbose_name="onderdeel",
        related_name="+",
        null=True,
        blank=True,
        help_text="Leeg: de inleiding van het rapport.",
    )
    text = PlainTextField("tekst", blank=True)
    version = models.PositiveIntegerField("versie", default=0, editable=False)
    changed_at = models.DateTimeField("laatst gewijzigd")
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="laatst gewijzigd door",
        related_name="+",
        null=True,
        blank=True,
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "tekst van het rapport"
        verbose_name_plural = "teksten van het rapport"
        ordering = ["round", "theme__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "theme"],
                name="report_text_once_a_theme",
                violation_error_message="Dit onderdeel heeft al een tekst in deze ronde.",
            ),
            models.UniqueConstraint(
                fields=["round"],
                condition=models.Q(theme=None),
                name="report_text_one_introduction",
                violation_error_message="Deze ronde heeft al een inleiding.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.theme or 'Inleiding'} – {self.round}"
