"""A workbook is read once: preview and confirm use what was kept, unless the reader or a choice of columns changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

import din.imports
from din import stored_reading
from din.imports import choose_columns, confirm, offer, preview, read, reading_of
from din.models import Goal, WorkbookImport
from din.reading.document import Finding, Reading, SeenColumn, SeenRow, SeenSheet
from din.stored_reading import pack, reader_mark, unpack
from din.trail import Origin
from tests.cast import make_programme
from tests.din.test_apply import DOCUMENT
from tests.din.workbooks import workbook

CONTENT = workbook([["Pijler", "SMART-doel", "Wie"], ["Pijler 1: Taal", "Er zijn 20 cursisten", "Bibliotheek"]])
WHOLE = Reading(
    DOCUMENT,
    warnings=(Finding("Blad1!A1", "Let op"), Finding(None, "Half \ud83d teken")),
    sheets=(
        SeenSheet(
            "Blad1",
            "read",
            (1,),
            ("A",),
            (SeenColumn("A", "Pijler", "theme"),),
            (SeenRow(1, "header", None, None, ("Pijler",)),),
            1,
        ),
    ),
)


@pytest.fixture
def times_read(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The workbooks that the reader was asked to read."""
    asked: list[bytes] = []
    real: Callable[..., Reading] = din.imports.read_workbook

    def counted(data: bytes, **rest: object) -> Reading:
        asked.append(data)
        return real(data, **rest)

    monkeypatch.setattr("din.imports.read_workbook", counted)
    return asked


@pytest.fixture
def another_reader(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    return lambda: monkeypatch.setattr(stored_reading, "reader_mark", lambda: "another")


def offered() -> WorkbookImport:
    reading = read(CONTENT, year=2025)
    import_ = offer(
        programme=make_programme(),
        year=2025,
        file_name="din.xlsx",
        content=CONTENT,
        reading=reading,
        actor=None,
        now=timezone.now(),
    )
    return WorkbookImport.objects.get(pk=import_.pk)


@pytest.mark.pure
@pytest.mark.parametrize("reading", [Reading(), WHOLE], ids=["empty", "whole"])
def test_what_is_packed_comes_out_the_same(reading: Reading) -> None:
    assert unpack(pack(reading)) == reading


@pytest.mark.pure
def test_what_another_reader_made_is_not_used(another_reader: Callable[[], None]) -> None:
    packed = pack(WHOLE)
    another_reader()
    assert unpack(packed) is None
    assert unpack(b"") is None, "an import from before readings were kept"


@pytest.mark.pure
def test_the_mark_is_of_all_that_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    before = reader_mark()
    read_bytes = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda self: read_bytes(self) + b"#" * (self.name == "columns.py"))
    reader_mark.cache_clear()
    try:
        assert reader_mark() != before
    finally:
        reader_mark.cache_clear()


@pytest.mark.django_db
def test_a_workbook_is_read_once_from_upload_to_confirm(times_read: list[bytes]) -> None:
    import_ = offered()
    _, change_plan = preview(import_)
    assert change_plan is not None
    confirm(import_, fingerprint=change_plan.fingerprint, actor=None, origin=Origin.SITE, now=timezone.now())
    assert Goal.objects.get().text == "Er zijn 20 cursisten"
    assert len(times_read) == 1


@pytest.mark.django_db
def test_another_reader_reads_again(times_read: list[bytes], another_reader: Callable[[], None]) -> None:
    import_ = offered()
    another_reader()
    assert preview(import_)[0].document.smart_goals[0].text == "Er zijn 20 cursisten"
    assert len(times_read) == 2


@pytest.mark.django_db
def test_another_choice_of_columns_is_read_once_more_and_kept(times_read: list[bytes]) -> None:
    import_ = offered()
    choose_columns(import_, sheet=0, columns={"C": "ignore"})
    reading, _ = preview(WorkbookImport.objects.get(pk=import_.pk))
    assert reading.document.smart_goals[0].owner is None
    assert len(times_read) == 2


def brought_again(content: bytes = CONTENT, *, year: int = 2025, **more: Any) -> Reading:
    return read(content, year=year, **more)


@pytest.mark.django_db
def test_the_same_file_is_not_read_again(times_read: list[bytes]) -> None:
    import_ = offered()
    assert brought_again() == reading_of(import_)
    assert len(times_read) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "more",
    [{"content": CONTENT + b"\0"}, {"year": 2026}, {"choices": {"Blad1": {"C": "ignore"}}}],
    ids=["other bytes", "other year", "other choices"],
)
def test_what_is_not_the_same_question_is_read(times_read: list[bytes], more: dict[str, Any]) -> None:
    offered()
    brought_again(**more)
    assert len(times_read) == 2


@pytest.mark.django_db
def test_the_same_file_is_read_again_by_another_reader(
    times_read: list[bytes], another_reader: Callable[[], None]
) -> None:
    offered()
    another_reader()
    brought_again()
    assert len(times_read) == 2


@pytest.mark.django_db
def test_a_file_that_was_refused_gets_another_chance(times_read: list[bytes]) -> None:
    import_ = offered()
    WorkbookImport.objects.filter(pk=import_.pk).update(state=WorkbookImport.State.REJECTED)
    brought_again()
    assert len(times_read) == 2


@pytest.mark.django_db
def test_choices_made_for_a_file_are_not_made_for_the_next(times_read: list[bytes]) -> None:
    import_ = offered()
    choose_columns(import_, sheet=0, columns={"C": "ignore"})
    assert brought_again().document.smart_goals[0].owner == "Bibliotheek"
    assert brought_again(choices={"Blad1": {"C": "ignore"}}).document.smart_goals[0].owner is None
    assert len(times_read) == 3, "once for the upload, once with the choice, once without it"
