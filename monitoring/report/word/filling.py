"""A template of Word filled in with a report. What people wrote goes in as text, whatever it says. Knows no Django."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from din.text import writable
from monitoring.report.charts import Picture
from monitoring.report.printed import Printed
from monitoring.report.word.contents import fill_contents
from monitoring.report.word.evaluating import evaluate
from monitoring.report.word.fields import FIELDS, values
from monitoring.report.word.meaning import Finding
from monitoring.report.word.package import Package
from monitoring.report.word.pictures import Draw, Pictures, text_width
from monitoring.report.word.template import Misplaced, Part, text_parts
from monitoring.report.word.tidying import number_drawings, tidy
from monitoring.report.word.xml import DECLARATION, Element, parse, w, written

LANGUAGE = "nl-NL"
MOST_CHARACTERS = 48_000_000  # of XML in a filled part
# More empty lines than one are no text, and ten thousand of them no report.
_EMPTY_LINES = re.compile("\n{3,}")
_BREAKS = {
    "\n": '</w:t><w:br/><w:t xml:space="preserve">',
    "\t": '</w:t><w:tab/><w:t xml:space="preserve">',
}
_CORE = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
# The settings that Word wants behind the one that makes it fill in fields, as far as files have them.
_AFTER_UPDATE = (
    *("hdrShapeDefaults", "footnotePr", "endnotePr", "compat", "docVars", "rsids", "mathPr", "attachedSchema"),
    *("themeFontLang", "clrSchemeMapping", "shapeDefaults", "decimalSymbol", "listSeparator"),
)


class Unusable(Exception):
    """A template that cannot be filled in; `findings` says why."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(f"{len(findings)} findings in a template")
        self.findings = findings


def fill(template: bytes, printed: Printed, *, draw: Draw) -> bytes:
    """The report as a .docx. The same template and report give the same bytes.

    `template` is a .docx of which the package was checked. Raises Unusable when its tags are wrong.
    """
    package = Package.read(template)
    parts = text_parts(package)
    if findings := [finding for part in parts for finding in part.findings()]:
        raise Unusable(findings)
    pictures = Pictures(package, room=text_width(parts[0].root))
    told, as_xml = values(FIELDS, printed), _in_text(pictures)
    roots = {part.name: _filled(part, told, as_xml) for part in parts}
    text = roots[package.main]
    if fill_contents(text, _style_sheet(package)):
        _fill_in_fields_on_opening(package)
    for root in roots.values():
        tidy(root)
    number_drawings(roots.values())
    package.parts |= {name: written(root) for name, root in roots.items()}
    pictures.add_files(draw)
    day = datetime.date.fromisoformat(printed.day)
    _speak_dutch(package)
    _tell_properties(package, printed, day)
    return package.write(day=day)


def _filled(part: Part, told: dict[str, Any], as_xml: Callable[[Any], str]) -> Element:
    try:
        pieces = part.pieces()
    except Misplaced as misplaced:
        raise Unusable([misplaced.finding]) from None
    found, length = [], 0
    for piece in evaluate(pieces, told, as_xml):
        found.append(piece)
        length += len(piece)
        if length > MOST_CHARACTERS:
            raise Unusable([Finding(part.label, "Het rapport wordt met dit sjabloon veel te lang.")])
    return parse("".join(found).encode())


def _in_text(pictures: Pictures) -> Callable[[Any], str]:
    """How the value of a field comes into a run of text, as XML."""

    def as_xml(value: Any) -> str:
        if isinstance(value, str):
            return _in_run(value)
        if isinstance(value, bool):
            return "ja" if value else "nee"
        if isinstance(value, Picture):
            return f'</w:t>{pictures.place(value)}<w:t xml:space="preserve">'
        if isinstance(value, list):
            return _in_run("\n".join(value))
        return "" if value is None else str(int(value))

    return as_xml


def _in_run(text: str) -> str:
    if text.isprintable():
        return escape(text)
    return escape(_EMPTY_LINES.sub("\n\n", writable(text)), _BREAKS)


def _style_sheet(package: Package) -> Element:
    names = package.related("styles")
    return parse(package.parts[names[0]]) if names else parse(f'<w:styles xmlns:w="{w("")[1:-1]}"/>'.encode())


def _fill_in_fields_on_opening(package: Package) -> None:
    for name in package.related("settings"):
        root = parse(package.parts[name])
        for former in root.findall(w("updateFields")):
            root.remove(former)
        following = (place for place, one in enumerate(root) if etree.QName(one).localname in _AFTER_UPDATE)
        place = next(following, len(root))
        root.insert(place, root.makeelement(w("updateFields"), {w("val"): "true"}))
        package.parts[name] = written(root)


def _speak_dutch(package: Package) -> None:
    """The language of everything that says no other, for whoever listens to the report and for the spelling."""
    for name in package.related("styles"):
        root = parse(package.parts[name])
        for language in root.findall(f"{w('docDefaults')}/{w('rPrDefault')}/{w('rPr')}/{w('lang')}"):
            language.set(w("val"), LANGUAGE)
        package.parts[name] = written(root)


def _tell_properties(package: Package, printed: Printed, day: datetime.date) -> None:
    """Title, programme and day of the report instead of who made the template, and when."""
    title, programme = (escape(writable(text)) for text in (printed.title, printed.programme))
    core = (
        DECLARATION
        + (
            '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
            ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
            ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
            f"<dc:title>{title}</dc:title><dc:subject>{escape(printed.period)}</dc:subject>"
            f"<dc:creator>{programme}</dc:creator><dc:language>{LANGUAGE}</dc:language><cp:revision>1</cp:revision>"
            f'<dcterms:created xsi:type="dcterms:W3CDTF">{day.isoformat()}T00:00:00Z</dcterms:created>'
            f'<dcterms:modified xsi:type="dcterms:W3CDTF">{day.isoformat()}T00:00:00Z</dcterms:modified>'
            "</cp:coreProperties>"
        ).encode()
    )
    names = [one.target for one in package.relationships() if one.kind == "core-properties"]
    if names and names[0] in package.parts:
        package.parts[names[0]] = core
    else:
        package.add("", "docProps/core.xml", core, kind=_CORE, content_type=_CORE_TYPE, key="eigenschappen")
