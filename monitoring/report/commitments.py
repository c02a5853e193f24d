"""The commitments in the report of a round."""

from __future__ import annotations

from django.db.models import Q

from din.models import Goal
from monitoring.models import Commitment, ReportingRound
from monitoring.report.document import ReportCommitment


def reported_commitments(round_: ReportingRound) -> tuple[ReportCommitment, ...]:
    """What was promised or asked by the end of the half year and was not settled before it began, in two queries.

    A proposal that goes with a later round is not told yet: with this report the commitment is still open.
    """
    relevant = (
        Commitment.objects.filter(programme=round_.programme_id)
        .filter(Q(made_on=None) | Q(made_on__lte=round_.last_day))
        .filter(Q(settled_on=None) | Q(settled_on__gte=round_.first_day))
        .select_related("owner")
        .prefetch_related("goals__theme")
        .order_by("made_on", "number", "pk")
    )
    told = set(
        relevant.filter(Q(proposed_in=None) | Q(proposed_in__in=ReportingRound.objects.until(round_)))
        .order_by()
        .values_list("pk", flat=True)
    )
    return tuple(_reported(commitment, is_told=commitment.pk in told) for commitment in relevant)


def references(goals: list[Goal]) -> tuple[str, ...]:
    """What a report calls `goals` in passing: their reference, or their text without one."""
    return tuple(goal.reference or goal.text for goal in goals)


def _reported(commitment: Commitment, *, is_told: bool) -> ReportCommitment:
    state = Commitment.State(commitment.state) if is_told else Commitment.State.OPEN
    settled_on = commitment.settled_on if is_told else None
    return ReportCommitment(
        kind=commitment.kind,
        kind_label=commitment.get_kind_display(),
        number=commitment.number,
        title=commitment.title,
        text=commitment.text,
        made_on=commitment.made_on.isoformat() if commitment.made_on else "",
        made_by=commitment.made_by,
        owner=commitment.owner.name if commitment.owner else "",
        deadline=commitment.deadline.isoformat() if commitment.deadline else "",
        state=state.value,
        state_label=str(state.label),
        settlement="" if state == Commitment.State.OPEN else commitment.settlement,
        settled_on=settled_on.isoformat() if settled_on else "",
        goals=references(list(commitment.goals.all())),
    )
