"""Files that may not serve as a template: macros, things from elsewhere, bombs, and files that are none."""

from __future__ import annotations

import io
import random
import zipfile

import pytest
from docx import Document

from din.reading.limits import MEGABYTE
from monitoring.report.word import package_check
from monitoring.report.word.checking import check_template
from monitoring.report.word.xml import A, W, parse
from tests.monitoring.report.word.templates import (
    MAIN,
    RELATIONS,
    changed,
    packed,
    paragraph,
    parts,
    related,
    with_body,
    with_parts,
)

pytestmark = pytest.mark.pure

MAIN_TYPE = "wordprocessingml.document.main+xml"
OFFICE = "application/vnd.openxmlformats-officedocument."


def field(instruction: str) -> str:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    code = f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
    return f"<w:p>{mark.format('begin')}{code}{mark.format('separate')}{mark.format('end')}</w:p>"


def picture(name: str, inside: str = "", *, words: str = "") -> str:
    return (
        '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/'
        f'wordprocessingDrawing"><wp:docPr id="1" name="{name}" descr="{words}">{inside}</wp:docPr></wp:inline>'
        "</w:drawing></w:r></w:p>"
    )


def typed(kind: str) -> bytes:
    return changed("[Content_Types].xml", f"{OFFICE}{MAIN_TYPE}", kind)


def bomb() -> bytes:
    content = parts()
    return packed({**content, "word/media/x.bin": b"\0" * (40 * MEGABYTE)})


def large() -> bytes:
    """More than a template may be when it is unpacked, though no bomb: it is packed to a tenth."""
    chance = random.Random(1)
    return packed({**parts(), "word/media/x.bin": b"".join(chance.randbytes(400) + bytes(3_600) for _ in range(8_000))})


def noted(text: str) -> bytes:
    """A template with footnotes that say `text`, as XML."""
    note = f"<w:footnote w:id='1'><w:p><w:r>{text}</w:r></w:p></w:footnote>"
    notes = f'<w:footnotes xmlns:w="{W}">{note}</w:footnotes>'
    one = '<Relationship Id="noten" Type="http://x/footnotes" Target="footnotes.xml"/></Relationships>'
    relations = parts()[RELATIONS].decode().replace("</Relationships>", one)
    return packed({**parts(), RELATIONS: relations.encode(), "word/footnotes.xml": notes.encode()})


def twice(name: str) -> bytes:
    file = io.BytesIO(packed(parts()))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(file, "a") as archive:
        archive.writestr(name, b"<x/>")
    return file.getvalue()


def encrypted() -> bytes:
    data = bytearray(packed(parts()))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.find(mark)
        data[start + place] |= 1
    return bytes(data)


XXE = '<!DOCTYPE w:document [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:document'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;">]><w:document'

REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", package_check.NO_DOCX),
    "a text": (b"hallo", package_check.NO_DOCX),
    "a PDF": (b"%PDF-1.7", package_check.NO_DOCX),
    "an old Word file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, package_check.NO_DOCX),
    "half a file": (packed(parts())[:4_000], package_check.DAMAGED),
    "a spreadsheet": (packed({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}), package_check.NO_DOCX),
    "a zip without anything": (packed({"x": b""}), package_check.NO_DOCX),
    "too large": (b"PK" + b"\0" * (6 * MEGABYTE), package_check.TOO_LARGE),
    "a bomb": (bomb(), package_check.UNSAFE),
    "encrypted": (encrypted(), "wachtwoord"),
    "two parts with one name": (twice(MAIN), package_check.UNSAFE),
    "two parts that differ in capitals": (packed({**parts(), "word/DOCUMENT.xml": b"<x/>"}), package_check.UNSAFE),
    "a path out": (packed({**parts(), "../../etc/passwd": b"x"}), package_check.UNSAFE),
    "a path of Windows": (packed({**parts(), "word\\x.xml": b"x"}), package_check.UNSAFE),
    "too large unpacked": (large(), package_check.TOO_LARGE_UNPACKED),
    "a path from the root": (packed({**parts(), "/etc/passwd": b"x"}), package_check.UNSAFE),
    "thousands of parts": (packed(parts() | {f"x{n}": b"" for n in range(400)}), package_check.UNSAFE),
    "an entity from a file": (changed(MAIN, "<w:document", XXE), package_check.DOCTYPE),
    "a billion laughs": (changed(MAIN, "<w:document", LAUGHS), package_check.DOCTYPE),
    "an entity in a header": (
        changed("word/header1.xml", "<w:hdr", XXE.replace("w:document", "w:hdr")), package_check.DOCTYPE
    ),
    "broken XML": (changed(MAIN, "<w:body>", "<w:body><w:p>"), package_check.DAMAGED),
    "a .dotx": (typed(f"{OFFICE}wordprocessingml.template.main+xml"), package_check.TEMPLATE_FILE),
    "a .docm": (typed("application/vnd.ms-word.document.macroEnabled.main+xml"), package_check.MACROS),
    "a .dotm": (typed("application/vnd.ms-word.template.macroEnabledTemplate.main+xml"), package_check.MACROS),
    "another kind of document": (typed(f"{OFFICE}spreadsheetml.sheet.main+xml"), package_check.NO_DOCX),
    "a macro": (related("vbaProject", "vbaProject.bin"), "een macro"),
    "an OLE object": (related("oleObject", "embeddings/oleObject1.bin"), "een ingesloten object"),
    "an OLE object elsewhere": (related("oleObject", "file://server/x.doc", external=True), "een ingesloten object"),
    "a workbook inside": (related("package", "embeddings/x.xlsx"), "een ingesloten bestand"),
    "ActiveX": (related("control", "activeX/activeX1.xml"), "ActiveX"),
    "a template elsewhere": (related("attachedTemplate", "https://x.example/x.dotm", external=True), "ander sjabloon"),
    "a page that is taken in": (related("aFChunk", "x.html"), "een ingevoegd bestand"),
    "a frame": (related("frame", "https://kwaad.example/", external=True), "een kader"),
    "a subdocument": (related("subDocument", "x.docx", external=True), "een subdocument"),
    "a font": (related("font", "fonts/font1.odttf"), "lettertypen"),
    "something unheard of": (related("kwaad", "x.xml"), "kwaad"),
    "a picture elsewhere": (related("image", "https://kwaad.example/volg.png", external=True), "buiten het bestand"),
    "a picture on the network": (related("image", "file://server/x.png", external=True), "buiten het bestand"),
    "a link to a file": (related("hyperlink", "file:///c:/x.exe", external=True), "buiten het bestand"),
    "a link that runs": (related("hyperlink", "javascript:alert(1)", external=True), "buiten het bestand"),
    "a reference to nothing": (related("image", "media/weg.png"), package_check.DAMAGED),
    "a ribbon": (changed("_rels/.rels", "</Relationships>",
        '<Relationship Id="x" Type="http://x/ui/extensibility" Target="customUI.xml"/></Relationships>'), "lint"),
    "a template of the settings": (with_parts(word___rels__settings_dot_xml_dot_rels=
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="x" '
        b'Type="http://x/attachedTemplate" Target="http://kwaad.example/x.dotm" TargetMode="External"/>'
        b"</Relationships>"), "ander sjabloon"),
    "mail merge": (changed("word/settings.xml", "<w:compat>", "<w:mailMerge/><w:compat>"), "afdruk samenvoegen"),
    "a chunk": (with_body('<w:altChunk r:id="x"/>'), "een ingevoegd bestand"),
    "tracked changes": (with_body(f"<w:p><w:ins>{paragraph('x')[5:-6]}</w:ins></w:p>"), "bijgehouden wijzigingen"),
    "deleted text": (with_body(f"<w:p><w:del>{paragraph('x')[5:-6]}</w:del></w:p>"), "bijgehouden wijzigingen"),
    "text moved away": (with_body(f"<w:p><w:moveFrom>{paragraph('x')[5:-6]}</w:moveFrom></w:p>"), "bijgehouden"),
    "text moved here": (with_body(f"<w:p><w:moveTo>{paragraph('x')[5:-6]}</w:moveTo></w:p>"), "bijgehouden"),
    "an object in the text": (with_body("<w:p><w:r><w:object/></w:r></w:p>"), "een ingesloten object"),
    "a control in the text": (with_body("<w:p><w:r><w:control/></w:r></w:p>"), "ActiveX"),
    "a subdocument in the text": (with_body('<w:subDoc r:id="x"/>'), "een subdocument"),
    "an endnote": (with_body('<w:p><w:r><w:endnoteReference w:id="1"/></w:r></w:p>'), "een eindnoot"),
    "a remark": (with_body('<w:p><w:r><w:commentReference w:id="1"/></w:r></w:p>'), "opmerkingen"),
    "a footnote": (with_body('<w:p><w:r><w:footnoteReference w:id="1"/></w:r></w:p>'), "een voetnoot"),
    "a picture by its address": (with_body('<w:p><w:r><w:pict><v:imagedata xmlns:v="urn:schemas-microsoft-com:vml" '
        'src="https://kwaad.example/x.png"/></w:pict></w:r></w:p>'), "buiten het bestand"),
    "a shape with an address": (with_body('<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml" '
        'href="file:///c:/x.exe"/></w:pict></w:r></w:p>'), "buiten het bestand"),
    "a picture without words": (with_body(picture("Logo")), "alternatieve tekst"),
    "DDE": (with_body(field(' DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc.exe" ')), "Het veld DDEAUTO"),
    "DDE in a header": (changed("word/header1.xml", "</w:hdr>", f"{field(' DDE x ')}</w:hdr>"), "Het veld DDE"),
    "DDE in a footer": (changed("word/footer2.xml", "</w:ftr>", f"{field(' DDE x ')}</w:ftr>"), "Het veld DDE"),
    "a file taken in by a note": (noted("<w:fldSimple w:instr='INCLUDETEXT x'/>"), "INCLUDETEXT"),
    "a field in a note": (noted("<w:t>{{ titel }}</w:t>"), "niet in een noot"),
    "a file taken in": (with_body(field(' INCLUDETEXT "/etc/passwd" ')), "Het veld INCLUDETEXT"),
    "a picture taken in": (with_body(field(' INCLUDEPICTURE "http://kwaad.example/x.png" \\d ')), "INCLUDEPICTURE"),
    "a code in pieces": (with_body(field(' DDE</w:instrText></w:r><w:r><w:instrText>AUTO x ')), "Het veld DDEAUTO"),
    "a code in numbers": (with_body(field(" QUOTE 68 68 69 ")), "Het veld QUOTE"),
    "a code in an attribute": (with_body('<w:p><w:fldSimple w:instr=" INCLUDETEXT x "/></w:p>'), "INCLUDETEXT"),
    "a button": (with_body(field(" MACROBUTTON AutoOpen Klik ")), "Het veld MACROBUTTON"),
    "a link to a file by a code": (with_body(field(' HYPERLINK "file:///c:/x.exe" ')), "Het veld HYPERLINK"),
    "today": (with_body(field(" DATE ")), "Het veld DATE"),
    "half a table of contents": (with_body('<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> TOC '
        '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'), "niet heel"),
    "half a code": (with_body('<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r></w:p>'), "niet heel"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_and_says_why(name: str) -> None:
    data, why = REFUSED[name]
    findings = check_template(data)
    assert [finding for finding in findings if why in finding.message], findings
    assert all(finding.where and finding.message[0].isupper() for finding in findings)


def test_an_entity_is_not_filled_in() -> None:
    """A file with one is refused before; this is what would read it."""
    assert parse(b'<!DOCTYPE x [<!ENTITY e "haha">]><x>&e;</x>').text is None


TAKEN = {
    "a link to a page": related("hyperlink", "https://www.voorbeeld.nl/", external=True),
    "a link to an address for mail": related("hyperlink", "mailto:programma@voorbeeld.nl", external=True),
    "the number of the page": with_body(field(" PAGE ")),
    "a link within": with_body(field(' HYPERLINK \\l "x" ')),
    "a picture with words": with_body(picture("Logo", words="Logo van de gemeente")),
    "a picture that decorates": with_body(picture("Logo", (
        f'<a:extLst xmlns:a="{A}"><a:ext uri="x"><adec:decorative xmlns:adec='
        '"http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/></a:ext></a:extLst>'
    ))),
}  # fmt: skip


@pytest.mark.parametrize("name", TAKEN)
def test_what_harms_nobody_is_taken(name: str) -> None:
    assert check_template(TAKEN[name]) == []


def test_a_file_that_python_docx_wrote_is_taken_but_for_its_header() -> None:
    file = io.BytesIO()
    document = Document()
    document.add_paragraph("{{ titel }}")
    document.save(file)
    assert [finding.where for finding in check_template(file.getvalue())] == ["Kop- en voettekst van gewone pagina's"]
    document.sections[0].header.paragraphs[0].text = "{{ concept }}"
    document.save(file)
    assert check_template(file.getvalue()) == []
