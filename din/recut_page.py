"""The pages of re-cuts: the division on a day, and both cuts beside each other with what happened to each goal."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace

from din.division import DividedTheme, Division, division_on
from din.models import Goal, Programme, Recut, RecutMove
from din.permissions import Visitor


@dataclass(frozen=True)
class MoveLine:
    """What happened to one goal."""

    url: str
    text: str
    from_label: str
    to_label: str
    ended_reason: str


@dataclass(frozen=True)
class RecutPage:
    """Both cuts; `before` is the division of the day before."""

    recut: Recut
    before: Division
    after: Division
    moved: tuple[MoveLine, ...]
    ended: tuple[MoveLine, ...]


def build_recut_page(recut: Recut, *, user: Visitor) -> RecutPage:
    """The page of `recut` for `user`, in a constant number of queries."""
    goals = Goal.objects.readable_by(user)
    moves = list(recut.moves.filter(goal__in=goals).select_related("goal").order_by("pk"))
    by_goal = {move.goal_id: move for move in moves}
    day_before = recut.day - datetime.timedelta(days=1)
    before = division_on(recut.programme, day_before, user=user)
    after = division_on(recut.programme, recut.day, user=user)
    there = {theme.pk for theme in after.themes}
    was_there = {theme.pk for theme in before.themes}
    lines = [_line(move) for move in moves]
    return RecutPage(
        recut=recut,
        before=replace(before, themes=tuple(_left(theme, by_goal, there) for theme in before.themes)),
        after=replace(after, themes=tuple(_arrived(theme, by_goal, was_there) for theme in after.themes)),
        moved=tuple(line for line in lines if not line.ended_reason),
        ended=tuple(line for line in lines if line.ended_reason),
    )


def _line(move: RecutMove) -> MoveLine:
    return MoveLine(
        url=move.goal.get_absolute_url(),
        text=move.goal.text,
        from_label=f"{move.from_reference} {move.from_title}".strip(),
        to_label=f"{move.to_reference} {move.to_title}".strip(),
        ended_reason=move.ended_reason,
    )


def _left(theme: DividedTheme, moves: Mapping[int, RecutMove], there: set[int | None]) -> DividedTheme:
    goals = []
    for goal in theme.goals:
        move = moves.get(goal.pk)
        mark = "" if move is None else "vervallen" if move.is_ended else f"nu {move.to_reference or move.to_title}"
        goals.append(replace(goal, mark=mark))
    return replace(theme, goals=tuple(goals), mark="" if theme.pk in there else "vervallen")


def _arrived(theme: DividedTheme, moves: Mapping[int, RecutMove], was_there: set[int | None]) -> DividedTheme:
    goals = []
    for goal in theme.goals:
        move = moves.get(goal.pk)
        goals.append(replace(goal, mark=f"was {move.from_reference or move.from_title}" if move else ""))
    return replace(theme, goals=tuple(goals), mark="" if theme.pk in was_there else "nieuw")


def recuts_of(programme: Programme) -> list[Recut]:
    """The re-cuts of `programme`, the latest first."""
    return list(Recut.objects.filter(programme=programme).select_related("programme").order_by("-day"))
