"""What an officer types is not lost: saved while typing, kept when the connection or the session is gone, and side by
side when two people record on one goal. With the clicks counted, by keyboard, and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.conftest import WIDTHS, Enter, Site, Visitor

pytestmark = pytest.mark.browser

# The round takes in for nine more days; eight goals of the officer are left, each with an effort and an earlier text.
PREPARE = """
import datetime
from din.models import Effort, Goal
from django.utils import timezone
from monitoring.models import ReportingRound, Update
round_ = ReportingRound.objects.get(programme__slug="vastpakken-en-niet-loslaten", state="open")
deadline = timezone.localdate() + datetime.timedelta(days=9)
ReportingRound.objects.filter(pk=round_.pk).update(deadline=deadline)
own = Update.objects.filter(round=round_, goal__owner__members__user__username="beleid").order_by("goal__position")
left = list(own.filter(state="todo", goal__updates__round__state="adopted").distinct()[:8])
own.exclude(pk__in=[update.pk for update in left]).update(
    state="approved", status="on_track", explanation="voorbeeld", return_reason="", not_delivered_reason="")
print(round_.pk, *[update.goal_id for update in left])
"""
LOG_OUT = "from django.contrib.sessions.models import Session; Session.objects.all().delete()"
STORED = """
from monitoring.models import Update
update = Update.objects.get(round=%s, goal=%s)
print(update.state, update.version, update.status or "-", repr(update.explanation))
"""


@pytest.fixture(scope="module")
def numbers(site: Site) -> list[int]:
    """The round, and the eight goals of the officer that are left in it."""
    return [int(word) for word in site.run(PREPARE).split()]


@pytest.fixture
def goals(numbers: list[int], site: Site) -> Iterator[list[int]]:
    """The eight goals, as if nothing was recorded yet."""
    yield numbers[1:]
    site.run(
        f"""
from monitoring.models import EffortUpdate, Update
updates = Update.objects.filter(round={numbers[0]}, goal__in={numbers[1:]})
EffortUpdate.objects.filter(update__in=updates).delete()
updates.update(state="todo", status="", explanation="", next_steps="", forecast=None, version=0)
""",
    )


def stored(site: Site, numbers: list[int], goal: int) -> str:
    return site.run(STORED % (numbers[0], goal)).strip()


def opened(visitor: Visitor, goal: int) -> Page:
    visitor.go(f"/doelen/{goal}/voortgang/")
    return visitor.page


def explanation(page: Page) -> object:
    return page.get_by_label("Toelichting", exact=True)


def saved(page: Page) -> object:
    return page.locator("[data-saved]")


def type_text(page: Page, text: str) -> None:
    explanation(page).focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)


class TestSavingWhileTyping:
    def test_a_pause_saves_and_says_when(self, enter: Enter, site: Site, numbers: list[int], goals: list[int]) -> None:
        page = opened(enter("beleid"), goals[0])
        type_text(page, "Na een pauze bewaard")
        expect(saved(page)).to_have_text(re.compile(r"Bewaard om \d\d:\d\d"))
        assert page.evaluate("document.activeElement.name") == "explanation", "the focus stays"
        assert stored(site, numbers, goals[0]) == "draft 1 - 'Na een pauze bewaard'"
        assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('kept:'))") == []
        type_text(page, ", en verder")
        expect(page.locator("[name=version]")).to_have_value("2")
        expect(explanation(page)).to_have_value("Na een pauze bewaard, en verder")
        expect(page.locator(f"#stand-{page.locator('form[data-record]').get_attribute('data-record')}")).to_have_text(
            "concept"
        )

    def test_what_did_not_change_is_not_sent(self, enter: Enter, goals: list[int]) -> None:
        visitor = enter("beleid")
        page = opened(visitor, goals[0])
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
        type_text(page, "a")
        page.keyboard.press("Backspace")
        page.wait_for_timeout(2500)
        assert sent == []

    def test_handing_in_during_a_save_is_no_conflict_with_oneself(
        self, enter: Enter, site: Site, numbers: list[int], goals: list[int]
    ) -> None:
        page = opened(enter("beleid"), goals[0])

        def slowly(route: object) -> None:
            answer = route.fetch()  # the server has it, the browser does not know yet
            page.wait_for_timeout(1200)
            route.fulfill(response=answer)

        page.route("**/voortgang/**", slowly, times=1)
        page.get_by_label("op schema").check()
        type_text(page, "Alles loopt")
        page.get_by_role("button", name="Indienen").click()
        expect(page.get_by_text("De voortgang is ingediend.")).to_be_visible()
        assert stored(site, numbers, goals[0]).startswith("submitted")
        assert "Alles loopt" in stored(site, numbers, goals[0])

    def test_a_wrong_field_is_said_in_place_and_mended(self, enter: Enter, goals: list[int]) -> None:
        page = opened(enter("beleid"), goals[0])
        page.evaluate("document.querySelector('[name=explanation]').removeAttribute('maxlength')")
        explanation(page).fill("x" * 10_001)
        expect(saved(page)).to_contain_text("Nog niet bewaard")
        explanation(page).fill("Kort en goed")
        expect(saved(page)).to_contain_text("Bewaard om")


class TestNothingIsLost:
    def test_without_connection_the_text_waits_and_is_sent_later(
        self, enter: Enter, site: Site, numbers: list[int], goals: list[int]
    ) -> None:
        visitor = enter("beleid")
        page = opened(visitor, goals[1])
        page.context.set_offline(True)
        type_text(page, "Getypt in de trein")
        expect(saved(page)).to_have_text(
            "Geen verbinding. Uw tekst is bewaard in deze browser; we proberen het opnieuw."
        )
        page.context.set_offline(False)
        expect(saved(page)).to_contain_text("Bewaard om")
        assert "Getypt in de trein" in stored(site, numbers, goals[1])
        visitor.problems.clear()  # the browser tells that it had no connection

    def test_an_answer_that_got_lost_is_no_conflict_with_oneself(
        self, enter: Enter, site: Site, numbers: list[int], goals: list[int]
    ) -> None:
        visitor = enter("beleid")
        page = opened(visitor, goals[1])

        def lost(route: object) -> None:
            route.fetch()  # the server has it
            route.abort()  # and the browser hears nothing

        page.route("**/voortgang/**", lost, times=1)
        type_text(page, "Eerste zin.")
        expect(saved(page)).to_contain_text("Geen verbinding")
        type_text(page, " Tweede zin.")
        expect(saved(page)).to_contain_text("Bewaard om")
        expect(page.locator("[name=version]")).to_have_value("3")
        assert "Eerste zin. Tweede zin." in stored(site, numbers, goals[1])
        visitor.problems.clear()

    def test_text_that_was_not_saved_is_offered_back_after_log_in(
        self, enter: Enter, site: Site, numbers: list[int], goals: list[int]
    ) -> None:
        visitor = enter("beleid")
        page = opened(visitor, goals[2])
        site.run(LOG_OUT)
        type_text(page, "Lang over nagedacht")
        expect(saved(page)).to_contain_text("U bent uitgelogd.")
        page.on("dialog", lambda dialog: dialog.accept())
        log_in_again(visitor, f"/doelen/{goals[2]}/voortgang/")
        offer = page.get_by_role("region", name="Tekst die nog niet is bewaard")
        expect(offer).to_contain_text("Lang over nagedacht")
        expect(explanation(page)).to_have_value("")
        offer.get_by_role("button", name="Terugzetten").click()
        expect(explanation(page)).to_have_value("Lang over nagedacht")
        expect(saved(page)).to_contain_text("Bewaard om")
        assert "Lang over nagedacht" in stored(site, numbers, goals[2])
        page.reload()
        expect(offer).to_have_count(0)

    def test_typing_on_does_not_write_over_what_is_offered(self, enter: Enter, site: Site, goals: list[int]) -> None:
        visitor = enter("beleid")
        page = opened(visitor, goals[2])
        page.on("dialog", lambda dialog: dialog.accept())
        page.route(
            "**/voortgang/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
        )
        type_text(page, "Het eerste")
        expect(saved(page)).to_contain_text("Geen verbinding")
        page.reload()
        type_text(page, "Het tweede")
        expect(saved(page)).to_contain_text("Geen verbinding")
        page.reload()
        offers = page.get_by_role("region", name="Tekst die nog niet is bewaard")
        expect(offers).to_have_count(2)
        offers.filter(has_text="Het eerste").get_by_role("button", name="Weggooien").click()
        expect(offers).to_have_count(1)
        expect(offers).to_contain_text("Het tweede")
        visitor.problems.clear()

    def test_logging_in_again_by_the_button_keeps_the_text_too(
        self, enter: Enter, site: Site, numbers: list[int], goals: list[int]
    ) -> None:
        visitor = enter("beleid")
        page = opened(visitor, goals[2])
        site.run(LOG_OUT)
        type_text(page, "Met de knop")
        page.get_by_role("button", name="Opnieuw inloggen").click()
        fill_log_in(page, "beleid")
        expect(page.get_by_text("Uw tekst is er nog")).to_be_visible()
        expect(explanation(page)).to_have_value("Met de knop")
        page.get_by_role("button", name="Concept bewaren").click()
        expect(page.get_by_text("Uw concept is bewaard.")).to_be_visible()
        assert "Met de knop" in stored(site, numbers, goals[2])

    def test_after_log_in_in_another_tab_the_page_asks_to_be_opened_anew(
        self, enter: Enter, site: Site, goals: list[int]
    ) -> None:
        visitor = enter("beleid")
        page = opened(visitor, goals[2])
        site.run(LOG_OUT)
        other = page.context.new_page()
        other.goto(f"{site.url}/inloggen/")
        fill_log_in(other, "beleid")
        type_text(page, "In het eerste tabblad")
        expect(saved(page)).to_contain_text("Laad de pagina opnieuw")
        page.on("dialog", lambda dialog: dialog.accept())
        page.reload()
        offer = page.get_by_role("region", name="Tekst die nog niet is bewaard")
        expect(offer).to_contain_text("In het eerste tabblad")
        assert visitor.axe() == []
        visitor.problems.clear()

    def test_leaving_with_unsaved_text_warns_and_saved_text_does_not(self, enter: Enter, goals: list[int]) -> None:
        visitor = enter("beleid")
        page = opened(visitor, goals[3])
        asked: list[str] = []

        def accept(dialog: Dialog) -> None:
            asked.append(dialog.type)
            dialog.accept()

        page.on("dialog", accept)
        type_text(page, "Eerst bewaard")
        expect(saved(page)).to_contain_text("Bewaard om")
        page.reload()
        assert asked == []
        page.route(
            "**/voortgang/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
        )
        type_text(page, "Nog niet")
        expect(saved(page)).to_contain_text("Geen verbinding")
        page.reload()
        assert asked == ["beforeunload"]
        visitor.problems.clear()

    def test_a_link_first_saves_what_was_typed_a_moment_ago(
        self, enter: Enter, site: Site, numbers: list[int], goals: list[int]
    ) -> None:
        page = opened(enter("beleid"), goals[3])
        type_text(page, "Net getypt")
        page.get_by_role("link", name=re.compile("Volgende doel")).click()
        page.wait_for_url(lambda url: f"/doelen/{goals[3]}/" not in url)
        assert "Net getypt" in stored(site, numbers, goals[3])

    def test_logging_out_leaves_nothing_for_the_next_at_this_computer(self, enter: Enter, goals: list[int]) -> None:
        visitor = enter("beleid")
        page = opened(visitor, goals[3])
        page.on("dialog", lambda dialog: dialog.accept())
        page.route("**/voortgang/**", lambda route: route.abort())
        type_text(page, "Niet voor een ander")
        expect(saved(page)).to_contain_text("Geen verbinding")
        assert page.evaluate("Object.keys(localStorage).some(key => key.startsWith('kept:'))")
        page.get_by_role("button", name="Uitloggen").click()
        page.wait_for_url(re.compile("/inloggen/"))
        assert not page.evaluate("Object.keys(localStorage).some(key => key.startsWith('kept:'))")
        visitor.problems.clear()


def fill_log_in(page: Page, username: str) -> None:
    page.fill("[name=login]", username)
    page.fill("[name=password]", "demo")
    page.get_by_role("button", name="Inloggen", exact=True).click()
    page.wait_for_url(lambda url: "/inloggen/" not in url)


def log_in_again(visitor: Visitor, path: str) -> None:
    visitor.go(path)
    fill_log_in(visitor.page, "beleid")


class TestTwoPeople:
    def test_the_second_sees_both_texts_and_merges(
        self, enter: Enter, site: Site, numbers: list[int], goals: list[int]
    ) -> None:
        officer, manager = enter("beleid"), enter("manager")
        mine, theirs = opened(officer, goals[4]), opened(manager, goals[4])
        type_text(mine, "De werving loopt goed")
        expect(saved(mine)).to_contain_text("Bewaard om")
        type_text(theirs, "De werving loopt nog niet")
        expect(saved(theirs)).to_contain_text("Voorbeeld beleidsadviseur heeft dit intussen gewijzigd")
        theirs.get_by_role("button", name="Beide teksten bekijken").click()
        group = theirs.get_by_role("group", name="Toelichting: beide teksten")
        expect(group).to_contain_text("De werving loopt goed")
        expect(group).to_contain_text("De werving loopt nog niet")
        for width in WIDTHS:
            theirs.set_viewport_size({"width": width, "height": 900})
            assert manager.axe() == []
            assert not sideways(theirs)
        group.get_by_role("button", name="Zet beide onder elkaar").click()
        expect(explanation(theirs)).to_have_value("De werving loopt goed\n\nDe werving loopt nog niet")
        theirs.get_by_role("button", name="Concept bewaren").click()
        expect(theirs.get_by_text("Uw concept is bewaard.")).to_be_visible()
        assert stored(site, numbers, goals[4]) == "draft 2 - 'De werving loopt goed\\n\\nDe werving loopt nog niet'"

    def test_without_javascript_the_choice_is_the_same(
        self, enter: Enter, site: Site, numbers: list[int], goals: list[int]
    ) -> None:
        officer, manager = enter("beleid", javascript=False), enter("manager", javascript=False)
        mine, theirs = opened(officer, goals[4]), opened(manager, goals[4])
        explanation(mine).fill("Van de een")
        mine.get_by_label("op schema").check()
        mine.get_by_role("button", name="Concept bewaren").click()
        explanation(theirs).fill("Van de ander")
        theirs.get_by_label("behaald", exact=True).check()
        theirs.get_by_role("button", name="Concept bewaren").click()
        expect(explanation(theirs)).to_have_value("Van de ander")
        theirs.get_by_role("group", name="Toelichting").get_by_role("button", name="Neem de andere").click()
        expect(explanation(theirs)).to_have_value("Van de een")
        group = theirs.get_by_role("group", name="Toelichting")
        group.get_by_role("button", name="Zet beide onder elkaar").click()
        expect(explanation(theirs)).to_have_value("Van de een\n\nVan de ander")
        expect(theirs.get_by_label("behaald", exact=True)).to_be_checked()
        theirs.get_by_role("button", name="Concept bewaren").click()
        assert stored(site, numbers, goals[4]) == "draft 2 achieved 'Van de een\\n\\nVan de ander'"


def sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


# What the mouse presses.
COUNT_CLICKS = (
    "addEventListener('pointerdown', () => { sessionStorage.clicks = 1 + +(sessionStorage.clicks || 0) }, true)"
)


class TestTheRound:
    def test_eight_goals_take_at_most_three_clicks_each(
        self, enter: Enter, site: Site, numbers: list[int], goals: list[int]
    ) -> None:
        visitor = enter("beleid")
        page = visitor.page
        page.add_init_script(COUNT_CLICKS)
        visitor.go("/mijn-doelen/")
        expect(page.get_by_text(re.compile(r"van \d+ doelen ingevuld, nog 9 dagen")).first).to_be_visible()
        page.get_by_role("link", name=re.compile("(Verder|Beginnen) met")).first.click()
        statuses = [
            "op schema",
            "vertraagd",
            "behaald",
            "in gevaar",
            "op schema",
            "niet behaald",
            "op schema",
            "vervallen",
        ]
        for place, status in enumerate(statuses):
            if place:
                expect(page.locator("[name=status]").first).to_be_focused()
            page.locator("label", has_text=re.compile(rf"^\s*{status}\s*$")).click()
            # Tab goes on to the text, so that needs no click.
            page.keyboard.press("Tab")
            page.keyboard.type(f"Zo staat het met doel {place + 1}: de oorzaak, het gevolg, wat we doen en wanneer.")
            page.get_by_role("button", name="Indienen").click()
            expect(page.get_by_text("De voortgang is ingediend.")).to_be_visible()
        expect(page.get_by_text("Alles is ingediend. Dank u wel.").first).to_be_visible()
        clicks = int(page.evaluate("sessionStorage.clicks"))
        assert clicks == 2 * len(statuses) + 1, "a status and handing in; once to begin"
        for goal in goals:
            assert "oorzaak" in stored(site, numbers, goal)

    def test_the_hint_shows_with_bad_news(self, enter: Enter, goals: list[int]) -> None:
        page = opened(enter("beleid"), goals[5])
        hint = page.get_by_text("wil de raad weten")
        expect(hint).to_be_hidden()
        page.get_by_label("in gevaar").check()
        expect(hint).to_be_visible()

    def test_the_text_of_the_last_round_is_taken_over_below_what_was_typed(
        self, enter: Enter, goals: list[int]
    ) -> None:
        for javascript in (True, False):
            page = opened(enter("beleid", javascript=javascript), goals[5])
            earlier = page.locator("[data-said=explanation]").first.inner_text()
            explanation(page).fill("Eerst dit.")
            page.get_by_role("button", name="Tekst overnemen").click()
            expect(explanation(page)).to_have_value(f"Eerst dit.\n\n{earlier}")

    def test_all_goals_on_one_page(self, enter: Enter, site: Site, numbers: list[int], goals: list[int]) -> None:
        visitor = enter("beleid")
        page = visitor.page
        visitor.go(f"/mijn-doelen/ronde/{numbers[0]}/")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert visitor.axe() == []
            assert not sideways(page)
        expect(page.locator("form[data-record]")).to_have_count(8)
        first, second = page.locator("section.app-goal-section").nth(0), page.locator("section.app-goal-section").nth(1)
        second.get_by_label("Toelichting", exact=True).fill("Alvast iets over het tweede")
        first.get_by_label("op schema").check()
        first.get_by_role("button", name="Indienen").click()
        expect(page.get_by_text("De voortgang is ingediend.")).to_be_visible()
        expect(page.locator("form[data-record]")).to_have_count(7)
        assert page.url.split("#")[1] == page.locator("section.app-goal-section").first.get_attribute("id")
        expect(page.get_by_label("Toelichting", exact=True).first).to_have_value("Alvast iets over het tweede")

    def test_it_all_goes_by_keyboard(self, enter: Enter, site: Site, numbers: list[int], goals: list[int]) -> None:
        page = opened(enter("beleid"), goals[6])
        page.locator("[name=status]").first.focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.type("Met het toetsenbord")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text("De voortgang is ingediend.")).to_be_visible()
        assert stored(site, numbers, goals[6]).startswith("submitted")
        assert "toetsenbord" in stored(site, numbers, goals[6])
