"""The home page and the list of programmes."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse

from din.models import Plan
from monitoring.models import ReportingRound
from monitoring.programme_cards import ProgrammeCard, programme_cards, programmes_for
from tests.cast import (
    SECRETS_OF_THE_OPEN_ROUND,
    Stage,
    adopt,
    make_goals,
    make_plan,
    make_programme,
    make_round,
    make_updates,
)
from tests.conftest import LogIn

TODAY = datetime.date(2024, 1, 15)


def cards_of(stage: Stage, person: str) -> dict[str, ProgrammeCard]:
    user = getattr(stage.people, person)
    cards = programme_cards(list(programmes_for(user)), user=user, as_of=TODAY)
    return {card.name: card for card in cards}


def test_the_anonymous_are_sent_to_the_log_in_page(client: Client, db: None) -> None:
    for name in ("home", "programmes"):
        response = client.get(reverse(name))
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("account_login"))


def test_home_explains_to_somebody_without_a_role_what_to_do(stage: Stage, log_in: LogIn) -> None:
    response = log_in(stage.people.outsider).get(reverse("home"))
    assert response.status_code == 200
    assert "nog geen rol" in response.content.decode()
    assert stage.programme.name not in response.content.decode()


def test_somebody_without_a_role_finds_no_programmes(stage: Stage, log_in: LogIn) -> None:
    assert log_in(stage.people.outsider).get(reverse("programmes")).status_code == 404


@pytest.mark.parametrize(
    ("person", "target"),
    [
        ("councillor", "programmes"),
        ("owner", "worklist"),
        ("colleague", "worklist"),
        ("manager", "programmes"),
        ("administrator", "programmes"),
    ],
)
def test_home_leads_owners_to_their_goals_and_others_to_the_programmes(
    stage: Stage, log_in: LogIn, person: str, target: str
) -> None:
    response = log_in(getattr(stage.people, person)).get(reverse("home"))
    assert response.status_code == 302
    assert response["Location"] == reverse(target)


@pytest.mark.parametrize("person", ["councillor", "owner", "colleague", "manager", "administrator"])
def test_everybody_with_a_role_sees_all_programmes(stage: Stage, log_in: LogIn, person: str) -> None:
    make_programme("Heel de Stad", "heel-de-stad")
    page = log_in(getattr(stage.people, person)).get(reverse("programmes"))
    assert page.status_code == 200
    assert stage.programme.name in page.content.decode()
    assert "Heel de Stad" in page.content.decode()


def test_a_card_shows_the_running_round_to_who_works_on_it_and_the_adopted_one_to_the_council(stage: Stage) -> None:
    officers = cards_of(stage, "owner")[stage.programme.name]
    council = cards_of(stage, "councillor")[stage.programme.name]
    assert (officers.round_label, officers.round_state) == ("tweede half jaar 2023", "open")
    assert (council.round_label, council.round_state) == ("eerste half jaar 2023", "adopted")
    assert {s.status: s.count for s in officers.bar.segments} == {
        "achieved": 1,
        "at_risk": 1,
        "dropped": 1,
        "awaited": 4,
        "not_delivered": 1,
    }
    assert {s.status: s.count for s in council.bar.segments} == {
        "achieved": 1,
        "on_track": 2,
        "not_started": 1,
        "delayed": 1,
        "at_risk": 1,
        "dropped": 1,
        "not_delivered": 1,
    }


def test_the_figures_of_a_card_lead_to_the_goals_behind_them(stage: Stage, log_in: LogIn) -> None:
    client = log_in(stage.people.councillor)
    card = cards_of(stage, "councillor")[stage.programme.name]
    assert {cell.label: cell.count for cell in card.attention} == {"in gevaar": 1, "vertraagd": 1, "te laat": 1}
    for cell in (*card.attention, card.row.total, card.row.without_update):
        assert client.get(cell.url).context["goal_list"].shown == cell.count, cell.label


def test_programmes_with_a_round_stand_side_by_side(stage: Stage, log_in: LogIn) -> None:
    make_programme("Zonder ronde", "zonder-ronde")
    client = log_in(stage.people.councillor)
    assert "Naast elkaar" not in client.get(reverse("programmes")).content.decode()
    other = make_programme("Heel de Stad", "heel-de-stad")
    round_ = make_round(make_plan(other), 2023, 1, state=ReportingRound.State.PLANNED)
    make_updates(round_, make_goals(round_.plan, 2), state="approved", status="on_track")
    adopt(round_)
    response = client.get(reverse("programmes"))
    assert [row.title for row in response.context["rows"]] == ["Heel de Stad", stage.programme.name]
    assert "Naast elkaar" in response.content.decode()


def test_a_manager_sees_their_own_programme_first_and_what_waits_for_them(stage: Stage, log_in: LogIn) -> None:
    make_programme("Aan de slag", "aan-de-slag")
    names = list(cards_of(stage, "manager"))
    assert names == [stage.programme.name, "Aan de slag"]
    page = log_in(stage.people.manager).get(reverse("programmes")).content.decode()
    assert "<strong>1 ingediend</strong>, wacht op u" in page
    assert stage.open_round.get_absolute_url() in page


@pytest.mark.parametrize("person", ["councillor", "owner", "colleague"])
def test_only_the_manager_is_told_what_waits(stage: Stage, log_in: LogIn, person: str) -> None:
    page = log_in(getattr(stage.people, person)).get(reverse("programmes")).content.decode()
    assert "ingediend</strong>" not in page
    assert stage.open_round.get_absolute_url() not in page


def test_the_council_sees_nothing_of_the_open_round_on_the_cards(stage: Stage, log_in: LogIn) -> None:
    page = log_in(stage.people.councillor).get(reverse("programmes")).content.decode()
    assert "tweede half jaar 2023" not in page
    assert "nog niet ingediend" not in page
    assert not any(text in page for text in SECRETS_OF_THE_OPEN_ROUND)


def test_a_planned_round_is_not_shown_on_a_card(stage: Stage) -> None:
    plan = make_plan(stage.programme, year=2024)
    make_round(plan, 2024, 1, state=ReportingRound.State.PLANNED)
    assert cards_of(stage, "manager")[stage.programme.name].round_label == "tweede half jaar 2023"


def test_a_programme_without_a_round_says_so(stage: Stage) -> None:
    make_programme("Heel de Stad", "heel-de-stad")
    card = cards_of(stage, "manager")["Heel de Stad"]
    assert card.round_label == ""
    assert card.bar.total == 0


def test_the_name_of_a_programme_is_shown_as_text_and_not_as_markup(stage: Stage, log_in: LogIn) -> None:
    make_programme("<script>alert(1)</script>", "fout")
    page = log_in(stage.people.councillor).get(reverse("programmes")).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("count", [1, 12])
def test_the_list_asks_as_many_queries_for_one_as_for_twelve_programmes(
    stage: Stage, log_in: LogIn, django_assert_num_queries, count: int
) -> None:
    for number in range(count):
        programme = make_programme(f"Programma {number}", f"programma-{number}")
        plan = make_plan(programme, state=Plan.State.ADOPTED)
        round_ = make_round(plan, 2023, 1, state=ReportingRound.State.PLANNED)
        make_updates(round_, make_goals(plan, 3), state="approved", status="on_track")
        adopt(round_)
    client = log_in(stage.people.manager)
    with django_assert_num_queries(12):
        assert client.get(reverse("programmes")).status_code == 200
