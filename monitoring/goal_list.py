"""The list of goals: search, filters and order, and the addresses that ask for them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import django_filters as filters
from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Value, When
from django.db.models.expressions import OrderBy
from django.db.models.functions import Lower
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from din.models import Effort, FocusArea, Goal, Owner, Theme
from din.models.programme import Programme
from din.quarters import last_day, quarter_label, quarter_of
from monitoring.goal_line import PLAN_ORDER, GoalLine, goal_line
from monitoring.round_choice import RoundChoice
from monitoring.standing import ATTENTION, LABELS, WITHOUT_UPDATE

if TYPE_CHECKING:
    from monitoring.standing import StandingGoals

PAGE_SIZE = 50
NONE = "geen"
ATTENTION_CHOICE = "attention"
WITHOUT_UPDATE_CHOICE = "without_update"
# More words than this make the query no better, only slower.
MAX_WORDS = 8

_REFERENCE = re.compile(r"([A-Za-z])(\d{1,4})(?:\.(\d{1,6}))?")
_THEME_KINDS = {kind.value[0]: kind.value for kind in Theme.Kind}

# The worst first, then what is unknown, then what goes well.
_SEVERITY = (
    *ATTENTION,
    "not_achieved",
    *WITHOUT_UPDATE,
    "not_started",
    "on_track",
    "achieved",
    "dropped",
)

ORDER_CHOICES = [
    ("nummer", "nummer"),
    ("-nummer", "nummer, van achter naar voor"),
    ("deadline", "deadline, eerst de vroegste"),
    ("-deadline", "deadline, eerst de laatste"),
    ("status", "status, eerst wat aandacht vraagt"),
    ("-status", "status, eerst wat klaar is"),
    ("eigenaar", "eigenaar, A tot Z"),
    ("-eigenaar", "eigenaar, Z tot A"),
]
DEFAULT_ORDER = "nummer"


def goals_url(programme: Programme, choice: RoundChoice, **query: str | int) -> str:
    """The address of the list of goals in the same round, with the given filters."""
    return goals_address(programme, **{**choice.query, **query})


def goals_address(programme: Programme, **query: str | int) -> str:
    """The address of the list of goals with the given filters; without `ronde` in the round that it shows by itself."""
    address = reverse("goals", args=[programme.slug])
    return f"{address}?{urlencode(query)}" if query else address


class GoalFilter(filters.FilterSet):
    """The filters of the list. What an address asks and does not exist is left out, and said at the field."""

    q = filters.CharFilter(method="search", label="Zoek op tekst of nummer", max_length=200, widget=forms.SearchInput)
    onderdeel = filters.ModelChoiceFilter(
        field_name="shown_theme",
        method="with_key",
        queryset=Theme.objects.none(),
        label="Onderdeel",
        empty_label="Alle onderdelen",
        null_label="Hele programma",
        null_value=NONE,
    )
    status = filters.ChoiceFilter(
        method="with_standing",
        label="Status",
        empty_label="Alle statussen",
        choices=[
            (ATTENTION_CHOICE, "vraagt aandacht"),
            (WITHOUT_UPDATE_CHOICE, "zonder voortgang"),
            *LABELS.items(),
        ],
    )
    eigenaar = filters.ModelChoiceFilter(
        field_name="shown_owner",
        method="with_key",
        queryset=Owner.objects.none(),
        label="Eigenaar",
        empty_label="Alle eigenaren",
        null_label="Zonder eigenaar",
        null_value=NONE,
    )
    speerpunt = filters.ModelChoiceFilter(
        field_name="focus_areas",
        queryset=FocusArea.objects.none(),
        label="Speerpunt",
        empty_label="Alle speerpunten",
    )
    deadline = filters.ChoiceFilter(method="in_quarter", label="Deadline", empty_label="Alle deadlines", choices=[])
    sorteer = filters.ChoiceFilter(method="in_order", label="Volgorde", empty_label=None, choices=ORDER_CHOICES)
    laat = filters.BooleanFilter(method="only_late", label="Alleen te laat", widget=forms.CheckboxInput)

    class Meta:
        model = Goal
        fields: list[str] = []

    def __init__(self, data: Mapping[str, Any], queryset: StandingGoals, *, choice: RoundChoice) -> None:
        super().__init__(data, queryset)
        plan = choice.plan
        shown = list(queryset.order_by().values_list("shown_theme", "shown_owner", "shown_deadline").distinct())
        themes, owners = {theme for theme, _, _ in shown if theme}, {owner for _, owner, _ in shown if owner}
        self.filters["onderdeel"].queryset = Theme.objects.filter(pk__in=themes).order_by("position", "pk")
        self.filters["eigenaar"].queryset = Owner.objects.filter(pk__in=owners).order_by(Lower("name"))
        quarters = {quarter_of(day) for _, _, day in shown if day}
        self.filters["deadline"].extra["choices"] = [
            (quarter, quarter_label(last_day(quarter))) for quarter in sorted(quarters)
        ]
        self.filters["speerpunt"].queryset = FocusArea.objects.filter(plan=plan).order_by("position", "pk")
        if choice.round is None:
            del self.filters["status"], self.filters["laat"]
            self.filters["sorteer"].extra["choices"] = [
                choice for choice in ORDER_CHOICES if not choice[0].endswith("status")
            ]

    def search(self, queryset: StandingGoals, name: str, value: str) -> StandingGoals:
        """The goals in which every word occurs: in number, texts, theme or owner, or in the texts of their efforts."""
        for word in value.split()[:MAX_WORDS]:
            queryset = queryset.filter(_has_word(word))
        return queryset

    def with_key(self, queryset: StandingGoals, name: str, value: Theme | Owner | str) -> StandingGoals:
        """The goals that show this theme or owner, or none of them."""
        return queryset.filter(**{name: None if value == NONE else value.pk})  # type: ignore[union-attr]

    def with_standing(self, queryset: StandingGoals, name: str, value: str) -> StandingGoals:
        if value == ATTENTION_CHOICE:
            return queryset.filter(Q(standing__in=ATTENTION) | Q(late=True))
        return queryset.filter(standing__in=WITHOUT_UPDATE if value == WITHOUT_UPDATE_CHOICE else [value])

    def in_quarter(self, queryset: StandingGoals, name: str, value: str) -> StandingGoals:
        return queryset.filter(deadline_in(value))

    def in_order(self, queryset: StandingGoals, name: str, value: str) -> StandingGoals:
        """The order narrows nothing; build_goal_list applies it, also when the address asks for none."""
        return queryset

    def only_late(self, queryset: StandingGoals, name: str, value: bool) -> StandingGoals:
        return queryset.filter(late=True) if value else queryset


def deadline_in(quarter: str) -> Q:
    """That the deadline shown lies in `quarter`, for example "2023-Q3"."""
    end = last_day(quarter)
    return Q(shown_deadline__gte=end.replace(month=end.month - 2, day=1), shown_deadline__lte=end)


def _has_word(word: str) -> Q:
    efforts = Effort.objects.filter(goals=OuterRef("pk"), text__icontains=word)
    condition = (
        Q(shown_text__icontains=word)
        | Q(frozen_theme__icontains=word)
        | Q(shown_place=0, theme__name__icontains=word)
        | Q(shown_owner_name__icontains=word)
        | Q(description__icontains=word)
        | Q(intended_results__icontains=word)
        | Q(Exists(efforts))
    )
    return condition | is_called(word)


def is_called(word: str) -> Q:
    """The goals with that number: "P4.11", "11", or all of a theme for "P4"."""
    condition = Q(frozen_reference__iexact=word)
    if match := _REFERENCE.fullmatch(word):
        letter, theme_number, number = match.groups()
        reference = Q(shown_place=0, theme__kind=_THEME_KINDS.get(letter.lower(), ""), theme__number=int(theme_number))
        condition |= (
            reference & Q(number=int(number)) if number else reference | Q(frozen_reference__istartswith=f"{word}.")
        )
    elif re.fullmatch(r"[0-9]{1,6}", word):
        condition |= Q(shown_number=int(word))
    return condition


# --- order ---------------------------------------------------------------------------------------------------------


def by_severity() -> Case:
    """The rank of a goal's standing: what is in danger first, what goes well last."""
    return Case(
        *(When(standing=standing, then=Value(rank)) for rank, standing in enumerate(_SEVERITY)),
        default=Value(len(_SEVERITY)),
        output_field=IntegerField(),
    )


_ORDERS: dict[str, tuple[OrderBy, ...]] = {
    "nummer": PLAN_ORDER,
    "-nummer": (
        F("shown_place").desc(),
        F("theme__position").desc(nulls_last=True),
        F("theme__pk").desc(nulls_last=True),
        F("number").desc(nulls_first=True),
        F("position").desc(),
        F("pk").desc(),
    ),
    "deadline": (F("shown_deadline").asc(nulls_last=True), *PLAN_ORDER),
    "-deadline": (F("shown_deadline").desc(nulls_last=True), *PLAN_ORDER),
    "status": (OrderBy(by_severity()), *PLAN_ORDER),
    "-status": (OrderBy(by_severity(), descending=True), *PLAN_ORDER),
    "eigenaar": (OrderBy(Lower("shown_owner_name"), nulls_last=True), *PLAN_ORDER),
    "-eigenaar": (OrderBy(Lower("shown_owner_name"), descending=True, nulls_last=True), *PLAN_ORDER),
}


@dataclass(frozen=True)
class Column:
    """A column that the list can be sorted by. `direction` is the value of aria-sort, empty when not sorted by it."""

    key: str
    label: str
    url: str
    direction: str


@dataclass(frozen=True)
class GoalList:
    """A page of the list: `shown` of `total` goals, `query` is the address of this list without its page."""

    form: forms.Form
    columns: dict[str, Column]
    page: Page[Any]
    lines: list[GoalLine]
    total: int
    shown: int
    query: str
    is_filtered: bool
    clear_url: str

    @property
    def count_label(self) -> str:
        """For example "48 doelen", or "3 van 48 doelen" when the list is filtered."""
        noun = "doel" if self.total == 1 else "doelen"
        return f"{self.shown} van {self.total} {noun}" if self.is_filtered else f"{self.total} {noun}"


def build_goal_list(
    goals: StandingGoals, *, programme: Programme, choice: RoundChoice, parameters: QueryDict
) -> GoalList:
    """The page of the list that `parameters` (the query of the address) ask for. `goals` come from monitoring.standing.

    A parameter that means nothing is left out; it is never an error.
    """
    filter_set = GoalFilter(parameters, goals, choice=choice)
    form = filter_set.form
    filtered = filter_set.qs
    given = {name: str(parameters[name]) for name in form.fields if form.cleaned_data.get(name)}
    order = given.pop("sorteer", DEFAULT_ORDER)
    page = Paginator(filtered.order_by(*_ORDERS[order]).select_related("theme"), PAGE_SIZE).get_page(
        parameters.get("page")
    )
    sorting = {} if order == DEFAULT_ORDER else {"sorteer": order}
    return GoalList(
        form=form,
        columns=_columns(order, programme, choice, given),
        page=page,
        lines=[goal_line(goal) for goal in page.object_list],
        total=goals.count() if given else page.paginator.count,
        shown=page.paginator.count,
        query=urlencode({**choice.query, **given, **sorting}),
        is_filtered=bool(given),
        clear_url=goals_url(programme, choice),
    )


def _columns(order: str, programme: Programme, choice: RoundChoice, given: dict[str, str]) -> dict[str, Column]:
    labels = {"nummer": "Doel", "deadline": "Deadline", "status": "Status", "eigenaar": "Eigenaar"}
    if choice.round is None:
        del labels["status"]
    columns = {}
    for key, label in labels.items():
        direction = {key: "ascending", f"-{key}": "descending"}.get(order, "")
        target = f"-{key}" if direction == "ascending" else key
        columns[key] = Column(key, label, goals_url(programme, choice, **given, sorteer=target), direction)
    return columns
