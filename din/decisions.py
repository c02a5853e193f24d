"""What a person decided in the preview of an import. Knows no Django.

It is kept with the import as JSON and goes into `din.changes.compare`, so that the preview shows what it does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

# A level, a place in the document's list of that level, and the key of what it looks like.
Pair = tuple[str, int, int]


@dataclass(frozen=True)
class Decisions:
    """`apart` are pairs that are not the same thing, however alike; `ended` the goals that end, with the reason.

    `continues` says by the place of a new goal which goal of the plan before it continues, None for none.
    """

    apart: frozenset[Pair] = frozenset()
    ended: Mapping[int, str] = field(default_factory=dict)
    continues: Mapping[int, int | None] = field(default_factory=dict)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Decisions:
        """The inverse of `as_json`; what is absent was not decided."""
        return cls(
            apart=frozenset((str(level), int(index), int(pk)) for level, index, pk in value.get("apart", [])),
            ended={int(pk): str(reason) for pk, reason in value.get("ended", {}).items()},
            continues={int(index): pk for index, pk in value.get("continues", {}).items()},
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "apart": [list(pair) for pair in sorted(self.apart)],
            "ended": {str(pk): self.ended[pk] for pk in sorted(self.ended)},
            "continues": {str(index): self.continues[index] for index in sorted(self.continues)},
        }

    def of_level(self, level: str) -> frozenset[tuple[int, int]]:
        """The pairs that are apart on one level: a place in the document and a key in the plan."""
        return frozenset((index, pk) for at, index, pk in self.apart if at == level)

    def for_another_document(self) -> Decisions:
        """What stays when the workbook is read anew: places in the document may mean something else then."""
        return replace(self, apart=frozenset(), continues={})


NOTHING_DECIDED = Decisions()
