"""The page on which things come from a workbook: what it would change is shown first, and written when confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from din.models import Programme
from din.reading import read_table
from din.reading.limits import MEGABYTE, PACKED_BYTES
from din.reading.table import Table, table_from_wire, table_to_wire
from monitoring.models import AuditLine
from monitoring.report.formats.xlsx import MEDIA_TYPE
from monitoring.table_import import ImportMoved, TableKind
from monitoring.views.reading import readable_programme

# A preview that lies open longer is made again.
PREVIEW_FOR = 3600


class WorkbookForm(forms.Form):
    """A workbook with `things`."""

    workbook = forms.FileField(
        help_text=f"Een bestand uit Excel (.xlsx, .xls) of OpenDocument (.ods), hooguit {PACKED_BYTES // MEGABYTE} MB.",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.ods"}),
        error_messages={"required": "Kies het werkboek dat u wilt importeren."},
    )

    def __init__(self, *args: Any, things: str) -> None:
        super().__init__(*args)
        self.fields["workbook"].label = f"Werkboek met {things}"


@dataclass(frozen=True)
class ImportPage:
    """The page of one kind of things, that are in the list at the address `nav`, which is called `list_label`.

    `done` says what was written, of {added} and {changed}.
    """

    kind: TableKind[Any]
    template: str
    nav: str
    list_label: str
    done: str

    def answer(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Read a workbook and show what it would change; when that is confirmed, write it."""
        programme = readable_programme(request, slug)
        self.kind.permission.require(request.user, programme)
        if request.method != "POST":
            return self._show(request, programme)
        if "table" in request.POST:
            return self._confirm(request, programme)
        form = WorkbookForm(request.POST, request.FILES, things=self.kind.things)
        if not form.is_valid():
            return self._show(request, programme, form=form, status=422)
        # One byte over the limit is enough for the reader to refuse it.
        table = read_table(form.cleaned_data["workbook"].read(PACKED_BYTES + 1), self.kind.columns)
        return self._preview(request, programme, table)

    def seal(self, table: Table, programme: Programme, *, seen: str) -> str:
        """What goes along with a preview, to be sent back by who confirms it: for this programme only."""
        sent = {"table": table_to_wire(table), "seen": seen}
        return signing.dumps(sent, salt=self._salt(programme), compress=True)

    def _salt(self, programme: Programme) -> str:
        return f"{self.kind.things}-{programme.pk}"

    def _confirm(self, request: HttpRequest, programme: Programme) -> HttpResponse:
        try:
            sent = signing.loads(request.POST["table"], salt=self._salt(programme), max_age=PREVIEW_FOR)
        except signing.BadSignature:
            error = "Dit voorbeeld is verlopen. Kies het bestand opnieuw."
            return self._show(request, programme, error=error, status=422)
        table = table_from_wire(sent["table"])
        user: Any = request.user
        try:
            done = self.kind.write_all(table, programme, seen=sent["seen"], actor=user, origin=AuditLine.Origin.SITE)
        except ImportMoved as moved:
            return self._preview(request, programme, table, error=str(moved), status=409)
        except ValidationError as error:
            return self._preview(request, programme, table, error=" ".join(error.messages), status=422)
        messages.success(request, self.done.format(added=len(done.added), changed=len(done.changed)))
        return redirect(self.nav, programme.slug)

    def _preview(
        self, request: HttpRequest, programme: Programme, table: Table, *, error: str = "", status: int = 200
    ) -> HttpResponse:
        found = self.kind.compare(table, programme)
        sealed = self.seal(table, programme, seen=found.fingerprint)
        status = 422 if found.findings and status == 200 else status
        return self._show(request, programme, found=found, table=sealed, error=error, status=status)

    def _show(
        self,
        request: HttpRequest,
        programme: Programme,
        *,
        form: WorkbookForm | None = None,
        status: int = 200,
        **more: object,
    ) -> HttpResponse:
        context = {
            "programme": programme,
            "may_manage": True,
            "nav": self.nav,
            "list_label": self.list_label,
            "things": self.kind.things,
            "form": form or WorkbookForm(things=self.kind.things),
            **more,
        }
        return render(request, self.template, context, status=status)


def workbook_answer(content: bytes, name: str) -> HttpResponse:
    """A workbook to keep, as the file `name`."""
    response = HttpResponse(content, content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
