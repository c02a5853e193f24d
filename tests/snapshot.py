"""What many tests need, made once in a process and put back as rows in the tests after that.

Making the stage takes longer than most tests that stand on it. The first test makes it, with the models and by the
rules of the product. The others get the same rows with the same keys, past the same triggers, and their own instances.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db import connection

T = TypeVar("T")

# The triggers let nothing into an adopted round, and no report without one (monitoring/immutability.py). So the rounds
# come after what is in them and before their reports; the foreign keys are checked at the end.
LAST = ("monitoring_reportinground", "monitoring_report", "monitoring_reportedgoal")


class Snapshot(Generic[T]):
    """What `make` gives and writes. It is made anew when `key()` is not what it was."""

    def __init__(self, make: Callable[..., T], *, key: Callable[[], object] = lambda: None) -> None:
        self.make = make
        self.key = key
        self.forget()

    def forget(self) -> None:
        """Make it anew the next time, because what it stands on is no longer there."""
        self.made_for: object = self  # no key is equal to this
        self.statements: list[str] = []
        self.pickled = b""

    def put(self, *arguments: Any) -> T:
        """Put the rows into the database and give what `make(*arguments)` gave, in instances that no test had before.

        What `arguments` stand for has the same keys every time.
        """
        key = self.key()
        if key != self.made_for:
            before = all_rows()
            made = self.make(*arguments)
            self.statements = inserts(before, all_rows())
            self.pickled = pickle.dumps(made)
            self.made_for = key
            return made
        with connection.cursor() as cursor:
            for statement in self.statements:
                cursor.execute(statement)
        again: T = pickle.loads(self.pickled)
        return again


def all_rows() -> dict[str, list[str]]:
    """The rows of every table, each as the values of an INSERT, exactly as they are stored."""
    literal = "quote({})" if connection.vendor == "sqlite" else "quote_nullable({}::text)"
    rows = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            values = " || ', ' || ".join(literal.format(column) for column in _columns(table))
            cursor.execute(f"SELECT {values} FROM {connection.ops.quote_name(table)}")
            rows[table] = [row for (row,) in cursor.fetchall()]
    return rows


def inserts(before: dict[str, list[str]], after: dict[str, list[str]]) -> list[str]:
    """The statements that make `after` of `before`, to which only rows were added."""
    statements = []
    for table in sorted(after, key=lambda table: (LAST.index(table) if table in LAST else -1, table)):
        there = set(before[table])
        assert there <= set(after[table]), f"a row of {table} that was there is not what it was"
        if added := [row for row in after[table] if row not in there]:
            columns = ", ".join(_columns(table))
            name = connection.ops.quote_name(table)
            statements.append(f"INSERT INTO {name} ({columns}) VALUES ({'), ('.join(added)})")
    if connection.vendor == "postgresql":
        return ["; ".join([*statements, _sequences()])]  # in one go
    return statements


def _columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        found = connection.introspection.get_table_description(cursor, table)
    return [connection.ops.quote_name(column.name) for column in found]


def _sequences() -> str:
    """The statement that sets all sequences as they are now, for rows that bring their keys do not move them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 'SELECT ' || string_agg(format('setval(%L, %s)', quote_ident(sequencename), last_value), ', ')"
            " FROM pg_sequences WHERE schemaname = current_schema() AND last_value IS NOT NULL"
        )
        (statement,) = cursor.fetchone()
    return str(statement)
