"""The fields of a template for Word: what each is called, what it means, and where its value comes from.

One table for filling a template in, for checking one, and for telling the manager what there is. A name stays for
ever: templates with it lie in the database, and the report of an adopted round is still made with them. Knows no
Django.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from monitoring.report.charts import Picture, indicator_picture, standing_picture
from monitoring.report.printed import Facts, Printed, PrintedTable
from monitoring.report.wording import day


class Kind(StrEnum):
    """What a field holds, in the manager's words."""

    TEXT = "tekst"
    YES = "ja of nee"
    PICTURE = "afbeelding"
    TEXTS = "lijst van teksten"
    LIST = "lijst"
    ITEM = "wat er in een lijst staat"


@dataclass(frozen=True)
class Field:
    """`told` gives the value for what the field is of. A list has `fields` for each of its items, called `item`."""

    name: str
    meaning: str
    told: Callable[[Any], Any]
    kind: Kind = Kind.TEXT
    item: str = ""
    fields: tuple[Field, ...] = ()

    @property
    def is_list(self) -> bool:
        return self.kind in (Kind.LIST, Kind.TEXTS)


def values(fields: Iterable[Field], subject: object) -> dict[str, Any]:
    """What each of `fields` holds for `subject`, by name; a list holds such values again."""
    return {field.name: _value(field, subject) for field in fields}


def _value(field: Field, subject: object) -> Any:
    told = field.told(subject)
    if field.kind is Kind.LIST:
        return [values(field.fields, one) for one in told]
    return list(told) if field.kind is Kind.TEXTS else told


def every_field(fields: tuple[Field, ...], path: str = "") -> Iterator[tuple[str, Field]]:
    """All fields with the name that a template gives them, those of an item after their list."""
    for field in fields:
        yield f"{path}{field.name}", field
        if field.item and field.fields:
            yield from every_field(field.fields, f"{field.item}.")


@dataclass(frozen=True)
class FieldGroup:
    """Fields that are looked up together: those of the report, or those of an `item` of the `lists`."""

    lists: list[str]
    item: str
    fields: tuple[Field, ...]


def field_groups() -> list[FieldGroup]:
    """Every field once, first those of the report."""
    groups = [FieldGroup([], "", FIELDS)]
    for group in groups:  # grows while it is walked
        prefix = f"{group.item}." if group.item else ""
        for one in group.fields:
            known = next((other for other in groups if other.fields == one.fields), None)
            if known:
                known.lists.append(f"{prefix}{one.name}")
            elif one.fields:
                groups.append(FieldGroup([f"{prefix}{one.name}"], one.item, one.fields))
    return groups


# The colour of a standing as a word, and a shape that tells the same without colour.
_TONES = {
    "achieved": "groen",
    "on_track": "groen",
    "delayed": "oranje",
    "at_risk": "rood",
    "not_achieved": "rood",
}
_SHAPES = {"groen": "●", "oranje": "▲", "rood": "■", "grijs": "○"}


def _tone(one: Any) -> str:
    return _TONES.get(one.standing, "grijs")


def _text(name: str, meaning: str, told: Callable[[Any], Any]) -> Field:
    return Field(name, meaning, told)


def _attribute(name: str, meaning: str, attribute: str, kind: Kind = Kind.TEXT) -> Field:
    return Field(name, meaning, lambda one: getattr(one, attribute), kind)


def _texts(name: str, meaning: str, attribute: str) -> Field:
    return Field(name, meaning, lambda one: getattr(one, attribute), Kind.TEXTS, item="alinea")


def _columns(*columns: tuple[str, str]) -> tuple[Field, ...]:
    """The columns of a row of a table, by name and meaning, in their order."""

    def cell(place: int) -> Callable[[Any], str]:
        return lambda row: row[place]

    return tuple(_text(name, meaning, cell(place)) for place, (name, meaning) in enumerate(columns))


def _table(name: str, meaning: str, told: Callable[[Any], PrintedTable | None], fields: tuple[Field, ...]) -> Field:
    def rows(one: Any) -> Iterable[tuple[str, ...]]:
        table = told(one)
        return table.rows if table else ()

    return Field(name, meaning, rows, Kind.LIST, item="rij", fields=fields)


_FACT = _columns(("naam", "Bijvoorbeeld Deadline of Eigenaar"), ("waarde", "Wat daarbij hoort"))


def _facts(name: str, meaning: str, told: Callable[[Any], Facts]) -> Field:
    return Field(name, meaning, told, Kind.LIST, item="feit", fields=_FACT)


def _chart(one: Any) -> Picture | None:
    return indicator_picture(one.chart) if one.chart else None


def _standings(printed: Printed) -> Picture | None:
    return standing_picture(printed.bars) if printed.bars else None


_SHOWN = (
    _text("kleur", "groen, oranje, rood of grijs", _tone),
    _text("teken", "Vorm die zonder kleur hetzelfde zegt: ● ▲ ■ ○", lambda one: _SHAPES[_tone(one)]),
)

_EFFORT = (
    _attribute("tekst", "Wat er wordt gedaan", "text"),
    _attribute("trekker", "Wie het trekt", "lead"),
    _attribute("gereed", "Of het gereed is", "done", Kind.YES),
    _attribute("opmerking", "Opmerking van de eigenaar", "comment"),
)

_GOAL = (
    _attribute("titel", "Nummer en tekst van het doel, of de opgave", "title"),
    _attribute("tekst", "Tekst van het doel", "text"),
    _attribute("status", "Status, bijvoorbeeld Op schema", "standing_label"),
    *_SHOWN,
    _attribute("verandering", "Wat er veranderde sinds het vorige rapport", "change_label"),
    _attribute("te_laat", "Of de deadline is verstreken", "is_late", Kind.YES),
    _facts("feiten", "Deadline, eigenaar en andere gegevens", lambda goal: goal.facts),
    _texts("beschrijving", "Waar het doel over gaat", "description"),
    _texts("beoogde_resultaten", "Wat het moet opleveren", "intended_results"),
    _texts("toelichting", "Toelichting van de eigenaar", "explanation"),
    _texts("vervolgstappen", "Vervolgstappen", "next_steps"),
    Field("inspanningen", "Wat ervoor gedaan wordt", lambda goal: goal.efforts, Kind.LIST, "inspanning", _EFFORT),
)

_MEASURED = _columns(
    ("periode", "Periode"),
    ("waarde", "Gemeten waarde"),
    ("bron", "Bron van de meting"),
    ("opmerking", "Opmerking bij de meting"),
)

_PART = (
    _attribute("naam", "Naam", "name"),
    _attribute("oordeel", "Oordeel, bijvoorbeeld Op koers", "judgement_label"),
    *_SHOWN,
    _texts("beschrijving", "Wat er wordt gemeten", "description"),
    _facts("feiten", "Laatste waarde, streefwaarde en andere gegevens", lambda one: one.facts),
    Field("grafiek", "Grafiek met alternatieve tekst", _chart, Kind.PICTURE),
    _text("metingen_titel", "Titel van de tabel met metingen", lambda one: one.table.caption if one.table else ""),
    _table("metingen", "De metingen", lambda one: one.table, _MEASURED),
)

_INDICATOR = (
    *_PART,
    _attribute("is_kern", "Of het een kernindicator is", "is_key", Kind.YES),
    Field("delen", "De delen waaruit de indicator bestaat", lambda one: one.parts, Kind.LIST, "deel", _PART),
)

_THEME = (
    _attribute("titel", "Titel van het onderdeel", "title"),
    _attribute("zin", "Hoe het onderdeel ervoor staat, in een zin", "sentence"),
    _texts("inleiding", "Tekst van de programmamanager bij dit onderdeel", "introduction"),
    Field("ambities", "De ambities van dit onderdeel", lambda theme: theme.ambitions, Kind.TEXTS, "ambitie"),
    Field("doelen", "De doelen van dit onderdeel", lambda theme: theme.goals, Kind.LIST, "doel", _GOAL),
    Field("indicatoren", "De indicatoren ervan", lambda theme: theme.indicators, Kind.LIST, "indicator", _INDICATOR),
)

_COMMITMENT = (
    _attribute("titel", "Soort, titel en nummer", "title"),
    _attribute("stand", "Stand, bijvoorbeeld Afgedaan", "state_label"),
    _facts("feiten", "Datum, eigenaar en andere gegevens", lambda one: one.facts),
    _texts("tekst", "Wat is toegezegd of gevraagd", "text"),
    _texts("afdoening", "Voorstel tot afdoening, of hoe het is afgedaan", "settlement"),
)

_STANDING = (
    _text("naam", "Naam van het onderdeel, of Totaal", lambda row: row[0]),
    Field("aantallen", "Aantal doelen bij elke kop", lambda row: row[1:], Kind.TEXTS, "aantal"),
)

_CHANGE = _columns(
    ("nummer", "Nummer van het doel"),
    ("doel", "Tekst van het doel"),
    ("was", "Status in het vorige rapport"),
    ("nu", "Status in dit rapport"),
    ("verandering", "Bijvoorbeeld Beter"),
)

_LISTED = _columns(
    ("nummer", "Nummer van het doel"),
    ("doel", "Tekst van het doel"),
    ("deadline", "Deadline"),
    ("eigenaar", "Eigenaar"),
    ("status", "Status"),
)

FIELDS: tuple[Field, ...] = (
    _attribute("titel", "Titel van het rapport", "title"),
    _attribute("programma", "Naam van het programma", "programme"),
    _attribute("plan", "Naam van het plan", "plan"),
    _attribute("periode", "Periode met de eerste en de laatste dag", "period"),
    _attribute("stand", "Vastgesteld met datum en editie, of concept", "standing_line"),
    _text("concept", "CONCEPT zolang het rapport niet is vastgesteld, daarna leeg", lambda printed: concept(printed)),
    _text("datum", "Dag van het rapport", lambda printed: day(printed.day)),
    _attribute("over_opgaven", "Of het plan uit speerpunten en opgaven bestaat", "is_about_opgaven", Kind.YES),
    _text("doel_heet", "Hoe een doel hier heet: Doel of Opgave", lambda printed: printed.annex.heads[1]),
    _attribute("samenvatting", "Hoe het programma ervoor staat, in een zin", "summary"),
    _texts("inleiding", "Inleiding van de programmamanager", "introduction"),
    Field("ambities", "De ambities van het hele programma", lambda printed: printed.ambitions, Kind.TEXTS, "ambitie"),
    Field("standen_grafiek", "Grafiek van de standen per onderdeel", _standings, Kind.PICTURE),
    _text("standen_titel", "Titel van de tabel met standen", lambda printed: printed.standing_table.caption),
    Field("standen_koppen", "Koppen ervan", lambda one: one.standing_table.heads[1:], Kind.TEXTS, "kop"),
    _table("standen", "De standen per onderdeel", lambda printed: printed.standing_table, _STANDING),
    Field("voorstellen", "Toezeggingen met een voorstel tot afdoening", lambda printed: printed.proposals, Kind.LIST,
          "voorstel", _COMMITMENT),
    _attribute("veranderd", "Wat er veranderde, in een zin", "changes_sentence"),
    _text("veranderingen_titel", "Titel van de tabel met veranderingen",
          lambda printed: printed.changes_table.caption if printed.changes_table else ""),
    _table("veranderingen", "De veranderde doelen", lambda printed: printed.changes_table, _CHANGE),
    Field("onderdelen", "Pijlers, thema's of speerpunten", lambda one: one.themes, Kind.LIST, "onderdeel", _THEME),
    Field("doelen", "Alle doelen achter elkaar", lambda printed: [goal for theme in printed.themes for goal in
          theme.goals], Kind.LIST, "doel", _GOAL),
    Field("indicatoren", "Indicatoren die bij geen onderdeel horen", lambda printed: printed.indicators, Kind.LIST,
          "indicator", _INDICATOR),
    Field("toezeggingen", "Andere toezeggingen, moties en aanbevelingen", lambda printed: printed.commitments,
          Kind.LIST, "toezegging", _COMMITMENT),
    _text("bijlage_titel", "Titel van de bijlage", lambda printed: printed.annex.caption),
    _table("bijlage", "Alle doelen in een tabel", lambda printed: printed.annex, _LISTED),
    _facts("colofon", "Editie, datum en controlegetal", lambda printed: printed.colophon),
)  # fmt: skip


def concept(printed: Printed) -> str:
    """The word that stands on every page of a concept; empty for an adopted report."""
    return "CONCEPT" if printed.is_concept else ""
