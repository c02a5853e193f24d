"""What the form of a goal asks of its indicators, and writing it in the transaction of the update.

Of each indicator of the goal, or of each of its parts, the latest period is asked that has ended when the half year of
the round has. What was measured over it before, or in another round, is shown and not asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Q

from monitoring.held_back import HeldBack
from monitoring.measurement_content import MeasurementContent
from monitoring.measurements import Gone, Moved, Reading, Writer, add, alter, clear
from monitoring.models import Indicator, Measurement, Update
from monitoring.models.indicator import in_order
from monitoring.periods import Period, last_ended_by


@dataclass(frozen=True)
class Asked:
    """An indicator of a goal with the period that a round asks, and what was measured over it."""

    indicator: Indicator
    period: Period
    measurement: Measurement | None
    is_writable: bool

    @property
    def label(self) -> str:
        whole = f"{self.indicator.part_of.name}: " if self.indicator.part_of else ""
        return f"{whole}{self.indicator.name}"

    @property
    def value_label(self) -> str:
        """What was measured, with its unit; empty without a measurement."""
        return self.indicator.value_label(self.measurement.value) if self.measurement else ""

    @property
    def content(self) -> MeasurementContent:
        """What stands there now."""
        found = self.measurement
        if found is None or not self.is_writable:
            return MeasurementContent(self.indicator.pk)
        return MeasurementContent(self.indicator.pk, found.value, found.source, found.note, found.version)


def asked_of(updates: Sequence[Update]) -> dict[int, tuple[Asked, ...]]:
    """What is asked beside each of `updates` (of one round), by key, in a number of queries that does not grow."""
    goals = {update.goal_id for update in updates}
    links = Indicator.goals.through.objects.filter(goal__in=goals)
    by_goal: dict[int, set[int]] = {}
    for indicator_id, goal_id in links.values_list("indicator_id", "goal_id"):
        by_goal.setdefault(goal_id, set()).add(indicator_id)
    if not by_goal:
        return {update.pk: () for update in updates}
    wholes = set().union(*by_goal.values())
    indicators = in_order(Indicator.objects.filter(Q(pk__in=wholes) | Q(part_of__in=wholes)).select_related("part_of"))
    with_parts = {indicator.part_of_id for indicator in indicators}
    round_ = updates[0].round
    periods = {one.pk: last_ended_by(round_.last_day, one.frequency) for one in indicators}
    there = {
        (one.indicator_id, one.first_day, one.last_day): one
        for one in Measurement.objects.filter(
            indicator__in=periods, last_day__in={period.last_day for period in periods.values()}
        )
    }

    def asked(indicator: Indicator) -> Asked:
        period = periods[indicator.pk]
        found = there.get((indicator.pk, period.first_day, period.last_day))
        return Asked(indicator, period, found, found is None or found.round_id == round_.pk)

    return {
        update.pk: tuple(
            asked(indicator)
            for indicator in indicators
            if indicator.pk not in with_parts
            and (indicator.part_of_id or indicator.pk) in by_goal.get(update.goal_id, ())
        )
        for update in updates
    }


def stored_measurements(asked: Iterable[Asked]) -> tuple[MeasurementContent, ...]:
    """What stands there now of what can be written."""
    return tuple(one.content for one in asked if one.is_writable)


def record_measurements(update: Update, contents: Collection[MeasurementContent], *, writer: Writer) -> None:
    """Write what is new, different or emptied of `contents`, inside the transaction of `update` (read with its round).

    Raises Moved when somebody else wrote one of them, Gone when somebody else took one away, ValidationError and
    HeldBack with the names of the form's fields.
    """
    if all(content.is_empty and content.seen is None for content in contents):
        return
    asked = {one.indicator.pk: one for one in asked_of([update])[update.pk]}
    for content in contents:
        one = asked.get(content.indicator)
        if one is None:
            raise ValidationError("Een van de indicatoren hoort niet (meer) bij dit doel. Laad de pagina opnieuw.")
        _record(one, content, update, writer)


def _record(asked: Asked, content: MeasurementContent, update: Update, writer: Writer) -> None:
    found = asked.measurement
    if content.value is None:
        if not content.is_empty:
            raise ValidationError({content.name("value"): "Vul ook de waarde in, of maak bron en opmerking leeg."})
        if found is None or content.seen is None:
            return
        if not asked.is_writable or found.version != content.seen:
            raise Moved(found)
        clear(found, writer=writer)
        return
    if found is None and content.seen is not None:
        raise Gone
    reading = Reading(content.value, content.source, content.note).tidied()
    if found is not None and Reading.of(found) == reading:
        return
    if found is not None and (not asked.is_writable or found.version != content.seen):
        raise Moved(found)
    try:
        if found is None:
            add(asked.indicator, asked.period, reading, round_=update.round, writer=writer)
        else:
            alter(found, reading, writer=writer)
    except HeldBack as held:
        raise HeldBack({content.name(part): spots for part, spots in held.spots.items()}) from None
