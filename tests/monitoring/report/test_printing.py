"""What the readers of a report get told: of the cast's adopted round, and of a document made by hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from monitoring.report.build import build_report, report_of
from monitoring.report.charts import standing_picture
from monitoring.report.document import ReportDocument, ReportGone
from monitoring.report.printing import print_report
from monitoring.report.summary import summary_sentence
from monitoring.report.wording import paragraphs
from tests.cast import ADOPTED_TEXT, NOT_DELIVERED_REASON, Stage
from tests.monitoring.report.sample import sample_din, sample_speerpunten
from tests.monitoring.report.test_insight import DAY


@pytest.fixture
def document(stage: Stage) -> ReportDocument:
    return report_of(stage.adopted_round)[0]


def test_every_goal_stands_in_its_theme_and_in_the_annex(document: ReportDocument) -> None:
    shown = print_report(document)
    goals = [goal for theme in shown.themes for goal in theme.goals]
    assert [goal.text for goal in goals] == [goal.text for goal in document.every_goal]
    assert [row[1] for row in shown.annex.rows] == [goal.text for goal in goals]
    assert [goal.key for goal in goals] == [f"doel-{place}" for place in range(1, document.goals + 1)]
    assert any(ADOPTED_TEXT in goal.explanation for goal in goals)


def test_the_table_counts_what_the_themes_hold(document: ReportDocument) -> None:
    table = print_report(document).standing_table
    sums = [str(sum(int(row[column]) for row in table.rows[:-1])) for column in table.numbers]
    assert list(table.rows[-1][1:]) == sums
    assert sums[-2] == str(document.goals)


def test_what_was_not_delivered_says_why(stage: Stage) -> None:
    shown = print_report(build_report(stage.open_round, today=DAY))
    told = [goal for theme in shown.themes for goal in theme.goals if goal.standing == "not_delivered"]
    assert [goal.explanation for goal in told] == [(f"Niet aangeleverd: {NOT_DELIVERED_REASON}",)]


def test_a_concept_says_so_and_an_adopted_report_tells_its_day_and_hash(stage: Stage) -> None:
    concept = print_report(build_report(stage.open_round, today=DAY))
    assert concept.is_concept
    assert concept.standing_line == "CONCEPT – nog niet vastgesteld"
    document, sha256 = report_of(stage.adopted_round)
    adopted = print_report(document, sha256=sha256)
    assert not adopted.is_concept
    assert "editie 1" in adopted.standing_line
    assert dict(adopted.colophon)["Controlegetal (SHA-256)"] == sha256


def test_what_changed_is_told_in_a_sentence_and_a_table(document: ReportDocument) -> None:
    first, *others = document.themes[-1].goals
    worse = replace(first, before="on_track", before_label="op schema", change="worse", change_label="slechter")
    theme = replace(document.themes[-1], goals=(worse, *others))
    gone = ReportGone("P9.9", "Een doel dat weg is", "Pijler 9", "delayed", "vertraagd")
    changed = replace(
        document,
        themes=(*document.themes[:-1], theme),
        previous_round_label="tweede half jaar 2022",
        gone=(gone,),
    )
    shown = print_report(changed)
    assert shown.changes_sentence == "Vergeleken met tweede half jaar 2022: 1 slechter, 1 niet meer in het plan."
    assert shown.changes_table is not None
    assert [row[1] for row in shown.changes_table.rows] == [first.text, "Een doel dat weg is"]
    assert shown.themes[-1].goals[0].change_label == "Slechter: was op schema"
    assert print_report(document).changes_table is None


@pytest.mark.pure
@pytest.mark.parametrize(
    ("make", "own", "other"),
    [(sample_din, r"\bdoel(en)?\b", r"\bopgaven?\b"), (sample_speerpunten, r"\bopgaven?\b", r"\bdoel(en)?\b")],
)
def test_goals_are_called_what_their_plan_calls_them(make: Callable[[], ReportDocument], own: str, other: str) -> None:
    shown = print_report(make())
    assert shown.changes_table is not None
    sentences = [
        shown.summary,
        shown.standing_table.caption,
        shown.annex.caption,
        shown.annex.heads[1].lower(),
        shown.changes_table.heads[1].lower(),
        *(theme.sentence for theme in shown.themes),
    ]
    assert [told for told in sentences if not re.search(own, told)] == []
    everything = [*sentences, shown.changes_sentence, shown.changes_table.caption, standing_picture(shown.bars).alt]
    assert [told for told in everything if re.search(other, told)] == []


@pytest.mark.pure
def test_the_summary_of_one_goal_and_of_goals_of_both_kinds() -> None:
    goal = replace(sample_din().every_goal[0], status="achieved", late=False)
    opgave = replace(sample_speerpunten().every_goal[0], status="at_risk", late=True)
    assert summary_sentence([goal]) == "Van het ene doel is er 1 behaald of op schema; 0 zijn te laat."
    assert summary_sentence([opgave]) == "Van de ene opgave zijn er 0 behaald of op schema; 1 is te laat."
    assert summary_sentence([goal, opgave]) == "Van de 2 doelen is er 1 behaald of op schema; 1 is te laat."


@pytest.mark.pure
def test_a_blank_line_parts_paragraphs() -> None:
    assert paragraphs("een\ntwee\n\n\n  \ndrie ") == ("een\ntwee", "drie")
    assert paragraphs(" \n") == ()
