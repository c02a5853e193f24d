"""What the workflow refuses, shown as errors of the form that asked for it."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse

from monitoring import workflow

REFUSALS = (workflow.Refused, workflow.Conflict, PermissionDenied, ValidationError)


def sentence_of(refusal: Exception) -> str:
    """The refusal as one sentence."""
    if isinstance(refusal, ValidationError):
        return " ".join(refusal.messages)
    return str(refusal)


def add_refusal(form: Form, refusal: Exception) -> None:
    """Put `refusal` on the fields of `form` that it is about, or else at its top."""
    if isinstance(refusal, ValidationError) and hasattr(refusal, "error_dict"):
        for name, errors in refusal.error_dict.items():
            form.add_error(name if name in form.fields else None, ValidationError(errors))
    else:
        form.add_error(None, sentence_of(refusal))


class AskingWorkflow(admin.ModelAdmin):
    """A section that saves through the workflow.

    A refusal comes while saving, when the form has already been found valid. So everything is rolled back and the
    page is made once more with the refusal at hand, for the form to show above what was typed.
    """

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            with transaction.atomic():
                return super().changeform_view(request, object_id, form_url, extra_context)
        except (workflow.Refused, workflow.Conflict, ValidationError) as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form_class = super().get_form(request, obj, change=change, **kwargs)
        context = {"user": request.user, "refusal": getattr(request, "refusal", None)}
        return type(form_class.__name__, (form_class,), context)


class RefusableForm(Form):
    """A form mixin that shows the refusal of the attempt before, and knows who is asking."""

    user: Any = None
    refusal: Exception | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.refusal is not None:
            add_refusal(self, self.refusal)
        return cleaned
