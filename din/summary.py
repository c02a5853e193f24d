"""An import in words, for people at the command line."""

from din.change_plan import ChangePlan, Level, Outcome
from din.reading.document import Finding, Reading

OUTCOME_WORDS = {
    Outcome.CREATED: "nieuw",
    Outcome.UPDATED: "gewijzigd",
    Outcome.UNCHANGED: "hetzelfde",
    Outcome.MISSING: "niet meer genoemd",
}


def summary(reading: Reading, change_plan: ChangePlan | None, *, dry_run: bool) -> str:
    """A readable Dutch summary of a reading and, when it was not rejected, of what changes."""
    lines: list[str] = []
    if reading.errors or change_plan is None:
        lines.append("Het werkboek is geweigerd. Er is niets gewijzigd.")
        lines += [f"  Fout: {_where(finding)}{finding.message}" for finding in reading.errors]
    else:
        lines.append("Dit zou de import doen:" if dry_run else "Het werkboek is doorgevoerd:")
        for level in Level:
            counts = [f"{change_plan.count(level, outcome)} {word}" for outcome, word in OUTCOME_WORDS.items()]
            lines.append(f"  {level.label}: {', '.join(counts)}")
        for change in change_plan.of(Outcome.UPDATED):
            number = f"{change.number}. " if change.number is not None else ""
            for field in change.fields:
                lines.append(
                    f"  Gewijzigd: {number}{change.text[:80]} – {field.label}: “{field.old}” wordt “{field.new}”"
                )
        for change in change_plan.held:
            for field in change.held:
                lines.append(
                    f"  Blijft zoals het is: {change.text[:80]} – {field.label}: “{field.old}”, niet “{field.new}”. "
                    "Het onderdeel staat ook in een vastgesteld plan: stel dit plan vast en importeer opnieuw."
                )
        lines += [f"  Niet meer genoemd, blijft staan: {change.text}" for change in change_plan.of(Outcome.MISSING)]
    lines += [f"  Let op: {_where(finding)}{finding.message}" for finding in reading.warnings]
    return "\n".join(lines)


def _where(finding: Finding) -> str:
    return f"{finding.source}: " if finding.source else ""
