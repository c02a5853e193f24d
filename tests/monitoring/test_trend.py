"""How it stood in each round."""

import datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from monitoring.models import ReportedGoal, ReportingRound
from monitoring.round_choice import choose_round, goals_shown
from monitoring.standing_rows import Tally, tallies_by_programme
from monitoring.trend import MOST_ROUNDS, Trend, build_trend
from monitoring.workflow import Content
from tests.cast import SECRETS_OF_THE_OPEN_ROUND, Stage, adopt, correct_report, make_goals, make_round, make_updates
from tests.conftest import LogIn

TODAY = datetime.date(2024, 1, 15)


def trend_of(stage: Stage, person: str, value: str = "", code: str = "") -> Trend:
    choice = choose_round(stage.programme, user=getattr(stage.people, person), value=value)
    theme = stage.themes[code] if code else None
    goals = goals_shown(choice, as_of=TODAY)
    if theme is not None:
        goals = goals.filter(shown_theme=theme.pk)
    shown = Tally.of_all(tallies_by_programme(goals).values())
    return build_trend(stage.programme, choice, shown, theme=theme)


def counts(trend: Trend) -> list[dict[str, int]]:
    return [{segment.status: segment.count for segment in row.bar.segments} for row in trend.rows]


def test_one_round_is_no_trend(stage: Stage) -> None:
    assert trend_of(stage, "councillor").rows == ()
    assert trend_of(stage, "owner", "2023-H1").rows == ()


def test_a_round_does_not_know_what_came_after_it(stage: Stage) -> None:
    earlier = make_round(stage.plan, 2022, 2, state=ReportingRound.State.PLANNED)
    make_updates(earlier, list(stage.goals.values()), state="approved", status="on_track")
    adopt(earlier)
    assert trend_of(stage, "councillor", "2022-H2").rows == ()
    assert len(trend_of(stage, "councillor", "2023-H1").rows) == 2


def test_a_correction_takes_the_place_of_what_it_corrects(stage: Stage) -> None:
    correct_report(stage, {"P1.2": Content("achieved", "Het beheer is geregeld", "")})
    first = counts(trend_of(stage, "owner"))[0]
    assert (first["achieved"], first.get("delayed", 0), sum(first.values())) == (2, 0, 8)


def test_the_rounds_stand_in_order_with_what_their_reports_say(stage: Stage) -> None:
    trend = trend_of(stage, "owner")
    assert [row.title for row in trend.rows] == ["Eerste half jaar 2023", "Tweede half jaar 2023"]
    first, second = counts(trend)
    # Written down from the table in tests/cast.py, with the goal that ended.
    assert first == {
        "achieved": 1,
        "on_track": 2,
        "not_started": 1,
        "delayed": 1,
        "at_risk": 1,
        "dropped": 1,
        "not_delivered": 1,
    }
    assert second == {"achieved": 1, "at_risk": 1, "dropped": 1, "awaited": 4, "not_delivered": 1}


def test_the_bars_and_the_table_say_the_same(stage: Stage) -> None:
    trend = trend_of(stage, "owner")
    assert len(trend.rows) == 2
    for row in trend.rows:
        assert [cell.label for cell in row.cells] == list(trend.standings)
        assert {cell.label: cell.count for cell in row.cells if cell.count} == {
            segment.label: segment.count for segment in row.bar.segments
        }
        assert row.total.count == sum(cell.count for cell in row.cells)


def test_a_theme_has_a_trend_of_its_own_goals(stage: Stage) -> None:
    first, second = trend_of(stage, "owner", code="P4").rows
    assert (first.total.count, second.total.count) == (4, 4)
    assert parse_qs(urlsplit(first.total.url).query) == {
        "ronde": ["2023-H1"],
        "onderdeel": [str(stage.themes["P4"].pk)],
    }
    assert urlsplit(first.url).path == reverse("theme", args=[stage.programme.slug, stage.themes["P4"].pk])


def test_each_number_leads_to_as_many_goals(stage: Stage, log_in: LogIn) -> None:
    client = log_in(stage.people.owner)
    cells = [cell for row in trend_of(stage, "owner").rows for cell in (*row.cells, row.late, row.total) if cell.url]
    assert len(cells) > 12
    for cell in cells:
        assert client.get(cell.url).context["goal_list"].shown == cell.count, cell


def test_the_trend_reads_the_reports_and_not_the_plan_of_today(stage: Stage) -> None:
    before = trend_of(stage, "owner", code="P4").rows[0].bar
    for goal in stage.themes["P4"].goals.all():
        goal.theme = stage.themes["P1"]
        goal.number = None
        goal.save()
    assert trend_of(stage, "owner", code="P4").rows[0].bar == before


def test_the_council_sees_nothing_of_the_open_round(stage: Stage, log_in: LogIn) -> None:
    page = log_in(stage.people.councillor).get(reverse("programme", args=[stage.programme.slug])).content.decode()
    assert "Verloop over de rondes" not in page
    for secret in SECRETS_OF_THE_OPEN_ROUND:
        assert secret not in page
    assert (
        "Verloop over de rondes"
        in log_in(stage.people.owner).get(reverse("programme", args=[stage.programme.slug])).content.decode()
    )


@pytest.mark.parametrize("rounds", [1, 11])
def test_a_trend_costs_one_query_and_shows_four_years_at_most(
    stage: Stage, django_assert_num_queries, rounds: int
) -> None:
    goals = make_goals(stage.plan, 3, theme=stage.themes["P1"])
    for number in range(rounds):
        round_ = make_round(stage.plan, 2010 + number // 2, number % 2 + 1, state=ReportingRound.State.PLANNED)
        make_updates(round_, goals, state="approved", status="on_track")
        adopt(round_)
    assert ReportedGoal.objects.filter(report__round__year__lt=2023).exists()
    choice = choose_round(stage.programme, user=stage.people.owner)
    with django_assert_num_queries(1):
        trend = build_trend(stage.programme, choice, Tally.empty())
    assert len(trend.rows) == min(rounds + 2, MOST_ROUNDS)
    assert [row.title for row in trend.rows[-2:]] == ["Eerste half jaar 2023", "Tweede half jaar 2023"]
