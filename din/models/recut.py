"""A re-cut (herijking): a programme that is divided anew midway, with where every goal went."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from din.fields import PlainCharField, PlainTextField
from din.models.levels import Goal
from din.models.programme import YEAR_RANGE, Programme, Theme


class Recut(models.Model):
    """From `day` on the programme has another division. It is applied by din.recut when it is made.

    It stays, unless din.recut_undo takes it back while nothing was recorded on it.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name="programma", related_name="recuts")
    day = models.DateField("gaat in op")
    reason = PlainTextField("reden")
    last_year_before = models.PositiveSmallIntegerField("laatste jaar daarvoor")
    last_year_after = models.PositiveSmallIntegerField("laatste jaar daarna")

    history = HistoricalRecords()

    class Meta:
        verbose_name = "herijking"
        verbose_name_plural = "herijkingen"
        ordering = ["programme", "-day"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "day"],
                name="recut_once_a_day",
                violation_error_message="Op deze dag is dit programma al herijkt.",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="recut_has_a_reason", violation_error_message="Schrijf de reden op."
            ),
            models.CheckConstraint(
                condition=Q(last_year_before__range=YEAR_RANGE, last_year_after__range=YEAR_RANGE),
                name="recut_years_are_plausible",
                violation_error_message="Een jaar ligt tussen 2000 en 2100.",
            ),
        ]

    def __str__(self) -> str:
        return f"herijking van {self.programme} op {self.day:%d-%m-%Y}"

    def get_absolute_url(self) -> str:
        return reverse("recut", args=[self.programme.slug, self.pk])

    @property
    def moves_end(self) -> bool:
        """Whether the programme ends in another year."""
        return self.last_year_before != self.last_year_after


class RecutMove(models.Model):
    """Where one goal went in a re-cut: to another theme (none: the whole programme), or it ended with a reason.

    The titles and references are those of before and after, so that they read the same when a theme gets another name.
    """

    recut = models.ForeignKey(Recut, models.PROTECT, verbose_name="herijking", related_name="moves")
    goal = models.ForeignKey(Goal, models.PROTECT, verbose_name="doel", related_name="moves")
    from_theme = models.ForeignKey(
        Theme, models.PROTECT, verbose_name="van onderdeel", related_name="moves_from", null=True, blank=True
    )
    from_title = PlainCharField("van onderdeel (naam)", max_length=300)
    from_reference = PlainCharField("nummer daarvoor", max_length=20, blank=True)
    to_theme = models.ForeignKey(
        Theme, models.PROTECT, verbose_name="naar onderdeel", related_name="moves_to", null=True, blank=True
    )
    to_title = PlainCharField("naar onderdeel (naam)", max_length=300, blank=True)
    to_reference = PlainCharField("nummer daarna", max_length=20, blank=True)
    ended_reason = PlainTextField("reden van vervallen", blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "verplaatsing"
        verbose_name_plural = "verplaatsingen"
        ordering = ["recut", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recut", "goal"],
                name="goal_moves_once_a_recut",
                violation_error_message="Dit doel gaat in deze herijking al ergens heen.",
            ),
            models.CheckConstraint(
                condition=Q(ended_reason="") | Q(to_theme__isnull=True, to_title=""),
                name="move_goes_somewhere_or_ends",
                violation_error_message="Een doel vervalt of gaat naar een onderdeel, niet allebei.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.goal} ({self.recut})"

    def clean(self) -> None:
        if self.recut_id and self.goal_id and self.goal.plan.programme_id != self.recut.programme_id:
            raise ValidationError({"goal": "Dit doel hoort bij een ander programma."})

    @property
    def is_ended(self) -> bool:
        return bool(self.ended_reason)
