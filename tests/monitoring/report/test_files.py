"""The report as a file: in every format that is offered, from the site and by the command."""

import hashlib
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from monitoring.models import Report, ReportingRound
from monitoring.report.formats.registry import FORMATS
from monitoring.report.frozen import ReportSource
from monitoring.report.rendering import RenderingFailed
from tests.cast import SUBMITTED_TEXT, Stage
from tests.conftest import LogIn

BEGINNINGS = {"docx": b"PK", "pdf": b"%PDF-", "xlsx": b"PK", "ods": b"PK", "json": b"{"}


def exported(round_: ReportingRound, extension: str, folder: Path, **more: object) -> bytes:
    file = folder / f"rapport.{extension}"
    call_command(
        "export_report",
        programme=round_.programme.slug,
        round=round_.name,
        format=extension,
        output=file,
        verbosity=0,
        **more,
    )
    return file.read_bytes()


def parts(content: bytes) -> dict[str, bytes]:
    """What is in a file; of a zip file each member, without those that say when it was made."""
    if not content.startswith(b"PK"):
        return {"": content}
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist() if name not in ("docProps/core.xml", "meta.xml")}


@pytest.mark.parametrize("extension", FORMATS)
def test_the_site_and_the_command_give_the_same_adopted_report(
    stage: Stage, log_in: LogIn, tmp_path: Path, extension: str
) -> None:
    response = log_in(stage.people.councillor).get(reverse("report", args=[stage.adopted_round.pk, extension]))
    assert response["Content-Type"] == FORMATS[extension].media_type
    assert f'filename="voortgang-vastpakken-2023-H1.{extension}"' in response["Content-Disposition"]
    assert response.content.startswith(BEGINNINGS[extension])
    assert parts(exported(stage.adopted_round, extension, tmp_path)) == parts(response.content)


def test_another_format_is_no_page(stage: Stage, log_in: LogIn) -> None:
    address = reverse("report", args=[stage.adopted_round.pk, "xlsx"])
    for extension in ("doc", "html", "xlsxx", "XLSX", ""):
        assert log_in(stage.people.manager).get(address.replace("xlsx", extension)).status_code == 404


def test_the_command_says_what_it_lacks(stage: Stage, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="geen editie 7"):
        exported(stage.adopted_round, "json", tmp_path, edition=7)
    with pytest.raises(CommandError, match="kan niet worden geschreven"):
        exported(stage.open_round, "json", tmp_path / "bestaat-niet")
    stage.adopted_round.year = 1999
    with pytest.raises(CommandError, match="Er is geen ronde 1999-H1"):
        exported(stage.adopted_round, "json", tmp_path)


def test_the_command_says_why_a_file_could_not_be_made(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(source: ReportSource) -> bytes:
        raise RenderingFailed(f"Dit lukte niet met {source.template!r}.")

    monkeypatch.setattr("monitoring.report.build.template_in_force", lambda *_, **__: b"PK")
    monkeypatch.setitem(FORMATS, "docx", replace(FORMATS["docx"], render=broken))
    with pytest.raises(CommandError, match="Dit lukte niet met b'PK'"):
        exported(stage.adopted_round, "docx", tmp_path)


def test_the_json_of_an_adopted_report_is_what_was_frozen_with_its_hash(stage: Stage, tmp_path: Path) -> None:
    frozen = Report.objects.get(round=stage.adopted_round)
    answer = json.loads(exported(stage.adopted_round, "json", tmp_path))
    sha256 = answer.pop("sha256")
    canonical = json.dumps(answer, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert canonical == frozen.document
    assert hashlib.sha256(canonical.encode()).hexdigest() == sha256 == frozen.sha256


def test_the_json_of_a_concept_says_that_it_is_one(stage: Stage, tmp_path: Path) -> None:
    report = json.loads(exported(stage.open_round, "json", tmp_path))["report"]
    assert (report["state"], report["adopted_on"]) == ("open", "")
    assert SUBMITTED_TEXT in json.dumps(report, ensure_ascii=False)
