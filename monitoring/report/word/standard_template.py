"""The standard template: the report as it is sent out when nobody made a template of their own. Knows no Django.

    python -m monitoring.report.word.standard_template sjabloon.docx

writes it as a file.
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from monitoring.report.word import standard_look as look
from monitoring.report.word.package import Package
from monitoring.report.word.xml import CONTENT_TYPES, DECLARATION, RELATIONSHIPS, R, W
from monitoring.report.wording import Heading

NAME = "standaardsjabloon.docx"
_DAY = datetime.date(2026, 11, 23)
_WIDTH = 9298  # of the text, in twentieths of a point
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def _run(text: str, style: str = "") -> str:
    properties = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _field(instruction: str) -> str:
    """A field of Word itself, such as the number of the page."""
    code = f'<w:r><w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>'
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    return f"{mark.format('begin')}{code}{mark.format('separate')}{_run('1')}{mark.format('end')}"


def _p(style: str, *runs: str, more: str = "") -> str:
    """A paragraph. A run that is no XML yet is text."""
    inside = "".join(run if run.startswith("<w:r>") else _run(run) for run in runs)
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{inside}</w:p>'


def _order(words: str) -> str:
    """An order that stands for its whole paragraph."""
    return _p("Standaard", f"{{%p {words} %}}")


def _if(condition: str, *inside: str) -> str:
    return _order(f"if {condition}") + "".join(inside) + _order("endif")


def _each(item: str, items: str, *inside: str) -> str:
    return _order(f"for {item} in {items}") + "".join(inside) + _order("endfor")


def _texts(field: str, heading: str = "", *, more: str = "") -> str:
    """The paragraphs of a field under a heading that is only there with them."""
    told = _each("alinea", field, _p("Standaard", "{{ alinea }}", more=more))
    return _if(field, _p("Tussenkop", heading), told) if heading else told


def _facts(field: str) -> str:
    """Facts in one line: "Deadline: 2025 · Eigenaar: Afdeling Jeugd"."""
    inside = (
        _run(f"{{% for feit in {field} %}}"),
        _run("{{ feit.naam }}: ", "Zwaar"),
        _run("{{ feit.waarde }}{% if not loop.last %}  ·  {% endif %}{% endfor %}"),
    )
    return _if(field, _p("Feiten", *inside))


def _standing(of: str, word: str) -> list[str]:
    """The shape and the word of a standing, in its colour."""
    found = []
    for place, (tone, style) in enumerate(look.TONE_STYLES.items()):
        start = f'{{% {"elif" if place else "if"} {of}.kleur == "{tone}" %}}'
        found += [_run(start), _run(f"{{{{ {of}.teken }}}} {{{{ {of}.{word} }}}}", style)]
    return [*found, _run("{% endif %}")]


def _table(title: str, columns: Iterable[tuple[str, int, str]], items: str, *, first_column: bool = False) -> str:
    """A table with a row for each of `items`. The columns as (heading, width in hundredths, what a cell says)."""
    wide = [(head, width * _WIDTH // 100, told) for head, width, told in columns]
    heads = "".join(_cell(width, _p("Tabeltekst", head)) for head, width, _ in wide)
    cells = "".join(_cell(width, _p("Tabeltekst", told)) for _, width, told in wide)
    return _whole_table(title, [width for _, width, _ in wide], heads, items, cells, first_column=first_column)


def _whole_table(
    title: str, widths: list[int], heads: str, items: str, cells: str, *, first_column: bool, head_height: int = 0
) -> str:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    height = f'<w:trHeight w:val="{head_height}" w:hRule="atLeast"/>' if head_height else ""

    def order(words: str) -> str:
        span = f'<w:gridSpan w:val="{len(widths)}"/>'
        return f"<w:tr>{_cell(sum(widths), _p('Tabeltekst', f'{{%tr {words} %}}'), span)}</w:tr>"

    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="Rapporttabel"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/>'
        f'<w:tblLook w:val="{"04A0" if first_column else "0420"}" w:firstRow="1" w:lastRow="0" '
        f'w:firstColumn="{int(first_column)}" w:lastColumn="0" w:noHBand="0" w:noVBand="1"/>'
        f'<w:tblCaption w:val="{escape(title)}"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        f"<w:tr><w:trPr><w:cantSplit/>{height}<w:tblHeader/></w:trPr>{heads}</w:tr>"
        f"{order(f'for rij in {items}')}"
        f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>{order('endfor')}</w:tbl>"
        # Word joins two tables that touch.
        f"{_p('Tabeltekst')}"
    )


_KEPT = "<w:keepNext/>"


def _cell(width: int, inside: str, more: str = "") -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{more}</w:tcPr>{inside}</w:tc>'


def _standings() -> str:
    """How many goals of each theme have which standing: a column for each standing that there is."""
    name, number = 3300, 700
    upright = '<w:textDirection w:val="btLr"/><w:vAlign w:val="center"/>'
    heads = (
        _cell(name, _p("Tabeltekst", "Onderdeel", more=_KEPT), '<w:vAlign w:val="bottom"/>')
        + _cell(number, _p("Tabeltekst", "{%tc for kop in standen_koppen %}"))
        + _cell(number, _p("Tabeltekst", "{{ kop }}", more=_KEPT), upright)
        + _cell(number, _p("Tabeltekst", "{%tc endfor %}"))
    )
    cells = (
        _cell(name, _p("Tabeltekst", "{{ rij.naam }}", more=_KEPT))
        + _cell(number, _p("Tabeltekst", "{%tc for aantal in rij.aantallen %}"))
        + _cell(number, _p("Tabelgetal", "{{ aantal }}", more=_KEPT))
        + _cell(number, _p("Tabeltekst", "{%tc endfor %}"))
    )
    widths = [name, *[(_WIDTH - name) // 3] * 3]
    return _p("Bijschrift", "{{ standen_titel }}") + _whole_table(
        "Standen per onderdeel", widths, heads, "standen", cells, first_column=True, head_height=1700
    )


def _goal() -> str:
    change = ("{% if doel.verandering %}", "  ·  {{ doel.verandering }}", "{% endif %}")
    late = (_run("{% if doel.te_laat %}"), _run("  ·  te laat", look.TONE_STYLES["rood"]), _run("{% endif %}"))
    effort = (
        "{% if inspanning.gereed %}",
        _run(f"{Heading.DONE}: ", "Zwaar"),
        "{% endif %}{{ inspanning.tekst }}",
        "{% if inspanning.trekker %} ({{ inspanning.trekker }}){% endif %}",
        "{% if inspanning.opmerking %}: {{ inspanning.opmerking }}{% endif %}",
    )
    return (
        _p("Kop2", "{{ doel.titel }}")
        + _p("Standaard", *_standing("doel", "status"), *change, *late, more=_KEPT)
        + _facts("doel.feiten")
        + _texts("doel.beschrijving", Heading.DESCRIPTION)
        + _texts("doel.beoogde_resultaten", Heading.INTENDED_RESULTS)
        + _if("over_opgaven and doel.toelichting", _p("Tussenkop", Heading.EXPLANATION))
        + _texts("doel.toelichting")
        + _texts("doel.vervolgstappen", Heading.NEXT_STEPS)
        + _if(
            "doel.inspanningen",
            _p("Tussenkop", Heading.EFFORTS),
            _each("inspanning", "doel.inspanningen", _p("Lijstopsomteken", *effort)),
        )
    )


def _measured(of: str, heading: str) -> str:
    columns = [
        ("Periode", 20, "{{ rij.periode }}"),
        ("Waarde", 18, "{{ rij.waarde }}"),
        ("Bron", 31, "{{ rij.bron }}"),
        ("Opmerking", 31, "{{ rij.opmerking }}"),
    ]
    key = f"{{% if indicator.is_kern %}}  ·  {Heading.KEY_INDICATOR}{{% endif %}}" if of == "indicator" else ""
    return (
        _p(heading, f"{{{{ {of}.naam }}}}")
        + _p("Standaard", *_standing(of, "oordeel"), *([key] if key else []), more=_KEPT)
        + _texts(f"{of}.beschrijving", more=_KEPT)
        + _facts(f"{of}.feiten")
        + _if(f"{of}.grafiek", _p("Standaard", f"{{{{ {of}.grafiek }}}}", more=_KEPT))
        + _if(
            f"{of}.metingen",
            _p("Bijschrift", f"{{{{ {of}.metingen_titel }}}}"),
            _table("Metingen", columns, f"{of}.metingen"),
        )
    )


def _indicators(field: str, heading: str, level: int) -> str:
    """A heading with the indicators of a field below it, and their parts below each."""
    part = _each("deel", "indicator.delen", _measured("deel", f"Kop{level + 2}"))
    return _if(
        field,
        _p(f"Kop{level}", heading),
        _each("indicator", field, _measured("indicator", f"Kop{level + 1}"), part),
    )


def _commitments(item: str, items: str, heading: str) -> str:
    one = (
        _p("Kop2", f"{{{{ {item}.titel }}}}")
        + _p("Standaard", _run(f"{{{{ {item}.stand }}}}", "Zwaar"), more=_KEPT)
        + _facts(f"{item}.feiten")
        + _texts(f"{item}.tekst")
        + _texts(f"{item}.afdoening", Heading.SETTLEMENT)
    )
    return _if(items, _p("Kop1", heading), _each(item, items, one))


def _contents() -> str:
    """The table of contents: of opgaven each by name, of a DIN the themes only, for its goals are whole sentences."""

    def table(levels: str) -> str:
        return _p("Inhopg1", _field(f'TOC \\o "{levels}" \\h \\z \\u'))

    new_page = '<w:r><w:br w:type="page"/></w:r>'
    return (
        _p("Kopvaninhoudsopgave", new_page, Heading.CONTENTS)
        + _order("if over_opgaven")
        + table("1-2")
        + _order("else")
        + table("1-1")
        + _order("endif")
        + _p("Standaard", new_page)
    )


def _ambitions(name: str) -> str:
    told = _each("ambitie", name, _p("Lijstopsomteken", "{{ ambitie }}"))
    return _if(name, _p("Tussenkop", Heading.AMBITIONS), told)


def _text() -> str:
    changes = [
        ("Nr.", 9, "{{ rij.nummer }}"),
        ("{{ doel_heet }}", 41, "{{ rij.doel }}"),
        ("Was", 16, "{{ rij.was }}"),
        ("Is nu", 16, "{{ rij.nu }}"),
        ("Verandering", 18, "{{ rij.verandering }}"),
    ]
    listed = [
        ("Nr.", 9, "{{ rij.nummer }}"),
        ("{{ doel_heet }}", 43, "{{ rij.doel }}"),
        ("Deadline", 16, "{{ rij.deadline }}"),
        ("Eigenaar", 17, "{{ rij.eigenaar }}"),
        ("Status", 15, "{{ rij.status }}"),
    ]
    colophon = [("Wat", 34, "{{ rij.naam }}"), ("Gegeven", 66, "{{ rij.waarde }}")]
    theme = (
        _p("Kop1", "{{ onderdeel.titel }}")
        + _if("onderdeel.zin", _p("Lead", "{{ onderdeel.zin }}"))
        + _texts("onderdeel.inleiding")
        + _ambitions("onderdeel.ambities")
        + _each("doel", "onderdeel.doelen", _goal())
        + _indicators("onderdeel.indicatoren", Heading.THEME_INDICATORS, 2)
    )
    return (
        _p("Programma", "{{ programma }}")
        + _p("Titel", "{{ titel }}")
        + _p("Ondertitel", "{{ periode }}")
        + _p("Ondertitel", "{{ plan }}")
        + _p("Ondertitel", "{{ stand }}")
        + _contents()
        + _p("Kop1", Heading.SUMMARY)
        + _p("Lead", "{{ samenvatting }}")
        + _texts("inleiding")
        + _ambitions("ambities")
        + _p("Kop2", Heading.STANDING)
        + _if("standen_grafiek", _p("Standaard", "{{ standen_grafiek }}"))
        + _standings()
        + _commitments("voorstel", "voorstellen", Heading.PROPOSALS)
        + _if(
            "veranderd",
            _p("Kop1", Heading.CHANGES),
            _p("Lead", "{{ veranderd }}"),
            _if(
                "veranderingen",
                _p("Bijschrift", "{{ veranderingen_titel }}"),
                _table(Heading.CHANGES, changes, "veranderingen"),
            ),
        )
        + _each("onderdeel", "onderdelen", theme)
        + _indicators("indicatoren", Heading.INDICATORS, 1)
        + _commitments("toezegging", "toezeggingen", Heading.COMMITMENTS)
        + _p("Kop1", Heading.ANNEX)
        + _p("Bijschrift", "{{ bijlage_titel }}")
        + _table(Heading.ANNEX, listed, "bijlage")
        + _p("Kop1", Heading.COLOPHON)
        + _table(Heading.COLOPHON, colophon, "colofon", first_column=True)
    )


def _section() -> str:
    margins = 'w:top="1418" w:right="1304" w:bottom="1304" w:left="1304" w:header="624" w:footer="567" w:gutter="0"'
    kinds = (("header", "default", 1), ("header", "first", 2), ("footer", "default", 3), ("footer", "first", 4))
    refer = "".join(f'<w:{what}Reference w:type="{page}" r:id="deel{number}"/>' for what, page, number in kinds)
    return (
        f'<w:sectPr>{refer}<w:pgSz w:w="11906" w:h="16838"/><w:pgMar {margins}/><w:cols w:space="708"/>'
        "<w:titlePg/></w:sectPr>"
    )


def _part(element: str, inside: str) -> bytes:
    return DECLARATION + f'<w:{element} xmlns:w="{W}" xmlns:r="{R}">{inside}</w:{element}>'.encode()


def _relationships(*told: tuple[str, str, str]) -> bytes:
    """Relationships as (key, type in full, target)."""
    lines = "".join(f'<Relationship Id="{key}" Type="{kind}" Target="{target}"/>' for key, kind, target in told)
    return DECLARATION + f'<Relationships xmlns="{RELATIONSHIPS}">{lines}</Relationships>'.encode()


def _content_types(parts: Iterable[tuple[str, str]]) -> bytes:
    lines = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in parts)
    rels = "application/vnd.openxmlformats-package.relationships+xml"
    defaults = (
        f'<Default Extension="rels" ContentType="{rels}"/><Default Extension="xml" ContentType="application/xml"/>'
    )
    return DECLARATION + f'<Types xmlns="{CONTENT_TYPES}">{defaults}{lines}</Types>'.encode()


@cache
def standard_template() -> bytes:
    """The bytes of the template."""
    concept = _run("{{ concept }}", "Concept")
    tab = "<w:r><w:tab/></w:r>"
    pages = ("Pagina ", _field("PAGE"), " van ", _field("NUMPAGES"))
    core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    texts = {
        "word/styles.xml": ("styles", look.styles()),
        "word/numbering.xml": ("numbering", look.numbering()),
        "word/fontTable.xml": ("fontTable", look.font_table()),
        "word/settings.xml": ("settings", look.settings()),
        "word/header1.xml": ("header", _part("hdr", _p("Koptekst", "{{ titel }}", tab, concept))),
        "word/header2.xml": ("header", _part("hdr", _p("Koptekst", tab, concept))),
        "word/footer1.xml": ("footer", _part("ftr", _p("Voettekst", "{{ periode }}", tab, *pages))),
        "word/footer2.xml": ("footer", _part("ftr", _p("Voettekst", tab, *pages))),
    }
    keys = {"header1": "deel1", "header2": "deel2", "footer1": "deel3", "footer2": "deel4"}
    referred = [(keys.get(name[5:-4], name[5:-4]), f"{_OFFICE}/{kind}", name[5:]) for name, (kind, _) in texts.items()]
    kinds = [(name, f"{_MAIN}.{kind}+xml") for name, (kind, _) in texts.items()]
    properties = (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Standaardsjabloon voortgangsrapportage</dc:title>'
        "<dc:language>nl-NL</dc:language></cp:coreProperties>"
    )
    parts = {
        "_rels/.rels": _relationships(
            ("tekst", f"{_OFFICE}/officeDocument", "word/document.xml"), ("eigenschappen", core, "docProps/core.xml")
        ),
        "docProps/core.xml": DECLARATION + properties.encode(),
        "word/document.xml": _part("document", f"<w:body>{_text()}{_section()}</w:body>"),
        "word/_rels/document.xml.rels": _relationships(*referred),
        "[Content_Types].xml": _content_types(
            [
                ("word/document.xml", f"{_MAIN}.document.main+xml"),
                ("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
                *kinds,
            ]
        ),
        **{name: data for name, (_, data) in texts.items()},
    }
    return Package(parts).write(day=_DAY)


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(standard_template())
