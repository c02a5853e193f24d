"""The list of goals: search, filters and order, and the addresses that ask for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, cast

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.http import QueryDict
from django.utils.http import urlencode

from din.addresses import address_of
from din.models import Effort, FocusArea, Owner, Theme
from din.models.programme import Programme
from din.quarters import last_day, quarter_label, quarter_of
from monitoring.goal_line import WHOLE_PROGRAMME, GoalLine, goal_lines
from monitoring.round_choice import RoundChoice
from monitoring.standing import LABELS, WITHOUT_UPDATE, StandingGoals

PAGE_SIZE = 50
NONE = "geen"
ATTENTION_CHOICE = "attention"
WITHOUT_UPDATE_CHOICE = "without_update"
# More words than this make the query no better, only slower.
MAX_WORDS = 8

_REFERENCE = re.compile(r"([A-Za-z])(\d{1,4})(?:\.(\d{1,6}))?")
_THEME_KINDS = {kind.value[0]: kind.value for kind in Theme.Kind}
_STATUS_CHOICES = [
    ("", "Alle statussen"),
    (ATTENTION_CHOICE, "vraagt aandacht"),
    (WITHOUT_UPDATE_CHOICE, "zonder voortgang"),
    *LABELS.items(),
]
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
# A key says nothing to who reads the error.
_NO_SUCH_KEY = {"invalid_choice": forms.ModelChoiceField.default_error_messages["invalid_choice"]}


def goals_url(programme: Programme, choice: RoundChoice, **query: str | int) -> str:
    """The address of the list of goals in the same round, with the given filters."""
    return goals_address(programme, **{**choice.query, **query})


def goals_address(programme: Programme, **query: str | int) -> str:
    """The address of the list of goals with the given filters; without `ronde` in the round that it shows by itself."""
    address = address_of("goals", programme.slug)
    return f"{address}?{urlencode(query)}" if query else address


class GoalFilter(forms.Form):
    """The filters of the list. What an address asks and does not exist is left out, and said at the field."""

    q = forms.CharField(label="Zoek op tekst of nummer", max_length=200, widget=forms.SearchInput, required=False)
    onderdeel = forms.ChoiceField(label="Onderdeel", required=False, error_messages=_NO_SUCH_KEY)
    status = forms.ChoiceField(label="Status", required=False)
    eigenaar = forms.ChoiceField(label="Eigenaar", required=False, error_messages=_NO_SUCH_KEY)
    speerpunt = forms.ChoiceField(label="Speerpunt", required=False, error_messages=_NO_SUCH_KEY)
    deadline = forms.ChoiceField(label="Deadline", required=False)
    sorteer = forms.ChoiceField(label="Volgorde", required=False)
    laat = forms.BooleanField(label="Alleen te laat", required=False)

    def __init__(self, data: Mapping[str, Any], lines: Sequence[GoalLine], *, choice: RoundChoice) -> None:
        super().__init__(data)
        themes = Theme.objects.filter(pk__in={line.theme_pk for line in lines if line.theme_pk})
        owners = Owner.objects.filter(pk__in={line.owner_pk for line in lines if line.owner_pk})
        areas = FocusArea.objects.filter(plan=choice.plan)
        quarters = {quarter_of(line.deadline) for line in lines if line.deadline}
        self._offer(
            "onderdeel",
            ("", "Alle onderdelen"),
            (NONE, WHOLE_PROGRAMME),
            *((str(theme.pk), theme.title) for theme in themes.order_by("position", "pk")),
        )
        self._offer(
            "eigenaar",
            ("", "Alle eigenaren"),
            (NONE, "Zonder eigenaar"),
            *owners.order_by(Lower("name")).values_list("pk", "name"),
        )
        self._offer("speerpunt", ("", "Alle speerpunten"), *areas.order_by("position", "pk").values_list("pk", "name"))
        self._offer(
            "deadline",
            ("", "Alle deadlines"),
            *((quarter, quarter_label(last_day(quarter))) for quarter in sorted(quarters)),
        )
        if choice.round is None:
            del self.fields["status"], self.fields["laat"]
            self._offer("sorteer", *(order for order in ORDER_CHOICES if not order[0].endswith("status")))
        else:
            self._offer("status", *_STATUS_CHOICES)
            self._offer("sorteer", *ORDER_CHOICES)

    def _offer(self, name: str, *choices: tuple[int | str, str]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    def narrow(self, lines: Sequence[GoalLine], goals: StandingGoals) -> list[GoalLine]:
        """Those of `lines` that the filters leave. `goals` are the same, to search where the lines do not look."""
        asked = self.cleaned_data
        searched = goals
        for word in asked.get("q", "").split()[:MAX_WORDS]:
            searched = searched.filter(_has_word(word))
        if area := asked.get("speerpunt"):
            searched = searched.filter(focus_areas=area)
        conditions: list[Callable[[GoalLine], bool]] = []
        if searched is not goals:
            found = searched.keys()
            conditions.append(lambda line: line.pk in found)
        if theme := asked.get("onderdeel"):
            conditions.append(lambda line: str(line.theme_pk or NONE) == theme)
        if owner := asked.get("eigenaar"):
            conditions.append(lambda line: str(line.owner_pk or NONE) == owner)
        if standing := asked.get("status"):
            conditions.append(lambda line: _stands(line, standing))
        if quarter := asked.get("deadline"):
            conditions.append(lambda line: line.deadline is not None and quarter_of(line.deadline) == quarter)
        if asked.get("laat"):
            conditions.append(attrgetter("late"))
        return [line for line in lines if all(holds(line) for holds in conditions)]


def _stands(line: GoalLine, standing: str) -> bool:
    """Whether a goal stands as one of the _STATUS_CHOICES says."""
    if standing == ATTENTION_CHOICE:
        return line.attention
    return line.standing in (WITHOUT_UPDATE if standing == WITHOUT_UPDATE_CHOICE else (standing,))


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


_KEYS: dict[str, Callable[[GoalLine], Any]] = {
    "deadline": attrgetter("deadline"),
    "status": attrgetter("severity"),
    "eigenaar": lambda line: line.owner.casefold(),
}


def _in_order(lines: list[GoalLine], order: str) -> list[GoalLine]:
    """`lines`, in the order of the plan, as `order` asks; a goal without deadline or owner comes last either way."""
    backwards = order.startswith("-")
    key = _KEYS.get(order.removeprefix("-"))
    if key is None:
        return lines[::-1] if backwards else lines
    known = [line for line in lines if key(line) not in (None, "")]
    unknown = [line for line in lines if key(line) in (None, "")]
    return [*sorted(known, key=key, reverse=backwards), *unknown]


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
    lines = goal_lines(goals)
    form = GoalFilter(parameters, lines, choice=choice)
    form.is_valid()
    given = {name: str(parameters[name]) for name in form.fields if form.cleaned_data.get(name)}
    order = given.pop("sorteer", DEFAULT_ORDER)
    page = Paginator(_in_order(form.narrow(lines, goals), order), PAGE_SIZE).get_page(parameters.get("page"))
    sorting = {} if order == DEFAULT_ORDER else {"sorteer": order}
    return GoalList(
        form=form,
        columns=_columns(order, programme, choice, given),
        page=page,
        lines=list(page.object_list),
        total=len(lines),
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
