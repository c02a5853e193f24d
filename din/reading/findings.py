"""Collect what a person must know of a workbook; every finding is said once for a place, in the order found."""

from din.reading import limits
from din.reading.document import Finding
from din.reading.grids import cell_name


def place(sheet: str, row: int, column: int) -> str:
    """Return the contract's source: the sheet's name as it is, "!", and the cell."""
    return f"{sheet}!{cell_name(row, column)}"


class Findings:
    """Errors and warnings, each once for a place; of each kind no more than a person can take in."""

    def __init__(self) -> None:
        self._errors: dict[tuple[str | None, str], Finding] = {}
        self._warnings: dict[tuple[str | None, str], Finding] = {}

    def error(self, message: str, source: str | None = None) -> None:
        """Note a reason to refuse the workbook."""
        _note(self._errors, message, source)

    def warn(self, message: str, source: str | None = None) -> None:
        """Note something to check that is no reason to refuse."""
        _note(self._warnings, message, source)

    @property
    def errors(self) -> tuple[Finding, ...]:
        return _bounded(list(self._errors.values()))

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return _bounded(list(self._warnings.values()))


def _note(findings: dict[tuple[str | None, str], Finding], message: str, source: str | None) -> None:
    if len(message) > limits.FINDING_CHARACTERS:
        message = message[: limits.FINDING_CHARACTERS] + "…"
    findings.setdefault((source, message), Finding(source, message))


def _bounded(findings: list[Finding]) -> tuple[Finding, ...]:
    if len(findings) <= limits.FINDINGS:
        return tuple(findings)
    left = len(findings) - limits.FINDINGS
    more = Finding(None, f"Er zijn nog {left} meldingen van deze soort. Los eerst de meldingen hierboven op.")
    return (*findings[: limits.FINDINGS], more)
