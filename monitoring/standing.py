"""How goals stand in a round. The one place where that is read, for dashboards, lists and goal pages alike.

A goal stands as its delivered update says. Without one it is "vervallen" when it has ended, "niet aangeleverd" when
the manager marked it so, and else "nog niet ingediend": a draft or a returned text does not count.

That is for a running round. An adopted round is read from the newest edition of its report: which goals it was about,
how they stood, and what they, their themes and their owners were called then. What changed in the plan since does not
show; the `shown_` fields hold what a page shows.

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
from django.db.models.functions import Coalesce, NullIf

from din.models import Goal, Plan
from monitoring.models import Report, ReportedGoal, ReportingRound, Update

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
    """What goals_in and goals_of add to a goal.

    `shown_place` counts from 1 in the order of the frozen report, and is 0 when the goal is shown as it is now. The
    names of frozen things are empty then.
    """

    standing: str
    late: bool
    attention: bool
    shown_place: int
    shown_text: str
    shown_number: int | None
    shown_deadline: datetime.date | None
    shown_theme: int | None
    shown_owner: int | None
    frozen_reference: str
    frozen_theme: str
    shown_owner_name: str | None


if TYPE_CHECKING:
    StandingGoal = WithAnnotations[Goal, StandingFields]
    StandingGoals = QuerySet[StandingGoal, StandingGoal]


def goals_in(rounds: Sequence[ReportingRound], *, as_of: datetime.date) -> StandingGoals:
    """The goals that `rounds` are about, each with how it stands in its round. `rounds` are of different plans.

    Annotates the StandingFields: `standing` is a key of LABELS, `attention` means in danger, delayed or late. A running
    round is about every goal of its plan, an adopted one about the goals in its report.
    """
    running = [round_ for round_ in rounds if not round_.is_adopted]
    editions = _newest_editions([round_ for round_ in rounds if round_.is_adopted])
    plans_by_day: dict[datetime.date, list[int]] = {}
    earlier = Q(pk__in=[])
    for round_ in running:
        before = Q(report__round__year__lt=round_.year) | Q(
            report__round__year=round_.year, report__round__half__lt=round_.half
        )
        earlier |= Q(report__round__programme=round_.programme_id) & before
        plans_by_day.setdefault(round_.reference_day(today=as_of), []).append(round_.plan_id)
    ended, overdue = Q(pk__in=[]), Q(pk__in=[])
    for day, plans in plans_by_day.items():
        ended |= Q(plan__in=plans, ended_on__lte=day)
        overdue |= Q(plan__in=plans, deadline__lt=day)
    delivered = Q(recorded__state__in=Update.DELIVERED)
    final = delivered & Q(recorded__status__in=Update.FINAL_STATUSES)
    settled = ~delivered & Q(last_status__in=Update.FINAL_STATUSES)
    last = (
        ReportedGoal.objects.filter(earlier, goal=OuterRef("pk"), state__in=Update.DELIVERED)
        .of_newest_editions()
        .order_by("-report__round__year", "-report__round__half")
    )
    return (
        Goal.objects.annotate(
            recorded=FilteredRelation(
                "updates", condition=Q(updates__round__in=[round_.pk for round_ in running] or _NONE)
            ),
            frozen=FilteredRelation("reported", condition=Q(reported__report__in=editions or _NONE)),
        )
        .filter(Q(plan__in=[round_.plan_id for round_ in running]) | _IS_FROZEN)
        .annotate(
            last_status=Coalesce(Subquery(last.values("status")[:1]), Value("")),
            standing=Case(
                When(_IS_FROZEN & ~Q(frozen__status=""), then=F("frozen__status")),
                When(_IS_FROZEN, then=Value(NOT_DELIVERED)),
                When(delivered, then=F("recorded__status")),
                When(ended, then=Value(Update.Status.DROPPED.value)),
                When(recorded__state=NOT_DELIVERED, then=Value(NOT_DELIVERED)),
                default=Value(AWAITED),
                output_field=CharField(),
            ),
            late=Case(
                When(_IS_FROZEN, then=F("frozen__late")),
                When(overdue & ~ended & ~final & ~settled, then=Value(True)),
                default=Value(False),
            ),
            shown_place=Coalesce(F("frozen__position"), Value(0)),
            shown_text=Coalesce(F("frozen__text"), F("text")),
            shown_number=_as_shown("number"),
            shown_deadline=_as_shown("deadline"),
            shown_theme=_as_shown("theme_id"),
            shown_owner=_as_shown("owner_id"),
            frozen_reference=Coalesce(F("frozen__reference"), Value("")),
            frozen_theme=Coalesce(F("frozen__theme_title"), Value("")),
            shown_owner_name=Case(
                When(_IS_FROZEN, then=NullIf(F("frozen__owner_name"), Value(""))), default=F("owner__name")
            ),
        )
        .annotate(attention=_flag(Q(standing__in=ATTENTION) | Q(late=True)))
    )


def goals_of(plan: Plan | None) -> StandingGoals:
    """The goals of a plan on which there is no round yet: nothing stands, nothing is late. None without a plan."""
    return unreported(Goal.objects.filter(plan__in=[] if plan is None else [plan]))


def unreported(goals: QuerySet[Goal]) -> StandingGoals:
    """Goals that no round is about yet, as the plan has them: nothing stands, nothing is late."""
    nothing = Value("", output_field=CharField())
    return goals.annotate(
        standing=nothing,
        late=Value(False, output_field=BooleanField()),
        attention=Value(False, output_field=BooleanField()),
        shown_place=Value(0),
        shown_text=F("text"),
        shown_number=F("number"),
        shown_deadline=F("deadline"),
        shown_theme=F("theme_id"),
        shown_owner=F("owner_id"),
        frozen_reference=nothing,
        frozen_theme=nothing,
        shown_owner_name=F("owner__name"),
    )


def frozen_theme_titles(round_: ReportingRound) -> dict[int, str]:
    """What the themes in the report of an adopted round were called then, by key."""
    frozen = ReportedGoal.objects.filter(report__round=round_).of_newest_editions()
    return dict(frozen.exclude(theme=None).order_by().values_list("theme_id", "theme_title").distinct())


def _newest_editions(adopted: Sequence[ReportingRound]) -> list[int]:
    """The keys of the newest editions of the reports of `adopted`; no query when there are none."""
    return list(Report.objects.newest().filter(round__in=adopted).values_list("pk", flat=True)) if adopted else []


# No key at all in a condition of a join would leave out every goal, not just the join.
_NONE = [0]
_IS_FROZEN = Q(frozen__position__isnull=False)


def _as_shown(name: str) -> Case:
    """A field that can be empty, as it was frozen or else as it is now."""
    return Case(When(_IS_FROZEN, then=F(f"frozen__{name}")), default=F(name))


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())
