"""The command import_din, as the contract says: what it prints, what it writes and with what status it ends."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from openpyxl import load_workbook

from din.models import Goal, Plan, Programme, Theme, WorkbookImport
from tests.cast import make_programme

pytestmark = pytest.mark.django_db

SAMPLES = Path(__file__).parent / "samples"
NAMES = sorted(path.stem for path in SAMPLES.glob("*.xlsx"))
READ = ["themes", "ambitions", "er_goals", "smart_goals", "efforts"]


def expected(name: str) -> dict[str, Any]:
    return json.loads((SAMPLES / f"{name}.expected.json").read_text(encoding="utf-8"))


def run(workbook: Path, *options: str, programme: str = "proef", year: int = 2024) -> tuple[int, str]:
    """The exit status and what was printed."""
    out = io.StringIO()
    try:
        call_command("import_din", str(workbook), "--programme", programme, "--year", str(year), *options, stdout=out)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue()
    except CommandError as error:
        return error.returncode, str(error)
    return 0, out.getvalue()


def sample(name: str) -> Path:
    return SAMPLES / f"{name}.xlsx"


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_is_read_exactly_as_expected(name: str) -> None:
    wanted = expected(name)
    status, out = run(sample(name), "--json", "--dry-run", "--create-programme", "Proef", year=wanted["year"])
    found = json.loads(out)
    assert (status, found["result"]) == ({"ok": 0, "rejected": 1}[wanted["result"]], wanted["result"])
    if wanted["result"] == "ok":
        assert {level: found[level] for level in READ} == {level: wanted[level] for level in READ}
        assert found["changes"]["created"] == sum(len(wanted[level]) for level in READ)
        assert found["errors"] == []
    else:
        assert found["errors"]
    said = " ".join(finding["message"] for finding in found["errors"] + found["warnings"])
    for word in wanted.get("expect_warning_words", []):
        assert word in said
    if words := wanted.get("expect_message_words"):
        assert any(word in said for word in words)


def test_the_json_has_the_keys_of_the_contract_in_their_order() -> None:
    _, out = run(sample(NAMES[0]), "--json", "--dry-run", "--create-programme", "Proef")
    assert list(json.loads(out)) == ["result", *READ, "changes", "errors", "warnings"]


def test_a_dry_run_writes_nothing() -> None:
    run(sample("schone-stad-2025"), "--dry-run", "--create-programme", "Schone stad", year=2025)
    assert not Programme.objects.exists()
    assert not WorkbookImport.objects.exists()


def test_an_import_is_applied_and_logged_with_its_file() -> None:
    status, out = run(sample("schone-stad-2025"), "--create-programme", "Schone stad", year=2025)
    assert status == 0
    assert "SMART-doelen: 5 nieuw" in out
    plan = Plan.objects.get(programme__slug="proef")
    assert plan.goals.count() == 5
    logged = WorkbookImport.objects.get()
    assert (logged.state, logged.plan, logged.uploaded_by) == ("applied", plan, None)
    assert bytes(logged.content) == sample("schone-stad-2025").read_bytes()


def test_importing_again_changes_nothing() -> None:
    run(sample("schone-stad-2025"), "--create-programme", "Schone stad", year=2025)
    before = list(Goal.objects.values())
    status, out = run(sample("schone-stad-2025"), "--json", year=2025)
    changes = json.loads(out)["changes"]
    assert (status, changes["created"], changes["updated"], changes["missing"]) == (0, 0, 0, 0)
    assert list(Goal.objects.values()) == before


def test_a_rejected_workbook_changes_nothing() -> None:
    status, out = run(sample("zonder-koprij"), "--create-programme", "Proef")
    assert status == 1
    assert "geweigerd" in out
    assert not Programme.objects.exists()
    assert not Theme.objects.exists()


def test_an_unknown_programme_is_wrong_usage() -> None:
    status, message = run(sample("schone-stad-2025"))
    assert status == 2
    assert "--create-programme" in message


def test_a_missing_file_is_wrong_usage(tmp_path: Path) -> None:
    make_programme(slug="proef")
    status, message = run(tmp_path / "weg.xlsx")
    assert status == 2
    assert "weg.xlsx" in message


@pytest.mark.parametrize("year", [1999, 2101])
def test_a_strange_year_is_wrong_usage(year: int) -> None:
    make_programme(slug="proef")
    assert run(sample("schone-stad-2025"), year=year)[0] == 2


def test_a_strange_slug_is_wrong_usage() -> None:
    assert run(sample("schone-stad-2025"), "--create-programme", "Proef", programme="niet goed/")[0] == 2


def test_a_closed_plan_is_rejected() -> None:
    run(sample("schone-stad-2025"), "--create-programme", "Schone stad", year=2025)
    Plan.objects.update(state=Plan.State.CLOSED)
    status, out = run(sample("schone-stad-2025"), "--json", year=2025)
    assert status == 1
    assert "afgesloten" in json.loads(out)["errors"][0]["message"]


def test_what_the_database_cannot_hold_is_rejected_with_its_cell(tmp_path: Path) -> None:
    workbook = load_workbook(sample("schone-stad-2025"))
    sheet = workbook.active
    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "Reiniging")
    cell.value = "x" * 201
    workbook.save(tmp_path / "lang.xlsx")
    status, out = run(tmp_path / "lang.xlsx", "--json", "--create-programme", "Proef", year=2025)
    (error,) = json.loads(out)["errors"]
    assert status == 1
    assert "langer dan 200 tekens" in error["message"]
    assert error["source"].startswith("DIN!")
    assert not Goal.objects.exists()


@pytest.mark.parametrize(("slug", "name"), [("x" * 300, "Proef"), ("proef", "   "), ("proef", "x" * 300)])
def test_a_programme_that_cannot_be_is_wrong_usage(slug: str, name: str) -> None:
    assert run(sample("schone-stad-2025"), "--create-programme", name, programme=slug, year=2025)[0] == 2
    assert not Programme.objects.exists()
