"""In which order a manager goes through what was submitted, without going back to the round."""

from dataclasses import dataclass

from monitoring.models import Update


@dataclass(frozen=True)
class ReviewOrder:
    """Where an update stands among what waits for a review, in the plan's order.

    `place` is its number, from 1, or 0 when it does not wait itself; `following` and `preceding` are goals, None
    without one. After the last one comes the first again, so that what was skipped is found.
    """

    place: int
    total: int
    following: int | None
    preceding: int | None


def review_order(update: Update) -> ReviewOrder:
    """The place of `update` among the submitted updates of its round; one query."""
    ordered = list(Update.objects.filter(round=update.round_id).in_plan_order().values_list("pk", "goal_id", "state"))
    here = next(index for index, (pk, _, _) in enumerate(ordered) if pk == update.pk)
    waiting = [
        (index, goal)
        for index, (pk, goal, state) in enumerate(ordered)
        if state == Update.State.SUBMITTED and pk != update.pk
    ]
    before = [goal for index, goal in waiting if index < here]
    after = [goal for index, goal in waiting if index > here]
    waits_itself = ordered[here][2] == Update.State.SUBMITTED
    around = after + before
    return ReviewOrder(
        place=len(before) + 1 if waits_itself else 0,
        total=len(waiting) + waits_itself,
        following=around[0] if around else None,
        preceding=around[-1] if around else None,
    )
