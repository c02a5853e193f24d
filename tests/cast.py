"""The fixed cast of the tests: the people, and a programme with a plan, an adopted and an open round.

The people: the owner of part of the goals, a colleague who owns another part, the manager of the programme, a
councillor, an outsider who has an account but no role, and the administrator.

There is a motion that is open, about P1.1 and P4.1, with a draft of its proposal; and a promise, about P4.1, with a
proposal that goes to the council with the open round.

The goals, and what was recorded on each (None: not in that round):

    | reference | owner       | deadline   | 2023-H1 (adopted)       | 2023-H2 (open)           |
    | P1.1      | department  | 2023-Q2    | approved, achieved      | approved, achieved       |
    | P1.2      | department  | 2023-Q2    | approved, delayed       | submitted, at risk       |
    | P1.3      | department  | 2024-Q4    | approved, on track      | draft, at risk           |
    | P4.1      | neighbours  | 2023-Q1    | approved, at risk       | returned, delayed        |
    | P4.2      | department  | 2023-Q3    | not delivered           | to do                    |
    | P4.3      | neighbours  | 2023-Q1    | (ended on 1 May 2023)   | (ended)                  |
    | P4.11     | neighbours  | 2023-Q4    | approved, on track      | not delivered            |
    | (none)    | (nobody)    | (none)     | approved, not started   | to do                    |
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group
from django.utils import timezone

from actieplan.models import User
from actieplan.roles import ADMINISTRATOR, COUNCIL, MANAGER, OFFICER, grant_roles
from din.models import Ambition, Effort, ErGoal, FocusArea, Goal, Owner, OwnerMember, Plan, Programme, Theme
from din.models.levels import text_digest
from monitoring.corrections import correct, newest_edition
from monitoring.models import AuditLine, Commitment, Report, ReportedGoal, ReportingRound, Update
from monitoring.report.editions import freeze_first_edition
from monitoring.workflow import Content
from tests.guards import unguarded

PASSWORD = "een-lang-wachtwoord-voor-de-proef"
# How far ahead the deadline of an open round lies.
DAYS_LEFT = 9

# Texts of the open round. Nobody may see the first three but the goal's owners and the manager; the council sees none.
DRAFT_TEXT = "Concepttekst: de subsidie is nog niet binnen"
RETURNED_TEXT = "Teruggestuurde tekst: de planning schuift op"
RETURN_REASON = "Noem ook de oorzaak van de vertraging"
SUBMITTED_TEXT = "Ingediende tekst: de samenwerking met de scholen stokt"
APPROVED_TEXT = "Goedgekeurde tekst: de lijst is klaar en gedeeld"
NOT_DELIVERED_REASON = "Niet aangeleverd omdat de eigenaar ziek was"
# Of a commitment: a proposal that is not made yet, and one that goes with the open round.
SETTLEMENT_DRAFT = "Concept van het voorstel: er zijn nu dertig maatjes"
PROPOSED_TEXT = "Voorgestelde tekst: de brief is op 3 juni verstuurd"
SECRETS_OF_THE_OPEN_ROUND = (
    DRAFT_TEXT,
    RETURNED_TEXT,
    RETURN_REASON,
    SUBMITTED_TEXT,
    APPROVED_TEXT,
    NOT_DELIVERED_REASON,
    SETTLEMENT_DRAFT,
    PROPOSED_TEXT,
)
# What the owner of P1.2 wrote in the adopted round: everybody may read it.
ADOPTED_TEXT = "Vastgestelde tekst: het beheer van de lijst ligt stil"

State = Update.State
Status = Update.Status


def make_user(username: str, role: str | None = None, *, last_name: str = "", is_staff: bool = False) -> User:
    """A user who can log in with PASSWORD, in the group of `role` (see actieplan.roles)."""
    user = User.objects.create_user(
        username, email=f"{username}@voorbeeld.nl", password=PASSWORD, last_name=last_name, is_staff=is_staff
    )
    if role is not None:
        # A test in a real transaction empties the tables afterwards, the groups of the migration with them.
        if not Group.objects.filter(name=role).exists():
            grant_roles(apps)
        user.groups.add(Group.objects.get(name=role))
    return user


@dataclass(frozen=True)
class People:
    owner: User
    colleague: User
    manager: User
    councillor: User
    outsider: User
    administrator: User


def make_people() -> People:
    """The six users, without a programme."""
    return People(
        owner=make_user("beleid", OFFICER, last_name="Van Beleid"),
        colleague=make_user("collega", OFFICER, last_name="De Collega"),
        manager=make_user("manager", MANAGER, last_name="De Manager"),
        councillor=make_user("raad", COUNCIL, last_name="Van de Raad"),
        outsider=make_user("buiten", last_name="Buitenstaander"),
        administrator=make_user("beheer", ADMINISTRATOR, last_name="Beheerder", is_staff=True),
    )


@dataclass(frozen=True)
class Stage:
    """Everything that the tests stand on. `goals` is by reference; the goal without a number is goals[""]."""

    people: People
    programme: Programme
    plan: Plan
    department: Owner
    neighbours: Owner
    themes: dict[str, Theme]
    goals: dict[str, Goal]
    focus_area: FocusArea
    adopted_round: ReportingRound
    open_round: ReportingRound
    motion: Commitment
    promise: Commitment

    def update(self, reference: str, round_: ReportingRound) -> Update:
        """The update of a goal in a round."""
        return Update.objects.get(goal=self.goals[reference], round=round_)

    def put_open_round_aside(self) -> None:
        """Make the open round one that is only planned, so that another round of the plan can open."""
        ReportingRound.objects.filter(pk=self.open_round.pk).update(state=ReportingRound.State.PLANNED)

    def drop_open_round(self) -> None:
        """Take the open round away, with the proposal that goes with it."""
        self.promise.delete()
        self.open_round.delete()


def make_programme(name: str = "Vastpakken en niet loslaten", slug: str = "vastpakken") -> Programme:
    """A programme of 2021-2026 without a plan or a manager."""
    return Programme.objects.create(name=name, slug=slug, first_year=2021, last_year=2026)


def make_plan(programme: Programme, *, year: int = 2023, state: str = Plan.State.ADOPTED) -> Plan:
    """A year plan without content."""
    return Plan.objects.create(programme=programme, name=f"DIN {year}", first_year=year, last_year=year, state=state)


def make_round(
    plan: Plan, year: int, half: int, *, state: str = ReportingRound.State.OPEN, grace_days: int = 0
) -> ReportingRound:
    """A round on `plan`, without updates. Of an open one the deadline lies DAYS_LEFT ahead, so that owners can hand in;
    of another it is the 30th of the last month of its half year.

    An adopted one takes no updates any more: make it planned, then use `adopt`.
    """
    adopted = state == ReportingRound.State.ADOPTED
    month = 6 if half == 1 else 12
    deadline = datetime.date(year, month, 30)
    if state == ReportingRound.State.OPEN:
        deadline = timezone.localdate() + datetime.timedelta(days=DAYS_LEFT)
    return ReportingRound.objects.create(
        programme=plan.programme,
        plan=plan,
        year=year,
        half=half,
        state=state,
        opens_on=datetime.date(year, month, 1),
        deadline=deadline,
        grace_days=grace_days,
        adopted_at=timezone.make_aware(datetime.datetime(year, month, 30, 12)) if adopted else None,
    )


def adopt(round_: ReportingRound) -> Report:
    """Adopt a round on its deadline, without asking who may and without a line in the trail."""
    round_.state = ReportingRound.State.ADOPTED
    round_.adopted_at = timezone.make_aware(datetime.datetime.combine(round_.deadline, datetime.time(12)))
    round_.save()
    return freeze_first_edition(round_, actor=None, at=round_.adopted_at)


def make_goals(
    plan: Plan, count: int, *, theme: Theme | None = None, owner: Owner | None = None, first: int = 100
) -> list[Goal]:
    """`count` more goals, numbered from `first`, to see what a page costs when a plan grows."""
    texts = [f"Doel nummer {first + index} van de proef" for index in range(count)]
    return Goal.objects.bulk_create(
        Goal(
            plan=plan,
            theme=theme,
            owner=owner,
            number=first + index,
            position=first + index,
            text=text,
            text_digest=text_digest(text),
            deadline=datetime.date(2023, 12, 31),
        )
        for index, text in enumerate(texts)
    )


def make_updates(
    round_: ReportingRound, goals: list[Goal], *, state: str = State.TODO, status: str = "", explanation: str = ""
) -> list[Update]:
    """The same update on each of `goals`."""
    return Update.objects.bulk_create(
        Update(goal=goal, round=round_, state=state, status=status, explanation=explanation) for goal in goals
    )


def report_on(round_: ReportingRound, goals: list[Goal], *, status: str, explanation: str = "") -> Report:
    """Put `goals` into an adopted round and its report, as if they had been there when it was adopted."""
    with unguarded():
        ReportedGoal.objects.filter(report__round=round_).delete()
        Report.objects.filter(round=round_).delete()
        make_updates(round_, goals, state=State.APPROVED, status=status, explanation=explanation)
    assert round_.adopted_at is not None
    return freeze_first_edition(round_, actor=None, at=round_.adopted_at)


def make_stage(people: People | None = None) -> Stage:
    """The people, the programme and its two rounds, as in the table at the top."""
    people = people or make_people()
    programme = make_programme()
    programme.managers.add(people.manager)
    department = Owner.objects.create(programme=programme, name="Maatschappelijke Ontwikkeling")
    neighbours = Owner.objects.create(programme=programme, name="Werk en Inkomen")
    OwnerMember.objects.create(owner=department, user=people.owner)
    OwnerMember.objects.create(owner=neighbours, user=people.colleague)
    themes = {
        "P1": Theme.objects.create(
            programme=programme, kind=Theme.Kind.PIJLER, number=1, name="Sociaal netwerk", position=1
        ),
        "P4": Theme.objects.create(programme=programme, kind=Theme.Kind.PIJLER, number=4, name="Inkomen", position=2),
        "": Theme.objects.create(programme=programme, kind=Theme.Kind.THEMA, name="Jongerenparticipatie", position=3),
    }
    plan = make_plan(programme)
    focus_area = FocusArea.objects.create(plan=plan, name="Financiële zelfredzaamheid", position=1)
    goals = _make_levels(plan, themes, department, neighbours)
    goals["P4.1"].focus_areas.add(focus_area)
    goals["P1.2"].focus_areas.add(focus_area)
    adopted_round = make_round(plan, 2023, 1, state=ReportingRound.State.PLANNED)
    open_round = make_round(plan, 2023, 2)
    _record_progress(goals, adopted_round, open_round)
    adopt(adopted_round)
    motion = make_commitment(
        programme,
        kind=Commitment.Kind.MOTIE,
        number="23bb000101",
        title="Maatjes voor jongeren",
        text="Zorg dat elke jongere die dat wil een maatje heeft",
        made_by="gemeenteraad",
        owner=department,
        deadline=datetime.date(2023, 6, 30),
        settlement=SETTLEMENT_DRAFT,
        goals=[goals["P1.1"], goals["P4.1"]],
    )
    promise = make_commitment(
        programme,
        number="23bb000102",
        title="Brief over schuldhulp",
        text="De raad krijgt een brief over de wachttijden",
        made_by="wethouder Werk en Inkomen",
        owner=neighbours,
        state=Commitment.State.PROPOSED,
        settlement=PROPOSED_TEXT,
        proposed_in=open_round,
        goals=[goals["P4.1"]],
    )
    return Stage(
        people=people,
        programme=programme,
        plan=plan,
        department=department,
        neighbours=neighbours,
        themes=themes,
        goals=goals,
        focus_area=focus_area,
        adopted_round=adopted_round,
        open_round=open_round,
        motion=motion,
        promise=promise,
    )


def make_commitment(
    programme: Programme, *, title: str, goals: Iterable[Goal] = (), made_on: str = "2023-02-16", **values: Any
) -> Commitment:
    """A promise of 16 February 2023 that is open, unless `values` say otherwise."""
    commitment = Commitment.objects.create(programme=programme, title=title, made_on=made_on, **values)
    commitment.goals.set(goals)
    commitment.refresh_from_db()
    return commitment


def _make_levels(plan: Plan, themes: dict[str, Theme], department: Owner, neighbours: Owner) -> dict[str, Goal]:
    """The four levels and their lines; one ER-goal and one effort have no goal."""
    dream = Ambition.objects.create(plan=plan, text="Elke jongere in de stad doet mee", position=1)
    income = Ambition.objects.create(
        plan=plan, theme=themes["P4"], text="Jongeren hebben hun geldzaken op orde", position=2
    )
    network = ErGoal.objects.create(plan=plan, theme=themes["P1"], text="Meer jongeren hebben een steunfiguur")
    network.ambitions.add(dream)
    debts = ErGoal.objects.create(plan=plan, theme=themes["P4"], text="Minder jongeren hebben schulden", position=2)
    debts.ambitions.add(income, dream)
    lonely = ErGoal.objects.create(plan=plan, theme=themes["P4"], text="Sneller hulp bij een uitkering", position=3)
    lonely.ambitions.add(income)

    rows: list[tuple[str, int | None, Owner | None, datetime.date | None, str]] = [
        ("P1", 1, department, datetime.date(2023, 6, 30), "Een lijst van projecten voor jongeren ligt klaar"),
        ("P1", 2, department, datetime.date(2023, 6, 30), "De lijst van projecten heeft een vaste beheerder"),
        ("P1", 3, department, datetime.date(2024, 12, 31), "Twintig scholen werken met een mentor"),
        ("P4", 1, neighbours, datetime.date(2023, 3, 31), "Schuldhulp start binnen vier weken"),
        ("P4", 2, department, datetime.date(2023, 9, 30), "De loketten verwijzen jongeren in één keer goed door"),
        ("P4", 3, neighbours, datetime.date(2023, 3, 31), "Een proef met budgetcoaches op school"),
        ("P4", 11, neighbours, datetime.date(2023, 12, 31), "Jongeren kennen de bijzondere bijstand"),
        ("", None, None, None, "Jongeren denken mee over het beleid"),
    ]
    goals: dict[str, Goal] = {}
    for position, (code, number, owner, deadline, text) in enumerate(rows, start=1):
        goal = Goal.objects.create(
            plan=plan,
            theme=themes[code],
            number=number,
            owner=owner,
            deadline=deadline,
            text=text,
            position=position,
        )
        goals[goal.reference] = goal
    ended = goals["P4.3"]
    ended.ended_on, ended.ended_reason = datetime.date(2023, 5, 1), "Het rijk neemt deze proef over"
    ended.save()
    for reference in ("P1.1", "P1.2", "P1.3"):
        goals[reference].er_goals.add(network)
    for reference in ("P4.1", "P4.2"):
        goals[reference].er_goals.add(debts)

    inventory = Effort.objects.create(
        plan=plan, theme=themes["P1"], text="Alle projecten inventariseren", lead=department, position=1
    )
    inventory.goals.add(goals["P1.1"], goals["P1.2"])
    training = Effort.objects.create(plan=plan, theme=themes["P4"], text="Medewerkers trainen in schuldhulp")
    training.goals.add(goals["P4.1"])
    Effort.objects.create(plan=plan, theme=themes["P4"], text="Een folder over toeslagen maken", lead=neighbours)
    return goals


def _record_progress(goals: dict[str, Goal], adopted_round: ReportingRound, open_round: ReportingRound) -> None:
    """The updates of the table at the top."""

    def record(round_: ReportingRound, reference: str, state: str, status: str = "", **values: str) -> None:
        Update.objects.create(goal=goals[reference], round=round_, state=state, status=status, **values)

    record(adopted_round, "P1.1", State.APPROVED, Status.ACHIEVED, explanation="De lijst is in maart afgerond")
    record(
        adopted_round,
        "P1.2",
        State.APPROVED,
        Status.DELAYED,
        explanation=ADOPTED_TEXT,
        next_steps="Het beheer overdragen aan de wijkteams",
    )
    record(adopted_round, "P1.3", State.APPROVED, Status.ON_TRACK, explanation="Twaalf scholen doen mee")
    record(adopted_round, "P4.1", State.APPROVED, Status.AT_RISK, explanation="De wachttijd is nu zeven weken")
    record(adopted_round, "P4.2", State.NOT_DELIVERED, not_delivered_reason="Er was nog geen eigenaar")
    record(adopted_round, "P4.11", State.APPROVED, Status.ON_TRACK, explanation="De campagne loopt")
    record(adopted_round, "", State.APPROVED, Status.NOT_STARTED, explanation="Dit begint na de zomer")

    record(open_round, "P1.1", State.APPROVED, Status.ACHIEVED, explanation=APPROVED_TEXT)
    record(open_round, "P1.2", State.SUBMITTED, Status.AT_RISK, explanation=SUBMITTED_TEXT)
    record(open_round, "P1.3", State.DRAFT, Status.AT_RISK, explanation=DRAFT_TEXT)
    record(
        open_round,
        "P4.1",
        State.RETURNED,
        Status.DELAYED,
        explanation=RETURNED_TEXT,
        return_reason=RETURN_REASON,
    )
    record(open_round, "P4.2", State.TODO)
    record(open_round, "P4.11", State.NOT_DELIVERED, not_delivered_reason=NOT_DELIVERED_REASON)
    record(open_round, "", State.TODO)


def correct_report(
    stage: Stage, goals: Mapping[str, Content], *, reason: str = "De cijfers waren verwisseld"
) -> Report:
    """A new edition of the report of the adopted round in which `goals`, by their reference, say something else."""
    newest = newest_edition(stage.adopted_round)
    places = {name: newest.goals.get(goal=stage.goals[name]).position for name in goals}
    return correct(
        round_=stage.adopted_round,
        actor=stage.people.manager,
        origin=AuditLine.Origin.SITE,
        edition=newest.edition,
        goals={places[name]: content for name, content in goals.items()},
        reason=reason,
    )
