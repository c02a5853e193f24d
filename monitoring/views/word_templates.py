"""The template of the report in Word: which is in force, a new one, a report to try it with, and back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from din.models import Programme
from monitoring.models import ReportingRound, WordTemplate, WordTemplateUse
from monitoring.permissions import MANAGE_WORD_TEMPLATE
from monitoring.report.build import report_source
from monitoring.report.formats.registry import FORMATS
from monitoring.report.frozen import ReportSource, freeze
from monitoring.report.rendering import RenderingFailed
from monitoring.report.word.example import EXAMPLE
from monitoring.report.word.fields import field_groups
from monitoring.report.word.package import MEDIA_TYPE
from monitoring.report.word.package_check import PACKED_BYTES
from monitoring.report.word.standard_template import NAME, standard_template
from monitoring.report.word_templates import TemplateRefused, keep_template, put_in_force
from monitoring.views.reading import readable_programme


class WordTemplateForm(forms.Form):
    """A template, and what is new in it."""

    template = forms.FileField(
        label="Sjabloon",
        help_text="Een Word-document (.docx) van hooguit 5 MB.",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".docx"}),
        error_messages={"required": "Kies het sjabloon dat u wilt uploaden."},
    )
    note = forms.CharField(
        label="Opmerking",
        help_text="Bijvoorbeeld wat er anders is. Mag leeg blijven.",
        max_length=300,
        required=False,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def word_template(request: HttpRequest, slug: str) -> HttpResponse:
    """The templates of a programme; a POST checks one and keeps it, without putting it in force."""
    programme = _managed(request, slug)
    if request.method != "POST":
        return _page(request, programme, WordTemplateForm())
    form = WordTemplateForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, programme, form, status=422)
    file: UploadedFile = form.cleaned_data["template"]
    user: Any = request.user
    try:
        kept = keep_template(
            programme,
            file_name=file.name or "sjabloon.docx",
            # One byte over the limit is enough to refuse it.
            content=file.read(PACKED_BYTES + 1),
            note=form.cleaned_data["note"],
            actor=user,
            at=timezone.now(),
        )
    except TemplateRefused as refused:
        return _page(request, programme, form, findings=refused.findings, status=422)
    messages.success(request, f"{kept.file_name} is nagekeken en bewaard. U kunt er een proefrapport mee maken.")
    return redirect("word_template", slug)


@require_POST
def use_word_template(request: HttpRequest, slug: str) -> HttpResponse:
    """Put a template in force, or with an empty `template` the standard one."""
    programme = _managed(request, slug)
    chosen = None
    if asked := request.POST.get("template", ""):
        if not (asked.isascii() and asked.isdecimal() and len(asked) < 19):
            raise Http404("Dit sjabloon is er niet.")
        chosen = get_object_or_404(WordTemplate.objects.without_contents(), programme=programme, pk=int(asked))
    user: Any = request.user
    if put_in_force(programme, chosen, actor=user, at=timezone.now()):
        messages.success(request, f"Vanaf nu worden rapporten gemaakt met {chosen or 'het standaardsjabloon'}.")
    return redirect("word_template", slug)


@require_safe
def standard_word_template(request: HttpRequest, slug: str) -> HttpResponse:
    """The standard template, to change."""
    _managed(request, slug)
    return _file(standard_template(), NAME)


@require_safe
def word_template_file(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A template as it was uploaded."""
    template = get_object_or_404(WordTemplate, programme=_managed(request, slug), pk=pk)
    return _file(bytes(template.content), f"sjabloon-{slug}-{pk}.docx")


@require_safe
def word_template_trial(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The report of the newest round made with a template; an example when there is no round yet."""
    programme = _managed(request, slug)
    template = get_object_or_404(WordTemplate, programme=programme, pk=pk)
    rounds = ReportingRound.objects.readable_by(request.user).filter(programme=programme)
    newest = rounds.select_related("programme", "plan").order_by("year", "half").last()
    source = report_source(newest) if newest else ReportSource(freeze(EXAMPLE)[0], "")
    try:
        made = FORMATS["docx"].render(replace(source, template=bytes(template.content)))
    except RenderingFailed as failed:
        return _page(request, programme, WordTemplateForm(), error=str(failed), status=422)
    return _file(made, f"proefrapport-{slug}-{pk}.docx")


def _managed(request: HttpRequest, slug: str) -> Programme:
    programme = readable_programme(request, slug)
    MANAGE_WORD_TEMPLATE.require(request.user, programme)
    return programme


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _page(
    request: HttpRequest, programme: Programme, form: WordTemplateForm, *, status: int = 200, **more: object
) -> HttpResponse:
    uses = WordTemplateUse.objects.select_related("template", "chosen_by").defer("template__content")
    context = {
        "programme": programme,
        "may_manage": True,
        "nav": "rounds",
        "form": form,
        "in_force": uses.in_force(programme.pk, at=timezone.now()),
        "templates": WordTemplate.objects.filter(programme=programme).without_contents().select_related("uploaded_by"),
        "field_groups": field_groups(),
        **more,
    }
    return render(request, "monitoring/word_template.html", context, status=status)
