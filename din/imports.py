"""Bringing a workbook in: read, preview, confirm. The command and the pages walk this same road."""

import datetime
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from din import change_log
from din.apply import Applied, PlanClosed, apply_document, change_plan_of, plan_of_year
from din.change_plan import ChangePlan
from din.decisions import Decisions
from din.models import Plan, Programme, WorkbookImport
from din.reading import LEVELS, read_workbook
from din.reading.document import Document, Finding, Reading

State = WorkbookImport.State
NAME_LIMIT = 200
THEME_NUMBER_LIMIT = 32_767
GOAL_NUMBER_LIMIT = 2_147_483_647
ALREADY_APPLIED = "Dit werkboek is al verwerkt: bied het opnieuw aan als u het nog eens wilt importeren."
COLUMN_CHOICES = (*LEVELS, "ignore")

# What a person said of columns: for each sheet, by letter, one of COLUMN_CHOICES.
Choices = Mapping[str, Mapping[str, str]]


class AlreadyApplied(Exception):
    """This import was confirmed before; str() is the sentence for the user."""


class UnknownSheet(LookupError):
    """The workbook has no such sheet, or none of which columns can be told."""


def read(content: bytes, *, year: int, choices: Choices | None = None) -> Reading:
    """Read a workbook, and refuse as well what the database could not hold. Never raises for bad content."""
    told = {(sheet, letter): level for sheet, columns in (choices or {}).items() for letter, level in columns.items()}
    reading = read_workbook(content, year=year, choices=told)
    return replace(reading, errors=(*reading.errors, *_too_long(reading.document)))


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
        sha256=hashlib.sha256(content).hexdigest(),
        reading=_stored(reading),
        uploaded_at=now,
        uploaded_by_id=None if actor is None else actor.pk,
    )


def read_again(import_: WorkbookImport) -> Reading:
    """What the reader makes of a workbook in the log, with the choices of columns that were made for it."""
    return read(bytes(import_.content), year=import_.year, choices=import_.choices)


def preview(import_: WorkbookImport) -> tuple[Reading, ChangePlan | None]:
    """What was read, and what confirming would change in the plan as it is now; no plan for a rejected workbook."""
    reading = read_again(import_)
    if reading.result == "rejected" or import_.state != State.PREVIEWED:
        return reading, None
    change_plan = change_plan_of(
        reading.document,
        programme=import_.programme,
        year=import_.year,
        decisions=Decisions.from_json(import_.decisions),
    )
    return reading, change_plan


def choose_columns(import_: WorkbookImport, *, sheet: int, columns: Mapping[str, str]) -> Reading:
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
    reading = read(bytes(import_.content), year=import_.year, choices=choices)
    with transaction.atomic():
        claimed = WorkbookImport.objects.select_for_update().get(pk=import_.pk)
        if claimed.state not in (State.PREVIEWED, State.REJECTED):
            raise AlreadyApplied(ALREADY_APPLIED)
        refused = reading.result == "rejected"
        import_.state = State.REJECTED if refused else State.PREVIEWED
        import_.choices, import_.reading = choices, _stored(reading)
        import_.decisions = Decisions.from_json(claimed.decisions).for_another_document().as_json()
        import_.save(update_fields=["state", "choices", "reading", "decisions"])
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
    now: datetime.datetime,
    reading: Reading | None = None,
) -> Applied:
    """Apply a previewed workbook in one transaction, once.

    Raises AlreadyApplied, and what din.apply.apply_document raises: PlanMoved when the plan is no longer the one that
    `fingerprint` was shown for, PlanClosed.
    """
    if import_.state != State.PREVIEWED:
        raise AlreadyApplied(ALREADY_APPLIED)
    reading = reading or read_again(import_)
    with transaction.atomic():
        claimed = WorkbookImport.objects.select_for_update().defer("content", "reading").get(pk=import_.pk)
        if claimed.choices != import_.choices:
            reading = read_again(claimed)
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
        )
        claimed.state = State.APPLIED
        claimed.plan = applied.plan
        claimed.applied_at = now
        claimed.applied_by_id = None if actor is None else actor.pk
        claimed.changes = change_log.as_json(applied.change_plan)
        claimed.trace = applied.trace.as_json()
        claimed.save(update_fields=["state", "plan", "applied_at", "applied_by", "changes", "trace"])
    return applied


def refuse_closed(programme: Programme, year: int) -> None:
    """Raise PlanClosed when no workbook can go into the plan of `year` any more."""
    plan = plan_of_year(programme, year)
    if plan is not None and plan.state == Plan.State.CLOSED:
        raise PlanClosed(f"Het plan {plan.name} is afgesloten: daar kan geen werkboek meer in.")


def _stored(reading: Reading) -> dict[str, Any]:
    """What the log keeps of a reading: the contract's document, and the names of the sheets."""
    return {**reading.as_json(), "sheets": [sheet.name for sheet in reading.sheets]}


def _too_long(document: Document) -> list[Finding]:
    """Names and numbers that are larger than the database holds: surely a cell in the wrong column."""
    findings = []
    for theme in document.themes:
        if len(theme.name) > NAME_LIMIT:
            findings.append(Finding(None, _long_name("onderdeel", theme.name)))
        if (theme.number or 0) > THEME_NUMBER_LIMIT:
            findings.append(Finding(None, f"Het nummer {theme.number} van “{theme.name[:60]}” is te groot."))
    for goal in document.smart_goals:
        if (goal.number or 0) > GOAL_NUMBER_LIMIT:
            findings.append(Finding(goal.source, f"Het nummer {goal.number} is te groot voor een doel."))
        if len(goal.owner or "") > NAME_LIMIT:
            findings.append(Finding(goal.source, _long_name("eigenaar", goal.owner or "")))
        findings += [
            Finding(goal.source, _long_name("speerpunt", tag)) for tag in goal.focus_areas if len(tag) > NAME_LIMIT
        ]
    findings += [
        Finding(effort.source, _long_name("trekker", effort.lead or ""))
        for effort in document.efforts
        if len(effort.lead or "") > NAME_LIMIT
    ]
    return findings


def _long_name(what: str, name: str) -> str:
    return (
        f"De naam van een {what} is langer dan {NAME_LIMIT} tekens: “{name[:60]}…”. "
        "Kort de naam in, of zet de tekst in een andere kolom."
    )
