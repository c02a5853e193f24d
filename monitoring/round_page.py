"""What the manager sees of a round: who is done, theme by theme, and what waits for a review."""

from collections import Counter
from dataclasses import dataclass
from itertools import groupby

from monitoring.models import ReportingRound, Update

State = Update.State


@dataclass(frozen=True)
class StateCount:
    state: str
    label: str
    count: int


@dataclass(frozen=True)
class RoundTheme:
    """The updates of one theme in the plan's order. `title` is "Hele programma" without a theme."""

    title: str
    updates: tuple[Update, ...]


@dataclass(frozen=True)
class OwnerLine:
    """How far one owner is. `people` is empty when nobody is linked: then nobody sees these goals on a worklist."""

    name: str
    people: tuple[str, ...]
    done: int
    total: int


@dataclass(frozen=True)
class RoundPage:
    round: ReportingRound
    themes: tuple[RoundTheme, ...]
    counts: tuple[StateCount, ...]
    owners: tuple[OwnerLine, ...]
    total: int
    finished: int
    first_to_review: int | None

    @property
    def unfinished(self) -> int:
        return self.total - self.finished


def round_page(round_: ReportingRound) -> RoundPage:
    """The page of `round_`, in a constant number of queries."""
    updates = list(
        Update.objects.filter(round=round_)
        .with_place()
        .prefetch_related("goal__owner__members__user")
        .order_by("goal__theme__position", "goal__theme_id", "goal__position", "pk")
    )
    themes = []
    for _, group in groupby(updates, key=lambda update: update.goal.theme_id):
        members = tuple(group)
        theme = members[0].goal.theme
        themes.append(RoundTheme(theme.title if theme else "Hele programma", members))
    found = Counter(update.state for update in updates)
    waiting = [update.goal_id for update in updates if update.state == State.SUBMITTED]
    return RoundPage(
        round=round_,
        themes=tuple(themes),
        counts=tuple(StateCount(state.value, state.label, found[state.value]) for state in State),
        owners=_owners(updates),
        total=len(updates),
        finished=sum(found[state] for state in Update.FINISHED),
        first_to_review=waiting[0] if waiting else None,
    )


def next_to_review(update: Update) -> int | None:
    """The goal whose submitted update the manager reviews after `update`, in the plan's order; None when done."""
    waiting = (
        Update.objects.filter(round=update.round_id, state=State.SUBMITTED)
        .exclude(pk=update.pk)
        .order_by("goal__theme__position", "goal__theme_id", "goal__position", "pk")
        .values_list("goal_id", flat=True)
    )
    return waiting.first()


def _owners(updates: list[Update]) -> tuple[OwnerLine, ...]:
    """One line an owner; those who have most left come first, and goals without an owner before all."""
    by_owner: dict[int | None, list[Update]] = {}
    for update in updates:
        by_owner.setdefault(update.goal.owner_id, []).append(update)
    lines = []
    for members in by_owner.values():
        owner = members[0].goal.owner
        done = sum(update.state in (State.SUBMITTED, *Update.FINISHED) for update in members)
        people = tuple(str(link.user) for link in owner.members.all()) if owner else ()
        lines.append(OwnerLine(owner.name if owner else "Geen eigenaar", people, done, len(members)))
    return tuple(sorted(lines, key=lambda line: (bool(line.people), line.done - line.total, line.name.casefold())))
