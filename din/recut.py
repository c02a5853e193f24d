"""Re-cutting a programme (herijking): plan it, look at it, and apply it in one transaction.

Goals move to another theme or end with a reason; ER-goals, ambitions and efforts go along with their theme. Nothing
that was recorded changes: updates stay with their goals, and adopted reports keep the themes of then.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone

from din.models import Ambition, Effort, ErGoal, Goal, Plan, Programme, Recut, RecutMove, Theme
from din.models.programme import YEAR_RANGE
from din.permissions import RECUT_PROGRAMME
from din.text import text_key, writable
from din.trail import Origin, Written, tell

WHOLE_PROGRAMME = "Hele programma"
STAYS, ENDS, WITH_THEME = "stays", "ends", ""
REASON_LIMIT = 2_000
_LEVELS: tuple[type[ErGoal | Ambition | Effort], ...] = (Ambition, ErGoal, Effort)


class CannotRecut(Exception):
    """The re-cut cannot be applied as it is; `findings` are the sentences for the user."""

    def __init__(self, findings: tuple[str, ...]) -> None:
        super().__init__(" ".join(findings))
        self.findings = findings


class RecutMoved(Exception):
    """The plan changed since the preview was shown: nothing was written."""


def to_theme(theme: Theme) -> str:
    """The destination of what goes to `theme`."""
    return f"theme-{theme.pk}"


def to_new(index: int) -> str:
    """The destination of what goes to a new theme, by its place in the proposal."""
    return f"new-{index}"


@dataclass(frozen=True)
class NewTheme:
    """A theme that the re-cut makes."""

    name: str
    kind: str = Theme.Kind.ACTIELIJN.value


@dataclass(frozen=True)
class Proposal:
    """What a manager wants. `themes` says by key where each theme goes: STAYS, ENDS, to_theme(…) or to_new(…).

    `goals` holds the exceptions by key of a goal; WITH_THEME is none. `reasons` says why a goal ends, where that is
    not for the reason of the re-cut.
    """

    day: datetime.date
    reason: str
    last_year: int
    new_themes: tuple[NewTheme, ...] = ()
    themes: Mapping[int, str] = field(default_factory=dict)
    goals: Mapping[int, str] = field(default_factory=dict)
    reasons: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PlannedMove:
    """Where one goal would go. `to` is a destination; `number` its number there."""

    goal: Goal
    from_title: str
    to: str
    to_title: str
    to_reference: str
    number: int | None
    reason: str

    @property
    def is_ended(self) -> bool:
        return self.to == ENDS


@dataclass(frozen=True)
class RecutPlan:
    """What a re-cut would do, with what stands in its way. `fingerprint` is of the plan that it was worked out on."""

    proposal: Proposal
    moves: tuple[PlannedMove, ...]
    stays: int
    ended_themes: tuple[Theme, ...]
    new_themes: tuple[Theme, ...]
    findings: tuple[str, ...]
    fingerprint: str

    @property
    def moved(self) -> list[PlannedMove]:
        return [move for move in self.moves if not move.is_ended]

    @property
    def ended(self) -> list[PlannedMove]:
        return [move for move in self.moves if move.is_ended]


def themes_to_recut(programme: Programme, day: datetime.date) -> list[Theme]:
    """The themes that a re-cut on `day` divides anew."""
    return list(Theme.objects.filter(programme=programme).there(as_of=day).order_by("position", "pk"))


def goals_to_recut(programme: Programme, day: datetime.date) -> list[Goal]:
    """The goals that a re-cut on `day` can move, in the plan's order: those of plans that are not closed."""
    goals = Goal.objects.filter(plan__programme=programme).exclude(plan__state=Plan.State.CLOSED)
    order = ("plan__first_year", F("theme__position").asc(nulls_first=True), "theme", "number", "position", "pk")
    return list(goals.running(as_of=day).with_place().order_by(*order))


def plan_recut(programme: Programme, proposal: Proposal) -> RecutPlan:
    """What `proposal` would do; writes nothing."""
    themes = themes_to_recut(programme, proposal.day)
    goals = goals_to_recut(programme, proposal.day)
    made = _made(programme, proposal)
    targets = {to_theme(theme): theme for theme in themes} | {to_new(at): theme for at, theme in enumerate(made)}
    findings = _findings(programme, proposal, targets)
    numbers = _Numbers(goals)
    moves, stays = [], 0
    for goal in goals:
        to = _destination(goal, proposal)
        if to == STAYS or (goal.theme is not None and to == to_theme(goal.theme)) or (to not in targets and to != ENDS):
            stays += 1
            continue
        target = targets.get(to)
        number = None if target is None else numbers.take(goal, to)
        moves.append(
            PlannedMove(
                goal=goal,
                from_title=goal.theme.title if goal.theme else WHOLE_PROGRAMME,
                to=to,
                to_title=target.title if target else "",
                to_reference=_reference(target, number) if target else "",
                number=number,
                reason=(proposal.reasons.get(goal.pk, "").strip() or proposal.reason.strip()) if to == ENDS else "",
            )
        )
    gone = {move.goal.pk for move in moves}
    left = {goal.theme_id for goal in goals if goal.pk not in gone}
    leaving = {pk for pk, to in proposal.themes.items() if to not in (STAYS, WITH_THEME)}
    return RecutPlan(
        proposal=proposal,
        moves=tuple(moves),
        stays=stays,
        ended_themes=tuple(theme for theme in themes if theme.pk in leaving and theme.pk not in left),
        new_themes=tuple(made),
        findings=(*findings, *_twice(goals, moves)),
        fingerprint=_fingerprint(programme, themes, goals),
    )


def apply_recut(
    programme: Programme,
    proposal: Proposal,
    *,
    fingerprint: str | None,
    actor: AbstractBaseUser | None,
    origin: Origin,
    now: datetime.datetime | None = None,
) -> Recut:
    """Apply `proposal`, all of it or nothing, and tell the trail.

    `fingerprint` is that of the plan that was shown; None applies it unseen. Raises CannotRecut and RecutMoved, and
    PermissionDenied when `actor` does not manage the programme (None is the server).
    """
    if actor is not None:
        RECUT_PROGRAMME.require(actor, programme)
    at = now or timezone.now()
    try:
        with transaction.atomic():
            locked = Programme.objects.select_for_update().get(pk=programme.pk)
            plan = plan_recut(locked, proposal)
            if plan.findings:
                raise CannotRecut(plan.findings)
            if fingerprint is not None and fingerprint != plan.fingerprint:
                raise RecutMoved
            return _Writer(actor, origin, at).write(locked, plan)
    except IntegrityError as refused:
        sentence = "Een tekst of een nummer komt zo twee keer voor in een onderdeel. Laat een van de twee apart gaan."
        raise CannotRecut((sentence,)) from refused


# --- planning ------------------------------------------------------------------------------------------------------


def _made(programme: Programme, proposal: Proposal) -> list[Theme]:
    """The themes that would be made, not saved: numbered on within their kind."""
    last = dict(
        Theme.objects.filter(programme=programme).order_by().values_list("kind").annotate(highest=Max("number"))
    )
    place = Theme.objects.filter(programme=programme).aggregate(last=Max("position"))["last"] or 0
    made = []
    for new in proposal.new_themes:
        last[new.kind] = (last.get(new.kind) or 0) + 1
        place += 1
        name = writable(new.name).strip()
        theme = Theme(programme=programme, kind=new.kind, number=last[new.kind], name=name, position=place)
        theme.began_on = proposal.day
        made.append(theme)
    return made


def _findings(programme: Programme, proposal: Proposal, targets: Mapping[str, Theme]) -> list[str]:
    found = []
    if not writable(proposal.reason).strip():
        found.append("Schrijf de reden van de herijking op.")
    if not YEAR_RANGE[0] <= proposal.last_year <= YEAR_RANGE[1] or proposal.last_year < programme.first_year:
        found.append(f"Het laatste jaar ligt voor het eerste jaar van het programma ({programme.first_year}).")
    if not datetime.date(programme.first_year, 1, 1) <= proposal.day <= datetime.date(programme.last_year, 12, 31):
        found.append(f"De dag valt buiten het programma ({programme.period}).")
    latest = Recut.objects.filter(programme=programme).order_by("-day").first()
    if latest is not None and proposal.day <= latest.day:
        found.append(f"Het programma is al herijkt op {latest.day:%d-%m-%Y}. Kies een latere dag.")
    if any(len(reason) > REASON_LIMIT for reason in proposal.reasons.values()):
        found.append(f"Een reden is hooguit {REASON_LIMIT} tekens lang.")
    names = [writable(new.name).strip().casefold() for new in proposal.new_themes]
    if "" in names:
        found.append("Geef elk nieuw onderdeel een naam.")
    existing = {name.casefold() for name in Theme.objects.filter(programme=programme).values_list("name", flat=True)}
    for name in sorted({name for name in names if names.count(name) > 1 or name in existing}):
        found.append(f"Er is al een onderdeel ‘{name}’. Geef het nieuwe onderdeel een andere naam.")
    wanted = {*proposal.themes.values(), *proposal.goals.values()} - {STAYS, ENDS, WITH_THEME}
    if wanted - set(targets):
        found.append("Een onderdeel waar iets heen gaat, is er niet. Kies opnieuw.")
    for theme in targets.values():
        if theme.pk and proposal.themes.get(theme.pk, STAYS) not in (STAYS, WITH_THEME) and to_theme(theme) in wanted:
            found.append(f"‘{theme.title}’ gaat zelf ergens heen of vervalt; er kan dan niets bij komen.")
    return found


def _destination(goal: Goal, proposal: Proposal) -> str:
    own = proposal.goals.get(goal.pk, WITH_THEME)
    return own if own != WITH_THEME else proposal.themes.get(goal.theme_id or 0, STAYS) or STAYS


def _twice(goals: list[Goal], moves: list[PlannedMove]) -> list[str]:
    """A text that would stand twice in a theme of one plan."""
    gone = {move.goal.pk: move for move in moves}
    seen: set[tuple[int, str, str]] = set()
    found = []
    for goal in goals:
        move = gone.get(goal.pk)
        there = "" if goal.theme is None else to_theme(goal.theme)
        key = (goal.plan_id, move.to if move and not move.is_ended else there, text_key(goal.text))
        if key in seen:
            found.append(f"‘{goal}’ komt zo twee keer voor in één onderdeel. Laat een van de twee vervallen.")
        seen.add(key)
    return found


def _reference(theme: Theme, number: int | None) -> str:
    return "" if number is None else f"{theme.code}.{number}" if theme.code else str(number)


class _Numbers:
    """Which numbers are taken in each theme of each plan: a goal keeps its own where it is free."""

    def __init__(self, goals: list[Goal]) -> None:
        self._taken: dict[tuple[int, str, str], set[int]] = {}
        plans = {goal.plan_id for goal in goals}
        # Ended goals keep their number too.
        rows = Goal.objects.filter(plan__in=plans).order_by()
        for plan, kind, theme, number in rows.values_list("plan_id", "kind", "theme_id", "number"):
            if number is not None:
                self._taken.setdefault((plan, kind, f"theme-{theme}"), set()).add(number)

    def take(self, goal: Goal, to: str) -> int | None:
        if goal.number is None:
            return None
        taken = self._taken.setdefault((goal.plan_id, goal.kind, to), set())
        number = goal.number if goal.number not in taken else max(taken) + 1
        taken.add(number)
        return number


def _fingerprint(programme: Programme, themes: list[Theme], goals: list[Goal]) -> str:
    state = [programme.last_year, [(theme.pk, theme.title) for theme in themes]]
    rows = [(goal.pk, goal.theme_id, goal.number, goal.text_digest) for goal in goals]
    return hashlib.sha256(repr((state, rows)).encode()).hexdigest()


# --- writing -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Writer:
    """Writes a re-cut, for whom and when."""

    actor: AbstractBaseUser | None
    origin: Origin
    at: datetime.datetime

    def write(self, programme: Programme, plan: RecutPlan) -> Recut:
        proposal = plan.proposal
        recut = Recut(
            programme=programme,
            day=proposal.day,
            reason=writable(proposal.reason).strip(),
            last_year_before=programme.last_year,
            last_year_after=proposal.last_year,
        )
        for theme in plan.new_themes:
            theme.full_clean()
            self._save(theme)
        self._save(recut)
        targets = {to_new(at): theme for at, theme in enumerate(plan.new_themes)}
        targets |= {to_theme(theme): theme for theme in themes_to_recut(programme, proposal.day)}
        for theme in plan.ended_themes:
            theme.ended_on = proposal.day
            self._save(theme)
        self._move_goals(recut, plan, targets)
        self._carry_levels(programme, proposal, targets)
        if programme.last_year != proposal.last_year:
            programme.last_year = proposal.last_year
            self._save(programme)
        note = f"{len(plan.moved)} doelen naar een ander onderdeel, {len(plan.ended)} vervallen"
        tell(Written("recut", recut, "doorgevoerd", note), actor=self.actor, origin=self.origin, at=self.at)
        return recut

    def _save(self, row: Theme | Recut | Programme) -> None:
        row._history_user = self.actor  # type: ignore[union-attr]
        row._history_date = self.at  # type: ignore[union-attr]
        row.save()

    def _move_goals(self, recut: Recut, plan: RecutPlan, targets: Mapping[str, Theme]) -> None:
        kept, goals = [], []
        for move in plan.moves:
            goal, target = move.goal, targets.get(move.to)
            kept.append(
                RecutMove(
                    recut=recut,
                    goal=goal,
                    from_theme=goal.theme,
                    from_title=move.from_title,
                    from_reference=goal.reference,
                    to_theme=target,
                    to_title=move.to_title,
                    to_reference=move.to_reference,
                    ended_reason=writable(move.reason),
                )
            )
            if move.is_ended:
                goal.ended_on, goal.ended_reason = recut.day, writable(move.reason)
            else:
                goal.theme, goal.number = target, move.number
            goals.append(goal)
        RecutMove.objects.bulk_create(kept)
        self._keep_history(RecutMove, kept, is_new=True)
        Goal.objects.bulk_update(goals, ["theme", "number", "ended_on", "ended_reason"], batch_size=200)
        self._keep_history(Goal, goals)

    def _carry_levels(self, programme: Programme, proposal: Proposal, targets: Mapping[str, Theme]) -> None:
        """ER-goals, ambitions and efforts go where their theme goes; of a theme that ends they stay with it."""
        for pk, to in proposal.themes.items():
            if to not in targets:
                continue
            for model in _LEVELS:
                manager: Any = model._default_manager
                found = manager.filter(plan__programme=programme, theme=pk)
                rows = list(found.exclude(plan__state=Plan.State.CLOSED))
                for row in rows:
                    row.theme = targets[to]
                manager.bulk_update(rows, ["theme"], batch_size=200)
                self._keep_history(model, rows)

    def _keep_history(self, model: Any, rows: list[Any], *, is_new: bool = False) -> None:
        model.history.bulk_history_create(rows, update=not is_new, default_user=self.actor, default_date=self.at)
