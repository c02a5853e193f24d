"""The mails that a round sends to the people of its owners."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from din.fields import PlainCharField, PlainTextField
from monitoring.models.round import ReportingRound


class Reminder(models.Model):
    """One mail to one person about one round. The row comes before the mail: what has a row is never sent twice.

    Whoever sends it first takes it, by filling in `attempted_at`; when the mail server refuses it is given back. A row
    that was taken and neither sent nor given back belongs to a run that was killed: nobody knows whether it was sent.
    """

    class Kind(models.TextChoices):
        BEFORE = "before", "voor de deadline"
        ON_DAY = "on_day", "op de deadline"
        AFTER = "after", "na de deadline"
        BY_MANAGER = "by_manager", "door de manager"

    round = models.ForeignKey(ReportingRound, models.PROTECT, verbose_name="ronde", related_name="reminders")
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="aan", related_name="reminders"
    )
    kind = models.CharField("soort", max_length=10, choices=Kind.choices)
    due_on = models.DateField("voor de dag")
    subject = PlainCharField("onderwerp", max_length=200)
    body = PlainTextField("tekst")
    created_at = models.DateTimeField("gemaakt op")
    attempted_at = models.DateTimeField("in behandeling sinds", null=True, blank=True)
    sent_at = models.DateTimeField("verstuurd op", null=True, blank=True)
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="door",
        related_name="+",
        null=True,
        blank=True,
        help_text="Leeg bij een automatische herinnering.",
    )

    class Meta:
        verbose_name = "herinnering"
        verbose_name_plural = "herinneringen"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "recipient", "kind", "due_on"],
                condition=~Q(kind="by_manager"),
                name="reminder_never_twice_the_same",
                violation_error_message="Deze herinnering is al verstuurd.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.recipient} ({self.round})"

    @property
    def is_uncertain(self) -> bool:
        """Whether nobody knows if it was sent."""
        return self.attempted_at is not None and self.sent_at is None
