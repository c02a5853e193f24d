"""The list of goals: search, filters, order, pages, and the same with htmx."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse

from din.models import Goal, Plan, Theme
from monitoring.goal_list import GoalList
from tests.cast import (
    ADOPTED_TEXT,
    SECRETS_OF_THE_OPEN_ROUND,
    Stage,
    make_goals,
    make_plan,
    make_programme,
    report_on,
)
from tests.conftest import LogIn

HTMX = {"HX-Request": "true"}


def address(stage: Stage, **query: object) -> str:
    return reverse("goals", args=[stage.programme.slug], query=query)


def listed(stage: Stage, log_in: LogIn, person: str = "owner", **query: object) -> GoalList:
    response = log_in(getattr(stage.people, person)).get(address(stage, **query))
    assert response.status_code == 200
    return response.context["goal_list"]


def references(stage: Stage, log_in: LogIn, person: str = "owner", **query: object) -> list[str]:
    return [line.reference for line in listed(stage, log_in, person, **query).lines]


# --- who ---------------------------------------------------------------------------------------------------------


def test_the_anonymous_are_sent_to_the_log_in_page(stage: Stage, client: Client) -> None:
    response = client.get(address(stage))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_somebody_without_a_role_finds_no_page(stage: Stage, log_in: LogIn) -> None:
    assert log_in(stage.people.outsider).get(address(stage)).status_code == 404
    assert log_in(stage.people.outsider).get(address(stage), headers=HTMX).status_code == 404


@pytest.mark.parametrize("person", ["councillor", "owner", "colleague", "manager", "administrator"])
def test_everybody_with_a_role_sees_all_goals(stage: Stage, log_in: LogIn, person: str) -> None:
    assert len(references(stage, log_in, person)) == 8


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_the_council_sees_nothing_of_the_open_round(stage: Stage, log_in: LogIn, headers: dict[str, str]) -> None:
    client = log_in(stage.people.councillor)
    page = client.get(address(stage), headers=headers).content.decode()
    assert "tweede half jaar 2023" not in page
    assert not any(text in page for text in SECRETS_OF_THE_OPEN_ROUND)
    assert client.get(address(stage, ronde="2023-H2"), headers=headers).status_code == 404


def test_the_council_cannot_find_goals_by_their_status_in_the_open_round(stage: Stage, log_in: LogIn) -> None:
    assert references(stage, log_in, "councillor", status="at_risk") == ["P4.1"]
    assert references(stage, log_in, "councillor", status="awaited") == []
    assert references(stage, log_in, "owner", status="at_risk") == ["P1.2"]


@pytest.mark.parametrize("person", ["owner", "colleague", "manager"])
def test_a_draft_counts_as_not_handed_in_for_everybody(stage: Stage, log_in: LogIn, person: str) -> None:
    assert references(stage, log_in, person, status="awaited") == ["P1.3", "P4.1", "P4.2", ""]


@pytest.mark.parametrize("secret", SECRETS_OF_THE_OPEN_ROUND)
def test_the_search_does_not_find_what_somebody_recorded(stage: Stage, log_in: LogIn, secret: str) -> None:
    assert references(stage, log_in, "councillor", q=secret) == []


# --- search --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("mentor", ["P1.3"]),
        ("MENTOR", ["P1.3"]),
        ("lijst beheerder", ["P1.2"]),
        ("P4.11", ["P4.11"]),
        ("p4.1", ["P4.1"]),
        ("P1", ["P1.1", "P1.2", "P1.3"]),
        ("inventariseren", ["P1.1", "P1.2"]),
        ("P4 schuldhulp", ["P4.1"]),
        ("3", ["P1.3", "P4.3"]),
        ("T4.1", []),
        ("Q4.1", []),
        ("bestaat niet", []),
        ("99999999999999999999", []),
        ("P9999.999999", []),
        ("%", []),
        ("_", []),
    ],
)
def test_the_search_finds_texts_numbers_and_efforts(stage: Stage, log_in: LogIn, query: str, found: list[str]) -> None:
    assert references(stage, log_in, q=query) == found


def test_the_search_finds_the_description_and_the_intended_results(stage: Stage, log_in: LogIn) -> None:
    Goal.objects.filter(pk=stage.goals["P4.2"].pk).update(
        description="Eén aanspreekpunt", intended_results="Een bordje"
    )
    assert references(stage, log_in, q="aanspreekpunt") == ["P4.2"]
    assert references(stage, log_in, q="bordje") == ["P4.2"]


def test_an_adopted_round_is_searched_by_the_names_and_numbers_of_then(stage: Stage, log_in: LogIn) -> None:
    eleven = stage.programme.themes.create(kind=Theme.Kind.PIJLER, number=11, name="Wonen", position=9)
    goal = Goal.objects.create(plan=stage.plan, theme=eleven, number=1, text="Meer woningen")
    report_on(stage.adopted_round, [goal], status="on_track")
    theme = stage.themes["P1"]
    theme.name, theme.number = "Herdoopt", 9
    theme.save()
    first = ["P1.1", "P1.2", "P1.3"]
    for query, now, then in [("Herdoopt", "P9", []), ("Sociaal", "", first), ("P9", "P9", []), ("P1", "", first)]:
        assert references(stage, log_in, "councillor", q=query) == then
        assert references(stage, log_in, "owner", q=query) == [f"{now}.{number}" for number in (1, 2, 3) if now]


# --- filters -------------------------------------------------------------------------------------------------------


def test_the_filters_narrow_the_list_together(stage: Stage, log_in: LogIn) -> None:
    theme, owner, focus_area = stage.themes["P4"].pk, stage.neighbours.pk, stage.focus_area.pk
    assert references(stage, log_in, onderdeel=theme) == ["P4.1", "P4.2", "P4.3", "P4.11"]
    assert references(stage, log_in, onderdeel=theme, eigenaar=owner) == ["P4.1", "P4.3", "P4.11"]
    assert references(stage, log_in, speerpunt=focus_area) == ["P1.2", "P4.1"]
    assert references(stage, log_in, speerpunt=focus_area, onderdeel=theme) == ["P4.1"]
    assert references(stage, log_in, eigenaar="geen") == [""]
    assert references(stage, log_in, onderdeel="geen") == []


def test_the_status_filter_knows_what_is_missing_and_what_asks_attention(stage: Stage, log_in: LogIn) -> None:
    assert references(stage, log_in, status="not_delivered") == ["P4.11"]
    assert references(stage, log_in, status="without_update") == ["P1.3", "P4.1", "P4.2", "P4.11", ""]
    assert references(stage, log_in, status="attention") == ["P1.2", "P4.1", "P4.2"]
    assert references(stage, log_in, status="dropped") == ["P4.3"]


def test_late_goals_can_be_singled_out(stage: Stage, log_in: LogIn) -> None:
    assert references(stage, log_in, laat="on") == ["P1.2", "P4.1", "P4.2"]
    assert references(stage, log_in, "councillor", laat="on") == ["P4.1"]
    assert len(references(stage, log_in, laat="")) == 8


def test_the_count_says_how_many_of_how_many(stage: Stage, log_in: LogIn) -> None:
    assert listed(stage, log_in).count_label == "8 doelen"
    assert listed(stage, log_in, q="mentor").count_label == "1 van 8 doelen"


def test_an_empty_result_offers_to_clear_the_filters(stage: Stage, log_in: LogIn) -> None:
    page = log_in(stage.people.owner).get(address(stage, q="bestaat niet", ronde="2023-H1")).content.decode()
    assert "Geen doel gevonden" in page
    assert f'href="{address(stage, ronde="2023-H1")}"' in page


def test_a_filter_offers_only_what_the_plan_has(stage: Stage, log_in: LogIn) -> None:
    other = make_programme("Heel de Stad", "heel-de-stad")
    other.owners.create(name="Een ander")
    other.themes.create(name="Iets anders")
    stage.programme.owners.create(name="Zonder doelen")
    page = log_in(stage.people.owner).get(address(stage)).content.decode()
    assert "Een ander" not in page
    assert "Iets anders" not in page
    assert "Zonder doelen" not in page
    assert "Werk en Inkomen" in page


# --- order ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("", ["P1.1", "P1.2", "P1.3", "P4.1", "P4.2", "P4.3", "P4.11", ""]),
        ("nummer", ["P1.1", "P1.2", "P1.3", "P4.1", "P4.2", "P4.3", "P4.11", ""]),
        ("-nummer", ["", "P4.11", "P4.3", "P4.2", "P4.1", "P1.3", "P1.2", "P1.1"]),
        ("deadline", ["P4.1", "P4.3", "P1.1", "P1.2", "P4.2", "P4.11", "P1.3", ""]),
        ("-deadline", ["P1.3", "P4.11", "P4.2", "P1.1", "P1.2", "P4.1", "P4.3", ""]),
        ("status", ["P1.2", "P1.3", "P4.1", "P4.2", "", "P4.11", "P1.1", "P4.3"]),
        ("-status", ["P4.3", "P1.1", "P4.11", "P1.3", "P4.1", "P4.2", "", "P1.2"]),
        ("eigenaar", ["P1.1", "P1.2", "P1.3", "P4.2", "P4.1", "P4.3", "P4.11", ""]),
        ("-eigenaar", ["P4.1", "P4.3", "P4.11", "P1.1", "P1.2", "P1.3", "P4.2", ""]),
        ("onzin", ["P1.1", "P1.2", "P1.3", "P4.1", "P4.2", "P4.3", "P4.11", ""]),
    ],
)
def test_the_list_can_be_put_in_order(stage: Stage, log_in: LogIn, order: str, expected: list[str]) -> None:
    assert references(stage, log_in, sorteer=order) == expected


def test_a_goal_of_the_whole_programme_comes_first(stage: Stage, log_in: LogIn) -> None:
    Goal.objects.filter(pk=stage.goals["P4.11"].pk).update(theme=None)
    assert references(stage, log_in)[0] == "11"


def test_the_heading_of_a_column_says_how_it_is_sorted_and_turns_the_order_around(stage: Stage, log_in: LogIn) -> None:
    response = log_in(stage.people.owner).get(address(stage, sorteer="deadline", q="P4"))
    column = response.context["goal_list"].columns["deadline"]
    assert column.direction == "ascending"
    assert "sorteer=-deadline" in column.url
    assert "q=P4" in column.url
    assert response.content.decode().count('aria-sort="ascending"') == 1


# --- pages and addresses ---------------------------------------------------------------------------------------------


def test_the_list_shows_fifty_goals_a_page_and_keeps_its_filters(stage: Stage, log_in: LogIn) -> None:
    make_goals(stage.plan, 60, theme=stage.themes["P4"])
    first = listed(stage, log_in, onderdeel=stage.themes["P4"].pk, sorteer="deadline")
    assert len(first.lines) == 50
    assert first.shown == 64
    assert first.query == f"onderdeel={stage.themes['P4'].pk}&sorteer=deadline"
    second = listed(stage, log_in, onderdeel=stage.themes["P4"].pk, sorteer="deadline", page=2)
    assert len(second.lines) == 14
    assert not {line.pk for line in first.lines} & {line.pk for line in second.lines}


@pytest.mark.parametrize(
    "query",
    [
        {"onderdeel": "abc"},
        {"onderdeel": "9" * 40},
        {"eigenaar": "-1"},
        {"speerpunt": "1 OR 1=1"},
        {"status": "prima"},
        {"laat": "misschien"},
        {"sorteer": "owner__password"},
        {"page": "nul"},
        {"page": "-3"},
        {"page": "9" * 5000},
        {"q": "x" * 5000},
        {"q": "a\x00b"},
        {"q": "woord " * 40},
        {"q": "(["},
        {"onbekend": "1"},
        {"status": "awaited' --"},
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_parameter_that_means_nothing_is_never_an_error(
    stage: Stage, log_in: LogIn, query: dict[str, str], headers: dict[str, str]
) -> None:
    assert log_in(stage.people.councillor).get(address(stage, **query), headers=headers).status_code == 200


def test_a_theme_of_another_programme_filters_nothing(stage: Stage, log_in: LogIn) -> None:
    other = make_programme("Heel de Stad", "heel-de-stad").themes.create(name="Iets anders")
    assert len(references(stage, log_in, onderdeel=other.pk)) == 8


def test_without_a_round_the_list_offers_no_statuses(stage: Stage, log_in: LogIn) -> None:
    make_goals(make_plan(stage.programme, year=2024, state=Plan.State.CONCEPT), 2)
    found = listed(stage, log_in, ronde="plan-2024", status="at_risk", laat="on", sorteer="status")
    assert found.count_label == "2 doelen"
    assert set(found.form.fields) == {"q", "onderdeel", "eigenaar", "speerpunt", "deadline", "sorteer"}
    assert "status" not in found.columns
    assert log_in(stage.people.councillor).get(address(stage, ronde="plan-2024")).status_code == 404


# --- htmx ----------------------------------------------------------------------------------------------------------


def test_htmx_gets_the_results_alone_with_the_address_to_remember(stage: Stage, log_in: LogIn) -> None:
    response = log_in(stage.people.owner).get(address(stage, q="mentor", status="", page=""), headers=HTMX)
    page = response.content.decode()
    assert "<html" not in page
    assert "Twintig scholen" in page
    assert "1 van 8 doelen" in page
    assert response["HX-Push-Url"] == address(stage, q="mentor")
    assert "HX-Request" in response["Vary"]


def test_a_browser_that_goes_back_gets_the_whole_page(stage: Stage, log_in: LogIn) -> None:
    headers = {**HTMX, "HX-History-Restore-Request": "true"}
    assert "<html" in log_in(stage.people.owner).get(address(stage), headers=headers).content.decode()


def test_the_filters_work_without_javascript(stage: Stage, log_in: LogIn) -> None:
    page = log_in(stage.people.owner).get(address(stage, ronde="2023-H1", q="<b>")).content.decode()
    assert '<form class="app-toolbar" method="get"' in page
    assert '<input type="hidden" name="ronde" value="2023-H1">' in page
    assert 'type="submit">Filter</button>' in page
    assert "<b>" not in page


# --- cost ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("goals", [5, 40])
@pytest.mark.parametrize(
    ("person", "query", "queries"),
    [
        ("councillor", {}, 12),
        ("manager", {}, 13),
        ("manager", {"q": "doel", "laat": "", "sorteer": "status"}, 14),
    ],
)
def test_the_number_of_queries_does_not_grow_with_the_goals(
    stage: Stage,
    log_in: LogIn,
    django_assert_num_queries,
    person: str,
    query: dict[str, str],
    queries: int,
    goals: int,
) -> None:
    extra = make_goals(stage.plan, goals, theme=stage.themes["P4"], owner=stage.department)
    report_on(stage.adopted_round, extra, status="at_risk", explanation=ADOPTED_TEXT)
    Goal.objects.filter(pk__in=[goal.pk for goal in extra]).update(deadline=datetime.date(2023, 1, 1))
    client = log_in(getattr(stage.people, person))
    with django_assert_num_queries(queries):
        assert client.get(address(stage, **query)).status_code == 200
