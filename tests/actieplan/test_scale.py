"""The synthetic data set."""

import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from actieplan.scale import make_scale
from din.models import Goal, Programme
from monitoring.models import Report, ReportedGoal, ReportingRound, Update
from monitoring.report.build import build_report
from monitoring.report.frozen import thaw
from tests.cast import make_programme


def test_as_much_is_made_as_asked_for(db: None) -> None:
    out = io.StringIO()
    call_command("scale", programmes=2, goals=7, rounds=3, stdout=out)
    assert out.getvalue().startswith("42 keer voortgang")
    assert (Programme.objects.count(), Goal.objects.count()) == (2, 14)
    assert Update.objects.count() == 42
    assert ReportedGoal.objects.count() == 28
    states = list(ReportingRound.objects.order_by("programme", "year", "half").values_list("state", flat=True))
    assert states == ["adopted", "adopted", "open"] * 2


def test_what_is_made_passes_the_rules_of_the_application(db: None) -> None:
    make_scale(programmes=1, goals=12, rounds=2)
    for goal in Goal.objects.all():
        goal.full_clean()
        assert goal.er_goals.count() == goal.efforts.count() == 1
    for update in Update.objects.all():
        update.full_clean()


def test_its_reports_are_those_that_adopting_would_have_frozen(db: None) -> None:
    make_scale(programmes=1, goals=12, rounds=3)
    for report in Report.objects.select_related("round"):
        assert thaw(report.document) == build_report(report.round, today=report.round.deadline)


def test_the_same_numbers_give_the_same_data(db: None) -> None:
    make_scale(programmes=1, goals=4, rounds=1)
    first = list(Update.objects.order_by("goal__position").values_list("status", "explanation"))
    Update.objects.all().delete()
    ReportingRound.objects.all().delete()
    for model in (Goal.er_goals.through, Goal.efforts.through):
        model.objects.all().delete()
    programme = Programme.objects.get()
    Programme.objects.filter(pk=programme.pk).update(slug="eerder", name="Eerder")
    make_scale(programmes=1, goals=4, rounds=1)
    assert list(Update.objects.order_by("goal__position").values_list("status", "explanation")) == first


def test_a_database_with_programmes_is_refused(db: None) -> None:
    make_programme()
    with pytest.raises(CommandError, match="Gebruik een lege"):
        call_command("scale", programmes=1, goals=1, rounds=1)
    assert not Update.objects.exists()


@pytest.mark.parametrize("wrong", [{"programmes": 0}, {"goals": -1}, {"rounds": 101}])
def test_senseless_numbers_are_refused(db: None, wrong: dict[str, int]) -> None:
    with pytest.raises(CommandError):
        call_command("scale", **{"programmes": 1, "goals": 1, "rounds": 1, **wrong})
    assert not Programme.objects.exists()


def test_a_manager_that_nobody_knows_is_refused(db: None) -> None:
    with pytest.raises(CommandError, match="geen gebruiker"):
        call_command("scale", programmes=1, goals=1, rounds=1, manager="niemand")
    assert not Programme.objects.exists()
