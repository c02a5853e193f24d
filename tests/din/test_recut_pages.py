"""Re-cutting on screen: three steps of which only the last writes, and both cuts to look at."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse

from din.models import Goal, Plan, Recut, Theme
from tests.cast import SECRETS_OF_THE_OPEN_ROUND, Stage, make_goals, make_plan, make_programme
from tests.conftest import LogIn
from tests.din.test_recut import DAY, applied

FIRST = {"day": "2023-07-01", "reason": "Andere indeling", "last_year": "2025", "kind": "actielijn", "names": "Samen"}


def address(stage: Stage) -> str:
    return reverse("new_recut", args=[stage.programme.slug])


def choices(stage: Stage) -> dict[str, str]:
    return {
        f"theme-{stage.themes['P1'].pk}": "new-0",
        f"theme-{stage.themes['P4'].pk}": "ends",
        f"goal-{stage.goals['P4.1'].pk}": "new-0",
    }


@pytest.fixture
def manager(stage: Stage, log_in: LogIn) -> Client:
    return log_in(stage.people.manager)


def test_three_steps_of_which_only_the_last_writes(stage: Stage, manager: Client) -> None:
    assert manager.get(address(stage)).status_code == 200
    divide = manager.post(address(stage), {**FIRST, "step": "divide"})
    assert [row.title for row in divide.context["rows"]] == [
        "Pijler 1: Sociaal netwerk",
        "Pijler 4: Inkomen",
        "Jongerenparticipatie",
    ]
    preview = manager.post(address(stage), {**FIRST, **choices(stage), "step": "preview"})
    plan = preview.context["plan"]
    assert (len(plan.moved), len(plan.ended), plan.stays) == (4, 2, 1)
    assert not Recut.objects.exists()
    confirm = {**FIRST, **dict(preview.context["hidden"]), "step": "confirm", "fingerprint": plan.fingerprint}
    response = manager.post(address(stage), confirm)
    recut = Recut.objects.get()
    assert response["Location"] == recut.get_absolute_url()
    assert Goal.objects.get(pk=stage.goals["P4.1"].pk).reference == "A1.4"
    page = manager.get(recut.get_absolute_url()).context["page"]
    assert (len(page.moved), len(page.ended)) == (4, 2)
    assert [(theme.title, theme.mark) for theme in page.before.themes] == [
        ("Pijler 1: Sociaal netwerk", "vervallen"),
        ("Pijler 4: Inkomen", "vervallen"),
        ("Jongerenparticipatie", ""),
    ]
    assert [goal.mark for goal in page.before.themes[1].goals] == ["nu A1.4", "vervallen", "vervallen"]
    assert [(theme.title, theme.mark) for theme in page.after.themes] == [
        ("Jongerenparticipatie", ""),
        ("Actielijn 1: Samen", "nieuw"),
    ]
    assert [goal.mark for goal in page.after.themes[1].goals] == ["was P1.1", "was P1.2", "was P1.3", "was P4.1"]


def test_what_was_typed_stays_when_something_is_wrong(stage: Stage, manager: Client) -> None:
    response = manager.post(address(stage), {**FIRST, "day": "x", "step": "divide"})
    assert response.status_code == 422
    assert response.context["form"]["reason"].value() == "Andere indeling"
    refused = manager.post(address(stage), {**FIRST, "names": "Inkomen", **choices(stage), "step": "preview"})
    assert refused.status_code == 422
    assert "Er is al een onderdeel" in refused.content.decode()
    row = refused.context["rows"][0]
    assert [choice.value for choice in row.choices if choice.is_chosen] == ["new-0"]


def test_a_goal_goes_along_with_its_theme_unless_it_is_told_otherwise(stage: Stage, manager: Client) -> None:
    divide = manager.post(address(stage), {**FIRST, "step": "divide"})
    for row in divide.context["rows"]:
        assert [choice.label for choice in row.choices if choice.is_chosen] == ["blijft waar het is"]
        for line in row.goals:
            assert [choice.label for choice in line.choices if choice.is_chosen] == ["met het onderdeel mee"]


def test_going_back_keeps_the_choices(stage: Stage, manager: Client) -> None:
    response = manager.post(address(stage), {**FIRST, **choices(stage), "step": "start"})
    assert dict(response.context["hidden"]) == choices(stage)


def test_a_goal_that_ends_is_asked_why(stage: Stage, manager: Client) -> None:
    preview = manager.post(address(stage), {**FIRST, **choices(stage), "step": "preview"})
    own, other = f"reason-{stage.goals['P4.2'].pk}", f"reason-{stage.goals['P4.11'].pk}"
    asked = {row.name: row.reason for row in preview.context["ended"]}
    assert asked == {own: "Andere indeling", other: "Andere indeling"}, "that of the re-cut, to begin with"
    typed = {own: "Overgenomen door het rijk", other: " "}
    back = manager.post(address(stage), {**FIRST, **choices(stage), **typed, "step": "divide"})
    assert dict(back.context["hidden"]) == typed, "going back keeps what was typed"
    again = manager.post(address(stage), {**FIRST, **choices(stage), **typed, "step": "preview"})
    assert [row.reason for row in again.context["ended"]] == ["Overgenomen door het rijk", "Andere indeling"]
    seen = {"step": "confirm", "fingerprint": preview.context["plan"].fingerprint}
    too_long = manager.post(address(stage), {**FIRST, **choices(stage), **typed, own: "x" * 2001, **seen})
    assert too_long.status_code == 422
    assert "hooguit 2000 tekens" in too_long.content.decode()
    manager.post(address(stage), {**FIRST, **choices(stage), **typed, **seen})
    reasons = dict(Goal.objects.filter(ended_on=DAY).values_list("pk", "ended_reason"))
    assert reasons == {
        stage.goals["P4.2"].pk: "Overgenomen door het rijk",
        stage.goals["P4.11"].pk: "Andere indeling",
    }


def test_a_plan_that_moved_since_the_preview_is_shown_again(stage: Stage, manager: Client) -> None:
    preview = manager.post(address(stage), {**FIRST, **choices(stage), "step": "preview"})
    make_goals(stage.plan, 1, theme=stage.themes["P1"])
    data = {**FIRST, **choices(stage), "step": "confirm", "fingerprint": preview.context["plan"].fingerprint}
    response = manager.post(address(stage), data)
    assert (response.status_code, response.context["step"]) == (409, "preview")
    assert not Recut.objects.exists()


def test_a_second_click_writes_nothing_twice(stage: Stage, manager: Client) -> None:
    preview = manager.post(address(stage), {**FIRST, **choices(stage), "step": "preview"})
    data = {**FIRST, **choices(stage), "step": "confirm", "fingerprint": preview.context["plan"].fingerprint}
    assert manager.post(address(stage), data).status_code == 302
    assert manager.post(address(stage), data).status_code == 422
    assert Recut.objects.count() == 1


def test_the_division_of_a_day_is_asked_in_the_address(stage: Stage, log_in: LogIn) -> None:
    applied(stage)
    council = log_in(stage.people.councillor)

    def titles(day: str) -> list[str]:
        response = council.get(reverse("recuts", args=[stage.programme.slug], query={"op": day}))
        assert response.status_code == 200
        return [theme.title for theme in response.context["division"].themes]

    assert titles("2023-06-30")[:2] == ["Pijler 1: Sociaal netwerk", "Pijler 4: Inkomen"]
    assert titles("2023-07-01") == ["Jongerenparticipatie", "Actielijn 1: Samen"]


@pytest.mark.parametrize("day", ["gisteren", "2023-13-45", "0000-00-00", "2023-02-30"])
def test_what_is_no_day_shows_today_and_says_so(stage: Stage, log_in: LogIn, day: str) -> None:
    response = log_in(stage.people.councillor).get(reverse("recuts", args=[stage.programme.slug], query={"op": day}))
    assert response.status_code == 200
    assert "Dat is geen dag" in response.content.decode()


@pytest.mark.parametrize("name", ["recut", "undo_recut"])
def test_a_recut_of_another_programme_is_not_here(stage: Stage, manager: Client, name: str) -> None:
    other = make_programme("Heel de Stad", "heel-de-stad")
    other.managers.add(stage.people.manager)
    recut = applied(stage)
    assert manager.get(reverse(name, args=[stage.programme.slug, recut.pk])).status_code == 200
    elsewhere = reverse(name, args=[other.slug, recut.pk])
    assert manager.get(elsewhere).status_code == 404
    assert manager.post(elsewhere, {"reason": "Toch niet"}).status_code in (404, 405)
    assert Recut.objects.filter(pk=recut.pk).exists()


def test_a_programme_that_was_never_recut_says_so(stage: Stage, log_in: LogIn) -> None:
    page = log_in(stage.people.councillor).get(reverse("recuts", args=[stage.programme.slug])).content.decode()
    assert "nog niet herijkt" in page


def test_the_council_sees_no_concept_and_nothing_of_the_open_round(stage: Stage, log_in: LogIn) -> None:
    concept = make_plan(stage.programme, year=2024, state=Plan.State.CONCEPT)
    secret = Theme.objects.create(programme=stage.programme, name="Geheim onderdeel")
    Goal.objects.create(plan=concept, theme=secret, text="Nog niet bekend")
    Goal.objects.create(plan=concept, theme=stage.themes["P1"], number=9, text="Ook nog niet bekend")
    recut = applied(stage)
    assert "Ook nog niet bekend" in log_in(stage.people.owner).get(recut.get_absolute_url()).content.decode()
    council = log_in(stage.people.councillor)
    for page in (recut.get_absolute_url(), reverse("recuts", args=[stage.programme.slug], query={"op": "2024-03-01"})):
        text = council.get(page).content.decode()
        assert "niet bekend" not in text
        assert "Geheim onderdeel" not in text
        assert not [told for told in SECRETS_OF_THE_OPEN_ROUND if told in text]


# --- what other pages show after it --------------------------------------------------------------------------------


def titles_on_dashboard(stage: Stage, client: Client, round_: str) -> list[str]:
    response = client.get(reverse("programme", args=[stage.programme.slug], query={"ronde": round_}))
    return [row.title for row in response.context["dashboard"].rows]


def test_an_adopted_round_shows_the_themes_of_then_and_a_later_one_no_empty_rows(
    stage: Stage, manager: Client, log_in: LogIn
) -> None:
    before = titles_on_dashboard(stage, manager, "2023-H1")
    Goal.objects.filter(pk__in=[stage.goals["P4.3"].pk]).update(theme=stage.themes[""])
    applied(stage, themes={stage.themes["P1"].pk: "new-0", stage.themes["P4"].pk: "new-0"}, goals={})
    assert titles_on_dashboard(stage, log_in(stage.people.councillor), "2023-H1") == before
    assert titles_on_dashboard(stage, manager, "2023-H2") == ["Jongerenparticipatie", "Actielijn 1: Samen"]


def test_what_stayed_behind_with_a_theme_that_ended_makes_no_empty_row(stage: Stage, manager: Client) -> None:
    Goal.objects.filter(pk=stage.goals["P4.3"].pk).update(theme=stage.themes[""])
    gone = {stage.goals[reference].pk: "new-0" for reference in ("P4.1", "P4.2", "P4.11")}
    applied(stage, themes={stage.themes["P4"].pk: "ends"}, goals=gone)
    assert stage.themes["P4"].er_goals.filter(plan=stage.plan).exists()
    assert titles_on_dashboard(stage, manager, "2023-H2") == [
        "Pijler 1: Sociaal netwerk",
        "Jongerenparticipatie",
        "Actielijn 1: Samen",
    ]


def test_the_page_of_a_frozen_theme_is_still_there_for_the_council(stage: Stage, log_in: LogIn) -> None:
    Goal.objects.filter(pk=stage.goals["P4.3"].pk).update(theme=stage.themes[""])
    applied(stage, themes={stage.themes["P1"].pk: "new-0", stage.themes["P4"].pk: "new-0"}, goals={})
    page = reverse("theme", args=[stage.programme.slug, stage.themes["P4"].pk], query={"ronde": "2023-H1"})
    response = log_in(stage.people.councillor).get(page)
    assert response.status_code == 200
    assert response.context["theme_page"].total == 4


def test_what_ended_in_the_running_round_stands_as_dropped(stage: Stage, manager: Client) -> None:
    applied(stage)
    response = manager.get(reverse("goals", args=[stage.programme.slug], query={"status": "dropped"}))
    assert {line.reference for line in response.context["goal_list"].lines} >= {"P4.2", "P4.11"}


# --- what it costs -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [2, 40])
@pytest.mark.parametrize(("page", "queries"), [("recuts", 12), ("recut", 17), ("preview", 16)])
def test_the_number_of_queries_does_not_grow(
    stage: Stage, manager: Client, django_assert_num_queries, page: str, queries: int, count: int
) -> None:
    make_goals(stage.plan, count, theme=stage.themes["P1"])
    if page == "preview":
        with django_assert_num_queries(queries):
            manager.post(address(stage), {**FIRST, **choices(stage), "step": "preview"})
        return
    recut = applied(stage)
    shown = recut.get_absolute_url() if page == "recut" else reverse("recuts", args=[stage.programme.slug])
    with django_assert_num_queries(queries):
        manager.get(f"{shown}?op={DAY - datetime.timedelta(days=1)}")
