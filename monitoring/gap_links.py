"""Where somebody mends a gap: a page that this person may use, or none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from din import gaps
from din.gaps import Gap
from din.models import Owner, Plan, Programme
from din.permissions import Visitor
from monitoring import round_gaps
from monitoring.models import ReportingRound, Update

_RECORDED = (round_gaps.OVERDUE, round_gaps.NOT_REPORTED)
# The form of the admin that mends a gap, when it is not that of what has the gap, and its field for what has it.
_LINKED_BY = {
    gaps.AMBITION_WITHOUT_ER_GOAL: ("ergoal", "ambitions", "ER-doel toevoegen"),
    gaps.ER_GOAL_WITHOUT_GOAL: ("goal", "er_goals", "SMART-doel toevoegen"),
    gaps.GOAL_WITHOUT_EFFORT: ("effort", "goals", "Inspanning toevoegen"),
}
_MANAGER = "door de programmamanager"


@dataclass(frozen=True)
class Link:
    label: str
    url: str


class GapLinks:
    """The links for one person in one programme; what that person may do is asked once."""

    def __init__(
        self,
        programme: Programme,
        *,
        plan: Plan | None,
        user: Visitor,
        is_manager: bool,
        running: ReportingRound | None,
    ) -> None:
        visitor: Any = user
        self.programme = programme
        self.plan = plan
        self.is_manager = is_manager
        self.is_administrator = visitor.is_staff and visitor.has_perm("din.change_goal")
        self.owners = set(Owner.objects.of_user(user).filter(programme=programme).values_list("pk", flat=True))
        self.running = running
        recorded = Update.objects.filter(round=running).values_list("goal_id", flat=True) if running else []
        self.recorded = set(recorded)

    def subject(self, gap: Gap) -> str:
        """The page about what has the gap: of an ambition, an ER-goal or an effort that of its theme, if it has one."""
        if gap.model in ("goal", "indicator"):
            return reverse("goal", args=[gap.pk]) if gap.model == "goal" else self._indicator(gap)
        return reverse("theme", args=[self.programme.slug, gap.theme.pk]) if gap.theme else ""

    def mend(self, gap: Gap) -> Link | None:
        """Where to mend `gap`."""
        is_owner = gap.owner is not None and gap.owner.pk in self.owners
        if gap.rule in _RECORDED:
            if self.running and gap.pk in self.recorded and (is_owner or self.is_manager):
                address = reverse("record_update", args=[gap.pk])
                return Link("Voortgang vastleggen", f"{address}?ronde={self.running.name}")
            return None
        if gap.rule == round_gaps.NOT_MEASURED:
            return Link("Meting invoeren", self._form("add_measurement", gap)) if is_owner or self.is_manager else None
        if not self.is_manager:
            return None
        if gap.rule == gaps.GOAL_WITHOUT_OWNER:
            return Link("Eigenaar kiezen", reverse("reassign_goal", args=[gap.pk]))
        if gap.rule == round_gaps.NOT_MEASURABLE:
            return Link("Indicator toevoegen", f"{reverse('add_indicator', args=[self.programme.slug])}?doel={gap.pk}")
        if gap.rule == round_gaps.WITHOUT_TARGET:
            return Link("Streefwaarde zetten", self._form("add_target", gap))
        if self.is_administrator:
            return self._in_the_admin(gap)
        return Link("Werkboek aanvullen en importeren", reverse("import_workbook", args=[self.programme.slug]))

    def _in_the_admin(self, gap: Gap) -> Link:
        if gap.rule not in _LINKED_BY:
            return Link("Aanvullen in beheer", reverse(f"admin:din_{gap.model}_change", args=[gap.pk]))
        model, field, label = _LINKED_BY[gap.rule]
        query = {field: gap.pk, "plan": self.plan.pk if self.plan else "", "theme": gap.theme.pk if gap.theme else ""}
        return Link(f"{label} in beheer", f"{reverse(f'admin:din_{model}_add')}?{urlencode(query)}")

    def mender(self, gap: Gap) -> str:
        """Who can mend `gap`, for a reader who cannot."""
        if gap.rule in _RECORDED and (self.running is None or gap.pk not in self.recorded):
            return "in de volgende ronde"
        by_owner = (*_RECORDED, round_gaps.NOT_MEASURED)
        return "door de eigenaar of de programmamanager" if gap.rule in by_owner else _MANAGER

    def _form(self, name: str, gap: Gap) -> str:
        """A form of the indicator, or of the part, that has the gap."""
        return reverse(name, args=[self.programme.slug, gap.part or gap.pk])

    def _indicator(self, gap: Gap) -> str:
        return reverse("indicator", args=[self.programme.slug, gap.pk])
