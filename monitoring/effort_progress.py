"""What is recorded on the efforts of a goal. Written by the workflow only, inside the write of the update."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError

from din.models import Effort
from din.text import writable
from monitoring.models import EffortUpdate, Update


@dataclass(frozen=True)
class EffortContent:
    """What somebody records on one effort, named by its key."""

    effort: int
    done: bool = False
    comment: str = ""

    @property
    def done_field(self) -> str:
        """The name of "done" in a form."""
        return f"effort-{self.effort}-done"

    @property
    def comment_field(self) -> str:
        """The name of the comment in a form."""
        return f"effort-{self.effort}-comment"

    def tidied(self) -> "EffortContent":
        return replace(self, comment=writable(self.comment).strip())


def efforts_of(update: Update) -> tuple[EffortContent, ...]:
    """What stands in `update` on its efforts now, in the plan's order."""
    return tuple(EffortContent(line.effort_id, line.done, line.comment) for line in update.efforts.all())


def earlier_efforts(efforts: Sequence[Effort], previous: Update | None) -> tuple[EffortContent, ...]:
    """Which of `efforts` were done already in `previous`, to start this round with; without the comments of then.

    A next plan has efforts of its own: one with the same text goes on where that of the year before was.
    """
    lines = previous.efforts.all() if previous is not None else ()
    done = {key for line in lines if line.done for key in (line.effort_id, line.effort.text_digest)}
    return tuple(
        EffortContent(effort.pk, done=not done.isdisjoint((effort.pk, effort.text_digest))) for effort in efforts
    )


def require_own_efforts(update: Update, efforts: Sequence[EffortContent]) -> None:
    """Raise ValidationError when one of `efforts` is not of the goal of `update`, or is named twice."""
    named = {content.effort for content in efforts}
    if named and update.goal.efforts.filter(pk__in=named).count() != len(efforts):
        raise ValidationError("Een van de inspanningen hoort niet (meer) bij dit doel. Laad de pagina opnieuw.")


def record_efforts(
    update: Update, efforts: Sequence[EffortContent], *, actor: AbstractBaseUser, at: datetime.datetime
) -> None:
    """Write what is new or different of tidied `efforts`, with its history, in a constant number of queries."""
    if not efforts:
        return
    known = {line.effort_id: line for line in EffortUpdate.objects.filter(update=update)}
    added, changed = [], []
    for content in efforts:
        line = known.get(content.effort)
        if line is None:
            added.append(
                EffortUpdate(update=update, effort_id=content.effort, done=content.done, comment=content.comment)
            )
        elif (line.done, line.comment) != (content.done, content.comment):
            line.done, line.comment = content.done, content.comment
            changed.append(line)
    if added:
        EffortUpdate.objects.bulk_create(added)
        EffortUpdate.history.bulk_history_create(added, default_user=actor, default_date=at)
    if changed:
        EffortUpdate.objects.bulk_update(changed, ["done", "comment"])
        EffortUpdate.history.bulk_history_create(changed, update=True, default_user=actor, default_date=at)
