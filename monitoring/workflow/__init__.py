"""The only package that changes the state of a round or of an update.

Everything that may happen stands in two tables in table.py, (state, action) -> transition. An operation is one
transaction; its write is conditional on the version that its reader saw, so that neither a double click nor two people
at once can act on something that has moved; its line in the audit trail and its history are written inside the same
transaction.

Raised by the operations:
- PermissionDenied, with a sentence, when the actor may not do this;
- Refused, with a sentence, when the state does not allow it;
- ReportMoved, a Refused, when the report is not the one that was shown before adopting;
- Conflict, when somebody else saved in the meantime: nothing is written, `current` holds what stands there now. The
  same content twice is no conflict, so that whoever got no answer can send it again;
- ValidationError, field by field, when the content is not complete enough;
- HeldBack, a ValidationError, when a text holds personal data.
"""

from monitoring.held_back import HeldBack
from monitoring.workflow.content import Content, checked
from monitoring.workflow.refusals import Conflict, Refused, ReportMoved
from monitoring.workflow.rounds import (
    adopt,
    allowed_round_actions,
    complete,
    missing_goals,
    open_round,
    plan_round,
    reopen,
    reschedule,
    start_review,
)
from monitoring.workflow.table import ROUND_TRANSITIONS, TRANSITIONS, Action, RoundAction, Transition, Who
from monitoring.workflow.updates import (
    ApprovedMany,
    allowed_actions,
    approve,
    approve_many,
    mark_not_delivered,
    may_act,
    return_to_owner,
    save_draft,
    submit,
    withdraw,
)

__all__ = [
    "ROUND_TRANSITIONS",
    "TRANSITIONS",
    "Action",
    "ApprovedMany",
    "Conflict",
    "Content",
    "HeldBack",
    "Refused",
    "ReportMoved",
    "RoundAction",
    "Transition",
    "Who",
    "adopt",
    "allowed_actions",
    "allowed_round_actions",
    "approve",
    "approve_many",
    "checked",
    "complete",
    "mark_not_delivered",
    "may_act",
    "missing_goals",
    "open_round",
    "plan_round",
    "reopen",
    "reschedule",
    "return_to_owner",
    "save_draft",
    "start_review",
    "submit",
    "withdraw",
]
