"""What is done with updates: recording, handing in, reviewing."""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format

from din.permissions import manages
from din.text import writable
from monitoring.audit import append, audit, audit_line
from monitoring.effort_progress import EffortContent, efforts_of, record_efforts, require_own_efforts
from monitoring.goal_measurements import record_measurements
from monitoring.held_back import guard
from monitoring.mails import send_after_commit
from monitoring.measurements import Gone, Moved, Writer
from monitoring.models import AuditLine, ReportingRound, Update
from monitoring.permissions import RECORD_UPDATE, REVIEW_UPDATE
from monitoring.return_mail import return_mails
from monitoring.workflow.content import Content, checked
from monitoring.workflow.refusals import Conflict, Refused
from monitoring.workflow.table import TRANSITIONS, Action, RoundState, State, Transition, Who


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
            _record_measurements(result, content, current, Writer(actor, origin, at, no_bsn))
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


def _record_measurements(update: Update, content: Content, current: Update, writer: Writer) -> None:
    """Write the measurements with the update; one that somebody else wrote meanwhile is a conflict on the form."""
    try:
        record_measurements(update, content.measurements, writer=writer)
    except (Moved, Gone):
        raise Conflict(current) from None


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
    return guard(texts, stored=stored, no_bsn=no_bsn)
