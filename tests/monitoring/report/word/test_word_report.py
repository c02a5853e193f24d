"""The report in Word, opened again: it says what the document says, in styles that Word knows, and only that."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from itertools import pairwise
from typing import Any

import pytest
from lxml import etree

from monitoring.indicator_chart import Chart
from monitoring.report.charts import Picture, indicator_picture, standing_picture
from monitoring.report.document import ReportDocument
from monitoring.report.formats.docx import draw
from monitoring.report.printed import Printed, StandingBar
from monitoring.report.printing import print_report
from monitoring.report.word.filling import fill
from monitoring.report.word.standard_template import standard_template
from monitoring.report.word.xml import WP, w
from monitoring.report.wording import Heading
from tests.monitoring.report.payloads import PAYLOADS, with_payload
from tests.monitoring.report.sample import SHA256, concept, sample_din, sample_speerpunten
from tests.monitoring.report.word.reading import broken_rules, every_text, opened, tables

pytestmark = pytest.mark.pure

SAMPLES = {"DIN": sample_din, "speerpunten": sample_speerpunten}
NO_PICTURE = b"\x89PNG\r\n\x1a\n"


def printed_of(document: ReportDocument) -> Printed:
    return print_report(document, sha256=SHA256 if document.is_adopted else "")


def filled(document: ReportDocument, *, template: bytes = b"") -> bytes:
    """The report, with charts that were not drawn: typst takes longer than all the rest."""
    return fill(template or standard_template(), printed_of(document), draw=lambda many: [NO_PICTURE] * len(many))


@pytest.fixture(params=SAMPLES.values(), ids=list(SAMPLES))
def document(request: pytest.FixtureRequest) -> ReportDocument:
    return request.param()  # type: ignore[no-any-return]


def said_by(printed: object) -> Iterator[str]:
    """Every text that the report has for its readers."""
    if isinstance(printed, str):
        yield printed
    elif isinstance(printed, tuple):
        for one in printed:
            yield from said_by(one)
    elif is_dataclass(printed) and not isinstance(printed, Chart | StandingBar):
        for one in fields(printed):
            if one.name not in ("key", "standing", "change", "day"):
                yield from said_by(getattr(printed, one.name))


def without_breaks(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def without_empty_lines(text: str) -> str:
    """Of many empty lines one is left."""
    return re.sub(r"\n{3,}", "\n\n", text)


def test_everything_that_the_report_says_is_there(document: ReportDocument) -> None:
    found = without_breaks(every_text(opened(filled(document))))
    missing = [text for text in said_by(printed_of(document)) if without_breaks(text).strip() not in found]
    assert missing == []


def test_the_headings_are_those_of_the_report_and_skip_no_level(document: ReportDocument) -> None:
    shown = printed_of(document)
    found = [
        (int(paragraph.style.name[-1]), paragraph.text)
        for paragraph in opened(filled(document)).paragraphs
        if paragraph.style.name.startswith("Heading ")
    ]
    levels = [level for level, _ in found]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    goals = [goal.title for theme in shown.themes for goal in theme.goals]
    assert [text for level, text in found if level == 2 and text in goals] == goals
    assert [text for level, text in found if level == 1 and text in {theme.title for theme in shown.themes}] == [
        theme.title for theme in shown.themes
    ]


def test_the_tables_are_those_of_the_report(document: ReportDocument) -> None:
    shown = printed_of(document)
    found = tables(opened(filled(document)))
    assert [tuple(row) for row in found[Heading.ANNEX]] == [shown.annex.heads, *shown.annex.rows]
    assert [tuple(row) for row in found["Standen per onderdeel"]] == [
        shown.standing_table.heads,
        *shown.standing_table.rows,
    ]
    assert shown.changes_table
    assert [tuple(row) for row in found[Heading.CHANGES]] == [shown.changes_table.heads, *shown.changes_table.rows]
    assert [tuple(row) for row in found[Heading.COLOPHON]][1:] == list(shown.colophon)


def test_every_table_repeats_its_header_on_each_page(document: ReportDocument) -> None:
    for table in opened(filled(document)).tables:
        head = table.rows[0]._tr
        assert head.find(f"{w('trPr')}/{w('tblHeader')}") is not None
        assert table.style.name == "Rapporttabel"
        assert 'firstRow="1"' in etree.tostring(table._tbl.tblPr).decode()


def test_the_table_of_contents_names_the_headings(document: ReportDocument) -> None:
    word = opened(filled(document))
    levels = ("Heading 1", "Heading 2") if printed_of(document).is_about_opgaven else ("Heading 1",)
    headings = [paragraph.text for paragraph in word.paragraphs if paragraph.style.name in levels]
    entries = [
        "".join(text.text or "" for text in paragraph._p.iter(w("t")))
        for paragraph in word.paragraphs
        if paragraph.style.name.startswith("toc ")
    ]
    assert entries == headings
    settings = zipfile.ZipFile(io.BytesIO(filled(document))).read("word/settings.xml")
    assert b'updateFields w:val="true"' in settings, "Word numbers the pages when it opens the report"


def test_it_is_dutch_a4_and_tells_its_title_and_pages(document: ReportDocument) -> None:
    data = filled(document)
    word = opened(data)
    assert word.core_properties.title == printed_of(document).title
    assert word.core_properties.language == "nl-NL"
    section = word.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".xml")).decode()
    languages = set(re.findall(r'<w:lang [^>]*w:val="([^"]+)"', everything))
    assert languages == {"nl-NL"}
    footers = everything.split("<w:ftr")[1:]
    assert len(footers) == 2
    assert all(" PAGE " in footer and " NUMPAGES " in footer for footer in footers)


def test_a_concept_says_so_on_every_page_and_an_adopted_report_nowhere(document: ReportDocument) -> None:
    section = opened(filled(concept(document))).sections[0]
    assert section.different_first_page_header_footer
    assert "CONCEPT" in section.header.paragraphs[0].text
    assert "CONCEPT" in section.first_page_header.paragraphs[0].text
    assert "concept" not in every_text(opened(filled(document))).lower()


def test_the_charts_are_there_with_their_words() -> None:
    document = sample_din()
    shown = printed_of(document)
    wanted = [standing_picture(shown.bars).alt]
    measured = [part for theme in shown.themes for one in theme.indicators for part in (one, *one.parts)]
    wanted += [indicator_picture(one.chart).alt for one in measured if one.chart]
    drawn: list[Picture] = []

    def remember(pictures: Any) -> list[bytes]:
        drawn.extend(pictures)
        return [NO_PICTURE] * len(pictures)

    data = fill(standard_template(), shown, draw=remember)
    found = [one.get("descr") for one in opened(data).element.body.iter(f"{{{WP}}}docPr")]
    assert found == [re.sub(r"[\n\t]", " ", alt) for alt in wanted]
    assert [picture.alt for picture in drawn] == wanted
    assert len([name for name in zipfile.ZipFile(io.BytesIO(data)).namelist() if "media" in name]) == len(wanted)


def test_typst_draws_the_charts_as_pictures() -> None:
    shown = printed_of(sample_din())
    standings, *others = [standing_picture(shown.bars), standing_picture(shown.bars[:1], key="een")]
    made = draw([standings, *others])
    assert [png[:8] for png in made] == [b"\x89PNG\r\n\x1a\n"] * 2
    widths = [int.from_bytes(png[16:20], "big") for png in made]
    heights = [int.from_bytes(png[20:24], "big") for png in made]
    assert widths[0] == widths[1] > 1_000
    assert heights[0] > heights[1]
    assert draw([standings]) == made[:1]


def test_a_character_that_no_file_can_hold_is_left_out() -> None:
    """The database keeps none; with one of them Word could not open the report."""
    document = replace(sample_din(goals=5), introduction="voor\x07na", title="Een\x00titel")
    word = opened(filled(document))
    assert "voorna" in every_text(word)
    assert word.core_properties.title == "Eentitel"


def test_the_same_report_gives_the_same_bytes(document: ReportDocument) -> None:
    assert filled(document) == filled(document)


def test_word_opens_it_without_mending(document: ReportDocument) -> None:
    assert broken_rules(filled(document)) == []
    assert broken_rules(filled(concept(document))) == []


def test_a_report_of_which_nothing_is_known_yet_is_made_too(document: ReportDocument) -> None:
    empty = concept(sample_din(goals=0))
    bare = type(empty)(**{**vars(empty), "themes": (), "indicators": (), "commitments": (), "gone": ()})
    data = filled(bare)
    assert broken_rules(data) == []
    assert "Samenvatting" in every_text(opened(data))


@pytest.mark.parametrize("name", PAYLOADS)
def test_what_people_wrote_comes_out_to_the_letter(name: str) -> None:
    document = with_payload(sample_din(goals=10), PAYLOADS[name])
    data = filled(document)
    assert broken_rules(data) == []
    word = opened(data)
    shown = printed_of(document)
    goals = [goal for theme in shown.themes for goal in theme.goals]
    body = "\n".join(paragraph.text for paragraph in word.paragraphs)
    told: list[tuple[str, ...]] = [goal.explanation for goal in goals] + [goal.next_steps for goal in goals]
    told += (
        [theme.introduction for theme in shown.themes] + [one.text for one in shown.commitments] + [shown.introduction]
    )
    assert [paragraph for many in told for paragraph in many if paragraph not in body] == []
    rows = tables(word)[Heading.ANNEX]
    assert [tuple(row) for row in rows[1:]] == [tuple(map(without_empty_lines, row)) for row in shown.annex.rows]
    assert word.core_properties.title == shown.title


BREAKING: dict[str, Callable[[bytes], bytes]] = {
    "a cell that does not end with a paragraph": lambda xml: re.sub(
        rb"(<w:tc>(?:(?!</w:tc>).)*?</w:tcPr>)<w:p>.*?</w:p></w:tc>", rb"\1</w:tc>", xml, count=1
    ),
    "text outside a run": lambda xml: xml.replace(b"<w:body>", b"<w:body><w:p><w:t>los</w:t></w:p>"),
    "bookmarks that are the same": lambda xml: re.sub(rb'w:name="_Toc0000000\d"', b'w:name="x"', xml),
    "fields that do not end": lambda xml: xml.replace(b'<w:fldChar w:fldCharType="end"/>', b"", 1),
    "a picture without words": lambda xml: re.sub(rb'descr="[^"]*"', b'descr=""', xml, count=1),
    "the order in": lambda xml: xml.replace(
        b'<w:pStyle w:val="Titel"/>', b'<w:jc w:val="left"/><w:pStyle w:val="Titel"/>'
    ),
}


@pytest.mark.parametrize("rule", BREAKING)
def test_the_rules_see_what_is_broken(rule: str) -> None:
    source = zipfile.ZipFile(io.BytesIO(filled(sample_din(goals=10))))
    broken = io.BytesIO()
    with zipfile.ZipFile(broken, "w") as archive:
        for name in source.namelist():
            part = source.read(name)
            archive.writestr(name, BREAKING[rule](part) if name == "word/document.xml" else part)
    assert any(rule in found for found in broken_rules(broken.getvalue()))
