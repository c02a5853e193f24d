"""The half-year round in which progress is recorded."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from simple_history.models import HistoricalRecords

from din.models import Plan, Programme
from din.models.programme import YEAR_RANGE


class RoundQuerySet(models.QuerySet["ReportingRound"]):
    def readable_by(self, user: AbstractBaseUser | AnonymousUser) -> RoundQuerySet:
        """Who works on a round sees all of them; the council sees what was adopted, never a draft."""
        if user.has_perm("monitoring.read_open_rounds"):  # type: ignore[union-attr]
            return self
        if user.has_perm("din.read_programmes"):  # type: ignore[union-attr]
            return self.adopted()
        return self.none()

    def adopted(self) -> RoundQuerySet:
        return self.filter(state=ReportingRound.State.ADOPTED)

    def running(self) -> RoundQuerySet:
        """The rounds in which something can still be recorded or reviewed."""
        return self.filter(state__in=[ReportingRound.State.OPEN, ReportingRound.State.IN_REVIEW])

    def unfinished(self) -> RoundQuerySet:
        """The rounds that are planned or running, those that run first, then the nearest opening."""
        running = models.Q(state__in=[ReportingRound.State.OPEN, ReportingRound.State.IN_REVIEW])
        return (
            self.filter(running | models.Q(state=ReportingRound.State.PLANNED))
            .annotate(is_planned=models.Case(models.When(running, then=0), default=1))
            .order_by("is_planned", "opens_on", "pk")
        )

    def until(self, round_: ReportingRound) -> RoundQuerySet:
        """`round_` itself and the rounds of the same programme before it."""
        return self.filter(programme=round_.programme_id).filter(
            models.Q(year__lt=round_.year) | models.Q(year=round_.year, half__lte=round_.half)
        )

    def before(self, round_: ReportingRound) -> RoundQuerySet:
        """The rounds of the same programme before `round_`, the latest first."""
        return self.filter(programme=round_.programme_id).filter(
            models.Q(year__lt=round_.year) | models.Q(year=round_.year, half__lt=round_.half)
        )

    def named(self, name: str) -> RoundQuerySet:
        """The rounds called `name`, for example "2024-H1"; none when that is no name of a round."""
        year, _, half = name.partition("-H")
        if not (len(year) == 4 and year.isascii() and year.isdecimal() and half in ("1", "2")):
            return self.none()
        return self.filter(year=int(year), half=int(half))


class ReportingRound(models.Model):
    """A half year of a programme: planned, open, in review, adopted. Its state changes in the workflow only."""

    class State(models.TextChoices):
        PLANNED = "planned", "gepland"
        OPEN = "open", "open"
        IN_REVIEW = "in_review", "in beoordeling"
        ADOPTED = "adopted", "vastgesteld"

    class Half(models.IntegerChoices):
        FIRST = 1, "eerste half jaar"
        SECOND = 2, "tweede half jaar"

    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name="programma", related_name="rounds")
    plan = models.ForeignKey(
        Plan,
        models.PROTECT,
        verbose_name="plan",
        related_name="rounds",
        help_text="Over de doelen van dit plan gaat de ronde.",
    )
    year = models.PositiveSmallIntegerField("jaar")
    half = models.PositiveSmallIntegerField("half jaar", choices=Half.choices)
    state = models.CharField("stand", max_length=9, choices=State.choices, default=State.PLANNED)
    opens_on = models.DateField("opent op")
    deadline = models.DateField("inleveren uiterlijk op")
    grace_days = models.PositiveSmallIntegerField(
        "dagen uitstel", default=0, help_text="Zoveel dagen na de deadline kan er nog worden ingeleverd."
    )
    adopted_at = models.DateTimeField("vastgesteld op", null=True, blank=True)
    adopted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="vastgesteld door",
        related_name="+",
        null=True,
        blank=True,
    )

    objects = RoundQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "rapportageronde"
        verbose_name_plural = "rapportagerondes"
        ordering = ["programme", "-year", "-half"]
        permissions = [("read_open_rounds", "Mag rondes lezen die nog niet zijn vastgesteld")]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "year", "half"],
                name="round_once_a_half_year",
                violation_error_message="Dit programma heeft al een ronde voor dit half jaar.",
            ),
            models.CheckConstraint(
                condition=models.Q(half__in=[1, 2]),
                name="round_half_is_first_or_second",
                violation_error_message="Kies het eerste of het tweede half jaar.",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["planned", "open", "in_review", "adopted"]),
                name="round_state_is_known",
                violation_error_message="Deze stand van een ronde bestaat niet.",
            ),
            models.CheckConstraint(
                condition=models.Q(deadline__gte=models.F("opens_on")),
                name="round_closes_after_it_opens",
                violation_error_message="De deadline ligt voor de dag waarop de ronde opent.",
            ),
            models.CheckConstraint(
                condition=models.Q(state="adopted", adopted_at__isnull=False)
                | ~models.Q(state="adopted") & models.Q(adopted_at__isnull=True),
                name="round_adopted_has_a_time",
                violation_error_message="Een vastgestelde ronde heeft een tijdstip, een andere niet.",
            ),
            models.CheckConstraint(
                condition=models.Q(year__range=YEAR_RANGE),
                name="round_year_is_plausible",
                violation_error_message="Een jaar ligt tussen 2000 en 2100.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.programme})"

    def get_absolute_url(self) -> str:
        return reverse("round", args=[self.pk])

    def clean(self) -> None:
        if self.plan_id and self.programme_id and self.plan.programme_id != self.programme_id:
            raise ValidationError({"plan": "Dit plan hoort bij een ander programma."})
        plausible = self.year is not None and YEAR_RANGE[0] <= self.year <= YEAR_RANGE[1]
        if self.plan_id and plausible and not self.plan.first_year <= self.year <= self.plan.last_year + 1:
            raise ValidationError(
                {"year": f"{self.plan.name} gaat over {self.plan.period}: kies een jaar dat daarbij hoort."}
            )

    @property
    def name(self) -> str:
        """The name in addresses and commands, "2024-H1"."""
        return f"{self.year}-H{self.half}"

    @property
    def label(self) -> str:
        """The name on screen, "eerste half jaar 2024"."""
        return f"{_HALVES.get(self.half, self.half)} {self.year}"

    @property
    def first_day(self) -> datetime.date:
        """The first day of the half year that the round reports on."""
        return datetime.date(self.year, 1 if self.half == 1 else 7, 1)

    @property
    def last_day(self) -> datetime.date:
        """The last day of the half year that the round reports on."""
        return datetime.date(self.year, 6, 30) if self.half == 1 else datetime.date(self.year, 12, 31)

    def reference_day(self, *, today: datetime.date) -> datetime.date:
        """The day on which lateness is judged: today, and not later than the half year that the round is about."""
        return min(self.last_day, today)

    @property
    def is_running(self) -> bool:
        """Whether something can still be recorded or reviewed."""
        return self.state in (self.State.OPEN, self.State.IN_REVIEW)

    @property
    def is_adopted(self) -> bool:
        return self.state == self.State.ADOPTED

    @property
    def closes_on(self) -> datetime.date:
        """The last day on which an owner can hand in: the deadline and the grace days after it."""
        return self.deadline + datetime.timedelta(days=self.grace_days)

    def takes_in(self, *, as_of: datetime.date) -> bool:
        """Whether owners can hand in on that day. Afterwards they only mend what was sent back."""
        return self.state == self.State.OPEN and as_of <= self.closes_on

    def days_left(self, *, as_of: datetime.date) -> int:
        """Days until the deadline, negative when it has passed."""
        return (self.deadline - as_of).days

    def grace_left(self, *, as_of: datetime.date) -> int:
        """After the deadline: on how many more days, this one included, an owner can hand in; 0 when it is too late."""
        return max(0, (self.closes_on - as_of).days + 1) if self.deadline < as_of else 0


# Django's get_half_display makes its table of choices anew each time, and a page names dozens of rounds.
_HALVES = dict(ReportingRound.Half.choices)
