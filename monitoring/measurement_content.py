"""What somebody records of one indicator in the form of a goal. Knows no models."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal

from din.text import writable
from monitoring.numbers_in_dutch import number_label


@dataclass(frozen=True)
class MeasurementContent:
    """What somebody records of one indicator, named by its key; no `value` is nothing measured.

    `seen` is the version of the measurement that the writer saw, None when there was none.
    """

    indicator: int
    value: Decimal | None = None
    source: str = ""
    note: str = ""
    seen: int | None = field(default=None, compare=False)

    def name(self, part: str) -> str:
        """The name in a form of "value", "source" or "note"."""
        return f"indicator-{self.indicator}-{part}"

    @property
    def seen_field(self) -> str:
        """The name in a form of the version that was seen."""
        return f"seen-{self.indicator}"

    @property
    def values(self) -> dict[str, str]:
        """As the fields of a form send it."""
        value = "" if self.value is None else number_label(self.value)
        return {self.name("value"): value, self.name("source"): self.source, self.name("note"): self.note}

    @property
    def is_empty(self) -> bool:
        return self.value is None and not self.source and not self.note

    @property
    def is_emptied(self) -> bool:
        """Whether a measurement that stood there was made empty: it is taken away."""
        return self.is_empty and self.seen is not None

    def tidied(self) -> MeasurementContent:
        """As it is stored: without control characters and without white space around the texts."""
        return replace(self, source=writable(self.source).strip(), note=writable(self.note).strip())
