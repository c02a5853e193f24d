"""A manager re-cuts a programme on a small screen: three steps, and both cuts to look at."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Enter
from tests.browser.test_every_page import PROGRAMME

pytestmark = pytest.mark.browser


def test_a_manager_recuts_the_programme_in_three_steps_and_takes_it_back(enter: Enter) -> None:
    visitor = enter("manager", width=390)
    page = visitor.page
    findings: dict[str, list[str]] = {}

    def look(step: str) -> None:
        found = visitor.axe()
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append("scrolls sideways")
        if found:
            findings[step] = found

    visitor.go(f"{PROGRAMME}herijking/nieuw/")
    look("start")
    page.locator("#id_day").fill("2024-01-01")
    page.locator("#id_reason").fill("De raad koos voor actielijnen")
    page.locator("#id_last_year").fill("2025")
    page.locator("#id_names").fill("Samen\nLos")
    page.get_by_role("button", name="Verder").click()
    look("divide")
    page.get_by_label("Dit onderdeel").first.select_option("new-0")
    with_goals = page.locator("section.app-panel", has=page.locator("details"))
    with_goals.nth(1).get_by_label("Dit onderdeel").select_option("ends")
    page.get_by_role("button", name="Bekijk wat er gebeurt").click()
    look("preview")
    assert page.get_by_role("row", name="Actielijn 4: Samen").count() == 4, "the goals go along with their theme"
    page.get_by_label("Waarom vervalt").first.fill("Overgenomen door het rijk")
    assert page.get_by_text("Er is nog niets gewijzigd").count() == 1
    page.get_by_role("button", name="Ja, herijk het programma").click()
    look("both cuts")
    assert page.get_by_text("Het programma is herijkt.").count() == 1
    assert page.get_by_role("heading", name=": Samen").count() == 1
    assert page.get_by_text("Overgenomen door het rijk").count() == 1
    page.get_by_role("link", name="Ongedaan maken").click()
    look("take back")
    page.get_by_label("Waarom maakt u de herijking ongedaan?").fill("De raad besloot anders")
    page.get_by_role("button", name="Ongedaan maken").click()
    look("taken back")
    assert page.get_by_text("is ongedaan gemaakt").count() == 1
    assert page.get_by_role("heading", name=": Samen").count() == 0
    assert findings == {}
