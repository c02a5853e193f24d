"""The guard before a typed text is written: personal data is held back, and nothing is written."""

from collections.abc import Collection, Mapping

from django.core.exceptions import ValidationError

from monitoring import privacy


class HeldBack(ValidationError):
    """A text holds personal data: nothing is written. `spots` are the finds by field."""

    def __init__(self, spots: dict[str, list[privacy.Spot]]) -> None:
        super().__init__({field: privacy.sentence(found) for field, found in spots.items()})
        self.spots = spots


def guard(texts: Mapping[str, str], *, stored: str = "", no_bsn: Collection[str] = ()) -> str:
    """Raise HeldBack when one of `texts`, by field, holds personal data; return what the trail says of `no_bsn`.

    `no_bsn` are the numbers that the writer declares to be no BSN. Those in `stored`, the texts that stood there
    already, were declared when they were written.
    """
    known = privacy.numbers(stored)
    found = {name: privacy.held_back(text, no_bsn=known | set(no_bsn)) for name, text in texts.items()}
    if held := {name: spots for name, spots in found.items() if spots}:
        raise HeldBack(held)
    return privacy.declaration(privacy.numbers("\n".join(texts.values())) - known)
