"""Where the theme of a row comes from: column, band, title, sheet name (contract, Layouts)."""

import pytest

from tests.din.reading.workbooks import read, read_sheets, refused, smart, themes, warned

pytestmark = pytest.mark.pure

TABLE = ("Ambitie", "ER-doelen", "SMART-doelen", "Inspanningen")


def goals(reading):
    return [(goal.theme, goal.text) for goal in reading.document.smart_goals]


@pytest.mark.parametrize("header", ["Pijler", "Thema", "Pijler/thema", "Onderdeel", "Speerpunt", "Actielijn"])
def test_a_column_tells_the_theme(header):
    reading = read((header, "ER-doelen", "SMART-doelen"), ("Wonen", "E", "S"))
    kind = {"Pijler": "pijler", "Speerpunt": "speerpunt", "Actielijn": "actielijn"}.get(header, "thema")
    assert themes(reading) == [(kind, None, "Wonen")]
    assert goals(reading) == [("Wonen", "S")]


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("Pijler 1: Sociaal netwerk", ("pijler", 1, "Sociaal netwerk")),
        ("P1 Sociaal netwerk", ("pijler", 1, "Sociaal netwerk")),
        ("T2 Loketten", ("thema", 2, "Loketten")),
        ("Thema Loketten", ("thema", None, "Loketten")),
        ("Pijler 3 - Werk", ("pijler", 3, "Werk")),
        ("Doelgroep 2 – Ouderen", ("doelgroep", 2, "Ouderen")),
        ("Actielijn 4. Groen", ("actielijn", 4, "Groen")),
        ("2. Wonen", ("pijler", 2, "Wonen")),
        ("Wonen", ("pijler", None, "Wonen")),
        ("Pijler 2", ("pijler", 2, "Pijler 2")),
        ("Pijler 1:\nWonen", ("pijler", 1, "Wonen")),
        ("Pijler1 Wonen", ("pijler", 1, "Wonen")),
        ("Pijler-1: Wonen", ("pijler", 1, "Wonen")),
        ("Doelgroep 55+", ("doelgroep", None, "55+")),
        ("Doelgroep 18-27 jaar", ("doelgroep", None, "18-27 jaar")),
        ("Thema-avonden", ("pijler", None, "Thema-avonden")),
    ],
)
def test_kind_and_number_stand_before_the_name(text, theme):
    assert themes(read(("Pijler", "SMART-doelen"), (text, "S"))) == [theme]


@pytest.mark.parametrize("word", ["Programma", "Programmabreed", "Algemeen", "Overkoepelend", "programma"])
def test_the_programme_is_no_theme(word):
    reading = read(("Pijler", "ER-doelen", "SMART-doelen"), (word, "E", "S"))
    assert reading.result == "ok"
    assert themes(reading) == []
    assert goals(reading) == [(None, "S")]


@pytest.mark.parametrize("name", ["P1 Wonen", "Pijler 1 - Wonen", "Pijler 1 Wonen", "DIN P1 Wonen", "Pijler1_Wonen"])
def test_a_sheet_name_with_a_kind_tells_the_theme(name):
    assert themes(read(TABLE, ("A", "E", "S", "I"), name=name)) == [("pijler", 1, "Wonen")]


def test_a_bare_sheet_name_is_a_theme_where_several_sheets_have_a_header():
    reading = read_sheets({"Wonen": [TABLE, ("A", "E", "S", "I")], "Werk": [TABLE, ("A", "E", "S2", "I")]})
    assert themes(reading) == [("thema", None, "Wonen"), ("thema", None, "Werk")]
    assert goals(reading) == [("Wonen", "S"), ("Werk", "S2")]


def test_a_bare_sheet_name_alone_is_no_theme():
    reading = read(TABLE, ("A", "E", "S", "I"), name="Wonen")
    assert refused(reading, "pijler", "thema")
    assert reading.errors[0].source == "Wonen!C2"


def test_names_that_programs_give_to_sheets_are_no_themes():
    reading = read_sheets({"Blad1": [TABLE, ("A", "E", "S", "I")], "Blad2": [TABLE, ("A", "E", "S2", "I")]})
    assert [error.source for error in reading.errors] == ["Blad1!C2", "Blad2!C2"]


@pytest.mark.parametrize("merges", [(), ("A1:D1", "A5:D5")])
def test_bands_tell_the_theme_of_their_blocks(merges):
    reading = read(
        ("Pijler 1: Wonen",), TABLE, ("A", "E", "S", "I"), (), ("Pijler 2: Werk",), TABLE, ("A", "E", "S2", "I"),
        merges=merges,
    )  # fmt: skip
    assert themes(reading) == [("pijler", 1, "Wonen"), ("pijler", 2, "Werk")]
    assert goals(reading) == [("Wonen", "S"), ("Werk", "S2")]


def test_bands_need_no_repeated_header():
    reading = read(
        TABLE, ("Thema Wonen",), ("A", "E", "S", "I"), ("Thema Werk",), ("A", "E", "S2", "I"), (None, None, "S3", "I3")
    )
    assert goals(reading) == [("Wonen", "S"), ("Werk", "S2"), ("Werk", "S3")]


def test_a_full_width_band_needs_no_kind():
    reading = read(TABLE, ("Wonen",), ("A", "E", "S", "I"), ("Werk",), ("A", "E", "S2", "I"), merges=("A2:D2", "A4:D4"))
    assert themes(reading) == [("thema", None, "Wonen"), ("thema", None, "Werk")]


def test_a_bare_band_right_above_each_header_is_a_theme():
    reading = read(("Wonen",), TABLE, ("A", "E", "S", "I"), (), ("Werk",), TABLE, ("A2", "E2", "S2", "I2"))
    assert goals(reading) == [("Wonen", "S"), ("Werk", "S2")]


def test_a_programme_band_ends_the_theme():
    reading = read(TABLE, ("Pijler 1: Wonen",), ("A", "E", "S", "I"), ("Programmabreed",), ("A", "E", "S2", "I"))
    assert goals(reading) == [("Wonen", "S"), (None, "S2")]


@pytest.mark.parametrize("text", ["Thema 1 is besproken met alle scholen.", "Pijler 3 evalueren", "Thema kiezen"])
@pytest.mark.parametrize("header", [("SMART-doelen", "Inspanningen"), ("Inspanningen", "SMART-doelen")])
def test_a_goal_or_effort_alone_in_the_first_column_is_no_band(header, text):
    reading = read(header, ("S", "I"), (text,), name="P1 Wonen")
    assert themes(reading) == [("pijler", 1, "Wonen")]
    assert text in [it.text for it in (*reading.document.smart_goals, *reading.document.efforts)]


def test_a_row_with_one_filled_effort_is_no_band():
    reading = read(TABLE, ("Pijler 1: Wonen",), ("A", "E", "S", "I"), (None, None, None, "Thema bespreken"))
    assert themes(reading) == [("pijler", 1, "Wonen")]
    assert [effort.text for effort in reading.document.efforts] == ["I", "Thema bespreken"]


@pytest.mark.parametrize(
    "title",
    ["DIN 2024 – Pijler 4 Inkomen", "Pijler 4: Inkomen", "DIN 2024 Pijler 4 Inkomen", "Pijler 4 Inkomen (2024)"],
)
def test_a_title_above_the_header_tells_the_theme(title):
    reading = read(("Jaarplan 2024",), (title,), (), TABLE, ("A", "E", "S", "I"))
    assert themes(reading) == [("pijler", 4, "Inkomen")]


def test_a_title_in_two_cells_is_one_title():
    assert themes(read(("Thema:", "Inkomen"), TABLE, ("A", "E", "S", "I"))) == [("thema", None, "Inkomen")]


def test_title_goes_before_sheet_name():
    assert themes(read(("Pijler 4 Inkomen",), TABLE, ("A", "E", "S", "I"), name="P1 Wonen")) == [
        ("pijler", 4, "Inkomen")
    ]


def test_band_goes_before_title():
    reading = read(("DIN – Pijler 4 Inkomen",), (), TABLE, ("Pijler 2: Werk",), ("A", "E", "S", "I"))
    assert goals(reading) == [("Werk", "S")]


def test_column_goes_before_all():
    reading = read(
        ("DIN – Pijler 4 Inkomen",), ("Pijler", *TABLE), ("Pijler 1: Wonen", "A", "E", "S", "I"), name="P7 Zorg"
    )
    assert themes(reading) == [("pijler", 1, "Wonen")]


def test_column_goes_before_band():
    reading = read(("SMART-doelen", "Pijler"), ("Pijler 7: Zorg",), ("S", "Pijler 1: Wonen"), ("T",))
    assert goals(reading) == [("Wonen", "S"), ("Wonen", "T")]


def test_speerpunt_is_a_tag_beside_a_theme_column():
    reading = read(("Pijler", "SMART-doelen", "Speerpunten"), ("Wonen", "S", "Het mbo; Loketten, Geld\nWerk"))
    assert reading.document.smart_goals[0].focus_areas == ("Het mbo", "Loketten", "Geld", "Werk")


@pytest.mark.parametrize("name", ["P1 Wonen", "Blad1"])
def test_speerpunt_is_a_tag_where_sheet_or_band_tells_the_theme(name):
    reading = read(("SMART-doelen", "Speerpunt"), ("Pijler 1: Wonen",), ("S", "Het mbo"), name=name)
    assert themes(reading) == [("pijler", 1, "Wonen")]
    assert reading.document.smart_goals[0].focus_areas == ("Het mbo",)


def test_the_ambition_above_the_header_is_that_of_the_sheets_theme():
    reading = read(
        ("Ambitie: Iedereen woont goed.",),
        ("ER-doelen", "SMART-doelen"),
        ("E", "S"),
        ("E2", "S2"),
        name="Pijler 1 - Wonen",
    )
    assert [(it.theme, it.text) for it in reading.document.ambitions] == [("Wonen", "Iedereen woont goed.")]
    assert [it.ambitions for it in reading.document.er_goals] == [("Iedereen woont goed.",)] * 2


def test_an_ambition_under_a_band_is_that_of_the_block():
    reading = read(
        ("Pijler 1: Wonen",), ("Ambitie: Goed wonen.",), ("ER-doelen", "SMART-doelen"), ("E", "S"), (),
        ("Pijler 2: Werk",), ("Ambitie: Goed werk.",), ("ER-doelen", "SMART-doelen"), ("E2", "S2"),
    )  # fmt: skip
    assert [(it.theme, it.text, it.ambitions) for it in reading.document.er_goals] == [
        ("Wonen", "E", ("Goed wonen.",)),
        ("Werk", "E2", ("Goed werk.",)),
    ]
    assert [(it.theme, it.text) for it in reading.document.ambitions] == [
        ("Wonen", "Goed wonen."),
        ("Werk", "Goed werk."),
    ]


def test_a_blank_theme_counts_as_the_one_above_it():
    reading = read(("Pijler", "SMART-doelen"), ("Wonen", "S"), (None, "S2"), ("Werk", "S3"), (None, "S4"))
    assert goals(reading) == [("Wonen", "S"), ("Wonen", "S2"), ("Werk", "S3"), ("Werk", "S4")]


def test_a_theme_that_comes_back_is_the_same_theme():
    reading = read(("Pijler", "SMART-doelen"), ("Pijler 1: Wonen", "S"), ("Werk", "S2"), ("wonen", "S3"))
    assert themes(reading) == [("pijler", 1, "Wonen"), ("pijler", None, "Werk")]
    assert goals(reading)[2] == ("Wonen", "S3")


def test_a_row_whose_theme_cannot_be_told_is_an_error_that_names_the_cell():
    reading = read(("Pijler", "SMART-doelen", "Inspanningen"), (None, "S", "I"), ("Wonen", "S2", "I"))
    assert [error.source for error in reading.errors] == ["Blad1!B2"]


def test_sheets_for_themes_and_a_sheet_with_a_column_go_together():
    reading = read_sheets(
        {
            "Pijler 1 - Wonen": [TABLE, ("A", "E", "S", "I")],
            "Overig": [("Thema", *TABLE), ("Werk", "A", "E", "S2", "I")],
        }
    )
    assert goals(reading) == [("Wonen", "S"), ("Werk", "S2")]


def test_a_sheet_without_smart_goals_is_read_for_the_levels_it_has():
    reading = read_sheets(
        {
            "Ambities": [("Pijler", "Ambitie"), ("Wonen", "A"), ("Werk", "A2")],
            "Doelen": [("Pijler", "ER-doelen", "SMART-doelen"), ("Wonen", "E", "S")],
        }
    )
    assert reading.result == "ok"
    assert [it.text for it in reading.document.ambitions] == ["A", "A2"]
    assert smart(reading) == ["S"]
    assert not warned(reading, "Ambities")


def test_speerpunt_is_a_tag_on_bare_sheets_where_it_is_left_blank():
    table = ("SMART-doelen", "Speerpunt")
    reading = read_sheets({"Wonen": [table, ("S", "Het mbo")], "Werk": [table, ("T", None)]})
    assert goals(reading) == [("Wonen", "S"), ("Werk", "T")]
    assert reading.document.smart_goals[0].focus_areas == ("Het mbo",)


def test_a_theme_on_a_row_of_its_own_is_the_theme_of_what_follows():
    reading = read(("Pijler", "SMART-doelen"), ("Wonen", None), (None, "S"), ("Werk", None), (None, "T"))
    assert goals(reading) == [("Wonen", "S"), ("Werk", "T")]


def test_a_theme_with_nothing_below_it_is_said():
    reading = read(("Pijler", "SMART-doelen"), ("Wonen", "S"), ("Werk", None))
    assert themes(reading) == [("pijler", None, "Wonen")]
    assert warned(reading, "Werk", "niets")


def test_a_bare_band_with_a_number_has_that_number():
    reading = read(
        ("ER-doelen", "SMART-doelen", "Inspanningen"),
        ("1. Wonen",),
        ("E", "S", "I"),
        ("2. Werk en inkomen",),
        ("E", "S2", "I"),
        merges=("A2:C2", "A4:C4"),
    )
    assert themes(reading) == [("thema", 1, "Wonen"), ("thema", 2, "Werk en inkomen")]


@pytest.mark.parametrize(
    "sentence",
    [
        "In dit overzicht staan de doelen van pijler 3 en 4 van het programma.",
        "Dit blad gaat over thema 2.",
        "Hier staan de doelen van pijler 3 en 4",
        "Pijler 3 en 4 volgen later",
    ],
)
def test_a_sentence_above_the_table_is_no_title(sentence):
    reading = read((sentence,), (), TABLE, ("A", "E", "S", "I"), name="P1 Wonen")
    assert themes(reading) == [("pijler", 1, "Wonen")]


def test_a_note_between_brackets_behind_a_title_goes_as_a_whole():
    reading = read(("Pijler 2 Wonen (versie 3, concept)",), TABLE, ("A", "E", "S", "I"))
    assert themes(reading) == [("pijler", 2, "Wonen")]
