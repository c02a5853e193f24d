"""The re-cut of "Vastpakken en niet loslaten": three actielijnen, a year earlier done, and the year's DIN untouched."""

from __future__ import annotations

import datetime

import pytest

from din.models import Goal, Plan, Programme, Recut, Theme

pytestmark = pytest.mark.django_db

DAY = datetime.date(2023, 7, 1)


@pytest.fixture
def programme(demonstration: None) -> Programme:
    return Programme.objects.get(slug="vastpakken-en-niet-loslaten")


def test_the_programme_ends_a_year_earlier(programme: Programme) -> None:
    (recut,) = Recut.objects.filter(programme=programme)
    assert (recut.day, recut.last_year_before, recut.last_year_after) == (DAY, 2026, 2024)
    assert programme.last_year == 2024


def test_goals_moved_to_three_lines_or_ended(programme: Programme) -> None:
    moves = {
        (move.from_title.partition(":")[0], move.to_title.partition(":")[0] or "ended")
        for move in Recut.objects.get(programme=programme).moves.all()
    }
    assert moves == {
        ("Pijler 5", "Actielijn 1"),
        ("Pijler 2", "Actielijn 1"),
        ("Pijler 4", "Actielijn 1"),
        ("Pijler 5", "Actielijn 2"),
        ("Thema 2", "Actielijn 2"),
        ("Pijler 3", "Actielijn 2"),
        ("Jongerenparticipatie", "Actielijn 3"),
        ("Pijler 1", "ended"),
        ("Pijler 3", "ended"),
        ("Thema 1", "ended"),
    }
    lines = Theme.objects.filter(programme=programme, kind="actielijn").order_by("number")
    assert [theme.goals.count() for theme in lines] == [3, 3, 2]


def test_both_divisions_are_known_at_their_day(programme: Programme) -> None:
    plan = Plan.objects.get(programme=programme, first_year=2021)
    moved = plan.goals.get(text="Uit de jeugdhulp naar een eigen plek")
    before, after = (
        moved.history.as_of(moment) for moment in (at(datetime.date(2023, 6, 1)), at(datetime.date(2024, 1, 1)))
    )
    assert (before.theme.title, before.deadline.year) == ("Pijler 5: Zorg en hulp", 2026)
    assert (after.theme.kind, after.deadline.year) == ("actielijn", 2024)
    assert len(moved.intended_results.splitlines()) == 5


def test_the_din_of_the_year_stays_as_it_was(programme: Programme) -> None:
    goals = Goal.objects.filter(plan__programme=programme, plan__name="DIN 2023")
    assert goals.count() == 48
    assert not goals.filter(theme__kind="actielijn").exists()
    assert not goals.exclude(ended_on=None).exists()


def at(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(12), datetime.UTC)
