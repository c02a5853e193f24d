"""Templates to try: the standard one with its text or a part of it changed, packed as Word does, or as nobody does."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

from monitoring.report.word.standard_template import standard_template

MAIN = "word/document.xml"
RELATIONS = "word/_rels/document.xml.rels"


def parts() -> dict[str, bytes]:
    """The parts of the standard template by name."""
    with zipfile.ZipFile(io.BytesIO(standard_template())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(content: Mapping[str, bytes]) -> bytes:
    """A .docx of these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return file.getvalue()


def changed(name: str, old: str, new: str) -> bytes:
    """The standard template with something else in one part."""
    content = parts()
    text = content[name].decode()
    assert old in text
    return packed({**content, name: text.replace(old, new, 1).encode()})


def with_parts(**more: bytes) -> bytes:
    """The standard template with other parts; a "__" in a name is a slash, and "_dot_" a dot."""
    return packed(parts() | {name.replace("__", "/").replace("_dot_", "."): data for name, data in more.items()})


def with_body(xml: str) -> bytes:
    """The standard template with another text, as XML."""
    content = parts()
    before, rest = content[MAIN].decode().split("<w:body>")
    section = rest[rest.rindex("<w:sectPr>") :]
    return packed({**content, MAIN: f"{before}<w:body>{xml}{section}".encode()})


def with_text(*paragraphs: str) -> bytes:
    """The standard template with other paragraphs. A ¦ parts the runs of one, as Word does while somebody types."""
    return with_body("".join(paragraph(*text.split("¦")) for text in paragraphs))


def paragraph(*runs: str) -> str:
    inside = "".join(f'<w:r><w:t xml:space="preserve">{escape(run)}</w:t></w:r>' for run in runs)
    return f"<w:p>{inside}</w:p>"


def related(kind: str, target: str, *, external: bool = False) -> bytes:
    """The standard template with one more relationship of its text."""
    mode = ' TargetMode="External"' if external else ""
    one = f'<Relationship Id="extra" Type="http://x/relationships/{kind}" Target="{target}"{mode}/></Relationships>'
    return changed(RELATIONS, "</Relationships>", one)
