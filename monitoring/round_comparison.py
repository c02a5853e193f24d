"""Two rounds compared, goal by goal: how each did, and what changed in the plan meanwhile."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from din.models import Goal, Programme
from din.text import text_key
from monitoring.goal_line import GoalLine
from monitoring.status_change import Change, change_between
from monitoring.told_goals import ToldGoal

# What of a goal can change in the plan, with its word.
PLAN_PARTS = {"text": "Tekst", "deadline": "Deadline", "owner": "Eigenaar", "theme": "Onderdeel"}


@dataclass(frozen=True)
class GoalChange:
    """A goal in the earlier round and in the later one; None in at most one of them, which is not about it.

    `parts` are the keys of PLAN_PARTS that changed meanwhile.
    """

    change: Change
    before: ToldGoal | None
    after: ToldGoal | None
    parts: tuple[str, ...]

    @property
    def line(self) -> GoalLine:
        """The goal as the later of the rounds that are about it has it."""
        return (self.after or self.before).line  # type: ignore[union-attr]


def compare(
    before: Sequence[ToldGoal], after: Sequence[ToldGoal], predecessors: Mapping[int, int | None]
) -> list[GoalChange]:
    """The goals of both rounds, in the order of the later one; what it is not about comes last.

    A goal that continues one of an earlier plan is the same goal; `predecessors` says by key which goal each continues.
    """
    earlier = {told.line.pk: told for told in before}
    found: set[int] = set()
    changes = []
    for told in after:
        origin = origin_among(told.line.pk, earlier, predecessors)
        if origin is not None:
            found.add(origin)
        changes.append(_change(earlier[origin] if origin is not None else None, told))
    return changes + [_change(told, None) for told in before if told.line.pk not in found]


def predecessors_in(programme: Programme) -> dict[int, int | None]:
    """Which goal each goal of `programme` continues, by key, in one query."""
    goals = Goal.objects.filter(plan__programme=programme).exclude(predecessor=None).order_by()
    return dict(goals.values_list("pk", "predecessor_id"))


def origin_among(pk: int, earlier: Container[int], predecessors: Mapping[int, int | None]) -> int | None:
    """The goal of `earlier` that `pk` is, or continues over one or more years."""
    seen: set[int] = set()
    at: int | None = pk
    while at is not None and at not in seen:
        if at in earlier:
            return at
        seen.add(at)
        at = predecessors.get(at)
    return None


def _change(before: ToldGoal | None, after: ToldGoal | None) -> GoalChange:
    return GoalChange(
        change=change_between(before.line.standing if before else None, after.line.standing if after else None),
        before=before,
        after=after,
        parts=tuple(_changed_parts(before, after)) if before and after else (),
    )


def _changed_parts(before: ToldGoal, after: ToldGoal) -> Iterable[str]:
    """What changed. A theme or an owner that got another name is the same one."""
    then, now = before.line, after.line
    if text_key(then.text) != text_key(now.text):
        yield "text"
    if then.deadline_label != now.deadline_label:
        yield "deadline"
    if before.owner_pk != after.owner_pk:
        yield "owner"
    if then.theme_pk != now.theme_pk:
        yield "theme"
