"""The round's rules: every state x every action x every role, and what an operation leaves behind."""

import datetime
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format

from din.models import Effort, Goal
from monitoring import workflow
from monitoring.effort_progress import EffortContent
from monitoring.held_back import HeldBack
from monitoring.models import AuditLine, EffortUpdate, Report, ReportingRound, Update
from monitoring.report.build import report_of
from monitoring.workflow import Action, Conflict, Content, Refused, RoundAction
from tests.cast import Stage, make_goals, make_plan, make_round
from tests.guards import unguarded

SITE = AuditLine.Origin.SITE
State, Status = Update.State, Update.Status
RoundState = ReportingRound.State
COMPLETE = Content(Status.DELAYED, "De oorzaak, het gevolg en wat we doen", "Volgende maand verder")
ROLES = ["owner", "colleague", "manager", "councillor", "outsider", "administrator"]

# The contract of the round, written out a second time: who may do what from which state, and where it leads.
BY_OWNER = {
    (State.TODO, Action.SAVE): State.DRAFT,
    (State.TODO, Action.SUBMIT): State.SUBMITTED,
    (State.DRAFT, Action.SAVE): State.DRAFT,
    (State.DRAFT, Action.SUBMIT): State.SUBMITTED,
    (State.SUBMITTED, Action.WITHDRAW): State.DRAFT,
    (State.RETURNED, Action.SAVE): State.RETURNED,
    (State.RETURNED, Action.SUBMIT): State.SUBMITTED,
}
BY_MANAGER_ALONE = {
    (State.TODO, Action.MARK_NOT_DELIVERED): State.NOT_DELIVERED,
    (State.DRAFT, Action.MARK_NOT_DELIVERED): State.NOT_DELIVERED,
    (State.RETURNED, Action.MARK_NOT_DELIVERED): State.NOT_DELIVERED,
    (State.SUBMITTED, Action.APPROVE): State.APPROVED,
    (State.SUBMITTED, Action.RETURN): State.RETURNED,
    (State.APPROVED, Action.RETURN): State.RETURNED,
    (State.NOT_DELIVERED, Action.WITHDRAW): State.DRAFT,
}


def expected_state(state: str, action: Action, role: str, round_state: str) -> str | None:
    """Where `action` leads, or None when it is refused."""
    if round_state not in (RoundState.OPEN, RoundState.IN_REVIEW):
        return None
    manages = role in ("manager", "administrator")
    if manages and (state, action) in BY_MANAGER_ALONE:
        return BY_MANAGER_ALONE[State(state), action]
    if (manages or role == "owner") and (state, action) in BY_OWNER:
        locked = round_state == RoundState.IN_REVIEW and not manages and state != State.RETURNED
        return None if locked else BY_OWNER[State(state), action]
    return None


def put(update: Update, state: str) -> Update:
    """Bring `update` into `state` behind the workflow's back."""
    delivered = state in (State.SUBMITTED, State.APPROVED, State.RETURNED)
    Update.objects.filter(pk=update.pk).update(
        state=state,
        status=Status.ON_TRACK if delivered else "",
        return_reason="Vul aan" if state == State.RETURNED else "",
        not_delivered_reason="Ziek" if state == State.NOT_DELIVERED else "",
    )
    return Update.objects.with_place().get(pk=update.pk)


def act(
    action: Action,
    update: Update,
    actor: object,
    *,
    version: int | None = None,
    content: Content = COMPLETE,
    now: datetime.datetime | None = None,
) -> Update:
    common = {
        "update": update,
        "actor": actor,
        "origin": SITE,
        "version": update.version if version is None else version,
        "now": now,
    }
    match action:
        case Action.SAVE:
            return workflow.save_draft(**common, content=content)
        case Action.SUBMIT:
            return workflow.submit(**common, content=content)
        case Action.WITHDRAW:
            return workflow.withdraw(**common)
        case Action.APPROVE:
            return workflow.approve(**common)
        case Action.RETURN:
            return workflow.return_to_owner(**common, reason="Noem de oorzaak")
        case Action.MARK_NOT_DELIVERED:
            return workflow.mark_not_delivered(**common, reason="De eigenaar is ziek")


@pytest.fixture
def update(stage: Stage) -> Update:
    return stage.update("P1.3", stage.open_round)


@pytest.mark.parametrize("round_state", RoundState.values)
@pytest.mark.parametrize("role", ROLES)
def test_every_state_times_every_action(stage: Stage, update: Update, role: str, round_state: str) -> None:
    with unguarded():
        walk_every_state_and_action(stage, update, getattr(stage.people, role), role, round_state)


def walk_every_state_and_action(stage: Stage, update: Update, actor: object, role: str, round_state: str) -> None:
    adopted_at = timezone.now() if round_state == RoundState.ADOPTED else None
    ReportingRound.objects.filter(pk=stage.open_round.pk).update(state=round_state, adopted_at=adopted_at)
    walked = 0
    for state in State.values:
        for action in Action:
            now = put(update, state)
            lines = AuditLine.objects.count()
            expected = expected_state(state, action, role, round_state)
            assert workflow.may_act(action, update=now, user=actor) == (expected is not None), (state, action)
            if expected is None:
                with pytest.raises((PermissionDenied, Refused)) as refusal:
                    act(action, now, actor)
                assert str(refusal.value), "a refusal says why"
                after = Update.objects.get(pk=update.pk)
                assert (after.state, after.version) == (state, now.version), (state, action)
                assert AuditLine.objects.count() == lines
            else:
                result = act(action, now, actor)
                assert (result.state, result.version) == (expected, now.version + 1), (state, action)
                assert AuditLine.objects.count() == lines + 1
            walked += 1
    assert walked == len(State.values) * len(Action)


class TestLastDay:
    """The deadline and the days of grace after it: the owner is held to them, the manager is not."""

    GRACE = 4

    @pytest.fixture
    def update(self, stage: Stage) -> Update:
        ReportingRound.objects.filter(pk=stage.open_round.pk).update(grace_days=self.GRACE)
        return stage.update("P1.3", ReportingRound.objects.get(pk=stage.open_round.pk))

    def day_after_deadline(self, update: Update, days: int) -> datetime.datetime:
        """Near midnight in the Netherlands, when the day is another one in UTC."""
        day = update.round.deadline + datetime.timedelta(days=days)
        return timezone.make_aware(datetime.datetime.combine(day, datetime.time(0, 15)))

    @pytest.mark.parametrize("role", ["owner", "manager"])
    @pytest.mark.parametrize("days", [0, 1, GRACE, GRACE + 1])
    def test_every_state_times_every_action(self, stage: Stage, update: Update, role: str, days: int) -> None:
        actor, at = getattr(stage.people, role), self.day_after_deadline(update, days)
        for state in State.values:
            for action in Action:
                now = put(update, state)
                closed = RoundState.IN_REVIEW if days > self.GRACE else RoundState.OPEN
                expected = expected_state(state, action, role, closed)
                assert workflow.may_act(action, update=now, user=actor, now=at) == (expected is not None)
                if expected is None:
                    with pytest.raises((PermissionDenied, Refused)):
                        act(action, now, actor, now=at)
                    assert Update.objects.get(pk=update.pk).version == now.version
                else:
                    assert act(action, now, actor, now=at).state == expected

    def test_the_refusal_names_the_day_and_who_can_help(self, update: Update, owner: object) -> None:
        last = date_format(update.round.closes_on, "j F Y")
        with pytest.raises(Refused, match=f"tot en met {last}.*Vraag de programmamanager"):
            act(Action.SUBMIT, update, owner, now=self.day_after_deadline(update, self.GRACE + 1))

    @pytest.mark.parametrize(("days", "left"), [(-1, 0), (0, 0), (1, GRACE), (GRACE, 1), (GRACE + 1, 0)])
    def test_the_days_of_grace_that_are_left(self, update: Update, days: int, left: int) -> None:
        day = update.round.deadline + datetime.timedelta(days=days)
        assert update.round.grace_left(as_of=day) == left


def test_the_tables_hold_no_transition_that_the_contract_does_not_have() -> None:
    assert set(workflow.TRANSITIONS) == set(BY_OWNER) | set(BY_MANAGER_ALONE)


def test_a_stranger_manager_does_not_review_another_programme(stage: Stage, update: Update) -> None:
    stage.programme.managers.clear()
    with pytest.raises(PermissionDenied):
        act(Action.APPROVE, put(update, State.SUBMITTED), stage.people.manager)


class TestContent:
    @pytest.mark.parametrize("status", Update.EXPLAINED_STATUSES)
    def test_bad_news_without_an_explanation_is_not_handed_in(self, update: Update, owner: object, status: str) -> None:
        with pytest.raises(ValidationError) as error:
            act(Action.SUBMIT, update, owner, content=Content(status, "  \n ", ""))
        assert "explanation" in error.value.message_dict
        assert Update.objects.get(pk=update.pk).state == State.DRAFT

    def test_handing_in_needs_a_status(self, update: Update, owner: object) -> None:
        with pytest.raises(ValidationError) as error:
            act(Action.SUBMIT, update, owner, content=Content("", "tekst"))
        assert "status" in error.value.message_dict

    def test_a_status_outside_the_list_is_refused(self, update: Update, owner: object) -> None:
        with pytest.raises(ValidationError):
            act(Action.SAVE, update, owner, content=Content("uitstekend", "tekst"))

    def test_a_draft_may_be_incomplete(self, update: Update, owner: object) -> None:
        saved = act(Action.SAVE, update, owner, content=Content("", "half"))
        assert (saved.status, saved.explanation, saved.state) == ("", "half", State.DRAFT)

    def test_good_news_needs_no_explanation(self, update: Update, owner: object) -> None:
        assert act(Action.SUBMIT, update, owner, content=Content(Status.ON_TRACK)).state == State.SUBMITTED

    @pytest.mark.parametrize("action", [Action.RETURN, Action.MARK_NOT_DELIVERED])
    def test_sending_back_and_not_delivered_need_a_reason(
        self, update: Update, manager: object, action: Action
    ) -> None:
        now = put(update, State.SUBMITTED if action is Action.RETURN else State.TODO)
        operation = workflow.return_to_owner if action is Action.RETURN else workflow.mark_not_delivered
        with pytest.raises(ValidationError):
            operation(update=now, actor=manager, origin=SITE, version=now.version, reason="  ")

    def test_control_characters_are_taken_out(self, update: Update, owner: object) -> None:
        saved = act(Action.SAVE, update, owner, content=Content("", "een\x00 twee\x0b drie\r\nvier"))
        assert Update.objects.get(pk=saved.pk).explanation == "een twee drie\nvier"


class TestEfforts:
    @pytest.fixture
    def efforts(self, stage: Stage, update: Update) -> list[Effort]:
        made = [Effort.objects.create(plan=stage.plan, text=f"Stap {n}", position=n) for n in range(3)]
        for effort in made:
            effort.goals.add(update.goal)
        return made

    def save(self, update: Update, actor: object, *efforts: EffortContent, version: int | None = None) -> Update:
        return act(Action.SAVE, update, actor, version=version, content=Content("", "tekst", efforts=efforts))

    def test_they_are_written_with_the_update(self, update: Update, owner: object, efforts: list[Effort]) -> None:
        one, two, _ = efforts
        saved = self.save(update, owner, EffortContent(one.pk, True, " klaar \r\n"), EffortContent(two.pk))
        assert Content.of(saved).efforts == (EffortContent(one.pk, True, "klaar"), EffortContent(two.pk))

    def test_what_is_not_named_stays(self, update: Update, owner: object, efforts: list[Effort]) -> None:
        one, two, _ = efforts
        first = self.save(update, owner, EffortContent(one.pk, True, "klaar"))
        second = self.save(first, owner, EffortContent(two.pk, False, "begonnen"))
        assert Content.of(second).efforts == (
            EffortContent(one.pk, True, "klaar"),
            EffortContent(two.pk, False, "begonnen"),
        )

    def test_the_history_holds_what_was_written_over(
        self, update: Update, owner: object, efforts: list[Effort]
    ) -> None:
        first = self.save(update, owner, EffortContent(efforts[0].pk, False, "eerste"))
        again = self.save(first, owner, EffortContent(efforts[0].pk, False, "eerste"))
        self.save(again, owner, EffortContent(efforts[0].pk, True, "tweede"))
        written = EffortUpdate.history.order_by("history_id").values_list("comment", "history_type", "history_user")
        assert list(written) == [("eerste", "+", owner.pk), ("tweede", "~", owner.pk)]

    def test_of_another_goal_they_are_refused(
        self, stage: Stage, update: Update, owner: object, efforts: list[Effort]
    ) -> None:
        foreign = stage.goals["P4.1"].efforts.get()
        with pytest.raises(ValidationError):
            self.save(update, owner, EffortContent(efforts[0].pk, True), EffortContent(foreign.pk, True, "van u"))
        assert not EffortUpdate.objects.exists()
        assert Update.objects.get(pk=update.pk).version == update.version

    def test_a_conflict_writes_none(
        self, update: Update, owner: object, manager: object, efforts: list[Effort]
    ) -> None:
        self.save(update, owner, EffortContent(efforts[0].pk, True, "van de eigenaar"))
        with pytest.raises(Conflict):
            self.save(update, manager, EffortContent(efforts[0].pk, False, "van de manager"), version=update.version)
        assert EffortUpdate.objects.get().comment == "van de eigenaar"

    def test_queries_do_not_grow_with_efforts(self, stage: Stage, update: Update, owner: object) -> None:
        used = []
        update = self.save(update, owner)  # the rights of the owner are remembered from here on
        for count in (2, 20):
            made = [Effort.objects.create(plan=stage.plan, text=f"Van {count}: {n}") for n in range(count)]
            update.goal.efforts.add(*made)
            with CaptureQueriesContext(connection) as queries:
                update = self.save(update, owner, *(EffortContent(effort.pk, True, "klaar") for effort in made))
            used.append(len(queries))
        assert used[0] == used[1]


class TestConflict:
    def test_the_same_content_twice_is_no_conflict(self, update: Update, owner: object) -> None:
        """Whoever got no answer sends it again."""
        content = Content(Status.ON_TRACK, "De tekst\r\n", efforts=())
        act(Action.SAVE, update, owner, content=content)
        again = act(Action.SAVE, update, owner, version=update.version, content=content)
        handed_in = act(Action.SUBMIT, again, owner, version=update.version, content=content)
        assert (handed_in.state, handed_in.explanation) == (State.SUBMITTED, "De tekst")

    def test_a_version_that_has_moved_on_writes_nothing_and_shows_what_is_there(
        self, update: Update, owner: object, manager: object
    ) -> None:
        first = act(Action.SAVE, update, owner, content=Content("", "van de eigenaar"))
        with pytest.raises(Conflict) as conflict:
            act(Action.SAVE, update, manager, version=update.version, content=Content("", "van de manager"))
        assert conflict.value.current.explanation == "van de eigenaar"
        assert Update.objects.get(pk=update.pk).version == first.version

    def test_a_double_click_acts_once(self, update: Update, owner: object) -> None:
        act(Action.SUBMIT, update, owner)
        with pytest.raises(Refused):
            act(Action.SUBMIT, update, owner)


class TestTrail:
    def test_a_line_names_action_object_result_origin_actor_and_time(self, update: Update, owner: object) -> None:
        at = timezone.make_aware(datetime.datetime(2023, 12, 1, 9, 30))
        workflow.submit(
            update=update, actor=owner, origin=AuditLine.Origin.ADMIN, content=COMPLETE, version=update.version, now=at
        )
        line = AuditLine.objects.get()
        assert (line.action, line.result, line.origin, line.actor, line.at) == (
            "submit",
            "submitted",
            "admin",
            owner,
            at,
        )
        assert (line.object_type, line.object_id) == ("update", update.pk)

    def test_the_history_keeps_every_text(self, update: Update, owner: object) -> None:
        one = act(Action.SAVE, update, owner, content=Content("", "eerste"))
        act(Action.SAVE, one, owner, content=Content("", "tweede"))
        texts = list(Update.history.filter(id=update.pk).order_by("history_date").values_list("explanation", flat=True))
        assert texts[-2:] == ["eerste", "tweede"]

    def test_the_reason_of_a_return_is_shown_until_it_is_handed_in_again(
        self, update: Update, owner: object, manager: object
    ) -> None:
        returned = act(Action.RETURN, put(update, State.SUBMITTED), manager)
        assert returned.return_reason == "Noem de oorzaak"
        saved = act(Action.SAVE, returned, owner)
        assert (saved.state, saved.return_reason) == (State.RETURNED, "Noem de oorzaak")
        assert act(Action.SUBMIT, saved, owner).return_reason == ""
        assert "Noem de oorzaak" in AuditLine.objects.get(action="return").note


ROUND_OPERATIONS = {
    RoundAction.RESCHEDULE: partial(workflow.reschedule, deadline=datetime.date(2099, 1, 1), grace_days=3),
    RoundAction.OPEN: workflow.open_round,
    RoundAction.START_REVIEW: workflow.start_review,
    RoundAction.REOPEN: workflow.reopen,
    RoundAction.COMPLETE: workflow.complete,
    RoundAction.ADOPT: workflow.adopt,
}


class TestRounds:
    def new_round(self, stage: Stage) -> ReportingRound:
        """A planned round, with no other round running beside it."""
        stage.put_open_round_aside()
        return ReportingRound.objects.create(
            programme=stage.programme,
            plan=stage.plan,
            year=2024,
            half=1,
            opens_on=datetime.date(2024, 6, 1),
            deadline=datetime.date(2024, 6, 30),
        )

    def test_opening_puts_every_running_goal_in_the_round(self, stage: Stage) -> None:
        round_ = workflow.open_round(round_=self.new_round(stage), actor=stage.people.manager, origin=SITE)
        updates = Update.objects.filter(round=round_)
        assert {update.state for update in updates} == {State.TODO}
        assert {update.goal_id for update in updates} == {
            goal.pk for reference, goal in stage.goals.items() if reference != "P4.3"
        }

    def test_a_second_round_of_the_same_plan_does_not_open_while_one_runs(self, stage: Stage) -> None:
        planned = self.new_round(stage)
        ReportingRound.objects.filter(pk=stage.open_round.pk).update(state=RoundState.IN_REVIEW)
        with pytest.raises(Refused, match="loopt al een ronde: tweede half jaar 2023"):
            workflow.open_round(round_=planned, actor=stage.people.manager, origin=SITE)
        assert ReportingRound.objects.get(pk=planned.pk).state == RoundState.PLANNED

    def test_a_round_of_another_plan_opens_beside_it(self, stage: Stage) -> None:
        other = make_plan(stage.programme, year=2024)
        make_goals(other, 1)
        planned = make_round(other, 2024, 1, state=RoundState.PLANNED)
        assert workflow.open_round(round_=planned, actor=stage.people.manager, origin=SITE).state == RoundState.OPEN

    def test_a_round_that_opens_early_opens_today(self, stage: Stage) -> None:
        round_ = self.new_round(stage)
        early = timezone.make_aware(datetime.datetime(2024, 5, 20, 12))
        assert workflow.open_round(
            round_=round_, actor=stage.people.manager, origin=SITE, now=early
        ).opens_on == datetime.date(2024, 5, 20)

    def test_the_days_are_changed_with_a_line_that_says_from_what_to_what(self, stage: Stage) -> None:
        round_ = make_round(stage.plan, 2024, 1, state=RoundState.PLANNED)
        workflow.reschedule(
            round_=round_,
            actor=stage.people.manager,
            origin=SITE,
            opens_on=datetime.date(2024, 6, 3),
            deadline=datetime.date(2024, 6, 20),
            grace_days=5,
        )
        changed = ReportingRound.objects.get(pk=round_.pk)
        assert (changed.opens_on, changed.closes_on) == (datetime.date(2024, 6, 3), datetime.date(2024, 6, 25))
        assert AuditLine.objects.get(action="reschedule").note == (
            "opent op 2024-06-01, deadline 2024-06-30, 0 dagen uitstel → "
            "opent op 2024-06-03, deadline 2024-06-20, 5 dagen uitstel"
        )

    def test_the_day_of_opening_of_an_open_round_stays(self, stage: Stage) -> None:
        with pytest.raises(Refused, match="al geopend"):
            workflow.reschedule(
                round_=stage.open_round,
                actor=stage.people.manager,
                origin=SITE,
                opens_on=datetime.date(2023, 12, 2),
                deadline=datetime.date(2024, 1, 1),
                grace_days=0,
            )

    def test_a_deadline_before_the_opening_is_refused(self, stage: Stage) -> None:
        with pytest.raises(ValidationError, match="voor de dag waarop de ronde opent"):
            workflow.reschedule(
                round_=stage.open_round,
                actor=stage.people.manager,
                origin=SITE,
                deadline=datetime.date(2023, 11, 30),
                grace_days=0,
            )

    def test_a_concept_plan_is_not_reported_on(self, stage: Stage) -> None:
        stage.plan.state = stage.plan.State.CONCEPT
        stage.plan.save()
        with pytest.raises(Refused, match="plan"):
            workflow.open_round(round_=self.new_round(stage), actor=stage.people.manager, origin=SITE)

    def test_a_plan_without_goals_is_not_opened(self, stage: Stage) -> None:
        round_ = self.new_round(stage)
        Goal.objects.filter(plan=stage.plan).update(ended_on=datetime.date(2024, 1, 1), ended_reason="klaar")
        with pytest.raises(Refused, match="geen doelen"):
            workflow.open_round(round_=round_, actor=stage.people.manager, origin=SITE)
        assert ReportingRound.objects.get(pk=round_.pk).state == RoundState.PLANNED

    @pytest.mark.parametrize("role", ["owner", "colleague", "councillor", "outsider"])
    @pytest.mark.parametrize("action", RoundAction)
    def test_only_the_manager_takes_a_step(self, stage: Stage, role: str, action: RoundAction) -> None:
        with pytest.raises(PermissionDenied):
            ROUND_OPERATIONS[action](round_=stage.open_round, actor=getattr(stage.people, role), origin=SITE)

    @pytest.mark.parametrize("state", RoundState.values)
    @pytest.mark.parametrize("action", RoundAction)
    def test_a_step_that_the_state_does_not_allow_is_refused(
        self, stage: Stage, state: str, action: RoundAction
    ) -> None:
        adopted_at = timezone.now() if state == RoundState.ADOPTED else None
        Update.objects.filter(round=stage.open_round).update(
            state=State.NOT_DELIVERED, not_delivered_reason="geen reactie"
        )
        ReportingRound.objects.filter(pk=stage.open_round.pk).update(state=state, adopted_at=adopted_at)
        operation = ROUND_OPERATIONS[action]
        days = RoundAction.RESCHEDULE
        allowed = {
            RoundState.PLANNED: {days, RoundAction.OPEN},
            RoundState.OPEN: {days, RoundAction.START_REVIEW, RoundAction.COMPLETE, RoundAction.ADOPT},
            RoundState.IN_REVIEW: {days, RoundAction.REOPEN, RoundAction.COMPLETE, RoundAction.ADOPT},
            RoundState.ADOPTED: set(),
        }[RoundState(state)]
        if action in allowed:
            operation(round_=stage.open_round, actor=stage.people.manager, origin=SITE)
        else:
            with pytest.raises(Refused):
                operation(round_=stage.open_round, actor=stage.people.manager, origin=SITE)
            assert ReportingRound.objects.get(pk=stage.open_round.pk).state == state

    def test_a_goal_that_came_later_is_added_on_request(self, stage: Stage) -> None:
        (goal,) = make_goals(stage.plan, 1)
        assert workflow.missing_goals(stage.open_round) == [goal]
        workflow.complete(round_=stage.open_round, actor=stage.people.manager, origin=SITE)
        assert workflow.missing_goals(stage.open_round) == []


class TestAdoption:
    def finish(self, stage: Stage) -> None:
        for update in Update.objects.filter(round=stage.open_round).with_place():
            if update.state in (State.TODO, State.DRAFT, State.RETURNED):
                act(Action.MARK_NOT_DELIVERED, update, stage.people.manager)
            elif update.state == State.SUBMITTED:
                act(Action.APPROVE, update, stage.people.manager)

    def test_an_unfinished_round_is_not_adopted(self, stage: Stage) -> None:
        with pytest.raises(Refused, match="5 doelen"):
            workflow.adopt(round_=stage.open_round, actor=stage.people.manager, origin=SITE)
        assert not Report.objects.filter(round=stage.open_round).exists()

    def test_a_goal_that_came_later_keeps_it_from_being_adopted(self, stage: Stage) -> None:
        self.finish(stage)
        make_goals(stage.plan, 1)
        with pytest.raises(Refused, match="1 doel is"):
            workflow.adopt(round_=stage.open_round, actor=stage.people.manager, origin=SITE)

    def test_what_was_adopted_stays_when_the_plan_changes(self, stage: Stage) -> None:
        self.finish(stage)
        adopted = workflow.adopt(round_=stage.open_round, actor=stage.people.manager, origin=SITE)
        before = report_of(adopted)
        Goal.objects.update(text="heel iets anders")
        stage.department.name = "Een andere afdeling"
        stage.department.save()
        assert report_of(ReportingRound.objects.get(pk=adopted.pk)) == before
        assert before[1] == Report.objects.get(round=adopted).sha256

    def test_adopting_twice_is_refused(self, stage: Stage) -> None:
        self.finish(stage)
        workflow.adopt(round_=stage.open_round, actor=stage.people.manager, origin=SITE)
        with pytest.raises(Refused):
            workflow.adopt(round_=stage.open_round, actor=stage.people.manager, origin=SITE)
        assert Report.objects.filter(round=stage.open_round).count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "klaar"},
        {"status": "prima"},
        {"state": State.SUBMITTED, "status": ""},
        {"state": State.APPROVED, "status": Status.DELAYED, "explanation": ""},
        {"state": State.RETURNED, "return_reason": ""},
        {"state": State.NOT_DELIVERED, "not_delivered_reason": ""},
    ],
)
def test_the_database_itself_refuses_what_cannot_be(update: Update, wrong: dict[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Update.objects.filter(pk=update.pk).update(**wrong)


class TestPersonalData:
    """A text that holds personal data is held back whole; a number that is no BSN passes once it is declared."""

    NUMBER = "123456782"

    def content(self, **texts: str) -> Content:
        return Content(**{"status": Status.ON_TRACK, "explanation": "Loopt", "next_steps": "Verder", **texts})

    @pytest.mark.parametrize("action", [Action.SAVE, Action.SUBMIT])
    @pytest.mark.parametrize("field", ["explanation", "next_steps"])
    def test_nothing_is_written(self, stage: Stage, update: Update, action: Action, field: str) -> None:
        content = self.content(**{field: "Mail naar voorbeeld@example.org of bel 06-12345678"})
        with pytest.raises(HeldBack) as held:
            act(action, update, stage.people.owner, content=content)
        assert {name: [spot.text for spot in spots] for name, spots in held.value.spots.items()} == {
            field: ["voorbeeld@example.org", "06-12345678"]
        }
        assert "e-mailadres" in held.value.message_dict[field][0]
        assert Update.objects.get(pk=update.pk).version == update.version
        assert not AuditLine.objects.exists()

    @pytest.mark.parametrize("operation", [workflow.return_to_owner, workflow.mark_not_delivered])
    def test_nor_in_a_reason(self, stage: Stage, update: Update, operation: Any) -> None:
        now = put(update, State.SUBMITTED if operation is workflow.return_to_owner else State.TODO)
        with pytest.raises(HeldBack) as held:
            operation(
                update=now,
                actor=stage.people.manager,
                origin=SITE,
                version=now.version,
                reason=f"Vraag het na bij {self.NUMBER}",
            )
        assert list(held.value.spots) == ["reason"]

    def test_a_number_passes_once_declared_and_the_trail_says_so_without_the_number(
        self, stage: Stage, update: Update
    ) -> None:
        content = self.content(explanation=f"Zaaknummer {self.NUMBER}")
        common = {"actor": stage.people.owner, "origin": SITE, "content": content}
        with pytest.raises(HeldBack):
            workflow.save_draft(update=update, version=update.version, **common)
        saved = workflow.save_draft(update=update, version=update.version, no_bsn=[self.NUMBER], **common)
        line = AuditLine.objects.get()
        assert line.note == "Verklaard: het getal op 782 is geen BSN."
        # What stands there was declared: it is not asked again, and another number still is.
        submitted = workflow.submit(update=saved, version=saved.version, **common)
        assert submitted.state == State.SUBMITTED
        assert AuditLine.objects.latest("pk").note == ""
        withdrawn = act(Action.WITHDRAW, submitted, stage.people.owner)
        with pytest.raises(HeldBack):
            act(Action.SAVE, withdrawn, stage.people.owner, content=self.content(explanation="Zaak 111222333"))
