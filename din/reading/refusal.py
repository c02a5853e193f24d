"""Why a file is refused before its contents are looked at: one class, one Dutch sentence for each reason."""

from typing import Final


class Refused(Exception):
    """The file cannot be read as a workbook; `message` says in Dutch why, and what to do."""

    def __init__(self, message: str, source: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.source = source


_SAVE_AS = "Open het in Excel of LibreOffice, kies Opslaan als, en sla het op als Excel-werkmap (.xlsx)."

EMPTY_FILE: Final = "Het bestand is leeg: er staat niets in. Kijk of u het juiste bestand hebt gekozen."
NOT_A_SPREADSHEET: Final = (
    "Dit bestand is geen spreadsheet. Kies een Excel-bestand (.xlsx, .xlsm of .xls) of een OpenDocument-bestand (.ods)."
)
NO_WORKBOOK_IN_ARCHIVE: Final = (
    "Dit bestand is geen spreadsheet: er zit geen werkmap in. Kies een Excel-bestand (.xlsx, .xlsm of .xls) of een "
    "OpenDocument-bestand (.ods)."
)
HTML: Final = f"Dit bestand is geen spreadsheet maar een webpagina (HTML). {_SAVE_AS}"
PLAIN_TEXT: Final = f"Dit bestand is geen spreadsheet maar platte tekst (bijvoorbeeld CSV). {_SAVE_AS}"
PDF: Final = "Dit bestand is geen spreadsheet maar een PDF. Vraag de maker om het Excel-bestand."
FLAT_XML: Final = f"Dit bestand is geen spreadsheet die hier gelezen kan worden: het is een XML-bestand. {_SAVE_AS}"
BINARY_WORKBOOK: Final = f"Dit is een binaire Excel-werkmap (.xlsb). Die kan hier niet gelezen worden. {_SAVE_AS}"
OLD_EXCEL: Final = f"Dit bestand komt uit een zeer oude Excel-versie en kan niet gelezen worden. {_SAVE_AS}"
ENCRYPTED: Final = (
    "Het bestand is versleuteld of beveiligd met een wachtwoord. Haal het wachtwoord eraf (Bestand, Info, Werkmap "
    "beveiligen), sla het op en probeer het opnieuw. Beveiliging tegen bewerken mag wel blijven staan."
)
DAMAGED: Final = (
    "Het bestand is beschadigd en kan niet gelezen worden. Open het in Excel of LibreOffice, sla het opnieuw op en "
    "probeer het nog eens."
)
TOO_LARGE_PACKED: Final = (
    "Het bestand is te groot: het mag hoogstens 20 MB zijn. Haal afbeeldingen en oude bladen eruit."
)
TOO_LARGE_UNPACKED: Final = (
    "Het bestand is te groot: uitgepakt mag het hoogstens 64 MB zijn. Haal lege opgemaakte rijen, afbeeldingen en oude "
    "bladen eruit en sla het opnieuw op."
)
PACKED_BOMB: Final = (
    "Het bestand is onveilig: het is zo sterk ingepakt dat het uitgepakt onredelijk groot wordt. Het is daarom niet "
    "geopend. Sla het in Excel of LibreOffice opnieuw op."
)
TOO_MANY_PARTS: Final = (
    "Het bestand is onveilig: het bestaat uit duizenden onderdelen, veel meer dan een werkmap heeft. Het is daarom "
    "niet geopend. Sla het in Excel of LibreOffice opnieuw op."
)
DOCTYPE: Final = (
    "Het bestand is onveilig: er zit een DOCTYPE in een XML-onderdeel. Het is daarom niet geopend. Excel maakt dat "
    f"nooit zelf; LibreOffice alleen bij macro's in een .ods. {_SAVE_AS}"
)
UNREASONABLE_XML: Final = (
    "Het bestand is onveilig: er zit een XML-onderdeel in met tags die langer zijn of dieper in elkaar staan dan een "
    "spreadsheetprogramma ze maakt. Het is daarom niet geopend. Sla het in Excel of LibreOffice opnieuw op."
)
TOO_MANY_PIECES: Final = (
    "Het bestand is te groot: er staan miljoenen cellen, teksten of stukjes opmaak in. Haal lege opgemaakte rijen en "
    "kolommen en oude bladen weg en sla het opnieuw op."
)
TOO_MANY_SHEETS: Final = (
    "Het bestand is te groot: het heeft meer dan 500 bladen. Haal bladen weg die niet bij het DIN horen."
)
TOO_MANY_MERGES: Final = (
    "Het bestand is te groot: het heeft meer dan 100.000 samengevoegde cellen. Maak samenvoegingen ongedaan die niet "
    "nodig zijn."
)
TOO_MANY_LINES: Final = (
    "Het bestand is te ingewikkeld: alles in een cel hoort bij alles in de cellen ernaast, en dat worden hier meer dan "
    "600.000 lijnen. Verdeel cellen met heel veel regels over meer rijen."
)
TOO_MUCH_TEXT: Final = (
    "Het bestand is te groot: er staan heel lange teksten in, of lange teksten die heel vaak terugkomen. Kort ze in en "
    "haal weg wat niet bij het DIN hoort."
)
TOO_MUCH_WORK: Final = (
    "Het bestand is te groot of te ingewikkeld om te lezen: het kostte te veel tijd of geheugen. Haal weg wat niet bij "
    "het DIN hoort, sla het opnieuw op en probeer het nog eens."
)
NOTHING_FILLED: Final = "Het bestand is leeg: er is op geen enkel zichtbaar blad een cel gevuld."


def too_many_rows(sheet: str) -> str:
    """Return the message for a workbook with more filled rows than may be read."""
    return (
        f"Het bestand is te groot: er zijn meer dan 20.000 gevulde rijen (op blad '{sheet}' "
        "loopt het over). Haal weg wat "
        "niet bij het DIN hoort."
    )


def too_many_cells(sheet: str) -> str:
    """Return the message for a workbook with more filled cells than may be read."""
    return (
        f"Het bestand is te groot: er zijn meer dan 500.000 gevulde cellen (op blad '{sheet}' "
        "loopt het over). Haal weg wat niet bij het DIN hoort."
    )


def too_many_columns(sheet: str) -> str:
    """Return the message for a sheet with more filled columns than may be read."""
    return (
        f"Het bestand is te groot: blad '{sheet}' heeft meer dan 200 gevulde kolommen. Haal weg wat niet bij het DIN "
        "hoort."
    )
