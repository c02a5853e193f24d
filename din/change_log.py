"""A change plan as the log keeps it, so that an import can be looked at later. Knows no Django."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from din.change_plan import Change, ChangePlan, FieldChange, Level, Match, Outcome
from din.continuation import Continues


def as_json(change_plan: ChangePlan) -> dict[str, Any]:
    """The counts of the contract, and under "list" everything but what stayed the same in the plan and the workbook."""
    return {
        **change_plan.counts,
        "list": [
            {
                "level": change.level.value,
                "outcome": change.outcome.value,
                "theme": change.theme,
                "text": change.text,
                "number": change.number,
                "fields": [[field.label, field.old, field.new] for field in change.fields],
                "ends": change.ends,
                "held": [[field.label, field.old, field.new] for field in change.held],
                "continues": [change.continues.pk, change.continues.text, change.continues.number]
                if change.continues
                else None,
            }
            for change in change_plan.changes
            if change.outcome is not Outcome.UNCHANGED or change.held
        ],
    }


def from_json(value: Mapping[str, Any]) -> ChangePlan:
    """What `as_json` kept, to be shown; it cannot be applied."""
    return ChangePlan(
        tuple(
            Change(
                Level(item["level"]),
                Outcome(item["outcome"]),
                item["theme"],
                item["text"],
                item["number"],
                fields=tuple(FieldChange(*field) for field in item["fields"]),
                ends=item["ends"],
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
