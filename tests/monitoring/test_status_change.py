"""When a goal does better or worse: every pair of standings, as a table."""

import pytest

from monitoring.standing import LABELS
from monitoring.status_change import BEST_FIRST, DROPPED, WITHOUT_STATUS, WORDS, Change, change_between

pytestmark = pytest.mark.pure

ABSENT = "absent"
# What became of a goal: down how it stood before, across how it stands after. + better, - worse, = the same,
# n new, e ended, ? cannot be compared, x there is no such goal.
TABLE = """
                achieved on_track not_started delayed at_risk not_achieved dropped awaited not_delivered absent
achieved        =        -        -           -       -       -            e       ?       ?             =
on_track        +        =        -           -       -       -            e       ?       ?             e
not_started     +        +        =           -       -       -            e       ?       ?             e
delayed         +        +        +           =       -       -            e       ?       ?             e
at_risk         +        +        +           +       =       -            e       ?       ?             e
not_achieved    +        +        +           +       +       =            e       ?       ?             e
dropped         n        n        n           n       n       n            =       n       n             =
awaited         ?        ?        ?           ?       ?       ?            e       ?       ?             e
not_delivered   ?        ?        ?           ?       ?       ?            e       ?       ?             e
absent          n        n        n           n       n       n            e       n       n             x
"""
SIGNS = {
    "+": Change.BETTER,
    "-": Change.WORSE,
    "=": Change.SAME,
    "n": Change.NEW,
    "e": Change.ENDED,
    "?": Change.UNKNOWN,
}
HEADER, *ROWS = TABLE.strip().splitlines()
CELLS = [
    (cells[0], after, sign)
    for cells in (row.split() for row in ROWS)
    for after, sign in zip(HEADER.split(), cells[1:], strict=True)
]


def standing(name: str) -> str | None:
    return None if name == ABSENT else name


@pytest.mark.parametrize(("before", "after", "sign"), CELLS)
def test_every_pair_has_its_change(before: str, after: str, sign: str) -> None:
    if sign == "x":
        with pytest.raises(ValueError, match="neither"):
            change_between(None, None)
    else:
        assert change_between(standing(before), standing(after)) is SIGNS[sign]


def test_the_table_has_every_standing_that_there_is() -> None:
    names = {*LABELS, ABSENT}
    assert {(before, after) for before, after, _ in CELLS} == {(one, other) for one in names for other in names}
    assert {*BEST_FIRST, DROPPED, *WITHOUT_STATUS} == set(LABELS)


def test_turning_the_rounds_around_turns_better_into_worse() -> None:
    opposite = {Change.BETTER: Change.WORSE, Change.WORSE: Change.BETTER, Change.SAME: Change.SAME}
    for one in BEST_FIRST:
        for other in BEST_FIRST:
            assert change_between(other, one) is opposite[change_between(one, other)]


def test_a_standing_that_nobody_knows_is_an_error() -> None:
    with pytest.raises(ValueError, match="not in tuple"):
        change_between("on_track", "purple")


def test_every_change_has_a_word_in_the_order_of_the_page() -> None:
    assert list(WORDS) == list(Change)
