"""The texts that the manager writes in a report: saved like progress, side by side, frozen with the round."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from din.models import Goal, Theme
from monitoring import workflow
from monitoring.corrections import correct
from monitoring.held_back import HeldBack
from monitoring.models import AuditLine, ReportingRound, ReportText, Update
from monitoring.refused import Refused
from monitoring.report.build import build_report, report_of
from monitoring.report.frozen import content_hash
from monitoring.report.texts import TextMoved, text_of, write_text
from monitoring.text_parts import text_parts
from tests.cast import PASSWORD, Stage, adopt, make_round, make_updates
from tests.conftest import LogIn

SITE = AuditLine.Origin.SITE
HTMX = {"HX-Request": "true"}
TYPED = "Het half jaar in het kort"
BSN = "111222333"


@pytest.fixture
def as_manager(stage: Stage, log_in: LogIn) -> Client:
    return log_in(stage.people.manager)


def write(stage: Stage, text: str, theme: str | None = None, version: int = 0, **more: Any) -> ReportText:
    return write_text(
        round_=more.pop("round_", stage.open_round),
        theme=None if theme is None else stage.themes[theme],
        text=text,
        version=version,
        actor=more.pop("actor", stage.people.manager),
        origin=SITE,
        **more,
    )


def url(stage: Stage, part: str = "inleiding") -> str:
    return f"{reverse('report_texts', args=[stage.open_round.pk])}?deel={part}"


def fields(stage: Stage, text: str, version: int = 0, **more: str) -> dict[str, str]:
    return {
        "text": text,
        "version": str(version),
        "action": "save",
        "typed_by": str(stage.people.manager.pk),
        **more,
    }


def page_of(response: Any) -> str:
    return response.content.decode()


class TestWriting:
    def test_a_text_stands_in_the_report(self, stage: Stage) -> None:
        write(stage, f"  {TYPED}  ")
        write(stage, "Over inkomen", "P4")
        document = build_report(stage.open_round, today=timezone.localdate())
        assert document.introduction == TYPED
        assert {theme.title: theme.introduction for theme in document.themes if theme.introduction} == {
            "Pijler 4: Inkomen": "Over inkomen"
        }

    def test_each_save_is_a_version_in_the_history_and_a_line_in_the_trail(self, stage: Stage) -> None:
        write(stage, "Eerst")
        text = write(stage, "Toen", version=1, actor=stage.people.administrator)
        assert (text.version, text.changed_by) == (2, stage.people.administrator)
        assert [(past.text, past.history_type) for past in text.history.order_by("pk")] == [
            ("Eerst", "+"),
            ("Toen", "~"),
        ]
        lines = AuditLine.objects.filter(object_type="reporttext").order_by("pk")
        assert [(line.action, line.result) for line in lines] == [("write", "versie 1"), ("write", "versie 2")]

    def test_the_same_text_again_is_written_once(self, stage: Stage) -> None:
        write(stage, TYPED)
        assert write(stage, TYPED).version == 1
        assert ReportText.history.count() == 1

    def test_the_line_ends_of_a_browser_are_no_change(self, stage: Stage) -> None:
        write(stage, "Eerst\r\nen toen")
        assert write(stage, "Eerst\r\nen toen", version=1).version == 1

    def test_who_saw_an_older_version_writes_nothing(self, stage: Stage) -> None:
        write(stage, TYPED)
        for version in (0, 2):
            with pytest.raises(TextMoved) as moved:
                write(stage, "Iets anders", version=version)
            assert moved.value.current.text == TYPED
        assert text_of(stage.open_round, None).text == TYPED
        with pytest.raises(TextMoved):
            write(stage, "Iets anders", "P4", version=1)

    def test_a_bsn_is_held_back_until_it_is_declared_to_be_none(self, stage: Stage) -> None:
        with pytest.raises(HeldBack):
            write(stage, f"Nummer {BSN}")
        with pytest.raises(HeldBack):
            write(stage, f"Nummer {BSN[:4]}\x07{BSN[4:]}")
        assert not ReportText.objects.exists()
        write(stage, f"Nummer {BSN}", no_bsn=[BSN])
        assert AuditLine.objects.get(object_type="reporttext").note
        write(stage, f"Nummer {BSN}, nogmaals", version=1)

    @pytest.mark.parametrize("person", ["owner", "colleague", "councillor", "outsider"])
    def test_only_the_manager_writes(self, stage: Stage, person: str) -> None:
        with pytest.raises(PermissionDenied):
            write(stage, TYPED, actor=getattr(stage.people, person))
        assert not ReportText.objects.exists()

    def test_not_in_a_round_that_does_not_run(self, stage: Stage) -> None:
        with pytest.raises(Refused, match="vastgesteld"):
            write(stage, TYPED, round_=stage.adopted_round)
        stage.put_open_round_aside()
        with pytest.raises(Refused, match="nog niet geopend"):
            write(stage, TYPED)

    def test_adopting_asks_again_when_a_text_changed_meanwhile(self, stage: Stage) -> None:
        seen = content_hash(build_report(stage.open_round, today=timezone.localdate()))
        Update.objects.filter(round=stage.open_round).update(state="not_delivered", not_delivered_reason="Ziek")
        write(stage, TYPED)
        with pytest.raises(workflow.ReportMoved):
            workflow.adopt(round_=stage.open_round, actor=stage.people.manager, origin=SITE, seen=seen)


class TestAdopted:
    @pytest.fixture
    def text(self, stage: Stage) -> ReportText:
        text = write(stage, TYPED)
        adopt(stage.open_round)
        return text

    def test_the_text_is_frozen(self, stage: Stage, text: ReportText) -> None:
        assert report_of(stage.open_round)[0].introduction == TYPED

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE monitoring_reporttext SET text = 'anders'",
            "DELETE FROM monitoring_reporttext",
            "UPDATE monitoring_historicalreporttext SET text = 'anders'",
            "DELETE FROM monitoring_historicalreporttext",
            "INSERT INTO monitoring_reporttext (round_id, theme_id, text, version, changed_at)"
            " SELECT round_id, (SELECT max(id) FROM din_theme), 'erbij', 1, changed_at FROM monitoring_reporttext",
        ],
    )
    def test_the_database_refuses_any_change(self, stage: Stage, text: ReportText, statement: str) -> None:
        with pytest.raises(IntegrityError, match="vastgesteld"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


class TestPage:
    def test_it_has_a_field_for_the_report_and_for_each_theme_in_it(self, stage: Stage, as_manager: Client) -> None:
        Theme.objects.create(programme=stage.programme, name="Zonder doelen", position=9)
        page = page_of(as_manager.get(url(stage)))
        assert page.count("data-record=") == 4
        assert "Zonder doelen" not in page

    def test_a_text_is_saved_and_the_page_comes_back_to_it(self, stage: Stage, as_manager: Client) -> None:
        key = str(stage.themes["P4"].pk)
        response = as_manager.post(url(stage, key), fields(stage, TYPED))
        assert response["Location"].endswith(f"/teksten/#deel-{key}")
        assert text_of(stage.open_round, stage.themes["P4"]).text == TYPED

    def test_while_typing_the_answer_is_one_line_with_the_new_version(self, stage: Stage, as_manager: Client) -> None:
        page = page_of(as_manager.post(url(stage), fields(stage, TYPED), headers=HTMX))
        assert "Bewaard om" in page
        assert 'name="version" value="1" id="versie-inleiding" hx-swap-oob="true"' in page
        assert "<html" not in page

    def test_a_conflict_shows_both_texts_and_saving_again_counts(self, stage: Stage, as_manager: Client) -> None:
        write(stage, "Van een ander", actor=stage.people.administrator)
        while_typing = as_manager.post(url(stage), fields(stage, TYPED), headers=HTMX)
        assert while_typing.status_code == 409
        assert f"{stage.people.administrator} heeft dit intussen gewijzigd" in page_of(while_typing)
        response = as_manager.post(url(stage), fields(stage, TYPED))
        page = page_of(response)
        assert response.status_code == 409
        assert "Van een ander" in page
        assert f">{TYPED}</textarea>" in page.replace("\n", "")
        assert 'name="version" value="1" id="versie-inleiding"' in page
        taken = as_manager.post(
            url(stage), {**fields(stage, TYPED), "mine-text": TYPED, "take": "text:both", "action": ""}
        )
        assert f"Van een ander\n\n{TYPED}</textarea>" in page_of(taken)
        assert text_of(stage.open_round, None).text == "Van een ander"
        as_manager.post(url(stage), fields(stage, TYPED, version=1))
        assert text_of(stage.open_round, None).text == TYPED

    def test_what_is_held_back_is_marked_and_kept_in_the_field(self, stage: Stage, as_manager: Client) -> None:
        response = as_manager.post(url(stage), fields(stage, f"Nummer {BSN}"))
        assert response.status_code == 422
        assert f"Nummer {BSN}</textarea>" in page_of(response)
        assert "geen burgerservicenummer" in page_of(response)
        as_manager.post(url(stage), fields(stage, f"Nummer {BSN}", no_bsn=BSN))
        assert text_of(stage.open_round, None).version == 1

    def test_what_was_typed_after_the_session_ended_comes_back(self, stage: Stage) -> None:
        client = Client()
        assert client.post(url(stage), fields(stage, TYPED)).status_code == 302
        client.login(username="manager", password=PASSWORD)
        page = page_of(client.get(url(stage)))
        assert "Uw tekst is er nog" in page
        assert page.count(f"{TYPED}</textarea>") == 1
        assert not ReportText.objects.exists()
        client.post(url(stage), fields(stage, TYPED))
        assert "Uw tekst is er nog" not in page_of(client.get(url(stage)))

    def test_the_text_of_the_report_before_is_at_hand(self, stage: Stage, as_manager: Client) -> None:
        write(stage, "Van toen")
        write(stage, "Toen over inkomen", "P4")
        adopt(stage.open_round)
        correct(
            round_=stage.open_round,
            actor=stage.people.manager,
            origin=SITE,
            edition=1,
            goals={},
            introductions={0: "Van toen, verbeterd"},
            reason="Een tikfout",
        )
        following = make_round(stage.plan, 2024, 1)
        make_updates(following, [stage.goals["P4.1"]])
        parts = text_parts(following)
        assert parts.last_label == "tweede half jaar 2023"
        assert {part.title: part.last for part in parts.parts if part.last} == {
            "Inleiding van het rapport": "Van toen, verbeterd",
            "Pijler 4: Inkomen": "Toen over inkomen",
        }
        address = f"{reverse('report_texts', args=[following.pk])}?deel=inleiding"
        taken = as_manager.post(address, {**fields(stage, TYPED), "action": "take_over"})
        both = f"{TYPED}\n\nVan toen, verbeterd"
        assert f"{both}</textarea>" in page_of(taken)
        again = as_manager.post(address, {**fields(stage, both), "action": "take_over"})
        assert f"{both}</textarea>" in page_of(again)
        assert not ReportText.objects.filter(round=following).exists()

    def test_the_text_of_a_theme_that_lost_its_goals_stays_and_says_so(self, stage: Stage, as_manager: Client) -> None:
        write(stage, "Over inkomen", "P4")
        assert "komt niet in het rapport" not in page_of(as_manager.get(url(stage)))
        elsewhere = Theme.objects.create(programme=stage.programme, name="Elders", position=9)
        Goal.objects.filter(theme=stage.themes["P4"]).update(theme=elsewhere)
        page = page_of(as_manager.get(url(stage)))
        assert "Over inkomen</textarea>" in page
        assert page.count("Deze tekst komt niet in het rapport") == 1
        document = build_report(stage.open_round, today=timezone.localdate())
        assert "Over inkomen" not in {theme.introduction for theme in document.themes}
        as_manager.post(url(stage, str(stage.themes["P4"].pk)), fields(stage, "", version=1))
        assert text_of(stage.open_round, stage.themes["P4"]).text == ""
        # What was emptied needs no place nor a warning any more.
        assert "komt niet in het rapport" not in page_of(as_manager.get(url(stage)))

    def test_what_was_typed_when_the_round_was_adopted_can_be_copied(self, stage: Stage, as_manager: Client) -> None:
        adopt(stage.open_round)
        response = as_manager.post(url(stage), fields(stage, TYPED))
        assert response.status_code == 403
        assert TYPED in page_of(response)
        assert "de teksten liggen vast" in page_of(response)
        assert as_manager.get(url(stage))["Location"] == stage.open_round.get_absolute_url()

    def test_a_part_that_is_not_there_is_not_there(self, stage: Stage, as_manager: Client) -> None:
        other = Theme.objects.create(programme=stage.programme, name="Zonder doelen", position=9)
        for part in ("", "nee", str(other.pk), "9" * 30):
            assert as_manager.post(url(stage, part), fields(stage, TYPED)).status_code == 404

    @pytest.mark.parametrize("count", [0, 6])
    def test_queries_do_not_grow_with_themes(
        self, stage: Stage, as_manager: Client, django_assert_num_queries, count: int
    ) -> None:
        for number in range(count):
            theme = Theme.objects.create(programme=stage.programme, name=f"Onderdeel {number}", position=9)
            Goal.objects.create(plan=stage.plan, theme=theme, text=f"Doel {number}")
            ReportText.objects.create(round=stage.open_round, theme=theme, text=TYPED, changed_at=timezone.now())
        with django_assert_num_queries(10):
            as_manager.get(url(stage))

    def test_adopting_shows_the_texts(self, stage: Stage, as_manager: Client) -> None:
        address = reverse("adopt_round", args=[stage.open_round.pk])
        assert "nog geen inleiding" in page_of(as_manager.get(address))
        write(stage, TYPED)
        assert TYPED in page_of(as_manager.get(address))


class TestCorrecting:
    def correct(self, stage: Stage, **texts: Any) -> None:
        correct(
            round_=ReportingRound.objects.get(pk=stage.open_round.pk),
            actor=stage.people.manager,
            origin=SITE,
            edition=1,
            goals={},
            reason="Een tikfout",
            **texts,
        )

    def test_a_correction_changes_a_text_and_nothing_else(self, stage: Stage) -> None:
        write(stage, TYPED)
        adopt(stage.open_round)
        first = report_of(stage.open_round)[0]
        self.correct(stage, introductions={2: "Over inkomen"})
        document = report_of(stage.open_round)[0]
        assert [theme.introduction for theme in document.themes] == ["", "Over inkomen", ""]
        assert (document.introduction, document.edition, document.counts) == (TYPED, 2, first.counts)

    def test_a_text_out_of_place_or_with_personal_data_is_refused(self, stage: Stage) -> None:
        adopt(stage.open_round)
        with pytest.raises(Refused, match="niet in het rapport"):
            self.correct(stage, introductions={4: TYPED})
        with pytest.raises(Exception) as invalid:
            self.correct(stage, introductions={0: f"Nummer {BSN}"})
        assert list(invalid.value.introductions) == [0]
        with pytest.raises(Refused, match="niets gewijzigd"):
            self.correct(stage, introductions={0: ""})
