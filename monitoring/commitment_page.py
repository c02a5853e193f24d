"""The page of one commitment: what it is, the goals that it concerns, and what happened to it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AbstractBaseUser

from din.models import Goal
from monitoring.commitment_line import CommitmentLine, commitment_line
from monitoring.commitments import Action, allowed_actions
from monitoring.goal_line import GoalLine, goal_lines
from monitoring.models import AuditLine, Commitment, ReportingRound
from monitoring.round_choice import shown_rounds
from monitoring.standing import alike, goals_in, unreported

if TYPE_CHECKING:
    from monitoring.models.commitment import ShownCommitment

EVENTS_AT_MOST = 100
_DEEDS = {
    "create": "voegde dit toe",
    Action.CHANGE: "wijzigde dit",
    Action.WRITE: "schreef aan het afdoeningsvoorstel",
    Action.PROPOSE: "stelde voor dit af te doen",
    Action.WITHDRAW: "trok het voorstel in",
    Action.SETTLE: "noteerde dit als afgedaan",
    Action.REOPEN: "heropende dit",
}


@dataclass(frozen=True)
class CommitmentEvent:
    """One thing that happened to a commitment."""

    at: datetime.datetime
    who: str
    deed: str
    note: str


@dataclass(frozen=True)
class CommitmentPage:
    """`settlement` and `proposed_in` are there when this reader may know the proposal.

    `is_draft` marks a text that is not proposed yet, `hidden_until` a proposal that the council cannot see yet, with
    the label of the round that it waits for. `history` is for who works on rounds.
    """

    line: CommitmentLine
    text: str
    settlement: str
    is_draft: bool
    hidden_until: str
    proposed_in: ReportingRound | None
    goals: tuple[GoalLine, ...]
    history: tuple[CommitmentEvent, ...]
    actions: tuple[Action, ...]
    version: int


def build_commitment_page(
    commitment: ShownCommitment, *, user: AbstractBaseUser, as_of: datetime.date
) -> CommitmentPage:
    """The page of `commitment` (read with readable_by and with_place) for `user`, in a constant number of queries."""
    round_ = commitment.proposed_in
    is_proposed = commitment.shown_state != Commitment.State.OPEN
    waits = is_proposed and round_ is not None and not round_.is_adopted
    return CommitmentPage(
        line=commitment_line(commitment, as_of=as_of),
        text=commitment.text,
        settlement=commitment.shown_settlement,
        is_draft=bool(commitment.shown_settlement) and not is_proposed,
        hidden_until=round_.label if waits and round_ else "",
        proposed_in=round_ if is_proposed else None,
        goals=tuple(_goals(commitment, user=user, as_of=as_of)),
        history=tuple(_history(commitment)) if _reads_all(user) else (),
        actions=tuple(allowed_actions(commitment, user)),
        version=commitment.version,
    )


def _reads_all(user: Any) -> bool:
    return user.has_perm("monitoring.read_open_rounds")


def _goals(commitment: Commitment, *, user: AbstractBaseUser, as_of: datetime.date) -> Iterator[GoalLine]:
    """The goals that `user` may read, each with how it stands in the latest round about its plan."""
    linked = Goal.objects.readable_by(user).filter(commitments=commitment)
    latest: dict[int, ReportingRound] = {}
    for round_ in shown_rounds(commitment.programme, user=user):
        if round_.is_running or round_.plan_id not in latest:
            latest[round_.plan_id] = round_
    keys = set(linked.values_list("pk", flat=True))
    if not keys:
        return
    reported = [
        line
        for rounds in alike(latest.values())
        for line in goal_lines(goals_in(rounds, as_of=as_of).filter(pk__in=keys))
    ]
    yield from reported
    if rest := keys - {line.pk for line in reported}:
        yield from goal_lines(unreported(Goal.objects.filter(pk__in=rest)))


def _history(commitment: Commitment) -> Iterator[CommitmentEvent]:
    """What the trail tells, the latest first."""
    about = AuditLine.objects.filter(object_type="commitment", object_id=commitment.pk)
    lines: Iterable[AuditLine] = about.select_related("actor").order_by("-pk")[:EVENTS_AT_MOST]
    for line in lines:
        who = str(line.actor) if line.actor else "de server"
        yield CommitmentEvent(line.at, who, _DEEDS.get(line.action, line.action), line.note)
