"""A small report in which every field says something, to try a template with. Knows no Django."""

from __future__ import annotations

from dataclasses import replace

from monitoring.report.document import (
    ReportCommitment,
    ReportDocument,
    ReportEffort,
    ReportGoal,
    ReportGone,
    ReportIndicator,
    ReportMeasurement,
    ReportTarget,
    ReportTheme,
    StatusCount,
)

_GOAL = ReportGoal(
    reference="P1.1",
    number=1,
    kind="SMART-doel",
    text="Voorbeeld: alle scholen hebben een vaste contactpersoon",
    deadline="2024-03-31",
    deadline_label="1e kwartaal 2024",
    owner="Afdeling Jeugd",
    state="approved",
    state_label="goedgekeurd",
    status="delayed",
    status_label="vertraagd",
    explanation="De werving duurt langer dan verwacht.\n\nEr is een nieuwe oproep gedaan.",
    next_steps="De gesprekken zijn in het najaar.",
    forecast="2024-12-31",
    not_delivered_reason="",
    late=True,
    efforts=(ReportEffort("Contactpersonen werven", "Afdeling Jeugd", done=True, comment="Gereed in mei"),),
    description="Waar dit voorbeeld over gaat.",
    intended_results="Een contactpersoon op iedere school.",
    serves=("Jongeren worden eerder gezien",),
    focus_areas=("Dakloze jongeren",),
    before="on_track",
    before_label="op schema",
    change="worse",
    change_label="slechter",
)
_COUNTS = (StatusCount("on_track", "op schema", 1), StatusCount("delayed", "vertraagd", 1))
_INDICATOR = ReportIndicator(
    name="Voorbeeld: scholen met een contactpersoon",
    part_of="",
    theme="Pijler 1: Voorbeeld",
    description="Het aantal scholen aan het einde van het jaar.",
    unit="scholen",
    decimals=0,
    direction="higher",
    direction_label="hoger",
    is_key=True,
    owner="Onderzoek",
    source="Telling",
    baseline="4",
    baseline_day="2021-12-31",
    judgement="off_course",
    judgement_label="niet op koers",
    goals=("P1.1",),
    targets=(ReportTarget("2024-12-31", "20", "", "Plan"),),
    measurements=(ReportMeasurement("2023-01-01", "2023-12-31", "2023", "9", "Telling", "Voorlopig"),),
    aggregation="last",
    frequency="year",
)
_COMMITMENT = ReportCommitment(
    kind="promise",
    kind_label="toezegging",
    number="24bb000001",
    title="Voorbeeld",
    text="De raad hoort hoe het gaat.",
    made_on="2023-11-08",
    made_by="De wethouder",
    owner="Afdeling Jeugd",
    deadline="2024-12-31",
    state="proposed",
    state_label="voorstel tot afdoening",
    settlement="Met dit rapport is het gedaan.",
    settled_on="",
    goals=("P1.1",),
)
_THEME = ReportTheme(
    title="Pijler 1: Voorbeeld",
    name="Voorbeeld",
    goals=(_GOAL, replace(_GOAL, reference="P1.2", number=2, status="on_track", status_label="op schema", late=False)),
    counts=_COUNTS,
    late=1,
    introduction="De inleiding van dit onderdeel.",
    ambitions=("Iedere jongere telt mee",),
)

EXAMPLE = ReportDocument(
    programme="Voorbeeldprogramma",
    plan="Voorbeeldplan 2024",
    round="2024-H1",
    round_label="eerste half jaar 2024",
    state="in_review",
    adopted_on="",
    edition=1,
    reference_day="2024-06-30",
    themes=(_THEME,),
    counts=_COUNTS,
    goals=2,
    late=1,
    indicators=(
        _INDICATOR,
        replace(_INDICATOR, name="Voorbeeld: in het basisonderwijs", part_of=_INDICATOR.name),
        replace(_INDICATOR, name="Voorbeeld: in de hele stad", theme=""),
    ),
    commitments=(_COMMITMENT, replace(_COMMITMENT, number="24bb000002", state="settled", state_label="afgedaan")),
    title="Voortgangsrapportage Voorbeeldprogramma",
    first_day="2024-01-01",
    last_day="2024-06-30",
    summary="Van de 2 doelen is er 1 behaald of op schema; 1 is te laat.",
    introduction="De inleiding van het rapport.",
    previous_round_label="tweede half jaar 2023",
    gone=(ReportGone("P9.1", "Voorbeeld van een doel dat weg is", "Pijler 9", "on_track", "op schema"),),
)
# The same, adopted: what a concept does not show is there.
ADOPTED = replace(EXAMPLE, state="adopted", adopted_on="2024-09-17")
