"""Everything that may happen to an update and to a round, as two tables: (state, action) -> transition."""

from dataclasses import dataclass
from enum import StrEnum

from monitoring.models import ReportingRound, Update

State = Update.State
RoundState = ReportingRound.State


class Action(StrEnum):
    """What can be done to an update."""

    SAVE = "save"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    RETURN = "return"
    MARK_NOT_DELIVERED = "mark_not_delivered"

    @property
    def label(self) -> str:
        return _ACTION_LABELS[self]


_ACTION_LABELS = {
    Action.SAVE: "concept bewaren",
    Action.SUBMIT: "indienen",
    Action.WITHDRAW: "terughalen",
    Action.APPROVE: "goedkeuren",
    Action.RETURN: "terugsturen",
    Action.MARK_NOT_DELIVERED: "niet aangeleverd",
}


class Who(StrEnum):
    """Who may act: the owner's people and the manager, or the manager alone."""

    OWNER = "owner"
    MANAGER = "manager"


@dataclass(frozen=True)
class Transition:
    """Where an action leads and who may do it.

    Once handing in is over, as the round is in review or its last day has passed, an owner acts only where
    `after_closing`.
    """

    to: Update.State
    who: Who
    after_closing: bool = False


TRANSITIONS: dict[tuple[Update.State, Action], Transition] = {
    (State.TODO, Action.SAVE): Transition(State.DRAFT, Who.OWNER),
    (State.TODO, Action.SUBMIT): Transition(State.SUBMITTED, Who.OWNER),
    (State.TODO, Action.MARK_NOT_DELIVERED): Transition(State.NOT_DELIVERED, Who.MANAGER),
    (State.DRAFT, Action.SAVE): Transition(State.DRAFT, Who.OWNER),
    (State.DRAFT, Action.SUBMIT): Transition(State.SUBMITTED, Who.OWNER),
    (State.DRAFT, Action.MARK_NOT_DELIVERED): Transition(State.NOT_DELIVERED, Who.MANAGER),
    (State.SUBMITTED, Action.WITHDRAW): Transition(State.DRAFT, Who.OWNER),
    (State.SUBMITTED, Action.APPROVE): Transition(State.APPROVED, Who.MANAGER),
    (State.SUBMITTED, Action.RETURN): Transition(State.RETURNED, Who.MANAGER),
    (State.RETURNED, Action.SAVE): Transition(State.RETURNED, Who.OWNER, after_closing=True),
    (State.RETURNED, Action.SUBMIT): Transition(State.SUBMITTED, Who.OWNER, after_closing=True),
    (State.RETURNED, Action.MARK_NOT_DELIVERED): Transition(State.NOT_DELIVERED, Who.MANAGER),
    (State.APPROVED, Action.RETURN): Transition(State.RETURNED, Who.MANAGER),
    (State.NOT_DELIVERED, Action.WITHDRAW): Transition(State.DRAFT, Who.MANAGER),
}


class RoundAction(StrEnum):
    """What can be done to a round."""

    RESCHEDULE = "reschedule"
    OPEN = "open"
    START_REVIEW = "start_review"
    REOPEN = "reopen"
    COMPLETE = "complete"
    ADOPT = "adopt"

    @property
    def label(self) -> str:
        return _ROUND_ACTION_LABELS[self]


_ROUND_ACTION_LABELS = {
    RoundAction.RESCHEDULE: "dagen wijzigen",
    RoundAction.OPEN: "openen",
    RoundAction.START_REVIEW: "inleveren sluiten",
    RoundAction.REOPEN: "weer openen",
    RoundAction.COMPLETE: "aanvullen met nieuwe doelen",
    RoundAction.ADOPT: "vaststellen",
}

ROUND_TRANSITIONS: dict[tuple[ReportingRound.State, RoundAction], ReportingRound.State] = {
    (RoundState.PLANNED, RoundAction.RESCHEDULE): RoundState.PLANNED,
    (RoundState.PLANNED, RoundAction.OPEN): RoundState.OPEN,
    (RoundState.OPEN, RoundAction.RESCHEDULE): RoundState.OPEN,
    (RoundState.OPEN, RoundAction.START_REVIEW): RoundState.IN_REVIEW,
    (RoundState.OPEN, RoundAction.COMPLETE): RoundState.OPEN,
    (RoundState.OPEN, RoundAction.ADOPT): RoundState.ADOPTED,
    (RoundState.IN_REVIEW, RoundAction.RESCHEDULE): RoundState.IN_REVIEW,
    (RoundState.IN_REVIEW, RoundAction.REOPEN): RoundState.OPEN,
    (RoundState.IN_REVIEW, RoundAction.COMPLETE): RoundState.IN_REVIEW,
    (RoundState.IN_REVIEW, RoundAction.ADOPT): RoundState.ADOPTED,
}
