"""The four levels of a DIN and the lines between neighbours. Goal also holds what other plans report on."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from din.fields import PlainCharField, PlainTextField
from din.models.plan import FocusArea, Plan
from din.models.programme import Owner, Theme
from din.quarters import quarter_label
from din.text import text_key


def text_digest(text: str) -> str:
    """64 hexadecimal digits, equal for two texts that count as the same (din.text.text_key)."""
    return hashlib.sha256(text_key(text).encode()).hexdigest()


class Level(models.Model):
    """What the four levels share: a plan, a theme, a text, and the place in the plan.

    Without a theme it belongs to the programme as a whole. `text_digest` is kept so
    that the database can refuse the same text twice.
    """

    plan: models.ForeignKey[Plan, Plan] = models.ForeignKey(Plan, models.PROTECT, verbose_name="plan")
    theme: models.ForeignKey[Theme | None, Theme | None] = models.ForeignKey(
        Theme,
        models.PROTECT,
        verbose_name="onderdeel",
        null=True,
        blank=True,
        help_text="Leeg laten als het bij het hele programma hoort.",
    )
    text = PlainTextField("tekst")
    text_digest = models.CharField(max_length=64, editable=False)
    position = models.PositiveIntegerField("volgorde", default=0)
    source = PlainCharField(
        "cel in het werkboek", max_length=300, blank=True, help_text="Bijvoorbeeld DIN 2023!E5; vult de import in."
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.text if len(self.text) <= 100 else f"{self.text[:99]}…"

    def clean(self) -> None:
        self.text_digest = text_digest(self.text)
        if self.theme is not None and self.plan_id and self.theme.programme_id != self.plan.programme_id:
            raise ValidationError({"theme": "Dit onderdeel hoort bij een ander programma dan het plan."})

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.text_digest = text_digest(self.text)
        update_fields: Iterable[str] | None = kwargs.get("update_fields")
        if update_fields is not None and "text" in update_fields:
            kwargs["update_fields"] = {*update_fields, "text_digest"}
        super().save(*args, **kwargs)


def _text_once(level: str, sentence: str) -> list[models.BaseConstraint]:
    """The constraints that hold a text of a level to once in a theme, and once in the programme as a whole."""
    return [
        models.UniqueConstraint(
            fields=["plan", "theme", "text_digest"],
            name=f"{level}_text_once_a_theme",
            violation_error_message=sentence,
        ),
        models.UniqueConstraint(
            fields=["plan", "text_digest"],
            condition=Q(theme__isnull=True),
            name=f"{level}_text_once_a_programme",
            violation_error_message=sentence,
        ),
        models.CheckConstraint(
            condition=~Q(text=""), name=f"{level}_has_a_text", violation_error_message="Vul een tekst in."
        ),
    ]


class Ambition(Level):
    """A broadly worded dream, of the programme or of a theme."""

    history = HistoricalRecords()

    class Meta:
        verbose_name = "ambitie"
        verbose_name_plural = "ambities"
        ordering = ["plan", "position", "pk"]
        default_related_name = "ambitions"
        constraints = _text_once("ambition", "Deze ambitie staat al bij dit onderdeel.")


class ErGoal(Level):
    """A general goal in -er words: beter, meer, sneller, minder."""

    ambitions = models.ManyToManyField(Ambition, verbose_name="ambities", blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "ER-doel"
        verbose_name_plural = "ER-doelen"
        ordering = ["plan", "position", "pk"]
        default_related_name = "er_goals"
        constraints = _text_once("er_goal", "Dit ER-doel staat al bij dit onderdeel.")


class GoalQuerySet(models.QuerySet["Goal"]):
    def readable_by(self, user: AbstractBaseUser | AnonymousUser) -> GoalQuerySet:
        """The goals of the plans that `user` may read."""
        if user.has_perm("monitoring.read_open_rounds"):  # type: ignore[union-attr]
            return self
        return self.filter(plan__in=Plan.objects.readable_by(user))

    def running(self, *, as_of: datetime.date) -> GoalQuerySet:
        """The goals that had not ended on `as_of`."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=as_of))

    def owned_by(self, user: AbstractBaseUser | AnonymousUser) -> GoalQuerySet:
        """The goals of owners of which `user` is a member or a deputy."""
        return self.filter(owner__in=Owner.objects.of_user(user))

    def with_place(self) -> GoalQuerySet:
        """With what every line about a goal shows: plan, programme, theme and owner."""
        return self.select_related("plan__programme", "theme__programme", "owner")


class Goal(Level):
    """What progress is recorded on: a SMART goal, an opgave, a maatregel or a collegetarget."""

    class Kind(models.TextChoices):
        SMART_GOAL = "smart_goal", "SMART-doel"
        OPGAVE = "opgave", "opgave"
        MAATREGEL = "maatregel", "maatregel"
        COLLEGETARGET = "collegetarget", "collegetarget"

    kind = models.CharField("soort", max_length=13, choices=Kind.choices, default=Kind.SMART_GOAL)
    number = models.PositiveIntegerField("nummer", null=True, blank=True)
    description = PlainTextField("omschrijving", blank=True)
    intended_results = PlainTextField("beoogde resultaten", blank=True)
    deadline = models.DateField("deadline", null=True, blank=True, help_text="De laatste dag van het kwartaal.")
    owner = models.ForeignKey(Owner, models.PROTECT, verbose_name="eigenaar", null=True, blank=True)
    er_goals = models.ManyToManyField(ErGoal, verbose_name="ER-doelen", blank=True)
    focus_areas = models.ManyToManyField(FocusArea, verbose_name="speerpunten (labels)", blank=True)
    predecessor = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="gaat verder op",
        related_name="successors",
        null=True,
        blank=True,
        help_text="Het doel in het plan van een jaar eerder.",
    )
    ended_on = models.DateField("vervallen op", null=True, blank=True)
    ended_reason = PlainTextField("reden van vervallen", blank=True)

    objects = GoalQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "doel"
        verbose_name_plural = "doelen"
        ordering = ["plan", "position", "pk"]
        default_related_name = "goals"
        constraints = [
            *_text_once("goal", "Dit doel staat al bij dit onderdeel."),
            models.UniqueConstraint(
                fields=["plan", "theme", "kind", "number"],
                name="goal_number_once_a_theme",
                violation_error_message="Dit nummer is al gebruikt bij dit onderdeel.",
            ),
            models.UniqueConstraint(
                fields=["plan", "kind", "number"],
                condition=Q(theme__isnull=True),
                name="goal_number_once_a_programme",
                violation_error_message="Dit nummer is al gebruikt bij de doelen van het hele programma.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["smart_goal", "opgave", "maatregel", "collegetarget"]),
                name="goal_kind_is_known",
                violation_error_message="Kies een soort doel uit de lijst.",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ended_reason="") | Q(ended_on__isnull=False) & ~Q(ended_reason=""),
                name="goal_ends_with_a_reason",
                violation_error_message="Een vervallen doel heeft een datum én een reden.",
            ),
            models.CheckConstraint(
                condition=~Q(predecessor=models.F("id")),
                name="goal_does_not_follow_itself",
                violation_error_message="Een doel kan niet op zichzelf volgen.",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("goal", args=[self.pk])

    @property
    def reference(self) -> str:
        """The short name that people use, for example "P4.11"; empty when the goal has no number."""
        return reference_of(self.theme, self.number)

    @property
    def deadline_label(self) -> str:
        """The deadline as people say it: "3e kwartaal 2023"; empty when there is none."""
        return quarter_label(self.deadline)

    def is_late(self, *, as_of: datetime.date) -> bool:
        """Whether the deadline had passed on `as_of`."""
        return self.deadline is not None and self.deadline < as_of


def reference_of(theme: Theme | None, number: int | None) -> str:
    """The short name of a goal with that number in `theme`; empty without a number."""
    if number is None:
        return ""
    code = theme.code if theme is not None else ""
    return f"{code}.{number}" if code else str(number)


class Effort(Level):
    """An action that has to be done to reach a goal (inspanning)."""

    lead = models.ForeignKey(Owner, models.PROTECT, verbose_name="trekker", null=True, blank=True)
    goals = models.ManyToManyField(Goal, verbose_name="doelen", blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "inspanning"
        verbose_name_plural = "inspanningen"
        ordering = ["plan", "position", "pk"]
        default_related_name = "efforts"
        constraints = _text_once("effort", "Deze inspanning staat al bij dit onderdeel.")
