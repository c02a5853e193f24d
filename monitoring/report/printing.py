"""From the document to what its readers get: what the report says and in which order. Knows no Django.

The formats only decide how it looks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from monitoring.report.document import ReportCommitment, ReportDocument, ReportGoal, ReportTheme
from monitoring.report.printed import (
    Facts,
    Printed,
    PrintedCommitment,
    PrintedGoal,
    PrintedIndicator,
    PrintedTable,
    PrintedTheme,
    StandingBar,
)
from monitoring.report.printing_indicators import print_indicators
from monitoring.report.wording import GONE, capitalized, day, facts, paragraphs, standing_label, told_of, words_for
from monitoring.status_change import Change

# The standing of a goal in a concept on which nothing was handed in yet: no colour, and its word is that of the state.
AWAITED = "awaited"
_AWAITED_LABEL = "Nog geen voortgang"
_CHANGED = frozenset(Change) - {Change.SAME}


def print_report(document: ReportDocument, *, sha256: str = "") -> Printed:
    """`document` for its readers. `sha256` is the hash of the frozen edition, empty of a concept."""
    indicators = print_indicators(document.indicators)
    titles = {theme.title for theme in document.themes}
    bars = _bars(document)
    themes, place = [], 0
    for number, theme in enumerate(document.themes, start=1):
        own = tuple(one for title, one in indicators if title == theme.title)
        themes.append(_theme(theme, bars[number - 1], number, place, own))
        place += len(theme.goals)
    commitments = tuple(_commitment(one, number) for number, one in enumerate(document.commitments, start=1))
    return Printed(
        title=document.title or f"Voortgangsrapportage {document.programme}",
        programme=document.programme,
        plan=document.plan,
        round_label=document.round_label,
        period=_period(document),
        standing_line=_standing_line(document),
        is_concept=not document.is_adopted,
        is_about_opgaven=any(goal.is_opgave for goal in document.every_goal),
        day=document.corrected_on or document.adopted_on or document.reference_day,
        summary=document.summary,
        introduction=paragraphs(document.introduction),
        ambitions=document.ambitions,
        bars=bars,
        standing_table=_standing_table(document, bars),
        proposals=tuple(one for one in commitments if one.is_proposal),
        changes_sentence=_changes_sentence(document),
        changes_table=_changes_table(document),
        themes=tuple(themes),
        indicators=tuple(one for title, one in indicators if title not in titles),
        commitments=tuple(one for one in commitments if not one.is_proposal),
        annex=_annex(document),
        colophon=_colophon(document, sha256),
    )


def _period(document: ReportDocument) -> str:
    if not document.first_day:
        return document.round_label
    return f"{document.round_label} ({day(document.first_day)} tot en met {day(document.last_day)})"


def _standing_line(document: ReportDocument) -> str:
    if not document.is_adopted:
        return "CONCEPT – nog niet vastgesteld"
    line = f"Vastgesteld op {day(document.adopted_on)}, editie {document.edition}"
    return f"{line}, gecorrigeerd op {day(document.corrected_on)}" if document.corrected_on else line


def _theme(
    theme: ReportTheme, bar: StandingBar, number: int, place: int, indicators: tuple[PrintedIndicator, ...]
) -> PrintedTheme:
    told = ", ".join(f"{count} {label.lower()}" for _, label, count in bar.parts)
    return PrintedTheme(
        key=f"onderdeel-{number}",
        title=theme.title,
        sentence=f"{_how_many(theme.goals)}: {told}." if theme.goals else "",
        introduction=paragraphs(theme.introduction),
        ambitions=theme.ambitions,
        goals=tuple(_goal(goal, place + count) for count, goal in enumerate(theme.goals, start=1)),
        indicators=indicators,
    )


def _how_many(goals: Sequence[ReportGoal]) -> str:
    """For example "1 doel" or "12 opgaven"."""
    words = words_for(goals)
    return f"1 {words.one}" if len(goals) == 1 else f"{len(goals)} {words.several}"


def _goal(goal: ReportGoal, place: int) -> PrintedGoal:
    if goal.is_opgave and goal.number is not None:
        title = f"Opgave {goal.number}: {goal.text}"
    else:
        title = f"{goal.reference} {goal.text}" if goal.reference else goal.text
    return PrintedGoal(
        key=f"doel-{place}",
        title=title,
        text=goal.text,
        standing=goal.standing,
        standing_label=standing_label(goal),
        change=goal.change,
        change_label=_change_label(goal),
        is_late=goal.late,
        facts=facts(
            ("Deadline", _deadline(goal)),
            ("Verwacht gereed", day(goal.forecast)),
            ("Eigenaar", goal.owner),
            ("Draagt bij aan", "; ".join(goal.serves)),
            ("Speerpunt", "; ".join(goal.focus_areas)),
        ),
        description=paragraphs(goal.description),
        intended_results=paragraphs(goal.intended_results),
        explanation=paragraphs(told_of(goal)),
        next_steps=paragraphs(goal.next_steps),
        efforts=goal.efforts,
    )


def _deadline(goal: ReportGoal) -> str:
    return f"{goal.deadline_label} (te laat)" if goal.late else goal.deadline_label


def _has_changed(goal: ReportGoal) -> bool:
    """Whether a reader is told of a change; on a goal that still waits in a concept there is nothing to tell."""
    return goal.change in _CHANGED and goal.standing != AWAITED


def _change_label(goal: ReportGoal) -> str:
    """For example "Beter: was vertraagd"; empty when nothing changed."""
    if not _has_changed(goal):
        return ""
    was = f": was {goal.before_label}" if goal.before_label else ""
    return f"{capitalized(goal.change_label)}{was}"


def _bars(document: ReportDocument) -> tuple[StandingBar, ...]:
    """A bar for each theme. What waits is one part of it, whatever is waited for."""
    order = {count.status: place for place, count in enumerate(document.counts) if count.status}

    def bar(theme: ReportTheme) -> StandingBar:
        found = Counter(
            (goal.standing, _AWAITED_LABEL if goal.standing == AWAITED else standing_label(goal))
            for goal in theme.goals
        )
        parts = sorted(found.items(), key=lambda part: (order.get(part[0][0], len(order)), part[0]))
        return StandingBar(theme.title, tuple((key, label, count) for (key, label), count in parts))

    return tuple(bar(theme) for theme in document.themes)


def _standing_table(document: ReportDocument, bars: Sequence[StandingBar]) -> PrintedTable:
    """The numbers of `bars`, a column for each standing that occurs."""
    order = [count.status for count in document.counts if count.status] + [AWAITED, "not_delivered"]
    labels = {key: label for bar in bars for key, label, _ in bar.parts}
    shown = sorted(labels, key=lambda key: order.index(key) if key in order else len(order))
    counts = [{key: count for key, _, count in bar.parts} for bar in bars]

    def row(title: str, found: Mapping[str, int], late: int) -> tuple[str, ...]:
        return (title, *(str(found.get(key, 0)) for key in shown), str(sum(found.values())), str(late))

    rows = [row(bar.title, found, theme.late) for bar, found, theme in zip(bars, counts, document.themes, strict=True)]
    together = {key: sum(found.get(key, 0) for found in counts) for key in shown}
    rows.append(row("Totaal", together, sum(theme.late for theme in document.themes)))
    heads = ("Onderdeel", *(labels[key] for key in shown), "Totaal", "Te laat")
    return PrintedTable(
        caption=f"Hoe de {words_for(document.every_goal).several} ervoor staan, per onderdeel",
        heads=heads,
        rows=tuple(rows),
        numbers=tuple(range(1, len(heads))),
        has_total=True,
    )


def _changes_sentence(document: ReportDocument) -> str:
    """For example "Vergeleken met tweede half jaar 2023: 30 gelijk, 4 beter."; empty for a first report."""
    if not document.previous_round_label:
        return ""
    found = Counter(goal.change_label for goal in document.every_goal if goal.change_label)
    told = [f"{count} {label}" for label, count in found.most_common()]
    if document.gone:
        told.append(f"{len(document.gone)} {GONE.lower()}")
    return f"Vergeleken met {document.previous_round_label}: {', '.join(told)}." if told else ""


def _changes_table(document: ReportDocument) -> PrintedTable | None:
    rows = [
        (
            goal.reference,
            goal.text,
            capitalized(goal.before_label) or "–",
            standing_label(goal),
            capitalized(goal.change_label),
        )
        for goal in document.every_goal
        if _has_changed(goal)
    ]
    rows += [(gone.reference, gone.text, capitalized(gone.before_label), "–", GONE) for gone in document.gone]
    if not rows:
        return None
    return PrintedTable(
        caption=f"Wat er veranderde sinds {document.previous_round_label}",
        heads=("Nr.", capitalized(words_for(document.every_goal).one), "Was", "Is nu", "Verandering"),
        rows=tuple(rows),
    )


def _annex(document: ReportDocument) -> PrintedTable:
    words = words_for(document.every_goal)
    return PrintedTable(
        caption=f"Alle {words.several}",
        heads=("Nr.", capitalized(words.one), "Deadline", "Eigenaar", "Status"),
        rows=tuple(
            (
                goal.reference,
                goal.text,
                _deadline(goal),
                goal.owner,
                standing_label(goal),
            )
            for goal in document.every_goal
        ),
    )


def _colophon(document: ReportDocument, sha256: str) -> Facts:
    return facts(
        ("Programma", document.programme),
        ("Plan", document.plan),
        ("Periode", _period(document)),
        ("Editie", str(document.edition) if document.is_adopted else ""),
        ("Stand", "" if document.is_adopted else "Concept, nog niet vastgesteld"),
        ("Vastgesteld op", day(document.adopted_on)),
        ("Gecorrigeerd op", day(document.corrected_on)),
        ("Reden van de correctie", document.correction),
        ("Beoordeeld naar de stand van", day(document.reference_day)),
        ("Controlegetal (SHA-256)", sha256),
    )


def _commitment(one: ReportCommitment, number: int) -> PrintedCommitment:
    kind = capitalized(one.kind_label)
    # Many a title begins with the kind itself: "Aanbeveling 7: beter volgen".
    title = one.title if one.title.startswith(f"{kind} ") else f"{kind} ‘{one.title}’"
    return PrintedCommitment(
        key=f"toezegging-{number}",
        title=f"{title} ({one.number})" if one.number else title,
        state_label=capitalized(one.state_label),
        is_proposal=one.state == "proposed",
        facts=facts(
            ("Datum", day(one.made_on)),
            ("Door", one.made_by),
            ("Eigenaar", one.owner),
            ("Afdoen voor", day(one.deadline)),
            ("Afgedaan op", day(one.settled_on)),
            ("Gaat over", ", ".join(one.goals)),
        ),
        text=paragraphs(one.text),
        settlement=paragraphs(one.settlement),
    )
