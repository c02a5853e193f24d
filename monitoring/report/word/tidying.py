"""What Word demands of a text, mended after filling in: cells with a paragraph, numbers that differ. Knows no Django.

Loops leave rows without cells and cells without text behind, and repeat what must be there once; Word then says that
the file is damaged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count

from monitoring.report.word.xml import WP, Element, remove, w

_BLOCKS = (w("p"), w("tbl"), w("sdt"))


def tidy(root: Element) -> None:
    """Mend the tables and bookmarks of one part."""
    for row in list(root.iter(w("tr"))):
        if row.find(f".//{w('tc')}") is None:
            remove(row)
    for table in list(root.iter(w("tbl"))):
        if table.find(f".//{w('tr')}") is None:
            remove(table)
        else:
            _fit(table)
    for cell in root.iter(w("tc")):
        if not len(cell) or cell[-1].tag != w("p"):
            cell.append(cell.makeelement(w("p")))
    for content in root.iter(w("sdtContent"), w("txbxContent")):
        if not len(content):
            content.append(content.makeelement(w("p")))
    _number_bookmarks(root)


def _fit(table: Element) -> None:
    """Give every column its width: a loop over cells makes more, or fewer, than the template has."""
    grid = table.find(w("tblGrid"))
    rows = [_widths(row) for row in table.findall(w("tr"))]
    widest = max(rows, key=len)
    if grid is None or len(widest) == len(grid) or not widest or 0 in widest:
        return
    room = sum(int(column.get(w("w"), "0")) for column in grid)
    share = room / sum(widest)
    for column in list(grid):
        grid.remove(column)
    for width in widest:
        grid.append(grid.makeelement(w("gridCol"), {w("w"): str(int(width * share))}))
    for cell in table.iter(w("tcW")):
        cell.set(w("w"), str(int(int(cell.get(w("w"), "0")) * share)))


def _widths(row: Element) -> list[int]:
    """The widths of the cells of a row, 0 where it is not said in points or a cell spans columns."""
    found = []
    for cell in row.findall(w("tc")):
        width = cell.find(f"{w('tcPr')}/{w('tcW')}")
        is_plain = width is not None and width.get(w("type")) == "dxa" and (width.get(w("w")) or "").isdecimal()
        spans = cell.find(f"{w('tcPr')}/{w('gridSpan')}") is not None
        found.append(int(width.get(w("w"))) if is_plain and width is not None and not spans else 0)
    return found


def _number_bookmarks(root: Element) -> None:
    """Number the bookmarks anew; of those with one name, or one number, the first stays."""
    names: set[str] = set()
    numbers: dict[str, str] = {}
    ended: set[str] = set()
    for mark in list(root.iter(w("bookmarkStart"), w("bookmarkEnd"))):
        key = mark.get(w("id"), "")
        if mark.tag == w("bookmarkStart"):
            if mark.get(w("name")) in names or key in numbers:
                remove(mark)
                continue
            names.add(mark.get(w("name")))
            numbers[key] = str(len(numbers))
        elif key not in numbers or key in ended:
            remove(mark)
            continue
        else:
            ended.add(key)
        mark.set(w("id"), numbers[key])


def number_drawings(roots: Iterable[Element]) -> None:
    """Give every drawing of the whole file a number of its own."""
    numbers = count(1)
    for drawing in _drawings(roots):
        drawing.set("id", str(next(numbers)))


def _drawings(roots: Iterable[Element]) -> Iterator[Element]:
    for root in roots:
        yield from root.iter(f"{{{WP}}}docPr")
