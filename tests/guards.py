"""Past the triggers of the database: what some tests need, and what the product has no way to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from monitoring.immutability import lift_guards, set_guards


@contextmanager
def unguarded() -> Iterator[None]:
    """Without the triggers, to put an adopted round in some state or to empty the tables; after it they stand again."""
    connection.check_constraints()  # PostgreSQL drops no trigger while a check of a key is still to be done
    lift_guards(connection)
    yield
    connection.check_constraints()
    set_guards(connection)
