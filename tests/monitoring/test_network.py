"""The page of the network: what it shows of a round, the paths, the filters and the list with the same content."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from din.models import Ambition, Effort, ErGoal, Goal, Plan
from monitoring import network_nodes
from monitoring.network_drawing import DrawnNode
from monitoring.network_page import NetworkPage
from tests.cast import SECRETS_OF_THE_OPEN_ROUND, Stage, make_goals, make_plan, make_programme, make_round, report_on
from tests.conftest import LogIn


def address(stage: Stage, **query: object) -> str:
    return reverse("network", args=[stage.programme.slug], query=query)


def shown(stage: Stage, log_in: LogIn, person: str = "owner", **query: object) -> NetworkPage:
    response = log_in(getattr(stage.people, person)).get(address(stage, **query))
    assert response.status_code == 200
    return response.context["network"]


def drawn(page: NetworkPage) -> dict[str, DrawnNode]:
    """The nodes that are shown, by the beginning of their text."""
    return {node.node.label[:14]: node for node in page.drawing.nodes if node.is_shown}


def goal_key(stage: Stage, reference: str) -> str:
    return f"goal-{stage.goals[reference].pk}"


DREAM, INCOME = "Elke jongere i", "Jongeren hebbe"
NETWORK, DEBTS, LONELY = "Meer jongeren ", "Minder jongere", "Sneller hulp b"


# --- what is shown -------------------------------------------------------------------------------------------------


def test_every_node_and_line_of_the_plan_is_drawn(stage: Stage, log_in: LogIn) -> None:
    page = shown(stage, log_in)
    assert [(column.title, column.is_folded) for column in page.drawing.columns] == [
        ("Ambities (2)", False),
        ("ER-doelen (3)", False),
        ("SMART-doelen (8)", False),
        ("Inspanningen (3)", False),
    ]
    assert len(drawn(page)) == 16
    assert len([line for line in page.drawing.lines if line.is_shown]) == 4 + 5 + 3


def test_a_goal_shows_how_it_stands_in_the_round(stage: Stage, log_in: LogIn) -> None:
    nodes = drawn(shown(stage, log_in))
    assert nodes["P1.2 De lijst "].node.standing == "at_risk"
    assert nodes["P1.3 Twintig s"].node.standing == "awaited", "a draft does not count"
    assert nodes["P4.3 Een proef"].node.standing == "dropped"
    assert nodes["P4.11 Jongeren"].node.standing == "not_delivered"
    adopted = drawn(shown(stage, log_in, ronde="2023-H1"))
    assert adopted["P1.2 De lijst "].node.standing == "delayed"


def test_the_status_rolls_up_along_the_lines(stage: Stage, log_in: LogIn) -> None:
    nodes = drawn(shown(stage, log_in))
    rolled = {name: nodes[name].node.standing for name in (DREAM, INCOME, NETWORK, DEBTS, LONELY)}
    # Under the first ER-goal: achieved, in danger, awaited. Under the second two awaited, of which one
    # is late. Under the third nothing.
    assert rolled == {NETWORK: "at_risk", DEBTS: "delayed", LONELY: "no_goals", DREAM: "delayed", INCOME: "delayed"}
    assert nodes[DREAM].node.breakdown == "5 doelen: 1 behaald, 1 in gevaar, 3 nog niet ingediend; 3 te laat"
    assert nodes["Alle projecten"].node.standing == ""


def test_a_plan_without_a_round_is_drawn_without_statuses(stage: Stage, log_in: LogIn) -> None:
    concept = make_plan(stage.programme, year=2024, state=Plan.State.CONCEPT)
    er_goal = ErGoal.objects.create(plan=concept, text="Vaker naar school")
    make_goals(concept, 1)[0].er_goals.add(er_goal)
    page = shown(stage, log_in, ronde="plan-2024")
    assert [node.node.standing for node in page.drawing.nodes] == ["", ""]
    assert "status" not in page.form.fields
    assert not page.has_standings


def test_an_adopted_round_is_drawn_as_it_was_adopted(stage: Stage, log_in: LogIn) -> None:
    before = shown(stage, log_in, "councillor")
    Goal.objects.filter(plan=stage.plan).update(text="Herschreven", owner=None, theme=None, number=None)
    after = shown(stage, log_in, "councillor")
    assert [node.node for node in after.drawing.nodes] == [node.node for node in before.drawing.nodes]


def test_without_er_goals_the_themes_stand_in_their_place(stage: Stage, log_in: LogIn) -> None:
    ErGoal.objects.all().delete()
    page = shown(stage, log_in)
    assert [column.kind for column in page.drawing.columns] == ["ambition", "theme", "goal", "effort"]
    assert page.has_themes
    nodes = drawn(page)
    assert nodes["Pijler 1: Soci"].node.standing == "at_risk"
    path = shown(stage, log_in, knoop=goal_key(stage, "P4.1")).drawing
    on_path = {node.node.label[:14] for node in path.nodes if "is-on-path" in node.state}
    assert on_path == {DREAM, INCOME, "Pijler 4: Inko", "P4.1 Schuldhul", "Medewerkers tr"}
    path = shown(stage, log_in, knoop=goal_key(stage, "P1.3")).drawing
    on_path = {node.node.label[:14] for node in path.nodes if "is-on-path" in node.state}
    assert on_path == {DREAM, "Pijler 1: Soci", "P1.3 Twintig s"}, "not the ambition of another theme"


def test_a_plan_of_opgaven_alone_is_drawn(stage: Stage, log_in: LogIn) -> None:
    other = make_programme("Op weg", "op-weg")
    plan = make_plan(other)
    Goal.objects.create(plan=plan, kind=Goal.Kind.OPGAVE, number=1, text="Meer woningen")
    make_round(plan, 2023, 1)
    response = log_in(stage.people.owner).get(reverse("network", args=["op-weg"]))
    assert [column.title for column in response.context["network"].drawing.columns] == ["Opgaven (1)"]
    assert "Opgave: 1 Meer woningen. nog niet ingediend" in response.content.decode()


def test_a_programme_without_a_plan_says_so(stage: Stage, log_in: LogIn) -> None:
    make_programme("Leeg", "leeg")
    page = log_in(stage.people.owner).get(reverse("network", args=["leeg"])).content.decode()
    assert "Er is nog geen netwerk" in page


# --- who -----------------------------------------------------------------------------------------------------------


def test_the_council_sees_nothing_of_the_open_round(stage: Stage, log_in: LogIn) -> None:
    client = log_in(stage.people.councillor)
    page = client.get(address(stage)).content.decode()
    assert "tweede half jaar 2023" not in page
    assert not any(text in page for text in SECRETS_OF_THE_OPEN_ROUND)
    assert drawn(shown(stage, log_in, "councillor"))["P1.2 De lijst "].node.standing == "delayed"
    assert client.get(address(stage, ronde="2023-H2")).status_code == 404


def test_the_council_sees_no_concept(stage: Stage, log_in: LogIn) -> None:
    make_plan(stage.programme, year=2024, state=Plan.State.CONCEPT)
    assert log_in(stage.people.councillor).get(address(stage, ronde="plan-2024")).status_code == 404


# --- the path ------------------------------------------------------------------------------------------------------


def test_a_node_shows_its_path(stage: Stage, log_in: LogIn) -> None:
    page = shown(stage, log_in, knoop=goal_key(stage, "P1.2"))
    nodes = drawn(page)
    assert len(nodes) == 16
    on_path = {name for name, node in nodes.items() if "is-on-path" in node.state}
    assert on_path == {"P1.2 De lijst ", NETWORK, DREAM, "Alle projecten"}
    assert sum("is-on-path" in line.state for line in page.drawing.lines) == 3
    assert page.selected is not None
    assert page.selected.sentences == (
        "Dit doel bedreigt 1 ER-doel en 1 ambitie: Meer jongeren hebben een steunfiguur; "
        "Elke jongere in de stad doet mee.",
        "Dit doel wordt gevoed door 1 inspanning: Alle projecten inventariseren.",
    )


def test_an_ambition_says_which_goals_threaten_it(stage: Stage, log_in: LogIn) -> None:
    dream = Ambition.objects.get(theme=None)
    selected = shown(stage, log_in, knoop=f"ambition-{dream.pk}").selected
    assert selected is not None
    assert selected.sentences[0] == (
        "Deze ambitie wordt bedreigd door 1 doel: P1.2 De lijst van projecten heeft een vaste beheerder."
    )
    assert selected.sentences[1].startswith(
        "Deze ambitie wordt gevoed door 2 ER-doelen, 5 SMART-doelen en 2 inspanningen: "
    )


def test_only_a_goal_is_said_to_threaten(stage: Stage, log_in: LogIn) -> None:
    er_goal = ErGoal.objects.get(text__startswith="Meer jongeren")
    selected = shown(stage, log_in, knoop=f"er_goal-{er_goal.pk}").selected
    assert selected is not None
    assert (selected.node.standing, selected.sentences[1]) == (
        "at_risk",
        "Dit ER-doel draagt bij aan 1 ambitie: Elke jongere in de stad doet mee.",
    )


def test_what_hangs_nowhere_says_so(stage: Stage, log_in: LogIn) -> None:
    selected = shown(stage, log_in, knoop=goal_key(stage, "P4.11")).selected
    assert selected is not None
    assert selected.sentences == ("Dit doel hangt nergens onder.", "Dit doel wordt door niets gevoed.")


def test_a_long_enumeration_is_cut(stage: Stage, log_in: LogIn) -> None:
    goal = stage.goals["P1.2"]
    for number in range(12):
        Effort.objects.create(plan=stage.plan, text=f"Inspanning {number} " + "lang " * 50).goals.add(goal)
    selected = shown(stage, log_in, knoop=goal_key(stage, "P1.2")).selected
    assert selected is not None
    assert selected.sentences[1].endswith("; en nog 5.")
    assert len(selected.sentences[1]) < 900


def test_the_second_step_shows_the_path_alone(stage: Stage, log_in: LogIn) -> None:
    key = goal_key(stage, "P1.2")
    first = drawn(shown(stage, log_in, knoop=key))["P1.2 De lijst "]
    assert first.address == f"?knoop={key}&focus=1"
    focused = shown(stage, log_in, knoop=key, focus=1)
    assert set(drawn(focused)) == {"P1.2 De lijst ", NETWORK, DREAM, "Alle projecten"}
    assert [entry.node.label[:14] for entry in focused.outline] == [DREAM, NETWORK, "P1.2 De lijst ", "Alle projecten"]


def test_a_path_alone_is_searched_alone(stage: Stage, log_in: LogIn) -> None:
    focused = shown(stage, log_in, knoop=goal_key(stage, "P1.2"), focus=1, q="lijst")
    assert [entry.node.reference for entry in focused.found] == ["P1.2"], "P1.1 has the word too"
    folded = shown(stage, log_in, knoop=goal_key(stage, "P1.2"), focus=1, q="folder", dicht="effort")
    assert folded.drawing.columns[3].is_folded, "what is not on the path unfolds nothing"


@pytest.mark.parametrize(("person", "round_"), [("councillor", "2023-H1"), ("owner", "2023-H2")])
def test_the_page_of_a_goal_leads_to_its_path(stage: Stage, log_in: LogIn, person: str, round_: str) -> None:
    client = log_in(getattr(stage.people, person))
    url = client.get(stage.goals["P1.2"].get_absolute_url()).context["goal"].network_url
    assert url == address(stage, ronde=round_, knoop=goal_key(stage, "P1.2"))
    assert client.get(url).context["network"].selected.node.reference == "P1.2"


def test_the_page_of_a_goal_without_a_round_leads_to_its_plan(stage: Stage, log_in: LogIn) -> None:
    concept = make_plan(stage.programme, year=2024, state=Plan.State.CONCEPT)
    goal = make_goals(concept, 1)[0]
    client = log_in(stage.people.owner)
    url = client.get(goal.get_absolute_url()).context["goal"].network_url
    assert client.get(url).context["network"].selected.node.key == f"goal-{goal.pk}"


@pytest.mark.parametrize("key", ["", "goal-0", "goal-99999999999999999999", "owner-1", "<script>", "goal-x"])
def test_a_node_that_is_not_there_selects_nothing(stage: Stage, log_in: LogIn, key: str) -> None:
    page = shown(stage, log_in, knoop=key, focus=1)
    assert page.selected is None
    assert page.count == page.total == 16


# --- filters, search and folds -------------------------------------------------------------------------------------


def test_a_status_leaves_the_goals_with_it_and_their_paths(stage: Stage, log_in: LogIn) -> None:
    page = shown(stage, log_in, status="at_risk")
    assert set(drawn(page)) == {"P1.2 De lijst ", NETWORK, DREAM, "Alle projecten"}
    assert (page.is_narrowed, page.count, page.total) == (True, 4, 16)
    assert page.drawing.columns[2].title == "SMART-doelen (1 van 8)"


def test_a_status_is_asked_of_goals_alone(stage: Stage, log_in: LogIn) -> None:
    assert drawn(shown(stage, log_in))[DREAM].node.standing == "delayed"
    assert drawn(shown(stage, log_in, status="delayed")) == {}


@pytest.mark.parametrize(
    ("status", "goals"),
    [
        ("attention", {"P1.2", "P4.1", "P4.2"}),
        ("without_update", {"P1.3", "P4.1", "P4.2", "P4.11", ""}),
        ("achieved", {"P1.1"}),
        ("bestaat niet", {"P1.1", "P1.2", "P1.3", "P4.1", "P4.2", "P4.3", "P4.11", ""}),
    ],
)
def test_the_statuses_mean_what_they_mean_in_the_list_of_goals(
    stage: Stage, log_in: LogIn, status: str, goals: set[str]
) -> None:
    def references(nodes: object) -> set[str]:
        return {node.node.reference for node in nodes if node.node.kind == "goal" and node.is_shown}

    assert references(shown(stage, log_in, status=status).drawing.nodes) == goals
    listed = log_in(stage.people.owner).get(reverse("goals", args=[stage.programme.slug], query={"status": status}))
    assert {line.reference for line in listed.context["goal_list"].lines} == goals


def test_a_theme_a_focus_area_and_an_owner(stage: Stage, log_in: LogIn) -> None:
    themed = drawn(shown(stage, log_in, onderdeel=stage.themes["P1"].pk))
    assert set(themed) == {DREAM, NETWORK, "P1.1 Een lijst", "P1.2 De lijst ", "P1.3 Twintig s", "Alle projecten"}
    tagged = drawn(shown(stage, log_in, speerpunt=stage.focus_area.pk))
    assert {name[:4] for name in tagged if name.startswith("P")} == {"P1.2", "P4.1"}
    owned = drawn(shown(stage, log_in, eigenaar=stage.neighbours.pk, status="not_delivered"))
    assert set(owned) == {"P4.11 Jongeren"}
    led = drawn(shown(stage, log_in, eigenaar=stage.neighbours.pk))
    assert "Een folder ove" in led, "an effort that the owner leads"
    assert "Alle projecten" not in led


def test_the_search_marks_what_it_finds_and_hides_nothing(stage: Stage, log_in: LogIn) -> None:
    page = shown(stage, log_in, q="  PROJECTEN  lijst ")
    assert {entry.node.reference for entry in page.found} == {"P1.1", "P1.2"}
    assert page.count == 16
    assert {name for name, node in drawn(page).items() if "is-found" in node.state} == {
        "P1.1 Een lijst",
        "P1.2 De lijst ",
    }
    assert not shown(stage, log_in, q="bestaat niet").found
    assert not shown(stage, log_in, q=" ").is_searched


def test_the_search_reveals_what_is_filtered_away_or_folded(stage: Stage, log_in: LogIn) -> None:
    page = shown(stage, log_in, q="folder", status="at_risk", dicht="effort")
    assert "Een folder ove" in drawn(page)
    assert not page.drawing.columns[3].is_folded
    assert shown(stage, log_in, dicht="effort").drawing.columns[3].is_folded


def test_the_lines_run_on_through_a_folded_column(stage: Stage, log_in: LogIn) -> None:
    page = shown(stage, log_in, dicht=["er_goal", "goal", "nonsense"])
    assert [column.is_folded for column in page.drawing.columns] == [False, True, True, False]
    nodes = {node.node.key: node for node in page.drawing.nodes}
    assert len([line for line in page.drawing.lines if line.is_shown]) == len(page.drawing.lines) == 12
    for line in page.drawing.lines:
        upper, lower = nodes[line.line.upper].placed, nodes[line.line.lower].placed
        assert line.curve.startswith(f"M{upper.x + upper.width} ")
        assert line.curve.endswith(f" {lower.x} {lower.y + lower.height // 2}")
    # Still there for the list, and for who unfolds the column again.
    assert len(page.outline) == len(shown(stage, log_in).outline)


def test_links_keep_the_round_the_filters_and_the_folds(stage: Stage, log_in: LogIn) -> None:
    page = shown(stage, log_in, ronde="2023-H1", status="delayed", dicht="effort", q="lijst")
    node = drawn(page)["P1.2 De lijst "]
    assert node.address == f"?ronde=2023-H1&q=lijst&status=delayed&dicht=effort&knoop={node.node.key}"


# --- the list ------------------------------------------------------------------------------------------------------


def test_the_list_has_every_node_once_and_every_line(stage: Stage, log_in: LogIn) -> None:
    page = shown(stage, log_in)
    written = [entry.node.key for entry in page.outline if not entry.is_again]
    assert sorted(written) == sorted(node.node.key for node in page.drawing.nodes)
    opened = closed = 0
    parents: list[str] = []
    lines = set()
    for entry in page.outline:
        opened += entry.opens
        if parents:
            lines.add((parents[-1], entry.node.key))
        if entry.has_more:
            parents.append(entry.node.key)
        for _ in entry.closes:
            parents.pop()
            closed += 1
    assert opened == closed > 0
    assert lines == {(line.line.upper, line.line.lower) for line in page.drawing.lines}


def test_the_list_is_sound_html(stage: Stage, log_in: LogIn) -> None:
    html = log_in(stage.people.owner).get(address(stage)).content.decode()
    listed = html[html.index('<ul class="net-list">') : html.index("</section>", html.index('<ul class="net-list">'))]
    for tag in ("ul", "li", "div"):
        opened = len(re.findall(rf"<{tag}[ >]", listed))
        # The section is cut off before the end of the <div> around it.
        assert opened == listed.count(f"</{tag}>") - (tag == "div")


@pytest.mark.parametrize(("has_er_goals", "upper"), [(True, "ER-doel"), (False, "onderdeel")])
def test_the_rule_is_explained(stage: Stage, log_in: LogIn, has_er_goals: bool, upper: str) -> None:
    if not has_er_goals:
        ErGoal.objects.all().delete()
    html = log_in(stage.people.councillor).get(address(stage)).content.decode()
    assert f"Hoe komt de status van een {upper} of ambitie tot stand?" in html
    assert "een derde of meer van de doelen is in gevaar" in html


# --- cost ----------------------------------------------------------------------------------------------------------


def queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize("person", ["councillor", "owner", "manager"])
def test_the_page_takes_as_many_queries_for_many_nodes(stage: Stage, log_in: LogIn, person: str) -> None:
    client = log_in(getattr(stage.people, person))
    few = queries(client, address(stage))
    er_goals = list(ErGoal.objects.filter(plan=stage.plan))
    goals = make_goals(stage.plan, 60, theme=stage.themes["P1"], owner=stage.department)
    for index, goal in enumerate(goals):
        goal.er_goals.add(er_goals[index % 3])
        effort = Effort.objects.create(plan=stage.plan, text=f"Inspanning {index}", lead=stage.department)
        effort.goals.add(goal)
        goal.focus_areas.add(stage.focus_area)
        Ambition.objects.create(plan=stage.plan, theme=stage.themes["P1"], text=f"Ambitie {index}")
        ErGoal.objects.create(plan=stage.plan, theme=stage.themes["P1"], text=f"ER-doel {index}")
    report_on(stage.adopted_round, goals, status="on_track")
    assert len(drawn(shown(stage, log_in, person))) == 16 + 4 * 60
    assert queries(client, address(stage)) == few
    assert few <= 20


def test_the_order_is_worked_out_once_for_a_version_of_the_plan(
    stage: Stage, log_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.clear()
    asked: list[object] = []
    order = network_nodes.good_order
    monkeypatch.setattr(network_nodes, "good_order", lambda network: (asked.append(network), order(network))[1])
    shown(stage, log_in)
    shown(stage, log_in, "manager", status="at_risk", knoop=goal_key(stage, "P1.1"))
    assert len(asked) == 1
    make_goals(stage.plan, 1)
    shown(stage, log_in)
    assert len(asked) == 2


def test_an_adopted_round_shows_the_goals_of_its_report(stage: Stage, log_in: LogIn) -> None:
    before = shown(stage, log_in, "councillor").drawing.columns[2].title
    make_goals(stage.plan, 3)
    assert shown(stage, log_in, "councillor").drawing.columns[2].title == before
    assert shown(stage, log_in).drawing.columns[2].title == "SMART-doelen (11)"
