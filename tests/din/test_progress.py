"""A page that waits hears how far its own request is: reading row by row, applying step by step, until the answer."""

from __future__ import annotations

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

import din.imports
from din.models import WorkbookImport
from din.progress import Progress, Step, new_token
from tests.cast import Stage
from tests.conftest import LogIn
from tests.din.test_import_pages import SAMPLE, fingerprint

TOKEN = new_token()


@pytest.fixture
def as_manager(stage: Stage, log_in: LogIn) -> Client:
    return log_in(stage.people.manager)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sentences that were said, in order, without repeats."""
    steps: list[str] = []
    real = Progress.step

    def heard(self: Progress, text: str, done: int = 0, total: int = 0) -> None:
        real(self, text, done, total)
        if text not in steps[-1:]:
            steps.append(text)

    monkeypatch.setattr(Progress, "step", heard)
    return steps


def address(stage: Stage, token: str = TOKEN) -> str:
    return reverse("import_progress", args=[stage.programme.slug, token])


def send(client: Client, stage: Stage, **headers: str) -> object:
    data = {"workbook": SimpleUploadedFile("din.xlsx", SAMPLE), "year": "2025", "voortgang": TOKEN}
    return client.post(reverse("import_workbook", args=[stage.programme.slug]), data, headers=headers)


def test_who_sent_it_hears_how_far_it_is(stage: Stage, as_manager: Client) -> None:
    Progress(stage.people.manager, TOKEN).step("De rijen worden gelezen", 400, 2000)
    answer = as_manager.get(address(stage))
    assert answer.json() == {"text": "De rijen worden gelezen", "done": 400, "total": 2000}
    assert "no-store" in answer.headers["Cache-Control"]


def test_nobody_else_hears_it(stage: Stage, log_in: LogIn) -> None:
    Progress(stage.people.manager, TOKEN).step("De rijen worden gelezen")
    assert log_in(stage.people.administrator).get(address(stage)).status_code == 404
    assert log_in(stage.people.councillor).get(address(stage)).status_code == 403


def test_another_token_is_not_there(stage: Stage, as_manager: Client) -> None:
    Progress(stage.people.manager, TOKEN).step("De rijen worden gelezen")
    for token in (new_token(), "kort", TOKEN + "a" * 100):
        assert as_manager.get(address(stage, token)).status_code == 404


@pytest.mark.parametrize("token", ["", "kort", "../../../etc/passwd", "é" * 24, "a" * 61])
def test_nothing_is_kept_under_a_strange_token(stage: Stage, token: str) -> None:
    progress = Progress(stage.people.manager, token)
    progress.step("De rijen worden gelezen")
    assert progress.told() is None


def test_an_import_says_its_steps_and_forgets_them(stage: Stage, as_manager: Client, said: list[str]) -> None:
    send(as_manager, stage)
    assert said == ["Het werkboek wordt geopend", "De rijen worden gelezen", "Wat is gelezen wordt bewaard"]
    said.clear()
    import_ = WorkbookImport.objects.get()
    shown = fingerprint(as_manager.get(import_.get_absolute_url()))
    as_manager.post(import_.get_absolute_url(), {"fingerprint": shown, "voortgang": TOKEN})
    assert said == [
        "Het doorvoeren begint",
        "Het werkboek wordt vergeleken met het plan",
        "De ambities worden doorgevoerd",
        "De ER-doelen worden doorgevoerd",
        "De SMART-doelen worden doorgevoerd",
        "De inspanningen worden doorgevoerd",
        "De lijnen worden doorgevoerd",
        "Wat is doorgevoerd wordt vastgelegd",
    ]
    assert as_manager.get(address(stage)).status_code == 404, "what is done is no longer told"


def test_what_is_said_can_be_heard_while_the_reading_lasts(
    stage: Stage, as_manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Step | None] = []
    real = din.imports.read_workbook

    def reads(*args: object, **rest: object) -> object:
        heard.append(Progress(stage.people.manager, TOKEN).told())
        return real(*args, **rest)

    monkeypatch.setattr("din.imports.read_workbook", reads)
    send(as_manager, stage)
    assert heard == [Step("Het werkboek wordt geopend")]


def test_a_disk_that_is_full_does_not_stop_an_import(
    stage: Stage, as_manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_rest: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(caches["progress"], "set", full)
    assert send(as_manager, stage).status_code == 302


def test_what_cannot_be_read_is_not_told(stage: Stage, as_manager: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_rest: object) -> None:
        raise OSError(5, "Input/output error")

    Progress(stage.people.manager, TOKEN).step("De rijen worden gelezen")
    monkeypatch.setattr(caches["progress"], "get", broken)
    assert as_manager.get(address(stage)).status_code == 404


def test_a_script_is_told_where_to_go_on(stage: Stage, as_manager: Client) -> None:
    answer = send(as_manager, stage, accept="application/json")
    assert answer.json() == {"location": WorkbookImport.objects.get().get_absolute_url()}


def test_a_script_gets_a_refusal_as_a_page(stage: Stage, as_manager: Client) -> None:
    upload = reverse("import_workbook", args=[stage.programme.slug])
    answer = as_manager.post(upload, {}, headers={"accept": "application/json"})
    assert answer.status_code == 422
    assert "<main" in answer.content.decode()
