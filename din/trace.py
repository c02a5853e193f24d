"""What an import did to the rows, in the detail that undoing it takes. Kept with the import as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Trace:
    """Models go by their name in lower letters, lines by "model.field"; keys are texts, as JSON has them.

    `former` holds the values that fields had before; `lines` the pairs (from, to) that came and went, but for those of
    what was created, which go with it. `after` is the fingerprint of the plan when the import was done.
    """

    plan_created: bool = False
    created: dict[str, list[int]] = field(default_factory=dict)
    former: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    added: dict[str, list[list[int]]] = field(default_factory=dict)
    removed: dict[str, list[list[int]]] = field(default_factory=dict)
    after: str = ""

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Trace:
        return cls(**value)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written at all."""
        return not (self.plan_created or self.created or self.former or self.added or self.removed)

    def note_created(self, model: str, pks: Iterable[int]) -> None:
        if found := list(pks):
            self.created.setdefault(model, []).extend(found)

    def note_former(self, model: str, pk: int, values: Mapping[str, Any]) -> None:
        """Note what fields were; dates become text."""
        plain = {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}
        self.former.setdefault(model, {})[str(pk)] = plain

    def note_lines(self, name: str, *, added: Iterable[tuple[int, int]], removed: Iterable[tuple[int, int]]) -> None:
        if came := [list(pair) for pair in added]:
            self.added[name] = came
        if went := [list(pair) for pair in removed]:
            self.removed[name] = went
