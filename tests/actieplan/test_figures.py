"""Rows and cells that are written by hand: what people typed is data in every place of them."""

from __future__ import annotations

import pytest

from actieplan.templatetags.figures import bar_rows, count_cell, count_row, goal_rows
from monitoring.goal_line import GoalLine
from monitoring.standing_rows import CountCell, StandingRow
from monitoring.status_bar import make_bar

pytestmark = pytest.mark.pure

TYPED = """<b title='x'>"Wonen" & {{ werk }}</b>"""
WRITTEN = "&lt;b title=&#x27;x&#x27;&gt;&quot;Wonen&quot; &amp; {{ werk }}&lt;/b&gt;"
LINE = GoalLine(
    pk=1,
    url=TYPED,
    reference=TYPED,
    text=TYPED,
    theme=TYPED,
    theme_pk=1,
    owner=TYPED,
    owner_pk=1,
    deadline=None,
    deadline_label=TYPED,
    state="",
    standing="on_track",
    standing_label=TYPED,
    late=True,
    ended_on=None,
)
CELL = CountCell(TYPED, 3, TYPED)
ROW = StandingRow(title=TYPED, url=TYPED, bar=make_bar({}), total=CELL, cells=(CELL,), late=CELL, without_update=CELL)


@pytest.mark.parametrize(
    ("html", "places"),
    [
        # Address, reference, text, theme, owner, deadline and the word of the status.
        (goal_rows([LINE], has_round=True, show_theme=True), 7),
        # A text that is cut off is escaped as well.
        (goal_rows([LINE._replace(text=TYPED + "x" * 300)], has_round=False, show_theme=False), 5),
        # Its own label, its address, the name of what it counts and the title of its row.
        (count_cell(CELL, TYPED, TYPED), 4),
        # Of a row its address and title; of each cell address, name and title of the row, and of one the label.
        (count_row(ROW), 2 + 3 + 4),
        (bar_rows([ROW]), 2 + 3 * 3),
    ],
)
def test_what_people_typed_is_data(html: str, places: int) -> None:
    assert "<b" not in html
    assert html.count(WRITTEN) == places


def test_a_cell_without_goals_is_empty() -> None:
    assert count_cell(CountCell("doelen", 0, ""), "Doelen", "Wonen") == (
        '<td class="app-table__number" data-label="Doelen"></td>'
    )
