"""Who waits for a long reading hears how many rows are read, also from the child process."""

import pytest

from din.reading import read_workbook, row_count
from din.reading.row_count import RowCount
from tests.din.workbooks import workbook

pytestmark = pytest.mark.pure
TWO_SHEETS = [
    [["Pijler", "SMART-doel"], *(["Pijler 1: Taal", f"Er zijn {n} cursisten"] for n in range(count))]
    for count in (3, 5)
]


def test_the_child_tells_from_none_to_all_rows() -> None:
    told: list[tuple[int, int]] = []
    reading = read_workbook(workbook(*TWO_SHEETS), year=2024, tell=lambda *rows: told.append(rows))
    assert len(reading.document.smart_goals) == 5
    assert (told[0], told[-1]) == ((0, 10), (10, 10))


def test_every_row_is_counted_but_not_every_row_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(row_count.time, "monotonic", lambda: now)
    told: list[tuple[int, int]] = []
    rows = RowCount(4, lambda *rows: told.append(rows))
    rows.add_one()
    rows.add_one()
    now = row_count.SECONDS_BETWEEN
    rows.add_one()
    rows.add_one()
    assert told == [(0, 4), (3, 4), (4, 4)]
