"""The charts of a report as SVG: for PDF and screen as they are, for Word as a picture made from them. Knows no Django.

Attributes only, no styles (strict CSP), well-formed XML. The measures are pixels of a picture WIDTH wide; everything
can be read in black and white, by hatching, the shape of a sign, and words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, takewhile
from xml.etree import ElementTree as Xml

from monitoring.indicator_chart import PLOT_WIDTH, Chart
from monitoring.report.looks import INK, LINE, LINK, LOOKS, MUTED, PAPER, look_of
from monitoring.report.printed import StandingBar

WIDTH = 680
FONTS = "'Source Sans Pro', 'Source Sans 3 Variable', 'Source Sans 3', sans-serif"
# A reader that speaks the text of a picture gets no further than this; the table beside it has everything.
LONGEST_ALT = 4_000
_LETTER = 13
# The width of a letter as a part of its height, taken wide: text is never measured here.
_NARROW, _WIDE, _WIDEST = 0.58, 0.68, 0.9
_BAR, _BAR_GAP, _TITLE_HEIGHT = 22, 14, 20
# A number fits in this; a smaller part of a bar is drawn this wide, the others give way.
_NARROWEST = 22
_TOTAL_WIDTH = 40
_LEGEND_LINE, _SWATCH, _LEGEND_GAP = 24, 16, 22
_SIGN_WORDS = {
    "measured": "gemeten",
    "partial": "jaar dat nog niet compleet is",
    "target": "streefwaarde",
    "baseline": "nulmeting",
}
_LINE_WORDS = "streeflijn"


@dataclass(frozen=True)
class Picture:
    """A chart: the SVG, the same in words, and its size in pixels."""

    svg: str
    alt: str
    width: int
    height: int


def standing_picture(bars: Sequence[StandingBar], *, key: str = "stand") -> Picture:
    """A bar for each of `bars`, all on one scale, with the number of each standing, the total and a legend.

    `key` begins the ids within the picture: two pictures on one page need two keys.
    """
    most = max((_total(bar) for bar in bars), default=0)
    found = {standing: label for bar in bars for standing, label, _ in bar.parts}
    order = {standing: place for place, standing in enumerate(LOOKS)}
    legend = sorted(found.items(), key=lambda one: order.get(one[0], len(order)))
    row = _TITLE_HEIGHT + _BAR + _BAR_GAP
    places = _legend_places([label for _, label in legend])
    height = len(bars) * row + _legend_height(places)
    root = _root(height)
    _patterns(root, found, key)
    for index, bar in enumerate(bars):
        _bar(root, bar, index * row, most, key)
    for (standing, label), (x, line) in zip(legend, places, strict=True):
        y = len(bars) * row + line * _LEGEND_LINE + 4
        _plane(root, standing, x, y, _SWATCH, _SWATCH, key)
        _text(root, label, x + _SWATCH + 6, y + 13)
    return Picture(_written(root), _short(_standing_words(bars), LONGEST_ALT), WIDTH, height)


def indicator_picture(chart: Chart) -> Picture:
    """The chart of an indicator: the axes, the measured line, the line of the targets, their signs and a legend."""
    legend: list[str] = [*chart.shapes, *(["line"] if chart.target_line else [])]
    places = _legend_places([_SIGN_WORDS.get(shape, _LINE_WORDS) for shape in legend])
    axis = chart.day_line + 20
    height = axis + 10 + _legend_height(places)
    root = _root(height)
    left, right = _across(chart.size.left), _across(chart.size.right)
    for tick in chart.value_ticks:
        _line(root, left, tick.at, right, tick.at)
        _text(root, _fitting(tick.label, left - 10), left - 10, tick.at + 4, anchor="end", colour=MUTED)
    for tick in chart.day_ticks:
        _line(root, _across(tick.at), chart.size.bottom, _across(tick.at), chart.day_line)
        _middle_text(root, tick.label, _across(tick.at), axis, colour=MUTED)
    if chart.band:
        Xml.SubElement(root, "polygon", {"points": _in_plot(chart, chart.band), "fill": "#dcf2e5"})
    for path in (chart.target_line, chart.upper_line):
        _polyline(root, chart, path, MUTED, 2, dashes="6 4")
    _polyline(root, chart, chart.line, LINK, 2.5)
    for mark in chart.marks:
        _sign(root, mark.shape, _across(mark.x), mark.y)
    for mark in chart.marks:
        if mark.text:
            text = _fitting(mark.text, WIDTH / 2)
            write = _text if mark.text_x else _middle_text
            write(root, text, _across(mark.x) + mark.text_x, mark.y + mark.text_y, weight="700", around=PAPER)
    for shape, (x, line) in zip(legend, places, strict=True):
        y = axis + 10 + line * _LEGEND_LINE + 4
        if shape == "line":
            _line(root, x, y + 8, x + _SWATCH + 2, y + 8, colour=MUTED, width=2, dashes="6 4")
        else:
            _sign(root, shape, x + 8, y + 8)
        _text(root, _SIGN_WORDS.get(shape, _LINE_WORDS), x + _SWATCH + 6, y + 13)
    return Picture(_written(root), _short(chart.summary, LONGEST_ALT), WIDTH, height)


def _standing_words(bars: Iterable[StandingBar]) -> str:
    told = [
        f"{bar.title}: {', '.join(f'{count} {label.lower()}' for _, label, count in bar.parts)}, samen {_total(bar)}"
        for bar in bars
    ]
    return f"Staafdiagram van hoe het per onderdeel ervoor staat. {'; '.join(told)}."


def _total(bar: StandingBar) -> int:
    return sum(count for _, _, count in bar.parts)


def _bar(root: Xml.Element, bar: StandingBar, top: float, most: int, key: str) -> None:
    _text(root, _fitting(bar.title, WIDTH), 0, top + 14, weight="600")
    x, y = 0.0, top + _TITLE_HEIGHT
    for (standing, _, count), width in zip(bar.parts, _widths(bar, most), strict=True):
        _plane(root, standing, x, y, width, _BAR, key)
        look = look_of(standing)
        colour, around = (INK, PAPER) if look.is_light else (PAPER, look.dark)
        _text(root, str(count), x + width / 2, y + 16, anchor="middle", colour=colour, weight="700", around=around)
        x += width
    _text(root, str(_total(bar)), x + 8, y + 16, colour=MUTED)


def _widths(bar: StandingBar, most: int) -> list[float]:
    """How wide each part is drawn: by its number, but wide enough for that number."""
    whole = (WIDTH - _TOTAL_WIDTH) * _total(bar) / most if most else 0
    rough = [max(_NARROWEST, whole * count / _total(bar)) for _, _, count in bar.parts]
    shrink = min(1.0, (WIDTH - _TOTAL_WIDTH) / sum(rough)) if rough else 1.0
    return [width * shrink for width in rough]


def _root(height: int) -> Xml.Element:
    return Xml.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {WIDTH} {height}",
            "width": str(WIDTH),
            "height": str(height),
            "font-family": FONTS,
            "font-size": str(_LETTER),
        },
    )


def _written(root: Xml.Element) -> str:
    return Xml.tostring(root, encoding="unicode")


def _patterns(root: Xml.Element, standings: Iterable[str], key: str) -> None:
    """The hatchings that occur, each once."""
    definitions = Xml.SubElement(root, "defs")
    for standing in standings:
        look = look_of(standing)
        if look.hatching:
            pattern = Xml.SubElement(
                definitions,
                "pattern",
                {
                    "id": f"{key}-{standing}",
                    "width": "8",
                    "height": "8",
                    "patternUnits": "userSpaceOnUse",
                    "patternTransform": f"rotate({look.turn})",
                },
            )
            drawn = {"d": look.hatching, "fill": "none", "stroke": look.dark, "stroke-width": _amount(look.weight)}
            Xml.SubElement(pattern, "path", drawn)


def _plane(root: Xml.Element, standing: str, x: float, y: float, width: float, height: float, key: str) -> None:
    """A plane in the colour of a standing, and its hatching over it: tiles of two colours would show their seams."""
    look = look_of(standing)
    place = {
        "x": _amount(x + 0.75),
        "y": _amount(y + 0.75),
        "width": _amount(max(0, width - 1.5)),
        "height": _amount(height - 1.5),
    }
    Xml.SubElement(root, "rect", place | {"fill": look.fill, "stroke": "#7d8f98" if look.is_light else look.dark})
    if look.hatching:
        Xml.SubElement(root, "rect", place | {"fill": f"url(#{key}-{standing})"})


def _text(
    root: Xml.Element,
    text: str,
    x: float,
    y: float,
    *,
    anchor: str = "start",
    colour: str = INK,
    weight: str = "400",
    around: str = "",
) -> None:
    """A line of text; `around` is the colour of an edge that keeps it apart from what lies below."""
    place = {"x": _amount(x), "y": _amount(y), "text-anchor": anchor, "font-weight": weight}
    if around:
        place |= {"paint-order": "stroke", "stroke": around, "stroke-width": "4", "stroke-linejoin": "round"}
    Xml.SubElement(root, "text", place | {"fill": colour}).text = text


def _middle_text(root: Xml.Element, text: str, x: float, y: float, **look: str) -> None:
    """A line of text around `x`, pushed inward when it would leave the picture."""
    half = _width(text) / 2
    _text(root, text, min(max(x, half), WIDTH - half), y, anchor="middle", **look)


def _line(
    root: Xml.Element,
    x1: float,
    y1: float,
    x2: float,
    y2: float,
    *,
    colour: str = LINE,
    width: float = 1,
    dashes: str = "",
) -> None:
    drawn = {name: _amount(value) for name, value in (("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2))}
    drawn |= {"stroke": colour, "stroke-width": _amount(width)}
    Xml.SubElement(root, "line", drawn | ({"stroke-dasharray": dashes} if dashes else {}))


def _polyline(root: Xml.Element, chart: Chart, points: str, colour: str, width: float, *, dashes: str = "") -> None:
    if points:
        drawn = {"points": _in_plot(chart, points), "fill": "none", "stroke": colour, "stroke-width": _amount(width)}
        Xml.SubElement(root, "polyline", drawn | ({"stroke-dasharray": dashes} if dashes else {}))


def _sign(root: Xml.Element, shape: str, x: float, y: float) -> None:
    place = {"transform": f"translate({_amount(x)} {_amount(y)})"}
    if shape == "target":
        edge = {"fill": PAPER, "stroke": INK, "stroke-width": "2"}
        Xml.SubElement(root, "path", place | edge | {"d": "M0-7 7 0 0 7-7 0z"})
    elif shape == "baseline":
        Xml.SubElement(root, "path", place | {"fill": MUTED, "d": "M-5.5-5.5h11v11h-11z"})
    elif shape == "partial":
        Xml.SubElement(root, "circle", place | {"r": "5", "fill": PAPER, "stroke": LINK, "stroke-width": "2"})
    else:
        Xml.SubElement(root, "circle", place | {"r": "5.5", "fill": LINK})


def _across(percents: float) -> float:
    return WIDTH * percents / 100


def _in_plot(chart: Chart, points: str) -> str:
    """Points of the plot that is stretched, in pixels of the picture."""
    left, wide = _across(chart.size.left), _across(chart.plot_width) / PLOT_WIDTH
    pairs = (pair.split(",") for pair in points.split())
    return " ".join(f"{_amount(left + float(x) * wide)},{_amount(chart.size.top + float(y))}" for x, y in pairs)


def _legend_places(words: Sequence[str]) -> list[tuple[float, int]]:
    """Where each sign of a legend stands: how far from the left, and on which line."""
    places: list[tuple[float, int]] = []
    x, line = 0.0, 0
    for word in words:
        wide = _SWATCH + 6 + _width(word)
        if x and x + wide > WIDTH:
            x, line = 0.0, line + 1
        places.append((x, line))
        x += wide + _LEGEND_GAP
    return places


def _legend_height(places: Sequence[tuple[float, int]]) -> int:
    return (places[-1][1] + 1) * _LEGEND_LINE if places else 0


def _width(text: str) -> float:
    return sum(_letter_width(letter) for letter in text)


def _letter_width(letter: str) -> float:
    if letter in "MWmw%@—…" or letter > "\u0500":
        return _LETTER * _WIDEST
    return _LETTER * (_WIDE if letter.isupper() else _NARROW)


def _fitting(text: str, width: float) -> str:
    """The line that `text` is, cut when it is wider than `width`."""
    line = " ".join(text.split())
    if _width(line) <= width:
        return line
    ends = accumulate(map(_letter_width, line), initial=_LETTER * _WIDEST)
    return f"{line[: sum(1 for _ in takewhile(lambda end: end <= width, ends)) - 1].rstrip()}…"


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _amount(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
