"""What a template may say: every mistake is named with its place, and nothing runs that its maker wrote."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from monitoring.report.printing import print_report
from monitoring.report.word.checking import MOST_FINDINGS, check_template
from monitoring.report.word.example import ADOPTED
from monitoring.report.word.fields import FIELDS, Kind, every_field, field_groups, values
from monitoring.report.word.filling import Unusable, fill
from monitoring.report.word.package_check import DAMAGED
from monitoring.report.word.standard_template import standard_template
from monitoring.report.word.xml import w
from tests.monitoring.report.word.reading import broken_rules, every_text, opened
from tests.monitoring.report.word.templates import (
    MAIN,
    RELATIONS,
    changed,
    packed,
    paragraph,
    parts,
    with_body,
    with_text,
)

pytestmark = pytest.mark.pure
LOGO = (
    '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
    '<wp:docPr id="1" name="Logo" descr="Logo van de stad"/></wp:inline></w:drawing></w:r></w:p>'
)


def found(data: bytes) -> list[str]:
    return [f"{finding.where}: {finding.message}" for finding in check_template(data)]


def made(data: bytes) -> bytes:
    return fill(data, print_report(ADOPTED, sha256="0" * 64), draw=lambda many: [b"\x89PNG\r\n\x1a\n"] * len(many))


def said(data: bytes) -> str:
    return every_text(opened(made(data)))


def test_the_standard_template_has_no_findings() -> None:
    assert found(standard_template()) == []


def test_every_field_can_be_used() -> None:
    """A template that names each field once, in the loops in which it lives, is taken and filled in."""

    def lines(fields: object, path: str = "") -> list[str]:
        told: list[str] = []
        for field in fields:  # type: ignore[attr-defined]
            name = f"{path}{field.name}"
            if not field.is_list:
                told.append(f"[{{{{ {name} }}}}]")
                continue
            inside = lines(field.fields, f"{field.item}.") if field.fields else [f"[{{{{ {field.item} }}}}]"]
            told += [f"{{%p for {field.item} in {name} %}}", *inside, "{%p endfor %}"]
        return told

    template = with_text(*lines(FIELDS))
    assert found(template) == []
    assert broken_rules(made(template)) == []


def test_a_field_says_in_the_example_what_it_is_for() -> None:
    """Else a mistake in a field would first show in somebody's report."""

    def empty(fields: object, told: dict[str, object], path: str = "") -> list[str]:
        return [
            f"{path}{field.name}"
            for field in fields  # type: ignore[attr-defined]
            if field.kind is not Kind.YES and told[field.name] in ("", [], None)
        ]

    told = values(FIELDS, print_report(ADOPTED, sha256="0" * 64))
    assert empty(FIELDS, told) == ["concept"]
    for field in FIELDS:
        if field.kind is Kind.LIST:
            assert empty(field.fields, told[field.name][0], f"{field.item}.") in ([], ["indicator.delen"]), field.name


def test_the_fields_are_these() -> None:
    """Templates with these names lie in the database: a name may come, none may go or mean something else."""
    top = "titel programma plan periode stand concept datum over_opgaven doel_heet samenvatting inleiding "
    top += (
        "standen_grafiek standen_titel standen_koppen standen voorstellen veranderd veranderingen_titel veranderingen "
    )
    top += "onderdelen doelen indicatoren toezeggingen bijlage_titel bijlage colofon"
    assert {name for name, _ in every_field(FIELDS) if "." not in name} >= set(top.split())
    goal = "titel tekst status kleur teken verandering te_laat feiten beschrijving beoogde_resultaten toelichting"
    goal += " vervolgstappen inspanningen"
    assert {name for name, _ in every_field(FIELDS)} >= {f"doel.{name}" for name in goal.split()}


MISTAKES = {
    "a field that is not there": ("{{ periodde }}", "Bedoelt u periode?"),
    "a field of a goal outside the loop": ("{{ toelichting }}", "Bedoelt u doel.toelichting?"),
    "a field that nothing is like": ("{{ qqqq }}", "Het veld qqqq is hier niet bekend."),
    "a field of a text": ("{{ titel.lengte }}", "titel heeft zelf geen velden"),
    "a list as it is": ("{{ doelen }}", "{%p for doel in doelen %}"),
    "a field of a list": ("{{ doelen.titel }}", "Loop erdoor: {%p for doel in doelen %}"),
    "braces that stay open": ("{{ titel", "niet afgesloten"),
    "an order that stays open": ("{% if concept", "niet afgesloten"),
    "a loop over a text": ("{%p for x in titel %}¦{%p endfor %}", "geen lijst"),
    "a loop over a number": ("{%p for x in 3 %}", "alleen de naam van een veld"),
    "a loop without an end": ("{%p for doel in doelen %}", "wordt nergens afgesloten. Zet {%p endfor %} erna"),
    "an end without a loop": ("{%p endfor %}", "sluit niets af"),
    "else by itself": ("{%p else %}", "hoort bij een {% if %}"),
    "a word beside an order": ("Hier {%p if concept %}", "haalt de hele alinea weg"),
    "an unknown order": ("{% set x = 1 %}", "De opdracht set kan hier niet"),
    "a minus": ("{%- if concept %}{% endif %}", "zonder streepje"),
    "a chart in a line of a list": ("{{ indicatoren.grafiek }}", "Loop erdoor"),
    "a filter that is not there": ("{{ titel|reverse }}", "Het filter reverse kan hier niet"),
    "a filter that does not fit": ("{{ titel|length }}", "past niet bij titel"),
    "a row outside a table": ("{%tr for doel in doelen %}", "hoort in een tabel"),
    "an endless tag": ('{% if titel == "' + "x" * 400 + '" %}', "is te lang"),
    "loops too deep": ("{% if concept %}" * 12 + "{% for doel in doelen %}", "staat te diep"),
    "a word behind else": ("{% if concept %}{% else titel %}{% endif %}", "Achter else staat niets"),
    "a word behind the end": ("{% if concept %}{% endif titel %}", "Achter endif staat niets"),
    "else twice": ("{% if concept %}{% else %}{% else %}{% endif %}", "hoort bij een {% if %}"),
    "a field that is not there in elif": ("{% if concept %}{% elif qqqq %}{% endif %}", "Het veld qqqq"),
    "a name that is taken": ("{%p for titel in doelen %}", "al de naam van een veld"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_its_place(name: str) -> None:
    text, wanted = MISTAKES[name]
    findings = found(with_text("De eerste alinea", *text.split("¦")))
    assert wanted in findings[0]
    assert findings[0].startswith(f"Tekst, alinea 2 (“{text.split('¦')[0][:60]}")


def test_a_tag_outside_a_run_or_with_the_end_of_a_section_is_named() -> None:
    assert "waar geen veld kan staan" in found(with_body("<w:p><w:t>{{ titel }}</w:t></w:p>"))[0]
    order = paragraph("{%p if concept %}").replace("<w:p>", "<w:p><w:pPr><w:sectPr/></w:pPr>")
    assert "sectie-einde" in found(with_body(f"{order}{paragraph('x')}{paragraph('{%p endif %}')}"))[0]


CARRIED_OUT = {
    '{% if plan == "x" %}ja{% else %}nee{% endif %}': "nee",
    '{% if plan != "x" %}ja{% else %}nee{% endif %}': "ja",
    "{% if plan and concept %}ja{% else %}nee{% endif %}": "nee",
    "{% if plan or concept %}ja{% else %}nee{% endif %}": "ja",
    "{% if not plan %}ja{% elif concept %}of{% else %}nee{% endif %}": "nee",
    "{{ programma|upper }} {{ programma|lower }}": "VOORBEELDPROGRAMMA voorbeeldprogramma",
    "{% for onderdeel in onderdelen %}{% if loop.first %}van {% endif %}{{ loop.index }}{% if loop.last %} tot "
    "{{ loop.length }}{% endif %}{% else %}geen{% endfor %}": "van 12 tot 2",
    "{% for indicator in indicatoren %}{{ indicator.naam }}{% else %}geen{% endfor %}": "geen",
}


@pytest.mark.parametrize("text", CARRIED_OUT)
def test_an_order_does_what_it_says(text: str) -> None:
    template = with_text(f"[{text}]")
    assert found(template) == []
    document = replace(ADOPTED, themes=ADOPTED.themes[:1] * 2, indicators=())
    report = fill(template, print_report(document), draw=lambda many: [b""] * len(many))
    assert f"[{CARRIED_OUT[text]}]" in every_text(opened(report))


def test_a_mistake_in_a_header_says_so() -> None:
    template = changed("word/header1.xml", "{{ titel }}", "{{ titel }}{{ onbekend }}")
    assert found(template)[0].startswith("Koptekst 1, alinea 1")
    chart = changed("word/header1.xml", "{{ titel }}", "{{ standen_grafiek }}")
    assert "niet in een kop- of voettekst" in found(chart)[0]


def test_every_mistake_is_named_at_once() -> None:
    assert len(found(with_text("{{ een }}", "{{ periode }}", "{{ twee }}", "{{ drie }}"))) == 3


def test_an_order_may_not_begin_in_a_cell_and_end_outside() -> None:
    cell = f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w='100'/></w:tblGrid><w:tr><w:tc>{paragraph('{%p if concept %}')}"
    template = with_body(f"{cell}{paragraph('x')}</w:tc></w:tr></w:tbl>{paragraph('{%p endif %}')}")
    assert "staan niet bij elkaar" in found(template)[0]
    assert "Schrijf ze gelijk: {%p endif %}" in found(with_text("{%p if concept %}", "x{% endif %}"))[0]


def test_word_may_part_a_field_as_it_likes() -> None:
    template = with_text("Over {¦{ ¦per¦iode }¦} en {¦%¦ if not concept %}ja{% endif %}")
    assert found(template) == []
    assert "Over eerste half jaar 2024" in said(template)
    assert "en ja" in said(template)


def test_curly_quotes_are_quotes() -> None:
    template = with_text("{%p for doel in doelen %}", "{% if doel.kleur == “groen” %}goed{% endif %}", "{%p endfor %}")
    assert found(template) == []
    assert "goed" in said(template)


def test_a_cell_of_which_all_is_left_out_keeps_a_paragraph() -> None:
    cells = f"<w:tc>{paragraph('{%p if concept %}')}{paragraph('x')}{paragraph('{%p endif %}')}</w:tc>"
    table = f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w='100'/></w:tblGrid><w:tr>{cells}</w:tr></w:tbl>"
    template = with_body(table + paragraph("einde"))
    assert found(template) == []
    assert broken_rules(made(template)) == []


def test_what_word_shows_of_its_own_fields_is_no_part_of_the_template() -> None:
    """Word fills in the table of contents of a template that somebody opens: with the tags of its headings."""
    template = changed(MAIN, ">1</w:t>", ">{{ onderdeel.titel }} {{ doel.titel }}</w:t>")
    assert found(template) == []


def test_a_template_from_a_finished_report_gives_the_report_again() -> None:
    once = made(standard_template())
    assert [finding for finding in found(once) if "als concept te herkennen" not in finding] == []
    assert broken_rules(made(once)) == []


NO_CONCEPT = {
    "all pages": ("word/header1.xml", "gewone pagina"),
    "the first page": ("word/header2.xml", "de eerste pagina"),
}


@pytest.mark.parametrize("name", NO_CONCEPT)
def test_every_page_must_be_able_to_say_concept(name: str) -> None:
    part, words = NO_CONCEPT[name]
    assert words in found(changed(part, "{{ concept }}", ""))[0]
    assert words in found(changed(part, "{{ concept }}", "{% if not concept %}CONCEPT{% endif %}"))[0]


def test_the_foot_of_a_page_may_say_concept_too() -> None:
    content = parts()
    content["word/header1.xml"] = content["word/header1.xml"].replace(b"{{ concept }}", b"")
    content["word/footer1.xml"] = content["word/footer1.xml"].replace(b"{{ periode }}", b"{{ concept }}")
    assert found(packed(content)) == []


def test_the_even_pages_must_say_concept_when_they_have_a_header_of_their_own() -> None:
    template = changed("word/settings.xml", "<w:compat>", "<w:evenAndOddHeaders/><w:compat>")
    assert "Kop- en voettekst van even pagina's" in found(template)[0]


def test_so_must_the_pages_of_another_section() -> None:
    content = parts()
    text, relations = content[MAIN].decode(), content[RELATIONS].decode()
    section = text[text.rindex("<w:sectPr>") : text.index("</w:body>")]
    other = section.replace('"deel1"', '"kaal"')
    content[MAIN] = text.replace(section, f"<w:p><w:pPr>{section}</w:pPr></w:p>{other}").encode()
    bare = '<Relationship Id="kaal" Type="http://x/header" Target="header3.xml"/></Relationships>'
    content[RELATIONS] = relations.replace("</Relationships>", bare).encode()
    content["word/header3.xml"] = content["word/header1.xml"].replace(b"{{ concept }}", b"")
    assert [one.split(":")[0] for one in found(packed(content))] == ["Kop- en voettekst van gewone pagina's, sectie 2"]


def test_of_very_many_mistakes_the_first_are_named() -> None:
    assert len(found(with_text(*["{{ een }}"] * 60))) == MOST_FINDINGS


def test_what_word_may_have_once_is_not_repeated_by_a_loop() -> None:
    word = "http://schemas.microsoft.com/office/word/2010/wordml"
    content = '<w:sdt><w:sdtPr><w:id w:val="7"/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>'
    line = '<w:p xmlns:w14="{}" w14:paraId="00000001" w14:textId="00000002"><w:proofErr w:type="spellStart"/></w:p>'
    inside = line.format(word) + content.format(paragraph("{{ doel.titel }}")) + LOGO
    template = with_body(f"{paragraph('{%p for doel in doelen %}')}{inside}{paragraph('{%p endfor %}')}")
    assert found(template) == []
    report = made(template)
    assert broken_rules(report) == []
    text = zipfile.ZipFile(io.BytesIO(report)).read(MAIN)
    assert text.count(b"<w:sdtContent>") > 1
    assert [name for name in (b"paraId", b"textId", b"proofErr", b"<w:id ") if name in text] == []


def test_what_is_left_of_a_table_or_a_part_is_what_word_can_open() -> None:
    gone = "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in ("{%tc if concept %}", "x", "{%tc endif %}"))
    table = "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w='100'/></w:tblGrid>{}</w:tbl>"
    rows = f"<w:tr><w:tc>{paragraph('blijft')}</w:tc></w:tr><w:tr>{gone}</w:tr>"
    empty = "".join(map(paragraph, ("{%p if concept %}", "x", "{%p endif %}")))
    content = f"<w:sdt><w:sdtPr/><w:sdtContent>{empty}</w:sdtContent></w:sdt>"
    body = f"{table.format(rows)}{paragraph('en')}{table.format(f'<w:tr>{gone}</w:tr>')}{content}{paragraph('eind')}"
    assert found(with_body(body)) == []
    report = made(with_body(body))
    assert broken_rules(report) == []
    word = opened(report)
    assert [[cell.text for cell in row.cells] for table in word.tables for row in table.rows] == [["blijft"]]
    assert [len(one) for one in word.element.body.iter(w("sdtContent"))] == [1]


def test_that_word_fills_in_its_fields_is_said_once() -> None:
    template = changed("word/settings.xml", "<w:compat>", '<w:updateFields w:val="false"/><w:compat>')
    settings = zipfile.ZipFile(io.BytesIO(made(template))).read("word/settings.xml")
    assert settings.count(b"<w:updateFields") == settings.count(b'<w:updateFields w:val="true"/>') == 1


# --- templates that are out for harm -------------------------------------------------------------------------------

INJECTED = [
    "{{ 7*7 }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ titel.__class__ }}",
    "{{ titel._x }}",
    "{{ doelen[0] }}",
    "{{ titel['__class__'] }}",
    "{{ titel|attr('__class__') }}",
    "{{ config }}",
    "{{ self._TemplateReference__context }}",
    "{{ self }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ lipsum.__globals__ }}",
    "{{ range(10**9) }}",
    "{{ 'a'*10**9 }}",
    "{{ titel.upper() }}",
    "{{ titel ~ titel }}",
    "{{ titel if concept else plan }}",
    "{{ [titel] }}",
    "{{ {'a': titel} }}",
    "{{ (titel, plan) }}",
    "{{ titel is defined }}",
    "{{ titel %}{% for x in doelen %}",
    "{{ titel|map('upper') }}",
    "{{ titel|upper('x') }}",
    "{{ loop }}",
    "{{ caller() }}",
    "{{ -titel }}",
    "{{ true }}",
    "{{ }}",
    "{{}}",
    "{{r titel }}",
    "{{p titel }}",
    "{% for a in range(10**9) %}{% endfor %}",
    "{% for a in titel.__class__ %}{% endfor %}",
    "{% for a, b in doelen %}{% endfor %}",
    "{% for a in doelen recursive %}{% endfor %}",
    "{% for a in doelen if concept %}{% endfor %}",
    "{% for _a in doelen %}{% endfor %}",
    "{% for loop in doelen %}{% endfor %}",
    "{% if titel == plan %}{% endif %}",
    "{% if titel > 1 %}{% endif %}",
    "{% if ''.__class__ %}{% endif %}",
    "{% if titel in doelen %}{% endif %}",
    "{% set x = titel %}",
    "{% macro x() %}{% endmacro %}",
    "{% call x() %}{% endcall %}",
    "{% import 'os' as os %}",
    "{% from 'x' import y %}",
    "{% include '/etc/passwd' %}",
    "{% extends 'x' %}",
    "{% block x %}{% endblock %}",
    "{% raw %}{{ titel }}{% endraw %}",
    "{% filter upper %}{% endfilter %}",
    "{% autoescape false %}{{ titel }}{% endautoescape %}",
    "{% do x %}",
    "{% with x = 1 %}{% endwith %}",
    "{% colspan 3 %}",
    "{% cellbg 'x' %}",
    "{% vm %}",
    "{% hm %}",
]


@pytest.mark.parametrize("text", INJECTED)
def test_nothing_but_fields_is_live(text: str) -> None:
    template = with_text(text)
    assert found(template), "refused at upload"
    with pytest.raises(Unusable):
        made(template)


def test_loops_cannot_be_piled_up() -> None:
    names = "abcdefgh"
    piled = [f"{{%p for {name} in doelen %}}" for name in names]
    assert "loopt door een lijst van a zelf" in found(with_text(*piled, *["{%p endfor %}"] * 8))[0]
    twice = with_text(
        "{%p for onderdeel in onderdelen %}",
        *[f"{{%p for {name} in onderdeel.doelen %}}" for name in names],
        "x",
        *["{%p endfor %}"] * 9,
    )
    assert "loopt door een lijst van a zelf" in found(twice)[0]


def test_a_template_of_thousands_of_tags_is_refused() -> None:
    assert "meer dan 2000" in found(with_text("{{ titel }}" * 3_000))[0]


def test_a_report_cannot_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitoring.report.word.filling.MOST_CHARACTERS", 100_000)
    template = with_text(*["{% for alinea in inleiding %}{{ alinea }}{% endfor %}" + "x" * 5_000] * 50)
    assert "veel te lang" in found(template)[0]
    adopted = with_text(*["{% if not concept %}" + "x" * 5_000 + "{% endif %}"] * 50)
    assert "veel te lang" in found(adopted)[0]


@pytest.mark.parametrize(
    "xml",
    [
        '<w:p><w:bookmarkStart w:id="1" w:name="{{ titel }}"/><w:bookmarkEnd w:id="1"/></w:p>',
        '<w:p w:rsidR="{% for x in y %}"/>',
        "<w:p><w:r><w:instrText>{{ titel }}</w:instrText></w:r></w:p>",
        "<w:p><w:r><w:delText>{{ titel }}</w:delText></w:r></w:p>",
        "<w:p><w:r><w:t>\U0010fffb0\U0010fffc</w:t></w:r></w:p>",
    ],
)
def test_a_tag_where_no_text_stands_is_refused(xml: str) -> None:
    assert found(with_body(xml))


def test_remarks_in_the_xml_are_not_read() -> None:
    remarks = "<!-- {{ titel.__class__ }} {% for %} --><?word {{ titel.__class__ }} ?>"
    template = with_body(f"{remarks}{paragraph('{{ titel }}')}")
    assert found(template) == []
    assert b"__class__" not in made(template)


def test_text_that_is_no_tag_stays() -> None:
    text = "10 % } { % } }} %} #} is gewoon tekst"
    template = with_text(text)
    assert found(template) == []
    assert text in said(template)


def test_a_deep_file_is_damage_and_no_crash() -> None:
    deep = "<w:p>" * 5_000 + "</w:p>" * 5_000
    assert found(with_body(deep)) == [f"Bestand: {DAMAGED}"]


def test_the_documentation_has_every_field() -> None:
    documentation = (Path(__file__).parents[4] / "docs/word-template.md").read_text(encoding="utf-8")
    for group in field_groups():
        prefix = f"{group.item}." if group.item else ""
        rows = [f"| `{prefix}{field.name}` | {field.meaning} | {field.kind}" for field in group.fields]
        assert [row for row in rows if row not in documentation] == []
