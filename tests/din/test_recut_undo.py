"""Taking a re-cut back: everything is as it was before, as long as nothing was built on it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from din.models import Ambition, Effort, ErGoal, Goal, Programme, Recut, RecutMove, Theme
from din.recut import NewTheme, to_new
from din.recut_undo import CLOSED, EDITED, NOT_THE_LATEST, CannotUndoRecut, undo_recut, why_not_undo
from din.trail import Origin
from monitoring.models import AuditLine, Indicator, Update
from monitoring.recorded import PROGRESS, REPORTED
from tests.cast import Stage, adopt, make_goals, make_programme
from tests.conftest import LogIn
from tests.din.test_recut import applied

REASON = "De raad besloot anders"
MODELS = (Ambition, ErGoal, Goal, Effort, Theme, Programme, Recut, RecutMove)


def rows() -> dict[str, list[Any]]:
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in MODELS}


def undone(stage: Stage, recut: Recut, **values: Any) -> None:
    undo_recut(recut, **{"reason": REASON, "actor": stage.people.manager, "origin": Origin.SITE, **values})


def test_everything_is_as_it_was(stage: Stage) -> None:
    before = rows()
    recut = applied(stage)
    assert rows() != before
    assert why_not_undo(recut) == ""
    undone(stage, recut)
    assert rows() == before


def test_what_was_moved_by_hand_before_it_stays_there(stage: Stage) -> None:
    er_goal = ErGoal.objects.get(text__startswith="Sneller")
    er_goal.theme = stage.themes[""]
    er_goal.save()
    before = rows()
    undone(stage, applied(stage))
    assert rows() == before


def test_goals_that_took_each_others_number_get_their_own_back(stage: Stage) -> None:
    before = rows()
    p1, p4 = stage.themes["P1"].pk, stage.themes["P4"].pk
    undone(stage, applied(stage, themes={p1: f"theme-{p4}"}, goals={}, new_themes=()))
    assert rows() == before


def test_it_leaves_one_line_with_the_reason_and_the_history(stage: Stage) -> None:
    recut = applied(stage)
    pk = recut.pk
    undone(stage, recut)
    line = AuditLine.objects.latest("pk")
    assert (line.action, line.object_type, line.object_id, line.note, line.actor) == (
        "undo_recut",
        "recut",
        pk,
        REASON,
        stage.people.manager,
    )
    assert AuditLine.objects.count() == 2
    assert list(Recut.history.filter(id=pk).values_list("history_type", "history_change_reason")) == [
        ("-", REASON),
        ("+", None),
    ]
    last = Goal.history.filter(id=stage.goals["P4.2"].pk).first()
    assert (last.ended_on, last.history_change_reason, last.history_user) == (None, REASON, stage.people.manager)


def recorded(stage: Stage) -> None:
    update = stage.update("P1.1", stage.open_round)
    Update.objects.filter(pk=update.pk).update(changed_at=timezone.now())


def recorded_on_what_ended(stage: Stage) -> None:
    Update.objects.filter(goal=stage.goals["P4.2"], round=stage.open_round).update(changed_at=timezone.now())


def reported(stage: Stage) -> None:
    Update.objects.filter(round=stage.open_round).update(state="not_delivered", not_delivered_reason="Geen reactie")
    adopt(stage.open_round)


def another_goal(stage: Stage) -> None:
    make_goals(stage.plan, 1, theme=Theme.objects.get(name="Samen"))


def another_level(stage: Stage) -> None:
    Ambition.objects.create(plan=stage.plan, theme=Theme.objects.get(name="Samen"), text="Meer samen")


def an_indicator(stage: Stage) -> None:
    Indicator.objects.create(programme=stage.programme, theme=Theme.objects.get(name="Samen"), name="Samen op pad")


def another_number(stage: Stage) -> None:
    Goal.objects.filter(pk=stage.goals["P1.1"].pk).update(number=77)


def its_number_was_taken(stage: Stage) -> None:
    Goal.objects.create(plan=stage.plan, theme=stage.themes["P1"], number=1, text="Op de oude plek")


def another_reason(stage: Stage) -> None:
    Goal.objects.filter(pk=stage.goals["P4.2"].pk).update(ended_reason="Toch om iets anders")


def another_day_of_ending(stage: Stage) -> None:
    Goal.objects.filter(pk=stage.goals["P4.2"].pk).update(ended_on=datetime.date(2023, 8, 1))


def what_it_moved_has_ended(stage: Stage) -> None:
    Goal.objects.filter(pk=stage.goals["P1.1"].pk).update(ended_on=datetime.date(2023, 8, 1), ended_reason="Klaar")


def a_level_without_history(stage: Stage) -> None:
    er_goal = ErGoal.objects.get(theme__name="Samen")
    er_goal.history.filter(history_type="+").delete()


def an_er_goal_moved_on(stage: Stage) -> None:
    ErGoal.objects.filter(theme__name="Samen").update(theme=None)


def another_end(stage: Stage) -> None:
    Programme.objects.filter(pk=stage.programme.pk).update(last_year=2027)


def closed(stage: Stage) -> None:
    stage.plan.state = "closed"
    stage.plan.save()


@pytest.mark.parametrize(
    ("meanwhile", "sentence"),
    [
        (recorded, PROGRESS),
        (recorded_on_what_ended, PROGRESS),
        (reported, REPORTED),
        (another_goal, EDITED),
        (another_level, EDITED),
        (an_indicator, EDITED),
        (another_number, EDITED),
        (its_number_was_taken, EDITED),
        (another_reason, EDITED),
        (another_day_of_ending, EDITED),
        (what_it_moved_has_ended, EDITED),
        (a_level_without_history, EDITED),
        (an_er_goal_moved_on, EDITED),
        (another_end, EDITED),
        (closed, CLOSED),
    ],
)
def test_what_was_built_on_it_stands_in_the_way(
    stage: Stage, meanwhile: Callable[[Stage], None], sentence: str
) -> None:
    recut = applied(stage)
    meanwhile(stage)
    before, lines = rows(), AuditLine.objects.count()
    with pytest.raises(CannotUndoRecut) as refused:
        undone(stage, recut)
    assert str(refused.value) == sentence
    assert rows() == before
    assert AuditLine.objects.count() == lines


def test_what_was_recorded_before_it_does_not(stage: Stage) -> None:
    recorded(stage)
    assert why_not_undo(applied(stage)) == ""


def test_the_latest_goes_first(stage: Stage) -> None:
    first = applied(stage)
    line = Theme.objects.get(name="Samen")
    second = applied(
        stage, day=datetime.date(2023, 10, 1), new_themes=(NewTheme("Los"),), themes={line.pk: to_new(0)}, goals={}
    )
    assert why_not_undo(first) == NOT_THE_LATEST
    undone(stage, second)
    undone(stage, Recut.objects.get(pk=first.pk))
    assert not Recut.objects.exists()


def test_a_later_one_of_another_programme_does_not_stand_in_the_way(stage: Stage) -> None:
    recut = applied(stage)
    Recut.objects.create(
        programme=make_programme("Heel de Stad", "heel-de-stad"),
        day=recut.day + datetime.timedelta(days=1),
        reason="Andere indeling",
        last_year_before=2026,
        last_year_after=2026,
    )
    assert why_not_undo(recut) == ""


def test_it_is_taken_back_once(stage: Stage) -> None:
    recut = applied(stage)
    undone(stage, Recut.objects.get(pk=recut.pk))
    with pytest.raises(CannotUndoRecut, match="al ongedaan"):
        undone(stage, recut)


@pytest.mark.parametrize("reason", ["", "  ", "\x01"])
def test_it_asks_a_reason(stage: Stage, reason: str) -> None:
    recut = applied(stage)
    with pytest.raises(CannotUndoRecut, match="Schrijf op waarom"):
        undone(stage, recut, reason=reason)
    assert Recut.objects.exists()


@pytest.mark.parametrize("role", ["owner", "councillor", "outsider"])
def test_only_a_manager_takes_it_back(stage: Stage, role: str) -> None:
    recut = applied(stage)
    with pytest.raises(PermissionDenied):
        undone(stage, recut, actor=getattr(stage.people, role))


@pytest.mark.parametrize("count", [1, 60])
def test_it_costs_as_many_queries_for_many_goals(stage: Stage, django_assert_max_num_queries, count: int) -> None:
    make_goals(stage.plan, count, theme=stage.themes["P1"])
    recut = applied(stage)
    with django_assert_max_num_queries(70):
        undone(stage, recut)


class TestThePage:
    def test_the_manager_is_asked_why_and_comes_back_on_the_division(self, stage: Stage, log_in: LogIn) -> None:
        recut = applied(stage)
        client = log_in(stage.people.manager)
        address = reverse("undo_recut", args=[stage.programme.slug, recut.pk])
        assert address in client.get(recut.get_absolute_url()).content.decode()
        assert "6 doelen staan daarna weer" in client.get(address).content.decode()
        assert client.post(address, {"reason": " "}).status_code == 422
        response = client.post(address, {"reason": REASON}, follow=True)
        assert "De herijking van 1 juli 2023 is ongedaan gemaakt." in response.content.decode()
        assert not Recut.objects.exists()

    def test_it_says_why_it_cannot_be_done(self, stage: Stage, log_in: LogIn) -> None:
        recut = applied(stage)
        recorded(stage)
        client = log_in(stage.people.manager)
        address = reverse("undo_recut", args=[stage.programme.slug, recut.pk])
        for response, status in ((client.get(address), 200), (client.post(address, {"reason": REASON}), 409)):
            assert response.status_code == status
            assert PROGRESS in response.content.decode()
            assert "<textarea" not in response.content.decode()

    def test_who_may_not_is_not_offered_it(self, stage: Stage, log_in: LogIn) -> None:
        recut = applied(stage)
        address = reverse("undo_recut", args=[stage.programme.slug, recut.pk])
        assert address not in log_in(stage.people.councillor).get(recut.get_absolute_url()).content.decode()
