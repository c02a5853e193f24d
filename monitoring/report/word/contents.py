"""The table of contents of a filled report: its entries, as Word itself writes them. Knows no Django.

Word numbers the pages when the report is opened; until then the entries are there without numbers, and a program that
does not fill in fields shows them too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from monitoring.report.word.field_codes import FieldCode, clear_contents, field_codes
from monitoring.report.word.xml import Element, around, text_of, w

_LEVELS = re.compile(r'\\o\s+"(\d)-(\d)"')
_LONGEST_ENTRY = 200


def _levels_of(styles: Element, name: str) -> Iterator[tuple[str, int]]:
    """The key and the level, from 1, of every style that Word calls `name` with its level."""
    for style in styles.iter(w("style")):
        called = style.find(w("name"))
        match = re.fullmatch(f"{name} ([1-9])", (called.get(w("val")) or "").lower()) if called is not None else None
        if match:
            yield style.get(w("styleId")), int(match[1])


def fill_contents(root: Element, styles: Element) -> bool:
    """Write the entries of every table of contents in the text. False when the text has none."""
    tables = [field for field in field_codes(root) if field.name == "TOC" and clear_contents(field)]
    if not tables:
        return False
    headings = _headings(root, dict(_levels_of(styles, "heading")))
    entries = {level: key for key, level in _levels_of(styles, "toc")}
    for field in tables:
        levels = _LEVELS.search(field.instruction)
        least, most = (int(levels[1]), int(levels[2])) if levels else (1, 3)
        shown = [one for one in headings if least <= one[0] <= most]
        if shown:
            _fill(field, shown, entries)
    return True


def _headings(root: Element, levels: Mapping[str, int]) -> list[tuple[int, str, str]]:
    """The headings in their order: level, text, and the name of the bookmark that is put around each."""
    found: list[tuple[int, str, str]] = []
    for paragraph in root.iter(w("p")):
        style = paragraph.find(f"{w('pPr')}/{w('pStyle')}")
        level = levels.get(style.get(w("val"))) if style is not None else None
        text = " ".join(text_of(paragraph).split()) if level else ""
        if level and text:
            name = f"_Toc{len(found) + 1:08}"
            _mark(paragraph, name)
            found.append((level, text[:_LONGEST_ENTRY], name))
    return found


def _mark(paragraph: Element, name: str) -> None:
    """A bookmark around what a paragraph says. Its number is given with all others (tidying)."""
    start = paragraph.makeelement(w("bookmarkStart"), {w("id"): name, w("name"): name})
    paragraph.insert(1 if paragraph.find(w("pPr")) is not None else 0, start)
    paragraph.append(paragraph.makeelement(w("bookmarkEnd"), {w("id"): name}))


def _fill(field: FieldCode, headings: Iterable[tuple[int, str, str]], styles: Mapping[int, str]) -> None:
    paragraph, end = around(field.begin, "p"), around(field.end, "r")
    paragraph.remove(end)
    for number, (level, text, name) in enumerate(headings):
        if number:
            following = paragraph.makeelement(w("p"))
            paragraph.addnext(following)
            paragraph = following
        _set_style(paragraph, styles.get(level))
        paragraph.append(_entry(paragraph, text, name))
    paragraph.append(end)


def _set_style(paragraph: Element, style: str | None) -> None:
    properties = paragraph.find(w("pPr"))
    if properties is None:
        properties = paragraph.makeelement(w("pPr"))
        paragraph.insert(0, properties)
    for former in properties.findall(w("pStyle")):
        properties.remove(former)
    if style:
        properties.insert(0, properties.makeelement(w("pStyle"), {w("val"): style}))


def _entry(paragraph: Element, text: str, name: str) -> Element:
    link = paragraph.makeelement(w("hyperlink"), {w("anchor"): name, w("history"): "1"})
    link.append(_run(link, "t", text))
    link.append(_run(link, "tab"))
    for kind in ("begin", "instr", "separate", "shown", "end"):
        if kind == "instr":
            link.append(_run(link, "instrText", f" PAGEREF {name} \\h "))
        elif kind == "shown":
            link.append(_run(link, "t", ""))
        else:
            run = _run(link, "fldChar")
            run[0].set(w("fldCharType"), kind)
            link.append(run)
    return link


def _run(parent: Element, name: str, text: str | None = None) -> Element:
    run = parent.makeelement(w("r"))
    child = run.makeelement(w(name))
    if text is not None:
        child.text = text
        child.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.append(child)
    return run
