"""Reading the files of fixtures/, and writing what they hold."""

import datetime
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

FIXTURES = Path(settings.BASE_DIR) / "fixtures"


def read_fixture(name: str) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads((FIXTURES / name).read_text(encoding="utf-8"))
    return facts


def day_of(facts: dict[str, Any], field: str) -> datetime.date | None:
    """The date that a file writes as "2023-12-31"; None where it has none."""
    text = facts.get(field)
    return datetime.date.fromisoformat(text) if text else None


def number_of(facts: dict[str, Any], field: str) -> Decimal | None:
    """The number that a file writes as "48.33"; None where it has none."""
    text = facts.get(field)
    return None if text is None else Decimal(text)


def noon(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))


def write(instance: models.Model, *, at: datetime.datetime) -> None:
    """Check `instance` as a form would and save it; its history says that it was `at`."""
    instance._history_date = at  # type: ignore[attr-defined]
    instance.full_clean()
    instance.save()
