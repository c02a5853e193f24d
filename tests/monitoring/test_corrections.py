"""A correction of an adopted report: a new edition with a reason, beside the one that it corrects."""

from __future__ import annotations

import datetime
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from monitoring.audit_chain import verify
from monitoring.corrections import EditionMoved, Invalid, correct
from monitoring.models import AuditLine, Report, ReportingRound, Update
from monitoring.report.build import report_of
from monitoring.report.document import ReportDocument
from monitoring.report.frozen import thaw
from monitoring.workflow import Content, Refused
from tests.cast import ADOPTED_TEXT, Stage, adopt, make_round, make_updates, report_on
from tests.conftest import LogIn

SITE = AuditLine.Origin.SITE
REASON = "De status van het beheer was verwisseld"
BETTER = Content("achieved", "Het beheer is geregeld", "", datetime.date(2023, 8, 1))
VALID_BSN = "111222333"


def place_of(stage: Stage, reference: str) -> int:
    """The place of a goal in the report of the adopted round."""
    return stage.adopted_round.reports.first().goals.get(goal=stage.goals[reference]).position


def make(stage: Stage, **changes: object) -> Report:
    asked = {
        "round_": stage.adopted_round,
        "actor": stage.people.manager,
        "origin": SITE,
        "edition": 1,
        "goals": {place_of(stage, "P1.2"): BETTER},
        "reason": REASON,
        **changes,
    }
    return correct(**asked)


def counts(report: Report) -> dict[str, int]:
    return {count.status: count.count for count in thaw(report.document).counts}


class TestCorrecting:
    def test_the_new_edition_says_the_new_and_the_old_one_still_the_old(self, stage: Stage) -> None:
        first = Report.objects.get(round=stage.adopted_round)
        second = make(stage)
        assert (second.edition, second.reason, second.frozen_by) == (2, REASON, stage.people.manager)
        goals = {goal.reference: goal for goal in thaw(second.document).every_goal}
        assert (goals["P1.2"].status, goals["P1.2"].explanation) == ("achieved", "Het beheer is geregeld")
        assert goals["P1.2"].forecast == "2023-08-01"
        assert Report.objects.get(pk=first.pk).document == first.document
        assert ADOPTED_TEXT in first.document
        assert ADOPTED_TEXT not in second.document

    def test_the_numbers_are_counted_anew(self, stage: Stage) -> None:
        first, second = counts(Report.objects.get(round=stage.adopted_round)), counts(make(stage))
        assert second["delayed"] == first["delayed"] - 1
        assert second["achieved"] == first["achieved"] + 1
        assert sum(second.values()) == sum(first.values()) == 8

    def test_the_rows_are_those_of_the_edition(self, stage: Stage) -> None:
        second = make(stage)
        rows = {row.goal_id: row for row in second.goals.all()}
        assert len(rows) == second.goal_count == 8
        assert rows[stage.goals["P1.2"].pk].status == "achieved"
        assert rows[stage.goals["P1.1"].pk].explanation == "De lijst is in maart afgerond"

    def test_a_plan_that_changed_since_does_not_come_along(self, stage: Stage) -> None:
        goal = stage.goals["P1.2"]
        goal.text, goal.owner, goal.theme, goal.number = "Nieuwe tekst", stage.neighbours, stage.themes["P4"], 77
        goal.save()
        row = make(stage).goals.get(goal=goal)
        assert row.text == "De lijst van projecten heeft een vaste beheerder"
        assert (row.owner, row.theme, row.owner_name) == (
            stage.department,
            stage.themes["P1"],
            "Maatschappelijke Ontwikkeling",
        )

    def test_the_update_itself_stays_as_it_was_adopted(self, stage: Stage) -> None:
        make(stage)
        assert stage.update("P1.2", stage.adopted_round).explanation == ADOPTED_TEXT

    def test_what_was_not_delivered_gets_a_status(self, stage: Stage) -> None:
        second = make(stage, goals={place_of(stage, "P4.2"): Content("on_track", "Toch nog ontvangen")})
        row = second.goals.get(goal=stage.goals["P4.2"])
        assert (row.state, row.status, row.not_delivered_reason) == ("approved", "on_track", "")

    def test_lateness_follows_the_status(self, stage: Stage) -> None:
        assert report_of(stage.adopted_round)[0].late == 1
        late, place = "De wachttijd is gehaald", place_of(stage, "P4.1")
        assert thaw(make(stage, goals={place: Content("achieved", late)}).document).late == 0
        again = make(stage, edition=2, goals={place: Content("delayed", late)})
        assert thaw(again.document).late == 1

    def test_a_goal_of_which_the_deadline_is_the_last_day_of_the_round_is_not_late(self, stage: Stage) -> None:
        assert stage.goals["P1.2"].deadline == datetime.date(2023, 6, 30)
        row = make(stage, goals={place_of(stage, "P1.2"): Content("delayed", "Nog niet")}).goals.get(
            goal=stage.goals["P1.2"]
        )
        assert row.late is False

    def test_a_goal_that_had_ended_stays_so(self, stage: Stage) -> None:
        row = make(stage, goals={place_of(stage, "P4.3"): Content("delayed", "Het liep uit")}).goals.get(
            goal=stage.goals["P4.3"]
        )
        assert (row.status, row.state, row.late) == ("delayed", "", False)

    def test_what_became_of_a_goal_since_the_report_before_follows_its_status(self, stage: Stage) -> None:
        earlier = make_round(stage.plan, 2022, 2, state=ReportingRound.State.PLANNED)
        make_updates(earlier, [stage.goals["P1.2"]], state="approved", status="at_risk", explanation="Stil")
        adopt(earlier)
        report_on(stage.adopted_round, [], status="")

        def told(document: ReportDocument) -> tuple[str, str]:
            goal = document.every_goal[place_of(stage, "P1.2") - 1]
            return goal.before, goal.change

        assert told(report_of(stage.adopted_round)[0]) == ("at_risk", "better")
        worse = make(stage, goals={place_of(stage, "P1.2"): Content("not_achieved", "Het lukt niet")})
        assert told(thaw(worse.document)) == ("at_risk", "worse")

    def test_a_number_in_an_introduction_is_declared_once(self, stage: Stage) -> None:
        make(stage, goals={}, introductions={0: f"Besluit {VALID_BSN}"}, no_bsn=[VALID_BSN])
        second = make(stage, edition=2, goals={}, introductions={0: f"Besluit {VALID_BSN} van de raad"})
        assert second.edition == 3

    def test_a_number_in_an_explanation_is_declared_once(self, stage: Stage) -> None:
        place = place_of(stage, "P1.1")
        make(stage, goals={place: Content("achieved", f"Besluit {VALID_BSN}")}, no_bsn=[VALID_BSN])
        again = make(stage, edition=2, goals={place: Content("achieved", f"Besluit {VALID_BSN} is er")})
        assert again.edition == 3

    def test_an_introduction_goes_to_its_own_theme(self, stage: Stage) -> None:
        document = thaw(make(stage, goals={}, introductions={0: "Vooraf", 2: "Over inkomen"}).document)
        assert document.introduction == "Vooraf"
        assert [theme.introduction for theme in document.themes] == ["", "Over inkomen", ""]

    def test_the_newest_edition_is_the_report(self, stage: Stage) -> None:
        second = make(stage)
        assert report_of(stage.adopted_round)[1] == second.sha256
        assert report_of(stage.adopted_round, edition=1)[0].edition == 1

    def test_a_correction_of_a_correction(self, stage: Stage) -> None:
        make(stage)
        third = make(stage, edition=2, goals={place_of(stage, "P1.1"): BETTER}, reason="Nog iets")
        goals = {goal.reference: goal for goal in thaw(third.document).every_goal}
        assert (third.edition, goals["P1.1"].status, goals["P1.2"].status) == (3, "achieved", "achieved")

    def test_one_line_in_the_trail(self, stage: Stage) -> None:
        report = make(stage)
        line = AuditLine.objects.get()
        assert (line.action, line.object_type, line.object_id) == ("correct", "report", report.pk)
        assert (line.result, line.note, line.actor) == ("editie 2", REASON, stage.people.manager)
        assert verify().fault == ""


class TestRefusing:
    @pytest.fixture(autouse=True)
    def nothing_is_written(self, stage: Stage) -> object:
        yield
        assert Report.objects.filter(round=stage.adopted_round).count() == 1
        assert not AuditLine.objects.exists()

    @pytest.mark.parametrize("role", ["owner", "colleague", "councillor", "outsider"])
    def test_only_the_manager_corrects(self, stage: Stage, role: str) -> None:
        with pytest.raises(PermissionDenied):
            make(stage, actor=getattr(stage.people, role))

    def test_without_a_reason(self, stage: Stage) -> None:
        with pytest.raises(Invalid) as invalid:
            make(stage, reason=" \n")
        assert invalid.value.reason is not None

    @pytest.mark.parametrize("status", Update.EXPLAINED_STATUSES)
    def test_bad_news_without_an_explanation(self, stage: Stage, status: str) -> None:
        with pytest.raises(Invalid) as invalid:
            make(stage, goals={place_of(stage, "P1.1"): Content(status, "  ")})
        assert "explanation" in invalid.value.goals[place_of(stage, "P1.1")].message_dict

    def test_without_a_status(self, stage: Stage) -> None:
        with pytest.raises(Invalid):
            make(stage, goals={place_of(stage, "P1.1"): Content("", "tekst")})

    @pytest.mark.parametrize("text", ["Bel 06-12345678", "Het gaat om 111222333", "Het gaat om 1112\x0722333"])
    def test_personal_data(self, stage: Stage, text: str) -> None:
        with pytest.raises(Invalid):
            make(stage, goals={place_of(stage, "P1.1"): Content("on_track", text)})
        with pytest.raises(Invalid):
            make(stage, reason=text)
        with pytest.raises(Invalid):
            make(stage, goals={}, introductions={0: text})

    def test_nothing_changed(self, stage: Stage) -> None:
        with pytest.raises(Refused, match="niets gewijzigd"):
            make(stage, goals={place_of(stage, "P1.1"): Content("achieved", "De lijst is in maart afgerond")})

    def test_a_place_that_is_not_in_the_report(self, stage: Stage) -> None:
        with pytest.raises(Refused, match="niet in het rapport"):
            make(stage, goals={99: BETTER})
        with pytest.raises(Refused, match="Deze tekst staat niet in het rapport"):
            make(stage, introductions={99: "Een inleiding"})

    def test_another_edition_than_the_newest(self, stage: Stage) -> None:
        with pytest.raises(EditionMoved):
            make(stage, edition=2)

    def test_a_round_that_is_not_adopted(self, stage: Stage) -> None:
        with pytest.raises(Refused):
            correct(
                round_=stage.open_round,
                actor=stage.people.manager,
                origin=SITE,
                edition=1,
                goals={1: BETTER},
                reason=REASON,
            )


def test_a_number_declared_to_be_no_bsn_is_noted_without_the_whole_of_it(stage: Stage) -> None:
    goals = {place_of(stage, "P1.1"): Content("on_track", f"Besluit {VALID_BSN}")}
    make(stage, goals=goals, no_bsn=[VALID_BSN])
    note = AuditLine.objects.get().note
    assert "op 333 is geen BSN" in note
    assert VALID_BSN not in note


class TestPages:
    @pytest.fixture
    def as_manager(self, stage: Stage, log_in: LogIn) -> Client:
        return log_in(stage.people.manager)

    def address(self, stage: Stage, *references: str) -> str:
        places = "&".join(f"doel={place_of(stage, reference)}" for reference in references)
        return f"{reverse('correct_report', args=[stage.adopted_round.pk])}?{places}"

    def send(self, client: Client, stage: Stage, *references: str, **values: str) -> object:
        data = {"edition": "1", "reason": REASON}
        for reference in references:
            prefix = f"doel-{place_of(stage, reference)}"
            data |= {f"{prefix}-status": "on_track", f"{prefix}-explanation": f"Nieuw bij {reference}"}
        return client.post(self.address(stage, *references), data | values)

    def test_all_goals_and_texts_can_be_chosen(self, stage: Stage, as_manager: Client) -> None:
        page = as_manager.get(self.address(stage)).content.decode()
        assert (page.count('name="doel"'), page.count('name="tekst"')) == (8, 4)

    def test_a_text_is_corrected_on_the_page(self, stage: Stage, as_manager: Client) -> None:
        address = f"{reverse('correct_report', args=[stage.adopted_round.pk])}?tekst=0&tekst=2"
        assert as_manager.get(address).content.decode().count("<textarea") == 3
        data = {"edition": "1", "reason": "Er ontbrak een inleiding", "tekst-0-text": "Kort", "tekst-2-text": ""}
        wrong = as_manager.post(address, {**data, "tekst-0-text": "Bel 010 123 45 67"})
        assert wrong.status_code == 422
        assert "telefoonnummer" in wrong.content.decode()
        assert as_manager.post(address, data).status_code == 302
        document = report_of(stage.adopted_round)[0]
        assert (document.edition, document.introduction, document.themes[1].introduction) == (2, "Kort", "")

    def test_the_form_starts_with_what_the_report_says(self, stage: Stage, as_manager: Client) -> None:
        page = as_manager.get(self.address(stage, "P1.2", "P1.3")).content.decode()
        assert page.count("<textarea") == 5, "two texts of each goal, and the reason"
        assert ADOPTED_TEXT in page

    def test_two_goals_make_one_edition(self, stage: Stage, as_manager: Client) -> None:
        response = self.send(as_manager, stage, "P1.2", "P4.1")
        assert response["Location"] == reverse("editions", args=[stage.adopted_round.pk])
        newest = stage.adopted_round.reports.first()
        assert newest.edition == 2
        assert "Nieuw bij P1.2" in newest.document
        assert "Nieuw bij P4.1" in newest.document

    def test_all_errors_come_at_once_and_nothing_typed_is_lost(self, stage: Stage, as_manager: Client) -> None:
        prefix = f"doel-{place_of(stage, 'P1.2')}"
        response = self.send(
            as_manager, stage, "P1.2", reason="", **{f"{prefix}-status": "delayed", f"{prefix}-explanation": "",
            f"{prefix}-next_steps": "Lang over nagedacht"},
        )  # fmt: skip
        page = response.content.decode()
        assert response.status_code == 422
        assert "Schrijf op waarom u het rapport corrigeert" in page
        assert "Leg uit waarom het doel" in page
        assert "Lang over nagedacht" in page

    def test_an_edition_made_meanwhile_is_shown_and_then_corrected(self, stage: Stage, as_manager: Client) -> None:
        make(stage)
        response = self.send(as_manager, stage, "P1.2")
        page = response.content.decode()
        assert response.status_code == 409
        assert "intussen editie 2" in page
        assert "Nieuw bij P1.2" in page
        assert "Het beheer is geregeld" in page
        assert 'name="edition" value="2"' in page
        assert self.send(as_manager, stage, "P1.2", edition="2").status_code == 302

    def test_a_possible_bsn_can_be_declared(self, stage: Stage, as_manager: Client) -> None:
        prefix = f"doel-{place_of(stage, 'P1.2')}"
        typed = {f"{prefix}-explanation": f"Besluit {VALID_BSN}"}
        response = self.send(as_manager, stage, "P1.2", **typed)
        assert response.status_code == 422
        assert f'name="no_bsn" value="{VALID_BSN}"' in response.content.decode()
        assert f"<mark>{VALID_BSN}" in response.content.decode()
        assert self.send(as_manager, stage, "P1.2", no_bsn=VALID_BSN, **typed).status_code == 302

    def test_a_possible_bsn_in_the_reason_too(self, stage: Stage, as_manager: Client) -> None:
        reason = f"Besluit {VALID_BSN} was vergeten"
        page = self.send(as_manager, stage, "P1.2", reason=reason).content.decode()
        assert f"<mark>{VALID_BSN}" in page
        assert f'name="no_bsn" value="{VALID_BSN}"' in page
        assert self.send(as_manager, stage, "P1.2", reason=reason, no_bsn=VALID_BSN).status_code == 302

    def test_what_was_typed_is_back_after_a_session_that_ended(self, stage: Stage) -> None:
        client = Client()
        sent = self.send(client, stage, "P1.2", typed_by=str(stage.people.manager.pk))
        assert sent["Location"].startswith("/inloggen/?next=/rondes/")
        client.force_login(stage.people.manager)
        page = client.get(self.address(stage, "P1.2")).content.decode()
        assert "Uw tekst is er nog" in page
        assert "Nieuw bij P1.2</textarea>" in page
        assert REASON in page
        assert f'name="typed_by" value="{stage.people.manager.pk}"' in page
        self.send(client, stage, "P1.2")
        assert "Uw tekst is er nog" not in client.get(self.address(stage, "P1.2")).content.decode()

    @pytest.mark.parametrize(
        "chosen", ["doel=0", "doel=99", "doel=x", "doel=-1", "doel=²", f"doel={'9' * 5000}", "gekozen=ja"]
    )
    def test_a_choice_of_nothing_chooses_again(self, stage: Stage, as_manager: Client, chosen: str) -> None:
        response = as_manager.get(f"{reverse('correct_report', args=[stage.adopted_round.pk])}?{chosen}")
        assert response.status_code == 200
        assert b'type="checkbox"' in response.content

    @pytest.mark.parametrize("edition", ["", "0", "veel", "99999999999999999999"])
    def test_a_mangled_edition_is_no_crash(self, stage: Stage, as_manager: Client, edition: str) -> None:
        assert self.send(as_manager, stage, "P1.2", edition=edition).status_code in (409, 422)

    def test_readers_find_every_edition(self, stage: Stage, log_in: LogIn) -> None:
        make(stage)
        councillor = log_in(stage.people.councillor)
        address = reverse("editions", args=[stage.adopted_round.pk])
        dashboard = councillor.get(stage.programme.get_absolute_url()).content.decode()
        assert f'href="{address}"' in dashboard
        page = councillor.get(address).content.decode()
        assert REASON in page
        for report in stage.adopted_round.reports.all():
            assert report.sha256 in page
        assert "Rapport corrigeren" not in page

    def test_each_edition_is_a_file_of_its_own(self, stage: Stage, as_manager: Client) -> None:
        make(stage)
        address = reverse("report", args=[stage.adopted_round.pk, "xlsx"])
        said = {}
        for asked in ("", "?editie=1", "?editie=2"):
            response = as_manager.get(address + asked)
            sheet = load_workbook(io.BytesIO(response.content))["Samenvatting"]
            said[asked] = (sheet["A3"].value, response["Content-Disposition"])
        assert said[""] == said["?editie=2"]
        assert REASON in said[""][0]
        assert "editie-2" in said[""][1]
        assert "editie 1." in said["?editie=1"][0]
        assert "editie" not in said["?editie=1"][1]

    @pytest.mark.parametrize("asked", ["3", "0", "x", "", "-1", "40000", "9" * 5_000, "²"])
    def test_an_edition_that_is_not_there_is_no_page(self, stage: Stage, as_manager: Client, asked: str) -> None:
        address = reverse("report", args=[stage.adopted_round.pk, "xlsx"])
        assert as_manager.get(address, {"editie": asked}).status_code == 404

    def test_a_concept_has_no_editions(self, stage: Stage, as_manager: Client) -> None:
        address = reverse("report", args=[stage.open_round.pk, "xlsx"])
        assert as_manager.get(address, {"editie": "1"}).status_code == 404

    def test_the_command_writes_an_edition(self, stage: Stage, tmp_path) -> None:
        make(stage)
        words = ["--programme", stage.programme.slug, "--round", "2023-H1", "--format", "xlsx"]
        for edition, expected in [("1", "editie 1."), ("2", "editie 2, gecorrigeerd op")]:
            path = tmp_path / f"{edition}.xlsx"
            call_command("export_report", *words, "--output", str(path), "--edition", edition)
            assert expected in load_workbook(path)["Samenvatting"]["A3"].value
        with pytest.raises(CommandError, match="geen editie 7"):
            call_command("export_report", *words, "--output", str(tmp_path / "x.xlsx"), "--edition", "7")

    @pytest.mark.parametrize("count", [1, 6])
    def test_many_editions_cost_no_more_queries(
        self, stage: Stage, as_manager: Client, django_assert_num_queries, count: int
    ) -> None:
        for number in range(1, count + 1):
            make(stage, edition=number, goals={place_of(stage, "P1.2"): Content("on_track", f"Keer {number}")})
        with django_assert_num_queries(8):
            as_manager.get(reverse("editions", args=[stage.adopted_round.pk]))


def test_an_adopted_round_is_the_same_after_a_correction(stage: Stage) -> None:
    before = ReportingRound.objects.filter(pk=stage.adopted_round.pk).values().get()
    make(stage)
    assert ReportingRound.objects.filter(pk=stage.adopted_round.pk).values().get() == before
