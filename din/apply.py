"""The only module that writes an import: a document into the plan of its year, all of it or nothing.

The plan is read once into a snapshot, compared, and written in bulk (din.plan_writer): the number of queries does not
grow with the workbook but for the size of a batch.
"""

import datetime
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from din.change_plan import ChangePlan, Level, Snapshot
from din.changes import compare
from din.decisions import NOTHING_DECIDED, Decisions
from din.models import Plan, Programme
from din.plan_writer import PlanWriter
from din.progress import Tell, tell_nobody
from din.reading.document import Document
from din.snapshot import plan_before, snapshot_of
from din.trace import Trace


class PlanClosed(Exception):
    """The plan of that year is closed; str() is the sentence for the user."""


class PlanMoved(Exception):
    """The plan changed after it was shown. `change_plan` is what an import would do now."""

    def __init__(self, change_plan: ChangePlan) -> None:
        super().__init__("Het plan is intussen gewijzigd.")
        self.change_plan = change_plan


@dataclass(frozen=True)
class Applied:
    """What an import did; `trace` in the detail that undoing it takes."""

    plan: Plan
    change_plan: ChangePlan
    trace: Trace


def plan_of_year(programme: Programme, year: int) -> Plan | None:
    """The plan of `programme` that begins in `year`."""
    return Plan.objects.filter(programme=programme, first_year=year).first()


def change_plan_of(
    document: Document, *, programme: Programme, year: int, decisions: Decisions = NOTHING_DECIDED
) -> ChangePlan:
    """What importing `document` would do to the plan of `year`, whether that plan is there already or not."""
    plan = plan_of_year(programme, year)
    return compare(document, snapshot_of(programme, plan, None if plan else plan_before(programme, year)), decisions)


def apply_document(
    document: Document,
    *,
    programme: Programme,
    year: int,
    actor: AbstractBaseUser | None,
    now: datetime.datetime,
    fingerprint: str | None = None,
    decisions: Decisions = NOTHING_DECIDED,
    tell: Tell = tell_nobody,
) -> Applied:
    """Write `document` into the plan of `year` of `programme`, in one transaction; nothing is ever deleted.

    `decisions` are those of the preview; `tell` hears what is being done. `fingerprint` is that of the change plan that
    somebody confirmed; when the plan has moved since, PlanMoved is raised with the new one. Raises PlanClosed when the
    plan of that year is closed.
    """
    with transaction.atomic():
        programme = Programme.objects.select_for_update().get(pk=programme.pk)
        plan = plan_of_year(programme, year)
        if plan is not None and plan.state == Plan.State.CLOSED:
            raise PlanClosed(f"Het plan {plan.name} is afgesloten: daar kan geen werkboek meer in.")
        before = None if plan else plan_before(programme, year)
        tell("Het werkboek wordt vergeleken met het plan")
        snapshot = snapshot_of(programme, plan, before)
        change_plan = compare(document, snapshot, decisions)
        if fingerprint is not None and fingerprint != change_plan.fingerprint:
            raise PlanMoved(change_plan)
        plan_is_new = plan is None
        if plan is None:
            plan = _new_plan(programme, year, before, actor=actor)
        writer = PlanWriter(document, snapshot, change_plan, plan, plan_is_new, actor, now, tell)
        if plan_is_new or not change_plan.writes_nothing or not _in_place(document, snapshot, change_plan):
            writer.write()
        tell("Wat is doorgevoerd wordt vastgelegd")
        trace = writer.trace
        # What an import leaves behind is read back only when it did something.
        trace.after = (snapshot if trace.is_empty else snapshot_of(programme, plan)).fingerprint
    return Applied(plan, change_plan, trace)


def _in_place(document: Document, snapshot: Snapshot, change_plan: ChangePlan) -> bool:
    """Whether all that `document` names stands in the plan at the same place in the order, from the same cell."""
    for level, sources, known in (
        (Level.AMBITION, [item.source for item in document.ambitions], snapshot.ambitions),
        (Level.ER_GOAL, [item.source for item in document.er_goals], snapshot.er_goals),
        (Level.SMART_GOAL, [item.source for item in document.smart_goals], snapshot.smart_goals),
        (Level.EFFORT, [item.source for item in document.efforts], snapshot.efforts),
    ):
        places = {item.pk: (item.position, item.source) for item in known}
        pks = change_plan.match.by_level[level]
        if any(places[pks[index]] != (index, source) for index, source in enumerate(sources)):
            return False
    return True


def _new_plan(programme: Programme, year: int, before: Plan | None, *, actor: AbstractBaseUser | None) -> Plan:
    """The plan of `year`, as a concept, following the plan before it."""
    plan = Plan(programme=programme, name=f"DIN {year}", first_year=year, last_year=year, predecessor=before)
    plan._history_user = actor  # type: ignore[attr-defined]
    plan.save()
    return plan
