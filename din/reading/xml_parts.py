"""Walk through an XML part of a packed workbook in one pass, in bounded memory."""

from collections.abc import Callable, Iterator
from xml.parsers import expat

from din.reading import refusal
from din.reading.archive import refuse_doctype_in
from din.reading.refusal import Refused

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

    Raises Refused when the part is not well-formed XML, or has a DOCTYPE.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = 65536
    refuse_doctype_in(parser)
    parser.StartElementHandler = start
    if end:
        parser.EndElementHandler = end
    if text:
        parser.CharacterDataHandler = text
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as damage:
        raise Refused(refusal.DAMAGED) from damage
