"""A programme, its division in themes, and the owners that its plans name."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from simple_history.models import HistoricalRecords

from din.fields import PlainCharField, PlainTextField

YEAR_RANGE = (2000, 2100)


def manages_all(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether `user` manages every programme, whoever its managers are: the administrator."""
    return user.has_perm("din.manage_all_programmes")  # type: ignore[union-attr]


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def readable_by(self, user: AbstractBaseUser | AnonymousUser) -> ProgrammeQuerySet:
        """Everybody with a role reads all programmes; somebody without a role reads none."""
        return self if user.has_perm("din.read_programmes") else self.none()  # type: ignore[union-attr]

    def managed_by(self, user: AbstractBaseUser | AnonymousUser) -> ProgrammeQuerySet:
        """The programmes that `user` manages: their own, or all of them for the administrator."""
        if manages_all(user):
            return self
        if not user.has_perm("din.manage_programmes"):  # type: ignore[union-attr]
            return self.none()
        return self.filter(managers=user.pk)


class Programme(models.Model):
    """For example "Vastpakken en niet loslaten", 2021 to 2026."""

    name = PlainCharField("naam", max_length=200)
    slug = models.SlugField("naam in het webadres", max_length=80, unique=True)
    description = PlainTextField("omschrijving", blank=True)
    first_year = models.PositiveSmallIntegerField("eerste jaar")
    last_year = models.PositiveSmallIntegerField("laatste jaar")
    managers = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name="programmamanagers",
        related_name="managed_programmes",
        blank=True,
        help_text="Zij importeren het DIN, openen de rondes en stellen ze vast.",
    )

    objects = ProgrammeQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "programma"
        verbose_name_plural = "programma's"
        ordering = ["name"]
        permissions = [
            ("read_programmes", "Mag programma's, plannen en vastgestelde rondes lezen"),
            ("manage_programmes", "Mag de eigen programma's beheren: importeren, rondes openen en vaststellen"),
            ("manage_all_programmes", "Mag alle programma's beheren"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_year__gte=models.F("first_year")),
                name="programme_ends_after_it_begins",
                violation_error_message="Het laatste jaar ligt voor het eerste jaar.",
            ),
            models.CheckConstraint(
                condition=models.Q(first_year__range=YEAR_RANGE, last_year__range=YEAR_RANGE),
                name="programme_years_are_plausible",
                violation_error_message="Een jaar ligt tussen 2000 en 2100.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("programme", args=[self.slug])

    @property
    def period(self) -> str:
        """For example "2021-2026"."""
        return str(self.first_year) if self.first_year == self.last_year else f"{self.first_year}-{self.last_year}"


class ThemeQuerySet(models.QuerySet["Theme"]):
    def there(self, *, as_of: datetime.date) -> ThemeQuerySet:
        """The themes that the programme had on `as_of`."""
        begun = models.Q(began_on=None) | models.Q(began_on__lte=as_of)
        return self.filter(begun, models.Q(ended_on=None) | models.Q(ended_on__gt=as_of))

    def readable_by(self, user: AbstractBaseUser | AnonymousUser) -> ThemeQuerySet:
        """All themes for who sees concepts; for the council those that a plan uses which is no concept any more."""
        if user.has_perm("monitoring.read_open_rounds"):  # type: ignore[union-attr]
            return self
        if not user.has_perm("din.read_programmes"):  # type: ignore[union-attr]
            return self.none()
        used = models.Q(pk__in=[])
        for level in ("ambitions", "er_goals", "goals", "efforts"):
            found = Theme.objects.filter(**{f"{level}__plan__state__in": ["adopted", "closed"]})
            used |= models.Q(pk__in=found.values("pk"))
        # What a re-cut took all goals from stays in the reports of before.
        left = Theme.objects.filter(moves_from__goal__plan__state__in=["adopted", "closed"])
        used |= models.Q(pk__in=left.values("pk"))
        return self.filter(used)


class Theme(models.Model):
    """A division of a programme (onderdeel). It belongs to the programme, so that years can be compared."""

    class Kind(models.TextChoices):
        PIJLER = "pijler", "pijler"
        THEMA = "thema", "thema"
        SPEERPUNT = "speerpunt", "speerpunt"
        ACTIELIJN = "actielijn", "actielijn"
        DOELGROEP = "doelgroep", "doelgroep"

    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name="programma", related_name="themes")
    kind = models.CharField("soort", max_length=12, choices=Kind.choices, default=Kind.THEMA)
    number = models.PositiveSmallIntegerField("nummer", null=True, blank=True)
    name = PlainCharField("naam", max_length=200)
    position = models.PositiveSmallIntegerField("volgorde", default=0)
    began_on = models.DateField(
        "bestaat vanaf", null=True, blank=True, help_text="Leeg: vanaf het begin van het programma."
    )
    ended_on = models.DateField(
        "vervallen op", null=True, blank=True, help_text="De eerste dag waarop het onderdeel er niet meer is."
    )

    objects = ThemeQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "onderdeel"
        verbose_name_plural = "onderdelen"
        ordering = ["programme", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                "programme",
                Lower("name"),
                name="theme_name_once_a_programme",
                violation_error_message="Dit programma heeft al een onderdeel met deze naam.",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["pijler", "thema", "speerpunt", "actielijn", "doelgroep"]),
                name="theme_kind_is_known",
                violation_error_message="Kies een soort onderdeel uit de lijst.",
            ),
            models.CheckConstraint(
                condition=~models.Q(name=""),
                name="theme_has_a_name",
                violation_error_message="Geef het onderdeel een naam.",
            ),
            models.CheckConstraint(
                condition=models.Q(began_on__isnull=True)
                | models.Q(ended_on__isnull=True)
                | models.Q(ended_on__gt=models.F("began_on")),
                name="theme_ends_after_it_begins",
                violation_error_message="Het onderdeel vervalt voordat het begint.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("theme", args=[self.programme.slug, self.pk])

    @property
    def title(self) -> str:
        """For example "Pijler 4: Inkomen", or "Jongerenparticipatie" when the theme has no number."""
        return (
            self.name if self.number is None else f"{self.get_kind_display().capitalize()} {self.number}: {self.name}"
        )

    @property
    def code(self) -> str:
        """For example "P4"; empty when the theme has no number."""
        return "" if self.number is None else f"{self.kind[0].upper()}{self.number}"


class OwnerQuerySet(models.QuerySet["Owner"]):
    def of_user(self, user: AbstractBaseUser | AnonymousUser) -> OwnerQuerySet:
        """The owners of which `user` is a member or a deputy."""
        return self.filter(members__user=user.pk)


class Owner(models.Model):
    """A department or person that a plan names as owner (eigenaar) or lead (trekker).

    It belongs to one programme: its manager links it to users, and that link gives no right in another programme.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name="programma", related_name="owners")
    name = PlainCharField("naam", max_length=200)

    objects = OwnerQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "eigenaar"
        verbose_name_plural = "eigenaren"
        ordering = ["programme", "name"]
        constraints = [
            models.UniqueConstraint(
                "programme",
                Lower("name"),
                name="owner_name_once_a_programme",
                violation_error_message="Dit programma heeft al een eigenaar met deze naam.",
            ),
            models.CheckConstraint(
                condition=~models.Q(name=""),
                name="owner_has_a_name",
                violation_error_message="Geef de eigenaar een naam.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OwnerMember(models.Model):
    """A user who works for an owner: as a member, or as a deputy when the members are away."""

    class Kind(models.TextChoices):
        MEMBER = "member", "lid"
        DEPUTY = "deputy", "vervanger"

    owner = models.ForeignKey(Owner, models.CASCADE, verbose_name="eigenaar", related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="gebruiker", related_name="owner_links"
    )
    kind = models.CharField("als", max_length=8, choices=Kind.choices, default=Kind.MEMBER)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "lid of vervanger"
        verbose_name_plural = "leden en vervangers"
        ordering = ["owner", "user"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "user"],
                name="user_once_an_owner",
                violation_error_message="Deze gebruiker hoort al bij deze eigenaar.",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["member", "deputy"]),
                name="owner_member_kind_is_known",
                violation_error_message="Kies lid of vervanger.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_kind_display()} van {self.owner})"
