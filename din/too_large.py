"""Names and numbers of a workbook that are larger than the database holds. Knows no Django."""

from din.reading.document import Document, Finding

NAME_LIMIT = 200
THEME_NUMBER_LIMIT = 32_767
GOAL_NUMBER_LIMIT = 2_147_483_647


def too_large(document: Document) -> list[Finding]:
    """What is too large, with its cell: surely a cell in the wrong column."""
    findings = []
    for theme in document.themes:
        if len(theme.name) > NAME_LIMIT:
            findings.append(Finding(None, _long_name("onderdeel", theme.name)))
        if (theme.number or 0) > THEME_NUMBER_LIMIT:
            findings.append(Finding(None, f"Het nummer {theme.number} van “{theme.name[:60]}” is te groot."))
    for goal in document.smart_goals:
        if (goal.number or 0) > GOAL_NUMBER_LIMIT:
            findings.append(Finding(goal.source, f"Het nummer {goal.number} is te groot voor een doel."))
        if len(goal.owner or "") > NAME_LIMIT:
            findings.append(Finding(goal.source, _long_name("eigenaar", goal.owner or "")))
        findings += [
            Finding(goal.source, _long_name("speerpunt", tag)) for tag in goal.focus_areas if len(tag) > NAME_LIMIT
        ]
    findings += [
        Finding(effort.source, _long_name("trekker", effort.lead or ""))
        for effort in document.efforts
        if len(effort.lead or "") > NAME_LIMIT
    ]
    return findings


def _long_name(what: str, name: str) -> str:
    return (
        f"De naam van een {what} is langer dan {NAME_LIMIT} tekens: “{name[:60]}…”. "
        "Kort de naam in, of zet de tekst in een andere kolom."
    )
