"""The report in a browser: its texts are saved while typing, it prints, and a long one comes when it is made."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter, Site, Visitor

pytestmark = pytest.mark.browser

OPEN_ROUND, ADOPTED_ROUND = 2, 3
# The open round becomes one of a plan with many goals. Each time another report: files of long ones are kept for a day.
MANY_GOALS = f"""
from uuid import uuid4
from din.models import Goal
from din.models.levels import text_digest
from monitoring.models import ReportingRound, Update
round_ = ReportingRound.objects.get(pk={OPEN_ROUND})
texts = [f"Nog een doel van de proef, nummer {{uuid4()}}" for _ in range(150)]
goals = Goal.objects.bulk_create(
    Goal(plan=round_.plan, text=text, text_digest=text_digest(text), position=1000) for text in texts)
Update.objects.bulk_create(Update(goal=goal, round=round_) for goal in goals)
"""
OTHERS_TEXT = f"""
from django.utils import timezone
from actieplan.models import User
from monitoring.models import ReportText
ReportText.objects.filter(round={OPEN_ROUND}, theme=None).update(
    text="Van de beheerder", version=50, changed_at=timezone.now(), changed_by=User.objects.get(username="beheer"))
"""
LOG_OUT = "from django.contrib.sessions.models import Session; Session.objects.all().delete()"


def opened(visitor: Visitor) -> Page:
    visitor.go(f"/rondes/{OPEN_ROUND}/teksten/")
    return visitor.page


def introduction(page: Page) -> object:
    return page.get_by_role("form", name="Inleiding van het rapport")


def type_text(page: Page, text: str) -> None:
    introduction(page).get_by_label("Tekst").focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)


class TestTexts:
    def test_a_pause_saves_and_the_next_save_goes_on_from_it(self, enter: Enter) -> None:
        page = opened(enter("manager"))
        type_text(page, " Eerst dit.")
        version = introduction(page).locator("[name=version]")
        expect(version).to_have_value("2")
        type_text(page, " Dan dat.")
        expect(version).to_have_value("3")
        expect(introduction(page).locator("[data-saved]")).to_have_text(re.compile(r"Bewaard om \d\d:\d\d"))
        page.reload()
        expect(introduction(page).get_by_label("Tekst")).to_have_value(re.compile(r"Eerst dit\. Dan dat\.$"))

    def test_the_text_of_the_report_before_is_taken_over(self, enter: Enter) -> None:
        page = opened(enter("manager"))
        part = page.get_by_role("region", name="Vorige rapport: Pijler 2: Huisvesting")
        said = part.locator("[data-said]").inner_text()
        part.get_by_role("button").click()
        form = page.get_by_role("form", name="Pijler 2: Huisvesting")
        expect(form.get_by_label("Tekst")).to_have_value(said)
        expect(form.locator("[data-saved]")).to_have_text(re.compile("Bewaard"))

    def test_what_another_wrote_meanwhile_is_shown_beside_it(self, enter: Enter, site: Site) -> None:
        page = opened(enter("manager"))
        site.run(OTHERS_TEXT)
        type_text(page, " En dit van mij.")
        expect(introduction(page).locator("[data-saved]")).to_contain_text("heeft dit intussen gewijzigd")
        page.get_by_role("button", name="Beide teksten bekijken").click()
        difference = page.locator(".app-difference")
        expect(difference).to_contain_text("Van de beheerder")
        expect(difference).to_contain_text("En dit van mij.")
        difference.get_by_role("button", name="Zet beide onder elkaar").click()
        introduction(page).get_by_role("button", name="Bewaren").click()
        expect(introduction(page).get_by_label("Tekst")).to_have_value(
            re.compile(r"^Van de beheerder\n\n.*En dit van mij\.$", re.DOTALL)
        )

    def test_what_was_typed_after_the_session_ended_comes_back_without_javascript(
        self, enter: Enter, site: Site
    ) -> None:
        visitor = enter("manager", javascript=False)
        page = opened(visitor)
        form = page.get_by_role("form", name="Pijler 3: School en werk")
        form.get_by_label("Tekst").fill("Lang over nagedacht")
        site.run(LOG_OUT)
        form.get_by_role("button", name="Bewaren").click()
        page.fill("[name=login]", "manager")
        page.fill("[name=password]", "demo")
        page.locator("main button[type=submit]").click()
        expect(page.get_by_text("Uw tekst is er nog")).to_be_visible()
        expect(form.get_by_label("Tekst")).to_have_value("Lang over nagedacht")
        form.get_by_role("button", name="Bewaren").click()
        expect(page.get_by_text("De tekst is bewaard: Pijler 3: School en werk.")).to_be_visible()


class TestPaper:
    def printed(self, page: Page, folder: Path) -> pikepdf.Pdf:
        path = folder / "scherm.pdf"
        page.pdf(path=path, prefer_css_page_size=True)
        return pikepdf.open(path)

    def test_every_page_of_a_concept_says_so(self, enter: Enter, tmp_path: Path) -> None:
        visitor = enter("manager")
        visitor.go(f"/rondes/{OPEN_ROUND}/rapport/")
        concept = self.printed(visitor.page, tmp_path)
        assert len(concept.pages) > 10
        assert [round(float(side)) for side in concept.pages[0].mediabox[2:]] in ([595, 842], [596, 842])
        assert pages_with_a_mark(concept) == len(concept.pages)
        visitor.go(f"/rondes/{ADOPTED_ROUND}/rapport/")
        assert pages_with_a_mark(self.printed(visitor.page, tmp_path)) == 0


def pages_with_a_mark(paper: pikepdf.Pdf) -> int:
    """On how many pages the mark of a concept stands: it is the only thing that is drawn turned, by 40 degrees."""
    return sum(any(is_turned(drawn) for drawn in pikepdf.parse_content_stream(page)) for page in paper.pages)


def is_turned(drawn: pikepdf.ContentStreamInstruction) -> bool:
    if str(drawn.operator) != "cm":
        return False
    along, across = (float(number) for number in drawn.operands[:2])
    return bool(along) and abs(math.degrees(math.atan2(-across, along)) - 40) < 0.1


@pytest.fixture(scope="module")
def many_goals(site: Site) -> None:
    site.run(MANY_GOALS)


@pytest.mark.usefixtures("many_goals")
class TestLongReport:
    def test_a_page_waits_and_the_file_comes_by_itself(self, enter: Enter) -> None:
        visitor = enter("manager")
        with visitor.page.expect_download(timeout=120_000) as download:
            visitor.go(f"/rondes/{OPEN_ROUND}/rapport.pdf")
            expect(visitor.page.get_by_role("heading", name="Het bestand wordt gemaakt")).to_be_visible()
            assert visitor.axe() == []
        assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
        expect(visitor.page.get_by_text("Klaar. Het bestand wordt opgehaald.")).to_be_visible()

    def test_without_javascript_the_page_asks_again(self, enter: Enter) -> None:
        visitor = enter("manager", javascript=False)
        with visitor.page.expect_download(timeout=120_000) as download:
            visitor.go(f"/rondes/{OPEN_ROUND}/rapport.ods")
            expect(visitor.page.get_by_role("heading", name="Het bestand wordt gemaakt")).to_be_visible()
        assert Path(download.value.path()).read_bytes().startswith(b"PK")
