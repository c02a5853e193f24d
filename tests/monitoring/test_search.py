"""Searching in all programmes: who finds what, and how it is shown."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from din.models import Goal
from monitoring.models import Commitment, ReportingRound, Update
from monitoring.search import commitment_numbered
from monitoring.search_page import SearchPage
from monitoring.search_words import marked, pattern_of, words_of
from monitoring.workflow import Content
from tests.cast import (
    ADOPTED_TEXT,
    APPROVED_TEXT,
    DRAFT_TEXT,
    NOT_DELIVERED_REASON,
    RETURNED_TEXT,
    SECRETS_OF_THE_OPEN_ROUND,
    SUBMITTED_TEXT,
    Stage,
    adopt,
    correct_report,
    make_commitment,
    make_goals,
    make_plan,
    make_programme,
    make_round,
    make_updates,
    report_on,
)
from tests.conftest import LogIn


def address(query: str, **more: object) -> str:
    return reverse("search", query={"q": query, **more})


def found(stage: Stage, log_in: LogIn, query: str, person: str = "owner", **more: object) -> SearchPage:
    response = log_in(getattr(stage.people, person)).get(address(query, **more))
    assert response.status_code == 200
    return response.context["search"]


def titles(page: SearchPage) -> list[str]:
    """The first word of what was found: the number of a goal."""
    return [
        "".join(piece.text for piece in hit.title).split()[0]
        for place in page.programmes
        for group in place.groups
        for hit in group.hits
    ]


def test_who_has_no_role_finds_no_page(stage: Stage, log_in: LogIn, client: Client) -> None:
    assert client.get(address("lijst"))["Location"].startswith(reverse("account_login"))
    assert log_in(stage.people.outsider).get(address("lijst")).status_code == 404


@pytest.mark.parametrize("secret", SECRETS_OF_THE_OPEN_ROUND)
def test_the_council_finds_nothing_of_the_open_round(stage: Stage, log_in: LogIn, secret: str) -> None:
    assert found(stage, log_in, secret, "councillor").total == 0


def test_the_council_finds_what_was_adopted(stage: Stage, log_in: LogIn) -> None:
    assert titles(found(stage, log_in, ADOPTED_TEXT, "councillor")) == ["P1.2"]
    Goal.objects.filter(pk=stage.goals["P1.2"].pk).update(text="Herschreven na de vaststelling")
    assert found(stage, log_in, "Herschreven", "councillor").total == 0
    assert found(stage, log_in, "Herschreven", "owner").total == 1
    assert titles(found(stage, log_in, "vaste beheerder", "councillor")) == ["P1.2"]


@pytest.mark.parametrize(
    ("text", "readers"),
    [
        (SUBMITTED_TEXT, {"owner", "colleague", "manager", "administrator"}),
        (APPROVED_TEXT, {"owner", "colleague", "manager", "administrator"}),
        (NOT_DELIVERED_REASON, {"owner", "colleague", "manager", "administrator"}),
        (DRAFT_TEXT, {"owner", "manager", "administrator"}),
        (RETURNED_TEXT, {"colleague", "manager", "administrator"}),
    ],
)
def test_a_draft_is_for_who_records_the_goal(stage: Stage, log_in: LogIn, text: str, readers: set[str]) -> None:
    people = ("councillor", "owner", "colleague", "manager", "administrator")
    assert {person for person in people if found(stage, log_in, text, person).total} == readers


def test_who_may_not_record_finds_no_draft_of_the_owner_they_work_for(stage: Stage, log_in: LogIn) -> None:
    reader = stage.people.outsider
    rights = Permission.objects.filter(codename__in=["read_programmes", "read_open_rounds"])
    reader.user_permissions.set(rights)
    stage.department.members.create(user=reader)
    assert found(stage, log_in, SUBMITTED_TEXT, "outsider").total == 1
    assert found(stage, log_in, DRAFT_TEXT, "outsider").total == 0


def test_of_a_corrected_report_the_new_text_is_found(stage: Stage, log_in: LogIn) -> None:
    correct_report(stage, {"P1.2": Content("on_track", "Verbeterde tekst")})
    assert found(stage, log_in, ADOPTED_TEXT, "councillor").total == 0
    assert titles(found(stage, log_in, "Verbeterde tekst", "councillor")) == ["P1.2"]


def test_the_council_finds_no_goal_of_a_concept_plan(stage: Stage, log_in: LogIn) -> None:
    make_goals(make_plan(stage.programme, year=2024, state="concept"), 1)
    assert found(stage, log_in, "nummer proef", "owner").total == 1
    assert found(stage, log_in, "nummer proef", "councillor").total == 0


def test_a_draft_beside_a_reason_of_not_delivering_is_not_found(stage: Stage, log_in: LogIn) -> None:
    Update.objects.filter(pk=stage.update("P4.11", stage.open_round).pk).update(explanation="Verborgen concept")
    assert found(stage, log_in, "Verborgen concept", "owner").total == 0


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("mentor", ["P1.3"]),
        ("MENTOR", ["P1.3"]),
        ("één keer", ["P4.2"]),
        ("EEN KEER", ["P4.2"]),
        ("P4.11", ["P4.11"]),
        ("Sociaal scholen", ["P1.3"]),
        ("bijzondere inkomen", ["P4.11"]),
        ("bestaat niet", []),
        (".*", []),
        ("%", []),
        ("a\x00b([", []),
        ("", []),
    ],
)
def test_every_word_must_occur(stage: Stage, log_in: LogIn, query: str, expected: list[str]) -> None:
    assert titles(found(stage, log_in, query, soort="doelen")) == expected


def test_a_number_stands_before_a_text_that_is_cut(stage: Stage, log_in: LogIn) -> None:
    text = f"{'Heel veel woorden vooraf ' * 6}en dan een steunfiguur"
    Goal.objects.filter(pk=stage.goals["P1.3"].pk).update(text=text)
    page = found(stage, log_in, "steunfiguur", soort="doelen")
    assert titles(page) == ["P1.3"]
    ((hit,),) = (group.hits for place in page.programmes for group in place.groups)
    assert "".join(piece.text for piece in hit.title).startswith("P1.3 …")


def test_the_words_found_are_marked_and_typed_text_is_text(stage: Stage, log_in: LogIn) -> None:
    Goal.objects.filter(pk=stage.goals["P1.3"].pk).update(text="<b>Twintig</b> mentoren")
    html = log_in(stage.people.owner).get(address("<b>Twintig")).content.decode()
    assert "<b>" not in html
    assert "<mark>&lt;b&gt;Twintig</mark>" in html


def test_a_proposal_is_found_when_the_council_may_know_it(stage: Stage, log_in: LogIn) -> None:
    Commitment.objects.create(
        programme=stage.programme,
        title="Doorwerken aan dakloosheid",
        number="24bb000736",
        state=Commitment.State.PROPOSED,
        settlement="Geheimvoorstel",
        proposed_in=stage.open_round,
    )
    assert found(stage, log_in, "Geheimvoorstel", "owner").total == 1
    assert found(stage, log_in, "Geheimvoorstel", "councillor").total == 0
    assert titles(found(stage, log_in, "dakloosheid", "councillor")) == ["24bb000736"]


def test_a_council_number_leads_straight_to_its_commitment(stage: Stage, log_in: LogIn) -> None:
    commitment = Commitment.objects.create(programme=stage.programme, title="Doorwerken", number="24bb000736")
    response = log_in(stage.people.councillor).get(address(" 24BB000736 "))
    assert response.status_code == 302
    assert response["Location"] == commitment.get_absolute_url()


def test_a_council_number_of_two_commitments_leads_to_neither(stage: Stage, log_in: LogIn) -> None:
    for slug in ("een", "twee"):
        make_commitment(make_programme(slug, slug), title=f"Brief van {slug}", number="24bb000736")
    page = found(stage, log_in, "24bb000736", "councillor")
    assert [[hit.programme for group in place.groups for hit in group.hits] for place in page.programmes] == [
        [place.programme.pk] for place in page.programmes
    ]
    assert page.total == 2
    assert commitment_numbered(stage.motion.number, stage.people.councillor) == stage.motion
    assert commitment_numbered(stage.motion.number, stage.people.outsider) is None


def test_what_is_left_out_has_a_page_of_its_own(stage: Stage, log_in: LogIn) -> None:
    make_goals(stage.plan, 60, theme=stage.themes["P4"])
    page = found(stage, log_in, "nummer proef", "manager")
    (group,) = page.programmes[0].groups
    assert (group.total, len(group.hits), group.left_out) == (60, 5, 55)
    second = found(stage, log_in, "nummer proef", "manager", programma=stage.programme.slug, soort="doelen", page=2)
    assert len(second.programmes[0].groups[0].hits) == 10


def test_a_programme_with_a_running_round_is_searched_beside_one_with_an_adopted_round(
    stage: Stage, log_in: LogIn
) -> None:
    plan = make_plan(make_programme("Heel de Stad", "heel-de-stad"))
    round_ = make_round(plan, 2023, 1, state=ReportingRound.State.PLANNED)
    make_updates(round_, make_goals(plan, 1), state="approved", status="on_track")
    adopt(round_)
    make_goals(stage.plan, 1, first=200)
    page = found(stage, log_in, "nummer proef", "manager")
    assert {hit.note.split(" · ")[-1] for place in page.programmes for group in place.groups for hit in group.hits} == {
        "nog niet ingediend",
        "op schema",
    }


@pytest.mark.parametrize("count", [2, 12])
@pytest.mark.parametrize(("person", "queries"), [("councillor", 14), ("manager", 15)])
def test_the_number_of_queries_does_not_grow(
    stage: Stage, log_in: LogIn, django_assert_num_queries, person: str, queries: int, count: int
) -> None:
    extra = make_goals(stage.plan, count, theme=stage.themes["P4"])
    report_on(stage.adopted_round, extra, status="delayed", explanation="Doel loopt uit")
    make_updates(stage.open_round, extra, state="submitted", status="delayed", explanation="Doel loopt uit")
    for number in range(count):
        programme = make_programme(f"Programma {number}", f"programma-{number}")
        plan = make_plan(programme)
        make_goals(plan, 1)
        make_goals(make_plan(programme, year=2024), 1)
        adopt(make_round(plan, 2023, 1, state=ReportingRound.State.PLANNED))
        make_commitment(programme, title="Doel van de raad", number=f"23bb{number}")
    client = log_in(getattr(stage.people, person))
    with django_assert_num_queries(queries):
        assert client.get(address("doel")).status_code == 200


@pytest.mark.pure
def test_words_and_marks() -> None:
    assert words_of("  een twee een ") == ("een", "twee")
    assert pattern_of("é(") == "[eèéêëEÈÉÊË]\\("
    assert [piece.text for piece in marked("Een café aan zee", ("CAFE",)) if piece.differs] == ["café"]
    assert marked("geen treffer", ("x",))[0].text == "geen treffer"


@pytest.mark.parametrize("before", range(70, 95))
def test_a_long_text_is_cut_between_words(before: int) -> None:
    text = f"{'Een lang verhaal vooraf ' * 9}{'o' * before} gevonden {'en nog een vervolg daarop ' * 20}"
    shown = "".join(piece.text for piece in marked(text, ("gevonden",)))
    words = shown.removeprefix("…").removesuffix("…").split()
    if before < 79:
        assert set(words) <= set(text.split())
    assert "gevonden" in words
    assert len(shown) < 330


def test_a_hit_near_the_begin_shows_the_text_from_its_begin() -> None:
    assert marked("Een volledige lijst van maatjes", ("maatjes",))[0].text == "Een volledige lijst van "
