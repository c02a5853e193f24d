"""What a programme still lacks: who sees it, every rule, the owners, and where each gap is mended."""

from __future__ import annotations

import datetime

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from din.models import Ambition, Effort, ErGoal, Goal, Plan
from monitoring.attention_page import LINES_AT_MOST, AttentionPage
from monitoring.models import Indicator, Measurement, ReportingRound, Target, Update
from tests.cast import DRAFT_TEXT, RETURNED_TEXT, Stage, make_goals, make_plan, make_programme, make_updates
from tests.conftest import LogIn

DAY = datetime.date(2023, 12, 31)


def address(stage: Stage, **query: object) -> str:
    return reverse("attention", args=[stage.programme.slug], query=query)


def response_of(stage: Stage, log_in: LogIn, person: str = "manager", **query: object) -> HttpResponse:
    response = log_in(getattr(stage.people, person)).get(address(stage, **query))
    assert response.status_code == 200
    return response


def page_of(stage: Stage, log_in: LogIn, person: str = "manager", **query: object) -> AttentionPage:
    return response_of(stage, log_in, person, **query).context["page"]


def by_rule(page: AttentionPage) -> dict[str, list[str]]:
    return {group.rule.key: [line.reference or line.text[:12] for line in group.lines] for group in page.groups}


def mends(page: AttentionPage) -> dict[tuple[str, str], str]:
    """The address that mends each gap, by its rule and its goal or text."""
    return {
        (group.rule.key, line.reference or line.text[:12]): line.mend.url if line.mend else ""
        for group in page.groups
        for line in group.lines
    }


def complete(stage: Stage) -> None:
    """Leave one goal to which nothing lacks, and nothing else."""
    Update.objects.filter(round=stage.open_round).update(state="approved", status="on_track")
    Goal.objects.filter(plan=stage.plan).update(ended_on=datetime.date(2023, 7, 1), ended_reason="Klaar")
    Goal.objects.filter(pk=stage.goals["P4.1"].pk).update(
        ended_on=None, ended_reason="", deadline=datetime.date(2090, 3, 31)
    )
    Effort.objects.filter(goals=None).delete()
    for er_goal in ErGoal.objects.filter(plan=stage.plan):
        er_goal.goals.add(stage.goals["P4.1"])


# --- who ---------------------------------------------------------------------------------------------------------


def test_the_anonymous_are_sent_to_the_log_in_page(stage: Stage, client: Client) -> None:
    response = client.get(address(stage))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_somebody_without_a_role_finds_no_page(stage: Stage, log_in: LogIn) -> None:
    assert log_in(stage.people.outsider).get(address(stage)).status_code == 404


def test_the_council_reads_why_it_is_not_for_them(stage: Stage, log_in: LogIn) -> None:
    response = log_in(stage.people.councillor).get(address(stage))
    assert response.status_code == 403
    assert "Deze pagina is voor wie voortgang vastlegt of een programma beheert." in response.content.decode()


def test_only_who_may_open_it_finds_it_in_the_menu(stage: Stage, log_in: LogIn) -> None:
    for person, there in [("councillor", False), ("owner", True), ("manager", True)]:
        html = log_in(getattr(stage.people, person)).get(stage.programme.get_absolute_url()).content.decode()
        assert (f'href="{address(stage)}"' in html) is there


def test_what_was_not_handed_in_is_not_told(stage: Stage, log_in: LogIn) -> None:
    html = response_of(stage, log_in).content.decode()
    assert DRAFT_TEXT not in html
    assert RETURNED_TEXT not in html


# --- the rules ---------------------------------------------------------------------------------------------------


def test_the_gaps_of_the_plan_and_of_the_round(stage: Stage, log_in: LogIn) -> None:
    page = page_of(stage, log_in)
    assert by_rule(page) == {
        "er-doel-zonder-doel": ["Sneller hulp"],
        "doel-zonder-inspanning": ["P1.3", "P4.2", "P4.11", "Jongeren den"],
        "inspanning-zonder-doel": ["Een folder o"],
        "doel-zonder-deadline": ["Jongeren den"],
        "doel-zonder-eigenaar": ["Jongeren den"],
        "doel-niet-meetbaar": ["P1.1", "P1.2", "P4.2", "P4.11", "Jongeren den"],
        "deadline-voorbij": ["P1.2", "P4.1", "P4.2"],
    }
    assert page.total == sum(group.total for group in page.groups) == 16
    assert [rule.key for rule in page.kept] == [
        "ambitie-zonder-er-doel",
        "opgave-zonder-voortgang",
        "indicator-zonder-meting",
        "indicator-zonder-streefwaarde",
    ]


def test_every_rule_says_why_it_matters(stage: Stage, log_in: LogIn) -> None:
    response = response_of(stage, log_in)
    told = [group.rule.why for group in response.context["page"].groups]
    assert len(told) == 7
    assert [why for why in told if why not in response.content.decode()] == []


def test_a_goal_with_an_indicator_can_be_measured(stage: Stage, log_in: LogIn) -> None:
    indicator = Indicator.objects.create(programme=stage.programme, name="Jongeren")
    indicator.goals.add(stage.goals["P1.1"])
    Goal.objects.filter(pk=stage.goals["P1.2"].pk).update(intended_results="Twee beheerders")
    Goal.objects.filter(pk=stage.goals["P4.2"].pk).update(description="Bij 80% van de loketten")
    assert by_rule(page_of(stage, log_in))["doel-niet-meetbaar"] == ["P4.11", "Jongeren den"]


@pytest.mark.parametrize("kind", ["opgave", "maatregel", "collegetarget"])
def test_an_opgave_on_which_nothing_came_in(stage: Stage, log_in: LogIn, kind: str) -> None:
    numbers = [stage.goals[reference].pk for reference in ("P1.1", "P1.2", "P1.3", "P4.3", "P4.11")]
    Goal.objects.filter(pk__in=numbers).update(kind=kind)
    assert by_rule(page_of(stage, log_in))["opgave-zonder-voortgang"] == ["P1.3", "P4.11"]


def test_an_indicator_without_measurement_or_target(stage: Stage, log_in: LogIn) -> None:
    programme = stage.programme
    bare, measured, aimed, whole = (
        Indicator.objects.create(programme=programme, name=name) for name in ("Kaal", "Gemeten", "Gericht", "Geheel")
    )
    part = Indicator.objects.create(programme=programme, name="Deel", part_of=whole, owner=stage.neighbours)
    Measurement.objects.create(indicator=measured, first_day=DAY, last_day=DAY, value=1)
    Target.objects.create(indicator=aimed, last_day=DAY, value=1)
    Target.objects.create(indicator=measured, last_day=DAY, value=1, revised_on=DAY, revision_reason="Anders")
    page = page_of(stage, log_in)
    assert sorted(by_rule(page)["indicator-zonder-meting"]) == ["Geheel: Deel", "Gericht", "Kaal"]
    assert sorted(by_rule(page)["indicator-zonder-streefwaarde"]) == ["Geheel: Deel", "Gemeten", "Kaal"]
    for indicator in (bare, part):
        ended = stage.goals["P4.3"]
        indicator.goals.add(ended)
    found = by_rule(page_of(stage, log_in))
    assert found["indicator-zonder-meting"] == ["Gericht"], "what is only for goals that ended does not count"


def test_an_indicator_of_another_programme_is_not_told(stage: Stage, log_in: LogIn) -> None:
    Indicator.objects.create(programme=make_programme("Heel de Stad", "heel-de-stad"), name="Van elders")
    assert "indicator-zonder-meting" not in by_rule(page_of(stage, log_in))


def test_a_plan_without_a_round_has_gaps_too(stage: Stage, log_in: LogIn) -> None:
    plan = make_plan(stage.programme, year=2024, state=Plan.State.CONCEPT)
    Ambition.objects.create(plan=plan, text="Een nieuwe ambitie")
    make_goals(plan, 1, owner=stage.department)
    page = page_of(stage, log_in, ronde="plan-2024")
    assert by_rule(page) == {
        "ambitie-zonder-er-doel": ["Een nieuwe a"],
        "doel-zonder-inspanning": ["100"],
        "deadline-voorbij": ["100"],
    }
    assert "opgave-zonder-voortgang" not in [rule.key for rule in page.kept]


def test_of_an_adopted_round_what_ended_since_does_not_count(stage: Stage, log_in: LogIn) -> None:
    assert by_rule(page_of(stage, log_in, ronde="2023-H1"))["deadline-voorbij"] == ["P4.1"]
    Goal.objects.filter(pk=stage.goals["P4.1"].pk).update(ended_on=DAY, ended_reason="Opgegaan")
    assert "deadline-voorbij" not in by_rule(page_of(stage, log_in, ronde="2023-H1"))


def test_a_plan_to_which_nothing_lacks_says_so(stage: Stage, log_in: LogIn) -> None:
    complete(stage)
    response = response_of(stage, log_in)
    assert response.context["page"].total == 0
    assert "Geen gaten gevonden" in response.content.decode()


def test_without_a_plan_there_is_nothing_to_tell(stage: Stage, log_in: LogIn) -> None:
    programme = make_programme("Heel de Stad", "heel-de-stad")
    html = log_in(stage.people.owner).get(reverse("attention", args=[programme.slug])).content.decode()
    assert "Er is nog geen plan" in html


# --- where it is mended --------------------------------------------------------------------------------------------


def test_the_manager_is_led_to_pages_for_managers(stage: Stage, log_in: LogIn) -> None:
    links = mends(page_of(stage, log_in))
    nobodys = stage.goals[""].pk
    workbook = reverse("import_workbook", args=[stage.programme.slug])
    record = reverse("record_update", args=[stage.goals["P4.1"].pk])
    assert links["doel-zonder-eigenaar", "Jongeren den"] == reverse("reassign_goal", args=[nobodys])
    assert links["er-doel-zonder-doel", "Sneller hulp"] == workbook
    assert links["doel-zonder-deadline", "Jongeren den"] == workbook
    assert links["deadline-voorbij", "P4.1"] == f"{record}?ronde=2023-H2"
    assert not [link for link in links.values() if link.startswith("/beheer/")]


def test_what_is_not_measured_leads_to_the_form_that_measures_it(stage: Stage, log_in: LogIn) -> None:
    slug = stage.programme.slug
    whole = Indicator.objects.create(programme=stage.programme, name="Geheel", owner=stage.department)
    part = Indicator.objects.create(programme=stage.programme, name="Deel", part_of=whole)
    manager, owner = mends(page_of(stage, log_in)), mends(page_of(stage, log_in, "owner"))
    measure, aim = ("indicator-zonder-meting", "Geheel: Deel"), ("indicator-zonder-streefwaarde", "Geheel: Deel")
    assert manager[measure] == owner[measure] == reverse("add_measurement", args=[slug, part.pk])
    assert manager[aim] == reverse("add_target", args=[slug, part.pk])
    assert owner[aim] == "", "only a manager sets a target"
    add = manager["doel-niet-meetbaar", "P4.2"]
    assert add == f"{reverse('add_indicator', args=[slug])}?doel={stage.goals['P4.2'].pk}"
    form = log_in(stage.people.manager).get(add).context["form"]
    assert form["goals"].value() == [str(stage.goals["P4.2"].pk)]


def test_a_part_has_the_theme_and_the_owner_of_the_whole(stage: Stage, log_in: LogIn) -> None:
    whole = Indicator.objects.create(
        programme=stage.programme, name="Geheel", owner=stage.neighbours, theme=stage.themes["P1"]
    )
    Indicator.objects.create(programme=stage.programme, name="Deel", part_of=whole)
    Indicator.objects.create(
        programme=stage.programme, name="Eigen", part_of=whole, owner=stage.department, theme=stage.themes["P4"]
    )
    for owner, code, expected in [(stage.neighbours, "P1", "Geheel: Deel"), (stage.department, "P4", "Geheel: Eige")]:
        page = page_of(stage, log_in, eigenaar=owner.pk, onderdeel=stage.themes[code].pk)
        assert by_rule(page)["indicator-zonder-meting"] == [expected]


@pytest.mark.parametrize("goal", ["x", "99999999999999999999", "' --"])
def test_a_goal_that_is_none_is_not_chosen(stage: Stage, log_in: LogIn, goal: str) -> None:
    page = log_in(stage.people.manager).get(reverse("add_indicator", args=[stage.programme.slug], query={"doel": goal}))
    assert page.status_code == 200
    assert " checked" not in page.content.decode().partition('id="id_goals')[2]


def test_an_officer_is_led_to_what_they_record(stage: Stage, log_in: LogIn) -> None:
    links = mends(page_of(stage, log_in, "owner"))
    assert {key: link for key, link in links.items() if link} == {
        ("deadline-voorbij", reference): f"{reverse('record_update', args=[stage.goals[reference].pk])}?ronde=2023-H2"
        for reference in ("P1.2", "P4.2")
    }


def test_what_the_running_round_does_not_ask_is_for_the_next_one(stage: Stage, log_in: LogIn) -> None:
    stage.update("P1.2", stage.open_round).delete()
    (group,) = [group for group in page_of(stage, log_in).groups if group.rule.key == "deadline-voorbij"]
    assert [(line.reference, line.mend is not None, line.mender) for line in group.lines] == [
        ("P1.2", False, "in de volgende ronde"),
        ("P4.1", True, "door de eigenaar of de programmamanager"),
        ("P4.2", True, "door de eigenaar of de programmamanager"),
    ]


@pytest.mark.parametrize("person", ["owner", "colleague", "manager", "administrator"])
def test_nobody_is_led_to_a_page_that_is_not_for_them(stage: Stage, log_in: LogIn, person: str) -> None:
    Indicator.objects.create(programme=stage.programme, name="Kaal", owner=stage.department)
    Ambition.objects.create(plan=stage.plan, text="Een stad zonder schulden", theme=stage.themes["P4"])
    client = log_in(getattr(stage.people, person))
    page = client.get(address(stage)).context["page"]
    urls = {line.url for group in page.groups for line in group.lines if line.url}
    urls |= {link for link in mends(page).values() if link}
    assert len(urls) > 8
    for url in urls:
        assert client.get(url).status_code == 200, url


def test_the_administrator_is_led_to_the_admin(stage: Stage, log_in: LogIn) -> None:
    links = mends(page_of(stage, log_in, "administrator"))
    effort = Effort.objects.get(text__startswith="Een folder")
    assert links["inspanning-zonder-doel", "Een folder o"] == reverse("admin:din_effort_change", args=[effort.pk])
    goal = stage.goals[""]
    assert links["doel-zonder-deadline", "Jongeren den"] == reverse("admin:din_goal_change", args=[goal.pk])


def test_the_form_of_the_admin_is_filled_in_with_what_has_the_gap(stage: Stage, log_in: LogIn) -> None:
    ambition = Ambition.objects.create(plan=stage.plan, text="Een stad zonder schulden", theme=stage.themes["P4"])
    er_goal = ErGoal.objects.get(text__startswith="Sneller")
    client = log_in(stage.people.administrator)
    links = mends(client.get(address(stage)).context["page"])
    for key, model, field, chosen in [
        (("ambitie-zonder-er-doel", "Een stad zon"), "ergoal", "ambitions", ambition),
        (("er-doel-zonder-doel", "Sneller hulp"), "goal", "er_goals", er_goal),
        (("doel-zonder-inspanning", "P4.2"), "effort", "goals", stage.goals["P4.2"]),
    ]:
        assert links[key].startswith(reverse(f"admin:din_{model}_add"))
        page = client.get(links[key])
        assert page.status_code == 200
        form = page.context["adminform"].form
        assert [str(value) for value in form[field].value()] == [str(chosen.pk)]
        assert str(form["plan"].value()) == str(stage.plan.pk)
        assert str(form["theme"].value()) == str(chosen.theme_id or "")


def test_a_mended_gap_is_gone(stage: Stage, log_in: LogIn) -> None:
    client = log_in(stage.people.manager)
    goal = stage.goals[""]
    done = client.post(
        mends(client.get(address(stage)).context["page"])["doel-zonder-eigenaar", "Jongeren den"],
        {"owner": stage.department.pk, "note": ""},
    )
    assert done.status_code == 302, done.content.decode()
    goal.refresh_from_db()
    assert goal.owner == stage.department
    assert "doel-zonder-eigenaar" not in by_rule(client.get(address(stage)).context["page"])


# --- filters -------------------------------------------------------------------------------------------------------


def test_officers_find_what_is_theirs(stage: Stage, log_in: LogIn) -> None:
    assert by_rule(page_of(stage, log_in, "colleague", eigenaar="mij")) == {
        "doel-zonder-inspanning": ["P4.11"],
        "inspanning-zonder-doel": ["Een folder o"],
        "doel-niet-meetbaar": ["P4.11"],
        "deadline-voorbij": ["P4.1"],
    }
    elsewhere = make_programme("Heel de Stad", "heel-de-stad").owners.create(name="Een ander")
    elsewhere.members.create(user=stage.people.manager)
    assert "mij" not in dict(page_of(stage, log_in, "manager").form.fields["eigenaar"].choices)


def test_the_filters_narrow_together(stage: Stage, log_in: LogIn) -> None:
    page = page_of(stage, log_in, eigenaar=stage.department.pk, onderdeel=stage.themes["P4"].pk)
    assert by_rule(page) == {
        "doel-zonder-inspanning": ["P4.2"],
        "doel-niet-meetbaar": ["P4.2"],
        "deadline-voorbij": ["P4.2"],
    }
    assert page.count_label == "3 van 16 punten"
    assert page.kept == page_of(stage, log_in).kept, "of the whole plan"
    assert list(by_rule(page_of(stage, log_in, regel="deadline-voorbij"))) == ["deadline-voorbij"]
    assert by_rule(page_of(stage, log_in, eigenaar="geen", regel="doel-zonder-eigenaar")) == {
        "doel-zonder-eigenaar": ["Jongeren den"]
    }


def test_filters_that_leave_nothing_say_so(stage: Stage, log_in: LogIn) -> None:
    html = response_of(stage, log_in, eigenaar="geen", regel="deadline-voorbij").content.decode()
    assert "Bij deze filters ontbreekt er niets." in html


@pytest.mark.parametrize(
    "query", [{"eigenaar": "abc"}, {"onderdeel": "9" * 40}, {"regel": "x' --"}, {"onbekend": "1"}, {"regel": "a\x00b"}]
)
def test_a_parameter_that_means_nothing_shows_all(stage: Stage, log_in: LogIn, query: dict[str, str]) -> None:
    assert page_of(stage, log_in, **query).shown == 16


def test_a_rule_that_is_broken_often_has_a_page_of_its_own(stage: Stage, log_in: LogIn) -> None:
    make_goals(stage.plan, 30, theme=stage.themes["P4"], owner=stage.department)
    page = page_of(stage, log_in)
    group = next(group for group in page.groups if group.rule.key == "doel-zonder-inspanning")
    assert (len(group.lines), group.total, group.left_out) == (LINES_AT_MOST, 34, 9)
    all_of_them = log_in(stage.people.manager).get(group.url).context["page"].groups[0]
    assert len(all_of_them.lines) == 34


def test_texts_are_shown_as_text(stage: Stage, log_in: LogIn) -> None:
    Goal.objects.filter(pk=stage.goals[""].pk).update(text="<img src=x onerror=alert(1)>")
    assert "<img src=x" not in response_of(stage, log_in).content.decode()


@pytest.mark.parametrize("goals", [5, 40])
@pytest.mark.parametrize(("person", "queries"), [("owner", 17), ("manager", 18)])
def test_the_number_of_queries_does_not_grow_with_the_plan(
    stage: Stage, log_in: LogIn, django_assert_num_queries, person: str, queries: int, goals: int
) -> None:
    extra = make_goals(stage.plan, goals, theme=stage.themes["P4"])
    make_updates(stage.open_round, extra)
    Indicator.objects.bulk_create(Indicator(programme=stage.programme, name=f"I{index}") for index in range(goals))
    Effort.objects.bulk_create(
        Effort(plan=stage.plan, theme=stage.themes["P4"], text=f"E{index}", text_digest=str(index))
        for index in range(goals)
    )
    client = log_in(getattr(stage.people, person))
    with django_assert_num_queries(queries):
        assert client.get(address(stage)).status_code == 200


def test_the_round_is_the_one_that_the_address_asks_for(stage: Stage, log_in: LogIn) -> None:
    assert log_in(stage.people.owner).get(address(stage, ronde="2022-H1")).status_code == 404
    ReportingRound.objects.filter(pk=stage.open_round.pk).update(state=ReportingRound.State.PLANNED)
    assert response_of(stage, log_in).context["choice"].round == stage.adopted_round
