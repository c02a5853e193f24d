"""Commitments to and from a workbook: out and back is nothing new, and nothing is written when something is wrong."""

import io
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from din.models import Goal
from monitoring.commitments import Moved
from monitoring.models import AuditLine, Commitment
from tests.cast import PROPOSED_TEXT, Stage, make_commitment, make_plan, make_programme
from tests.conftest import LogIn
from tests.din.reading.workbooks import as_xlsx, workbook


@pytest.fixture
def manager(stage: Stage, log_in: LogIn) -> Client:
    return log_in(stage.people.manager)


def exported(stage: Stage, client: Client) -> bytes:
    return client.get(reverse("export_commitments", args=[stage.programme.slug])).content


def offer(stage: Stage, client: Client, content: bytes) -> Any:
    upload = io.BytesIO(content)
    upload.name = "toezeggingen.xlsx"
    return client.post(reverse("import_commitments", args=[stage.programme.slug]), {"workbook": upload})


def rows(*lines: tuple[object, ...]) -> bytes:
    return as_xlsx(workbook({"Lijst": lines}))


def confirm(stage: Stage, client: Client, preview: Any) -> Any:
    address = reverse("import_commitments", args=[stage.programme.slug])
    return client.post(address, {"table": preview.context["table"]})


def cells(content: bytes) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_out_and_back_changes_nothing(stage: Stage, manager: Client) -> None:
    stage.motion.goals.add(stage.goals[""])
    found = offer(stage, manager, exported(stage, manager)).context["found"]
    assert (found.findings, found.added, found.changed, found.unchanged) == ((), (), (), 2)


def test_out_and_back_keeps_paragraphs_and_every_goal_of_a_number(stage: Stage, manager: Client) -> None:
    later = make_plan(stage.programme, year=2024)
    again = Goal.objects.create(plan=later, theme=stage.themes["P4"], number=1, text="Schuldhulp start meteen")
    stage.motion.goals.add(again)
    Commitment.objects.filter(pk=stage.motion.pk).update(
        title="Maatjes  voor jongeren", text="Eerste alinea\n\nTweede  alinea", made_by="de  raad"
    )
    found = offer(stage, manager, exported(stage, manager)).context["found"]
    assert (found.findings, found.added, found.changed, found.unchanged) == ((), (), (), 2)


def test_out_and_back_tells_two_of_the_same_name_apart(stage: Stage, manager: Client) -> None:
    first, second = (make_commitment(stage.programme, title="Jaarlijkse brief", text=text) for text in ("Een", "Twee"))
    content = exported(stage, manager)
    found = offer(stage, manager, content).context["found"]
    assert (found.findings, found.added, found.changed, found.unchanged) == ((), (), (), 4)
    columns = [("Titel", "Tekst", "Kenmerk"), *((row[2], row[3], row[12]) for row in cells(content)[1:])]
    changed = [("Brief van december", "Drie", row[2]) if row[1] == "Twee" else row for row in columns]
    preview = offer(stage, manager, rows(*changed))
    assert confirm(stage, manager, preview).status_code == 302
    texts = Commitment.objects.filter(number="").values_list("pk", "title", "text")
    assert set(texts) == {(first.pk, "Jaarlijkse brief", "Een"), (second.pk, "Brief van december", "Drie")}


def test_a_key_is_enough_and_keeps_what_the_workbook_has_no_column_for(stage: Stage, manager: Client) -> None:
    preview = offer(stage, manager, rows(("Kenmerk", "Titel"), (stage.motion.pk, "Maatjes voor iedereen")))
    (changed,) = preview.context["found"].changed
    assert changed.changes == ["titel"]
    # The key may stand in the wrong row: what it names is shown.
    assert "Heet nu: Maatjes voor jongeren (23bb000101)" in preview.content.decode()
    assert confirm(stage, manager, preview).status_code == 302
    motion = Commitment.objects.get(pk=stage.motion.pk)
    assert (motion.title, motion.kind, motion.number) == ("Maatjes voor iedereen", "motie", "23bb000101")


def test_a_name_that_two_have_and_a_key_that_is_not_there_are_refused(stage: Stage, manager: Client) -> None:
    for _ in range(2):
        make_commitment(stage.programme, title="Jaarlijkse brief")
    stranger = make_commitment(make_programme("Ander", "ander"), title="Van een ander programma")
    content = rows(
        ("Titel", "Kenmerk"),
        ("Jaarlijkse brief", None),
        ("Van een ander programma", stranger.pk),
        ("Onzin", "x1"),
        ("Eerste keer", stage.motion.pk),
        ("Tweede keer", stage.motion.pk),
    )
    findings = offer(stage, manager, content).context["found"].findings
    assert [finding.source for finding in findings] == ["Lijst!A2", "Lijst!B3", "Lijst!B4", "Lijst!A5", "Lijst!A6"]
    assert "Geef in de kolom Kenmerk aan welke" in findings[0].message
    assert "niet van een regel in dit programma" in findings[1].message
    assert findings[3].message == "‘Maatjes voor jongeren’ staat er meer dan één keer."


def test_a_number_that_is_linked_already_stands_for_the_same_goals(stage: Stage, manager: Client) -> None:
    later = make_plan(stage.programme, year=2024)
    Goal.objects.create(plan=later, theme=stage.themes["P4"], number=1, text="Schuldhulp start meteen")
    content = rows(("Soort", "Nummer", "Titel", "Doelen"), ("motie", "23bb000101", "Maatjes voor jongeren", "P4.1"))
    (changed,) = offer(stage, manager, content).context["found"].changed
    assert changed.facts.goals == {stage.goals["P4.1"].pk}


def test_the_council_takes_out_what_it_may_know(stage: Stage, log_in: LogIn, manager: Client) -> None:
    council = cells(exported(stage, log_in(stage.people.councillor)))
    assert {row[9] for row in council[1:]} == {"open"}
    assert PROPOSED_TEXT not in str(council)
    assert PROPOSED_TEXT in str(cells(exported(stage, manager)))


def test_a_text_is_never_a_formula(stage: Stage, manager: Client) -> None:
    make_commitment(stage.programme, title="=1+1", text="@kwaad")
    sheet = openpyxl.load_workbook(io.BytesIO(exported(stage, manager))).active
    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1")
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_new_and_changed_are_shown_first_and_written_when_confirmed(stage: Stage, manager: Client) -> None:
    content = rows(
        ("Soort", "Nummer", "Titel", "Eigenaar", "Afdoen voor", "Doelen", "Stand", "Afgedaan op"),
        ("motie", "23bb000101", "Maatjes voor iedereen", stage.department.name, "1-7-2023", "P1.1; P4.2", "open"),
        ("aanbeveling", "22bb1", "Meet het effect", None, None, "p1.2", "afgedaan", "1 mei 2023"),
    )
    preview = offer(stage, manager, content)
    found = preview.context["found"]
    assert found.findings == ()
    assert [one.facts.title for one in found.added] == ["Meet het effect"]
    assert found.changed[0].changes == ["titel", "afdoen voor", "doelen"]
    assert Commitment.objects.count() == 2
    already = AuditLine.objects.count()
    assert confirm(stage, manager, preview).status_code == 302
    changed = Commitment.objects.get(pk=stage.motion.pk)
    assert (changed.title, str(changed.deadline)) == ("Maatjes voor iedereen", "2023-07-01")
    assert set(changed.goals.all()) == {stage.goals["P1.1"], stage.goals["P4.2"]}
    assert changed.text == stage.motion.text, "a column that is not there changes nothing"
    added = Commitment.objects.get(number="22bb1")
    assert (added.state, str(added.settled_on), added.kind) == ("settled", "2023-05-01", "aanbeveling")
    assert [line.action for line in AuditLine.objects.order_by("pk")[already:]] == ["create", "change"]


def test_every_finding_is_told_with_its_cell_and_nothing_is_written(stage: Stage, manager: Client) -> None:
    content = rows(
        ("Soort", "Titel", "Datum", "Eigenaar", "Doelen", "Stand", "Afgedaan op"),
        ("belofte", "A", "ooit", "Niemand", "Q9.9", "misschien", None),
        ("motie", None, None, None, None, "afgedaan", None),
        ("motie", "B"),
        ("motie", "B"),
    )
    response = offer(stage, manager, content)
    found = {finding.source for finding in response.context["found"].findings}
    assert response.status_code == 422
    wrong_cells = {"A2", "C2", "D2", "E2", "F2", "B3", "G3", "A4", "A5"}
    assert found == {f"Lijst!{cell}" for cell in wrong_cells}
    assert confirm(stage, manager, response).status_code == 409
    assert Commitment.objects.count() == 2


def test_the_state_of_what_is_there_is_not_changed_by_a_workbook(stage: Stage, manager: Client) -> None:
    content = rows(("Soort", "Nummer", "Titel", "Stand"), ("motie", "23bb000101", "Maatjes voor jongeren", "afgedaan"))
    (finding,) = offer(stage, manager, content).context["found"].findings
    assert "Wijzig die op de pagina zelf" in finding.message


def test_what_moved_since_the_preview_is_shown_again(stage: Stage, manager: Client) -> None:
    content = rows(("Soort", "Nummer", "Titel"), ("motie", "23bb000101", "Anders"))
    preview = offer(stage, manager, content)
    Commitment.objects.filter(pk=stage.motion.pk).update(version=5)
    assert confirm(stage, manager, preview).status_code == 409
    assert Commitment.objects.get(pk=stage.motion.pk).title == "Maatjes voor jongeren"


def test_what_moves_while_it_is_written_is_shown_again(
    stage: Stage, manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def moved(*_: object, **__: object) -> None:
        raise Moved(stage.motion)

    monkeypatch.setattr("monitoring.commitment_import.change", moved)
    content = rows(("Soort", "Nummer", "Titel"), ("motie", "23bb000101", "Anders"), ("motie", "", "Nieuw"))
    assert confirm(stage, manager, offer(stage, manager, content)).status_code == 409
    assert Commitment.objects.count() == 2


def test_personal_data_is_held_back_with_its_row(stage: Stage, manager: Client) -> None:
    preview = offer(stage, manager, rows(("Titel",), ("Bel 06-12345678",), ("Gewoon",)))
    response = confirm(stage, manager, preview)
    assert response.status_code == 422
    assert "Lijst!A2" in response.context["error"]
    assert Commitment.objects.count() == 2


def test_a_preview_of_one_programme_is_not_for_another(stage: Stage, manager: Client) -> None:
    preview = offer(stage, manager, rows(("Titel",), ("Nieuw",)))
    other = type(stage.programme).objects.create(name="Ander", slug="ander", first_year=2021, last_year=2026)
    other.managers.add(stage.people.manager)
    address = reverse("import_commitments", args=[other.slug])
    assert manager.post(address, {"table": preview.context["table"]}).status_code == 422
    assert Commitment.objects.count() == 2


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.7", b"a;b"])
def test_what_is_no_workbook_is_refused(stage: Stage, manager: Client, content: bytes) -> None:
    assert offer(stage, manager, content).status_code == 422


def test_a_preview_costs_as_many_queries_for_many_rows(
    stage: Stage, manager: Client, django_assert_num_queries
) -> None:
    small = rows(("Titel",), ("A",))
    large = rows(("Titel",), *((f"Toezegging {index}",) for index in range(60)))
    for content in (small, large):
        with django_assert_num_queries(12):
            offer(stage, manager, content)


@pytest.mark.parametrize("count", [1, 20])
def test_the_way_out_costs_as_many_queries_for_many(
    stage: Stage, manager: Client, django_assert_num_queries, count: int
) -> None:
    for index in range(count):
        goals = [stage.goals["P1.1"], stage.goals["P4.1"]]
        make_commitment(stage.programme, title=f"Toezegging {index}", owner=stage.neighbours, goals=goals)
    with django_assert_num_queries(7):
        assert len(cells(exported(stage, manager))) == count + 3
