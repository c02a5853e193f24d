"""Recording and reviewing a status in the admin: the same workflow and the same checks as the pages of the site."""

from dataclasses import replace
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest

from din.admin.cells import MomentCell
from din.admin.resources import Resource, shown
from din.admin.section import Export, History, Listed, OneQueryFilter, reads_history, short
from monitoring import workflow
from monitoring.admin.refusals import REFUSALS, AskingWorkflow, RefusableForm, sentence_of
from monitoring.models import AuditLine, Update
from monitoring.workflow import Action, Content

CONTENT: list[Any] = ["status", "explanation", "next_steps", "forecast"]
WRITING = (Action.SAVE, Action.SUBMIT)
REASONED = (Action.RETURN, Action.MARK_NOT_DELIVERED)


class UpdateForm(RefusableForm, forms.ModelForm):
    """What was recorded, and what is to be done with it. Saves nothing itself: UpdateAdmin asks the workflow."""

    action = forms.ChoiceField(label="Wat wilt u doen?")
    reason = forms.CharField(
        label="Reden",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        help_text="Verplicht bij terugsturen en bij niet aangeleverd. De eigenaar leest de reden.",
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Update
        fields = CONTENT

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored = Content.of(self.instance)
        actions = workflow.allowed_actions(self.instance, self.user) if self.user is not None else []
        action_field = self.fields["action"]
        assert isinstance(action_field, forms.ChoiceField)  # noqa: S101 - declared above
        action_field.choices = [(action.value, action.label) for action in actions]
        self.initial["seen_version"] = self.instance.version
        if isinstance(self.refusal, workflow.Conflict):
            # What was typed stays in the form; who saves it now has seen what it replaces.
            self.data = {**self.data.dict(), "seen_version": str(self.refusal.current.version)}  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if isinstance(self.refusal, workflow.Conflict):
            now = self.refusal.current
            self.add_error(
                None,
                f"Nu is opgeslagen: {now.get_state_display()}; status {now.get_status_display() or 'nog geen'}; "
                f"toelichting: {now.explanation or 'nog geen'}. Kies opnieuw wat u wilt doen: "
                "uw eigen tekst staat hieronder en vervangt die.",
            )
        chosen = cleaned.get("action")
        if chosen and chosen not in WRITING and self._typed() != self.stored:
            self.add_error(
                "action", f"U hebt de tekst gewijzigd: die gaat verloren bij {Action(chosen).label}. Bewaar die eerst."
            )
        return cleaned

    def _typed(self) -> Content:
        """What the form holds; a field that is only shown has not changed."""
        values = {name: self.cleaned_data.get(name, getattr(self.stored, name)) for name in CONTENT}
        values["status"] = values["status"] or ""
        return replace(self.stored, **values)


class UpdateResource(Resource):
    """Export only: whoever writes goes through the workflow."""

    programme_name = shown("round__programme__name", "programma")
    round_name = shown("round__label", "ronde")
    theme_name = shown("goal__theme__title", "onderdeel")
    goal_reference = shown("goal__reference", "doelnummer")
    goal_text = shown("goal__text", "doel")
    owner_name = shown("goal__owner__name", "eigenaar")
    changed_at = shown("changed_at", "laatst gewijzigd", MomentCell)
    changed_by_name = shown("changed_by__username", "laatst gewijzigd door")

    class Meta:
        model = Update
        fields = (
            "id",
            "programme_name",
            "round_name",
            "theme_name",
            "goal_reference",
            "goal_text",
            "owner_name",
            "state",
            "status",
            "explanation",
            "next_steps",
            "forecast",
            "return_reason",
            "not_delivered_reason",
            "changed_at",
            "changed_by_name",
        )


@admin.register(Update)
class UpdateAdmin(AskingWorkflow, Export, History, Listed):
    form = UpdateForm
    resource_classes = [UpdateResource]
    actions = ["approve_selected"]
    list_display = ["goal_reference", "goal_text", "state", "status", "owner", "round", "forecast", "changed_at"]
    list_display_links = ["goal_reference", "goal_text"]
    list_filter = [("round", OneQueryFilter), "state", "status", ("goal__theme", OneQueryFilter)]
    search_fields = ["goal__text", "=goal__number", "goal__owner__name", "goal__theme__name", "explanation"]
    search_help_text = "Zoek op doel, nummer, eigenaar, onderdeel of toelichting."
    date_hierarchy = "changed_at"
    ordering = ["round", "goal__position", "pk"]
    fieldsets = [
        (None, {"fields": ["goal", "round", "owner", "state", "earlier_reason", "changed_at", "changed_by"]}),
        ("Voortgang", {"fields": CONTENT}),
        ("Doen", {"fields": ["action", "reason", "seen_version"]}),
    ]
    _shown = ["goal", "round", "owner", "state", "earlier_reason", "changed_at", "changed_by"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Update]:
        updates: QuerySet[Update] = super().get_queryset(request)
        return updates.select_related(
            "goal__plan__programme", "goal__theme", "goal__owner", "round__programme", "changed_by"
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # updates appear when a round opens

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Update | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.round.is_running)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        if reads_history(request):
            return [*self._shown, *CONTENT]
        if obj is None or "explanation" in request.POST:
            return self._shown  # what somebody typed is never left out of the page that comes back
        can_write = any(
            action in WRITING for action in workflow.allowed_actions(obj, cast(AbstractBaseUser, request.user))
        )
        return self._shown if can_write else [*self._shown, *CONTENT]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        can_act = self.has_change_permission(request, obj) and not reads_history(request)
        return self.fieldsets if can_act else self.fieldsets[:2]

    def get_form(self, request: HttpRequest, obj: Update | None = None, change: bool = False, **kwargs: Any) -> Any:
        if reads_history(request) or (obj is not None and not self.has_change_permission(request, obj)):
            kwargs["form"] = forms.ModelForm  # only to be read: there is nothing to choose
        return super().get_form(request, obj, change=change, **kwargs)

    def save_model(self, request: HttpRequest, obj: Update, form: UpdateForm, change: bool) -> None:
        act(
            Action(form.cleaned_data["action"]),
            update=obj,
            actor=request.user,
            version=form.cleaned_data["seen_version"],
            content=form._typed(),
            reason=form.cleaned_data["reason"],
        )

    @admin.action(description="Goedkeuren wat is ingediend", permissions=["change"])
    def approve_selected(self, request: HttpRequest, queryset: QuerySet[Update]) -> None:
        """Approve each of the selected updates that the workflow lets go; say why the others stay."""
        approved, refused = 0, {}
        for update in queryset:
            try:
                act(Action.APPROVE, update=update, actor=request.user, version=update.version)
            except REFUSALS as refusal:
                refused[str(update.goal)] = sentence_of(refusal)
            else:
                approved += 1
        if approved:
            messages.success(request, "1 doel is goedgekeurd." if approved == 1 else f"{approved} doelen goedgekeurd.")
        for goal, sentence in list(refused.items())[:20]:
            messages.warning(request, f"Niet goedgekeurd: {goal} – {sentence}")
        if len(refused) > 20:
            messages.warning(request, f"En nog {len(refused) - 20} andere zijn niet goedgekeurd.")

    @admin.display(description="nummer", ordering="goal__number")
    def goal_reference(self, update: Update) -> str:
        return update.goal.reference or "–"

    @admin.display(description="doel", ordering="goal__text")
    def goal_text(self, update: Update) -> str:
        return short(update.goal.text)

    @admin.display(description="eigenaar", ordering="goal__owner__name")
    def owner(self, update: Update) -> str:
        return update.goal.owner.name if update.goal.owner else "–"

    @admin.display(description="eerder opgegeven reden")
    def earlier_reason(self, update: Update) -> str:
        return update.return_reason or update.not_delivered_reason or "–"


def act(
    action: Action,
    *,
    update: Update,
    actor: Any,
    version: int,
    content: Content | None = None,
    reason: str = "",
) -> Update:
    """Do `action` by way of the workflow; raises what the workflow raises."""
    asked: dict[str, Any] = {
        "update": update,
        "actor": actor,
        "origin": AuditLine.Origin.ADMIN,
        "version": version,
    }
    if action in WRITING:
        asked["content"] = content
    if action in REASONED:
        asked["reason"] = reason
    return _OPERATIONS[action](**asked)


_OPERATIONS: dict[Action, Any] = {
    Action.SAVE: workflow.save_draft,
    Action.SUBMIT: workflow.submit,
    Action.WITHDRAW: workflow.withdraw,
    Action.APPROVE: workflow.approve,
    Action.RETURN: workflow.return_to_owner,
    Action.MARK_NOT_DELIVERED: workflow.mark_not_delivered,
}
