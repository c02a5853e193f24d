# ruff: noqa: E501 (a table reads best with one case on each line)
"""Which columns are recognised, and what is said of the others (contract, Layouts)."""

import pytest

from din.reading import read_in_process
from din.reading.headers import recognise
from tests.din.reading.workbooks import as_xls, as_xlsx, efforts, read, read_sheets, refused, smart, warned, workbook

pytestmark = pytest.mark.pure

LEVELS = {
    "ambition": ["Ambitie", "Ambities", "Ambitie(s)", "Droom", "Stip op de horizon", "AMBITIE 2026", "Ambitie 2023-2026"],
    "er_goal": ["ER-doel", "ER-doelen", "ER doelen", "Er-doelstelling", "Er-doelstelling(en)", "Algemene doelen",
                "ER-doelen 2026", "ER-\ndoelen", "ER-doel(en)", "er\u2011doelen"],
    "smart_goal": ["SMART-doel", "SMART-doelen", "SMART-doel(en) 2023", "SMART doelstelling", "SMART doelstelling(en)",
                   "Smartdoel", "Resultaat", "Resultaten", "Resultaat/Resultaten", "Doel", "Doel(en)", "SMART-\ndoelen",
                   "SMART-doelen 2024 (concept)", "SMART\xaddoelen", "SMART-doelen*", "SMART-resultaat", "SMART-resultaten 2024",
                   "Wat willen we bereiken? (SMART-doelen)"],
    "effort": ["Inspanning", "Inspanningen", "Inspanning(en)", "INSPAN-\nNINGEN", "Actie(s)", "Acties", "Activiteiten",
               "Acties/activiteiten", "Acties/\nactiviteiten", "Wat gaan we doen", "Wat gaan we doen?",
               "Wat doen we? (inspanningen)", "Inspanningen (zie toelichting)"],
    "number": ["Nr", "Nr.", "Nummer", "#"],
    "deadline": ["Planning", "Deadline", "Wanneer", "Gereed", "Kwartaal", "Tijdpad", "Planning 2024", "Wanneer?"],
    "owner": ["Eigenaar", "Verantwoordelijk", "Verantwoordelijke", "Verantwoordelijk(e)", "Trekker", "Wie", "Wie?", "Actiehouder"],
    "theme": ["Pijler", "Thema", "Pijler/thema", "Onderdeel", "Actielijn", "PIJLER / THEMA"],
    "speerpunt": ["Speerpunt", "Speerpunten"],
}  # fmt: skip


@pytest.mark.parametrize(("level", "text"), [(level, text) for level, texts in LEVELS.items() for text in texts])
def test_a_header_is_recognised_in_all_its_forms(level, text):
    found = recognise(text)
    assert found is not None
    assert found.level == level


@pytest.mark.parametrize(
    "text",
    [
        "Opmerkingen",
        "Budget",
        "Status",
        "Doelgroep",
        "Stand van zaken",
        "Indicator",
        "Risico's",
        "Omschrijving",
        "",
        "2024",
    ],
)
def test_any_other_header_is_none(text):
    assert recognise(text) is None


def test_an_unknown_header_is_ignored_with_a_warning_that_names_it():
    reading = read(("Pijler", "SMART-doelen", "Budget"), ("Wonen", "S", 1000))
    assert warned(reading, "Budget")
    assert [it.source for it in reading.warnings] == ["Blad1!C1"]


def test_a_column_without_header_is_ignored_with_a_warning():
    assert warned(read(("Pijler", "SMART-doelen"), ("Wonen", "S", "los")), "Kolom C")


def test_columns_may_stand_in_any_order_anywhere_in_the_first_thirty_rows():
    rows = [()] * 29 + [
        (None, None, "Inspanningen", "SMART-doelen", "Thema", "ER-doelen"),
        (None, None, "I", "S", "Wonen", "E"),
    ]
    reading = read(*rows)
    assert reading.document.smart_goals[0].er_goals == ("E",)
    assert reading.document.smart_goals[0].source == "Blad1!D31"


def test_a_header_below_row_thirty_is_not_found():
    assert refused(read(*([()] * 30), ("Thema", "SMART-doelen"), ("Wonen", "S")), "kolomkoppen")


def test_of_two_rows_the_one_with_the_most_headers_counts():
    reading = read(
        (None, "Wat willen we bereiken?", None, "Wat gaan we doen?", None),
        ("Pijler", "ER-doelen", "SMART-doelen", "Inspanningen", "Trekker"),
        ("Wonen", "E", "S", "I", "Piet"),
    )
    assert smart(reading) == ["S"]
    assert reading.document.efforts[0].lead == "Piet"


@pytest.mark.parametrize("group", [("Doelen", "Wat gaan we doen?"), ("Wat willen we bereiken?", "Wat gaan we doen?")])
def test_a_merged_group_header_above_the_real_one_is_passed_over(group):
    reading = read(
        ("Pijler", group[0], None, group[1], None),
        (None, "ER-doelen", "SMART-doelen", "Inspanningen", "Trekker"),
        ("Wonen", "E", "S", "I", "Piet"),
        merges=("A1:A2", "B1:C1", "D1:E1"),
    )
    assert reading.errors == ()
    assert [(it.theme, it.text, it.er_goals) for it in reading.document.smart_goals] == [("Wonen", "S", ("E",))]
    assert [(it.text, it.lead) for it in reading.document.efforts] == [("I", "Piet")]


def test_a_group_header_with_its_columns_on_the_row_below():
    reading = read(
        ("Pijler", "Ambitie", "ER-doelen", "SMART-doelen", "Wat gaan we doen?", None),
        (None, None, None, None, "Inspanning", "Trekker"),
        ("Wonen", "A", "E", "S", "I", "Piet"),
        merges=("A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:F1"),
    )
    assert [(it.text, it.lead) for it in reading.document.efforts] == [("I", "Piet")]
    assert smart(reading) == ["S"]


def test_the_more_specific_of_two_columns_counts_and_the_other_is_named():
    reading = read(("Pijler", "Resultaat", "SMART-doelen"), ("Wonen", "R", "S"))
    assert smart(reading) == ["S"]
    assert warned(reading, "Resultaat")
    assert smart(read(("Pijler", "Doelen", "Resultaten"), ("Wonen", "D", "R"))) == ["R"]


def test_doelen_is_the_smart_goal_when_nothing_else_is():
    assert smart(read(("Pijler", "ER-doelen", "Doelen"), ("Wonen", "E", "D"))) == ["D"]


def test_inspanning_goes_before_actie():
    reading = read(("Pijler", "SMART-doelen", "Acties", "Inspanningen"), ("Wonen", "S", "A", "I"))
    assert efforts(reading) == ["I"]
    assert warned(reading, "Acties")


def test_an_owner_column_belongs_to_the_goal_or_effort_on_its_left():
    reading = read(("Pijler", "SMART-doelen", "Wie", "Inspanningen", "Wie"), ("Wonen", "S", "Anna", "I", "Piet"))
    assert reading.document.smart_goals[0].owner == "Anna"
    assert reading.document.efforts[0].lead == "Piet"


def test_an_owner_column_that_says_just_that_goes_before_one_that_says_more():
    reading = read(("Pijler", "SMART-doelen", "Verantwoordelijk wethouder", "Eigenaar"), ("Wonen", "S", "Anna", "Piet"))
    assert reading.document.smart_goals[0].owner == "Piet"
    assert warned(reading, "Verantwoordelijk wethouder")


def test_an_owner_column_left_of_both_belongs_to_the_smart_goal():
    reading = read(("Pijler", "Trekker", "SMART-doelen", "Inspanningen"), ("Wonen", "Anna", "S", "I"))
    assert reading.document.smart_goals[0].owner == "Anna"
    assert reading.document.efforts[0].lead is None


def test_an_owner_column_right_of_all_belongs_to_the_effort():
    reading = read(
        ("Pijler", "SMART-doelen", "Inspanningen", "Planning", "Eigenaar"), ("Wonen", "S", "I", "Q1", "Piet")
    )
    assert reading.document.efforts[0].lead == "Piet"
    assert reading.document.smart_goals[0].owner is None


def test_a_header_may_be_repeated_with_other_columns():
    reading = read(
        ("Thema 1: Wonen",), ("ER-doelen", "SMART-doelen", "Inspanningen"), ("E", "S", "I"),
        ("Thema 2: Werk",), ("SMART-doelen", "ER-doelen", "Inspanningen"), ("S2", "E2", "I2"),
    )  # fmt: skip
    assert [(it.text, it.er_goals) for it in reading.document.smart_goals] == [("S", ("E",)), ("S2", ("E2",))]


def test_a_header_over_two_columns_is_a_number_and_a_text():
    reading = read(
        ("Pijler", "ER-doelen", "SMART-doelen", None, "Inspanningen"),
        ("Wonen", "Een ER-doel", 1, "Het eerste SMART-doel", "I"),
        (None, None, 2, "Het tweede SMART-doel", "I2"),
        merges=("C1:D1",),
    )
    assert [(it.number, it.text) for it in reading.document.smart_goals] == [
        (1, "Het eerste SMART-doel"),
        (2, "Het tweede SMART-doel"),
    ]


def test_no_header_is_refused_with_the_headers_found_and_expected():
    reading = read(("Onderwerp", "Omschrijving"), ("Balie", "Korter wachten"))
    assert refused(reading, "Onderwerp", "Omschrijving", "SMART-doelen")


def test_a_header_without_smart_goal_is_refused():
    reading = read(("Pijler", "Ambitie", "Inspanningen"), ("Wonen", "A", "I"))
    assert refused(reading, "SMART-doelen", "Ambitie")
    assert reading.errors[0].source == "Blad1!A1"


def test_a_header_with_nothing_below_it_is_refused():
    assert refused(read(("Pijler", "SMART-doelen", "Inspanningen")), "leeg")


def test_sheets_without_header_are_ignored_with_a_warning():
    reading = read_sheets({"Leeswijzer": [("Zo leest u dit",)], "DIN": [("Pijler", "SMART-doelen"), ("Wonen", "S")]})
    assert reading.result == "ok"
    assert warned(reading, "Leeswijzer")


def test_a_planning_sheet_without_levels_is_no_table():
    reading = read_sheets(
        {
            "Planning": [("Nr", "Taak", "Wanneer", "Wie"), (1, "x", "Q1", "y")],
            "P1 A": [("Doelen", "Acties"), ("S", "I")],
        }
    )
    assert warned(reading, "'Planning'")
    assert smart(reading) == ["S"]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
@pytest.mark.parametrize("write", [as_xlsx, as_xls])
def test_hidden_sheets_are_ignored_with_a_warning_and_hidden_rows_are_read(write, state):
    book = workbook(
        {
            "DIN": [("Pijler", "SMART-doelen"), ("Wonen", "S"), ("Wonen", "S2")],
            "Oud": [("Pijler", "SMART-doelen"), ("X", "Y")],
        }
    )
    book["Oud"].sheet_state = state
    book["DIN"].row_dimensions[3].hidden = True
    book["DIN"].column_dimensions["A"].hidden = True
    reading = read_in_process(write(book), 2024)
    assert smart(reading) == ["S", "S2"]
    assert warned(reading, "Oud", "verborgen")


def test_a_person_may_say_which_level_a_column_is():
    data = as_xlsx(workbook({"DIN": [("Pijler", "SMART-doelen", "Aanpak", "Acties"), ("Wonen", "S", "Zo", "I")]}))
    reading = read_in_process(data, 2024, {("DIN", "C"): "effort", ("DIN", "D"): "ignore"})
    assert efforts(reading) == ["Zo"]


def test_a_person_may_say_the_levels_of_a_table_that_was_not_recognised():
    data = as_xlsx(workbook({"DIN": [("Onderwerp", "Mijlpaal"), ("Wonen", "S"), ("Werk", "S2")]}))
    assert read_in_process(data, 2024).result == "rejected"
    reading = read_in_process(data, 2024, {("DIN", "A"): "theme", ("DIN", "B"): "smart_goal"})
    assert [(it.theme, it.text) for it in reading.document.smart_goals] == [("Wonen", "S"), ("Werk", "S2")]


def test_the_reading_tells_what_the_reader_saw():
    reading = read(("Titel",), ("Pijler", "SMART-doelen", "Budget"), ("Wonen", "S", 5), (None, "S2", None))
    sheet = reading.sheets[0]
    assert (sheet.name, sheet.state, sheet.header_rows, sheet.letters) == ("Blad1", "read", (2,), ("A", "B", "C"))
    assert [(it.header, it.level) for it in sheet.columns] == [
        ("Pijler", "theme"),
        ("SMART-doelen", "smart_goal"),
        ("Budget", None),
    ]
    assert [(it.number, it.role, it.theme, it.theme_from) for it in sheet.rows] == [
        (1, "title", None, None),
        (2, "header", None, None),
        (3, "data", "Wonen", "column"),
        (4, "data", "Wonen", "column"),
    ]
    assert sheet.rows[2].cells == ("Wonen", "S", "5")


def test_a_header_may_be_the_smart_goal_alone():
    reading = read(("SMART-doelen", "Mijlpaal"), ("S", "x"), name="Pijler 1 - Wonen")
    assert [(it.theme, it.text) for it in reading.document.smart_goals] == [("Wonen", "S")]


def test_a_lone_smart_goal_column_counts_on_a_sheet_named_after_a_theme_beside_other_sheets():
    reading = read_sheets({
        "P1 Wonen": [("SMART-doelen", "Status"), ("S", "x")],
        "P2 Werk": [("SMART-doelen", "Inspanningen"), ("S2", "I")],
        "Begrippen": [("SMART-doel", "meetbaar"), ("Inspanning", "wat we doen")],
    })  # fmt: skip
    assert [(it.theme, it.text) for it in reading.document.smart_goals] == [("Wonen", "S"), ("Werk", "S2")]
    assert warned(reading, "Begrippen")


@pytest.mark.parametrize(
    ("header", "others"),
    [
        (("SMART-doelen 2023", "SMART-doelen 2024"), "SMART-doelen 2023"),
        (("SMART-doelen 2025", "SMART-doelen 2024"), "SMART-doelen 2025"),
        (("Resultaten 2023", "Doelen 2024"), "Resultaten 2023"),
        (("SMART-doelen 2021-2022", "SMART-doelen 2023-2026"), "SMART-doelen 2021-2022"),
    ],
)
def test_of_two_columns_for_different_years_that_of_the_plan_s_year_counts(header, others):
    reading = read(("Pijler", *header), ("Wonen", "ander jaar", "dit jaar"))
    assert smart(reading) == ["dit jaar"]
    assert warned(reading, others)


def test_a_year_in_one_header_alone_does_not_make_it_count():
    assert smart(read(("Pijler", "SMART-doelen 2023", "Resultaat"), ("Wonen", "S", "R"))) == ["S"]


def test_of_two_number_columns_that_left_of_the_smart_goal_counts():
    reading = read(("Pijler", "Nr", "SMART-doelen", "Nr", "Inspanningen"), ("Wonen", 3, "S", 7, "I"))
    assert reading.document.smart_goals[0].number == 3
    reading = read(("Nr", "Pijler", "ER-doelen", "Nr", "SMART-doelen", "Nr"), (1, "Wonen", "E", 3, "S", 7))
    assert reading.document.smart_goals[0].number == 3


def test_of_two_planning_columns_that_right_of_the_smart_goal_counts():
    reading = read(("Pijler", "Planning", "SMART-doelen", "Planning", "Acties"), ("Wonen", "Q1", "S", "Q3", "I"))
    assert reading.document.smart_goals[0].deadline == "2024-Q3"
