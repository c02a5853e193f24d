"""What of a network a reader looks at: whose path, which columns are folded, what the filters leave, what is found.

network.js does the same in place: change both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.http import urlencode

from din.network import GOAL, Line, Path
from monitoring.goal_list import ATTENTION_CHOICE, NONE, WITHOUT_UPDATE_CHOICE
from monitoring.network_nodes import NetworkNode, PlanNetwork, title
from monitoring.standing import LABELS, WITHOUT_UPDATE

FILTERS = ("onderdeel", "speerpunt", "status", "eigenaar")

Choices = list[tuple[str, str]]


class NetworkForm(forms.Form):
    """Search, filters and folding. What an address asks and does not exist is left out."""

    q = forms.CharField(label="Zoek op tekst of nummer", max_length=200, widget=forms.SearchInput, required=False)
    onderdeel = forms.ChoiceField(label="Onderdeel", required=False)
    speerpunt = forms.ChoiceField(label="Speerpunt", required=False)
    status = forms.ChoiceField(label="Status", required=False)
    eigenaar = forms.ChoiceField(label="Eigenaar of trekker", required=False)
    dicht = forms.MultipleChoiceField(label="Kolommen dichtvouwen", widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, data: Mapping[str, Any], plan_network: PlanNetwork, *, focus_areas: Choices) -> None:
        super().__init__(data)
        nodes = plan_network.nodes.values()
        themes = {str(node.theme_pk or NONE): node.theme for node in nodes if node.theme}
        owners = {str(node.owner_pk): node.owner for node in nodes if node.owner_pk is not None}
        self._offer("onderdeel", "Alle onderdelen", list(themes.items()))
        self._offer("speerpunt", "Alle speerpunten", focus_areas)
        self._offer("eigenaar", "Alle eigenaren", sorted(owners.items(), key=lambda owner: owner[1].casefold()))
        standings: Choices = [
            (ATTENTION_CHOICE, "vraagt aandacht"),
            (WITHOUT_UPDATE_CHOICE, "zonder voortgang"),
            *LABELS.items(),
        ]
        self._offer("status", "Alle statussen", standings if plan_network.has_standings else [])
        self._choices_of("dicht").choices = [
            (column.kind, title(plan_network, column.kind)) for column in plan_network.network.columns
        ]

    def _offer(self, name: str, empty: str, choices: Choices) -> None:
        """Give a field its choices; a field with nothing to choose goes."""
        if not choices:
            del self.fields[name]
            return
        self._choices_of(name).choices = [("", empty), *choices]

    def _choices_of(self, name: str) -> forms.ChoiceField:
        return cast(forms.ChoiceField, self.fields[name])


@dataclass(frozen=True)
class Wishes:
    """What the address asks for, as far as it exists."""

    selected: str = ""
    is_focused: bool = False
    folded: tuple[str, ...] = ()
    query: str = ""
    filters: tuple[tuple[str, str], ...] = ()
    round: tuple[tuple[str, str], ...] = ()

    def address(self, **changes: Any) -> str:
        """The query of the page with these changes, beginning with a question mark."""
        wishes = replace(self, **changes)
        parameters = [*wishes.round]
        if wishes.query:
            parameters.append(("q", wishes.query))
        parameters += [*wishes.filters, *(("dicht", kind) for kind in wishes.folded)]
        if wishes.selected:
            parameters.append(("knoop", wishes.selected))
            if wishes.is_focused:
                parameters.append(("focus", "1"))
        return f"?{urlencode(parameters)}"


@dataclass(frozen=True)
class Look:
    """Which nodes are shown and found, which columns are folded, and the path that stands out with its lines."""

    shown: frozenset[str]
    found: frozenset[str]
    folded: frozenset[str]
    path: Path | None
    path_lines: frozenset[Line]


def wishes_of(
    parameters: QueryDict, form: NetworkForm, plan_network: PlanNetwork, *, round_query: Mapping[str, str]
) -> Wishes:
    """The wishes in the query of an address. What means nothing is left out; it is never an error."""
    form.is_valid()
    given = form.cleaned_data
    folded = parameters.getlist("dicht")
    selected = parameters.get("knoop", "")
    if selected not in plan_network.nodes:
        selected = ""
    return Wishes(
        selected=selected,
        is_focused=bool(selected) and parameters.get("focus") == "1",
        folded=tuple(column.kind for column in plan_network.network.columns if column.kind in folded),
        query=" ".join(given.get("q", "").split()),
        filters=tuple(
            (name, given[name]) for name in ("onderdeel", "speerpunt", "status", "eigenaar") if given.get(name)
        ),
        round=tuple(round_query.items()),
    )


def look(plan_network: PlanNetwork, wishes: Wishes) -> Look:
    """What `wishes` leave of the network. What is found is shown, whatever the filters and the folds say."""
    network, nodes = plan_network.network, plan_network.nodes
    words = wishes.query.lower().split()
    found = frozenset(key for key, node in nodes.items() if words and _has_words(node, words))
    path = network.path(wishes.selected) if wishes.selected else None
    if path is not None and wishes.is_focused:
        found &= path.keys
        shown = path.keys
    elif wishes.filters:
        shown = _filtered(plan_network, dict(wishes.filters), found)
    else:
        shown = frozenset(network.place)
    folded = frozenset(wishes.folded) - {nodes[key].kind for key in found}
    return Look(shown, found, folded, path, network.lines_of(path) if path else frozenset())


def _filtered(plan_network: PlanNetwork, filters: Mapping[str, str], found: frozenset[str]) -> frozenset[str]:
    """What passes the filters or was found, with all that it serves, and under goals what feeds them."""
    network, nodes = plan_network.network, plan_network.nodes
    shown: set[str] = set()
    for key in network.place:
        if key in found or _passes(nodes[key], filters):
            path = network.path(key)
            shown.update((key, *path.up))
            if nodes[key].kind == GOAL:
                shown.update(path.down)
    return frozenset(shown)


def _has_words(node: NetworkNode, words: list[str]) -> bool:
    text = node.label.lower()
    return all(word in text for word in words)


def _passes(node: NetworkNode, filters: Mapping[str, str]) -> bool:
    """Whether a node has all that is asked. Status and focus areas are asked of goals only."""
    theme, area, status, owner = (filters.get(name) for name in FILTERS)
    if (area or status) and node.kind != GOAL:
        return False
    if theme and theme != str(node.theme_pk or NONE):
        return False
    if owner and owner != str(node.owner_pk):
        return False
    if area and area not in map(str, node.focus_areas):
        return False
    if status == ATTENTION_CHOICE:
        return node.attention
    if status == WITHOUT_UPDATE_CHOICE:
        return node.standing in WITHOUT_UPDATE
    return not status or status == node.standing
