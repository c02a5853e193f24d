"""A change plan as the log keeps it, so that an import can be looked at later. Knows no Django."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from din.change_plan import Change, ChangePlan, FieldChange, Level, Match, Outcome
from din.continuation import Continues


def as_json(change_plan: ChangePlan) -> dict[str, Any]:
    """The counts of the contract, and under "list" everything but what stayed the same in the plan and the workbook."""
    told = (change for change in change_plan.changes if change.outcome is not Outcome.UNCHANGED or change.held)
    return {**change_plan.counts, "list": [_as_json(change) for change in told]}


def _as_json(change: Change) -> dict[str, Any]:
    """One change. What there is none of is left out: a new plan has tens of thousands, most of them with few words."""
    told = {
        "level": change.level.value,
        "outcome": change.outcome.value,
        "theme": change.theme,
        "text": change.text,
        "number": change.number,
        "fields": [[field.label, field.old, field.new] for field in change.fields],
        "ends": change.ends,
        "held": [[field.label, field.old, field.new] for field in change.held],
        "continues": change.continues and [change.continues.pk, change.continues.text, change.continues.number],
    }
    return {name: value for name, value in told.items() if value not in (None, "", [])}


def from_json(value: Mapping[str, Any]) -> ChangePlan:
    """What `as_json` kept, to be shown; it cannot be applied."""
    return ChangePlan(
        tuple(
            Change(
                Level(item["level"]),
                Outcome(item["outcome"]),
                item.get("theme", ""),
                item["text"],
                item.get("number"),
                fields=tuple(FieldChange(*field) for field in item.get("fields", [])),
                ends=item.get("ends", ""),
                continues=_continues(item.get("continues")),
                held=tuple(FieldChange(*field) for field in item.get("held", [])),
            )
            for item in value.get("list", [])
        ),
        Match(),
    )


def _continues(value: list[Any] | None) -> Continues | None:
    if value is None:
        return None
    pk, text, number = value
    return Continues(pk, text, number, how=None)
