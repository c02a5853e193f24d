"""Recording and reviewing in the admin goes through the workflow: its rights, its sentences, its audit trail."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from monitoring import workflow
from monitoring.models import AuditLine, ReportingRound, Update
from tests.cast import ADOPTED_TEXT, RETURNED_TEXT, SUBMITTED_TEXT, Stage
from tests.conftest import LogIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(stage: Stage, log_in: LogIn) -> Client:
    return log_in(stage.people.administrator)


def address(update: Update) -> str:
    return reverse("admin:monitoring_update_change", args=[update.pk])


def do(client: Client, update: Update, action: str, **values: object) -> HttpResponse:
    """Post the form of `update` as it stands, with `action` chosen and `values` typed."""
    fields: dict[str, object] = {"action": action, "reason": "", "seen_version": update.version}
    if set(workflow.allowed_actions(update, client_user(client))) & {workflow.Action.SAVE, workflow.Action.SUBMIT}:
        fields |= {"status": update.status, "explanation": update.explanation, "next_steps": update.next_steps}
        fields |= {"forecast": update.forecast or ""}
    return client.post(address(update), fields | values)


def client_user(client: Client):
    from actieplan.models import User

    return User.objects.get(pk=client.session["_auth_user_id"])


def errors_of(response: HttpResponse) -> str:
    assert response.status_code == 200
    form = response.context["adminform"].form
    return " ".join(sentence for sentences in form.errors.values() for sentence in sentences)


def lines_on(update: Update) -> list[tuple[str, str, str]]:
    lines = AuditLine.objects.filter(object_type="update", object_id=update.pk).order_by("pk")
    return [(line.action, line.origin, line.result) for line in lines]


def test_a_status_is_recorded_and_submitted(client: Client, stage: Stage) -> None:
    update = stage.update("P4.2", stage.open_round)
    response = do(client, update, "submit", status="delayed", explanation="De werving stokt", forecast="2024-03-31")
    assert response.status_code == 302
    update.refresh_from_db()
    assert (update.state, update.status, update.explanation) == ("submitted", "delayed", "De werving stokt")
    assert str(update.forecast) == "2024-03-31"
    assert update.changed_by == stage.people.administrator
    assert lines_on(update) == [("submit", "admin", "submitted")]
    assert update.history.count() == 2  # the one of its making, and one of this


STEPS = [
    ("P4.2", "save", {"explanation": "Half"}, "draft"),
    ("P1.2", "approve", {}, "approved"),
    ("P1.2", "return", {"reason": "Noem de oorzaak"}, "returned"),
    ("P1.2", "withdraw", {}, "draft"),
    ("P4.2", "mark_not_delivered", {"reason": "De eigenaar is ziek"}, "not_delivered"),
    ("P1.1", "return", {"reason": "Toch niet"}, "returned"),
    ("P4.11", "withdraw", {}, "draft"),
    ("P4.1", "submit", {"explanation": "Nu met de oorzaak"}, "submitted"),
]


@pytest.mark.parametrize(("reference", "action", "values", "state"), STEPS)
def test_every_action_can_be_chosen(
    client: Client, stage: Stage, reference: str, action: str, values: dict[str, object], state: str
) -> None:
    update = stage.update(reference, stage.open_round)
    assert do(client, update, action, **values).status_code == 302
    update.refresh_from_db()
    assert update.state == state
    assert lines_on(update) == [(action, "admin", state)]


REFUSED = [
    ("P4.2", "submit", {}, "Kies een status voordat u indient."),
    ("P4.2", "submit", {"status": "at_risk"}, "Leg uit waarom het doel “in gevaar” is"),
    ("P4.2", "mark_not_delivered", {}, "Schrijf de reden op"),
    ("P1.2", "return", {"reason": "  "}, "Schrijf de reden op"),
    ("P4.2", "approve", {}, "approve"),  # not among the actions that its state allows
    ("P4.2", "", {}, "Dit veld is verplicht."),
    ("P4.2", "save", {"status": "onzin"}, "onzin"),
    ("P4.2", "save", {"forecast": "morgen"}, "geldige datum"),
    ("P4.2", "save", {"seen_version": ""}, "Dit veld is verplicht."),
    ("P4.1", "mark_not_delivered", {"explanation": "Net getypt", "reason": "Ziek"}, "Bewaar die eerst."),
]


@pytest.mark.parametrize(("reference", "action", "values", "sentence"), REFUSED)
def test_what_the_workflow_refuses_is_an_error_of_the_form(
    client: Client, stage: Stage, reference: str, action: str, values: dict[str, object], sentence: str
) -> None:
    update = stage.update(reference, stage.open_round)
    before = Update.objects.filter(pk=update.pk).values().get()
    assert sentence in errors_of(do(client, update, action, **values))
    assert Update.objects.filter(pk=update.pk).values().get() == before
    assert lines_on(update) == []
    assert update.history.count() == 1


def test_two_people_at_once_do_not_overwrite_each_other(client: Client, stage: Stage) -> None:
    update = stage.update("P4.2", stage.open_round)
    workflow.save_draft(
        update=update,
        actor=stage.people.owner,
        origin=AuditLine.Origin.SITE,
        content=workflow.Content(explanation="Van de eigenaar"),
        version=update.version,
    )
    response = do(client, update, "save", explanation="Van de beheerder")
    sentences = errors_of(response)
    assert "Iemand anders heeft dit intussen gewijzigd." in sentences
    assert "Van de eigenaar" in sentences
    assert "Van de beheerder" in response.content.decode()  # what was typed is still there
    update.refresh_from_db()
    assert update.explanation == "Van de eigenaar"

    again = {name: response.context["adminform"].form[name].value() for name in ("seen_version", "explanation")}
    assert do(client, update, "save", **again).status_code == 302
    update.refresh_from_db()
    assert update.explanation == "Van de beheerder"


def test_a_text_is_not_lost_when_somebody_submitted_meanwhile(client: Client, stage: Stage) -> None:
    update = stage.update("P1.3", stage.open_round)
    version = update.version
    Update.objects.filter(pk=update.pk).update(state="submitted", version=version + 1)
    response = do(client, update, "save", explanation="Lang getypt")
    assert response.status_code == 200
    assert "Lang getypt" in response.content.decode()


def test_an_adopted_round_is_only_read(client: Client, stage: Stage) -> None:
    update = stage.update("P1.2", stage.adopted_round)
    page = client.get(address(update)).content.decode()
    assert ADOPTED_TEXT in page
    assert "<textarea" not in page
    assert "Wat wilt u doen?" not in page
    assert client.post(address(update), {"action": "return", "reason": "x", "seen_version": 0}).status_code == 403
    update.refresh_from_db()
    assert update.state == "approved"


def test_a_submitted_text_is_read_and_not_edited(client: Client, stage: Stage) -> None:
    page = client.get(address(stage.update("P1.2", stage.open_round))).content.decode()
    assert SUBMITTED_TEXT in page
    assert 'name="explanation"' not in page
    assert '<option value="approve">' in page
    assert '<option value="submit">' not in page


def test_a_returned_text_is_edited(client: Client, stage: Stage) -> None:
    page = client.get(address(stage.update("P4.1", stage.open_round))).content.decode()
    assert 'name="explanation"' in page
    assert RETURNED_TEXT in page
    assert '<option value="approve">' not in page


def test_nobody_changes_the_state_by_hand(client: Client, stage: Stage) -> None:
    update = stage.update("P4.2", stage.open_round)
    do(client, update, "save", state="approved", goal=stage.goals["P1.1"].pk, changed_by="")
    update.refresh_from_db()
    assert (update.state, update.goal) == ("draft", stage.goals["P4.2"])


def test_updates_are_neither_added_nor_deleted(client: Client, stage: Stage) -> None:
    update = stage.update("P4.2", stage.open_round)
    assert client.get(reverse("admin:monitoring_update_add")).status_code == 403
    assert client.post(reverse("admin:monitoring_update_delete", args=[update.pk]), {"post": "yes"}).status_code == 403
    assert client.get("/beheer/monitoring/update/import/").status_code in (302, 404)
    assert Update.objects.filter(pk=update.pk).exists()


def test_many_are_approved_at_once_and_the_others_told(client: Client, stage: Stage) -> None:
    chosen = [stage.update(reference, stage.open_round) for reference in ("P1.2", "P4.2")]
    chosen.append(stage.update("P1.2", stage.adopted_round))
    data = {"action": "approve_selected", "_selected_action": [update.pk for update in chosen]}
    page = client.post(reverse("admin:monitoring_update_changelist"), data, follow=True).content.decode()
    assert "1 doel is goedgekeurd." in page
    assert "goedkeuren kan dan niet" in page
    assert "Deze ronde is vastgesteld" in page
    assert [Update.objects.get(pk=update.pk).state for update in chosen] == ["approved", "todo", "approved"]
    assert lines_on(chosen[0]) == [("approve", "admin", "approved")]
    assert lines_on(chosen[1]) == []


def test_staff_who_manage_nothing_are_refused_by_the_workflow(stage: Stage, log_in: LogIn) -> None:
    clerk = stage.people.councillor
    clerk.is_staff = True
    clerk.save()
    group = Group.objects.create(name="Bureau")
    rights = Group.objects.get(name="Beheerder").permissions.filter(codename__in=["view_update", "change_update"])
    group.permissions.set(rights)
    clerk.groups.add(group)
    client = log_in(clerk)
    update = stage.update("P1.2", stage.open_round)
    assert client.get(address(update)).status_code == 200
    response = client.post(address(update), {"action": "approve", "reason": "", "seen_version": update.version})
    assert "approve" in errors_of(response)
    data = {"action": "approve_selected", "_selected_action": [update.pk]}
    page = client.post(reverse("admin:monitoring_update_changelist"), data, follow=True).content.decode()
    assert "Alleen een manager van dit programma kan voortgang beoordelen." in page
    update.refresh_from_db()
    assert update.state == "submitted"


class TestRounds:
    def change(self, client: Client, round_: ReportingRound, **values: object) -> HttpResponse:
        fields: dict[str, object] = {"opens_on": round_.opens_on, "deadline": round_.deadline, "grace_days": 0}
        return client.post(reverse("admin:monitoring_reportinground_change", args=[round_.pk]), fields | values)

    def step(self, client: Client, round_: ReportingRound, action: str) -> str:
        response = client.post(reverse("admin:monitoring_reportinground_step", args=[round_.pk, action]), follow=True)
        return response.content.decode()

    def test_a_deadline_is_moved_and_audited(self, client: Client, stage: Stage) -> None:
        assert self.change(client, stage.open_round, deadline="2024-01-15").status_code == 302
        stage.open_round.refresh_from_db()
        assert str(stage.open_round.deadline) == "2024-01-15"
        line = AuditLine.objects.get(object_type="reportinground")
        assert (line.action, line.origin, line.note) == ("change", "admin", "Inleveren uiterlijk op gewijzigd.")

    def test_a_deadline_before_the_opening_is_refused(self, client: Client, stage: Stage) -> None:
        page = self.change(client, stage.open_round, deadline="2023-01-01").content.decode()
        assert "De deadline ligt voor de dag waarop de ronde opent." in page

    def test_state_and_subject_of_an_open_round_cannot_be_edited(self, client: Client, stage: Stage) -> None:
        self.change(client, stage.open_round, state="adopted", year=2031, programme="")
        stage.open_round.refresh_from_db()
        assert (stage.open_round.state, stage.open_round.year) == ("open", 2023)

    def test_an_adopted_round_is_only_read(self, client: Client, stage: Stage) -> None:
        assert self.change(client, stage.adopted_round).status_code == 403
        page = client.get(reverse("admin:monitoring_reportinground_change", args=[stage.adopted_round.pk]))
        assert '<input type="text" name="deadline"' not in page.content.decode()
        assert "Wat wilt u met deze ronde doen?" not in page.content.decode()

    def test_a_round_adopted_while_its_page_was_open_is_not_changed(
        self, client: Client, stage: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from monitoring.admin import rounds

        check = rounds.refuse_change

        def adopt_first(round_: ReportingRound) -> None:
            ReportingRound.objects.filter(pk=round_.pk).update(state="adopted", adopted_at="2024-01-01T12:00Z")
            check(round_)

        monkeypatch.setattr(rounds, "refuse_change", adopt_first)
        response = self.change(client, stage.open_round, deadline="2024-01-15")
        assert "Deze ronde is vastgesteld: er verandert niets meer." in response.content.decode()

    def test_a_round_is_made_opened_and_closed(self, client: Client, stage: Stage) -> None:
        stage.put_open_round_aside()
        fields = {"programme": stage.programme.pk, "plan": stage.plan.pk, "year": 2024, "half": 1, "grace_days": 0}
        fields |= {"opens_on": "2024-06-01", "deadline": "2024-06-30"}
        client.post(reverse("admin:monitoring_reportinground_add"), fields)
        round_ = ReportingRound.objects.get(year=2024)
        page = client.get(reverse("admin:monitoring_reportinground_step", args=[round_.pk, "open"])).content.decode()
        assert "Ja, openen" in page
        assert not round_.updates.exists()
        assert "Gedaan" in self.step(client, round_, "open")
        assert round_.updates.count() == 7  # one of the eight goals had ended
        assert "Gedaan" in self.step(client, round_, "start_review")
        actions = AuditLine.objects.filter(object_type="reportinground").order_by("pk").values_list("action", flat=True)
        assert list(actions) == ["create", "open", "start_review"]

    def test_an_unfinished_round_is_not_adopted(self, client: Client, stage: Stage) -> None:
        assert "nog niet afgerond" in self.step(client, stage.open_round, "adopt")
        stage.open_round.refresh_from_db()
        assert stage.open_round.state == "open"

    def test_a_step_that_does_not_exist_is_no_page(self, client: Client, stage: Stage) -> None:
        address = reverse("admin:monitoring_reportinground_step", args=[stage.open_round.pk, "explode"])
        assert client.post(address).status_code == 404

    def test_a_plan_of_another_programme_is_refused(self, client: Client, stage: Stage) -> None:
        from tests.cast import make_plan, make_programme

        other = make_plan(make_programme("Ander", "ander"))
        fields = {"programme": stage.programme.pk, "plan": other.pk, "year": 2024, "half": 1, "grace_days": 0}
        fields |= {"opens_on": "2024-06-01", "deadline": "2024-06-30"}
        page = client.post(reverse("admin:monitoring_reportinground_add"), fields).content.decode()
        assert "Dit plan hoort bij een ander programma." in page

    def test_no_round_is_deleted(self, client: Client, stage: Stage) -> None:
        address = reverse("admin:monitoring_reportinground_delete", args=[stage.open_round.pk])
        assert client.post(address, {"post": "yes"}).status_code == 403

    @pytest.mark.parametrize("person", ["owner", "manager", "councillor", "outsider"])
    def test_a_step_is_for_the_administrator(self, stage: Stage, log_in: LogIn, person: str) -> None:
        client = log_in(getattr(stage.people, person))
        address = reverse("admin:monitoring_reportinground_step", args=[stage.open_round.pk, "start_review"])
        assert client.post(address, follow=True).status_code == 403
        stage.open_round.refresh_from_db()
        assert stage.open_round.state == "open"
