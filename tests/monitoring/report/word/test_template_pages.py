"""The page with the templates of a programme: uploading, trying, putting in force, and back."""

from __future__ import annotations

import datetime
import io
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from din.models import Programme
from monitoring.models import AuditLine, WordTemplate, WordTemplateUse
from monitoring.report.build import report_source
from monitoring.report.formats.registry import FORMATS
from monitoring.report.rendering import RenderingFailed
from monitoring.report.word.fields import FIELDS, every_field, field_groups
from monitoring.report.word.standard_template import standard_template
from monitoring.report.word_templates import keep_template, put_in_force, template_findings, template_in_force
from tests.cast import Stage
from tests.conftest import LogIn
from tests.monitoring.report.word.reading import broken_rules, every_text, opened
from tests.monitoring.report.word.templates import MAIN, changed, with_text
from tests.monitoring.test_corrections import make as corrected

OWN = changed(MAIN, "Samenvatting", "Hoe staan wij ervoor?")


@pytest.fixture
def manager(stage: Stage, log_in: LogIn) -> Client:
    return log_in(stage.people.manager)


def page(stage: Stage) -> str:
    return reverse("word_template", args=[stage.programme.slug])


def upload(client: Client, stage: Stage, content: bytes, name: str = "huisstijl.docx") -> HttpResponse:
    return client.post(page(stage), {"template": SimpleUploadedFile(name, content), "note": "Eerste proef"})  # type: ignore[return-value]


def use(client: Client, stage: Stage, template: WordTemplate | None) -> HttpResponse:
    address = reverse("use_word_template", args=[stage.programme.slug])
    return client.post(address, {"template": template.pk if template else ""})  # type: ignore[return-value]


def said(client: Client, stage: Stage, round_: str = "open_round") -> str:
    response = client.get(reverse("report", args=[getattr(stage, round_).pk, "docx"]))
    assert response.status_code == 200
    return every_text(opened(response.content))


def test_the_page_explains_every_field(stage: Stage, manager: Client) -> None:
    text = manager.get(page(stage)).content.decode()
    for group in field_groups():
        prefix = f"{group.item}." if group.item else ""
        assert [one.name for one in group.fields if f"<code>{prefix}{one.name}</code>" not in text] == []
    assert {one.name for group in field_groups() for one in group.fields} == {
        path.rpartition(".")[2] for path, _ in every_field(FIELDS)
    }
    assert "Het standaardsjabloon" in text


def test_the_standard_template_can_be_changed_and_uploaded(stage: Stage, manager: Client) -> None:
    given = manager.get(reverse("standard_word_template", args=[stage.programme.slug]))
    assert given.content == standard_template()
    word = opened(given.content)
    next(one for one in word.paragraphs if one.text == "Samenvatting").text = "In het kort"
    file = io.BytesIO()
    word.save(file)
    assert upload(manager, stage, file.getvalue()).status_code == 302
    kept = WordTemplate.objects.get()
    assert (kept.file_name, kept.note, kept.uploaded_by) == ("huisstijl.docx", "Eerste proef", stage.people.manager)
    assert bytes(kept.content) == file.getvalue()
    assert "In het kort" not in said(manager, stage), "kept is not in force"
    use(manager, stage, kept)
    assert "In het kort" in said(manager, stage)


def test_a_report_to_try_it_with_comes_before_it_is_in_force(stage: Stage, manager: Client) -> None:
    upload(manager, stage, OWN)
    kept = WordTemplate.objects.get()
    response = manager.get(reverse("word_template_trial", args=[stage.programme.slug, kept.pk]))
    text = every_text(opened(response.content))
    assert "Hoe staan wij ervoor?" in text
    assert stage.open_round.label in text
    assert broken_rules(response.content) == []
    assert not WordTemplateUse.objects.exists()
    given = manager.get(reverse("word_template_file", args=[stage.programme.slug, kept.pk]))
    assert given.content == OWN
    for file, name in ((response, "proefrapport"), (given, "sjabloon")):
        assert file["Content-Type"] == FORMATS["docx"].media_type
        assert file["Content-Disposition"] == f'attachment; filename="{name}-{stage.programme.slug}-{kept.pk}.docx"'


def test_a_report_that_cannot_be_tried_is_a_sentence_on_the_page(
    stage: Stage, manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(source: object) -> bytes:
        raise RenderingFailed("Het bestand kon niet worden gemaakt.")

    upload(manager, stage, OWN)
    monkeypatch.setitem(FORMATS, "docx", replace(FORMATS["docx"], render=broken))
    response = manager.get(reverse("word_template_trial", args=[stage.programme.slug, WordTemplate.objects.get().pk]))
    assert response.status_code == 422
    assert "kon niet worden gemaakt" in response.content.decode()


def test_a_programme_without_a_round_is_tried_with_an_example(stage: Stage, log_in: LogIn) -> None:
    other = Programme.objects.create(name="Nieuw", slug="nieuw", first_year=2024, last_year=2025)
    other.managers.add(stage.people.manager)
    kept = keep_template(other, file_name="x.docx", content=OWN, note="", actor=stage.people.manager, at=timezone.now())
    response = log_in(stage.people.manager).get(reverse("word_template_trial", args=["nieuw", kept.pk]))
    assert "Voorbeeldprogramma" in every_text(opened(response.content))


def test_back_to_the_standard_one(stage: Stage, manager: Client) -> None:
    upload(manager, stage, OWN)
    use(manager, stage, WordTemplate.objects.get())
    assert "Hoe staan wij ervoor?" in said(manager, stage)
    use(manager, stage, None)
    assert "Hoe staan wij ervoor?" not in said(manager, stage)
    assert [one.template_id is None for one in WordTemplateUse.objects.order_by("pk")] == [False, True]


def test_choosing_the_same_again_writes_nothing(stage: Stage, manager: Client) -> None:
    use(manager, stage, None)
    assert not WordTemplateUse.objects.exists()
    upload(manager, stage, OWN)
    kept = WordTemplate.objects.get()
    use(manager, stage, kept)
    use(manager, stage, kept)
    upload(manager, stage, OWN)
    assert WordTemplateUse.objects.count() == WordTemplate.objects.count() == 1
    assert list(AuditLine.objects.order_by("pk").values_list("action", "actor", "note")) == [
        ("upload", stage.people.manager.pk, kept.sha256),
        ("use", stage.people.manager.pk, kept.sha256),
    ]


def test_an_adopted_report_keeps_the_template_of_its_day(stage: Stage, manager: Client) -> None:
    upload(manager, stage, OWN)
    use(manager, stage, WordTemplate.objects.get())
    before = said(manager, stage, "adopted_round")
    assert "Hoe staan wij ervoor?" not in before
    assert report_source(stage.adopted_round, with_template=True).template == b""
    corrected(stage)
    assert report_source(stage.adopted_round, with_template=True).template == OWN, "a correction is made today"
    assert report_source(stage.adopted_round, edition=1, with_template=True).template == b""
    assert report_source(stage.open_round, with_template=True).template == OWN
    assert report_source(stage.open_round).template == b""


def test_what_was_in_force_is_known_of_every_moment(stage: Stage) -> None:
    actor, programme = stage.people.manager, stage.programme
    first, then = timezone.now(), timezone.now() + datetime.timedelta(days=1)
    kept = keep_template(programme, file_name="x.docx", content=OWN, note="", actor=actor, at=first)
    put_in_force(programme, kept, actor=actor, at=first)
    put_in_force(programme, None, actor=actor, at=then)
    moment = datetime.timedelta(seconds=1)
    assert template_in_force(programme.pk, at=first - moment) == b""
    assert template_in_force(programme.pk, at=first) == OWN
    assert template_in_force(programme.pk, at=then - moment) == OWN
    assert template_in_force(programme.pk, at=then) == b""


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "geen Word-document"),
        (b"geen zip", "geen Word-document"),
        (b"PK" + b"\0" * (6 * 1024 * 1024), "hoogstens 5 MB"),
        (with_text("{{ periodde }}"), "Het veld periodde is hier niet bekend. Bedoelt u periode?"),
        (with_text("{{ ''.__class__ }}"), "Hier kan alleen de naam van een veld staan"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(stage: Stage, manager: Client, content: bytes, words: str) -> None:
    response = upload(manager, stage, content)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not WordTemplate.objects.exists()
    assert not AuditLine.objects.exists()


def test_a_name_of_a_file_is_shown_as_text(stage: Stage, manager: Client) -> None:
    name = "<img src=x onerror=alert(1)>.docx"
    upload(manager, stage, OWN, name=name)
    text = manager.get(page(stage)).content.decode()
    assert name not in text
    assert escape(name) in text


def test_a_template_of_another_programme_is_not_there(stage: Stage, manager: Client) -> None:
    other = Programme.objects.create(name="Ander", slug="ander", first_year=2024, last_year=2025)
    kept = keep_template(other, file_name="x.docx", content=OWN, note="", actor=stage.people.manager, at=timezone.now())
    assert use(manager, stage, kept).status_code == 404
    for name in ("word_template_file", "word_template_trial"):
        assert manager.get(reverse(name, args=[stage.programme.slug, kept.pk])).status_code == 404
    for asked in ("x", "-1", "9" * 30, "²"):
        address = reverse("use_word_template", args=[stage.programme.slug])
        assert manager.post(address, {"template": asked}).status_code == 404


def test_two_programmes_may_keep_the_same_template(stage: Stage) -> None:
    other = Programme.objects.create(name="Ander", slug="ander", first_year=2024, last_year=2025)
    for programme in (other, stage.programme):
        kept = keep_template(
            programme, file_name="x.docx", content=OWN, note="", actor=stage.people.manager, at=timezone.now()
        )
        assert kept.programme == programme


def test_it_needs_the_token_of_the_form(stage: Stage) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(stage.people.manager)
    assert upload(client, stage, OWN).status_code == 403
    assert use(client, stage, None).status_code == 403
    assert not WordTemplate.objects.exists()


def test_a_template_that_takes_for_ever_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitoring.report.rendering.WALL_SECONDS", 0.05)
    assert "te groot of te ingewikkeld" in template_findings(OWN)[0].message


def test_the_page_asks_the_database_as_often_for_many_as_for_one(
    stage: Stage, manager: Client, django_assert_num_queries: object
) -> None:
    def made(number: int) -> None:
        WordTemplate.objects.create(
            programme=stage.programme, file_name="x.docx", content=b"PK", sha256=f"{number:064}",
            uploaded_at=timezone.now(), uploaded_by=stage.people.manager,
        )  # fmt: skip

    made(0)
    use(manager, stage, WordTemplate.objects.get())
    with django_assert_num_queries(9):  # type: ignore[operator]
        manager.get(page(stage))
    for number in range(1, 20):
        made(number)
    with django_assert_num_queries(9):  # type: ignore[operator]
        manager.get(page(stage))


def test_word_is_made_with_the_same_bytes_each_time(stage: Stage) -> None:
    source = report_source(stage.adopted_round, with_template=True)
    assert FORMATS["docx"].render(source) == FORMATS["docx"].render(source)
