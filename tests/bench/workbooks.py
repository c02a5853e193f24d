"""The plan that is measured with: a DIN workbook for our road, and the same goals as a flat table for the peer."""

from __future__ import annotations

import datetime
import io
import itertools
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from openpyxl import Workbook

YEAR = 2024
THEMES = 10
GOALS_OF_AN_ER_GOAL = 5
OWNERS = ("Sociale Zaken", "Onderwijs", "Jeugd en Gezin", "Wonen", "Economie", "Veiligheid", "Sport", "Cultuur")
LABELS = ("Laaggeletterdheid", "Ouders", "Digitaal", "Wijkaanpak")
QUARTER_ENDS = ((3, 31), (6, 30), (9, 30), (12, 31))

_times_saved = itertools.count(1)


@dataclass(frozen=True)
class PlannedGoal:
    """One goal of the plan. `number` counts within its theme, `quarter` from 1 to 4."""

    theme: str
    er_goal: str
    number: int
    text: str
    quarter: int
    owner: str
    label: str

    @property
    def deadline(self) -> datetime.date:
        month, day = QUARTER_ENDS[self.quarter - 1]
        return datetime.date(YEAR, month, day)


def planned_goals(count: int) -> Iterator[PlannedGoal]:
    """A plan of `count` goals in THEMES themes, with an ER-goal for every five."""
    in_theme = -(-count // THEMES)
    for index in range(count):
        theme, number = index // in_theme + 1, index % in_theme + 1
        group = (number - 1) // GOALS_OF_AN_ER_GOAL + 1
        yield PlannedGoal(
            theme=f"Onderdeel {theme}",
            er_goal=f"Meer inwoners van onderdeel {theme} doen mee in buurt {group}",
            number=number,
            text=f"{40 + index % 300} huishoudens in straat {number} van onderdeel {theme} hebben een vaste "
            f"contactpersoon bij de gemeente en zijn {10 + index % 40}% vaker geholpen dan een jaar eerder",
            quarter=index % 4 + 1,
            owner=OWNERS[index % len(OWNERS)],
            label=LABELS[index % len(LABELS)],
        )


def din_workbook(count: int, *, efforts: bool = False) -> bytes:
    """The .xlsx that a department would send: `count` goals, a row each, repeats left blank as people do.

    With `efforts` it is a whole DIN: an ambition for each theme, and for each goal an effort with its lead.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(f"DIN {YEAR}")
    titles = ["Thema", "ER-doelen", "Nr.", "SMART-doelen", "Planning", "Eigenaar", "Speerpunten"]
    sheet.append(["Thema", "Ambities", *titles[1:], "Inspanningen", "Trekker"] if efforts else titles)
    above = (None, None)
    for goal in planned_goals(count):
        theme = goal.theme if goal.theme != above[0] else None
        er_goal = goal.er_goal if (goal.theme, goal.er_goal) != above else None
        above = (goal.theme, goal.er_goal)
        row: list[object] = [
            theme,
            er_goal,
            goal.number,
            goal.text,
            f"Q{goal.quarter} {YEAR}",
            goal.owner,
            goal.label,
        ]
        if efforts:
            row.insert(1, theme and f"In {theme.lower()} telt iedereen mee")
            row += [f"Huisbezoeken in straat {goal.number} van {goal.theme.lower()}", "Wijkteam"]
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def saved_anew(content: bytes) -> bytes:
    """The same workbook in other bytes, as after saving it once more: nothing that was kept of it can be used."""
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.comment = f"saved {next(_times_saved)} times".encode()
    return stream.getvalue()
