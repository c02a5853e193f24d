"""Giving rows back what they were, and taking rows away, in bulk and with their history."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models

from din.models.levels import Level, text_digest
from din.plan_writer import BATCH


def batches(pks: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(pks), BATCH):
        yield pks[start : start + BATCH]


class Scribe:
    """Writes rows and their history in bulk, in the name of who undoes."""

    def __init__(self, actor: AbstractBaseUser | None, now: datetime.datetime, reason: str) -> None:
        self.actor, self.now, self.reason = actor, now, reason

    def delete(self, model: type[models.Model], pks: Sequence[int]) -> None:
        """Delete rows that nothing refers to any more; their history tells that they went."""
        history = model.history.model  # type: ignore[attr-defined]
        for some in batches(pks):
            rows = model._default_manager.filter(pk__in=some)
            records = [
                history(
                    history_date=self.now,
                    history_user=self.actor,
                    history_change_reason=self.reason,
                    history_type="-",
                    **{field.attname: getattr(row, field.attname) for field in history.tracked_fields},
                )
                for row in rows
            ]
            history._default_manager.bulk_create(records, batch_size=BATCH)
            # Without the signals, which would write the history once more, a query for each row.
            rows._raw_delete(rows.db)

    def restore(self, model: type[models.Model], former: dict[str, dict[str, Any]]) -> None:
        """Give rows the values that they had."""
        rows: dict[int, Any] = model._default_manager.in_bulk([int(pk) for pk in former])
        fields: set[str] = set()
        for pk, values in former.items():
            row = rows[int(pk)]
            for name, value in values.items():
                field = model._meta.get_field(name.removesuffix("_id"))
                setattr(row, name, value if name.endswith("_id") else field.to_python(value))  # type: ignore[union-attr]
                fields.add(field.name)
        told = [rows[int(pk)] for pk, values in former.items() if set(values) - {"position", "source"}]
        if issubclass(model, Level):
            # Two texts that change places would meet halfway: step aside first.
            model._default_manager.filter(pk__in=rows).update(
                text_digest=models.functions.Cast("pk", models.CharField(max_length=64)),
                **({"number": None} if "number" in fields else {}),
            )
            for level in rows.values():
                level.text_digest = text_digest(level.text)
            fields.add("text_digest")
        model._default_manager.bulk_update(rows.values(), sorted(fields), batch_size=BATCH)
        model.history.bulk_history_create(  # type: ignore[attr-defined]
            told,
            batch_size=BATCH,
            update=True,
            default_user=self.actor,
            default_date=self.now,
            default_change_reason=self.reason,
        )
