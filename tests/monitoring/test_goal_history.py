"""The history on the page of a goal: who did what when, for whoever may know it."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from din.models import Goal
from monitoring import goal_history, workflow
from monitoring.models import AuditLine
from monitoring.reassignment import reassign
from monitoring.workflow import Content
from tests.cast import Stage, correct_report
from tests.conftest import LogIn

SITE = AuditLine.Origin.SITE


def history(client: Client, stage: Stage, reference: str) -> list[tuple[str, str, str]]:
    """Who did what with which note, the latest first, as the page has it."""
    events = client.get(stage.goals[reference].get_absolute_url()).context["goal"].history
    return [(event.who, event.deed, event.note) for event in events]


def save(stage: Stage, text: str, actor: Any = None) -> None:
    update = stage.update("P4.1", stage.open_round)
    workflow.save_draft(
        update=update,
        actor=actor or stage.people.colleague,
        origin=SITE,
        content=Content("delayed", text),
        version=update.version,
    )


@pytest.fixture
def worked_on(stage: Stage) -> Stage:
    """P4.1 in the open round: saved three times, handed in, sent back and saved once more."""
    for text in ("een", "twee", "drie"):
        save(stage, text)
    update = stage.update("P4.1", stage.open_round)
    update = workflow.submit(
        update=update,
        actor=stage.people.colleague,
        origin=SITE,
        content=Content("delayed", "vier"),
        version=update.version,
    )
    workflow.return_to_owner(
        update=update, actor=stage.people.manager, origin=SITE, version=update.version, reason="Noem het gevolg"
    )
    save(stage, "vijf")
    return stage


ADOPTED = ("de server", "stelde de ronde vast", "Status: in gevaar.")


@pytest.mark.parametrize("role", ["colleague", "manager", "administrator"])
def test_who_records_the_goal_reads_all_of_it(worked_on: Stage, log_in: LogIn, role: str) -> None:
    colleague, manager = str(worked_on.people.colleague), str(worked_on.people.manager)
    assert history(log_in(getattr(worked_on.people, role)), worked_on, "P4.1") == [
        (colleague, "bewaarde een concept", ""),
        (manager, "stuurde de voortgang terug", "Noem het gevolg"),
        (colleague, "diende de voortgang in", ""),
        (colleague, "bewaarde een concept (3 keer)", ""),
        ADOPTED,
    ]


@pytest.mark.parametrize("role", ["councillor", "owner"])
def test_others_read_what_was_adopted_and_nothing_of_the_open_round(worked_on: Stage, log_in: LogIn, role: str) -> None:
    client = log_in(getattr(worked_on.people, role))
    assert history(client, worked_on, "P4.1") == [ADOPTED]
    assert "Noem het gevolg" not in client.get(worked_on.goals["P4.1"].get_absolute_url()).content.decode()


def test_a_correction_is_told_on_the_goal_that_it_is_about(stage: Stage, log_in: LogIn) -> None:
    content = Content("achieved", "De wachttijd is gehaald")
    correct_report(stage, {"P4.1": content}, reason="Verwisseld met een ander doel")
    client = log_in(stage.people.councillor)
    corrected = (
        str(stage.people.manager),
        "corrigeerde het rapport",
        "Status: behaald. Reden: Verwisseld met een ander doel",
    )
    assert history(client, stage, "P4.1") == [corrected, ADOPTED]
    assert len(history(client, stage, "P1.1")) == 1
    assert "De wachttijd is gehaald" in client.get(stage.goals["P4.1"].get_absolute_url()).content.decode()


def test_drafts_of_two_people_in_turn_stay_apart(stage: Stage, log_in: LogIn) -> None:
    for actor in (stage.people.colleague, stage.people.manager, stage.people.colleague):
        save(stage, f"van {actor}", actor)
    deeds = [deed for _, deed, _ in history(log_in(stage.people.manager), stage, "P4.1")]
    assert deeds[:3] == ["bewaarde een concept"] * 3


def test_typing_on_hides_nothing_that_happened_before(stage: Stage, log_in: LogIn, monkeypatch: Any) -> None:
    monkeypatch.setattr(goal_history, "EVENTS_AT_MOST", 3)
    save(stage, "van de manager", stage.people.manager)
    for number in range(5):
        save(stage, f"versie {number}")
    deeds = [deed for _, deed, _ in history(log_in(stage.people.manager), stage, "P4.1")]
    assert deeds[:2] == ["bewaarde een concept (5 keer)", "bewaarde een concept"]


def test_a_declaration_between_two_drafts_is_told(stage: Stage, log_in: LogIn) -> None:
    workflow.save_draft(
        update=stage.update("P4.1", stage.open_round),
        actor=stage.people.colleague,
        origin=SITE,
        content=Content("delayed", "Zaaknummer 123456782"),
        version=stage.update("P4.1", stage.open_round).version,
        no_bsn=["123456782"],
    )
    save(stage, "Zaaknummer 123456782 loopt")
    note = history(log_in(stage.people.manager), stage, "P4.1")[0][2]
    assert note == "Verklaard: het getal op 782 is geen BSN."


def test_the_table_shows_day_round_and_reason(worked_on: Stage, log_in: LogIn) -> None:
    page = log_in(worked_on.people.manager).get(worked_on.goals["P4.1"].get_absolute_url()).content.decode()
    assert "stuurde de voortgang terug" in page
    assert "tweede half jaar 2023" in page
    day = timezone.localtime()
    assert f"{day.day} " in page
    assert str(datetime.date.today().year) in page


def test_another_owner_is_told(stage: Stage, log_in: LogIn) -> None:
    goal = Goal.objects.with_place().get(pk=stage.goals["P4.1"].pk)
    reassign(goal=goal, owner=stage.department, seen=stage.neighbours.pk, actor=stage.people.manager, origin=SITE)
    note = "van Werk en Inkomen naar Maatschappelijke Ontwikkeling"
    assert history(log_in(stage.people.manager), stage, "P4.1")[0] == (
        str(stage.people.manager),
        "gaf het doel aan een andere eigenaar",
        note,
    )
    assert history(log_in(stage.people.councillor), stage, "P4.1") == [ADOPTED]
