"""What a served site's database needs for many people at once, and what is in it afterwards.

See tests.served.call. Sessions are made here, because logging in is limited and not what is tested.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.test import Client
from django.utils import timezone

from actieplan.models import User
from actieplan.roles import MANAGER, OFFICER
from din.models import Goal, Owner, OwnerMember, Plan, Programme
from monitoring import workflow
from monitoring.models import AuditLine, Report, ReportingRound, Update
from tests.cast import make_goals, make_user

SITE = AuditLine.Origin.SITE


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def open_round(name: str, owner_name: str, goals: int) -> ReportingRound:
    """An open round on a plan of its own with `goals` goals of one owner, and two managers."""
    year = timezone.localdate().year
    programme = Programme.objects.create(name=f"Voorbeeld {name}", slug=name, first_year=year, last_year=year)
    owner = Owner.objects.create(programme=programme, name=owner_name)
    for number in (1, 2):
        programme.managers.add(make_user(f"{name}-manager-{number}", MANAGER))
    plan = Plan.objects.create(
        programme=programme, name=f"DIN {year}", first_year=year, last_year=year, state=Plan.State.ADOPTED
    )
    make_goals(plan, goals, owner=owner)
    today = timezone.localdate()
    round_ = ReportingRound.objects.create(
        programme=programme, plan=plan, year=year, half=1, opens_on=today, deadline=today + datetime.timedelta(days=30)
    )
    return workflow.open_round(round_=round_, actor=None, origin=AuditLine.Origin.COMMAND)


def one_goal(editors: int) -> dict[str, Any]:
    round_ = open_round("samen", "Samen", 1)
    goal = Goal.objects.get(plan=round_.plan)
    people = [make_user(f"samen-{number}", OFFICER) for number in range(editors)]
    OwnerMember.objects.bulk_create(OwnerMember(owner=goal.owner, user=user) for user in people)
    update = Update.objects.get(round=round_)
    return {"goal": goal.pk, "update": update.pk, "sessions": [session_of(user) for user in people]}


def ready_rounds(programmes: int) -> list[dict[str, Any]]:
    """Rounds of two goals that are marked as not delivered, so that nothing stands in the way of adoption."""
    ready = []
    for number in range(programmes):
        round_ = open_round(f"klaar-{number}", "Klaar", 2)
        managers = list(round_.programme.managers.order_by("pk"))
        for update in Update.objects.with_place().filter(round=round_):
            workflow.mark_not_delivered(
                update=update, actor=managers[0], origin=SITE, version=update.version, reason="Voorbeeld"
            )
        goal = Goal.objects.filter(plan=round_.plan).first()
        assert goal is not None
        ready.append({"round": round_.pk, "goal": goal.pk, "sessions": [session_of(user) for user in managers]})
    return ready


def fill(editors: int, programmes: int) -> dict[str, Any]:
    """One goal in an open round with `editors` people of its owner, and `programmes` rounds that can be adopted."""
    return {"together": one_goal(editors), "ready": ready_rounds(programmes)}


def recorded(pk: int) -> dict[str, Any]:
    """What stands in an update, and what its saves left behind."""
    update = Update.objects.get(pk=pk)
    history = Update.history.filter(id=pk, version__gt=0)
    lines = AuditLine.objects.filter(object_type="update", object_id=pk, action="save")
    return {
        "explanation": update.explanation,
        "version": update.version,
        "saves": lines.count(),
        "history": list(history.values_list("explanation", flat=True)),
    }


def adopted(pk: int) -> dict[str, Any]:
    """Where a round is, and how often it was adopted."""
    return {
        "state": ReportingRound.objects.get(pk=pk).state,
        "reports": Report.objects.filter(round=pk).count(),
        "lines": AuditLine.objects.filter(object_type="reportinground", object_id=pk, action="adopt").count(),
        "states": sorted(Update.objects.filter(round=pk).values_list("state", flat=True)),
    }
