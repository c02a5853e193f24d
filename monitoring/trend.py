"""How the goals of a programme or a theme stood in each round, as the newest editions of the reports tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.http import urlencode

from din.addresses import address_of
from din.models import Programme, Theme
from monitoring.models import ReportedGoal, ReportingRound
from monitoring.round_choice import RoundChoice
from monitoring.standing import LABELS, NOT_DELIVERED
from monitoring.standing_rows import StandingRow, Tally, occurring, standing_row

# Four years of half-year rounds.
MOST_ROUNDS = 8


@dataclass(frozen=True)
class Trend:
    """A row for each round, the earliest first, with the words of the columns. No rows when there is one round only."""

    rows: tuple[StandingRow, ...]
    standings: tuple[str, ...]


def build_trend(programme: Programme, choice: RoundChoice, shown: Tally, *, theme: Theme | None = None) -> Trend:
    """The adopted rounds up to the one shown, of `theme` when it is given; in one query.

    `shown` is how the goals stand in the round shown: a running one has no report yet. A round counts the goals that
    its own report is about, so their number changes from one plan to the next.
    """
    if choice.round is None:
        return Trend((), ())
    here = _place(choice.round)
    rounds = {_place(round_): round_ for round_ in choice.rounds}
    tallies = _adopted_tallies([round_ for place, round_ in rounds.items() if place < here], theme)
    tallies[here] = shown
    latest = sorted(tallies)[-MOST_ROUNDS:]
    if len(latest) < 2:
        return Trend((), ())
    standings = occurring(tallies[place] for place in latest)
    narrow = {} if theme is None else {"onderdeel": theme.pk}
    return Trend(
        rows=tuple(
            standing_row(
                programme,
                {"ronde": round_.name, **narrow},
                tallies[_place(round_)],
                title=round_.label.capitalize(),
                url=_url(programme, round_, theme),
                standings=standings,
            )
            for round_ in (rounds[place] for place in latest)
        ),
        standings=tuple(LABELS[standing] for standing in standings),
    )


def _adopted_tallies(rounds: Iterable[ReportingRound], theme: Theme | None) -> dict[tuple[int, int], Tally]:
    """By year and half how the goals stood in the latest adopted ones of `rounds` (the latest first)."""
    adopted = {round_.pk: _place(round_) for round_ in rounds if round_.is_adopted}
    latest = list(adopted)[: MOST_ROUNDS - 1]
    # All editions: leaving the replaced ones to SQL costs more than reading them, as corrections are few.
    counted: Iterable[tuple[int, int, str, bool, int]] = (
        ReportedGoal.objects.filter(report__round__in=latest)
        .order_by()
        .values_list("report__round_id", "report__edition", "status", "late")
        .annotate(count=Count("pk", filter=None if theme is None else Q(theme=theme)))
    )
    tallies: defaultdict[tuple[tuple[int, int], int], Tally] = defaultdict(Tally.empty)
    for round_pk, edition, status, late, count in counted:
        tallies[adopted[round_pk], edition].add(standing=status or NOT_DELIVERED, late=late, count=count)
    newest = {place: tallies[place, edition] for place, edition in sorted(tallies)}
    return {place: tally for place, tally in newest.items() if tally.total}


def _place(round_: ReportingRound) -> tuple[int, int]:
    return (round_.year, round_.half)


def _url(programme: Programme, round_: ReportingRound, theme: Theme | None) -> str:
    address = (
        address_of("programme", programme.slug) if theme is None else address_of("theme", programme.slug, theme.pk)
    )
    return f"{address}?{urlencode({'ronde': round_.name})}"
