"""What a programme still lacks, as a to-do list with owners: rule by rule, each gap with where to mend it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.http import urlencode

from din.gaps import PLAN_RULES, Gap, GapRule, gaps_in
from din.models import Programme
from din.permissions import Visitor
from monitoring.gap_links import GapLinks, Link
from monitoring.goal_line import WHOLE_PROGRAMME
from monitoring.goal_list import NONE
from monitoring.round_choice import RoundChoice
from monitoring.round_gaps import NOT_REPORTED, ROUND_RULES, gaps_around

# More lines of one rule stand on a page of their own.
LINES_AT_MOST = 25
MINE = "mij"


class AttentionFilter(forms.Form):
    """Which gaps to show; an unknown value shows all."""

    eigenaar = forms.ChoiceField(label="Eigenaar", required=False)
    onderdeel = forms.ChoiceField(label="Onderdeel", required=False)
    regel = forms.ChoiceField(label="Wat ontbreekt", required=False)

    def __init__(self, data: Mapping[str, Any], *, gaps: Sequence[Gap], own: set[int]) -> None:
        super().__init__(data)
        owners = {_owner_key(gap): gap.owner.name for gap in gaps if gap.owner is not None}
        themes = {gap.theme.pk: gap.theme for gap in gaps if gap.theme is not None}
        of_programme = [(NONE, WHOLE_PROGRAMME)] if any(gap.theme is None for gap in gaps) else []
        rules = {gap.rule.key: gap.rule.title for gap in gaps}
        self._offer(
            "eigenaar",
            [
                ("", "Alle eigenaren"),
                *([(MINE, "Van mij")] if own else []),
                *([(NONE, "Zonder eigenaar")] if any(gap.owner is None for gap in gaps) else []),
                *sorted(owners.items(), key=lambda owner: owner[1].casefold()),
            ],
        )
        by_place = sorted(themes.values(), key=lambda theme: (theme.position, theme.pk))
        self._offer(
            "onderdeel",
            [("", "Alle onderdelen"), *of_programme, *((str(theme.pk), theme.title) for theme in by_place)],
        )
        self._offer("regel", [("", "Alles"), *rules.items()])
        self._own = own
        self.is_valid()

    def _offer(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def shows(self, gap: Gap) -> bool:
        owner, theme, rule = (self.cleaned_data.get(name) for name in ("eigenaar", "onderdeel", "regel"))
        mine = gap.owner is not None and gap.owner.pk in self._own
        return (
            (not owner or (mine if owner == MINE else owner == _owner_key(gap)))
            and (not theme or theme == _theme_key(gap))
            and (not rule or rule == gap.rule.key)
        )

    @property
    def query(self) -> dict[str, str]:
        """What is chosen."""
        return {name: value for name, value in self.cleaned_data.items() if value}


def _owner_key(gap: Gap) -> str:
    return NONE if gap.owner is None else str(gap.owner.pk)


def _theme_key(gap: Gap) -> str:
    return NONE if gap.theme is None else str(gap.theme.pk)


@dataclass(frozen=True)
class GapLine:
    """`url` is the page about the thing, `mend` where this reader can mend the gap, `mender` who else can."""

    reference: str
    text: str
    url: str
    theme: str
    owner: str
    mend: Link | None
    mender: str


@dataclass(frozen=True)
class GapGroup:
    """A rule that something breaks: `total` times, of which the page shows `lines`; `url` shows all of them."""

    rule: GapRule
    total: int
    lines: tuple[GapLine, ...]
    url: str

    @property
    def left_out(self) -> int:
        return self.total - len(self.lines)


@dataclass(frozen=True)
class AttentionPage:
    """`kept` are the rules that nothing in the plan breaks."""

    form: AttentionFilter
    groups: tuple[GapGroup, ...]
    kept: tuple[GapRule, ...]
    total: int
    shown: int
    clear_url: str

    @property
    def is_filtered(self) -> bool:
        return bool(self.form.query)

    @property
    def count_label(self) -> str:
        """For example "12 punten", or "3 van 12 punten" when the list is filtered."""
        noun = "punt" if self.total == 1 else "punten"
        return f"{self.shown} van {self.total} {noun}" if self.is_filtered else f"{self.total} {noun}"


def build_attention_page(
    programme: Programme,
    choice: RoundChoice,
    *,
    user: Visitor,
    is_manager: bool,
    parameters: Mapping[str, str],
    as_of: datetime.date,
) -> AttentionPage:
    """What the plan of `choice` lacks, in a number of queries that does not depend on the plan.

    `is_manager` says whether `user` manages the programme.
    """
    gaps = [*gaps_in(choice.plan, as_of=as_of), *gaps_around(programme, choice, as_of=as_of)] if choice.plan else []
    links = GapLinks(programme, plan=choice.plan, user=user, is_manager=is_manager, running=choice.running)
    form = AttentionFilter(parameters, gaps=gaps, own=links.owners)
    shown = list(filter(form.shows, gaps))
    address = reverse("attention", args=[programme.slug])

    def url(**query: str) -> str:
        query = {**choice.query, **query}
        return f"{address}?{urlencode(query)}" if query else address

    def group(rule: GapRule) -> GapGroup:
        members = [gap for gap in shown if gap.rule == rule]
        lines = members if form.query.get("regel") == rule.key else members[:LINES_AT_MOST]
        return GapGroup(
            rule=rule,
            total=len(members),
            lines=tuple(_line(gap, links) for gap in lines),
            url=url(**{**form.query, "regel": rule.key}),
        )

    broken = {gap.rule for gap in gaps}
    checked = [rule for rule in (*PLAN_RULES, *ROUND_RULES) if rule != NOT_REPORTED or choice.round is not None]
    return AttentionPage(
        form=form,
        groups=tuple(found for rule in checked if (found := group(rule)).total),
        kept=tuple(rule for rule in checked if rule not in broken),
        total=len(gaps),
        shown=len(shown),
        clear_url=url(),
    )


def _line(gap: Gap, links: GapLinks) -> GapLine:
    return GapLine(
        reference=gap.reference,
        text=gap.text,
        url=links.subject(gap),
        theme=gap.theme.title if gap.theme else WHOLE_PROGRAMME,
        owner=gap.owner.name if gap.owner else "",
        mend=links.mend(gap),
        mender=links.mender(gap),
    )
