"""A plan of a programme for a period, and the tags of a year plan."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from simple_history.models import HistoricalRecords

from din.fields import PlainCharField, PlainTextField
from din.models.programme import YEAR_RANGE, Programme
from din.trail import Origin, Written, tell


class PlanQuerySet(models.QuerySet["Plan"]):
    def readable_by(self, user: AbstractBaseUser | AnonymousUser) -> PlanQuerySet:
        """Who may see open rounds may see a concept too; the council sees what was adopted."""
        if user.has_perm("monitoring.read_open_rounds"):  # type: ignore[union-attr]
            return self
        if user.has_perm("din.read_programmes"):  # type: ignore[union-attr]
            return self.exclude(state=Plan.State.CONCEPT)
        return self.none()


class Plan(models.Model):
    """What a programme promises for a period: DIN 2023, plan van aanpak 2023-2026."""

    class State(models.TextChoices):
        CONCEPT = "concept", "concept"
        ADOPTED = "adopted", "vastgesteld"
        CLOSED = "closed", "afgesloten"

    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name="programma", related_name="plans")
    name = PlainCharField("naam", max_length=200)
    first_year = models.PositiveSmallIntegerField("eerste jaar")
    last_year = models.PositiveSmallIntegerField("laatste jaar")
    state = models.CharField("stand", max_length=8, choices=State.choices, default=State.CONCEPT)
    predecessor = models.OneToOneField(
        "self",
        models.PROTECT,
        verbose_name="volgt op",
        related_name="successor",
        null=True,
        blank=True,
    )

    objects = PlanQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "plan"
        verbose_name_plural = "plannen"
        ordering = ["programme", "-first_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "first_year"],
                name="plan_once_a_year",
                violation_error_message="Dit programma heeft al een plan dat in dit jaar begint.",
            ),
            models.CheckConstraint(
                condition=models.Q(last_year__gte=models.F("first_year")),
                name="plan_ends_after_it_begins",
                violation_error_message="Het laatste jaar ligt voor het eerste jaar.",
            ),
            models.CheckConstraint(
                condition=models.Q(first_year__range=YEAR_RANGE, last_year__range=YEAR_RANGE),
                name="plan_years_are_plausible",
                violation_error_message="Een jaar ligt tussen 2000 en 2100.",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["concept", "adopted", "closed"]),
                name="plan_state_is_known",
                violation_error_message="Kies concept, vastgesteld of afgesloten.",
            ),
            models.CheckConstraint(
                condition=~models.Q(predecessor=models.F("id")),
                name="plan_does_not_follow_itself",
                violation_error_message="Een plan kan niet op zichzelf volgen.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.programme})"

    def clean(self) -> None:
        stored = Plan.objects.filter(pk=self.pk).values_list("state", flat=True).first() if self.pk else None
        if self.state == Plan.State.CONCEPT and stored not in (None, Plan.State.CONCEPT):
            raise ValidationError({"state": "Een plan dat is vastgesteld of afgesloten, wordt geen concept meer."})

    def adopt(self, *, actor: AbstractBaseUser | None, origin: Origin) -> bool:
        """Turn a concept into an adopted plan; False when it was no concept any more."""
        with transaction.atomic():
            locked = Plan.objects.select_for_update().get(pk=self.pk)
            self.state = locked.state
            if locked.state != Plan.State.CONCEPT:
                return False
            self.state = Plan.State.ADOPTED
            self.save(update_fields=["state"])
            tell(Written("adopt", self, self.state), actor=actor, origin=origin, at=timezone.now())
        return True

    @property
    def period(self) -> str:
        """For example "2023" or "2023-2026"."""
        return str(self.first_year) if self.first_year == self.last_year else f"{self.first_year}-{self.last_year}"


class FocusArea(models.Model):
    """A cross-cutting tag of a plan (speerpunt as a tag): not reported on by itself, seen through its goals."""

    plan = models.ForeignKey(Plan, models.CASCADE, verbose_name="plan", related_name="focus_areas")
    name = PlainCharField("naam", max_length=200)
    description = PlainTextField("toelichting", blank=True)
    position = models.PositiveSmallIntegerField("volgorde", default=0)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "speerpunt (label)"
        verbose_name_plural = "speerpunten (labels)"
        ordering = ["plan", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                "plan",
                Lower("name"),
                name="focus_area_once_a_plan",
                violation_error_message="Dit plan heeft al een speerpunt met deze naam.",
            ),
            models.CheckConstraint(
                condition=~models.Q(name=""),
                name="focus_area_has_a_name",
                violation_error_message="Geef het speerpunt een naam.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
