"""How goals stand in a round. The one place where that is read, for dashboards, lists and goal pages alike.

A goal stands as its delivered update says. Without one it is "vervallen" when it has ended, "niet aangeleverd" when
the manager marked it so, and else "nog niet ingediend": a draft or a returned text does not count.

That is for a running round. An adopted round is read from the newest edition of its report: which goals it was about,
how they stood, and what they, their themes and their owners were called then. What changed in the plan since does not
show.

A goal is late when its deadline has passed without a final status, in this round or, as long as nothing else was
delivered in this one, in the latest adopted round before it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial, reduce
from operator import or_
from typing import NamedTuple

from django.db.models import BooleanField, Case, CharField, F, FilteredRelation, Q, QuerySet, Value
from django.db.models.expressions import OrderBy
from django.db.models.functions import NullIf

from din.models import Goal, Plan, Theme
from din.models.levels import reference_of
from monitoring.models import Report, ReportedGoal, ReportingRound, Update
from monitoring.models.update import is_late

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


# A key of LABELS, or empty without a round; and whether the goal is late.
Standing = tuple[str, bool]


class Facts(NamedTuple):
    """What decides how a goal stands: its deadline and its end, and what its round says of it."""

    pk: int
    plan_pk: int
    deadline: datetime.date | None
    ended_on: datetime.date | None
    state: str | None
    status: str | None
    late: bool | None


class StandingGoal(NamedTuple):
    """A goal as its round shows it, and how it stands there. A tuple and no model: a page reads hundreds of them.

    `theme` is None for what concerns the whole programme, `owner` empty while there is none, and `state` (that of its
    update) empty while there is no update. The order of the plan sorts by `place`: as the frozen report has it; else
    what concerns the whole programme first, then by theme as the programme orders them, and by number within a theme.
    """

    pk: int
    plan_pk: int
    kind: str
    reference: str
    text: str
    theme_pk: int | None
    theme: str | None
    owner_pk: int | None
    owner: str
    deadline: datetime.date | None
    ended_on: datetime.date | None
    ended_reason: str
    state: str
    standing: str
    late: bool
    place: tuple[object, ...]


@dataclass(frozen=True)
class StandingGoals:
    """Goals to narrow and to put in order, and then to walk through: only that reads them.

    `query` is annotated with what a page shows: `shown_place` counts from 1 in the order of the frozen report, and is 0
    for a goal that is shown as it is now. The `frozen_` names are empty then. `judge` says how each goal stands.
    """

    query: QuerySet[Goal]
    judge: Callable[[Sequence[Facts]], Iterable[Standing]]

    def filter(self, *conditions: Q, **fields: object) -> StandingGoals:
        return replace(self, query=self.query.filter(*conditions, **fields))

    def order_by(self, *order: str | OrderBy | Case) -> StandingGoals:
        return replace(self, query=self.query.order_by(*order))

    def first(self, count: int) -> StandingGoals:
        return replace(self, query=self.query[:count])

    def __iter__(self) -> Iterator[StandingGoal]:
        rows = list(self.query.values_list(*_FACTS, *_SHOWN, *_NOW))
        facts = [Facts(*row[: len(_FACTS)]) for row in rows]
        themes: dict[int | None, tuple[Theme | None, str | None]] = {None: (None, None)}
        for row, fact, (standing, late) in zip(rows, facts, self.judge(facts), strict=True):
            kind, reason, place, text, theme_pk, owner_pk, owner, reference, title = row[len(_FACTS) : _LAST_SHOWN]
            number, position, now, theme_position, *of_theme = row[_LAST_SHOWN:]
            if now not in themes:
                theme = Theme(**dict(zip(_THEME_FIELDS, of_theme, strict=True)))
                themes[now] = theme, theme.title
            if not place:
                reference, title = reference_of(themes[now][0], number), themes[now][1]
            yield StandingGoal(
                pk=fact.pk,
                plan_pk=fact.plan_pk,
                kind=kind,
                reference=reference,
                text=text,
                theme_pk=theme_pk,
                theme=title,
                owner_pk=owner_pk,
                owner=owner or "",
                deadline=fact.deadline,
                ended_on=fact.ended_on,
                ended_reason=reason,
                state=fact.state or "",
                standing=standing,
                late=late,
                place=(
                    place,
                    -1 if theme_position is None else theme_position,
                    now or 0,
                    number is None,
                    number,
                    position,
                    fact.pk,
                ),
            )

    def keys(self) -> set[int]:
        return set(self.query.order_by().values_list("pk", flat=True))

    def standings(self) -> Iterable[tuple[int, Standing]]:
        """The key of the programme of each goal, and how the goal stands: enough to count."""
        rows = list(self.query.order_by().values_list("plan__programme_id", *_FACTS))
        facts = [Facts(*row[1:]) for row in rows]
        return zip((row[0] for row in rows), self.judge(facts), strict=True)


def goals_in(rounds: Sequence[ReportingRound], *, as_of: datetime.date) -> StandingGoals:
    """The goals that `rounds` are about, each with how it stands in its round.

    `rounds` are of different plans, and all of them running or all of them adopted (see `alike`): the two are read
    from other tables. A running round is about every goal of its plan, an adopted one about the goals in its report.
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


def goals_of(plan: Plan | None) -> StandingGoals:
    """The goals of a plan on which there is no round yet: nothing stands, nothing is late. None without a plan."""
    return unreported(Goal.objects.filter(plan__in=[] if plan is None else [plan]))


def unreported(goals: QuerySet[Goal]) -> StandingGoals:
    """Goals that no round is about yet, as the plan has them: nothing stands, nothing is late."""
    return StandingGoals(goals.annotate(**_AS_IT_IS_NOW, **_NOTHING_SAID), lambda facts: [("", False)] * len(facts))


# --- a running round -----------------------------------------------------------------------------------------------


def _as_recorded(running: Sequence[ReportingRound], *, as_of: datetime.date) -> StandingGoals:
    """The goals of the plans of `running`, as they are now and as their updates say."""
    of_round = FilteredRelation("updates", condition=Q(updates__round__in=[round_.pk for round_ in running]))
    said = {"said_state": F("recorded__state"), "said_status": F("recorded__status"), "said_late": _NOTHING_LATE}
    goals = Goal.objects.filter(plan__in=[round_.plan_id for round_ in running]).alias(recorded=of_round)
    return StandingGoals(goals.annotate(**_AS_IT_IS_NOW, **said), partial(_judge_recorded, running, as_of))


def _judge_recorded(
    running: Sequence[ReportingRound], as_of: datetime.date, facts: Sequence[Facts]
) -> Iterator[Standing]:
    """How goals stand by their updates, in at most one query: for those that were due and of which nothing came in."""
    days = {round_.plan_id: round_.reference_day(today=as_of) for round_ in running}
    unheard = [
        fact.pk
        for fact in facts
        if fact.state not in Update.DELIVERED and is_late(fact.deadline, "", as_of=days[fact.plan_pk])
    ]
    last = _last_statuses(unheard, before=running) if unheard else {}
    for fact in facts:
        day = days[fact.plan_pk]
        has_ended = fact.ended_on is not None and fact.ended_on <= day
        is_delivered = fact.state in Update.DELIVERED
        if is_delivered:
            standing = fact.status or ""
        elif has_ended:
            standing = Update.Status.DROPPED.value
        else:
            standing = NOT_DELIVERED if fact.state == NOT_DELIVERED else AWAITED
        said = standing if is_delivered else last.get(fact.pk, "")
        yield standing, not has_ended and is_late(fact.deadline, said, as_of=day)


def _last_statuses(goals: Sequence[int], *, before: Sequence[ReportingRound]) -> dict[int, str]:
    """What the latest report before its round, each in its own programme, said of those of `goals` that delivered."""
    earlier = (
        Q(round__programme=round_.programme_id)
        & (Q(round__year__lt=round_.year) | Q(round__year=round_.year, round__half__lt=round_.half))
        for round_ in before
    )
    reports = Report.objects.filter(reduce(or_, earlier)).newest()
    told = ReportedGoal.objects.filter(goal__in=goals, report__in=reports, state__in=Update.DELIVERED)
    return dict(told.order_by("report__round__year", "report__round__half").values_list("goal_id", "status"))


# --- an adopted round ----------------------------------------------------------------------------------------------


def _as_reported(adopted: Sequence[ReportingRound]) -> StandingGoals:
    """The goals in the newest editions of the reports of `adopted`, as they are told there."""
    editions = newest_editions(Report.objects.filter(round__in=adopted)).values()
    goals = (
        Goal.objects.alias(frozen=FilteredRelation("reported", condition=Q(reported__report__in=editions)))
        .filter(frozen__report__in=editions)
        .annotate(
            shown_place=F("frozen__position"),
            shown_text=F("frozen__text"),
            shown_number=F("frozen__number"),
            shown_deadline=F("frozen__deadline"),
            shown_theme=F("frozen__theme_id"),
            shown_owner=F("frozen__owner_id"),
            frozen_reference=F("frozen__reference"),
            frozen_theme=F("frozen__theme_title"),
            shown_owner_name=NullIf(F("frozen__owner_name"), Value("")),
            said_state=F("frozen__state"),
            said_status=F("frozen__status"),
            said_late=F("frozen__late"),
        )
    )
    return StandingGoals(goals, lambda facts: [(fact.status or NOT_DELIVERED, bool(fact.late)) for fact in facts])


def newest_editions(reports: QuerySet[Report]) -> dict[int, int]:
    """The key of the newest edition of `reports` by the key of its round."""
    return dict(reports.order_by("edition").values_list("round_id", "pk"))


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
_NOTHING_LATE = Value(False, output_field=BooleanField())
_NOTHING_SAID = {
    "said_state": Value("", output_field=CharField()),
    "said_status": Value("", output_field=CharField()),
    "said_late": _NOTHING_LATE,
}
# In the order of Facts.
_FACTS = ("pk", "plan_id", "shown_deadline", "ended_on", "said_state", "said_status", "said_late")
_SHOWN = (
    "kind",
    "ended_reason",
    "shown_place",
    "shown_text",
    "shown_theme",
    "shown_owner",
    "shown_owner_name",
    "frozen_reference",
    "frozen_theme",
)
_LAST_SHOWN = len(_FACTS) + len(_SHOWN)
_THEME_FIELDS = ("kind", "number", "name")
_NOW = ("number", "position", "theme_id", "theme__position", *(f"theme__{field}" for field in _THEME_FIELDS))
