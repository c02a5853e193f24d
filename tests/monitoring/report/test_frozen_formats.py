"""A frozen edition gives the same file in every format, whatever becomes of the plan, the users and the template."""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection
from dataclasses import MISSING, fields, replace
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from din.models import Ambition
from monitoring.models import Commitment, Indicator, Measurement, WordTemplate
from monitoring.report.build import report_source
from monitoring.report.document import ReportDocument, ReportGoal, ReportIndicator, ReportTheme
from monitoring.report.formats.registry import FORMATS
from monitoring.report.frozen import ReportSource, content_hash, freeze, goal_hashes
from monitoring.report.word_templates import put_in_force
from monitoring.report_page import report_page
from tests.cast import Stage, adopt
from tests.monitoring.report.sample import SHA256, sample_din
from tests.monitoring.report.word.templates import MAIN, changed
from tests.monitoring.test_frozen_pages import change_everything


@pytest.mark.parametrize("extension", FORMATS)
def test_a_file_stays_the_same(stage: Stage, extension: str) -> None:
    theme = stage.themes["P1"]
    indicator = Indicator.objects.create(programme=stage.programme, theme=theme, name="Bereik", owner=stage.department)
    for year in (2021, 2022):
        Measurement.objects.create(indicator=indicator, first_day=f"{year}-01-01", last_day=f"{year}-12-31", value=year)
    commitment = Commitment.objects.create(programme=stage.programme, kind="toezegging", title="Een brief", text="Komt")
    Ambition.objects.create(plan=stage.plan, theme=theme, text="Iedereen doet mee")
    adopt(stage.open_round)
    one = FORMATS[extension]

    def made() -> bytes:
        return one.render(report_source(stage.open_round, with_template=one.takes_template))

    before = made()
    change_everything(stage)
    for object_, name in ((indicator, "name"), (commitment, "title"), (stage.programme, "name"), (stage.plan, "name")):
        setattr(object_, name, "Anders dan het was")
        object_.save()
    indicator.measurements.update(value=7)
    Ambition.objects.update(text="Iets anders")
    get_user_model().objects.update(first_name="Anders", last_name="Anders", is_active=False)
    template = WordTemplate.objects.create(
        programme=stage.programme,
        file_name="nieuw.docx",
        content=changed(MAIN, "Samenvatting", "Nieuw"),
        sha256="0" * 64,
        uploaded_at=timezone.now(),
    )
    after = stage.open_round.reports.get().frozen_at + datetime.timedelta(minutes=1)
    assert put_in_force(stage.programme, template, actor=stage.people.manager, at=after)
    stage.open_round.refresh_from_db()
    assert made() == before


@pytest.mark.pure
def test_what_adopting_sets_itself_is_no_change_of_the_content() -> None:
    document = sample_din(goals=5)
    later = replace(document, state="in_review", adopted_on="", reference_day="2024-06-29")
    assert content_hash(later) == content_hash(document)
    assert content_hash(replace(document, introduction="Iets anders")) != content_hash(document)


@pytest.mark.pure
def test_every_word_of_a_goal_and_its_place_count_in_its_hash() -> None:
    document = sample_din(goals=10)
    first, *others = document.themes
    said = replace(first, goals=(replace(first.goals[0], next_steps="Iets anders"), *first.goals[1:]))
    elsewhere = replace(first, title="Iets anders")
    hashes = goal_hashes(document)
    for theme, changed_goals in ((said, 1), (elsewhere, len(first.goals))):
        found = goal_hashes(replace(document, themes=(theme, *others)))
        assert sum(one != other for one, other in zip(hashes, found, strict=True)) == changed_goals


def of_schema_1(document: ReportDocument) -> str:
    """As an edition was frozen before schema 2: without everything that has a default since."""
    stored = json.loads(freeze(document)[0])
    report = stored["report"]
    without_later(report, ReportDocument, kept={"corrected_on", "correction", "indicators", "commitments"})
    for theme in report["themes"]:
        without_later(theme, ReportTheme)
        for goal in theme["goals"]:
            without_later(goal, ReportGoal, kept={"efforts"})
    for indicator in report["indicators"]:
        without_later(indicator, ReportIndicator, kept={"goals", "targets", "measurements"})
    return json.dumps({"schema": 1, "report": report}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def without_later(stored: dict[str, object], kind: Any, kept: Collection[str] = ()) -> None:
    for field in fields(kind):
        if field.default is not MISSING and field.name not in kept:
            del stored[field.name]


@pytest.mark.pure
@pytest.mark.parametrize("extension", [*FORMATS, "screen"])
def test_an_edition_of_schema_1_is_still_made(extension: str) -> None:
    text = of_schema_1(sample_din(goals=5))
    assert '"introduction"' not in text
    source = ReportSource(text, SHA256)
    if extension == "screen":
        page = report_page(source)
        assert page.printed.title == f"Voortgangsrapportage {source.document.programme}"
        assert len(page.printed.annex.rows) == source.document.goals
    else:
        assert len(FORMATS[extension].render(source)) > 5_000
