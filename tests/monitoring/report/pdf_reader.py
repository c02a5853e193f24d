"""Reads a PDF back: its text in the order in which a screen reader speaks it, its tags, and what is no content."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf

_HEX = re.compile(r"<([0-9a-fA-F]+)>")
_UNSEEN = str.maketrans("", "", "\u00ad\u200b\u200d\u200e\u200f\u2060\ufeff \n\t\u00a0")


def squeezed(text: str) -> str:
    """`text` without what nobody sees: spaces, hyphens at the end of a line, and characters without a width."""
    return unicodedata.normalize("NFC", text.translate(_UNSEEN))


@dataclass
class Tag:
    """An element of the structure: its kind ("H1", "Figure"), its own text in order, its alternative text."""

    kind: str
    alt: str
    text: str
    inside: list[Tag] = field(default_factory=list)

    def every(self, *kinds: str) -> Iterator[Tag]:
        """This tag and those inside it, in order, of one of `kinds`."""
        if not kinds or self.kind in kinds:
            yield self
        for tag in self.inside:
            yield from tag.every(*kinds)


@dataclass
class Pdf:
    """`pages` is the content of each page, squeezed, and `artifacts` the text on it that is no content: running heads,
    page numbers, a watermark.

    `reach` tells of each page how far to the left, to the right and down its content comes, in points.
    """

    file: pikepdf.Pdf
    tags: Tag
    pages: list[str]
    artifacts: list[str]
    reach: list[tuple[float, float, float]]

    @property
    def text(self) -> str:
        """All content in reading order, squeezed."""
        return squeezed(self.tags.text)

    @property
    def bookmarks(self) -> list[tuple[int, str]]:
        """Level, from 1, and title of each bookmark."""
        found: list[tuple[int, str]] = []

        def walk(items: Any, level: int) -> None:
            for item in items:
                found.append((level, str(item.title)))
                walk(item.children, level + 1)

        with self.file.open_outline() as outline:
            walk(outline.root, 1)
        return found


def read_pdf(data: bytes) -> Pdf:
    file = pikepdf.open(io.BytesIO(data))
    contents: dict[tuple[Any, int], str] = {}
    pages, artifacts, reach = [], [], []
    for page in file.pages:
        read = _Page(page)
        contents |= {(page.obj.objgen, number): text for number, text in read.marked.items()}
        pages.append(squeezed("".join(read.marked.values())))
        artifacts.append(read.outside)
        reach.append((min(read.lefts, default=0), max(read.rights, default=0), min(read.lows, default=0)))
    root = file.Root.StructTreeRoot
    return Pdf(file, _tag(root, None, contents, dict(root.get("/RoleMap", {}))), pages, artifacts, reach)


def _tag(element: Any, page: Any, contents: dict[tuple[Any, int], str], roles: dict[str, Any]) -> Tag:
    kind = str(element.get("/S", "/Root"))
    page = element.get("/Pg", page)
    tag = Tag(str(roles.get(kind, kind)).lstrip("/"), str(element.get("/Alt", "")), "")
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, int):
            tag.text += contents[page.objgen, kid]
        elif kid.get("/Type") == "/MCR":
            tag.text += contents[kid.get("/Pg", page).objgen, int(kid.MCID)]
        elif kid.get("/Type") != "/OBJR":
            inner = _tag(kid, page, contents, roles)
            tag.inside.append(inner)
            # Every element is a line of its own.
            tag.text += f"{inner.text}\n"
    return tag


class _Page:
    """The text of a page by the number of its marked content, that outside any, and where the content lies."""

    def __init__(self, page: pikepdf.Page) -> None:
        resources = page.obj.Resources
        self.fonts = {name: _Font(font) for name, font in resources.get("/Font", {}).items()}
        self.marked: dict[int, str] = {}
        self.outside = ""
        self.lefts: list[float] = []
        self.rights: list[float] = []
        self.lows: list[float] = []
        # Each level: the number of the content (None: not content), and whether a text in its place was given.
        self.levels: list[tuple[int | None, bool]] = []
        self.properties = resources.get("/Properties", {})
        self.read(page)

    @property
    def number(self) -> int | None:
        return next((number for number, _ in reversed(self.levels) if number is not None), None)

    def say(self, text: str) -> None:
        if self.number is None:
            self.outside += text
        else:
            self.marked[self.number] = self.marked.get(self.number, "") + text

    def read(self, page: pikepdf.Page) -> None:
        matrix, kept, place = pikepdf.Matrix(), [], pikepdf.Matrix()
        font, size = _Font(None), 0.0
        for operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            if name == "q":
                kept.append(matrix)
            elif name == "Q":
                matrix = kept.pop()
            elif name == "cm":
                matrix = pikepdf.Matrix(*(float(value) for value in operands)) @ matrix
            elif name == "Tm":
                place = pikepdf.Matrix(*(float(value) for value in operands))
            elif name in ("BDC", "BMC"):
                self.begin(operands[1] if name == "BDC" else {})
            elif name == "EMC":
                self.levels.pop()
            elif name == "Tf":
                font, size = self.fonts[str(operands[0])], float(operands[1])
            elif name in ("Tj", "TJ"):
                self.show(operands[0] if name == "TJ" else [operands[0]], font, size, place @ matrix)

    def begin(self, properties: Any) -> None:
        if isinstance(properties, pikepdf.Name):
            properties = self.properties[properties]
        number = int(properties["/MCID"]) if "/MCID" in properties else None
        self.levels.append((number, "/ActualText" in properties))
        if number is not None:
            self.marked.setdefault(number, "")
        if "/ActualText" in properties:
            self.say(str(properties["/ActualText"]))

    def show(self, pieces: Any, font: _Font, size: float, matrix: pikepdf.Matrix) -> None:
        wide = 0.0
        text = ""
        for piece in pieces:
            if not isinstance(piece, pikepdf.String):
                wide -= float(piece)
                continue
            raw = bytes(piece)
            for code in (int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2)):
                wide += font.widths.get(code, font.usual_width)
                text += font.letters.get(code, "\ufffd")
        if not any(is_given for _, is_given in self.levels):
            self.say(text)
        if self.number is not None:
            self.lefts.append(matrix.e)
            self.lows.append(matrix.f)
            self.rights.append(matrix.e + matrix.a * wide * size / 1000)


class _Font:
    """The letters of the codes of a font with two bytes a code, and their widths in thousandths."""

    def __init__(self, font: Any) -> None:
        self.letters = _letters(font) if font is not None else {}
        self.widths: dict[int, float] = {}
        self.usual_width = 1000.0
        if font is not None:
            inner = font.DescendantFonts[0]
            self.usual_width = float(inner.get("/DW", 1000))
            given = list(inner.get("/W", []))
            while given:
                first, second = int(given.pop(0)), given.pop(0)
                if isinstance(second, pikepdf.Array):
                    self.widths |= {first + place: float(width) for place, width in enumerate(second)}
                else:
                    width = float(given.pop(0))
                    self.widths |= dict.fromkeys(range(first, int(second) + 1), width)


def _letters(font: Any) -> dict[int, str]:
    """The letters of the codes of a font with two bytes a code, from its ToUnicode map."""
    found: dict[int, str] = {}
    text = font.ToUnicode.read_bytes().decode("ascii")
    for block in re.findall(r"beginbfchar(.*?)endbfchar", text, re.S):
        codes = _HEX.findall(block)
        found |= {int(code, 16): _decoded(to) for code, to in zip(codes[::2], codes[1::2], strict=True)}
    for block in re.findall(r"beginbfrange(.*?)endbfrange", text, re.S):
        for first, last, to in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            start = int(to, 16)
            found |= {code: chr(start + code - int(first, 16)) for code in range(int(first, 16), int(last, 16) + 1)}
    return found


def _decoded(code: str) -> str:
    return bytes.fromhex(code).decode("utf-16-be")
