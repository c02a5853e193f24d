"""Whether a template may be put in force: its package, its tags, and two reports made with it. Knows no Django.

Runs in the child process that makes files: a template comes from outside.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from lxml import etree

from monitoring.report.charts import Picture
from monitoring.report.printing import print_report
from monitoring.report.rendering_child import Question
from monitoring.report.word.example import ADOPTED, EXAMPLE
from monitoring.report.word.filling import Unusable, fill
from monitoring.report.word.meaning import Finding
from monitoring.report.word.package import Package
from monitoring.report.word.package_check import check_package
from monitoring.report.word.template import text_parts
from monitoring.report.word.xml import Element, R, parse, w

MOST_FINDINGS = 50
MOST_TAGS = 2_000
_NO_PICTURE = b"\x89PNG\r\n\x1a\n"


def check_template(data: bytes) -> list[Finding]:
    """Everything that is wrong with a template, from the file itself to a page without CONCEPT; empty when all is well.

    A later check is only made when those before it found nothing.
    """
    found = check_package(data)
    if not found:
        found = _check_tags(data)
    if not found:
        found = _try(data)
    return found[:MOST_FINDINGS]


def answer(question: Question) -> bytes:
    """The findings about the attachment as JSON, pairs of where and what."""
    return json.dumps([[one.where, one.message] for one in check_template(question.attachment)]).encode("ascii")


def _check_tags(data: bytes) -> list[Finding]:
    parts = text_parts(Package.read(data))
    if sum(len(part.tags) for part in parts) > MOST_TAGS:
        return [Finding("Tekst", f"Er staan meer dan {MOST_TAGS} velden en opdrachten in. Maak het sjabloon korter.")]
    return [finding for part in parts for finding in part.findings()]


def _try(data: bytes) -> list[Finding]:
    try:
        fill(data, print_report(ADOPTED, sha256="0" * 64), draw=_draw)
        made = fill(data, print_report(EXAMPLE), draw=_draw)
    except Unusable as unusable:
        return unusable.findings
    except etree.LxmlError:
        return [Finding("Tekst", "Met dit sjabloon ontstaat een bestand dat Word niet kan openen.")]
    return list(_pages_without_concept(Package.read(made)))


def _draw(pictures: Sequence[Picture]) -> list[bytes]:
    return [_NO_PICTURE] * len(pictures)


_PAGES = {"default": "gewone pagina's", "first": "de eerste pagina", "even": "even pagina's"}


def _pages_without_concept(package: Package) -> Iterator[Finding]:
    """Every page of a concept must say so in its header or footer: a reader may see one page."""
    targets = {one.key: one.target for one in package.relationships(package.main)}
    shown: dict[tuple[str, str], str] = {}
    has_even = any(parse(package.parts[name]).find(w("evenAndOddHeaders")) is not None for name in
                   package.related("settings"))  # fmt: skip
    for number, section in enumerate(parse(package.parts[package.main]).iter(w("sectPr")), start=1):
        for reference in section.iterchildren(w("headerReference"), w("footerReference")):
            shown[reference.tag, reference.get(w("type"), "default")] = targets.get(reference.get(f"{{{R}}}id"), "")
        for page in _pages_of(section, has_even):
            names = [shown.get((w(f"{what}Reference"), page), "") for what in ("header", "footer")]
            if not any("CONCEPT" in _said(package, name) for name in names):
                yield Finding(
                    f"Kop- en voettekst van {_PAGES[page]}" + (f", sectie {number}" if number > 1 else ""),
                    "Een concept moet op elke pagina als concept te herkennen zijn. Zet {{ concept }} in de koptekst.",
                )


def _pages_of(section: Element, has_even: bool) -> list[str]:
    has_first = section.find(w("titlePg")) is not None
    return ["default", *(["first"] if has_first else []), *(["even"] if has_even else [])]


def _said(package: Package, name: str) -> str:
    if name not in package.parts:
        return ""
    return "".join(text.text or "" for text in parse(package.parts[name]).iter(w("t")))
