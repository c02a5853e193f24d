"""The indicators of the demonstration, with what was promised and what was measured."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from actieplan.demonstration.accounts import COMMAND, Accounts, officer_of
from actieplan.demonstration.fixture import day_of, number_of, write
from din.models import Goal, Owner, Plan, Theme
from monitoring.audit import append, audit_line
from monitoring.models import AuditLine, Indicator, Measurement, ReportingRound, Target

# The fields that stand in a file as they are.
_AS_WRITTEN = ("description", "unit", "decimals", "aggregation", "frequency", "is_key", "source")


@dataclass(frozen=True)
class Measurable:
    """An indicator without parts, or a part, with its measurements as the file has them."""

    indicator: Indicator
    measurements: list[dict[str, Any]]


def make_indicators(
    plan: Plan, facts: list[dict[str, Any]], accounts: Accounts, *, at: datetime.datetime
) -> list[Measurable]:
    """The indicators of `facts` on the goals of `plan`, with their parts and targets; not yet what was measured."""
    programme = plan.programme
    themes = {theme.name: theme for theme in Theme.objects.filter(programme=programme)}
    owners = {owner.name: owner for owner in Owner.objects.filter(programme=programme)}
    goals = {
        (goal.theme.name if goal.theme else None, goal.number): goal
        for goal in Goal.objects.filter(plan=plan).select_related("theme")
    }
    made: list[Measurable] = []
    written: list[Indicator | Target] = []
    first = Indicator.objects.filter(programme=programme, part_of=None).count()

    def make(one: dict[str, Any], position: int, whole: Indicator | None = None) -> Indicator:
        indicator = Indicator(
            programme=programme,
            part_of=whole,
            name=one["name"],
            theme=whole.theme if whole else themes[one["theme"]],
            owner=whole.owner if whole else owners[one["owner"]],
            direction=one["direction"],
            baseline=number_of(one, "baseline"),
            baseline_day=day_of(one, "baseline_day"),
            position=position,
            **{name: one[name] for name in _AS_WRITTEN if name in one},
        )
        write(indicator, at=at)
        written.append(indicator)
        for target in one.get("targets", []):
            written.append(_make_target(indicator, target, at=at))
        if "parts" not in one:
            made.append(Measurable(indicator, one.get("measurements", [])))
        return indicator

    for position, one in enumerate(facts):
        whole = make(one, first + position)
        whole.goals.set(goals[theme, number] for theme, number in one["goals"])
        for place, part in enumerate(one.get("parts", [])):
            make(part, place, whole)
    append(_created(one, accounts, at) for one in written)
    return made


def record_measurements(
    measurables: list[Measurable], round_: ReportingRound | None, accounts: Accounts, *, at: datetime.datetime
) -> None:
    """What was measured for `round_`, or without one what belongs to no round."""
    name = round_.name if round_ else None
    lines = []
    for measurable in measurables:
        for one in measurable.measurements:
            if one["round"] != name:
                continue
            measurement = Measurement(
                indicator=measurable.indicator,
                first_day=datetime.date.fromisoformat(one["first_day"]),
                last_day=datetime.date.fromisoformat(one["last_day"]),
                value=Decimal(one["value"]),
                source=one["source"],
                note=one["note"],
                round=round_,
                recorded_at=at,
                recorded_by=officer_of(measurable.indicator.owner, accounts),
            )
            write(measurement, at=at)
            lines.append(_created(measurement, accounts, at))
    append(lines)


def _make_target(indicator: Indicator, facts: dict[str, Any], *, at: datetime.datetime) -> Target:
    target = Target(
        indicator=indicator,
        last_day=datetime.date.fromisoformat(facts["last_day"]),
        value=Decimal(facts["value"]),
        upper=number_of(facts, "upper"),
        source=facts["source"],
        revised_on=day_of(facts, "revised_on"),
        revision_reason=facts.get("revision_reason", ""),
    )
    write(target, at=at)
    return target


def _created(one: Indicator | Target | Measurement, accounts: Accounts, at: datetime.datetime) -> AuditLine:
    return audit_line(actor=accounts["manager"], origin=COMMAND, action="create", subject=one, result="created", at=at)
