"""What many tests need, made once in a process and put back as rows in the tests after that.

Making the stage takes longer than most tests that stand on it. The first test makes it, with the models and by the
rules of the product. The others get the same rows with the same keys, past the same triggers, and their own instances.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any, ClassVar, Generic, TypeVar

from django.db import connection

T = TypeVar("T")

# The triggers let nothing into an adopted round, and no report without one (monitoring/immutability.py). So the rounds
# come after what is in them and before their reports; the foreign keys are checked at the end.
LAST = ("monitoring_reportinground", "monitoring_report", "monitoring_reportedgoal")


class Snapshot(Generic[T]):
    """What `make` gives and writes. It is made anew when `key()` is not what it was."""

    everyone: ClassVar[list[Snapshot[Any]]] = []

    def __init__(self, make: Callable[..., T], *, key: Callable[[], object] = lambda: None) -> None:
        self.make = make
        self.key = key
        self.forget()
        self.everyone.append(self)

    def forget(self) -> None:
        """Make it anew the next time, because what it stands on is no longer there."""
        self.made_for: object = self  # no key is equal to this
        self.statements: list[str] = []
        self.pickled = b""

    def put(self, *arguments: Any) -> T:
        """Put the rows into the database and give what `make(*arguments)` gave, in instances that no test had before.

        What `arguments` stand for has the same keys every time; a `key` can see to that.
        """
        key = self.key()
        if key != self.made_for:
            before = all_rows()
            made = self.make(*arguments)
            self.statements = statements_between(before, all_rows())
            self.pickled = pickle.dumps(made)
            self.made_for = key
            return made
        with connection.cursor() as cursor:
            for statement in self.statements:
                cursor.execute(statement)
        again: T = pickle.loads(self.pickled)
        return again


def all_rows() -> dict[str, dict[str, str]]:
    """The rows of every table by their key, each as the values of an INSERT, exactly as they are stored."""
    literal = "quote({})" if connection.vendor == "sqlite" else "quote_nullable({}::text)"
    rows = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            key = connection.introspection.get_primary_key_column(cursor, table)
            values = " || ', ' || ".join(literal.format(column) for column in _columns(table))
            cursor.execute(f"SELECT {literal.format(key)}, {values} FROM {connection.ops.quote_name(table)}")
            rows[table] = dict(cursor.fetchall())
    return rows


def statements_between(before: dict[str, dict[str, str]], after: dict[str, dict[str, str]]) -> list[str]:
    """The statements that make `after` of `before`."""
    statements = []
    for table in sorted(after, key=lambda table: (LAST.index(table) if table in LAST else -1, table)):
        there, now = before[table], after[table]
        assert there.keys() <= now.keys(), f"a row of {table} is gone, which is not kept"
        name, columns = connection.ops.quote_name(table), ", ".join(_columns(table))
        for key in [key for key in there if there[key] != now[key]]:
            with connection.cursor() as cursor:
                primary = connection.introspection.get_primary_key_column(cursor, table)
            statements.append(f"UPDATE {name} SET ({columns}) = ({now[key]}) WHERE {primary} = {key}")
        if added := [now[key] for key in now if key not in there]:
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
