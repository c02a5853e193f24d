"""Looking back at an import: the file itself, and taking the import back."""

import io
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from din.trail import Origin
from din.undo import CannotUndo, undo, why_not
from din.views.import_page import managed_import


@require_safe
def workbook(request: HttpRequest, slug: str, pk: int) -> FileResponse:
    """The workbook as it came in; always as a download, because its content is anybody's."""
    import_ = managed_import(request, slug, pk)
    return FileResponse(
        io.BytesIO(bytes(import_.content)),
        as_attachment=True,
        filename=import_.file_name,
        content_type="application/octet-stream",
        headers={"X-Content-Type-Options": "nosniff"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def undo_import(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask whether to take an import back, and do it; or say why it cannot be done."""
    import_ = managed_import(request, slug, pk)
    status = 200
    if request.method == "POST":
        actor: Any = request.user
        try:
            undo(import_, actor=actor, origin=Origin.SITE, now=timezone.now())
        except CannotUndo as refusal:
            refused, status = str(refusal), 409
        else:
            messages.success(request, f"De import van {import_.file_name} is ongedaan gemaakt.")
            return redirect(import_)
    else:
        refused = why_not(import_)
    context = {
        "programme": import_.programme,
        "may_manage": True,
        "nav": "import",
        "import": import_,
        "refused": refused,
        "created": sum(len(pks) for pks in import_.trace.get("created", {}).values()),
        "restored": import_.changes.get("updated", 0),
    }
    return render(request, "din/import_undo.html", context, status=status)
