"""What is left to do for somebody in the running rounds."""

import datetime
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from monitoring.earlier import last_status, previous_updates
from monitoring.models import ReportingRound, Update
from monitoring.time_left import time_left

State = Update.State
# What was handed in comes last, in this order.
_DONE = [State.SUBMITTED, State.APPROVED, State.NOT_DELIVERED]


@dataclass(frozen=True)
class WorklistItem:
    """One of the visitor's goals in a running round, with its update of the last adopted round, if any."""

    update: Update
    previous: Update | None
    late: bool

    @property
    def is_left(self) -> bool:
        return self.update.state in Update.LEFT

    @property
    def is_returned(self) -> bool:
        return self.update.state == State.RETURNED

    @property
    def care(self) -> tuple[int, int, int, int]:
        """The place in the worklist: sent back, then late or in trouble before, then the others; done comes last.

        A draft stands where it stood when it was still to do, so that saving moves nothing.
        """
        goal, state = self.update.goal, State(self.update.state)
        if state in _DONE:
            group = 3 + _DONE.index(state)
        elif self.is_returned:
            group = 0
        else:
            in_trouble = self.previous is not None and self.previous.status in Update.EXPLAINED_STATUSES
            group = 1 if self.late or in_trouble else 2
        return (group, goal.theme.position if goal.theme else -1, goal.position, goal.pk)


@dataclass(frozen=True)
class Worklist:
    """The visitor's goals in one running round.

    `time_left` says in words how long they can hand in; once the round takes in nothing more, they only mend what was
    sent back.
    """

    round: ReportingRound
    items: tuple[WorklistItem, ...]
    time_left: str
    takes_in: bool

    @property
    def total(self) -> int:
        return len(self.items)

    @property
    def done(self) -> int:
        return sum(not item.is_left for item in self.items)

    @property
    def left(self) -> int:
        return self.total - self.done

    @property
    def open_items(self) -> tuple[WorklistItem, ...]:
        """What is left and can still be handed in, what needs care first."""
        return tuple(item for item in self.items if item.is_left and (self.takes_in or item.is_returned))

    def next_after(self, update: Update) -> Update | None:
        """What is left after `update`, as it was when it was read: the next one on the list, or else the first."""
        left = [item for item in self.open_items if item.update.pk != update.pk]
        here = next((item for item in self.items if item.update.pk == update.pk), None)
        if here is not None:
            place = WorklistItem(update, here.previous, here.late).care
            left.sort(key=lambda item: (item.care < place, item.care))
        return left[0].update if left else None


def worklists(user: AbstractBaseUser | AnonymousUser, *, as_of: datetime.date) -> list[Worklist]:
    """The worklists of `user`, one a running round, the nearest deadline first; in a constant number of queries."""
    running = Update.objects.owned_by(user).filter(round__in=ReportingRound.objects.running()).with_place().distinct()
    updates = list(running)
    previous = previous_updates(updates)
    items: dict[int, list[WorklistItem]] = {}
    for update in updates:
        day = update.round.reference_day(today=as_of)
        earlier = previous.get(update.pk)
        late = update.is_late(as_of=day, last_status=last_status(update, earlier))
        items.setdefault(update.round_id, []).append(WorklistItem(update, earlier, late))
    rounds = {update.round_id: update.round for update in updates}
    return [
        Worklist(
            round=round_,
            items=tuple(sorted(items[round_.pk], key=lambda item: item.care)),
            time_left=time_left(round_, as_of=as_of),
            takes_in=round_.takes_in(as_of=as_of),
        )
        for round_ in sorted(rounds.values(), key=lambda round_: (round_.deadline, round_.pk))
    ]


def worklist_with(update: Update, *, user: AbstractBaseUser | AnonymousUser, as_of: datetime.date) -> Worklist | None:
    """The worklist of `user` that holds `update`; None when it is not one of their goals."""
    for worklist in worklists(user, as_of=as_of):
        if any(item.update.pk == update.pk for item in worklist.items):
            return worklist
    return None
