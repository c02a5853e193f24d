"""The only module that writes commitments, apart from the admin.

What may happen to one stands in a table, (state, action) -> transition. An operation is one transaction; its write is
conditional on the version that its writer saw; its history and its line in the audit trail are written inside it.

Raised by the operations, after which nothing is written:
- PermissionDenied, with a sentence, when the actor may not do this;
- Refused, with a sentence, when the state does not allow it;
- Moved, when somebody else wrote in the meantime: `current` is what stands there now;
- ValidationError, field by field, when the content is not right; HeldBack when a text holds personal data.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from din.models import Goal, Owner, Programme
from din.text import writable
from monitoring.audit import append, audit_line
from monitoring.held_back import guard
from monitoring.models import AuditLine, Commitment, ReportingRound
from monitoring.permissions import MANAGE_COMMITMENTS, WRITE_SETTLEMENT
from monitoring.workflow import Refused

State = Commitment.State


class Moved(Exception):
    """Somebody else wrote in the meantime. `current` is the commitment as it stands now."""

    def __init__(self, current: Commitment) -> None:
        super().__init__("Iemand anders heeft dit intussen gewijzigd.")
        self.current = current


class Action(StrEnum):
    """What can be done to a commitment that is there."""

    CHANGE = "change"
    WRITE = "write"
    PROPOSE = "propose"
    WITHDRAW = "withdraw"
    SETTLE = "settle"
    REOPEN = "reopen"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Action.CHANGE: "wijzigen",
    Action.WRITE: "het afdoeningsvoorstel schrijven",
    Action.PROPOSE: "voorstellen als afgedaan",
    Action.WITHDRAW: "het voorstel intrekken",
    Action.SETTLE: "als afgedaan noteren",
    Action.REOPEN: "heropenen",
}


class Who(StrEnum):
    """Who may act: the people of the owner and the manager, or the manager alone."""

    OWNER = "owner"
    MANAGER = "manager"


TRANSITIONS: dict[tuple[State, Action], tuple[State, Who]] = {
    (State.OPEN, Action.CHANGE): (State.OPEN, Who.MANAGER),
    (State.OPEN, Action.WRITE): (State.OPEN, Who.OWNER),
    (State.OPEN, Action.PROPOSE): (State.PROPOSED, Who.MANAGER),
    (State.OPEN, Action.SETTLE): (State.SETTLED, Who.MANAGER),
    (State.PROPOSED, Action.CHANGE): (State.PROPOSED, Who.MANAGER),
    (State.PROPOSED, Action.WITHDRAW): (State.OPEN, Who.MANAGER),
    (State.PROPOSED, Action.SETTLE): (State.SETTLED, Who.MANAGER),
    (State.SETTLED, Action.CHANGE): (State.SETTLED, Who.MANAGER),
    (State.SETTLED, Action.REOPEN): (State.OPEN, Who.MANAGER),
}


@dataclass(frozen=True)
class Facts:
    """What a commitment says, apart from how it is settled. `goals` are keys of goals of its programme."""

    title: str
    kind: str = Commitment.Kind.TOEZEGGING.value
    number: str = ""
    text: str = ""
    made_on: datetime.date | None = None
    made_by: str = ""
    owner: Owner | None = None
    deadline: datetime.date | None = None
    goals: frozenset[int] = frozenset()

    @classmethod
    def of(cls, commitment: Commitment) -> Facts:
        """What stands in `commitment` now; one query for its goals, unless they were read with it."""
        stored = {name: getattr(commitment, name) for name in _COLUMNS}
        return cls(**stored, goals=frozenset(goal.pk for goal in commitment.goals.all()))

    def tidied(self) -> Facts:
        """The facts as they are stored: without control characters and without white space around the texts."""
        texts = {name: writable(getattr(self, name)).strip() for name in _TEXTS}
        return replace(self, **texts)  # type: ignore[arg-type]


_COLUMNS = tuple(field.name for field in fields(Facts) if field.name != "goals")
_TEXTS = ("title", "number", "text", "made_by")


@dataclass(frozen=True)
class Settlement:
    """How far a commitment is on its way to being settled, for one that comes in from a list of before."""

    state: str = State.OPEN.value
    text: str = ""
    proposed_in: ReportingRound | None = None
    settled_on: datetime.date | None = None


@dataclass(frozen=True)
class _Writer:
    """Who writes, along which road and when."""

    actor: AbstractBaseUser
    origin: AuditLine.Origin
    at: datetime.datetime

    def tell(self, action: str, commitment: Commitment, note: str) -> AuditLine:
        return audit_line(
            actor=self.actor,
            origin=self.origin,
            action=action,
            subject=commitment,
            result=commitment.state,
            at=self.at,
            note=note,
        )


def may_act(action: Action, commitment: Commitment, user: AbstractBaseUser) -> bool:
    """Whether the table and the rights let `user` do `action` now."""
    return action in allowed_actions(commitment, user)


def allowed_actions(commitment: Commitment, user: AbstractBaseUser) -> list[Action]:
    """What `user` can do to `commitment` now, in the order of Action."""
    possible = {action: who for (state, action), (_, who) in TRANSITIONS.items() if state == commitment.state}
    if MANAGE_COMMITMENTS.allows(user, commitment.programme):
        return list(possible)
    if WRITE_SETTLEMENT.allows(user, commitment):
        return [action for action, who in possible.items() if who is Who.OWNER]
    return []


def add(
    programme: Programme,
    facts: Facts,
    *,
    actor: AbstractBaseUser,
    origin: AuditLine.Origin,
    settlement: Settlement | None = None,
    no_bsn: Collection[str] = (),
    note: str = "",
    now: datetime.datetime | None = None,
) -> Commitment:
    """Add a commitment to `programme`, open unless `settlement` says otherwise."""
    MANAGE_COMMITMENTS.require(actor, programme)
    writer = _Writer(actor, origin, now or timezone.now())
    with transaction.atomic():
        Programme.objects.select_for_update().get(pk=programme.pk)
        commitment = Commitment(programme=programme)
        facts = facts.tidied()
        settlement = settlement or Settlement()
        commitment.state, commitment.settlement = settlement.state, writable(settlement.text).strip()
        commitment.proposed_in, commitment.settled_on = settlement.proposed_in, settlement.settled_on
        declared = guard({**_texts(facts), "settlement": commitment.settlement}, no_bsn=no_bsn)
        _put(commitment, facts)
        _save(commitment, writer)
        commitment.goals.set(facts.goals)
        append([writer.tell("create", commitment, _note(note, declared))])
    return commitment


def change(
    commitment: Commitment,
    facts: Facts,
    *,
    version: int,
    actor: AbstractBaseUser,
    origin: AuditLine.Origin,
    no_bsn: Collection[str] = (),
    note: str = "",
    now: datetime.datetime | None = None,
) -> Commitment:
    """Change what `commitment` says. The same facts again change nothing and are no conflict."""
    writer = _Writer(actor, origin, now or timezone.now())
    with transaction.atomic():
        current = _locked(commitment, Action.CHANGE, actor)
        stored, facts = Facts.of(current), facts.tidied()
        if facts == stored:
            return current
        _require_version(current, version)
        declared = guard(_texts(facts), stored="\n".join(_texts(stored).values()), no_bsn=no_bsn)
        _put(current, facts)
        _save(current, writer)
        current.goals.set(facts.goals)
        append([writer.tell(Action.CHANGE, current, _note(note, _changed(stored, facts), declared))])
    return current


def write_settlement(
    commitment: Commitment,
    text: str,
    *,
    version: int,
    actor: AbstractBaseUser,
    origin: AuditLine.Origin,
    no_bsn: Collection[str] = (),
    now: datetime.datetime | None = None,
) -> Commitment:
    """Keep the text of the proposal, without proposing it."""
    return _settle(
        Action.WRITE, commitment, version=version, actor=actor, origin=origin, now=now, text=text, no_bsn=no_bsn
    )


def propose(
    commitment: Commitment,
    text: str,
    *,
    proposed_in: ReportingRound | None,
    version: int,
    actor: AbstractBaseUser,
    origin: AuditLine.Origin,
    no_bsn: Collection[str] = (),
    now: datetime.datetime | None = None,
) -> Commitment:
    """Propose to settle: with the report of a round that is not adopted yet, or, without a round, at once."""
    return _settle(
        Action.PROPOSE,
        commitment,
        version=version,
        actor=actor,
        origin=origin,
        now=now,
        text=text,
        no_bsn=no_bsn,
        proposed_in=proposed_in,
    )


def withdraw(
    commitment: Commitment,
    *,
    version: int,
    actor: AbstractBaseUser,
    origin: AuditLine.Origin,
    now: datetime.datetime | None = None,
) -> Commitment:
    """Take the proposal back; its text stays as a draft."""
    return _settle(Action.WITHDRAW, commitment, version=version, actor=actor, origin=origin, now=now)


def settle(
    commitment: Commitment,
    *,
    settled_on: datetime.date,
    version: int,
    actor: AbstractBaseUser,
    origin: AuditLine.Origin,
    now: datetime.datetime | None = None,
) -> Commitment:
    """Note that the council settled it on that day, with or without a proposal."""
    if settled_on > timezone.localdate(now):
        raise ValidationError({"settled_on": "Deze dag moet nog komen. Noteer dit als de raad het heeft afgedaan."})
    return _settle(
        Action.SETTLE, commitment, version=version, actor=actor, origin=origin, now=now, settled_on=settled_on
    )


def reopen(
    commitment: Commitment,
    *,
    version: int,
    actor: AbstractBaseUser,
    origin: AuditLine.Origin,
    now: datetime.datetime | None = None,
) -> Commitment:
    """Open again what was settled by mistake or too early; the text of the proposal stays as a draft."""
    return _settle(Action.REOPEN, commitment, version=version, actor=actor, origin=origin, now=now)


def _settle(
    action: Action,
    commitment: Commitment,
    *,
    version: int,
    actor: AbstractBaseUser,
    origin: AuditLine.Origin,
    now: datetime.datetime | None,
    text: str | None = None,
    no_bsn: Collection[str] = (),
    proposed_in: ReportingRound | None = None,
    settled_on: datetime.date | None = None,
) -> Commitment:
    writer = _Writer(actor, origin, now or timezone.now())
    with transaction.atomic():
        current = _locked(commitment, action, actor)
        if proposed_in is not None:
            _require_coming(proposed_in)
        declared = ""
        if text is not None:
            text = writable(text).strip()
            if action is Action.WRITE and text == current.settlement:
                return current
            declared = guard({"settlement": text}, stored=current.settlement, no_bsn=no_bsn)
        _require_version(current, version)
        if text is not None:
            current.settlement = text
        if action is Action.SETTLE:
            _require_told(current)
        else:
            current.proposed_in = proposed_in
        current.settled_on = settled_on
        current.state = TRANSITIONS[State(current.state), action][0]
        if current.state == State.PROPOSED and not current.settlement:
            raise ValidationError({"settlement": "Schrijf het afdoeningsvoorstel op."})
        _save(current, writer)
        told = f"in {proposed_in.label}" if proposed_in else ""
        append([writer.tell(action, current, _note(told, declared))])
    return current


def _require_coming(round_: ReportingRound) -> None:
    """The report of `round_` is not made yet: an adoption and a proposal wait for each other."""
    if ReportingRound.objects.select_for_update().get(pk=round_.pk).is_adopted:
        raise ValidationError({"proposed_in": "Deze ronde is al vastgesteld. Kies een andere, of geen."})


def _require_told(commitment: Commitment) -> None:
    """The council cannot have settled what it has not read."""
    round_ = commitment.proposed_in
    if commitment.state == State.PROPOSED and round_ is not None and not round_.is_adopted:
        raise Refused(
            f"Dit voorstel gaat met de ronde {round_.label} naar de raad. Stel die eerst vast, of trek het voorstel in."
        )


def _locked(commitment: Commitment, action: Action, actor: AbstractBaseUser) -> Commitment:
    """The commitment as it stands now, on which `actor` may do `action`."""
    Commitment.objects.select_for_update().get(pk=commitment.pk)
    current = Commitment.objects.with_place().get(pk=commitment.pk)
    # Who may do nothing of the kind hears that first; that the state is another one is for who may.
    if action is Action.WRITE:
        WRITE_SETTLEMENT.require(actor, current)
    else:
        MANAGE_COMMITMENTS.require(actor, current.programme)
    if (State(current.state), action) not in TRANSITIONS:
        raise Refused(f"De stand is nu ‘{current.get_state_display()}’: {action.label} kan dan niet.")
    return current


def _require_version(current: Commitment, version: int) -> None:
    if current.version != version:
        raise Moved(current)


def _texts(facts: Facts) -> dict[str, str]:
    return {name: getattr(facts, name) for name in _TEXTS}


def _put(commitment: Commitment, facts: Facts) -> None:
    """Put `facts` into the fields of `commitment`; raises ValidationError when its goals are of another programme."""
    for name in _COLUMNS:
        setattr(commitment, name, getattr(facts, name))
    own = Goal.objects.filter(pk__in=facts.goals, plan__programme=commitment.programme_id).count()
    if own != len(facts.goals):
        raise ValidationError({"goals": "Een van deze doelen hoort bij een ander programma."})


def _save(commitment: Commitment, writer: _Writer) -> None:
    if commitment.pk is not None:
        commitment.version += 1
    commitment.full_clean()
    commitment._history_user = writer.actor  # type: ignore[attr-defined]
    commitment._history_date = writer.at  # type: ignore[attr-defined]
    commitment.save()


def _changed(before: Facts, after: Facts) -> str:
    return "gewijzigd: " + ", ".join(label_of(name) for name in differing(before, after))


def _note(*parts: str) -> str:
    return "\n".join(filter(None, parts))


def differing(one: Facts, other: Facts) -> list[str]:
    """The names of the fields in which two differ."""
    return [field.name for field in fields(Facts) if getattr(one, field.name) != getattr(other, field.name)]


def label_of(name: str) -> str:
    """What a field of Facts is called on screen."""
    return str(Commitment._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
