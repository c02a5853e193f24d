"""The fields of Word itself in a part: page numbers, the table of contents. Knows no Django."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from monitoring.report.word.tags import OPENING
from monitoring.report.word.xml import Element, around, remove, w


@dataclass
class FieldCode:
    """A field from its `begin` to its `end`, elements w:fldChar; what stands behind `separate` is what it shows."""

    begin: Element
    instruction: str = ""
    separate: Element = None
    end: Element = None

    @property
    def name(self) -> str:
        """Its first word, such as "PAGE"."""
        words = self.instruction.split()
        return words[0].upper() if words else ""


def field_codes(root: Element) -> Iterator[FieldCode]:
    """The fields of a part that are whole, an inner one before the one around it."""
    opened: list[FieldCode] = []
    for element in root.iter(w("fldChar"), w("instrText")):
        kind = element.get(w("fldCharType"))
        if element.tag == w("instrText"):
            if opened and opened[-1].separate is None:
                opened[-1].instruction += element.text or ""
        elif kind == "begin":
            opened.append(FieldCode(element))
        elif kind == "separate" and opened:
            opened[-1].separate = element
        elif kind == "end" and opened:
            field = opened.pop()
            field.end = element
            yield field


def clear_results(root: Element) -> None:
    """Empty the table of contents, and what another field shows when it holds tags of the template.

    Word fills fields in when somebody opens the template: then they show {{ tags }} that nobody put there.
    """
    for field in list(field_codes(root)):
        if field.name == "TOC":
            clear_contents(field)
        elif field.separate is not None:
            _clear_tags(field)
    for simple in root.iter(w("fldSimple")):
        texts = list(simple.iter(w("t")))
        _blank_with_tags(texts)


def clear_contents(field: FieldCode) -> bool:
    """Take away what a table of contents shows, so that it stands in one paragraph. False when it cannot be done."""
    if field.separate is None:
        return False
    first, last = around(field.begin, "p"), around(field.end, "p")
    between = around(field.separate, "p")
    if first is None or first is not between or last is None or first.getparent() is not last.getparent():
        return False
    run = field.separate.getparent()
    if run.getparent() is not first:
        return False
    end = first.makeelement(w("r"))
    for following in list(run.itersiblings()):
        remove(following)
    while last is not first and first.getnext() is not last:
        remove(first.getnext())
    if last is not first:
        remove(last)
    end.append(end.makeelement(w("fldChar"), {w("fldCharType"): "end"}))
    run.addnext(end)
    field.end = end[0]
    return True


def _clear_tags(field: FieldCode) -> None:
    paragraph, shown, texts = around(field.begin, "p"), False, []
    for element in paragraph.iter(w("fldChar"), w("t")):
        if element is field.separate:
            shown = True
        elif element is field.end:
            break
        elif shown and element.tag == w("t"):
            texts.append(element)
    _blank_with_tags(texts)


def _blank_with_tags(texts: list[Element]) -> None:
    said = "".join(text.text or "" for text in texts)
    if any(opening in said for opening in OPENING):
        for text in texts:
            text.text = ""
