"""The pages of an adopted round show what was adopted, whatever happens to the plan afterwards."""

from __future__ import annotations

import datetime
import re
from difflib import unified_diff

import pytest
from django.test import Client

from din.models import Goal, Owner, Theme
from monitoring import workflow
from monitoring.earlier import previous_update
from monitoring.models import Update
from monitoring.workflow import Content
from tests.cast import Stage, correct_report, make_plan
from tests.conftest import LogIn

ROUND = "?ronde=2023-H1"
NEW_TEXT = "Herschreven na de vaststelling"
NEW_OWNER = "Nieuwe directie"
NEW_THEME = "Herdoopte pijler"


@pytest.fixture
def councillor(stage: Stage, log_in: LogIn) -> Client:
    return log_in(stage.people.councillor)


def addresses(stage: Stage) -> dict[str, str]:
    programme = stage.programme.get_absolute_url()
    return {
        "dashboard": f"{programme}{ROUND}",
        "goals": f"{programme}doelen/{ROUND}",
        "search": f"{programme}doelen/{ROUND}&q=P1.2",
        "by owner": f"{programme}doelen/{ROUND}&eigenaar={stage.department.pk}",
        "by deadline": f"{programme}doelen/{ROUND}&sorteer=deadline",
        "theme": f"{programme}onderdelen/{stage.themes['P1'].pk}/{ROUND}",
        "programmes": "/programmas/",
    }


def main_part(client: Client, address: str) -> list[str]:
    """The page without what is of today: the forms, with what there is to choose from now, and the open commitments.

    Those say so: they follow the themes as the plan is divided now, as their own list does.
    """
    html = client.get(address).content.decode()
    page = html[html.index("<main") : html.index("</main>")]
    for of_today in (r"<form.*?</form>", r'<section aria-labelledby="toezeggingen">.*?</section>'):
        page = re.sub(of_today, "", page, flags=re.DOTALL)
    return [line.strip() for line in page.splitlines() if line.strip()]


def change_everything(stage: Stage) -> None:
    """Every goal another text, owner, theme and deadline; one in another plan; the theme and the owner renamed."""
    elsewhere = Theme.objects.create(
        programme=stage.programme, kind=Theme.Kind.PIJLER, number=9, name="Elders", position=9
    )
    owner = Owner.objects.create(programme=stage.programme, name=NEW_OWNER)
    for position, goal in enumerate(Goal.objects.filter(plan=stage.plan)):
        goal.text = f"{NEW_TEXT} {position}"
        goal.number, goal.position = 100 + position, 100 - position
        goal.owner, goal.theme = owner, elsewhere
        goal.deadline = datetime.date(2026, 12, 31)
        goal.save()
    stage.themes["P1"].name = NEW_THEME
    stage.themes["P1"].save()
    stage.department.name = "Hernoemde afdeling"
    stage.department.save()
    moved = stage.goals["P1.2"]
    moved.refresh_from_db()
    moved.plan = make_plan(stage.programme, year=2022)
    moved.save()


@pytest.mark.parametrize("page", ["dashboard", "goals", "search", "by owner", "by deadline", "theme", "programmes"])
def test_a_page_of_an_adopted_round_stays_as_it_was(stage: Stage, councillor: Client, page: str) -> None:
    address = addresses(stage)[page]
    before = main_part(councillor, address)
    assert any("P1.2" in line for line in before) or page in ("dashboard", "programmes")
    change_everything(stage)
    after = main_part(councillor, address)
    changed = list(unified_diff(before, after, n=0, lineterm=""))
    assert not changed, "\n".join(changed)


def test_the_running_round_shows_the_plan_as_it_is_now(stage: Stage, log_in: LogIn) -> None:
    change_everything(stage)
    html = (
        log_in(stage.people.manager).get(f"{stage.programme.get_absolute_url()}doelen/?ronde=2023-H2").content.decode()
    )
    assert NEW_TEXT in html
    assert NEW_OWNER in html


def test_the_goal_page_says_what_the_goal_was_then(stage: Stage, councillor: Client) -> None:
    goal = stage.goals["P1.2"]
    assert "Het doel luidde toen" not in councillor.get(goal.get_absolute_url()).content.decode()
    text = goal.text
    goal.text = NEW_TEXT
    goal.save()
    html = councillor.get(goal.get_absolute_url()).content.decode()
    assert "Het doel luidde toen:</strong> " + text in html


class TestACorrection:
    """What a later edition says counts from then on, on every page and for the next round."""

    @pytest.fixture(autouse=True)
    def _corrected(self, stage: Stage) -> None:
        corrected = Content("at_risk", "Verbeterde tekst", "Verbeterde stappen")
        correct_report(stage, {"P1.2": corrected, "P4.2": Content("on_track", "Toch nog ontvangen")})

    def test_the_pages_follow_it(self, stage: Stage, councillor: Client) -> None:
        programme = stage.programme.get_absolute_url()
        in_danger = councillor.get(f"{programme}doelen/{ROUND}&status=at_risk").content.decode()
        assert stage.goals["P1.2"].text in in_danger
        html = councillor.get(stage.goals["P1.2"].get_absolute_url()).content.decode()
        assert "Verbeterde tekst" in html

    def test_the_officer_sees_it_beside_the_form(self, stage: Stage) -> None:
        previous = previous_update(Update.objects.with_place().get(pk=stage.update("P1.2", stage.open_round).pk))
        assert previous is not None
        assert (previous.status, previous.explanation) == ("at_risk", "Verbeterde tekst")

    def test_what_came_in_only_by_the_correction_stands_beside_the_form_too(self, stage: Stage) -> None:
        previous = previous_update(Update.objects.with_place().get(pk=stage.update("P4.2", stage.open_round).pk))
        assert previous is not None
        assert (previous.status, previous.explanation) == ("on_track", "Toch nog ontvangen")

    def test_what_was_recorded_stays(self, stage: Stage) -> None:
        assert stage.update("P1.2", stage.adopted_round).status == "delayed"
        assert workflow.allowed_round_actions(stage.adopted_round) == []


# --- what is not frozen --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["dashboard", "goals", "theme"])
def test_a_page_says_what_is_of_today_and_leads_to_the_report(stage: Stage, log_in: LogIn, page: str) -> None:
    address = addresses(stage)[page]
    report = f'href="/rondes/{stage.adopted_round.pk}/rapport/"'
    adopted = log_in(stage.people.councillor).get(address).content.decode()
    assert "staan hier zoals ze nu in het plan staan" in adopted
    assert report in adopted
    running = log_in(stage.people.owner).get(address.replace(ROUND, "?ronde=2023-H2")).content.decode()
    assert "zoals ze nu in het plan staan" not in running


def test_the_open_commitments_are_those_of_today(stage: Stage, log_in: LogIn) -> None:
    said = "Dit is de stand van vandaag, en niet die van de ronde hierboven."
    assert said in log_in(stage.people.councillor).get(addresses(stage)["dashboard"]).content.decode()
    running = log_in(stage.people.owner).get(stage.programme.get_absolute_url()).content.decode()
    assert "Dit is de stand van vandaag." in running
    assert said not in running


def test_the_place_of_a_goal_is_that_of_the_plan_now(stage: Stage, log_in: LogIn) -> None:
    page = log_in(stage.people.councillor).get(stage.goals["P4.1"].get_absolute_url()).content.decode()
    assert "Zoals het nu in het plan staat." in page
