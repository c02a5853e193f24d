"""The programmes as cards: where each stands, and what waits for its manager."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import BooleanField, Case, Count, QuerySet, Value, When

from din.models import Programme
from din.permissions import Visitor
from monitoring.models import ReportingRound, Update
from monitoring.round_choice import current_round
from monitoring.standing import goals_in
from monitoring.status_bar import StatusBar, make_bar


@dataclass(frozen=True)
class ProgrammeCard:
    """A programme with its current round, as far as the reader may see it; `waiting` is for its manager only."""

    name: str
    url: str
    period: str
    description: str
    round_label: str
    round_state: str
    round_state_label: str
    bar: StatusBar
    is_managed: bool
    waiting: int
    waiting_url: str


def programmes_for(user: Visitor) -> QuerySet[Programme]:
    """The programmes that `user` reads, those that they manage first."""
    managed = Programme.objects.managed_by(user).order_by().values("pk")
    return (
        Programme.objects.readable_by(user)
        .annotate(
            is_managed=Case(When(pk__in=managed, then=Value(True)), default=Value(False), output_field=BooleanField())
        )
        .order_by("-is_managed", "name", "pk")
    )


def programme_cards(programmes: Sequence[Programme], *, user: Visitor, as_of: datetime.date) -> list[ProgrammeCard]:
    """The cards of `programmes` (from programmes_for), in a number of queries that does not depend on how many."""
    rounds = _current_rounds(programmes, user=user)
    standings: defaultdict[int, Counter[str]] = defaultdict(Counter)
    counts: Iterable[tuple[int, str, int]] = (
        goals_in(list(rounds.values()), as_of=as_of)
        .order_by()
        .values_list("plan__programme_id", "standing")
        .annotate(Count("pk"))
    )
    for programme_pk, standing, count in counts:
        standings[programme_pk][standing] += count
    waiting = dict(
        Update.objects.filter(round__in=rounds.values(), state=Update.State.SUBMITTED)
        .order_by()
        .values_list("round__programme_id")
        .annotate(Count("pk"))
    )
    return [
        _card(programme, rounds.get(programme.pk), standings[programme.pk], waiting.get(programme.pk, 0))
        for programme in programmes
    ]


def _current_rounds(programmes: Sequence[Programme], *, user: Visitor) -> dict[int, ReportingRound]:
    """By programme the round that its dashboard shows by itself."""
    by_programme: defaultdict[int, list[ReportingRound]] = defaultdict(list)
    for round_ in (
        ReportingRound.objects.readable_by(user)
        .filter(programme__in=programmes)
        .exclude(state=ReportingRound.State.PLANNED)
        .order_by("-year", "-half")
    ):
        by_programme[round_.programme_id].append(round_)
    return {pk: current for pk, rounds in by_programme.items() if (current := current_round(rounds)) is not None}


def _card(programme: Programme, round_: ReportingRound | None, standings: Counter[str], waiting: int) -> ProgrammeCard:
    is_managed = bool(programme.is_managed)  # type: ignore[attr-defined]
    reviews = is_managed and round_ is not None and round_.is_running
    return ProgrammeCard(
        name=programme.name,
        url=programme.get_absolute_url(),
        period=programme.period,
        description=programme.description,
        round_label="" if round_ is None else round_.label,
        round_state="" if round_ is None else round_.state,
        round_state_label="" if round_ is None else round_.get_state_display(),
        bar=make_bar(standings),
        is_managed=is_managed,
        waiting=waiting if reviews else 0,
        waiting_url=round_.get_absolute_url() if round_ is not None and reviews else "",
    )
