"""The triggers that keep what was adopted as it was, and the audit trail as it was written.

The application never tries what they refuse: they stand against bulk updates, SQL by hand, INSERT OR REPLACE,
TRUNCATE, cascades and mistakes in code to come. A refusal is an IntegrityError, on SQLite and on PostgreSQL.

SQLite builds a table anew for most changes of its columns, and the triggers on it are gone then. So a migration that
changes one of these tables lifts the guards first and sets them again last, as migration 0004 does; a test and
`verify_audit` tell when a trigger is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

ADOPTED = "Dit is vastgesteld: er verandert niets meer."
APPEND_ONLY = "Het logboek wordt alleen aangevuld."
KEPT = "Een sjabloon verandert niet: er komt een nieuw sjabloon bij."


@dataclass(frozen=True)
class Guard:
    """Refuses `event` on a row of `table` where `condition` holds, an expression of SQL over NEW and OLD.

    `{share}` in a condition locks the row that was read until the end of the transaction, so that a write and an
    adoption at the same moment wait for each other. SQLite has one writer at a time and needs no lock.
    """

    table: str
    event: str
    condition: str
    sentence: str = ADOPTED

    @property
    def name(self) -> str:
        return f"guard_{self.table}_{self.event.lower()}"


def _state_in(*rounds: str) -> str:
    """Whether one of these rounds is adopted."""
    return (
        "'adopted' IN (SELECT r.state FROM monitoring_reportinground r"
        f" WHERE r.id IN ({', '.join(rounds)}) ORDER BY r.id {{share}})"
    )


def _state_of_update(*updates: str) -> str:
    """Whether one of these updates is of an adopted round."""
    return (
        "'adopted' IN (SELECT r.state FROM monitoring_reportinground r"
        " JOIN monitoring_update u ON u.round_id = r.id"
        f" WHERE u.id IN ({', '.join(updates)}) ORDER BY r.id {{share}})"
    )


def _in_adopted_round(table: str, key: str, state: Any, parent: str) -> list[Guard]:
    """No row of `table` comes into, leaves or changes within an adopted round.

    An INSERT with the key of a row that is there would replace it on SQLite, an UPDATE of a key as well.
    """
    replaced = f"(SELECT was.{parent} FROM {table} was WHERE was.{key} = NEW.{key})"
    return [
        Guard(table, "INSERT", f"{state(f'NEW.{parent}')} OR {state(replaced)}"),
        Guard(table, "UPDATE", f"NEW.{key} <> OLD.{key} OR {state(f'OLD.{parent}', f'NEW.{parent}')}"),
        Guard(table, "DELETE", state(f"OLD.{parent}")),
    ]


def _exists(table: str, condition: str) -> str:
    return f"EXISTS (SELECT 1 FROM {table} was WHERE {condition})"


def _only_added(table: str, same: str = "was.id = NEW.id") -> list[Guard]:
    """A row of `table` is written once; an INSERT of the `same` as one that is there would replace it on SQLite."""
    return [
        Guard(table, "INSERT", _exists(table, same), KEPT),
        Guard(table, "UPDATE", "1 = 1", KEPT),
        Guard(table, "DELETE", "1 = 1", KEPT),
    ]


_SAME_HALF_YEAR = (
    "was.state = 'adopted' AND (was.programme_id = NEW.programme_id AND was.year = NEW.year AND was.half = NEW.half"
)

GUARDS: list[Guard] = [
    # A round, once adopted, is what it is; no other takes its half year.
    Guard(
        "monitoring_reportinground",
        "INSERT",
        _exists("monitoring_reportinground", f"{_SAME_HALF_YEAR} OR was.id = NEW.id)"),
    ),
    Guard(
        "monitoring_reportinground",
        "UPDATE",
        "OLD.state = 'adopted' OR NEW.id <> OLD.id OR "
        + _exists("monitoring_reportinground", f"{_SAME_HALF_YEAR}) AND was.id <> OLD.id"),
    ),
    Guard("monitoring_reportinground", "DELETE", "OLD.state = 'adopted'"),
    Guard("monitoring_historicalreportinground", "UPDATE", _state_in("OLD.id")),
    Guard("monitoring_historicalreportinground", "DELETE", _state_in("OLD.id")),
    *_in_adopted_round("monitoring_update", "id", _state_in, "round_id"),
    *_in_adopted_round("monitoring_historicalupdate", "history_id", _state_in, "round_id"),
    *_in_adopted_round("monitoring_reporttext", "id", _state_in, "round_id"),
    *_in_adopted_round("monitoring_historicalreporttext", "history_id", _state_in, "round_id"),
    *_in_adopted_round("monitoring_effortupdate", "id", _state_of_update, "update_id"),
    *_in_adopted_round("monitoring_historicaleffortupdate", "history_id", _state_of_update, "update_id"),
    # An edition is written once, whole, after the one before it, on an adopted round.
    Guard(
        "monitoring_report",
        "INSERT",
        f"{_exists('monitoring_report', 'was.id = NEW.id')}"
        " OR NEW.edition <> (SELECT count(*) + 1 FROM monitoring_report was WHERE was.round_id = NEW.round_id)"
        f" OR NOT {_state_in('NEW.round_id')}",
    ),
    Guard("monitoring_report", "UPDATE", "1 = 1"),
    Guard("monitoring_report", "DELETE", "1 = 1"),
    # Places run from 1 to the number of goals of the edition, each once: when all are there nothing can be added.
    Guard(
        "monitoring_reportedgoal",
        "INSERT",
        "NEW.position < 1 OR NEW.position >"
        " COALESCE((SELECT r.goal_count FROM monitoring_report r WHERE r.id = NEW.report_id), 0) OR "
        + _exists("monitoring_reportedgoal", "was.id = NEW.id")
        + " OR "
        + _exists(
            "monitoring_reportedgoal",
            "was.report_id = NEW.report_id AND (was.goal_id = NEW.goal_id OR was.position = NEW.position)",
        ),
    ),
    Guard("monitoring_reportedgoal", "UPDATE", "1 = 1"),
    Guard("monitoring_reportedgoal", "DELETE", "1 = 1"),
    # Reports are made with these: what was in force when an edition was frozen stays what it was.
    *_only_added(
        "monitoring_wordtemplate",
        "was.id = NEW.id OR was.programme_id = NEW.programme_id AND was.sha256 = NEW.sha256",
    ),
    *_only_added("monitoring_wordtemplateuse"),
    Guard(
        "monitoring_auditline",
        "INSERT",
        _exists("monitoring_auditline", "was.id = NEW.id OR was.previous_hash = NEW.previous_hash"),
        APPEND_ONLY,
    ),
    Guard("monitoring_auditline", "UPDATE", "1 = 1", APPEND_ONLY),
    Guard("monitoring_auditline", "DELETE", "1 = 1", APPEND_ONLY),
    # The end of the chain only moves on.
    Guard("monitoring_auditchain", "INSERT", _exists("monitoring_auditchain", "1 = 1"), APPEND_ONLY),
    Guard("monitoring_auditchain", "UPDATE", "NEW.id <> OLD.id OR NEW.lines <= OLD.lines", APPEND_ONLY),
    Guard("monitoring_auditchain", "DELETE", "1 = 1", APPEND_ONLY),
]
_TRUNCATE = "guard_truncate"


def set_guards(connection: Any) -> None:
    """Make the triggers; those that are there already are made anew.

    A table that a later migration makes has none yet: that migration sets the guards again.
    """
    there = set(connection.introspection.table_names())
    guards = [guard for guard in GUARDS if guard.table in there]
    _execute(connection, [*_dropping(connection, guards), *_making(connection, guards)])


def lift_guards(connection: Any) -> None:
    """Take the triggers away: for a migration that changes these tables, and to go back."""
    there = set(connection.introspection.table_names())
    _execute(connection, _dropping(connection, [guard for guard in GUARDS if guard.table in there]))


def missing_guards(connection: Any) -> list[str]:
    """The names of the triggers that should be there and are not."""
    if connection.vendor == "sqlite":
        found = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        found = (
            "SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND c.relnamespace = current_schema()::regnamespace"
        )
    with connection.cursor() as cursor:
        cursor.execute(found)
        there = {name for (name,) in cursor.fetchall()}
    return sorted({name for _, name in _names(connection, GUARDS)} - there)


def _execute(connection: Any, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _names(connection: Any, guards: list[Guard]) -> list[tuple[str, str]]:
    """The triggers as (table, name)."""
    rows = [(guard.table, guard.name) for guard in guards]
    if connection.vendor == "sqlite":
        return rows  # a DELETE of all rows goes by the triggers too
    return rows + [(table, f"{_TRUNCATE}_{table}") for table in _tables(guards)]


def _dropping(connection: Any, guards: list[Guard]) -> list[str]:
    names = _names(connection, guards)
    if connection.vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name}" for _, name in names]
    triggers = [f"DROP TRIGGER IF EXISTS {name} ON {table}" for table, name in names]
    return triggers + [f"DROP FUNCTION IF EXISTS {name}()" for _, name in names]


def _making(connection: Any, guards: list[Guard]) -> list[str]:
    if connection.vendor == "sqlite":
        return [_for_sqlite(guard) for guard in guards]
    rows = [statement for guard in guards for statement in _for_postgresql(guard)]
    return rows + [statement for table in _tables(guards) for statement in _against_truncate(table)]


def _tables(guards: list[Guard]) -> list[str]:
    return list(dict.fromkeys(guard.table for guard in guards))


def _for_sqlite(guard: Guard) -> str:
    return (
        f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} FOR EACH ROW"
        f" WHEN {guard.condition.format(share='')} BEGIN SELECT RAISE(ABORT, '{guard.sentence}'); END"
    )


def _for_postgresql(guard: Guard) -> list[str]:
    condition = guard.condition.format(share="FOR SHARE OF r")
    row = "OLD" if guard.event == "DELETE" else "NEW"
    return [
        f"CREATE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {condition} THEN"
        f" RAISE EXCEPTION '{guard.sentence}' USING ERRCODE = 'integrity_constraint_violation';"
        f" END IF; RETURN {row}; END $$",
        f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table}"
        f" FOR EACH ROW EXECUTE FUNCTION {guard.name}()",
    ]


def _against_truncate(table: str) -> list[str]:
    name = f"{_TRUNCATE}_{table}"
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" RAISE EXCEPTION '{ADOPTED}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
    ]
