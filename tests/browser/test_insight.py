"""Who wants to know: what changed between two rounds, and what the plan still lacks."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import WIDTHS, Enter, Site
from tests.browser.test_every_page import PROGRAMME

pytestmark = pytest.mark.browser

# A goal of nobody, and not of the rounds of the other tests.
OWNERLESS = """
from din.models import Goal, Owner, Theme
goal = Goal.objects.filter(plan__name="DIN 2023").order_by("pk").last()
Goal.objects.filter(pk=goal.pk).update(owner=None)
print(goal.reference or goal.text)
"""
# The second round as adopted: what is not in yet counts as not delivered. One deadline moved meanwhile.
ADOPT = """
import datetime
from actieplan.models import User
from monitoring import workflow
from monitoring.models import AuditLine, ReportingRound, Update
goal = Update.objects.get(round__year=2023, round__half=2, status="not_achieved").goal
goal.deadline = datetime.date(2024, 6, 30)
goal.save()
round_ = ReportingRound.objects.get(state="open")
Update.objects.filter(round=round_, state="submitted").update(state="approved")
Update.objects.filter(round=round_).unfinished().update(
    state="not_delivered", not_delivered_reason="voorbeeld", return_reason=""
)
workflow.adopt(round_=round_, actor=User.objects.get(username="manager"), origin=AuditLine.Origin.COMMAND)
print(goal.reference)
"""


def goal_panel(page: Page, reference: str) -> Locator:
    return page.get_by_role("article").filter(has=page.get_by_role("heading", name=re.compile(f"^{reference} ")))


@pytest.mark.parametrize("width", WIDTHS)
def test_the_council_reads_what_changed(enter: Enter, site: Site, width: int) -> None:
    council = enter("raad", width=width)
    page = council.page
    council.go(PROGRAMME)
    if width == WIDTHS[0]:
        page.get_by_role("link", name="Wat veranderde").click()
        expect(page.get_by_text("Er is nog maar één ronde te zien")).to_be_visible()
        site.run(ADOPT)
        page.reload()
    else:
        page.get_by_role("link", name="Wat veranderde").click()
    expect(page.get_by_text("Van het eerste half jaar 2023 naar het tweede half jaar 2023")).to_be_visible()

    # A number leads to the goals behind it.
    figure = page.get_by_role("listitem").filter(has=page.get_by_role("link", name="Slechter", exact=True))
    count = int(figure.locator(".app-card__value").inner_text())
    figure.get_by_role("link").click()
    expect(page.get_by_text(f"{count} van 48 doelen")).to_be_visible()
    expect(page.get_by_role("article")).to_have_count(count)

    # Both statuses, both explanations, and what changed in the plan.
    goal = goal_panel(page, "P4.11")
    expect(goal.get_by_text("in gevaar", exact=True)).to_be_visible()
    expect(goal.get_by_text("niet behaald", exact=True)).to_be_visible()
    expect(goal.get_by_role("row", name=re.compile("Deadline"))).to_contain_text("2e kwartaal 2024")

    # The rounds the other way around are put in order, and back to everything.
    earlier, later = (page.get_by_role("combobox", name=re.compile(name)) for name in ("^Van", "^Tot"))
    earlier.select_option(label="tweede half jaar 2023")
    later.select_option(label="eerste half jaar 2023")
    page.get_by_role("button", name="Toon").click()
    expect(earlier).to_have_value("2023-H1")
    page.get_by_role("link", name="Wis filters").click()
    expect(page.get_by_text("48 doelen", exact=True)).to_be_visible()
    assert council.axe() == []
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_without_javascript_the_rounds_are_chosen_all_the_same(enter: Enter) -> None:
    manager = enter("manager", javascript=False)
    manager.go(f"{PROGRAMME}veranderd/")
    manager.page.get_by_label("Soort verandering").select_option(label="beter")
    manager.page.get_by_role("button", name="Toon").click()
    expect(manager.page.get_by_role("heading", name=re.compile("Beter"))).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_manager_mends_a_gap(enter: Enter, site: Site, width: int) -> None:
    reference = site.run(OWNERLESS).strip()
    manager = enter("manager", width=width)
    page = manager.page
    manager.go(PROGRAMME)
    page.get_by_role("navigation", name="Menu van het programma").get_by_role("link", name="Aandacht").click()
    total = int(re.sub(r"\D", "", page.get_by_text(re.compile(r"^\d+ punten$")).inner_text()))
    gaps = page.get_by_role("region", name="Doel zonder eigenaar")
    expect(gaps.get_by_role("row")).to_have_count(2)
    expect(gaps).to_contain_text("Niemand legt de voortgang van dit doel vast.")
    assert manager.axe() == []

    gaps.get_by_role("link", name=re.compile(f"Eigenaar kiezen.*{reference}")).click()
    page.get_by_label(re.compile("eigenaar", re.IGNORECASE)).first.select_option(index=1)
    page.get_by_role("button", name="Geef het doel aan deze eigenaar").click()
    manager.go(f"{PROGRAMME}aandacht/")
    expect(page.get_by_role("region", name="Doel zonder eigenaar")).to_have_count(0)
    expect(page.get_by_text(f"{total - 1} punten", exact=True)).to_be_visible()
    expect(page.get_by_role("region", name="In orde")).to_contain_text("Doel zonder eigenaar")


def test_an_officer_finds_what_is_theirs_without_javascript(enter: Enter) -> None:
    officer = enter("beleid", javascript=False)
    officer.go(f"{PROGRAMME}aandacht/")
    officer.page.get_by_role("combobox", name=re.compile("^Eigenaar")).select_option(label="Van mij")
    officer.page.get_by_role("button", name="Filter").click()
    expect(officer.page.get_by_text(re.compile(r"^\d+ van \d+ punten$"))).to_be_visible()


def test_the_council_is_told_that_this_is_not_for_them(enter: Enter) -> None:
    council = enter("raad")
    assert council.go(f"{PROGRAMME}aandacht/") == 403
    expect(council.page.get_by_text("Deze pagina is voor wie voortgang vastlegt")).to_be_visible()
