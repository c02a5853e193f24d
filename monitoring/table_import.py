"""Things from a workbook: what is new, what changes, and everything that is wrong at once.

The workbook is read in the bounded child (din.reading.read_table). Nothing is written as long as there is a finding;
what is confirmed is compared once more, so that nothing is written that was not shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction

from din.models import Programme
from din.permissions import Permission
from din.reading.document import Finding
from din.reading.table import Column, Table
from monitoring.models import AuditLine
from monitoring.refused import Refused

MOST_ROWS = 5_000


@dataclass(frozen=True)
class ImportedRow:
    """A row that means something: a thing that is new, or `before` another one, with a version, and maybe a change.

    `key` is what only one row may be about, `name` the same in the words of the screen.
    """

    place: str
    before: Any
    key: object
    name: str
    is_changed: bool


Row = TypeVar("Row", bound=ImportedRow)


@dataclass(frozen=True)
class TableImport(Generic[Row]):
    """What a workbook says beside what is stored; with `findings` nothing may be written."""

    added: tuple[Row, ...]
    changed: tuple[Row, ...]
    unchanged: int
    findings: tuple[Finding, ...]

    @property
    def fingerprint(self) -> str:
        """A text that is the same as long as the same rows are about the same things, as new or as they were."""
        return ";".join(
            f"{one.place} {one.key} {one.before.version if one.before else 'new'}"
            for one in (*self.added, *self.changed)
        )


class ImportMoved(Refused):
    """What would be written is no longer what was shown."""

    def __init__(self, things: str) -> None:
        super().__init__(f"De {things} zijn intussen gewijzigd. Bekijk opnieuw wat er verandert.")


@dataclass(frozen=True)
class TableKind(Generic[Row]):
    """A kind of thing that comes from a workbook. `things` is its name on screen, in the plural.

    `read` gives the rows of a table that mean something and what is wrong with the others, in a constant number of
    queries. `write` writes one row; it raises `moved` when somebody else wrote meanwhile, or a ValidationError.
    """

    things: str
    columns: Sequence[Column]
    permission: Permission[Programme]
    read: Callable[[Table, Programme], tuple[list[Row], list[Finding]]]
    write: Callable[[Row, Programme, AbstractBaseUser, AuditLine.Origin], None]
    moved: type[Exception]

    def compare(self, table: Table, programme: Programme) -> TableImport[Row]:
        """The rows of `table` beside what `programme` has."""
        if len(table.rows) > MOST_ROWS:
            message = f"Het blad heeft meer dan {MOST_ROWS} rijen. Deel het in kleinere bestanden."
            return TableImport((), (), 0, (*table.findings, Finding(None, message)))
        found, wrong = self.read(table, programme)
        added = tuple(one for one in found if one.before is None)
        changed = tuple(one for one in found if one.before is not None and one.is_changed)
        findings = (*table.findings, *wrong, *_twice(found))
        return TableImport(added, changed, len(found) - len(added) - len(changed), findings)

    def write_all(
        self, table: Table, programme: Programme, *, seen: str, actor: AbstractBaseUser, origin: AuditLine.Origin
    ) -> TableImport[Row]:
        """Write what is new and what changes, all of it or nothing. `seen` is the fingerprint of what was shown.

        Raises ImportMoved when it would be something else by now, and a ValidationError that names the row.
        """
        self.permission.require(actor, programme)
        with transaction.atomic():
            Programme.objects.select_for_update().get(pk=programme.pk)
            found = self.compare(table, programme)
            if found.findings or found.fingerprint != seen:
                raise ImportMoved(self.things)
            for one in (*found.added, *found.changed):
                try:
                    self.write(one, programme, actor, origin)
                except self.moved:
                    raise ImportMoved(self.things) from None
                except ValidationError as error:
                    raise ValidationError([f"{one.place}: {message}" for message in error.messages]) from None
        return found


def _twice(found: Sequence[ImportedRow]) -> list[Finding]:
    times = Counter(one.key for one in found)
    return [Finding(one.place, f"{one.name} staat er meer dan één keer.") for one in found if times[one.key] > 1]
