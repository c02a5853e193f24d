"""The page of one goal: what it is, its place in the network, and its progress by round."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from din.models import Ambition, Effort, ErGoal, Goal
from din.network import GOAL
from din.permissions import Visitor
from monitoring.commitment_line import CommitmentLine, commitments_of
from monitoring.goal_history import Event, history_of
from monitoring.goal_line import theme_title
from monitoring.goal_predecessors import PredecessorLine, predecessors_of
from monitoring.indicator_list import IndicatorLine, goal_indicators
from monitoring.models import EffortUpdate, ReportedGoal, ReportingRound, Update
from monitoring.permissions import RECORD_UPDATE
from monitoring.round_choice import current_round, plan_value, shown_rounds
from monitoring.standing import AWAITED, LABELS, NOT_DELIVERED, goals_in


@dataclass(frozen=True)
class ProgressLine:
    """The progress in one round, as far as the reader may see it.

    `is_concept` marks what was not handed in: only those who record the goal's progress read it. `standing` is how
    the goal counts in the round, `status` what is recorded; for a concept the two differ. `text_then` is the goal as
    the report of the round has it, where it reads differently now.
    """

    round_label: str
    round_name: str
    round_state: str
    round_state_label: str
    standing: str
    standing_label: str
    is_concept: bool
    state: str
    state_label: str
    status: str
    status_label: str
    explanation: str
    next_steps: str
    forecast: datetime.date | None
    return_reason: str
    not_delivered_reason: str
    efforts: tuple[EffortUpdate, ...]
    text_then: str


@dataclass(frozen=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True)
class EffortLine:
    """An effort for this goal, who leads it, and the other goals that it serves."""

    text: str
    lead: str
    other_goals: tuple[Link, ...]


@dataclass(frozen=True)
class Branch:
    """An ambition with the ER-goals through which this goal serves it; `ambition` is empty when there is none."""

    ambition: str
    er_goals: tuple[str, ...]


@dataclass(frozen=True)
class GoalPage:
    """`standing` is how the goal stands in `round_label`: the running round or else the latest adopted one."""

    pk: int
    title: str
    reference: str
    theme: Link
    owner: str
    kind: str
    deadline: datetime.date | None
    deadline_label: str
    plan: str
    text: str
    description: str
    intended_results: tuple[str, ...]
    ended_on: datetime.date | None
    ended_reason: str
    standing: str
    standing_label: str
    round_label: str
    late: bool
    branches: tuple[Branch, ...]
    efforts: tuple[EffortLine, ...]
    focus_areas: tuple[Link, ...]
    predecessors: tuple[PredecessorLine, ...]
    successors: tuple[Link, ...]
    has_levels: bool
    progress: tuple[ProgressLine, ...]
    history: tuple[Event, ...]
    commitments: tuple[CommitmentLine, ...]
    record_url: str
    indicators: tuple[IndicatorLine, ...]
    network_url: str

    @property
    def shows_place(self) -> bool:
        """A SMART goal shows its place even when lines are missing; what belongs to no DIN only the lines it has."""
        return self.has_levels or bool(self.branches or self.efforts)


def build_goal_page(goal: Goal, *, user: Visitor, as_of: datetime.date) -> GoalPage:
    """The page of `goal` (read with GoalQuerySet.with_place) for `user`, in a constant number of queries."""
    programme = goal.plan.programme
    records = RECORD_UPDATE.allows(user, goal)
    rounds = [round_ for round_ in shown_rounds(programme, user=user) if round_.plan_id == goal.plan_id]
    current = current_round(rounds)
    standing, late = _standing(goal, current, as_of=as_of)
    editions = _editions(goal, rounds)
    told = {line.report.round_id: line for line in editions}  # the newest is the last
    updates = {update.round_id: update for update in Update.objects.filter(goal=goal, round__in=rounds)}
    efforts = _efforts_by_update(updates.values())
    running = next((round_ for round_ in rounds if round_.is_running), None)
    progress = [
        _progress(
            round_,
            goal,
            told=told.get(round_.pk),
            update=updates.get(round_.pk),
            efforts=efforts.get(updates[round_.pk].pk, []) if round_.pk in updates else [],
            reads_concepts=records,
        )
        for round_ in rounds
        if round_.pk in told or round_.pk in updates or (round_ == running and goal.ended_on is None)
    ]
    successors = Goal.objects.readable_by(user).filter(predecessor=goal).with_place()
    goals_address = reverse("goals", args=[programme.slug])
    return GoalPage(
        pk=goal.pk,
        title=f"Doel {goal.reference}" if goal.reference else "Doel",
        reference=goal.reference,
        theme=Link(theme_title(goal.theme), goal.theme.get_absolute_url() if goal.theme else ""),
        owner=goal.owner.name if goal.owner else "",
        kind=goal.get_kind_display(),
        deadline=goal.deadline,
        deadline_label=goal.deadline_label,
        plan=goal.plan.name,
        text=goal.text,
        description=goal.description,
        intended_results=tuple(line.strip() for line in goal.intended_results.splitlines() if line.strip()),
        ended_on=goal.ended_on,
        ended_reason=goal.ended_reason,
        standing=standing,
        standing_label=LABELS.get(standing, ""),
        round_label="" if current is None else current.label,
        late=late,
        branches=_branches(goal),
        efforts=_efforts(goal),
        focus_areas=tuple(
            Link(area.name, f"{goals_address}?speerpunt={area.pk}") for area in goal.focus_areas.order_by("position")
        ),
        predecessors=predecessors_of(goal, user=user),
        successors=tuple(_goal_link(successor) for successor in successors),
        has_levels=goal.kind == Goal.Kind.SMART_GOAL,
        progress=tuple(progress),
        history=history_of(goal, rounds=rounds, updates=updates.values(), editions=editions, reads_all=records),
        commitments=tuple(commitments_of(goal, user=user, as_of=as_of)),
        record_url=_record_url(goal, running) if records and running and running.pk in updates else "",
        indicators=goal_indicators(goal, user=user, as_of=as_of),
        network_url=_network_url(goal, current),
    )


def _editions(goal: Goal, rounds: Iterable[ReportingRound]) -> list[ReportedGoal]:
    """The goal in every edition of the reports of `rounds`, round by round from the first edition on."""
    editions = ReportedGoal.objects.filter(goal=goal, report__round__in=rounds)
    told = editions.select_related("report__frozen_by").defer("report__document")
    return list(told.order_by("report__round", "report__edition"))


def _efforts_by_update(updates: Iterable[Update]) -> dict[int, list[EffortUpdate]]:
    lines: dict[int, list[EffortUpdate]] = {}
    for line in EffortUpdate.objects.filter(update__in=updates).select_related("effort"):
        lines.setdefault(line.update_id, []).append(line)
    return lines


def _progress(
    round_: ReportingRound,
    goal: Goal,
    *,
    told: ReportedGoal | None,
    update: Update | None,
    efforts: Sequence[EffortUpdate],
    reads_concepts: bool,
) -> ProgressLine:
    """The progress in `round_`: of an adopted one as the report tells it."""
    if told is not None:
        return reported_line(round_, told, text_now=goal.text, efforts=efforts)
    return progress_line(round_, update, reads_concepts=reads_concepts, efforts=efforts)


def progress_line(
    round_: ReportingRound, update: Update | None, *, reads_concepts: bool, efforts: Sequence[EffortUpdate] = ()
) -> ProgressLine:
    """What somebody may read of `update` in a running round: all once it is handed in, else only with `reads_concepts`.

    `efforts` are what was recorded in `update` on the efforts of the goal.

    Without an update the goal came into the plan after the round was opened: it counts as awaited.
    """
    delivered = update is not None and update.is_delivered
    not_delivered = update is not None and update.state == NOT_DELIVERED
    is_concept = update is not None and reads_concepts and update.state in (Update.State.DRAFT, Update.State.RETURNED)
    shown = update if delivered or is_concept else None
    standing = update.status if update is not None and delivered else NOT_DELIVERED if not_delivered else AWAITED
    says_state = update is not None and (delivered or not_delivered or reads_concepts)
    return ProgressLine(
        round_label=round_.label,
        round_name=round_.name,
        round_state=round_.state,
        round_state_label=round_.get_state_display(),
        standing=standing,
        standing_label=LABELS[standing],
        is_concept=is_concept,
        state=update.state if update is not None and says_state else "",
        state_label=update.get_state_display() if update is not None and says_state else "",
        status=shown.status if shown else "",
        status_label=shown.get_status_display() if shown else "",
        explanation=shown.explanation if shown else "",
        next_steps=shown.next_steps if shown else "",
        forecast=shown.forecast if shown else None,
        return_reason=shown.return_reason if shown and is_concept else "",
        not_delivered_reason=update.not_delivered_reason if update is not None and not_delivered else "",
        efforts=tuple(efforts) if shown else (),
        text_then="",
    )


def reported_line(
    round_: ReportingRound, told: ReportedGoal, *, text_now: str, efforts: Sequence[EffortUpdate] = ()
) -> ProgressLine:
    """What the newest edition of the report of an adopted round says."""
    return ProgressLine(
        round_label=round_.label,
        round_name=round_.name,
        round_state=round_.state,
        round_state_label=round_.get_state_display(),
        standing=told.standing,
        standing_label=LABELS[told.standing],
        is_concept=False,
        state="",
        state_label="",
        status=told.status,
        status_label=told.get_status_display(),
        explanation=told.explanation,
        next_steps=told.next_steps,
        forecast=told.forecast,
        return_reason="",
        not_delivered_reason=told.not_delivered_reason,
        efforts=tuple(efforts) if told.status else (),
        text_then=told.text if told.text != text_now else "",
    )


def _standing(goal: Goal, round_: ReportingRound | None, *, as_of: datetime.date) -> tuple[str, bool]:
    """How `goal` stands in `round_` and whether it is late; nothing when the round is not about it."""
    if round_ is None:
        return "", False
    found = goals_in([round_], as_of=as_of).filter(pk=goal.pk).standings()
    return next((standing for _, standing in found), ("", False))


def _branches(goal: Goal) -> tuple[Branch, ...]:
    """The way up: the ambitions, each with the ER-goals of this goal that serve it, in the plan's order."""
    er_goals = list(
        goal.er_goals.order_by("position", "pk").prefetch_related(
            Prefetch("ambitions", Ambition.objects.order_by("position", "pk"))
        )
    )
    by_ambition: dict[str, list[ErGoal]] = {}
    for er_goal in er_goals:
        for ambition in er_goal.ambitions.all():
            by_ambition.setdefault(ambition.text, []).append(er_goal)
    branches = [Branch(text, tuple(er_goal.text for er_goal in serving)) for text, serving in by_ambition.items()]
    loose = tuple(er_goal.text for er_goal in er_goals if not er_goal.ambitions.all())
    return (*branches, *((Branch("", loose),) if loose else ()))


def _efforts(goal: Goal) -> tuple[EffortLine, ...]:
    efforts = (
        Effort.objects.filter(goals=goal)
        .select_related("lead")
        .prefetch_related(Prefetch("goals", _other_goals(goal)))
        .order_by("position", "pk")
    )
    return tuple(
        EffortLine(
            text=effort.text,
            lead=effort.lead.name if effort.lead else "",
            other_goals=tuple(_goal_link(other) for other in effort.goals.all()),
        )
        for effort in efforts
    )


def _other_goals(goal: Goal) -> QuerySet[Goal]:
    return Goal.objects.filter(plan=goal.plan_id).exclude(pk=goal.pk).select_related("theme").order_by("position", "pk")


def _network_url(goal: Goal, round_: ReportingRound | None) -> str:
    """The goal with its path in the network of the round, or of its plan when there is no round yet."""
    shown = plan_value(goal.plan) if round_ is None else round_.name
    query = urlencode({"ronde": shown, "knoop": f"{GOAL}-{goal.pk}"})
    return f"{reverse('network', args=[goal.plan.programme.slug])}?{query}"


def _record_url(goal: Goal, round_: ReportingRound) -> str:
    return f"{reverse('record_update', args=[goal.pk])}?ronde={round_.name}"


def _goal_link(goal: Goal) -> Link:
    return Link(goal.reference or str(goal), goal.get_absolute_url())
