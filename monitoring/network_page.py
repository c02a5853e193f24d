"""The page of the network: the drawing, the list with the same content, the path that stands out, and the filters."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.http import QueryDict

from din.models import FocusArea, Programme
from din.network import THEME
from monitoring.network_drawing import Drawing, draw
from monitoring.network_look import Look, NetworkForm, Wishes, look, wishes_of
from monitoring.network_nodes import NetworkNode, PlanNetwork, read_network
from monitoring.network_outline import OutlineEntry, outline, rest
from monitoring.network_roll_up import LATE_RULE, RULE
from monitoring.network_words import sentences
from monitoring.round_choice import RoundChoice


@dataclass(frozen=True)
class SelectedNode:
    """The node whose path stands out, what that path says, and where to go from here."""

    node: NetworkNode
    sentences: tuple[str, ...]
    is_focused: bool
    focus_address: str
    path_address: str


@dataclass(frozen=True)
class NetworkPage:
    """`clear_address` shows everything again, `export_query` is the query of the same picture as a file."""

    form: NetworkForm
    drawing: Drawing
    outline: tuple[OutlineEntry, ...]
    rest: tuple[OutlineEntry, ...]
    selected: SelectedNode | None
    found: tuple[OutlineEntry, ...]
    is_searched: bool
    is_narrowed: bool
    count: int
    total: int
    late_rule: str
    rule: tuple[str, ...]
    has_standings: bool
    has_themes: bool
    clear_address: str
    without_path_address: str
    export_query: str


def build_network_page(
    programme: Programme, choice: RoundChoice, *, parameters: QueryDict, as_of: datetime.date
) -> NetworkPage:
    """The page that `parameters` (the query of the address) ask for."""
    plan_network = read_network(programme, choice, as_of=as_of)
    areas = FocusArea.objects.filter(plan=choice.plan).order_by("position", "pk").values_list("pk", "name")
    form = NetworkForm(parameters, plan_network, focus_areas=[(str(pk), name) for pk, name in areas])
    wishes = wishes_of(parameters, form, plan_network, round_query=choice.query)
    seen = look(plan_network, wishes)
    entries = outline(plan_network, wishes, seen)
    return NetworkPage(
        form=form,
        drawing=draw(plan_network, wishes, seen),
        outline=entries,
        rest=rest(plan_network, seen),
        selected=_selected(plan_network, wishes, seen),
        found=tuple(entry for entry in entries if entry.node.key in seen.found and not entry.is_again),
        is_searched=bool(wishes.query),
        is_narrowed=len(seen.shown) < len(plan_network.nodes),
        count=len(seen.shown),
        total=len(plan_network.nodes),
        late_rule=LATE_RULE,
        rule=RULE,
        has_standings=plan_network.has_standings,
        has_themes=any(column.kind == THEME for column in plan_network.network.columns),
        clear_address=Wishes(round=wishes.round).address(),
        without_path_address=wishes.address(selected="", is_focused=False),
        export_query=wishes.address(),
    )


def _selected(plan_network: PlanNetwork, wishes: Wishes, seen: Look) -> SelectedNode | None:
    if seen.path is None:
        return None
    node = plan_network.nodes[seen.path.key]
    return SelectedNode(
        node=node,
        sentences=sentences(plan_network, node, seen.path),
        is_focused=wishes.is_focused,
        focus_address=wishes.address(is_focused=True),
        path_address=wishes.address(is_focused=False),
    )
