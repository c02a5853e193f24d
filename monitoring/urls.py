from django.urls import path, register_converter

from monitoring.report.formats.registry import FORMATS
from monitoring.views import (
    adoption,
    attention,
    changes,
    commitment_exchange,
    commitments,
    corrections,
    dashboards,
    goals,
    indicator_entry,
    indicators,
    measurement_exchange,
    network,
    owners,
    programmes,
    reassigning,
    recording,
    reminding,
    reports,
    reviews,
    rounds,
    search,
    texts,
    updates,
    word_templates,
)


class FileFormat:
    """A format in which something can be had as a file; another one is no page."""

    regex = ""

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class ReportFormat(FileFormat):
    regex = "|".join(FORMATS)


class NetworkFormat(FileFormat):
    regex = "svg|html"


register_converter(ReportFormat, "report_format")
register_converter(NetworkFormat, "network_format")

urlpatterns = [
    path("", programmes.home, name="home"),
    path("programmas/", programmes.programme_list, name="programmes"),
    path("programmas/<slug:slug>/", dashboards.programme, name="programme"),
    path("programmas/<slug:slug>/onderdelen/<int:pk>/", dashboards.theme, name="theme"),
    path("programmas/<slug:slug>/doelen/", goals.goal_list, name="goals"),
    path("programmas/<slug:slug>/aandacht/", attention.attention, name="attention"),
    path("programmas/<slug:slug>/veranderd/", changes.changes, name="changes"),
    path("programmas/<slug:slug>/indicatoren/", indicators.indicator_list, name="indicators"),
    path(
        "programmas/<slug:slug>/indicatoren/metingen.xlsx",
        measurement_exchange.export_measurements,
        name="export_measurements",
    ),
    path(
        "programmas/<slug:slug>/indicatoren/invoerblad.xlsx",
        measurement_exchange.measurement_template,
        name="measurement_template",
    ),
    path(
        "programmas/<slug:slug>/indicatoren/importeren/",
        measurement_exchange.import_measurements,
        name="import_measurements",
    ),
    path("programmas/<slug:slug>/indicatoren/nieuw/", indicator_entry.add_indicator, name="add_indicator"),
    path("programmas/<slug:slug>/indicatoren/<int:pk>/", indicators.indicator, name="indicator"),
    path("programmas/<slug:slug>/netwerk/", network.network, name="network"),
    path("programmas/<slug:slug>/toezeggingen/", commitments.commitment_list, name="commitments"),
    path(
        "programmas/<slug:slug>/toezeggingen/toezeggingen.xlsx",
        commitment_exchange.export_commitments,
        name="export_commitments",
    ),
    path(
        "programmas/<slug:slug>/toezeggingen/importeren/",
        commitment_exchange.import_commitments,
        name="import_commitments",
    ),
    path("programmas/<slug:slug>/toezeggingen/nieuw/", commitments.new_commitment, name="new_commitment"),
    path("programmas/<slug:slug>/toezeggingen/<int:pk>/", commitments.commitment, name="commitment"),
    path(
        "programmas/<slug:slug>/toezeggingen/<int:pk>/wijzigen/",
        commitments.change_commitment,
        name="change_commitment",
    ),
    path("programmas/<slug:slug>/toezeggingen/<int:pk>/voorstel/", commitments.settlement, name="settlement"),
    path(
        "programmas/<slug:slug>/toezeggingen/<int:pk>/stap/<slug:action>/",
        commitments.commitment_step,
        name="commitment_step",
    ),
    path(
        "programmas/<slug:slug>/indicatoren/<int:pk>/wijzigen/",
        indicator_entry.change_indicator,
        name="change_indicator",
    ),
    path("programmas/<slug:slug>/indicatoren/<int:pk>/streefwaarde/", indicator_entry.add_target, name="add_target"),
    path(
        "programmas/<slug:slug>/indicatoren/<int:pk>/meting/",
        indicator_entry.add_measurement,
        name="add_measurement",
    ),
    path("streefwaarden/<int:pk>/herzien/", indicator_entry.revise, name="revise_target"),
    path("metingen/<int:pk>/", indicator_entry.correct_measurement, name="change_measurement"),
    path("programmas/<slug:slug>/netwerk/netwerk.<network_format:format>", network.network_file, name="network_file"),
    path("programmas/<slug:slug>/eigenaren/", owners.owners, name="owners"),
    path("programmas/<slug:slug>/eigenaren/<int:pk>/losmaken/", owners.unlink, name="unlink_owner"),
    path("programmas/<slug:slug>/rondes/nieuw/", rounds.open_round, name="open_round"),
    path("programmas/<slug:slug>/sjabloon/", word_templates.word_template, name="word_template"),
    path("programmas/<slug:slug>/sjabloon/gebruik/", word_templates.use_word_template, name="use_word_template"),
    path(
        "programmas/<slug:slug>/sjabloon/standaardsjabloon.docx",
        word_templates.standard_word_template,
        name="standard_word_template",
    ),
    path(
        "programmas/<slug:slug>/sjabloon/<int:pk>/sjabloon.docx",
        word_templates.word_template_file,
        name="word_template_file",
    ),
    path(
        "programmas/<slug:slug>/sjabloon/<int:pk>/proefrapport.docx",
        word_templates.word_template_trial,
        name="word_template_trial",
    ),
    path("doelen/<int:pk>/", goals.goal, name="goal"),
    path("doelen/<int:pk>/eigenaar/", reassigning.reassign_goal, name="reassign_goal"),
    path("doelen/<int:pk>/voortgang/", recording.record, name="record_update"),
    path("zoeken/", search.search, name="search"),
    path("mijn-doelen/", updates.worklist, name="worklist"),
    path("mijn-doelen/ronde/<int:pk>/", updates.record_all, name="record_all"),
    path("rondes/<int:pk>/", rounds.manage, name="round"),
    path("rondes/<int:pk>/dagen/", rounds.settings, name="round_settings"),
    path("rondes/<int:pk>/goedkeuren/", reviews.approve_many, name="approve_many"),
    path("rondes/<int:pk>/herinneren/", reminding.remind, name="remind"),
    path("rondes/<int:pk>/stap/", rounds.step, name="round_step"),
    path("rondes/<int:pk>/doelen/<int:goal_pk>/", reviews.review, name="review_update"),
    path("rondes/<int:pk>/vaststellen/", adoption.adopt, name="adopt_round"),
    path("rondes/<int:pk>/teksten/", texts.texts, name="report_texts"),
    path("rondes/<int:pk>/edities/", reports.editions, name="editions"),
    path("rondes/<int:pk>/correctie/", corrections.correct_report, name="correct_report"),
    path("rondes/<int:pk>/rapport/", reports.screen, name="report_page"),
    path("rondes/<int:pk>/rapport.<report_format:format>", reports.download, name="report"),
]
