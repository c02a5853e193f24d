"""The network in a real browser: the same with and without its script, by mouse and by keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter, Site

pytestmark = pytest.mark.browser

NETWORK = "/programmas/vastpakken-en-niet-loslaten/netwerk/"
# What a reader sees of the network, from the page as it is: every place, line, title, mark, word and list item.
PICTURE = """() => {
    const text = element => element.textContent.replace(/\\s+/g, ' ').trim();
    const marks = element => ['is-away', 'is-folded', 'is-selected', 'is-on-path', 'is-found']
        .filter(mark => element.classList.contains(mark));
    const shown = selector => [...document.querySelectorAll(selector)].filter(e => !e.classList.contains('is-away'));
    const svg = document.getElementById('netwerk');
    return {
        size: [svg.getAttribute('width'), svg.getAttribute('height'), svg.classList.contains('has-path')],
        heads: [...document.querySelectorAll('.net-head')].map(e => [text(e), e.getAttribute('x')]),
        nodes: shown('.net-node').map(e => [e.dataset.key, e.getAttribute('transform'), marks(e).join(),
            e.querySelector('a').getAttribute('href')]),
        lines: shown('.net-line').map(e => [e.getAttribute('d'), marks(e).join()]),
        count: text(document.getElementById('netwerk-aantal')),
        found: [...document.querySelectorAll('#netwerk-gevonden li')].map(text),
        path: [...document.querySelectorAll('#pad h2, #pad p')].map(text),
        list: [...document.querySelectorAll('#netwerk-lijst .net-entry')].map(e => text(e) + marks(e).join()),
        depths: [...document.querySelectorAll('#netwerk-lijst .net-entry')].map(e => {
            let depth = 0;
            for (let at = e; at.id !== 'netwerk-lijst'; at = at.parentNode) depth += at.tagName === 'UL' ? 1 : 0;
            return depth;
        }),
    };
}"""


def picture(page: Page) -> dict[str, object]:
    seen: dict[str, object] = page.evaluate(PICTURE)
    return seen


def focused(page: Page) -> str:
    """The key of the node that has the focus, or the id of another element."""
    key: str = page.evaluate(
        "() => document.activeElement.closest('.net-node')?.dataset.key ?? document.activeElement.id"
    )
    return key


def to_first_node(page: Page) -> None:
    """With the Tab key alone, from the top of the page."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if focused(page).startswith("ambition-"):
            return
    raise AssertionError("no node is reached by keyboard")


def along_a_line(page: Page, wanted: str) -> None:
    """Down the first column to an ambition that something works on, and along its line to a node of `wanted`."""
    for _ in range(20):
        page.keyboard.press("ArrowRight")
        if focused(page).startswith(wanted):
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError("no line leads on")


def test_what_the_script_shows_is_what_the_server_shows(enter: Enter) -> None:
    """After every step the address, asked of the server by somebody without the script, gives the same picture."""
    visitor, plain = enter("manager"), enter("manager", javascript=False)
    page = visitor.page
    visitor.go(NETWORK)

    def same() -> dict[str, object]:
        page.wait_for_timeout(300)
        plain.page.goto(page.url)
        here = picture(page)
        assert here == picture(plain.page)
        return here

    whole = same()
    page.locator("#id_status").select_option("at_risk")
    narrowed = same()
    assert len(narrowed["nodes"]) < len(whole["nodes"])
    page.locator("#id_q").fill("maatjes")
    assert same()["found"]
    page.get_by_role("checkbox", name="ER-doelen").check()
    same()
    page.locator("#id_status").select_option("")
    page.locator("#id_q").fill("")
    page.get_by_role("checkbox", name="SMART-doelen").check()
    folded = same()
    assert [head[0] for head in folded["heads"]][1:3] == ["…", "…"]
    page.locator(".net-node--ambition a").nth(1).click()
    assert same()["path"]
    page.locator(".net-node--ambition a").nth(1).click()
    alone = same()
    assert len(alone["nodes"]) < len(whole["nodes"])
    assert "focus=1" in page.url
    page.get_by_role("link", name="Wis alles").click()
    assert same() == whole
    for name in ("onderdeel", "speerpunt", "eigenaar"):
        page.locator(f"#id_{name}").select_option(index=1)
        assert len(same()["nodes"]) < len(whole["nodes"])
        page.locator(f"#id_{name}").select_option("")
    for status in ("attention", "without_update", "achieved"):
        page.locator("#id_status").select_option(status)
        same()


def test_the_network_by_keyboard_alone(enter: Enter) -> None:
    visitor = enter("raad")
    page = visitor.page
    visitor.go(NETWORK)
    to_first_node(page)
    first = focused(page)
    page.keyboard.press("ArrowDown")
    second = focused(page)
    assert second.startswith("ambition-")
    assert second != first
    page.keyboard.press("ArrowUp")
    assert focused(page) == first
    page.keyboard.press("End")
    page.keyboard.press("Home")
    assert focused(page) == first
    along_a_line(page, "er_goal-")
    page.keyboard.press("ArrowRight")
    goal = focused(page)
    assert goal.startswith("goal-")
    page.keyboard.press("ArrowLeft")
    assert focused(page).startswith("er_goal-")
    page.keyboard.press("ArrowRight")
    assert focused(page) == goal
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"

    path = page.locator("#pad")
    page.keyboard.press("Enter")
    assert f"knoop={goal}" in page.url
    expect(path).to_contain_text(re.compile("Dit doel (bedreigt|draagt bij aan) "))
    expect(path).to_have_attribute("aria-live", "polite")
    assert page.locator(".net-node.is-away").count() == 0
    page.keyboard.press("Enter")
    assert "focus=1" in page.url
    assert page.locator(".net-node.is-away").count() > 0
    assert focused(page) == goal
    assert visitor.axe() == []
    page.keyboard.press("Escape")
    assert page.locator(".net-node.is-away").count() == 0
    assert f"knoop={goal}" in page.url
    page.keyboard.press("Escape")
    assert "knoop" not in page.url
    expect(path).to_contain_text("Kies een blok")
    assert focused(page) == goal

    # One stop for the Tab key: after the drawing comes the explanation of the statuses.
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_the_arrows_walk_past_a_folded_column(enter: Enter) -> None:
    visitor = enter("raad")
    page = visitor.page
    visitor.go(f"{NETWORK}?dicht=er_goal")
    to_first_node(page)
    along_a_line(page, "goal-")
    page.keyboard.press("ArrowLeft")
    assert focused(page).startswith("ambition-")


def test_the_list_leads_to_the_path(enter: Enter) -> None:
    visitor = enter("raad")
    page = visitor.page
    visitor.go(NETWORK)
    entry = page.locator("#netwerk-lijst .net-entry[data-key^=goal-] a").first
    entry.focus()
    page.keyboard.press("Enter")
    assert focused(page) == "pad"
    assert "knoop=goal-" in page.url
    page.get_by_role("link", name="Naar de pagina van dit doel").click()
    page.wait_for_url(re.compile(r"/doelen/\d+/"))


def test_without_javascript_every_step_is_a_link(enter: Enter) -> None:
    visitor = enter("raad", javascript=False)
    page = visitor.page
    visitor.go(NETWORK)
    page.locator(".net-node--goal a").first.click()
    assert "knoop=goal-" in page.url
    assert page.locator(".net-node.is-on-path").count() > 1
    assert page.locator(".net-node.is-away").count() == 0
    page.locator(".net-node.is-selected a").click()
    assert "focus=1" in page.url
    assert page.locator(".net-node.is-away").count() > 0
    page.get_by_role("link", name="Toon ook de rest").click()
    page.get_by_role("link", name="Wis de keuze").click()
    assert "knoop" not in page.url
    page.get_by_role("checkbox", name="ER-doelen").check()
    page.locator("#id_status").select_option("delayed")
    page.get_by_role("button", name="Filter").click()
    assert "status=delayed" in page.url
    assert page.locator(".net-node.is-folded").count() > 0
    assert page.locator(".net-node.is-away").count() > 0


def test_on_a_small_screen_the_list_comes_first(enter: Enter, site: Site) -> None:
    visitor = enter("raad", width=390)
    visitor.go(NETWORK)
    assert visitor.page.locator("#lijst").is_visible()
    assert not visitor.page.locator("#tekening").is_visible()
    visitor.page.get_by_role("link", name="Bekijk de tekening").click()
    assert visitor.page.locator("#tekening").is_visible()
    assert visitor.axe() == []
    assert not visitor.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"), (
        "the drawing scrolls in its own frame"
    )
