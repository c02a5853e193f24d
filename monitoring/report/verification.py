"""Whether an edition of a report, or a file that somebody has of it, is what was adopted."""

from __future__ import annotations

import json
from collections.abc import Iterator

from monitoring.models import Report
from monitoring.report.document import ReportDocument
from monitoring.report.editions import columns_of
from monitoring.report.frozen import canonical, hash_of, thaw


class NoReport(Exception):
    """A file is no report as JSON; str() is the sentence for the user."""


def faults_of(report: Report) -> Iterator[str]:
    """What is wrong with a stored edition, as sentences; nothing when it is what was adopted. Asks its goals."""
    computed = hash_of(report.document)
    if computed != report.sha256:
        yield f"de inhoud heeft een ander controlegetal: {computed} in plaats van {report.sha256}."
    try:
        document = thaw(report.document)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        yield f"de inhoud kan niet worden gelezen ({error})."
        return
    if (document.round, document.edition) != (report.round.name, report.edition):
        yield f"de inhoud is van ronde {document.round}, editie {document.edition}."
    yield from _faults_of_goals(report, document)


def _faults_of_goals(report: Report, document: ReportDocument) -> Iterator[str]:
    told = [(theme, goal) for theme in document.themes for goal in theme.goals]
    rows = list(report.goals.order_by("position"))
    if not len(told) == len(rows) == report.goal_count:
        yield f"de inhoud heeft {len(told)} doelen, de tabel {len(rows)} en er horen er {report.goal_count} te zijn."
        return
    for place, (row, (theme, goal)) in enumerate(zip(rows, told, strict=True), start=1):
        expected = columns_of(theme, goal) | {"position": place}
        if wrong := [name for name, value in expected.items() if getattr(row, name) != value]:
            label = goal.reference or f"op plaats {place}"
            yield f"doel {label} staat anders in de tabel dan in de inhoud ({', '.join(wrong)})."


def hash_in_file(content: bytes) -> tuple[str, str]:
    """The hash that a report as JSON has, and the one that it says it has. Raises NoReport for another file."""
    try:
        found = json.loads(content)
        said = found.pop("sha256")
        frozen = {name: found[name] for name in ("report", "schema")}
        return hash_of(canonical(frozen)), str(said)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise NoReport("Dit bestand is geen rapport in JSON.") from None
