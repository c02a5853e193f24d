"""Measuring: the manager records a value and reads it in the chart, an owner records one with the progress."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import WIDTHS, Enter, Site
from tests.browser.test_every_page import PROGRAMME

pytestmark = pytest.mark.browser

# An indicator of a goal that the owner still has to do; with it the address of the goal's form.
MAKE = """
import datetime
from monitoring.models import Indicator, Target, Update
update = Update.objects.filter(round__state="open", state="todo", goal__owner__members__user__username="beleid").first()
indicator = Indicator.objects.create(
    programme=update.goal.plan.programme, name="Proefmeting {name}", unit="%", decimals=2, frequency="half_year",
    baseline=20, baseline_day=datetime.date(2020, 12, 31),
)
indicator.goals.add(update.goal)
Target.objects.create(indicator=indicator, last_day=datetime.date(2024, 12, 31), value=60)
print(indicator.pk, update.goal_id)
"""


@pytest.mark.parametrize("width", WIDTHS)
def test_the_manager_records_a_measurement_and_reads_it_in_the_chart(enter: Enter, site: Site, width: int) -> None:
    pk, _ = site.run(MAKE.format(name=width)).split()
    manager = enter("manager", width=width)
    page = manager.page
    manager.go(f"{PROGRAMME}indicatoren/")
    page.get_by_role("link", name=f"Proefmeting {width}").click()
    page.get_by_role("link", name=re.compile("^Meting vastleggen")).click()
    page.get_by_label("Periode").select_option("2023-H1")
    page.get_by_label("Waarde (%)").fill("47.25")
    page.get_by_role("button", name="Bewaren").click()
    expect(page.get_by_role("alert")).to_contain_text("1.031 of 48,33")
    page.get_by_label("Waarde (%)").fill("47,25")
    page.get_by_role("button", name="Bewaren").click()
    expect(page.get_by_text("De meting is bewaard.")).to_be_visible()
    assert page.url.endswith(f"/indicatoren/{pk}/")
    expect(page.get_by_role("img", name=re.compile("eerste half jaar 2023: 47,25%"))).to_be_visible()
    page.get_by_text("De cijfers van deze grafiek").click()
    expect(page.get_by_role("row", name=re.compile("Eerste half jaar 2023 .*47,25%")).first).to_be_visible()
    assert manager.axe() == []


def test_an_owner_measures_while_recording_progress(enter: Enter, site: Site) -> None:
    pk, goal = site.run(MAKE.format(name="eigenaar")).split()
    owner = enter("beleid")
    page = owner.page
    owner.go(f"/doelen/{goal}/voortgang/")
    value = page.get_by_label(re.compile("Proefmeting eigenaar .*tweede half jaar 2023"))
    # Saved while typing, twice: the second time on the version that the first answer gave.
    for typed in ("4", "48,33"):
        value.fill(typed)
        with page.expect_response(lambda response: response.request.method == "POST") as answer:
            value.press("Tab")
        assert answer.value.status == 200
        expect(page.locator("[data-saved]")).to_contain_text("Bewaard")
    page.reload()
    expect(value).to_have_value("48,33")
    assert owner.axe() == []
    owner.go(f"{PROGRAMME}indicatoren/{pk}/")
    expect(page.get_by_role("img", name=re.compile("tweede half jaar 2023: 48,33%"))).to_be_visible()
    council = enter("raad")
    council.go(f"{PROGRAMME}indicatoren/{pk}/")
    expect(council.page.get_by_role("heading", name="Proefmeting eigenaar")).to_be_visible()
    assert "48,33" not in council.page.content()
