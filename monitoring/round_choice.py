"""Which round a page shows: the one that the reader chose, or the one that fits the reader."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from din.models import Plan, Programme
from din.permissions import Visitor
from monitoring.models import ReportingRound
from monitoring.models.round import RoundQuerySet
from monitoring.standing import StandingGoals, goals_in, goals_of

PLAN_PREFIX = "plan-"


class NoSuchRound(LookupError):
    """There is no round of that name, or not for this reader."""


@dataclass(frozen=True)
class RoundOption:
    """A line in the picker. `value` goes into the address as ?ronde=…"""

    value: str
    label: str
    selected: bool


@dataclass(frozen=True)
class RoundChoice:
    """What a page shows: a round with its plan, a plan on which there is no round yet, or nothing at all.

    `running` is the round in which is recorded now, whether it is the one shown or not. `rounds` are those that the
    reader may see and that have begun, `plans` those that the reader may see; both the latest first.
    """

    round: ReportingRound | None
    plan: Plan | None
    running: ReportingRound | None
    options: tuple[RoundOption, ...]
    is_default: bool
    rounds: tuple[ReportingRound, ...]
    plans: tuple[Plan, ...]

    @property
    def value(self) -> str:
        """What to put in ?ronde=… to see this again."""
        if self.round is not None:
            return self.round.name
        return "" if self.plan is None else plan_value(self.plan)

    @property
    def query(self) -> dict[str, str]:
        """The query that a link needs to stay in this round; empty when it is the one shown by itself."""
        return {} if self.is_default else {"ronde": self.value}


def choose_round(programme: Programme, *, user: Visitor, value: str = "") -> RoundChoice:
    """What `user` sees of `programme` with ?ronde=`value`. Raises NoSuchRound.

    Without a value: the running round, else the latest adopted one, else the latest plan, of what the user may read.
    """
    readable_plans = tuple(Plan.objects.readable_by(user).filter(programme=programme).order_by("-first_year"))
    rounds = list(shown_rounds(programme, user=user))
    plans_with_round = {round_.plan_id for round_ in rounds}
    plans = [plan for plan in readable_plans if plan.pk not in plans_with_round]
    default: ReportingRound | Plan | None = current_round(rounds) or (plans[0] if plans else None)
    chosen = default
    if value:
        by_value: dict[str, ReportingRound | Plan] = {round_.name: round_ for round_ in rounds}
        by_value.update({plan_value(plan): plan for plan in plans})
        if value not in by_value:
            raise NoSuchRound(value)
        chosen = by_value[value]
    return RoundChoice(
        round=chosen if isinstance(chosen, ReportingRound) else None,
        plan=_plan_of(chosen, readable_plans) if isinstance(chosen, ReportingRound) else chosen,
        running=next((round_ for round_ in rounds if round_.is_running), None),
        options=(
            *(RoundOption(plan_value(plan), _plan_label(plan), selected=plan == chosen) for plan in plans),
            *(RoundOption(round_.name, _round_label(round_), selected=round_ == chosen) for round_ in rounds),
        ),
        is_default=chosen == default,
        rounds=tuple(rounds),
        plans=readable_plans,
    )


def goals_shown(choice: RoundChoice, *, as_of: datetime.date) -> StandingGoals:
    """The goals that a page with this choice of round is about, each with how it stands."""
    if choice.round is not None:
        return goals_in([choice.round], as_of=as_of)
    return goals_of(choice.plan)


def shown_rounds(programme: Programme, *, user: Visitor) -> RoundQuerySet:
    """The rounds of `programme` that `user` may read and that have begun, the latest first."""
    begun = ReportingRound.objects.readable_by(user).exclude(state=ReportingRound.State.PLANNED)
    return begun.filter(programme=programme).order_by("-year", "-half")


def _plan_of(round_: ReportingRound, plans: Iterable[Plan]) -> Plan:
    """The plan that `round_` is about: one of `plans`, or else one query finds it."""
    return next((plan for plan in plans if plan.pk == round_.plan_id), None) or round_.plan


def current_round(rounds: Iterable[ReportingRound]) -> ReportingRound | None:
    """Of `rounds`, the latest first: the running one, else the latest adopted one."""
    candidates = list(rounds)
    return next((round_ for round_ in candidates if round_.is_running), candidates[0] if candidates else None)


def plan_value(plan: Plan) -> str:
    """What to put in ?ronde=… to see a plan on which there is no round."""
    return f"{PLAN_PREFIX}{plan.first_year}"


def _plan_label(plan: Plan) -> str:
    return f"{plan.name} ({'concept' if plan.state == Plan.State.CONCEPT else 'alleen het plan'})"


def _round_label(round_: ReportingRound) -> str:
    return f"{round_.label} ({ReportingRound.State(round_.state).label})"
