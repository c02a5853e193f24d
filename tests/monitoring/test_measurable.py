"""Which texts say what it takes to reach a goal: they name a number that is no year and no date."""

import pytest

from monitoring.measurable import names_a_number

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    "text",
    [
        "75% is voor jongeren tot 23 jaar",
        "Schuldhulp start binnen vier weken",
        "Twintig scholen werken met een mentor",
        "In 2025 zijn er 50 plekken",
        "Op 1 mei 2023 zijn er drie plekken",
        "De wachttijd daalt met 2,5 dag",
        "De helft van de jongeren",
    ],
)
def test_a_number_counts(text: str) -> None:
    assert names_a_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Een lijst ligt klaar",
        "De lijst ligt klaar in 2023",
        "De lijst ligt klaar op 1 mei 2023",
        "De lijst ligt klaar op 01-05-2023",
        "De lijst ligt klaar in het 3e kwartaal van 2023",
        "De lijst ligt klaar in Q3 2023",
        "Jongeren worden beter geacht en gezien",
        "Elke jongere doet mee",
    ],
)
def test_a_year_a_date_and_words_do_not(text: str) -> None:
    assert not names_a_number(text)
