"""Importing a DIN workbook: upload, preview of what will change, confirm."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from din.apply import PlanClosed, PlanMoved
from din.changes import ChangePlan, Level, Outcome
from din.forms import WorkbookForm
from din.imports import AlreadyApplied, confirm, offer, read
from din.imports import preview as preview_of
from din.models import Programme, WorkbookImport
from din.permissions import IMPORT_WORKBOOK
from din.summary import OUTCOME_WORDS

MOVED = "Het plan is veranderd sinds u dit overzicht zag. Hieronder staat wat de import nu zou doen: bevestig opnieuw."


def _programme(request: HttpRequest, slug: str) -> Programme:
    """The programme, for its manager; 404 for who may not see it, 403 for who may only read it."""
    programme = get_object_or_404(Programme.objects.readable_by(request.user), slug=slug)
    IMPORT_WORKBOOK.require(request.user, programme)
    return programme


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, slug: str) -> HttpResponse:
    """Offer a workbook; what the reader makes of it is on the next page."""
    programme = _programme(request, slug)
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
        offered = offer(
            programme=programme,
            year=year,
            file_name=workbook.name or "werkboek",
            content=content,
            reading=read(content, year=year),
            actor=request.user,  # type: ignore[arg-type]
            now=now,
        )
        return redirect(offered)
    imports = WorkbookImport.objects.filter(programme=programme).select_related("programme", "uploaded_by")
    earlier = imports.defer("content", "reading")[:20]
    context = {"programme": programme, "may_manage": True, "nav": "import", "form": form, "earlier": earlier}
    return render(request, "din/import_upload.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What the reader understood and what will change; confirming applies exactly that."""
    programme = _programme(request, slug)
    imports = WorkbookImport.objects.filter(programme=programme).select_related("programme", "plan", "uploaded_by")
    import_ = get_object_or_404(imports, pk=pk)
    if request.method == "POST":
        return _confirm(request, import_)
    if import_.state != WorkbookImport.State.PREVIEWED:
        return _page(request, import_, None)
    _, change_plan = preview_of(import_)
    return _page(request, import_, change_plan)


def _confirm(request: HttpRequest, import_: WorkbookImport) -> HttpResponse:
    user: Any = request.user
    try:
        applied = confirm(import_, fingerprint=request.POST.get("fingerprint", ""), actor=user, now=timezone.now())
    except PlanMoved as moved:
        return _page(request, import_, moved.change_plan, error=MOVED, status=409)
    except (PlanClosed, AlreadyApplied) as refusal:
        return _page(request, import_, None, error=str(refusal), status=409)
    messages.success(request, f"Het werkboek is doorgevoerd in {applied.plan.name}.")
    return redirect(import_)


def _page(
    request: HttpRequest,
    import_: WorkbookImport,
    change_plan: ChangePlan | None,
    *,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, object] = {
        "programme": import_.programme,
        "may_manage": True,
        "nav": "import",
        "import": import_,
        "error": error,
        "change_plan": change_plan,
    }
    if change_plan is not None:
        context["table"] = [
            (level.label, [change_plan.count(level, outcome) for outcome in Outcome]) for level in Level
        ]
        context["outcomes"] = [OUTCOME_WORDS[outcome] for outcome in Outcome]
        context["groups"] = {outcome.value: change_plan.of(outcome) for outcome in Outcome}
    return render(request, "din/import_preview.html", context, status=status)
