"""Numbers as people here write them."""

from decimal import Decimal

import pytest

from monitoring.numbers_in_dutch import NoNumber, number_label, parse_number, value_label

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.031", "1031"),
        ("1031", "1031"),
        ("48,33", "48.33"),
        (" 48,3 ", "48.3"),
        ("1.234.567,8", "1234567.8"),
        ("0", "0"),
        ("007", "7"),
        ("-3,5", "-3.5"),
        ("−3", "-3"),
        ("0,0001", "0.0001"),
    ],
)
def test_a_number_is_read_as_it_is_written_here(text: str, value: str) -> None:
    assert parse_number(text, decimals=4) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "48.33",
        "1.0311",
        "1,031.5",
        "12.34",
        "1.031.5",
        "tien",
        "1e5",
        "NaN",
        "Infinity",
        "10 5",
        ",5",
        "5,",
        "٣",
        "--3",
        "1_000",
    ],
)
def test_what_is_no_number_here_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(NoNumber, match=r"1\.031 of 48,33"):
        parse_number(text, decimals=4)


@pytest.mark.parametrize(("decimals", "sentence"), [(0, "geen cijfers"), (1, "hoogstens 1 cijfer achter")])
def test_more_digits_than_the_indicator_has_are_refused(decimals: int, sentence: str) -> None:
    with pytest.raises(NoNumber, match=sentence):
        parse_number("48,33", decimals=decimals)


def test_a_number_too_large_for_the_database_is_refused() -> None:
    assert parse_number("9" * 11, decimals=4) == Decimal("9" * 11)
    with pytest.raises(NoNumber, match="hoogstens 11"):
        parse_number("1" + "0" * 11, decimals=4)


@pytest.mark.parametrize(
    ("value", "decimals", "label"),
    [
        ("1031", 0, "1.031"),
        ("48.3300", 2, "48,33"),
        ("48.33", 0, "48,33"),
        ("48", 1, "48,0"),
        ("100.0000", 0, "100"),
        ("-1234567.5", 1, "-1.234.567,5"),
        ("0", 0, "0"),
    ],
)
def test_a_number_is_written_with_its_digits_and_never_rounded(value: str, decimals: int, label: str) -> None:
    assert number_label(Decimal(value), decimals=decimals) == label
    assert parse_number(label, decimals=4) == Decimal(value)


def test_a_unit_stands_behind_the_number() -> None:
    assert value_label(Decimal("48.33"), decimals=2, unit="%") == "48,33%"
    assert value_label(Decimal(1149), decimals=0, unit="mensen") == "1.149 mensen"
    assert value_label(Decimal(28), decimals=0, unit="") == "28"
