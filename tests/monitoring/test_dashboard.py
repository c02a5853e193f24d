"""The dashboard of a programme and the page of a theme."""

import datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from din.models import Ambition, Plan
from monitoring.dashboard import Dashboard, build_dashboard
from monitoring.models import Commitment, Indicator, Measurement, ReportingRound, Target, Update
from monitoring.round_choice import choose_round
from tests.cast import (
    ADOPTED_TEXT,
    SECRETS_OF_THE_OPEN_ROUND,
    Stage,
    make_commitment,
    make_goals,
    make_plan,
    make_programme,
    make_round,
    make_updates,
    report_on,
)
from tests.conftest import LogIn

TODAY = datetime.date(2024, 1, 15)


def dashboard_address(stage: Stage, **query: str) -> str:
    return reverse("programme", args=[stage.programme.slug], query=query)


def theme_address(stage: Stage, code: str = "P4", **query: str) -> str:
    return reverse("theme", args=[stage.programme.slug, stage.themes[code].pk], query=query)


def dashboard_of(stage: Stage, person: str, value: str = "") -> Dashboard:
    choice = choose_round(stage.programme, user=getattr(stage.people, person), value=value)
    return build_dashboard(stage.programme, choice, as_of=TODAY)


def figures(dashboard: Dashboard) -> dict[str, int]:
    return {figure.label: figure.value for figure in dashboard.figures}


# --- who ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [dashboard_address, theme_address])
class TestLadder:
    def test_the_anonymous_are_sent_to_the_log_in_page(self, stage: Stage, client: Client, address) -> None:
        response = client.get(address(stage))
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("account_login"))

    def test_somebody_without_a_role_finds_no_page(self, stage: Stage, log_in: LogIn, address) -> None:
        assert log_in(stage.people.outsider).get(address(stage)).status_code == 404

    @pytest.mark.parametrize("person", ["councillor", "owner", "colleague", "manager", "administrator"])
    def test_everybody_with_a_role_reads_it(self, stage: Stage, log_in: LogIn, address, person: str) -> None:
        assert log_in(getattr(stage.people, person)).get(address(stage)).status_code == 200

    def test_the_council_sees_the_adopted_round_and_nothing_of_the_open_one(
        self, stage: Stage, log_in: LogIn, address
    ) -> None:
        page = log_in(stage.people.councillor).get(address(stage)).content.decode()
        assert "eerste half jaar 2023" in page
        assert "tweede half jaar 2023" not in page
        assert "nog niet ingediend" not in page
        assert not any(text in page for text in SECRETS_OF_THE_OPEN_ROUND)

    def test_for_the_council_the_open_round_is_not_there(self, stage: Stage, log_in: LogIn, address) -> None:
        assert log_in(stage.people.councillor).get(address(stage, ronde="2023-H2")).status_code == 404

    @pytest.mark.parametrize("person", ["owner", "colleague", "manager"])
    def test_who_works_on_the_round_sees_the_running_one(
        self, stage: Stage, log_in: LogIn, address, person: str
    ) -> None:
        response = log_in(getattr(stage.people, person)).get(address(stage))
        assert response.context["choice"].round == stage.open_round
        assert "Alleen wat is ingediend telt mee" in response.content.decode()

    def test_a_round_can_be_chosen_in_the_address(self, stage: Stage, log_in: LogIn, address) -> None:
        response = log_in(stage.people.owner).get(address(stage, ronde="2023-H1"))
        assert response.context["choice"].round == stage.adopted_round

    @pytest.mark.parametrize("name", ["2022-H1", "2023-H3", "onzin", "plan-2023", "plan-", "2023-h1", "٢٠٢٣-H1"])
    def test_a_round_that_does_not_exist_is_no_page(self, stage: Stage, log_in: LogIn, address, name: str) -> None:
        assert log_in(stage.people.owner).get(address(stage, ronde=name)).status_code == 404

    def test_the_page_only_reads(self, stage: Stage, log_in: LogIn, address) -> None:
        assert log_in(stage.people.manager).post(address(stage)).status_code == 405


def test_the_picker_offers_the_rounds_that_have_begun(stage: Stage) -> None:
    plan = make_plan(stage.programme, year=2024)
    make_round(plan, 2024, 1, state=ReportingRound.State.PLANNED)
    officer = choose_round(stage.programme, user=stage.people.owner)
    council = choose_round(stage.programme, user=stage.people.councillor)
    assert [option.value for option in officer.options] == ["plan-2024", "2023-H2", "2023-H1"]
    assert [option.value for option in council.options] == ["plan-2024", "2023-H1"]
    assert [option.value for option in officer.options if option.selected] == ["2023-H2"]


def test_a_concept_plan_is_the_councils_business_only_once_adopted(stage: Stage, log_in: LogIn) -> None:
    make_plan(stage.programme, year=2024, state=Plan.State.CONCEPT)
    address = dashboard_address(stage, ronde="plan-2024")
    assert log_in(stage.people.owner).get(address).status_code == 200
    assert log_in(stage.people.councillor).get(address).status_code == 404
    assert "DIN 2024" not in log_in(stage.people.councillor).get(dashboard_address(stage)).content.decode()


def test_when_nothing_runs_everybody_sees_the_latest_adopted_round(stage: Stage) -> None:
    Update.objects.filter(round=stage.open_round).delete()
    stage.drop_open_round()
    for person in ("councillor", "owner", "manager"):
        choice = choose_round(stage.programme, user=getattr(stage.people, person))
        assert choice.round == stage.adopted_round


# --- the figures ---------------------------------------------------------------------------------------------------


def test_the_headline_figures_of_the_adopted_round(stage: Stage) -> None:
    assert figures(dashboard_of(stage, "councillor")) == {
        "doelen": 8,
        "behaald": 1,
        "op schema": 2,
        "nog niet gestart": 1,
        "vertraagd": 1,
        "in gevaar": 1,
        "te laat": 1,
        "zonder voortgang": 1,
    }


def test_the_headline_figures_of_the_running_round_count_what_was_handed_in(stage: Stage) -> None:
    assert figures(dashboard_of(stage, "owner")) == {
        "doelen": 8,
        "behaald": 1,
        "op schema": 0,
        "vertraagd": 0,
        "in gevaar": 1,
        "te laat": 3,
        "zonder voortgang": 5,
    }


def test_every_figure_leads_to_as_many_goals_as_it_says(stage: Stage, log_in: LogIn) -> None:
    for person in ("councillor", "manager"):
        client = log_in(getattr(stage.people, person))
        dashboard = dashboard_of(stage, person)
        cells = [
            cell
            for row in (*dashboard.rows, dashboard.sum_row, *dashboard.focus_areas)
            for cell in (row.total, *row.cells, row.late, row.without_update)
        ]
        checked = [(cell.url, cell.count) for cell in cells if cell.url]
        checked += [(figure.url, figure.value) for figure in dashboard.figures]
        checked.append((dashboard.attention_url, dashboard.attention_count))
        assert len(checked) > 20
        for url, count in checked:
            assert client.get(url).context["goal_list"].shown == count, url


def test_the_numbers_of_the_themes_add_up_to_the_whole(stage: Stage) -> None:
    dashboard = dashboard_of(stage, "owner")
    assert [row.title for row in dashboard.rows] == [
        "Pijler 1: Sociaal netwerk",
        "Pijler 4: Inkomen",
        "Jongerenparticipatie",
    ]
    for index, cell in enumerate(dashboard.sum_row.cells):
        assert sum(row.cells[index].count for row in dashboard.rows) == cell.count
    assert sum(row.total.count for row in dashboard.rows) == dashboard.sum_row.total.count == 8
    assert sum(row.late.count for row in dashboard.rows) == dashboard.sum_row.late.count == 3


def test_a_bar_and_its_row_in_the_table_say_the_same(stage: Stage) -> None:
    rows = dashboard_of(stage, "councillor").rows
    assert len(rows) == 3
    for row in rows:
        in_table = {cell.label: cell.count for cell in row.cells if cell.count}
        assert {segment.label: segment.count for segment in row.bar.segments} == in_table
        assert row.bar.total == row.total.count


def test_a_goal_of_no_theme_stands_under_the_whole_programme(stage: Stage) -> None:
    goal = stage.goals[""]
    goal.theme = None
    goal.save()
    rows = dashboard_of(stage, "owner").rows
    assert rows[0].title == "Hele programma"
    assert parse_qs(urlsplit(rows[0].total.url).query)["onderdeel"] == ["geen"]


def test_focus_areas_are_counted_across_the_themes(stage: Stage) -> None:
    work = stage.plan.focus_areas.create(name="Werk", position=2)
    work.goals.add(stage.goals["P1.1"])
    row, other = dashboard_of(stage, "councillor").focus_areas
    assert (row.title, other.title, other.total.count) == ("Financiële zelfredzaamheid", "Werk", 1)
    assert {segment.status: segment.count for segment in row.bar.segments} == {"delayed": 1, "at_risk": 1}


def test_what_asks_attention_stands_with_the_worst_first_and_at_most_eight(stage: Stage) -> None:
    assert [line.reference for line in dashboard_of(stage, "owner").attention] == ["P1.2", "P4.1", "P4.2"]
    extra = make_goals(stage.plan, 10, theme=stage.themes["P1"])
    make_updates(stage.open_round, extra, state="submitted", status="delayed", explanation="Het loopt uit")
    Update.objects.filter(goal=extra[-1]).update(status="at_risk")
    dashboard = dashboard_of(stage, "owner")
    assert len(dashboard.attention) == 8
    assert dashboard.attention_count == 13
    assert [line.reference for line in dashboard.attention[:3]] == ["P1.2", "P1.109", "P1.100"]


def test_the_ambitions_of_the_whole_programme_stand_on_top(stage: Stage, log_in: LogIn) -> None:
    for plan in (make_plan(stage.programme, year=2024), make_plan(make_programme("Heel de Stad", "heel-de-stad"))):
        Ambition.objects.create(plan=plan, text="Een ambitie van elders")
    page = log_in(stage.people.councillor).get(dashboard_address(stage)).content.decode()
    assert "Elke jongere in de stad doet mee" in page
    assert "Een ambitie van elders" not in page
    assert "Jongeren hebben hun geldzaken op orde" not in page


def test_links_stay_in_a_chosen_round(stage: Stage) -> None:
    chosen = dashboard_of(stage, "owner", "2023-H1")
    assert "ronde=2023-H1" in chosen.rows[0].url
    assert "ronde=2023-H1" in chosen.figures[0].url
    for shown in (dashboard_of(stage, "owner"), dashboard_of(stage, "owner", "2023-H2")):
        assert "ronde" not in shown.rows[0].url


# --- without a round, without a plan ---------------------------------------------------------------------------------


def test_a_plan_on_which_there_is_no_round_shows_without_statuses(stage: Stage, log_in: LogIn) -> None:
    programme = make_programme("Heel de Stad", "heel-de-stad")
    plan = make_plan(programme)
    make_goals(plan, 3)
    for person in ("councillor", "owner"):
        response = log_in(getattr(stage.people, person)).get(reverse("programme", args=[programme.slug]))
        page = response.content.decode()
        assert figures(response.context["dashboard"]) == {"doelen": 3}
        assert "nog geen voortgang te zien" in page
        assert "Vraagt aandacht" not in page


def test_the_council_sees_no_concept_plan_but_is_told_that_there_is_none_yet(stage: Stage, log_in: LogIn) -> None:
    programme = make_programme("Heel de Stad", "heel-de-stad")
    make_goals(make_plan(programme, state=Plan.State.CONCEPT), 3)
    page = log_in(stage.people.councillor).get(reverse("programme", args=[programme.slug])).content.decode()
    assert "Er is nog geen vastgesteld plan" in page
    assert "DIN 2023" not in page


def test_the_manager_of_a_programme_without_a_plan_is_led_to_the_import(stage: Stage, log_in: LogIn) -> None:
    programme = make_programme("Heel de Stad", "heel-de-stad")
    programme.managers.add(stage.people.manager)
    address = reverse("programme", args=[programme.slug])
    assert (
        reverse("import_workbook", args=[programme.slug]) in log_in(stage.people.manager).get(address).content.decode()
    )
    assert (
        reverse("import_workbook", args=[programme.slug])
        not in log_in(stage.people.owner).get(address).content.decode()
    )


def test_a_page_of_an_adopted_round_looks_ahead_from_the_end_of_its_half_year(stage: Stage) -> None:
    adopted, running = dashboard_of(stage, "councillor"), dashboard_of(stage, "owner")
    assert [quarter.label for quarter in adopted.quarters] == ["3e kwartaal 2023", "4e kwartaal 2023"]
    assert running.quarters == (), "from the end of 2023 on no deadline lies in the half year"


# --- what a manager can do from here ---------------------------------------------------------------------------------


def test_only_the_manager_finds_the_button_that_adopts_a_concept_plan(stage: Stage, log_in: LogIn) -> None:
    plan = make_plan(stage.programme, year=2024, state=Plan.State.CONCEPT)
    button = reverse("adopt_plan", args=[stage.programme.slug, plan.pk])
    manager = log_in(stage.people.manager).get(dashboard_address(stage)).content.decode()
    officer = log_in(stage.people.owner).get(dashboard_address(stage)).content.decode()
    assert "DIN 2024 is nog een concept" in manager
    assert "DIN 2023 is nog een concept" not in manager
    assert f'action="{button}"' in manager
    assert "DIN 2024 is nog een concept" in officer
    assert button not in officer


@pytest.mark.parametrize("shown", ["", "2023-H1"])
def test_the_manager_sees_where_the_round_is_whichever_round_is_shown(stage: Stage, log_in: LogIn, shown: str) -> None:
    page = log_in(stage.people.manager).get(dashboard_address(stage), {"ronde": shown}).content.decode()
    assert "<strong>1 ingediend</strong>, wacht op u." in page
    assert "4 nog niet ingediend." in page
    assert "Naar de ronde" in page
    assert "Naar de ronde" not in log_in(stage.people.owner).get(dashboard_address(stage)).content.decode()


def test_the_manager_can_open_a_round_when_none_runs(stage: Stage, log_in: LogIn) -> None:
    Update.objects.filter(round=stage.open_round).delete()
    stage.drop_open_round()
    address = reverse("open_round", args=[stage.programme.slug])
    assert "Er loopt nu geen ronde" in log_in(stage.people.manager).get(dashboard_address(stage)).content.decode()
    assert address in log_in(stage.people.manager).get(dashboard_address(stage)).content.decode()
    assert address not in log_in(stage.people.councillor).get(dashboard_address(stage)).content.decode()


def test_the_report_of_an_adopted_round_is_for_all_and_the_concept_for_the_manager(stage: Stage, log_in: LogIn) -> None:
    adopted = reverse("report_page", args=[stage.adopted_round.pk])
    concept = reverse("report_page", args=[stage.open_round.pk])
    assert adopted in log_in(stage.people.councillor).get(dashboard_address(stage)).content.decode()
    assert concept in log_in(stage.people.manager).get(dashboard_address(stage)).content.decode()
    assert concept not in log_in(stage.people.owner).get(dashboard_address(stage)).content.decode()


# --- the theme -----------------------------------------------------------------------------------------------------


def test_a_theme_shows_its_ambitions_its_er_goals_and_the_goals_under_them(stage: Stage, log_in: LogIn) -> None:
    later = make_plan(stage.programme, year=2024)
    Ambition.objects.create(plan=later, theme=stage.themes["P4"], text="Een ambitie van later")
    response = log_in(stage.people.councillor).get(theme_address(stage))
    theme_page = response.context["theme_page"]
    assert theme_page.ambitions == ("Jongeren hebben hun geldzaken op orde",)
    debts, lonely = theme_page.er_goals
    assert [line.reference for line in debts.goals] == ["P4.1", "P4.2"]
    assert lonely.goals == ()
    assert "Aan dit ER-doel werkt nog geen enkel doel." in response.content.decode()
    assert [line.reference for line in theme_page.other_goals] == ["P4.3", "P4.11"]
    assert theme_page.total == 4
    assert theme_page.late == 1


def test_a_goal_under_two_er_goals_is_named_twice_and_counted_once(stage: Stage, log_in: LogIn) -> None:
    debts, lonely = stage.goals["P4.1"].er_goals.get(), stage.plan.er_goals.get(text__startswith="Sneller")
    stage.goals["P4.1"].er_goals.add(lonely)
    theme_page = log_in(stage.people.owner).get(theme_address(stage)).context["theme_page"]
    assert [block.text for block in theme_page.er_goals if "P4.1" in {line.reference for line in block.goals}] == [
        debts.text,
        lonely.text,
    ]
    assert theme_page.total == theme_page.bar.total == 4


def test_a_goal_of_another_theme_stands_under_the_er_goal_but_does_not_count_here(stage: Stage, log_in: LogIn) -> None:
    stage.goals["P1.3"].er_goals.add(stage.plan.er_goals.get(text__startswith="Sneller"))
    make_commitment(stage.programme, title="Mentoren", goals=[stage.goals["P1.3"]])
    context = log_in(stage.people.owner).get(theme_address(stage)).context
    theme_page = context["theme_page"]
    assert [line.reference for line in theme_page.er_goals[1].goals] == ["P1.3"]
    assert theme_page.total == 4
    assert "Mentoren" not in [line.title for line in context["commitments"]]


def test_a_theme_tells_the_deadlines_of_its_own_goals(stage: Stage, log_in: LogIn) -> None:
    stage.goals["P4.11"].er_goals.add(stage.plan.er_goals.get(theme=stage.themes["P1"]))
    client = log_in(stage.people.councillor)
    own = client.get(theme_address(stage)).context["theme_page"]
    other = client.get(theme_address(stage, "P1")).context["theme_page"]
    assert "P4.11" in [line.reference for line in other.er_goals[0].goals]
    assert [[line.reference for line in quarter.lines] for quarter in own.quarters] == [["P4.2"], ["P4.11"]]
    assert other.quarters == ()


def test_a_theme_leads_to_the_one_before_and_the_one_after(stage: Stage, log_in: LogIn) -> None:
    client = log_in(stage.people.owner)
    middle = client.get(theme_address(stage)).context["theme_page"]
    assert middle.previous.url == theme_address(stage, "P1")
    assert middle.next.url == theme_address(stage, "")
    assert client.get(theme_address(stage, "P1")).context["theme_page"].previous is None
    assert client.get(theme_address(stage, "")).context["theme_page"].next is None


def test_a_theme_of_another_programme_is_no_page(stage: Stage, log_in: LogIn) -> None:
    other = make_programme("Heel de Stad", "heel-de-stad")
    address = reverse("theme", args=[other.slug, stage.themes["P4"].pk])
    assert log_in(stage.people.owner).get(address).status_code == 404


def test_a_theme_that_only_a_concept_plan_knows_is_no_page_for_the_council(stage: Stage, log_in: LogIn) -> None:
    theme = stage.programme.themes.create(name="Geheim onderdeel")
    make_goals(make_plan(stage.programme, year=2024, state=Plan.State.CONCEPT), 1, theme=theme)
    address = reverse("theme", args=[stage.programme.slug, theme.pk])
    assert log_in(stage.people.councillor).get(address).status_code == 404
    assert log_in(stage.people.owner).get(address).status_code == 200


def test_a_theme_number_beyond_what_the_database_holds_is_no_page(stage: Stage, log_in: LogIn) -> None:
    address = reverse("theme", args=[stage.programme.slug, 10**30])
    assert log_in(stage.people.owner).get(address).status_code == 404


# --- safety and cost -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [dashboard_address, theme_address])
def test_texts_are_shown_as_text_and_not_as_markup(stage: Stage, log_in: LogIn, address) -> None:
    for record in (
        *stage.plan.ambitions.all(),
        *stage.plan.er_goals.all(),
        *stage.goals.values(),
        *stage.themes.values(),
    ):
        field = "name" if hasattr(record, "name") else "text"
        setattr(record, field, f"<img src=x onerror=alert({record.pk})>{getattr(record, field)}")
        record.save()
    page = log_in(stage.people.manager).get(address(stage)).content.decode()
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


@pytest.mark.parametrize("goals", [5, 40])
@pytest.mark.parametrize(
    ("address", "person", "queries"),
    [
        (dashboard_address, "councillor", 15),
        (dashboard_address, "manager", 17),
        (theme_address, "councillor", 17),
        (theme_address, "manager", 19),
    ],
)
def test_the_number_of_queries_does_not_grow_with_the_goals(
    stage: Stage, log_in: LogIn, django_assert_num_queries, address, person: str, queries: int, goals: int
) -> None:
    extra = make_goals(stage.plan, goals, theme=stage.themes["P4"], owner=stage.department)
    for er_goal in stage.plan.er_goals.filter(theme=stage.themes["P4"]):
        er_goal.goals.add(*extra)
    stage.focus_area.goals.add(*extra)
    report_on(stage.adopted_round, extra, status="at_risk", explanation=ADOPTED_TEXT)
    make_updates(stage.open_round, extra, state="submitted", status="delayed", explanation="Het loopt uit")
    client = log_in(getattr(stage.people, person))
    with django_assert_num_queries(queries):
        assert client.get(address(stage)).status_code == 200


# --- indicators and commitments --------------------------------------------------------------------------------------


def make_key_indicator(stage: Stage, name: str, value: int, round_: ReportingRound | None) -> None:
    indicator = Indicator.objects.create(programme=stage.programme, name=name, unit="plekken", is_key=True)
    Target.objects.create(indicator=indicator, last_day=datetime.date(2023, 6, 30), value=10)
    Measurement.objects.create(
        indicator=indicator,
        first_day=datetime.date(2023, 1, 1),
        last_day=datetime.date(2023, 6, 30),
        value=value,
        round=round_,
    )


def test_the_council_sees_of_the_key_indicators_what_belongs_to_no_open_round(stage: Stage, log_in: LogIn) -> None:
    make_key_indicator(stage, "Vastgesteld", 41_234, stage.adopted_round)
    make_key_indicator(stage, "Nog open", 51_234, stage.open_round)
    Indicator.objects.create(programme=stage.programme, name="Geen kernindicator")
    council = log_in(stage.people.councillor).get(dashboard_address(stage)).content.decode()
    officer = log_in(stage.people.owner).get(dashboard_address(stage)).content.decode()
    for page in (council, officer):
        assert "41.234 plekken" in page
        assert "Geen kernindicator" not in page
        assert reverse("indicators", args=[stage.programme.slug]) in page
    assert "51.234" in officer
    assert "51.234" not in council


def test_an_adopted_round_shows_no_value_of_a_later_half_year(stage: Stage, log_in: LogIn) -> None:
    make_key_indicator(stage, "Plekken", 41_234, stage.adopted_round)
    Measurement.objects.create(
        indicator=Indicator.objects.get(),
        first_day=datetime.date(2023, 7, 1),
        last_day=datetime.date(2023, 12, 31),
        value=51_234,
    )
    client = log_in(stage.people.owner)
    for round_, value in (("2023-H1", "41.234 plekken"), ("2023-H2", "51.234 plekken")):
        shown = client.get(dashboard_address(stage, ronde=round_)).context["key_indicators"]
        assert [one.value for one in shown] == [value]


@pytest.mark.parametrize("count", [1, 12])
def test_the_number_of_queries_does_not_grow_with_the_indicators(
    stage: Stage, log_in: LogIn, django_assert_num_queries, count: int
) -> None:
    for number in range(count):
        make_key_indicator(stage, f"Indicator {number}", number, stage.adopted_round)
    client = log_in(stage.people.councillor)
    with django_assert_num_queries(17):
        client.get(dashboard_address(stage))


def test_open_commitments_stand_on_the_dashboard_and_on_the_theme_of_their_goals(stage: Stage, log_in: LogIn) -> None:
    Commitment.objects.all().delete()
    client = log_in(stage.people.councillor)
    assert "die nu open staan" not in client.get(dashboard_address(stage)).content.decode()
    for number in range(7):
        commitment = Commitment.objects.create(programme=stage.programme, title=f"Toezegging {number}")
    Commitment.objects.create(
        programme=stage.programme, title="Al afgedaan", state="settled", settled_on=datetime.date(2023, 5, 1)
    )
    commitment.goals.add(stage.goals["P4.1"])
    page = client.get(dashboard_address(stage)).content.decode()
    assert "Bekijk alle 7 die nog open zijn" in page
    assert "Al afgedaan" not in page
    assert "Toezegging 6" in client.get(theme_address(stage)).content.decode()
    assert "Toezegging 6" not in client.get(theme_address(stage, "P1")).content.decode()


@pytest.mark.parametrize("person", ["councillor", "manager"])
@pytest.mark.parametrize(
    ("more", "link", "settled_too"),
    [
        (2, "Bekijk alle toezeggingen, moties en aanbevelingen van dit onderdeel", True),
        (6, "Bekijk alle {} die nog open zijn", False),
    ],
)
def test_the_link_below_the_commitments_of_a_theme_leads_to_as_many_as_it_says(
    stage: Stage, log_in: LogIn, person: str, more: int, link: str, settled_too: bool
) -> None:
    for number in range(more):
        make_commitment(stage.programme, title=f"Toezegging {number}", goals=[stage.goals["P4.1"]])
    make_commitment(stage.programme, title="Van een ander onderdeel", goals=[stage.goals["P1.1"]])
    make_commitment(stage.programme, title="Van geen doel")
    make_commitment(
        stage.programme,
        title="Afgedaan",
        state="settled",
        settled_on=datetime.date(2023, 5, 1),
        goals=[stage.goals["P4.1"]],
    )
    # Of a plan that the page does not show.
    later = make_goals(make_plan(stage.programme, year=2024), 1, theme=stage.themes["P4"])
    make_commitment(stage.programme, title="Over het volgende plan", goals=later)
    client = log_in(getattr(stage.people, person))
    response = client.get(theme_address(stage))
    count = response.context["commitment_count"]
    # The promise is open for the council and proposed for the manager.
    assert count == more + (3 if person == "councillor" else 2)
    assert link.format(count) in response.content.decode()
    page = client.get(response.context["commitments_url"]).context["commitment_list"]
    # Of the stage there are two, and two more above.
    assert page.shown == (more + 4 if settled_too else count)


def test_a_theme_shows_its_own_indicators(stage: Stage, log_in: LogIn) -> None:
    for code in ("P1", "P4"):
        Indicator.objects.create(programme=stage.programme, name=f"Cijfer van {code}", theme=stage.themes[code])
    page = log_in(stage.people.councillor).get(theme_address(stage)).content.decode()
    assert "Cijfer van P4" in page
    assert "Cijfer van P1" not in page
