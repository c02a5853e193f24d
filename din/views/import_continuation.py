"""Saying which goal of the plan before a new goal continues, before the import is confirmed."""

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from din.change_plan import Change, ChangePlan, Level, Outcome
from din.decisions import Decisions
from din.imports import AlreadyApplied, decide, preview
from din.views.import_page import import_page, managed_import, page_of

BY_RULE, NONE = "regel", "geen"


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, slug: str, pk: int, place: int) -> HttpResponse:
    """The goals of the plan before that the new goal at `place` of the workbook may continue, and none."""
    import_ = managed_import(request, slug, pk)
    _, change_plan = preview(import_)
    change = _new_goal(change_plan, place)
    if change_plan is None or change is None:
        raise Http404
    candidates = change_plan.may_continue(change)
    chosen = request.POST.get("doel", "")
    if request.method == "POST" and chosen in {BY_RULE, NONE, *(str(item.pk) for item in candidates)}:

        def changed(decisions: Decisions) -> Decisions:
            kept = {index: pk for index, pk in decisions.continues.items() if index != place}
            told = {} if chosen == BY_RULE else {place: None if chosen == NONE else int(chosen)}
            return replace(decisions, continues={**kept, **told})

        try:
            decide(import_, changed)
        except AlreadyApplied as refusal:
            return import_page(request, import_, error=str(refusal), status=409)
        return redirect(f"{import_.get_absolute_url()}?page={page_of(request)}#nieuw-{place}")
    decided = Decisions.from_json(import_.decisions).continues
    current = BY_RULE if place not in decided else NONE if decided[place] is None else str(decided[place])
    context = {
        "programme": import_.programme,
        "may_manage": True,
        "nav": "import",
        "import": import_,
        "change": change,
        "candidates": [(str(item.pk), item) for item in candidates],
        "current": current,
        "missing": request.method == "POST",
    }
    return render(request, "din/import_continuation.html", context, status=422 if request.method == "POST" else 200)


def _new_goal(change_plan: ChangePlan | None, place: int) -> Change | None:
    if change_plan is None or not change_plan.earlier:
        return None
    goals = (it for it in change_plan.of(Outcome.CREATED) if it.level is Level.SMART_GOAL and it.index == place)
    return next(goals, None)
