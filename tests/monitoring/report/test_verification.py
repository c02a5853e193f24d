"""verify_reports: every way in which an edition can be other than what was adopted is found and named."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from django.core.management import CommandError, call_command

from monitoring.corrections import correct
from monitoring.models import AuditLine, Report, ReportedGoal, ReportingRound
from monitoring.report.build import report_of, report_source
from monitoring.report.document import ReportDocument
from monitoring.report.editions import columns_of
from monitoring.report.formats.json_text import render_json
from monitoring.report.frozen import ReportSource, freeze
from monitoring.report.json_schema import json_schema, schema_text
from tests.cast import Stage, make_plan, make_programme, make_round
from tests.guards import unguarded
from tests.monitoring.report.sample import sample_din, sample_speerpunten

ROOT = Path(__file__).parents[3]


def verify(**options: object) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("verify_reports", stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def faults(**options: object) -> str:
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("verify_reports", stdout=out, stderr=err, **options)
    return f"{err.getvalue()}{refused.value}"


@pytest.fixture
def two_editions(stage: Stage) -> Stage:
    correct(
        round_=stage.adopted_round,
        actor=stage.people.manager,
        origin=AuditLine.Origin.SITE,
        edition=1,
        goals={},
        introductions={0: "Kort"},
        reason="Er ontbrak een inleiding",
    )
    return stage


def test_what_was_adopted_and_corrected_is_right(two_editions: Stage) -> None:
    assert verify() == ("Alle 2 edities kloppen.\n", "")
    assert verify(programme=two_editions.programme.slug)[0] == "Alle 2 edities kloppen.\n"


def altered_text(document: str) -> str:
    return document.replace("Schuldhulp", "Hulp")


BREAKS: dict[str, tuple[Callable[[Report], object], str]] = {
    "content": (
        lambda report: Report.objects.filter(pk=report.pk).update(document=altered_text(report.document)),
        "editie 2: de inhoud heeft een ander controlegetal",
    ),
    "content with its hash": (
        lambda report: Report.objects.filter(pk=report.pk).update(
            document=altered_text(report.document),
            sha256=hashlib.sha256(altered_text(report.document).encode()).hexdigest(),
        ),
        "doel P4.1 staat anders in de tabel dan in de inhoud (text)",
    ),
    "no json": (
        lambda report: Report.objects.filter(pk=report.pk).update(document="{"),
        "de inhoud kan niet worden gelezen",
    ),
    "another schema": (
        lambda report: Report.objects.filter(pk=report.pk).update(document='{"schema":99}'),
        "unknown schema",
    ),
    "a row": (
        lambda report: report.goals.filter(reference="P1.2").update(status="achieved", late=True),
        "doel P1.2 staat anders in de tabel dan in de inhoud (status, late)",
    ),
    "a row less": (lambda report: report.goals.filter(position=3).delete(), "de tabel 7 en er horen er 8 te zijn"),
    "a row fewer than there were": (
        lambda report: Report.objects.filter(pk=report.pk).update(goal_count=9),
        "de tabel 8 en er horen er 9 te zijn",
    ),
    "a row that moved": (
        lambda report: report.goals.filter(position=8).update(position=9),
        "staat anders in de tabel dan in de inhoud (position)",
    ),
    "rows that changed places": (
        lambda report: [
            report.goals.filter(position=here).update(position=there) for here, there in ((1, 99), (2, 1), (99, 2))
        ],
        "doel P1.1 staat anders",
    ),
    "the content of another edition": (
        lambda report: Report.objects.filter(pk=report.pk).update(
            document=Report.objects.get(edition=1).document, sha256=Report.objects.get(edition=1).sha256
        ),
        "de inhoud is van ronde 2023-H1, editie 1",
    ),
    "the content of another round": (
        lambda report: ReportingRound.objects.filter(pk=report.round_id).update(year=2022),
        "de inhoud is van ronde 2023-H1, editie 2",
    ),
    "no report at all": (
        lambda report: [ReportedGoal.objects.all().delete(), Report.objects.all().delete()],
        "er is geen rapport",
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_what_was_altered_past_the_triggers_is_named(two_editions: Stage, name: str) -> None:
    damage, sentence = BREAKS[name]
    with unguarded():
        damage(Report.objects.get(edition=2))
    assert sentence in faults()


def test_the_fault_of_another_programme_is_no_fault_of_this_one(stage: Stage) -> None:
    other = make_programme("Ander", "ander")
    make_round(make_plan(other), 2023, 1, state=ReportingRound.State.ADOPTED)
    assert "er is geen rapport" in faults()
    assert verify(programme=stage.programme.slug)[0] == "De ene editie klopt.\n"


def test_every_column_of_a_goal_is_what_the_document_says(stage: Stage) -> None:
    """A column that is not written would be empty, and not be missed."""
    theme = report_of(stage.adopted_round)[0].themes[0]
    keys = {"id", "report_id", "goal_id", "theme_id", "owner_id", "position"}
    assert {field.attname for field in ReportedGoal._meta.fields} - keys == set(columns_of(theme, theme.goals[0]))


def test_a_programme_without_a_report_is_said(stage: Stage) -> None:
    assert "geen vastgesteld rapport van programma nergens" in faults(programme="nergens")


class TestFile:
    def file(self, folder: Path, content: bytes) -> Path:
        path = folder / "rapport.json"
        path.write_bytes(content)
        return path

    def test_it_is_told_of_which_edition_a_file_is(self, two_editions: Stage, tmp_path: Path) -> None:
        content = render_json(report_source(two_editions.adopted_round, edition=1))
        told, _ = verify(file=self.file(tmp_path, content))
        assert "Dit bestand klopt" in told
        assert "editie 1" in told
        # Written anew by another program, with spaces and in another order, it is still the same report.
        pretty = json.dumps(dict(reversed(json.loads(content).items())), indent=4).encode()
        assert "editie 1" in verify(file=self.file(tmp_path, pretty))[0]

    def test_a_file_that_was_altered_or_is_no_edition_is_refused(self, stage: Stage, tmp_path: Path) -> None:
        content = render_json(report_source(stage.adopted_round))
        assert "is gewijzigd" in faults(file=self.file(tmp_path, content.replace(b"Schuldhulp", b"Hulp")))
        concept = render_json(report_source(stage.open_round))
        assert "geen vastgestelde editie" in faults(file=self.file(tmp_path, concept))
        half_a_letter = b'{"report": "\\ud800", "schema": 2, "sha256": ""}'
        for other in (b"", b"[]", b"{}", b"\xff", b'"tekst"', b"[" * 100_000, half_a_letter):
            assert "geen rapport in JSON" in faults(file=self.file(tmp_path, other))
        assert "kan niet worden gelezen" in faults(file=tmp_path / "weg.json")


class TestSchema:
    def test_the_published_schema_is_that_of_the_dataclasses(self) -> None:
        assert (ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8") == schema_text()

    @pytest.mark.parametrize("state", ["adopted_round", "open_round"])
    def test_a_report_fits_it(self, stage: Stage, state: str) -> None:
        jsonschema.validate(json.loads(render_json(report_source(getattr(stage, state)))), json_schema())

    @pytest.mark.parametrize("sample", [sample_din, sample_speerpunten])
    def test_so_does_a_large_one(self, sample: Callable[[], ReportDocument]) -> None:
        text, sha256 = freeze(sample())
        jsonschema.validate(json.loads(render_json(ReportSource(text, sha256))), json_schema())

    def test_what_is_not_in_it_is_refused(self, stage: Stage) -> None:
        content = json.loads(render_json(report_source(stage.adopted_round)))
        jsonschema.Draft202012Validator.check_schema(json_schema())
        for damaged in (
            content | {"more": 1},
            content | {"schema": 1},
            content | {"sha256": "x"},
            content | {"report": content["report"] | {"goals": "8"}},
            content | {"report": content["report"] | {"secret": ""}},
            content | {"report": {name: value for name, value in content["report"].items() if name != "themes"}},
        ):
            with pytest.raises(jsonschema.ValidationError):
                jsonschema.validate(damaged, json_schema())
