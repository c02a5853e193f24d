"""What the manager reads to review the progress of a goal: this round beside the last, with the differences."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser

from din.models import Effort
from monitoring import workflow
from monitoring.earlier import last_status, previous_update
from monitoring.goal_measurements import Asked, asked_of
from monitoring.models import EffortUpdate, Update
from monitoring.review_order import ReviewOrder, review_order
from monitoring.send_backs import SendBack, send_backs
from monitoring.text_pair import TextPair, text_pair


@dataclass(frozen=True)
class EffortPair:
    """An effort in this round and in the last. `is_new` when it was done since."""

    text: str
    lead: str
    done: bool
    comment: str
    last_done: bool
    last_comment: str

    @property
    def is_new(self) -> bool:
        return self.done and not self.last_done


@dataclass(frozen=True)
class ReviewPage:
    """`status_moved` and `forecast_moved` compare with the last round; without one nothing has moved."""

    update: Update
    last: Update | None
    texts: tuple[TextPair, ...]
    efforts: tuple[EffortPair, ...]
    status_moved: bool
    forecast_moved: bool
    late: bool
    send_backs: Sequence[SendBack]
    actions: frozenset[str]
    order: ReviewOrder
    measured: tuple[Asked, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was recorded in this round."""
        update = self.update
        recorded = update.status or update.explanation or update.next_steps or update.forecast
        return not recorded and not any(effort.done or effort.comment for effort in self.efforts)

    @property
    def asks_reason(self) -> bool:
        return bool(self.actions & {workflow.Action.RETURN, workflow.Action.MARK_NOT_DELIVERED})


def review_page(update: Update, *, user: AbstractBaseUser, today: datetime.date) -> ReviewPage:
    """The page of `update` (read with place and efforts) for `user`, in a constant number of queries."""
    last = previous_update(update)
    return ReviewPage(
        update=update,
        last=last,
        texts=tuple(
            text_pair(label, getattr(last, name, ""), getattr(update, name))
            for name, label in (("explanation", "Toelichting"), ("next_steps", "Vervolgstappen"))
        ),
        efforts=_efforts(update, last),
        status_moved=last is not None and bool(update.status) and last.status != update.status,
        forecast_moved=last is not None and last.forecast != update.forecast,
        late=update.is_late(as_of=update.round.reference_day(today=today), last_status=last_status(update, last)),
        send_backs=send_backs(update),
        actions=frozenset(workflow.allowed_actions(update, user)),
        order=review_order(update),
        measured=tuple(one for one in asked_of([update])[update.pk] if one.measurement),
    )


def _efforts(update: Update, last: Update | None) -> tuple[EffortPair, ...]:
    now = {line.effort_id: line for line in update.efforts.all()}
    before: dict[int | str, EffortUpdate] = {}
    for line in last.efforts.all() if last is not None else ():
        # The plan of a next year has efforts of its own: one with the same text is the same.
        before[line.effort_id] = before[line.effort.text_digest] = line
    efforts = update.goal.efforts.select_related("lead").order_by("position", "pk")
    return tuple(_effort(effort, now.get(effort.pk), before) for effort in efforts)


def _effort(effort: Effort, now: EffortUpdate | None, before: dict[int | str, EffortUpdate]) -> EffortPair:
    last = before.get(effort.pk) or before.get(effort.text_digest)
    return EffortPair(
        text=effort.text,
        lead=effort.lead.name if effort.lead else "",
        done=now is not None and now.done,
        comment=now.comment if now else "",
        last_done=last is not None and last.done,
        last_comment=last.comment if last else "",
    )
