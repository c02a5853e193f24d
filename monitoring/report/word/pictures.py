"""Charts in the text of Word: where each stands, its alternative text, and its file. Knows no Django."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from xml.sax.saxutils import quoteattr

from monitoring.report.charts import Picture
from monitoring.report.word.package import Package
from monitoring.report.word.xml import PIC, WP, A, Element, R, w

# Draws the pictures as PNG, in the same order.
Draw = Callable[[Sequence[Picture]], Sequence[bytes]]

_POINT = 635  # a twentieth of a point, in which Word measures a page, in the units of a drawing
_PIXEL = 9_525
_FILES = "word/media/grafiek-"
_IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"


class Pictures:
    """The charts that a report shows, in the order in which they come by."""

    def __init__(self, package: Package, *, room: int) -> None:
        """For `package`; `room` is how wide a picture can be, in the units of a drawing."""
        self._package = package
        self._room = room
        # A report that was made earlier can be a template too.
        self._first = 1 + sum(name.startswith(_FILES) for name in package.parts)
        self._shown: list[Picture] = []

    def place(self, picture: Picture) -> str:
        """The XML that shows the picture, to stand in a run instead of a text."""
        if picture not in self._shown:
            self._shown.append(picture)
        number = self._first + self._shown.index(picture)
        scale = min(1, self._room / (picture.width * _PIXEL))
        width, height = (int(size * _PIXEL * scale) for size in (picture.width, picture.height))
        # The number of a drawing is given when all are there (tidying).
        named = f'id="{number}" name="Grafiek {number}" descr={quoteattr(picture.alt, _LINE_ENDS)}'
        return (
            f'<w:drawing><wp:inline xmlns:wp="{WP}" distT="0" distB="0" distL="0" distR="0">'
            f'<wp:extent cx="{width}" cy="{height}"/><wp:docPr {named}/>'
            f'<wp:cNvGraphicFramePr><a:graphicFrameLocks xmlns:a="{A}" noChangeAspect="1"/></wp:cNvGraphicFramePr>'
            f'<a:graphic xmlns:a="{A}"><a:graphicData uri="{PIC}"><pic:pic xmlns:pic="{PIC}">'
            f'<pic:nvPicPr><pic:cNvPr id="0" name="grafiek-{number}.png"/><pic:cNvPicPr/></pic:nvPicPr>'
            f'<pic:blipFill><a:blip xmlns:r="{R}" r:embed="{_key(number)}"/>'
            "<a:stretch><a:fillRect/></a:stretch></pic:blipFill>"
            f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
            "</wp:inline></w:drawing>"
        )

    def add_files(self, draw: Draw) -> None:
        """Put the files of the pictures into the package."""
        drawn = draw(self._shown) if self._shown else ()
        for number, png in enumerate(drawn, start=self._first):
            name = f"{_FILES}{number}.png"
            main = self._package.main
            self._package.add(main, name, png, kind=_IMAGE, content_type="image/png", key=_key(number))


_LINE_ENDS = {"\n": " ", "\t": " "}


def _key(number: int) -> str:
    return f"grafiek{number}"


def text_width(root: Element) -> int:
    """How wide the text is on the last pages, in the units of a drawing."""
    size, margins = (root.find(f".//{w('body')}/{w('sectPr')}/{w(name)}") for name in ("pgSz", "pgMar"))
    if size is None or margins is None:
        return 9_000 * _POINT
    points = int(size.get(w("w"), "0")) - int(margins.get(w("left"), "0")) - int(margins.get(w("right"), "0"))
    return max(points, 1_000) * _POINT
