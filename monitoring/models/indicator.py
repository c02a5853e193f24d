"""What is measured: indicators with a target for each period and a measurement for each period."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from simple_history.models import HistoricalRecords

from din.fields import PlainCharField, PlainTextField
from din.models import Goal, Owner, Programme, Theme
from monitoring.models.round import ReportingRound
from monitoring.numbers_in_dutch import MOST_WHOLE_DIGITS, value_label
from monitoring.periods import day_label, days_label

MOST_DECIMALS = 4
MOST_DIGITS = MOST_WHOLE_DIGITS + MOST_DECIMALS


def value_field(label: str, **options: object) -> models.DecimalField:
    """A number as people write it down, never a binary fraction."""
    return models.DecimalField(label, max_digits=MOST_DIGITS, decimal_places=MOST_DECIMALS, **options)  # type: ignore[arg-type]


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    def readable_by(self, user: AbstractBaseUser | AnonymousUser) -> IndicatorQuerySet:
        """All of them for who sees concepts; for the council not those that only a concept plan knows yet."""
        if user.has_perm("monitoring.read_open_rounds"):  # type: ignore[union-attr]
            return self
        if not user.has_perm("din.read_programmes"):  # type: ignore[union-attr]
            return self.none()
        goals = Goal.objects.filter(indicators=models.OuterRef("pk"))
        known = Q(theme=None) | Q(theme__in=Theme.objects.readable_by(user).values("pk"))
        known &= ~Q(models.Exists(goals)) | Q(models.Exists(goals.readable_by(user)))
        whole = Q(part_of=None) | Q(part_of__in=Indicator.objects.filter(known).values("pk"))
        return self.filter(known & whole)


class Indicator(models.Model):
    """For example "IPS-trajecten", the more the better. An indicator of several parts has its values in the parts.

    The four norms of one goal about handling time, say, are four parts, each with a unit and a direction of its own.
    """

    class Direction(models.TextChoices):
        HIGHER = "higher", "hoger is beter"
        LOWER = "lower", "lager is beter"
        WITHIN = "within", "binnen een bandbreedte"

    class Aggregation(models.TextChoices):
        """What the periods of a year say together."""

        LAST = "last", "de laatste waarde telt"
        SUM = "sum", "de waarden worden opgeteld"
        MEAN = "mean", "het gemiddelde telt"

    class Frequency(models.TextChoices):
        YEAR = "year", "jaar"
        HALF_YEAR = "half_year", "half jaar"
        QUARTER = "quarter", "kwartaal"
        MONTH = "month", "maand"

    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name="programma", related_name="indicators")
    theme = models.ForeignKey(
        Theme, models.PROTECT, verbose_name="onderdeel", related_name="indicators", null=True, blank=True
    )
    part_of = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="deel van",
        related_name="parts",
        null=True,
        blank=True,
        help_text="Voor een indicator die uit meer cijfers bestaat: kies hier de indicator waar dit cijfer bij hoort.",
    )
    name = PlainCharField("naam", max_length=200)
    description = PlainTextField("wat er wordt gemeten", blank=True)
    unit = PlainCharField("eenheid", max_length=40, blank=True, help_text="Bijvoorbeeld %, mensen, plekken of dagen.")
    decimals = models.PositiveSmallIntegerField(
        "cijfers achter de komma", default=0, validators=[MaxValueValidator(MOST_DECIMALS)]
    )
    direction = models.CharField("richting", max_length=6, choices=Direction.choices, default=Direction.HIGHER)
    aggregation = models.CharField(
        "perioden samen", max_length=4, choices=Aggregation.choices, default=Aggregation.LAST
    )
    frequency = models.CharField("gemeten per", max_length=9, choices=Frequency.choices, default=Frequency.YEAR)
    baseline = value_field("nulmeting", null=True, blank=True)
    baseline_day = models.DateField("datum van de nulmeting", null=True, blank=True)
    is_key = models.BooleanField("kernindicator", default=False)
    owner = models.ForeignKey(
        Owner, models.PROTECT, verbose_name="eigenaar", related_name="indicators", null=True, blank=True
    )
    goals = models.ManyToManyField(
        Goal,
        verbose_name="doelen",
        related_name="indicators",
        blank=True,
        help_text="De doelen waarvan dit cijfer laat zien hoe ver ze zijn.",
    )
    source = PlainCharField("bron", max_length=300, blank=True, help_text="Waar de cijfers vandaan komen.")
    position = models.PositiveSmallIntegerField("volgorde", default=0)

    objects = IndicatorQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "indicator"
        verbose_name_plural = "indicatoren"
        ordering = ["programme", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                "programme",
                models.functions.Coalesce("part_of", 0),
                Lower("name"),
                name="indicator_name_once_a_programme",
                violation_error_message="Dit programma heeft al een indicator met deze naam.",
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="indicator_has_a_name",
                violation_error_message="Geef de indicator een naam.",
            ),
            models.CheckConstraint(
                condition=Q(direction__in=["higher", "lower", "within"]),
                name="indicator_direction_is_known",
                violation_error_message="Kies een richting uit de lijst.",
            ),
            models.CheckConstraint(
                condition=Q(aggregation__in=["last", "sum", "mean"]),
                name="indicator_aggregation_is_known",
                violation_error_message="Kies uit de lijst hoe perioden samen tellen.",
            ),
            models.CheckConstraint(
                condition=Q(frequency__in=["year", "half_year", "quarter", "month"]),
                name="indicator_frequency_is_known",
                violation_error_message="Kies een periode uit de lijst.",
            ),
            models.CheckConstraint(
                condition=Q(decimals__lte=MOST_DECIMALS),
                name="indicator_decimals_are_few",
                violation_error_message=f"Kies hoogstens {MOST_DECIMALS} cijfers achter de komma.",
            ),
            models.CheckConstraint(
                condition=Q(baseline__isnull=True) | Q(baseline_day__isnull=False),
                name="indicator_baseline_has_a_day",
                violation_error_message="Geef bij de nulmeting ook de datum.",
            ),
            models.CheckConstraint(
                condition=Q(part_of__isnull=True) | ~Q(part_of=models.F("pk")),
                name="indicator_is_no_part_of_itself",
                violation_error_message="Een indicator is geen deel van zichzelf.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("indicator", args=[self.programme.slug, self.part_of_id or self.pk])

    def value_label(self, value: Decimal) -> str:
        """`value` as it is shown, in Dutch and with the unit: "48,33%" or "1.031 mensen"."""
        return value_label(value, decimals=self.decimals, unit=self.unit)

    def clean(self) -> None:
        if self.theme is not None and self.theme.programme_id != self.programme_id:
            raise ValidationError({"theme": "Dit onderdeel hoort bij een ander programma."})
        if self.owner is not None and self.owner.programme_id != self.programme_id:
            raise ValidationError({"owner": "Deze eigenaar hoort bij een ander programma."})
        if self.part_of is None:
            return
        if self.part_of.programme_id != self.programme_id:
            raise ValidationError({"part_of": "Deze indicator hoort bij een ander programma."})
        if self.part_of.part_of_id is not None or self.part_of_id == self.pk:
            raise ValidationError({"part_of": "Kies een indicator die zelf geen deel is van een andere."})
        if self.pk and self.parts.exists():
            raise ValidationError({"part_of": "Deze indicator heeft zelf delen en kan geen deel worden."})
        # An indicator of parts shows the values of its parts alone: its own would be seen by nobody any more.
        if self.part_of.measurements.exists() or self.part_of.targets.exists():
            raise ValidationError(
                f"‘{self.part_of}’ heeft zelf metingen of streefwaarden. Maak een nieuwe indicator en voeg daar de "
                "delen aan toe."
            )


def in_order(indicators: Iterable[Indicator]) -> list[Indicator]:
    """`indicators` as the programme has them: key indicators first, each followed by its parts.

    A part stands with its whole, which is one of `indicators` or was read along with the part. Here and not in SQL: a
    page has a few dozen at most, and the expressions cost more than the query.
    """
    found = list(indicators)
    by_key = {indicator.pk: indicator for indicator in found}

    def place(indicator: Indicator) -> tuple[bool | int, ...]:
        whole = by_key.get(indicator.part_of_id or indicator.pk) or indicator.part_of or indicator
        return (not whole.is_key, whole.position, whole.pk, whole is not indicator, indicator.position, indicator.pk)

    return sorted(found, key=place)


class TargetQuerySet(models.QuerySet["Target"]):
    def in_force(self) -> TargetQuerySet:
        """The targets that count now: those that were not revised."""
        return self.filter(revised_on=None)


class Target(models.Model):
    """What an indicator must have reached on a day: the last day of the period. A revised one stays, with its reason.

    Of an indicator that must stay within bounds `value` is the lower bound and `upper` the upper one.
    """

    indicator = models.ForeignKey(Indicator, models.PROTECT, verbose_name="indicator", related_name="targets")
    last_day = models.DateField("te halen op")
    value = value_field("streefwaarde")
    upper = value_field("bovengrens", null=True, blank=True)
    source = PlainCharField("bron", max_length=300, blank=True)
    revised_on = models.DateField("herzien op", null=True, blank=True)
    revision_reason = PlainTextField("reden van herziening", blank=True)

    objects = TargetQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "streefwaarde"
        verbose_name_plural = "streefwaarden"
        ordering = ["indicator", "last_day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "last_day"],
                condition=Q(revised_on__isnull=True),
                name="target_once_a_day",
                violation_error_message="Deze indicator heeft al een streefwaarde voor deze dag.",
            ),
            models.CheckConstraint(
                condition=Q(upper__isnull=True) | Q(upper__gte=models.F("value")),
                name="target_bounds_are_in_order",
                violation_error_message="De bovengrens ligt onder de ondergrens.",
            ),
            models.CheckConstraint(
                condition=Q(revised_on__isnull=True) | ~Q(revision_reason=""),
                name="target_revised_with_a_reason",
                violation_error_message="Schrijf op waarom de streefwaarde is herzien.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.indicator.value_label(self.value)} op {day_label(self.last_day)}"


class MeasurementQuerySet(models.QuerySet["Measurement"]):
    def readable_by(self, user: AbstractBaseUser | AnonymousUser) -> MeasurementQuerySet:
        """All of them for who works on rounds; for the council what belongs to no round, or to an adopted one."""
        if user.has_perm("monitoring.read_open_rounds"):  # type: ignore[union-attr]
            return self
        if not user.has_perm("din.read_programmes"):  # type: ignore[union-attr]
            return self.none()
        return self.filter(Q(round=None) | Q(round__state=ReportingRound.State.ADOPTED))


class Measurement(models.Model):
    """What was measured over a period. What comes in during a round belongs to it, and waits with it for adoption."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, verbose_name="indicator", related_name="measurements")
    first_day = models.DateField("eerste dag van de periode")
    last_day = models.DateField("laatste dag van de periode")
    value = value_field("waarde")
    source = PlainCharField("bron", max_length=300, blank=True)
    note = PlainTextField("opmerking", blank=True)
    round = models.ForeignKey(
        ReportingRound,
        models.PROTECT,
        verbose_name="ronde",
        related_name="measurements",
        null=True,
        blank=True,
        help_text="De raad ziet een meting van een ronde pas als die ronde is vastgesteld.",
    )
    version = models.PositiveIntegerField("versie", default=0, editable=False)
    recorded_at = models.DateTimeField("vastgelegd op", null=True, blank=True, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="vastgelegd door",
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )

    objects = MeasurementQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "meting"
        verbose_name_plural = "metingen"
        ordering = ["indicator", "last_day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "first_day", "last_day"],
                name="measurement_once_a_period",
                violation_error_message="Deze indicator heeft al een meting over deze periode.",
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=models.F("first_day")),
                name="measurement_period_has_days",
                violation_error_message="De laatste dag ligt voor de eerste dag.",
            ),
        ]

    def __str__(self) -> str:
        period = days_label(self.first_day, self.last_day)
        return f"{self.indicator}: {self.indicator.value_label(self.value)} over {period}"
