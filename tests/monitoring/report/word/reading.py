"""A file of Word opened again with python-docx, and the rules that Word itself holds a file to."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import Any

from docx import Document
from lxml import etree

from monitoring.report.word.xml import WP, A, R, w

# In which order Word wants what stands in the properties of a paragraph, of the words and of a cell.
_ORDERS = {
    w("pPr"): "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs spacing ind "
    "contextualSpacing jc textDirection textAlignment outlineLvl rPr sectPr",
    w("rPr"): "rStyle rFonts b bCs i iCs color sz szCs lang",
    w("tcPr"): "tcW gridSpan vMerge tcBorders shd textDirection vAlign",
    w("tblPr"): "tblStyle tblW jc tblInd tblBorders tblLayout tblCellMar tblLook tblCaption tblDescription",
    w("sectPr"): "headerReference footerReference pgSz pgMar cols titlePg",
    w("style"): "name basedOn next uiPriority semiHidden unhideWhenUsed qFormat pPr rPr tblPr tblStylePr",
    w("settings"): "zoom defaultTabStop autoHyphenation hyphenationZone characterSpacingControl updateFields compat "
    "themeFontLang decimalSymbol listSeparator",
}


def opened(data: bytes) -> Any:
    """The file as python-docx reads it."""
    return Document(io.BytesIO(data))


def text_of(paragraph: Any) -> str:
    """What a paragraph says, as its reader sees it: a tab is a tab and a break a new line."""
    return str(paragraph.text)


def tables(document: Any) -> dict[str, list[list[str]]]:
    """What the cells of each table say, by the title of the table."""
    found = {}
    for table in document.tables:
        title = table._tbl.tblPr.find(w("tblCaption"))
        rows = [[cell.text for cell in row.cells] for row in table.rows]
        found.setdefault(title.get(w("val")) if title is not None else "", []).extend(rows)
    return found


def every_text(document: Any) -> str:
    """All that the file says: the text with its tables, headers and footers."""
    roots = [document.element.body]
    for section in document.sections:
        parts = (section.header, section.first_page_header, section.footer, section.first_page_footer)
        roots += [part._element for part in parts]
    return "\n".join(_said(paragraph) for root in roots for paragraph in root.iter(w("p")))


def _said(paragraph: Any) -> str:
    signs = {w("tab"): "\t", w("br"): "\n"}
    return "".join(
        element.text or "" if element.tag == w("t") else signs[element.tag]
        for element in paragraph.iter(w("t"), w("tab"), w("br"))
        if element.getparent().tag == w("r")
    )


def broken_rules(data: bytes) -> list[str]:
    """What Word would call damage, or mend without asking, in words."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    roots = {name: etree.fromstring(part) for name, part in parts.items() if name.endswith((".xml", ".rels"))}
    return [*_package_rules(parts, roots), *(rule for name in roots for rule in _text_rules(name, roots[name]))]


def _package_rules(parts: dict[str, bytes], roots: dict[str, Any]) -> Iterator[str]:
    types = roots["[Content_Types].xml"]
    named = [one.get("PartName") for one in types if one.get("PartName")]
    yield from (f"{name} has two types" for name, times in Counter(named).items() if times > 1)
    extensions = {one.get("Extension") for one in types if one.get("Extension")}
    for name in parts:
        if name != "[Content_Types].xml" and f"/{name}" not in named and name.rsplit(".", 1)[-1] not in extensions:
            yield f"{name} has no type"
    for name, root in roots.items():
        if not name.endswith(".rels"):
            continue
        keys = [one.get("Id") for one in root]
        yield from (f"{name}: {key} twice" for key, times in Counter(keys).items() if times > 1)
        source = name.replace("_rels/", "").removesuffix(".rels")
        if source in roots:
            used = {
                value for one in roots[source].iter() for key, value in one.attrib.items() if key.startswith(f"{{{R}}}")
            }
            yield from (f"{source} refers to {key}" for key in used - set(keys))
    drawings = [one.get("id") for root in roots.values() for one in root.iter(f"{{{WP}}}docPr")]
    yield from (f"drawing {number} twice" for number, times in Counter(drawings).items() if times > 1)


def _text_rules(name: str, root: Any) -> Iterator[str]:
    for cell in root.iter(w("tc")):
        if not len(cell) or cell[-1].tag != w("p"):
            yield f"{name}: a cell that does not end with a paragraph"
    for row in root.iter(w("tr")):
        if row.find(w("tc")) is None:
            yield f"{name}: a row without cells"
    for table in root.iter(w("tbl")):
        if table.find(w("tr")) is None:
            yield f"{name}: a table without rows"
        columns = len(table.find(w("tblGrid")))
        yield from (f"{name}: a row of {len(row.findall(w('tc')))} cells in {columns} columns"
                    for row in table.findall(w("tr")) if _spanned(row) != columns)  # fmt: skip
        following = table.getnext()
        if following is not None and following.tag == w("tbl"):
            yield f"{name}: two tables that touch"
    for text in root.iter(w("t")):
        if text.getparent().tag != w("r"):
            yield f"{name}: text outside a run"
        if text.text != (text.text or "").strip() and not text.get("{http://www.w3.org/XML/1998/namespace}space"):
            yield f"{name}: spaces that Word drops"
    for element in root.iter(w("p"), w("tr"), w("tc"), w("body"), w("tbl"), w("r")):
        if (element.text or "").strip() or any((child.tail or "").strip() for child in element):
            yield f"{name}: loose text in {element.tag}"
    yield from _numbers(name, root)
    yield from _order(name, root)
    for picture in root.iter(f"{{{WP}}}docPr"):
        if not picture.get("descr"):
            yield f"{name}: a picture without words"
    for part in root.iter(f"{{{A}}}blip"):
        if not part.get(f"{{{R}}}embed"):
            yield f"{name}: a picture from elsewhere"


def _spanned(row: Any) -> int:
    spans = (cell.find(f"{w('tcPr')}/{w('gridSpan')}") for cell in row.findall(w("tc")))
    return sum(1 if span is None else int(span.get(w("val"))) for span in spans)


def _numbers(name: str, root: Any) -> Iterator[str]:
    starts = [one.get(w("id")) for one in root.iter(w("bookmarkStart"))]
    names = [one.get(w("name")) for one in root.iter(w("bookmarkStart"))]
    if sorted(starts) != sorted(one.get(w("id")) for one in root.iter(w("bookmarkEnd"))):
        yield f"{name}: bookmarks that do not end"
    if len(set(starts)) != len(starts) or len(set(names)) != len(names):
        yield f"{name}: bookmarks that are the same"
    yield from (f"{name}: a link to nowhere" for one in root.iter(w("hyperlink"))
                if one.get(w("anchor")) and one.get(w("anchor")) not in names)  # fmt: skip
    kinds = Counter(one.get(w("fldCharType")) for one in root.iter(w("fldChar")))
    if len({kinds[kind] for kind in ("begin", "separate", "end")}) > 1:
        yield f"{name}: fields that do not end"


def _order(name: str, root: Any) -> Iterator[str]:
    for element in root.iter(*_ORDERS):
        wanted = [w(one) for one in _ORDERS[element.tag].split()]
        found = [child.tag for child in element]
        if set(found) - set(wanted):
            yield f"{name}: {set(found) - set(wanted)} in {element.tag}, whose place is not known here"
        elif [wanted.index(one) for one in found] != sorted(wanted.index(one) for one in found):
            yield f"{name}: the order in {element.tag}"
