"""Taking a plan out again as a DIN workbook, and a blank one to begin with."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from din.document_of_plan import document_of_plan, remarks_on_ended_goals
from din.models import Plan, Programme
from din.writing import MEDIA_TYPE, template_workbook, workbook_of


@require_safe
def export(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The plan as a DIN workbook, for everybody who may read it."""
    plans = Plan.objects.readable_by(request.user).select_related("programme")
    plan = get_object_or_404(plans, programme__slug=slug, pk=pk)
    content = workbook_of(
        document_of_plan(plan),
        title=f"{plan.name} – {plan.programme.name}",
        year=plan.first_year,
        remarks=remarks_on_ended_goals(plan),
    )
    return _file(content, f"din-{slug}-{plan.first_year}.xlsx")


@require_safe
def template(request: HttpRequest, slug: str) -> HttpResponse:
    """A blank workbook to fill in, for everybody who may read the programme."""
    programme = get_object_or_404(Programme.objects.readable_by(request.user), slug=slug)
    made = timezone.localtime().replace(tzinfo=None)
    return _file(template_workbook(title=f"DIN – {programme.name}", made=made), f"din-sjabloon-{slug}.xlsx")


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
