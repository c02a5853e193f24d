"""The log of workbook imports: what came in, who brought it, what became of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from din.fields import PlainCharField
from din.models.plan import Plan
from din.models.programme import YEAR_RANGE, Programme


class WorkbookImportQuerySet(models.QuerySet["WorkbookImport"]):
    def without_contents(self) -> WorkbookImportQuerySet:
        """Without the workbook, what was read in it and what became of it: megabytes, for a list of a few words."""
        return self.defer("content", "reading", "packed_reading", "changes", "trace")


class WorkbookImport(models.Model):
    """One workbook that was offered, with the file itself: previewed, then applied, or rejected by the reader.

    An applied import can be undone as long as nothing hangs on what it brought (din.undo); `trace` is what that takes.
    """

    class State(models.TextChoices):
        PREVIEWED = "previewed", "bekeken, nog niet doorgevoerd"
        APPLIED = "applied", "doorgevoerd"
        REJECTED = "rejected", "geweigerd"
        UNDONE = "undone", "ongedaan gemaakt"

    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name="programma", related_name="imports")
    year = models.PositiveSmallIntegerField("jaar")
    plan = models.ForeignKey(Plan, models.PROTECT, verbose_name="plan", related_name="imports", null=True, blank=True)
    state = models.CharField("stand", max_length=9, choices=State.choices)
    file_name = PlainCharField("bestandsnaam", max_length=255)
    content = models.BinaryField("bestand")
    sha256 = models.CharField("controlegetal", max_length=64)
    reading = models.JSONField("wat opviel bij het lezen", default=dict)
    packed_reading = models.BinaryField("wat is gelezen", default=b"")
    choices = models.JSONField(
        "gekozen kolommen",
        default=dict,
        blank=True,
        help_text="Wat een mens van kolommen heeft gezegd: blad, kolomletter, en als wat die is gelezen.",
    )
    changes = models.JSONField("wat verandert", default=dict)
    decisions = models.JSONField("keuzes bij het overzicht", default=dict, blank=True)
    uploaded_at = models.DateTimeField("aangeboden op")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="aangeboden door",
        related_name="+",
        null=True,
        blank=True,
        help_text="Leeg als het met een opdracht op de server is gedaan.",
    )
    applied_at = models.DateTimeField("doorgevoerd op", null=True, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="doorgevoerd door",
        related_name="+",
        null=True,
        blank=True,
    )
    trace = models.JSONField("wat er is geschreven", default=dict, blank=True, editable=False)
    undone_at = models.DateTimeField("ongedaan gemaakt op", null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="ongedaan gemaakt door",
        related_name="+",
        null=True,
        blank=True,
    )

    objects = WorkbookImportQuerySet.as_manager()

    class Meta:
        verbose_name = "import van een werkboek"
        verbose_name_plural = "imports van werkboeken"
        ordering = ["-uploaded_at", "-pk"]
        indexes = [models.Index(fields=["sha256", "year"], name="import_same_file")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["previewed", "applied", "rejected", "undone"]),
                name="import_state_is_known",
                violation_error_message="Deze stand van een import bestaat niet.",
            ),
            models.CheckConstraint(
                condition=models.Q(state="applied", applied_at__isnull=False, plan__isnull=False)
                | models.Q(state="undone", applied_at__isnull=False)
                | ~models.Q(state__in=["applied", "undone"]) & models.Q(applied_at__isnull=True),
                name="import_applied_has_time_and_plan",
                violation_error_message="Een doorgevoerde import heeft een tijdstip en een plan.",
            ),
            models.CheckConstraint(
                condition=models.Q(state="undone", undone_at__isnull=False)
                | ~models.Q(state="undone") & models.Q(undone_at__isnull=True),
                name="import_undone_has_time",
                violation_error_message="Een import die ongedaan is gemaakt, heeft een tijdstip.",
            ),
            models.CheckConstraint(
                condition=models.Q(year__range=YEAR_RANGE),
                name="import_year_is_plausible",
                violation_error_message="Een jaar ligt tussen 2000 en 2100.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.year})"

    def get_absolute_url(self) -> str:
        return reverse("import_preview", args=[self.programme.slug, self.pk])
