"""Searching in goals, explanations and commitments, in all programmes and as far as the reader may read them.

Every word must occur. A goal is searched as the latest round that the reader may see has it: of an adopted round as its
report was frozen, of a running one, or without a round, as the plan has it now.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Case, F, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Concat
from django.urls import reverse

from din.models import Goal, Owner, Plan, Programme
from din.permissions import Visitor
from din.word_diff import Piece
from monitoring.goal_line import goal_line
from monitoring.goal_list import is_called
from monitoring.models import Commitment, ReportedGoal, ReportingRound, Update
from monitoring.round_choice import current_round
from monitoring.search_words import marked, pattern_of
from monitoring.standing import StandingGoal, alike, goals_in, unreported

# More hits of one kind than this are not read: a more precise question helps better.
MOST_HITS = 500


@dataclass(frozen=True)
class Hit:
    """Something found. `title` and `text` have the words found marked; `note` says where it stands."""

    programme: int
    url: str
    title: tuple[Piece, ...]
    note: str
    text: tuple[Piece, ...]


# What was told: of what was not delivered the reason alone, for a draft may still stand beside it.
_SAID = Case(
    When(state=Update.State.NOT_DELIVERED, then=F("not_delivered_reason")),
    default=Concat(F("explanation"), Value(" "), F("next_steps"), output_field=TextField()),
    output_field=TextField(),
)
Words = tuple[str, ...]
Find = Callable[[Visitor, Words, Sequence[Programme], datetime.date], list[Hit]]


def _all_words(words: Words, *fields: str, also: Callable[[str], Q] | None = None) -> Q:
    """Every word occurs in one of `fields`, or fulfils `also`."""
    condition = Q()
    for word in words:
        either = also(word) if also else Q(pk__in=[])
        for field in fields:
            either |= Q(**{f"{field}__iregex": pattern_of(word)})
        condition &= either
    return condition


def find_goals(user: Visitor, words: Words, programmes: Sequence[Programme], as_of: datetime.date) -> list[Hit]:
    """Goals by text, number, theme and owner, those of which the text has the words first."""
    rounds = list(_rounds(user, programmes))
    by_plan = {plan: list(group) for plan, group in groupby(rounds, key=lambda round_: round_.plan_id)}
    shown = [round_ for group in by_plan.values() if (round_ := current_round(group)) is not None]
    plans = Plan.objects.readable_by(user).filter(programme__in=programmes).exclude(pk__in=by_plan)
    theme_now = "theme__name"
    hits: list[StandingGoal] = []
    for goals in (
        *(goals_in(part, as_of=as_of) for part in alike(shown)),
        unreported(Goal.objects.filter(plan__in=plans)),
    ):
        frozen = _all_words(words, "shown_text", "frozen_theme", "shown_owner_name", also=is_called)
        now = _all_words(words, "shown_text", theme_now, "shown_owner_name", also=is_called)
        rank = Case(When(_all_words(words, "shown_text"), then=Value(0)), default=Value(1))
        found = goals.filter(Q(shown_place__gt=0) & frozen | Q(shown_place=0) & now).order_by(
            rank, "-plan__first_year", "shown_place", "position", "pk"
        )
        hits += found.first(MOST_HITS)
    plan_by_pk = Plan.objects.in_bulk({goal.plan_pk for goal in hits})
    return [_goal_hit(goal, plan_by_pk[goal.plan_pk], words) for goal in hits]


def _rounds(user: Visitor, programmes: Sequence[Programme]) -> QuerySet[ReportingRound]:
    """The rounds that `user` may read and that have begun; those of a plan together, the latest first."""
    rounds = ReportingRound.objects.readable_by(user).filter(programme__in=programmes)
    return rounds.exclude(state=ReportingRound.State.PLANNED).order_by("plan", "-year", "-half")


def _goal_hit(goal: StandingGoal, plan: Plan, words: Words) -> Hit:
    line = goal_line(goal)
    note = " · ".join(filter(None, (plan.name, line.theme, line.owner, line.standing_label)))
    return Hit(plan.programme_id, line.url, _titled(line.reference, line.text, words), note, ())


def _titled(number: str, text: str, words: Words) -> tuple[Piece, ...]:
    """`text` behind its number, which is not cut with it."""
    return (*marked(number, words), Piece(" "), *marked(text, words)) if number else marked(text, words)


def find_explanations(user: Visitor, words: Words, programmes: Sequence[Programme], as_of: datetime.date) -> list[Hit]:
    """What was written in the rounds that `user` may read, the latest first. A draft is for who records the goal."""
    rounds = ReportingRound.objects.readable_by(user).filter(programme__in=programmes)
    told = ReportedGoal.objects.of_newest_editions().filter(report__round__in=rounds.adopted())
    hits = [
        _explanation_hit(found, found.report.round, found.reference, found.text, words)
        for found in told.annotate(said=_SAID)
        .filter(_all_words(words, "said"))
        .select_related("report__round")
        .defer("report__document")
        .order_by("-report__round__year", "-report__round__half", "position")[:MOST_HITS]
    ]
    records = Q(goal__plan__programme__in=Programme.objects.managed_by(user))
    if user.has_perm("monitoring.record_updates"):  # type: ignore[union-attr]
        records |= Q(goal__owner__in=Owner.objects.of_user(user))
    handed_in = Q(state__in=Update.DELIVERED) | Q(state=Update.State.NOT_DELIVERED)
    updates = Update.objects.filter(handed_in | records, round__in=rounds.running()).with_place()
    running = [
        _explanation_hit(found, found.round, found.goal.reference, found.goal.text, words)
        for found in updates.annotate(said=_SAID)
        .filter(_all_words(words, "said"))
        .order_by("goal__position", "pk")[:MOST_HITS]
    ]
    return running + hits


def _explanation_hit(found: Any, round_: ReportingRound, reference: str, text: str, words: Words) -> Hit:
    note = " · ".join(filter(None, (round_.label, found.get_status_display() or found.get_state_display())))
    title = (Piece(f"{reference} {text}".strip()[:160]),)
    return Hit(round_.programme_id, reverse("goal", args=[found.goal_id]), title, note, marked(found.said, words))


def find_commitments(user: Visitor, words: Words, programmes: Sequence[Programme], as_of: datetime.date) -> list[Hit]:
    """Commitments by number, title and text; their settlement as far as `user` may know it."""
    readable = Commitment.objects.readable_by(user).filter(programme__in=programmes).select_related("programme")
    found = readable.filter(_all_words(words, "number", "title", "text", "shown_settlement"))
    return [
        Hit(
            commitment.programme_id,
            commitment.get_absolute_url(),
            _titled(commitment.number, commitment.title, words),
            commitment.get_kind_display(),
            marked(f"{commitment.text} {commitment.shown_settlement}", words),  # type: ignore[attr-defined]
        )
        for commitment in found.order_by(F("made_on").desc(nulls_last=True), "pk")[:MOST_HITS]
    ]


def commitment_numbered(number: str, user: Visitor) -> Commitment | None:
    """The one commitment with that council number that `user` may read; None when there are none or more."""
    readable = Commitment.objects.readable_by(user).select_related("programme")
    found = list(readable.filter(number__iexact=number)[:2]) if number else []
    return found[0] if len(found) == 1 else None
