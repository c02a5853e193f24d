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
from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from operator import or_
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
from django.db.models.functions import NullIf

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
    """The goals that `rounds` are about, each with how it stands in its round.

    `rounds` are of different plans, and all of them running or all of them adopted (see `alike`): the two are read
    from other tables. Annotates the StandingFields: `standing` is a key of LABELS. A running round is about every goal
    of its plan, an adopted one about the goals in its report.
    """
    if not rounds:
        return goals_of(None)
    if all(round_.is_adopted for round_ in rounds):
        return _as_reported(rounds)
    if any(round_.is_adopted for round_ in rounds):
        raise ValueError("running and adopted rounds are read apart")
    return _as_recorded(rounds, as_of=as_of)


def alike(rounds: Iterable[ReportingRound]) -> list[list[ReportingRound]]:
    """The running ones of `rounds` and the adopted ones, as goals_in takes them; no list when there are none."""
    every = list(rounds)
    parts = ([round_ for round_ in every if round_.is_adopted is adopted] for adopted in (False, True))
    return [part for part in parts if part]


def _as_recorded(running: Sequence[ReportingRound], *, as_of: datetime.date) -> StandingGoals:
    """The goals of the plans of `running`, as they are now and as their updates say."""
    ended = _by_plan(running, lambda round_: Q(ended_on__lte=round_.reference_day(today=as_of)))
    overdue = _by_plan(running, lambda round_: Q(deadline__lt=round_.reference_day(today=as_of)))
    delivered = Q(recorded__state__in=Update.DELIVERED)
    last = ReportedGoal.objects.filter(
        goal=OuterRef("pk"), report__in=_reports_before(running), state__in=Update.DELIVERED
    ).order_by("-report__round__year", "-report__round__half")
    return (
        # The checker does not look into **.
        Goal.objects.filter(plan__in=[round_.plan_id for round_ in running])  # type: ignore[return-value]
        .alias(
            recorded=FilteredRelation("updates", condition=Q(updates__round__in=[round_.pk for round_ in running])),
            last_status=Subquery(last.values("status")[:1]),
        )
        .annotate(
            standing=Case(
                When(delivered, then=F("recorded__status")),
                When(ended, then=Value(Update.Status.DROPPED.value)),
                When(recorded__state=NOT_DELIVERED, then=Value(NOT_DELIVERED)),
                default=Value(AWAITED),
                output_field=CharField(),
            ),
            late=Case(
                When(ended | delivered & Q(recorded__status__in=Update.FINAL_STATUSES), then=Value(False)),
                When(overdue & delivered, then=Value(True)),
                When(overdue & Q(last_status__in=Update.FINAL_STATUSES), then=Value(False)),
                When(overdue, then=Value(True)),
                default=Value(False),
            ),
            **_AS_IT_IS_NOW,
        )
    )


def _as_reported(adopted: Sequence[ReportingRound]) -> StandingGoals:
    """The goals in the newest editions of the reports of `adopted`, as they are told there."""
    editions = newest_editions(Report.objects.filter(round__in=adopted)).values()
    return (
        Goal.objects.alias(frozen=FilteredRelation("reported", condition=Q(reported__report__in=editions)))
        .filter(frozen__report__in=editions)
        .annotate(
            standing=Case(When(frozen__status="", then=Value(NOT_DELIVERED)), default=F("frozen__status")),
            late=F("frozen__late"),
            shown_place=F("frozen__position"),
            shown_text=F("frozen__text"),
            shown_number=F("frozen__number"),
            shown_deadline=F("frozen__deadline"),
            shown_theme=F("frozen__theme_id"),
            shown_owner=F("frozen__owner_id"),
            frozen_reference=F("frozen__reference"),
            frozen_theme=F("frozen__theme_title"),
            shown_owner_name=NullIf(F("frozen__owner_name"), Value("")),
        )
    )


def goals_of(plan: Plan | None) -> StandingGoals:
    """The goals of a plan on which there is no round yet: nothing stands, nothing is late. None without a plan."""
    return unreported(Goal.objects.filter(plan__in=[] if plan is None else [plan]))


def unreported(goals: QuerySet[Goal]) -> StandingGoals:
    """Goals that no round is about yet, as the plan has them: nothing stands, nothing is late."""
    return goals.annotate(  # type: ignore[return-value]  # the checker does not look into **
        standing=Value("", output_field=CharField()),
        late=Value(False, output_field=BooleanField()),
        **_AS_IT_IS_NOW,
    )


def frozen_theme_titles(round_: ReportingRound) -> dict[int, str]:
    """What the themes in the report of an adopted round were called then, by key."""
    frozen = ReportedGoal.objects.filter(report__in=newest_editions(Report.objects.filter(round=round_)).values())
    return dict(frozen.exclude(theme=None).order_by().values_list("theme_id", "theme_title").distinct())


def newest_editions(reports: QuerySet[Report]) -> dict[int, int]:
    """The key of the newest edition of `reports` by the key of its round."""
    return dict(reports.order_by("edition").values_list("round_id", "pk"))


def _reports_before(rounds: Sequence[ReportingRound]) -> list[int]:
    """The keys of the newest editions of the reports before `rounds`, each in its own programme.

    In a query of their own: a subquery within that of the goals costs more.
    """
    earlier = (
        Q(round__programme=round_.programme_id)
        & (Q(round__year__lt=round_.year) | Q(round__year=round_.year, round__half__lt=round_.half))
        for round_ in rounds
    )
    return list(newest_editions(Report.objects.filter(reduce(or_, earlier))).values())


def _by_plan(rounds: Sequence[ReportingRound], condition: Callable[[ReportingRound], Q]) -> Q:
    """That a goal meets the condition for the round that is about its plan."""
    return reduce(or_, (Q(plan=round_.plan_id) & condition(round_) for round_ in rounds))


_AS_IT_IS_NOW = {
    "shown_place": Value(0),
    "shown_text": F("text"),
    "shown_number": F("number"),
    "shown_deadline": F("deadline"),
    "shown_theme": F("theme_id"),
    "shown_owner": F("owner_id"),
    "frozen_reference": Value("", output_field=CharField()),
    "frozen_theme": Value("", output_field=CharField()),
    "shown_owner_name": F("owner__name"),
}
