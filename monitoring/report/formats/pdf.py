"""The report as PDF, by typst: PDF/UA-1 and PDF/A-2a at once. Knows no Django.

Runs in a child process (rendering.py). Text goes in as data and never becomes markup: `#read("…")` in the text of a
goal is shown and not run.
"""

from __future__ import annotations

import datetime
import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import typst

from monitoring.report.charts import Picture, indicator_picture, standing_picture
from monitoring.report.formats.typesetting import compiler
from monitoring.report.frozen import ReportSource, thaw
from monitoring.report.looks import LOOKS, icon_svg
from monitoring.report.printed import Printed, PrintedIndicator
from monitoring.report.printing import print_report
from monitoring.report.wording import Heading

if TYPE_CHECKING:
    from monitoring.report.rendering_child import Question

_TEMPLATE = Path(__file__).with_name("report.typ")
# Both at once: accessible (PDF/UA), and readable for as long as an archive keeps it (PDF/A).
_STANDARDS: list[Any] = ["ua-1", "a-2a"]
# A letter as text in each weight that the template uses, and in a chart.
_LETTER = b"""#set document(title: "x")
#let letter = sys.inputs.letter
#for weight in (400, 600, 700) { text(font: "Source Sans Pro", weight: weight, letter) }
#let chart = "<svg xmlns='http://www.w3.org/2000/svg' width='20' height='20' font-family='Source Sans Pro'>"
#image(bytes(chart + "<text y='9'>" + letter + "</text></svg>"), format: "svg", alt: "x")
"""
# The fonts have these: Latin, Greek and Cyrillic letters, and the usual punctuation.
_SURELY_DRAWN = frozenset(
    map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x3B1, 0x3CA), *range(0x410, 0x450), 0x20AC))
) | set("\n‘’“”–—…•")
# They turn round the order in which the letters after them are drawn: "exe.pdf" would read "fdp.exe".
_TURNING = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
# Nobody sees them, and fonts stumble over some of them.
_WITHOUT_WIDTH = dict.fromkeys((*range(0x200B, 0x2010), *range(0x2060, 0x2065), 0xFEFF))
# Each letter that is looked up takes a millisecond. What comes after these is taken for unknown.
_MOST_LOOKED_UP = 2_000
# In letters: a line at the head of every page, and the properties of the file.
_HEAD = 70
_SHORT = 90


def answer(question: Question) -> bytes:
    """The task of the child: the PDF of the report in `question`."""
    return render_pdf(question.source)


def render_pdf(source: ReportSource) -> bytes:
    """The PDF of a report: the same bytes for the same content, whenever and wherever it is made."""
    document = thaw(_drawable(source.text))
    return _compiled(print_report(document, sha256=source.sha256))


def _compiled(printed: Printed) -> bytes:
    made = compiler().compile(
        input=_TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs={"report": json.dumps(_data(printed), default=_part)},
        pdf_standards=_STANDARDS,
    )
    return with_plain_stream_ends(cast(bytes, made))


def with_plain_stream_ends(pdf: bytes) -> bytes:
    """`pdf` with another line end behind each stream that itself ends with a carriage return.

    PDF/A wants to know where a stream ends (ISO 19005-2, 6.1.7.1), and a carriage return before the line feed that
    typst writes reads as part of the line end: the stream would be a byte shorter than it says.
    """
    return pdf.replace(b"\r\nendstream\nendobj", b"\r\rendstream\nendobj")


def _drawable(text: str) -> str:
    """`text` with each letter that no font has by its number, such as [U+1F600].

    A reader sees that something stood there; a PDF for the archive may not show a blank for it.
    """
    if _SURELY_DRAWN.issuperset(text):
        return text
    text = unicodedata.normalize("NFC", text).translate(_WITHOUT_WIDTH)
    rare = sorted({letter for letter in _letters(text) if not _SURELY_DRAWN.issuperset(letter)})
    unknown = [letter for letter in rare[:_MOST_LOOKED_UP] if not _is_drawn(letter)]
    characters = set("".join(unknown + rare[_MOST_LOOKED_UP:])) - _SURELY_DRAWN
    return text.translate({ord(character): f"[U+{ord(character):04X}]" for character in characters})


def _letters(text: str) -> Iterator[str]:
    """The letters of `text`, each with the marks on it: a font may have both and yet not together."""
    letter = ""
    for character in text:
        if letter and (character in _SURELY_DRAWN or not unicodedata.category(character).startswith("M")):
            yield letter
            letter = ""
        letter += character
    yield letter


def _is_drawn(letter: str) -> bool:
    if not _TURNING.isdisjoint(letter):
        return False
    try:
        compiler().compile(input=_LETTER, format="pdf", sys_inputs={"letter": letter}, pdf_standards=_STANDARDS)
    except typst.TypstError:
        return False
    return True


def _data(printed: Printed) -> dict[str, Any]:
    """What the template takes: the report as it is printed, with its pictures, icons and colours."""
    day = datetime.date.fromisoformat(printed.day)
    return vars(printed) | {
        "date": [day.year, day.month, day.day],
        "headings": {heading.name: heading.value for heading in Heading},
        "icons": {standing: icon_svg(standing) for standing in LOOKS},
        "inks": {standing: look.ink for standing, look in LOOKS.items()},
        "edges": {standing: look.dark for standing, look in LOOKS.items()},
        "standing_picture": _picture(standing_picture(printed.bars)) if printed.bars else None,
        "goal_keys": [goal.key for theme in printed.themes for goal in theme.goals],
        # The themes are the contents of a DIN; of speerpunten each opgave is sought.
        "contents_depth": 2 if printed.is_about_opgaven else 1,
        "head_title": _short(printed.title, _HEAD),
        "short_title": _short(printed.title, _SHORT),
        "short_programme": _short(printed.programme, _SHORT),
    }


def _short(text: str, most: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def _part(part: object) -> dict[str, Any]:
    """A part of the report for JSON; an indicator has its chart as a picture."""
    if isinstance(part, PrintedIndicator):
        return vars(part) | {"chart": None, "picture": _picture(indicator_picture(part.chart)) if part.chart else None}
    return vars(part)


def _picture(picture: Picture) -> dict[str, str]:
    return {"svg": picture.svg, "alt": picture.alt}
