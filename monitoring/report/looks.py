"""How each standing looks in a report: its colours, its hatching and its icon. Knows no Django.

A colour never speaks alone: each standing has a pattern and a shape of its own besides its word. They are those of the
site (icons.svg and _patterns.html).
"""

from __future__ import annotations

from dataclasses import dataclass

INK = "#14262e"
MUTED = "#4a5d66"
LINE = "#d5dee2"
PAPER = "#ffffff"
LINK = "#0b5c8a"


@dataclass(frozen=True)
class Look:
    """`fill` and `dark` are the colours of a plane and of what is drawn in it, `ink` that of the word and the icon.

    `hatching` is a path in a tile of 8 by 8 that is turned by `turn` degrees, drawn `weight` wide; `icon` is the inside
    of an SVG of 16 by 16 in currentColor.
    """

    fill: str
    dark: str
    ink: str
    hatching: str
    turn: int
    weight: float
    icon: str

    @property
    def is_light(self) -> bool:
        """Whether dark letters are read on it."""
        return self.fill in _LIGHT


_LIGHT = ("#e4eaed", PAPER)
_CIRCLE = '<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="2"/>'

# In the order of Update.Status, behind it what has no status.
LOOKS: dict[str, Look] = {
    "not_started": Look("#e4eaed", "#b9c6cc", "#3b4b53", "M3 4h2", 0, 2, _CIRCLE),
    "on_track": Look(
        "#1a7f4b", "#12593a", "#0f5a34", "", 0, 0, '<path fill="currentColor" d="M3 1.5 14.5 8 3 14.5z"/>'
    ),
    "delayed": Look(
        "#9a5b00",
        "#6f4100",
        "#704200",
        "M0 0v8",
        45,
        5,
        f'{_CIRCLE}<path fill="none" stroke="currentColor" stroke-linecap="round" stroke-width="2" '
        'd="M8 4.800V8l2.3 1.7"/>',
    ),
    "at_risk": Look(
        "#b42318",
        "#7d1710",
        "#8c1a11",
        "M0 4h8M4 0v8",
        45,
        1.6,
        '<path fill="currentColor" fill-rule="evenodd" d="M8 .8 15.7 15H.3zM7 6v4.5h2V6zm0 5.600v1.900h2v-1.900z"/>',
    ),
    "achieved": Look(
        "#0b4a58",
        "#062f38",
        "#0b4a58",
        "M0 6h8",
        0,
        2,
        '<path fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round" stroke-width="2.8" '
        'd="m2 8.7 4 4L14 3.6"/>',
    ),
    "not_achieved": Look(
        "#7d1710",
        "#4d0d08",
        "#8c1a11",
        "M2 0v8M6 0v8",
        0,
        2,
        '<path fill="none" stroke="currentColor" stroke-linecap="round" stroke-width="2.8" d="m3 3 10 10M13 3 3 13"/>',
    ),
    "dropped": Look(
        "#5d6f78",
        "#3f4d54",
        "#3b4b53",
        "M0 0v8",
        -45,
        3,
        f'{_CIRCLE}<path fill="none" stroke="currentColor" stroke-linecap="round" stroke-width="2" d="M5 8h6"/>',
    ),
    "awaited": Look(
        PAPER,
        "#b9c6cc",
        "#3b4b53",
        "",
        0,
        0,
        '<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="2.6 2.1"/>',
    ),
    "not_delivered": Look(
        PAPER,
        "#b9c6cc",
        "#3b4b53",
        "M4 0v8",
        45,
        1.5,
        '<path fill="none" stroke="currentColor" stroke-linejoin="round" stroke-width="2" '
        'd="M2 9v4.5h12V9h-3l-1 2H6L5 9z"/><path fill="none" stroke="currentColor" stroke-linecap="round" '
        'stroke-width="2" d="m5.5 2 5 5m0-5-5 5"/>',
    ),
}
UNKNOWN = LOOKS["awaited"]


def look_of(standing: str) -> Look:
    """The look of a standing; of one that is not known that of "no progress yet"."""
    return LOOKS.get(standing, UNKNOWN)


def icon_svg(standing: str) -> str:
    """The icon of a standing as a picture of its own, in the colour of its word."""
    look = look_of(standing)
    inside = look.icon.replace("currentColor", look.ink)
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16">{inside}</svg>'
