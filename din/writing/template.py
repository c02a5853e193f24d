"""A blank DIN to fill in, with two example rows and a sheet that explains the columns."""

import datetime

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from din.writing.sheet import (
    BOX,
    COLUMNS,
    HEAD,
    HEAD_FILL,
    TITLE,
    WRAP,
    Value,
    as_bytes,
    begin_table,
    fill_table,
    print_setup,
    put,
)

BLANK_ROWS = 30

_EXAMPLES: tuple[tuple[Value, ...], ...] = (
    (
        "Pijler 1: Voorbeeld",
        "Voorbeeld: elke jongere doet mee",
        "Voorbeeld: meer jongeren hebben een mentor",
        1,
        "Voorbeeld: eind van het derde kwartaal hebben 50 jongeren een mentor",
        "Q3",
        "Voorbeeld: afdeling Jeugd",
        "Voorbeeld: Onderwijs",
        "Voorbeeld: mentoren werven op tien scholen",
        "Voorbeeld: team Werving",
    ),
    (
        "Pijler 1: Voorbeeld",
        "Voorbeeld: elke jongere doet mee",
        "Voorbeeld: meer jongeren hebben een mentor",
        2,
        "Voorbeeld: alle mentoren hebben een training gevolgd",
        "Q4",
        "Voorbeeld: afdeling Jeugd",
        None,
        "Voorbeeld: trainingen geven",
        "Voorbeeld: team Werving",
    ),
)

# What to fill in under each heading of the table, in the table's order.
_EXPLANATIONS = (
    "De pijler, het thema, het speerpunt of de actielijn, bijvoorbeeld “Pijler 1: Sociaal netwerk”. Wat bij het hele "
    "programma hoort, krijgt “Programmabreed”. Vul dit in elke rij in, of in de eerste rij van een blok.",
    "Waar het onderdeel naartoe wil, in één zin. Heeft het onderdeel geen ambitie, laat de cellen dan leeg.",
    "Een algemeen doel met een woord op -er: meer, minder, sneller, beter. Het hoort bij de ambitie op dezelfde rij.",
    "Het nummer van het SMART-doel binnen het onderdeel. Geef elk doel een eigen nummer en houd dat het hele jaar "
    "gelijk: zo blijft de voortgang bij het doel.",
    "Een doel dat te meten is en een einddatum heeft. Het hoort bij het ER-doel op dezelfde rij. Draagt het bij aan "
    "twee ER-doelen? Zet het dan nog een keer, bij het andere ER-doel.",
    "Het kwartaal waarin het doel klaar is: “Q3” of “Q3 2026”. Een maand of een datum mag ook. Is er geen einde, "
    "schrijf dan “doorlopend”.",
    "De afdeling of persoon die over het SMART-doel gaat en de voortgang vastlegt.",
    "Labels die dwars door de onderdelen lopen. Meer labels? Zet er een puntkomma tussen.",
    "Wat er gebeurt om het doel te halen: één inspanning per rij. Dient een inspanning twee doelen? Zet haar bij "
    "allebei.",
    "De afdeling of persoon die de inspanning uitvoert.",
)
_ADVICE = (
    "Haal de twee voorbeeldrijen weg voordat u het bestand importeert.",
    "Komt een cel overeen met de cel erboven, dan mag u haar leeg laten of de cellen samenvoegen.",
    "Staat er iets boven dat niet geldt? Zet dan een streepje (–). Zo staat een inspanning zonder SMART-doel goed.",
    "U mag kolommen weglaten en van plaats wisselen. De kolom SMART-doel is altijd nodig.",
    "Laat de koppen in rij 3 staan. Kolommen met een andere kop worden niet gelezen.",
    "Bij het importeren ziet u eerst wat er verandert. Er wordt nooit iets verwijderd.",
)

_EXPLANATION_WIDTH = 90


def template_workbook(*, title: str, made: datetime.datetime) -> bytes:
    """Return an .xlsx workbook with the sheet "DIN" to fill in and the sheet "Toelichting", which is not read.

    `made` is the moment, without time zone, that the file says it was made.
    """
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 - a new workbook has one sheet
    sheet.title = "DIN"
    begin_table(sheet, title)
    nothing: tuple[Value, ...] = (None,) * len(COLUMNS)
    rows = [*_EXAMPLES, *[nothing] * BLANK_ROWS]
    fill_table(sheet, rows, [[None] * len(COLUMNS)] * len(rows))
    print_setup(sheet, title)
    explanation = book.create_sheet("Toelichting")
    _explain(explanation)
    print_setup(explanation, title)
    return as_bytes(book, title, made)


def _explain(sheet: Worksheet) -> None:
    put(sheet, 1, 1, "Toelichting bij het sjabloon", font=TITLE)
    for row, sentence in enumerate(_ADVICE, start=3):
        put(sheet, row, 1, sentence)
    top = len(_ADVICE) + 4
    for column, heading in enumerate(("Kolom", "Wat vult u in?"), start=1):
        put(sheet, top, column, heading, font=HEAD, fill=HEAD_FILL, border=BOX, alignment=WRAP)
    for row, (told, sentence) in enumerate(zip(COLUMNS, _EXPLANATIONS, strict=True), start=top + 1):
        for column, text in enumerate((told.heading, sentence), start=1):
            put(sheet, row, column, text, border=BOX, alignment=WRAP)
        sheet.row_dimensions[row].height = 3 + 15 * (len(sentence) // _EXPLANATION_WIDTH + 1)
    sheet.column_dimensions["A"].width = 18
    sheet.column_dimensions["B"].width = _EXPLANATION_WIDTH
