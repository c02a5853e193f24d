"""Reporting rounds: what was planned is edited here, every step goes through the workflow."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import ForeignKey, QuerySet
from django.forms import ModelChoiceField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from din.admin.cells import MomentCell
from din.admin.plans import plan_choices
from din.admin.resources import Resource, shown
from din.admin.section import OneQueryFilter, Section, count_of
from monitoring import workflow
from monitoring.admin.refusals import REFUSALS, AskingWorkflow, RefusableForm, sentence_of
from monitoring.models import AuditLine, ReportingRound, Update
from monitoring.workflow import RoundAction

# What a round is about cannot change once goals have been reported on in it.
SUBJECT = ["programme", "plan", "year", "half"]
EDITED = [*SUBJECT, "opens_on", "deadline", "grace_days"]

_OPERATIONS: dict[RoundAction, Any] = {
    RoundAction.OPEN: workflow.open_round,
    RoundAction.START_REVIEW: workflow.start_review,
    RoundAction.REOPEN: workflow.reopen,
    RoundAction.COMPLETE: workflow.complete,
    RoundAction.ADOPT: workflow.adopt,
}

_CONSEQUENCES = {
    RoundAction.OPEN: "Alle lopende doelen van het plan komen op de werklijst van hun eigenaar.",
    RoundAction.START_REVIEW: "Eigenaren kunnen daarna alleen nog wijzigen wat u terugstuurt.",
    RoundAction.REOPEN: "Eigenaren kunnen daarna weer voortgang vastleggen en indienen.",
    RoundAction.COMPLETE: "Doelen die na het openen in het plan zijn gekomen, komen erbij.",
    RoundAction.ADOPT: "Daarna verandert er niets meer in deze ronde. Dit is niet terug te draaien.",
}


class RoundForm(RefusableForm, forms.ModelForm):
    class Meta:
        model = ReportingRound
        fields = EDITED


class ReportingRoundResource(Resource):
    """A new round comes in as planned; its state and its adoption only go out."""

    programme_name = shown("programme__name", "programma (naam)")
    plan_name = shown("plan__name", "plan (naam)")
    state_name = shown("get_state_display", "stand")
    adopted_at = shown("adopted_at", "vastgesteld op", MomentCell)

    class Meta:
        model = ReportingRound
        fields = (
            "id",
            "programme",
            "programme_name",
            "plan",
            "plan_name",
            "year",
            "half",
            "state_name",
            "opens_on",
            "deadline",
            "grace_days",
            "adopted_at",
        )

    def validate_instance(
        self, instance: ReportingRound, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        if instance.pk is not None:
            refuse_change(instance)
        super().validate_instance(instance, import_validation_errors, validate_unique)

    def do_instance_save(self, instance: ReportingRound, is_create: bool) -> None:
        save(instance, is_create=is_create)


def refuse_change(round_: ReportingRound) -> None:
    """Raise ValidationError when `round_`, about to be saved, changes what no longer may change. Locks its row."""
    stored = ReportingRound.objects.select_for_update().filter(pk=round_.pk).first()
    if stored is None:
        return
    if stored.is_adopted:
        raise ValidationError("Deze ronde is vastgesteld: er verandert niets meer.")
    moved = any(getattr(stored, name) != getattr(round_, name) for name in ("programme_id", "plan_id", "year", "half"))
    if moved and stored.state != ReportingRound.State.PLANNED:
        raise ValidationError("Deze ronde is al geopend: programma, plan en half jaar liggen vast.")


def save(round_: ReportingRound, *, is_create: bool) -> None:
    """Save what may be edited, and never the state: the workflow may have moved that since `round_` was read."""
    if is_create:
        round_.save(force_insert=True)
    else:
        round_.save(update_fields=EDITED)


@admin.register(ReportingRound)
class ReportingRoundAdmin(AskingWorkflow, Section):
    form = RoundForm
    resource_classes = [ReportingRoundResource]
    change_form_template = "admin/monitoring/reportinground/change_form.html"
    list_display = ["label", "programme", "plan", "state", "opens_on", "deadline", "finished", "adopted_at"]
    list_filter = [("programme", OneQueryFilter), "state", "year", "half"]
    list_select_related = ["programme", "plan__programme"]
    search_fields = ["programme__name", "plan__name", "=year"]
    search_help_text = "Zoek op programma, plan of jaar."
    date_hierarchy = "deadline"
    ordering = ["programme", "-year", "-half"]
    fieldsets = [
        (None, {"fields": ["programme", "plan", ("year", "half")]}),
        ("Termijnen", {"fields": ["opens_on", "deadline", "grace_days"]}),
        ("Stand", {"fields": ["state", "adopted_at", "adopted_by"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReportingRound]:
        updates = Update.objects.all()
        return (
            super()
            .get_queryset(request)
            .annotate(
                update_count=count_of(updates, "round"),
                finished_count=count_of(updates.filter(state__in=Update.FINISHED), "round"),
            )
        )

    def has_change_permission(self, request: HttpRequest, obj: ReportingRound | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or not obj.is_adopted)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        fixed = [*super().get_readonly_fields(request, obj), "state", "adopted_at", "adopted_by"]
        return fixed if obj is None or obj.state == ReportingRound.State.PLANNED else [*SUBJECT, *fixed]

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        return plan_choices(field) if db_field.name == "plan" else field

    def save_model(self, request: HttpRequest, obj: ReportingRound, form: RoundForm, change: bool) -> None:
        if change:
            refuse_change(obj)
        save(obj, is_create=not change)

    # --- the steps -------------------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.step)
        return [path("<int:pk>/stap/<str:action>/", view, name="monitoring_reportinground_step"), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        round_: ReportingRound | None = kwargs.get("obj")
        actions = workflow.allowed_round_actions(round_) if round_ else []
        may_step = self.has_change_permission(request, round_)
        context["steps"] = [
            {
                "label": action.label,
                "consequence": _CONSEQUENCES[action],
                "url": reverse("admin:monitoring_reportinground_step", args=[round_ and round_.pk, action.value]),
            }
            for action in (actions if may_step else [])
            if action in _OPERATIONS
        ]
        return super().render_change_form(request, context, *args, **kwargs)

    def step(self, request: HttpRequest, pk: int, action: str) -> HttpResponse:
        """Ask whether the step is meant, and on a POST take it by way of the workflow."""
        round_ = get_object_or_404(self.get_queryset(request).select_related("programme", "plan"), pk=pk)
        try:
            step = RoundAction(action)
        except ValueError as error:
            raise Http404 from error
        if step not in _OPERATIONS:
            raise Http404
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            try:
                _OPERATIONS[step](round_=round_, actor=request.user, origin=AuditLine.Origin.ADMIN)
            except REFUSALS as refusal:
                messages.error(request, sentence_of(refusal))
            else:
                messages.success(request, f"Gedaan: {round_} {step.label}.")
            return redirect("admin:monitoring_reportinground_change", pk)
        context = {
            **self.admin_site.each_context(request),
            "title": f"{step.label.capitalize()}: {round_}",
            "opts": self.opts,
            "round": round_,
            "label": step.label,
            "consequence": _CONSEQUENCES[step],
        }
        return TemplateResponse(request, "admin/monitoring/reportinground/step.html", context)

    @admin.display(description="ronde", ordering="year")
    def label(self, round_: ReportingRound) -> str:
        return round_.label

    @admin.display(description="afgerond")
    def finished(self, round_: ReportingRound) -> str:
        return f"{round_.finished_count} van {round_.update_count}"  # type: ignore[attr-defined]
