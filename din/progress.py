"""How far a long request is, for the page that waits for its answer.

It is kept in files and not in the database: another request cannot see what a transaction has not committed yet, and
SQLite has one writer at a time, for which the work itself would have to wait.
"""

import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.core.cache import caches

Tell = Callable[[str], None]
TOKEN = re.compile(r"[\w-]{20,60}", re.ASCII)


def new_token() -> str:
    """What nobody can guess: a page sends it along with a request, and asks by it how far that is."""
    return secrets.token_urlsafe(18)


@dataclass(frozen=True)
class Step:
    """What is being done, and how much of how much; of nothing when that cannot be told."""

    text: str
    done: int = 0
    total: int = 0


class Progress:
    """What one person's request says of itself, under the token that its page was given."""

    def __init__(self, user: AbstractBaseUser, token: str) -> None:
        self._key = f"{user.pk}-{token}" if TOKEN.fullmatch(token) else ""

    def step(self, text: str, done: int = 0, total: int = 0) -> None:
        """Say what is being done now. Nothing comes of it when nobody asked, or when it cannot be kept."""
        if self._key:
            with suppress(OSError):
                caches["progress"].set(self._key, asdict(Step(text, done, total)))

    def rows(self, done: int, total: int) -> None:
        self.step("De rijen worden gelezen", done, total)

    def told(self) -> Step | None:
        """The last step of a request that is under way; None too when what is kept cannot be read."""
        kept = None
        if self._key:
            with suppress(OSError):
                kept = caches["progress"].get(self._key)
        return Step(**kept) if kept else None

    def forget(self) -> None:
        if self._key:
            with suppress(OSError):
                caches["progress"].delete(self._key)


def tell_nobody(_text: str) -> None:
    """For work that nobody waits for."""
