"""Writing the introductions in the report of a round: of the report itself and of each theme in it."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from din.models import Theme
from din.text import writable
from monitoring.audit import audit
from monitoring.held_back import guard
from monitoring.models import AuditLine, ReportingRound, ReportText
from monitoring.permissions import WRITE_REPORT_TEXTS
from monitoring.refused import Refused


class TextMoved(Exception):
    """Somebody else saved in the meantime. `current` is the text as it stands now."""

    def __init__(self, current: ReportText) -> None:
        super().__init__("Iemand anders heeft dit intussen gewijzigd.")
        self.current = current


def introductions_of(round_: ReportingRound) -> dict[int | None, str]:
    """What was written for `round_` by the key of the theme, and by None for the report itself, in one query."""
    return dict(ReportText.objects.filter(round=round_).order_by().values_list("theme_id", "text"))


def themes_told(round_: ReportingRound) -> list[Theme]:
    """The themes that the report of `round_` tells of, in its order."""
    themes = Theme.objects.filter(goals__plan=round_.plan_id).distinct()
    return list(themes.select_related("programme").order_by("position", "pk"))


def write_text(
    *,
    round_: ReportingRound,
    theme: Theme | None,
    text: str,
    version: int,
    actor: AbstractBaseUser,
    origin: AuditLine.Origin,
    no_bsn: Collection[str] = (),
    now: datetime.datetime | None = None,
) -> ReportText:
    """Write the introduction of `theme`, or without one that of the report; `version` is the one that the actor saw.

    `no_bsn` are the numbers in it that the actor declares to be no citizen service number. Raises PermissionDenied,
    Refused, HeldBack and TextMoved; then nothing is written.
    """
    WRITE_REPORT_TEXTS.require(actor, round_.programme)
    at = now or timezone.now()
    text = writable(text).strip()
    with transaction.atomic():
        # The round is locked first, so that an adoption and an edit, and two edits, wait for each other.
        _require_running(ReportingRound.objects.select_for_update().get(pk=round_.pk))
        current = text_of(round_, theme)
        if text == current.text:
            return current
        declared = guard({"text": text}, stored=current.text, no_bsn=no_bsn)
        if version != current.version:
            raise TextMoved(current)
        is_new = current.pk is None
        if is_new:
            first = ReportText(round=round_, theme=theme, text=text, version=1, changed_at=at, changed_by_id=actor.pk)
            ReportText.objects.bulk_create([first])
        else:
            ReportText.objects.filter(pk=current.pk).update(
                text=text, version=version + 1, changed_at=at, changed_by_id=actor.pk
            )
        result = text_of(round_, theme)
        ReportText.history.bulk_history_create([result], update=not is_new, default_user=actor, default_date=at)
        audit(
            actor=actor,
            origin=origin,
            action="write",
            subject=result,
            result=f"versie {result.version}",
            at=at,
            note=declared,
        )
    return result


def text_of(round_: ReportingRound, theme: Theme | None) -> ReportText:
    """The text as it stands; one that was never written is empty, with version 0."""
    found = ReportText.objects.filter(round=round_, theme=theme).select_related("changed_by").first()
    return found or ReportText(round=round_, theme=theme)


def _require_running(round_: ReportingRound) -> None:
    if not round_.is_running:
        raise Refused(
            "Deze ronde is vastgesteld: de teksten liggen vast. Klopt er iets niet, corrigeer dan het rapport."
            if round_.is_adopted
            else "Deze ronde is nog niet geopend."
        )
