"""Personal data is found in what officers write, and what only looks like it is left alone."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring import privacy
from monitoring.privacy import Kind

pytestmark = pytest.mark.pure

# None of these belongs to anybody: the numbers are those that handbooks use, or made up here.
FOUND = [
    (Kind.BSN, "111222333"),
    (Kind.BSN, "123456782"),
    (Kind.BSN, "1234.56.782"),
    (Kind.BSN, "123 456 782"),
    (Kind.BSN, "123-456-782"),
    (Kind.BSN, "１２３４５６７８２"),
    (Kind.EMAIL, "voorbeeld@example.org"),
    (Kind.EMAIL, "een.ander+wijk@post.example.org"),
    (Kind.PHONE, "010-1234567"),
    (Kind.PHONE, "(010) 123 45 67"),
    (Kind.PHONE, "0181-123456"),
    (Kind.PHONE, "06 12345678"),
    (Kind.PHONE, "06-12 34 56 78"),
    (Kind.PHONE, "0612345678"),
    (Kind.PHONE, "+31 (0)10 123 4567"),
    (Kind.PHONE, "+31612345678"),
    (Kind.PHONE, "0031 6 12345678"),
    (Kind.PHONE, "+32 470 12 34 56"),
    (Kind.IBAN, "NL91 ABNA 0417 1643 00"),
    (Kind.IBAN, "NL91ABNA0417164300"),
    (Kind.IBAN, "nl91abna0417164300"),
    (Kind.IBAN, "DE89 3704 0044 0532 0130 00"),
    (Kind.IBAN, "ES91 2100 0418 4502 0005 1332"),
]
LEFT_ALONE = [
    "123456789",
    "000000000",
    "1112223334",
    "111222333,50",
    "€ 123.456.782",
    "NL91ABNA0417164301",
    "0800-1234",
    "0900 0123456",
    "14 010",
    "01-02-2024",
    "tussen 2023 en 2024-2025",
    "24bb000736",
    "1.031 van de 1.149 aanmeldingen, 48,33%",
    "@raad en ambtenaren",
    "DIN 2023!E5",
    "00-31\n10-12\n34-56\n78",
    "123\n456\n782",
]
SENTENCES = [
    "{}",
    "Zie {} voor meer.",
    "({})",
    "Contact: {}, of bij ons.",
    "Regel een\n{}\nregel drie",
    "\u201c{}\u201d",
]


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize(("kind", "text"), FOUND)
def test_personal_data_is_found_where_it_stands(kind, text, sentence):
    whole = sentence.format(text)
    spots = privacy.find(whole)
    assert [(spot.kind, spot.text.strip("(")) for spot in spots] == [(kind, text.strip("("))]
    assert whole[spots[0].start : spots[0].end] == spots[0].text


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_only_looks_like_it_is_left_alone(text, sentence):
    assert privacy.find(sentence.format(text)) == []


def test_the_eleven_test_tells_a_service_number_from_another():
    # By hand: 9*1 + 8*2 + 7*3 + 6*4 + 5*5 + 4*6 + 3*7 + 2*8 - 2 = 154 = 14 * 11.
    assert [privacy.find(f"12345678{last}") != [] for last in range(10)] == [last == 2 for last in range(10)]


def test_several_finds_in_one_text_stand_in_order():
    text = "Bel 06-12345678 of mail voorbeeld@example.org over 123456782 en NL91 ABNA 0417 1643 00 dan."
    assert [spot.kind for spot in privacy.find(text)] == [Kind.PHONE, Kind.EMAIL, Kind.BSN, Kind.IBAN]


def test_a_declared_number_passes_and_another_does_not():
    text = "Zaak 123456782 en zaak 111222333"
    assert [spot.text for spot in privacy.held_back(text, no_bsn={"123456782"})] == ["111222333"]
    # Declaring a number frees no e-mail address that holds it.
    assert privacy.held_back("123456782@example.org", no_bsn={"123456782"}) != []


def test_the_sentence_names_every_find_once():
    spots = privacy.find("voorbeeld@example.org, voorbeeld@example.org en 06-12345678")
    assert privacy.sentence(spots).startswith(
        "In deze tekst staat een e-mailadres (“voorbeeld@example.org”) en een telefoonnummer (“06-12345678”)."
    )


@given(st.text(alphabet=st.sampled_from("0123456789 .-+()@aNL€\n"), max_size=200))
def test_pieces_are_the_text_and_finds_do_not_overlap(text):
    spots = privacy.find(text)
    assert "".join(piece.text for piece in privacy.pieces(text, spots)) == text
    assert all(one.end <= other.start for one, other in itertools.pairwise(spots))
