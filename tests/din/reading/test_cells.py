# ruff: noqa: E501 (a table reads best with one case on each line)
"""Merged and blank cells, several items in a cell, repeats, numbers and remarks (contract, Cells)."""

import pytest

from din.reading.items import split_items
from tests.din.reading.workbooks import din, efforts, read, refused, smart, themes, warned

pytestmark = pytest.mark.pure


def er_lines(reading):
    return {goal.text: goal.er_goals for goal in reading.document.smart_goals}


def smart_lines(reading):
    return {effort.text: effort.smart_goals for effort in reading.document.efforts}


def test_a_merged_cell_counts_for_all_its_rows():
    reading = din(
        ("P1 Wonen", "A", "E", "S", "I"), (None, None, None, "S2", "I2"), (None, None, "E2", "S3", "I3"),
        merges=("A2:A4", "B2:B4", "C2:C3"),
    )  # fmt: skip
    assert er_lines(reading) == {"S": ("E",), "S2": ("E",), "S3": ("E2",)}
    assert [it.ambitions for it in reading.document.er_goals] == [("A",), ("A",)]


def test_a_merged_goal_serves_all_its_rows_and_names_its_first_cell():
    reading = din(("P1 Wonen", "A", "E", "S", "I"), (None, None, None, None, "I2"), merges=("D2:D3",))
    assert smart_lines(reading) == {"I": ("S",), "I2": ("S",)}
    assert reading.document.smart_goals[0].source == "Blad1!D2"


def test_an_er_goal_merged_over_two_ambitions_serves_both():
    reading = din(("P1 Wonen", "A", "E", "S", "I"), (None, "A2", None, "S2", "I2"), merges=("C2:C3",))
    assert [it.ambitions for it in reading.document.er_goals] == [("A", "A2")]


def test_blank_cells_count_as_the_value_above():
    reading = din(("P1 Wonen", "A", "E", "S", "I"), (None, None, None, None, "I2"), (None, None, None, "S2", "I3"))
    assert smart_lines(reading) == {"I": ("S",), "I2": ("S",), "I3": ("S2",)}
    assert er_lines(reading) == {"S": ("E",), "S2": ("E",)}


def test_blank_cells_never_count_across_a_theme():
    reading = din(("P1 Wonen", "A", "E", "S", "I"), ("P2 Werk", None, None, "S2", "I2"))
    assert er_lines(reading) == {"S": ("E",), "S2": ()}
    reading = din(("P1 Wonen", "A", "E", "S", "I"), ("P2 Werk", None, None, None, "I2"))
    assert smart_lines(reading) == {"I": ("S",), "I2": ()}
    assert [it.theme for it in reading.document.efforts] == ["Wonen", "Werk"]


def test_a_new_value_on_a_higher_level_ends_the_lower_ones():
    reading = din(("P1 Wonen", "A", "E", "S", "I"), (None, None, "E2", None, "I2"), (None, "A2", None, "S3", "I3"))
    assert smart_lines(reading) == {"I": ("S",), "I2": (), "I3": ("S3",)}
    assert er_lines(reading) == {"S": ("E",), "S3": ()}


def test_a_repeated_value_on_a_higher_level_ends_nothing():
    reading = din(("P1 Wonen", "A", "E", "S", "I"), ("P1 Wonen", "A", "E", None, "I2"))
    assert smart_lines(reading) == {"I": ("S",), "I2": ("S",)}


def test_a_blank_row_does_not_end_a_value():
    reading = din(("P1 Wonen", "A", "E", "S", "I"), (), (None, None, None, None, "I2"))
    assert smart_lines(reading) == {"I": ("S",), "I2": ("S",)}


def test_an_effort_without_goal_is_kept_with_a_warning():
    reading = din(("P1 Wonen", "A", "E", None, "I"))
    assert reading.result == "ok"
    assert smart_lines(reading) == {"I": ()}
    assert [it.source for it in reading.warnings] == ["Blad1!E2"]


def test_every_item_of_a_cell_is_joined_to_every_item_of_the_level_above():
    reading = din(("P1 Wonen", "1. A\n2. B", "1. E\n2. F", "1. S\n2. T", "- I\n- J"))
    assert [(it.text, it.ambitions) for it in reading.document.er_goals] == [("E", ("A", "B")), ("F", ("A", "B"))]
    assert er_lines(reading) == {"S": ("E", "F"), "T": ("E", "F")}
    assert smart_lines(reading) == {"I": ("S", "T"), "J": ("S", "T")}
    assert [it.number for it in reading.document.smart_goals] == [1, 2]


ITEMS = [
    # numbered and lettered lines are items on every level
    ("er_goal", "1. Een\n2. Twee", ["Een", "Twee"]),
    ("ambition", "1) Een\n2) Twee", ["Een", "Twee"]),
    ("effort", "a. Een\nb. Twee", ["Een", "Twee"]),
    ("smart_goal", "a) Een\nb) Twee", ["Een", "Twee"]),
    ("smart_goal", "4.11 Een\n4.12 Twee", ["Een", "Twee"]),
    ("smart_goal", "1 In Q1 dit\n2 In Q2 dat", ["In Q1 dit", "In Q2 dat"]),
    ("smart_goal", "1. Een\nvervolgt\n2. Twee", ["Een vervolgt", "Twee"]),
    ("smart_goal", "1. Een:\n- a\n- b\n2. Twee", ["Een:\n- a\n- b", "Twee"]),
    ("smart_goal", "1. Een:\na. x\nb. y", ["Een:\na. x\nb. y"]),
    # bulleted lines
    ("effort", "- Een\n- Twee", ["Een", "Twee"]),
    ("effort", "• Een\n• Twee", ["Een", "Twee"]),
    ("effort", "– Een\n– Twee", ["Een", "Twee"]),
    ("effort", "* Een\n* Twee", ["Een", "Twee"]),
    ("effort", "-Een\n-Twee", ["Een", "Twee"]),
    ("effort", "- Een\nvervolgt\n- Twee", ["Een vervolgt", "Twee"]),
    ("smart_goal", "Een:\n- a\n- b", ["Een:\n- a\n- b"]),
    ("smart_goal", "Een\n• a\n• b", ["Een\n• a\n• b"]),
    ("er_goal", "- Een\n- Twee", ["Een", "Twee"]),
    ("er_goal", "Meer mensen:\n- in de stad\n- in het dorp", ["Meer mensen:\n- in de stad\n- in het dorp"]),
    ("ambition", "Een\n- Twee", ["Een\n- Twee"]),
    ("ambition", "- Een", ["Een"]),
    # efforts by line
    ("effort", "Een\nTwee", ["Een", "Twee"]),
    ("effort", "Een lange regel\ndie doorloopt\nTwee", ["Een lange regel die doorloopt", "Twee"]),
    # anything else is one item on one line
    ("er_goal", "Een regel\nNog een regel", ["Een regel Nog een regel"]),
    ("smart_goal", "Een regel\nNog een regel", ["Een regel Nog een regel"]),
    ("smart_goal", "10 jongeren doen mee", ["10 jongeren doen mee"]),
    ("smart_goal", "2.500 huishoudens besparen", ["2.500 huishoudens besparen"]),
    ("smart_goal", "4.5 miljoen euro is besteed", ["4.5 miljoen euro is besteed"]),
    ("smart_goal", "90% van de jongeren", ["90% van de jongeren"]),
    ("smart_goal", "1 mei is het feest", ["1 mei is het feest"]),
    ("smart_goal", "1e kwartaal is het af", ["1e kwartaal is het af"]),
    ("effort", "A. Jansen vragen", ["A. Jansen vragen"]),
    ("effort", "12 scholen bezoeken", ["12 scholen bezoeken"]),
    ("effort", "5-10 mensen bellen", ["5-10 mensen bellen"]),
]


@pytest.mark.parametrize(("level", "text", "items"), ITEMS)
def test_a_cell_is_split_into_its_items(level, text, items):
    assert [item.text for item in split_items(text, level).items] == items


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1. In Q1 is het af", 1), ("2) Iets", 2), ("3 In Q1 is het af", 3), ("4.11 Iets", 11), ("4.11. Iets", 11),
        ("10 jongeren doen mee", None), ("2.500 huishoudens", None), ("Iets", None), ("(5) Iets", 5), ("a. Iets", None),
    ],
)  # fmt: skip
def test_a_leading_number_is_the_goals_number(text, number):
    assert [goal.number for goal in din(("P1 Wonen", "A", "E", text, "I")).document.smart_goals] == [number]


def test_a_count_before_a_name_is_no_number():
    reading = din(("P1 Wonen", "A", "E", "3 Rotterdamse wijken doen mee", "I"))
    assert smart(reading) == ["3 Rotterdamse wijken doen mee"]


def test_a_bare_number_counts_beside_a_blank_number_cell_only():
    reading = read(
        NUMBERED, ("Wonen", "E", 1, "S"), (None, None, None, "2 In Q2 is het af"), (None, None, 3, "4 In de stad")
    )
    assert [(it.number, it.text) for it in reading.document.smart_goals[1:]] == [
        (2, "In Q2 is het af"),
        (3, "4 In de stad"),
    ]


def test_bare_numbers_count_where_most_goals_have_one():
    texts = ["1 Rotterdam doet mee", "2 Wijkteams werken samen", "3 Albeda doet mee"]
    reading = din(*[("P1 Wonen", "A", "E", text, None) for text in texts])
    assert [(it.number, it.text) for it in reading.document.smart_goals][1] == (2, "Wijkteams werken samen")


def test_a_line_that_announces_a_list_is_said_not_read():
    reading = din(("P1 Wonen", "A", "E", "S", "Acties:\n- Een\n- Twee"))
    assert efforts(reading) == ["Een", "Twee"]
    assert warned(reading, "Acties:")


NUMBERED = ("Pijler", "ER-doelen", "Nr.", "SMART-doelen", "Planning", "Eigenaar", "Inspanningen", "Trekker")


@pytest.mark.parametrize(
    ("value", "number"), [(3, 3), ("3", 3), ("4.11", 11), (4.11, 11), ("Doel 3", 3), ("3.", 3), (None, None)]
)
def test_the_number_column_says_the_number(value, number):
    reading = read(NUMBERED, ("Wonen", "E", value, "S"))
    assert reading.document.smart_goals[0].number == number


def test_the_same_number_under_one_er_goal_is_an_error_at_the_second():
    reading = read(NUMBERED, ("Wonen", "E", 1, "S"), (None, None, 1, "T"))
    assert refused(reading, "Nummer 1", "Blad1!D2")
    assert reading.errors[0].source == "Blad1!D3"


def test_numbering_that_restarts_under_each_er_goal_is_dropped_with_a_warning():
    reading = read(NUMBERED, ("Wonen", "E", 1, "S"), (None, "F", 1, "T"), (None, None, 2, "U"), ("Werk", "G", 1, "V"))
    assert reading.result == "ok"
    assert [it.number for it in reading.document.smart_goals] == [None, None, None, 1]
    assert warned(reading, "Wonen", "opnieuw")


def test_the_same_number_in_two_themes_is_nothing():
    reading = read(NUMBERED, ("Wonen", "E", 1, "S"), ("Werk", "E", 1, "T"))
    assert [it.number for it in reading.document.smart_goals] == [1, 1]
    assert reading.warnings == ()


def test_a_goal_repeated_under_two_er_goals_supports_both():
    reading = din(("P1 Wonen", "A", "E", "S.", "I"), (None, None, "F", "s", "J"))
    assert er_lines(reading) == {"S.": ("E", "F")}
    assert smart_lines(reading) == {"I": ("S.",), "J": ("S.",)}


def test_an_effort_repeated_under_two_goals_serves_both():
    reading = din(("P1 Wonen", "A", "E", "S", "I"), (None, None, None, "T", "  i. "))
    assert smart_lines(reading) == {"I": ("S", "T")}


def test_the_same_text_in_two_themes_is_two_things():
    reading = din(("P1 Wonen", "A", "E", "S", "I"), ("P2 Werk", "A", "E", "S", "I"))
    assert len(reading.document.smart_goals) == len(reading.document.efforts) == 2


def test_of_repeats_the_first_filled_value_counts_with_a_warning():
    reading = read(
        NUMBERED, ("Wonen", "E", 1, "S", None, None, "I", None), (None, "F", None, "S", "Q2", "Anna", "I", "Piet"),
        (None, "G", None, "S", None, "Bea", "I", "Jan"),
    )  # fmt: skip
    goal, effort = reading.document.smart_goals[0], reading.document.efforts[0]
    assert (goal.number, goal.owner, goal.deadline, effort.lead) == (1, "Anna", "2024-Q2", "Piet")
    assert warned(reading, "Anna", "Bea")
    assert warned(reading, "Piet", "Jan")


def test_of_different_deadlines_the_latest_counts_with_a_warning():
    reading = read(NUMBERED, ("Wonen", "E", 1, "S", "Q2"), (None, "F", 1, "S", "Q4"), (None, "G", 1, "S", "Q3"))
    assert reading.document.smart_goals[0].deadline == "2024-Q4"
    assert warned(reading, "2024-Q4")


def test_text_is_cleaned():
    reading = din(("P1\xa0 Wonen", " A\u00admbitie ", "E\u200bR\xa0\xa0doel", "  Dit  is\tS\r\nen meer ", "I"))
    assert themes(reading) == [("pijler", 1, "Wonen")]
    assert reading.document.ambitions[0].text == "Ambitie"
    assert reading.document.er_goals[0].text == "ER doel"
    assert smart(reading) == ["Dit is S en meer"]


@pytest.mark.parametrize(
    "text", ["* voorlopig", "Bron: CBS", "Totaal", "Toelichting: zie bijlage", "NB dit is concept", "bron CBS"]
)
@pytest.mark.parametrize("gap", [0, 1])
def test_a_remark_after_a_block_is_ignored_with_a_warning(text, gap):
    reading = din(("P1 Wonen", "A", "E", "S", "I"), *[()] * gap, (text,))
    assert themes(reading) == [("pijler", 1, "Wonen")]
    assert warned(reading, text)


def test_a_remark_between_blocks_is_ignored():
    reading = read(
        ("Thema 1: Wonen",), ("Ambitie", "SMART-doelen"), ("A", "S"), ("Bron: CBS",),
        ("Thema 2: Werk",), ("Ambitie", "SMART-doelen"), ("B", "T"), ("Totaal", "2"),
    )  # fmt: skip
    assert [it.text for it in reading.document.ambitions] == ["A", "B"]
    assert smart(reading) == ["S", "T"]


def test_a_goal_that_only_looks_like_a_remark_is_read():
    reading = din(
        ("P1 Wonen", "A", "E", "S", "I"),
        (None, None, None, "Totaalaanpak is klaar", "Toelichting geven"),
        (None, None, None, None, "Bronnen zoeken"),
    )
    assert smart(reading) == ["S", "Totaalaanpak is klaar"]
    assert efforts(reading) == ["I", "Toelichting geven", "Bronnen zoeken"]


def test_a_dash_says_that_there_is_none():
    reading = read(NUMBERED, ("Wonen", "E", "-", "S", "-", "–", "I", "-"))
    goal = reading.document.smart_goals[0]
    assert (goal.number, goal.deadline, goal.owner, reading.document.efforts[0].lead) == (None, None, None, None)


@pytest.mark.parametrize("none", ["n.v.t.", "nvt", "NVT", "Geen", "niet van toepassing", "(n.v.t.)"])
def test_words_that_say_that_there_is_none_are_none_and_said(none):
    reading = read(NUMBERED, ("Wonen", none, none, "S", "Q1", none, none, none), (None, None, None, none))
    assert (smart(reading), efforts(reading), reading.document.er_goals) == (["S"], [], ())
    goal = reading.document.smart_goals[0]
    assert (goal.number, goal.owner, themes(reading)) == (None, None, [("pijler", None, "Wonen")])
    assert {it.source for it in reading.warnings if none in it.message} >= {"Blad1!B2", "Blad1!D3", "Blad1!G2"}


def test_no_theme_that_applies_is_the_programme():
    reading = din(("Wonen", "A", "E", "S"), ("n.v.t.", "B", "F", "T"))
    assert [(it.theme, it.text) for it in reading.document.smart_goals] == [("Wonen", "S"), (None, "T")]


@pytest.mark.parametrize("number", [0, "0", 12345, "4.0", 20240001])
def test_a_number_that_numbers_no_goal_is_said(number):
    reading = read(NUMBERED, ("Wonen", "E", number, "S"))
    assert reading.document.smart_goals[0].number is None
    assert [it.source for it in reading.warnings] == ["Blad1!C2"]


def test_a_theme_whose_name_begins_like_a_remark_is_a_theme():
    reading = din(
        ("Wonen", "A", "E", "S", "I"),
        ("Bronnen van inkomen", "B", "F", "T", "J"),
        (),
        ("Totaal aanbod sport", "C", "G", "U", "K"),
        (None, None, None, "V", "L"),
    )
    assert [it.name for it in reading.document.themes] == ["Wonen", "Bronnen van inkomen", "Totaal aanbod sport"]
    assert (smart(reading), reading.warnings) == (["S", "T", "U", "V"], ())


@pytest.mark.parametrize(
    "row",
    [
        ("Totaal", "3", "4", "12 doelen", "30 acties"),
        ("Totaal aantal", None, None, "12", "30"),
        ("Totaal budget", None, None, "€ 10.000"),
        ("Totaal", None, None, "Twaalf doelen", "Dertig inspanningen"),
        ("Toelichting op de cijfers", None, None, "zie bijlage"),
        ("Bronvermelding: CBS",),
    ],
)
def test_a_row_that_counts_or_explains_is_a_remark(row):
    reading = din(("Wonen", "A", "E", "S", "I"), row)
    assert (smart(reading), [it.source for it in reading.warnings]) == (["S"], ["Blad1!A3"])


def test_leads_line_by_line_go_with_efforts_line_by_line():
    reading = read(NUMBERED, ("Wonen", "E", 1, "S", "Q1", "Anna", "- I\n- J", "Piet\nJan"))
    assert [it.lead for it in reading.document.efforts] == ["Piet", "Jan"]


def test_all_findings_are_collected_and_each_is_said_once():
    reading = read(
        NUMBERED, ("Wonen", "E", 1, "S", "#REF!"), (None, None, 1, "T", "#N/A"), ("Werk", "F", 2, "#REF!", "Q1"), merges=("E2:E2",)
    )  # fmt: skip
    assert [it.source for it in reading.errors] == ["Blad1!E2", "Blad1!E3", "Blad1!D4", "Blad1!D3"]
    assert len({(it.source, it.message) for it in reading.errors}) == len(reading.errors)


def test_a_remark_of_several_rows_is_ignored_as_a_whole():
    reading = din(
        ("P1 Wonen", "A", "E", "S", "I"), (), ("Toelichting",), ("Dit DIN is een concept",), ("van het team",)
    )
    assert themes(reading) == [("pijler", 1, "Wonen")]
    assert warned(reading, "Dit DIN is een concept")


@pytest.mark.parametrize("bullet", ["o ", "→ ", "+ ", "> ", "- ", "• "])
def test_a_bullet_of_any_form_is_taken_off(bullet):
    reading = din(("P1 Wonen", "A", "E", "S", f"{bullet}Bellen\n{bullet}Schrijven"))
    assert efforts(reading) == ["Bellen", "Schrijven"]


@pytest.mark.parametrize(
    ("level", "text"),
    [
        ("ambition", "Ambitie 1: Wonen\nAmbitie 2: Werken"),
        ("er_goal", "ER-doel 1: Wonen\nER-doel 2: Werken"),
        ("er_goal", "ER-doelstelling 1. Wonen\nER-doelstelling 2. Werken"),
        ("effort", "Inspanning 1: Wonen\nActie 2 - Werken"),
        ("smart_goal", "SMART-doel 1: Wonen\nSMART-doel 2: Werken"),
    ],
)
def test_a_level_s_own_name_may_stand_before_the_number(level, text):
    assert [item.text for item in split_items(text, level).items] == ["Wonen", "Werken"]


def test_another_level_s_name_before_a_number_is_text():
    assert split_items("Actie 1: bellen", "er_goal").items == ((None, "Actie 1: bellen"),)
