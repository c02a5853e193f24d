# ruff: noqa: E501 (a table reads best with one case on each line)
"""Workbooks made from a known plan in a random layout, with the document that must be read from them.

A plan is drawn first (themes, ambitions, ER-goals, SMART goals, efforts), then a layout: where the theme stands, merged,
blank or repeated cells, wording and order of the headers, one or several items in a cell, how numbers and deadlines are
written, and the file format. What must be read follows from the plan, not from the reader.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

import openpyxl

from din.reading.grids import cell_name
from tests.din.reading.workbooks import as_ods, as_xls, as_xlsx

YEAR = 2025

NAMES = [
    "Wonen",
    "Werk",
    "Zorg",
    "Mobiliteit",
    "Groen",
    "Cultuur",
    "Sport",
    "Economie",
    "Veiligheid",
    "Onderwijs",
    "Energie",
    "Horeca",
]
AMBITIONS = ["Iedereen telt mee in {}.", "De stad is in 2030 klaar voor {}", "Niemand loopt vast bij {}."]
ER_GOALS = ["Meer bewoners gebruiken {}.", "Minder klachten over {}", "{} is beter bereikbaar", "Sneller hulp bij {}."]
SMART = ["Er zijn {} voorzieningen geopend.", "{} instellingen werken samen", "Het aantal meldingen daalt met {}%.",
         "De wachttijd is hoogstens {} dagen"]  # fmt: skip
EFFORTS = ["Bijeenkomst {} organiseren", "Folder {} maken", "Afspraak {} vastleggen met partners", "Onderzoek {} doen"]
PEOPLE = ["Wonen en Bouwen", "J. de Vries", "Team Zuid", "Programmabureau", "Afdeling Beleid"]
TAGS = ["Het mbo", "Loketten", "Kunnen rondkomen"]

HEADERS = {
    "theme": ["Pijler", "Thema", "Pijler/thema", "Onderdeel", "THEMA", "Pijler / \nthema", "Actielijn"],
    "ambition": ["Ambitie", "Ambitie 2030", "Droom", "Stip op de horizon", "AMBITIES", "Ambitie(s)"],
    "er_goal": ["ER-doelen", "ER-doelen 2026", "Er-doelstelling", "Algemene doelen", "ER doelen", "ER-\ndoel(en)"],
    "number": ["Nr", "Nr.", "Nummer", "#"],
    "smart_goal": ["SMART-doelen", "SMART-doel(en) 2025", "Smartdoel", "Resultaten", "Doelen", "SMART doelstelling(en)", "SMART-\ndoelen"],
    "deadline": ["Planning", "Deadline", "Wanneer", "Gereed", "Tijdpad", "Kwartaal", "Planning 2025"],
    "owner": ["Eigenaar", "Verantwoordelijke", "Wie", "Verantwoordelijk(e)"],
    "focus_areas": ["Speerpunt", "Speerpunten"],
    "effort": ["Inspanningen", "Acties", "Activiteiten", "Wat gaan we doen?", "Acties/\nactiviteiten", "Wat doen we? (inspanningen)", "INSPAN-\nNINGEN"],
    "lead": ["Trekker", "Actiehouder", "Wie"],
    "other": ["Opmerkingen", "Budget", "Status", "Risico's"],
}  # fmt: skip

DEADLINES = [
    ("Q1", "Q1"), ("Q2 2025", "Q2"), ("1e kwartaal", "Q1"), ("derde kwartaal", "Q3"), ("kwartaal 4", "Q4"),
    ("halverwege 2025", "Q2"), ("medio 2025", "Q2"), ("voor de zomer", "Q2"), ("na de zomer", "Q3"), ("begin 2025", "Q1"),
    ("eind 2025", "Q4"), ("einde jaar", "Q4"), ("najaar", "Q4"), ("voorjaar", "Q2"), ("1e helft", "Q2"), ("2e helft", "Q4"),
    ("2025", "Q4"), ("2025-Q1", "Q1"), ("K3", "Q3"), ("september", "Q3"), ("31-03-2025", "Q1"), ("1 okt. 2025", "Q4"),
    ("vóór 1 juli", "Q2"), ("Q1/Q2", "Q2"), ("maart-juni", "Q2"), ("Q1 t/m Q3", "Q3"), ("doorlopend", None), (None, None),
]  # fmt: skip
IN_TEXT = [("", None), ("In Q2 geldt: ", "Q2"), ("Eind 2025 geldt: ", "Q4"), ("Voor de zomer geldt: ", "Q2")]


@dataclass
class Effort:
    text: str
    lead: str | None


@dataclass
class Goal:
    text: str
    number: int | None
    deadline: str | None
    planning: str | None
    owner: str | None
    tags: list[str]
    efforts: list[Effort]


@dataclass
class ErGoal:
    text: str
    goals: list[Goal]


@dataclass
class Ambition:
    text: str
    er_goals: list[ErGoal]


@dataclass
class Theme:
    kind: str
    number: int | None
    name: str
    ambitions: list[Ambition]


@dataclass
class Layout:
    theme_from: str
    repeats: str
    numbers: str
    cell_items: bool
    plannings: bool
    levels: list[str]
    headers: dict[str, str]
    titles: int
    gap: int
    note: str | None
    format: str
    left: int
    above_ambition: bool
    effort_form: str


@dataclass
class Made:
    """A workbook's bytes, and what must be read from it."""

    data: bytes
    expected: dict[str, Any]
    layout: Layout
    warnings: list[str] = field(default_factory=list)


def make(rng: random.Random) -> Made:
    """Draw a plan and a layout, and write the one in the other."""
    layout = draw_layout(rng)
    return write(draw_plan(rng, layout), layout, rng)


def draw_layout(rng: random.Random) -> Layout:
    theme_from = rng.choice(["column", "column", "sheet", "band", "band_without_kind", "title", "bare_sheet"])
    groups = [
        ["ambition"],
        ["er_goal"],
        ["smart_goal", "owner"],
        ["effort", "lead"],
        ["focus_areas"],
        ["deadline"],
        ["other"],
    ]
    optional = {"owner", "lead", "focus_areas", "deadline", "other"}
    groups = [[level for level in group if level not in optional or rng.random() < 0.6] for group in groups]
    numbers = rng.choice(["column", "strong", "dotted", "bare", "none"])
    if numbers == "column":
        groups.append(["number"])
    above_ambition = theme_from in ("sheet", "title", "bare_sheet") and rng.random() < 0.4
    if above_ambition:
        groups = [group for group in groups if group != ["ambition"]]
    if theme_from == "column":
        groups.append(["theme"])
    if rng.random() < 0.7:
        rng.shuffle(groups)
    elif theme_from == "column":
        groups.insert(0, groups.pop())
    levels = [level for group in groups for level in group]
    headers = {level: rng.choice(HEADERS[level]) for level in levels}
    if theme_from in ("band", "band_without_kind", "title", "sheet") or "theme" in levels:
        pass
    else:
        levels = [level for level in levels if level != "focus_areas"]
    return Layout(
        theme_from, rng.choice(["merge", "blank", "repeat"]), numbers, rng.random() < 0.4, "deadline" in levels, levels, headers,
        rng.randrange(3), rng.randrange(3), rng.choice([None, None, "* voorlopige cijfers", "Bron: eigen onderzoek", "NB concept"]),
        rng.choice(["xlsx", "xlsx", "xls", "ods"]), rng.choice([0, 0, 1, 3]), above_ambition, rng.choice(["dash", "bullet", "line", "number"]),
    )  # fmt: skip


def draw_plan(rng: random.Random, layout: Layout) -> list[Theme]:
    names = rng.sample(NAMES, rng.randrange(2 if layout.theme_from in ("bare_sheet", "band_without_kind") else 1, 4))
    counter = iter(range(2, 10_000))

    def text(choices: list[str]) -> str:
        return rng.choice(choices).format(next(counter))

    themes = []
    for position, name in enumerate(names, 1):
        kind = rng.choice(["pijler", "thema", "actielijn", "speerpunt", "doelgroep"])
        number = rng.choice([position, position, None])
        if layout.theme_from in ("bare_sheet", "band_without_kind"):
            kind, number = "thema", None
        goal_number = iter(range(1, 1000))
        ambitions = []
        for _ in range(1 if layout.above_ambition else rng.randrange(1, 3)):
            er_goals = []
            for _ in range(rng.randrange(1, 3)):
                goals = [draw_goal(rng, layout, text, next(goal_number)) for _ in range(rng.randrange(1, 4))]
                er_goals.append(ErGoal(text(ER_GOALS), goals))
            ambitions.append(Ambition(text(AMBITIONS), er_goals))
        themes.append(Theme(kind, number, name, ambitions))
    return themes


def draw_goal(rng: random.Random, layout: Layout, text: Any, number: int) -> Goal:
    opening, said = rng.choice(IN_TEXT)
    body = opening + text(SMART)
    if layout.numbers == "bare":
        # Only an ordinary sentence makes "3 …" a number.
        body = "In de stad: " + body
    if rng.random() < 0.15 and not layout.cell_items:
        body += ":\n- in het noorden\n- in het zuiden"
    planning, column = rng.choice(DEADLINES) if layout.plannings else (None, None)
    quarter = column if planning else said
    efforts = [Effort(text(EFFORTS), rng.choice([None, *PEOPLE]) if "lead" in layout.levels else None)
               for _ in range(rng.randrange(0, 4))]  # fmt: skip
    return Goal(
        body,
        number if layout.numbers != "none" else None,
        f"{YEAR}-{quarter}" if quarter else None,
        planning,
        rng.choice([None, *PEOPLE]) if "owner" in layout.levels else None,
        rng.sample(TAGS, rng.randrange(3)) if "focus_areas" in layout.levels else [],
        efforts,
    )


def label(theme: Theme, rng: random.Random) -> str:
    kind = theme.kind.capitalize()
    if theme.number is None:
        return rng.choice([f"{kind} {theme.name}", f"{kind}: {theme.name}"])
    forms = [
        f"{kind} {theme.number}: {theme.name}",
        f"{kind} {theme.number} - {theme.name}",
        f"{kind} {theme.number} {theme.name}",
    ]
    if theme.kind in ("pijler", "thema"):
        forms.append(f"{kind[0]}{theme.number} {theme.name}")
    return rng.choice(forms)


class Writer:
    """Writes a plan on sheets, and notes what must be read from where."""

    def __init__(self, plan: list[Theme], layout: Layout, rng: random.Random) -> None:
        self.plan, self.layout, self.rng = plan, layout, rng
        self.book = openpyxl.Workbook()
        self.book.remove(self.book.active)
        self.columns = {level: layout.left + index for index, level in enumerate(layout.levels, 1)}
        self.expected: dict[str, Any] = {
            "themes": [{"kind": it.kind, "number": it.number, "name": it.name} for it in plan],
            "ambitions": [], "er_goals": [], "smart_goals": [], "efforts": [],
        }  # fmt: skip

    def write(self) -> bytes:
        layout = self.layout
        if layout.theme_from in ("column", "band", "band_without_kind"):
            sheet = self.book.create_sheet("DIN 2025")
            row = self.titles(sheet, None)
            if layout.theme_from == "column":
                row = self.header(sheet, row)
            repeat = layout.theme_from == "band_without_kind" or self.rng.random() < 0.5
            for position, theme in enumerate(self.plan):
                if layout.theme_from != "column":
                    row = self.band(sheet, row, theme)
                    if repeat or position == 0:
                        row = self.header(sheet, row)
                row = self.block(sheet, row, theme)
                if layout.theme_from != "column":
                    row += layout.gap
            self.note(sheet, row)
        else:
            for theme in self.plan:
                names = {
                    "sheet": label(theme, self.rng).replace(":", " -"),
                    "bare_sheet": theme.name,
                    "title": f"Blad {theme.name}",
                }
                sheet = self.book.create_sheet(names[layout.theme_from][:31])
                row = self.header(sheet, self.titles(sheet, theme))
                self.note(sheet, self.block(sheet, row, theme))
        return {"xlsx": as_xlsx, "xls": as_xls, "ods": as_ods}[layout.format](self.book)

    def titles(self, sheet: Any, theme: Theme | None) -> int:
        row = 1
        for number in range(self.layout.titles):
            sheet.cell(row, 1).value = ("Jaarplan van de gemeente", "Vastgesteld door het college")[number]
            row += 1
        if theme and self.layout.theme_from == "title":
            sheet.cell(row, 1).value = self.rng.choice(["", "DIN 2025 – ", "DIN 2025 - "]) + label(theme, self.rng)
            row += 1
        if theme and self.layout.above_ambition:
            sheet.cell(row, 1).value = f"Ambitie: {theme.ambitions[0].text}"
            row += 1
        return row + self.layout.gap if row > 1 else row

    def header(self, sheet: Any, row: int) -> int:
        for level, column in self.columns.items():
            sheet.cell(row, column).value = self.layout.headers[level]
        return row + 1

    def band(self, sheet: Any, row: int, theme: Theme) -> int:
        last = max(self.columns.values())
        bare = self.layout.theme_from == "band_without_kind"
        sheet.cell(row, self.layout.left + 1).value = theme.name if bare else label(theme, self.rng)
        if self.rng.random() < 0.5 and last > self.layout.left + 1:
            sheet.merge_cells(start_row=row, end_row=row, start_column=self.layout.left + 1, end_column=last)
        return row + 1

    def note(self, sheet: Any, row: int) -> None:
        if self.layout.note:
            sheet.cell(row + 1, self.layout.left + 1).value = self.layout.note

    def put(self, sheet: Any, level: str, first: int, last: int, value: Any) -> str:
        """Write a value that counts for the rows from first to last; return the cell where it is read."""
        column = self.columns[level]
        sheet.cell(first, column).value = value
        if last > first:
            if self.layout.repeats == "merge":
                sheet.merge_cells(start_row=first, end_row=last, start_column=column, end_column=column)
            elif self.layout.repeats == "repeat":
                for row in range(first + 1, last + 1):
                    sheet.cell(row, column).value = value
        return f"{sheet.title}!{cell_name(first, column)}"

    def block(self, sheet: Any, row: int, theme: Theme) -> int:
        first = row
        for ambition in theme.ambitions:
            row = self.write_ambition(sheet, row, theme, ambition)
        if "theme" in self.columns:
            kind = {"Pijler": "pijler", "Thema": "thema", "THEMA": "thema", "Actielijn": "actielijn"}.get(
                self.layout.headers["theme"]
            )
            text = theme.name if kind == theme.kind and theme.number is None else label(theme, self.rng)
            self.put(sheet, "theme", first, row - 1, text)
        return row

    def write_ambition(self, sheet: Any, row: int, theme: Theme, ambition: Ambition) -> int:
        self.expected["ambitions"].append({"theme": theme.name, "text": ambition.text})
        first = row
        if self.layout.cell_items and len(ambition.er_goals) > 1 and self.rng.random() < 0.5:
            # All ER-goals in one cell: each goal then serves all of them.
            texts = [it.text for it in ambition.er_goals]
            marks = self.rng.choice([["1. ", "2. "], ["- ", "- "], ["a) ", "b) "]])
            begin = row
            goals = [goal for er_goal in ambition.er_goals for goal in er_goal.goals]
            self.expected["er_goals"] += [
                {"theme": theme.name, "text": it, "ambitions": [ambition.text]} for it in texts
            ]
            row = self.write_goals(sheet, row, theme, texts, goals)
            self.put(sheet, "er_goal", begin, row - 1, "\n".join(m + t for m, t in zip(marks, texts, strict=True)))
        else:
            for er_goal in ambition.er_goals:
                begin = row
                self.expected["er_goals"].append(
                    {"theme": theme.name, "text": er_goal.text, "ambitions": [ambition.text]}
                )
                row = self.write_goals(sheet, row, theme, [er_goal.text], er_goal.goals)
                self.put(sheet, "er_goal", begin, row - 1, er_goal.text)
        if "ambition" in self.columns:
            self.put(sheet, "ambition", first, row - 1, ambition.text)
        return row

    def write_goals(self, sheet: Any, row: int, theme: Theme, er_goals: list[str], goals: list[Goal]) -> int:
        together = (
            self.layout.cell_items and len(goals) > 1 and self.layout.numbers in ("strong", "dotted")
            and not any(goal.planning or goal.owner or goal.tags for goal in goals)
        )  # fmt: skip
        for group in [goals] if together else [[goal] for goal in goals]:
            efforts = [effort for goal in group for effort in goal.efforts]
            in_cell = self.layout.cell_items and not any(effort.lead for effort in efforts)
            rows = 1 if in_cell else max(1, len(efforts))
            last = row + rows - 1
            source = self.put(sheet, "smart_goal", row, last, "\n".join(map(self.goal_text, group)))
            for goal in group:
                self.expect_goal(theme, goal, er_goals, source)
            self.put_details(sheet, row, last, group[0])
            texts = [goal.text for goal in group]
            if in_cell and efforts:
                self.put_efforts(sheet, row, theme, texts, efforts)
            else:
                for offset, effort in enumerate(efforts):
                    self.put_effort(sheet, row + offset, theme, texts, effort)
            if "other" in self.columns:
                sheet.cell(row, self.columns["other"]).value = "iets anders"
            row = last + 1
        return row

    def goal_text(self, goal: Goal) -> str:
        forms = {
            "strong": f"{goal.number}. {goal.text}",
            "dotted": f"4.{goal.number} {goal.text}",
            "bare": f"{goal.number} {goal.text}",
        }
        return forms.get(self.layout.numbers, goal.text)

    def expect_goal(self, theme: Theme, goal: Goal, er_goals: list[str], source: str) -> None:
        self.expected["smart_goals"].append({
            "theme": theme.name, "number": goal.number, "text": goal.text, "deadline": goal.deadline,
            "er_goals": list(er_goals), "focus_areas": goal.tags, "owner": goal.owner, "source": source,
        })  # fmt: skip

    def put_details(self, sheet: Any, first: int, last: int, goal: Goal) -> None:
        values = {
            "number": goal.number, "deadline": goal.planning, "owner": goal.owner,
            "focus_areas": self.rng.choice(["; ", ", ", "\n"]).join(goal.tags) or None,
        }  # fmt: skip
        for level, value in values.items():
            if level in self.columns and value is not None:
                self.put(sheet, level, first, last, value)

    def put_effort(self, sheet: Any, row: int, theme: Theme, goals: list[str], effort: Effort) -> None:
        source = self.put(sheet, "effort", row, row, effort.text)
        if effort.lead:
            self.put(sheet, "lead", row, row, effort.lead)
        self.expected["efforts"].append(
            {
                "theme": theme.name,
                "text": effort.text,
                "smart_goals": list(goals),
                "lead": effort.lead,
                "source": source,
            }
        )

    def put_efforts(self, sheet: Any, row: int, theme: Theme, goals: list[str], efforts: list[Effort]) -> None:
        forms = {"dash": "- {1}", "bullet": "• {1}", "line": "{1}", "number": "{0}. {1}"}
        form = forms[self.layout.effort_form]
        lines = [form.format(number, effort.text) for number, effort in enumerate(efforts, 1)]
        source = self.put(sheet, "effort", row, row, "\n".join(lines))
        for effort in efforts:
            self.expected["efforts"].append(
                {"theme": theme.name, "text": effort.text, "smart_goals": list(goals), "lead": None, "source": source}
            )


def write(plan: list[Theme], layout: Layout, rng: random.Random) -> Made:
    writer = Writer(plan, layout, rng)
    data = writer.write()
    words = [layout.headers["other"]] if "other" in layout.levels else []
    words += [layout.note] if layout.note else []
    return Made(data, writer.expected, layout, words)
