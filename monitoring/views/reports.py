"""The progress report as a file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from monitoring.models import ReportingRound
from monitoring.permissions import READ_CONCEPT_REPORT
from monitoring.report import report_of
from monitoring.report_xlsx import MEDIA_TYPE, render_xlsx


@require_safe
def download(request: HttpRequest, pk: int, format: str) -> HttpResponse:
    """The report of a round: an adopted one for everybody with a role, a concept for its manager."""
    rounds = ReportingRound.objects.readable_by(request.user).select_related("programme", "plan")
    round_ = get_object_or_404(rounds, pk=pk)
    if not round_.is_adopted:
        READ_CONCEPT_REPORT.require(request.user, round_.programme)
    document, sha256 = report_of(round_)
    response = HttpResponse(render_xlsx(document, sha256=sha256), content_type=MEDIA_TYPE)
    name = f"voortgang-{round_.programme.slug}-{round_.name}.{format}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
