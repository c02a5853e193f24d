"""The manager links owners to users; the link brings the goals on the worklist and gives no other right."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from din.models import Owner, OwnerMember
from tests.cast import Stage, make_programme
from tests.conftest import LogIn


@pytest.fixture
def as_manager(stage: Stage, log_in: LogIn) -> Client:
    return log_in(stage.people.manager)


def address(stage: Stage) -> str:
    return reverse("owners", args=[stage.programme.slug])


def send(client: Client, stage: Stage, owner: Owner, user: object, kind: str = "member") -> object:
    return client.post(address(stage), {"owner": owner.pk, "user": user.pk, "kind": kind}, follow=True)


def test_owners_that_are_linked_to_nobody_come_first(stage: Stage, as_manager: Client) -> None:
    stage.neighbours.members.all().delete()
    page = as_manager.get(address(stage)).content.decode()
    assert "1 eigenaar is aan niemand gekoppeld" in page
    table = page[page.index("<tbody>") :]
    assert table.index("Werk en Inkomen") < table.index("Maatschappelijke Ontwikkeling")


def test_a_link_brings_the_goals_on_the_worklist(stage: Stage, as_manager: Client, log_in: LogIn) -> None:
    owner = log_in(stage.people.owner)
    goal = stage.goals["P4.1"]
    assert goal.text not in owner.get(reverse("worklist")).content.decode()
    page = send(as_manager, stage, stage.neighbours, stage.people.owner, "deputy").content.decode()
    assert "hoort nu bij Werk en Inkomen" in page
    assert "vervanger" in page
    assert goal.text in owner.get(reverse("worklist")).content.decode()


def test_unlinking_takes_them_off_again_and_keeps_what_was_recorded(stage: Stage, as_manager: Client) -> None:
    member = stage.department.members.get()
    updates = stage.open_round.updates.count()
    as_manager.post(reverse("unlink_owner", args=[stage.programme.slug, member.pk]))
    assert not stage.department.members.exists()
    assert stage.open_round.updates.count() == updates
    assert as_manager.post(reverse("unlink_owner", args=[stage.programme.slug, member.pk])).status_code == 302


def test_linking_twice_is_one_link(stage: Stage, as_manager: Client) -> None:
    page = send(as_manager, stage, stage.department, stage.people.owner).content.decode()
    assert "hoorde al bij" in page
    assert stage.department.members.count() == 1


def test_only_who_may_record_can_be_linked(stage: Stage, as_manager: Client) -> None:
    for stranger in (stage.people.councillor, stage.people.outsider):
        assert send(as_manager, stage, stage.department, stranger).status_code == 422
    assert OwnerMember.objects.count() == 2


def test_an_owner_of_another_programme_is_out_of_reach(stage: Stage, as_manager: Client) -> None:
    other = Owner.objects.create(programme=make_programme("Ander", "ander"), name="Elders")
    member = OwnerMember.objects.create(owner=other, user=stage.people.colleague)
    assert send(as_manager, stage, other, stage.people.owner).status_code == 422
    as_manager.post(reverse("unlink_owner", args=[stage.programme.slug, member.pk]))
    assert OwnerMember.objects.filter(pk=member.pk).exists()


def test_a_programme_without_owners_says_what_to_do(as_manager: Client, stage: Stage) -> None:
    empty = make_programme("Leeg", "leeg")
    empty.managers.add(stage.people.manager)
    assert "Importeer eerst het werkboek" in as_manager.get(reverse("owners", args=["leeg"])).content.decode()


@pytest.mark.parametrize("wrong", ["x", "-1", "99999999999999999999999"])
def test_a_mangled_choice_is_no_crash(stage: Stage, as_manager: Client, wrong: str) -> None:
    assert as_manager.get(address(stage), {"eigenaar": wrong}).status_code == 200
    assert as_manager.post(address(stage), {"owner": wrong, "user": wrong, "kind": wrong}).status_code == 422


def test_queries_do_not_grow_with_owners(stage: Stage, as_manager: Client) -> None:
    used = []
    for start, count in [(0, 3), (3, 30)]:
        for number in range(start, start + count):
            owner = Owner.objects.create(programme=stage.programme, name=f"Afdeling {number}")
            OwnerMember.objects.create(owner=owner, user=stage.people.colleague)
        with CaptureQueriesContext(connection) as queries:
            as_manager.get(address(stage))
        used.append(len(queries))
    assert used[0] == used[1] <= 13
