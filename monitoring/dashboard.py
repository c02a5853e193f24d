"""The dashboard of a programme: how its goals stand in one round, per theme, per focus area, and what to look at."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from django.db.models import Count
from django.utils.http import urlencode

from din.addresses import address_of
from din.models import Ambition, ErGoal, FocusArea, Goal, Plan, Programme, Theme
from monitoring.goal_line import WHOLE_PROGRAMME, GoalLine, goal_lines
from monitoring.goal_list import ATTENTION_CHOICE, NONE, WITHOUT_UPDATE_CHOICE, goals_url
from monitoring.models import ReportingRound, Update
from monitoring.quarter_line import Quarter, build_quarter_line
from monitoring.round_choice import RoundChoice, goals_shown
from monitoring.standing import LABELS, WITHOUT_UPDATE
from monitoring.standing_rows import StandingRow, Tally, occurring, standing_row
from monitoring.status_bar import StatusBar, make_bar
from monitoring.trend import Trend, build_trend

ATTENTION_LINES = 8
_TONES = {
    "achieved": "ok",
    "on_track": "ok",
    "delayed": "warn",
    "at_risk": "bad",
    "not_achieved": "bad",
}
# The standings that have a card even when no goal has them.
_ALWAYS_A_CARD = ("achieved", "on_track", "delayed", "at_risk")


@dataclass(frozen=True)
class Figure:
    """A headline figure that leads to the goals behind it. `tone` is "ok", "warn", "bad", "info" or "none"."""

    label: str
    value: int
    note: str
    url: str
    tone: str


@dataclass(frozen=True)
class Dashboard:
    """What the page of a programme shows. `states` counts the goals by the state of their update."""

    states: Mapping[str, int]
    figures: tuple[Figure, ...]
    bar: StatusBar
    standings: tuple[str, ...]
    rows: tuple[StandingRow, ...]
    sum_row: StandingRow
    focus_areas: tuple[StandingRow, ...]
    ambitions: tuple[str, ...]
    attention: tuple[GoalLine, ...]
    attention_count: int
    attention_url: str
    goals_url: str
    trend: Trend
    quarters: tuple[Quarter, ...]


def build_dashboard(programme: Programme, choice: RoundChoice, *, as_of: datetime.date) -> Dashboard:
    """The dashboard of `programme` for `choice`, in a number of queries that does not depend on the goals."""
    lines = goal_lines(goals_shown(choice, as_of=as_of))
    whole = Tally.of_lines(lines)
    by_theme: defaultdict[int | None, list[GoalLine]] = defaultdict(list)
    for line in lines:
        by_theme[line.theme_pk].append(line)
    standings = occurring([whole])

    def row(title: str, url: str, tally: Tally, **narrow: str | int) -> StandingRow:
        query = {**choice.query, **narrow}
        has_round = choice.round is not None
        return standing_row(programme, query, tally, title=title, url=url, standings=standings, has_bar=has_round)

    rows = [
        row(title, theme_url(programme, theme, choice), Tally.of_lines(by_theme[theme.pk]), onderdeel=theme.pk)
        for theme, title in themes_of(programme, choice, {line.theme_pk: line.theme for line in lines})
    ]
    if None in by_theme:
        rows.insert(0, row(WHOLE_PROGRAMME, "", Tally.of_lines(by_theme[None]), onderdeel=NONE))
    attention = sorted((line for line in lines if line.attention), key=attrgetter("severity"))
    return Dashboard(
        states=Counter(line.state for line in lines),
        figures=_figures(programme, choice, whole),
        bar=make_bar(whole.standings if choice.round else {}),
        standings=tuple(LABELS[standing] for standing in standings),
        rows=tuple(rows),
        sum_row=row("Samen", "", whole),
        focus_areas=tuple(
            row(area.name, "", Tally.of_lines(area_lines), speerpunt=area.pk)
            for area, area_lines in _by_focus_area(choice.plan, lines)
        ),
        ambitions=tuple(
            Ambition.objects.filter(plan=choice.plan, theme=None)
            .order_by("position", "pk")
            .values_list("text", flat=True)
        ),
        attention=tuple(attention[:ATTENTION_LINES]),
        attention_count=len(attention),
        attention_url=goals_url(programme, choice, status=ATTENTION_CHOICE, sorteer="status"),
        goals_url=goals_url(programme, choice),
        trend=build_trend(programme, choice, whole),
        quarters=build_quarter_line(programme, choice, lines, as_of=day_shown(choice, as_of=as_of)),
    )


def _by_focus_area(plan: Plan | None, lines: Sequence[GoalLine]) -> list[tuple[FocusArea, list[GoalLine]]]:
    """The focus areas of `plan` in its order, each with those of `lines` that have it."""
    areas = list(FocusArea.objects.filter(plan=plan).order_by("position", "pk"))
    if not areas:
        return []
    tags = Goal.focus_areas.through.objects.filter(focusarea__in=areas)
    tagged = set(tags.values_list("focusarea_id", "goal_id"))
    return [(area, [line for line in lines if (area.pk, line.pk) in tagged]) for area in areas]


def themes_of(programme: Programme, choice: RoundChoice, titles: Mapping[int | None, str]) -> list[tuple[Theme, str]]:
    """The themes of the plan shown, or of the adopted report shown, in the programme's order, with their titles.

    `titles` are those of the themes of all goals shown, by key.
    """
    themes = list(Theme.objects.filter(programme=programme).order_by("position", "pk"))
    without_goals = {theme.pk for theme in themes if theme.pk not in titles}
    is_adopted = choice.round is not None and choice.round.is_adopted
    planned = _planned_themes(choice.plan) if without_goals and not is_adopted else frozenset()
    return [
        (theme, titles.get(theme.pk, theme.title))
        for theme in themes
        # What stayed behind with a theme that a re-cut ended makes no empty row.
        if theme.pk in titles or (theme.pk in planned and theme.ended_on is None)
    ]


def _planned_themes(plan: Plan | None) -> set[int | None]:
    """The keys of the themes that have an ER-goal or an ambition in `plan`."""
    ambitions = Ambition.objects.filter(plan=plan).order_by().values_list("theme_id", flat=True)
    return set(ambitions.union(ErGoal.objects.filter(plan=plan).order_by().values_list("theme_id", flat=True)))


def day_shown(choice: RoundChoice, *, as_of: datetime.date) -> datetime.date:
    """The day from which a page with this choice of round looks ahead."""
    return as_of if choice.round is None else choice.round.reference_day(today=as_of)


def theme_url(programme: Programme, theme: Theme, choice: RoundChoice) -> str:
    """The address of a theme's page in the same round."""
    address = address_of("theme", programme.slug, theme.pk)
    return f"{address}?{urlencode(choice.query)}" if choice.query else address


def concept_plans(choice: RoundChoice) -> list[Plan]:
    """The plans that wait for adoption, the earliest first; none for who may not read a concept."""
    return [plan for plan in reversed(choice.plans) if plan.state == Plan.State.CONCEPT]


@dataclass(frozen=True)
class RoundInHand:
    """What the manager of a programme wants to know of the running round."""

    label: str
    state: str
    state_label: str
    deadline: datetime.date
    days_left: int
    submitted: int
    awaited: int
    url: str


def round_in_hand(choice: RoundChoice, shown: Dashboard, *, as_of: datetime.date) -> RoundInHand | None:
    """Where the running round is: what waits for review, and what is still to come from the owners.

    `shown` is the dashboard of `choice`: when it is of another round, one query counts the updates of the running one.
    """
    round_ = choice.running
    if round_ is None:
        return None
    states = Counter(shown.states if choice.round == round_ else _states_of_updates(round_))
    return RoundInHand(
        label=round_.label,
        state=round_.state,
        state_label=round_.get_state_display(),
        deadline=round_.deadline,
        days_left=round_.days_left(as_of=as_of),
        submitted=states[Update.State.SUBMITTED],
        awaited=sum(states[state] for state in Update.LEFT),
        url=round_.get_absolute_url(),
    )


def _states_of_updates(round_: ReportingRound) -> dict[str, int]:
    return dict(Update.objects.filter(round=round_).order_by().values_list("state").annotate(Count("pk")))


def _figures(programme: Programme, choice: RoundChoice, tally: Tally) -> tuple[Figure, ...]:
    def figure(label: str, value: int, note: str, tone: str, **query: str | int) -> Figure:
        return Figure(label, value, note, goals_url(programme, choice, **query), tone)

    dropped = tally.standings[Update.Status.DROPPED.value]
    total = figure("doelen", tally.total, f"waarvan {dropped} vervallen" if dropped else "in dit plan", "info")
    if choice.round is None:
        return (total,)
    share = f"van {tally.total}"
    return (
        total,
        *(
            figure(label, tally.standings[standing], share, _TONES.get(standing, "none"), status=standing)
            for standing, label in LABELS.items()
            if standing not in (*WITHOUT_UPDATE, Update.Status.DROPPED.value)
            and (standing in _ALWAYS_A_CARD or tally.standings[standing])
        ),
        figure("te laat", tally.late, "deadline voorbij, niet afgerond", "bad", laat="on"),
        figure(
            "zonder voortgang",
            tally.without_update,
            _without_update_note(tally),
            "none",
            status=WITHOUT_UPDATE_CHOICE,
        ),
    )


def _without_update_note(tally: Tally) -> str:
    parts = [
        f"{tally.standings[standing]} {LABELS[standing]}" for standing in WITHOUT_UPDATE if tally.standings[standing]
    ]
    return ", ".join(parts) or "alles is binnen"
