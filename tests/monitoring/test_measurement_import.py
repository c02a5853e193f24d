"""Measurements from a workbook and back: shown before written, all findings at once, and no formula."""

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from din.reading.table import Table
from monitoring.measurement_import import MEASUREMENTS
from monitoring.measurements import Moved
from monitoring.models import AuditLine, Indicator, Measurement
from tests.cast import Stage, make_programme
from tests.conftest import LogIn
from tests.indicators import make_indicator, make_measurement, make_target

HEADINGS = ("Indicator", "Deel", "Periode", "Waarde", "Bron", "Opmerking")


@pytest.fixture
def mentors(stage: Stage) -> Indicator:
    return make_indicator(stage.programme, "Mentoren", unit="%", decimals=2, frequency="half_year")


@pytest.fixture
def client(stage: Stage, log_in: LogIn) -> Client:
    return log_in(stage.people.manager)


def workbook(*rows: Sequence[object], headings: Sequence[str] = HEADINGS) -> io.BytesIO:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Blad"
    for row in (headings, *rows):
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    stream.name = "metingen.xlsx"
    return stream


def address(stage: Stage, name: str = "import_measurements") -> str:
    return reverse(name, args=[stage.programme.slug])


def preview(stage: Stage, client: Client, *rows: Sequence[object]) -> Any:
    return client.post(address(stage), {"workbook": workbook(*rows)})


def confirm(stage: Stage, client: Client, shown: Any) -> HttpResponse:
    return client.post(address(stage), {"table": shown.context["table"]})


def findings(response: Any) -> list[tuple[str | None, str]]:
    return [(finding.source, finding.message) for finding in response.context["found"].findings]


def test_what_is_new_and_what_changes_is_shown_and_then_written(
    stage: Stage, mentors: Indicator, client: Client
) -> None:
    make_measurement(mentors, "2022-H2", 5, round_=stage.open_round)
    make_measurement(mentors, "2022-H1", 4, round_=stage.open_round)
    shown = preview(
        stage,
        client,
        ("Mentoren", "", "2022-H1", 4, "", ""),
        ("mentoren", None, "2022-H2", "1.031,25", "telling", "later"),
        ("Mentoren", None, "2023-H1", 48.33, "", ""),
    )
    assert shown.status_code == 200
    found = shown.context["found"]
    assert [(one.period.code, one.value_label) for one in found.added] == [("2023-H1", "48,33%")]
    assert [(one.before_label, one.value_label) for one in found.changed] == [("5,00%", "1.031,25%")]
    assert found.unchanged == 1
    assert Measurement.objects.count() == 2
    lines = AuditLine.objects.count()
    assert confirm(stage, client, shown).status_code == 302
    assert sorted(Measurement.objects.values_list("value", flat=True)) == [4, Decimal("48.33"), Decimal("1031.25")]
    assert set(Measurement.objects.values_list("round", flat=True)) == {stage.open_round.pk}
    assert AuditLine.objects.count() == lines + 2


def test_everything_that_is_wrong_is_told_at_once_and_nothing_is_written(
    stage: Stage, mentors: Indicator, client: Client
) -> None:
    terms = make_indicator(stage.programme, "Termijnen")
    make_indicator(stage.programme, "Vier weken", part_of=terms)
    make_measurement(mentors, "2021-H1", 3, round_=stage.adopted_round)
    shown = preview(
        stage,
        client,
        ("Onbekend", "", "2022-H1", 4),
        ("Termijnen", "", "2022", 4),
        ("Mentoren", "", "2022", "veel"),
        ("Mentoren", "", "2022-H3", 1),
        ("Mentoren", "", "2099-H1", 1),
        ("Mentoren", "", "2022-H2", 1),
        ("Mentoren", "", "2022-H2", 2),
        ("Mentoren", "", "2021-H1", 9),
        ("Mentoren", "", "2020-H1", 9),
    )
    assert shown.status_code == 422
    assert [place for place, _ in findings(shown)] == [
        "Blad!A2",
        "Blad!B3",
        "Blad!C4",
        "Blad!D4",
        "Blad!C5",
        "Blad!C6",
        "Blad!F9",
        "Blad!A7",
        "Blad!A8",
    ]
    assert confirm(stage, client, shown).status_code == 409
    assert Measurement.objects.count() == 1


def test_what_moved_since_the_preview_is_shown_again(stage: Stage, mentors: Indicator, client: Client) -> None:
    shown = preview(stage, client, ("Mentoren", "", "2022-H2", 1))
    made = make_measurement(mentors, "2022-H2", 7, round_=stage.open_round)
    answer = confirm(stage, client, shown)
    assert answer.status_code == 409
    made.refresh_from_db()
    assert made.value == 7


def test_a_row_that_has_come_to_be_about_something_else_is_shown_again(
    stage: Stage, mentors: Indicator, client: Client
) -> None:
    other = make_indicator(stage.programme, "Begeleiders", unit="%", decimals=2, frequency="half_year")
    shown = preview(stage, client, ("Mentoren", "", "2022-H2", 1))
    for indicator, name in ((mentors, "Coaches"), (other, "Mentoren")):
        Indicator.objects.filter(pk=indicator.pk).update(name=name)
    assert confirm(stage, client, shown).status_code == 409
    assert not Measurement.objects.exists()


def test_a_preview_that_was_tampered_with_is_refused(stage: Stage, mentors: Indicator, client: Client) -> None:
    shown = preview(stage, client, ("Mentoren", "", "2022-H2", 1))
    sent = shown.context["table"]
    assert client.post(address(stage), {"table": f"{sent[:-2]}xx"}).status_code == 422
    assert not Measurement.objects.exists()


def test_what_moves_while_it_is_written_is_shown_again(
    stage: Stage, mentors: Indicator, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_measurement(mentors, "2022-H2", 7, round_=stage.open_round)

    def moved(**_: object) -> None:
        raise Moved(made)

    monkeypatch.setattr("monitoring.measurement_import.change_measurement", moved)
    shown = preview(stage, client, ("Mentoren", "", "2022-H1", 4), ("Mentoren", "", "2022-H2", 1))
    assert confirm(stage, client, shown).status_code == 409
    assert Measurement.objects.get() == made


def test_personal_data_in_a_row_holds_everything_back(stage: Stage, mentors: Indicator, client: Client) -> None:
    rows = [("Mentoren", "", "2022-H1", 1), ("Mentoren", "", "2022-H2", 1, "", "dossier 123456782")]
    shown = preview(stage, client, *rows)
    answer = confirm(stage, client, shown)
    assert answer.status_code == 422
    assert "Blad!A3" in answer.content.decode()
    assert not Measurement.objects.exists()


def test_no_workbook_is_refused_with_a_sentence(stage: Stage, mentors: Indicator, client: Client) -> None:
    damaged = io.BytesIO(b"PK\x03\x04 geen werkboek")
    damaged.name = "stuk.xlsx"
    shown = client.post(address(stage), {"workbook": damaged})
    assert shown.status_code == 422
    assert len(findings(shown)) == 1


def test_the_export_can_be_read_back_and_holds_no_formula(stage: Stage, mentors: Indicator, client: Client) -> None:
    make_measurement(mentors, "2022-H1", "1031.5", round_=stage.open_round, note='=HYPERLINK("http://kwaad")')
    note = "Eerste alinea\n\nTweede  alinea"
    make_measurement(mentors, "2022-H2", "48.33", round_=stage.open_round, source="+telling", note=note)
    part = make_indicator(stage.programme, "Deel", part_of=make_indicator(stage.programme, "Termijnen"))
    make_measurement(part, "2022", 3, round_=stage.adopted_round)
    make_target(mentors, "2024-12-31", 50)
    answer = client.get(address(stage, "export_measurements"))
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["Metingen", "Streefwaarden"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    stream = io.BytesIO(answer.content)
    stream.name = "metingen.xlsx"
    shown: Any = client.post(address(stage), {"workbook": stream})
    assert findings(shown) == []
    assert (shown.context["found"].unchanged, shown.context["found"].added, shown.context["found"].changed) == (
        3,
        (),
        (),
    )


def test_the_template_names_every_indicator_that_can_be_measured(
    stage: Stage, mentors: Indicator, client: Client
) -> None:
    make_indicator(stage.programme, "Deel", part_of=make_indicator(stage.programme, "Termijnen"))
    book = openpyxl.load_workbook(io.BytesIO(client.get(address(stage, "measurement_template")).content))
    rows = list(book["Metingen"].iter_rows(values_only=True))
    assert rows[0] == HEADINGS
    assert sorted((row[0], row[1]) for row in rows[1:]) == [("Mentoren", None), ("Termijnen", "Deel")]


def test_a_column_that_is_not_there_changes_nothing(stage: Stage, mentors: Indicator, client: Client) -> None:
    made = make_measurement(mentors, "2022-H2", 5, round_=stage.open_round, source="telling", note="in mei")
    sheet = workbook(("Mentoren", "2022-H2", 6), headings=("Indicator", "Periode", "Waarde"))
    assert confirm(stage, client, client.post(address(stage), {"workbook": sheet})).status_code == 302
    made.refresh_from_db()
    assert (made.value, made.source, made.note) == (6, "telling", "in mei")


@pytest.mark.parametrize("person", ["owner", "councillor", "outsider"])
def test_only_a_manager_writes_what_a_workbook_says(stage: Stage, person: str) -> None:
    actor = getattr(stage.people, person)
    with pytest.raises(PermissionDenied):
        MEASUREMENTS.write_all(Table(), stage.programme, seen="", actor=actor, origin=AuditLine.Origin.SITE)


def test_too_many_rows_are_refused_before_they_are_read(
    stage: Stage, mentors: Indicator, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitoring.table_import.MOST_ROWS", 1)
    assert findings(preview(stage, client, ("Mentoren", "", "2022-H2", 1))) == []
    shown = preview(stage, client, ("Mentoren", "", "2022-H1", 1), ("Mentoren", "", "2022-H2", 1))
    assert [message for _, message in findings(shown)] == [
        "Het blad heeft meer dan 1 rijen. Deel het in kleinere bestanden."
    ]


@pytest.mark.parametrize("count", [1, 20])
def test_what_is_read_does_not_depend_on_how_much_there_is(
    stage: Stage, client: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    whole = make_indicator(stage.programme, "Termijnen")
    for index in range(count):
        part = make_indicator(stage.programme, f"Deel {index}", part_of=whole)
        make_measurement(part, "2022", index, round_=stage.open_round)
        make_target(part, "2024-12-31", 50)
    rows = [("Termijnen", f"Deel {index}", "2022", 50) for index in range(count)]
    with django_assert_num_queries(9):
        assert len(preview(stage, client, *rows).context["found"].changed) == count
    with django_assert_num_queries(9):
        client.get(address(stage, "export_measurements"))
    with django_assert_num_queries(7):
        client.get(address(stage, "measurement_template"))


def test_a_preview_of_one_programme_is_not_for_another(stage: Stage, mentors: Indicator, client: Client) -> None:
    shown = preview(stage, client, ("Mentoren", "", "2022-H2", 1))
    other = make_programme("Ander", "ander")
    other.managers.add(stage.people.manager)
    make_indicator(other, "Mentoren", frequency="half_year")
    answer = client.post(reverse("import_measurements", args=["ander"]), {"table": shown.context["table"]})
    assert answer.status_code == 422
    assert not Measurement.objects.exists()
