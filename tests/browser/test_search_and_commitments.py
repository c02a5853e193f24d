"""Search finds what its reader may read, and a commitment goes from the manager's note to the council's list."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import WIDTHS, Enter, Site
from tests.browser.test_every_page import PROGRAMME
from tests.browser.test_insight import ADOPT

pytestmark = pytest.mark.browser

# A word that stands in one explanation of the open round and nowhere else; the explanation itself is handed in.
WORD = "waterhoen"
WRITE = f"""
from monitoring.models import ReportingRound, Update
update = Update.objects.filter(round__state="open", state="submitted").order_by("pk").first()
Update.objects.filter(pk=update.pk).update(explanation="De {WORD} broedt bij het Jongerenloket")
print(update.goal.text)
"""


def look_for(page: Page, words: str) -> None:
    """Search by the field that every page has, with the keyboard."""
    field = page.get_by_role("searchbox").first
    if not field.is_visible():
        page.get_by_text("Menu", exact=True).first.click()
    field.fill(words)
    field.press("Enter")


@pytest.mark.parametrize("width", WIDTHS)
def test_search_tells_the_officer_what_it_keeps_from_the_council(enter: Enter, site: Site, width: int) -> None:
    text = site.run(WRITE).strip()
    council = enter("raad", width=width)
    council.go("/")
    look_for(council.page, WORD)
    expect(council.page.get_by_text("Niets gevonden.")).to_be_visible()
    expect(council.page.get_by_role("status")).to_have_text(re.compile(f"^0 treffers voor “{WORD}”"))
    assert council.axe() == []

    officer = enter("beleid", width=width)
    officer.go("/")
    look_for(officer.page, WORD)
    expect(officer.page.get_by_role("status")).to_contain_text("1 treffer")
    expect(officer.page.locator("mark", has_text=WORD)).to_be_visible()
    assert officer.axe() == []
    officer.page.get_by_role("main").get_by_role("link", name=re.compile(re.escape(text[:40]))).first.click()
    expect(officer.page.get_by_role("heading", level=1)).to_have_text(re.compile("^Doel"))
    expect(officer.page.get_by_role("main")).to_contain_text(text[:40])


@pytest.mark.parametrize("width", WIDTHS)
def test_a_commitment_from_note_to_proposal_in_the_council(enter: Enter, site: Site, width: int) -> None:
    title = f"Voorbeeld van een toezegging {width}"
    manager = enter("manager", width=width)
    page = manager.page
    manager.go(f"{PROGRAMME}toezeggingen/nieuw/")
    page.get_by_label("toezegging", exact=True).check()
    page.get_by_label(re.compile("^Raadsnummer|nummer", re.IGNORECASE)).first.fill(f"23bb00{width}")
    page.get_by_label(re.compile("^Titel")).fill(title)
    page.get_by_label(re.compile("^Wat is toegezegd")).fill(
        "Voorbeeld: de raad krijgt een overzicht van de wachttijden."
    )
    page.get_by_label(re.compile("^Wanneer")).fill("2023-05-11")
    group = page.locator("details.app-details").filter(has=page.locator("summary", has_text="Pijler 4")).first
    group.locator("summary").click()
    group.get_by_label(re.compile("^P4.11 ")).check()
    assert manager.axe() == []
    page.get_by_role("button", name="Toevoegen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_role("row", name=re.compile("P4.11"))).to_be_visible()
    address = page.url

    # The council reads what was promised at once, as open.
    council = enter("raad", width=width)
    council.page.goto(address)
    expect(council.page.get_by_role("main").get_by_text("open", exact=True).first).to_be_visible()

    # The proposal goes with the round that runs: until that is adopted the council sees nothing of it.
    if width == WIDTHS[0]:
        page.get_by_role("link", name="Afdoeningsvoorstel schrijven").click()
        page.get_by_label(re.compile("^Afdoeningsvoorstel")).fill("Voorbeeld: het overzicht staat in deze rapportage.")
        page.get_by_label(re.compile("^Met welke ronde")).select_option(index=1)
        assert manager.axe() == []
        page.get_by_role("button", name="Voorstellen als afgedaan").click()
        expect(page.get_by_text("Gaat naar de raad met de ronde")).to_be_visible()
        council.page.reload()
        expect(council.page.get_by_text("het overzicht staat in deze rapportage")).to_have_count(0)
        site.run(ADOPT)
        council.page.reload()
        expect(council.page.get_by_text("het overzicht staat in deze rapportage")).to_be_visible()
        expect(council.page.get_by_role("main").get_by_text("voorstel tot afdoening", exact=True).first).to_be_visible()
        assert council.axe() == []
