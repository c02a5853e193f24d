"""The only module that changes the state of a round or of an update.

Everything that may happen stands in two tables, (state, action) -> transition. An operation is one transaction; its
write is conditional on the version that its reader saw, so that neither a double click nor two people at once can act
on something that has moved; its line in the audit trail and its history are written inside the same transaction.

Raised by the operations:
- PermissionDenied, with a sentence, when the actor may not do this;
- Refused, with a sentence, when the state does not allow it;
- ReportMoved, a Refused, when the report is not the one that was shown before adopting;
- Conflict, when somebody else saved in the meantime: nothing is written, `current` holds what stands there now. The
  same content twice is no conflict, so that whoever got no answer can send it again;
- ValidationError, field by field, when the content is not complete enough;
- HeldBack, a ValidationError, when a text holds personal data.
"""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format

from din.fields import writable
from din.models import Goal, Plan
from din.permissions import manages
from monitoring import privacy
from monitoring.audit import append, audit, audit_line
from monitoring.editions import freeze_first_edition
from monitoring.effort_progress import EffortContent, efforts_of, record_efforts, require_own_efforts
from monitoring.mails import send_after_commit
from monitoring.models import AuditLine, ReportingRound, Update
from monitoring.permissions import MANAGE_ROUND, OPEN_ROUND, RECORD_UPDATE, REVIEW_UPDATE
from monitoring.report_json import content_hash, thaw
from monitoring.return_mail import return_mails

State = Update.State
RoundState = ReportingRound.State


class Refused(Exception):
    """The state does not allow this; str() is the sentence for the user."""


class ReportMoved(Refused):
    """What would be frozen is no longer what the actor saw."""


class Conflict(Exception):
    """Somebody else saved in the meantime. `current` is the update as it stands now."""

    def __init__(self, current: Update) -> None:
        super().__init__("Iemand anders heeft dit intussen gewijzigd.")
        self.current = current


class HeldBack(ValidationError):
    """A text holds personal data: nothing is written. `spots` are the finds by field."""

    def __init__(self, spots: dict[str, list[privacy.Spot]]) -> None:
        super().__init__({field: privacy.sentence(found) for field, found in spots.items()})
        self.spots = spots


class Action(StrEnum):
    """What can be done to an update."""

    SAVE = "save"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    RETURN = "return"
    MARK_NOT_DELIVERED = "mark_not_delivered"

    @property
    def label(self) -> str:
        return _ACTION_LABELS[self]


_ACTION_LABELS = {
    Action.SAVE: "concept bewaren",
    Action.SUBMIT: "indienen",
    Action.WITHDRAW: "terughalen",
    Action.APPROVE: "goedkeuren",
    Action.RETURN: "terugsturen",
    Action.MARK_NOT_DELIVERED: "niet aangeleverd",
}


class Who(StrEnum):
    """Who may act: the owner's people and the manager, or the manager alone."""

    OWNER = "owner"
    MANAGER = "manager"


@dataclass(frozen=True)
class Transition:
    """Where an action leads and who may do it.

    Once handing in is over, as the round is in review or its last day has passed, an owner acts only where
    `after_closing`.
    """

    to: Update.State
    who: Who
    after_closing: bool = False


TRANSITIONS: dict[tuple[Update.State, Action], Transition] = {
    (State.TODO, Action.SAVE): Transition(State.DRAFT, Who.OWNER),
    (State.TODO, Action.SUBMIT): Transition(State.SUBMITTED, Who.OWNER),
    (State.TODO, Action.MARK_NOT_DELIVERED): Transition(State.NOT_DELIVERED, Who.MANAGER),
    (State.DRAFT, Action.SAVE): Transition(State.DRAFT, Who.OWNER),
    (State.DRAFT, Action.SUBMIT): Transition(State.SUBMITTED, Who.OWNER),
    (State.DRAFT, Action.MARK_NOT_DELIVERED): Transition(State.NOT_DELIVERED, Who.MANAGER),
    (State.SUBMITTED, Action.WITHDRAW): Transition(State.DRAFT, Who.OWNER),
    (State.SUBMITTED, Action.APPROVE): Transition(State.APPROVED, Who.MANAGER),
    (State.SUBMITTED, Action.RETURN): Transition(State.RETURNED, Who.MANAGER),
    (State.RETURNED, Action.SAVE): Transition(State.RETURNED, Who.OWNER, after_closing=True),
    (State.RETURNED, Action.SUBMIT): Transition(State.SUBMITTED, Who.OWNER, after_closing=True),
    (State.RETURNED, Action.MARK_NOT_DELIVERED): Transition(State.NOT_DELIVERED, Who.MANAGER),
    (State.APPROVED, Action.RETURN): Transition(State.RETURNED, Who.MANAGER),
    (State.NOT_DELIVERED, Action.WITHDRAW): Transition(State.DRAFT, Who.MANAGER),
}


@dataclass(frozen=True)
class Content:
    """What somebody records on a goal. `status` is a value of Update.Status, or empty while it is a draft.

    `efforts` are efforts of the goal, each at most once; one that is not named stays as it is.
    """

    status: str = ""
    explanation: str = ""
    next_steps: str = ""
    forecast: datetime.date | None = None
    efforts: tuple[EffortContent, ...] = ()

    @classmethod
    def of(cls, update: Update) -> "Content":
        """What stands in `update` now; asks its efforts, unless they were read with it (with_efforts)."""
        return cls(update.status, update.explanation, update.next_steps, update.forecast, efforts_of(update))

    def tidied(self) -> "Content":
        """The content as it is stored: without control characters and without white space around the texts."""
        return replace(
            self,
            explanation=writable(self.explanation).strip(),
            next_steps=writable(self.next_steps).strip(),
            efforts=tuple(effort.tidied() for effort in self.efforts),
        )

    def stands_in(self, update: Update) -> bool:
        """Whether all of this is what is stored in `update` already."""
        stored = Content.of(update)
        return replace(stored, efforts=()) == replace(self.tidied(), efforts=()) and set(stored.efforts) >= set(
            self.tidied().efforts
        )


def may_act(action: Action, *, update: Update, user: AbstractBaseUser, now: datetime.datetime | None = None) -> bool:
    """Whether the tables, the rights and the round's last day let `user` do `action` now."""
    try:
        _transition(action, update=update, actor=user, today=timezone.localdate(now))
    except (Refused, PermissionDenied):
        return False
    return True


def allowed_actions(update: Update, user: AbstractBaseUser, *, now: datetime.datetime | None = None) -> list[Action]:
    """What `user` can do to `update` now, in the order of Action."""
    return [action for action in Action if may_act(action, update=update, user=user, now=now)]


def save_draft(
    *,
    update: Update,
    actor: AbstractBaseUser,
    origin: AuditLine.Origin,
    content: Content,
    version: int,
    no_bsn: Collection[str] = (),
    now: datetime.datetime | None = None,
) -> Update:
    """Keep what was typed, complete or not.

    `version` is the version that the actor saw; `no_bsn` are the numbers in the texts that the actor declares to be no
    citizen service number.
    """
    return _act(
        Action.SAVE,
        update=update,
        actor=actor,
        origin=origin,
        version=version,
        now=now,
        content=content,
        no_bsn=no_bsn,
    )


def submit(
    *,
    update: Update,
    actor: AbstractBaseUser,
    origin: AuditLine.Origin,
    content: Content,
    version: int,
    no_bsn: Collection[str] = (),
    now: datetime.datetime | None = None,
) -> Update:
    """Hand in for review. Needs a status, and an explanation with the statuses that the council wants explained."""
    return _act(
        Action.SUBMIT,
        update=update,
        actor=actor,
        origin=origin,
        version=version,
        now=now,
        content=content,
        no_bsn=no_bsn,
    )


def withdraw(
    *,
    update: Update,
    actor: AbstractBaseUser,
    origin: AuditLine.Origin,
    version: int,
    now: datetime.datetime | None = None,
) -> Update:
    """Take back what was submitted, or what was marked as not delivered, to work on it again."""
    return _act(Action.WITHDRAW, update=update, actor=actor, origin=origin, version=version, now=now)


def approve(
    *,
    update: Update,
    actor: AbstractBaseUser,
    origin: AuditLine.Origin,
    version: int,
    now: datetime.datetime | None = None,
) -> Update:
    """Approve what was submitted."""
    return _act(Action.APPROVE, update=update, actor=actor, origin=origin, version=version, now=now)


@dataclass(frozen=True)
class ApprovedMany:
    """What was approved at once, and what was left because it had moved, both in the plan's order."""

    approved: tuple[Update, ...]
    moved: tuple[Update, ...]


def approve_many(
    *,
    round_: ReportingRound,
    versions: Mapping[int, int],
    actor: AbstractBaseUser,
    origin: AuditLine.Origin,
    now: datetime.datetime | None = None,
) -> ApprovedMany:
    """Approve updates of `round_` that were submitted, in a constant number of queries, each with its own audit line.

    `versions` gives by the key of an update the version that the actor saw: what has another one now is left.
    """
    REVIEW_UPDATE.require(actor, round_.programme)
    at = now or timezone.now()
    to = TRANSITIONS[State.SUBMITTED, Action.APPROVE].to
    with transaction.atomic():
        _require_running(ReportingRound.objects.select_for_update().get(pk=round_.pk))
        found = list(Update.objects.filter(round=round_.pk, pk__in=versions).with_place().in_plan_order())
        ready = [
            update for update in found if update.version == versions[update.pk] and update.state == State.SUBMITTED
        ]
        by_version: dict[int, list[int]] = {}
        for update in ready:
            by_version.setdefault(update.version, []).append(update.pk)
        as_seen = Q(pk__in=[])
        for version, keys in by_version.items():
            as_seen |= Q(pk__in=keys, version=version)
        written = Update.objects.filter(as_seen, state=State.SUBMITTED).update(
            state=to, version=F("version") + 1, changed_at=at, changed_by_id=actor.pk
        )
        if written != len(ready):
            raise Conflict(ready[0])
        for update in ready:
            update.state, update.version = to, update.version + 1
            update.changed_at, update.changed_by_id = at, actor.pk
        Update.history.bulk_history_create(ready, update=True, default_user=actor, default_date=at)
        append(
            audit_line(
                actor=actor,
                origin=origin,
                action=Action.APPROVE.value,
                subject=update,
                result=update.state,
                at=at,
            )
            for update in ready
        )
    return ApprovedMany(tuple(ready), tuple(update for update in found if update not in ready))


def return_to_owner(
    *,
    update: Update,
    actor: AbstractBaseUser,
    origin: AuditLine.Origin,
    version: int,
    reason: str,
    no_bsn: Collection[str] = (),
    now: datetime.datetime | None = None,
) -> Update:
    """Send back to the owner with a reason, which the owner sees."""
    return _act(
        Action.RETURN,
        update=update,
        actor=actor,
        origin=origin,
        version=version,
        now=now,
        reason=reason,
        no_bsn=no_bsn,
    )


def mark_not_delivered(
    *,
    update: Update,
    actor: AbstractBaseUser,
    origin: AuditLine.Origin,
    version: int,
    reason: str,
    no_bsn: Collection[str] = (),
    now: datetime.datetime | None = None,
) -> Update:
    """Note that nothing came in for this goal, with the reason, which the report shows."""
    return _act(
        Action.MARK_NOT_DELIVERED,
        update=update,
        actor=actor,
        origin=origin,
        version=version,
        now=now,
        reason=reason,
        no_bsn=no_bsn,
    )


def _transition(action: Action, *, update: Update, actor: AbstractBaseUser, today: datetime.date) -> Transition:
    """The transition of `action` from where `update` is on `today`; raises Refused or PermissionDenied."""
    goal, round_ = update.goal, update.round
    transition = TRANSITIONS.get((State(update.state), action))
    who = Who.OWNER if action in (Action.SAVE, Action.SUBMIT, Action.WITHDRAW) else Who.MANAGER
    if who is Who.OWNER:
        RECORD_UPDATE.require(actor, goal)
    else:
        REVIEW_UPDATE.require(actor, goal.plan.programme)
    _require_running(round_)
    if transition is None:
        raise Refused(f"De voortgang is {update.get_state_display()}: {action.label} kan dan niet.")
    if transition.who is Who.MANAGER and who is Who.OWNER:
        REVIEW_UPDATE.require(actor, goal.plan.programme)
    if (
        transition.who is Who.OWNER
        and not transition.after_closing
        and not round_.takes_in(as_of=today)
        and not manages(actor, goal.plan.programme)
    ):
        raise Refused(_too_late(round_))
    return transition


def _require_running(round_: ReportingRound) -> None:
    if not round_.is_running:
        raise Refused(
            "Deze ronde is vastgesteld: er verandert niets meer."
            if round_.is_adopted
            else "Deze ronde is nog niet geopend."
        )


def _too_late(round_: ReportingRound) -> str:
    if round_.state == RoundState.IN_REVIEW:
        why = "De manager beoordeelt de ronde"
    else:
        why = f"Inleveren kon tot en met {date_format(round_.closes_on, 'j F Y')}"
    return f"{why}: alleen wat is teruggestuurd kunt u nog wijzigen. Vraag de programmamanager als er meer moet."


def checked(content: Content, *, complete: bool) -> dict[str, object]:
    """The fields of tidied content to write; raises ValidationError when it cannot be kept or handed in as it is."""
    errors: dict[str, str] = {}
    if content.status and content.status not in Update.Status.values:
        errors["status"] = "Kies een status uit de lijst."
    elif complete and not content.status:
        errors["status"] = "Kies een status voordat u indient."
    if complete and content.status in Update.EXPLAINED_STATUSES and not content.explanation:
        word = Update.Status(content.status).label
        errors["explanation"] = f"Leg uit waarom het doel “{word}” is: de oorzaak, het gevolg, wat u doet en wanneer."
    if errors:
        raise ValidationError(errors)
    return {
        "status": content.status,
        "explanation": content.explanation,
        "next_steps": content.next_steps,
        "forecast": content.forecast,
    }


def _act(
    action: Action,
    *,
    update: Update,
    actor: AbstractBaseUser,
    origin: AuditLine.Origin,
    version: int,
    now: datetime.datetime | None,
    content: Content | None = None,
    reason: str = "",
    no_bsn: Collection[str] = (),
) -> Update:
    at = now or timezone.now()
    reason = writable(reason).strip()
    with transaction.atomic():
        # The round is locked first, so that an adoption and an edit wait for each other.
        ReportingRound.objects.select_for_update().get(pk=update.round_id)
        current = Update.objects.with_place().get(pk=update.pk)
        transition = _transition(action, update=current, actor=actor, today=timezone.localdate(at))
        fields: dict[str, object] = {}
        if content is not None:
            content = content.tidied()
            fields = checked(content, complete=action is Action.SUBMIT)
            require_own_efforts(current, content.efforts)
            if version != current.version and content.stands_in(current):
                version = current.version
        if action in (Action.RETURN, Action.MARK_NOT_DELIVERED):
            if not reason:
                raise ValidationError({"reason": "Schrijf de reden op: de eigenaar ziet die."})
            field = "return_reason" if action is Action.RETURN else "not_delivered_reason"
            fields[field] = reason
        declared = _guard(fields, content.efforts if content is not None else (), current, no_bsn)
        if action is Action.SUBMIT:
            fields["return_reason"] = ""
        if current.state == State.NOT_DELIVERED:
            fields["not_delivered_reason"] = ""
        written = Update.objects.filter(pk=current.pk, state=current.state, version=version).update(
            **fields, state=transition.to, version=F("version") + 1, changed_at=at, changed_by_id=actor.pk
        )
        if not written:
            raise Conflict(current)
        result = Update.objects.with_place().get(pk=current.pk)
        if content is not None:
            record_efforts(result, content.efforts, actor=actor, at=at)
        Update.history.bulk_history_create([result], update=True, default_user=actor, default_date=at)
        audit(
            actor=actor,
            origin=origin,
            action=action.value,
            subject=result,
            result=transition.to.value,
            at=at,
            note="\n".join(filter(None, [reason, declared])),
        )
        if action is Action.RETURN:
            send_after_commit(return_mails(result))
    return result


# The names of the form's fields, where they differ from those of the model.
_FORM_FIELDS = {"return_reason": "reason", "not_delivered_reason": "reason"}


def _guard(
    fields: dict[str, object], efforts: Collection[EffortContent], current: Update, no_bsn: Collection[str]
) -> str:
    """Raise HeldBack when a text that is to be written holds personal data; return what the trail says of `no_bsn`.

    A number that stands in the update already was declared to be no BSN when it was written.
    """
    texts = {_FORM_FIELDS.get(name, name): value for name, value in fields.items() if isinstance(value, str)}
    texts |= {effort.comment_field: effort.comment for effort in efforts}
    comments = [effort.comment for effort in efforts_of(current)] if efforts else []
    stored = "\n".join(
        (current.explanation, current.next_steps, current.return_reason, current.not_delivered_reason, *comments)
    )
    known = privacy.numbers(stored)
    found = {name: privacy.held_back(text, no_bsn=known | set(no_bsn)) for name, text in texts.items()}
    if held := {name: spots for name, spots in found.items() if spots}:
        raise HeldBack(held)
    return privacy.declaration(privacy.numbers("\n".join(texts.values())) - known)


# --- rounds --------------------------------------------------------------------------------------------------------


class RoundAction(StrEnum):
    """What can be done to a round."""

    RESCHEDULE = "reschedule"
    OPEN = "open"
    START_REVIEW = "start_review"
    REOPEN = "reopen"
    COMPLETE = "complete"
    ADOPT = "adopt"

    @property
    def label(self) -> str:
        return _ROUND_ACTION_LABELS[self]


_ROUND_ACTION_LABELS = {
    RoundAction.RESCHEDULE: "dagen wijzigen",
    RoundAction.OPEN: "openen",
    RoundAction.START_REVIEW: "inleveren sluiten",
    RoundAction.REOPEN: "weer openen",
    RoundAction.COMPLETE: "aanvullen met nieuwe doelen",
    RoundAction.ADOPT: "vaststellen",
}

ROUND_TRANSITIONS: dict[tuple[ReportingRound.State, RoundAction], ReportingRound.State] = {
    (RoundState.PLANNED, RoundAction.RESCHEDULE): RoundState.PLANNED,
    (RoundState.PLANNED, RoundAction.OPEN): RoundState.OPEN,
    (RoundState.OPEN, RoundAction.RESCHEDULE): RoundState.OPEN,
    (RoundState.OPEN, RoundAction.START_REVIEW): RoundState.IN_REVIEW,
    (RoundState.OPEN, RoundAction.COMPLETE): RoundState.OPEN,
    (RoundState.OPEN, RoundAction.ADOPT): RoundState.ADOPTED,
    (RoundState.IN_REVIEW, RoundAction.RESCHEDULE): RoundState.IN_REVIEW,
    (RoundState.IN_REVIEW, RoundAction.REOPEN): RoundState.OPEN,
    (RoundState.IN_REVIEW, RoundAction.COMPLETE): RoundState.IN_REVIEW,
    (RoundState.IN_REVIEW, RoundAction.ADOPT): RoundState.ADOPTED,
}


def allowed_round_actions(round_: ReportingRound) -> list[RoundAction]:
    """What the manager can do to `round_` now, in the order of RoundAction."""
    return [action for action in RoundAction if (RoundState(round_.state), action) in ROUND_TRANSITIONS]


def missing_goals(round_: ReportingRound) -> list[Goal]:
    """The running goals of the round's plan that have no update in it, in the plan's order."""
    return list(
        Goal.objects.filter(plan=round_.plan_id)
        .running(as_of=round_.opens_on)
        .exclude(updates__round=round_.pk)
        .with_place()
    )


def plan_round(
    *,
    round_: ReportingRound,
    actor: AbstractBaseUser,
    origin: AuditLine.Origin,
    now: datetime.datetime | None = None,
) -> ReportingRound:
    """Save a new round, which is planned until it is opened."""
    OPEN_ROUND.require(actor, round_.programme)
    at = now or timezone.now()
    with transaction.atomic():
        # Locked before the line in the trail, as whoever opens a round of this plan does: see audit.append.
        Plan.objects.select_for_update().get(pk=round_.plan_id)
        round_.save(force_insert=True)
        audit(actor=actor, origin=origin, action="create", subject=round_, result=round_.state, at=at)
    return round_


def open_round(
    *,
    round_: ReportingRound,
    actor: AbstractBaseUser | None,
    origin: AuditLine.Origin,
    now: datetime.datetime | None = None,
) -> ReportingRound:
    """Open a planned round: every running goal of the plan appears as to do.

    Opened before its day, it opens today. Refused while another round of the same plan runs: a goal is then recorded
    in one place.
    """
    if actor is not None:
        OPEN_ROUND.require(actor, round_.programme)
    with transaction.atomic():
        # The plan is locked first, so that two rounds of it cannot open at the same moment.
        Plan.objects.select_for_update().get(pk=round_.plan_id)
        current = _locked(round_, RoundAction.OPEN)
        if current.plan.state == Plan.State.CONCEPT:
            raise Refused("Stel eerst het plan vast: over een concept wordt niet gerapporteerd.")
        other = ReportingRound.objects.running().filter(plan=current.plan_id).first()
        if other is not None:
            raise Refused(f"Over dit plan loopt al een ronde: {other.label}. Stel die eerst vast.")
        current.opens_on = min(current.opens_on, timezone.localdate(now))
        current.save(update_fields=["opens_on"])
        added = _add_missing(current)
        if not Update.objects.filter(round=current).exists():
            raise Refused("Dit plan heeft nog geen doelen. Importeer eerst het werkboek.")
        return _moved(current, RoundAction.OPEN, actor=actor, origin=origin, now=now, note=f"{added} doelen")


def reschedule(
    *,
    round_: ReportingRound,
    actor: AbstractBaseUser | None,
    origin: AuditLine.Origin,
    deadline: datetime.date,
    grace_days: int,
    opens_on: datetime.date | None = None,
    now: datetime.datetime | None = None,
) -> ReportingRound:
    """Change the days of a round that is not adopted; the day of opening, when given, of a planned one only."""
    if actor is not None:
        MANAGE_ROUND.require(actor, round_.programme)
    with transaction.atomic():
        current = _locked(round_, RoundAction.RESCHEDULE)
        if opens_on is not None and current.state != RoundState.PLANNED:
            raise Refused("De ronde is al geopend: de dag van openen ligt vast.")
        before = _days(current)
        current.opens_on = opens_on or current.opens_on
        current.deadline, current.grace_days = deadline, grace_days
        current.validate_constraints()
        current.save(update_fields=["opens_on", "deadline", "grace_days"])
        note = f"{before} → {_days(current)}"
        return _moved(current, RoundAction.RESCHEDULE, actor=actor, origin=origin, now=now, note=note)


def _days(round_: ReportingRound) -> str:
    return f"opent op {round_.opens_on}, deadline {round_.deadline}, {round_.grace_days} dagen uitstel"


def start_review(
    *,
    round_: ReportingRound,
    actor: AbstractBaseUser,
    origin: AuditLine.Origin,
    now: datetime.datetime | None = None,
) -> ReportingRound:
    """Close the round for owners: from now on they only mend what is sent back."""
    MANAGE_ROUND.require(actor, round_.programme)
    with transaction.atomic():
        current = _locked(round_, RoundAction.START_REVIEW)
        return _moved(current, RoundAction.START_REVIEW, actor=actor, origin=origin, now=now)


def reopen(
    *,
    round_: ReportingRound,
    actor: AbstractBaseUser,
    origin: AuditLine.Origin,
    now: datetime.datetime | None = None,
) -> ReportingRound:
    """Let owners record again in a round that is in review."""
    MANAGE_ROUND.require(actor, round_.programme)
    with transaction.atomic():
        return _moved(_locked(round_, RoundAction.REOPEN), RoundAction.REOPEN, actor=actor, origin=origin, now=now)


def complete(
    *,
    round_: ReportingRound,
    actor: AbstractBaseUser,
    origin: AuditLine.Origin,
    now: datetime.datetime | None = None,
) -> ReportingRound:
    """Add the goals that came into the plan after the round was opened, as to do."""
    MANAGE_ROUND.require(actor, round_.programme)
    with transaction.atomic():
        current = _locked(round_, RoundAction.COMPLETE)
        added = _add_missing(current)
        return _moved(current, RoundAction.COMPLETE, actor=actor, origin=origin, now=now, note=f"{added} doelen")


def adopt(
    *,
    round_: ReportingRound,
    actor: AbstractBaseUser | None,
    origin: AuditLine.Origin,
    seen: str | None = None,
    now: datetime.datetime | None = None,
) -> ReportingRound:
    """Adopt the round (vaststellen) and freeze its report. From then on nothing in the round changes.

    Refused while a goal is neither approved nor marked as not delivered. `seen` is the content_hash of the concept that
    the actor saw: raises ReportMoved when the report would be another one by now.
    """
    if actor is not None:
        MANAGE_ROUND.require(actor, round_.programme)
    at = now or timezone.now()
    with transaction.atomic():
        current = _locked(round_, RoundAction.ADOPT)
        if missing := len(missing_goals(current)):
            raise Refused(f"{_goals(missing)} nieuw in het plan en nog niet in deze ronde. Vul de ronde eerst aan.")
        if unfinished := Update.objects.filter(round=current).unfinished().count():
            raise Refused(
                f"{_goals(unfinished)} nog niet afgerond. Keur elk doel goed, of zet het op niet aangeleverd."
            )
        current.adopted_at = at
        current.adopted_by_id = None if actor is None else actor.pk
        _advance(current, RoundAction.ADOPT)
        report = freeze_first_edition(current, actor=actor, at=at)
        # What is frozen is itself what is compared: nothing can change in between.
        if seen is not None and seen != content_hash(thaw(report.document)):
            raise ReportMoved("Het rapport is gewijzigd sinds u deze pagina opende. Er is niets vastgesteld.")
        _tell(current, RoundAction.ADOPT, actor=actor, origin=origin, at=at)
    return current


def _goals(count: int) -> str:
    return "1 doel is" if count == 1 else f"{count} doelen zijn"


def _locked(round_: ReportingRound, action: RoundAction) -> ReportingRound:
    """The round as it stands now, locked; raises Refused when it does not allow `action`."""
    current = (
        ReportingRound.objects.select_for_update(of=("self",)).select_related("programme", "plan").get(pk=round_.pk)
    )
    if (RoundState(current.state), action) not in ROUND_TRANSITIONS:
        raise Refused(f"De ronde is {current.get_state_display()}: {action.label} kan dan niet.")
    return current


def _add_missing(round_: ReportingRound) -> int:
    updates = Update.objects.bulk_create(Update(goal=goal, round=round_) for goal in missing_goals(round_))
    return len(updates)


def _moved(
    round_: ReportingRound,
    action: RoundAction,
    *,
    actor: AbstractBaseUser | None,
    origin: AuditLine.Origin,
    now: datetime.datetime | None,
    note: str = "",
) -> ReportingRound:
    _advance(round_, action)
    _tell(round_, action, actor=actor, origin=origin, at=now or timezone.now(), note=note)
    return round_


def _advance(round_: ReportingRound, action: RoundAction) -> None:
    round_.state = ROUND_TRANSITIONS[RoundState(round_.state), action]
    round_.save(update_fields=["state", "adopted_at", "adopted_by"])


def _tell(
    round_: ReportingRound,
    action: RoundAction,
    *,
    actor: AbstractBaseUser | None,
    origin: AuditLine.Origin,
    at: datetime.datetime,
    note: str = "",
) -> None:
    audit(actor=actor, origin=origin, action=action.value, subject=round_, result=round_.state, at=at, note=note)
