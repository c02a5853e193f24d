"""What a report says of indicators and commitments, and that it says the same after adoption."""

import datetime
import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from din.models import Programme
from monitoring.models import Commitment, Indicator, Measurement, Report, ReportingRound, Target
from monitoring.report.build import build_report
from monitoring.report.document import ReportDocument
from monitoring.report.formats.xlsx import render_xlsx
from monitoring.report.frozen import freeze, thaw
from tests.cast import Stage, adopt

DAY = datetime.date(2024, 1, 15)
FORMULA = '=HYPERLINK("https://kwaad.example")'


def make_indicator(programme: Programme, name: str = "Plekken", **fields: object) -> Indicator:
    return Indicator.objects.create(
        programme=programme, name=name, baseline=10, baseline_day=datetime.date(2022, 12, 31), **fields
    )


def measure(indicator: Indicator, year: int, value: str, round_: ReportingRound | None = None) -> Measurement:
    return Measurement.objects.create(
        indicator=indicator,
        first_day=datetime.date(year, 1, 1),
        last_day=datetime.date(year, 12, 31),
        value=Decimal(value),
        round=round_,
        source="Voorbeeld",
        note=FORMULA,
    )


def make_commitment(stage: Stage, number: str, **fields: object) -> Commitment:
    commitment = Commitment.objects.create(
        programme=stage.programme, number=number, title=f"Toezegging {number}", **fields
    )
    commitment.goals.add(stage.goals["P1.1"])
    return commitment


@pytest.fixture(autouse=True)
def no_other_commitments(stage: Stage) -> None:
    """The stage has commitments of its own; these tests make theirs."""
    Commitment.objects.all().delete()


@pytest.fixture
def insight(stage: Stage) -> Stage:
    indicator = make_indicator(stage.programme, decimals=2, unit="%", is_key=True)
    indicator.goals.add(stage.goals["P1.1"], stage.goals[""])
    Target.objects.create(indicator=indicator, last_day=datetime.date(2024, 12, 31), value=50)
    Target.objects.create(
        indicator=indicator,
        last_day=datetime.date(2024, 12, 31),
        value=80,
        revised_on=DAY,
        revision_reason="Te hoog gegrepen",
    )
    measure(indicator, 2023, "48.33", stage.open_round)
    make_commitment(stage, "23bb000001", made_on=datetime.date(2023, 3, 1))
    return stage


def document_of(round_: ReportingRound) -> ReportDocument:
    return build_report(round_, today=DAY)


def test_an_indicator_comes_with_its_goals_its_targets_in_force_and_its_measurements(insight: Stage) -> None:
    (indicator,) = document_of(insight.open_round).indicators
    assert (indicator.name, indicator.unit, indicator.is_key, indicator.baseline) == ("Plekken", "%", True, "10")
    assert indicator.goals == ("P1.1", insight.goals[""].text)
    assert [(target.day, target.value) for target in indicator.targets] == [("2024-12-31", "50")]
    assert [(one.period, one.value) for one in indicator.measurements] == [("2023", "48.33")]
    # Half way from 10 to 50 is 30: on course.
    assert indicator.judgement_label == "op koers"


def test_what_was_measured_in_a_later_round_is_not_in_an_earlier_report(insight: Stage) -> None:
    (indicator,) = document_of(insight.adopted_round).indicators
    assert indicator.measurements == ()
    assert indicator.judgement_label == "geen meting"


@pytest.mark.parametrize(("year", "there"), [(2022, True), (2023, True), (2024, False)])
def test_what_was_measured_outside_a_round_counts_when_its_period_has_ended(
    stage: Stage, year: int, there: bool
) -> None:
    measure(make_indicator(stage.programme), year, "12")
    (indicator,) = document_of(stage.open_round).indicators
    assert bool(indicator.measurements) is there


def test_an_indicator_of_parts_has_the_judgement_of_the_part_that_needs_a_look(stage: Stage) -> None:
    whole = make_indicator(stage.programme, "Doorlooptijd")
    for name, value in (("Goed", "60"), ("Slecht", "1")):
        part = make_indicator(stage.programme, name, part_of=whole)
        Target.objects.create(indicator=part, last_day=datetime.date(2023, 12, 31), value=50)
        measure(part, 2023, value)
    indicators = document_of(stage.open_round).indicators
    assert [(one.name, one.part_of, one.judgement_label) for one in indicators] == [
        ("Doorlooptijd", "", "niet op koers"),
        ("Goed", "Doorlooptijd", "gehaald"),
        ("Slecht", "Doorlooptijd", "niet op koers"),
    ]


def test_a_proposal_is_told_with_its_own_round_and_later_ones(stage: Stage) -> None:
    make_commitment(
        stage,
        "23bb000002",
        state=Commitment.State.PROPOSED,
        settlement="Het is gedaan",
        proposed_in=stage.open_round,
    )
    (early,) = document_of(stage.adopted_round).commitments
    assert (early.state, early.settlement, early.goals) == ("open", "", ("P1.1",))
    (told,) = document_of(stage.open_round).commitments
    assert (told.state, told.settlement) == ("proposed", "Het is gedaan")


def test_a_commitment_that_was_settled_with_a_later_round_is_still_open_in_this_one(stage: Stage) -> None:
    settled = {"state": "settled", "settlement": "Het is gedaan", "settled_on": datetime.date(2024, 2, 1)}
    make_commitment(stage, "23bb000004", proposed_in=stage.open_round, **settled)
    (early,) = document_of(stage.adopted_round).commitments
    assert (early.state, early.settlement, early.settled_on) == ("open", "", "")
    (told,) = document_of(stage.open_round).commitments
    assert (told.state, told.settlement, told.settled_on) == ("settled", "Het is gedaan", "2024-02-01")


def test_commitments_come_by_their_day_and_number(stage: Stage) -> None:
    for number, day in (("23bb000009", 5), ("23bb000008", 5), ("23bb000007", 6), ("23bb000006", 4)):
        make_commitment(stage, number, made_on=datetime.date(2023, 9, day))
    numbers = [one.number for one in document_of(stage.open_round).commitments]
    assert numbers == ["23bb000006", "23bb000008", "23bb000009", "23bb000007"]


def test_targets_and_measurements_come_by_their_day(stage: Stage) -> None:
    indicator = make_indicator(stage.programme)
    for year in (2022, 2020, 2021):
        Target.objects.create(indicator=indicator, last_day=datetime.date(year + 5, 12, 31), value=year)
        measure(indicator, year, "5")
    (told,) = document_of(stage.open_round).indicators
    assert [target.day[:4] for target in told.targets] == ["2025", "2026", "2027"]
    assert [one.first_day[:4] for one in told.measurements] == ["2020", "2021", "2022"]


def test_what_another_programme_has_is_not_told(stage: Stage) -> None:
    other = Programme.objects.create(name="Ander", slug="ander", first_year=2023, last_year=2025)
    make_indicator(other)
    Commitment.objects.create(programme=other, number="23bb000005", title="Van een ander")
    document = document_of(stage.open_round)
    assert (document.indicators, document.commitments) == ((), ())


@pytest.mark.parametrize(
    ("fields", "there"),
    [
        ({"made_on": datetime.date(2023, 12, 31)}, True),
        ({"made_on": datetime.date(2024, 1, 1)}, False),
        ({"state": "settled", "settled_on": datetime.date(2023, 7, 1)}, True),
        ({"state": "settled", "settled_on": datetime.date(2023, 6, 30)}, False),
    ],
)
def test_a_report_tells_what_was_there_in_its_half_year(stage: Stage, fields: dict[str, object], there: bool) -> None:
    make_commitment(stage, "23bb000003", **fields)
    assert bool(document_of(stage.open_round).commitments) is there


def test_an_adopted_report_says_the_same_after_later_edits(insight: Stage) -> None:
    round_ = insight.open_round
    round_.updates.unfinished().update(state="not_delivered", not_delivered_reason="Voorbeeld", return_reason="")
    before = document_of(round_)
    adopt(round_)
    Indicator.objects.update(name="Heel anders", unit="mensen")
    Measurement.objects.update(value=1)
    Target.objects.in_force().update(value=2)
    Commitment.objects.update(title="Heel anders")
    frozen = thaw(Report.objects.get(round=round_).document)
    assert (frozen.indicators, frozen.commitments) == (before.indicators, before.commitments)
    assert freeze(frozen)[1] == Report.objects.get(round=round_).sha256


def test_an_edition_from_before_there_were_indicators_is_still_read(stage: Stage) -> None:
    document = document_of(stage.open_round)
    text, _ = freeze(document)
    for name in ("indicators", "commitments"):
        text = text.replace(f'"{name}":[],', "")
    assert "indicators" not in text
    assert thaw(text) == document


def test_the_spreadsheet_has_them_with_user_text_as_text(insight: Stage) -> None:
    book = load_workbook(io.BytesIO(render_xlsx(document_of(insight.open_round))))
    (row,) = book["Indicatoren"].iter_rows(min_row=2)
    assert [cell.value for cell in row[:5]] == ["Plekken", "ja", "%", "2023", 48.33]
    assert (row[6].value, row[6].data_type) == (FORMULA, "s")
    assert row[7].value == "50 op 31-12-2024"
    (row,) = book["Toezeggingen"].iter_rows(min_row=2)
    assert [cell.value for cell in row[:3]] == ["Toezegging", "23bb000001", "Toezegging 23bb000001"]
    assert (row[4].value, row[7].value, row[9].value) == (datetime.datetime(2023, 3, 1), "Open", "P1.1")


@pytest.mark.parametrize("count", [1, 12])
def test_queries_do_not_grow(stage: Stage, django_assert_num_queries, count: int) -> None:
    for number in range(count):
        indicator = make_indicator(stage.programme, f"Indicator {number}")
        indicator.goals.add(stage.goals["P1.1"])
        measure(indicator, 2023, "1")
        Target.objects.create(indicator=indicator, last_day=DAY, value=3)
        make_commitment(stage, f"23bb{number:06}")
    with django_assert_num_queries(25):
        document = document_of(stage.open_round)
    assert (len(document.indicators), len(document.commitments)) == (count, count)
