"""The templates in which a programme has its report in Word, and which of them was in force when."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models

from din.fields import PlainCharField
from din.models import Programme


class WordTemplateQuerySet(models.QuerySet["WordTemplate"]):
    def without_contents(self) -> WordTemplateQuerySet:
        """Without the files: megabytes, for a list of a few words."""
        return self.defer("content")


class WordTemplate(models.Model):
    """A template that was checked and kept. Only ever added to (monitoring/report/word_templates.py)."""

    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name="programma", related_name="word_templates")
    file_name = PlainCharField("bestandsnaam", max_length=255)
    content = models.BinaryField("bestand")
    sha256 = models.CharField("controlegetal", max_length=64, editable=False)
    note = PlainCharField("opmerking", max_length=300, blank=True)
    uploaded_at = models.DateTimeField("geüpload op")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="geüpload door",
        related_name="+",
        null=True,
        blank=True,
    )

    objects = WordTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = "Word-sjabloon"
        verbose_name_plural = "Word-sjablonen"
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "sha256"],
                name="word_template_once_a_programme",
                violation_error_message="Dit sjabloon is al geüpload.",
            )
        ]

    def __str__(self) -> str:
        return self.file_name


class WordTemplateUseQuerySet(models.QuerySet["WordTemplateUse"]):
    def in_force(self, programme: int, *, at: datetime.datetime) -> WordTemplateUse | None:
        """What was in force for a programme, by its key, at that moment; None while nothing was ever chosen."""
        return self.filter(programme=programme, since__lte=at).order_by("since", "pk").last()


class WordTemplateUse(models.Model):
    """From when a programme has its reports in a template, or again in the standard one. Only ever added to."""

    programme = models.ForeignKey(
        Programme, models.PROTECT, verbose_name="programma", related_name="word_template_uses"
    )
    template = models.ForeignKey(
        WordTemplate,
        models.PROTECT,
        verbose_name="sjabloon",
        related_name="uses",
        null=True,
        blank=True,
        help_text="Leeg: het standaardsjabloon.",
    )
    since = models.DateTimeField("in gebruik sinds")
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="gekozen door",
        related_name="+",
        null=True,
        blank=True,
    )

    objects = WordTemplateUseQuerySet.as_manager()

    class Meta:
        verbose_name = "gebruik van een Word-sjabloon"
        verbose_name_plural = "gebruik van Word-sjablonen"
        ordering = ["-since", "-pk"]

    def __str__(self) -> str:
        return f"{self.template or 'Standaardsjabloon'} ({self.programme})"
