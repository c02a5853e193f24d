from django.urls import path

from din.views import exports, import_continuation, import_log, plans, recuts, waiting, workbooks

urlpatterns = [
    path("programmas/<slug:slug>/herijking/", recuts.recuts, name="recuts"),
    path("programmas/<slug:slug>/herijking/nieuw/", recuts.new_recut, name="new_recut"),
    path("programmas/<slug:slug>/herijking/<int:pk>/", recuts.recut, name="recut"),
    path("programmas/<slug:slug>/herijking/<int:pk>/ongedaan-maken/", recuts.undo, name="undo_recut"),
    path("programmas/<slug:slug>/din/importeren/", workbooks.upload, name="import_workbook"),
    path(
        "programmas/<slug:slug>/din/importeren/voortgang/<slug:token>/",
        waiting.progress,
        name="import_progress",
    ),
    path("programmas/<slug:slug>/din/importeren/<int:pk>/", workbooks.preview, name="import_preview"),
    path("programmas/<slug:slug>/din/importeren/<int:pk>/kolommen/", workbooks.columns, name="import_columns"),
    path(
        "programmas/<slug:slug>/din/importeren/<int:pk>/vervolg/<int:place>/",
        import_continuation.choose,
        name="import_continuation",
    ),
    path("programmas/<slug:slug>/din/importeren/<int:pk>/bestand/", import_log.workbook, name="import_file"),
    path("programmas/<slug:slug>/din/importeren/<int:pk>/ongedaan-maken/", import_log.undo_import, name="undo_import"),
    path("programmas/<slug:slug>/din/exporteren/<int:pk>/", exports.export, name="export_workbook"),
    path("programmas/<slug:slug>/din/sjabloon.xlsx", exports.template, name="workbook_template"),
    path("programmas/<slug:slug>/plannen/<int:pk>/vaststellen/", plans.adopt, name="adopt_plan"),
]
