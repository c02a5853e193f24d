"""The tags of a template, {{ field }} and {% order %}: where they stand, what they say, and putting them in place.

The syntax is that of docxtpl: {%p ... %} stands for its whole paragraph, {%tr ... %} for its row of a table,
{%tc ... %} for its cell and {%r ... %} for its run of text. Knows no Django.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from monitoring.report.word.xml import Element, around, own_texts, put_text_before, remove, text_of, w

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_ORDER = re.compile(r"\{%(?P<whole>p|tr|tc|r)?\s+(?P<word>[a-z]+)\s*(?P<rest>.*?)\s*%\}", re.DOTALL)
_VALUE = re.compile(r"\{\{\s(?P<rest>.*?)\}\}|\{\{(?P<tight>[a-z(].*?)\}\}", re.DOTALL)
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
OPENING = ("{{", "{%", "{#")
# What Word makes of quotes and spaces while somebody types.
_TYPED = str.maketrans({"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "\u00a0": " ", "\u202f": " "})


class Wrong(StrEnum):
    """What can be wrong with a tag by itself."""

    NOT_CLOSED = "not_closed"
    NOT_A_FIELD = "not_a_field"
    NOT_AN_ORDER = "not_an_order"


@dataclass
class Tag:
    """A tag in the text. `word` is "" for a field, else the order: "for", "if", "elif", "else", "endif", "endfor".

    `whole` is the element that the tag stands for, "p", "tr", "tc" or "r", and "" when it stands in its line.
    `paragraph` counts from 1 in its part; `text` is the tag as it was typed, `rest` what it says.
    """

    text: str
    word: str
    rest: str
    whole: str
    paragraph: int
    element: Element  # the w:t that it stands in
    wrong: Wrong | None = None

    @property
    def line(self) -> str:
        """The text of its paragraph, to find it again."""
        return text_of(around(self.element, "p"))

    @property
    def removed(self) -> Element | None:
        """The element that goes with the tag, or None when it stands in its line."""
        return around(self.element, self.whole) if self.whole else None

    @property
    def place(self) -> Element | None:
        """What the tag stands in: a tag that opens and one that closes must stand in the same."""
        removed = self.removed
        if removed is not None:
            return removed.getparent()
        run = self.element.getparent()
        return run.getparent() if run.tag == w("r") else None


def gather(root: Element) -> Iterator[Tag]:
    """The tags of a part in their order, each brought together in the w:t in which it begins.

    Word spreads what somebody types over runs as it likes. Remarks {# #} are taken out.
    """
    for number, paragraph in enumerate(root.iter(w("p")), start=1):
        texts = list(own_texts(paragraph))
        if any("{" in (text.text or "") for text in texts):
            yield from _gathered(texts, number)


def _gathered(texts: list[Element], number: int) -> Iterator[Tag]:
    line = "".join(text.text or "" for text in texts)
    waiting = deque(_TAG.finditer(line))
    end = done = 0
    for text in texts:
        at, end = max(end, done), end + len(text.text or "")
        pieces, begun = [], []
        while at < end:
            match = waiting.popleft() if waiting and waiting[0].start() < end else None
            pieces.append(line[at : match.start() if match else end])
            at = end
            if match:
                at = done = match.end()
                if not match[0].startswith("{#"):
                    begun.append(match[0])
                    pieces.append(match[0])
        text.text = "".join(pieces)
        text.set(_SPACE, "preserve")
        yield from (_tag(typed, number, text) for typed in begun)
    rest = _TAG.sub("", line)
    if found := [place for place in map(rest.find, OPENING) if place >= 0]:
        yield Tag(rest[min(found) :][:40], "", "", "", number, texts[0], Wrong.NOT_CLOSED)


def _tag(text: str, number: int, element: Element) -> Tag:
    typed = text.translate(_TYPED)
    if value := _VALUE.fullmatch(typed):
        rest = value["rest"] if value["rest"] is not None else value["tight"]
        return Tag(text, "", rest.strip(), "", number, element)
    if order := _ORDER.fullmatch(typed):
        return Tag(text, order["word"], order["rest"], order["whole"] or "", number, element)
    wrong = Wrong.NOT_A_FIELD if typed.startswith("{{") else Wrong.NOT_AN_ORDER
    return Tag(text, "", "", "", number, element, wrong)


def put_in_place(tags: list[Tag], mark: str) -> None:
    """Put `mark` with its number in the place of each tag: in its line, or for the element that it stands for."""
    for number, tag in enumerate(tags):
        wanted = mark.format(number)
        removed = tag.removed
        if removed is None:
            tag.element.text = tag.element.text.replace(tag.text, wanted, 1)
            continue
        put_text_before(removed, wanted)
        remove(removed)
