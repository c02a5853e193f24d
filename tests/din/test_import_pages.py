"""The import in the browser: upload, preview, confirm; and what a careless or hostile upload meets."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from din.models import Goal, Plan, WorkbookImport
from din.reading.limits import PACKED_BYTES
from tests.cast import Stage
from tests.conftest import LogIn
from tests.din.workbooks import workbook

SAMPLE = (Path(__file__).parent / "samples" / "schone-stad-2025.xlsx").read_bytes()
BROKEN = (Path(__file__).parent / "samples" / "zonder-koprij.xlsx").read_bytes()


@pytest.fixture
def as_manager(stage: Stage, log_in: LogIn) -> Client:
    return log_in(stage.people.manager)


def upload(
    client: Client, stage: Stage, content: bytes = SAMPLE, *, name: str = "din.xlsx", year: str = "2025"
) -> object:
    data = {"workbook": SimpleUploadedFile(name, content), "year": year}
    return client.post(reverse("import_workbook", args=[stage.programme.slug]), data, follow=True)


def fingerprint(response: object) -> str:
    return re.search(r'name="fingerprint" value="([0-9a-f]{64})"', response.content.decode())[1]


def test_the_preview_shows_what_changes_and_writes_no_goal(stage: Stage, as_manager: Client) -> None:
    page = upload(as_manager, stage)
    text = page.content.decode()
    assert "Dit gaat er veranderen" in text
    assert "Vijf parken zijn opnieuw ingericht." in text
    assert "Opmerkingen" in text, "the column that is not read"
    assert not Plan.objects.filter(first_year=2025).exists()


def test_confirming_applies_it_once(stage: Stage, as_manager: Client) -> None:
    page = upload(as_manager, stage)
    address = page.redirect_chain[-1][0]
    as_manager.post(address, {"fingerprint": fingerprint(page)})
    assert Goal.objects.filter(plan__first_year=2025).count() == 5
    again = as_manager.post(address, {"fingerprint": fingerprint(page)})
    assert again.status_code == 409
    assert "al verwerkt" in again.content.decode()
    assert Goal.objects.filter(plan__first_year=2025).count() == 5


def test_another_fingerprint_than_was_shown_writes_nothing(stage: Stage, as_manager: Client) -> None:
    page = upload(as_manager, stage)
    response = as_manager.post(page.redirect_chain[-1][0], {"fingerprint": "0" * 64})
    assert response.status_code == 409
    assert "bevestig opnieuw" in response.content.decode()
    assert not Goal.objects.filter(plan__first_year=2025).exists()


def test_a_refused_workbook_tells_all_and_stays_in_the_log(stage: Stage, as_manager: Client) -> None:
    text = upload(as_manager, stage, BROKEN).content.decode()
    assert "Dit werkboek kan niet worden ingelezen" in text
    assert "Doorvoeren" not in text
    assert WorkbookImport.objects.get().state == "rejected"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "leeg.xlsx"),
        (b"geen werkboek", "tekst.xlsx"),
        (b"PK\x03\x04" + b"\x00" * 50, "stuk.xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "oud.xls"),
        (SAMPLE[: len(SAMPLE) // 2], "half.xlsx"),
        (SAMPLE, "../../etc/passwd"),
        (SAMPLE, "<script>alert(1)</script>.xlsx"),
        (b"", "x" * 400 + ".xlsx"),
    ],
)
def test_a_careless_upload_is_answered_in_words(stage: Stage, as_manager: Client, content: bytes, name: str) -> None:
    response = upload(as_manager, stage, content, name=name)
    assert response.status_code in (200, 422)
    assert "<script>alert" not in response.content.decode()
    assert not Goal.objects.filter(plan__first_year=2025).exists()


def test_a_file_over_the_limit_is_not_kept(stage: Stage, as_manager: Client) -> None:
    response = upload(as_manager, stage, b"\x00" * (PACKED_BYTES + 1))
    assert response.status_code == 422
    assert "groter dan 20" in response.content.decode()
    assert not WorkbookImport.objects.exists()


@pytest.mark.parametrize("year", ["", "veel", "1999", "99999999999999999999"])
def test_a_wrong_year_is_said_at_the_field(stage: Stage, as_manager: Client, year: str) -> None:
    response = upload(as_manager, stage, year=year)
    assert response.status_code == 422
    assert not WorkbookImport.objects.exists()


def test_no_file_is_said_at_the_field(stage: Stage, as_manager: Client) -> None:
    response = as_manager.post(reverse("import_workbook", args=[stage.programme.slug]), {"year": "2025"})
    assert "Kies het werkboek" in response.content.decode()


def test_a_closed_plan_is_said_in_words(stage: Stage, as_manager: Client) -> None:
    stage.plan.state = Plan.State.CLOSED
    stage.plan.save()
    page = upload(as_manager, stage, year="2023")
    response = as_manager.post(page.redirect_chain[-1][0], {"fingerprint": fingerprint(page)})
    assert response.status_code == 409
    assert "afgesloten" in response.content.decode()


def test_adopting_a_plan_shows_it_to_the_council(stage: Stage, as_manager: Client, log_in: LogIn) -> None:
    page = upload(as_manager, stage)
    as_manager.post(page.redirect_chain[-1][0], {"fingerprint": fingerprint(page)})
    plan = Plan.objects.get(first_year=2025)
    goal = plan.goals.first()
    council = log_in(stage.people.councillor)
    assert council.get(goal.get_absolute_url()).status_code == 404
    address = reverse("adopt_plan", args=[stage.programme.slug, plan.pk])
    assert as_manager.post(address).status_code == 302
    assert as_manager.post(address).status_code == 302, "a double click is no error"
    assert council.get(goal.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("with_old_goals", [False, True])
def test_a_page_of_new_goals_names_only_a_button_that_is_there(
    stage: Stage, as_manager: Client, monkeypatch: pytest.MonkeyPatch, *, with_old_goals: bool
) -> None:
    monkeypatch.setattr("din.change_sections.SHOWN", 2)
    if with_old_goals:
        page = upload(as_manager, stage, workbook([["Pijler", "SMART-doel"], ["Pijler 1: Taal", "Er is een coach"]]))
        as_manager.post(page.redirect_chain[-1][0], {"fingerprint": fingerprint(page)})
    page = upload(as_manager, stage).content.decode()
    assert 'href="?page=2#nieuw"' in page
    assert ("“Mijn keuzes bekijken”" in page) == (">Mijn keuzes bekijken</button>" in page) == with_old_goals
