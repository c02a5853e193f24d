"""A round of the demonstration with its updates, by the workflow, dated as it could have gone."""

import datetime
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from actieplan.demonstration.accounts import COMMAND, Accounts, officer_of
from actieplan.demonstration.fixture import day_of, noon
from actieplan.models import User
from din.models import Plan
from monitoring import workflow
from monitoring.forms import DAYS_TO_HAND_IN, GRACE_DAYS
from monitoring.models import ReportingRound, Update

# In the open round of the demonstration everything was recorded so long ago.
RECORDED_DAYS_AGO = 2


def make_round(plan: Plan, facts: dict[str, Any], accounts: Accounts) -> tuple[ReportingRound, datetime.datetime]:
    """A running round with its updates, and when they were recorded; one that stays open is dated around today."""
    year, half = facts["round"].split("-H")
    if facts["state"] == "open":
        opens_on, recorded_on, deadline = (
            timezone.localdate() + datetime.timedelta(days=days)
            for days in (-facts["opened_days_ago"], -RECORDED_DAYS_AGO, facts["days_left"])
        )
    else:
        opens_on, deadline = (datetime.date.fromisoformat(facts[name]) for name in ("opens_on", "deadline"))
        recorded_on = deadline
    round_ = ReportingRound(
        programme=plan.programme,
        plan=plan,
        year=int(year),
        half=int(half),
        opens_on=opens_on,
        deadline=deadline,
        grace_days=GRACE_DAYS,
    )
    manager = accounts["manager"]
    workflow.plan_round(round_=round_, actor=manager, origin=COMMAND, now=noon(opens_on))
    workflow.open_round(round_=round_, actor=manager, origin=COMMAND, now=noon(opens_on))
    updates = {
        (update.goal.theme.name if update.goal.theme else None, update.goal.number): update
        for update in Update.objects.filter(round=round_).with_place()
    }
    approved: dict[int, int] = {}
    for recorded in facts["updates"]:
        update = _record(updates[recorded["theme"], recorded["number"]], recorded, accounts, noon(recorded_on))
        if recorded["state"] == "approved":
            approved[update.pk] = update.version
    workflow.approve_many(round_=round_, versions=approved, actor=manager, origin=COMMAND, now=noon(recorded_on))
    return round_, noon(recorded_on)


def finish_round(round_: ReportingRound, facts: dict[str, Any], accounts: Accounts) -> None:
    """Adopt the round if it was adopted."""
    if facts["state"] == "adopted":
        adopted_on = datetime.date.fromisoformat(facts["adopted_on"])
        workflow.adopt(round_=round_, actor=accounts["manager"], origin=COMMAND, now=noon(adopted_on))


def keep_rounds_open(accounts: Accounts) -> bool:
    """Move the deadline of demonstration rounds that owners can no longer hand in to; False when none has closed."""
    today, moved = timezone.localdate(), False
    own = ReportingRound.objects.filter(state=ReportingRound.State.OPEN, programme__managers=accounts["manager"])
    for round_ in own:
        if not round_.takes_in(as_of=today):
            workflow.reschedule(
                round_=round_,
                actor=accounts["manager"],
                origin=COMMAND,
                deadline=today + datetime.timedelta(days=DAYS_TO_HAND_IN),
                grace_days=GRACE_DAYS,
            )
            moved = True
    return moved


def _record(update: Update, facts: dict[str, Any], accounts: Accounts, at: datetime.datetime) -> Update:
    """The update as it is after what its owner did, and what the manager did but approving."""
    manager, state = accounts["manager"], facts["state"]
    officer = officer_of(update.goal.owner, accounts)
    content = workflow.Content(
        status=facts["status"],
        explanation=facts["explanation"],
        next_steps=facts["next_steps"],
        forecast=day_of(facts, "forecast"),
    )

    def step(operation: Callable[..., Update], actor: User, **more: Any) -> Update:
        return operation(update=update, actor=actor, origin=COMMAND, version=update.version, now=at, **more)

    if state == "draft":
        update = step(workflow.save_draft, officer, content=content)
    elif state in ("submitted", "approved", "returned"):
        update = step(workflow.submit, officer, content=content)
    if state == "returned":
        update = step(workflow.return_to_owner, manager, reason=facts["reason"])
    elif state == "not_delivered":
        update = step(workflow.mark_not_delivered, manager, reason=facts["reason"])
    return update
