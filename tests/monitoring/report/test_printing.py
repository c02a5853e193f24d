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
from tests.monitoring.report.sample import concept, sample_din, sample_speerpunten
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
    assert summary_sentence([replace(goal, status="on_track")]) == summary_sentence([goal])
    assert summary_sentence([opgave]) == "Van de ene opgave zijn er 0 behaald of op schema; 1 is te laat."
    assert summary_sentence([goal, opgave]) == "Van de 2 doelen is er 1 behaald of op schema; 1 is te laat."


@pytest.mark.pure
def test_a_late_goal_says_so_with_its_deadline() -> None:
    document = sample_din(goals=10)
    shown = print_report(document)
    goals = [goal for theme in shown.themes for goal in theme.goals]
    told = [
        (goal.is_late, dict(goal.facts)["Deadline"], row[2]) for goal, row in zip(goals, shown.annex.rows, strict=True)
    ]
    late, other = (True, *("1e kwartaal 2024 (te laat)",) * 2), (False, "2025", "2025")
    assert told == [late if goal.late else other for goal in document.every_goal]
    assert set(told) == {late, other}


@pytest.mark.pure
def test_a_goal_says_when_it_may_be_ready_and_an_opgave_has_its_number() -> None:
    goal = print_report(sample_din(goals=10)).themes[0].goals[1]
    assert dict(goal.facts)["Verwacht gereed"] == "30 juni 2025"
    opgave = print_report(sample_speerpunten(goals=10)).themes[0].goals[1]
    assert opgave.title == f"Opgave 2: {opgave.text}"


@pytest.mark.pure
def test_proposals_stand_apart_from_the_other_commitments() -> None:
    shown = print_report(sample_din())
    assert {one.state_label for one in shown.proposals} == {"Voorstel tot afdoening"}
    assert {one.state_label for one in shown.commitments} == {"Open", "Afgedaan"}
    assert len(shown.proposals) + len(shown.commitments) == len(sample_din().commitments)


@pytest.mark.pure
def test_an_indicator_stands_with_its_theme_and_one_without_a_theme_at_the_end() -> None:
    document = sample_din()
    first, *others = document.indicators
    shown = print_report(replace(document, indicators=(replace(first, theme=""), *others)))
    assert [one.name for one in shown.indicators] == [first.name]
    assert [[one.name for one in theme.indicators] for theme in shown.themes] == [
        [one.name for one in others if one.theme == theme.title and not one.part_of] for theme in document.themes
    ]
    assert [part.name for part in shown.themes[-1].indicators[0].parts] == [one.name for one in others if one.part_of]


@pytest.mark.pure
def test_an_indicator_tells_the_target_that_comes_next_and_draws_no_chart_of_one_value() -> None:
    indicator = sample_din().indicators[0]
    shown = print_report(replace(sample_din(), indicators=(indicator,))).themes[0].indicators[0]
    assert dict(shown.facts)["Streefwaarde"] == "ten minste 49,0% op 31 december 2025"
    assert shown.chart is not None
    later = tuple(replace(one, last_day="2026-06-30", period="2026") for one in indicator.measurements[-1:])
    single = replace(indicator, measurements=later, baseline="")
    shown = print_report(replace(sample_din(), indicators=(single,))).themes[0].indicators[0]
    assert dict(shown.facts)["Streefwaarde"] == "ten minste 53,0% op 31 december 2026"
    alone = replace(single, targets=())
    assert print_report(replace(sample_din(), indicators=(alone,))).themes[0].indicators[0].chart is None


@pytest.mark.pure
def test_a_correction_tells_its_day_and_reason_and_every_report_the_day_it_was_judged_by() -> None:
    document = replace(sample_din(goals=5), reference_day="2024-06-12")
    corrected = print_report(replace(document, edition=2, corrected_on="2024-10-01", correction="Een tikfout"))
    assert corrected.standing_line == "Vastgesteld op 17 september 2024, editie 2, gecorrigeerd op 1 oktober 2024"
    told = dict(corrected.colophon)
    assert (told["Editie"], told["Reden van de correctie"]) == ("2", "Een tikfout")
    assert told["Beoordeeld naar de stand van"] == "12 juni 2024"
    draft = dict(print_report(concept(document)).colophon)
    assert draft["Stand"] == "Concept, nog niet vastgesteld"
    assert not {"Editie", "Vastgesteld op", "Controlegetal (SHA-256)"} & set(draft)


@pytest.mark.pure
def test_of_a_goal_that_still_waits_no_change_is_told() -> None:
    document = sample_din(goals=5)
    first, *others = document.themes
    waits = replace(first.goals[0], state="todo", status="", status_label="", change="unknown", change_label="onbekend")
    shown = print_report(concept(replace(document, themes=(replace(first, goals=(waits,)), *others), gone=())))
    assert shown.themes[0].goals[0].change_label == ""
    assert shown.changes_table is not None
    assert waits.text not in [row[1] for row in shown.changes_table.rows]


@pytest.mark.pure
@pytest.mark.parametrize(
    ("make", "count", "sentence"),
    [
        (sample_din, 5, "1 doel: 1 nog niet gestart."),
        (sample_din, 10, "2 doelen: 1 nog niet gestart, 1 niet behaald."),
        (sample_speerpunten, 5, "1 opgave: 1 nog niet gestart."),
    ],
)
def test_a_theme_says_how_many_goals_it_has(make: Callable[..., ReportDocument], count: int, sentence: str) -> None:
    assert print_report(make(goals=count)).themes[0].sentence == sentence


@pytest.mark.pure
def test_a_blank_line_parts_paragraphs() -> None:
    assert paragraphs("een\ntwee\n\n\n  \ndrie ") == ("een\ntwee", "drie")
    assert paragraphs(" \n") == ()


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("Wonen eerst", "Aanbeveling ‘Wonen eerst’ (24bb01)"),
        ("Aanbeveling 7: beter volgen", "Aanbeveling 7: beter volgen (24bb01)"),
        ("Aanbevelingen volgen", "Aanbeveling ‘Aanbevelingen volgen’ (24bb01)"),
    ],
)
def test_the_kind_of_a_commitment_is_said_once(title: str, told: str) -> None:
    document = sample_din(goals=5)
    one = replace(document.commitments[0], kind_label="aanbeveling", number="24bb01", title=title, state="proposed")
    shown = print_report(replace(document, commitments=(one,)))
    assert [commitment.title for commitment in shown.proposals] == [told]
