"""The chart of an indicator: where its numbers stand."""

import datetime
from decimal import Decimal

import pytest

from monitoring.indicator_chart import TEXT_ABOVE, TEXT_BESIDE, TEXT_LEVEL, build_chart
from monitoring.indicator_judgement import WITHIN, Bounds, Judgement, Norm, Point

pytestmark = pytest.mark.pure

FIRST, LAST = datetime.date(2023, 12, 31), datetime.date(2026, 12, 31)


@pytest.mark.parametrize(
    ("measured", "day", "place"),
    [
        # 25 is the upper bound on the same day: its sign is where the number would stand.
        ("22", FIRST, (TEXT_BESIDE, TEXT_LEVEL)),
        ("12", FIRST, (0, TEXT_ABOVE)),
        # Beside the last sign a number would leave the plot.
        ("22", LAST, (0, TEXT_ABOVE)),
    ],
)
def test_a_number_stands_beside_its_sign_when_another_sign_is_right_above(
    measured: str, day: datetime.date, place: tuple[int, int]
) -> None:
    targets = tuple(Bounds(day, Decimal(0), Decimal(25)) for day in (FIRST, LAST))
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
