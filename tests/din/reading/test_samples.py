"""The sample workbooks are read to the letter, in each format that can hold them."""

import json
from pathlib import Path

import openpyxl
import pytest

from din.reading import Reading, read_in_process, read_workbook
from tests.din.reading.workbooks import as_ods, as_xls

SAMPLES = Path(__file__).parents[1] / "samples"
NAMES = ("actieplan-2023", "basisvaardigheden-2024", "schone-stad-2025", "zonder-koprij")
LISTS = ("themes", "ambitions", "er_goals", "smart_goals", "efforts")

pytestmark = pytest.mark.pure


def expected_of(name: str) -> dict:
    return json.loads((SAMPLES / f"{name}.expected.json").read_text("utf-8"))


def assert_as_expected(reading: Reading, expected: dict) -> None:
    found = reading.as_json()
    assert found["result"] == expected["result"]
    for part in LISTS:
        if part in expected:
            assert found[part] == expected[part]
    said = " ".join(it["message"] for it in found["warnings"])
    assert all(word in said for word in expected.get("expect_warning_words", ()))
    messages = " ".join(it["message"] for it in found["errors"])
    assert all(word in messages for word in expected.get("expect_message_words", ()))


@pytest.mark.parametrize("name", NAMES)
def test_sample_is_read_to_the_letter(name: str) -> None:
    expected = expected_of(name)
    data = (SAMPLES / f"{name}.xlsx").read_bytes()
    assert_as_expected(read_in_process(data, expected["year"]), expected)


@pytest.mark.parametrize("name", NAMES)
def test_the_child_process_reads_the_same(name: str) -> None:
    expected = expected_of(name)
    data = (SAMPLES / f"{name}.xlsx").read_bytes()
    assert read_workbook(data, year=expected["year"]) == read_in_process(data, expected["year"])


@pytest.mark.parametrize("convert", [as_xls, as_ods])
@pytest.mark.parametrize("name", NAMES)
def test_sample_in_another_format_reads_the_same(name: str, convert: object) -> None:
    expected = expected_of(name)
    book = openpyxl.load_workbook(SAMPLES / f"{name}.xlsx")
    assert_as_expected(read_in_process(convert(book), expected["year"]), expected)
