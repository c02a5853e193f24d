"""What somebody records on a goal, and whether it can be kept or handed in."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError

from din.text import writable
from monitoring.effort_progress import EffortContent, efforts_of
from monitoring.measurement_content import MeasurementContent
from monitoring.models import Update


@dataclass(frozen=True)
class Content:
    """What somebody records on a goal. `status` is a value of Update.Status, or empty while it is a draft.

    `efforts` are efforts of the goal, each at most once; one that is not named stays as it is. So are `measurements` of
    indicators of the goal: each is written on the version of its own that the writer saw.
    """

    status: str = ""
    explanation: str = ""
    next_steps: str = ""
    forecast: datetime.date | None = None
    efforts: tuple[EffortContent, ...] = ()
    measurements: tuple[MeasurementContent, ...] = ()

    @classmethod
    def of(cls, update: Update) -> Content:
        """What stands in `update` now, without measurements; asks its efforts, unless read with it (with_efforts)."""
        return cls(update.status, update.explanation, update.next_steps, update.forecast, efforts_of(update))

    def tidied(self) -> Content:
        """The content as it is stored: without control characters and without white space around the texts."""
        return replace(
            self,
            explanation=writable(self.explanation).strip(),
            next_steps=writable(self.next_steps).strip(),
            efforts=tuple(effort.tidied() for effort in self.efforts),
            measurements=tuple(measurement.tidied() for measurement in self.measurements),
        )

    def without_emptied(self) -> Content:
        """The content with the measurements left as they are that were made empty: nobody said yet that they go."""
        kept = tuple(measurement for measurement in self.measurements if not measurement.is_emptied)
        return replace(self, measurements=kept)

    def stands_in(self, update: Update) -> bool:
        """Whether all of this, apart from the measurements, is what is stored in `update` already."""
        stored = Content.of(update)
        own = self.tidied()
        same = replace(stored, efforts=()) == replace(own, efforts=(), measurements=())
        return same and set(stored.efforts) >= set(own.efforts)


def checked(content: Content, *, complete: bool) -> dict[str, object]:
    """The fields of tidied content to write; raises ValidationError when it cannot be kept or handed in as it is."""
    errors: dict[str, str] = {}
    if content.status and content.status not in Update.Status.values:
        errors["status"] = "Kies een status uit de lijst."
    elif complete and not content.status:
        errors["status"] = "Kies een status voordat u indient."
    if complete and content.status in Update.EXPLAINED_STATUSES and not content.explanation:
        word = Update.Status(content.status).label
        errors["explanation"] = f"Leg uit waarom het doel “{word}” is: de oorzaak, het gevolg, wat u doet en wanneer."
    if errors:
        raise ValidationError(errors)
    return {
        "status": content.status,
        "explanation": content.explanation,
        "next_steps": content.next_steps,
        "forecast": content.forecast,
    }
