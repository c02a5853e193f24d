"""Whether a file is a .docx that may serve as a template: nothing that runs, nothing from elsewhere. Knows no Django.

What may be in it is listed; everything else is refused. A template goes to everybody who downloads a report, so it
must not bring along what its maker did not mean to send.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

from lxml import etree

from din.reading import refusal
from din.reading.archive import DAMAGE, Archive
from din.reading.limits import MEGABYTE
from din.reading.refusal import Refused
from monitoring.report.word.field_codes import field_codes
from monitoring.report.word.meaning import Finding
from monitoring.report.word.package import Package, Relationship
from monitoring.report.word.tags import OPENING
from monitoring.report.word.xml import WP, Element, parse, w

PACKED_BYTES = 5 * MEGABYTE
UNPACKED_BYTES = 30 * MEGABYTE
_PARTS = 300

_FILE = "Bestand"
_SAVE = "Open het in Word, kies Opslaan als en kies Word-document (.docx)."
NO_DOCX = f"Dit bestand is geen Word-document (.docx). {_SAVE}"
TOO_LARGE = "Het bestand is te groot: een sjabloon mag hoogstens 5 MB zijn. Maak de afbeeldingen kleiner."
TOO_LARGE_UNPACKED = "Het bestand is te groot: uitgepakt mag een sjabloon hoogstens 30 MB zijn."
UNSAFE = (
    "Het bestand is onveilig: het is anders ingepakt dan Word het doet. Het is daarom niet geopend. Open het in Word "
    "en sla het opnieuw op."
)
DAMAGED = "Het bestand is beschadigd en kan niet gelezen worden. Open het in Word en sla het opnieuw op."
MACROS = f"Er kunnen macro's in dit bestand zitten. {_SAVE}"
TEMPLATE_FILE = f"Dit is een sjabloonbestand van Word (.dotx). {_SAVE}"
DOCTYPE = (
    "Het bestand is onveilig: er zit een DOCTYPE in een XML-onderdeel, en Word maakt die nooit. Het is daarom niet "
    "geopend."
)
# What the reader of workbooks says, said of a template.
_IN_WORD = {
    refusal.ENCRYPTED: "Het bestand is beveiligd met een wachtwoord. Haal het wachtwoord eraf en sla het opnieuw op.",
    refusal.DAMAGED: DAMAGED,
    refusal.DOCTYPE: DOCTYPE,
    refusal.TOO_LARGE_UNPACKED: TOO_LARGE_UNPACKED,
}

_MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_ODD_TYPES = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml": TEMPLATE_FILE,
    "application/vnd.ms-word.document.macroEnabled.main+xml": MACROS,
    "application/vnd.ms-word.template.macroEnabledTemplate.main+xml": MACROS,
}
# What a part may refer to, by the last word of the type of the relationship.
_KINDS = frozenset(
    {
        *("officeDocument", "core-properties", "extended-properties", "custom-properties", "thumbnail"),
        *("styles", "stylesWithEffects", "settings", "webSettings", "fontTable", "theme", "numbering"),
        *("header", "footer", "footnotes", "endnotes", "image", "hyperlink", "customXml", "customXmlProps"),
        *("people", "glossaryDocument"),
    }
)
_WHY_NOT = {
    "vbaProject": "een macro",
    "oleObject": "een ingesloten object",
    "package": "een ingesloten bestand",
    "control": "een besturingselement (ActiveX)",
    "attachedTemplate": "een koppeling met een ander sjabloon",
    "subDocument": "een subdocument",
    "aFChunk": "een ingevoegd bestand",
    "frame": "een kader met een andere pagina",
    "comments": "opmerkingen (verwijder ze bij Controleren)",
    "font": "ingesloten lettertypen (zet dat uit bij Bestand, Opties, Opslaan)",
    "chart": "een grafiek van Word (plak hem als afbeelding)",
    "extensibility": "een eigen lint (macro's)",
    "mailMergeSource": "een afdruk samenvoegen",
}
_ADDRESS = re.compile(r"(https?://|mailto:)", re.IGNORECASE)
_BAD_ELEMENTS = {
    w("altChunk"): "een ingevoegd bestand",
    w("object"): "een ingesloten object",
    w("control"): "een besturingselement (ActiveX)",
    w("subDoc"): "een subdocument",
    w("mailMerge"): "een afdruk samenvoegen",
    w("ins"): "bijgehouden wijzigingen (accepteer ze bij Controleren)",
    w("del"): "bijgehouden wijzigingen (accepteer ze bij Controleren)",
    w("moveFrom"): "bijgehouden wijzigingen (accepteer ze bij Controleren)",
    w("moveTo"): "bijgehouden wijzigingen (accepteer ze bij Controleren)",
    w("commentReference"): "opmerkingen (verwijder ze bij Controleren)",
    w("footnoteReference"): "een voetnoot",
    w("endnoteReference"): "een eindnoot",
}
# The fields of Word that only tell what is in the report itself, the same on every day.
_FIELDS = frozenset(
    {
        *("TOC", "PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "PAGEREF", "REF", "STYLEREF", "HYPERLINK", "SEQ"),
        *("TITLE", "SUBJECT", "AUTHOR", "DOCPROPERTY"),
    }
)
_DECORATIVE = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"


def check_package(data: bytes) -> list[Finding]:
    """What forbids the use of this file as a template, apart from its tags."""
    try:
        _check_zip(data)
        package = Package.read(data)
        _check_kind(package)
    except Refused as refused:
        return [Finding(_FILE, _IN_WORD.get(refused.message, refused.message))]
    except (*DAMAGE, etree.LxmlError):
        return [Finding(_FILE, DAMAGED)]
    try:
        return list(_findings(package))
    except (*DAMAGE, etree.LxmlError):
        return [Finding(_FILE, DAMAGED)]


def _check_zip(data: bytes) -> None:
    if len(data) > PACKED_BYTES:
        raise Refused(TOO_LARGE)
    if not data.startswith(b"PK"):
        raise Refused(NO_DOCX)
    try:
        Archive(data)
    except Refused as refused:
        raise Refused(_IN_WORD.get(refused.message, UNSAFE)) from refused
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
    names = [entry.filename.lower() for entry in entries]
    # Of two parts with one name, programs read different ones.
    if len(set(names)) < len(names) or len(names) > _PARTS:
        raise Refused(UNSAFE)
    if any("\\" in name or name.startswith("/") or ".." in name.split("/") for name in names):
        raise Refused(UNSAFE)
    if sum(entry.file_size for entry in entries) > UNPACKED_BYTES:
        raise Refused(TOO_LARGE_UNPACKED)


def _check_kind(package: Package) -> None:
    try:
        found = package.content_type(package.main)
    except KeyError:
        raise Refused(NO_DOCX) from None
    if found != _MAIN_TYPE:
        raise Refused(_ODD_TYPES.get(found, NO_DOCX))


def _findings(package: Package) -> Iterator[Finding]:
    for name in package.parts:
        if name.endswith(".rels"):
            yield from _relationship_findings(package, name)
    labels = {package.main: "Tekst", **dict.fromkeys(package.related("header"), "Koptekst")}
    labels |= dict.fromkeys(package.related("footer"), "Voettekst")
    labels |= dict.fromkeys(package.related("settings"), "Instellingen")
    notes = [name for kind in ("footnotes", "endnotes") for name in package.related(kind)]
    labels |= dict.fromkeys(notes, "Noten")
    for name, label in labels.items():
        root = parse(package.parts[name])
        yield from _element_findings(root, label)
        yield from _field_findings(root, label)
        if name in notes and any(opening in etree.tostring(root, encoding="unicode") for opening in OPENING):
            yield Finding(label, "Velden kunnen in de tekst en in kop- en voetteksten staan, niet in een noot.")


def _relationship_findings(package: Package, name: str) -> Iterator[Finding]:
    folder, _, own = name.rpartition("_rels/")
    for one in package.relationships(folder + own.removesuffix(".rels")):
        if one.kind not in _KINDS:
            what = _WHY_NOT.get(one.kind, f"een onderdeel dat niet in een sjabloon hoort ({one.kind[:40]})")
            yield Finding(_FILE, f"Er zit {what} in. Haal dat weg.")
        elif one.is_external and not _may_be_external(one):
            yield Finding(
                _FILE, f"Het sjabloon verwijst naar iets buiten het bestand: {one.target[:80]}. Haal dat weg."
            )
        elif not one.is_external and one.target not in package.parts:
            yield Finding(_FILE, DAMAGED)


def _may_be_external(one: Relationship) -> bool:
    """A link that somebody clicks on; nothing that Word gets by itself."""
    return one.kind == "hyperlink" and _ADDRESS.match(one.target) is not None


def _element_findings(root: Element, label: str) -> Iterator[Finding]:
    for what in dict.fromkeys(_BAD_ELEMENTS[one.tag] for one in root.iter(*_BAD_ELEMENTS)):
        yield Finding(label, f"Er staat {what} in. Haal dat weg.")
    for one in root.iter():
        if any(etree.QName(name).localname in ("src", "href") for name in one.attrib):
            yield Finding(label, "Een afbeelding of vorm verwijst naar iets buiten het bestand. Haal dat weg.")
    for picture in root.iter(f"{{{WP}}}docPr"):
        if not (picture.get("descr") or "").strip() and not _is_decoration(picture):
            name = picture.get("name") or "zonder naam"
            yield Finding(
                label,
                f"De afbeelding “{name[:60]}” heeft geen alternatieve tekst. Klik er met rechts op, kies Alternatieve "
                "tekst en beschrijf haar, of kies Markeren als decoratief.",
            )


def _is_decoration(picture: Element) -> bool:
    return any(one.get("val") in ("1", "true") for one in picture.iter(_DECORATIVE))


def _field_findings(root: Element, label: str) -> Iterator[Finding]:
    whole = list(field_codes(root))
    codes = [(field.name, field.instruction) for field in whole]
    for simple in root.iter(w("fldSimple")):
        instruction = simple.get(w("instr")) or ""
        codes.append((instruction.split()[0].upper() if instruction.split() else "", instruction))
    starts = sum(one.get(w("fldCharType")) == "begin" for one in root.iter(w("fldChar")))
    if starts != len(whole) or any(field.separate is None and field.name == "TOC" for field in whole):
        yield Finding(label, "Een veld van Word is niet heel. Verwijder het en voeg het opnieuw in.")
    for name, instruction in dict.fromkeys(codes):
        if name not in _FIELDS or (name == "HYPERLINK" and not _links_safely(instruction)):
            yield Finding(
                label,
                f"Het veld {name[:40] or 'zonder naam'} van Word kan niet in een sjabloon: het haalt iets van elders, "
                "of toont elke dag iets anders. Haal het weg.",
            )


def _links_safely(instruction: str) -> bool:
    target = instruction.split(maxsplit=1)[1].lstrip('" ') if len(instruction.split()) > 1 else ""
    return target.startswith("\\l") or _ADDRESS.match(target) is not None
