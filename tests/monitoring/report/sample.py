"""A report of fifty goals made by hand, of a DIN or of speerpunten and opgaven; needs no database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
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
from monitoring.report.summary import summary_sentence

GOALS = 50
SHA256 = "3f" * 32
STATUSES = {
    "not_started": "nog niet gestart",
    "on_track": "op schema",
    "delayed": "vertraagd",
    "at_risk": "in gevaar",
    "achieved": "behaald",
    "not_achieved": "niet behaald",
    "dropped": "vervallen",
}
# What became of a goal: its change, the change in words, how it stood before and that in words.
CHANGES = (
    ("same", "gelijk", "on_track", "op schema"),
    ("worse", "slechter", "on_track", "op schema"),
    ("better", "beter", "delayed", "vertraagd"),
    ("new", "nieuw in het plan", "", ""),
)
PILLARS = ("Tijdig signaleren", "Wonen en leefomgeving", "School en werk", "Inkomen en schulden", "Zorg dichtbij")
SPEERPUNTEN = ("Huisvesting", "Opvang", "Preventie en hulp", "Meedoen", "Samenwerken in de keten")
PROMISES = (
    "In {year} vinden {many} jongeren die de opvang verlaten binnen drie maanden een eigen woonplek",
    "Voor het einde van {year} werken {many} scholen met een vaste contactpersoon voor vroegsignalering",
    "Ten minste {many} huishoudens krijgen hulp voordat een schuld tot een huisuitzetting leidt",
    "Het wachten op een intake duurt in {year} voor niemand langer dan {many} dagen",
    "Er zijn {many} maatjes opgeleid die een jongere een jaar lang begeleiden",
)
SENTENCES = (
    "De samenwerking met de scholen en de wijkteams verloopt naar wens en is in dit half jaar uitgebreid.",
    "De werving kostte meer tijd dan verwacht, doordat de arbeidsmarkt voor begeleiders krap blijft.",
    "Met de aanbieders zijn afspraken gemaakt over een warme overdracht en over wie waarvoor aanspreekbaar is.",
    "De eerste ervaringen van deelnemers zijn verzameld: zij waarderen vooral dat één persoon hun verhaal kent.",
    "Een deel van het budget is pas in het najaar toegekend, waardoor de uitvoering later begon.",
    "De cijfers over het tweede kwartaal laten een voorzichtige verbetering zien, al is de spreiding groot.",
)
INDICATORS = (
    ("Jongeren met een eigen woonplek", "%", "higher", "hoger is beter"),
    ("Wachttijd tot een intake", "dagen", "lower", "lager is beter"),
    ("Opgeleide maatjes", "mensen", "higher", "hoger is beter"),
    ("Bezetting van de opvang", "%", "within", "binnen de grenzen is goed"),
    ("Voorkomen huisuitzettingen", "", "higher", "hoger is beter"),
)
SERVED = "Jongeren hebben een vaste plek om te wonen en iemand om op terug te vallen"


def sample_din(*, goals: int = GOALS) -> ReportDocument:
    """A DIN with five pillars, one chart in each, changes and commitments; adopted, and not corrected."""
    return _sample("Sterker de wijk in", "DIN 2024", "Pijler", PILLARS, [_din_goal(index) for index in range(goals)])


def sample_speerpunten(*, goals: int = GOALS) -> ReportDocument:
    """A plan of five speerpunten with opgaven in running text, and an indicator at the end of each."""
    made = [_opgave(index, count=goals // len(SPEERPUNTEN)) for index in range(goals)]
    return _sample("Van opvang naar wonen", "Plan van aanpak 2023-2026", "Speerpunt", SPEERPUNTEN, made)


def concept(document: ReportDocument) -> ReportDocument:
    """`document` before it is adopted."""
    return replace(document, state="in_review", adopted_on="")


def brief(document: ReportDocument) -> ReportDocument:
    """`document` with one or two of everything: for tests of which there are many, or in which each text is long."""
    theme = document.themes[0]
    goals = theme.goals[1:2]
    return replace(
        document,
        themes=(replace(theme, goals=goals, counts=_counts(goals), late=0),),
        counts=_counts(goals),
        goals=len(goals),
        late=0,
        indicators=tuple(
            replace(one, theme=theme.title, measurements=one.measurements[-1:]) for one in document.indicators[-3:-1]
        ),
        commitments=document.commitments[1:3],
        gone=document.gone[:1],
    )


def _sample(programme: str, plan: str, kind: str, names: Sequence[str], goals: Sequence[ReportGoal]) -> ReportDocument:
    size = len(goals) // len(names)
    parts = [goals[place * size : (place + 1) * size] for place in range(len(names))]
    themes = tuple(
        ReportTheme(
            title=f"{kind} {number}: {name}",
            name=name,
            goals=tuple(part),
            counts=_counts(part),
            late=sum(goal.late for goal in part),
            introduction=_text(number, 2, paragraphs=2),
            ambitions=(f"Iedereen in de stad telt mee, ook bij {name.lower()}",),
        )
        for number, (name, part) in enumerate(zip(names, parts, strict=True), start=1)
    )
    counts, late = _counts(goals), sum(goal.late for goal in goals)
    return ReportDocument(
        programme=programme,
        plan=plan,
        round="2024-H1",
        round_label="eerste half jaar 2024",
        state="adopted",
        adopted_on="2024-09-17",
        edition=1,
        reference_day="2024-06-30",
        themes=themes,
        counts=counts,
        goals=len(goals),
        late=late,
        indicators=tuple(
            part for place, theme in enumerate(themes) for part in _indicators(place, theme.title, len(goals))
        ),
        commitments=_commitments(),
        title=f"Voortgangsrapportage {programme}",
        first_day="2024-01-01",
        last_day="2024-06-30",
        summary=summary_sentence(goals),
        introduction=_text(2, 4, paragraphs=3),
        previous_round_label="tweede half jaar 2023",
        gone=(
            ReportGone("P9.1", "Een loket voor alle vragen over wonen", "Pijler 2: Wonen", "delayed", "vertraagd"),
            ReportGone("P9.2", "Een proef met een vaste wijkrechter", "Pijler 4: Inkomen", "on_track", "op schema"),
        ),
    )


def _din_goal(index: int) -> ReportGoal:
    return _goal(
        index,
        reference=f"P{index // 10 + 1}.{index % 10 + 1}",
        number=index % 10 + 1,
        kind="SMART-doel",
        efforts=tuple(
            ReportEffort(
                text=f"{PROMISES[(index + place) % 5].format(year=2024, many=place + 3)}, in de eerste wijk",
                lead="Afdeling Jeugd",
                done=place == 0,
                comment="Afgerond in mei" if place == 0 else "",
            )
            for place in range(2)
        ),
        serves=(SERVED,) if index % 2 else (),
        focus_areas=("Dakloze jongeren",) if index % 3 == 0 else (),
    )


def _opgave(index: int, *, count: int) -> ReportGoal:
    return _goal(
        index,
        reference="",
        number=index % count + 1,
        kind="opgave",
        description=_text(index + 3, 2),
        intended_results=f"- {PROMISES[index % 5].format(year=2026, many=40)}\n- Een jaarlijkse meting onder bewoners",
    )


def _goal(index: int, **fields: object) -> ReportGoal:
    keys = list(STATUSES)
    is_delivered = index % 12 != 11
    status = keys[index * 5 % len(keys)] if is_delivered else ""
    change, change_label, before, before_label = CHANGES[index % len(CHANGES)]
    plain = ReportGoal(
        reference="",
        number=None,
        kind="",
        text=PROMISES[index % len(PROMISES)].format(year=2024 + index % 3, many=20 + index),
        deadline="2024-03-31" if index % 7 == 3 else "2025-12-31",
        deadline_label="1e kwartaal 2024" if index % 7 == 3 else "2025",
        owner="Afdeling Jeugd" if index % 2 else "Maatschappelijke Ontwikkeling",
        state="approved" if is_delivered else "not_delivered",
        state_label="goedgekeurd" if is_delivered else "niet aangeleverd",
        status=status,
        status_label=STATUSES.get(status, ""),
        explanation=_text(index, 3) if is_delivered else "",
        next_steps=_text(index + 1, 1) if is_delivered else "",
        forecast="2025-06-30" if index % 4 == 1 else "",
        not_delivered_reason="" if is_delivered else "De eigenaar van dit doel was langdurig afwezig",
        late=index % 7 == 3,
        before=before,
        before_label=before_label,
        change=change,
        change_label=change_label,
    )
    return replace(plain, **fields)  # type: ignore[arg-type]


def _text(start: int, sentences: int, *, paragraphs: int = 1) -> str:
    def paragraph(place: int) -> str:
        return " ".join(SENTENCES[(start + place * 2 + count) % len(SENTENCES)] for count in range(sentences))

    return "\n\n".join(paragraph(place) for place in range(paragraphs))


def _counts(goals: Iterable[ReportGoal]) -> tuple[StatusCount, ...]:
    found = Counter(goal.status for goal in goals)
    known = (StatusCount(status, label, found[status]) for status, label in STATUSES.items())
    return (*known, StatusCount("", "nog geen voortgang", found[""]))


def _indicators(place: int, theme: str, goals: int) -> Iterable[ReportIndicator]:
    """The indicator of the theme at `place`; the last one has its values in two parts, of which one has a chart."""
    name, unit, direction, direction_label = INDICATORS[place]
    low = 40 + place * 3
    steps = (0, -4, -9, -13) if direction == "lower" else (0, 6, 9, 13)
    whole = ReportIndicator(
        name=name,
        part_of="",
        theme=theme,
        description=SENTENCES[place],
        unit=unit,
        decimals=1 if unit == "%" else 0,
        direction=direction,
        direction_label=direction_label,
        is_key=place % 2 == 0,
        owner="Onderzoek en Statistiek",
        source="Jaarlijkse peiling onder deelnemers",
        baseline=str(low),
        baseline_day="2020-12-31",
        judgement="on_course" if place % 2 else "off_course",
        judgement_label="op koers" if place % 2 else "niet op koers",
        goals=(f"P{place + 1}.1",) if goals else (),
        targets=(
            ReportTarget("2025-12-31", str(low + steps[2]), str(low + 30) if direction == "within" else "", "Plan"),
            ReportTarget("2026-12-31", str(low + steps[3]), str(low + 30) if direction == "within" else "", "Plan"),
        ),
        measurements=tuple(
            ReportMeasurement(
                first_day=f"{2021 + count}-01-01",
                last_day=f"{2021 + count}-12-31",
                period=str(2021 + count),
                value=f"{low + steps[count] + 1}.5" if unit == "%" else str(low + steps[count] + 1),
                source="Peiling",
                note="Voorlopig cijfer" if count == 2 else "",
            )
            for count in range(3)
        ),
        aggregation="last",
        frequency="year",
    )
    if place < len(INDICATORS) - 1:
        yield whole
        return
    yield replace(whole, baseline="", baseline_day="", targets=(), measurements=())
    yield replace(whole, name="Door bemiddeling", part_of=name)
    yield replace(whole, name="Door een schuldregeling", part_of=name, baseline="", targets=(), measurements=())


def _commitments() -> tuple[ReportCommitment, ...]:
    states = (("proposed", "voorstel tot afdoening"), ("open", "open"), ("settled", "afgedaan"))
    kinds = (("promise", "toezegging"), ("motion", "motie"), ("recommendation", "aanbeveling"))
    return tuple(
        ReportCommitment(
            kind=kinds[index % 3][0],
            kind_label=kinds[index % 3][1],
            number=f"24bb00{index:04}",
            title=("Doorwerken aan dakloosheid", "Wonen eerst", "Een maatje voor iedereen")[index % 3],
            text=_text(index, 2),
            made_on="2023-11-08",
            made_by="De wethouder Zorg",
            owner="Maatschappelijke Ontwikkeling",
            deadline="2024-12-31",
            state=states[index % 3][0],
            state_label=states[index % 3][1],
            settlement="" if index % 3 == 1 else _text(index + 2, 3, paragraphs=2),
            settled_on="2024-04-10" if index % 3 == 2 else "",
            goals=(f"P{index % 5 + 1}.1", f"P{index % 5 + 1}.2"),
        )
        for index in range(6)
    )
