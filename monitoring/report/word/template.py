"""A template of Word taken apart: the parts that hold text, and the tags in them. Knows no Django."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from monitoring.report.word.field_codes import clear_results
from monitoring.report.word.meaning import Finding, check_tags
from monitoring.report.word.package import Package
from monitoring.report.word.tags import OPENING, Tag, gather, put_in_place
from monitoring.report.word.xml import Element, parse, remove, w

# The first and the last character stand around the number of a tag; no text has these.
_MARK = "\U0010fffb{}\U0010fffc"
_MARKED = "\U0010fffb"
# What Word notes while somebody types, and what may stand in a file once: a loop would repeat it.
_NOTES = (w("proofErr"), w("lastRenderedPageBreak"))
_PARAGRAPH_KEYS = (
    "{http://schemas.microsoft.com/office/word/2010/wordml}paraId",
    "{http://schemas.microsoft.com/office/word/2010/wordml}textId",
)


@dataclass
class Part:
    """A part that holds text. `label` is how the manager knows it: "Tekst", "Koptekst", "Voettekst 2"."""

    name: str
    label: str
    root: Element
    tags: list[Tag]
    takes_pictures: bool

    def findings(self) -> Iterator[Finding]:
        """What is wrong with its tags."""
        yield from check_tags(self.tags, self.label, takes_pictures=self.takes_pictures)

    def pieces(self) -> list[str | Tag]:
        """The part as its XML with the tags between, which must have been checked. Call it once.

        Raises Misplaced when something that looks like a tag stands elsewhere than in text.
        """
        if _MARKED in etree.tostring(self.root, encoding="unicode"):
            raise Misplaced(self.label)
        put_in_place(self.tags, _MARK)
        text = etree.tostring(self.root, encoding="unicode")
        if any(opening in text for opening in OPENING):
            raise Misplaced(self.label)
        first, *others = text.split(_MARKED)
        found: list[str | Tag] = [first]
        for piece in others:
            number, rest = piece.split(_MARK[-1], 1)
            found += [self.tags[int(number)], rest]
        return found


class Misplaced(Exception):
    """A tag stands where there is no text: in the alternative text of a picture, or in a field of Word."""

    def __init__(self, label: str) -> None:
        super().__init__(label)
        self.finding = Finding(
            label,
            "Er staat een veld op een plek waar geen gewone tekst staat, bijvoorbeeld in de alternatieve tekst van een "
            "afbeelding of in een veldcode. Haal het daar weg.",
        )


def text_parts(package: Package) -> list[Part]:
    """The parts of the template in which fields may stand: the text, and every header and footer."""
    parts = [_part(package, package.main, "Tekst", takes_pictures=True)]
    for kind, label in (("header", "Koptekst"), ("footer", "Voettekst")):
        names = package.related(kind)
        for number, name in enumerate(names, start=1):
            parts.append(_part(package, name, f"{label} {number}" if len(names) > 1 else label, takes_pictures=False))
    return parts


def _part(package: Package, name: str, label: str, *, takes_pictures: bool) -> Part:
    root = parse(package.parts[name])
    for note in list(root.iter(*_NOTES)):
        remove(note)
    for properties in root.iter(w("sdtPr")):
        for key in properties.findall(w("id")):
            properties.remove(key)
    for paragraph in root.iter(w("p"), w("tr")):
        for key in _PARAGRAPH_KEYS:
            paragraph.attrib.pop(key, None)
    clear_results(root)
    return Part(name, label, root, list(gather(root)), takes_pictures)
