"""Commitments from and to a workbook.

A row is the commitment with its key, as an export gives it. Without a key it is the one of that kind with its number,
or without a number with its title. What is there already changes in what it says; its state changes on its own page
only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractBaseUser

from din.models import Goal, Owner, Programme
from din.reading.document import Finding
from din.reading.table import Table, TableRow, as_day
from din.text import text_key, with_its_spacing
from monitoring.commitment_sheet import COLUMNS
from monitoring.commitments import Facts, Moved, Settlement, add, change, differing, label_of
from monitoring.models import AuditLine, Commitment
from monitoring.permissions import MANAGE_COMMITMENTS
from monitoring.table_import import ImportedRow, TableKind

if TYPE_CHECKING:
    from monitoring.models.commitment import ShownCommitment

_LENGTHS = {"number": 20, "title": 200, "made_by": 200, "text": 10_000, "settlement": 10_000}
_KINDS = {text_key(label): value for value, label in Commitment.Kind.choices}
_STATES = {text_key(label): value for value, label in Commitment.State.choices}


@dataclass(frozen=True)
class ImportedCommitment(ImportedRow):
    """What a row says of a commitment; the settlement only of one that is new."""

    facts: Facts
    settlement: Settlement

    @property
    def changes(self) -> list[str]:
        """What differs from what stands there, in the words of the screen."""
        return [label_of(name) for name in differing(Facts.of(self.before), self.facts)] if self.before else []

    @property
    def is_renamed(self) -> bool:
        """Whether it gets another title or number: a key may stand in the wrong row, and only the name tells."""
        return bool(self.before) and not {"title", "number"}.isdisjoint(differing(Facts.of(self.before), self.facts))


def read_commitments(table: Table, programme: Programme) -> tuple[list[ImportedCommitment], list[Finding]]:
    """The rows of `table` beside the commitments of `programme`, and what is wrong with the others."""
    reader = _RowReader(table, programme)
    found = [imported for row in table.rows if (imported := reader.read(row)) is not None]
    return found, reader.findings


def _name_key(kind: str, number: str, title: str) -> tuple[str, str, str]:
    return (kind, text_key(number), "") if number else (kind, "", text_key(title))


class _RowReader:
    """Reads rows beside what `programme` has, and collects what is wrong."""

    def __init__(self, table: Table, programme: Programme) -> None:
        self.table = table
        self.findings: list[Finding] = []
        stored = Commitment.objects.filter(programme=programme).with_place().prefetch_related("goals__theme")
        self._by_key = {str(one.pk): one for one in stored}
        self._by_name: defaultdict[tuple[str, str, str], list[Commitment]] = defaultdict(list)
        for one in stored:
            self._by_name[_name_key(one.kind, one.number, one.title)].append(one)
        self._owners = {text_key(owner.name): owner for owner in Owner.objects.filter(programme=programme)}
        goals = Goal.objects.filter(plan__programme=programme).select_related("theme").order_by("plan__first_year")
        # The same reference in a later plan goes before that of an earlier one.
        self._goals = {goal.reference.casefold(): goal.pk for goal in goals if goal.reference}

    def read(self, row: TableRow) -> ImportedCommitment | None:
        """What `row` says; None when something is wrong with it."""
        already = len(self.findings)
        cells = row.cells
        keyed = self._keyed(row)
        kind = self._one_of(row, "kind", _KINDS, keyed.kind if keyed else Commitment.Kind.TOEZEGGING.value)
        title, number = cells["title"], cells.get("number", "")
        if not title:
            self._wrong(row, "title", "Geef een titel.")
        for key, most in _LENGTHS.items():
            if len(cells.get(key, "")) > most:
                self._wrong(row, key, f"Deze tekst is langer dan {most} tekens.")
        before = keyed or self._named(row, kind, number, title)
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
        facts = facts.tidied()
        return ImportedCommitment(
            place=f"{self.table.sheet}!A{row.number}",
            before=before,
            key=before.pk if before else _name_key(facts.kind, facts.number, facts.title),
            name=f"‘{before.title if before else facts.title}’",
            is_changed=before is not None and bool(differing(Facts.of(before), facts)),
            facts=facts,
            settlement=settlement,
        )

    def _keyed(self, row: TableRow) -> Commitment | None:
        key = row.cells.get("key", "")
        found = self._by_key.get(key)
        if key and found is None:
            message = "Dit kenmerk is niet van een regel in dit programma. Laat het leeg voor een nieuwe regel."
            self._wrong(row, "key", message)
        return found

    def _named(self, row: TableRow, kind: str, number: str, title: str) -> Commitment | None:
        found = self._by_name.get(_name_key(kind, number, title), [])
        if len(found) > 1:
            message = (
                f"Er staan er al {len(found)} met dit nummer, of zonder nummer met deze titel. Geef in de kolom "
                "Kenmerk aan welke u bedoelt: het kenmerk staat in het bestand dat u kunt ophalen."
            )
            self._wrong(row, "title", message)
        return found[0] if found else None

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


def write_commitment(
    one: ImportedCommitment, programme: Programme, actor: AbstractBaseUser, origin: AuditLine.Origin
) -> None:
    if one.before is None:
        add(programme, one.facts, settlement=one.settlement, actor=actor, origin=origin, note="import")
    else:
        change(one.before, one.facts, version=one.before.version, actor=actor, origin=origin, note="import")


COMMITMENTS = TableKind("toezeggingen", COLUMNS, MANAGE_COMMITMENTS, read_commitments, write_commitment, Moved)


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
            str(one.pk),
        )
