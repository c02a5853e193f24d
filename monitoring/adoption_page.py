"""What the manager sees before adopting a round: what will be frozen, and what still stands in the way."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.urls import reverse

from monitoring.models import ReportingRound, Update
from monitoring.report.build import report_with_goals
from monitoring.report.document import ReportDocument
from monitoring.report.frozen import content_hash, goal_hashes
from monitoring.workflow import RoundAction, allowed_round_actions, missing_goals

SHOWN_AT_MOST = 50  # of the goals in one state; the page of the round shows all


@dataclass(frozen=True)
class GoalLink:
    label: str
    text: str
    url: str


@dataclass(frozen=True)
class Obstacle:
    """Goals that keep the round from being adopted, for one reason; `more` are not among `goals`."""

    title: str
    goals: tuple[GoalLink, ...]
    more: int


@dataclass(frozen=True)
class NotDelivered:
    """A goal that will be frozen as not delivered."""

    goal: GoalLink
    reason: str


@dataclass(frozen=True)
class AdoptionPage:
    """`seen` and `seen_goals` go along with the form, to tell whether something changed after the page was shown."""

    round: ReportingRound
    document: ReportDocument
    obstacles: tuple[Obstacle, ...]
    not_delivered: tuple[NotDelivered, ...]
    seen: str
    seen_goals: str
    changed: tuple[GoalLink, ...]
    can_adopt: bool


def adoption_page(
    round_: ReportingRound, *, today: datetime.date, seen_goals: Collection[str] | None = None
) -> AdoptionPage:
    """The page of `round_`, in a constant number of queries.

    With `seen_goals`, the hashes of the goals as they were shown before, `changed` are those that are others by now.
    """
    document, goals = report_with_goals(round_, today=today)
    hashes = goal_hashes(document)
    told = [
        (
            reported,
            GoalLink(reported.reference or "Doel", reported.text, reverse("review_update", args=[round_.pk, goal.pk])),
        )
        for reported, goal in zip(document.every_goal, goals, strict=True)
    ]
    missing = [GoalLink(goal.reference or "Doel", goal.text, goal.get_absolute_url()) for goal in missing_goals(round_)]
    obstacles = [_obstacle("nieuw in het plan en nog niet in deze ronde", missing)] if missing else []
    for state in Update.State:
        if state not in Update.FINISHED:
            links = [link for reported, link in told if reported.state == state]
            obstacles += [_obstacle(str(state.label), links)] if links else []
    return AdoptionPage(
        round=round_,
        document=document,
        obstacles=tuple(obstacles),
        not_delivered=tuple(
            NotDelivered(link, reported.not_delivered_reason)
            for reported, link in told
            if reported.state == Update.State.NOT_DELIVERED
        ),
        seen=content_hash(document),
        seen_goals=" ".join(hashes),
        changed=tuple(
            link
            for (_, link), hash_ in zip(told, hashes, strict=True)
            if seen_goals is not None and hash_ not in seen_goals
        ),
        can_adopt=not obstacles and RoundAction.ADOPT in allowed_round_actions(round_),
    )


def _obstacle(title: str, goals: list[GoalLink]) -> Obstacle:
    return Obstacle(title, tuple(goals[:SHOWN_AT_MOST]), max(0, len(goals) - SHOWN_AT_MOST))
