"""Giving a goal to another owner: from then on it is on the worklist of that owner's people."""

import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from din.models import Goal, Owner
from monitoring.audit import audit
from monitoring.models import AuditLine
from monitoring.permissions import REASSIGN_GOAL
from monitoring.workflow import Refused


def reassign(
    *,
    goal: Goal,
    owner: Owner,
    seen: int | None,
    actor: AbstractBaseUser,
    origin: AuditLine.Origin,
    now: datetime.datetime | None = None,
) -> Goal:
    """Give `goal` to `owner`. `seen` is the key of the owner that the actor saw, None when it had none.

    What was adopted keeps the owner of then: reports are frozen with their texts. Raises Refused when somebody else
    gave the goal away meanwhile, and when `owner` is of another programme or has it already.
    """
    REASSIGN_GOAL.require(actor, goal.plan.programme)
    at = now or timezone.now()
    with transaction.atomic():
        # Not its key: a row that points at the goal can be written meanwhile, by whoever holds the end of the trail.
        Goal.objects.select_for_update(no_key=True).get(pk=goal.pk)
        current = Goal.objects.with_place().get(pk=goal.pk)
        if owner.programme_id != current.plan.programme_id:
            raise Refused("Deze eigenaar hoort bij een ander programma.")
        if current.owner_id == owner.pk:
            raise Refused(f"Dit doel is al van {owner}.")
        if current.owner_id != seen:
            raise Refused(f"Dit doel is intussen van {current.owner or 'niemand'}. Kijk of dat klopt en kies opnieuw.")
        former = current.owner
        current.owner = owner
        current._history_user = actor  # type: ignore[attr-defined]
        current._history_date = at  # type: ignore[attr-defined]
        current.save(update_fields=["owner"])
        audit(
            actor=actor,
            origin=origin,
            action="reassign",
            subject=current,
            result="reassigned",
            at=at,
            note=f"van {former or 'niemand'} naar {owner}",
        )
    return current
