"""The sections of the admin: what each offers, and a way to make rows for it that share nothing but their kind."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.auth.models import Group
from django.db import models
from django.urls import reverse
from django.utils import timezone

from actieplan.models import User
from din.models import (
    Ambition,
    Effort,
    ErGoal,
    FocusArea,
    Goal,
    Owner,
    OwnerMember,
    Plan,
    Programme,
    Recut,
    RecutMove,
    Theme,
    WorkbookImport,
)
from monitoring.audit import append, audit_line
from monitoring.models import (
    AuditLine,
    Commitment,
    Indicator,
    Measurement,
    Report,
    ReportedGoal,
    ReportingRound,
    ReportText,
    Target,
    Update,
    WordTemplate,
    WordTemplateUse,
)
from monitoring.report.editions import freeze_first_edition


@dataclass(frozen=True)
class Section:
    """One section. `make(i)` makes a row with parents of its own; `found_by` is a word that every row has."""

    model: type[models.Model]
    make: Callable[[int], models.Model]
    found_by: str
    adds: bool = True
    imports: bool = True

    @property
    def name(self) -> str:
        return self.model._meta.label_lower

    def url(self, page: str, *args: object) -> str:
        return reverse(f"admin:{self.name.replace('.', '_')}_{page}", args=args)


def _programme(i: int) -> Programme:
    programme = Programme.objects.create(name=f"Proefprogramma {i}", slug=f"proef-{i}", first_year=2021, last_year=2026)
    programme.managers.add(_user(i))
    return programme


def _plan(i: int) -> Plan:
    programme = _programme(i)
    before = Plan.objects.create(programme=programme, name=f"Eerder {i}", first_year=2022, last_year=2022)
    return Plan.objects.create(
        programme=programme, name=f"Proefplan {i}", first_year=2023, last_year=2023, predecessor=before
    )


def _theme(i: int, programme: Programme | None = None) -> Theme:
    return Theme.objects.create(programme=programme or _programme(i), name=f"Proefonderdeel {i}", number=i + 1)


def _owner(i: int, programme: Programme | None = None) -> Owner:
    owner = Owner.objects.create(programme=programme or _programme(i), name=f"Proefafdeling {i}")
    OwnerMember.objects.create(owner=owner, user=_user(i))
    return owner


def _focus_area(i: int) -> FocusArea:
    focus_area = FocusArea.objects.create(plan=_plan(i), name=f"Proefspeerpunt {i}")
    _goal(i, focus_area.plan).focus_areas.add(focus_area)
    return focus_area


def _ambition(i: int) -> Ambition:
    plan = _plan(i)
    return Ambition.objects.create(plan=plan, theme=_theme(i, plan.programme), text=f"Proefambitie {i}")


def _er_goal(i: int) -> ErGoal:
    ambition = _ambition(i)
    er_goal = ErGoal.objects.create(plan=ambition.plan, theme=ambition.theme, text=f"Proef-ER-doel {i}")
    er_goal.ambitions.add(ambition)
    return er_goal


def _goal(i: int, plan: Plan | None = None) -> Goal:
    plan = plan or _plan(i)
    return Goal.objects.create(
        plan=plan,
        theme=_theme(i, plan.programme),
        owner=_owner(i, plan.programme),
        number=i + 1,
        text=f"Proefdoel {i}",
        deadline=datetime.date(2023, 9, 30),
    )


def _effort(i: int) -> Effort:
    goal = _goal(i)
    effort = Effort.objects.create(plan=goal.plan, theme=goal.theme, lead=goal.owner, text=f"Proefinspanning {i}")
    effort.goals.add(goal)
    return effort


def _workbook_import(i: int) -> WorkbookImport:
    plan = _plan(i)
    return WorkbookImport.objects.create(
        programme=plan.programme,
        year=2023,
        plan=plan,
        state=WorkbookImport.State.APPLIED,
        file_name=f"Proefwerkboek {i}.xlsx",
        content=b"PK de bytes van het werkboek",
        sha256="ab" * 32,
        uploaded_at=timezone.now(),
        uploaded_by=_user(i),
        applied_at=timezone.now(),
    )


def _open_round(i: int) -> ReportingRound:
    plan = _plan(i)
    return ReportingRound.objects.create(
        programme=plan.programme,
        plan=plan,
        year=2023,
        half=1,
        state=ReportingRound.State.OPEN,
        opens_on=datetime.date(2023, 6, 1),
        deadline=datetime.date(2023, 6, 30),
        adopted_by=_user(i),
    )


def _round(i: int) -> ReportingRound:
    return _adopted(_open_round(i))


def _adopted(round_: ReportingRound) -> ReportingRound:
    round_.state, round_.adopted_at = ReportingRound.State.ADOPTED, timezone.now()
    round_.save()
    return round_


def _indicator(i: int) -> Indicator:
    programme = _programme(i)
    return Indicator.objects.create(
        programme=programme,
        theme=_theme(i, programme),
        owner=_owner(i, programme),
        name=f"Proefindicator {i}",
        unit="%",
        baseline=Decimal("0.1") + i,
        decimals=2,
        baseline_day=datetime.date(2022, 12, 31),
    )


def _target(i: int) -> Target:
    return Target.objects.create(
        indicator=_indicator(i), last_day=datetime.date(2024, 12, 31), value=Decimal("48.33") + i
    )


def _measurement(i: int) -> Measurement:
    round_ = _round(i)
    return Measurement.objects.create(
        indicator=_indicator(i + 1000),
        first_day=datetime.date(2023, 1, 1),
        last_day=datetime.date(2023, 12, 31),
        value=Decimal("-0.1") - i,
        round=round_,
        recorded_by=_user(i + 2000),
    )


def _commitment(i: int) -> Commitment:
    programme = _programme(i)
    return Commitment.objects.create(
        programme=programme,
        owner=_owner(i, programme),
        number=f"23bb{i:06}",
        title=f"Proeftoezegging {i}",
        made_on=datetime.date(2023, 3, 1),
    )


def _recut(i: int) -> Recut:
    return Recut.objects.create(
        programme=_programme(i),
        day=datetime.date(2023, 7, 1),
        reason="Proefherijking",
        last_year_before=2026,
        last_year_after=2025,
    )


def _recut_move(i: int) -> RecutMove:
    recut = _recut(i + 1000)
    plan = Plan.objects.create(programme=recut.programme, name=f"Proefplan {i}", first_year=2023, last_year=2023)
    return RecutMove.objects.create(
        recut=recut, goal=_goal(i, plan), from_title=f"Proefonderdeel {i}", ended_reason="Proefherijking"
    )


def _update(i: int) -> Update:
    round_ = _open_round(i)
    update = Update.objects.create(
        goal=_goal(i, round_.plan),
        round=round_,
        state=Update.State.APPROVED,
        status=Update.Status.ON_TRACK,
        explanation=f"Proeftoelichting {i}",
        changed_at=timezone.now(),
        changed_by=_user(i),
    )
    _adopted(round_)
    return update


def _report(i: int) -> Report:
    return freeze_first_edition(_update(i).round, actor=_user(i), at=timezone.now())


def _reported_goal(i: int) -> ReportedGoal:
    return _report(i).goals.get()


def _report_text(i: int) -> ReportText:
    return ReportText.objects.create(
        round=_open_round(i), text=f"Proeftekst {i}", changed_at=timezone.now(), changed_by=_user(i)
    )


def _word_template(i: int) -> WordTemplate:
    return WordTemplate.objects.create(
        programme=_programme(i),
        file_name=f"proefsjabloon-{i}.docx",
        content=b"",
        sha256=f"{i:064}",
        uploaded_at=timezone.now(),
        uploaded_by=_user(i),
    )


def _word_template_use(i: int) -> WordTemplateUse:
    template = _word_template(i)
    return WordTemplateUse.objects.create(
        programme=template.programme, template=template, since=timezone.now(), chosen_by=_user(i)
    )


def _audit_line(i: int) -> AuditLine:
    goal = Goal(pk=i, text=f"Proefdoel {i}")
    line = audit_line(
        actor=_user(i),
        origin=AuditLine.Origin.SITE,
        action="submit",
        subject=goal,
        result="submitted",
        at=timezone.now(),
    )
    append([line])
    return line


def _user(i: int) -> User:
    user, made = User.objects.get_or_create(
        username=f"proef-{i}", defaults={"last_name": "Proef", "last_login": timezone.now()}
    )
    if made:
        user.groups.add(Group.objects.get_or_create(name=f"Proefgroep {i}")[0])
    return user


def _group(i: int) -> Group:
    _user(i)
    return Group.objects.get(name=f"Proefgroep {i}")


SECTIONS = [
    Section(Programme, _programme, "proefprogramma"),
    Section(Plan, _plan, "proefplan"),
    Section(Theme, _theme, "proefonderdeel"),
    Section(FocusArea, _focus_area, "proefspeerpunt"),
    Section(Ambition, _ambition, "proefambitie"),
    Section(ErGoal, _er_goal, "proef-er-doel"),
    Section(Goal, _goal, "proefdoel"),
    Section(Effort, _effort, "proefinspanning"),
    Section(Owner, _owner, "proefafdeling"),
    Section(WorkbookImport, _workbook_import, "proefwerkboek", adds=False, imports=False),
    Section(ReportingRound, _round, "proefprogramma"),
    Section(Indicator, _indicator, "proefindicator", adds=False),
    Section(Target, _target, "proefindicator", adds=False),
    Section(Measurement, _measurement, "proefindicator", adds=False),
    Section(Commitment, _commitment, "proeftoezegging", adds=False, imports=False),
    Section(Recut, _recut, "proefherijking", adds=False, imports=False),
    Section(RecutMove, _recut_move, "proefdoel", adds=False, imports=False),
    Section(Update, _update, "proefdoel", adds=False, imports=False),
    Section(Report, _report, "proefprogramma", adds=False, imports=False),
    Section(ReportedGoal, _reported_goal, "proefdoel", adds=False, imports=False),
    Section(ReportText, _report_text, "proeftekst", adds=False, imports=False),
    Section(WordTemplate, _word_template, "proefsjabloon", adds=False, imports=False),
    Section(WordTemplateUse, _word_template_use, "proefsjabloon", adds=False, imports=False),
    Section(AuditLine, _audit_line, "proefdoel", adds=False, imports=False),
    Section(User, _user, "proef"),
    Section(Group, _group, "proefgroep"),
]
NAMES = [section.name for section in SECTIONS]
