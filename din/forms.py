"""Forms of the plan: they turn what is typed into typed values."""

import datetime
import re
from dataclasses import replace
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict

from din.change_plan import Level
from din.change_sections import Ending
from din.decisions import Decisions, Pair
from din.models import Programme
from din.models.programme import YEAR_RANGE
from din.reading.limits import MEGABYTE, PACKED_BYTES
from din.sheet_picture import COLUMN_WORDS
from din.text import writable

REASON_LIMIT = 2_000
_COLUMN_FIELD = re.compile(r"kolom-([A-Z]{1,3})")
_PAIR = re.compile(rf"(?P<level>{'|'.join(Level)})-(?P<index>[0-9]{{1,9}})-(?P<pk>[0-9]{{1,18}})")
_GOAL = re.compile(r"goal-(?P<pk>[0-9]{1,18})")
LIMIT = f"{PACKED_BYTES // MEGABYTE} MB"


class WorkbookForm(forms.Form):
    """A workbook and the year that it is of."""

    workbook = forms.FileField(
        label="Werkboek",
        help_text=f"Een bestand uit Excel (.xlsx, .xlsm, .xls) of OpenDocument (.ods), hooguit {LIMIT}.",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.ods"}),
        error_messages={"required": "Kies het werkboek dat u wilt importeren."},
    )
    year = forms.IntegerField(
        label="Jaar",
        min_value=YEAR_RANGE[0],
        max_value=YEAR_RANGE[1],
        help_text="Het jaar van het plan. Is er al een plan van dit jaar, dan wordt dat bijgewerkt.",
    )

    def __init__(self, *args: Any, programme: Programme, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        latest = programme.plans.order_by("-first_year").first()
        self.fields["year"].initial = latest.first_year if latest else max(programme.first_year, today.year)

    def clean_workbook(self) -> UploadedFile:
        workbook: UploadedFile = self.cleaned_data["workbook"]
        if (workbook.size or 0) > PACKED_BYTES:
            raise forms.ValidationError(
                f"Dit bestand is groter dan {LIMIT}. Haal afbeeldingen en bladen weg die u niet nodig hebt."
            )
        return workbook


class ColumnsForm(forms.Form):
    """What a person says of the columns of one sheet: a field "kolom-C" for each column, empty to let the reader."""

    sheet = forms.IntegerField(min_value=0, max_value=100_000)

    @property
    def columns(self) -> dict[str, str]:
        """The level, or "ignore", by the letters of the column."""
        told = {}
        for name, value in self.data.items():
            found = _COLUMN_FIELD.fullmatch(name)
            if found and value in COLUMN_WORDS:
                told[found[1]] = str(value)
        return told

    @property
    def first_error(self) -> str:
        return next((str(error) for errors in self.errors.values() for error in errors), "")

    def clean(self) -> dict[str, Any]:
        by_level: dict[str, str] = {}
        for letter, level in sorted(self.columns.items()):
            if level != "ignore" and level in by_level:
                raise forms.ValidationError(
                    f"U hebt kolom {by_level[level]} en kolom {letter} allebei aangewezen als {COLUMN_WORDS[level]}. "
                    "Kies er één, en zet de andere op “zelf bepalen” of “niet lezen”."
                )
            by_level[level] = letter
        return self.cleaned_data


class DecisionsForm:
    """What a person decided in the preview, of the things that the page showed: the fields "gezien" name those.

    "apart-<level>-<place>-<key>" is a checkbox; "goal-<key>" says "vervallen" or "blijft", with "reden-<key>".
    """

    def __init__(self, data: QueryDict) -> None:
        self._apart: dict[Pair, bool] = {}
        self.endings: dict[int, Ending] = {}
        for name in data.getlist("gezien"):
            if found := _PAIR.fullmatch(name):
                pair = (found["level"], int(found["index"]), int(found["pk"]))
                self._apart[pair] = f"apart-{name}" in data
            elif found := _GOAL.fullmatch(name):
                self._read_goal(int(found["pk"]), data)

    def _read_goal(self, pk: int, data: QueryDict) -> None:
        reason = writable(data.get(f"reden-{pk}", "")).strip()[:REASON_LIMIT]
        ends = data.get(f"goal-{pk}") == "vervallen"
        error = ""
        if ends and not reason:
            error = "Vul in waarom dit doel vervalt."
        elif reason and not ends:
            error = "U vulde een reden in. Kies “Vervalt”, of maak de reden leeg."
        self.endings[pk] = Ending(ends, reason, error)

    def is_valid(self) -> bool:
        return not any(ending.error for ending in self.endings.values())

    def change(self, decisions: Decisions) -> Decisions:
        """`decisions` with what was posted; what the page did not show stays."""
        apart = {pair for pair in decisions.apart if pair not in self._apart}
        apart |= {pair for pair, is_apart in self._apart.items() if is_apart}
        ended = {**decisions.ended, **{pk: it.reason if it.ends else "" for pk, it in self.endings.items()}}
        return replace(decisions, apart=frozenset(apart), ended={pk: why for pk, why in ended.items() if why})
