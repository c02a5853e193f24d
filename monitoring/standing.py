"""How goals stand in a round. The one place where that is read, for dashboards, lists and goal pages alike.

A goal stands as its delivered update says. Without one it is "vervallen" when it has ended, "niet aangeleverd" when
the manager marked it so, and else "nog niet ingediend": a draft or a returned text does not count.

A goal is late when its deadline has passed without a final status, in this round or, as long as nothing else was
delivered in this one, in the latest adopted round before it.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypedDict

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from din.models import Goal, Plan
from monitoring.models import ReportingRound, Update

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

AWAITED = "awaited"
NOT_DELIVERED = Update.State.NOT_DELIVERED.value

# Every standing with its word, in the order of bars, tables and choices.
LABELS: dict[str, str] = {
    **{
        status.value: str(status.label)
        for status in (
            Update.Status.ACHIEVED,
            Update.Status.ON_TRACK,
            Update.Status.NOT_STARTED,
            Update.Status.DELAYED,
            Update.Status.AT_RISK,
            Update.Status.NOT_ACHIEVED,
            Update.Status.DROPPED,
        )
    },
    AWAITED: "nog niet ingediend",
    NOT_DELIVERED: "niet aangeleverd",
}
# What a reader should look at first, the worst first. Late goals come after these.
ATTENTION = (Update.Status.AT_RISK.value, Update.Status.DELAYED.value)
WITHOUT_UPDATE = (AWAITED, NOT_DELIVERED)


class StandingFields(TypedDict):
    """What goals_in and goals_of add to a goal."""

    standing: str
    late: bool
    attention: bool


if TYPE_CHECKING:
    StandingGoal = WithAnnotations[Goal, StandingFields]
    StandingGoals = QuerySet[StandingGoal, StandingGoal]


def goals_in(rounds: Sequence[ReportingRound], *, as_of: datetime.date) -> StandingGoals:
    """The goals that `rounds` are about, each with how it stands in its round. `rounds` are of different plans.

    Annotates `standing` (a key of LABELS), `late`, and `attention`: in danger, delayed or late. A running round is
    about every goal of its plan; an adopted one about the goals that were in it and those that had ended by then.
    """
    plans_by_day: dict[datetime.date, list[int]] = {}
    earlier = Q(pk__in=[])
    for round_ in rounds:
        before = Q(round__year__lt=round_.year) | Q(round__year=round_.year, round__half__lt=round_.half)
        earlier |= Q(round__programme=round_.programme_id) & before
        plans_by_day.setdefault(round_.reference_day(today=as_of), []).append(round_.plan_id)
    ended, overdue = Q(pk__in=[]), Q(pk__in=[])
    for day, plans in plans_by_day.items():
        ended |= Q(plan__in=plans, ended_on__lte=day)
        overdue |= Q(plan__in=plans, deadline__lt=day)
    delivered = Q(recorded__state__in=Update.DELIVERED)
    final = delivered & Q(recorded__status__in=Update.FINAL_STATUSES)
    settled = ~delivered & Q(last_status__in=Update.FINAL_STATUSES)
    last = (
        Update.objects.filter(earlier, goal=OuterRef("pk"), round__state=ReportingRound.State.ADOPTED)
        .delivered()
        .order_by("-round__year", "-round__half")
    )
    return (
        Goal.objects.filter(plan__in=[round_.plan_id for round_ in rounds])
        .annotate(
            recorded=FilteredRelation("updates", condition=Q(updates__round__in=[round_.pk for round_ in rounds]))
        )
        .filter(
            Q(plan__in=[round_.plan_id for round_ in rounds if not round_.is_adopted])
            | Q(recorded__state__isnull=False)
            | ended
        )
        .annotate(
            last_status=Coalesce(Subquery(last.values("status")[:1]), Value("")),
            standing=Case(
                When(delivered, then=F("recorded__status")),
                When(ended, then=Value(Update.Status.DROPPED.value)),
                When(recorded__state=NOT_DELIVERED, then=Value(NOT_DELIVERED)),
                default=Value(AWAITED),
                output_field=CharField(),
            ),
            late=_flag(overdue & ~ended & ~final & ~settled),
        )
        .annotate(attention=_flag(Q(standing__in=ATTENTION) | Q(late=True)))
    )


def goals_of(plan: Plan | None) -> StandingGoals:
    """The goals of a plan on which there is no round yet: nothing stands, nothing is late. None without a plan."""
    return Goal.objects.filter(plan__in=[] if plan is None else [plan]).annotate(
        standing=Value("", output_field=CharField()),
        late=Value(False, output_field=BooleanField()),
        attention=Value(False, output_field=BooleanField()),
    )


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())
