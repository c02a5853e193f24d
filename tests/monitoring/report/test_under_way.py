"""Files of long reports: made beside the site, once for all who ask, a few at a time, and never lost silently."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from monitoring import indicator_chart
from monitoring.report import under_way
from monitoring.report.formats.registry import FORMATS
from monitoring.report.frozen import ReportSource, freeze
from monitoring.report.rendering import FAILED as NOT_MADE
from monitoring.report.rendering import RenderingFailed
from monitoring.report.under_way import (
    AT_MOST,
    DIED,
    KEPT,
    LONG_REPORT,
    LONGEST,
    STARTED,
    Stand,
    ask,
    is_long,
    is_under_way,
    key_of,
)
from monitoring.report.under_way_child import main
from tests.cast import Stage
from tests.conftest import LogIn
from tests.monitoring.report.sample import sample_din

XLSX = FORMATS["xlsx"]


def source_of(round_label: str = "eerste half jaar 2024") -> ReportSource:
    text, sha256 = freeze(replace(sample_din(goals=10), round_label=round_label))
    return ReportSource(text, sha256)


def finished(look_again: Callable[[], Stand]) -> Stand:
    """The stand when the process is done. How long that takes is the machine's affair; that it ends is tested."""
    for _ in range(1200):
        stand = look_again()
        if not stand.is_waiting:
            return stand
        time.sleep(0.1)
    raise AssertionError("the process did not end")


def not_started(own: Path, source: ReportSource, one: object) -> None:
    """As if a process were started that does nothing."""
    own.mkdir()
    (own / STARTED).touch()


def test_the_file_is_made_once_and_given_to_whoever_asks(tmp_path: Path) -> None:
    source, json = source_of(), FORMATS["json"]
    assert ask(tmp_path, source, json).is_waiting
    assert finished(lambda: ask(tmp_path, source, json)).content == json.render(source)
    assert not is_under_way(tmp_path, key_of(source, json))


def test_another_report_format_template_or_program_is_another_file(monkeypatch: pytest.MonkeyPatch) -> None:
    source = source_of()
    keys = {
        key_of(source, XLSX),
        key_of(source, FORMATS["docx"]),
        key_of(source_of("tweede half jaar 2024"), XLSX),
        key_of(ReportSource(source.text, ""), XLSX),
        key_of(ReportSource(source.text, source.sha256, template=b"PK"), XLSX),
        key_of(ReportSource(f"{source.text}PK", source.sha256), XLSX),
    }
    monkeypatch.setattr(under_way, "_program_hash", lambda: b"newer")
    keys.add(key_of(source, XLSX))
    assert len(keys) == 7


def test_a_few_are_made_at_a_time_and_the_next_waits_for_its_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(under_way, "_begin", not_started)
    for number in range(AT_MOST):
        assert not ask(tmp_path, source_of(str(number)), XLSX).is_queued
    late = source_of("te laat")
    assert ask(tmp_path, late, XLSX) == Stand(is_queued=True)
    assert not is_under_way(tmp_path, key_of(late, XLSX))
    first = tmp_path / key_of(source_of("0"), XLSX)
    (first / "ready").write_bytes(b"x")
    assert not ask(tmp_path, late, XLSX).is_queued


def test_a_process_that_is_gone_is_said_once_and_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(under_way, "_begin", not_started)
    source = source_of()
    ask(tmp_path, source, XLSX)
    later = time.time() + LONGEST + 1
    assert is_under_way(tmp_path, key_of(source, XLSX))
    assert not is_under_way(tmp_path, key_of(source, XLSX), now=later)
    assert ask(tmp_path, source, XLSX, now=later).failure == DIED
    assert ask(tmp_path, source, XLSX).is_waiting


def test_a_failure_is_said_at_once_and_then_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(under_way, "_begin", not_started)
    source = source_of()
    ask(tmp_path, source, XLSX)
    (tmp_path / key_of(source, XLSX) / "failed").write_text("Dit lukte niet.")
    assert not is_under_way(tmp_path, key_of(source, XLSX))
    assert ask(tmp_path, source, XLSX).failure == "Dit lukte niet."
    assert ask(tmp_path, source, XLSX).is_waiting


def test_of_two_who_ask_at_once_one_starts_the_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = []

    def slowly(own: Path, source: ReportSource, one: object) -> None:
        begun.append(own)
        time.sleep(0.2)
        not_started(own, source, one)

    monkeypatch.setattr(under_way, "_begin", slowly)
    source = source_of()
    with ThreadPoolExecutor(2) as together:
        stands = list(together.map(lambda _: ask(tmp_path, source, XLSX), range(2)))
    assert [stand.is_waiting for stand in stands] == [True, True]
    assert len(begun) == 1


def test_a_report_is_long_from_a_number_of_goals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(under_way, "LONG_REPORT", 10)
    assert is_long(source_of(), XLSX)
    assert not is_long(source_of(), FORMATS["json"])
    monkeypatch.setattr(under_way, "LONG_REPORT", 11)
    assert not is_long(source_of(), XLSX)


class TestProcess:
    """What the process does, in this one, so that the format can be another."""

    SOURCE = ReportSource(*freeze(sample_din(goals=5)), template=b"PK")

    @pytest.fixture
    def options(self, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
        """How the process would have been started."""
        seen: dict[str, object] = {}
        monkeypatch.setattr(under_way.subprocess, "Popen", lambda *_, **options: seen.update(options))
        return seen

    @pytest.fixture
    def own(self, options: dict[str, object], tmp_path: Path) -> Path:
        ask(tmp_path, self.SOURCE, FORMATS["docx"])
        return tmp_path / key_of(self.SOURCE, FORMATS["docx"])

    def make(self, own: Path, monkeypatch: pytest.MonkeyPatch, render: Callable[[ReportSource], bytes]) -> Stand:
        monkeypatch.setitem(FORMATS, "docx", replace(FORMATS["docx"], render=render))
        main(str(own))
        return ask(own.parent, self.SOURCE, FORMATS["docx"])

    def test_it_gets_the_whole_report(self, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def echo(source: ReportSource) -> bytes:
            return repr(source).encode()

        assert self.make(own, monkeypatch, echo).content == repr(self.SOURCE).encode()

    def test_it_gets_no_settings_of_the_site_and_outlives_who_started_it(
        self, own: Path, options: dict[str, object]
    ) -> None:
        assert options["env"] == {}
        assert options["start_new_session"]

    def test_the_sentence_of_a_format_that_failed_is_told(self, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def too_large(source: ReportSource) -> bytes:
            raise RenderingFailed("Dit rapport is te groot.")

        assert self.make(own, monkeypatch, too_large).failure == "Dit rapport is te groot."

    def test_what_people_wrote_is_in_no_log(
        self, own: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        def broken(source: ReportSource) -> bytes:
            raise ValueError(source.document.introduction)

        assert self.make(own, monkeypatch, broken).failure == NOT_MADE
        assert "ValueError" in caplog.text
        assert self.SOURCE.document.introduction not in caplog.text

    def test_half_a_file_is_no_file(self, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(path: Path, content: bytes) -> None:
            with path.open("wb") as file:
                file.write(content[:2])
            raise OSError("No space left on device")

        monkeypatch.setattr(Path, "write_bytes", full)
        with pytest.raises(OSError, match="No space"):
            self.make(own, monkeypatch, lambda _: b"PK...")
        assert ask(own.parent, self.SOURCE, FORMATS["docx"]).is_waiting


def test_what_the_process_cannot_make_is_a_sentence(tmp_path: Path) -> None:
    source = ReportSource('{"schema":99}', "")
    ask(tmp_path, source, XLSX)
    stand = finished(lambda: ask(tmp_path, source, XLSX))
    assert stand.failure.startswith("Het bestand kon niet worden gemaakt")


def test_what_was_made_long_ago_is_taken_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(under_way, "_begin", not_started)
    old, new = source_of("oud"), source_of("nieuw")
    ask(tmp_path, old, XLSX)
    (tmp_path / "anders").mkdir()
    ask(tmp_path, new, XLSX, now=time.time() + KEPT + 10)
    assert not (tmp_path / key_of(old, XLSX)).exists()
    assert (tmp_path / "anders").exists(), "only folders of its own"


@pytest.mark.django_db
def test_the_check_of_the_night_takes_it_away_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: object
) -> None:
    monkeypatch.setattr(under_way, "_begin", not_started)
    settings.REPORT_FILES = tmp_path  # type: ignore[attr-defined]
    old, new = source_of("oud"), source_of("nieuw")
    for source in (old, new):
        ask(tmp_path, source, XLSX)
    long_ago = time.time() - KEPT - 10
    os.utime(tmp_path / key_of(old, XLSX) / STARTED, (long_ago, long_ago))
    call_command("verify_reports")
    assert [(tmp_path / key_of(one, XLSX)).exists() for one in (old, new)] == [False, True]


@pytest.mark.django_db
@pytest.mark.parametrize("folder", ["weg", "dicht"])
def test_the_check_of_the_night_goes_on_without_a_folder(folder: str, tmp_path: Path, settings: object) -> None:
    (tmp_path / "dicht" / "lock").mkdir(parents=True)
    settings.REPORT_FILES = tmp_path / folder  # type: ignore[attr-defined]
    call_command("verify_reports")
    assert [one.name for one in tmp_path.iterdir()] == ["dicht"]


def test_only_who_gets_a_file_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of others are megabytes, and may be taken away meanwhile."""
    monkeypatch.setattr(under_way, "_begin", not_started)
    source = source_of("klaar")
    ask(tmp_path, source, XLSX)
    (tmp_path / key_of(source, XLSX) / "ready").mkdir()
    assert ask(tmp_path, source_of("een ander"), XLSX).is_waiting
    assert not is_under_way(tmp_path, key_of(source, XLSX))


def test_the_program_is_all_that_decides_how_a_file_looks() -> None:
    assert {Path(indicator_chart.__file__), Path(under_way.__file__)} <= set(under_way._program_files())


def test_nobody_else_on_the_machine_reads_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "reports"
    source = source_of()
    ask(folder, source, XLSX)
    assert {path.stat().st_mode & 0o077 for path in (folder, folder / key_of(source, XLSX))} == {0}
    finished(lambda: ask(folder, source, XLSX))


@pytest.mark.parametrize("key", ["", "..", "../x", "A" * 64, "0" * 63, "lock"])
def test_a_key_is_no_path(tmp_path: Path, key: str) -> None:
    folder = tmp_path / "files"
    for other in (folder, tmp_path, tmp_path / "x", folder / ("A" * 64), folder / ("0" * 63), folder / "lock"):
        other.mkdir(exist_ok=True)
        (other / STARTED).touch()
    assert not is_under_way(folder, key)


class TestPages:
    @pytest.fixture(autouse=True)
    def everything_is_long(self, monkeypatch: pytest.MonkeyPatch, settings: object, tmp_path: Path) -> None:
        monkeypatch.setattr(under_way, "LONG_REPORT", 1)
        settings.REPORT_FILES = tmp_path  # type: ignore[attr-defined]

    @pytest.fixture
    def as_council(self, stage: Stage, log_in: LogIn) -> Client:
        return log_in(stage.people.councillor)

    def test_a_page_waits_and_then_the_file_comes(self, stage: Stage, as_council: Client) -> None:
        address = reverse("report", args=[stage.adopted_round.pk, "xlsx"])
        page = as_council.get(address)
        assert page.status_code == 202
        assert '<noscript><meta http-equiv="refresh"' in page.content.decode()
        stand = f"?stand={page.context['key']}"
        assert stand in page.content.decode()

        def waits() -> Stand:
            return Stand() if as_council.get(address + stand).json()["waits"] else Stand(content=b"")

        finished(waits)
        response = as_council.get(address)
        assert response["Content-Disposition"].startswith("attachment")
        assert response.content.startswith(b"PK")

    def test_the_page_leads_back_to_the_edition_that_was_asked_for(
        self, stage: Stage, as_council: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(under_way, "_begin", not_started)
        address = f"{reverse('report', args=[stage.adopted_round.pk, 'xlsx'])}?editie=1"
        page = as_council.get(address).content.decode()
        assert f'data-address="{address}"' in page
        assert f'href="{address}"' in page

    def test_a_failure_is_a_page_with_the_other_files(
        self, stage: Stage, as_council: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(under_way, "_begin", not_started)
        monkeypatch.setattr(under_way, "LONGEST", -1)
        address = reverse("report", args=[stage.adopted_round.pk, "xlsx"])
        assert as_council.get(address).status_code == 202
        response = as_council.get(address)
        assert response.status_code == 503
        assert "onverwacht gestopt" in response.content.decode()

    def test_how_far_it_is_is_told_to_who_may_read_the_report(self, stage: Stage, log_in: LogIn) -> None:
        address = reverse("report", args=[stage.open_round.pk, "xlsx"]) + "?stand=" + "0" * 64
        assert log_in(stage.people.manager).get(address).json() == {"waits": False}
        assert log_in(stage.people.owner).get(address).status_code == 403
        assert log_in(stage.people.councillor).get(address).status_code == 404

    def test_json_and_short_reports_come_at_once(
        self, stage: Stage, as_council: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(under_way, "_begin", None)
        json = reverse("report", args=[stage.adopted_round.pk, "json"])
        assert as_council.get(json).status_code == 200
        monkeypatch.setattr(under_way, "LONG_REPORT", LONG_REPORT)
        assert as_council.get(json.replace("json", "xlsx")).status_code == 200

    def test_without_a_place_to_write_the_reader_waits_for_it(
        self, stage: Stage, as_council: Client, settings: object, tmp_path: Path
    ) -> None:
        taken = tmp_path / "bestand"
        taken.write_text("")
        settings.REPORT_FILES = taken  # type: ignore[attr-defined]
        assert as_council.get(reverse("report", args=[stage.adopted_round.pk, "xlsx"])).status_code == 200
