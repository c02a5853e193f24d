"""The rules of commitments: every state x every action x every role, and what an operation leaves behind."""

import datetime
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from monitoring import commitments as operations
from monitoring.commitments import TRANSITIONS, Action, Facts, Moved, Settlement, allowed_actions
from monitoring.held_back import HeldBack
from monitoring.models import AuditLine, Commitment, ReportingRound
from monitoring.workflow import Refused
from tests.cast import SETTLEMENT_DRAFT, Stage, adopt, make_commitment, make_round
from tests.conftest import LogIn

SITE = AuditLine.Origin.SITE
State = Commitment.State
DAY = datetime.date(2023, 9, 1)

OPEN = {"change": "open", "write": "open", "propose": "proposed", "settle": "settled"}
PROPOSED = {"change": "proposed", "withdraw": "open", "settle": "settled"}
SETTLED = {"change": "settled", "reopen": "open"}
EXPECTED = {State.OPEN: OPEN, State.PROPOSED: PROPOSED, State.SETTLED: SETTLED}


def in_state(stage: Stage, state: str) -> Commitment:
    settled = {"settled_on": DAY} if state == State.SETTLED else {}
    return make_commitment(
        stage.programme, title="Proef", owner=stage.department, state=state, settlement="Tekst", **settled
    )


def act(action: Action, commitment: Commitment, user: Any, *, version: int = 0) -> Commitment:
    common = {"version": version, "actor": user, "origin": SITE}
    match action:
        case Action.CHANGE:
            return operations.change(commitment, replace(Facts.of(commitment), title="Anders"), **common)
        case Action.WRITE:
            return operations.write_settlement(commitment, "Nieuwe tekst", **common)
        case Action.PROPOSE:
            return operations.propose(commitment, "Nieuwe tekst", proposed_in=None, **common)
        case Action.SETTLE:
            return operations.settle(commitment, settled_on=DAY, **common)
        case Action.WITHDRAW:
            return operations.withdraw(commitment, **common)
        case _:
            return operations.reopen(commitment, **common)


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("state", State)
def test_every_state_with_every_action(stage: Stage, state: State, action: Action) -> None:
    commitment = in_state(stage, state)
    after = EXPECTED[state].get(action.value)
    if after is None:
        with pytest.raises(Refused):
            act(action, commitment, stage.people.manager)
        assert not AuditLine.objects.exists()
        return
    result = act(action, commitment, stage.people.manager)
    stored = Commitment.objects.get(pk=commitment.pk)
    assert (result.state, stored.state, stored.version) == (after, after, 1)
    line = AuditLine.objects.get()
    assert (line.action, line.object_type, line.actor, line.result) == (
        action.value,
        "commitment",
        stage.people.manager,
        after,
    )
    assert commitment.history.count() == 2


def test_the_table_of_the_module_is_this_one() -> None:
    assert {(state, action): to for (state, action), (to, _) in TRANSITIONS.items()} == {
        (state, Action(action)): State(to) for state, row in EXPECTED.items() for action, to in row.items()
    }


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("role", ["owner", "colleague", "councillor", "outsider"])
def test_who_may_do_what(stage: Stage, role: str, action: Action) -> None:
    state = next(state for state, row in EXPECTED.items() if action.value in row)
    commitment, user = in_state(stage, state), getattr(stage.people, role)
    may = role == "owner" and action is Action.WRITE
    assert (action in allowed_actions(commitment, user)) == may
    if may:
        act(action, commitment, user)
    else:
        with pytest.raises(PermissionDenied):
            act(action, commitment, user)
        assert Commitment.objects.get(pk=commitment.pk).version == 0


@pytest.mark.parametrize("role", ["owner", "colleague", "councillor", "outsider"])
def test_only_a_manager_adds(stage: Stage, role: str) -> None:
    with pytest.raises(PermissionDenied):
        operations.add(stage.programme, Facts(title="Motie"), actor=getattr(stage.people, role), origin=SITE)
    assert not Commitment.objects.filter(title="Motie").exists()


@pytest.mark.parametrize("action", Action)
def test_what_somebody_else_wrote_meanwhile_is_not_overwritten(stage: Stage, action: Action) -> None:
    state = next(state for state, row in EXPECTED.items() if action.value in row)
    commitment = in_state(stage, state)
    Commitment.objects.filter(pk=commitment.pk).update(version=3, title="Van een ander")
    with pytest.raises(Moved) as moved:
        act(action, commitment, stage.people.manager)
    assert moved.value.current.title == "Van een ander"
    assert not AuditLine.objects.exists()


def test_the_same_facts_again_are_no_conflict(stage: Stage) -> None:
    commitment = in_state(stage, State.OPEN)
    act(Action.CHANGE, commitment, stage.people.manager)
    act(Action.CHANGE, commitment, stage.people.manager)
    assert AuditLine.objects.count() == 1


def test_a_proposal_that_the_council_has_not_read_cannot_be_settled(stage: Stage) -> None:
    with pytest.raises(Refused, match="Stel die eerst vast"):
        act(Action.SETTLE, stage.promise, stage.people.manager)


def test_a_proposal_goes_with_a_round_that_is_not_adopted(stage: Stage) -> None:
    common: dict[str, Any] = {"version": 0, "actor": stage.people.manager, "origin": SITE}
    with pytest.raises(ValidationError, match="al vastgesteld"):
        operations.propose(stage.motion, "Tekst", proposed_in=stage.adopted_round, **common)
    planned = make_round(stage.plan, 2024, 1, state="planned")
    assert operations.propose(stage.motion, "Tekst", proposed_in=planned, **common).proposed_in == planned


def test_a_round_that_was_adopted_since_the_form_was_shown_takes_no_proposal(stage: Stage) -> None:
    shown = ReportingRound.objects.get(pk=stage.open_round.pk)
    adopt(stage.open_round)
    common: dict[str, Any] = {"version": 0, "actor": stage.people.manager, "origin": SITE}
    with pytest.raises(ValidationError, match="al vastgesteld"):
        operations.propose(stage.motion, "Tekst", proposed_in=shown, **common)
    assert Commitment.objects.get(pk=stage.motion.pk).state == State.OPEN


def test_a_proposal_needs_a_text(stage: Stage) -> None:
    with pytest.raises(ValidationError) as error:
        operations.propose(stage.motion, "  ", proposed_in=None, version=0, actor=stage.people.manager, origin=SITE)
    assert "settlement" in error.value.message_dict


def test_a_day_that_is_still_to_come_settles_nothing(stage: Stage) -> None:
    with pytest.raises(ValidationError, match="moet nog komen"):
        operations.settle(
            stage.motion,
            settled_on=datetime.date(2999, 1, 1),
            version=0,
            actor=stage.people.manager,
            origin=SITE,
        )


def test_what_the_council_settled_today_is_noted_today(stage: Stage) -> None:
    today = timezone.localdate()
    settled = operations.settle(stage.motion, settled_on=today, version=0, actor=stage.people.manager, origin=SITE)
    assert (settled.state, settled.settled_on) == (State.SETTLED, today)


def test_what_is_settled_keeps_the_round_that_it_was_proposed_in(stage: Stage) -> None:
    round_ = make_round(stage.plan, 2024, 1, state="planned")
    common: dict[str, Any] = {"actor": stage.people.manager, "origin": SITE}
    operations.propose(stage.motion, "Tekst", proposed_in=round_, version=0, **common)
    adopt(round_)
    settled = operations.settle(stage.motion, settled_on=DAY, version=1, **common)
    assert (settled.proposed_in, settled.settlement) == (round_, "Tekst")


@pytest.mark.parametrize("text", ["Bel 06-12345678", "BSN 111222333", "mail naar a.b@voorbeeld.nl"])
def test_personal_data_is_held_back(stage: Stage, text: str) -> None:
    common: dict[str, Any] = {"actor": stage.people.manager, "origin": SITE}
    with pytest.raises(HeldBack):
        operations.write_settlement(stage.motion, text, version=0, **common)
    with pytest.raises(HeldBack):
        operations.add(stage.programme, Facts(title="Motie", text=text), **common)
    with pytest.raises(HeldBack):
        operations.change(stage.motion, Facts(title=text), version=0, **common)
    assert Commitment.objects.get(pk=stage.motion.pk).settlement == SETTLEMENT_DRAFT


def test_a_number_that_is_no_bsn_is_declared_in_the_trail(stage: Stage) -> None:
    operations.write_settlement(
        stage.motion,
        "Zaak 111222333",
        version=0,
        actor=stage.people.manager,
        origin=SITE,
        no_bsn=["111222333"],
    )
    assert "het getal op 333 is geen BSN" in AuditLine.objects.get().note


def test_a_number_that_was_declared_before_is_asked_once(stage: Stage) -> None:
    common: dict[str, Any] = {"actor": stage.people.manager, "origin": SITE}
    operations.write_settlement(stage.motion, "Zaak 111222333", version=0, no_bsn=["111222333"], **common)
    operations.write_settlement(stage.motion, "Zaak 111222333 loopt", version=1, **common)
    facts = replace(Facts.of(stage.motion), text="Besluit 111222333")
    operations.change(stage.motion, facts, version=2, no_bsn=["111222333"], **common)
    operations.change(stage.motion, replace(facts, title="Anders"), version=3, **common)
    assert Commitment.objects.get(pk=stage.motion.pk).version == 4


def test_a_goal_of_another_programme_is_refused(stage: Stage) -> None:
    other = type(stage.programme).objects.create(name="Ander", slug="ander", first_year=2021, last_year=2026)
    other.managers.add(stage.people.manager)
    facts = Facts(title="Motie", goals=frozenset([stage.goals["P1.1"].pk]))
    with pytest.raises(ValidationError, match="ander programma"):
        operations.add(other, facts, actor=stage.people.manager, origin=SITE)
    assert not Commitment.objects.filter(programme=other).exists()


def test_one_that_was_settled_before_comes_in_as_it_was(stage: Stage) -> None:
    added = operations.add(
        stage.programme,
        Facts(title="Oude motie", kind="motie"),
        settlement=Settlement(state="settled", text="Gedaan", settled_on=DAY),
        actor=stage.people.manager,
        origin=SITE,
    )
    assert (added.state, added.settled_on, added.settlement) == ("settled", DAY, "Gedaan")


# --- the forms -----------------------------------------------------------------------------------------------------


def test_a_conflict_shows_both_texts_and_who_saves_again_wins(stage: Stage, log_in: LogIn) -> None:
    client = log_in(stage.people.manager)
    address = reverse("change_commitment", args=[stage.programme.slug, stage.motion.pk])
    Commitment.objects.filter(pk=stage.motion.pk).update(version=4, title="Van de ander")
    data = {"version": "0", "kind": "motie", "title": "Van mij", "number": stage.motion.number}
    response = client.post(address, data)
    page = response.content.decode()
    assert response.status_code == 409
    title = response.context["differences"][0]
    assert ("".join(p.text for p in title.mine), "".join(p.text for p in title.theirs)) == ("Van mij", "Van de ander")
    assert 'name="version" value="4"' in page
    assert client.post(address, {**data, "version": "4"}).status_code == 302
    assert Commitment.objects.get(pk=stage.motion.pk).title == "Van mij"


def test_a_conflict_on_the_proposal_shows_both_texts(stage: Stage, log_in: LogIn) -> None:
    client = log_in(stage.people.owner)
    Commitment.objects.filter(pk=stage.motion.pk).update(version=4, settlement="Tekst van de ander")
    address = reverse("settlement", args=[stage.programme.slug, stage.motion.pk])
    response = client.post(address, {"version": "0", "settlement": "Tekst van mij"})
    assert response.status_code == 409
    assert 'name="version" value="4"' in response.content.decode()
    assert "van mij" in response.content.decode()
    assert Commitment.objects.get(pk=stage.motion.pk).settlement == "Tekst van de ander"


def test_a_wrong_form_keeps_what_was_typed(stage: Stage, log_in: LogIn) -> None:
    client = log_in(stage.people.manager)
    address = reverse("new_commitment", args=[stage.programme.slug])
    data = {"version": "0", "kind": "motie", "title": "", "text": "Mijn tekst", "goals": [stage.goals["P1.1"].pk]}
    response = client.post(address, data)
    assert response.status_code == 422
    page = response.content.decode()
    assert "Mijn tekst" in page
    assert f'value="{stage.goals["P1.1"].pk}" id="doel-{stage.goals["P1.1"].pk}" checked' in page


def test_a_text_is_no_longer_than_a_workbook_takes_back(stage: Stage, log_in: LogIn) -> None:
    client, address = log_in(stage.people.manager), reverse("new_commitment", args=[stage.programme.slug])
    data = {"version": "0", "kind": "motie", "title": "Lang"}
    assert client.post(address, {**data, "text": "a" * 10_001}).status_code == 422
    assert client.post(address, {**data, "text": "a" * 10_000}).status_code == 302


@pytest.mark.parametrize("key", ["9" * 30, str(2**63), "0", "-1", "x", "²"])
def test_a_goal_that_cannot_be_is_a_wrong_choice(stage: Stage, log_in: LogIn, key: str) -> None:
    data = {"version": "0", "kind": "motie", "title": "Motie", "text": "Mijn tekst", "goals": [key]}
    response = log_in(stage.people.manager).post(reverse("new_commitment", args=[stage.programme.slug]), data)
    assert response.status_code == 422
    assert "Mijn tekst" in response.content.decode()


def test_a_number_that_is_taken_is_said(stage: Stage, log_in: LogIn) -> None:
    data = {"version": "0", "kind": "motie", "title": "Nog een", "number": stage.motion.number}
    response = log_in(stage.people.manager).post(reverse("new_commitment", args=[stage.programme.slug]), data)
    assert response.status_code == 422
    assert "Dit nummer staat al bij dit programma." in response.content.decode()


def test_held_back_text_is_marked_in_the_page(stage: Stage, log_in: LogIn) -> None:
    data = {"version": "0", "kind": "motie", "title": "Motie", "text": "Zaak 111222333"}
    client = log_in(stage.people.manager)
    response = client.post(reverse("new_commitment", args=[stage.programme.slug]), data)
    assert response.status_code == 422
    assert "<mark>111222333" in response.content.decode()
    again = client.post(reverse("new_commitment", args=[stage.programme.slug]), {**data, "no_bsn": ["111222333"]})
    assert again.status_code == 302


def test_an_officer_cannot_propose_by_hand(stage: Stage, log_in: LogIn) -> None:
    address = reverse("settlement", args=[stage.programme.slug, stage.motion.pk])
    data = {"version": "0", "settlement": "Tekst", "action": "propose"}
    assert log_in(stage.people.owner).post(address, data).status_code == 403
    assert Commitment.objects.get(pk=stage.motion.pk).state == "open"


@pytest.mark.parametrize("action", ["change", "write", "bestaat-niet"])
def test_a_step_that_is_none_is_no_page(stage: Stage, log_in: LogIn, action: str) -> None:
    address = reverse("commitment_step", args=[stage.programme.slug, stage.motion.pk, action])
    assert log_in(stage.people.manager).get(address).status_code == 404
