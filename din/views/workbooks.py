"""Importing a DIN workbook: upload, say what the columns are, confirm."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from din.apply import PlanClosed, PlanMoved
from din.forms import ColumnsForm, DecisionsForm, WorkbookForm
from din.imports import AlreadyApplied, UnknownSheet, choose_columns, confirm, decide, offer, read
from din.models import WorkbookImport
from din.progress import new_token
from din.trail import Origin
from din.views.import_page import import_page, managed_import, managed_programme
from din.views.waiting import onward, progress_of

PAGE = 20
DECIDED = "Uw keuzes staan in het overzicht hieronder. Klopt het zo? Voer het dan door."
REASON_MISSING = "Bij een doel dat vervalt hoort een reden. Kijk bij “Niet meer genoemd” en vul aan wat daar staat."
MOVED = "Het plan is veranderd sinds u dit overzicht zag. Hieronder staat wat de import nu zou doen: bevestig opnieuw."


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, slug: str) -> HttpResponse:
    """Offer a workbook; what the reader makes of it is on the next page."""
    programme = managed_programme(request, slug)
    now = timezone.now()
    posted = request.method == "POST"
    form = WorkbookForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        programme=programme,
        today=timezone.localdate(now),
    )
    if form.is_bound and form.is_valid():
        workbook = form.cleaned_data["workbook"]
        year: int = form.cleaned_data["year"]
        content = workbook.read()
        with progress_of(request) as progress:
            progress.step("Het werkboek wordt geopend")
            reading = read(content, year=year, tell_rows=progress.rows)
            progress.step("Wat is gelezen wordt bewaard")
            offered = offer(
                programme=programme,
                year=year,
                file_name=workbook.name or "werkboek",
                content=content,
                reading=reading,
                actor=request.user,  # type: ignore[arg-type]
                now=now,
            )
        return onward(request, offered)
    imports = WorkbookImport.objects.filter(programme=programme).select_related("programme", "uploaded_by")
    earlier = Paginator(imports.without_contents(), PAGE).get_page(request.GET.get("page"))
    context = {
        "programme": programme,
        "may_manage": True,
        "nav": "import",
        "form": form,
        "earlier": earlier,
        "progress_token": new_token(),
    }
    return render(request, "din/import_upload.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What the reader understood and what will change; confirming applies exactly that."""
    import_ = managed_import(request, slug, pk)
    if request.method == "POST":
        return _confirm(request, import_)
    return import_page(request, import_)


@require_POST
def columns(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Read the workbook anew with what the manager says of the columns of one sheet."""
    import_ = managed_import(request, slug, pk)
    form = ColumnsForm(request.POST)
    if not form.is_valid():
        return import_page(request, import_, error=form.first_error, status=422)
    sheet: int = form.cleaned_data["sheet"]
    try:
        with progress_of(request) as progress:
            progress.step("Het werkboek wordt geopend")
            reading = choose_columns(import_, sheet=sheet, columns=form.columns, tell_rows=progress.rows)
    except UnknownSheet as unknown:
        raise Http404 from unknown
    except AlreadyApplied as refusal:
        return import_page(request, import_, error=str(refusal), status=409)
    if reading.result == "rejected":
        messages.warning(request, "Het werkboek is opnieuw gelezen met uw keuze, maar er zijn nog fouten.")
    else:
        messages.success(request, "Het werkboek is opnieuw gelezen met uw keuze. Controleer wat er nu verandert.")
    return onward(request, import_)


def _confirm(request: HttpRequest, import_: WorkbookImport) -> HttpResponse:
    """Keep what was decided in the preview; when that changes nothing and it was asked, apply what was shown."""
    form = DecisionsForm(request.POST)
    user: Any = request.user
    try:
        if import_.state == WorkbookImport.State.PREVIEWED:
            decided = decide(import_, form.change)
            if not form.is_valid():
                return import_page(request, import_, error=REASON_MISSING, decisions=form, status=422)
            if decided or request.POST.get("action") == "decide":
                messages.info(request, DECIDED)
                return onward(request, request.get_full_path())
        with progress_of(request) as progress:
            progress.step("Het doorvoeren begint")
            applied = confirm(
                import_,
                fingerprint=request.POST.get("fingerprint", ""),
                actor=user,
                origin=Origin.SITE,
                now=timezone.now(),
                tell=progress.step,
            )
    except PlanMoved:
        import_.refresh_from_db(fields=["choices", "decisions"])
        return import_page(request, import_, error=MOVED, status=409)
    except (PlanClosed, AlreadyApplied) as refusal:
        return import_page(request, import_, error=str(refusal), status=409)
    messages.success(request, f"Het werkboek is doorgevoerd in {applied.plan.name}.")
    return onward(request, import_)
