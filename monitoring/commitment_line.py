"""One commitment as a line in a list: what every page says about a commitment that it names."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Case, F, IntegerField, Value, When
from django.db.models.expressions import OrderBy
from django.urls import reverse

from din.models import Goal, Programme, Theme
from din.permissions import Visitor
from monitoring.models import Commitment

if TYPE_CHECKING:
    from monitoring.models.commitment import CommitmentQuerySet, ShownCommitment

State = Commitment.State

# The earliest deadline first, without a deadline last.
EARLIEST_FIRST: tuple[OrderBy, ...] = (
    F("deadline").asc(nulls_last=True),
    F("made_on").asc(nulls_last=True),
    F("pk").asc(),
)
# What is due first: open before proposed before settled.
DUE_ORDER: tuple[OrderBy, ...] = (
    OrderBy(
        Case(
            When(shown_state=State.OPEN, then=Value(0)),
            When(shown_state=State.PROPOSED, then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
    ),
    *EARLIEST_FIRST,
)


@dataclass(frozen=True)
class CommitmentLine:
    """A commitment as this reader may know it. `due` tells in words how long an open one still has, or is late."""

    pk: int
    url: str
    kind: str
    number: str
    title: str
    made_on: datetime.date | None
    made_by: str
    owner: str
    deadline: datetime.date | None
    due: str
    overdue: bool
    state: str
    state_label: str
    settled_on: datetime.date | None


def commitment_line(commitment: ShownCommitment, *, as_of: datetime.date) -> CommitmentLine:
    """The line of a commitment that was read with `readable_by` and `with_place`."""
    is_open = commitment.shown_state == State.OPEN
    deadline = commitment.deadline
    return CommitmentLine(
        pk=commitment.pk,
        url=reverse("commitment", args=[commitment.programme.slug, commitment.pk]),
        kind=commitment.get_kind_display(),
        number=commitment.number,
        title=commitment.title,
        made_on=commitment.made_on,
        made_by=commitment.made_by,
        owner=commitment.owner.name if commitment.owner else "",
        deadline=deadline,
        due=in_words(deadline, as_of=as_of) if is_open and deadline else "",
        overdue=is_open and deadline is not None and deadline < as_of,
        state=commitment.shown_state,
        state_label=State(commitment.shown_state).label,
        settled_on=commitment.shown_settled_on,
    )


def in_words(deadline: datetime.date, *, as_of: datetime.date) -> str:
    """For example "nog 12 dagen", "vandaag" or "3 maanden te laat"."""
    days = (deadline - as_of).days
    if days == 0:
        return "vandaag"
    return f"nog {_length(days)}" if days > 0 else f"{_length(-days)} te laat"


def _length(days: int) -> str:
    for size, one, many in ((365, "jaar", "jaar"), (30, "maand", "maanden"), (7, "week", "weken")):
        # From twice the length on: "5 weken" says more than "1 maand".
        if days >= 2 * size:
            return f"{days // size} {one if days // size == 1 else many}"
    return "1 dag" if days == 1 else f"{days} dagen"


def commitment_lines(commitments: CommitmentQuerySet, *, as_of: datetime.date) -> list[CommitmentLine]:
    """The lines of `commitments` (read with `readable_by` and their programme) in their order, in one query."""
    found: Iterable[ShownCommitment] = commitments.select_related("owner")  # type: ignore[assignment]
    return [commitment_line(commitment, as_of=as_of) for commitment in found]


def open_commitments(
    programme: Programme, *, user: Visitor, as_of: datetime.date, theme: Theme | None = None
) -> list[CommitmentLine]:
    """What `user` sees as open in `programme`, what is due first on top; one query.

    With `theme` only what concerns one of its goals.
    """
    commitments = programme.commitments.readable_by(user).shown_as(State.OPEN)
    if theme is not None:
        commitments = commitments.about(theme, user=user)
    return commitment_lines(commitments.order_by(*EARLIEST_FIRST), as_of=as_of)


def commitments_of(goal: Goal, *, user: Visitor, as_of: datetime.date) -> list[CommitmentLine]:
    """The commitments that concern `goal`, as `user` may know them; one query."""
    commitments = Commitment.objects.readable_by(user).filter(goals=goal).select_related("programme")
    return commitment_lines(commitments.order_by(*DUE_ORDER), as_of=as_of)
