"""What was recorded on the efforts of a goal."""

from __future__ import annotations

from django.db import models
from simple_history.models import HistoricalRecords

from din.fields import PlainTextField
from din.models import Effort
from monitoring.models.update import Update


class EffortUpdate(models.Model):
    """One effort of a goal in an update: done or not, and a comment. Part of the update: changed in the workflow only.

    An effort that serves two goals is reported on by both of their owners, each in their own update.
    """

    update = models.ForeignKey(Update, models.PROTECT, verbose_name="voortgang", related_name="efforts")
    effort = models.ForeignKey(Effort, models.PROTECT, verbose_name="inspanning", related_name="updates")
    done = models.BooleanField("gereed", default=False)
    comment = PlainTextField("opmerking", blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "voortgang van een inspanning"
        verbose_name_plural = "voortgang van inspanningen"
        ordering = ["update", "effort__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["update", "effort"],
                name="effort_update_once_an_update",
                violation_error_message="Deze inspanning staat al in deze voortgang.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.effort} – {self.update.round}"
