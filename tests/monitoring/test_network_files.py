"""The network as a file: sound, the same as the page, and nothing of a text is read as anything but text."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from din.models import Effort, ErGoal, Goal, Theme
from tests.cast import SECRETS_OF_THE_OPEN_ROUND, Stage
from tests.conftest import LogIn

SVG = "{http://www.w3.org/2000/svg}"
LONG_WORD = "a" * 10_000
PAYLOADS = {
    "script": "</script><script>window.bad = 1</script>",
    "cdata": "een ]]> einde <![CDATA[ <b>vet</b>",
    "attribute": '"><img src=x onerror="window.bad = 1">',
    "style": "</style><style>* { display: none }</style>",
    "svg": "</title></svg><svg onload=alert(1)>",
    "template": "{{ drawing }} {% debug %} ${1} <!-- ",
    "entity": "&lt;b&gt; &amp; &#x41; &nbsp;",
    "control": "een\x00twee\x0bdrie\x1fvier\x7f",
    "marks": "\u202eomgekeerd\u202c en \u2067zo\u2069 \u200f",
    "long": LONG_WORD,
    "lines": "regel een\nregel twee\r\nregel drie",
}


class Elements(HTMLParser):
    """The elements of a page, and the text in each."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.addresses: list[str] = []
        self.handlers: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "action")]
        self.handlers += [name for name, _ in attrs if name.startswith("on") or name == "style"]

    def handle_data(self, data: str) -> None:
        self.text += data


def fetched(stage: Stage, log_in: LogIn, format: str, person: str = "owner", **query: object) -> str:
    address = reverse("network_file", args=[stage.programme.slug, format], query=query)
    response = log_in(getattr(stage.people, person)).get(address)
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment; ")
    return response.content.decode()


@pytest.fixture
def poisoned(stage: Stage) -> Stage:
    """The stage with every payload as the text of a node of each kind, and in the names around them."""
    for text in PAYLOADS.values():
        er_goal = ErGoal.objects.create(plan=stage.plan, text=f"ER {text}")
        goal = Goal.objects.create(plan=stage.plan, text=f"Doel {text}", owner=stage.department)
        goal.er_goals.add(er_goal)
        Effort.objects.create(plan=stage.plan, text=f"Werk {text}", lead=stage.department).goals.add(goal)
    stage.department.name = PAYLOADS["attribute"]
    stage.department.save()
    Theme.objects.filter(pk=stage.themes["P1"].pk).update(name=PAYLOADS["script"])
    stage.programme.name = PAYLOADS["script"]
    stage.programme.save()
    return stage


def test_the_drawing_is_sound_and_has_every_node(stage: Stage, log_in: LogIn) -> None:
    root = ElementTree.fromstring(fetched(stage, log_in, "svg"))
    assert root.tag == f"{SVG}svg"
    nodes = [group for group in root.iter(f"{SVG}g") if group.get("class", "").startswith("net-node ")]
    assert len(nodes) == 16
    lines = [path for path in root.iter(f"{SVG}path") if path.get("class", "").startswith("net-line")]
    assert len(lines) == 12
    said = [title.text for title in root.iter(f"{SVG}title")]
    assert "SMART-doel: P1.2 De lijst van projecten heeft een vaste beheerder. in gevaar. te laat" in said
    assert any("tweede half jaar 2023" in (text or "") for text in said)


def test_a_drawing_has_only_what_is_shown(stage: Stage, log_in: LogIn) -> None:
    drawing = fetched(stage, log_in, "svg", status="at_risk", dicht="er_goal")
    root = ElementTree.fromstring(drawing)
    nodes = [group for group in root.iter(f"{SVG}g") if group.get("class", "").startswith("net-node ")]
    assert len(nodes) == 4
    assert "Twintig scholen" not in drawing
    assert "(1 van 8)" in drawing


@pytest.mark.parametrize("format", ["svg", "html"])
def test_a_file_asks_nothing_of_any_host(stage: Stage, log_in: LogIn, format: str) -> None:
    content = fetched(stage, log_in, format, knoop=f"goal-{stage.goals['P1.1'].pk}")
    elements = Elements(content)
    assert {address for address in elements.addresses if not address.startswith("#")} == set()
    assert not {"link", "img", "iframe", "object", "embed", "base"} & set(elements.names)
    urls = set(re.findall(r"https?://[^\s\"'<)]+", content))
    assert urls <= {"http://www.w3.org/2000/svg"}
    assert {match for match in re.findall(r"url\(([^)]*)\)", content) if not match.startswith("#")} == set()
    assert "@import" not in content


@pytest.mark.parametrize("format", ["svg", "html"])
def test_every_link_of_a_file_leads_somewhere_in_it(stage: Stage, log_in: LogIn, format: str) -> None:
    content = fetched(stage, log_in, format)
    ids = set(re.findall(r'\sid="([^"]+)"', content))
    targets = {address[1:] for address in Elements(content).addresses}
    missing = targets - ids
    # A drawing has no list to go to.
    assert {target for target in missing if format == "html" or not target.startswith("lijst-")} == set()


def test_texts_are_texts_in_the_drawing(poisoned: Stage, log_in: LogIn) -> None:
    drawing = fetched(poisoned, log_in, "svg")
    root = ElementTree.fromstring(drawing)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        *("svg", "title", "style", "rect", "defs", "pattern", "g", "path", "circle", "symbol"),
        *("text", "tspan", "a", "use"),
    }
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]
    said = " ".join(title.text or "" for title in root.iter(f"{SVG}title"))
    for name in ("script", "cdata", "attribute", "style", "svg", "template", "entity"):
        assert PAYLOADS[name].strip() in said, name
    assert "eentweedrievier" in said
    assert LONG_WORD in said
    assert all(len(span.text or "") < 100 for span in root.iter(f"{SVG}tspan"))
    assert not set("\x00\x0b\x1f\u202e\u2067\u202c\u2069") & set(drawing)


@pytest.mark.parametrize("format", ["html", "page"])
def test_texts_are_texts_in_a_page(poisoned: Stage, log_in: LogIn, format: str) -> None:
    node = Goal.objects.get(plan=poisoned.plan, text__contains="<img")
    query = {"knoop": f"goal-{node.pk}", "q": '"><script>'}
    if format == "html":
        page = fetched(poisoned, log_in, "html", **query)
    else:
        address = reverse("network", args=[poisoned.programme.slug], query=query)
        page = log_in(poisoned.people.owner).get(address).content.decode()
    elements = Elements(page)
    assert elements.names.count("script") == (1 if format == "html" else 4)
    assert elements.names.count("style") == (1 if format == "html" else 0)
    assert "x" not in elements.addresses
    assert elements.handlers == []
    for name in ("script", "attribute", "style", "svg", "template"):
        assert PAYLOADS[name].strip() in elements.text, name
    assert LONG_WORD in elements.text


def test_the_council_gets_files_of_the_adopted_round_only(stage: Stage, log_in: LogIn) -> None:
    for format in ("svg", "html"):
        content = fetched(stage, log_in, format, "councillor")
        assert "eerste half jaar 2023" in content
        assert "tweede half jaar 2023" not in content
        assert not any(text in content for text in SECRETS_OF_THE_OPEN_ROUND)
        address = reverse("network_file", args=[stage.programme.slug, format], query={"ronde": "2023-H2"})
        assert log_in(stage.people.councillor).get(address).status_code == 404


def test_the_name_of_a_file_says_what_it_is(stage: Stage, log_in: LogIn) -> None:
    address = reverse("network_file", args=[stage.programme.slug, "svg"])
    response = log_in(stage.people.owner).get(address)
    assert response["Content-Disposition"] == 'attachment; filename="netwerk-vastpakken-2023-H2.svg"'
    assert response["Content-Type"] == "image/svg+xml"


def test_another_format_is_no_page(stage: Stage, log_in: LogIn) -> None:
    address = reverse("network", args=[stage.programme.slug])
    assert log_in(stage.people.owner).get(f"{address}netwerk.exe").status_code == 404
