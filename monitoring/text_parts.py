"""The texts of a report to be written: each with its form, and what the report before said in the same place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter

from din.models import Theme
from monitoring.differences import Difference
from monitoring.held_text import HeldText
from monitoring.kept_text import typed_texts
from monitoring.models import Report, ReportedGoal, ReportingRound, ReportText
from monitoring.report.frozen import thaw
from monitoring.report.texts import themes_told
from monitoring.text_forms import ReportTextForm

INTRODUCTION = "inleiding"  # the key of the introduction of the report; that of a theme is its number


@dataclass(frozen=True)
class TextPart:
    """One text on the page: that of a theme, or without one the introduction of the report.

    One that `is_left` was written for a theme that lost its goals, and is not in the report. `last` is what the report
    before said here. `is_stored` tells whether the form holds what is stored. After a conflict there is a difference,
    and `seen` is the version of the other that is shown. `held` are texts with personal data.
    """

    key: str
    title: str
    theme: Theme | None
    stored: ReportText
    last: str
    form: ReportTextForm
    is_left: bool = False
    is_stored: bool = True
    differences: tuple[Difference, ...] = ()
    held: tuple[HeldText, ...] = ()
    seen: int | None = None

    @property
    def version(self) -> int | str:
        """The version of the text that the writer saw."""
        return self.form["version"].value() if self.seen is None else self.seen

    @property
    def unsaved_texts(self) -> list[tuple[str, str]]:
        """What was typed, with its label: to be copied from a page on which it cannot be saved any more."""
        return [] if self.is_stored else typed_texts(self.form.data)


@dataclass(frozen=True)
class TextParts:
    """Every text of a report, in its order; `last_label` names the report before, empty when there is none."""

    parts: tuple[TextPart, ...]
    last_label: str

    def of(self, key: str) -> TextPart | None:
        return next((part for part in self.parts if part.key == key), None)


def text_parts(round_: ReportingRound, *, key: str = "", data: Mapping[str, str] | None = None) -> TextParts:
    """The texts of the report of `round_`; the form of the one with `key` holds `data`, which was typed in it."""
    written = ReportText.objects.filter(round=round_).select_related("changed_by", "theme")
    stored = {text.theme_id: text for text in written}
    last_label, last = _report_before(round_)

    def part(theme: Theme | None, *, is_left: bool = False) -> TextPart:
        pk, own = theme.pk if theme else None, key_of(theme)
        text = stored.get(pk) or ReportText(round=round_, theme=theme)
        typed = data if key == own else None
        return TextPart(
            key=own,
            title=theme.title if theme else "Inleiding van het rapport",
            theme=theme,
            stored=text,
            last=last.get(pk, ""),
            form=ReportTextForm(typed, stored=text, auto_id=f"id_{own}_%s"),
            is_left=is_left,
            is_stored=typed is None,
        )

    told = themes_told(round_)
    left = [
        text.theme
        for text in stored.values()
        if text.theme is not None and text.theme not in told and (text.text or key == key_of(text.theme))
    ]
    left.sort(key=attrgetter("position", "pk"))
    parts = [part(None), *map(part, told), *(part(theme, is_left=True) for theme in left)]
    return TextParts(tuple(parts), last_label)


def key_of(theme: Theme | None) -> str:
    return INTRODUCTION if theme is None else str(theme.pk)


def _report_before(round_: ReportingRound) -> tuple[str, dict[int | None, str]]:
    """The label of the round of the report before, and its texts by the key of the theme, in two queries."""
    newest = Report.objects.latest_before(round_)
    if newest is None:
        return "", {}
    document = thaw(newest.document)
    texts: dict[int | None, str] = {None: document.introduction}
    by_title = {theme.title: theme.introduction for theme in document.themes}
    told = ReportedGoal.objects.filter(report=newest).exclude(theme=None).order_by()
    for pk, title in told.values_list("theme_id", "theme_title").distinct():
        texts[pk] = by_title.get(title, "")
    return newest.round.label, texts
