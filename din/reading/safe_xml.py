"""Parse XML that comes from outside: no DOCTYPE, and no tag that takes for ever to read."""

from collections.abc import Iterable
from xml.parsers import expat

from din.reading import limits, refusal
from din.reading.refusal import Refused


def new_parser() -> expat.XMLParserType:
    """Return a parser that raises Refused at a DOCTYPE (contract, Rejected: "an XML part with a DOCTYPE")."""

    def doctype(*_: object) -> None:
        raise Refused(refusal.DOCTYPE)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    return parser


def parse(parser: expat.XMLParserType, chunks: Iterable[bytes]) -> None:
    """Give the parser all chunks but not the end.

    Raises Refused at a tag or remark longer than any program writes: with each chunk the parser would begin it anew.
    """
    given = 0
    for chunk in chunks:
        parser.Parse(chunk, False)
        given += len(chunk)
        if given - parser.CurrentByteIndex > limits.TAG_BYTES:
            raise Refused(refusal.UNREASONABLE_XML)
