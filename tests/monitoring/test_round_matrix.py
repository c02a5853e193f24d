"""The matrix of a round: counts, filters, and approving many goals at once."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from din.models import Goal, OwnerMember
from din.permissions import manages
from monitoring import workflow
from monitoring.models import AuditLine, Update
from monitoring.review_order import review_order
from monitoring.round_matrix import NONE, RoundMatrix, round_matrix, versions_of
from tests.cast import SUBMITTED_TEXT, Stage, make_goals, make_updates
from tests.conftest import LogIn

SITE = AuditLine.Origin.SITE
State, Status = Update.State, Update.Status


def matrix(stage: Stage, today: datetime.date | None = None, **parameters: str) -> RoundMatrix:
    return round_matrix(stage.open_round, parameters=parameters, today=today or timezone.localdate())


def shown(page: RoundMatrix) -> list[str]:
    return [row.update.goal.reference for theme in page.themes for row in theme.rows]


def put_submitted(stage: Stage, *references: str) -> None:
    for reference in references:
        Update.objects.filter(pk=stage.update(reference, stage.open_round).pk).update(
            state=State.SUBMITTED, status=Status.ON_TRACK
        )


class TestMatrix:
    def test_the_goals_stand_in_the_order_of_the_plan_by_theme(self, stage: Stage) -> None:
        page = matrix(stage)
        assert [theme.title for theme in page.themes] == [
            "Pijler 1: Sociaal netwerk",
            "Pijler 4: Inkomen",
            "Jongerenparticipatie",
        ]
        assert shown(page) == ["P1.1", "P1.2", "P1.3", "P4.1", "P4.2", "P4.11", ""]

    def test_what_belongs_to_the_whole_programme_comes_first(self, stage: Stage) -> None:
        Goal.objects.filter(pk=stage.goals["P4.2"].pk).update(theme=None)
        page = matrix(stage)
        assert page.themes[0].title == "Hele programma"
        assert shown(matrix(stage, onderdeel=NONE)) == ["2"]

    def test_counts_add_up_per_theme_and_per_owner(self, stage: Stage) -> None:
        page = matrix(stage)
        assert [count.count for count in page.counts] == [2, 1, 1, 1, 1, 1]
        for lines in (page.theme_counts, page.owner_counts):
            for column, count in enumerate(page.counts):
                assert sum(line.counts[column].count for line in lines) == count.count, count.label
            assert sum(line.total for line in lines) == page.total == 7

    def test_what_is_on_nobodys_worklist_comes_first_then_who_has_most_left(self, stage: Stage) -> None:
        assert [line.title for line in matrix(stage).owner_counts] == [
            "Geen eigenaar",
            "Maatschappelijke Ontwikkeling",
            "Werk en Inkomen",
        ]
        OwnerMember.objects.filter(owner=stage.neighbours).delete()
        assert [line.title for line in matrix(stage).owner_counts][:2] == ["Geen eigenaar", "Werk en Inkomen"]

    @pytest.mark.parametrize(
        ("filters", "references"),
        [
            ({"stand": "todo"}, ["P4.2", ""]),
            ({"eigenaar": NONE}, [""]),
            ({"onderdeel": "P1", "stand": "draft"}, ["P1.3"]),
            ({"eigenaar": "neighbours"}, ["P4.1", "P4.11"]),
            ({"eigenaar": "neighbours", "stand": "todo"}, []),
            ({"stand": "klaar"}, ["P1.1", "P1.2", "P1.3", "P4.1", "P4.2", "P4.11", ""]),
        ],
        ids=str,
    )
    def test_filters_narrow_it_down(self, stage: Stage, filters: dict[str, str], references: list[str]) -> None:
        keys = {"P1": str(stage.themes["P1"].pk), "neighbours": str(stage.neighbours.pk)}
        chosen = {name: keys.get(value, value) for name, value in filters.items()}
        page = matrix(stage, **chosen)
        assert shown(page) == references
        assert page.total == 7, "the counts stay those of the whole round"

    def test_a_count_leads_to_its_goals(self, stage: Stage, log_in: LogIn) -> None:
        line = next(line for line in matrix(stage).owner_counts if line.title == "Werk en Inkomen")
        returned = next(count for count in line.counts if count.state == State.RETURNED)
        client = log_in(stage.people.manager)
        page = client.get(stage.open_round.get_absolute_url() + returned.url.partition("#")[0])
        assert "1 van 7 doelen" in page.content.decode()

    def test_days_since_the_last_change(self, stage: Stage) -> None:
        Update.objects.filter(pk=stage.update("P1.2", stage.open_round).pk).update(
            changed_at=timezone.make_aware(datetime.datetime(2023, 12, 1, 23, 30))
        )
        days = {
            row.update.goal.reference: row.days
            for theme in matrix(stage, datetime.date(2023, 12, 4)).themes
            for row in theme.rows
        }
        assert days["P1.2"] == 3
        assert days["P4.2"] is None

    def test_the_text_can_be_read_before_it_is_approved(self, stage: Stage, log_in: LogIn) -> None:
        page = log_in(stage.people.manager).get(stage.open_round.get_absolute_url()).content.decode()
        assert SUBMITTED_TEXT in page
        assert page.count('type="checkbox"') == 1, "only what was submitted can be ticked"


class TestApprovingMany:
    def approve(self, stage: Stage, *references: str) -> workflow.ApprovedMany:
        versions = {}
        for reference in references:
            update = stage.update(reference, stage.open_round)
            versions[update.pk] = update.version
        return workflow.approve_many(
            round_=stage.open_round, versions=versions, actor=stage.people.manager, origin=SITE
        )

    def test_all_are_approved_with_a_line_and_a_history_each(self, stage: Stage) -> None:
        put_submitted(stage, "P1.3", "P4.2")
        done = self.approve(stage, "P1.2", "P1.3", "P4.2")
        assert [update.goal.reference for update in done.approved] == ["P1.2", "P1.3", "P4.2"]
        for update in done.approved:
            stored = Update.objects.get(pk=update.pk)
            assert (stored.state, stored.version, stored.changed_by) == (
                State.APPROVED,
                update.version,
                stage.people.manager,
            )
            assert AuditLine.objects.get(object_type="update", object_id=update.pk).result == "approved"
            assert update.history.latest().state == State.APPROVED

    def test_what_moved_meanwhile_is_left_and_named(self, stage: Stage) -> None:
        put_submitted(stage, "P1.3", "P4.2")
        seen = {
            update.pk: update.version for update in Update.objects.filter(round=stage.open_round, state=State.SUBMITTED)
        }
        moved = stage.update("P1.3", stage.open_round)
        Update.objects.filter(pk=moved.pk).update(version=moved.version + 2, explanation="heel iets anders")
        workflow.withdraw(
            update=stage.update("P4.2", stage.open_round), actor=stage.people.owner, origin=SITE, version=0
        )
        done = workflow.approve_many(round_=stage.open_round, versions=seen, actor=stage.people.manager, origin=SITE)
        assert [update.goal.reference for update in done.approved] == ["P1.2"]
        assert [update.goal.reference for update in done.moved] == ["P1.3", "P4.2"]
        assert stage.update("P1.3", stage.open_round).state == State.SUBMITTED
        assert stage.update("P4.2", stage.open_round).state == State.DRAFT

    @pytest.mark.parametrize("reference", ["P1.1", "P1.3", "P4.1", "P4.2", "P4.11"])
    def test_what_was_not_submitted_is_never_approved(self, stage: Stage, reference: str) -> None:
        before = stage.update(reference, stage.open_round)
        done = self.approve(stage, reference)
        assert (len(done.approved), len(done.moved)) == (0, 1)
        after = stage.update(reference, stage.open_round)
        assert (after.state, after.version) == (before.state, before.version)
        assert not AuditLine.objects.exists()

    def test_goals_of_another_round_are_left_alone(self, stage: Stage) -> None:
        other = stage.update("P1.2", stage.adopted_round)
        done = workflow.approve_many(
            round_=stage.open_round, versions={other.pk: other.version}, actor=stage.people.manager, origin=SITE
        )
        assert done == workflow.ApprovedMany((), ())

    def test_a_round_that_does_not_run_refuses(self, stage: Stage) -> None:
        stage.put_open_round_aside()
        with pytest.raises(workflow.Refused):
            self.approve(stage, "P1.2")

    @pytest.mark.parametrize("role", ["owner", "colleague", "councillor", "outsider"])
    def test_only_the_manager_approves(self, stage: Stage, role: str) -> None:
        update = stage.update("P1.2", stage.open_round)
        with pytest.raises(PermissionDenied, match="Alleen een manager"):
            workflow.approve_many(
                round_=stage.open_round,
                versions={update.pk: update.version},
                actor=getattr(stage.people, role),
                origin=SITE,
            )
        assert stage.update("P1.2", stage.open_round).state == State.SUBMITTED

    def test_queries_do_not_grow_with_goals(self, stage: Stage) -> None:
        used = []
        assert manages(stage.people.manager, stage.programme), "the rights of the manager are read once"
        for first, count in [(100, 3), (200, 30)]:
            goals = make_goals(stage.plan, count, theme=stage.themes["P1"], owner=stage.department, first=first)
            made = make_updates(stage.open_round, goals, state=State.SUBMITTED, status=Status.ON_TRACK)
            Update.objects.filter(pk=made[0].pk).update(version=4)
            versions = {update.pk: 0 for update in made} | {made[0].pk: 4}
            with CaptureQueriesContext(connection) as queries:
                done = workflow.approve_many(
                    round_=stage.open_round, versions=versions, actor=stage.people.manager, origin=SITE
                )
            assert len(done.approved) == count
            used.append(len(queries))
        assert used[0] == used[1] <= 16


class TestPage:
    def send(self, client: Client, stage: Stage, *tokens: str, query: str = "") -> object:
        return client.post(reverse("approve_many", args=[stage.open_round.pk]) + query, {"update": tokens})

    @pytest.fixture
    def as_manager(self, stage: Stage, log_in: LogIn) -> Client:
        return log_in(stage.people.manager)

    def test_ticked_goals_are_approved_and_the_moved_ones_named(self, stage: Stage, as_manager: Client) -> None:
        put_submitted(stage, "P1.3", "P4.2")
        tokens = [f"{stage.update(reference, stage.open_round).pk}:0" for reference in ("P1.2", "P1.3", "P4.2")]
        Update.objects.filter(pk=stage.update("P4.2", stage.open_round).pk).update(version=1)
        response = self.send(as_manager, stage, *tokens, query="?stand=submitted")
        assert response["Location"] == f"{stage.open_round.get_absolute_url()}?stand=submitted#doelen"
        page = as_manager.get(response["Location"]).content.decode()
        assert "2 doelen zijn goedgekeurd." in page
        assert "1 van 3 is intussen gewijzigd en niet goedgekeurd: P4.2." in page

    @pytest.mark.parametrize(
        ("tokens", "status"),
        [([], 422), (["1"], 400), (["a:b"], 400), (["1:-1"], 400), (["9" * 30 + ":1"], 400), (["1:1\n"], 400)],
    )
    def test_a_mangled_choice_changes_nothing(
        self, stage: Stage, as_manager: Client, tokens: list[str], status: int
    ) -> None:
        assert self.send(as_manager, stage, *tokens).status_code == status
        assert not AuditLine.objects.exists()

    def test_a_planned_round_answers_with_its_sentence(self, stage: Stage, as_manager: Client) -> None:
        token = f"{stage.update('P1.2', stage.open_round).pk}:0"
        stage.put_open_round_aside()
        response = self.send(as_manager, stage, token)
        assert response.status_code == 403
        assert "nog niet geopend" in response.content.decode()


def test_tokens_are_read_strictly() -> None:
    assert versions_of(["12:3", "13:0"]) == {12: 3, 13: 0}
    assert versions_of(["12:3", "13"]) is None


class TestOrderOfReview:
    def test_the_next_one_comes_after_this_one_and_the_first_after_the_last(self, stage: Stage) -> None:
        put_submitted(stage, "P1.1", "P4.2")
        goals = {reference: stage.goals[reference].pk for reference in ("P1.1", "P1.2", "P4.2")}
        found = [review_order(stage.update(reference, stage.open_round)) for reference in goals]
        assert [order.place for order in found] == [1, 2, 3]
        assert [order.following for order in found] == [goals["P1.2"], goals["P4.2"], goals["P1.1"]]
        assert [order.preceding for order in found] == [goals["P4.2"], goals["P1.1"], goals["P1.2"]]

    def test_what_does_not_wait_itself_leads_to_the_next_that_does(self, stage: Stage) -> None:
        order = review_order(stage.update("P1.1", stage.open_round))
        assert (order.place, order.total, order.following) == (0, 1, stage.goals["P1.2"].pk)

    def test_the_last_one_leads_nowhere(self, stage: Stage) -> None:
        order = review_order(stage.update("P1.2", stage.open_round))
        assert (order.place, order.total, order.following, order.preceding) == (1, 1, None, None)
