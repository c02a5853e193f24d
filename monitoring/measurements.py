"""The only module that writes measurements, apart from the admin.

While a round runs, what is measured belongs to it: the council sees it when the round is adopted. A measurement that
the council can read already, as it belongs to an adopted round or to none, stays where it is when it is changed: the
frozen report keeps its copy, and everybody sees the new value at once. That takes the manager, and a reason in the
note.

Raised by the operations, after which nothing is written:
- PermissionDenied, with a sentence, when the actor may not do this;
- Refused, with a sentence, when the round does not allow it;
- Moved, when somebody else wrote in the meantime: `current` is what stands there now. The same content twice is no
  conflict;
- ValidationError, field by field, when the content is not right; HeldBack when a text holds personal data.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from din.permissions import manages
from din.text import writable
from monitoring.audit import audit
from monitoring.held_back import guard
from monitoring.models import AuditLine, Indicator, Measurement, ReportingRound
from monitoring.numbers_in_dutch import number_label
from monitoring.periods import Period
from monitoring.permissions import CHANGE_PUBLIC_MEASUREMENT, RECORD_MEASUREMENT
from monitoring.refused import Refused


class Moved(Exception):
    """Somebody else wrote in the meantime. `current` is the measurement as it stands now."""

    def __init__(self, current: Measurement) -> None:
        super().__init__("Iemand anders heeft deze meting intussen gewijzigd.")
        self.current = current


class Gone(Exception):
    """Somebody else took the measurement away in the meantime."""


@dataclass(frozen=True)
class Reading:
    """What somebody writes down of a period: the value, where it comes from, and what there is to say of it."""

    value: Decimal
    source: str = ""
    note: str = ""

    @classmethod
    def of(cls, measurement: Measurement) -> Reading:
        return cls(measurement.value, measurement.source, measurement.note)

    def tidied(self) -> Reading:
        """As it is stored: without control characters and without white space around the texts."""
        return replace(self, source=writable(self.source).strip(), note=writable(self.note).strip())


@dataclass(frozen=True)
class Writer:
    """Who writes, along which road and when; `no_bsn` are numbers that the writer declares to be no BSN."""

    actor: AbstractBaseUser
    origin: AuditLine.Origin
    at: datetime.datetime
    no_bsn: Collection[str] = ()


def record_measurement(
    *,
    indicator: Indicator,
    period: Period,
    reading: Reading,
    actor: AbstractBaseUser,
    origin: AuditLine.Origin,
    no_bsn: Collection[str] = (),
    now: datetime.datetime | None = None,
) -> Measurement:
    """Write down what was measured over `period`, in the running round of the programme if there is one."""
    RECORD_MEASUREMENT.require(actor, indicator)
    writer = Writer(actor, origin, now or timezone.now(), no_bsn)
    with transaction.atomic():
        round_ = _running_round(indicator)
        _require_taking_in(round_, indicator, writer)
        Indicator.objects.select_for_update().get(pk=indicator.pk)
        if indicator.parts.exists():
            raise ValidationError("Deze indicator heeft delen: leg de meting bij een deel vast.")
        there = Measurement.objects.filter(
            indicator=indicator, first_day=period.first_day, last_day=period.last_day
        ).first()
        if there is not None:
            stored = indicator.value_label(there.value)
            raise ValidationError({"period": f"Over {period.label} is al gemeten: {stored}. Wijzig die meting."})
        return add(indicator, period, reading.tidied(), round_=round_, writer=writer)


def change_measurement(
    *,
    measurement: Measurement,
    reading: Reading,
    version: int,
    actor: AbstractBaseUser,
    origin: AuditLine.Origin,
    no_bsn: Collection[str] = (),
    now: datetime.datetime | None = None,
) -> Measurement:
    """Change the value, the source or the note; `version` is the one that the actor saw."""
    RECORD_MEASUREMENT.require(actor, measurement.indicator)
    writer = Writer(actor, origin, now or timezone.now(), no_bsn)
    reading = reading.tidied()
    with transaction.atomic():
        if measurement.round_id is not None:
            ReportingRound.objects.select_for_update().get(pk=measurement.round_id)
        found = Measurement.objects.select_related("indicator__programme", "round").filter(pk=measurement.pk)
        current = found.first()
        if current is None:
            raise Refused("Iemand anders heeft deze meting intussen weggehaald. Kopieer wat u typte.")
        if is_public(current):
            CHANGE_PUBLIC_MEASUREMENT.require(actor, current.indicator.programme)
            if reading != Reading.of(current) and reading.note in ("", current.note):
                raise ValidationError({"note": "De raad kan deze meting al lezen. Schrijf op waarom u haar wijzigt."})
        else:
            _require_taking_in(current.round, current.indicator, writer)
        if reading == Reading.of(current):
            return current
        if version != current.version:
            raise Moved(current)
        return alter(current, reading, writer=writer)


def is_public(measurement: Measurement) -> bool:
    """Whether the council can read it: it belongs to no round, or to an adopted one."""
    return measurement.round is None or measurement.round.is_adopted


# --- writing, inside a transaction and after the rights were asked --------------------------------------------------


def add(
    indicator: Indicator, period: Period, reading: Reading, *, round_: ReportingRound | None, writer: Writer
) -> Measurement:
    """Add a measurement of tidied `reading`, with its history and its line in the trail."""
    declared = _guard(reading, None, no_bsn=writer.no_bsn)
    measurement = Measurement(
        indicator=indicator,
        first_day=period.first_day,
        last_day=period.last_day,
        value=reading.value,
        source=reading.source,
        note=reading.note,
        round=round_,
        version=1,
        recorded_at=writer.at,
        recorded_by_id=writer.actor.pk,
    )
    Measurement.objects.bulk_create([measurement])
    Measurement.history.bulk_history_create([measurement], default_user=writer.actor, default_date=writer.at)
    _tell(measurement, "create", declared, writer)
    return measurement


def alter(current: Measurement, reading: Reading, *, writer: Writer) -> Measurement:
    """Write tidied `reading` into `current`, if it still has the version that it was read with. Raises Moved."""
    declared = _guard(reading, current, no_bsn=writer.no_bsn)
    before = number_label(current.value, decimals=current.indicator.decimals)
    written = Measurement.objects.filter(pk=current.pk, version=current.version).update(
        value=reading.value,
        source=reading.source,
        note=reading.note,
        version=F("version") + 1,
        recorded_at=writer.at,
        recorded_by_id=writer.actor.pk,
    )
    if not written:
        raise Moved(Measurement.objects.get(pk=current.pk))
    changed = Measurement.objects.select_related("indicator", "round").get(pk=current.pk)
    Measurement.history.bulk_history_create([changed], update=True, default_user=writer.actor, default_date=writer.at)
    after = number_label(changed.value, decimals=changed.indicator.decimals)
    said = f"{before} → {after}" if before != after else ""
    _tell(changed, "change", "\n".join(filter(None, [said, changed.note, declared])), writer)
    return changed


def clear(current: Measurement, *, writer: Writer) -> None:
    """Take `current`, locked with its round, away; its history and a line in the trail tell what it was."""
    told = f"{number_label(current.value, decimals=current.indicator.decimals)} → leeg"
    _tell(current, "delete", told, writer)
    current._history_user = writer.actor  # type: ignore[attr-defined]
    current._history_date = writer.at  # type: ignore[attr-defined]
    current.delete()


def _tell(measurement: Measurement, action: str, note: str, writer: Writer) -> None:
    audit(
        actor=writer.actor,
        origin=writer.origin,
        action=action,
        subject=measurement,
        result=number_label(measurement.value, decimals=measurement.indicator.decimals)[:30],
        at=writer.at,
        note=note,
    )


def _guard(reading: Reading, current: Measurement | None, *, no_bsn: Collection[str]) -> str:
    stored = f"{current.source}\n{current.note}" if current is not None else ""
    return guard({"source": reading.source, "note": reading.note}, stored=stored, no_bsn=no_bsn)


def _running_round(indicator: Indicator) -> ReportingRound | None:
    """The round that runs now, locked: an adoption and an entry wait for each other. The earliest, if there are two."""
    rounds = ReportingRound.objects.running().filter(programme=indicator.programme_id)
    return rounds.select_for_update().order_by("year", "half").first()


def _require_taking_in(round_: ReportingRound | None, indicator: Indicator, writer: Writer) -> None:
    late = round_ is not None and not round_.takes_in(as_of=timezone.localdate(writer.at))
    if late and not manages(writer.actor, indicator.programme):
        raise Refused("Inleveren voor deze ronde kan niet meer. Vraag de programmamanager als er nog iets bij moet.")
