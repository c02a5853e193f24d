"""The road of tables into and out of a section of the admin: who may, how large, and what happens in between."""

import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.text import slugify
from django.views.decorators.http import require_POST
from import_export.admin import ExportMixin, ImportMixin
from import_export.forms import ConfirmImportForm, ExportForm, ImportForm
from import_export.tmp_storages import CacheStorage

from din.admin.formats import FORMATS, MAX_BYTES, TableFormat, Unreadable


class HourStorage(CacheStorage):
    """Keeps an upload between its preview and its confirmation: in the shared cache, for an hour."""

    CACHE_LIFETIME = 60 * 60
    CACHE_PREFIX = "admin-import-"


class BoundedImportForm(ImportForm):
    """The upload, of a size that can be handled."""

    def clean_import_file(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["import_file"]
        if upload.size is not None and upload.size > MAX_BYTES:
            raise ValidationError(
                f"Het bestand is groter dan {MAX_BYTES // 1024**2} MB. Verdeel het over meer bestanden."
            )
        return upload


class CheckedConfirmForm(ConfirmImportForm):
    """The confirmation, whose hidden fields came through the browser."""

    format = forms.TypedChoiceField(
        choices=[(str(index), entry.title) for index, entry in enumerate(FORMATS)], widget=forms.HiddenInput()
    )


class Export(ExportMixin):
    """The export of a section, for whoever may read it. Names its resource in `resource_classes`."""

    formats = FORMATS
    export_form_class = ExportForm

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_export_data(
        self, file_format: TableFormat, request: HttpRequest, queryset: QuerySet[Any], **kwargs: Any
    ) -> bytes:
        if not self.has_export_permission(request):
            raise PermissionDenied
        kwargs.pop("encoding", None)
        table = self.get_data_for_export(request, queryset, force_native_type=file_format.keeps_types, **kwargs)
        return file_format.export_data(table)

    def init_request_context_data(self, request: HttpRequest, form: forms.Form) -> dict[str, Any]:
        resources = [resource() for resource in self.get_export_resource_classes(request)]
        # import-export names only the columns that come back in.
        columns = [(resource.get_display_name(), resource.get_export_headers()) for resource in resources]
        return super().init_request_context_data(request, form) | {"fields_list": columns}

    def get_export_filename(self, request: HttpRequest, queryset: QuerySet[Any], file_format: TableFormat) -> str:
        name = slugify(str(self.model._meta.verbose_name_plural))
        return f"{name}-{datetime.date.today():%Y-%m-%d}.{file_format.get_extension()}"


class Exchange(ImportMixin, Export):
    """The export, and the import for whoever may add and change."""

    import_export_change_list_template = "admin/import_export/change_list_import_export.html"
    import_form_class = BoundedImportForm
    confirm_form_class = CheckedConfirmForm
    tmp_storage_class = HourStorage

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    def add_data_read_fail_error_to_form(self, form: forms.Form, e: Exception) -> None:
        sentence = str(e) if isinstance(e, Unreadable) else "Dit bestand kan niet worden gelezen. Is het formaat goed?"
        form.add_error("import_file", sentence)

    def get_import_data_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_import_data_kwargs(**kwargs) | {"rollback_on_validation_errors": True}

    @method_decorator(require_POST)
    @method_decorator(transaction.atomic)
    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Apply what was previewed, all of it with its lines in the audit trail or nothing."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        form = self.create_confirm_form(request)
        upload = None
        if form.is_valid():
            storage = self.get_tmp_storage_class()(name=form.cleaned_data["import_file_name"])
            upload = storage.read()
        if upload is None:
            messages.error(request, "Het bestand is niet meer bewaard. Bied het opnieuw aan.")
            return self._back_to_import()
        file_format = self.get_import_formats()[int(form.cleaned_data["format"])]()
        result = self.process_dataset(file_format.create_dataset(upload), form, request, **kwargs)
        storage.remove()
        if result.has_errors() or result.has_validation_errors():
            messages.error(
                request,
                "De gegevens zijn sinds de controle veranderd: er is niets doorgevoerd. Bied het bestand opnieuw aan.",
            )
            return self._back_to_import()
        return self.process_result(result, request)

    def _back_to_import(self) -> HttpResponse:
        app_label, model_name = self.get_model_info()
        return redirect(f"admin:{app_label}_{model_name}_import")
