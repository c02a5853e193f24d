"""The report on screen: everything that the report says, with its contents and its files."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from monitoring.corrections import correct
from monitoring.models import AuditLine, Indicator, Measurement, ReportingRound, ReportText
from monitoring.report.build import report_of, report_source
from monitoring.report.document import ReportDocument
from monitoring.report.formats import registry
from monitoring.report.formats.registry import FORMATS
from monitoring.report.frozen import ReportSource, freeze
from monitoring.report.printing import print_report
from monitoring.report.rendering import RenderingFailed
from monitoring.report_page import report_page
from monitoring.workflow import Content
from tests.cast import Stage, adopt, make_goals, make_updates
from tests.conftest import LogIn
from tests.monitoring.report.sample import sample_din


@pytest.fixture
def as_council(stage: Stage, log_in: LogIn) -> Client:
    return log_in(stage.people.councillor)


def address(round_: ReportingRound) -> str:
    return reverse("report_page", args=[round_.pk])


def read(client: Client, round_: ReportingRound, query: str = "") -> str:
    response = client.get(address(round_) + query)
    assert response.status_code == 200
    return response.content.decode()


def test_it_says_all_that_the_report_says_in_its_order(stage: Stage, as_council: Client) -> None:
    page = read(as_council, stage.adopted_round)
    document, sha256 = report_of(stage.adopted_round)
    printed = print_report(document, sha256=sha256)
    told = [printed.title, printed.standing_line, printed.summary]
    for theme in printed.themes:
        told.append(theme.title)
        for goal in theme.goals:
            told += [goal.title, goal.standing_label, *(text for _, text in goal.facts), *goal.explanation]
            told += [*goal.next_steps, *(effort.text for effort in goal.efforts)]
    told += [value for row in printed.annex.rows for value in row if value]
    told += [text for _, text in printed.colophon]
    body = page[page.index("app-report__text") :]
    head = page[: page.index("app-report__text")]
    assert all(escape(text) in head for text in told[:2])
    at = 0
    for text in told[2:]:
        at = body.index(escape(text), at)


def test_every_line_of_the_contents_leads_to_a_part(stage: Stage, as_council: Client) -> None:
    page = read(as_council, stage.adopted_round)
    anchors = set(re.findall(r'href="#([\w-]+)"', page))
    assert {"samenvatting", "onderdeel-1", "bijlage", "colofon", "doel-1"} <= anchors
    assert anchors <= set(re.findall(r'id="([\w-]+)"', page))


@pytest.mark.pure
def test_the_contents_name_the_parts_that_the_report_has() -> None:
    full = sample_din(goals=5)
    (first, *_), (_, *others) = full.indicators, full.indicators
    full = replace(full, indicators=(replace(first, theme=""), *others))
    bare = replace(full, indicators=(), commitments=(), previous_round_label="", gone=())

    def keys(document: ReportDocument) -> list[str]:
        return [entry.key for entry in report_page(ReportSource(*freeze(document))).contents]

    themes = [f"onderdeel-{number}" for number in range(1, 6)]
    assert keys(full) == [
        *("samenvatting", "voorstellen", "veranderd"), *themes, *("indicatoren", "toezeggingen", "bijlage", "colofon")
    ]  # fmt: skip
    assert keys(bare) == ["samenvatting", *themes, "bijlage", "colofon"]


def test_the_contents_name_the_opgaven_of_a_plan_of_opgaven(stage: Stage) -> None:
    for goal in stage.goals.values():
        goal.kind = "opgave"
        goal.save()
    page = report_page(report_source(stage.open_round))
    theme = next(entry for entry in page.contents if entry.key == "onderdeel-1")
    assert [entry.title for entry in theme.below] == [goal.title for goal in page.printed.themes[0].goals]


def test_charts_are_drawn_with_their_words_and_nothing_of_a_user_is_markup(stage: Stage, as_council: Client) -> None:
    name = "<script>alert(1)</script>"
    indicator = Indicator.objects.create(programme=stage.programme, theme=stage.themes["P1"], name=name)
    for year in (2021, 2022):
        Measurement.objects.create(
            indicator=indicator, first_day=f"{year}-01-01", last_day=f"{year}-12-31", value=year, note=name
        )
    adopt(stage.open_round)
    page = read(as_council, stage.open_round)
    assert name not in page
    assert escape(name) in page
    assert page.count('<div role="img"') == 2
    assert "style=" not in page[page.index("<main") :]


def test_a_concept_says_so_and_is_for_the_manager(stage: Stage, log_in: LogIn, as_council: Client) -> None:
    page = read(log_in(stage.people.manager), stage.open_round)
    assert "CONCEPT – nog niet vastgesteld" in page
    assert "app-report__concept" in page
    assert as_council.get(address(stage.open_round)).status_code == 404
    assert "CONCEPT" not in read(as_council, stage.adopted_round)


def test_an_older_edition_says_that_there_is_a_newer_one(stage: Stage, as_council: Client) -> None:
    correct(
        round_=stage.adopted_round,
        actor=stage.people.manager,
        origin=AuditLine.Origin.SITE,
        edition=1,
        goals={1: Content("at_risk", "Toch niet gehaald, om drie redenen")},
        reason="Verkeerd gelezen",
    )
    newest, first = read(as_council, stage.adopted_round), read(as_council, stage.adopted_round, "?editie=1")
    assert "nieuwere editie" in first
    assert "nieuwere editie" not in newest
    assert "om drie redenen" in newest
    assert "om drie redenen" not in first
    assert "rapport.pdf?editie=1" in first
    assert "?editie=" not in newest[newest.index("bestanden") :]
    for wrong in ("?editie=3", "?editie=x", "?editie=0"):
        assert as_council.get(address(stage.adopted_round) + wrong).status_code == 404


def test_every_file_is_offered_with_what_it_is_for(stage: Stage, as_council: Client) -> None:
    page = read(as_council, stage.adopted_round)
    for one in FORMATS.values():
        assert f'href="{reverse("report", args=[stage.adopted_round.pk, one.extension])}"' in page
        assert escape(one.purpose) in page


def test_a_file_that_cannot_be_made_is_a_sentence_and_the_other_files(
    stage: Stage, as_council: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(source: object) -> bytes:
        raise RenderingFailed("Het bestand kon niet worden gemaakt.")

    broken_format = registry.Format("xlsx", "Excel", "Rekenen", "x/y", broken)
    monkeypatch.setitem(FORMATS, "xlsx", broken_format)
    response = as_council.get(reverse("report", args=[stage.adopted_round.pk, "xlsx"]), {"editie": "1"})
    assert response.status_code == 503
    assert "kon niet worden gemaakt" in response.content.decode()
    assert f"{reverse('report', args=[stage.adopted_round.pk, 'json'])}?editie=1" in response.content.decode()


@pytest.mark.parametrize("count", [0, 40])
def test_queries_do_not_grow_with_goals(
    stage: Stage, as_council: Client, django_assert_num_queries, count: int
) -> None:
    goals = make_goals(stage.plan, count, theme=stage.themes["P1"], owner=stage.department)
    make_updates(stage.open_round, goals, state="approved", status="on_track")
    ReportText.objects.create(round=stage.open_round, text="Kort", changed_at=timezone.now())
    adopt(stage.open_round)
    with django_assert_num_queries(7):
        as_council.get(address(stage.open_round))
