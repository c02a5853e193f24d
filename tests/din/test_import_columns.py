"""The preview shows the sheets as they were read; what a person says of a column is used for this import."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from din.imports import read, reading_of
from din.models import Goal, WorkbookImport
from tests.cast import Stage
from tests.conftest import LogIn
from tests.din.test_import_pages import fingerprint
from tests.din.workbooks import workbook

UNKNOWN = workbook(
    [
        ["Pijler", "ER-doel", "Wat af moet", "Club"],
        ["Pijler 1: Taal", "Meer cursisten", "Er zijn 20 cursisten", "Bibliotheek"],
        ["Pijler 1: Taal", "Meer cursisten", "Er is een folder <b>vet</b>", ""],
    ]
)


@pytest.fixture
def as_manager(stage: Stage, log_in: LogIn) -> Client:
    return log_in(stage.people.manager)


def offered(client: Client, stage: Stage, content: bytes = UNKNOWN) -> WorkbookImport:
    data = {"workbook": SimpleUploadedFile("din.xlsx", content), "year": "2025"}
    client.post(reverse("import_workbook", args=[stage.programme.slug]), data)
    return WorkbookImport.objects.latest("pk")


def tell(client: Client, import_: WorkbookImport, *, sheet: str = "0", **columns: str) -> object:
    address = reverse("import_columns", args=[import_.programme.slug, import_.pk])
    data = {"sheet": sheet, **{f"kolom-{letter}": level for letter, level in columns.items()}}
    return client.post(address, data, follow=True)


def test_a_refused_workbook_shows_its_sheet_with_the_finding_marked(stage: Stage, as_manager: Client) -> None:
    import_ = offered(as_manager, stage)
    text = as_manager.get(import_.get_absolute_url()).content.decode()
    assert import_.state == "rejected"
    assert "Er zijn 20 cursisten" in text
    assert "&lt;b&gt;vet&lt;/b&gt;" in text
    assert 'id="cel-0-A1"' in text
    assert 'href="#cel-0-A1"' in text
    assert 'href="#melding-1"' in text


def test_saying_which_column_it_is_saves_a_refused_workbook(stage: Stage, as_manager: Client) -> None:
    import_ = offered(as_manager, stage)
    page = tell(as_manager, import_, C="smart_goal", D="")
    import_.refresh_from_db()
    assert import_.state == "previewed"
    assert import_.choices == {"Blad1": {"C": "smart_goal"}}
    assert "Dit gaat er veranderen" in page.content.decode()
    as_manager.post(import_.get_absolute_url(), {"fingerprint": fingerprint(page)})
    goals = Goal.objects.filter(plan__first_year=2025)
    assert [(goal.text, goal.owner) for goal in goals] == [
        ("Er zijn 20 cursisten", None),
        ("Er is een folder <b>vet</b>", None),
    ]
    assert read(bytes(import_.content), year=2025).result == "rejected", "without the choice it is still refused"


def test_a_column_that_is_told_later_comes_along(stage: Stage, as_manager: Client) -> None:
    import_ = offered(as_manager, stage)
    tell(as_manager, import_, C="smart_goal")
    page = tell(as_manager, import_, C="smart_goal", D="owner")
    as_manager.post(import_.get_absolute_url(), {"fingerprint": fingerprint(page)})
    assert Goal.objects.get(text="Er zijn 20 cursisten").owner.name == "Bibliotheek"


def test_another_choice_than_was_shown_is_not_confirmed(stage: Stage, as_manager: Client) -> None:
    import_ = offered(as_manager, stage)
    shown = fingerprint(tell(as_manager, import_, C="smart_goal"))
    tell(as_manager, import_, C="smart_goal", D="owner")
    response = as_manager.post(import_.get_absolute_url(), {"fingerprint": shown})
    assert response.status_code == 409
    assert not Goal.objects.filter(plan__first_year=2025).exists()


def test_taking_the_choice_back_refuses_the_workbook_again(stage: Stage, as_manager: Client) -> None:
    import_ = offered(as_manager, stage)
    tell(as_manager, import_, C="smart_goal")
    tell(as_manager, import_, C="")
    import_.refresh_from_db()
    assert (import_.state, import_.choices) == ("rejected", {})


def test_two_columns_cannot_be_one_level(stage: Stage, as_manager: Client) -> None:
    import_ = offered(as_manager, stage)
    page = tell(as_manager, import_, C="smart_goal", D="smart_goal")
    assert page.status_code == 422
    assert "Kies er één" in page.content.decode()
    import_.refresh_from_db()
    assert import_.choices == {}


def test_two_columns_may_both_be_left_out(stage: Stage, as_manager: Client) -> None:
    import_ = offered(as_manager, stage)
    tell(as_manager, import_, B="ignore", C="smart_goal", D="ignore")
    import_.refresh_from_db()
    assert import_.state == "previewed"
    assert reading_of(import_).document.er_goals == ()


@pytest.mark.parametrize("sheet", ["1", "-1", "99999999999", "", "blad"])
def test_a_sheet_that_is_not_there_is_no_choice(stage: Stage, as_manager: Client, sheet: str) -> None:
    import_ = offered(as_manager, stage)
    assert tell(as_manager, import_, sheet=sheet, C="smart_goal").status_code in (404, 422)
    import_.refresh_from_db()
    assert import_.choices == {}


def test_a_strange_level_or_column_is_passed_over(stage: Stage, as_manager: Client) -> None:
    import_ = offered(as_manager, stage)
    tell(as_manager, import_, C="smart_goal", D="__class__", ZZZZ="owner", c="effort")
    import_.refresh_from_db()
    assert import_.choices == {"Blad1": {"C": "smart_goal"}}


def test_an_applied_import_takes_no_more_choices(stage: Stage, as_manager: Client) -> None:
    import_ = offered(as_manager, stage)
    page = tell(as_manager, import_, C="smart_goal")
    as_manager.post(import_.get_absolute_url(), {"fingerprint": fingerprint(page)})
    again = tell(as_manager, import_, C="effort")
    assert again.status_code == 409
    import_.refresh_from_db()
    assert (import_.state, import_.choices) == ("applied", {"Blad1": {"C": "smart_goal"}})


@pytest.mark.parametrize("content", [b"", b"geen werkboek", b"PK\x03\x04" + b"\x00" * 50])
def test_of_a_file_that_cannot_be_opened_there_is_no_picture(stage: Stage, as_manager: Client, content: bytes) -> None:
    import_ = offered(as_manager, stage, content)
    page = as_manager.get(import_.get_absolute_url())
    assert "Zo is het werkboek gelezen" not in page.content.decode()
    assert tell(as_manager, import_, C="smart_goal").status_code == 404


def test_the_queries_of_the_preview_do_not_grow_with_the_workbook(stage: Stage, as_manager: Client) -> None:
    used = []
    for count in (3, 60):
        rows = [["Pijler", "SMART-doel"], *(["Pijler 1: Taal", f"Doel nummer {n} van velen"] for n in range(count))]
        import_ = offered(as_manager, stage, workbook(rows))
        with CaptureQueriesContext(connection) as queries:
            assert as_manager.get(import_.get_absolute_url()).status_code == 200
        used.append(len(queries))
    assert used[0] == used[1] <= 17
