"""The process that makes a file: it gives what the format gives, and when it cannot, a sentence for the user."""

from __future__ import annotations

import logging
import subprocess
from dataclasses import replace

import pytest

from monitoring.report import rendering
from monitoring.report.formats.pdf import render_pdf
from monitoring.report.frozen import ReportSource, freeze
from monitoring.report.rendering import FAILED, TOO_MUCH_WORK, RenderingFailed, render_in_child
from tests.monitoring.report.sample import SHA256, brief, sample_din

pytestmark = pytest.mark.pure

SECRET = "Een tekst die niet in een logboek hoort"


@pytest.fixture
def source() -> ReportSource:
    return ReportSource(freeze(brief(sample_din()))[0], SHA256)


def test_the_child_makes_what_the_format_makes(source: ReportSource) -> None:
    assert render_in_child("pdf", source) == render_pdf(source)


@pytest.mark.parametrize(
    ("bound", "value"), [("CPU_SECONDS", 0), ("WALL_SECONDS", 0.05), ("MEMORY_BYTES", 160 * 1024 * 1024)]
)
def test_a_report_that_needs_too_much_is_refused_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, bound: str, value: float
) -> None:
    monkeypatch.setattr(rendering, bound, value)
    long = replace(brief(sample_din()), introduction="Een lange inleiding. " * 100_000)
    with pytest.raises(RenderingFailed) as refused:
        render_in_child("pdf", ReportSource(freeze(long)[0], SHA256))
    assert str(refused.value) == TOO_MUCH_WORK


def test_what_goes_wrong_is_logged_without_what_people_wrote(
    caplog: pytest.LogCaptureFixture, source: ReportSource
) -> None:
    with caplog.at_level(logging.ERROR), pytest.raises(RenderingFailed) as failed:
        render_in_child("pdf", ReportSource(f'{{"schema": "{SECRET}"}}', ""))
    assert str(failed.value) == FAILED
    assert "frozen.py" in caplog.text
    assert SECRET not in caplog.text


def child_does(monkeypatch: pytest.MonkeyPatch, expression: str) -> None:
    """Let the child give what `expression` gives, instead of a file."""
    told = f"; from monitoring.report import rendering_child as child; child._task = lambda _: lambda _: {expression};"
    monkeypatch.setattr(rendering, "_PROGRAM", rendering._PROGRAM.replace(" import main;", f" import main{told}"))


@pytest.mark.parametrize("bound", ["RLIMIT_FSIZE", "RLIMIT_CORE"])
def test_the_child_writes_no_file(monkeypatch: pytest.MonkeyPatch, source: ReportSource, bound: str) -> None:
    child_does(monkeypatch, f"repr(child.resource.getrlimit(child.resource.{bound})).encode()")
    assert render_in_child("pdf", source) == b"(0, 0)"


def test_the_child_takes_no_module_of_who_started_it(monkeypatch: pytest.MonkeyPatch, source: ReportSource) -> None:
    child_does(monkeypatch, "repr((sys.flags.isolated, sys.flags.ignore_environment)).encode()")
    assert render_in_child("pdf", source) == b"(1, 1)"


def test_a_child_without_memory_says_that_it_is_too_much(monkeypatch: pytest.MonkeyPatch, source: ReportSource) -> None:
    child_does(monkeypatch, "bytes(10 ** 12)")
    with pytest.raises(RenderingFailed) as refused:
        render_in_child("pdf", source)
    assert str(refused.value) == TOO_MUCH_WORK


def test_a_child_that_cannot_start_is_a_sentence_too(monkeypatch: pytest.MonkeyPatch, source: ReportSource) -> None:
    monkeypatch.setattr(rendering.sys, "executable", "/bestaat/niet")
    with pytest.raises(RenderingFailed, match="kon niet worden gemaakt"):
        render_in_child("pdf", source)


def test_the_child_gets_no_settings_of_the_site(monkeypatch: pytest.MonkeyPatch, source: ReportSource) -> None:
    """Its environment is empty: it can tell nobody the key of the site or the password of the database."""
    seen: dict[str, object] = {}

    def run(*command: object, **options: object) -> subprocess.CompletedProcess[bytes]:
        seen.update(options)
        return subprocess.CompletedProcess((), 0, b"%PDF-", b"")

    monkeypatch.setattr(rendering.subprocess, "run", run)
    assert render_in_child("pdf", source) == b"%PDF-"
    assert seen["env"] == {}
