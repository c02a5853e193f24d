"""A .docx as its parts by name: reading them, finding those that hold text, and writing them again. Knows no Django."""

from __future__ import annotations

import datetime
import io
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from monitoring.report.formats.archive import archive_of
from monitoring.report.word.xml import CONTENT_TYPES, RELATIONSHIPS, parse, written

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_TYPES = "[Content_Types].xml"


@dataclass(frozen=True)
class Relationship:
    """From `source`, the name of a part ("" for the package), to `target`: a part, or an address when `is_external`."""

    source: str
    key: str
    type: str
    target: str
    is_external: bool

    @property
    def kind(self) -> str:
        """The last word of its type, such as "header"."""
        return self.type.rsplit("/", 1)[-1]


class Package:
    """The parts of a .docx by name, without a slash before it."""

    def __init__(self, parts: dict[str, bytes]) -> None:
        self.parts = parts

    @classmethod
    def read(cls, data: bytes) -> Package:
        """Read a .docx that was checked before. Raises zipfile.BadZipFile, KeyError and etree.XMLSyntaxError."""
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return cls({entry.filename: archive.read(entry) for entry in archive.infolist() if not entry.is_dir()})

    def relationships(self, source: str = "") -> Iterator[Relationship]:
        """Where a part, or the package, refers to."""
        name = _relationships_of(source)
        if name not in self.parts:
            return
        for one in parse(self.parts[name]).iter(f"{{{RELATIONSHIPS}}}Relationship"):
            is_external, target = one.get("TargetMode") == "External", one.get("Target", "")
            if not is_external:
                target = posixpath.normpath(posixpath.join("/", posixpath.dirname(source), target)).lstrip("/")
            yield Relationship(source, one.get("Id", ""), one.get("Type", ""), target, is_external)

    @property
    def main(self) -> str:
        """The name of the part with the text. Raises KeyError when there is none."""
        for one in self.relationships():
            if one.kind == "officeDocument" and one.target in self.parts:
                return one.target
        raise KeyError("officeDocument")

    def related(self, kind: str) -> list[str]:
        """The parts of one kind that the text refers to, each once."""
        found = (one.target for one in self.relationships(self.main) if one.kind == kind and not one.is_external)
        return [name for name in dict.fromkeys(found) if name in self.parts]

    def content_type(self, name: str) -> str:
        """What kind of part it is, as the package says it; empty when it does not."""
        root = parse(self.parts[_TYPES])
        for one in root.iter(f"{{{CONTENT_TYPES}}}Override"):
            if one.get("PartName", "").lstrip("/").lower() == name.lower():
                return str(one.get("ContentType", ""))
        extension = name.rsplit(".", 1)[-1].lower()
        for one in root.iter(f"{{{CONTENT_TYPES}}}Default"):
            if one.get("Extension", "").lower() == extension:
                return str(one.get("ContentType", ""))
        return ""

    def add(self, source: str, name: str, data: bytes, *, kind: str, content_type: str, key: str) -> None:
        """Add a part that `source` refers to by `key`. `kind` is a type of relationship in full."""
        self.parts[name] = data
        types = parse(self.parts[_TYPES])
        attributes = {"PartName": f"/{name}", "ContentType": content_type}
        types.append(types.makeelement(f"{{{CONTENT_TYPES}}}Override", attributes))
        self.parts[_TYPES] = written(types)
        relationships = _relationships_of(source)
        root = parse(self.parts.get(relationships, f'<Relationships xmlns="{RELATIONSHIPS}"/>'.encode()))
        attributes = {"Id": key, "Type": kind, "Target": f"/{name}"}
        root.append(root.makeelement(f"{{{RELATIONSHIPS}}}Relationship", attributes))
        self.parts[relationships] = written(root)

    def write(self, *, day: datetime.date) -> bytes:
        """The .docx, the same bytes for the same parts and the same day."""
        # Word wants the content types first; the other parts in a fixed order.
        names = sorted(self.parts, key=lambda name: (name != _TYPES, name))
        return archive_of([(name, self.parts[name], zipfile.ZIP_DEFLATED) for name in names], day=day)


def _relationships_of(source: str) -> str:
    folder, name = posixpath.split(source)
    return posixpath.join(folder, "_rels", f"{name}.rels")
