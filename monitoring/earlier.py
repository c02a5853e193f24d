"""What was said about a goal before: the latest adopted round that reported on it, as its newest edition tells it."""

from collections.abc import Iterable, Sequence

from django.db.models import prefetch_related_objects

from monitoring.models import ReportedGoal, ReportingRound, Update


def previous_update(update: Update) -> Update | None:
    """What was adopted on the same goal in an earlier round, or else on the goal of last year that it continues.

    With what was recorded on its efforts.
    """
    previous = previous_updates([update]).get(update.pk)
    if previous is not None:
        prefetch_related_objects([previous], "efforts__effort")
    return previous


def previous_updates(updates: Sequence[Update]) -> dict[int, Update]:
    """`previous_update` of each of `updates` (with round and goal selected), by the update's key, in two queries."""
    goals = {update.goal_id for update in updates}
    continued = {update.goal.predecessor_id for update in updates if update.goal.predecessor_id}
    adopted = (
        Update.objects.filter(goal__in=goals | continued, round__in=ReportingRound.objects.adopted())
        .select_related("round")
        .order_by("round__year", "round__half")
    )
    by_goal: dict[int, list[Update]] = {}
    for found in _corrected(list(adopted)):
        if found.is_delivered:
            by_goal.setdefault(found.goal_id, []).append(found)
    result = {}
    for update in updates:
        when = (update.round.year, update.round.half)
        for goal in (update.goal_id, update.goal.predecessor_id or 0):
            earlier = [found for found in by_goal.get(goal, []) if (found.round.year, found.round.half) < when]
            if earlier:
                result[update.pk] = earlier[-1]
                break
    return result


def _corrected(updates: list[Update]) -> Iterable[Update]:
    """`updates` of adopted rounds with what a later edition of the report says instead, the state included."""
    corrections = (
        ReportedGoal.objects.of_newest_editions()
        .filter(report__edition__gt=1, report__round__in={update.round_id for update in updates})
        .filter(goal__in={update.goal_id for update in updates})
        .select_related("report")
    )
    by_place = {(told.report.round_id, told.goal_id): told for told in corrections}
    for update in updates:
        told = by_place.get((update.round_id, update.goal_id))
        if told is not None:
            update.state = told.state
            update.status, update.forecast = told.status, told.forecast
            update.explanation, update.next_steps = told.explanation, told.next_steps
        yield update


def last_status(update: Update, previous: Update | None) -> str:
    """The status that the latest adopted round gave this very goal; empty when there is none."""
    return previous.status if previous is not None and previous.goal_id == update.goal_id else ""
