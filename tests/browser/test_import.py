"""The import in a real browser: no finding on its pages, a button that says it is busy, and all without scripts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.bench.workbooks import din_workbook
from tests.browser.conftest import WIDTHS, Enter, Visitor
from tests.din.workbooks import workbook

pytestmark = pytest.mark.browser

PROGRAMME = "/programmas/vastpakken-en-niet-loslaten/"
DIN = (Path(__file__).parents[2] / "fixtures" / "din-2023.xlsx").read_bytes()
FIRST = workbook(
    [
        ["Pijler", "Nr", "SMART-doel", "Inspanning"],
        ["Pijler 1: Taal", 1, "In Q2 zijn 150 cursisten gestart", "Werven"],
        ["Pijler 1: Taal", None, "Er is een rekenspreekuur voor alle ouders", "Folder maken"],
        ["Pijler 1: Taal", None, "Alle scholen hebben een coach", ""],
    ]
)
LATER = workbook(
    [
        ["Pijler", "Nr", "SMART-doel", "Inspanning"],
        ["Pijler 1: Taal", 1, "In Q3 zijn 200 cursisten begonnen", "Werven"],
        ["Pijler 1: Taal", None, "Er is een vast rekenspreekuur voor alle ouders", "Folder maken"],
    ]
)
UNKNOWN = workbook(
    [["Pijler", "ER-doel", "Wat af moet"], ["Pijler 1: Taal", "Meer cursisten", "Er zijn 20 cursisten"]],
    [["Toelichting"], ["Dit is tekst"]],
)


def upload(visitor: Visitor, content: bytes, year: int) -> None:
    visitor.go(f"{PROGRAMME}din/importeren/")
    choose(visitor, content, year)
    visitor.page.get_by_role("button", name="Bekijk wat er verandert").click()
    visitor.page.wait_for_url(re.compile(r"/importeren/\d+/$"))


def choose(visitor: Visitor, content: bytes, year: int) -> None:
    visitor.page.set_input_files(
        "[name=workbook]", {"name": "din.xlsx", "mimeType": "application/octet-stream", "buffer": content}
    )
    visitor.page.fill("[name=year]", str(year))


def press(visitor: Visitor, name: str) -> None:
    with visitor.page.expect_navigation():
        visitor.page.get_by_role("button", name=name, exact=True).first.click()


def findings(visitor: Visitor, width: int) -> list[str]:
    visitor.page.set_viewport_size({"width": width, "height": 900})
    visitor.page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    found = visitor.axe()
    if visitor.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append("scrolls sideways")
    return found


def test_no_page_of_an_import_has_a_finding(enter: Enter) -> None:
    visitor = enter("manager")
    found: dict[str, list[str]] = {}

    def look(what: str) -> None:
        for width in WIDTHS:
            if problems := findings(visitor, width):
                found[f"{what} at {width}"] = problems

    upload(visitor, UNKNOWN, 2030)
    look("rejected, with a choice of columns")
    upload(visitor, FIRST, 2030)
    look("a new plan")
    press(visitor, "Doorvoeren")
    upload(visitor, LATER, 2030)
    look("a changed plan")
    press(visitor, "Doorvoeren")
    look("an applied import")
    visitor.page.get_by_role("link", name="Deze import ongedaan maken").click()
    look("undoing it")
    press(visitor, "Ongedaan maken")
    look("undone")
    upload(visitor, DIN, 2031)
    look("a plan of the next year")
    assert found == {}


def test_a_refused_workbook_is_saved_by_saying_what_a_column_is(enter: Enter) -> None:
    visitor = enter("manager")
    upload(visitor, UNKNOWN, 2032)
    visitor.page.get_by_role("link", name="Blad1!C1").click()
    expect(visitor.page.locator("#cel-0-C1")).to_be_in_viewport()
    visitor.page.get_by_label("Kolom C – Wat af moet").select_option("smart_goal")
    press(visitor, "Lees opnieuw met deze kolommen")
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Dit gaat er veranderen")


# What the page was just after it was sent, and an impatient second press; kept until the next page can be asked.
WATCH = """() => {
    const form = document.querySelector("form[enctype]");
    form.addEventListener("submit", () => setTimeout(() => {
        const button = form.querySelector("[data-busy]");
        const said = form.querySelector("[role=status]").textContent;
        sessionStorage.seen = [button.textContent, button.disabled, said].join("|");
        form.requestSubmit();
    }, 20), {once: true});
}"""


def test_a_long_reading_says_that_it_is_busy_and_is_sent_once(enter: Enter) -> None:
    visitor = enter("manager")
    sent: list[str] = []
    visitor.page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    visitor.go(f"{PROGRAMME}din/importeren/")
    choose(visitor, FIRST, 2033)
    visitor.page.evaluate(WATCH)
    visitor.page.get_by_role("button", name="Bekijk wat er verandert").click()
    visitor.page.wait_for_url(re.compile(r"/importeren/\d+/$"))
    assert visitor.page.evaluate("sessionStorage.seen") == "Bezig met lezen…|true|Bezig met lezen…"
    assert len(sent) == 1


def test_after_going_back_the_form_can_be_sent_again(enter: Enter) -> None:
    visitor = enter("manager")
    upload(visitor, FIRST, 2034)
    visitor.page.go_back()
    again = visitor.page.get_by_role("button", name="Bekijk wat er verandert")
    expect(again).to_be_enabled()
    choose(visitor, FIRST, 2034)
    again.click()
    visitor.page.wait_for_url(re.compile(r"/importeren/\d+/$"))


def test_the_button_that_was_pressed_is_still_told_apart(enter: Enter) -> None:
    visitor = enter("manager")
    upload(visitor, FIRST, 2035)
    press(visitor, "Doorvoeren")
    upload(visitor, LATER, 2035)
    visitor.page.get_by_label("Dit is een ander doel").check()
    press(visitor, "Mijn keuzes bekijken")
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Dit gaat er veranderen")
    expect(visitor.page.get_by_label("Dit is een ander doel")).to_be_checked()


def test_it_all_works_without_scripts(enter: Enter) -> None:
    visitor = enter("manager", javascript=False)
    upload(visitor, FIRST, 2036)
    press(visitor, "Doorvoeren")
    upload(visitor, LATER, 2036)
    visitor.page.get_by_label("Vervalt").first.check()
    visitor.page.get_by_label("Reden").first.fill("Geen geld")
    press(visitor, "Mijn keuzes bekijken")
    press(visitor, "Doorvoeren")
    expect(visitor.page.get_by_text("vervallen: Geen geld")).to_have_count(1)


UPLOAD = re.compile(r"/din/importeren/$")
POLL = re.compile(r"/din/importeren/voortgang/")


# What the page said while it waited, kept until the next page can be asked.
LISTEN = """() => {
    const place = document.querySelector("[data-progress]");
    const bar = place.querySelector("progress");
    new MutationObserver(() => {
        sessionStorage.said = (sessionStorage.said || "") + place.innerText + (bar.hidden ? "" : bar.value) + ";";
    }).observe(place, {childList: true, attributes: true, subtree: true});
}"""


def test_a_long_reading_shows_how_far_it_is(enter: Enter) -> None:
    visitor = enter("manager")
    visitor.page.route(POLL, lambda route: route.fulfill(json={"text": "De rijen", "done": 500, "total": 2000}))
    visitor.go(f"{PROGRAMME}din/importeren/")
    choose(visitor, din_workbook(10_000), 2037)
    visitor.page.evaluate(LISTEN)
    visitor.page.get_by_role("button", name="Bekijk wat er verandert").click()
    visitor.page.wait_for_url(re.compile(r"/importeren/\d+/$"), timeout=60_000)
    said = visitor.page.evaluate("sessionStorage.said")
    assert re.search(r"De rijen\s+500 van 2.000\s*500;", said), said
    assert "Het werkboek wordt vergeleken met het plan" in said


def test_a_short_reading_shows_no_bar(enter: Enter) -> None:
    visitor = enter("manager")
    visitor.go(f"{PROGRAMME}din/importeren/")
    expect(visitor.page.get_by_role("progressbar")).to_have_count(0)


def test_a_refused_form_comes_in_place_with_the_focus_on_what_is_wrong(enter: Enter) -> None:
    visitor = enter("manager")
    visitor.go(f"{PROGRAMME}din/importeren/")
    visitor.page.get_by_role("button", name="Bekijk wat er verandert").click()
    summary = visitor.page.get_by_role("alert")
    expect(summary).to_contain_text("Kies het werkboek")
    expect(summary).to_be_focused()
    upload_again = visitor.page.get_by_role("button", name="Bekijk wat er verandert")
    expect(upload_again).to_be_enabled()
    visitor.page.set_input_files("[name=workbook]", {"name": "din.xlsx", "mimeType": "x/y", "buffer": FIRST})
    upload_again.click()
    visitor.page.wait_for_url(re.compile(r"/importeren/\d+/$"))


def test_a_lost_connection_is_said_and_the_form_can_be_sent_again(enter: Enter) -> None:
    visitor = enter("manager")
    visitor.go(f"{PROGRAMME}din/importeren/")
    choose(visitor, FIRST, 2038)
    visitor.page.route(UPLOAD, lambda route: route.abort())
    button = visitor.page.get_by_role("button", name="Bekijk wat er verandert")
    button.click()
    expect(visitor.page.get_by_text("De verbinding is weggevallen")).to_be_visible()
    visitor.page.unroute(UPLOAD)
    button.click()
    visitor.page.wait_for_url(re.compile(r"/importeren/\d+/$"))


def test_who_is_logged_out_meanwhile_is_asked_to_log_in(enter: Enter) -> None:
    visitor = enter("manager")
    visitor.go(f"{PROGRAMME}din/importeren/")
    choose(visitor, FIRST, 2039)
    visitor.page.context.clear_cookies(name="sessionid")
    visitor.page.get_by_role("button", name="Bekijk wat er verandert").click()
    visitor.page.wait_for_url(re.compile(r"/inloggen/\?next="))
