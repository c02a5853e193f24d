"""The samples and the payloads are what the tests of the formats take them for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from din.text import writable
from monitoring.report.document import ReportDocument
from monitoring.report.frozen import freeze, thaw
from monitoring.report.printing import print_report
from tests.monitoring.report.payloads import PAYLOADS, with_payload
from tests.monitoring.report.sample import GOALS, sample_din, sample_speerpunten

pytestmark = pytest.mark.pure
SAMPLES = (sample_din, sample_speerpunten)


@pytest.mark.parametrize("make", SAMPLES)
def test_a_sample_has_fifty_goals_and_five_charts(make: Callable[[], ReportDocument]) -> None:
    document = make()
    shown = print_report(document)
    wholes = [one for theme in shown.themes for one in theme.indicators]
    charts = [one.chart for whole in wholes for one in (whole, *whole.parts) if one.chart]
    assert (document.goals, len(document.every_goal), len(charts)) == (GOALS, GOALS, 5)
    assert sum(len(theme.goals) for theme in shown.themes) == GOALS
    assert shown.is_about_opgaven == (make is sample_speerpunten)
    assert thaw(freeze(document)[0]) == document


def test_there_are_more_than_forty_payloads() -> None:
    assert len(set(PAYLOADS.values())) > 40


@pytest.mark.parametrize("make", SAMPLES)
def test_a_payload_takes_the_place_of_everything_that_people_wrote(make: Callable[[], ReportDocument]) -> None:
    payload = "=1+1"
    document = with_payload(make(), payload)
    goal, commitment, indicator = document.every_goal[1], document.commitments[0], document.indicators[0]
    told = [document.programme, document.plan, document.introduction, document.gone[0].text]
    told += [document.themes[0].title, *document.themes[0].ambitions, goal.text, goal.owner, goal.explanation]
    told += [goal.next_steps, commitment.title, commitment.text, commitment.settlement, *commitment.goals]
    told += [indicator.name, indicator.unit, indicator.source, indicator.targets[0].source]
    assert set(told) == {payload}
    assert (goal.status, goal.deadline, commitment.made_on) == (
        make().every_goal[1].status,
        make().every_goal[1].deadline,
        make().commitments[0].made_on,
    )


def test_a_payload_comes_as_the_database_keeps_it() -> None:
    kept = with_payload(sample_din(goals=5), PAYLOADS["control characters"]).introduction
    assert kept == writable(PAYLOADS["control characters"])
    assert "\x00" not in kept
