"""Every state x every action x every role as requests: what is blocked is answered with a sentence and changes nothing.

Who may not see a page answers as if it were not there (404), who may see it but not do this gets 403.
"""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from monitoring.models import AuditLine, ReportingRound, Update
from monitoring.workflow import Action
from tests.cast import Stage
from tests.conftest import LogIn
from tests.guards import unguarded
from tests.monitoring.test_workflow import ROLES, RoundState, State, expected_state, put

RECORDED_BY_OWNERS = (Action.SAVE, Action.SUBMIT, Action.WITHDRAW)
# Who has no page to do the action on: the council and outsiders see no open round, a review is the manager's.
BLIND = ("councillor", "outsider")


def send(client: Client, update: Update, action: Action, *, by_manager: bool) -> int:
    """Do `action` on the page that the role has for it, and return the status; a refusal must say why."""
    data = {
        "action": action.value,
        "version": str(update.version),
        "status": "delayed",
        "explanation": "De oorzaak, het gevolg en wat we doen",
        "next_steps": "Volgende maand verder",
        "reason": "Noem de oorzaak" if action in (Action.RETURN, Action.MARK_NOT_DELIVERED) else "",
    }
    takes_back = by_manager and action is Action.WITHDRAW and update.state == State.NOT_DELIVERED
    reviews = action not in RECORDED_BY_OWNERS or takes_back
    if reviews:
        address = reverse("review_update", args=[update.round_id, update.goal_id])
    else:
        address = f"{reverse('record_update', args=[update.goal_id])}?ronde={update.round.name}"
    response = client.post(address, data)
    if response.status_code == 403:
        assert b'role="alert"' in response.content or b"<h1" in response.content
        assert len(response.content) > 500, "a refusal is a page with a sentence"
    return response.status_code


@pytest.mark.parametrize("round_state", RoundState.values)
@pytest.mark.parametrize("role", ROLES)
def test_every_state_times_every_action(stage: Stage, log_in: LogIn, role: str, round_state: str) -> None:
    update = stage.update("P1.3", stage.open_round)
    adopted_at = timezone.now() if round_state == RoundState.ADOPTED else None
    client = log_in(getattr(stage.people, role))
    by_manager = role in ("manager", "administrator")
    with unguarded():
        for state in State.values:
            for action in Action:
                ReportingRound.objects.filter(pk=stage.open_round.pk).update(state=round_state, adopted_at=adopted_at)
                now = put(update, state)
                lines = AuditLine.objects.count()
                expected = expected_state(state, action, role, round_state)
                status = send(client, now, action, by_manager=by_manager)
                after = Update.objects.get(pk=update.pk)
                where = (state, action, status)
                if expected is None:
                    assert status in ((403, 404) if role in BLIND else (403,)), where
                    assert (after.state, after.version, after.explanation) == (state, now.version, now.explanation)
                    assert AuditLine.objects.count() == lines, where
                else:
                    assert status == 302, where
                    assert (after.state, after.version) == (expected, now.version + 1), where
                    assert AuditLine.objects.count() == lines + 1, where
