"""Which two rounds a page compares: those that the reader chose, or the latest and the one before it."""

from __future__ import annotations

from dataclasses import dataclass

from din.models import Programme
from din.permissions import Visitor
from monitoring.models import ReportingRound
from monitoring.round_choice import NoSuchRound, shown_rounds


@dataclass(frozen=True)
class RoundPair:
    """`rounds` are all that the reader may see, the latest first. With fewer than two there is no pair."""

    rounds: tuple[ReportingRound, ...]
    before: ReportingRound | None
    after: ReportingRound | None

    @property
    def is_one_round(self) -> bool:
        """Whether the same round was chosen twice."""
        return self.before is not None and self.before == self.after


def choose_pair(programme: Programme, *, user: Visitor, before: str = "", after: str = "") -> RoundPair:
    """The rounds named `before` and `after`, put in order of time. Raises NoSuchRound for a name that is not there."""
    rounds = tuple(shown_rounds(programme, user=user))
    by_name = {round_.name: round_ for round_ in rounds}
    for name in (before, after):
        if name and name not in by_name:
            raise NoSuchRound(name)
    if len(rounds) < 2:
        return RoundPair(rounds, None, None)
    later = by_name[after] if after else next(round_ for round_ in rounds if round_.name != before)
    earlier = by_name[before] if before else _next_to(rounds, later)
    earlier, later = sorted((earlier, later), key=lambda round_: (round_.year, round_.half))
    return RoundPair(rounds, earlier, later)


def _next_to(rounds: tuple[ReportingRound, ...], round_: ReportingRound) -> ReportingRound:
    """The round before `round_`; after it when it is the first."""
    place = rounds.index(round_)
    return rounds[place + 1] if place + 1 < len(rounds) else rounds[place - 1]
