"""Walk through an XML part of a packed workbook in one pass, in bounded memory."""

from collections.abc import Callable, Iterator
from xml.parsers import expat

from din.reading import limits, refusal
from din.reading.refusal import Refused
from din.reading.safe_xml import new_parser, parse

Attributes = dict[str, str]


def local(name: str) -> str:
    """Return an XML name without its prefix."""
    return name.rpartition(":")[2]


def attribute(attributes: Attributes, name: str) -> str | None:
    """Return an attribute by its name, whatever its prefix."""
    found = attributes.get(name)
    if found is None:
        found = next((value for key, value in attributes.items() if key.endswith(":" + name)), None)
    return found


def walk(
    chunks: Iterator[bytes],
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Call `start`, `end` and `text` for what an XML part holds, names as written.

    Raises Refused when the part is not well-formed XML, has a DOCTYPE, or has tags longer or deeper in each other than
    any program writes.
    """
    depth = 0

    def opened(name: str, attributes: Attributes) -> None:
        nonlocal depth
        depth += 1
        if depth > limits.TAG_DEPTH:
            raise Refused(refusal.UNREASONABLE_XML)
        start(name, attributes)

    def closed(name: str) -> None:
        nonlocal depth
        depth -= 1
        if end:
            end(name)

    parser = new_parser()
    parser.buffer_text = True
    parser.buffer_size = 65536
    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    if text:
        parser.CharacterDataHandler = text
    try:
        parse(parser, chunks)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as damage:
        raise Refused(refusal.DAMAGED) from damage
