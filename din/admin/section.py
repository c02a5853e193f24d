"""The base of the sections of the admin."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import flatten, flatten_fieldsets
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db import models
from django.db.models.functions import Coalesce
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.utils.text import Truncator
from simple_history.admin import SimpleHistoryAdmin

from din.admin.exchange import Exchange, Export
from din.admin.filtered_list import FilteredList
from din.admin.trailed import Trailed


def short(text: str) -> str:
    """A text of any length as one line of a list."""
    return Truncator(" ".join(text.split())).chars(90)


class OneQueryFilter(admin.RelatedFieldListFilter):
    """A filter on a foreign key that reads its choices in one query.

    Django's own asks each choice for its name, and the name of a plan or a round asks for its programme.
    """

    def field_choices(self, field: Any, request: HttpRequest, model_admin: admin.ModelAdmin) -> Any:
        model = field.remote_field.model
        named_by = [other.name for other in model._meta.fields if other.name in ("programme", "plan")]
        return [(item.pk, str(item)) for item in model._default_manager.select_related(*named_by)]


class History(SimpleHistoryAdmin):
    """The history of a section, to read. It has no way back: an old version is never written over the present."""

    history_list_per_page = 50

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        # With "revert" switched off simple-history hides the button only; a POST would still save.
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        request.reads_history = True  # type: ignore[attr-defined]
        return super().history_form_view(request, object_id, version_id, extra_context)

    def get_fieldsets(self, request: HttpRequest, obj: models.Model | None = None) -> Any:
        """On the page of an old version without the lines, of which no history is kept."""
        fieldsets = super().get_fieldsets(request, obj)
        if not reads_history(request):
            return fieldsets
        lines = {field.name for field in self.model._meta.many_to_many}
        return [
            (title, options | {"fields": [name for name in flatten(options["fields"]) if name not in lines]})
            for title, options in fieldsets
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[Any]:
        if reads_history(request):
            return flatten_fieldsets(self.get_fieldsets(request, obj))
        return list(super().get_readonly_fields(request, obj))


def reads_history(request: HttpRequest) -> bool:
    """Whether the page shows an old version."""
    return getattr(request, "reads_history", False)


class Listed(admin.ModelAdmin):
    """What the lists of all sections share."""

    # Boxes work without a script and with a keyboard, and are read aloud one by one.
    formfield_overrides = {
        models.ManyToManyField: {"widget": CheckboxSelectMultiple},
        models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 4})},
    }
    list_per_page = 50
    list_max_show_all = 500
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[FilteredList]:
        return FilteredList


class Section(Trailed, Exchange, History, Listed):
    """A section with import, export and history, whose writes come into the audit trail."""


def once(field: Any) -> Any:
    """A choice of one object whose choices are read once for a page, however many rows of the page offer it."""
    field.choices = [("", field.empty_label), *((item.pk, str(item)) for item in field.queryset)]
    return field


class ReadOnly(Export, Listed):
    """A section that is only ever read: nothing is added, changed or deleted here. It can be exported."""

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


def count_of(queryset: models.QuerySet[Any], link: str) -> Coalesce:
    """How many of `queryset` refer by `link` to a row of the list. A subquery: a join would group the whole table."""
    linked = queryset.filter(**{link: models.OuterRef("pk")}).order_by()
    return Coalesce(models.Subquery(linked.values(link).annotate(n=models.Count("pk")).values("n")), 0)
