"""Giving a goal to another owner: the worklist follows, what was adopted stays, and nobody's change is lost."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from din.models import Goal, Owner, OwnerMember
from monitoring.models import AuditLine, Update
from monitoring.reassignment import reassign
from monitoring.workflow import Refused
from tests.cast import Stage, make_programme
from tests.conftest import LogIn

SITE = AuditLine.Origin.SITE


def give(stage: Stage, owner: Owner, **more: object) -> Goal:
    goal = Goal.objects.with_place().get(pk=stage.goals["P1.3"].pk)
    fields = {"actor": stage.people.manager, "seen": stage.department.pk}
    return reassign(goal=goal, owner=owner, origin=SITE, **{**fields, **more})


def test_the_worklist_follows_with_what_was_recorded(stage: Stage) -> None:
    give(stage, stage.neighbours)
    mine = Update.objects.filter(round=stage.open_round).owned_by(stage.people.colleague)
    assert stage.update("P1.3", stage.open_round) in mine
    assert stage.update("P1.3", stage.open_round) not in Update.objects.owned_by(stage.people.owner)


def test_it_leaves_a_line_and_a_history(stage: Stage) -> None:
    goal = give(stage, stage.neighbours)
    line = AuditLine.objects.get(action="reassign")
    assert (line.object_type, line.object_id, line.actor) == ("goal", goal.pk, stage.people.manager)
    assert line.note == "van Maatschappelijke Ontwikkeling naar Werk en Inkomen"
    latest = goal.history.latest()
    assert (latest.owner, latest.history_user) == (stage.neighbours, stage.people.manager)


def test_of_two_managers_at_once_one_gives_it_away(stage: Stage) -> None:
    give(stage, stage.neighbours)
    third = Owner.objects.create(programme=stage.programme, name="Jongerenloket")
    with pytest.raises(Refused, match="intussen van Werk en Inkomen"):
        give(stage, third)
    assert Goal.objects.get(pk=stage.goals["P1.3"].pk).owner == stage.neighbours


def test_an_owner_of_another_programme_or_the_same_is_refused(stage: Stage) -> None:
    stranger = Owner.objects.create(programme=make_programme("Ander", "ander"), name="Elders")
    for owner in (stranger, stage.department):
        with pytest.raises(Refused):
            give(stage, owner)
    assert not AuditLine.objects.exists()


@pytest.mark.parametrize("role", ["owner", "colleague", "councillor", "outsider"])
def test_only_the_manager_gives_a_goal_away(stage: Stage, role: str) -> None:
    with pytest.raises(PermissionDenied):
        give(stage, stage.neighbours, actor=getattr(stage.people, role))


class TestPage:
    @pytest.fixture
    def as_manager(self, stage: Stage, log_in: LogIn) -> Client:
        return log_in(stage.people.manager)

    def address(self, stage: Stage, **query: str) -> str:
        return reverse("reassign_goal", args=[stage.goals["P1.3"].pk], query=query or None)

    def send(self, client: Client, stage: Stage, owner: object, **query: str) -> object:
        return client.post(self.address(stage, **query), {"owner": str(owner), "seen": str(stage.department.pk)})

    def test_it_is_reached_from_the_goal_and_the_review(self, stage: Stage, as_manager: Client, log_in: LogIn) -> None:
        goal = stage.goals["P1.3"]
        review = reverse("review_update", args=[stage.open_round.pk, goal.pk])
        for page in (goal.get_absolute_url(), review):
            assert self.address(stage) in as_manager.get(page).content.decode()
        assert self.address(stage) not in log_in(stage.people.owner).get(goal.get_absolute_url()).content.decode()

    def test_it_goes_back_to_where_it_came_from(self, stage: Stage, as_manager: Client) -> None:
        response = self.send(as_manager, stage, stage.neighbours.pk, ronde="2023-H2")
        assert response["Location"] == reverse("review_update", args=[stage.open_round.pk, stage.goals["P1.3"].pk])

    def test_an_owner_without_people_is_warned_about(self, stage: Stage, as_manager: Client) -> None:
        OwnerMember.objects.filter(owner=stage.neighbours).delete()
        response = self.send(as_manager, stage, stage.neighbours.pk)
        assert "op niemands werklijst" in as_manager.get(response["Location"]).content.decode()

    def test_what_was_given_away_meanwhile_is_said(self, stage: Stage, as_manager: Client) -> None:
        third = Owner.objects.create(programme=stage.programme, name="Jongerenloket")
        Goal.objects.filter(pk=stage.goals["P1.3"].pk).update(owner=third)
        response = self.send(as_manager, stage, stage.neighbours.pk)
        assert response.status_code == 403
        assert "intussen van Jongerenloket" in response.content.decode()
        assert f'name="seen" value="{third.pk}"' in response.content.decode(), "who sends it again has seen it"

    @pytest.mark.parametrize("owner", ["", "999999", "x"])
    def test_an_unknown_owner_is_refused_at_the_field(self, stage: Stage, as_manager: Client, owner: str) -> None:
        assert self.send(as_manager, stage, owner).status_code == 422
