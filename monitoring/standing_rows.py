"""How the goals of a theme, a focus area, a round or a programme stand: rows of figures that lead to their goals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.http import urlencode

from din.models import Programme
from monitoring.goal_line import GoalLine
from monitoring.goal_list import WITHOUT_UPDATE_CHOICE, goals_address
from monitoring.standing import ATTENTION, LABELS, WITHOUT_UPDATE, StandingGoals
from monitoring.status_bar import StatusBar, make_bar


@dataclass(frozen=True)
class CountCell:
    """A number in a table, with the address of the goals behind it; no address when there are none."""

    label: str
    count: int
    url: str


@dataclass(frozen=True)
class StandingRow:
    """How some goals stand; `url` is the page about them, if there is one."""

    title: str
    url: str
    bar: StatusBar
    total: CountCell
    cells: tuple[CountCell, ...]
    late: CountCell
    without_update: CountCell


@dataclass
class Tally:
    """How many goals stand how, and how many of them are late or ask attention."""

    standings: Counter[str]
    late: int = 0
    attention: int = 0

    @classmethod
    def empty(cls) -> Tally:
        return cls(Counter())

    @classmethod
    def of_all(cls, tallies: Iterable[Tally]) -> Tally:
        """What `tallies` count together."""
        whole = cls.empty()
        for tally in tallies:
            whole.standings.update(tally.standings)
            whole.late += tally.late
            whole.attention += tally.attention
        return whole

    @classmethod
    def of_lines(cls, lines: Iterable[GoalLine]) -> Tally:
        """How the goals in `lines` stand."""
        tally = cls.empty()
        for line in lines:
            tally.add(standing=line.standing, late=line.late, count=1)
        return tally

    def add(self, *, standing: str, late: bool, count: int) -> None:
        self.standings[standing] += count
        self.late += count if late else 0
        self.attention += count if late or standing in ATTENTION else 0

    @property
    def total(self) -> int:
        return self.standings.total()

    @property
    def without_update(self) -> int:
        return sum(self.standings[standing] for standing in WITHOUT_UPDATE)


def tallies_by_programme(goals: StandingGoals) -> dict[int, Tally]:
    """How `goals` stand, by the key of their programme."""
    tallies: dict[int, Tally] = {}
    for (programme, (standing, late)), count in Counter(goals.standings()).items():
        tallies.setdefault(programme, Tally.empty()).add(standing=standing, late=late, count=count)
    return tallies


def occurring(tallies: Iterable[Tally]) -> tuple[str, ...]:
    """The standings that some goal has: a table of nine columns of which five are empty helps nobody."""
    whole = Tally.of_all(tallies)
    return tuple(standing for standing in LABELS if whole.standings[standing])


def standing_row(
    programme: Programme,
    query: Mapping[str, str | int],
    tally: Tally,
    *,
    title: str,
    url: str,
    standings: Iterable[str],
    has_bar: bool = True,
) -> StandingRow:
    """The row of `tally`, a cell for each of `standings`. `query` narrows the list of goals to those that it counts."""

    address, asked = goals_address(programme), urlencode(query)

    def cell(label: str, count: int, narrow: str = "") -> CountCell:
        narrowed = "&".join(filter(None, (asked, narrow)))
        return CountCell(label, count, "" if not count else f"{address}?{narrowed}" if narrowed else address)

    return StandingRow(
        title=title,
        url=url,
        bar=make_bar(tally.standings if has_bar else {}),
        total=cell("doelen", tally.total),
        cells=tuple(cell(LABELS[standing], tally.standings[standing], f"status={standing}") for standing in standings),
        late=cell("te laat", tally.late, "laat=on"),
        without_update=cell("zonder voortgang", tally.without_update, f"status={WITHOUT_UPDATE_CHOICE}"),
    )
