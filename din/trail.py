"""Telling what was written, so that it comes into the audit trail.

The trail is kept by monitoring, which din does not know: when the site starts, monitoring says who keeps it.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from django.db import models

if TYPE_CHECKING:
    from din.permissions import Visitor


class Origin(models.TextChoices):
    """Along which road a write came."""

    SITE = "site", "website"
    ADMIN = "admin", "beheer"
    COMMAND = "command", "opdracht op de server"


@dataclass(frozen=True)
class Written:
    """One thing that was done to one object, and what came of it."""

    action: str
    subject: models.Model
    result: str
    note: str = ""


class Keeper(Protocol):
    """Adds `written` to the trail, inside the transaction of the write; `actor` None is the server."""

    def __call__(
        self, written: Sequence[Written], *, actor: Visitor | None, origin: Origin, at: datetime.datetime
    ) -> None: ...


_keepers: list[Keeper] = []


def kept_by(keeper: Keeper) -> None:
    """Let `keeper` hear of every write from now on."""
    _keepers.append(keeper)


def tell(
    *written: Written,
    actor: Visitor | None,
    origin: Origin,
    at: datetime.datetime,
) -> None:
    """Tell what was written, in the transaction in which it is."""
    for keeper in _keepers:
        keeper(written, actor=actor, origin=origin, at=at)
