"""The XML of Word: its names, and reading and writing a part of it. Knows no Django."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from lxml import etree

Element: TypeAlias = Any  # lxml has no types

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def w(name: str) -> str:
    """The full name of an element or attribute of the text."""
    return f"{{{W}}}{name}"


def parse(data: bytes) -> Element:
    """The root of a part. Raises etree.XMLSyntaxError; takes no entities, nothing from outside, keeps no remarks."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    return etree.fromstring(data, parser)


def written(root: Element) -> bytes:
    """The bytes of a part."""
    return DECLARATION + bytes(etree.tostring(root, encoding="UTF-8"))


def around(element: Element, name: str) -> Element:
    """The nearest element of that name that `element` is in, or None."""
    return next(element.iterancestors(w(name)), None)


def own_texts(paragraph: Element) -> Iterator[Element]:
    """The w:t of a paragraph, without those of a text box in it."""
    for text in paragraph.iter(w("t")):
        if around(text, "p") is paragraph:
            yield text


def text_of(paragraph: Element) -> str:
    """What a paragraph says, without what a text box in it says."""
    return "".join(text.text or "" for text in own_texts(paragraph))


def remove(element: Element) -> None:
    """Take an element out; the text behind it stays."""
    parent = element.getparent()
    put_text_before(element, element.tail or "")
    parent.remove(element)


def put_text_before(element: Element, text: str) -> None:
    """Put loose text in front of an element."""
    previous = element.getprevious()
    if previous is not None:
        previous.tail = (previous.tail or "") + text
    else:
        parent = element.getparent()
        parent.text = (parent.text or "") + text
