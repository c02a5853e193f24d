"""Where somebody mends a gap: a page that this person may use, or none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from din import gaps
from din.gaps import Gap
from din.models import Owner, Programme
from din.permissions import Visitor
from monitoring import round_gaps
from monitoring.models import ReportingRound, Update

_RECORDED = (round_gaps.OVERDUE, round_gaps.NOT_REPORTED)
_MEASURED = (round_gaps.NOT_MEASURED, round_gaps.WITHOUT_TARGET)
_MANAGER = "door de programmamanager"


@dataclass(frozen=True)
class Link:
    label: str
    url: str


class GapLinks:
    """The links for one person in one programme; what that person may do is asked once."""

    def __init__(
        self, programme: Programme, *, user: Visitor, is_manager: bool, running: ReportingRound | None
    ) -> None:
        visitor: Any = user
        self.programme = programme
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
        if gap.rule in _MEASURED:
            return Link("Naar de indicator", self._indicator(gap)) if is_owner or self.is_manager else None
        if not self.is_manager:
            return None
        if gap.rule == gaps.GOAL_WITHOUT_OWNER:
            return Link("Eigenaar kiezen", reverse("reassign_goal", args=[gap.pk]))
        if gap.rule == round_gaps.NOT_MEASURABLE:
            return Link("Indicator kiezen", reverse("indicators", args=[self.programme.slug]))
        if self.is_administrator:
            return Link("Aanvullen in beheer", reverse(f"admin:din_{gap.model}_change", args=[gap.pk]))
        return Link("Werkboek aanvullen en importeren", reverse("import_workbook", args=[self.programme.slug]))

    def mender(self, gap: Gap) -> str:
        """Who can mend `gap`, for a reader who cannot."""
        if gap.rule in _RECORDED and (self.running is None or gap.pk not in self.recorded):
            return "in de volgende ronde"
        return "door de eigenaar of de programmamanager" if gap.rule in (*_RECORDED, *_MEASURED) else _MANAGER

    def _indicator(self, gap: Gap) -> str:
        return reverse("indicator", args=[self.programme.slug, gap.pk])
