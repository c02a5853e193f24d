"""The list of the indicators of a programme, and the key indicators for a dashboard."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import django_filters as filters
from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse

from din.models import Goal, Programme, Theme
from din.permissions import Visitor
from monitoring.goal_line import WHOLE_PROGRAMME
from monitoring.indicator_chart import SMALL, Chart, build_chart
from monitoring.indicator_figures import Figures, bounds_label, read_figures
from monitoring.indicator_judgement import Judgement, together
from monitoring.models import Indicator
from monitoring.models.indicator import IndicatorQuerySet, in_order

NONE = "geen"


class IndicatorFilter(filters.FilterSet):
    """The filters of the list. The judgement is no column of the database: build_indicator_list narrows by it."""

    onderdeel = filters.ModelChoiceFilter(
        field_name="theme",
        queryset=Theme.objects.none(),
        label="Onderdeel",
        empty_label="Alle onderdelen",
        null_label=WHOLE_PROGRAMME,
        null_value=NONE,
    )
    oordeel = filters.ChoiceFilter(
        method="keep",
        label="Oordeel",
        empty_label="Alle oordelen",
        choices=[(judgement.value, judgement.label) for judgement in Judgement],
    )
    kern = filters.BooleanFilter(method="only_key", label="Alleen kernindicatoren", widget=forms.CheckboxInput)

    class Meta:
        model = Indicator
        fields: list[str] = []

    def __init__(self, data: QueryDict, queryset: IndicatorQuerySet, *, programme: Programme, user: Visitor) -> None:
        super().__init__(data, queryset)
        themes = Theme.objects.readable_by(user).filter(programme=programme, indicators__isnull=False)
        self.filters["onderdeel"].queryset = themes.distinct().order_by("position", "pk")

    def keep(self, queryset: IndicatorQuerySet, name: str, value: str) -> IndicatorQuerySet:
        return queryset

    def only_key(self, queryset: IndicatorQuerySet, name: str, value: bool) -> IndicatorQuerySet:
        return queryset.filter(is_key=True) if value else queryset


@dataclass(frozen=True)
class FigureLine:
    """The latest value of an indicator without parts, or of a part, in words. `is_concept`: from a running round."""

    name: str
    period: str
    value: str
    needed: str
    target: str
    judgement: Judgement
    is_concept: bool
    chart: Chart | None


@dataclass(frozen=True)
class IndicatorLine:
    """An indicator in a list, with one figure, or one for each of its parts."""

    pk: int
    name: str
    url: str
    theme: str
    is_key: bool
    figures: tuple[FigureLine, ...]
    has_parts: bool

    @property
    def judgement(self) -> Judgement:
        return together(figure.judgement for figure in self.figures)


@dataclass(frozen=True)
class IndicatorList:
    form: forms.Form
    lines: tuple[IndicatorLine, ...]
    total: int
    is_filtered: bool
    clear_url: str

    @property
    def count_label(self) -> str:
        """For example "12 indicatoren", or "3 van 12 indicatoren" when the list is filtered."""
        noun = "indicator" if self.total == 1 else "indicatoren"
        return f"{len(self.lines)} van {self.total} {noun}" if self.is_filtered else f"{self.total} {noun}"


def build_indicator_list(
    programme: Programme, *, user: Visitor, as_of: datetime.date, parameters: QueryDict
) -> IndicatorList:
    """The indicators that `parameters` ask for, key indicators first, in a constant number of queries.

    A parameter that means nothing is left out; it is never an error.
    """
    readable = Indicator.objects.readable_by(user).filter(programme=programme)
    whole = readable.filter(part_of=None)
    filter_set = IndicatorFilter(parameters, whole, programme=programme, user=user)
    form = filter_set.form
    shown = {indicator.pk for indicator in filter_set.qs}
    lines = indicator_lines(in_order(readable.select_related("programme", "theme")), user=user, as_of=as_of)
    wanted = form.cleaned_data.get("oordeel")
    found = tuple(
        line
        for line in lines
        if line.pk in shown and (not wanted or wanted in {figure.judgement for figure in line.figures})
    )
    return IndicatorList(
        form=form,
        lines=found,
        total=len(lines),
        is_filtered=any(form.cleaned_data.get(name) for name in form.fields),
        clear_url=reverse("indicators", args=[programme.slug]),
    )


def indicator_lines(
    indicators: Iterable[Indicator], *, user: Visitor, as_of: datetime.date, only_until: bool = False
) -> tuple[IndicatorLine, ...]:
    """A line for each of `indicators` (with their parts, their programme and their theme), in two queries.

    `only_until`: leave out what was measured over days after `as_of`.
    """
    wanted = list(indicators)
    parts: dict[int, list[Indicator]] = {}
    for indicator in wanted:
        if indicator.part_of_id is not None:
            parts.setdefault(indicator.part_of_id, []).append(indicator)
    figures = read_figures(wanted, user=user, as_of=as_of if only_until else None)
    return tuple(
        _line(indicator, parts.get(indicator.pk, []), figures, as_of=as_of)
        for indicator in wanted
        if indicator.part_of_id is None
    )


def _line(
    indicator: Indicator, parts: Sequence[Indicator], figures: dict[int, Figures], *, as_of: datetime.date
) -> IndicatorLine:
    return IndicatorLine(
        pk=indicator.pk,
        name=indicator.name,
        url=indicator.get_absolute_url(),
        theme=indicator.theme.title if indicator.theme else WHOLE_PROGRAMME,
        is_key=indicator.is_key,
        figures=tuple(figure_line(figures[part.pk], as_of=as_of) for part in parts or [indicator]),
        has_parts=bool(parts),
    )


def figure_line(figures: Figures, *, as_of: datetime.date) -> FigureLine:
    """The latest value of `figures` in words, with a small chart."""
    return FigureLine(
        name=figures.indicator.name,
        period=figures.latest_period,
        value=figures.latest_label,
        needed=figures.needed_label,
        target=figures.target_label(as_of=as_of),
        judgement=figures.judgement,
        is_concept=any(one.round is not None and one.round.is_running for one in figures.measurements[-1:]),
        chart=build_chart(
            title=figures.indicator.name,
            points=figures.points,
            norm=figures.norm,
            value_label=figures.indicator.value_label,
            bounds_label=lambda bounds: bounds_label(figures.indicator, bounds),
            size=SMALL,
        ),
    )


@dataclass(frozen=True)
class KeyIndicator:
    """A key indicator for a dashboard. The labels are empty when nothing was measured or promised."""

    name: str
    value: str
    period: str
    target: str
    judgement: Judgement
    url: str


def key_indicators(
    programme: Programme, *, user: Visitor, as_of: datetime.date, theme: Theme | None = None
) -> tuple[KeyIndicator, ...]:
    """The key indicators of `programme` as `user` may read them on `as_of`, in order: three queries at most.

    With `theme` all indicators of that theme instead, key indicators first. One with parts says how many of them are on
    course, and has the judgement of the part that needs a look first.
    """
    readable = programme.indicators.readable_by(user)
    if theme is None:
        wanted = Q(part_of=None, is_key=True) | Q(part_of__is_key=True)
    else:
        wanted = Q(part_of=None, theme=theme) | Q(part_of__theme=theme)
    indicators = in_order(readable.filter(wanted).select_related("theme").order_by())
    if not indicators:
        return ()
    return tuple(_key(line) for line in indicator_lines(indicators, user=user, as_of=as_of, only_until=True))


def _key(line: IndicatorLine) -> KeyIndicator:
    if not line.has_parts:
        figure = line.figures[0]
        return KeyIndicator(line.name, figure.value, figure.period, figure.target, figure.judgement, line.url)
    if line.judgement == Judgement.NO_TARGET:
        values = ", ".join(one.value for one in line.figures if one.value)
        return KeyIndicator(line.name, values, "", "", line.judgement, line.url)
    good = [one for one in line.figures if one.judgement in (Judgement.ON_COURSE, Judgement.REACHED)]
    value = f"{len(good)} van {len(line.figures)} op koers of gehaald"
    return KeyIndicator(line.name, value, "", "", line.judgement, line.url)


def goal_indicators(goal: Goal, *, user: Visitor, as_of: datetime.date) -> tuple[IndicatorLine, ...]:
    """The indicators that concern `goal`, in order, in three queries; one query when there are none."""
    wanted = Q(part_of=None, goals=goal) | Q(part_of__goals=goal)
    indicators = Indicator.objects.readable_by(user).filter(pk__in=Indicator.objects.filter(wanted).values("pk"))
    found = in_order(indicators.select_related("programme", "theme"))
    return indicator_lines(found, user=user, as_of=as_of) if found else ()
