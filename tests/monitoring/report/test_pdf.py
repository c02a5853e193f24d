"""The PDF says what the report says, in its order, to who reads it and to who hears it; and it can be archived."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import page
import pikepdf
import pytest

from monitoring.report.charts import indicator_picture, standing_picture
from monitoring.report.document import ReportDocument
from monitoring.report.formats import pdf
from monitoring.report.formats.pdf import render_pdf, with_plain_stream_ends
from monitoring.report.frozen import ReportSource, freeze
from monitoring.report.printed import Facts, Printed, PrintedCommitment, PrintedIndicator, PrintedTable
from monitoring.report.printing import print_report
from monitoring.report.wording import Heading
from tests.monitoring.report.payloads import PAYLOADS, with_payload
from tests.monitoring.report.pdf_reader import Pdf, read_pdf, squeezed
from tests.monitoring.report.sample import SHA256, brief, concept, sample_din, sample_speerpunten

pytestmark = pytest.mark.pure

SAMPLES = (sample_din, sample_speerpunten)
PROFILES = ("2a", "ua1")
A4_WIDTH = 595.28
MARGIN = 22 / 25.4 * 72
BOTTOM_MARGIN = 24 / 25.4 * 72
# A space at the end of a line may hang over its edge.
SPACE = 4
# No font here has these, or they would turn round what follows them: they come as their number.
NUMBERED = re.compile("[😀👨👩👧🇳🇱中文\U0010fffd\ue000\u202e\u2066\u2067]")
MARKS = re.compile(r"[\u0300-\u036f]|\[U\+03[0-6][0-9A-F]\]")
# Letters from right to left lie in the file as they are seen.
FROM_THE_RIGHT = re.compile("[\u0590-\u06ff]+")


def made(document: ReportDocument) -> bytes:
    return render_pdf(ReportSource(freeze(document)[0], SHA256 if document.is_adopted else ""))


@pytest.fixture(scope="module", params=SAMPLES)
def document(request: pytest.FixtureRequest) -> ReportDocument:
    return request.param()  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def printed(document: ReportDocument) -> Printed:
    return print_report(document, sha256=SHA256)


@pytest.fixture(scope="module")
def data(document: ReportDocument) -> bytes:
    return made(document)


@pytest.fixture(scope="module")
def read(data: bytes) -> Pdf:
    return read_pdf(data)


def failures(data: bytes, profile: str) -> list[str]:
    return [failure.message for failure in page.validate_pdf_bytes(data, profile=profile).failures]


def texts_in_order(printed: Printed) -> Iterator[str]:
    """Every text of the report in the order in which the PDF has it, without its contents."""
    yield from (printed.programme, printed.title, printed.period, printed.plan, printed.standing_line)
    yield from (Heading.SUMMARY, printed.summary, *printed.introduction, *printed.ambitions)
    yield from _table(printed.standing_table)
    for one in printed.proposals:
        yield from _commitment(one)
    yield printed.changes_sentence
    if printed.changes_table:
        yield from _table(printed.changes_table)
    for theme in printed.themes:
        yield from (theme.title, theme.sentence, *theme.introduction, *theme.ambitions)
        for goal in theme.goals:
            yield from (goal.title, goal.standing_label, goal.change_label, *_facts(goal.facts), *goal.description)
            yield from (*goal.intended_results, *goal.explanation, *goal.next_steps)
            for effort in goal.efforts:
                yield from (Heading.DONE if effort.done else "", effort.text, effort.lead, effort.comment)
        for one_indicator in theme.indicators:
            yield from _indicator(one_indicator)
    for one_indicator in printed.indicators:
        yield from _indicator(one_indicator)
    for one in printed.commitments:
        yield from _commitment(one)
    yield from _table(printed.annex)
    yield from _facts(printed.colophon)


def _facts(facts: Facts) -> Iterator[str]:
    return (part for fact in facts for part in fact)


def _table(table: PrintedTable) -> Iterator[str]:
    yield from (table.caption, *table.heads, *(cell for row in table.rows for cell in row))


def _commitment(one: PrintedCommitment) -> Iterator[str]:
    yield from (one.title, one.state_label, *_facts(one.facts), *one.text, *one.settlement)


def _indicator(one: PrintedIndicator) -> Iterator[str]:
    yield from (one.name, one.judgement_label, Heading.KEY_INDICATOR if one.is_key else "", *one.description)
    yield from _facts(one.facts)
    if one.table:
        yield from _table(one.table)
    for part in one.parts:
        yield from _indicator(part)


def lost_text(read: Pdf, printed: Printed) -> str:
    """The first text of the report that is not where it should be in the PDF; "" when all is there."""
    text = without_marks(read.text)
    place = 0
    for one in texts_in_order(printed):
        # A sign that was typed before a line of a list gives way to the sign of the list.
        for line in re.sub(r"(?m)^[-•] ", "", one).split("\n"):
            sought = without_marks(squeezed(as_drawn(line)))
            found = text.find(sought, place)
            if found < 0:
                return line
            place = found + len(sought)
    return ""


def without_marks(text: str) -> str:
    """`text` without the marks on its letters, of which some are drawn and some told by their number."""
    return unicodedata.normalize("NFC", MARKS.sub("", unicodedata.normalize("NFD", text)))


def as_drawn(line: str) -> str:
    line = NUMBERED.sub(lambda letter: f"[U+{ord(letter[0]):04X}]", line)
    return FROM_THE_RIGHT.sub(lambda word: word[0][::-1], line)


def assert_on_the_paper(read: Pdf) -> None:
    for left, right, bottom in read.reach:
        assert left >= MARGIN - SPACE
        assert right <= A4_WIDTH - MARGIN + SPACE
        assert bottom >= BOTTOM_MARGIN - SPACE


@pytest.mark.parametrize("profile", PROFILES)
def test_it_is_accessible_and_fit_for_the_archive(data: bytes, profile: str) -> None:
    assert failures(data, profile) == []


def test_the_validator_finds_what_is_wrong(data: bytes) -> None:
    """A negative control: without its language and its tags the same file fails."""
    with pikepdf.open(io.BytesIO(data)) as file:
        del file.Root.Lang
        del file.Root.StructTreeRoot
        stream = io.BytesIO()
        file.save(stream)
    assert failures(stream.getvalue(), "ua1") != []


def test_everything_is_there_in_the_order_of_the_report(read: Pdf, printed: Printed) -> None:
    assert lost_text(read, printed) == ""
    assert "\ufffd" not in read.text


def test_the_bookmarks_are_the_headings(read: Pdf) -> None:
    headings = [(int(tag.kind[1]), squeezed(tag.text)) for tag in read.tags.every("H1", "H2", "H3", "H4", "H5")]
    assert [(level, squeezed(title)) for level, title in read.bookmarks] == headings
    levels = [level for level, _ in headings]
    assert all(after <= before + 1 for before, after in zip([0, *levels], levels, strict=False))


def test_the_contents_name_every_part_with_its_page(read: Pdf, printed: Printed) -> None:
    contents = next(read.tags.every("TOC"))
    for title in (Heading.SUMMARY, *(theme.title for theme in printed.themes), Heading.ANNEX, Heading.COLOPHON):
        assert re.search(rf"{re.escape(squeezed(title))}\W?\d+", squeezed(contents.text).replace("\u2060", ""))
    goal = printed.themes[0].goals[0].title
    assert (squeezed(goal) in squeezed(contents.text)) is printed.is_about_opgaven


def test_every_chart_has_its_words(read: Pdf, printed: Printed) -> None:
    wholes = [one for theme in printed.themes for one in theme.indicators]
    charts = [one.chart for whole in wholes for one in (whole, *whole.parts) if one.chart]
    expected = [standing_picture(printed.bars).alt, *(indicator_picture(chart).alt for chart in charts)]
    assert len(charts) == 5
    assert [tag.alt for tag in read.tags.every("Figure")] == expected


def test_the_charts_are_lines_and_letters_and_no_pictures_of_dots(read: Pdf) -> None:
    kinds = {str(one.get("/Subtype")) for one in read.file.objects if isinstance(one, pikepdf.Stream)}
    assert "/Image" not in kinds


def test_it_tells_its_language_its_title_and_its_day(read: Pdf, printed: Printed) -> None:
    assert str(read.file.Root.Lang) == "nl-NL"
    assert bool(read.file.Root.ViewerPreferences.DisplayDocTitle)
    assert bool(read.file.Root.MarkInfo.Marked)
    assert str(read.file.docinfo["/Title"]) == printed.title
    assert str(read.file.docinfo["/CreationDate"]).startswith("D:20240917")


def test_a_long_title_is_cut_in_the_properties_and_above_each_page() -> None:
    title = "Voortgang van een programma met een heel lange naam " * 5
    read = read_pdf(made(replace(sample_din(goals=5), title=title)))
    short = str(read.file.docinfo["/Title"])
    assert (len(short), short[-1]) == (90, "…")
    assert title.startswith(short[:-1])
    assert squeezed(title) in read.text


def test_the_same_report_gives_the_same_bytes(data: bytes, document: ReportDocument) -> None:
    assert made(document) == data


def test_pages_are_numbered_and_tables_repeat_their_heads(read: Pdf, printed: Printed) -> None:
    pages = len(read.artifacts)
    for number, outside in enumerate(read.artifacts[1:], start=2):
        assert f"Pagina {number} van {pages}" in outside
        assert printed.round_label in outside
    heads = squeezed("".join(printed.annex.heads))
    assert any(heads in squeezed(outside) for outside in read.artifacts[-2:])


def test_a_goal_in_the_annex_leads_to_its_text(read: Pdf, printed: Printed) -> None:
    links = [one for sheet in read.file.pages for one in sheet.get("/Annots", []) if one.Subtype == "/Link"]
    contents = next(read.tags.every("TOC"))
    goals = sum(len(theme.goals) for theme in printed.themes)
    assert len(links) >= goals + len(list(contents.every("TOCI")))


def test_a_concept_says_so_on_every_page() -> None:
    document = concept(sample_din(goals=10))
    read = read_pdf(made(document))
    # A watermark on every page, and from the second on a word in its head and a line at its foot.
    assert {outside.count("CONCEPT") for outside in read.artifacts[1:]} == {3}
    assert "CONCEPT" in read.artifacts[0]
    assert "CONCEPT – nog niet vastgesteld" in read.tags.text
    assert "CONCEPT" not in "".join(read_pdf(made(sample_din(goals=10))).artifacts)


def test_the_colophon_tells_the_hash_in_one_piece(read: Pdf) -> None:
    assert SHA256 in read.tags.text


@pytest.mark.parametrize("name", PAYLOADS)
@pytest.mark.parametrize("make", SAMPLES)
def test_what_people_typed_comes_out_as_they_typed_it(make: Callable[..., ReportDocument], name: str) -> None:
    document = with_payload(brief(make()), PAYLOADS[name])
    data = made(document)
    read = read_pdf(data)
    assert lost_text(read, print_report(document, sha256=SHA256)) == ""
    assert [failures(data, profile) for profile in PROFILES] == [[], []]
    assert_on_the_paper(read)


def test_letters_with_accents_are_drawn_with_them() -> None:
    """However they were typed: as one character or as a letter and a mark."""
    accents = "één Zoë façade Šimůnek Łódź Ağrı Ελλάδα"
    typed_apart = unicodedata.normalize("NFD", accents)
    read = read_pdf(made(replace(sample_din(goals=5), introduction=typed_apart, summary="€ 5 ≥ 3 → ✓ ½")))
    assert squeezed(accents) in read.text
    assert squeezed("€ 5 ≥ 3 → ✓ ½") in read.text
    assert "Zoë" in read.tags.text, "for who looks it up in the file"


def test_of_more_rare_letters_than_are_looked_up_the_others_come_as_their_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    document = replace(brief(sample_din()), introduction="Nguyễn")
    assert "Nguyễn" in read_pdf(made(document)).text
    monkeypatch.setattr(pdf, "_MOST_LOOKED_UP", 0)
    assert "Nguy[U+1EC5]n" in read_pdf(made(document)).text


def test_a_template_that_takes_text_for_markup_is_found_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A negative control: with a template that evaluates texts the tests above go red."""
    wrong = tmp_path / "report.typ"
    right = pdf._TEMPLATE.read_text()
    wrong.write_text(right.replace("text(breakable(line, most))", 'eval(line, mode: "markup")'))
    assert wrong.read_text() != right
    monkeypatch.setattr(pdf, "_TEMPLATE", wrong)
    document = with_payload(brief(sample_din()), "*vet* _schuin_")
    assert lost_text(read_pdf(made(document)), print_report(document)) != ""
    with pytest.raises(RuntimeError, match="panicked"):
        made(with_payload(brief(sample_din()), "#panic()"))


def test_a_text_that_is_longer_than_a_page_goes_on_at_the_next() -> None:
    document = sample_din(goals=5)
    goals = document.themes[0].goals
    title = "Een lange titel " * 3_000 + "met een eind"
    long = replace(goals[0], explanation="Een lange regel met gewone woorden. " * 800, text=title)
    read = read_pdf(made(replace(document, themes=(replace(document.themes[0], goals=(long,)),))))
    assert squeezed(long.explanation) in read.text
    assert squeezed(long.text) in read.text
    assert read.text.count("meteeneind") == 2, "below its heading, and in the annex"
    assert_on_the_paper(read)


def test_a_short_goal_stands_on_one_page() -> None:
    document = sample_din()
    read = read_pdf(made(document))
    for theme in print_report(document).themes:
        for goal in theme.goals:
            last = goal.efforts[-1].text if goal.efforts else (goal.next_steps or goal.explanation)[-1]
            title, last = squeezed(goal.title), squeezed(last)
            assert any(title in one and one.find(last, one.find(title)) > 0 for one in read.pages), goal.title


def test_goals_of_many_short_lines_go_on_at_the_next_page() -> None:
    """Few letters may still be more than a page."""
    document = sample_din(goals=5)
    goals = document.themes[0].goals
    long = replace(goals[0], explanation="\n".join(str(number) for number in range(1_000, 1_200)))
    read = read_pdf(made(replace(document, themes=(replace(document.themes[0], goals=(long,)),))))
    assert any("1000" in one and "1199" not in one for one in read.pages)
    assert "1199" in read.text


def test_words_are_broken_in_tables_only(read: Pdf) -> None:
    broken = [one for one in read.tags.every("P", "Lbl", "LBody") if "\u00ad" in one.text]
    assert broken == []
    assert any("\u00ad" in one.text for one in read.tags.every("TD", "TH"))


def test_a_report_with_nothing_in_it_is_still_a_report() -> None:
    empty = replace(
        sample_din(goals=5), themes=(), counts=(), goals=0, indicators=(), commitments=(), gone=(), introduction=""
    )
    data = made(empty)
    assert [failures(data, profile) for profile in PROFILES] == [[], []]
    assert Heading.ANNEX not in read_pdf(data).tags.text


def test_its_date_is_the_day_of_the_report_and_not_today() -> None:
    corrected = replace(sample_din(goals=5), corrected_on="2024-10-01", edition=2)
    read = read_pdf(made(corrected))
    assert str(read.file.docinfo["/CreationDate"]).startswith("D:20241001")
    assert str(read.file.docinfo.get("/ModDate", "D:20241001")).startswith("D:20241001")


def test_where_a_stream_ends_is_told_for_a_stream_that_ends_with_a_carriage_return() -> None:
    assert with_plain_stream_ends(b"x\r\nendstream\nendobj") == b"x\r\rendstream\nendobj"
    assert with_plain_stream_ends(b"x\nendstream\nendobj") == b"x\nendstream\nendobj"
