"""The demonstration data: accounts and two programmes, brought in along the same roads as real data.

The facts are in fixtures/; what is invented there is marked as "voorbeeld".
"""

import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from actieplan.models import User
from actieplan.roles import ADMINISTRATOR, COUNCIL, MANAGER, OFFICER
from din.imports import confirm, offer, read
from din.models import Ambition, Goal, Owner, OwnerMember, Plan, Programme, Theme
from din.quarters import last_day
from monitoring import workflow
from monitoring.forms import DAYS_TO_HAND_IN, GRACE_DAYS
from monitoring.models import AuditLine, ReportingRound, Update
from monitoring.owner_links import link

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
COMMAND = AuditLine.Origin.COMMAND
YOUNG_PEOPLE = "vastpakken-en-niet-loslaten"
PASSWORD = "demo"  # noqa: S105 - the accounts exist with DEBUG only

# In the open round of the demonstration everything was recorded so long ago.
RECORDED_DAYS_AGO = 2

# user name -> role and the name on screen
ACCOUNTS = {
    "beleid": (OFFICER, "Voorbeeld beleidsadviseur"),
    "collega": (OFFICER, "Voorbeeld collega"),
    "manager": (MANAGER, "Voorbeeld programmamanager"),
    "raad": (COUNCIL, "Voorbeeld raadslid"),
    "beheer": (ADMINISTRATOR, "Voorbeeld beheerder"),
}


def make_accounts() -> dict[str, User]:
    """The five accounts by user name; an account that is there already is left as it is."""
    accounts = {}
    for username, (role, name) in ACCOUNTS.items():
        user = User.objects.filter(username=username).first()
        if user is None:
            user = User(
                username=username,
                email=f"{username}@example.org",
                first_name=name,
                is_staff=role == ADMINISTRATOR,
            )
            user.set_password(PASSWORD)
            user.save()
            user.groups.add(Group.objects.get(name=role))
        accounts[username] = user
    return accounts


def make_young_people(accounts: dict[str, User]) -> bool:
    """ "Vastpakken en niet loslaten" with its DIN 2023 and two rounds; False when the programme is there already."""
    if Programme.objects.filter(slug=YOUNG_PEOPLE).exists():
        return False
    workbook = FIXTURES / "din-2023.xlsx"
    content = workbook.read_bytes()
    rounds = json.loads((FIXTURES / "vastpakken-rondes.json").read_text(encoding="utf-8"))["rounds"]
    with transaction.atomic():
        programme = Programme.objects.create(
            name="Vastpakken en niet loslaten",
            slug=YOUNG_PEOPLE,
            description="Het actieplan voor jonge Rotterdammers die er alleen voor dreigen te staan.",
            first_year=2021,
            last_year=2026,
        )
        programme.managers.add(accounts["manager"])
        imported_at = _noon(datetime.date(2023, 2, 1))
        reading = read(content, year=2023)
        offered = offer(
            programme=programme,
            year=2023,
            file_name=workbook.name,
            content=content,
            reading=reading,
            actor=accounts["manager"],
            now=imported_at,
        )
        plan = confirm(
            offered, fingerprint=None, actor=accounts["manager"], origin=COMMAND, now=imported_at, reading=reading
        ).plan
        plan.adopt(actor=accounts["manager"], origin=COMMAND)
        _link_owners(programme, accounts)
        for round_ in rounds:
            _make_round(plan, round_, accounts)
    return True


def keep_round_open(accounts: dict[str, User]) -> bool:
    """Move the deadline of a demonstration round that owners can no longer hand in to; False when none has closed."""
    today, moved = timezone.localdate(), False
    for round_ in ReportingRound.objects.filter(state=ReportingRound.State.OPEN, programme__slug=YOUNG_PEOPLE):
        if not round_.takes_in(as_of=today):
            deadline = today + datetime.timedelta(days=DAYS_TO_HAND_IN)
            workflow.reschedule(
                round_=round_,
                actor=accounts["manager"],
                origin=COMMAND,
                deadline=deadline,
                grace_days=GRACE_DAYS,
            )
            moved = True
    return moved


def make_homeless_people(accounts: dict[str, User]) -> bool:
    """ "Op weg naar herstel en een thuis" with its opgaven and first report; False when it is there already."""
    data = json.loads((FIXTURES / "herstel-en-een-thuis.json").read_text(encoding="utf-8"))
    if Programme.objects.filter(slug=data["programme"]["slug"]).exists():
        return False
    with transaction.atomic():
        programme = Programme.objects.create(**data["programme"])
        programme.managers.add(accounts["manager"])
        fields = {name: value for name, value in data["plan"].items() if name != "adopted_on"}
        plan = Plan.objects.create(programme=programme, **fields)
        themes = {
            theme["name"]: Theme.objects.create(programme=programme, position=position, **theme)
            for position, theme in enumerate(data["themes"])
        }
        owners: dict[str, Owner] = {}
        for position, ambition in enumerate(data["ambitions"]):
            Ambition.objects.create(
                plan=plan, theme=themes.get(ambition["theme"] or ""), text=ambition["text"], position=position
            )
        for position, goal in enumerate(data["goals"]):
            owner = goal.pop("owner")
            if owner not in owners:
                owners[owner] = Owner.objects.create(programme=programme, name=owner)
            deadline = goal.pop("deadline")
            Goal.objects.create(
                plan=plan,
                kind=Goal.Kind.OPGAVE,
                position=position,
                owner=owners[owner],
                theme=themes[goal.pop("theme")],
                deadline=last_day(deadline) if deadline else None,
                **goal,
            )
        _link_owners(programme, accounts)
        for round_ in data["rounds"]:
            _make_round(plan, round_, accounts)
    return True


def _link_owners(programme: Programme, accounts: dict[str, User]) -> None:
    """Both officers get a part of the owners, in turn."""
    officers = [accounts["beleid"], accounts["collega"]]
    for place, owner in enumerate(Owner.objects.filter(programme=programme).order_by("name")):
        link(owner, officers[place % 2], OwnerMember.Kind.MEMBER, actor=accounts["manager"], origin=COMMAND)


def _make_round(plan: Plan, data: dict[str, Any], accounts: dict[str, User]) -> None:
    """A round with its updates, by the workflow, dated as it could have gone; an open one is dated around today."""
    year, half = data["round"].split("-H")
    if data["state"] == "open":
        opens_on, recorded_on, deadline = (
            timezone.localdate() + datetime.timedelta(days=days)
            for days in (-data["opened_days_ago"], -RECORDED_DAYS_AGO, data["days_left"])
        )
    else:
        opens_on, deadline = (datetime.date.fromisoformat(data[name]) for name in ("opens_on", "deadline"))
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
    workflow.plan_round(round_=round_, actor=manager, origin=COMMAND, now=_noon(opens_on))
    workflow.open_round(round_=round_, actor=manager, origin=COMMAND, now=_noon(opens_on))
    updates = {
        (update.goal.theme.name if update.goal.theme else None, update.goal.number): update
        for update in Update.objects.filter(round=round_).with_place()
    }
    for recorded in data["updates"]:
        _record(updates[recorded["theme"], recorded["number"]], recorded, accounts, _noon(recorded_on))
    if data["state"] == "adopted":
        adopted_on = datetime.date.fromisoformat(data["adopted_on"])
        workflow.adopt(round_=round_, actor=manager, origin=COMMAND, now=_noon(adopted_on))


def _record(update: Update, data: dict[str, Any], accounts: dict[str, User], at: datetime.datetime) -> None:
    manager, state = accounts["manager"], data["state"]
    owner = update.goal.owner
    link = owner.members.select_related("user").first() if owner else None
    officer = link.user if link else manager
    content = workflow.Content(
        status=data["status"],
        explanation=data["explanation"],
        next_steps=data["next_steps"],
        forecast=datetime.date.fromisoformat(data["forecast"]) if data["forecast"] else None,
    )
    version = 0

    def step(operation: Callable[..., Update], actor: User, **more: Any) -> None:
        nonlocal version
        version = operation(update=update, actor=actor, origin=COMMAND, version=version, now=at, **more).version

    if state == "draft":
        step(workflow.save_draft, officer, content=content)
    elif state in ("submitted", "approved", "returned"):
        step(workflow.submit, officer, content=content)
    if state == "approved":
        step(workflow.approve, manager)
    elif state == "returned":
        step(workflow.return_to_owner, manager, reason=data["reason"])
    elif state == "not_delivered":
        step(workflow.mark_not_delivered, manager, reason=data["reason"])


def _noon(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))
