"""Every page: no finding of axe, no sideways scrolling, no broken policy, no other host, and it works by keyboard."""

from __future__ import annotations

import re

import pytest

from tests.browser.conftest import WIDTHS, Enter, Site

pytestmark = pytest.mark.browser

PROGRAMME = "/programmas/vastpakken-en-niet-loslaten/"
HOMELESS = "/programmas/op-weg-naar-herstel-en-een-thuis/"
PAGES = {
    None: ["/inloggen/", "/account/wachtwoord/vergeten/", "/toegankelijkheid/", "/account/aanmelden/"],
    "beleid": [
        "/mijn-doelen/",
        "/mijn-doelen/ronde/2/",
        f"{PROGRAMME}aandacht/?eigenaar=mij",
        "/doelen/{todo}/voortgang/",
        "/doelen/{submitted}/voortgang/",
        "/doelen/{returned}/",
    ],
    "manager": [
        "/programmas/",
        PROGRAMME,
        f"{PROGRAMME}veranderd/",
        f"{PROGRAMME}veranderd/?soort=worse",
        f"{PROGRAMME}aandacht/",
        f"{PROGRAMME}aandacht/?eigenaar=geen&regel=niets",
        f"{HOMELESS}aandacht/",
        f"{PROGRAMME}din/importeren/",
        f"{PROGRAMME}din/importeren/1/",
        f"{PROGRAMME}eigenaren/",
        f"{PROGRAMME}sjabloon/",
        f"{PROGRAMME}rondes/nieuw/",
        "/rondes/1/",
        "/rondes/2/",
        "/rondes/2/?stand=submitted",
        f"{PROGRAMME}netwerk/?knoop=goal-{{submitted}}",
        "/rondes/2/dagen/",
        "/rondes/2/herinneren/",
        "/rondes/2/doelen/{submitted}/",
        "/rondes/2/doelen/{returned}/",
        "/doelen/{todo}/eigenaar/",
        "/rondes/2/vaststellen/",
        "/rondes/2/teksten/",
        "/rondes/2/rapport/",
        f"{PROGRAMME}toezeggingen/",
        f"{PROGRAMME}toezeggingen/nieuw/",
        f"{PROGRAMME}toezeggingen/importeren/",
        f"{PROGRAMME}herijking/",
        f"{PROGRAMME}herijking/nieuw/",
        f"{PROGRAMME}herijking/{{recut}}/",
        f"{PROGRAMME}herijking/{{recut}}/ongedaan-maken/",
        "/rondes/1/correctie/",
        "/rondes/1/correctie/?doel=1&doel=2&tekst=0",
        "/doelen/{returned}/",
        "/doelen/{todo}/voortgang/",
        f"{HOMELESS}indicatoren/",
        f"{HOMELESS}indicatoren/nieuw/",
        f"{HOMELESS}indicatoren/importeren/",
        f"{HOMELESS}indicatoren/{{indicator}}/",
        f"{HOMELESS}indicatoren/{{indicator}}/wijzigen/",
        f"{HOMELESS}indicatoren/{{indicator}}/streefwaarde/",
        f"{HOMELESS}indicatoren/{{indicator}}/meting/",
        "/streefwaarden/{target}/herzien/",
        "/metingen/{measurement}/",
        "/uitloggen/",
        "/account/wachtwoord/",
        "/account/twee-stappen/",
    ],
    "raad": [
        "/programmas/",
        PROGRAMME,
        f"{PROGRAMME}onderdelen/{{theme}}/",
        f"{PROGRAMME}doelen/",
        f"{PROGRAMME}doelen/?q=bestaat+niet",
        f"{PROGRAMME}netwerk/",
        f"{PROGRAMME}netwerk/?dicht=er_goal&status=delayed&q=maatjes",
        "/zoeken/",
        "/zoeken/?q=jongeren",
        "/zoeken/?q=bestaat+niet",
        f"{PROGRAMME}veranderd/",
        f"{PROGRAMME}toezeggingen/",
        HOMELESS,
        f"{HOMELESS}doelen/",
        f"{HOMELESS}netwerk/",
        f"{HOMELESS}indicatoren/",
        f"{HOMELESS}indicatoren/?kern=on&oordeel=reached",
        f"{HOMELESS}indicatoren/{{indicator}}/",
        "/doelen/{returned}/",
        "/rondes/1/",
        "/rondes/1/edities/",
        "/rondes/1/rapport/",
        "/rondes/3/rapport/",
        "/programmas/bestaat-niet/",
    ],
    "beheer": [
        "/beheer/",
        "/beheer/din/goal/",
        "/beheer/din/goal/{todo}/change/",
        "/beheer/monitoring/update/",
        "/beheer/din/owner/1/change/",
        "/beheer/din/goal/{todo}/history/",
        "/beheer/din/goal/import/",
        "/beheer/din/goal/export/",
        "/beheer/monitoring/reportinground/2/change/",
        "/beheer/monitoring/update/1/change/",
        "/beheer/actieplan/user/",
    ],
}
LOOK_UP = """
from din.models import Recut, Theme
from monitoring.models import Measurement, Update
for state in ("todo", "submitted", "returned"):
    updates = Update.objects.filter(round__state="open", state=state, goal__owner__members__user__username="beleid")
    print(state, updates.first().goal_id)
measured = Measurement.objects.filter(indicator__part_of=None, indicator__programme__slug__startswith="op-weg")
measured = measured.filter(indicator__targets__revised_on=None, indicator__targets__isnull=False).first()
print("indicator", measured.indicator_id)
print("measurement", measured.pk)
print("target", measured.indicator.targets.first().pk)
print("recut", Recut.objects.get().pk)
print("theme", Theme.objects.get(name="Inkomen").pk)
"""


@pytest.fixture(scope="module")
def numbers(site: Site) -> dict[str, str]:
    return dict(line.split() for line in site.run(LOOK_UP).splitlines() if line)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("username", PAGES, ids=str)
def test_no_page_has_a_finding(enter: Enter, numbers: dict[str, str], username: str | None, width: int) -> None:
    visitor = enter(username, width=width)
    found = {}
    for template in PAGES[username]:
        path = template.format(**numbers)
        status = visitor.go(path)
        assert status < 500, path
        findings = visitor.axe()
        if visitor.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            findings.append("scrolls sideways")
        if findings:
            found[path] = findings
    assert found == {}


# Of the nodes of the network the Tab key reaches one; the arrows walk the others (tests/browser/test_network.py).
CONTROLS = "a[href]:not([tabindex='-1']), button, input:not([type=hidden]), select, textarea, summary"
COUNT = """controls => [...document.querySelectorAll(controls)].filter(
    e => e.checkVisibility({visibilityProperty: true}) && !e.disabled && e.type !== 'radio').length"""
# Where the focus is now: whether the walk is round, and whether the focus can be seen.
FOCUS = """() => {
    const e = document.activeElement;
    if (!e || e === document.body) return [true, ''];
    const round = window.seen && window.seen.size > 1 && [...window.seen][0] === e;
    (window.seen ??= new Set()).add(e);
    const style = getComputedStyle(e);
    const shown = style.outlineStyle !== 'none' || style.boxShadow !== 'none';
    return [round, shown ? '' : e.outerHTML.slice(0, 200)];
}"""
REACHED = "() => [...window.seen].filter(e => e.type !== 'radio' && e.id !== 'main').length"


@pytest.mark.parametrize("username", ["beleid", "manager", "raad"])
def test_every_control_is_reached_and_seen_by_keyboard(enter: Enter, numbers: dict[str, str], username: str) -> None:
    visitor = enter(username)
    for template in PAGES[username]:
        visitor.go(template.format(**numbers))
        wanted = visitor.page.evaluate(COUNT, CONTROLS)
        # A date takes a Tab for its day, its month and its year.
        for _ in range(2 * wanted + 30):
            visitor.page.keyboard.press("Tab")
            round_, unseen = visitor.page.evaluate(FOCUS)
            assert unseen == "", f"{template}: the focus cannot be seen"
            if round_:
                break
        assert visitor.page.evaluate(REACHED) >= wanted, template


def test_the_skip_link_goes_to_the_content(enter: Enter) -> None:
    visitor = enter("raad")
    visitor.go(PROGRAMME)
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Enter")
    assert visitor.page.evaluate("document.activeElement.id") == "main"


def test_without_javascript_the_pages_still_work(enter: Enter, numbers: dict[str, str]) -> None:
    visitor = enter("raad", javascript=False)
    visitor.go(f"{PROGRAMME}doelen/")
    visitor.page.get_by_label(re.compile("Zoek")).first.fill("maatjes")
    visitor.page.locator("form.app-toolbar button[type=submit], form button[type=submit]").last.click()
    assert "q=maatjes" in visitor.page.url
    assert visitor.page.get_by_text("Maatjesaanbieders").count() > 0


def test_the_policy_forbids_inline_code(enter: Enter, site: Site) -> None:
    visitor = enter("beheer")
    for path in ["/mijn-doelen/", PROGRAMME, "/beheer/", "/beheer/din/goal/", "/beheer/din/goal/import/"]:
        response = visitor.page.goto(site.url + path)
        policy = response.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
    visitor.problems.clear()
    visitor.page.evaluate(
        "() => { const s = document.createElement('script'); s.text = 'window.bad = 1'; document.body.append(s) }"
    )
    assert visitor.page.evaluate("window.bad") is None
    visitor.problems.clear()
