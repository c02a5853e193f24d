"""Taking an import back: former values and lines return, what it created goes. All of it or nothing.

Only the newest import that was applied to a plan can be undone, while the plan is as that import left it and nothing
else refers to what it created. What others hang on goals is not known here: any row that refers to a created one, of
whatever model, refuses.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, models, transaction
from simple_history.models import HistoricalChanges

from din.imports import State
from din.models import Ambition, Effort, ErGoal, FocusArea, Goal, Owner, Plan, Programme, Theme, WorkbookImport
from din.plan_writer import BATCH
from din.scribe import Scribe, batches
from din.snapshot import snapshot_of
from din.trace import Trace
from din.trail import Origin, Written, tell

# From the bottom up: what refers goes before what it refers to.
LEVELS: tuple[type[Effort | Goal | ErGoal | Ambition], ...] = (Effort, Goal, ErGoal, Ambition)
NAMED: tuple[type[models.Model], ...] = (FocusArea, Owner, Theme)
LINES = {
    "ergoal.ambitions": ErGoal.ambitions.through,
    "goal.er_goals": Goal.er_goals.through,
    "goal.focus_areas": Goal.focus_areas.through,
    "effort.goals": Effort.goals.through,
}

NOT_APPLIED = "Deze import is niet doorgevoerd of al ongedaan gemaakt."
NO_TRACE = "Van deze import is niet bewaard hoe het plan daarvoor was. Hij kan niet ongedaan worden gemaakt."
NOT_THE_NEWEST = "Na deze import is nog een werkboek doorgevoerd in dit plan. Maak eerst de laatste import ongedaan."
CLOSED = "Het plan is afgesloten. Deze import kan niet meer ongedaan worden gemaakt."
EDITED = "Het plan is na deze import gewijzigd. Deze import kan daarom niet meer ongedaan worden gemaakt."
RECORDED = "Deze import kan niet meer ongedaan worden gemaakt: er is al voortgang vastgelegd bij doelen die hij bracht."
CONTINUED = "Deze import kan niet meer ongedaan worden gemaakt: een ander plan gaat verder op doelen die hij bracht."


class CannotUndo(Exception):
    """This import cannot be undone (any more); str() is the sentence for the user."""


def why_not(import_: WorkbookImport) -> str:
    """Why this import cannot be undone, as a sentence; empty when it can."""
    try:
        _refuse(import_)
    except CannotUndo as refusal:
        return str(refusal)
    return ""


def undo(import_: WorkbookImport, *, actor: AbstractBaseUser | None, origin: Origin, now: datetime.datetime) -> None:
    """Take an applied import back, in one transaction, with its history. Raises CannotUndo."""
    try:
        with transaction.atomic():
            Programme.objects.select_for_update().get(pk=import_.programme_id)
            claimed = WorkbookImport.objects.select_for_update().get(pk=import_.pk)
            plan = _refuse(claimed)
            reason = f"ongedaan maken van de import van het werkboek {claimed.year}"
            _take_back(Trace.from_json(claimed.trace), plan, Scribe(actor, now, reason))
            claimed.state, claimed.undone_at, claimed.undone_by_id = State.UNDONE, now, getattr(actor, "pk", None)
            claimed.save(update_fields=["state", "undone_at", "undone_by"])
            tell(Written("undo_import", claimed, claimed.state), actor=actor, origin=origin, at=now)
            if claimed.trace["plan_created"]:
                _remove_plan(plan, actor, reason)
    except (models.ProtectedError, IntegrityError) as refused:
        raise CannotUndo(RECORDED) from refused


def _refuse(import_: WorkbookImport) -> Plan:
    """The plan of an import that can be undone. Raises CannotUndo with the reason when it cannot."""
    if import_.state != State.APPLIED or import_.plan is None or import_.applied_at is None:
        raise CannotUndo(NOT_APPLIED)
    if not import_.trace:
        raise CannotUndo(NO_TRACE)
    plan, trace = import_.plan, Trace.from_json(import_.trace)
    siblings = WorkbookImport.objects.filter(plan=plan, state=State.APPLIED).exclude(pk=import_.pk)
    later = models.Q(applied_at__gt=import_.applied_at) | models.Q(applied_at=import_.applied_at, pk__gt=import_.pk)
    if siblings.filter(later).exists():
        raise CannotUndo(NOT_THE_NEWEST)
    if plan.state == Plan.State.CLOSED:
        raise CannotUndo(CLOSED)
    for model in LEVELS:
        for referring, _ in _references(model, trace.created.get(_name(model), [])):
            raise CannotUndo(CONTINUED if referring._meta.app_label == "din" else RECORDED)
    if snapshot_of(plan.programme, plan).fingerprint != trace.after or _was_edited(import_, plan):
        raise CannotUndo(EDITED)
    return plan


def _was_edited(import_: WorkbookImport, plan: Plan) -> bool:
    """Whether somebody changed a text of the plan since; undoing a later import is no such change."""
    undone = WorkbookImport.objects.filter(programme=plan.programme, year=import_.year, state=State.UNDONE)
    last = undone.aggregate(last=models.Max("undone_at"))["last"]
    since = max(moment for moment in (import_.applied_at, last) if moment is not None)
    return any(model.history.filter(plan=plan.pk, history_date__gt=since).exists() for model in LEVELS)


def _references(model: type[models.Model], pks: Sequence[int]) -> Iterator[tuple[type[models.Model], set[int]]]:
    """The models that refer to rows of `model`, with the keys they refer to; lines of the plan itself don't count."""
    if not pks:
        return
    own = set(LINES.values())
    for relation in model._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)):
            continue
        referring: Any = relation.related_model
        name = relation.field.name  # type: ignore[union-attr]
        if issubclass(referring, HistoricalChanges) or referring in own:
            continue
        found: set[int] = set()
        for some in batches(pks):
            rows = referring._default_manager.filter(**{f"{name}__in": some})
            if referring is model:
                rows = rows.exclude(pk__in=some)
            found.update(rows.values_list(name, flat=True))
        if found:
            yield referring, found


def _take_back(trace: Trace, plan: Plan, scribe: Scribe) -> None:
    for name, through in LINES.items():
        _swap_lines(through, added=trace.added.get(name, []), removed=())
    for model in LEVELS:
        pks = trace.created.get(_name(model), [])
        for through in LINES.values():
            for field in through._meta.fields:
                if field.related_model is model:
                    for some in batches(pks):
                        through._default_manager.filter(**{f"{field.name}__in": some}).delete()
    for model in LEVELS:
        scribe.delete(model, trace.created.get(_name(model), []))
    for restored in (*NAMED, *LEVELS):
        if former := trace.former.get(_name(restored)):
            scribe.restore(restored, former)
    for name, through in LINES.items():
        _swap_lines(through, added=(), removed=trace.removed.get(name, []))
    for named in NAMED:
        pks = trace.created.get(_name(named), [])
        used = {pk for _, found in _references(named, pks) for pk in found}
        scribe.delete(named, [pk for pk in pks if pk not in used])


def _swap_lines(
    through: type[models.Model], *, added: Iterable[Sequence[int]], removed: Iterable[Sequence[int]]
) -> None:
    """Take away the lines that came and put back those that went."""
    source, target = [field.attname for field in through._meta.fields if field.is_relation]
    came = {tuple(pair) for pair in added}
    if came:
        rows = through._default_manager.filter(**{f"{source}__in": {pair[0] for pair in came}})
        stale = [pk for pk, *pair in rows.values_list("pk", source, target) if tuple(pair) in came]
        for some in batches(stale):
            through._default_manager.filter(pk__in=some).delete()
    through._default_manager.bulk_create(
        (through(**{source: start, target: end}) for start, end in removed), batch_size=BATCH
    )


def _remove_plan(plan: Plan, actor: AbstractBaseUser | None, reason: str) -> None:
    """Delete the plan that the import made, when nothing is left in it; the log stays."""
    if any(referring is not WorkbookImport for referring, _ in _references(Plan, [plan.pk])):
        return
    WorkbookImport.objects.filter(plan=plan).exclude(state=State.APPLIED).update(plan=None)
    plan._history_user = actor  # type: ignore[attr-defined]
    plan._change_reason = reason  # type: ignore[attr-defined]
    plan.delete()


def _name(model: type[models.Model]) -> str:
    return model._meta.model_name or ""
