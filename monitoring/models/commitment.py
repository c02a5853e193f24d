"""What was promised to the council, or asked by it: commitments, motions and recommendations."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, TypedDict

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.urls import reverse
from simple_history.models import HistoricalRecords

from din.fields import PlainCharField, PlainTextField
from din.models import Goal, Owner, Programme, Theme
from monitoring.models.round import ReportingRound

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class ShownFields(TypedDict):
    """What `readable_by` adds: state, settlement and day of settling as this reader may know them."""

    shown_state: str
    shown_settlement: str
    shown_settled_on: datetime.date | None


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def readable_by(self, user: AbstractBaseUser | AnonymousUser) -> CommitmentQuerySet:
        """Every commitment for everybody with a role; what each may know of it is in the `shown_` annotations.

        Who works on rounds knows all. For the council a proposal is there once the round that it goes with is adopted,
        or at once when it goes with none: until then the commitment is open, and a text that is not proposed yet is not
        there. Every page, list, search and export for a reader shows the annotations, never the fields.
        """
        found = self if user.has_perm("din.read_programmes") else self.none()  # type: ignore[union-attr]
        if user.has_perm("monitoring.read_open_rounds"):  # type: ignore[union-attr]
            return found.annotate(
                shown_state=F("state"), shown_settlement=F("settlement"), shown_settled_on=F("settled_on")
            )
        told = Q(proposed_in=None) | Q(proposed_in__state=ReportingRound.State.ADOPTED)
        written = told & ~Q(state=Commitment.State.OPEN)
        return found.annotate(
            shown_state=Case(
                When(told, then=F("state")),
                default=Value(Commitment.State.OPEN.value),
                output_field=models.CharField(),
            ),
            shown_settlement=Case(
                When(written, then=F("settlement")), default=Value(""), output_field=models.TextField()
            ),
            shown_settled_on=Case(When(told, then=F("settled_on")), output_field=models.DateField()),
        )

    def shown_as(self, state: str) -> CommitmentQuerySet:
        """Of those read with `readable_by`: what this reader sees in that state."""
        return self.filter(shown_state=state)

    def overdue(self, *, as_of: datetime.date) -> CommitmentQuerySet:
        """Of those read with `readable_by`: what shows as open though its deadline has passed."""
        return self.shown_as(Commitment.State.OPEN).filter(deadline__lt=as_of)

    def about(self, theme: Theme, *, user: AbstractBaseUser | AnonymousUser) -> CommitmentQuerySet:
        """What concerns a goal of `theme`, as that is divided today, that `user` may read."""
        goals = Goal.objects.readable_by(user).filter(theme=theme)
        return self.filter(Exists(goals.filter(commitments=OuterRef("pk"))))

    def with_place(self) -> CommitmentQuerySet:
        """With what every line about a commitment shows."""
        return self.select_related("programme", "owner", "proposed_in")


class Commitment(models.Model):
    """For example "Doorwerken aan dakloosheid" (24bb000736), with the proposal to settle it (afdoeningsvoorstel).

    A proposal goes to the council with the report of a round, `proposed_in`: until that is adopted the council sees
    the commitment as open, without the proposal.
    """

    class Kind(models.TextChoices):
        TOEZEGGING = "toezegging", "toezegging"
        MOTIE = "motie", "motie"
        AANBEVELING = "aanbeveling", "aanbeveling"

    class State(models.TextChoices):
        OPEN = "open", "open"
        PROPOSED = "proposed", "voorstel tot afdoening"
        SETTLED = "settled", "afgedaan"

    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name="programma", related_name="commitments")
    kind = models.CharField("soort", max_length=11, choices=Kind.choices, default=Kind.TOEZEGGING)
    number = PlainCharField(
        "raadsnummer",
        max_length=20,
        blank=True,
        help_text="Het nummer in het raadsinformatiesysteem, zoals 24bb000736.",
    )
    title = PlainCharField("titel", max_length=200)
    text = PlainTextField("wat is toegezegd of gevraagd", blank=True)
    made_on = models.DateField("datum", null=True, blank=True)
    made_by = PlainCharField(
        "door", max_length=200, blank=True, help_text="De functie of instantie, geen naam: wethouder Zorg, Rekenkamer."
    )
    owner = models.ForeignKey(
        Owner, models.PROTECT, verbose_name="eigenaar", related_name="commitments", null=True, blank=True
    )
    deadline = models.DateField("afdoen voor", null=True, blank=True)
    state = models.CharField("stand", max_length=8, choices=State.choices, default=State.OPEN)
    goals = models.ManyToManyField(Goal, verbose_name="doelen", related_name="commitments", blank=True)
    settlement = PlainTextField(
        "afdoeningsvoorstel", blank=True, help_text="Wat is er gedaan, en waarom kan de raad dit als afgedaan zien?"
    )
    proposed_in = models.ForeignKey(
        ReportingRound,
        models.PROTECT,
        verbose_name="voorgesteld in ronde",
        related_name="proposals",
        null=True,
        blank=True,
        help_text="De raad ziet het voorstel als deze ronde is vastgesteld. Leeg: meteen.",
    )
    settled_on = models.DateField("afgedaan op", null=True, blank=True)
    version = models.PositiveIntegerField("versie", default=0, editable=False)

    objects = CommitmentQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "toezegging, motie of aanbeveling"
        verbose_name_plural = "toezeggingen, moties en aanbevelingen"
        ordering = ["programme", "-made_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "kind", "number"],
                condition=~Q(number=""),
                name="commitment_number_once_a_programme",
                violation_error_message="Dit nummer staat al bij dit programma.",
            ),
            models.CheckConstraint(
                condition=~Q(title=""),
                name="commitment_has_a_title",
                violation_error_message="Geef een titel.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["toezegging", "motie", "aanbeveling"]),
                name="commitment_kind_is_known",
                violation_error_message="Kies een soort uit de lijst.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "proposed", "settled"]),
                name="commitment_state_is_known",
                violation_error_message="Kies een stand uit de lijst.",
            ),
            models.CheckConstraint(
                condition=~Q(state="proposed") | ~Q(settlement=""),
                name="commitment_proposed_with_a_text",
                violation_error_message="Schrijf het afdoeningsvoorstel op.",
            ),
            models.CheckConstraint(
                condition=Q(state="settled", settled_on__isnull=False)
                | ~Q(state="settled") & Q(settled_on__isnull=True),
                name="commitment_settled_has_a_day",
                violation_error_message="Wat is afgedaan heeft een datum van afdoening, iets anders niet.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})" if self.number else self.title

    def get_absolute_url(self) -> str:
        return reverse("commitment", args=[self.programme.slug, self.pk])

    def clean(self) -> None:
        if self.owner is not None and self.owner.programme_id != self.programme_id:
            raise ValidationError({"owner": "Deze eigenaar hoort bij een ander programma."})
        if self.proposed_in is not None and self.proposed_in.programme_id != self.programme_id:
            raise ValidationError({"proposed_in": "Deze ronde hoort bij een ander programma."})


if TYPE_CHECKING:
    ShownCommitment = WithAnnotations[Commitment, ShownFields]
