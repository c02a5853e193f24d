"""The list of commitments: search, filters, and figures that lead to the lines behind them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import django_filters as filters
from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.db.models.functions import Lower
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from din.models import Goal, Owner, Programme, Theme
from din.permissions import Visitor
from monitoring.commitment_line import DUE_ORDER, CommitmentLine, commitment_line
from monitoring.goal_list import MAX_WORDS, NONE, PAGE_SIZE
from monitoring.models import Commitment

if TYPE_CHECKING:
    from monitoring.models.commitment import CommitmentQuerySet

State = Commitment.State
_SEARCHED = ("number", "title", "text", "made_by", "shown_settlement")


class CommitmentFilter(filters.FilterSet):
    """The filters of the list. What an address asks and does not exist is left out, and said at the field."""

    q = filters.CharFilter(method="search", label="Zoek op tekst of nummer", max_length=200, widget=forms.SearchInput)
    soort = filters.ChoiceFilter(
        field_name="kind", label="Soort", empty_label="Alle soorten", choices=Commitment.Kind.choices
    )
    stand = filters.ChoiceFilter(
        field_name="shown_state", label="Stand", empty_label="Alle standen", choices=State.choices
    )
    eigenaar = filters.ModelChoiceFilter(
        field_name="owner",
        queryset=Owner.objects.none(),
        label="Eigenaar",
        empty_label="Alle eigenaren",
        null_label="Zonder eigenaar",
        null_value=NONE,
    )
    onderdeel = filters.ModelChoiceFilter(
        method="with_theme", queryset=Theme.objects.none(), label="Onderdeel", empty_label="Alle onderdelen"
    )
    laat = filters.BooleanFilter(method="only_overdue", label="Alleen te laat", widget=forms.CheckboxInput)

    class Meta:
        model = Commitment
        fields: list[str] = []

    def __init__(
        self, data: Mapping[str, Any], queryset: CommitmentQuerySet, *, user: Visitor, as_of: datetime.date
    ) -> None:
        super().__init__(data, queryset)
        self.as_of = as_of
        self.user = user
        linked = Goal.objects.readable_by(user).filter(commitments__in=queryset.values("pk"))
        self.filters["eigenaar"].queryset = Owner.objects.filter(pk__in=queryset.values("owner")).order_by(
            Lower("name")
        )
        self.filters["onderdeel"].queryset = Theme.objects.filter(pk__in=linked.values("theme")).order_by(
            "position", "pk"
        )

    def search(self, queryset: CommitmentQuerySet, name: str, value: str) -> CommitmentQuerySet:
        """The commitments in which every word occurs, of what this reader may know."""
        for word in value.split()[:MAX_WORDS]:
            found = Q(pk__in=[])
            for field in _SEARCHED:
                found |= Q(**{f"{field}__icontains": word})
            queryset = queryset.filter(found)
        return queryset

    def with_theme(self, queryset: CommitmentQuerySet, name: str, value: Theme) -> CommitmentQuerySet:
        return queryset.about(value, user=self.user)

    def only_overdue(self, queryset: CommitmentQuerySet, name: str, value: bool) -> CommitmentQuerySet:
        return queryset.overdue(as_of=self.as_of) if value else queryset


@dataclass(frozen=True)
class StateCount:
    """How many lines there are of something, with the address of those lines; `tone` as of a dashboard's figure."""

    label: str
    value: int
    url: str
    tone: str


@dataclass(frozen=True)
class CommitmentList:
    """A page of the list: `shown` of `total` commitments, `query` is the address of this list without its page."""

    form: forms.Form
    counts: tuple[StateCount, ...]
    page: Page[Any]
    lines: list[CommitmentLine]
    total: int
    shown: int
    query: str
    is_filtered: bool
    clear_url: str

    @property
    def count_label(self) -> str:
        """For example "5 regels", or "2 van 5 regels" when the list is filtered."""
        noun = "regel" if self.total == 1 else "regels"
        return f"{self.shown} van {self.total} {noun}" if self.is_filtered else f"{self.total} {noun}"


def build_commitment_list(
    programme: Programme, *, user: Visitor, parameters: QueryDict, as_of: datetime.date
) -> CommitmentList:
    """The page of the list that `parameters` ask for, as `user` may know it, in a constant number of queries."""
    everything = Commitment.objects.readable_by(user).filter(programme=programme)
    filter_set = CommitmentFilter(parameters, everything, user=user, as_of=as_of)
    form = filter_set.form
    found = filter_set.qs
    given = {name: str(parameters[name]) for name in form.fields if form.cleaned_data.get(name)}
    page = Paginator(found.order_by(*DUE_ORDER).with_place(), PAGE_SIZE).get_page(parameters.get("page"))
    counts = _counts(programme, everything, as_of=as_of)
    return CommitmentList(
        form=form,
        counts=counts,
        page=page,
        lines=[commitment_line(commitment, as_of=as_of) for commitment in page.object_list],
        total=sum(count.value for count in counts[1:]),
        shown=page.paginator.count,
        query=urlencode(given),
        is_filtered=bool(given),
        clear_url=commitments_url(programme),
    )


def commitments_url(programme: Programme, **query: str | int) -> str:
    """The address of the list with the given filters."""
    address = reverse("commitments", args=[programme.slug])
    return f"{address}?{urlencode(query)}" if query else address


def _counts(programme: Programme, everything: CommitmentQuerySet, *, as_of: datetime.date) -> tuple[StateCount, ...]:
    """First what is overdue, which is a part of what is open; then how many there are in each state."""
    late = Count("pk", filter=Q(shown_state=State.OPEN, deadline__lt=as_of))
    rows: Iterable[tuple[str, int, int]] = (
        everything.order_by().values_list("shown_state").annotate(lines=Count("pk"), late=late)  # type: ignore[misc]
    )
    by_state = {state: (count, overdue) for state, count, overdue in rows}
    overdue = sum(overdue for _, overdue in by_state.values())
    tones = {State.OPEN: "info", State.PROPOSED: "warn", State.SETTLED: "ok"}
    return (
        StateCount("deadline voorbij", overdue, commitments_url(programme, laat="on"), "bad" if overdue else "none"),
        *(
            StateCount(state.label, by_state.get(state.value, (0, 0))[0], commitments_url(programme, stand=state), tone)
            for state, tone in tones.items()
        ),
    )
