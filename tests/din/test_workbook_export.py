"""A plan goes out as a workbook and comes back as the same plan; the file is one that a department could have made."""

import datetime
import io
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from din.apply import apply_document, change_plan_of
from din.document_of_plan import document_of_plan
from din.models import Plan
from din.models import Theme as DinTheme
from din.reading import Reading, read_in_process
from din.reading.document import Ambition, Document, Effort, ErGoal, SmartGoal, Theme
from din.reading.theme_names import KINDS
from din.text import clean, text_key
from din.writing import MEDIA_TYPE, template_workbook, workbook_of
from din.writing.rows import Row, rows_of, within_themes
from din.writing.sheet import COLUMNS, HEADER_ROW
from din.writing.texts import item_text
from tests.cast import Stage, make_programme
from tests.conftest import LogIn

SAMPLES = Path(__file__).parent / "samples"
WORKBOOKS = {
    SAMPLES / "actieplan-2023.xlsx": 2023,
    SAMPLES / "basisvaardigheden-2024.xlsx": 2024,
    SAMPLES / "schone-stad-2025.xlsx": 2025,
    Path(__file__).parents[2] / "fixtures" / "din-2023.xlsx": 2023,
}
YEAR = 2024
each_workbook = pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.stem)


def without_source(document: Document) -> Document:
    return Document(
        document.themes,
        tuple(replace(item, source="") for item in document.ambitions),
        tuple(replace(item, source="") for item in document.er_goals),
        tuple(replace(item, source="") for item in document.smart_goals),
        tuple(replace(item, source="") for item in document.efforts),
    )


def out_and_back(document: Document, year: int = YEAR) -> Reading:
    return read_in_process(workbook_of(document, title="DIN – proef", year=year), year)


def assert_comes_back(document: Document, year: int = YEAR) -> None:
    """Reading what was written gives the document, and no remark but the one on efforts that serve nothing."""
    reading = out_and_back(document, year)
    assert reading.errors == ()
    assert without_source(reading.document) == without_source(document)
    loose = sum(not effort.smart_goals for effort in document.efforts)
    assert [it.message for it in reading.warnings if "bij geen SMART-doel" not in it.message] == []
    assert len(reading.warnings) == loose


def ambition(text: str, theme: str | None = "Taal") -> Ambition:
    return Ambition(theme, text, "")


def er_goal(text: str, *ambitions: str, theme: str | None = "Taal") -> ErGoal:
    return ErGoal(theme, text, ambitions, "")


def goal(text: str, *er_goals: str, theme: str | None = "Taal", **more: object) -> SmartGoal:
    values = {"number": None, "deadline": None, "focus_areas": (), "owner": None, **more}
    return SmartGoal(theme=theme, text=text, er_goals=er_goals, source="", **values)


def effort(text: str, *goals: str, theme: str | None = "Taal", lead: str | None = None) -> Effort:
    return Effort(theme, text, goals, lead, "")


TAAL, REKENEN = Theme("pijler", 1, "Taal"), Theme("thema", None, "Rekenen")
NETWORK = Document(
    (TAAL, REKENEN),
    (ambition("Iedereen doet mee", None), ambition("Iedereen leest"), ambition("Iedereen schrijft")),
    (
        er_goal("Meer cursisten", "Iedereen leest", "Iedereen schrijft"),
        er_goal("Beter onderwijs", "Iedereen leest"),
        er_goal("Minder schaamte"),
    ),
    (
        goal("150 cursisten", "Meer cursisten", "Beter onderwijs", number=1, deadline="2024-Q2", owner="Onderwijs"),
        goal("70% haalt een niveau", "Beter onderwijs", number=2, focus_areas=("Ouders", "Laaggeletterdheid")),
        goal("Een doel zonder ER-doel"),
        goal("Er is een spreekuur", theme="Rekenen"),
    ),
    (
        effort("Werven", "150 cursisten", lead="Bibliotheek"),
        effort("Toetsen", "150 cursisten", "70% haalt een niveau"),
        effort("Een folder maken"),
        effort("Spreekuur bekendmaken", "Er is een spreekuur", theme="Rekenen"),
        effort("Rekenen is leuk", theme="Rekenen"),
    ),
)


# --- out and back: workbooks that departments made -----------------------------------------------------------------


@pytest.mark.pure
@each_workbook
def test_a_departments_workbook_comes_back_the_same(path: Path) -> None:
    reading = read_in_process(path.read_bytes(), WORKBOOKS[path])
    assert reading.result == "ok"
    assert_comes_back(reading.document, WORKBOOKS[path])


@pytest.mark.pure
def test_a_network_with_gaps_comes_back_the_same() -> None:
    assert_comes_back(NETWORK)


@pytest.mark.pure
@pytest.mark.parametrize(
    "title", ["Ambities 2024 – Wonen", "Droom: wonen", "DIN 2024 – Thema Wonen", "Programma", "SMART-doelen", "=1+1"]
)
def test_the_title_above_the_table_adds_nothing(title: str) -> None:
    reading = read_in_process(workbook_of(NETWORK, title=title, year=YEAR), YEAR)
    assert without_source(reading.document) == without_source(NETWORK)


@pytest.mark.pure
def test_an_empty_plan_is_a_sheet_with_headings_only() -> None:
    sheet = sheet_of(Document())
    assert [cell.value for cell in sheet[HEADER_ROW]] == [column.heading for column in COLUMNS]
    assert sheet.max_row == HEADER_ROW


@pytest.mark.pure
@pytest.mark.parametrize("deadline", ["2023-Q1", "2023-Q4", "2024-Q2", "2030-Q3", "2099-Q4", "2000-Q1", None], ids=str)
@pytest.mark.parametrize("text", ["Er is een loket", "In Q1 2024 is er een loket", "Eind 2025 is er een loket"])
def test_a_deadline_comes_back_whatever_the_goals_text_says(deadline: str | None, text: str) -> None:
    assert_comes_back(Document((TAAL,), smart_goals=(goal(text, deadline=deadline),)))


ODD_TEXTS = [
    "=1+1",
    "=HYPERLINK(\"http://voorbeeld.nl\")",
    "+31 10 267 0000 is het nummer",
    "@iedereen",
    "1 In Q1 zijn er tien",
    "10 jongeren hebben een mentor",
    "10 Jongeren hebben een mentor",
    "40",
    "1. Een",
    "4.11 Een",
    "2.500 huishoudens",
    "1.25 woningen",
    "a. Een",
    "A. Jansen belt",
    "- een streepje",
    "– een halve kastlijn",
    "- 1. Een",
    "• Een bol",
    "* met een ster",
    "Bron",
    "Bron: CBS",
    "Totaal",
    "Totaal 40 plekken",
    "Toelichting",
    "NB dit telt mee",
    "Ambitie: meer doen",
    "Droom - groter",
    "Pijler 2: Huisvesting",
    "P2 Huisvesting",
    "Programma",
    "Doel",
    "Inspanningen",
    "Eigenaar",
    "SMART-doel 3: een",
    "(1) Een",
    "#N/A",
    "#VERW!",
    "...",
    "?!",
    "_x0041_ is geen A",
    "a",
    "kleine letter",
    "“Aanhaling” en ‘nog een’",
    "<b>vet</b> & meer",
    "Wat gaan we doen:",
]  # fmt: skip


@pytest.mark.pure
@pytest.mark.parametrize("text", ODD_TEXTS)
def test_an_odd_text_comes_back_as_itself_on_every_level(text: str) -> None:
    serving = Document(
        (TAAL,),
        (ambition(text), ambition("Nog een")),
        (er_goal(text, text), er_goal("Nog een", "Nog een")),
        (goal(text, text, number=1), goal("Nog een", "Nog een", number=10), goal("En nog een", "Nog een")),
        (effort(text, text), effort("Nog een", "Nog een"), effort("En nog een", "Nog een")),
    )
    assert_comes_back(serving)
    # At the end of the table and on a row of its own, where it looks most like a remark.
    for alone in (
        Document((TAAL,), (ambition("Eerst"), ambition(text))),
        Document((TAAL,), (ambition("Eerst"),), (er_goal("Eerst", "Eerst"), er_goal(text, "Eerst"))),
        Document((TAAL,), (), (), (goal("Eerst"), goal(text, number=40))),
        Document((TAAL,), (), (), (goal("Eerst"),), (effort("Eerst", "Eerst"), effort(text, "Eerst"))),
        Document((TAAL,), (), (), (goal("Eerst"),), (effort("Eerst", "Eerst"), effort(text))),
    ):
        with_goal = alone if alone.smart_goals else replace(alone, smart_goals=(goal("Een doel"),))
        assert_comes_back(with_goal)


@pytest.mark.pure
@pytest.mark.parametrize(
    "theme",
    [
        Theme("pijler", 1, "Sociaal netwerk"),
        Theme("pijler", None, "Wonen"),
        Theme("thema", None, "Wonen"),
        Theme("thema", 0, "Wonen"),
        Theme("doelgroep", 3, "Jongeren"),
        Theme("pijler", 2, "Pijler 2"),
        Theme("thema", None, "Totaal"),
        Theme("thema", None, "Bronnen van bestaan"),
        Theme("thema", None, "Droom"),
        Theme("thema", None, "Doelgroep"),
        Theme("thema", None, "Doel"),
        Theme("thema", None, "Algemeen"),
        Theme("thema", None, "1 Wonen"),
        Theme("thema", None, "Pijler 5: Wonen"),
        Theme("actielijn", None, "-wonen"),
        Theme("thema", None, "=wonen"),
        Theme("speerpunt", 12, "Zorg & hulp: thuis"),
        Theme("thema", None, "#N/A"),
    ],
    ids=str,
)
def test_a_theme_comes_back_with_kind_and_number(theme: Theme) -> None:
    name = theme.name
    alone = Document((theme, TAAL), smart_goals=(goal("Een", theme=name), goal("Twee", theme="Taal")))
    assert_comes_back(alone)
    assert_comes_back(replace(alone, efforts=(effort("Iets doen", theme=name), effort("Totaal", theme=name))))
    assert_comes_back(replace(alone, themes=(TAAL, theme), smart_goals=alone.smart_goals[::-1]))
    unused = Document((TAAL, theme), smart_goals=(goal("Twee", theme="Taal"),))
    assert_comes_back(unused)


@pytest.mark.pure
@pytest.mark.parametrize(
    "tags",
    [
        ("Ouders",),
        ("Ouders", "Laaggeletterdheid"),
        ("1. Ouders", "- streep", "2 ouders"),
        ("=ouders",),
        ("#N/A",),
        ("* ster", "• bol"),
    ],
)
def test_tags_come_back_in_their_order(tags: tuple[str, ...]) -> None:
    assert_comes_back(Document((TAAL,), smart_goals=(goal("Een", focus_areas=tags),)))


@pytest.mark.pure
@pytest.mark.parametrize(
    ("level", "number", "text"),
    [
        ("smart_goal", None, "Drie dingen:\n- een\n- twee"),
        ("smart_goal", None, "Drie dingen\n• een\n• twee"),
        ("smart_goal", None, "- een\n- twee"),
        ("smart_goal", None, "Dingen\n1.1 een\n1.2 twee"),
        ("smart_goal", None, "Dingen\n1. een\n2. twee"),
        ("smart_goal", 4, "Dingen\na. een\nb. twee"),
        ("smart_goal", 4, "Dingen\n1. een\n1.1 twee\na. drie"),
        ("er_goal", None, "Dingen:\n- een\n- twee"),
        ("er_goal", None, "Dingen\na. een\n1. twee"),
        ("ambition", None, "- een\nen verder\n- twee"),
        ("effort", None, "Dingen\n1. een\n2. twee"),
    ],
)
def test_lines_in_a_text_stay(level: str, number: int | None, text: str) -> None:
    document = {
        "smart_goal": Document((TAAL,), smart_goals=(goal(text, number=number),)),
        "er_goal": Document((TAAL,), er_goals=(er_goal(text),), smart_goals=(goal("Een", text),)),
        "ambition": Document((TAAL,), ambitions=(ambition(text),), smart_goals=(goal("Een"),)),
        "effort": Document((TAAL,), smart_goals=(goal("Een"),), efforts=(effort(text, "Een"),)),
    }[level]
    assert_comes_back(document)


@pytest.mark.pure
@pytest.mark.parametrize(
    ("level", "text"),
    [
        ("smart_goal", "Een regel\nen nog een"),
        ("smart_goal", "Dingen\na. een\nb. twee"),
        ("effort", "Een regel\nNog een"),
        ("effort", "Dingen:\n- een\n- twee"),
        ("er_goal", "Een regel\nNog een"),
    ],
)
def test_lines_that_no_workbook_can_say_become_one_line_of_the_same_thing(level: str, text: str) -> None:
    items = {
        "smart_goal": Document((TAAL,), smart_goals=(goal(text),)),
        "er_goal": Document((TAAL,), er_goals=(er_goal(text),), smart_goals=(goal("Een", text),)),
        "effort": Document((TAAL,), smart_goals=(goal("Een"),), efforts=(effort(text, "Een"),)),
    }
    written = items[level]
    read = out_and_back(written).document
    for before, after in zip(
        (*written.er_goals, *written.smart_goals, *written.efforts),
        (*read.er_goals, *read.smart_goals, *read.efforts),
        strict=True,
    ):
        assert text_key(after.text) == text_key(before.text)
        assert "\n" not in after.text


@pytest.mark.pure
def test_a_text_of_invisible_characters_does_not_hand_its_efforts_to_another_goal() -> None:
    document = Document((TAAL,), smart_goals=(goal("Een"), goal("\u200b")), efforts=(effort("Los", "\u200b"),))
    read = out_and_back(document).document
    assert [(it.text, it.smart_goals) for it in read.efforts] == [("Los", ())]


@pytest.mark.pure
def test_lines_between_themes_are_written_without_doubling_a_goal() -> None:
    document = Document(
        (TAAL, REKENEN),
        (ambition("Iedereen doet mee", None),),
        (er_goal("Meer cursisten", "Iedereen doet mee"),),
        (
            goal("150 cursisten", "Meer cursisten"),
            goal("Een spreekuur", "Meer cursisten", theme="Rekenen"),
        ),
        (effort("Werven", "150 cursisten", "Een spreekuur", theme="Rekenen"),),
    )
    read = out_and_back(document).document
    assert without_source(read) == without_source(within_themes(document))
    assert [(it.theme, it.text) for it in read.ambitions] == [
        (None, "Iedereen doet mee"),
        ("Taal", "Iedereen doet mee"),
    ]
    assert [(it.theme, it.ambitions) for it in read.er_goals] == [("Taal", ("Iedereen doet mee",)), ("Rekenen", ())]
    assert [(it.theme, it.text) for it in read.smart_goals] == [("Taal", "150 cursisten"), ("Rekenen", "Een spreekuur")]
    assert {(it.theme, it.smart_goals) for it in read.efforts} == {
        ("Taal", ("150 cursisten",)),
        ("Rekenen", ("Een spreekuur",)),
    }


@pytest.mark.pure
def test_a_document_within_themes_is_left_as_it_is() -> None:
    assert within_themes(NETWORK) == NETWORK


# --- out and back: generated documents -----------------------------------------------------------------------------

OPENINGS = [
    "", "", "", "=", "+", "@", "1 In ", "10 ", "10 Jongeren ", "3. ", "4.11 ", "a. ", "b) ", "- ", "• ", "* ", "Bron: ",
    "Totaal ", "NB ", "Toelichting ", "Ambitie: ", "Pijler 2: ", "SMART-doel 4. ", "Q1 ", "In Q3 2025 ", "eind 2024 ",
    "#",
]  # fmt: skip
WORDS = st.sampled_from(["meer", "jongeren", "Wonen", "hebben", "een", "Loket", "doel", "12", "%", "actie:", "Zorg"])
ENDINGS = {
    "ambition": ["", "", "", ":\n- een\n- twee", "\n1.1 een\n1.2 twee"],
    "er_goal": ["", "", "", ":\n- een\n- twee", "\na. een\nb. twee"],
    "smart_goal": ["", "", "", ":\n- een\n- twee", "\n1.1 een\n1.2 twee", "\n1. een\n2. twee"],
    "effort": ["", "", "", "\n1. een\n2. twee"],
}
ANYTHING = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Co", "Cn")), min_size=1, max_size=12)
# What counts as nothing, "-" or only spaces, is no text.
SOMETHING = ANYTHING.map(clean).filter(lambda text: text_key(text).strip("-–—/ "))


@st.composite
def texts(draw: st.DrawFn, level: str) -> str:
    body = " ".join(draw(st.lists(WORDS, min_size=1, max_size=3)))
    return draw(st.sampled_from(OPENINGS)) + body + draw(st.sampled_from(ENDINGS[level]))


THEME_NAMES = ["Taal", "Wonen en zorg", "Totaal", "Jeugd: later", "Algemeen"]
TAGS = st.lists(st.sampled_from(["Ouders", "1. Zorg", "- x"]), max_size=2, unique=True)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Networks of any shape: levels missing, things without a line, many lines in any order, themes mixed."""
    names = draw(
        st.lists(st.sampled_from(["Taal", "Wonen en zorg", "Totaal", "Jeugd: later", "Algemeen"]), unique=True)
    )
    themes = tuple(Theme(draw(st.sampled_from(KINDS)), draw(st.none() | st.integers(1, 99)), name) for name in names)
    homes = st.sampled_from([None, *(theme.name for theme in themes)])

    def level(name: str, most: int) -> list[tuple[str | None, str]]:
        drawn = draw(st.lists(st.tuples(homes, texts(name)), max_size=most))
        return list({(theme, text_key(text)): (theme, text) for theme, text in drawn}.values())

    def lines(theme: str | None, above: list[tuple[str | None, str]]) -> tuple[str, ...]:
        near = [text for home, text in above if home == theme]
        return tuple(draw(st.lists(st.sampled_from(near), max_size=3, unique=True))) if near else ()

    ambitions, er_goals = level("ambition", 4), level("er_goal", 5)
    goals, efforts = level("smart_goal", 6), level("effort", 8)
    if not goals:
        goals = [(None, "Een doel")]
    numbers = iter(draw(st.permutations([*range(1, 9), 10, 40, 2500])))
    names_of_owners = st.none() | st.sampled_from(["Onderwijs", "1. Team", "=Team", "A. Jansen", "Q1"])
    return Document(
        themes,
        tuple(ambition(text, theme) for theme, text in ambitions),
        tuple(er_goal(text, *lines(theme, ambitions), theme=theme) for theme, text in er_goals),
        tuple(
            goal(
                text,
                *lines(theme, er_goals),
                theme=theme,
                number=next(numbers) if draw(st.booleans()) else None,
                deadline=draw(st.none() | st.sampled_from(["2024-Q1", "2024-Q4", "2023-Q2", "2031-Q3"])),
                owner=draw(names_of_owners),
                focus_areas=tuple(
                    draw(st.lists(st.sampled_from(["Ouders", "1. Zorg", "- x"]), max_size=2, unique=True))
                ),
            )
            for theme, text in goals
        ),
        tuple(effort(text, *lines(theme, goals), theme=theme, lead=draw(names_of_owners)) for theme, text in efforts),
    )


@pytest.mark.pure
@settings(max_examples=250, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents())
@example(NETWORK)
def test_a_generated_document_comes_back_the_same(document: Document) -> None:
    assert_comes_back(document)


@pytest.mark.pure
@settings(max_examples=100, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents())
def test_the_rows_name_everything_and_no_line_that_is_not_there(document: Document) -> None:
    levels = (document.ambitions, document.er_goals, document.smart_goals, document.efforts)
    lines = [
        {(item.theme, item.text, end) for item in items for end in ends(item)}
        for items, ends in (
            (document.er_goals, lambda it: it.ambitions),
            (document.smart_goals, lambda it: it.er_goals),
            (document.efforts, lambda it: it.smart_goals),
        )
    ]
    said: list[set[int]] = [set(), set(), set(), set()]
    joined: list[set[tuple[str | None, str, str]]] = [set(), set(), set()]
    for row in rows_of(document):
        for depth, place in enumerate(row.chain):
            if place is None:
                continue
            item = levels[depth][place]
            assert item.theme == row.theme
            said[depth].add(place)
            above = row.chain[depth - 1] if depth else None
            if above is not None:
                joined[depth - 1].add((item.theme, item.text, levels[depth - 1][above].text))
    assert [len(found) for found in said] == [len(items) for items in levels]
    assert joined == lines


# --- the layout ----------------------------------------------------------------------------------------------------


def sheet_of(document: Document, **more: object) -> Worksheet:
    content = workbook_of(document, **{"title": "DIN 2024 – Basisvaardigheden", "year": YEAR, **more})
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == [f"DIN {YEAR}"]
    return book.worksheets[0]


@pytest.mark.pure
def test_the_rows_follow_the_network_and_repeat_what_serves_several() -> None:
    assert list(rows_of(NETWORK)) == [
        Row(None, (0,)),
        Row("Taal", (1, 0, 0, 0)),
        Row("Taal", (1, 0, 0, 1)),
        Row("Taal", (1, 1, 0)),
        Row("Taal", (1, 1, 1, 1)),
        Row("Taal", (2, 0)),
        Row("Taal", (None, 2)),
        Row("Taal", (None, None, 2)),
        Row("Taal", (None, None, None, 2)),
        Row("Rekenen", (None, None, 3, 3)),
        Row("Rekenen", (None, None, None, 4)),
    ]


@pytest.mark.pure
def test_a_loose_effort_stands_where_the_order_wants_it_and_no_sooner() -> None:
    document = Document(
        (TAAL,),
        (),
        (er_goal("Beter"),),
        (goal("Een", "Beter"), goal("Twee", "Beter"), goal("Drie", "Beter")),
        (effort("Bij een", "Een"), effort("Los"), effort("Bij twee", "Twee"), effort("Los aan het eind")),
    )
    assert [row.chain for row in rows_of(document)] == [
        (None, 0, 0, 0),
        (None, None, None, 1),
        (None, 0, 1, 2),
        (None, 0, 2),
        (None, None, None, 3),
    ]


@pytest.mark.pure
def test_a_theme_is_finished_before_the_next_one_begins() -> None:
    document = Document(
        (TAAL, REKENEN),
        (ambition("Lezen"), ambition("Tellen", "Rekenen")),
        (er_goal("Meer boeken", "Lezen"), er_goal("Los"), er_goal("Meer sommen", "Tellen", theme="Rekenen")),
        (goal("Een los doel"), goal("Nog een", theme="Rekenen")),
    )
    assert [(row.theme, row.chain) for row in rows_of(document)] == [
        ("Taal", (0, 0)),
        ("Taal", (None, 1)),
        ("Taal", (None, None, 0)),
        ("Rekenen", (1, 2)),
        ("Rekenen", (None, None, 1)),
    ]


@pytest.mark.pure
def test_a_theme_that_comes_first_but_is_used_later_is_named_first() -> None:
    document = Document((TAAL, REKENEN), smart_goals=(goal("Een", theme="Rekenen"), goal("Twee")))
    assert list(rows_of(document)) == [
        Row("Taal", (None,)),
        Row("Rekenen", (None, None, 0)),
        Row("Taal", (None, None, 1)),
    ]
    assert_comes_back(document)


@pytest.mark.pure
def test_cells_that_span_rows_are_merged_and_nothing_is_filled_down_by_a_blank() -> None:
    sheet = sheet_of(NETWORK)
    assert sheet["A1"].value == "DIN 2024 – Basisvaardigheden"
    assert [cell.value for cell in sheet[HEADER_ROW]] == [
        "Onderdeel", "Ambitie", "ER-doel", "Nr", "SMART-doel", "Planning", "Eigenaar", "Speerpunt", "Inspanning",
        "Trekker",
    ]  # fmt: skip
    merged = {str(merge) for merge in sheet.merged_cells.ranges}
    assert {"A5:A12", "B5:B8", "C5:C6", "E5:E6", "D5:D6", "G5:G6", "A13:A14", "B13:B14", "C13:C14"} <= merged
    assert all(merge.min_col == merge.max_col for merge in sheet.merged_cells.ranges)
    assert [sheet.cell(5, column).value for column in range(1, 11)] == [
        "Pijler 1: Taal", "Iedereen leest", "Meer cursisten", 1, "150 cursisten", "Q2 2024", "Onderwijs", None,
        "Werven", "Bibliotheek",
    ]  # fmt: skip
    assert [sheet.cell(4, column).value for column in (1, 2, 3)] == ["Programmabreed", "Iedereen doet mee", None]
    # The effort that serves nothing: a dash where a blank would mean "as above".
    assert [sheet.cell(13, column).value for column in (2, 3, 5)] == ["–", "–", "Er is een spreekuur"]
    assert [sheet.cell(14, column).value for column in (5, 9)] == ["–", "Rekenen is leuk"]
    assert sheet["H8"].value == "Ouders; Laaggeletterdheid"


@pytest.mark.pure
def test_the_sheet_prints_on_a4_with_its_header_on_every_page() -> None:
    sheet = sheet_of(NETWORK, title="Wonen & zorg")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == f"${HEADER_ROW}:${HEADER_ROW}"
    assert sheet.freeze_panes == f"B{HEADER_ROW + 1}"
    assert sheet.oddFooter.left.text == "Wonen && zorg"
    head, body = sheet.cell(HEADER_ROW, 1), sheet["E5"]
    assert (head.font.name, body.font.name, sheet["A1"].font.name) == ("Calibri",) * 3
    assert (head.font.bold, head.fill.start_color.rgb) == (True, "000D3B2A")
    assert (body.alignment.wrap_text, body.alignment.vertical, body.border.top.style) == (True, "top", "thin")
    assert sheet.column_dimensions["E"].width == 36


@pytest.mark.pure
def test_rows_are_high_enough_for_a_merged_text() -> None:
    long = "Een heel lange tekst over meedoen. " * 20
    document = Document((TAAL,), smart_goals=(goal(long),), efforts=(effort("Een", long), effort("Twee", long)))
    sheet = sheet_of(document)
    assert "E4:E5" in {str(merge) for merge in sheet.merged_cells.ranges}
    assert sheet.row_dimensions[4].height + sheet.row_dimensions[5].height > 20 * 13


@pytest.mark.pure
def test_no_text_is_a_formula() -> None:
    odd = "=1+1"
    document = Document(
        (Theme("thema", None, "=1+1"),),
        (ambition(odd, odd),),
        (er_goal(odd, odd, theme=odd),),
        (goal(odd, odd, theme=odd, owner=odd, focus_areas=(odd,)),),
        (effort(odd, odd, theme=odd, lead=odd),),
    )
    sheet = sheet_of(document, title="=1+1")
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert sum(cell.value == odd for cell in cells) == 8
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells if cell.value == odd)
    assert_comes_back(document)


@pytest.mark.pure
def test_a_goal_that_ended_is_struck_through_and_says_why() -> None:
    remark = "Vervallen op 01-05-2024: het rijk neemt dit over"
    sheet = sheet_of(NETWORK, remarks={("Taal", "70% haalt een niveau"): remark})
    (told,) = [cell for row in sheet.iter_rows() for cell in row if cell.comment]
    assert (told.value, told.comment.text, told.font.strike) == ("70% haalt een niveau", remark, True)


@pytest.mark.pure
@settings(max_examples=50, derandomize=True, deadline=None)
@given(
    st.lists(ANYTHING.map(clean).filter(lambda text: text_key(text).strip("-–—/ ")), max_size=20, unique_by=text_key)
)
def test_any_text_comes_back_as_itself(found: list[str]) -> None:
    assert_comes_back(
        Document(
            (TAAL,),
            tuple(ambition(text) for text in found),
            tuple(er_goal(text, text) for text in found),
            (*(goal(text, text) for text in found), goal("Een doel")),
            tuple(effort(text, text) for text in found),
        )
    )


@pytest.mark.pure
@settings(max_examples=300, derandomize=True, deadline=None)
@given(ANYTHING, st.sampled_from(["ambition", "er_goal", "effort"]))
def test_a_mark_stands_only_before_a_text_that_needs_one(text: str, level: str) -> None:
    text = clean(text)
    written = item_text(text, level)
    assert written == text or not text[:1].isalpha() or text[1:2] in (".", ")")


@pytest.mark.pure
def test_a_large_network_has_as_many_rows_as_it_needs() -> None:
    texts = [f"Doel {place}" for place in range(3_000)]
    goals = tuple(goal(text, "Beter", number=place) for place, text in enumerate(texts))
    efforts = tuple(effort(f"Bij {text.lower()}", text) for text in texts)
    document = Document((TAAL,), (), (er_goal("Beter"),), goals, efforts)
    assert [row.chain for row in rows_of(document)] == [(None, 0, place, place) for place in range(3_000)]


# --- the template --------------------------------------------------------------------------------------------------


@pytest.mark.pure
def test_the_template_reads_as_its_two_examples() -> None:
    content = template_workbook(title="DIN – Basisvaardigheden", made=datetime.datetime(2024, 3, 1))
    reading = read_in_process(content, YEAR)
    assert reading.errors == ()
    assert [it.message for it in reading.warnings] == [
        "Blad 'Toelichting' heeft geen rij met kolomkoppen en is niet gelezen."
    ]
    document = reading.document
    assert [(it.number, it.deadline) for it in document.smart_goals] == [(1, "2024-Q3"), (2, "2024-Q4")]
    for level in (document.ambitions, document.er_goals, document.smart_goals, document.efforts):
        assert level
        assert all(item.text.startswith("Voorbeeld: ") for item in level)
    assert [theme.name for theme in document.themes] == ["Voorbeeld"]


@pytest.mark.pure
def test_the_template_explains_every_column() -> None:
    content = template_workbook(title="DIN – Basisvaardigheden", made=datetime.datetime(2024, 3, 1))
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["DIN", "Toelichting"]
    sheet = book["DIN"]
    assert not sheet.merged_cells.ranges
    blank = sheet.cell(HEADER_ROW + 3, 5)
    assert (blank.value, blank.border.top.style, sheet.row_dimensions[blank.row].height) == (None, "thin", None)
    explained = {row[0].value: row[1].value for row in book["Toelichting"].iter_rows()}
    for column in COLUMNS:
        assert explained[column.heading], column.heading
    assert any("voorbeeldrijen weg" in str(key) for key in explained)


# --- through the database ------------------------------------------------------------------------------------------


def import_(document: Document, year: int, slug: str = "proef") -> Plan:
    programme = make_programme(slug.capitalize(), slug)
    return apply_document(document, programme=programme, year=year, actor=None, now=timezone.now()).plan


@pytest.mark.django_db
@each_workbook
def test_importing_what_was_exported_changes_nothing(path: Path) -> None:
    year = WORKBOOKS[path]
    read = read_in_process(path.read_bytes(), year).document
    plan = import_(read, year)
    exported = document_of_plan(plan)
    assert exported == read
    again = out_and_back(exported, year).document
    counts = change_plan_of(again, programme=plan.programme, year=year).counts
    assert (counts["created"], counts["updated"], counts["missing"]) == (0, 0, 0)
    assert counts["unchanged"] > 10


@pytest.mark.django_db
@settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(documents())
def test_a_generated_plan_exported_and_imported_changes_nothing(document: Document) -> None:
    plan = import_(document, YEAR, f"proef-{Plan.objects.count()}")
    again = out_and_back(document_of_plan(plan)).document
    counts = change_plan_of(again, programme=plan.programme, year=YEAR).counts
    assert (counts["created"], counts["updated"], counts["missing"]) == (0, 0, 0)


def test_a_plan_is_read_in_the_same_number_of_queries_however_large(stage: Stage) -> None:
    with CaptureQueriesContext(
        connection,
    ) as few:
        document_of_plan(stage.plan)
    reading = read_in_process((SAMPLES / "actieplan-2023.xlsx").read_bytes(), 2023)
    plan = import_(reading.document, 2023)
    with CaptureQueriesContext(connection) as many:
        document = document_of_plan(plan)
    assert len(document.efforts) > 20
    assert len(few) == len(many) == 9


def test_the_document_has_the_plans_order_and_only_its_themes(stage: Stage) -> None:
    document = document_of_plan(stage.plan)
    assert [theme.name for theme in document.themes] == ["Sociaal netwerk", "Inkomen", "Jongerenparticipatie"]
    assert [goal.number for goal in document.smart_goals] == [1, 2, 3, 1, 2, 3, 11, None]
    assert document.smart_goals[0].deadline == "2023-Q2"
    assert document.smart_goals[1].focus_areas == ("Financiële zelfredzaamheid",)
    debts = next(it for it in document.er_goals if it.text.startswith("Minder"))
    assert debts.ambitions == ("Elke jongere in de stad doet mee", "Jongeren hebben hun geldzaken op orde")
    DinTheme.objects.create(programme=stage.programme, name="Ongebruikt", position=0)
    stage.themes["P1"].position = 9
    stage.themes["P1"].save()
    themes = [theme.name for theme in document_of_plan(stage.plan).themes]
    assert themes == ["Inkomen", "Jongerenparticipatie", "Sociaal netwerk"]


def test_an_opgave_has_no_place_in_a_din(stage: Stage) -> None:
    opgave = stage.goals["P1.1"]
    opgave.kind = "opgave"
    opgave.save()
    document = document_of_plan(stage.plan)
    assert opgave.text not in [goal.text for goal in document.smart_goals]
    (inventory,) = [it for it in document.efforts if it.text.startswith("Alle projecten")]
    assert inventory.smart_goals == (stage.goals["P1.2"].text,)


# --- the pages -----------------------------------------------------------------------------------------------------


def test_a_reader_takes_the_plan_out_as_a_workbook(stage: Stage, log_in: LogIn) -> None:
    client = log_in(stage.people.councillor)
    response = client.get(reverse("export_workbook", args=[stage.programme.slug, stage.plan.pk]))
    assert response["Content-Type"] == MEDIA_TYPE
    assert response["Content-Disposition"] == 'attachment; filename="din-vastpakken-2023.xlsx"'
    read = read_in_process(response.content, 2023)
    assert read.result == "ok"
    assert [goal.text for goal in read.document.smart_goals] == [
        goal.text for goal in document_of_plan(stage.plan).smart_goals
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).worksheets[0]
    (ended,) = [cell for row in sheet.iter_rows() for cell in row if cell.comment]
    assert ended.value == stage.goals["P4.3"].text
    assert ended.comment.text == "Vervallen op 01-05-2023: Het rijk neemt deze proef over"


def test_a_plan_of_another_programme_is_not_found(stage: Stage, log_in: LogIn) -> None:
    other = make_programme("Een ander", "ander")
    client = log_in(stage.people.manager)
    assert client.get(reverse("export_workbook", args=[other.slug, stage.plan.pk])).status_code == 404


def test_the_page_for_importing_offers_the_template(stage: Stage, log_in: LogIn) -> None:
    client = log_in(stage.people.manager)
    address = reverse("workbook_template", args=[stage.programme.slug])
    page = client.get(reverse("import_workbook", args=[stage.programme.slug])).content.decode()
    assert f'href="{address}"' in page
    assert "Leeg sjabloon ophalen" in page
    response = client.get(address)
    assert response["Content-Disposition"] == 'attachment; filename="din-sjabloon-vastpakken.xlsx"'
    assert read_in_process(response.content, 2024).result == "ok"
