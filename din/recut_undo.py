"""Taking a re-cut back: goals, levels and themes are what they were before it. All of it or nothing.

It can be done as long as it is the latest of the programme, the plan is as it left it and nothing was recorded on its
goals since. The history keeps what stood there, and the trail why it was taken back.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from din.models import Ambition, Effort, ErGoal, Goal, Plan, Programme, Recut, RecutMove, Theme
from din.permissions import RECUT_PROGRAMME
from din.recorded import recorded_since
from din.scribe import Scribe
from din.text import writable
from din.trail import Origin, Written, tell

REASON_LIMIT = 100  # of the history; the trail has all of it
LEVELS: tuple[type[Ambition | ErGoal | Effort], ...] = (Ambition, ErGoal, Effort)

NOT_THE_LATEST = "Het programma is daarna nog eens herijkt. Maak eerst die herijking ongedaan."
CLOSED = "Een plan waarin doelen verschoven, is afgesloten."
EDITED = "Het plan is na deze herijking gewijzigd."
NO_REASON = "Schrijf op waarom u de herijking ongedaan maakt."


class CannotUndoRecut(Exception):
    """This re-cut cannot be taken back (any more); str() is the sentence for the user."""


# What rows had before, by model and key, as Scribe.restore takes it.
Former = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class _Before:
    """What stood there before a re-cut, and the themes that it made."""

    former: tuple[tuple[type[models.Model], Former], ...]
    new_themes: tuple[Theme, ...]


def why_not_undo(recut: Recut) -> str:
    """Why this re-cut cannot be taken back, as a sentence; empty when it can."""
    try:
        _before(recut)
    except CannotUndoRecut as refusal:
        return str(refusal)
    return ""


def undo_recut(
    recut: Recut, *, reason: str, actor: AbstractBaseUser, origin: Origin, now: datetime.datetime | None = None
) -> None:
    """Take `recut` back, in one transaction, with its history and `reason` in the trail. Raises CannotUndoRecut."""
    RECUT_PROGRAMME.require(actor, recut.programme)
    reason = writable(reason).strip()
    if not reason:
        raise CannotUndoRecut(NO_REASON)
    at = now or timezone.now()
    try:
        with transaction.atomic():
            programme = Programme.objects.select_for_update().get(pk=recut.programme_id)
            current = Recut.objects.select_related("programme").filter(pk=recut.pk).first()
            if current is None:
                raise CannotUndoRecut("Deze herijking is al ongedaan gemaakt.")
            before = _before(current)
            tell(Written("undo_recut", current, "ongedaan gemaakt", reason), actor=actor, origin=origin, at=at)
            _give_back(programme, current, before, Scribe(actor, at, reason[:REASON_LIMIT]))
    except (models.ProtectedError, IntegrityError) as refused:
        raise CannotUndoRecut(EDITED) from refused


# --- what stood there ----------------------------------------------------------------------------------------------


def _before(recut: Recut) -> _Before:
    """What is to be given back. Raises CannotUndoRecut with the reason when it cannot."""
    programme = recut.programme
    if Recut.objects.filter(programme=programme, day__gt=recut.day).exists():
        raise CannotUndoRecut(NOT_THE_LATEST)
    at = recut.history.filter(history_type="+").values_list("history_date", flat=True).get()
    moves = list(recut.moves.select_related("goal__plan", "goal__theme"))
    if any(move.goal.plan.state == Plan.State.CLOSED for move in moves):
        raise CannotUndoRecut(CLOSED)
    new_themes = tuple(Theme.objects.filter(pk__in=_keys(Theme, at, "+"), programme=programme, began_on=recut.day))
    there = Goal.objects.filter(theme__in=new_themes).values_list("pk", flat=True)
    if recorded := recorded_since({*there, *(move.goal_id for move in moves)}, since=at):
        raise CannotUndoRecut(recorded)
    if programme.last_year != recut.last_year_after or set(there) - {move.goal_id for move in moves}:
        raise CannotUndoRecut(EDITED)
    ended = Theme.objects.filter(pk__in=_keys(Theme, at, "~"), programme=programme, ended_on=recut.day)
    themes = {str(theme.pk): {"ended_on": None} for theme in ended}
    goals = {str(move.goal_id): _goal_before(recut, move) for move in moves}
    levels = tuple((model, _level_before(model, programme, at)) for model in LEVELS)
    return _Before(((Goal, goals), *levels, (Theme, themes)), new_themes)


def _keys(model: Any, at: datetime.datetime, kind: str) -> list[int]:
    """The rows of `model` that the re-cut of the moment `at` added ("+") or changed ("~")."""
    return list(model.history.filter(history_date=at, history_type=kind).values_list("id", flat=True))


def _goal_before(recut: Recut, move: RecutMove) -> dict[str, Any]:
    goal = move.goal
    if move.is_ended:
        if (goal.ended_on, goal.ended_reason) != (recut.day, move.ended_reason):
            raise CannotUndoRecut(EDITED)
        return {"ended_on": None, "ended_reason": ""}
    if goal.ended_on is not None or (goal.theme_id, goal.reference) != (move.to_theme_id, move.to_reference):
        raise CannotUndoRecut(EDITED)
    number = move.from_reference.rpartition(".")[2]
    return {"theme_id": move.from_theme_id, "number": int(number) if number else None}


def _level_before(model: Any, programme: Programme, at: datetime.datetime) -> Former:
    """The rows that went along with their theme at the moment `at`, with the theme that they came from."""
    rows = {row.pk: row for row in model.objects.filter(pk__in=_keys(model, at, "~"), plan__programme=programme)}
    told: dict[int, list[int | None]] = {pk: [] for pk in rows}
    history = model.history.filter(id__in=rows, history_date__lte=at).order_by("-history_date", "-history_id")
    for pk, theme in history.values_list("id", "theme_id"):
        told[pk].append(theme)
    if any(row.theme_id != told[pk][0] or len(told[pk]) == 1 for pk, row in rows.items()):
        raise CannotUndoRecut(EDITED)
    return {str(pk): {"theme_id": themes[1]} for pk, themes in told.items()}


# --- writing -------------------------------------------------------------------------------------------------------


def _give_back(programme: Programme, recut: Recut, before: _Before, scribe: Scribe) -> None:
    for model, former in before.former:
        if former:
            scribe.restore(model, former)
    if recut.moves_end:
        scribe.restore(Programme, {str(programme.pk): {"last_year": recut.last_year_before}})
    scribe.delete(RecutMove, list(recut.moves.values_list("pk", flat=True)))
    scribe.delete(Recut, [recut.pk])
    for theme in before.new_themes:
        # One by one, as it is refused when something refers to it: an ambition, or an indicator.
        theme._history_user, theme._history_date = scribe.actor, scribe.now  # type: ignore[attr-defined]
        theme._change_reason = scribe.reason  # type: ignore[attr-defined]
        theme.delete()
