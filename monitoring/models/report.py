"""The progress report as it was adopted: frozen, so that it reads the same at any time later."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef

from din.fields import PlainCharField, PlainTextField
from din.models import Goal, Owner, Theme
from monitoring.models.round import ReportingRound
from monitoring.models.update import Update


class ReportQuerySet(models.QuerySet["Report"]):
    def newest(self) -> ReportQuerySet:
        """Of each round its newest edition: the one that counts."""
        newer = Report.objects.filter(round=OuterRef("round"), edition__gt=OuterRef("edition"))
        return self.filter(~Exists(newer))

    def latest_before(self, round_: ReportingRound) -> Report | None:
        """The report of the latest adopted round of the same programme before `round_`, with that round."""
        earlier = self.filter(round__in=ReportingRound.objects.before(round_).adopted()).select_related("round")
        return earlier.order_by("-round__year", "-round__half", "-edition").first()


class Report(models.Model):
    """One edition of the report of an adopted round: the whole document as canonical JSON, with its hash."""

    round = models.ForeignKey(ReportingRound, models.PROTECT, verbose_name="ronde", related_name="reports")
    edition = models.PositiveSmallIntegerField("editie", default=1)
    reason = PlainTextField("reden van de correctie", blank=True)
    document = models.TextField("inhoud", editable=False)
    sha256 = models.CharField("controlegetal", max_length=64, editable=False)
    goal_count = models.PositiveIntegerField("aantal doelen", editable=False)
    frozen_at = models.DateTimeField("vastgelegd op")
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="vastgelegd door",
        related_name="+",
        null=True,
        blank=True,
    )

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = "voortgangsrapportage"
        verbose_name_plural = "voortgangsrapportages"
        ordering = ["round", "-edition"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "edition"],
                name="report_edition_once_a_round",
                violation_error_message="Deze editie bestaat al.",
            ),
            models.CheckConstraint(
                condition=models.Q(edition=1) | models.Q(edition__gt=1) & ~models.Q(reason=""),
                name="report_correction_has_a_reason",
                violation_error_message="Een nieuwe editie heeft een reden.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round}, editie {self.edition}"


class ReportedGoalQuerySet(models.QuerySet["ReportedGoal"]):
    def of_newest_editions(self) -> ReportedGoalQuerySet:
        """As the newest edition of each round tells them."""
        return self.filter(report__in=Report.objects.newest())


class ReportedGoal(models.Model):
    """A goal in an edition of a report, with the texts as they were: the frozen document, in a form to search in.

    Written with the edition, never changed. `goal`, `theme` and `owner` say which they were; what they were called is
    in the fields beside them.
    """

    report = models.ForeignKey(Report, models.PROTECT, verbose_name="rapportage", related_name="goals")
    goal = models.ForeignKey(Goal, models.PROTECT, verbose_name="doel", related_name="reported")
    position = models.PositiveIntegerField("plaats", help_text="Vanaf 1, in de volgorde van het rapport.")
    theme = models.ForeignKey(Theme, models.PROTECT, verbose_name="onderdeel", related_name="+", null=True, blank=True)
    theme_title = PlainCharField("naam van het onderdeel", max_length=300)
    reference = PlainCharField("nummer met onderdeel", max_length=40, blank=True)
    number = models.PositiveIntegerField("nummer", null=True, blank=True)
    text = PlainTextField("tekst")
    deadline = models.DateField("gereed op", null=True, blank=True)
    owner = models.ForeignKey(Owner, models.PROTECT, verbose_name="eigenaar", related_name="+", null=True, blank=True)
    owner_name = PlainCharField("naam van de eigenaar", max_length=300, blank=True)
    state = models.CharField("stand", max_length=13, choices=Update.State.choices, blank=True)
    status = models.CharField("status", max_length=12, choices=Update.Status.choices, blank=True)
    explanation = PlainTextField("toelichting", blank=True)
    next_steps = PlainTextField("vervolgstappen", blank=True)
    forecast = models.DateField("verwacht gereed", null=True, blank=True)
    not_delivered_reason = PlainTextField("reden van niet aanleveren", blank=True)
    late = models.BooleanField("te laat", default=False)

    objects = ReportedGoalQuerySet.as_manager()

    class Meta:
        verbose_name = "doel in een rapportage"
        verbose_name_plural = "doelen in rapportages"
        ordering = ["report", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "goal"],
                name="reported_goal_once_an_edition",
                violation_error_message="Dit doel staat al in deze editie.",
            ),
            models.UniqueConstraint(
                fields=["report", "position"],
                name="reported_goal_one_a_place",
                violation_error_message="Op deze plaats in de editie staat al een doel.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference or self.position} ({self.report})"

    @property
    def standing(self) -> str:
        """How the goal stood: its status, or else that it was not delivered. A key of standing.LABELS."""
        return self.status or self.state
