"""The figures of the published documents, listed here by hand, against what the demonstration holds."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from monitoring.models import Commitment, Indicator, Measurement, ReportingRound, Target
from monitoring.models.indicator import in_order

pytestmark = pytest.mark.django_db

HOMELESS = "op-weg-naar-herstel-en-een-thuis"
WHOLE_CITY = "heel-de-stad"
YOUNG_PEOPLE = "vastpakken-en-niet-loslaten"


def indicator(programme: str, name: str) -> Indicator:
    """The indicator of that name; "whole / part" names a part."""
    whole, _, part = name.partition(" / ")
    found = Indicator.objects.get(programme__slug=programme, part_of=None, name=whole)
    return found.parts.get(name=part) if part else found


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


# name -> direction, baseline, measurements and targets, each by its last day
FIGURES = {
    HOMELESS: {
        "Sociale huurwoningen benutten / Deel van de vrijgekomen woningen": (
            *("within", None, {"2023-12-31": "22"}),
            {"2023-12-31": "0-25", "2024-12-31": "0-25", "2025-12-31": "0-25", "2026-12-31": "0-25"},
        ),
        "Sociale huurwoningen benutten / Taakstelling directe bemiddeling": (
            *("higher", None, {"2023-12-31": "96"}),
            {"2023-12-31": "100", "2024-12-31": "100"},
        ),
        "Langer dan 90 dagen in de opvang": ("lower", ("2022-12-31", "48.33"), {"2023-12-31": "47.25"}, {}),
        "Nieuwe toelatingen / Toelatingen opvang, 23 jaar en ouder": (
            *("lower", ("2022-12-31", "1031"), {"2023-12-31": "1149"}, {}),
        ),
        "Nieuwe toelatingen / Toelatingen beschermd wonen": (
            *("lower", ("2022-12-31", "402"), {"2023-12-31": "398"}, {}),
        ),
        "IPS-trajecten": ("higher", None, {"2024-06-30": "59"}, {"2026-12-31": "50"}),
        "Housing First": ("higher", None, {"2023-12-31": "30"}, {"2023-12-31": "50", "2024-12-31": "50"}),
        "Project010": (
            *("higher", ("2023-12-31", "35"), {}),
            {"2024-12-31": "50", "2025-12-31": "50", "2026-12-31": "50"},
        ),
        "Wonen Eerst": ("higher", ("2023-12-31", "85"), {"2023-12-31": "85"}, {"2026-12-31": "125"}),
        "Flexwonen voor bankslapers": (*("higher", ("2023-03-31", "30"), {"2024-06-30": "64"}, {"2024-12-31": "100"}),),
        "Herstelacademies": ("higher", ("2023-03-31", "3"), {"2024-06-30": "5"}, {"2025-12-31": "8"}),
        "Afgebouwde inloopvoorzieningen": (*("higher", ("2022-12-31", "0"), {"2024-06-30": "2"}, {"2025-01-01": "6"}),),
    },
    WHOLE_CITY: {
        "Kinderen die een erkende training afronden": (
            *("higher", None, {}),
            {"2023-12-31": "5000", "2024-12-31": "5000", "2025-12-31": "5000", "2026-12-31": "5000"},
        ),
        "Woonvormen tussen thuis en verpleeghuis / Thuisplusflats": (
            *("higher", ("2023-03-31", "6"), {"2023-03-31": "6"}, {"2026-12-31": "20"}),
        ),
        "Woonvormen tussen thuis en verpleeghuis / Voorzieningen samen": ("higher", None, {}, {"2026-12-31": "24"}),
        "Schoolzorgteams": (
            *("higher", ("2023-03-31", "69"), {"2023-03-31": "69"}, {"2023-06-30": "80", "2023-12-31": "125"}),
        ),
        "Gesubsidieerde trainingen / Soorten trainingen": ("higher", None, {"2022-12-31": "123"}, {}),
        "Gesubsidieerde trainingen / Deel dat is erkend": ("higher", None, {"2022-12-31": "65"}, {}),
        "Praktijkondersteuners jeugd / Huisartsenlocaties": ("higher", None, {"2023-03-31": "53"}, {}),
        "Praktijkondersteuners jeugd / Praktijkondersteuners": ("higher", None, {"2023-03-31": "29"}, {}),
        "Praktijkondersteuners jeugd / Bereikte jongeren": ("higher", None, {"2023-03-31": "42"}, {}),
        "Afgeronde begeleidingen Moeders van Rotterdam": ("higher", None, {"2022-12-31": "213"}, {}),
        "Werkvoorraad Veilig Thuis": ("lower", ("2022-09-30", "730"), {"2023-01-31": "288"}, {}),
        "Besprekingen op het Jeugdbeschermingsplein": ("lower", ("2021-12-31", "478"), {"2022-12-31": "348"}, {}),
        "Flats met activiteiten van bewoners": ("higher", None, {"2023-03-31": "18"}, {}),
        "Ouderen met een training tegen vallen": ("higher", None, {"2022-12-31": "300"}, {}),
        "Mensen met dementie in begeleiding (Schiebroek)": ("higher", None, {"2023-03-31": "70"}, {}),
        "Bereikte 55-plussers per gebied": ("higher", None, {}, {"2023-12-31": "5", "2024-12-31": "5"}),
        "Wijken met een regieverpleegkundige": ("higher", None, {"2023-03-31": "24"}, {}),
        "Zaken die met PRIO verder kwamen": ("higher", None, {"2022-12-31": "189"}, {}),
    },
    YOUNG_PEOPLE: {
        "Afhandeltermijnen bijstandsaanvraag / Binnen de wettelijke termijn": (
            *("higher", None, {"2023-06-30": "91", "2023-12-31": "92"}, {"2023-06-30": "90", "2023-12-31": "90"}),
        ),
        "Afhandeltermijnen bijstandsaanvraag / Binnen 4 weken": (
            *("higher", None, {"2023-06-30": "81", "2023-12-31": "86"}, {"2023-06-30": "85", "2023-12-31": "85"}),
        ),
        "Afhandeltermijnen bijstandsaanvraag / Binnen 2 weken": (
            *("higher", None, {"2023-06-30": "57", "2023-12-31": "60"}, {"2023-06-30": "65", "2023-12-31": "65"}),
        ),
        "Afhandeltermijnen bijstandsaanvraag / Gemiddelde duur": (
            *("lower", None, {"2023-06-30": "31", "2023-12-31": "30"}, {"2023-06-30": "28", "2023-12-31": "28"}),
        ),
        "Woningen voor jongeren / Aangeboden woningen onder de kwaliteitskortingsgrens": (
            *("higher", None, {"2023-06-30": "291"}, {"2023-12-31": "582"}),
        ),
        "Woningen voor jongeren / Deel voor jongeren": (
            *("higher", ("2021-12-31", "45"), {"2022-12-31": "65"}, {"2023-12-31": "75"}),
        ),
        "Uitstroomtraject / Jongeren in het traject": (*("higher", None, {"2024-09-30": "15"}, {"2024-09-30": "15"}),),
        "Uitstroomtraject / Nog in procedure": ("lower", None, {"2024-09-30": "10"}, {}),
        "Uitstroomtraject / Verlengde jeugdhulp": ("lower", None, {"2024-09-30": "1"}, {}),
        "Uitstroomtraject / (Bijna) verhuisd": ("higher", None, {"2024-09-30": "4"}, {}),
        "Uitstroomroutes": ("higher", None, {"2023-12-31": "5"}, {}),
        "Psychologen voor studenten": ("higher", None, {"2022-12-31": "4.4"}, {}),
        "Mbo-instellingen met Lifegoals": ("higher", None, {"2023-06-30": "1"}, {"2023-12-31": "2"}),
        "Bijeenkomsten van de loketten": (
            *("higher", ("2023-01-01", "0"), {"2023-06-30": "1", "2023-12-31": "3"}, {"2023-12-31": "3"}),
        ),
        "Jongeren in klankbordgroep en auditteam": (
            *("higher", None, {"2023-06-30": "7", "2023-12-31": "12"}, {"2023-12-31": "10"}),
        ),
    },
}


@pytest.mark.parametrize("programme", FIGURES)
def test_every_figure_is_there(demonstration: None, programme: str) -> None:
    found = {}
    for one in Indicator.objects.filter(programme__slug=programme, parts=None).select_related("part_of"):
        name = f"{one.part_of.name} / {one.name}" if one.part_of else one.name
        baseline = None if one.baseline is None else (str(one.baseline_day), plain(one.baseline))
        found[name] = (
            one.direction,
            baseline,
            {str(each.last_day): plain(each.value) for each in one.measurements.all()},
            {
                str(each.last_day): "-".join(
                    map(plain, filter(lambda bound: bound is not None, (each.value, each.upper)))
                )
                for each in one.targets.in_force()
            },
        )
    assert found == FIGURES[programme]


def plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def test_the_key_indicators_are_the_four_of_the_plan(demonstration: None) -> None:
    key = in_order(Indicator.objects.filter(programme__slug=HOMELESS, is_key=True))
    assert [(one.name, one.theme.name, sorted(goal.number for goal in one.goals.all())) for one in key] == [
        ("Sociale huurwoningen benutten", "Huisvesting", [1, 2]),
        ("Langer dan 90 dagen in de opvang", "Opvang", [1]),
        ("Nieuwe toelatingen", "Preventie en hulp", [1, 3]),
        ("IPS-trajecten", "Meedoen", [3]),
    ]


def test_the_four_norms_are_parts_on_one_goal(demonstration: None) -> None:
    norms = Indicator.objects.get(name="Afhandeltermijnen bijstandsaanvraag")
    (goal,) = norms.goals.select_related("theme")
    assert (goal.theme.name, goal.number, goal.plan.name) == ("Inkomen", 11, "DIN 2023")
    assert [(part.name, part.unit) for part in norms.parts.order_by("position")] == [
        ("Binnen de wettelijke termijn", "%"),
        ("Binnen 4 weken", "%"),
        ("Binnen 2 weken", "%"),
        ("Gemiddelde duur", "dagen"),
    ]


def test_what_no_document_measured_says_so(demonstration: None) -> None:
    """The workbook's year has norms and no measurements: those of its rounds are invented."""
    for measurement in Measurement.objects.filter(round__programme__slug=YOUNG_PEOPLE):
        assert measurement.source == "voorbeeld"
    for measurement in Measurement.objects.exclude(round__programme__slug=YOUNG_PEOPLE):
        assert "voorbeeld" not in measurement.source


def test_every_figure_has_a_source(demonstration: None) -> None:
    assert Indicator.objects.exists()
    assert not Indicator.objects.filter(source="").exists()
    assert Target.objects.exists()
    assert not Target.objects.filter(source="").exists()
    assert Measurement.objects.exists()
    assert not Measurement.objects.filter(source="").exists()
    for commitment in Commitment.objects.all():
        assert "Bron: " in commitment.text


def test_every_indicator_shows_how_far_a_goal_is(demonstration: None) -> None:
    for one in Indicator.objects.filter(part_of=None):
        assert one.goals.exists(), one
        assert one.owner is not None, one


def test_what_a_report_tells_belongs_to_its_round(demonstration: None) -> None:
    homeless = ReportingRound.objects.get(programme__slug=HOMELESS)
    measured = Measurement.objects.filter(indicator__programme__slug=HOMELESS)
    assert measured.count() == homeless.measurements.count() == 11


def test_the_commitments_are_those_of_the_documents(demonstration: None) -> None:
    found = {
        (one.kind, one.number or one.title.partition(":")[0], one.state, one.proposed_in and one.proposed_in.name)
        for one in Commitment.objects.filter(programme__slug=HOMELESS)
    }
    assert found == {
        ("motie", "22bb004374", "open", None),
        ("toezegging", "24bb000736", "proposed", "2024-H1"),
        ("toezegging", "23bb006581", "proposed", "2024-H1"),
        ("toezegging", "24bb001916", "settled", None),
        ("aanbeveling", "Aanbeveling 1", "open", None),
        ("aanbeveling", "Aanbeveling 2", "open", None),
        ("aanbeveling", "Aanbeveling 7", "open", None),
    }
    settled_elsewhere = Commitment.objects.filter(programme__slug=WHOLE_CITY)
    assert {(one.number, one.state, one.proposed_in) for one in settled_elsewhere} == {
        ("21bb005387", "proposed", None),
        ("22bb006969", "proposed", None),
        ("22bb007786", "proposed", None),
    }
    days = {one.number: one.made_on for one in Commitment.objects.exclude(made_on=None)}
    assert days["22bb004374"] == day("2022-06-16")
    assert days["24bb000736"] == day("2024-01-31")
    assert days["23bb006581"] == day("2023-09-28")
    for one in Commitment.objects.all():
        assert one.goals.exists(), one
