"""A plan of the demonstration with its themes, ambitions and goals, and what changed in it later."""

import datetime
from typing import Any

from actieplan.demonstration.fixture import noon, write
from din.models import Ambition, Goal, Owner, Plan, Programme, Theme
from din.quarters import last_day


def make_plan(programme: Programme, facts: dict[str, Any], *, begins_on: datetime.date) -> Plan:
    """The plan of `facts` with its ambitions and goals; themes and owners that the programme has already are used."""
    at = noon(begins_on)
    plan = Plan(programme=programme, **{name: value for name, value in facts["plan"].items() if name != "adopted_on"})
    write(plan, at=at)
    themes: dict[str | None, Theme] = {theme.name: theme for theme in Theme.objects.filter(programme=programme)}
    for one in facts["themes"]:
        theme = Theme(programme=programme, position=len(themes), **one)
        write(theme, at=at)
        themes[theme.name] = theme
    for position, one in enumerate(facts["ambitions"]):
        write(Ambition(plan=plan, theme=themes.get(one["theme"]), text=one["text"], position=position), at=at)
    for position, one in enumerate(facts["goals"]):
        _add_goal(plan, one, position, at=at)
    return plan


def change_plan(plan: Plan, changes: list[dict[str, Any]], *, after: datetime.date, until: datetime.date) -> None:
    """What changed in `plan` after one day until another: goals that came in, and goals that were edited."""
    for change in changes:
        on = datetime.date.fromisoformat(change["on"])
        if not after < on <= until:
            continue
        if "goal" in change:
            _add_goal(plan, change["goal"], plan.goals.count(), at=noon(on))
        else:
            goal = plan.goals.get(theme__name=change["theme"], number=change["number"])
            for name, value in change["fields"].items():
                setattr(goal, name, value)
            write(goal, at=noon(on))


def _add_goal(plan: Plan, facts: dict[str, Any], position: int, *, at: datetime.datetime) -> None:
    fields = dict(facts)
    theme, owner, deadline = (fields.pop(name) for name in ("theme", "owner", "deadline"))
    goal = Goal(
        plan=plan,
        position=position,
        theme=Theme.objects.get(programme=plan.programme_id, name=theme),
        owner=_owner(plan.programme, owner, at=at),
        deadline=last_day(deadline) if deadline else None,
        **{"kind": Goal.Kind.OPGAVE, **fields},
    )
    write(goal, at=at)


def _owner(programme: Programme, name: str, *, at: datetime.datetime) -> Owner:
    owner = Owner.objects.filter(programme=programme, name=name).first()
    if owner is None:
        owner = Owner(programme=programme, name=name)
        write(owner, at=at)
    return owner
