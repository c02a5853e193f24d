"""The pages of a round: the worklist, recording, reviewing and adopting, as their users send the forms."""

import datetime
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from din.models import OwnerMember
from monitoring.models import AuditLine, ReportingRound, Update
from tests.cast import DRAFT_TEXT, RETURN_REASON, Stage, make_goals, make_updates
from tests.conftest import LogIn

State, Status = Update.State, Update.Status


@pytest.fixture
def as_owner(stage: Stage, log_in: LogIn) -> Client:
    return log_in(stage.people.owner)


@pytest.fixture
def as_manager(stage: Stage, log_in: LogIn) -> Client:
    return log_in(stage.people.manager)


def record_url(stage: Stage, reference: str) -> str:
    return reverse("record_update", args=[stage.goals[reference].pk])


def review_url(stage: Stage, reference: str) -> str:
    return reverse("review_update", args=[stage.open_round.pk, stage.goals[reference].pk])


def text_of(response: object) -> str:
    return response.content.decode()


class TestWorklist:
    def test_it_counts_what_is_left_and_shows_the_last_round(self, stage: Stage, as_owner: Client) -> None:
        page = text_of(as_owner.get(reverse("worklist")))
        assert "2 van 4 doelen ingevuld" in page
        assert "vertraagd" in page, "the status of P1.2 in the adopted round"

    def test_what_was_sent_back_comes_first_with_its_reason(self, stage: Stage, log_in: LogIn) -> None:
        page = text_of(log_in(stage.people.colleague).get(reverse("worklist")))
        assert RETURN_REASON in page
        assert page.index("P4.1") < page.index("P4.11")

    def test_only_own_goals(self, stage: Stage, as_owner: Client) -> None:
        assert "P4.1<" not in text_of(as_owner.get(reverse("worklist")))

    def test_nothing_to_do_is_said_kindly(self, stage: Stage, log_in: LogIn) -> None:
        OwnerMember.objects.all().delete()
        page = text_of(log_in(stage.people.owner).get(reverse("worklist")))
        assert "U hebt nu niets in te vullen" in page

    def test_queries_do_not_grow_with_goals(self, stage: Stage, as_owner: Client) -> None:
        as_owner.get(reverse("worklist"))
        used = []
        for first, count in [(100, 5), (200, 40)]:
            goals = make_goals(stage.plan, count, theme=stage.themes["P1"], owner=stage.department, first=first)
            make_updates(stage.open_round, goals)
            with CaptureQueriesContext(connection) as queries:
                as_owner.get(reverse("worklist"))
            used.append(len(queries))
        assert used[0] == used[1] <= 9


class TestRecording:
    def send(self, client: Client, stage: Stage, reference: str, action: str, **data: str) -> object:
        update = stage.update(reference, stage.open_round)
        form = {"version": str(update.version), "action": action, "status": "", "explanation": "", "next_steps": ""}
        return client.post(record_url(stage, reference), {**form, **data})

    def test_the_form_shows_the_last_round_beside_it(self, stage: Stage, as_owner: Client) -> None:
        page = text_of(as_owner.get(record_url(stage, "P1.3")))
        assert DRAFT_TEXT in page
        assert "Twaalf scholen doen mee" in page

    def test_a_draft_is_kept(self, stage: Stage, as_owner: Client) -> None:
        response = self.send(as_owner, stage, "P4.2", "save", explanation="half af")
        assert response.status_code == 302
        kept = stage.update("P4.2", stage.open_round)
        assert (kept.state, kept.explanation) == (State.DRAFT, "half af")

    def test_enter_in_a_field_keeps_a_draft_and_hands_nothing_in(self, stage: Stage, as_owner: Client) -> None:
        self.send(as_owner, stage, "P4.2", "iets anders", status=Status.ON_TRACK)
        assert stage.update("P4.2", stage.open_round).state == State.DRAFT

    def test_handing_in_goes_on_with_the_next_goal(self, stage: Stage, as_owner: Client) -> None:
        response = self.send(as_owner, stage, "P4.2", "submit", status=Status.ON_TRACK)
        assert stage.update("P4.2", stage.open_round).state == State.SUBMITTED
        done = stage.update("P4.2", stage.open_round).pk
        assert response["Location"] == f"{record_url(stage, 'P1.3')}?ronde=2023-H2&na={done}", "the draft is left"
        last = self.send(as_owner, stage, "P1.3", "submit", status=Status.ON_TRACK)
        assert last["Location"].startswith(reverse("worklist"))

    def test_bad_news_without_an_explanation_keeps_what_was_typed(self, stage: Stage, as_owner: Client) -> None:
        response = self.send(as_owner, stage, "P4.2", "submit", status=Status.AT_RISK, next_steps="We gaan door")
        assert response.status_code == 422
        assert "oorzaak" in text_of(response)
        assert "We gaan door" in text_of(response)

    def test_a_conflict_shows_both_texts_and_writes_neither_over(self, stage: Stage, as_owner: Client) -> None:
        response = self.send(as_owner, stage, "P1.3", "save", version="7", explanation="Mijn nieuwe tekst")
        assert response.status_code == 409
        assert "Mijn nieuwe tekst" in text_of(response)
        assert DRAFT_TEXT in text_of(response)
        assert stage.update("P1.3", stage.open_round).explanation == DRAFT_TEXT

    def test_after_a_conflict_the_visitor_can_save_knowingly(self, stage: Stage, as_owner: Client) -> None:
        Update.objects.filter(round=stage.open_round).update(version=3)
        response = self.send(as_owner, stage, "P1.3", "save", version="2", explanation="Samengevoegd")
        assert 'name="version" value="3"' in text_of(response)

    def test_an_error_keeps_the_version_that_was_seen(self, stage: Stage, as_owner: Client) -> None:
        Update.objects.filter(round=stage.open_round).update(version=3)
        response = self.send(as_owner, stage, "P4.2", "submit", version="2", status=Status.AT_RISK)
        assert 'name="version" value="2"' in text_of(response)

    @pytest.mark.parametrize("version", ["", "-1", "veel", "99999999999999999999999"])
    def test_a_mangled_version_is_no_crash(self, stage: Stage, as_owner: Client, version: str) -> None:
        response = self.send(as_owner, stage, "P4.2", "save", version=version, explanation="tekst")
        assert response.status_code in (409, 422)

    def test_a_wrong_date_says_so_at_the_field(self, stage: Stage, as_owner: Client) -> None:
        response = self.send(as_owner, stage, "P4.2", "save", forecast="31-02-2024")
        assert response.status_code == 422
        assert 'aria-invalid="true"' in text_of(response)

    def test_markup_is_text(self, stage: Stage, as_owner: Client) -> None:
        self.send(as_owner, stage, "P4.2", "save", explanation="<script>alert(1)</script>")
        page = text_of(as_owner.get(record_url(stage, "P4.2")))
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page

    def test_a_goal_without_a_running_round_is_not_recorded(self, stage: Stage, as_owner: Client) -> None:
        ReportingRound.objects.filter(pk=stage.open_round.pk).update(state=ReportingRound.State.PLANNED)
        assert as_owner.get(record_url(stage, "P4.2")).status_code == 404

    def test_what_was_handed_in_can_be_taken_back(self, stage: Stage, as_owner: Client) -> None:
        assert "Terughalen" in text_of(as_owner.get(record_url(stage, "P1.2")))
        self.send(as_owner, stage, "P1.2", "withdraw")
        assert stage.update("P1.2", stage.open_round).state == State.DRAFT

    @pytest.mark.parametrize("action", ["approve", "return", "mark_not_delivered"])
    def test_a_button_of_the_manager_only_keeps_a_draft_here(self, stage: Stage, as_owner: Client, action: str) -> None:
        assert self.send(as_owner, stage, "P4.2", action, explanation="tekst").status_code == 302
        assert stage.update("P4.2", stage.open_round).state == State.DRAFT

    @pytest.mark.parametrize("moved", ["submitted", "in_review", "adopted"])
    def test_what_was_typed_is_shown_when_the_state_moved(self, stage: Stage, as_owner: Client, moved: str) -> None:
        if moved == "submitted":
            Update.objects.filter(pk=stage.update("P1.3", stage.open_round).pk).update(state=State.SUBMITTED)
        else:
            adopted_at = timezone.now() if moved == "adopted" else None
            ReportingRound.objects.filter(pk=stage.open_round.pk).update(state=moved, adopted_at=adopted_at)
        data = {"version": "0", "action": "save", "explanation": "Lang over nagedacht", "next_steps": "Nog meer werk"}
        response = as_owner.post(f"{record_url(stage, 'P1.3')}?ronde=2023-H2", data)
        assert response.status_code == 403
        assert "Uw tekst is niet bewaard" in text_of(response)
        assert "Lang over nagedacht" in text_of(response)
        assert "Nog meer werk" in text_of(response)

    def test_enter_presses_the_button_that_keeps_a_draft(self, stage: Stage, as_owner: Client) -> None:
        page = text_of(as_owner.get(record_url(stage, "P4.2")))
        assert page.index('value="save"') < page.index('value="submit"')

    def test_an_adopted_round_offers_no_form(self, stage: Stage, as_owner: Client) -> None:
        page = text_of(as_owner.get(record_url(stage, "P1.2") + "?ronde=2023-H1"))
        assert "Indienen" not in page
        assert "vastgesteld" in page


class TestManaging:
    def test_the_page_counts_states_and_names_owners(self, stage: Stage, as_manager: Client) -> None:
        page = text_of(as_manager.get(reverse("round", args=[stage.open_round.pk])))
        assert "2 van 7 doelen zijn afgerond" in page
        assert "Geen eigenaar" in page
        assert "Van Beleid" in page

    def test_queries_do_not_grow_with_goals(self, stage: Stage, as_manager: Client) -> None:
        used = []
        for first, count in [(100, 5), (200, 40)]:
            goals = make_goals(stage.plan, count, theme=stage.themes["P1"], owner=stage.department, first=first)
            make_updates(stage.open_round, goals)
            with CaptureQueriesContext(connection) as queries:
                as_manager.get(reverse("round", args=[stage.open_round.pk]))
            used.append(len(queries))
        assert used[0] == used[1] <= 16

    def review(self, client: Client, stage: Stage, reference: str, action: str, reason: str = "") -> object:
        version = stage.update(reference, stage.open_round).version
        data = {"action": action, "reason": reason, "version": str(version)}
        return client.post(review_url(stage, reference), data)

    def test_approving_goes_on_with_the_next(self, stage: Stage, as_manager: Client) -> None:
        Update.objects.filter(goal=stage.goals["P4.2"], round=stage.open_round).update(
            state=State.SUBMITTED, status=Status.ON_TRACK
        )
        response = self.review(as_manager, stage, "P1.2", "approve")
        assert stage.update("P1.2", stage.open_round).state == State.APPROVED
        assert response["Location"] == review_url(stage, "P4.2")

    def test_sending_back_without_a_reason_is_refused_at_the_field(self, stage: Stage, as_manager: Client) -> None:
        response = self.review(as_manager, stage, "P1.2", "return")
        assert response.status_code == 422
        assert stage.update("P1.2", stage.open_round).state == State.SUBMITTED
        self.review(as_manager, stage, "P1.2", "return", "Noem het gevolg")
        assert stage.update("P1.2", stage.open_round).return_reason == "Noem het gevolg"

    def test_a_review_of_what_has_moved_on_is_a_conflict(self, stage: Stage, as_manager: Client) -> None:
        response = as_manager.post(review_url(stage, "P1.2"), {"action": "approve", "version": "9"})
        assert response.status_code == 409
        assert stage.update("P1.2", stage.open_round).state == State.SUBMITTED

    @pytest.mark.parametrize("action", ["", "submit", "save", "vernietigen"])
    def test_an_unknown_button_does_nothing(self, stage: Stage, as_manager: Client, action: str) -> None:
        assert self.review(as_manager, stage, "P1.2", action).status_code == 400
        step = as_manager.post(reverse("round_step", args=[stage.open_round.pk]), {"action": action})
        assert step.status_code == 400
        assert not AuditLine.objects.exists()


class TestOpening:
    @pytest.fixture(autouse=True)
    def aside(self, stage: Stage) -> None:
        stage.put_open_round_aside()

    def send(self, client: Client, stage: Stage, **data: str) -> object:
        form = {
            "plan": str(stage.plan.pk),
            "year": "2024",
            "half": "1",
            "opens_on": "2024-06-01",
            "deadline": "2024-06-14",
            "grace_days": "7",
        }
        return client.post(reverse("open_round", args=[stage.programme.slug]), {**form, **data})

    def test_a_round_opens_with_all_goals(self, stage: Stage, as_manager: Client) -> None:
        self.send(as_manager, stage)
        assert ReportingRound.objects.get(year=2024).updates.count() == 7

    def test_a_later_day_only_plans_it(self, stage: Stage, as_manager: Client) -> None:
        later = datetime.date.today() + datetime.timedelta(days=30)
        stage.plan.last_year = later.year
        stage.plan.save()
        self.send(as_manager, stage, year=str(later.year), opens_on=f"{later}", deadline=f"{later}")
        assert ReportingRound.objects.get(year=later.year).state == "planned"

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"year": "2023"}, "al een ronde voor dit half jaar"),
            ({"deadline": "2024-05-01"}, "ligt voor de dag waarop de ronde opent"),
            ({"year": "1900"}, "tussen 2000 en 2100"),
            ({"year": "2099"}, "gaat over 2023"),
            ({"half": "3"}, "geldige keuze"),
            ({"plan": "999999"}, "geldige keuze"),
            ({"grace_days": "-1"}, "minstens 0"),
            ({"grace_days": "61"}, "hoogstens 60"),
        ],
    )
    def test_what_cannot_be_is_said_at_the_form(
        self, stage: Stage, as_manager: Client, wrong: dict[str, str], sentence: str
    ) -> None:
        response = self.send(as_manager, stage, **wrong)
        assert response.status_code == 422
        assert sentence in text_of(response)
        assert ReportingRound.objects.count() == 2

    def test_a_concept_plan_says_what_to_do_and_leaves_no_round(self, stage: Stage, as_manager: Client) -> None:
        stage.plan.state = "concept"
        stage.plan.save()
        response = self.send(as_manager, stage)
        assert "Stel eerst het plan vast" in text_of(response)
        assert ReportingRound.objects.count() == 2

    def test_the_form_proposes_two_weeks_and_a_week_of_grace(self, stage: Stage, as_manager: Client) -> None:
        page = text_of(as_manager.get(reverse("open_round", args=[stage.programme.slug])))
        assert f'value="{timezone.localdate() + datetime.timedelta(days=14)}"' in page
        assert 'name="grace_days" value="7"' in page

    def test_a_second_round_beside_a_running_one_is_refused_and_leaves_nothing(
        self, stage: Stage, as_manager: Client
    ) -> None:
        ReportingRound.objects.filter(pk=stage.open_round.pk).update(state="open")
        response = self.send(as_manager, stage)
        assert response.status_code == 422
        assert "loopt al een ronde" in text_of(response)
        assert ReportingRound.objects.count() == 2

    def test_a_planned_round_is_found_again_and_opened(self, stage: Stage, as_manager: Client) -> None:
        """By the item "Ronde" of the menu, and on the page that makes a new round."""
        address = reverse("round", args=[stage.open_round.pk])
        assert address in text_of(as_manager.get(reverse("programme", args=[stage.programme.slug])))
        assert address in text_of(as_manager.get(reverse("open_round", args=[stage.programme.slug])))
        as_manager.post(reverse("round_step", args=[stage.open_round.pk]), {"action": "open"})
        assert ReportingRound.objects.get(pk=stage.open_round.pk).state == "open"


class TestDays:
    def send(self, client: Client, round_: ReportingRound, **data: str) -> object:
        form = {"deadline": "2099-01-31", "grace_days": "3"}
        return client.post(reverse("round_settings", args=[round_.pk]), {**form, **data})

    def test_the_deadline_and_the_grace_of_an_open_round_move(self, stage: Stage, as_manager: Client) -> None:
        assert self.send(as_manager, stage.open_round)["Location"] == stage.open_round.get_absolute_url()
        round_ = ReportingRound.objects.get(pk=stage.open_round.pk)
        assert (str(round_.deadline), round_.grace_days) == ("2099-01-31", 3)

    def test_the_day_of_opening_is_asked_for_a_planned_round_only(self, stage: Stage, as_manager: Client) -> None:
        address = reverse("round_settings", args=[stage.open_round.pk])
        assert "opens_on" not in text_of(as_manager.get(address))
        stage.put_open_round_aside()
        assert 'name="opens_on" value="2023-12-01"' in text_of(as_manager.get(address))
        self.send(as_manager, stage.open_round, opens_on="2024-01-02")
        assert str(ReportingRound.objects.get(pk=stage.open_round.pk).opens_on) == "2024-01-02"

    @pytest.mark.parametrize(
        ("wrong", "status", "sentence"),
        [
            ({"deadline": "2023-11-01"}, 422, "voor de dag waarop de ronde opent"),
            ({"deadline": ""}, 422, "verplicht"),
            ({"grace_days": "99"}, 422, "hoogstens 60"),
        ],
    )
    def test_what_cannot_be_is_said_at_the_form(
        self, stage: Stage, as_manager: Client, wrong: dict[str, str], status: int, sentence: str
    ) -> None:
        response = self.send(as_manager, stage.open_round, **wrong)
        assert response.status_code == status
        assert sentence in text_of(response)
        assert not AuditLine.objects.exists()

    def test_the_days_of_an_adopted_round_stay(self, stage: Stage, as_manager: Client) -> None:
        assert self.send(as_manager, stage.adopted_round).status_code == 403

    def test_the_worklist_counts_the_days_of_grace(self, stage: Stage, as_owner: Client) -> None:
        past = {"deadline": timezone.localdate() - datetime.timedelta(days=2), "grace_days": 4}
        ReportingRound.objects.filter(pk=stage.open_round.pk).update(**past)
        assert "u hebt nog 3 dagen uitstel" in text_of(as_owner.get(reverse("worklist")))
        ReportingRound.objects.filter(pk=stage.open_round.pk).update(grace_days=1)
        assert "het inleveren is gesloten" in text_of(as_owner.get(reverse("worklist")))

    def test_what_was_typed_too_late_is_refused_and_shown(self, stage: Stage, as_owner: Client) -> None:
        past = {"deadline": timezone.localdate() - datetime.timedelta(days=1), "grace_days": 0}
        ReportingRound.objects.filter(pk=stage.open_round.pk).update(**past)
        data = {"version": "0", "action": "save", "explanation": "Net te laat"}
        response = as_owner.post(record_url(stage, "P1.3"), data)
        assert response.status_code == 403
        assert "Inleveren kon tot en met" in text_of(response)
        assert "Net te laat" in text_of(response)


class TestReport:
    def sheets(self, client: Client, round_: ReportingRound) -> object:
        response = client.get(reverse("report", args=[round_.pk, "xlsx"]))
        assert response["Content-Disposition"].startswith("attachment")
        return load_workbook(io.BytesIO(response.content))

    def test_one_row_a_goal_with_everything_on_it(self, stage: Stage, as_manager: Client) -> None:
        sheet = self.sheets(as_manager, stage.adopted_round)["Doelen"]
        rows = {row[1]: row for row in sheet.iter_rows(min_row=2, values_only=True)}
        assert len(rows) == 8
        assert rows["P4.3"][5:8] == ("Vervallen", "nee", "Het rijk neemt deze proef over"), "it ended before the round"
        assert rows["P1.2"][0] == "Pijler 1: Sociaal netwerk"
        assert rows["P1.2"][3:7] == ("2e kwartaal 2023", "Maatschappelijke Ontwikkeling", "Vertraagd", "nee")
        assert rows["P4.1"][6] == "ja"
        assert rows["P4.2"][5] == "Niet aangeleverd"

    def test_the_summary_adds_up(self, stage: Stage, as_manager: Client) -> None:
        rows = list(self.sheets(as_manager, stage.adopted_round)["Samenvatting"].iter_rows(min_row=6, values_only=True))
        head, *themes, total = [row for row in rows if row[1] is not None]
        for column in range(1, len(head)):
            assert sum(row[column] for row in themes) == total[column], head[column]
        assert total[head.index("Totaal")] == 8

    def test_a_concept_says_so_and_holds_no_drafts(self, stage: Stage, as_manager: Client) -> None:
        workbook = self.sheets(as_manager, stage.open_round)
        assert "CONCEPT" in workbook["Samenvatting"]["A3"].value
        assert "CONCEPT" in workbook["Doelen"].oddHeader.right.text
        cells = [cell.value for row in workbook["Doelen"].iter_rows() for cell in row]
        assert DRAFT_TEXT not in cells

    def test_it_prints_on_a4_landscape(self, stage: Stage, as_manager: Client) -> None:
        for sheet in self.sheets(as_manager, stage.adopted_round):
            assert sheet.page_setup.orientation == "landscape"
            assert str(sheet.page_setup.paperSize) == "9"
            assert sheet.sheet_properties.pageSetUpPr.fitToPage

    @pytest.mark.parametrize(
        "text", ["=1+1", "+31", "-2", "@SUM(A1)", '=HYPERLINK("http://x")', "a" * 40_000, "<b>&\"'"]
    )
    def test_a_text_of_a_person_is_never_a_formula(self, stage: Stage, as_manager: Client, text: str) -> None:
        Update.objects.filter(goal=stage.goals["P1.2"], round=stage.open_round).update(explanation=text)
        cells = [cell for row in self.sheets(as_manager, stage.open_round)["Doelen"].iter_rows() for cell in row]
        assert not [cell for cell in cells if cell.data_type == "f"]
        assert text[:32_767] in [cell.value for cell in cells]

    def test_queries_do_not_grow_with_goals(self, stage: Stage, as_manager: Client) -> None:
        used = []
        for first, count in [(100, 5), (200, 40)]:
            goals = make_goals(stage.plan, count, theme=stage.themes["P1"], owner=stage.department, first=first)
            make_updates(stage.open_round, goals)
            with CaptureQueriesContext(connection) as queries:
                self.sheets(as_manager, stage.open_round)
            used.append(len(queries))
        assert used[0] == used[1] <= 27
