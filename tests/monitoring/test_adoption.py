"""Adopting a round: what its page shows, what is frozen, and what refuses."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from din.models import Effort, Goal
from monitoring import workflow
from monitoring.audit_chain import verify
from monitoring.models import AuditLine, EffortUpdate, Report, ReportedGoal, ReportingRound, Update
from monitoring.report.build import report_of
from monitoring.report.frozen import freeze, thaw
from tests.cast import APPROVED_TEXT, NOT_DELIVERED_REASON, Stage, make_goals, make_updates
from tests.conftest import LogIn

State = Update.State
SITE = AuditLine.Origin.SITE


@pytest.fixture
def as_manager(stage: Stage, log_in: LogIn) -> Client:
    return log_in(stage.people.manager)


@pytest.fixture
def finished(stage: Stage) -> Stage:
    """The stage with every goal of the open round settled."""
    Update.objects.filter(round=stage.open_round).unfinished().update(
        state=State.NOT_DELIVERED, not_delivered_reason="Geen reactie"
    )
    return stage


def address(stage: Stage) -> str:
    return reverse("adopt_round", args=[stage.open_round.pk])


def confirmation(client: Client, stage: Stage) -> dict[str, str]:
    """The hidden fields of the page as it is shown now."""
    page = client.get(address(stage)).context["page"]
    return {"seen": page.seen, "seen_goals": page.seen_goals}


def text_of(response: object) -> str:
    return response.content.decode()


class TestPage:
    def test_it_counts_what_will_be_frozen_and_names_what_is_not_delivered(
        self, finished: Stage, as_manager: Client
    ) -> None:
        page = text_of(as_manager.get(address(finished)))
        assert "8 doelen van DIN 2023" in page
        assert NOT_DELIVERED_REASON in page
        assert "Geen reactie" in page
        assert "Ja, ronde vaststellen" in page

    def test_what_stands_in_the_way_is_named_with_a_link_and_there_is_no_button(
        self, stage: Stage, as_manager: Client
    ) -> None:
        (later,) = make_goals(stage.plan, 1)
        page = text_of(as_manager.get(address(stage)))
        for reference in ("P4.2", "P1.3", "P1.2", "P4.1"):
            link = reverse("review_update", args=[stage.open_round.pk, stage.goals[reference].pk])
            assert f'href="{link}">{reference}</a>' in page, reference
        assert later.get_absolute_url() in page
        assert "Ja, ronde vaststellen" not in page

    def test_many_obstacles_are_cut_off_with_a_number(self, stage: Stage, as_manager: Client) -> None:
        make_updates(stage.open_round, make_goals(stage.plan, 60))
        assert "en nog 12" in text_of(as_manager.get(address(stage)))

    def test_a_planned_round_has_nothing_to_adopt(self, stage: Stage, as_manager: Client) -> None:
        ReportingRound.objects.filter(pk=stage.open_round.pk).update(state="planned")
        assert as_manager.get(address(stage)).status_code == 302

    @pytest.mark.parametrize("count", [5, 40])
    def test_queries_do_not_grow_with_goals(
        self, stage: Stage, as_manager: Client, django_assert_num_queries, count: int
    ) -> None:
        make_updates(stage.open_round, make_goals(stage.plan, count, owner=stage.department))
        make_goals(stage.plan, count, first=500)
        with django_assert_num_queries(29):
            as_manager.get(address(stage))


class TestConfirming:
    def test_what_was_shown_is_frozen(self, finished: Stage, as_manager: Client) -> None:
        response = as_manager.post(address(finished), confirmation(as_manager, finished), follow=True)
        assert "Het rapport ligt nu vast" in text_of(response)
        round_ = ReportingRound.objects.get(pk=finished.open_round.pk)
        assert (round_.state, round_.adopted_by) == ("adopted", finished.people.manager)
        assert Report.objects.get(round=round_).sha256 in text_of(as_manager.get(round_.get_absolute_url()))

    def test_an_unfinished_round_is_refused_with_a_sentence(self, stage: Stage, as_manager: Client) -> None:
        response = as_manager.post(address(stage), confirmation(as_manager, stage))
        assert response.status_code == 403
        assert "5 doelen zijn nog niet afgerond" in text_of(response)
        assert not Report.objects.filter(round=stage.open_round).exists()

    def test_a_text_that_changed_since_is_shown_first(self, finished: Stage, as_manager: Client) -> None:
        seen = confirmation(as_manager, finished)
        Goal.objects.filter(pk=finished.goals["P1.1"].pk).update(text="Anders verwoord")
        response = as_manager.post(address(finished), seen)
        assert response.status_code == 409
        assert [goal.label for goal in response.context["page"].changed] == ["P1.1"]
        assert "Er is niets vastgesteld" in text_of(response)
        assert not Report.objects.filter(round=finished.open_round).exists()
        assert as_manager.post(address(finished), confirmation(as_manager, finished)).status_code == 302

    def test_a_name_that_changed_since_is_told_too(self, finished: Stage, as_manager: Client) -> None:
        seen = confirmation(as_manager, finished)
        finished.programme.name = "Een andere naam"
        finished.programme.save()
        response = as_manager.post(address(finished), seen)
        assert response.status_code == 409
        assert "Een tekst, een naam, de volgorde, een indicator of een toezegging is gewijzigd" in text_of(response)

    def test_a_text_that_changes_at_the_last_moment_is_not_frozen_unseen(
        self, finished: Stage, as_manager: Client
    ) -> None:
        seen = confirmation(as_manager, finished)
        goal = Goal.objects.filter(pk=finished.goals["P1.1"].pk)

        def reword(execute: Any, sql: str, *rest: Any) -> Any:
            if sql.startswith('UPDATE "monitoring_reportinground"'):
                goal.update(text="Anders verwoord")
            return execute(sql, *rest)

        with connection.execute_wrapper(reword):
            assert as_manager.post(address(finished), seen).status_code == 409
        assert not Report.objects.filter(round=finished.open_round).exists()
        assert ReportingRound.objects.get(pk=finished.open_round.pk).state == "open"

    def test_closing_the_round_meanwhile_changes_nothing_in_the_report(
        self, finished: Stage, as_manager: Client
    ) -> None:
        seen = confirmation(as_manager, finished)
        workflow.start_review(round_=finished.open_round, actor=finished.people.manager, origin=SITE)
        assert as_manager.post(address(finished), seen).status_code == 302

    def test_without_having_seen_the_page_nothing_is_adopted(self, finished: Stage, as_manager: Client) -> None:
        assert as_manager.post(address(finished), {}).status_code == 409
        assert as_manager.post(address(finished), {"seen": "x" * 64, "seen_goals": "\x00 é"}).status_code == 409
        assert not Report.objects.filter(round=finished.open_round).exists()

    def test_a_second_click_is_refused(self, finished: Stage, as_manager: Client) -> None:
        seen = confirmation(as_manager, finished)
        as_manager.post(address(finished), seen)
        assert as_manager.post(address(finished), seen).status_code == 403
        assert Report.objects.filter(round=finished.open_round).count() == 1


class TestWhatIsFrozen:
    @pytest.fixture
    def report(self, finished: Stage) -> Report:
        update = finished.update("P1.1", finished.open_round)
        EffortUpdate.objects.create(
            update=update, effort=Effort.objects.get(text__startswith="Alle"), done=True, comment="Klaar in mei"
        )
        workflow.adopt(round_=finished.open_round, actor=finished.people.manager, origin=SITE)
        return Report.objects.get(round=finished.open_round)

    def test_every_goal_has_a_row_in_the_order_of_the_document(self, finished: Stage, report: Report) -> None:
        rows = list(report.goals.order_by("position"))
        document = thaw(report.document)
        assert [row.position for row in rows] == list(range(1, 9))
        assert report.goal_count == document.goals == 8
        for row, goal in zip(rows, document.every_goal, strict=True):
            assert (row.reference, row.text, row.status, row.state) == (
                goal.reference,
                goal.text,
                goal.status,
                goal.state,
            )
            assert (row.explanation, row.next_steps, row.late) == (goal.explanation, goal.next_steps, goal.late)
            assert row.owner_name == goal.owner == (row.goal.owner.name if row.goal.owner else "")
            assert (row.owner_id, row.theme_id) == (row.goal.owner_id, row.goal.theme_id)
            assert (row.deadline.isoformat() if row.deadline else "") == goal.deadline

    def test_a_goal_that_had_ended_has_no_state(self, finished: Stage, report: Report) -> None:
        ended = report.goals.get(goal=finished.goals["P4.3"])
        assert (ended.state, ended.status, ended.explanation) == ("", "dropped", "Het rijk neemt deze proef over")

    def test_the_document_holds_the_efforts_as_they_were_recorded(self, finished: Stage, report: Report) -> None:
        goals = {goal.reference: goal for goal in thaw(report.document).every_goal}
        (effort,) = goals["P1.1"].efforts
        assert (effort.text, effort.lead) == ("Alle projecten inventariseren", "Maatschappelijke Ontwikkeling")
        assert (effort.done, effort.comment) == (True, "Klaar in mei")
        (undone,) = goals["P1.2"].efforts
        assert (undone.done, undone.comment) == (False, "")
        assert goals["P1.1"].explanation == APPROVED_TEXT

    def test_thawing_and_freezing_gives_the_same_bytes(self, report: Report) -> None:
        assert freeze(thaw(report.document)) == (report.document, report.sha256)

    def test_one_line_in_the_trail_and_the_chain_holds(self, report: Report) -> None:
        line = AuditLine.objects.get(action="adopt")
        assert (line.object_type, line.object_id, line.result) == ("reportinground", report.round_id, "adopted")
        assert verify().fault == ""

    def test_the_line_is_added_last(self, finished: Stage) -> None:
        """Whoever holds the end of the trail waits for nobody: two transactions could wait for each other else."""
        with CaptureQueriesContext(connection) as queries:
            workflow.adopt(round_=finished.open_round, actor=finished.people.manager, origin=SITE)
        written = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
        about_trail = ["monitoring_audit" in sql for sql in written]
        assert all(about_trail[about_trail.index(True) :]), written

    def test_adopting_costs_as_many_queries_for_many_goals(
        self, finished: Stage, django_assert_max_num_queries
    ) -> None:
        extra = make_goals(finished.plan, 60, theme=finished.themes["P1"], owner=finished.department)
        make_updates(finished.open_round, extra, state=State.APPROVED, status="on_track")
        # PostgreSQL writes the goals in one statement, SQLite in batches.
        with django_assert_max_num_queries(39):
            workflow.adopt(round_=finished.open_round, actor=finished.people.manager, origin=SITE)
        assert ReportedGoal.objects.filter(report__round=finished.open_round).count() == 68

    def test_what_an_adopted_round_says_is_what_was_frozen(self, finished: Stage, report: Report) -> None:
        assert report_of(ReportingRound.objects.get(pk=report.round_id)) == (thaw(report.document), report.sha256)
