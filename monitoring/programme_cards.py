"""All programmes on one page: a card of each, and how they stand side by side."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import BooleanField, Case, Count, QuerySet, Value, When

from din.models import Programme
from din.permissions import Visitor
from monitoring.models import ReportingRound, Update
from monitoring.round_choice import current_round
from monitoring.standing import ATTENTION, alike, goals_in
from monitoring.standing_rows import CountCell, StandingRow, Tally, standing_row, tallies_by_programme
from monitoring.status_bar import StatusBar


@dataclass(frozen=True)
class ProgrammeCard:
    """A programme with its current round, as far as the reader may see it; `waiting` is for its manager only.

    `row` is the programme beside the others; `attention` says how many goals are in danger, delayed or late, for those
    of which there are any.
    """

    name: str
    url: str
    period: str
    description: str
    round_label: str
    round_state: str
    round_state_label: str
    bar: StatusBar
    row: StandingRow
    attention: tuple[CountCell, ...]
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
    tallies: dict[int, Tally] = {}
    for part in alike(rounds.values()):
        tallies |= tallies_by_programme(goals_in(part, as_of=as_of))
    waiting = dict(
        Update.objects.filter(round__in=rounds.values(), state=Update.State.SUBMITTED)
        .order_by()
        .values_list("round__programme_id")
        .annotate(Count("pk"))
    )
    return [
        _card(
            programme, rounds.get(programme.pk), tallies.get(programme.pk, Tally.empty()), waiting.get(programme.pk, 0)
        )
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


def _card(programme: Programme, round_: ReportingRound | None, tally: Tally, waiting: int) -> ProgrammeCard:
    is_managed = bool(programme.is_managed)  # type: ignore[attr-defined]
    url = programme.get_absolute_url()
    row = standing_row(programme, {}, tally, title=programme.name, url=url, standings=ATTENTION)
    reviews = is_managed and round_ is not None and round_.is_running
    return ProgrammeCard(
        name=programme.name,
        url=url,
        period=programme.period,
        description=programme.description,
        round_label="" if round_ is None else round_.label,
        round_state="" if round_ is None else round_.state,
        round_state_label="" if round_ is None else round_.get_state_display(),
        bar=row.bar,
        row=row,
        attention=tuple(cell for cell in (*row.cells, row.late) if cell.count),
        is_managed=is_managed,
        waiting=waiting if reviews else 0,
        waiting_url=round_.get_absolute_url() if round_ is not None and reviews else "",
    )
