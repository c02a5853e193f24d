"""The chart of an indicator: where its numbers stand."""

import datetime
from decimal import Decimal

import pytest

from monitoring.indicator_chart import TEXT_ABOVE, TEXT_BESIDE, TEXT_LEVEL, build_chart
from monitoring.indicator_judgement import WITHIN, Bounds, Judgement, Norm, Point

pytestmark = pytest.mark.pure

FIRST, MIDDLE, LAST = (datetime.date(year, 12, 31) for year in (2023, 2024, 2026))


@pytest.mark.parametrize(
    ("measured", "day", "place"),
    [
        # 25 is the upper bound on the same day: its sign is where the number would stand.
        ("22", MIDDLE, (TEXT_BESIDE, TEXT_LEVEL)),
        ("12", MIDDLE, (0, TEXT_ABOVE)),
        # The numbers of the axis stand to the left of the first day.
        ("12", FIRST, (TEXT_BESIDE, TEXT_LEVEL)),
        # Beside the last sign a number would leave the plot, and so would a long one beside an earlier sign.
        ("22", LAST, (0, TEXT_ABOVE)),
        ("22.000000000000000000000000000000000000001", MIDDLE, (0, TEXT_ABOVE)),
    ],
)
def test_a_number_stands_above_its_sign_or_beside_it_where_something_is_in_its_way(
    measured: str, day: datetime.date, place: tuple[int, int]
) -> None:
    targets = tuple(Bounds(day, Decimal(0), Decimal(25)) for day in (FIRST, MIDDLE, LAST))
    chart = build_chart(
        title="Woningen",
        points=[Point("2023", day, Decimal(measured), 1, 1, targets[0], Judgement.REACHED)],
        norm=Norm(WITHIN, None, targets),
        value_label=str,
        bounds_label=str,
    )
    assert chart is not None
    (mark,) = (mark for mark in chart.marks if mark.shape == "measured")
    assert (mark.text_x, mark.text_y) == place
