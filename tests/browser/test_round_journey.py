"""A round as it goes when things go wrong: the connection drops, the session ends, two people write at once, the
manager sends back. What was typed is there each time, and the council reads what was adopted."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Enter, Site
from tests.browser.test_recording import LOG_OUT, PREPARE, explanation, log_in_again, opened, saved, type_text

pytestmark = pytest.mark.browser

# A second officer of the same owner, and nothing else that stands in the way of adopting.
ALONE = """
from din.models import Goal, OwnerMember
from actieplan.models import User
from monitoring.models import Update
goal = Goal.objects.get(pk=%d)
OwnerMember.objects.create(owner=goal.owner, user=User.objects.get(username="collega"))
Update.objects.filter(round=%d).exclude(goal=goal).update(
    state="not_delivered", not_delivered_reason="voorbeeld", return_reason="")
"""
TRAIN, EVENING, COLLEAGUE = "Getypt in de trein.", "Verder geschreven in de avond.", "De collega schrijft dit erbij."
REASON = "Noem ook het aantal jongeren (voorbeeld)."


def test_a_round_in_which_much_goes_wrong(enter: Enter, site: Site) -> None:
    round_pk, goal, *_ = (int(word) for word in site.run(PREPARE).split())
    site.run(ALONE % (goal, round_pk))
    officer = enter("beleid")
    page = opened(officer, goal)

    # The connection drops while the officer types, and comes back.
    page.context.set_offline(True)
    type_text(page, TRAIN)
    expect(saved(page)).to_contain_text("Geen verbinding")
    page.context.set_offline(False)
    expect(saved(page)).to_contain_text("Bewaard om")
    officer.problems.clear()  # the browser tells that it had no connection

    # The session ends; after log-in the text is there.
    site.run(LOG_OUT)
    type_text(page, f" {EVENING}")
    expect(saved(page)).to_contain_text("U bent uitgelogd.")
    page.on("dialog", lambda dialog: dialog.accept())
    log_in_again(officer, f"/doelen/{goal}/voortgang/")
    page.get_by_role("region", name="Tekst die nog niet is bewaard").get_by_role("button", name="Terugzetten").click()
    expect(explanation(page)).to_have_value(f"{TRAIN} {EVENING}")
    expect(saved(page)).to_contain_text("Bewaard om")

    # A colleague opens the goal; both write on, and the colleague, who is second, puts both texts below each other.
    colleague = enter("collega")
    other = opened(colleague, goal)
    type_text(page, " Af.")
    expect(page.locator("[name=version]")).to_have_value("3")
    type_text(other, f" {COLLEAGUE}")
    other.get_by_role("button", name="Beide teksten bekijken").click()
    other.get_by_role("group", name="Toelichting: beide teksten").get_by_role(
        "button", name="Zet beide onder elkaar"
    ).click()
    other.get_by_role("button", name="Concept bewaren").click()
    expect(other.get_by_text("Uw concept is bewaard.")).to_be_visible()

    # The officer hands in what both wrote.
    opened(officer, goal)
    for text in (f"{TRAIN} {EVENING} Af.", COLLEAGUE):
        expect(explanation(page)).to_have_value(re.compile(re.escape(text)))
    page.get_by_label("op schema").check()
    page.get_by_role("button", name="Indienen").click()
    expect(page.get_by_text("De voortgang is ingediend.")).to_be_visible()

    # The manager sends it back; both officers get a mail with a link, without the reason.
    manager = enter("manager")
    review = manager.page
    manager.go(f"/rondes/{round_pk}/doelen/{goal}/")
    review.get_by_label("Reden").fill(REASON)
    review.get_by_role("button", name="Terugsturen").click()
    expect(review.get_by_text("De voortgang is teruggestuurd.")).to_be_visible()
    mails = site.mails()
    assert len(mails) == 2
    assert all(f"/doelen/{goal}/voortgang/" in mail for mail in mails)
    assert not any("jongeren (voorbeeld)" in mail for mail in mails)

    # The officer reads the reason, adds to the text and hands in again; the manager approves and adopts.
    opened(officer, goal)
    expect(page.get_by_text(REASON).first).to_be_visible()
    type_text(page, " Het gaat om twaalf jongeren.")
    page.get_by_role("button", name="Indienen").click()
    expect(page.get_by_text("De voortgang is ingediend.")).to_be_visible()
    manager.go(f"/rondes/{round_pk}/doelen/{goal}/")
    expect(review.get_by_text(REASON).first).to_be_visible()
    review.get_by_role("button", name="Goedkeuren").click()
    expect(review.get_by_text("De voortgang is goedgekeurd.")).to_be_visible()
    council = enter("raad")
    council.go(f"/doelen/{goal}/")
    expect(council.page.get_by_text("twaalf jongeren")).to_have_count(0)
    manager.go(f"/rondes/{round_pk}/vaststellen/")
    review.get_by_role("button", name="Ja, ronde vaststellen").click()
    expect(review.get_by_text("De ronde is vastgesteld.")).to_be_visible()

    # The council reads it, with all that was typed.
    council.go(f"/doelen/{goal}/")
    for text in (TRAIN, EVENING, COLLEAGUE, "twaalf jongeren"):
        expect(council.page.get_by_text(re.compile(re.escape(text))).first).to_be_visible()
    assert "klopt" in site.manage("verify_audit")
