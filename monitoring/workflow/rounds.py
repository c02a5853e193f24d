"""What is done with a round, from planning to adoption."""

import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from din.models import Goal, Plan
from monitoring.audit import audit
from monitoring.models import AuditLine, ReportingRound, Update
from monitoring.permissions import MANAGE_ROUND, OPEN_ROUND
from monitoring.report.editions import freeze_first_edition
from monitoring.report.frozen import content_hash, thaw
from monitoring.workflow.refusals import Refused, ReportMoved
from monitoring.workflow.table import ROUND_TRANSITIONS, RoundAction, RoundState


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
