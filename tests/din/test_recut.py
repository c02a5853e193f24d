"""Re-cutting a programme: goals move or end, nothing that was recorded changes, and both cuts can be looked at."""

import datetime
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied

from din.division import Division, division_on
from din.models import Ambition, Effort, ErGoal, Goal, Programme, Recut, RecutMove, Theme
from din.recut import (
    ENDS,
    STAYS,
    CannotRecut,
    NewTheme,
    Proposal,
    RecutMoved,
    apply_recut,
    goals_to_recut,
    plan_recut,
    themes_to_recut,
    to_new,
    to_theme,
)
from din.trail import Origin
from monitoring.models import AuditLine, ReportedGoal, Update
from monitoring.report.build import report_of
from tests.cast import Stage, make_goals, make_plan

DAY = datetime.date(2023, 7, 1)
REASON = "De raad koos voor actielijnen"


def proposal(stage: Stage, **values: object) -> Proposal:
    """P1 goes to a new line, P4 ends except P4.1, which goes along."""
    defaults: dict[str, object] = {
        "day": DAY,
        "reason": REASON,
        "last_year": 2025,
        "new_themes": (NewTheme("Samen"),),
        "themes": {stage.themes["P1"].pk: to_new(0), stage.themes["P4"].pk: ENDS},
        "goals": {stage.goals["P4.1"].pk: to_new(0)},
    }
    return Proposal(**{**defaults, **values})  # type: ignore[arg-type]


def applied(stage: Stage, **values: object) -> Recut:
    return apply_recut(
        stage.programme,
        proposal(stage, **values),
        fingerprint=None,
        actor=stage.people.manager,
        origin=Origin.SITE,
    )


def references(division: Division) -> dict[str, list[str]]:
    return {theme.title: [goal.reference for goal in theme.goals] for theme in division.themes}


def test_goals_move_with_their_theme_and_exceptions_go_their_own_way(stage: Stage) -> None:
    applied(stage)
    line = Theme.objects.get(name="Samen")
    assert (line.title, line.began_on) == ("Actielijn 1: Samen", DAY)
    found = {goal.text[:12]: (goal.reference, goal.ended_on) for goal in Goal.objects.filter(plan=stage.plan)}
    assert found["Een lijst va"] == ("A1.1", None)
    assert found["De lijst van"] == ("A1.2", None)
    assert found["Twintig scho"] == ("A1.3", None)
    assert found["Schuldhulp s"] == ("A1.4", None), "its number was taken, so it is numbered on"
    assert found["De loketten "] == ("P4.2", DAY)
    assert found["Jongeren ken"] == ("P4.11", DAY)
    assert found["Een proef me"] == ("P4.3", datetime.date(2023, 5, 1)), "what had ended stays as it was"
    assert found["Jongeren den"] == ("", None), "a theme that is not named stays"


def test_a_goal_ends_for_the_reason_of_the_recut_or_its_own(stage: Stage) -> None:
    applied(stage, reasons={stage.goals["P4.2"].pk: "Overgenomen door het rijk"})
    assert Goal.objects.get(pk=stage.goals["P4.2"].pk).ended_reason == "Overgenomen door het rijk"
    assert Goal.objects.get(pk=stage.goals["P4.11"].pk).ended_reason == REASON


def test_themes_end_when_nothing_of_them_is_left(stage: Stage) -> None:
    applied(stage, goals={stage.goals["P4.1"].pk: STAYS})
    ended = dict(Theme.objects.values_list("name", "ended_on"))
    assert ended == {"Sociaal netwerk": DAY, "Inkomen": None, "Jongerenparticipatie": None, "Samen": None}


def test_levels_go_along_with_their_theme(stage: Stage) -> None:
    applied(stage)
    line = Theme.objects.get(name="Samen")
    assert [goal.text for goal in ErGoal.objects.filter(theme=line)] == ["Meer jongeren hebben een steunfiguur"]
    assert [effort.text for effort in Effort.objects.filter(theme=line)] == ["Alle projecten inventariseren"]
    assert not Ambition.objects.filter(theme=line).exists()
    assert ErGoal.objects.filter(theme=stage.themes["P4"]).count() == 2


def test_the_programme_ends_in_another_year(stage: Stage) -> None:
    recut = applied(stage)
    assert (recut.last_year_before, recut.last_year_after) == (2026, 2025)
    assert Programme.objects.get(pk=stage.programme.pk).last_year == 2025


def test_updates_stay_with_their_goals_and_an_adopted_report_stays_as_it_was(stage: Stage) -> None:
    updates = list(Update.objects.order_by("pk").values())
    reported = list(ReportedGoal.objects.order_by("pk").values())
    document = report_of(stage.adopted_round)
    applied(stage)
    assert list(Update.objects.order_by("pk").values()) == updates
    assert list(ReportedGoal.objects.order_by("pk").values()) == reported
    assert report_of(stage.adopted_round) == document


def test_it_leaves_one_line_and_the_history_of_each_goal(stage: Stage) -> None:
    recut = applied(stage)
    line = AuditLine.objects.get()
    assert (line.action, line.object_type, line.object_id, line.actor) == (
        "recut",
        "recut",
        recut.pk,
        stage.people.manager,
    )
    assert line.note == "4 doelen naar een ander onderdeel, 2 vervallen"
    moved = Goal.history.filter(id=stage.goals["P1.2"].pk).first()
    assert (moved.theme.name, moved.history_user) == ("Samen", stage.people.manager)


def test_moves_keep_where_a_goal_came_from(stage: Stage) -> None:
    applied(stage)
    move = RecutMove.objects.get(goal=stage.goals["P4.1"])
    assert (move.from_title, move.from_reference) == ("Pijler 4: Inkomen", "P4.1")
    assert (move.to_title, move.to_reference, move.is_ended) == ("Actielijn 1: Samen", "A1.4", False)
    assert RecutMove.objects.get(goal=stage.goals["P4.2"]).is_ended


# --- the division on a day -----------------------------------------------------------------------------------------


def test_both_cuts_are_there_at_their_date(stage: Stage) -> None:
    before = references(division_on(stage.programme, DAY, user=stage.people.councillor))
    applied(stage)
    day_before = division_on(stage.programme, DAY - datetime.timedelta(days=1), user=stage.people.councillor)
    assert references(day_before) == before == {
        "Pijler 1: Sociaal netwerk": ["P1.1", "P1.2", "P1.3"],
        "Pijler 4: Inkomen": ["P4.1", "P4.2", "P4.11"],
        "Jongerenparticipatie": [""],
    }  # fmt: skip
    after = division_on(stage.programme, DAY, user=stage.people.councillor)
    assert references(after) == {"Jongerenparticipatie": [""], "Actielijn 1: Samen": ["A1.1", "A1.2", "A1.3", "A1.4"]}


def test_a_theme_without_goals_is_part_of_the_division(stage: Stage) -> None:
    stage.programme.themes.create(name="Nog leeg", position=9)
    division = division_on(stage.programme, DAY, user=stage.people.manager)
    assert references(division)["Nog leeg"] == []
    assert division.empty_titles == ("Nog leeg",)


def test_a_second_recut_is_undone_before_the_first(stage: Stage) -> None:
    applied(stage)
    line = Theme.objects.get(name="Samen")
    applied(
        stage,
        day=datetime.date(2023, 10, 1),
        new_themes=(NewTheme("Los"),),
        themes={line.pk: to_new(0)},
        goals={},
    )
    on = {day: references(division_on(stage.programme, day, user=stage.people.manager)) for day in (
        datetime.date(2023, 6, 1), datetime.date(2023, 8, 1), datetime.date(2023, 11, 1))}  # fmt: skip
    first, second, third = on.values()
    assert first["Pijler 4: Inkomen"] == ["P4.1", "P4.2", "P4.11"]
    assert second["Actielijn 1: Samen"] == ["A1.1", "A1.2", "A1.3", "A1.4"]
    assert third["Actielijn 2: Los"] == ["A2.1", "A2.2", "A2.3", "A2.4"]


# --- what is refused -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"reason": " "}, "reden"),
        ({"reason": "\x01"}, "Schrijf de reden"),
        ({"new_themes": (NewTheme("\x01"),)}, "een naam"),
        ({"last_year": 2020}, "laatste jaar"),
        ({"day": datetime.date(2030, 1, 1)}, "buiten het programma"),
        ({"new_themes": (NewTheme("samen"), NewTheme("Samen"))}, "al een onderdeel"),
        ({"new_themes": (NewTheme("INKOMEN"),)}, "al een onderdeel"),
        ({"goals": {}, "new_themes": ()}, "is er niet"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(stage: Stage, values: dict[str, object], sentence: str) -> None:
    before = list(Goal.objects.order_by("pk").values())
    with pytest.raises(CannotRecut) as refused:
        applied(stage, **values)
    assert [finding for finding in refused.value.findings if sentence in finding]
    assert list(Goal.objects.order_by("pk").values()) == before
    assert not Recut.objects.exists()
    assert not AuditLine.objects.exists()


@pytest.mark.parametrize(
    ("day", "falls_outside"),
    [("2020-12-31", True), ("2021-01-01", False), ("2026-12-31", False), ("2027-01-01", True)],
)
def test_the_day_is_one_of_the_programme(stage: Stage, day: str, falls_outside: bool) -> None:
    found = plan_recut(stage.programme, proposal(stage, day=datetime.date.fromisoformat(day))).findings
    assert any("buiten het programma" in finding for finding in found) is falls_outside


def test_two_goals_that_change_places_are_both_numbered_on(stage: Stage) -> None:
    p1, p4 = (stage.themes[code] for code in ("P1", "P4"))
    goals = {stage.goals["P1.1"].pk: to_theme(p4), stage.goals["P4.1"].pk: to_theme(p1)}
    applied(stage, themes={}, goals=goals, new_themes=())
    numbers = [Goal.objects.get(pk=stage.goals[reference].pk).reference for reference in ("P1.1", "P4.1")]
    assert numbers == ["P4.12", "P1.4"], "what a re-cut takes away keeps its number"


def test_a_theme_that_goes_away_takes_nothing_in(stage: Stage) -> None:
    themes = {stage.themes["P1"].pk: to_theme(stage.themes["P4"]), stage.themes["P4"].pk: ENDS}
    found = plan_recut(stage.programme, proposal(stage, themes=themes, goals={})).findings
    assert [finding for finding in found if "er kan dan niets bij komen" in finding]


def test_goals_without_a_number_stay_without_one(stage: Stage) -> None:
    for text in ("Nog een doel", "En nog een"):
        Goal.objects.create(plan=stage.plan, theme=stage.themes[""], text=text)
    applied(stage, themes={stage.themes[""].pk: to_new(0)}, goals={})
    found = Goal.objects.filter(theme__name="Samen").values_list("number", flat=True)
    assert list(found) == [None, None, None]


def test_the_same_text_may_stand_in_two_plans(stage: Stage) -> None:
    later = make_plan(stage.programme, year=2024)
    Goal.objects.create(plan=later, theme=stage.themes["P1"], number=1, text=stage.goals["P1.1"].text)
    assert plan_recut(stage.programme, proposal(stage)).findings == ()


def test_the_same_text_twice_in_a_theme_is_refused(stage: Stage) -> None:
    Goal.objects.filter(pk=stage.goals["P4.1"].pk).update(text=stage.goals["P1.1"].text)
    assert [found for found in plan_recut(stage.programme, proposal(stage)).findings if "twee keer" in found]


def test_a_second_recut_is_later_than_the_first(stage: Stage) -> None:
    applied(stage)
    with pytest.raises(CannotRecut, match="al herijkt"):
        applied(stage, themes={}, goals={}, new_themes=())


def test_what_moved_since_the_preview_is_not_written(stage: Stage) -> None:
    seen = plan_recut(stage.programme, proposal(stage)).fingerprint
    make_goals(stage.plan, 1, theme=stage.themes["P1"])
    with pytest.raises(RecutMoved):
        apply_recut(stage.programme, proposal(stage), fingerprint=seen, actor=stage.people.manager, origin=Origin.SITE)
    assert not Recut.objects.exists()


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda stage: Goal.objects.filter(pk=stage.goals["P1.1"].pk).update(theme=None),
        lambda stage: Goal.objects.filter(pk=stage.goals["P1.3"].pk).update(number=4),
        lambda stage: Goal.objects.filter(pk=stage.goals["P1.1"].pk).update(text_digest="anders"),
        lambda stage: Goal.objects.filter(pk=stage.goals["P1.1"].pk).update(ended_on=DAY, ended_reason="Klaar"),
        lambda stage: Theme.objects.filter(pk=stage.themes["P1"].pk).update(name="Herdoopt"),
        lambda stage: Programme.objects.filter(pk=stage.programme.pk).update(last_year=2027),
    ],
    ids=["its theme", "its number", "its text", "its end", "the name of a theme", "the end of the programme"],
)
def test_nothing_is_written_over_a_plan_that_was_not_shown(stage: Stage, meanwhile: Callable[[Stage], object]) -> None:
    seen = plan_recut(stage.programme, proposal(stage)).fingerprint
    meanwhile(stage)
    with pytest.raises(RecutMoved):
        apply_recut(stage.programme, proposal(stage), fingerprint=seen, actor=stage.people.manager, origin=Origin.SITE)


@pytest.mark.parametrize("role", ["owner", "councillor", "outsider"])
def test_only_a_manager_recuts(stage: Stage, role: str) -> None:
    with pytest.raises(PermissionDenied):
        apply_recut(
            stage.programme,
            proposal(stage),
            fingerprint=None,
            actor=getattr(stage.people, role),
            origin=Origin.SITE,
        )


def test_the_preview_says_what_applying_does(stage: Stage) -> None:
    plan = plan_recut(stage.programme, proposal(stage))
    planned = [(move.goal.pk, move.to_title, move.to_reference, move.reason) for move in plan.moves]
    assert [theme.name for theme in plan.ended_themes] == ["Sociaal netwerk", "Inkomen"]
    assert plan.stays == 1
    applied(stage)
    kept = RecutMove.objects.order_by("pk").values_list("goal_id", "to_title", "to_reference", "ended_reason")
    assert list(kept) == planned


def test_a_closed_plan_is_left_alone(stage: Stage) -> None:
    stage.plan.state = "closed"
    stage.plan.save()
    assert goals_to_recut(stage.programme, DAY) == []
    assert len(themes_to_recut(stage.programme, DAY)) == 3


def test_the_levels_of_a_closed_plan_stay_where_they_were(stage: Stage) -> None:
    closed = make_plan(stage.programme, year=2022, state="closed")
    er_goal = ErGoal.objects.create(plan=closed, theme=stage.themes["P1"], text="Van een vorig jaar")
    applied(stage)
    assert ErGoal.objects.get(pk=er_goal.pk).theme == stage.themes["P1"]
    assert not ErGoal.objects.filter(plan=stage.plan, theme=stage.themes["P1"]).exists()


@pytest.mark.parametrize("count", [1, 60])
def test_it_costs_as_many_queries_for_many_goals(stage: Stage, django_assert_max_num_queries, count: int) -> None:
    make_goals(stage.plan, count, theme=stage.themes["P1"])
    with django_assert_max_num_queries(75):
        applied(stage)
