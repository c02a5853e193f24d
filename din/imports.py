"""Bringing a workbook in: read, preview, confirm. The command and the pages walk this same road."""

import datetime
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from din import change_log, trail
from din.apply import Applied, PlanClosed, apply_document, change_plan_of, plan_of_year
from din.change_plan import ChangePlan
from din.decisions import Decisions
from din.models import Plan, Programme, WorkbookImport
from din.progress import Tell, tell_nobody
from din.reading import LEVELS, read_workbook
from din.reading.document import Reading
from din.reading.row_count import TellRows, tell_rows_to_nobody
from din.stored_reading import pack, unpack
from din.too_large import too_large
from din.trail import Origin

State = WorkbookImport.State
ALREADY_APPLIED = "Dit werkboek is al verwerkt: bied het opnieuw aan als u het nog eens wilt importeren."
COLUMN_CHOICES = (*LEVELS, "ignore")

# What a person said of columns: for each sheet, by letter, one of COLUMN_CHOICES.
Choices = Mapping[str, Mapping[str, str]]


class AlreadyApplied(Exception):
    """This import was confirmed before; str() is the sentence for the user."""


class UnknownSheet(LookupError):
    """The workbook has no such sheet, or none of which columns can be told."""


def read(
    content: bytes, *, year: int, choices: Choices | None = None, tell_rows: TellRows = tell_rows_to_nobody
) -> Reading:
    """Read a workbook, and refuse as well what the database could not hold. Never raises for bad content.

    A file that this very reader has read before, letter for letter, for the same year and with the same choices, is not
    read again: the log keeps what it said.
    """
    alike = WorkbookImport.objects.filter(sha256=_sha256(content), year=year, choices=choices or {})
    # What was refused may have been refused because it took too long that time.
    packed = alike.exclude(state=State.REJECTED).order_by("-pk").values_list("packed_reading", flat=True).first()
    if packed and (kept := unpack(bytes(packed))):
        return kept
    told = {(sheet, letter): level for sheet, columns in (choices or {}).items() for letter, level in columns.items()}
    reading = read_workbook(content, year=year, choices=told, tell=tell_rows)
    return replace(reading, errors=(*reading.errors, *too_large(reading.document)))


def offer(
    *,
    programme: Programme,
    year: int,
    file_name: str,
    content: bytes,
    reading: Reading,
    actor: AbstractBaseUser | None,
    now: datetime.datetime,
) -> WorkbookImport:
    """Log a workbook that was read, with its findings: to be confirmed later, or refused for good."""
    refused = reading.result == "rejected"
    return WorkbookImport.objects.create(
        programme=programme,
        year=year,
        plan=plan_of_year(programme, year),
        state=State.REJECTED if refused else State.PREVIEWED,
        file_name=file_name[-255:],
        content=content,
        sha256=_sha256(content),
        reading=_findings(reading),
        packed_reading=pack(reading),
        uploaded_at=now,
        uploaded_by_id=None if actor is None else actor.pk,
    )


def reading_of(import_: WorkbookImport) -> Reading:
    """What the reader made of a workbook in the log, with the choices of columns that were made for it.

    The workbook is read again only when what was kept is not by the reader as it is now.
    """
    kept = unpack(bytes(import_.packed_reading))
    return kept or read(bytes(import_.content), year=import_.year, choices=import_.choices)


def preview(import_: WorkbookImport) -> tuple[Reading, ChangePlan | None]:
    """What was read, and what confirming would change in the plan as it is now; no plan for a rejected workbook."""
    reading = reading_of(import_)
    if reading.result == "rejected" or import_.state != State.PREVIEWED:
        return reading, None
    change_plan = change_plan_of(
        reading.document,
        programme=import_.programme,
        year=import_.year,
        decisions=Decisions.from_json(import_.decisions),
    )
    return reading, change_plan


def choose_columns(
    import_: WorkbookImport, *, sheet: int, columns: Mapping[str, str], tell_rows: TellRows = tell_rows_to_nobody
) -> Reading:
    """Read the workbook anew with what a person says of the columns of one sheet; "" leaves a column to the reader.

    `sheet` is its place in the workbook. A rejected workbook that can be read this way is no longer rejected, and the
    other way round. Raises UnknownSheet, and AlreadyApplied when the import was confirmed.
    """
    names = import_.reading.get("sheets", [])
    if not 0 <= sheet < len(names):
        raise UnknownSheet(sheet)
    told = {letter: level for letter, level in sorted(columns.items()) if level in COLUMN_CHOICES}
    choices = {name: kept for name, kept in import_.choices.items() if name != names[sheet]}
    if told:
        choices[names[sheet]] = told
    reading = read(bytes(import_.content), year=import_.year, choices=choices, tell_rows=tell_rows)
    with transaction.atomic():
        claimed = WorkbookImport.objects.select_for_update().get(pk=import_.pk)
        if claimed.state not in (State.PREVIEWED, State.REJECTED):
            raise AlreadyApplied(ALREADY_APPLIED)
        refused = reading.result == "rejected"
        import_.state = State.REJECTED if refused else State.PREVIEWED
        import_.choices, import_.reading, import_.packed_reading = choices, _findings(reading), pack(reading)
        import_.decisions = Decisions.from_json(claimed.decisions).for_another_document().as_json()
        import_.save(update_fields=["state", "choices", "reading", "packed_reading", "decisions"])
    return reading


def decide(import_: WorkbookImport, change: Callable[[Decisions], Decisions]) -> bool:
    """Keep what a person decided in the preview; True when that is something else than before.

    `change` gives the new decisions for those that are kept. Raises AlreadyApplied.
    """
    with transaction.atomic():
        claimed = WorkbookImport.objects.select_for_update().get(pk=import_.pk)
        if claimed.state != State.PREVIEWED:
            raise AlreadyApplied(ALREADY_APPLIED)
        before = Decisions.from_json(claimed.decisions)
        decided = change(before)
        import_.decisions = decided.as_json()
        if decided == before:
            return False
        import_.save(update_fields=["decisions"])
    return True


def confirm(
    import_: WorkbookImport,
    *,
    fingerprint: str | None,
    actor: AbstractBaseUser | None,
    origin: Origin,
    now: datetime.datetime,
    reading: Reading | None = None,
    tell: Tell = tell_nobody,
) -> Applied:
    """Apply a previewed workbook in one transaction, once; `tell` hears what is being done.

    Raises AlreadyApplied, and what din.apply.apply_document raises: PlanMoved when the plan is no longer the one that
    `fingerprint` was shown for, PlanClosed.
    """
    if import_.state != State.PREVIEWED:
        raise AlreadyApplied(ALREADY_APPLIED)
    reading = reading or reading_of(import_)
    with transaction.atomic():
        claimed = WorkbookImport.objects.without_contents().select_for_update().get(pk=import_.pk)
        if claimed.choices != import_.choices:
            reading = reading_of(claimed)
        if claimed.state != State.PREVIEWED or reading.result == "rejected":
            raise AlreadyApplied(ALREADY_APPLIED)
        applied = apply_document(
            reading.document,
            programme=import_.programme,
            year=import_.year,
            actor=actor,
            now=now,
            fingerprint=fingerprint,
            decisions=Decisions.from_json(claimed.decisions),
            tell=tell,
        )
        claimed.state = State.APPLIED
        claimed.plan = applied.plan
        claimed.applied_at = now
        claimed.applied_by_id = None if actor is None else actor.pk
        claimed.changes = change_log.as_json(applied.change_plan)
        claimed.trace = applied.trace.as_json()
        claimed.save(update_fields=["state", "plan", "applied_at", "applied_by", "changes", "trace"])
        trail.tell(
            trail.Written("import", claimed, claimed.state, f"{applied.plan}"), actor=actor, origin=origin, at=now
        )
    return applied


def refuse_closed(programme: Programme, year: int) -> None:
    """Raise PlanClosed when no workbook can go into the plan of `year` any more."""
    plan = plan_of_year(programme, year)
    if plan is not None and plan.state == Plan.State.CLOSED:
        raise PlanClosed(f"Het plan {plan.name} is afgesloten: daar kan geen werkboek meer in.")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _findings(reading: Reading) -> dict[str, Any]:
    """What the log shows of a reading without unpacking it: the findings, and the names of the sheets."""
    return {
        "result": reading.result,
        "errors": [asdict(finding) for finding in reading.errors],
        "warnings": [asdict(finding) for finding in reading.warnings],
        "sheets": [sheet.name for sheet in reading.sheets],
    }
