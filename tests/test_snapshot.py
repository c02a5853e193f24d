"""What the tests stand on is put back as it was made: a difference here would make every other test a lie."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, models, transaction
from django.db.models import Max

from actieplan.models import User
from din.models import Goal
from monitoring.immutability import missing_guards
from monitoring.models import ReportingRound, Update
from tests.cast import People, Stage, make_people, make_stage
from tests.snapshot import Snapshot, all_rows

pytestmark = pytest.mark.django_db


@contextmanager
def undone() -> Iterator[None]:
    """What happens here never happened."""
    with transaction.atomic():
        yield
        connection.check_constraints()
        transaction.set_rollback(True)


def values(instance: models.Model) -> dict[str, Any]:
    return {field.attname: getattr(instance, field.attname) for field in instance._meta.concrete_fields}


def instances(stage: Stage) -> list[models.Model]:
    people = [getattr(stage.people, name) for name in People.__dataclass_fields__]
    own = [getattr(stage, name) for name in Stage.__dataclass_fields__]
    found = [*people, *own, *stage.goals.values(), *stage.themes.values()]
    return [instance for instance in found if isinstance(instance, models.Model)]


def test_a_stage_put_back_is_the_stage_that_was_made_in_every_row_of_every_table() -> None:
    snapshot = Snapshot(make_stage)
    empty = all_rows()
    with undone():
        made = snapshot.put()
        rows_made = all_rows()
    assert all_rows() == empty
    with undone():
        again = snapshot.put()
        rows_again = all_rows()
    assert rows_again == rows_made
    assert sum(map(len, rows_made.values())) > sum(map(len, empty.values())) + 100
    assert [values(instance) for instance in instances(again)] == [values(instance) for instance in instances(made)]
    assert len(instances(again)) == 6 + 9 + 8 + 3
    assert missing_guards(connection) == []


def test_the_people_put_back_are_those_that_were_made() -> None:
    snapshot = Snapshot(make_people)
    with undone():
        snapshot.put()
        rows_made = all_rows()
    with undone():
        snapshot.put()
        assert all_rows() == rows_made


def test_the_fixture_puts_the_same_back_as_the_stage_made_on_the_same_people(people: People, stage: Stage) -> None:
    assert stage.people is people
    assert values(stage.people.owner) == values(User.objects.get(username="beleid"))
    for instance in instances(stage):
        assert values(instance) == values(type(instance).objects.get(pk=instance.pk))


def test_what_a_test_does_to_its_instances_stays_with_it() -> None:
    snapshot = Snapshot(make_stage)
    with undone():
        snapshot.put()
    with undone():
        stage = snapshot.put()
        stage.plan.name = stage.goals["P1.1"].text = "Anders"
        stage.goals.clear()
    with undone():
        again = snapshot.put()
        assert again.plan.name == "DIN 2023"
        assert again.goals["P1.1"].text == "Een lijst van projecten voor jongeren ligt klaar"


def test_what_is_made_on_top_gets_keys_of_its_own(stage: Stage) -> None:
    highest = Goal.objects.aggregate(highest=Max("pk"))["highest"]
    goal = Goal.objects.create(plan=stage.plan, text="Nog een doel", position=9)
    update = Update.objects.create(goal=goal, round=stage.open_round)
    assert goal.pk > highest
    assert Update.objects.filter(pk__gt=update.pk).count() == 0


def test_an_adopted_round_that_was_put_back_is_guarded(stage: Stage) -> None:
    with pytest.raises(Exception, match="vastgesteld"), transaction.atomic():
        Update.objects.filter(round=stage.adopted_round).update(explanation="Anders")
    with pytest.raises(Exception, match="vastgesteld"), transaction.atomic():
        ReportingRound.objects.filter(pk=stage.adopted_round.pk).update(grace_days=3)


def test_it_is_made_anew_on_another_day() -> None:
    today = ["maandag"]
    made = []
    snapshot = Snapshot(lambda: made.append(make_people()), key=lambda: today[0])
    for day in ("maandag", "maandag", "dinsdag", "dinsdag"):
        today[0] = day
        with undone():
            snapshot.put()
            assert User.objects.count() == 6
    assert len(made) == 2


def test_a_row_that_was_there_gets_what_was_changed(people: People) -> None:
    def rename() -> None:
        User.objects.filter(pk=people.owner.pk).update(last_name="O'Anders")

    snapshot = Snapshot(rename)
    for _ in range(2):
        with undone():
            snapshot.put()
            assert [user.last_name for user in User.objects.filter(last_name__contains="Anders")] == ["O'Anders"]
            assert User.objects.get(last_name="O'Anders") == people.owner


def test_it_refuses_to_keep_that_a_row_went_away(people: People) -> None:
    with pytest.raises(AssertionError, match="actieplan_user"):
        Snapshot(lambda: User.objects.filter(pk=people.outsider.pk).delete()).put()
