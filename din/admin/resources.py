"""How a model becomes a table and comes back: the base of every section's resource.

Columns carry the Dutch names of the fields; a table that comes in may use the names of the code as well. A row is
checked by the model itself (full_clean), so that what a constraint refuses is told in its own sentence.
"""

import functools
import logging
from collections.abc import Callable, Iterable
from typing import Any

import tablib
from diff_match_patch import diff_match_patch  # type: ignore[import-untyped]
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.html import format_html, format_html_join
from import_export.fields import Field
from import_export.resources import Diff, ModelResource
from import_export.results import Error, RowResult

from din.admin import cells

logger = logging.getLogger(__name__)


class ImportRefused(ValueError):
    """The whole table is refused; str() is the sentence for the user."""


class ClassedDiff(Diff):
    """What changes in a row, marked with <del> and <ins>; import-export's own marks carry a style attribute."""

    def compare_with(self, resource: ModelResource, instance: Any) -> None:
        super().compare_with(resource, instance)
        if self.new:
            # The id of a preview is taken back with the rest of it.
            ids = [field.attribute == "id" for field in resource.get_import_fields()]
            self.right: list[Any] = ["" if is_id else value for is_id, value in zip(ids, self.right, strict=True)]

    def as_html(self) -> list[str]:
        comparer = diff_match_patch()
        comparer.Diff_Timeout = 0.05  # seconds a cell
        cells_: list[str] = []
        for old, new in zip(self.left, self.right, strict=True):
            parts = comparer.diff_main("" if self.new else _shown(old), _shown(new))
            comparer.diff_cleanupSemantic(parts)
            cells_.append(format_html_join("", "{}", ((_marked(kind, text),) for kind, text in parts)))
        return cells_


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def _marked(kind: int, text: str) -> str:
    tag = {diff_match_patch.DIFF_INSERT: "ins", diff_match_patch.DIFF_DELETE: "del"}.get(kind)
    return format_html(f"<{tag}>{{}}</{tag}>", text) if tag else text


class SpokenError(Error):
    """An error with a sentence for the user; what was not foreseen goes to the log instead of the screen."""

    def __init__(self, error: Exception, row: Any = None, number: int | None = None) -> None:
        if not isinstance(error, cells.CellError | ImportRefused | ValidationError):
            logger.error("A row of an import failed", exc_info=error)
            error = ImportRefused("Deze regel kon niet worden verwerkt. Controleer de gegevens.")
        super().__init__(error, row=row, number=number)


def shown(attribute: str, column_name: str, cell: type[cells.Cell] = cells.Cell) -> Field:
    """A column that is exported for its reader, and passed over when the table comes back."""
    return Field(attribute=attribute, column_name=column_name, widget=cell(), readonly=True)


class Resource(ModelResource):
    """The base. List the columns in Meta.fields; a column made with `shown` is named there too."""

    WIDGETS_MAP = {
        "CharField": cells.TextCell,
        "TextField": cells.TextCell,
        "SlugField": cells.TextCell,
        "EmailField": cells.TextCell,
        "BigAutoField": cells.WholeNumberCell,
        "AutoField": cells.WholeNumberCell,
        "PositiveIntegerField": cells.WholeNumberCell,
        "PositiveSmallIntegerField": cells.WholeNumberCell,
        "BigIntegerField": cells.WholeNumberCell,
        "DecimalField": cells.NumberCell,
        "DateField": cells.DateCell,
        "DateTimeField": cells.MomentCell,
        "BooleanField": cells.TruthCell,
        "ForeignKey": "get_fk_widget",
        "OneToOneField": "get_fk_widget",
        "ManyToManyField": "get_m2m_widget",
    }

    class Meta:
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True

    @classmethod
    def widget_from_django_field(cls, f: Any, default: Any = cells.Cell) -> Callable[..., Any]:
        if getattr(f, "choices", None):
            return functools.partial(cells.ChoiceCell, f.choices)
        return super().widget_from_django_field(f, default)

    @classmethod
    def get_fk_widget(cls, field: Any) -> Callable[..., Any]:
        return functools.partial(cells.ReferenceCell, field.related_model)

    @classmethod
    def get_m2m_widget(cls, field: Any) -> Callable[..., Any]:
        return functools.partial(cells.ReferencesCell, field.related_model)

    @classmethod
    def field_from_django_field(cls, field_name: str, django_field: Any, readonly: bool) -> Field:
        name = "id" if django_field.primary_key else str(django_field.verbose_name)
        return Field(
            attribute=field_name,
            column_name=name,
            widget=cls.widget_from_django_field(django_field)(),
            readonly=readonly,
            default=django_field.default,
        )

    @classmethod
    def get_diff_class(cls) -> type[Diff]:
        return ClassedDiff

    @classmethod
    def get_error_result_class(cls) -> type[Error]:
        return SpokenError

    # --- out -------------------------------------------------------------------------------------------------------

    def filter_export(self, queryset: models.QuerySet[Any], **kwargs: Any) -> models.QuerySet[Any]:
        """With everything that the columns follow, so that the number of queries does not grow with the rows."""
        single, many = [], []
        for field in self.fields.values():
            path = field.attribute.split("__")
            if isinstance(field.widget, cells.ReferencesCell):
                many.append(field.attribute)
            elif isinstance(field.widget, cells.ReferenceCell):
                single.append(field.attribute)
            elif len(path) > 1:
                single.append("__".join(path[:-1]))
        return queryset.select_related(*single).prefetch_related(*many)

    # --- in --------------------------------------------------------------------------------------------------------

    def get_import_fields(self) -> list[Field]:
        return [field for field in super().get_import_fields() if not field.readonly]

    def before_import(self, dataset: tablib.Dataset, **kwargs: Any) -> None:
        """Bring the headings to the names of the columns; a heading that means nothing is told, not passed over."""
        known = {name.casefold(): field.column_name for name, field in self.fields.items()}
        known |= {field.column_name.casefold(): field.column_name for field in self.fields.values()}
        given = [str(header).strip() for header in dataset.headers or []]
        if unknown := [header for header in given if header.casefold() not in known]:
            raise ImportRefused(f"Deze kolommen zijn niet bekend: {', '.join(unknown)}.")
        dataset.headers = [known[header.casefold()] for header in given]

    def import_row(self, row: Any, instance_loader: Any, **kwargs: Any) -> RowResult:
        if all(cells.is_empty(value) for value in row.values()):
            result = self.get_row_result_class()()
            result.import_type, result.diff = RowResult.IMPORT_TYPE_SKIP, []
            return result
        result = super().import_row(row, instance_loader, **kwargs)
        if result.validation_error is not None:
            result.validation_error = self._by_column(result.validation_error)
        return result

    def _by_column(self, error: ValidationError) -> ValidationError:
        """`error` with the names of the columns, as the user knows them, instead of those of the fields."""
        errors = error.update_error_dict({})
        return ValidationError(
            {
                name if name == NON_FIELD_ERRORS or name not in self.fields else self.fields[name].column_name: messages
                for name, messages in errors.items()
            }
        )

    def get_or_init_instance(self, instance_loader: Any, row: Any) -> tuple[Any, bool]:
        try:
            return super().get_or_init_instance(instance_loader, row)
        except cells.CellError as error:
            raise ValidationError({"id": str(error)}) from error

    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        errors: dict[str, Any] = {}
        try:
            super().import_instance(instance, row, **kwargs)
        except ValidationError as error:
            errors = error.update_error_dict({})
        for name, field in self._many_in(row):
            try:
                self.check_many(instance, name, field.clean(row))
            except cells.CellError as error:
                errors[name] = [ValidationError(str(error))]
            except ValidationError as error:
                errors[name] = error.error_list
        if errors:
            raise ValidationError(errors)

    def _many_in(self, row: Any) -> Iterable[tuple[str, Field]]:
        """The columns of `row` that hold several ids."""
        for field in self.get_import_fields():
            if isinstance(field.widget, cells.ReferencesCell) and field.column_name in row:
                yield field.attribute, field

    def check_many(self, instance: Any, name: str, objects: list[Any]) -> None:
        """Raise ValidationError when `objects` cannot be what `name` of `instance` refers to."""
