"""The main job from end to end, as its users do it: import, adopt the plan, open a round, record, review, adopt,
read, and the report as a spreadsheet. Without typing an address."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, Enter, Site, Visitor

pytestmark = pytest.mark.browser

WORKBOOK = ROOT / "tests" / "din" / "samples" / "schone-stad-2025.xlsx"
EXPECTED = json.loads(
    (ROOT / "tests" / "din" / "samples" / "schone-stad-2025.expected.json").read_text(encoding="utf-8")
)
PROGRAMME = "Schone stad (voorbeeld)"
EXPLANATION = "Er is een week vertraging door het weer. De buurt helpt mee en in mei zijn we bij (voorbeeld)."
MAKE_PROGRAMME = f"""
from actieplan.models import User
from din.models import Programme
programme = Programme.objects.create(name="{PROGRAMME}", slug="schone-stad", first_year=2025, last_year=2028)
programme.managers.add(User.objects.get(username="manager"))
"""


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def hand_in(page: Page) -> None:
    """Hand in, and wait for the page that follows: a save that is under way comes first."""
    here = page.url
    press(page, "Indienen")
    page.wait_for_url(lambda url: url != here)


def follow(page: Page, name: str | re.Pattern[str]) -> None:
    """To another page, until all of it is there: what is typed before its script runs is not saved while typing."""
    with page.expect_navigation():
        page.get_by_role("link", name=name).first.click()


def to_programme(visitor: Visitor) -> None:
    follow(visitor.page, "Programma's")
    follow(visitor.page, PROGRAMME)


def test_from_workbook_to_report(enter: Enter, site: Site, tmp_path: Path) -> None:
    site.run(MAKE_PROGRAMME)
    goals = len(EXPECTED["smart_goals"])

    # The manager imports the workbook, after seeing what it changes, and adopts the plan.
    manager = enter("manager")
    page = manager.page
    to_programme(manager)
    follow(page, "DIN importeren")
    page.get_by_label("Werkboek").set_input_files(WORKBOOK)
    page.get_by_role("spinbutton", name="Jaar").fill("2025")
    press(page, "Bekijk wat er verandert")
    expect(page.get_by_role("heading", level=1)).to_have_text("Dit gaat er veranderen")
    row = page.get_by_role("row", name=re.compile("SMART-doelen"))
    expect(row.get_by_role("cell").first).to_have_text(str(goals))
    press(page, "Doorvoeren")
    expect(page.get_by_text("Het werkboek is doorgevoerd in DIN 2025.")).to_be_visible()

    # The council does not see a plan that is still a concept.
    council = enter("raad")
    to_programme(council)
    expect(council.page.get_by_text(EXPECTED["smart_goals"][0]["text"])).to_have_count(0)

    press(page, "Plan vaststellen")
    expect(page.get_by_text("DIN 2025 is vastgesteld.")).to_be_visible()

    # The manager links the owners that the workbook names to the officer.
    follow(page, "Eigenaren")
    for owner in sorted({goal["owner"] for goal in EXPECTED["smart_goals"]}):
        page.get_by_label("Eigenaar").select_option(label=owner)
        page.get_by_label("Wie", exact=True).select_option(label="Voorbeeld beleidsadviseur")
        press(page, "Koppelen")
        expect(page.get_by_text(f"Voorbeeld beleidsadviseur hoort nu bij {owner}.")).to_be_visible()
    follow(page, "Overzicht")

    # The manager opens the round.
    follow(page, "Ronde openen")
    page.get_by_role("spinbutton", name="Jaar").fill("2025")
    page.get_by_label("eerste half jaar").check()
    press(page, "Ronde openen")
    expect(page.get_by_text("De ronde is geopend.")).to_be_visible()
    expect(page.get_by_text(f"0 van {goals} doelen zijn afgerond.")).to_be_visible()

    # The officer keeps a draft, finds it back, hands in one after the other.
    officer = enter("beleid")
    work = officer.page
    section = work.locator("section", has=work.get_by_role("heading", name=re.compile("Schone stad")))
    expect(section.get_by_text(f"0 van {goals} doelen ingevuld, nog 14 dagen.")).to_be_visible()
    section.get_by_role("link", name=EXPECTED["smart_goals"][0]["text"]).click()
    work.get_by_label("vertraagd").check()
    press(work, "Indienen")
    expect(work.get_by_role("alert")).to_contain_text("Leg uit waarom")
    work.get_by_label("Toelichting").fill(EXPLANATION)
    press(work, "Concept bewaren")
    expect(work.get_by_text("Uw concept is bewaard.")).to_be_visible()
    expect(work.get_by_label("Toelichting")).to_have_value(EXPLANATION)
    hand_in(work)
    for _ in range(goals - 2):
        expect(work.get_by_text("De voortgang is ingediend.")).to_be_visible()
        work.get_by_label("op schema").check()
        hand_in(work)

    # One is left. The manager sends one back, sets what is missing to not delivered, and approves the rest.
    page.reload()
    follow(page, "Beoordelen wat is ingediend")
    expect(page.get_by_text(EXPLANATION)).to_be_visible()
    press(page, "Terugsturen")
    expect(page.get_by_role("alert")).to_contain_text("Schrijf de reden op")
    page.get_by_label("Reden").fill("Noem ook het aantal buurten (voorbeeld).")
    press(page, "Terugsturen")
    for _ in range(goals - 2):
        press(page, "Goedkeuren")
    expect(page.get_by_text(f"{goals - 2} van {goals} doelen zijn afgerond.")).to_be_visible()

    follow(work, "Mijn doelen")
    expect(work.get_by_text("Noem ook het aantal buurten (voorbeeld).")).to_be_visible()
    section.get_by_role("link", name=re.compile("Invullen")).first.click()
    work.get_by_label("Toelichting").fill(f"{EXPLANATION} Het gaat om vier buurten.")
    hand_in(work)

    page.reload()
    follow(page, "Beoordelen wat is ingediend")
    expect(page.get_by_text("Het gaat om vier buurten.")).to_be_visible()
    press(page, "Goedkeuren")
    expect(page.get_by_text("1 niet afgerond")).to_be_visible()
    page.get_by_role("row", name=re.compile("nog te doen")).get_by_role("link", name=re.compile("Bekijken")).click()
    page.get_by_label("Reden").fill("De eigenaar is er niet (voorbeeld).")
    press(page, "Op ‘niet aangeleverd’ zetten")

    # Until the round is adopted the council sees nothing of it.
    to_programme(council)
    expect(council.page.get_by_text("vier buurten")).to_have_count(0)

    # The manager writes the introduction, which is saved while typing, and sees it before adopting.
    follow(page, "Teksten van het rapport")
    introduction = page.get_by_role("form", name="Inleiding van het rapport")
    introduction.get_by_label("Tekst").fill("Vier buurten zijn schoner. Twee volgen nog.")
    expect(introduction.locator("[data-saved]")).to_have_text(re.compile(r"Bewaard om \d\d:\d\d"))
    page.get_by_role("navigation", name="Kruimelpad").get_by_role("link", name="Eerste half jaar 2025").click()
    follow(page, "Vaststellen")
    expect(page.get_by_text("Vier buurten zijn schoner.")).to_be_visible()
    press(page, "Ja, ronde vaststellen")
    expect(page.get_by_text("De ronde is vastgesteld. Het rapport ligt nu vast.")).to_be_visible()

    # The council reads it, on the dashboard and on the goal's page, and takes the report along.
    reader = council.page
    to_programme(council)
    expect(reader.get_by_text("eerste half jaar 2025").first).to_be_visible()
    reader.get_by_role("link", name=EXPECTED["smart_goals"][0]["text"]).first.click()
    expect(reader.get_by_text("Het gaat om vier buurten.")).to_be_visible()
    to_programme(council)
    follow(reader, "Rapport lezen en ophalen")
    expect(reader.get_by_text("Vier buurten zijn schoner.")).to_be_visible()
    reader.get_by_role("navigation", name="Inhoud").get_by_role("link", name="Colofon").click()
    expect(reader.get_by_text("Controlegetal (SHA-256)")).to_be_in_viewport()
    files = reader.get_by_role("region", name="Ophalen als bestand").get_by_role("link").all()
    for link in files:
        with reader.expect_download() as download:
            link.click()
        name = download.value.suggested_filename
        download.value.save_as(tmp_path / f"rapport{Path(name).suffix}")
    saved = tmp_path / "rapport.xlsx"
    assert len(files) == len(list(tmp_path.glob("rapport.*")))
    rows = list(load_workbook(saved)["Doelen"].iter_rows(min_row=2, values_only=True))
    assert [row[2] for row in rows] == [goal["text"] for goal in EXPECTED["smart_goals"]]
    assert sorted({row[5] for row in rows}) == ["Niet aangeleverd", "Op schema", "Vertraagd"]
    # The command gives the same.
    by_command = tmp_path / "commando.xlsx"
    site.manage(
        "export_report",
        "--programme",
        "schone-stad",
        "--round",
        "2025-H1",
        "--format",
        "xlsx",
        "--output",
        str(by_command),
    )
    assert list(load_workbook(by_command)["Doelen"].iter_rows(min_row=2, values_only=True)) == rows
