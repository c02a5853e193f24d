"""Commitments on screen: the list with its filters, one of them, and what the council may know."""

import datetime

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from din.models import Plan
from monitoring import commitments as operations
from monitoring.commitment_line import commitments_of, in_words, open_commitments
from monitoring.commitment_list import CommitmentList, build_commitment_list
from monitoring.commitment_page import CommitmentPage
from monitoring.models import AuditLine, Commitment
from tests.cast import PROPOSED_TEXT, SETTLEMENT_DRAFT, Stage, adopt, make_commitment, make_goals, make_plan
from tests.conftest import LogIn

DAY = datetime.date(2023, 9, 1)


def listed(stage: Stage, log_in: LogIn, person: str = "owner", **query: object) -> CommitmentList:
    address = reverse("commitments", args=[stage.programme.slug], query=query)
    response = log_in(getattr(stage.people, person)).get(address)
    assert response.status_code == 200
    return response.context["commitment_list"]


def titles(stage: Stage, log_in: LogIn, person: str = "owner", **query: object) -> list[str]:
    return [line.title for line in listed(stage, log_in, person, **query).lines]


def opened(stage: Stage, client: Client, commitment: Commitment) -> CommitmentPage:
    response = client.get(commitment.get_absolute_url())
    assert response.status_code == 200
    return response.context["page"]


def adopt_open_round(stage: Stage) -> None:
    stage.open_round.updates.unfinished().update(state="not_delivered", not_delivered_reason="Geen reactie")
    adopt(stage.open_round)


# --- what the council may know -------------------------------------------------------------------------------------


def test_a_proposal_is_open_and_without_text_for_the_council_until_its_round_is_adopted(
    stage: Stage, log_in: LogIn
) -> None:
    council, officer = log_in(stage.people.councillor), log_in(stage.people.owner)
    page = opened(stage, council, stage.promise)
    assert (page.line.state, page.settlement, page.proposed_in, page.history) == ("open", "", None, ())
    assert opened(stage, officer, stage.promise).settlement == PROPOSED_TEXT
    adopt_open_round(stage)
    page = opened(stage, council, stage.promise)
    assert (page.line.state, page.settlement, page.proposed_in) == ("proposed", PROPOSED_TEXT, stage.open_round)


def test_a_proposal_with_no_round_is_there_at_once(stage: Stage, log_in: LogIn) -> None:
    Commitment.objects.filter(pk=stage.promise.pk).update(proposed_in=None)
    page = opened(stage, log_in(stage.people.councillor), stage.promise)
    assert (page.line.state, page.settlement) == ("proposed", PROPOSED_TEXT)


def test_what_was_settled_before_its_round_was_adopted_is_open_for_the_council(stage: Stage, log_in: LogIn) -> None:
    Commitment.objects.filter(pk=stage.promise.pk).update(state="settled", settled_on=DAY)
    line = opened(stage, log_in(stage.people.councillor), stage.promise).line
    assert (line.state, line.settled_on) == ("open", None)
    line = opened(stage, log_in(stage.people.owner), stage.promise).line
    assert (line.state, line.settled_on) == ("settled", DAY)


def test_a_draft_of_a_proposal_is_for_who_works_on_rounds(stage: Stage, log_in: LogIn) -> None:
    assert opened(stage, log_in(stage.people.councillor), stage.motion).settlement == ""
    page = opened(stage, log_in(stage.people.owner), stage.motion)
    assert (page.settlement, page.is_draft) == (SETTLEMENT_DRAFT, True)
    nothing = make_commitment(stage.programme, title="Nog niets geschreven")
    assert opened(stage, log_in(stage.people.owner), nothing).is_draft is False


def test_what_is_settled_shows_its_day_and_text(stage: Stage, log_in: LogIn) -> None:
    settled = make_commitment(
        stage.programme, title="Oud", state="settled", settled_on=DAY, settlement="Gedaan", deadline=DAY
    )
    page = opened(stage, log_in(stage.people.councillor), settled)
    assert (page.line.state, page.line.settled_on, page.settlement, page.line.due) == ("settled", DAY, "Gedaan", "")


@pytest.mark.parametrize(
    "query", [{"stand": "proposed"}, {"q": "Voorgestelde"}, {"q": "dertig maatjes"}, {"stand": "settled"}]
)
def test_the_council_cannot_find_what_it_may_not_know(stage: Stage, log_in: LogIn, query: dict[str, str]) -> None:
    assert titles(stage, log_in, "councillor", **query) == []


def test_the_counts_are_those_of_what_the_reader_may_know(stage: Stage, log_in: LogIn) -> None:
    def counts(person: str) -> list[tuple[str, int]]:
        return [(count.label, count.value) for count in listed(stage, log_in, person).counts]

    rest = [("afgedaan", 0)]
    late = ("deadline voorbij", 1)
    assert counts("councillor") == [late, ("open", 2), ("voorstel tot afdoening", 0), *rest]
    assert counts("owner") == [late, ("open", 1), ("voorstel tot afdoening", 1), *rest]


def test_the_council_reads_goals_in_the_adopted_round_only(stage: Stage, log_in: LogIn) -> None:
    def standing(person: str) -> dict[str, str]:
        page = opened(stage, log_in(getattr(stage.people, person)), stage.motion)
        return {line.reference: line.standing for line in page.goals}

    assert standing("councillor") == {"P1.1": "achieved", "P4.1": "at_risk"}
    assert standing("owner") == {"P1.1": "achieved", "P4.1": "awaited"}


def test_a_goal_of_a_concept_is_not_there_for_the_council_and_stands_nowhere_yet(stage: Stage, log_in: LogIn) -> None:
    concept = make_plan(stage.programme, year=2024, state=Plan.State.CONCEPT)
    (goal,) = make_goals(concept, 1)
    stage.motion.goals.set([goal])
    assert opened(stage, log_in(stage.people.councillor), stage.motion).goals == ()
    (line,) = opened(stage, log_in(stage.people.owner), stage.motion).goals
    assert (line.text, line.standing) == (goal.text, "")


# --- the list ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["Maatjes voor jongeren", "Brief over schuldhulp"]),
        ({"soort": "motie"}, ["Maatjes voor jongeren"]),
        ({"stand": "proposed"}, ["Brief over schuldhulp"]),
        ({"laat": "on"}, ["Maatjes voor jongeren"]),
        ({"q": "23bb000102"}, ["Brief over schuldhulp"]),
        ({"q": "raad wachttijden"}, ["Brief over schuldhulp"]),
        ({"q": "bestaat niet"}, []),
        ({"eigenaar": "geen"}, []),
    ],
)
def test_filters(stage: Stage, log_in: LogIn, query: dict[str, str], found: list[str]) -> None:
    assert titles(stage, log_in, **query) == found


def test_filters_by_owner_and_by_theme_of_the_goals(stage: Stage, log_in: LogIn) -> None:
    assert titles(stage, log_in, eigenaar=stage.department.pk) == ["Maatjes voor jongeren"]
    assert titles(stage, log_in, onderdeel=stage.themes["P1"].pk) == ["Maatjes voor jongeren"]
    assert len(titles(stage, log_in, onderdeel=stage.themes["P4"].pk)) == 2


def test_the_council_is_offered_no_theme_that_only_a_concept_plan_knows(stage: Stage, log_in: LogIn) -> None:
    secret = stage.programme.themes.create(name="Geheim onderdeel")
    stage.motion.goals.add(
        *make_goals(make_plan(stage.programme, year=2024, state=Plan.State.CONCEPT), 1, theme=secret)
    )

    def offered(person: str) -> list[str]:
        return [str(label) for _, label in listed(stage, log_in, person).form.fields["onderdeel"].choices]

    assert "Geheim onderdeel" in offered("owner")
    assert "Geheim onderdeel" not in offered("councillor")
    assert len(titles(stage, log_in, "councillor", onderdeel=secret.pk)) == 2, "as a theme that is not there"


def test_each_count_leads_to_as_many_lines(stage: Stage, log_in: LogIn) -> None:
    client = log_in(stage.people.owner)
    counts = listed(stage, log_in).counts
    assert [count.value for count in counts] == [1, 1, 1, 0]
    for count in counts:
        assert len(client.get(count.url).context["commitment_list"].lines) == count.value, count.label


def test_what_is_due_first_stands_on_top_and_what_is_settled_last(stage: Stage, log_in: LogIn) -> None:
    make_commitment(stage.programme, title="Afgedaan", state="settled", settled_on=DAY, deadline="2022-01-01")
    make_commitment(stage.programme, title="Later", deadline="2099-01-01")
    make_commitment(stage.programme, title="Geen dag")
    assert titles(stage, log_in) == ["Maatjes voor jongeren", "Later", "Geen dag", "Brief over schuldhulp", "Afgedaan"]


def test_a_deadline_has_passed_the_day_after(stage: Stage) -> None:
    Commitment.objects.filter(pk=stage.motion.pk).update(deadline=DAY)
    make_commitment(stage.programme, title="Afgedaan", state="settled", settled_on=DAY, deadline="2022-01-01")
    for day, late in ((DAY, []), (DAY + datetime.timedelta(days=1), ["Maatjes voor jongeren"])):
        user = stage.people.owner
        found = build_commitment_list(stage.programme, user=user, parameters=QueryDict("laat=on"), as_of=day)
        assert [line.title for line in found.lines] == late
        assert (found.counts[0].value, found.shown, found.total) == (len(late), len(late), 3)
        every = open_commitments(stage.programme, user=user, as_of=day)
        assert [line.title for line in every if line.overdue] == late


def test_a_passed_deadline_is_said_in_words(stage: Stage, log_in: LogIn) -> None:
    page = log_in(stage.people.councillor).get(reverse("commitments", args=[stage.programme.slug])).content.decode()
    assert "te laat</strong>" in page


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "vandaag"),
        (1, "nog 1 dag"),
        (12, "nog 12 dagen"),
        (35, "nog 5 weken"),
        (-1, "1 dag te laat"),
        (-70, "2 maanden te laat"),
        (-800, "2 jaar te laat"),
    ],
)
def test_how_long_in_words(days: int, words: str) -> None:
    assert in_words(DAY + datetime.timedelta(days=days), as_of=DAY) == words


def test_what_means_nothing_is_left_out(stage: Stage, log_in: LogIn) -> None:
    assert len(titles(stage, log_in, stand="x", eigenaar="9" * 30, onderdeel="a")) == 2


def test_an_empty_list_says_so(stage: Stage, log_in: LogIn) -> None:
    Commitment.objects.all().delete()
    page = log_in(stage.people.councillor).get(reverse("commitments", args=[stage.programme.slug])).content.decode()
    assert "Er zijn nog geen toezeggingen" in page


def test_htmx_gets_the_results_only(stage: Stage, log_in: LogIn) -> None:
    address = reverse("commitments", args=[stage.programme.slug], query={"soort": "motie"})
    response = log_in(stage.people.owner).get(address, headers={"HX-Request": "true"})
    assert b"<html" not in response.content
    assert response["HX-Push-Url"].endswith("?soort=motie")


def test_a_commitment_of_another_programme_is_not_here(stage: Stage, log_in: LogIn) -> None:
    other = type(stage.programme).objects.create(name="Ander", slug="ander", first_year=2021, last_year=2026)
    client = log_in(stage.people.owner)
    assert client.get(reverse("commitment", args=[other.slug, stage.motion.pk])).status_code == 404


def test_goal_pages_name_their_commitments(stage: Stage, log_in: LogIn) -> None:
    response = log_in(stage.people.councillor).get(stage.goals["P4.1"].get_absolute_url())
    assert [(line.title, line.state) for line in response.context["goal"].commitments] == [
        ("Maatjes voor jongeren", "open"),
        ("Brief over schuldhulp", "open"),
    ]
    assert "Brief over schuldhulp" in response.content.decode()


def test_the_dashboard_asks_for_what_is_open(stage: Stage) -> None:
    def found(person: str) -> list[tuple[str, bool]]:
        user = getattr(stage.people, person)
        return [(line.number, line.overdue) for line in open_commitments(stage.programme, user=user, as_of=DAY)]

    assert found("councillor") == [("23bb000101", True), ("23bb000102", False)]
    assert found("manager") == [("23bb000101", True)]
    assert found("outsider") == []


# --- what it costs -------------------------------------------------------------------------------------------------


def many(stage: Stage, count: int) -> None:
    goals = make_goals(stage.plan, count)
    for index in range(count):
        make_commitment(
            stage.programme, title=f"Toezegging {index}", owner=stage.neighbours, proposed_in=stage.open_round
        )
        operations.write_settlement(
            stage.motion,
            f"Tekst {index}",
            version=index,
            actor=stage.people.manager if index % 2 else stage.people.owner,
            origin=AuditLine.Origin.SITE,
        )
    stage.motion.goals.add(*goals)


PINNED = [
    ("list", "councillor", 10),
    ("list", "owner", 10),
    ("list", "manager", 12),
    ("page", "councillor", 12),
    ("page", "owner", 13),
    ("page", "manager", 15),
]


@pytest.mark.parametrize("count", [1, 20])
@pytest.mark.parametrize(("page", "person", "queries"), PINNED)
def test_the_number_of_queries_does_not_grow(
    stage: Stage, log_in: LogIn, django_assert_num_queries, page: str, person: str, queries: int, count: int
) -> None:
    many(stage, count)
    client = log_in(getattr(stage.people, person))
    address = reverse("commitments", args=[stage.programme.slug])
    with django_assert_num_queries(queries):
        client.get(address if page == "list" else stage.motion.get_absolute_url())


def test_the_dashboard_asks_once(stage: Stage, django_assert_num_queries) -> None:
    many(stage, 20)
    user = stage.people.manager
    assert user.has_perm("din.read_programmes")
    with django_assert_num_queries(1):
        open_commitments(stage.programme, user=user, as_of=DAY)


def test_the_page_of_a_goal_asks_once(stage: Stage, django_assert_num_queries) -> None:
    many(stage, 20)
    goal, user = stage.goals["P4.2"], stage.people.manager
    goal.commitments.set(stage.programme.commitments.all())
    assert user.has_perm("din.read_programmes")
    with django_assert_num_queries(1):
        assert len(commitments_of(goal, user=user, as_of=DAY)) == 22
