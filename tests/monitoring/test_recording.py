"""Recording while somebody types, after the session ended, by two at once, and all goals on one page."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from din.models import Effort, Goal
from monitoring import kept_text
from monitoring.effort_progress import EffortContent
from monitoring.models import AuditLine, EffortUpdate, ReportingRound, Update
from tests.actieplan.page import read_page
from tests.cast import DRAFT_TEXT, Stage, make_goals, make_updates
from tests.conftest import LogIn
from tests.guards import unguarded

State, Status = Update.State, Update.Status
HTMX = {"HX-Request": "true"}
TYPED = "Lang over nagedacht"


@pytest.fixture
def as_owner(stage: Stage, log_in: LogIn) -> Client:
    return log_in(stage.people.owner)


def url(stage: Stage, reference: str) -> str:
    return f"{reverse('record_update', args=[stage.goals[reference].pk])}?ronde={stage.open_round.name}"


def fields(stage: Stage, reference: str, **more: str) -> dict[str, str]:
    update = stage.update(reference, stage.open_round)
    return {"version": str(update.version), "action": "save", "typed_by": str(stage.people.owner.pk), **more}


def text_of(response: object) -> str:
    return response.content.decode()


class TestWhileTyping:
    def send(self, client: Client, stage: Stage, reference: str, **data: str) -> object:
        return client.post(url(stage, reference), fields(stage, reference, **data), headers=HTMX)

    def test_the_answer_tells_when_and_gives_the_new_version(self, stage: Stage, as_owner: Client) -> None:
        response = self.send(as_owner, stage, "P4.2", explanation=TYPED)
        update = stage.update("P4.2", stage.open_round)
        assert response.status_code == 200
        assert f"Bewaard om {timezone.localtime(update.changed_at):%H:%M}" in text_of(response)
        assert f'name="version" value="{update.version}" id="versie-{update.pk}" hx-swap-oob="true"' in text_of(
            response
        )
        assert "<html" not in text_of(response)
        assert (update.state, update.explanation) == (State.DRAFT, TYPED)

    def test_a_conflict_is_a_sentence_and_changes_nothing(self, stage: Stage, as_owner: Client) -> None:
        Update.objects.filter(pk=stage.update("P1.3", stage.open_round).pk).update(
            version=4, changed_by=stage.people.manager, changed_at=timezone.now()
        )
        response = self.send(as_owner, stage, "P1.3", explanation=TYPED, version="3")
        assert response.status_code == 409
        assert f"{stage.people.manager} heeft dit intussen gewijzigd" in text_of(response)
        assert stage.update("P1.3", stage.open_round).explanation == DRAFT_TEXT

    @pytest.mark.parametrize(
        ("data", "status", "sentence"),
        [
            ({"forecast": "31-02-2024"}, 422, "geldige datum"),
            ({"explanation": "Bel 010 123 45 67"}, 422, "telefoonnummer"),
            ({"explanation": "x" * 10_001}, 422, "10001"),
        ],
    )
    def test_what_is_wrong_is_said(
        self, stage: Stage, as_owner: Client, data: dict[str, str], status: int, sentence: str
    ) -> None:
        response = self.send(as_owner, stage, "P4.2", **data)
        assert response.status_code == status
        assert sentence in text_of(response)
        assert stage.update("P4.2", stage.open_round).version == 0

    def test_a_state_that_moved_is_said(self, stage: Stage, as_owner: Client) -> None:
        response = self.send(as_owner, stage, "P1.1", explanation=TYPED)
        assert response.status_code == 409
        assert "goedgekeurd" in text_of(response)

    def test_who_is_logged_out_gets_a_sentence_and_no_log_in_page(self, stage: Stage) -> None:
        response = self.send(Client(), stage, "P4.2", explanation=TYPED)
        assert response.status_code == 401
        assert "U bent uitgelogd" in text_of(response)
        assert "<html" not in text_of(response)

    def test_elsewhere_htmx_goes_to_the_log_in_page_as_a_whole(self, stage: Stage) -> None:
        address = reverse("goals", args=[stage.programme.slug])
        current = {"HX-Current-URL": f"http://testserver{address}?q=taal"}
        response = Client().get(address, headers={**HTMX, **current})
        assert response.status_code == 401
        assert response["HX-Redirect"] == f"/inloggen/?next={address.replace('/', '%2F')}%3Fq%3Dtaal"


class TestEfforts:
    def test_they_are_recorded_with_the_goal_and_shown(self, stage: Stage, as_owner: Client) -> None:
        effort = Effort.objects.create(plan=stage.plan, text="De loketten opleiden")
        effort.goals.add(stage.goals["P4.2"])
        data = {f"effort-{effort.pk}-done": "on", f"effort-{effort.pk}-comment": "Alle zes", "status": Status.ON_TRACK}
        as_owner.post(url(stage, "P4.2"), fields(stage, "P4.2", **data))
        page = read_page(as_owner.get(url(stage, "P4.2")))
        assert "checked" in page.of("input", name=f"effort-{effort.pk}-done")[0]
        as_owner.post(url(stage, "P4.2"), fields(stage, "P4.2", **{**data, "action": "submit"}))
        for address in (url(stage, "P4.2"), reverse("goal", args=[stage.goals["P4.2"].pk])):
            assert "Alle zes" in text_of(as_owner.get(address))

    def test_those_of_another_goal_are_not_written(self, stage: Stage, as_owner: Client) -> None:
        foreign = stage.goals["P4.1"].efforts.get()
        as_owner.post(url(stage, "P4.2"), fields(stage, "P4.2", **{f"effort-{foreign.pk}-done": "on"}))
        assert not EffortUpdate.objects.exists()

    def test_a_draft_of_them_is_not_for_others(self, stage: Stage, as_owner: Client, log_in: LogIn) -> None:
        effort = stage.goals["P1.2"].efforts.get()
        update = stage.update("P1.3", stage.open_round)
        EffortUpdate.objects.create(update=update, effort=effort, comment="Nog geheim")
        address = reverse("goal", args=[stage.goals["P1.3"].pk])
        assert "Nog geheim" in text_of(as_owner.get(address))
        for person in (stage.people.colleague, stage.people.councillor):
            assert "Nog geheim" not in text_of(log_in(person).get(address))

    def test_what_was_done_in_the_last_round_is_ticked_at_the_start(self, stage: Stage, as_owner: Client) -> None:
        effort = Effort.objects.create(plan=stage.plan, text="Scholen benaderen")
        effort.goals.add(stage.goals["P1.3"])
        with unguarded():
            EffortUpdate.objects.create(update=stage.update("P1.3", stage.adopted_round), effort=effort, done=True)
        name = f"effort-{effort.pk}-done"
        assert "checked" in read_page(as_owner.get(url(stage, "P1.3"))).of("input", name=name)[0]
        as_owner.post(url(stage, "P1.3"), fields(stage, "P1.3", explanation=TYPED))
        assert "checked" not in read_page(as_owner.get(url(stage, "P1.3"))).of("input", name=name)[0]


class TestAfterTheSession:
    """Without JavaScript: the form was sent when its writer was logged out."""

    def send(self, stage: Stage, **data: str) -> Client:
        client = Client()
        response = client.post(url(stage, "P4.2"), fields(stage, "P4.2", explanation=TYPED, **data))
        assert response.status_code == 302
        assert response["Location"].startswith("/inloggen/?next=/doelen/")
        assert stage.update("P4.2", stage.open_round).version == 0
        return client

    def log_in(self, client: Client, stage: Stage, role: str = "owner") -> Client:
        """As the log-in page does: the session goes on under a new key."""
        client.force_login(getattr(stage.people, role))
        return client

    def test_the_text_is_back_after_log_in_until_it_is_saved(self, stage: Stage) -> None:
        client = self.log_in(self.send(stage), stage)
        for _ in range(2):  # looking once more does not lose it
            page = text_of(client.get(url(stage, "P4.2")))
            assert "Uw tekst is er nog" in page
            assert TYPED in page
        client.post(url(stage, "P4.2"), fields(stage, "P4.2", explanation=TYPED))
        assert "Uw tekst is er nog" not in text_of(client.get(url(stage, "P4.2")))
        assert stage.update("P4.2", stage.open_round).explanation == TYPED

    def test_it_can_be_thrown_away(self, stage: Stage) -> None:
        client = self.log_in(self.send(stage), stage)
        client.post(url(stage, "P4.2"), {"action": "forget"})
        assert TYPED not in text_of(client.get(url(stage, "P4.2")))

    def test_what_somebody_else_saved_meanwhile_is_a_conflict(self, stage: Stage) -> None:
        client = self.log_in(self.send(stage), stage)
        Update.objects.filter(pk=stage.update("P4.2", stage.open_round).pk).update(
            version=1, state=State.DRAFT, explanation="Van een ander", changed_at=timezone.now()
        )
        page = read_page(client.get(url(stage, "P4.2")))
        assert page.of("input", name="version")[0]["value"] == "0"
        response = client.post(url(stage, "P4.2"), fields(stage, "P4.2", explanation=TYPED, version="0"))
        assert response.status_code == 409

    @pytest.mark.parametrize("role", ["manager", "colleague", "councillor"])
    def test_somebody_else_at_this_computer_does_not_see_it(self, stage: Stage, role: str) -> None:
        client = self.log_in(self.send(stage), stage, role)
        assert TYPED not in text_of(client.get(url(stage, "P4.2")))

    def test_it_stays_with_its_own_goal(self, stage: Stage) -> None:
        client = self.log_in(self.send(stage), stage)
        assert TYPED not in text_of(client.get(url(stage, "P1.3")))

    def test_it_does_not_wait_for_ever(self, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
        client = self.log_in(self.send(stage), stage)
        monkeypatch.setattr(kept_text, "KEPT_FOR", datetime.timedelta(0))
        assert TYPED not in text_of(client.get(url(stage, "P4.2")))

    def test_a_machine_does_not_fill_the_sessions(self, stage: Stage, settings: object) -> None:
        client = Client(REMOTE_ADDR="192.0.2.77")
        answers = {client.post(url(stage, "P4.2"), {"explanation": "x"}).status_code for _ in range(61)}
        assert answers == {302, 429}
        huge = Client(REMOTE_ADDR="192.0.2.78")
        huge.post(url(stage, "P4.2"), {"explanation": "x" * 300_000, "typed_by": str(stage.people.owner.pk)})
        assert "kept_text" not in huge.session

    def test_who_lost_the_goal_meanwhile_gets_the_text_back(self, stage: Stage, as_owner: Client) -> None:
        Goal.objects.filter(pk=stage.goals["P4.2"].pk).update(owner=stage.neighbours)
        response = as_owner.post(url(stage, "P4.2"), fields(stage, "P4.2", explanation=TYPED))
        assert response.status_code == 403
        assert TYPED in text_of(response)

    def test_a_form_with_an_old_safety_code_gives_the_text_back(self, stage: Stage) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(stage.people.owner)
        data = fields(stage, "P4.2", explanation=TYPED)
        ours = client.post(url(stage, "P4.2"), data, headers={"Origin": "http://testserver"})
        assert ours.status_code == 403
        assert TYPED in text_of(ours)
        theirs = client.post(url(stage, "P4.2"), data, headers={"Origin": "https://kwaad.example"})
        assert theirs.status_code == 403
        assert TYPED not in text_of(theirs)


class TestTwoPeople:
    MINE, THEIRS = "De werving loopt goed", "De werving loopt slecht"

    @pytest.fixture
    def update(self, stage: Stage) -> Update:
        """A draft of which the manager saved a newer version than the owner saw."""
        update = stage.update("P1.3", stage.open_round)
        Update.objects.filter(pk=update.pk).update(
            version=4,
            status=Status.AT_RISK,
            explanation=self.THEIRS,
            forecast=datetime.date(2024, 5, 1),
            changed_by=stage.people.manager,
            changed_at=timezone.now(),
        )
        return stage.update("P1.3", stage.open_round)

    def mine(self, stage: Stage, **more: str) -> dict[str, str]:
        typed = {"explanation": self.MINE, "status": Status.ON_TRACK, "forecast": "2024-06-01", "version": "3"}
        return fields(stage, "P1.3", **{**typed, **more})

    def test_each_difference_shows_both_sides(self, stage: Stage, as_owner: Client, update: Update) -> None:
        response = as_owner.post(url(stage, "P1.3"), self.mine(stage))
        page = read_page(response)
        assert response.status_code == 409
        groups = [found["aria-label"] for found in page.of("div", role="group")]
        assert groups == [f"{part}: beide teksten" for part in ("Status", "Toelichting", "Verwacht gereed")]
        assert "De werving loopt <mark>goed</mark>" in text_of(response)
        assert "De werving loopt <mark>slecht</mark>" in text_of(response)
        assert page.of("input", name="version")[0]["value"] == "4", "who saves now has seen what stands there"
        assert stage.update("P1.3", stage.open_round).explanation == self.THEIRS

    @pytest.mark.parametrize(
        ("take", "explanation", "status"),
        [
            ("explanation:theirs", THEIRS, Status.ON_TRACK),
            ("explanation:both", f"{THEIRS}\n\n{MINE}", Status.ON_TRACK),
            ("status:theirs", MINE, Status.AT_RISK),
            ("explanation:vernietig", MINE, Status.ON_TRACK),
            ("onzin", MINE, Status.ON_TRACK),
        ],
    )
    def test_a_choice_goes_into_the_form_and_saves_nothing(
        self, stage: Stage, as_owner: Client, update: Update, take: str, explanation: str, status: str
    ) -> None:
        response = as_owner.post(url(stage, "P1.3"), self.mine(stage, version="4", take=take))
        page = read_page(response)
        assert f">\n{explanation}</textarea>" in text_of(response)
        (chosen,) = [found for found in page.of("input", name="status") if "checked" in found]
        assert chosen["value"] == status
        assert stage.update("P1.3", stage.open_round).version == 4

    def test_after_a_choice_ones_own_text_can_be_had_back(self, stage: Stage, as_owner: Client, update: Update) -> None:
        took = self.mine(stage, version="4", take="explanation:mine", explanation=self.THEIRS)
        response = as_owner.post(url(stage, "P1.3"), {**took, "mine-explanation": self.MINE})
        assert f">\n{self.MINE}</textarea>" in text_of(response)

    def test_when_it_moved_once_more_the_page_comes_once_more(
        self, stage: Stage, as_owner: Client, update: Update
    ) -> None:
        Update.objects.filter(pk=update.pk).update(version=5, explanation="Weer anders")
        response = as_owner.post(url(stage, "P1.3"), self.mine(stage, version="4"))
        assert response.status_code == 409
        assert "Weer anders" in text_of(response).replace("<mark>", "").replace("</mark>", "")
        assert self.MINE in text_of(response).replace("<mark>", "").replace("</mark>", "")

    def test_the_text_that_was_not_chosen_is_in_the_history(
        self, stage: Stage, as_owner: Client, log_in: LogIn
    ) -> None:
        log_in(stage.people.manager).post(url(stage, "P1.3"), fields(stage, "P1.3", explanation=self.THEIRS))
        as_owner.post(url(stage, "P1.3"), fields(stage, "P1.3", explanation=self.MINE))
        update = stage.update("P1.3", stage.open_round)
        assert update.explanation == self.MINE
        assert update.history.filter(explanation=self.THEIRS, history_user=stage.people.manager).exists()


class TestTakingOver:
    def test_the_last_text_comes_below_what_was_typed_and_nothing_is_saved(
        self, stage: Stage, as_owner: Client
    ) -> None:
        Update.objects.filter(pk=stage.update("P1.2", stage.open_round).pk).update(state=State.DRAFT)
        earlier = stage.update("P1.2", stage.adopted_round)
        data = fields(stage, "P1.2", explanation="Nieuw.", action="take_over")
        page = text_of(as_owner.post(url(stage, "P1.2"), data))
        assert f">\nNieuw.\n\n{earlier.explanation}</textarea>" in page
        assert f">\n{earlier.next_steps}</textarea>" in page
        assert stage.update("P1.2", stage.open_round).version == 0


class TestGoingOn:
    def test_saving_does_not_change_what_comes_next(self, stage: Stage, as_owner: Client) -> None:
        make_updates(stage.open_round, make_goals(stage.plan, 3, theme=stage.themes["P1"], owner=stage.department))
        seen, reference = [], "P1.3"
        for _ in range(5):
            as_owner.post(url(stage, reference), fields(stage, reference, explanation=TYPED))
            response = as_owner.get(url(stage, reference))
            following = response.context["next_goal"]
            seen.append(following.reference)
            stage.goals[following.reference] = following
            reference = following.reference
        assert len(set(seen)) == 5, "round the list, not to and fro"

    def test_a_manager_who_records_for_an_owner_goes_back_to_the_round(self, stage: Stage, log_in: LogIn) -> None:
        data = fields(stage, "P4.2", status=Status.ON_TRACK, action="submit")
        response = log_in(stage.people.manager).post(url(stage, "P4.2"), data)
        assert response["Location"] == stage.open_round.get_absolute_url()

    def test_when_all_is_done_the_worklist_says_what_happens_next(self, stage: Stage, as_owner: Client) -> None:
        Update.objects.filter(round=stage.open_round, goal__owner=stage.department).update(
            state=State.SUBMITTED, status=Status.ON_TRACK
        )
        page = read_page(as_owner.get(reverse("worklist")))
        assert "Alles is ingediend" in page.text
        assert "Stuurt de manager iets terug" in page.text

    def test_goals_that_are_late_or_were_in_trouble_come_first(self, stage: Stage, as_owner: Client) -> None:
        Update.objects.filter(round=stage.open_round, goal__owner=stage.department).update(state=State.TODO, status="")
        (worklist,) = as_owner.get(reverse("worklist")).context["worklists"]
        assert [item.update.goal.reference for item in worklist.items] == ["P1.2", "P4.2", "P1.1", "P1.3"]


class TestAllOnOnePage:
    def page_url(self, stage: Stage) -> str:
        return reverse("record_all", args=[stage.open_round.pk])

    def test_each_goal_that_is_left_has_its_own_form(self, stage: Stage, as_owner: Client) -> None:
        page = read_page(as_owner.get(self.page_url(stage)))
        left = [stage.update(reference, stage.open_round) for reference in ("P4.2", "P1.3")]
        assert [found["data-record"] for found in page.of("form") if "data-record" in found] == [
            str(update.pk) for update in left
        ]
        assert DRAFT_TEXT in page.html

    def test_from_here_one_comes_back_here(self, stage: Stage, as_owner: Client) -> None:
        saved = as_owner.post(url(stage, "P4.2"), {**fields(stage, "P4.2", explanation=TYPED), "from": "all"})
        assert saved["Location"] == f"{self.page_url(stage)}#doel-{stage.goals['P4.2'].pk}"
        data = {**fields(stage, "P4.2", status=Status.ON_TRACK, action="submit"), "from": "all"}
        done = as_owner.post(url(stage, "P4.2"), data)
        assert done["Location"].endswith(f"#doel-{stage.goals['P1.3'].pk}")
        refused = as_owner.post(url(stage, "P1.3"), {**fields(stage, "P1.3", action="submit"), "from": "all"})
        assert read_page(refused).of("input", name="from")[0]["value"] == "all"

    def test_after_the_last_day_only_what_was_sent_back(self, stage: Stage, as_owner: Client) -> None:
        past = timezone.localdate() - datetime.timedelta(days=20)
        ReportingRound.objects.filter(pk=stage.open_round.pk).update(opens_on=past, deadline=past, grace_days=0)
        page = read_page(as_owner.get(self.page_url(stage)))
        assert not [found for found in page.of("form") if "data-record" in found]

    def test_queries_do_not_grow_with_goals_and_efforts(self, stage: Stage, as_owner: Client) -> None:
        used = []
        for first, count in [(100, 5), (200, 40)]:
            goals = make_goals(stage.plan, count, theme=stage.themes["P1"], owner=stage.department, first=first)
            with unguarded():
                make_updates(
                    stage.adopted_round, goals, state=State.APPROVED, status=Status.DELAYED, explanation="toen"
                )
            updates = make_updates(stage.open_round, goals)
            effort = Effort.objects.create(plan=stage.plan, text=f"Voor {count} doelen", lead=stage.department)
            effort.goals.add(*goals)
            EffortUpdate.objects.bulk_create(EffortUpdate(update=update, effort=effort) for update in updates)
            with CaptureQueriesContext(connection) as queries:
                as_owner.get(self.page_url(stage))
            used.append(len(queries))
        assert used[0] == used[1], used


class TestPersonalData:
    """What is held back is shown with the spot marked; a number that is no BSN passes once somebody says so."""

    NUMBER = "123456782"
    TEXT = f"Zaak {NUMBER} loopt, vragen aan voorbeeld@example.org"

    def test_the_spots_are_marked_and_the_text_stays_in_the_form(self, stage: Stage, as_owner: Client) -> None:
        response = as_owner.post(url(stage, "P4.2"), fields(stage, "P4.2", explanation=self.TEXT))
        page = text_of(response)
        assert response.status_code == 422
        assert f"<mark>{self.NUMBER}<" in page
        assert "<mark>voorbeeld@example.org<" in page
        assert f"{self.TEXT}</textarea>" in page
        assert stage.update("P4.2", stage.open_round).explanation == ""

    def test_no_text_in_a_mark_is_trusted(self, stage: Stage, as_owner: Client) -> None:
        text = "<b>x</b> <script>@example.org x@example.org"
        page = text_of(as_owner.post(url(stage, "P4.2"), fields(stage, "P4.2", explanation=text)))
        assert "<b>x</b>" not in page
        assert "<script>@" not in page

    @pytest.mark.parametrize("headers", [{}, HTMX])
    def test_a_number_can_be_declared(self, stage: Stage, as_owner: Client, headers: dict[str, str]) -> None:
        data = fields(stage, "P4.2", explanation=f"Zaak {self.NUMBER} loopt")
        refused = as_owner.post(url(stage, "P4.2"), data, headers=headers)
        assert refused.status_code == 422
        assert f'name="no_bsn" value="{self.NUMBER}"' in text_of(refused)
        saved = as_owner.post(url(stage, "P4.2"), data | {"no_bsn": self.NUMBER}, headers=headers)
        assert saved.status_code == (200 if headers else 302)
        assert self.NUMBER in stage.update("P4.2", stage.open_round).explanation
        assert AuditLine.objects.latest("pk").note == "Verklaard: het getal op 782 is geen BSN."

    def test_what_was_declared_stays_ticked_while_something_else_is_held_back(
        self, stage: Stage, as_owner: Client
    ) -> None:
        data = fields(stage, "P4.2", explanation=self.TEXT, no_bsn=self.NUMBER)
        page = text_of(as_owner.post(url(stage, "P4.2"), data))
        assert (
            f'value="{self.NUMBER}" id="geen-bsn-{stage.update("P4.2", stage.open_round).pk}-{self.NUMBER}" checked'
            in page
        )

    def test_a_comment_on_an_effort_is_held_back_too(self, stage: Stage, as_owner: Client) -> None:
        effort = stage.goals["P4.2"].efforts.first() or Effort.objects.create(plan=stage.plan, text="Een inspanning")
        effort.goals.add(stage.goals["P4.2"])
        data = fields(stage, "P4.2", **{EffortContent(effort.pk).comment_field: "Bel 06-12345678"})
        response = as_owner.post(url(stage, "P4.2"), data)
        assert response.status_code == 422
        assert "<mark>06-12345678<" in text_of(response)
        assert not EffortUpdate.objects.filter(effort=effort).exists()
