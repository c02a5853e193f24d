"""The only module that writes indicators and targets, apart from the admin. Targets are revised, never changed.

Raised by the operations, after which nothing is written: PermissionDenied, with a sentence, when the actor may not do
this; Refused when the target was revised already; IndicatorMoved when somebody else changed the indicator in the
meantime; ValidationError, field by field; HeldBack when a text holds personal data.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from din.models import Goal
from din.text import writable
from monitoring.audit import audit
from monitoring.held_back import guard
from monitoring.measurements import Writer
from monitoring.models import AuditLine, Indicator, Target
from monitoring.permissions import MANAGE_INDICATORS
from monitoring.workflow import Refused

TEXTS = ("name", "description", "unit", "source")


class IndicatorMoved(Exception):
    """Somebody else changed the indicator. `current` is the indicator as it stands now."""

    def __init__(self, current: Indicator) -> None:
        super().__init__("Iemand anders heeft deze indicator intussen gewijzigd.")
        self.current = current


@dataclass(frozen=True)
class Promise:
    """What a target says: the value to be reached on a day, or from `value` to `upper`, and where that was decided."""

    last_day: datetime.date
    value: Decimal
    upper: Decimal | None = None
    source: str = ""


def stand_of(indicator: Indicator) -> int:
    """A number that changes with every change of `indicator`; 0 for one that is not saved yet."""
    return indicator.history.values_list("history_id", flat=True).first() or 0 if indicator.pk else 0


def save_indicator(
    *,
    indicator: Indicator,
    goals: Iterable[Goal] | None,
    seen: int,
    actor: AbstractBaseUser,
    origin: AuditLine.Origin,
    no_bsn: Collection[str] = (),
    now: datetime.datetime | None = None,
) -> Indicator:
    """Add or change an indicator, with the `goals` that it concerns (None: as they are).

    `seen` is the stand_of the indicator that the actor saw.
    """
    MANAGE_INDICATORS.require(actor, indicator.programme)
    at = now or timezone.now()
    adds = indicator.pk is None
    with transaction.atomic():
        stored = ""
        if indicator.part_of_id is not None:
            # Whether the whole has values of its own is asked below: nobody adds one meanwhile.
            Indicator.objects.select_for_update().get(pk=indicator.part_of_id)
        if not adds:
            current = Indicator.objects.select_for_update().get(pk=indicator.pk)
            if stand_of(current) != seen:
                raise IndicatorMoved(current)
            stored = "\n".join(getattr(current, name) for name in TEXTS)
        declared = guard({name: getattr(indicator, name) for name in TEXTS}, stored=stored, no_bsn=no_bsn)
        indicator.full_clean()
        indicator._history_user = actor  # type: ignore[attr-defined]
        indicator.save()
        if goals is not None:
            indicator.goals.set(goals)
        audit(
            actor=actor,
            origin=origin,
            action="create" if adds else "change",
            subject=indicator,
            result="saved",
            at=at,
            note=declared,
        )
    return indicator


def set_target(
    *,
    indicator: Indicator,
    promise: Promise,
    actor: AbstractBaseUser,
    origin: AuditLine.Origin,
    no_bsn: Collection[str] = (),
    now: datetime.datetime | None = None,
) -> Target:
    """Promise a value for a day that has no target in force."""
    MANAGE_INDICATORS.require(actor, indicator.programme)
    writer = Writer(actor, origin, now or timezone.now(), no_bsn)
    with transaction.atomic():
        Indicator.objects.select_for_update().get(pk=indicator.pk)
        if indicator.parts.exists():
            raise ValidationError("Deze indicator heeft delen: zet de streefwaarde bij een deel.")
        return add_target(indicator, promise, writer=writer)


def revise_target(
    *,
    target: Target,
    promise: Promise,
    reason: str,
    actor: AbstractBaseUser,
    origin: AuditLine.Origin,
    no_bsn: Collection[str] = (),
    now: datetime.datetime | None = None,
) -> Target:
    """Put another target in the place of `target`, which stays with the reason why it no longer counts."""
    MANAGE_INDICATORS.require(actor, target.indicator.programme)
    writer = Writer(actor, origin, now or timezone.now(), no_bsn)
    reason = writable(reason).strip()
    if not reason:
        raise ValidationError({"reason": "Schrijf op waarom de streefwaarde is herzien."})
    declared = guard({"reason": reason}, no_bsn=no_bsn)
    with transaction.atomic():
        Indicator.objects.select_for_update().get(pk=target.indicator_id)
        current = Target.objects.select_related("indicator").get(pk=target.pk)
        if current.revised_on is not None:
            raise Refused("Deze streefwaarde is intussen al herzien. Herzie de streefwaarde die nu geldt.")
        if (current.last_day, current.value, current.upper) == (promise.last_day, promise.value, promise.upper):
            raise ValidationError("De nieuwe streefwaarde is dezelfde als die van nu.")
        current.revised_on, current.revision_reason = timezone.localdate(writer.at), reason
        current._history_user = actor  # type: ignore[attr-defined]
        current.save()
        audit(
            actor=actor,
            origin=origin,
            action="revise",
            subject=current,
            result="revised",
            at=writer.at,
            note="\n".join(filter(None, [reason, declared])),
        )
        return add_target(current.indicator, promise, writer=writer)


def add_target(indicator: Indicator, promise: Promise, *, writer: Writer) -> Target:
    """Add a target, inside a transaction and after the rights were asked."""
    source = writable(promise.source).strip()
    declared = guard({"source": source}, no_bsn=writer.no_bsn)
    target = Target(
        indicator=indicator, last_day=promise.last_day, value=promise.value, upper=promise.upper, source=source
    )
    if promise.upper is not None and indicator.direction != Indicator.Direction.WITHIN:
        raise ValidationError({"upper": "Alleen een indicator met een bandbreedte heeft een bovengrens."})
    target.full_clean()
    target._history_user = writer.actor  # type: ignore[attr-defined]
    target.save()
    audit(
        actor=writer.actor,
        origin=writer.origin,
        action="create",
        subject=target,
        result="saved",
        at=writer.at,
        note=declared,
    )
    return target
