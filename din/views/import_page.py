"""The page of one import: what was read, what changes, what was applied. Several views answer with it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from din import change_log
from din.change_plan import ChangePlan, Level, Outcome
from din.change_sections import RULE, Ending, held_themes, section_of
from din.continuation import RULE as CONTINUATION_RULE
from din.forms import DecisionsForm
from din.imports import preview
from din.models import Programme, WorkbookImport
from din.permissions import IMPORT_WORKBOOK
from din.progress import new_token
from din.sheet_picture import COLUMN_WORDS, lines_of, lines_of_log, picture_of
from din.summary import OUTCOME_WORDS

State = WorkbookImport.State
_PEOPLE = ("uploaded_by", "applied_by", "undone_by")


def managed_programme(request: HttpRequest, slug: str) -> Programme:
    """The programme, for its manager; 404 for who may not see it, 403 for who may only read it."""
    programme = get_object_or_404(Programme.objects.readable_by(request.user), slug=slug)
    IMPORT_WORKBOOK.require(request.user, programme)
    return programme


def managed_import(request: HttpRequest, slug: str, pk: int) -> WorkbookImport:
    """An import of that programme, for its manager."""
    imports = WorkbookImport.objects.filter(programme=managed_programme(request, slug))
    return get_object_or_404(imports.select_related(*_PEOPLE, "programme", "plan").defer("content"), pk=pk)


def import_page(
    request: HttpRequest,
    import_: WorkbookImport,
    *,
    error: str = "",
    decisions: DecisionsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page as the import is now; `error` says why what was asked did not happen.

    `decisions` is a form that was refused: what was typed in it is shown again.
    """
    context: dict[str, object] = {
        "programme": import_.programme,
        "may_manage": True,
        "nav": "import",
        "import": import_,
        "error": error,
        "progress_token": new_token(),
    }
    context["errors"] = lines_of_log(import_.reading.get("errors", []))
    context["warnings"] = lines_of_log(import_.reading.get("warnings", []))
    # Of a file that no sheet could be read of, there is nothing to see.
    if import_.state == State.PREVIEWED or (import_.state == State.REJECTED and import_.reading.get("sheets")):
        reading, change_plan = preview(import_)
        picture = picture_of(reading, import_.choices)
        context["picture"] = picture
        context["errors"], context["warnings"] = lines_of(picture.errors), lines_of(picture.warnings)
        context["column_words"] = COLUMN_WORDS
        context["change_plan"] = change_plan
        if change_plan is not None:
            endings = decisions.endings if decisions else {}
            context |= _changes(change_plan, endings, page=page_of(request))
    elif import_.state in (State.APPLIED, State.UNDONE):
        context |= _changes(change_log.from_json(import_.changes), {}, page=page_of(request))
    return render(request, "din/import_preview.html", context, status=status)


def page_of(request: HttpRequest) -> int:
    """Which part of long lists the address asks for, from 1."""
    asked = request.GET.get("page", "")
    return int(asked) if re.fullmatch(r"[1-9][0-9]{0,5}", asked) else 1


def _changes(change_plan: ChangePlan, endings: Mapping[int, Ending], *, page: int) -> dict[str, object]:
    held = held_themes(change_plan)
    return {
        "table": [(level.label, [change_plan.count(level, outcome) for outcome in Outcome]) for level in Level],
        "outcomes": [OUTCOME_WORDS[outcome] for outcome in Outcome],
        "sections": {outcome.value: section_of(change_plan, outcome, page=page, typed=endings) for outcome in Outcome},
        "held": held,
        "keeps_choices": bool(held or change_plan.of(Outcome.UPDATED) or change_plan.of(Outcome.MISSING)),
        "rule": RULE,
        "continuation_rule": CONTINUATION_RULE if change_plan.earlier else "",
        "has_typed": bool(endings),
    }
