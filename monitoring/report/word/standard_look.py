"""How the standard template looks: its styles, lists, fonts and settings, as the parts of a .docx. Knows no Django.

The keys are those of a Dutch Word and the names those that every Word knows, so that Kop 1 is Kop 1. Colours and
letters are those of the site; Calibri stands in where Source Sans is not there.
"""

from __future__ import annotations

from monitoring.report.word.xml import DECLARATION, W

GREEN, DARK, INK, MUTED, LINE, PALE = "0B6B3A", "0D3B2A", "14262E", "4A5D66", "D5DEE2", "E9F4EE"
RED = "8C1A11"
_FONT = "Source Sans 3"
_TONES = {"groen": "0F5A34", "oranje": "704200", "rood": RED, "grijs": "3B4B53"}
# The style of a standing, by its colour.
TONE_STYLES = {tone: f"Stand{tone}" for tone in _TONES}


def _paragraph(
    key: str, name: str, *, based_on: str = "Standaard", following: str = "", look: str = "", run: str = ""
) -> str:
    based = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    following = f'<w:next w:val="{following}"/>' if following else ""
    is_own = "" if name[0].islower() or name in _BUILT_IN else ' w:customStyle="1"'
    default = "" if based_on else ' w:default="1"'
    look = f"<w:pPr>{look}</w:pPr>" if look else ""
    run = f"<w:rPr>{run}</w:rPr>" if run else ""
    return (
        f'<w:style w:type="paragraph"{default}{is_own} w:styleId="{key}"><w:name w:val="{name}"/>{based}{following}'
        f"<w:qFormat/>{look}{run}</w:style>"
    )


_BUILT_IN = ("Normal", "Title", "Subtitle", "TOC Heading", "List Bullet")


def _letters(size: int, colour: str = INK, *, bold: bool = False) -> str:
    """`size` in half points."""
    weight = "<w:b/><w:bCs/>" if bold else ""
    return f'{weight}<w:color w:val="{colour}"/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'


def _room(before: int, after: int, line: int = 276) -> str:
    """Above and below, in twentieths of a point; `line` in 240ths of a line."""
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="{line}" w:lineRule="auto"/>'


def _heading(level: int, size: int, before: int, after: int, more: str = "") -> str:
    colour = DARK if level < 3 else GREEN
    look = f'<w:keepNext/><w:keepLines/>{more}{_room(before, after, 252)}<w:outlineLvl w:val="{level - 1}"/>'
    run = _letters(size, colour, bold=True)
    return _paragraph(f"Kop{level}", f"heading {level}", following="Standaard", look=look, run=run)


def _entry(level: int, indent: int, run: str = "") -> str:
    look = (
        '<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="9298"/></w:tabs>'
        f'{_room(60 if level == 1 else 0, 40)}<w:ind w:left="{indent}" w:right="567"/>'
    )
    return _paragraph(f"Inhopg{level}", f"toc {level}", following="Standaard", look=look, run=run)


def _border(side: str, size: int, colour: str, space: int = 0) -> str:
    return f'<w:{side} w:val="single" w:sz="{size}" w:space="{space}" w:color="{colour}"/>'


def _tables() -> str:
    cells = (
        '<w:tblCellMar><w:top w:w="57" w:type="dxa"/><w:left w:w="85" w:type="dxa"/>'
        '<w:bottom w:w="57" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar>'
    )
    grid = "".join(_border(side, 4, "auto") for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    own = _border("top", 8, DARK) + _border("bottom", 8, DARK) + _border("insideH", 4, LINE)
    return (
        '<w:style w:type="table" w:default="1" w:styleId="Standaardtabel"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
        '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
        '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        '<w:style w:type="table" w:styleId="Tabelraster"><w:name w:val="Table Grid"/>'
        '<w:basedOn w:val="Standaardtabel"/><w:tblPr>'
        f"<w:tblBorders>{grid}</w:tblBorders></w:tblPr></w:style>"
        '<w:style w:type="table" w:customStyle="1" w:styleId="Rapporttabel"><w:name w:val="Rapporttabel"/>'
        '<w:basedOn w:val="Standaardtabel"/><w:qFormat/><w:tblPr>'
        f"<w:tblBorders>{own}</w:tblBorders>{cells}</w:tblPr>"
        '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:bCs/><w:color w:val="FFFFFF"/></w:rPr><w:tcPr>'
        f'<w:shd w:val="clear" w:color="auto" w:fill="{DARK}"/></w:tcPr></w:tblStylePr>'
        '<w:tblStylePr w:type="firstCol"><w:rPr><w:b/><w:bCs/></w:rPr></w:tblStylePr></w:style>'
    )


def _characters() -> str:
    def style(key: str, name: str, run: str, own: str = ' w:customStyle="1"') -> str:
        return (
            f'<w:style w:type="character"{own} w:styleId="{key}"><w:name w:val="{name}"/>'
            f'<w:basedOn w:val="Standaardalinea-lettertype"/><w:qFormat/><w:rPr>{run}</w:rPr></w:style>'
        )

    tones = "".join(
        style(TONE_STYLES[tone], f"Stand {tone}", f'<w:b/><w:bCs/><w:color w:val="{colour}"/>')
        for tone, colour in _TONES.items()
    )
    return (
        '<w:style w:type="character" w:default="1" w:styleId="Standaardalinea-lettertype">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/><w:unhideWhenUsed/></w:style>'
        + style("Zwaar", "Strong", "<w:b/><w:bCs/>", "")
        + style("Concept", "Concept", f'<w:b/><w:bCs/><w:color w:val="{RED}"/>')
        + tones
    )


def styles() -> bytes:
    """The part with the styles."""
    fonts = f'<w:rFonts w:ascii="{_FONT}" w:hAnsi="{_FONT}" w:eastAsia="{_FONT}" w:cs="Arial"/>'
    look = "".join(
        (
            _paragraph("Standaard", "Normal", based_on="", look=_room(0, 120)),
            _paragraph("Titel", "Title", following="Ondertitel", run=_letters(64, DARK, bold=True),
                       look=f'<w:pBdr>{_border("bottom", 36, GREEN, 12)}</w:pBdr>{_room(0, 240, 240)}'),
            _paragraph("Ondertitel", "Subtitle", look=_room(0, 80), run=_letters(28, MUTED)),
            _paragraph("Programma", "Programma", following="Titel", look=_room(3400, 120),
                       run=_letters(28, GREEN, bold=True)),
            _heading(1, 36, 480, 160),
            _heading(2, 26, 320, 80),
            _heading(3, 23, 240, 60),
            _heading(4, 22, 200, 40),
            _paragraph("Kopvaninhoudsopgave", "TOC Heading", following="Standaard",
                       look=f"<w:keepNext/>{_room(0, 200)}", run=_letters(36, DARK, bold=True)),
            _entry(1, 0, "<w:b/><w:bCs/>"),
            _entry(2, 227),
            _entry(3, 454),
            _paragraph("Lijstopsomteken", "List Bullet",
                       look='<w:numPr><w:numId w:val="1"/></w:numPr>'
                            f'{_room(0, 60)}<w:ind w:left="340" w:hanging="340"/><w:contextualSpacing/>'),
            _paragraph("Bijschrift", "caption", following="Standaard", look=f"<w:keepNext/>{_room(200, 80)}",
                       run=_letters(20, MUTED, bold=True)),
            _paragraph("Lead", "Lead", look=_room(0, 200), run=_letters(26, DARK)),
            _paragraph("Feiten", "Feiten", look=f"<w:keepNext/>{_room(0, 80)}", run=_letters(20, MUTED)),
            _paragraph("Tussenkop", "Tussenkop", following="Standaard", look=f"<w:keepNext/>{_room(120, 20)}",
                       run=_letters(22, DARK, bold=True)),
            _paragraph("Tabeltekst", "Tabeltekst", look=_room(0, 0, 252), run='<w:sz w:val="19"/><w:szCs w:val="19"/>'),
            _paragraph("Tabelgetal", "Tabelgetal", based_on="Tabeltekst", look='<w:jc w:val="right"/>'),
            _paragraph("Koptekst", "header", run=_letters(18, MUTED), look=
                       '<w:tabs><w:tab w:val="right" w:pos="9298"/></w:tabs>'
                       f"{_room(0, 0, 240)}"),
            _paragraph("Voettekst", "footer", run=_letters(18, MUTED), look=
                       f'<w:pBdr>{_border("top", 4, LINE, 6)}</w:pBdr><w:tabs><w:tab w:val="right" w:pos="9298"/>'
                       f"</w:tabs>{_room(0, 0, 240)}"),
        )
    )  # fmt: skip
    return (
        DECLARATION
        + (
            f'<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr>{fonts}<w:color w:val="{INK}"/>'
            '<w:sz w:val="22"/><w:szCs w:val="22"/><w:lang w:val="nl-NL" w:eastAsia="nl-NL" w:bidi="ar-SA"/></w:rPr>'
            "</w:rPrDefault><w:pPrDefault/></w:docDefaults>"
            f"{look}{_characters()}{_tables()}</w:styles>"
        ).encode()
    )


def numbering() -> bytes:
    """The part with the one kind of list."""
    return (
        DECLARATION
        + (
            f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="singleLevel"/>'
            '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:pStyle w:val="Lijstopsomteken"/>'
            '<w:lvlText w:val="•"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="340" w:hanging="340"/></w:pPr>'
            f'<w:rPr><w:color w:val="{GREEN}"/></w:rPr></w:lvl></w:abstractNum>'
            '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
        ).encode()
    )


def font_table() -> bytes:
    """The part that says which letters stand in where those of the house style are not there."""
    return (
        DECLARATION
        + (
            f'<w:fonts xmlns:w="{W}"><w:font w:name="{_FONT}"><w:altName w:val="Source Sans Pro,Calibri,Arial"/>'
            '<w:panose1 w:val="020B0503030403020204"/><w:charset w:val="00"/><w:family w:val="swiss"/>'
            '<w:pitch w:val="variable"/></w:font></w:fonts>'
        ).encode()
    )


def settings() -> bytes:
    """The part with the settings of the file: hyphens, Dutch, and a Word of today."""
    compatible = "".join(
        f'<w:compatSetting w:name="{name}" w:uri="http://schemas.microsoft.com/office/word" w:val="{value}"/>'
        for name, value in (("compatibilityMode", 15), ("overrideTableStyleFontSizeAndJustification", 1))
    )
    return (
        DECLARATION
        + (
            f'<w:settings xmlns:w="{W}"><w:zoom w:percent="100"/><w:defaultTabStop w:val="708"/>'
            '<w:autoHyphenation/><w:hyphenationZone w:val="425"/><w:characterSpacingControl w:val="doNotCompress"/>'
            f'<w:compat>{compatible}</w:compat><w:themeFontLang w:val="nl-NL"/>'
            '<w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/></w:settings>'
        ).encode()
    )
