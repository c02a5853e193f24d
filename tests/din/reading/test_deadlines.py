"""Which quarter a text means (contract, Deadlines). The plan's year is 2023."""

import pytest

from din.reading.deadlines import deadline_in_column, deadline_in_text
from tests.din.reading.workbooks import read

pytestmark = pytest.mark.pure

COLUMN = {
    "Q1": "2023-Q1",
    "Q1 2023": "2023-Q1",
    "1e kwartaal": "2023-Q1",
    "eerste kwartaal": "2023-Q1",
    "kwartaal 1": "2023-Q1",
    "halverwege 2023": "2023-Q2",
    "medio 2023": "2023-Q2",
    "voor de zomer": "2023-Q2",
    "na de zomer": "2023-Q3",
    "begin 2023": "2023-Q1",
    "eind 2023": "2023-Q4",
    "einde jaar": "2023-Q4",
    "voorjaar": "2023-Q2",
    "zomer": "2023-Q3",
    "najaar 2024": "2024-Q4",
    "1e helft": "2023-Q2",
    "2e helft": "2023-Q4",
    "tweede helft 2024": "2024-Q4",
    "2024": "2024-Q4",
    "2024-Q1": "2024-Q1",
    "K1": "2023-Q1",
    "k3 2025": "2025-Q3",
    "maart": "2023-Q1",
    "mrt-24": "2024-Q1",
    "31-03-2025": "2025-Q1",
    "vóór 1 juli": "2023-Q2",
    "voor 1 juli 2024": "2024-Q2",
    "Q1/Q2": "2023-Q2",
    "maart-juni": "2023-Q2",
    "Q1-Q2": "2023-Q2",
    "Q4 2023 - Q1 2024": "2024-Q1",
    "nov-feb": "2024-Q1",
    "2023-2024": "2024-Q4",
    "2024/25": "2025-Q4",
    "Q3/4": "2023-Q4",
    "1e en 2e kwartaal": "2023-Q2",
    "1e/2e kwartaal 2024": "2024-Q2",
    "eerste en derde kwartaal": "2023-Q3",
    "doorlopend": None,
    "n.t.b.": None,
    "vóór 1 januari": "2023-Q4",
    "voor 1 januari 2024": "2023-Q4",
    "2023-03-31": "2023-Q1",
    "1 okt. '24": "2024-Q4",
    "1 okt": "2023-Q4",
    "eind juni": "2023-Q2",
    "medio mei": "2023-Q2",
    "begin september 2023": "2023-Q3",
    "eind Q2": "2023-Q2",
    "uiterlijk 1 oktober 2024": "2024-Q4",
    "Q1, Q2 en Q3": "2023-Q3",
    "Q2 2024": "2024-Q2",
    "2024 Q2": "2024-Q2",
    "Q2-2024": "2024-Q2",
    "Q2 '24": "2024-Q2",
    "4e kwartaal van 2024": "2024-Q4",
    "september": "2023-Q3",
    "1-7-2023": "2023-Q3",
    "vóór 1-7-2023": "2023-Q2",
    "03-2024": "2024-Q1",
    "2024-03": "2024-Q1",
    "31 maart 2025": "2025-Q1",
    "jan t/m mrt": "2023-Q1",
    "januari tot en met mei 2024": "2024-Q2",
    "1 maart - 30 juni": "2023-Q2",
    "eind van het jaar": "2023-Q4",
    "Einde 2023": "2023-Q4",
    "voor het einde van het jaar": "2023-Q4",
    "laatste kwartaal": "2023-Q4",
    "2e halfjaar": "2023-Q4",
    "1e helft van 2024": "2024-Q2",
    "eerste helft 2024": "2024-Q2",
    "Kwartaal 2 2024": "2024-Q2",
    "1ste kwartaal": "2023-Q1",
    "Q 3": "2023-Q3",
    "per kwartaal": None,
    "maandelijks": None,
    "sep 2023": "2023-Q3",
    "sept. 2024": "2024-Q3",
    "1e t/m 3e kwartaal": "2023-Q3",
    "Q1 t/m Q3": "2023-Q3",
    "Q1 t/m 3": "2023-Q3",
    "kwartaal 1 en 2": "2023-Q2",
    "zomer 2024": "2024-Q3",
    "voor de zomervakantie": "2023-Q2",
    "vóór de zomer van 2024": "2024-Q2",
    "in het voorjaar van 2024": "2024-Q2",
    "31 december": "2023-Q4",
    "31-12-2023 00:00": "2023-Q4",
    "dec '24": "2024-Q4",
    "12-2023": "2023-Q4",
    "medio": "2023-Q2",
    "eind": "2023-Q4",
    "2024 K3": "2024-Q3",
    "2e kwartaal 2024 - 1e kwartaal 2025": "2025-Q1",
    "begin 2024 - medio 2024": "2024-Q2",
    "15 mei t/m 1 juni": "2023-Q2",
    "vóór juli": "2023-Q2",
    "1e kw": "2023-Q1",
    "kw 3 2024": "2024-Q3",
    "tweede kwartaal 2024/derde kwartaal 2024": "2024-Q3",
    "ultimo 2024": "2024-Q4",
    "Q1 (2024)": "2024-Q1",
    "voor 15 juli": "2023-Q3",
    "maart/april": "2023-Q2",
    "01/07/24": "2024-Q3",
    "voor het zomerreces": "2023-Q2",
    "2023-Q4/2024-Q1": "2024-Q1",
    "2023 - 2026": "2026-Q4",
    "1 april-1 juli": "2023-Q3",
    "Q4 - Q1": "2024-Q1",
    "2024 (Q2)": "2024-Q2",
    "2024, Q2": "2024-Q2",
    "2024: derde kwartaal": "2024-Q3",
    "2024 - voorjaar": "2024-Q2",
    "2024 1e helft": "2024-Q2",
    "2024 maart": "2024-Q1",
    "2024: Q1 t/m Q3": "2024-Q3",
    "2024 / 2025": "2025-Q4",
    "H1 2024": "2024-Q2",
    "H2": "2023-Q4",
    "half 2024": "2024-Q2",
    "2e helft juni": "2023-Q2",
    "1e helft van Q3": "2023-Q3",
    "week 12": "2023-Q1",
    "week 40 2024": "2024-Q4",
    "week 20 t/m 30": "2023-Q3",
}
TEXT = {
    "In Q2 zijn 150 gestart": "2023-Q2",
    "Eind 2024 heeft 70% een hoger": "2024-Q4",
    "Voor de zomer hebben 20": "2023-Q2",
    "Uiterlijk 1 oktober 2024 is in 8": "2024-Q4",
    "Van januari tot en met mei volgen 200": "2023-Q2",
    "Er zijn 2030 woningen in Q3": "2023-Q3",
    "daalt van 9.000 naar 7.000": None,
    "Van 2019 naar 2023 woningen in Q1": "2023-Q1",
    "t.o.v. 2023 daling": None,
    "In 2024 is er iets": "2024-Q4",
    "medio 2023.": "2023-Q2",
    "75% is voor jongeren tot 23 jaar": None,
    "Jan is klaar": None,
    "Elk kwartaal de cijfers": None,
    "Het K1-formulier": "2023-Q1",
    "2.025 mensen": None,
    "Project 010": None,
    "De 1e helft van de jongeren": None,
    "De doorlopende lijn is in juni af": "2023-Q2",
    "Minder dan in 2022": None,
    "vóór 1 juli is het af": "2023-Q2",
    "binnen 4 weken, 28 dagen": None,
    "In het derde kwartaal draait": "2023-Q3",
    "mei": "2023-Q2",
    "Het Programma 2023-2026 is af in Q2": "2026-Q4",
    "Op 31-12-2023 is": "2023-Q4",
    "in december 2023 en Q1": "2024-Q1",
    "halverwege het jaar": "2023-Q2",
    "3.1.2 is 1.2.20 versie": None,
    "In 2024 (derde kwartaal) is het af": "2024-Q3",
    "Elke week 12 mensen, een half jaar lang": None,
    "In de 2e helft van juni is het af": "2023-Q2",
}


@pytest.mark.parametrize(("text", "quarter"), COLUMN.items())
def test_a_deadline_cell_means_a_quarter(text, quarter):
    assert deadline_in_column(text, 2023) == quarter


@pytest.mark.parametrize(("text", "quarter"), TEXT.items())
def test_a_goals_own_text_mentions_a_quarter(text, quarter):
    assert deadline_in_text(text, 2023) == quarter


@pytest.mark.parametrize(
    ("text", "quarter"), [("3", "2023-Q3"), ("1 en 2", "2023-Q2"), ("2e", "2023-Q2"), ("1-4", "2023-Q4"), ("5", None)]
)
def test_a_bare_number_is_a_quarter_under_a_header_that_says_so(text, quarter):
    assert deadline_in_column(text, 2023, counts_quarters=True) == quarter
    assert deadline_in_column(text, 2023) is None


@pytest.mark.parametrize(
    ("text", "quarter"),
    [
        ("30-6", "2024-Q2"),
        ("31/12", "2024-Q4"),
        ("vóór 1/7", "2024-Q2"),
        ("1-4", None),
        ("5-10 bijeenkomsten in Q1", "2024-Q1"),
    ],
)
def test_a_day_of_a_month_in_digits_is_a_date(text, quarter):
    assert deadline_in_column(text, 2024) == quarter


@pytest.mark.parametrize(
    ("text", "quarter"),
    [
        ("start Q1, gereed Q3", "2024-Q3"),
        ("Q1 start; Q3 gereed", "2024-Q3"),
        ("vanaf maart, klaar in oktober", "2024-Q4"),
        ("start eind 2024 en klaar medio 2025", "2025-Q2"),
        ("gereed Q2, evaluatie Q4", "2024-Q2"),
        ("start Q1", "2024-Q1"),
    ],
)
def test_what_begins_and_is_ready_is_planned_for_when_it_is_ready(text, quarter):
    assert deadline_in_column(text, 2024) == quarter


@pytest.mark.parametrize(
    ("text", "quarter"),
    [
        ("In 2022 waren er 900 meldingen, eind 2024 zijn het er 700.", "2024-Q4"),
        ("In 2022 waren er 900 meldingen.", None),
        ("De Nota 2022 is af.", None),
        ("Dat is 10% minder dan in 2022.", None),
        ("In 2023 zijn er tien.", "2023-Q4"),
        ("In Q2 is er een plan, eind 2024 een besluit.", "2024-Q2"),
    ],
)
def test_a_past_year_is_a_deadline_only_where_something_was_due(text, quarter):
    assert deadline_in_text(text, 2024) == quarter


@pytest.mark.parametrize("planning", ["Q1 1998", "1998-Q1", "mei 2105", "31-12-1999", "1999"])
def test_a_year_that_no_plan_is_about_is_said(planning):
    reading = read(("Pijler", "SMART-doelen", "Planning"), ("Wonen", "Het is af", planning))
    assert reading.document.smart_goals[0].deadline is None
    assert [it.source for it in reading.warnings if "2000" in it.message] == ["Blad1!C2"]


@pytest.mark.parametrize("planning", ["Q2 (1500 woningen)", "Q2 2024 (was 1998)", "Q2, € 2500"])
def test_an_amount_in_a_planning_is_no_year(planning):
    assert deadline_in_column(planning, 2024) == "2024-Q2"


def goal_of(planning, text):
    return read(("Pijler", "SMART-doelen", "Planning"), ("Wonen", text, planning)).document.smart_goals[0]


def test_the_column_goes_before_the_text():
    assert goal_of("Q3", "In Q1 is het af").deadline == "2024-Q3"


def test_without_a_column_value_the_text_counts():
    assert goal_of(None, "In Q1 is het af, in Q2 geëvalueerd").deadline == "2024-Q1"


def test_doorlopend_in_the_column_means_no_deadline():
    assert goal_of("doorlopend", "In Q1 is het af").deadline is None


def test_a_planning_that_cannot_be_read_is_said():
    reading = read(("Pijler", "SMART-doelen", "Planning"), ("Wonen", "S", "nader te bepalen"))
    assert reading.document.smart_goals[0].deadline is None
    assert [it.source for it in reading.warnings] == ["Blad1!C2"]


def test_a_bare_number_below_kwartaal_is_a_quarter():
    reading = read(("Pijler", "SMART-doelen", "Kwartaal"), ("Wonen", "S", 3))
    assert reading.document.smart_goals[0].deadline == "2024-Q3"
