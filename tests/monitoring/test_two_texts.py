"""Two people at one form: both texts of what differs, and taking one of them; nothing is saved by choosing."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from monitoring import commitments
from monitoring.commitments import Facts
from monitoring.indicator_changes import save_indicator, stand_of
from monitoring.measurements import Reading, change_measurement
from monitoring.models import AuditLine, Commitment, Indicator, Measurement
from tests.cast import Stage
from tests.conftest import LogIn
from tests.indicators import make_indicator, make_measurement

SITE = AuditLine.Origin.SITE


@pytest.fixture
def client(stage: Stage, log_in: LogIn) -> Client:
    return log_in(stage.people.manager)


def sent_again(response: HttpResponse, sent: dict[str, Any], version: str = "version") -> dict[str, Any]:
    """What the browser sends from the page after a conflict: what was typed at first goes along."""
    page = response.content.decode()
    seen = page.split(f'name="{version}"')[1].split('value="')[1].split('"')[0]
    first = {one.first_name: list(one.my_values) or "" for one in response.context["differences"]}
    return {**sent, **first, version: seen}


class TestCommitment:
    @pytest.fixture
    def sent(self, stage: Stage) -> dict[str, Any]:
        """What one manager sends who did not see what the other saved meanwhile."""
        motion = stage.motion
        sent = {
            "kind": "motie",
            "number": motion.number,
            "title": "Mijn titel",
            "text": "Eén\r\ntwee",
            "made_on": "2023-03-01",
            "version": motion.version,
            "goals": [stage.goals["P1.1"].pk, stage.goals["P4.1"].pk],
        }
        theirs = replace(
            Facts.of(motion),
            title="Hun titel",
            text="Eén\ntwee",
            made_on=datetime.date(2023, 4, 2),
            goals=frozenset([stage.goals["P1.1"].pk, stage.goals["P4.2"].pk]),
        )
        commitments.change(motion, theirs, version=motion.version, actor=stage.people.manager, origin=SITE)
        return sent

    def address(self, stage: Stage) -> str:
        return reverse("change_commitment", args=[stage.programme.slug, stage.motion.pk])

    def test_what_differs_is_shown_twice(self, stage: Stage, client: Client, sent: dict[str, Any]) -> None:
        response = client.post(self.address(stage), sent)
        assert response.status_code == 409
        found = {one.name: one for one in response.context["differences"]}
        assert "text" not in found, "only its line ends differ"
        read = {
            name: ("".join(piece.text for piece in one.mine), "".join(piece.text for piece in one.theirs))
            for name, one in found.items()
        }
        assert read["title"] == ("Mijn titel", "Hun titel")
        assert read["made_on"] == ("1 maart 2023", "2 april 2023")
        assert read["goals"] == (str(stage.goals["P4.1"]), str(stage.goals["P4.2"])), "without what both chose"
        assert 'value="Mijn titel"' in response.content.decode()

    def test_the_text_of_the_other_is_taken_and_mine_taken_back(
        self, stage: Stage, client: Client, sent: dict[str, Any]
    ) -> None:
        response = client.post(self.address(stage), sent)
        again = sent_again(response, sent)
        response = client.post(self.address(stage), {**again, "take": "title:theirs"})
        assert response.status_code == 409
        assert response.context["form"]["title"].value() == "Hun titel"
        response = client.post(self.address(stage), {**again, "title": "Hun titel", "take": "goals:theirs"})
        form = response.context["form"]
        assert form["title"].value() == "Hun titel"
        assert set(map(int, form["goals"].value())) == {stage.goals["P1.1"].pk, stage.goals["P4.2"].pk}
        assert {one.name for one in response.context["differences"]} >= {"title", "goals"}, "mine is still offered"
        response = client.post(self.address(stage), {**again, "title": "Hun titel", "take": "title:mine"})
        assert response.context["form"]["title"].value() == "Mijn titel"
        assert Commitment.objects.get(pk=stage.motion.pk).title == "Hun titel", "choosing saves nothing"

    def test_what_was_chosen_is_saved(self, stage: Stage, client: Client, sent: dict[str, Any]) -> None:
        again = sent_again(client.post(self.address(stage), sent), sent)
        assert client.post(self.address(stage), again).status_code == 302
        stored = Commitment.objects.get(pk=stage.motion.pk)
        assert (stored.title, stored.made_on) == ("Mijn titel", datetime.date(2023, 3, 1))

    @pytest.mark.parametrize("take", ["", "title", "pk:theirs", "version:theirs", "title:nobody's"])
    def test_a_button_that_is_not_there_changes_nothing(
        self, stage: Stage, client: Client, sent: dict[str, Any], take: str
    ) -> None:
        response = client.post(self.address(stage), {**sent, "take": take})
        assert response.status_code == 409
        assert response.context["form"]["title"].value() == "Mijn titel"

    def test_a_day_that_is_none_comes_back_as_it_was_typed(
        self, stage: Stage, client: Client, sent: dict[str, Any]
    ) -> None:
        response = client.post(self.address(stage), {**sent, "made_on": "2023-13-45", "take": "title:theirs"})
        assert response.status_code == 409
        assert 'value="2023-13-45"' in response.content.decode()


def test_the_proposal_of_the_other_is_taken(stage: Stage, client: Client) -> None:
    motion = stage.motion
    address = reverse("settlement", args=[stage.programme.slug, motion.pk])
    sent = {"settlement": "Mijn voorstel", "version": motion.version, "action": "write"}
    by = {"actor": stage.people.manager, "origin": SITE}
    commitments.write_settlement(motion, "Hun voorstel", version=motion.version, **by)
    response = client.post(address, sent)
    assert response.status_code == 409
    again = sent_again(response, sent)
    response = client.post(address, {**again, "take": "settlement:theirs"})
    assert response.context["form"]["settlement"].value() == "Hun voorstel"
    response = client.post(address, {**again, "settlement": "Hun voorstel", "take": "settlement:mine"})
    assert response.context["form"]["settlement"].value() == "Mijn voorstel"
    assert client.post(address, sent_again(response, sent)).status_code == 302
    assert Commitment.objects.get(pk=motion.pk).settlement == "Mijn voorstel"


def test_a_proposal_that_is_fixed_meanwhile_is_shown_without_buttons(stage: Stage, client: Client) -> None:
    motion = stage.motion
    address = reverse("settlement", args=[stage.programme.slug, motion.pk])
    day = datetime.date(2023, 9, 1)
    commitments.settle(motion, settled_on=day, version=motion.version, actor=stage.people.manager, origin=SITE)
    page = client.post(address, {"settlement": "Mijn voorstel", "version": 0, "take": "settlement:mine"})
    assert page.status_code == 409
    assert 'name="take"' not in page.content.decode()
    assert "Mijn voorstel" in page.content.decode()


def test_the_fields_of_an_indicator_are_taken_one_by_one(stage: Stage, client: Client) -> None:
    indicator = make_indicator(stage.programme, goals=[stage.goals["P4.1"]])
    seen = stand_of(indicator)
    other = Indicator.objects.get(pk=indicator.pk)
    other.name, other.is_key, other.direction = "Hun naam", True, Indicator.Direction.LOWER
    by = {"actor": stage.people.manager, "origin": SITE}
    save_indicator(indicator=other, goals=[stage.goals["P4.2"]], seen=seen, **by)
    address = reverse("change_indicator", args=[stage.programme.slug, indicator.pk])
    sent = {"name": "Mijn naam", "decimals": "0", "direction": "higher", "frequency": "year", "aggregation": "last"}
    sent |= {"position": "0", "seen": seen, "goals": [stage.goals["P4.1"].pk]}
    response = client.post(address, sent)
    assert response.status_code == 409
    assert {one.name for one in response.context["differences"]} == {"name", "is_key", "direction", "goals"}
    again = sent_again(response, sent, "seen")
    for name, expected in [("is_key", True), ("direction", "lower"), ("goals", [str(stage.goals["P4.2"].pk)])]:
        response = client.post(address, {**again, "take": f"{name}:theirs"})
        assert response.context["form"][name].value() == expected
        assert response.context["form"]["name"].value() == "Mijn naam"
    assert client.post(address, sent_again(response, sent, "seen")).status_code == 302
    indicator.refresh_from_db()
    assert (indicator.name, indicator.is_key) == ("Mijn naam", False)


def test_the_value_of_a_measurement_is_taken(stage: Stage, client: Client) -> None:
    indicator = make_indicator(stage.programme, decimals=2)
    made = make_measurement(indicator, "2023", "5.5", round_=stage.open_round, note="telling")
    by = {"actor": stage.people.manager, "origin": SITE}
    reading = Reading(Decimal("6.25"), note="telling")
    change_measurement(measurement=made, reading=reading, version=made.version, **by)
    address = reverse("change_measurement", args=[made.pk])
    sent = {"value": "7,75", "note": "telling", "version": made.version}
    response = client.post(address, sent)
    again = sent_again(response, sent)
    response = client.post(address, {**again, "take": "value:theirs"})
    assert response.context["form"]["value"].value() == "6,25"
    assert client.post(address, {**again, "value": "6,25"}).status_code == 302
    assert Measurement.objects.get(pk=made.pk).value == Decimal("6.25")
