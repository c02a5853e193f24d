"""Reviewing one goal: this round beside the last, what was sent back before, and what is done with it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from din.models import Effort
from din.word_diff import Piece
from monitoring import workflow
from monitoring.models import AuditLine, EffortUpdate, Update
from monitoring.review_page import ReviewPage, review_page
from tests.cast import ADOPTED_TEXT, Stage
from tests.conftest import LogIn

SITE = AuditLine.Origin.SITE
State, Status = Update.State, Update.Status
VALID_BSN = "111222333"


@pytest.fixture
def as_manager(stage: Stage, log_in: LogIn) -> Client:
    return log_in(stage.people.manager)


def page_of(stage: Stage, reference: str) -> ReviewPage:
    update = Update.objects.with_place().with_efforts().get(pk=stage.update(reference, stage.open_round).pk)
    return review_page(update, user=stage.people.manager, today=stage.open_round.deadline)


def send(client: Client, stage: Stage, reference: str, action: str, reason: str = "", **more: str) -> Any:
    update = stage.update(reference, stage.open_round)
    address = reverse("review_update", args=[stage.open_round.pk, update.goal_id])
    return client.post(address, {"action": action, "reason": reason, "version": str(update.version), **more})


class TestComparing:
    def test_texts_are_compared_word_by_word_with_the_last_round(self, stage: Stage) -> None:
        Update.objects.filter(pk=stage.update("P1.2", stage.open_round).pk).update(
            explanation=ADOPTED_TEXT.replace("stil", "nu vast")
        )
        text, next_steps = page_of(stage, "P1.2").texts
        assert [piece.text for piece in text.last if piece.differs] == ["stil"]
        assert [piece.text for piece in text.now if piece.differs] == ["nu vast"]
        assert not text.rewritten
        assert next_steps.now == (), "what is not there is no difference"
        assert not any(piece.differs for piece in next_steps.last)

    def test_a_text_that_is_wholly_new_is_not_coloured_in(self, stage: Stage) -> None:
        text, _ = page_of(stage, "P1.2").texts
        assert text.rewritten
        assert not [piece for piece in (*text.last, *text.now) if piece.differs]

    def test_without_a_text_to_compare_with_nothing_is_marked(self, stage: Stage) -> None:
        Update.objects.filter(pk=stage.update("P4.2", stage.open_round).pk).update(explanation="Voor het eerst")
        page = page_of(stage, "P4.2")
        assert page.last is None
        assert page.texts[0].now == (Piece("Voor het eerst"),)
        assert not page.status_moved

    def test_a_moved_status_and_forecast_are_said(self, stage: Stage, as_manager: Client) -> None:
        Update.objects.filter(pk=stage.update("P1.2", stage.open_round).pk).update(forecast="2024-03-01")
        page = page_of(stage, "P1.2")
        assert (page.status_moved, page.forecast_moved, page.late) == (True, True, True)
        shown = as_manager.get(reverse("review_update", args=[stage.open_round.pk, stage.goals["P1.2"].pk]))
        assert "anders dan vorige ronde" in shown.content.decode()
        assert "te laat" in shown.content.decode()
        assert not page_of(stage, "P1.1").status_moved

    def test_efforts_stand_beside_the_last_round(self, stage: Stage) -> None:
        goal = stage.goals["P1.2"]
        done, open_ = (Effort.objects.create(plan=stage.plan, text=text, position=9) for text in ("Af", "Niet af"))
        goal.efforts.set([done, open_])
        EffortUpdate.objects.create(update=stage.update("P1.2", stage.open_round), effort=done, done=True)
        EffortUpdate.objects.create(
            update=stage.update("P1.2", stage.open_round), effort=open_, comment="Wacht op de subsidie"
        )
        pairs = {pair.text: pair for pair in page_of(stage, "P1.2").efforts}
        assert (pairs["Af"].done, pairs["Af"].is_new) == (True, True)
        assert (pairs["Niet af"].done, pairs["Niet af"].comment) == (False, "Wacht op de subsidie")

    def test_nothing_recorded_is_said(self, stage: Stage) -> None:
        assert page_of(stage, "P4.2").is_empty
        assert not page_of(stage, "P1.2").is_empty

    def test_a_constant_number_of_queries(self, stage: Stage, as_manager: Client) -> None:
        address = reverse("review_update", args=[stage.open_round.pk, stage.goals["P1.2"].pk])
        as_manager.get(address)
        used = []
        for count in (2, 20):
            for index in range(count):
                effort = Effort.objects.create(plan=stage.plan, text=f"Inspanning {count} {index}")
                effort.goals.add(stage.goals["P1.2"])
                EffortUpdate.objects.create(update=stage.update("P1.2", stage.open_round), effort=effort)
            with CaptureQueriesContext(connection) as queries:
                as_manager.get(address)
            used.append(len(queries))
        assert used[0] == used[1] <= 24


class TestSendBacks:
    def test_every_send_back_is_kept_and_shown_to_manager_and_owner(
        self, stage: Stage, as_manager: Client, log_in: LogIn
    ) -> None:
        send(as_manager, stage, "P1.2", "return", "Noem het gevolg")
        update = stage.update("P1.2", stage.open_round)
        content = workflow.Content.of(update)
        workflow.submit(update=update, actor=stage.people.owner, origin=SITE, content=content, version=update.version)
        send(as_manager, stage, "P1.2", "return", "Noem ook de planning")
        assert [back.reason for back in page_of(stage, "P1.2").send_backs] == [
            "Noem ook de planning",
            "Noem het gevolg",
        ]
        review = reverse("review_update", args=[stage.open_round.pk, stage.goals["P1.2"].pk])
        record = reverse("record_update", args=[stage.goals["P1.2"].pk])
        for page in (as_manager.get(review), log_in(stage.people.owner).get(record)):
            shown = page.content.decode()
            assert "Noem het gevolg" in shown
            assert "Noem ook de planning" in shown

    def test_those_of_another_goal_are_not_shown(self, stage: Stage, as_manager: Client) -> None:
        send(as_manager, stage, "P1.2", "return", "Noem het gevolg")
        assert not page_of(stage, "P1.3").send_backs


class TestActing:
    def test_a_reason_is_not_thrown_away_by_a_button_that_needs_none(self, stage: Stage, as_manager: Client) -> None:
        before = stage.update("P1.2", stage.open_round)
        response = send(as_manager, stage, "P1.2", "approve", "Dit mag de eigenaar lezen")
        assert response.status_code == 422
        assert "U schreef een reden" in response.content.decode()
        assert "Dit mag de eigenaar lezen" in response.content.decode()
        assert stage.update("P1.2", stage.open_round).version == before.version

    def test_a_reason_is_not_lost_when_there_is_nothing_left_to_send_back(
        self, stage: Stage, as_manager: Client
    ) -> None:
        Update.objects.filter(pk=stage.update("P1.2", stage.open_round).pk).update(
            state=State.NOT_DELIVERED, not_delivered_reason="Geen reactie"
        )
        response = send(as_manager, stage, "P1.2", "return", "Noem het gevolg")
        assert response.status_code == 403
        assert "Noem het gevolg" in response.content.decode()

    def test_a_possible_bsn_in_a_reason_is_marked_and_can_be_declared(self, stage: Stage, as_manager: Client) -> None:
        reason = f"Noem besluit {VALID_BSN} ook"
        held = send(as_manager, stage, "P1.2", "return", reason)
        assert held.status_code == 422
        assert f"<mark>{VALID_BSN}" in held.content.decode()
        assert f'name="no_bsn" value="{VALID_BSN}"' in held.content.decode()
        assert AuditLine.objects.count() == 0
        assert send(as_manager, stage, "P1.2", "return", reason, no_bsn=VALID_BSN).status_code == 302
        assert "op 333 is geen BSN" in AuditLine.objects.get().note

    def test_a_sign_that_is_not_kept_hides_no_bsn(self, stage: Stage, as_manager: Client) -> None:
        assert send(as_manager, stage, "P1.2", "return", "Vraag 11122\x012333").status_code == 422

    @pytest.mark.parametrize(("closed", "said"), [(False, "kan de voortgang weer"), (True, "geef de eigena")])
    def test_who_can_go_on_is_said(self, stage: Stage, as_manager: Client, closed: bool, said: str) -> None:
        send(as_manager, stage, "P4.2", "mark_not_delivered", "Geen reactie")
        if closed:
            workflow.start_review(round_=stage.open_round, actor=stage.people.manager, origin=SITE)
        address = send(as_manager, stage, "P4.2", "withdraw")["Location"]
        assert said in as_manager.get(address).content.decode()

    def test_after_the_last_one_comes_the_round(self, stage: Stage, as_manager: Client) -> None:
        assert send(as_manager, stage, "P1.2", "approve")["Location"] == stage.open_round.get_absolute_url()

    def test_what_was_skipped_comes_back_after_the_last(self, stage: Stage, as_manager: Client) -> None:
        for reference in ("P1.1", "P4.2"):
            Update.objects.filter(pk=stage.update(reference, stage.open_round).pk).update(
                state=State.SUBMITTED, status=Status.ON_TRACK
            )
        response = send(as_manager, stage, "P4.2", "approve")
        assert response["Location"].endswith(f"/doelen/{stage.goals['P1.1'].pk}/")

    def test_an_adopted_round_offers_no_button(self, stage: Stage, as_manager: Client) -> None:
        address = reverse("review_update", args=[stage.adopted_round.pk, stage.goals["P1.2"].pk])
        assert 'name="action"' not in as_manager.get(address).content.decode()


class TestAfterTheSessionEnded:
    @pytest.fixture
    def back(self, stage: Stage) -> Client:
        """The manager, logged in again after their reason came without a session."""
        client = Client()
        sent = send(client, stage, "P1.2", "return", "Noem het gevolg", typed_by=str(stage.people.manager.pk))
        assert sent["Location"].startswith("/inloggen/?next=/rondes/")
        client.force_login(stage.people.manager)
        return client

    def page(self, client: Client, stage: Stage) -> str:
        address = reverse("review_update", args=[stage.open_round.pk, stage.goals["P1.2"].pk])
        return client.get(address).content.decode()

    def test_the_reason_is_back_until_it_is_sent(self, stage: Stage, back: Client) -> None:
        page = self.page(back, stage)
        assert "Uw tekst is er nog" in page
        assert "Noem het gevolg</textarea>" in page
        assert f'name="typed_by" value="{stage.people.manager.pk}"' in page
        assert stage.update("P1.2", stage.open_round).state == State.SUBMITTED
        send(back, stage, "P1.2", "return", "Noem het gevolg")
        assert "Uw tekst is er nog" not in self.page(back, stage)

    def test_it_can_be_thrown_away(self, stage: Stage, back: Client) -> None:
        assert send(back, stage, "P1.2", "forget").status_code == 302
        assert "Noem het gevolg" not in self.page(back, stage)
