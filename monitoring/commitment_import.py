"""Commitments from and to a workbook: what is new, what changes, and everything that is wrong at once.

A row is the commitment of that kind with its number, or without a number with its title. What is there already changes
in what it says; its state changes on its own page only. Nothing is written as long as there is a finding.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction

from din.models import Goal, Owner, Programme
from din.reading.document import Finding
from din.reading.table import Table, TableRow, as_day
from din.text import text_key, with_its_spacing
from monitoring.commitments import Facts, Moved, Settlement, add, change, differing, label_of
from monitoring.models import AuditLine, Commitment
from monitoring.permissions import MANAGE_COMMITMENTS
from monitoring.refused import Refused

if TYPE_CHECKING:
    from monitoring.models.commitment import ShownCommitment

MOST_ROWS = 5_000
_LENGTHS = {"number": 20, "title": 200, "made_by": 200, "text": 10_000, "settlement": 10_000}
_KINDS = {text_key(label): value for value, label in Commitment.Kind.choices}
_STATES = {text_key(label): value for value, label in Commitment.State.choices}


class ImportMoved(Refused):
    """What would be written is no longer what was shown."""

    def __init__(self) -> None:
        super().__init__("De toezeggingen zijn intussen gewijzigd. Bekijk opnieuw wat er verandert.")


@dataclass(frozen=True)
class ImportedCommitment:
    """A row of the workbook that means something: a commitment that is new, or `before` another one."""

    place: str
    facts: Facts
    settlement: Settlement
    before: Commitment | None

    @property
    def changes(self) -> list[str]:
        """What differs from what stands there, in the words of the screen."""
        return [label_of(name) for name in differing(Facts.of(self.before), self.facts)] if self.before else []


@dataclass(frozen=True)
class CommitmentImport:
    """What a workbook says beside what is stored; with `findings` nothing may be written."""

    added: tuple[ImportedCommitment, ...]
    changed: tuple[ImportedCommitment, ...]
    unchanged: int
    findings: tuple[Finding, ...]

    @property
    def fingerprint(self) -> str:
        """A text that is the same as long as the same would be written over the same."""
        versions = [f"{one.before.pk}:{one.before.version}" for one in self.changed if one.before]
        return ";".join([str(len(self.added)), *versions])


def compare_commitments(table: Table, programme: Programme) -> CommitmentImport:
    """The rows of `table` beside the commitments of `programme`, in a constant number of queries."""
    findings = list(table.findings)
    if len(table.rows) > MOST_ROWS:
        findings.append(Finding(None, f"Het blad heeft meer dan {MOST_ROWS} rijen. Deel het in kleinere bestanden."))
        return CommitmentImport((), (), 0, tuple(findings))
    reader = _RowReader(table, programme)
    found = [imported for row in table.rows if (imported := reader.read(row)) is not None]
    findings += reader.findings
    times = Counter(_key(one.facts.kind, one.facts.number, one.facts.title) for one in found)
    findings += [
        Finding(one.place, f"‘{one.facts.title}’ staat er meer dan één keer.")
        for one in found
        if times[_key(one.facts.kind, one.facts.number, one.facts.title)] > 1
    ]
    added = tuple(one for one in found if one.before is None)
    changed = tuple(one for one in found if one.before is not None and one.changes)
    return CommitmentImport(added, changed, len(found) - len(added) - len(changed), tuple(findings))


def _key(kind: str, number: str, title: str) -> tuple[str, str, str]:
    return (kind, text_key(number), "") if number else (kind, "", text_key(title))


class _RowReader:
    """Reads rows beside what `programme` has, and collects what is wrong."""

    def __init__(self, table: Table, programme: Programme) -> None:
        self.table = table
        self.findings: list[Finding] = []
        stored = Commitment.objects.filter(programme=programme).with_place().prefetch_related("goals__theme")
        self._stored = {_key(one.kind, one.number, one.title): one for one in stored}
        self._owners = {text_key(owner.name): owner for owner in Owner.objects.filter(programme=programme)}
        goals = Goal.objects.filter(plan__programme=programme).select_related("theme").order_by("plan__first_year")
        # The same reference in a later plan goes before that of an earlier one.
        self._goals = {goal.reference.casefold(): goal.pk for goal in goals if goal.reference}

    def read(self, row: TableRow) -> ImportedCommitment | None:
        """What `row` says; None when something is wrong with it."""
        already = len(self.findings)
        cells = row.cells
        kind = self._one_of(row, "kind", _KINDS, Commitment.Kind.TOEZEGGING.value)
        title, number = cells["title"], cells.get("number", "")
        if not title:
            self._wrong(row, "title", "Geef een titel.")
        for key, most in _LENGTHS.items():
            if len(cells.get(key, "")) > most:
                self._wrong(row, key, f"Deze tekst is langer dan {most} tekens.")
        before = self._stored.get(_key(kind, number, title))
        # A column that the workbook does not have leaves what is stored as it is.
        facts = replace(Facts.of(before) if before else Facts(title=title), kind=kind)
        for key in ("title", "number", "text", "made_by"):
            if key in cells:
                facts = replace(facts, **{key: with_its_spacing(cells[key], getattr(facts, key))})  # type: ignore[arg-type]
        for key in ("made_on", "deadline"):
            if key in cells:
                facts = replace(facts, **{key: self._day(row, key)})  # type: ignore[arg-type]
        if "owner" in cells:
            facts = replace(facts, owner=self._owner(row))
        if "goals" in cells:
            facts = replace(facts, goals=self._goals_of(row, before))
        settlement = self._settlement(row, before)
        if len(self.findings) > already:
            return None
        return ImportedCommitment(f"{self.table.sheet}!A{row.number}", facts.tidied(), settlement, before)

    def _wrong(self, row: TableRow, key: str, message: str) -> None:
        self.findings.append(self.table.finding(row, key, message))

    def _one_of(self, row: TableRow, key: str, known: dict[str, str], default: str) -> str:
        text = row.cells.get(key, "")
        if not text:
            return default
        if text_key(text) not in known:
            self._wrong(row, key, f"‘{text[:40]}’ staat niet in de lijst: {', '.join(known)}.")
        return known.get(text_key(text), default)

    def _day(self, row: TableRow, key: str) -> object:
        try:
            return as_day(row.cells.get(key, ""))
        except ValueError as problem:
            self._wrong(row, key, str(problem))
            return None

    def _owner(self, row: TableRow) -> Owner | None:
        name = row.cells["owner"]
        owner = self._owners.get(text_key(name)) if name else None
        if name and owner is None:
            self._wrong(row, "owner", f"Dit programma heeft geen eigenaar ‘{name[:60]}’.")
        return owner

    def _goals_of(self, row: TableRow, before: Commitment | None) -> frozenset[int]:
        """The goals that the row names; those that are linked already stay the same, also those without a number.

        Two linked goals of different plans can have the same number: it stands for both.
        """
        linked: dict[str, set[int]] = {}
        for goal in before.goals.all() if before else []:
            linked.setdefault(goal.reference.casefold(), set()).add(goal.pk)
        kept = linked.pop("", set())
        for part in row.cells["goals"].replace(",", ";").replace("\n", ";").split(";"):
            name = part.strip().casefold()
            if not name:
                continue
            if name in linked:
                kept |= linked[name]
            elif name in self._goals:
                kept.add(self._goals[name])
            else:
                self._wrong(row, "goals", f"Dit programma heeft geen doel ‘{part.strip()[:40]}’.")
        return frozenset(kept)

    def _settlement(self, row: TableRow, before: Commitment | None) -> Settlement:
        default = before.state if before else Commitment.State.OPEN.value
        state = self._one_of(row, "state", _STATES, default)
        if before is not None:
            if state != before.state:
                message = f"De stand is hier ‘{before.get_state_display()}’. Wijzig die op de pagina zelf."
                self._wrong(row, "state", message)
            return Settlement()
        settled_on = self._day(row, "settled_on")
        text = row.cells.get("settlement", "")
        if (state == Commitment.State.SETTLED) != (settled_on is not None):
            self._wrong(row, "settled_on", "Wat is afgedaan heeft een datum van afdoening, iets anders niet.")
        if state == Commitment.State.PROPOSED and not text:
            self._wrong(row, "settlement", "Schrijf het afdoeningsvoorstel op.")
        return Settlement(state=state, text=text, settled_on=settled_on)  # type: ignore[arg-type]


def write_commitments(
    table: Table, programme: Programme, *, seen: str, actor: AbstractBaseUser, origin: AuditLine.Origin
) -> CommitmentImport:
    """Write what is new and what changes, all of it or nothing. `seen` is the fingerprint of what was shown.

    Raises ImportMoved when it would be something else by now, and what the operations raise, with the row.
    """
    MANAGE_COMMITMENTS.require(actor, programme)
    with transaction.atomic():
        Programme.objects.select_for_update().get(pk=programme.pk)
        found = compare_commitments(table, programme)
        if found.findings or found.fingerprint != seen:
            raise ImportMoved
        for one in (*found.added, *found.changed):
            try:
                if one.before is None:
                    add(programme, one.facts, settlement=one.settlement, actor=actor, origin=origin, note="import")
                else:
                    version = one.before.version
                    change(one.before, one.facts, version=version, actor=actor, origin=origin, note="import")
            except Moved:
                raise ImportMoved from None
            except ValidationError as error:
                raise ValidationError([f"{one.place}: {message}" for message in error.messages]) from None
    return found


def commitment_rows(commitments: Iterable[ShownCommitment]) -> Iterator[Sequence[object]]:
    """The rows of the sheet, of commitments read with `readable_by`, with_place and their goals."""
    for one in commitments:
        yield (
            one.get_kind_display(),
            one.number,
            one.title,
            one.text,
            one.made_on,
            one.made_by,
            one.owner.name if one.owner else "",
            one.deadline,
            "; ".join(goal.reference for goal in one.goals.all() if goal.reference),
            Commitment.State(one.shown_state).label,
            one.shown_settlement,
            one.shown_settled_on,
        )
