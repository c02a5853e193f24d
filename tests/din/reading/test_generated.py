"""Hundreds of workbooks in random layouts read as the plan they were made from."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from din.reading import read_in_process, read_workbook
from tests.din.reading.generated import YEAR, Made, make
from tests.din.reading.workbooks import warned

pytestmark = pytest.mark.pure

BATCHES, EACH = 20, 20


def assert_read_as_made(made: Made, reading) -> None:
    found = reading.as_json()
    assert found["errors"] == [], made.layout
    for part, expected in made.expected.items():
        assert found[part] == expected, (part, made.layout)
    for words in made.warnings:
        assert warned(reading, words), (words, made.layout)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_generated_workbooks_read_as_the_plan_they_were_made_from(batch):
    for number in range(EACH):
        made = make(random.Random(batch * EACH + number))
        assert_read_as_made(made, read_in_process(made.data, YEAR))


def test_a_generated_workbook_reads_the_same_in_the_child():
    made = make(random.Random(1))
    assert_read_as_made(made, read_workbook(made.data, year=YEAR))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False))
def test_any_plan_in_any_layout_reads_back(rng):
    made = make(rng)
    assert_read_as_made(made, read_in_process(made.data, YEAR))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.sampled_from(["smart_goal", "effort", "er_goal", "ambition"]))
def test_no_text_makes_a_cell_fail(text, level):
    from din.reading.items import split_items
    from din.text import clean

    cleaned = clean(text)
    if cleaned:
        assert all(item.text for item in split_items(cleaned, level).items)
