"""The charts say what the tables beside them say, are well-formed whatever people typed, and can be read in grey."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from monitoring.indicator_chart import Chart
from monitoring.report.charts import LONGEST_ALT, WIDTH, Picture, indicator_picture, standing_picture
from monitoring.report.document import ReportDocument
from monitoring.report.looks import LOOKS, icon_svg, look_of
from monitoring.report.printed import Printed, StandingBar
from monitoring.report.printing import AWAITED, print_report
from tests.monitoring.report.payloads import PAYLOADS, with_payload
from tests.monitoring.report.sample import concept, sample_din, sample_speerpunten

pytestmark = pytest.mark.pure

ROOT = Path(__file__).resolve().parents[3]
SVG = "{http://www.w3.org/2000/svg}"
AWAITING = replace(sample_din().every_goal[0], status="", status_label="", state="draft", state_label="concept")


@pytest.fixture
def shown() -> Printed:
    return print_report(sample_din())


def charts_of(shown: Printed) -> list[Chart]:
    wholes = [one for theme in shown.themes for one in theme.indicators]
    return [one.chart for whole in wholes for one in (whole, *whole.parts) if one.chart]


def texts_of(picture: Picture) -> list[str]:
    return [text.text or "" for text in Xml.fromstring(picture.svg).iter(f"{SVG}text")]


def test_the_bars_have_the_numbers_of_the_table(shown: Printed) -> None:
    texts = texts_of(standing_picture(shown.bars))
    table = shown.standing_table
    for row in table.rows[:-1]:
        start = texts.index(row[0])
        told = [count for count in row[1:-2] if count != "0"]
        assert texts[start + 1 : start + 2 + len(told)] == [*told, row[-2]]
    assert Counter(texts[-len(table.heads[1:-2]) :]) == Counter(table.heads[1:-2])


def test_the_parts_of_a_bar_are_as_wide_as_their_numbers() -> None:
    bar = StandingBar("Een pijler", (("on_track", "Op schema", 30), ("delayed", "Vertraagd", 10)))
    half = StandingBar("Een andere", (("on_track", "Op schema", 20),))
    root = Xml.fromstring(standing_picture([bar, half]).svg)
    solid = [
        float(plane.get("width", "0")) + 1.5
        for plane in root.iter(f"{SVG}rect")
        if not plane.get("fill", "").startswith("url")
    ]
    assert solid[0] == pytest.approx(3 * solid[1])
    assert solid[2] == pytest.approx((solid[0] + solid[1]) / 2)


def test_a_small_part_of_a_bar_still_has_room_for_its_number() -> None:
    bar = StandingBar("Een pijler", (("on_track", "Op schema", 900), *((key, key, 1) for key in list(LOOKS)[2:])))
    root = Xml.fromstring(standing_picture([bar]).svg)
    planes = [plane for plane in root.iter(f"{SVG}rect") if plane.get("height") == "20.5"]
    assert min(float(plane.get("width", "0")) for plane in planes) > 15
    assert max(float(plane.get("x", "0")) + float(plane.get("width", "0")) for plane in planes) < WIDTH


def test_the_words_of_a_picture_have_every_number(shown: Printed) -> None:
    alt = standing_picture(shown.bars).alt
    assert "Pijler 1: Tijdig signaleren: 2 nog niet gestart, 1 op schema" in alt
    for bar in shown.bars:
        assert all(f"{count} {label.lower()}" in alt for _, label, count in bar.parts)
    for chart in charts_of(shown):
        assert all((row.measured or row.needed) in indicator_picture(chart).alt for row in chart.rows)


def test_an_indicator_shows_the_numbers_that_its_table_has(shown: Printed) -> None:
    for chart in charts_of(shown):
        told = " ".join(f"{row.measured} {row.needed}" for row in chart.rows)
        marked = [mark.text for mark in chart.marks if mark.text]
        assert marked
        assert all(text in told for text in marked)
        assert set(marked) <= set(texts_of(indicator_picture(chart)))


def test_the_signs_lie_where_the_values_are(shown: Printed) -> None:
    """The higher the value the higher the sign, by the scale of the ticks on the axis."""
    chart = charts_of(shown)[0]
    root = Xml.fromstring(indicator_picture(chart).svg)
    line = next(one for one in root.iter(f"{SVG}polyline") if one.get("stroke-dasharray") is None)
    heights = [float(pair.split(",")[1]) for pair in line.get("points", "").split()]
    low, high = chart.value_ticks[0], chart.value_ticks[-1]
    step = (low.at - high.at) / (float(high.label) - float(low.label))
    values = [float(low.label) + (low.at - height) / step for height in heights]
    measured = [float(row.measured.rstrip("%").replace(",", ".")) for row in chart.rows if row.judgement]
    assert values == pytest.approx(measured, abs=0.1)


def test_what_is_drawn_stays_in_the_picture(shown: Printed) -> None:
    for chart in charts_of(shown):
        picture = indicator_picture(chart)
        for text in Xml.fromstring(picture.svg).iter(f"{SVG}text"):
            half = len(text.text or "") * 13 * 0.5 / 2 if text.get("text-anchor") == "middle" else 0
            assert float(text.get("x", "")) - half >= 0
            assert float(text.get("x", "")) + half <= WIDTH
            assert float(text.get("y", "")) < picture.height


def test_what_awaits_is_one_part_whatever_it_waits_for() -> None:
    document = concept(sample_din())
    theme = document.themes[0]
    waiting = (AWAITING, replace(AWAITING, state="submitted", state_label="ingediend"))
    goals = (*waiting, *theme.goals[2:])
    shown = print_report(replace(document, themes=(replace(theme, goals=goals), *document.themes[1:])))
    assert [part for part in shown.bars[0].parts if part[0] == AWAITED] == [(AWAITED, "Nog geen voortgang", 2)]


def test_every_standing_has_a_pattern_and_an_icon_of_its_own() -> None:
    assert len({(look.hatching, look.turn, look.is_light) for look in LOOKS.values()}) == len(LOOKS)
    assert len({look.icon for look in LOOKS.values()}) == len(LOOKS)
    assert look_of("wat anders") == LOOKS[AWAITED]


def test_the_icons_are_those_of_the_site() -> None:
    site = (ROOT / "actieplan/static/app/icons.svg").read_text()
    for standing, look in LOOKS.items():
        name = "none" if standing == AWAITED else standing
        assert f'<symbol id="status-{name}" viewBox="0 0 16 16">{look.icon}</symbol>' in site
        assert "currentColor" not in icon_svg(standing)


def test_a_picture_needs_no_styles_and_two_on_a_page_have_their_own_ids(shown: Printed) -> None:
    first, second = standing_picture(shown.bars), standing_picture(shown.bars, key="ander")
    for picture in (first, *(indicator_picture(chart) for chart in charts_of(shown))):
        assert "style" not in picture.svg
        assert "class" not in picture.svg
    ids = [set(re.findall(r' id="([^"]+)"', picture.svg)) for picture in (first, second)]
    assert all(ids)
    assert not ids[0] & ids[1]


def test_a_report_without_goals_has_an_empty_picture() -> None:
    assert Xml.fromstring(standing_picture([StandingBar("Leeg", ())]).svg) is not None
    assert standing_picture([]).height == 0


@pytest.mark.parametrize("name", PAYLOADS)
@pytest.mark.parametrize("make", [sample_din, sample_speerpunten])
def test_what_people_typed_is_text_and_nothing_else(make: Callable[..., ReportDocument], name: str) -> None:
    payload = PAYLOADS[name]
    shown = print_report(with_payload(make(goals=5), payload))
    plain = print_report(make(goals=5))
    pictures = [standing_picture(shown.bars), *map(indicator_picture, charts_of(shown))]
    plain_pictures = [standing_picture(plain.bars), *map(indicator_picture, charts_of(plain))]
    for picture, without in zip(pictures, plain_pictures, strict=False):
        tags, plain_tags = (
            Counter(element.tag for element in Xml.fromstring(one.svg).iter()) for one in (picture, without)
        )
        assert tags == plain_tags
        assert len(picture.alt) <= LONGEST_ALT
    first_line = " ".join(shown.bars[0].title.split())
    assert texts_of(pictures[0])[0][:60] == first_line[:60]
