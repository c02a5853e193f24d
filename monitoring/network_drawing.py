"""The drawing of a network: every node and line with its place, ready for the template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.text import capfirst

from din.network import Line
from din.network_layout import (
    STATUS_LINE,
    TEXT_LINE,
    TEXT_MARGIN,
    TEXT_SIZE,
    ColumnToPlace,
    Layout,
    Placed,
    node_height,
    place,
    text_lines,
    wrap,
)
from monitoring.network_look import Look, Wishes
from monitoring.network_nodes import NetworkNode, PlanNetwork, title
from monitoring.network_words import NodeWords, node_words, short_name

# Where a node stands that is not shown: the script gives it a place when it comes back.
_NOWHERE = Placed(0, 0, 0, 0)
_ICON = 14


@dataclass(frozen=True)
class TextLine:
    y: int
    text: str


@dataclass(frozen=True)
class DrawnNode:
    """A node on the drawing. `state` are the classes that tell what the reader looks at."""

    node: NetworkNode
    column: int
    placed: Placed
    height: int
    lines: tuple[TextLine, ...]
    status_y: int
    icon_y: int
    state: str
    is_shown: bool
    is_selected: bool
    address: str
    name: str
    short_name: str
    words: NodeWords


@dataclass(frozen=True)
class DrawnLine:
    line: Line
    curve: str
    state: str
    is_shown: bool


@dataclass(frozen=True)
class DrawnColumn:
    kind: str
    noun: str
    title: str
    x: int
    is_folded: bool


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    columns: tuple[DrawnColumn, ...]
    nodes: tuple[DrawnNode, ...]
    lines: tuple[DrawnLine, ...]
    has_path: bool

    def of_what_is_shown(self) -> Drawing:
        """Without the nodes and lines that are not shown: nobody can bring them back in a file without a script."""
        return replace(
            self,
            nodes=tuple(node for node in self.nodes if node.is_shown),
            lines=tuple(line for line in self.lines if line.is_shown),
        )


def draw(plan_network: PlanNetwork, wishes: Wishes, seen: Look) -> Drawing:
    """The drawing of everything, with what is not shown marked as such, so that the script can bring it back."""
    network, nodes = plan_network.network, plan_network.nodes
    most = max((len(column.keys) for column in network.columns), default=0)
    texts = {key: wrap(node.label, lines=text_lines(most)) for key, node in nodes.items()}
    heights = {key: node_height(len(texts[key]), has_status=bool(node.standing_label)) for key, node in nodes.items()}
    layout = place(
        [
            ColumnToPlace(
                {key: heights[key] for key in column.keys if key in seen.shown}, is_folded=column.kind in seen.folded
            )
            for column in network.columns
        ]
    )
    titles = [
        DrawnColumn(
            column.kind,
            title(plan_network, column.kind),
            f"{title(plan_network, column.kind)} ({_count(column.keys, seen)})",
            placed.x,
            column.kind in seen.folded,
        )
        for column, placed in zip(network.columns, layout.columns, strict=True)
    ]
    drawn = [
        _node(plan_network, wishes, seen, layout, key, texts[key], heights)
        for column in network.columns
        for key in column.keys
    ]
    return Drawing(
        width=layout.width,
        height=layout.height,
        columns=tuple(titles),
        nodes=tuple(drawn),
        lines=tuple(_line(line, seen, layout) for line in network.lines),
        has_path=seen.path is not None,
    )


def _count(keys: tuple[str, ...], seen: Look) -> str:
    shown = sum(key in seen.shown for key in keys)
    return str(shown) if shown == len(keys) else f"{shown} van {len(keys)}"


def _node(
    plan_network: PlanNetwork,
    wishes: Wishes,
    seen: Look,
    layout: Layout,
    key: str,
    text: tuple[str, ...],
    heights: Mapping[str, int],
) -> DrawnNode:
    node = plan_network.nodes[key]
    is_selected = seen.path is not None and seen.path.key == key
    after_text = TEXT_MARGIN + len(text) * TEXT_LINE
    return DrawnNode(
        node=node,
        column=plan_network.network.place[key][0],
        placed=layout.nodes.get(key, _NOWHERE),
        height=heights[key],
        lines=tuple(TextLine(TEXT_MARGIN + index * TEXT_LINE + TEXT_SIZE - 1, line) for index, line in enumerate(text)),
        status_y=after_text + STATUS_LINE - 5,
        icon_y=after_text + STATUS_LINE - 4 - _ICON,
        state=_state(
            is_away=key not in seen.shown,
            is_folded=node.kind in seen.folded,
            is_selected=is_selected,
            is_on_path=seen.path is not None and key in seen.path.keys,
            is_found=key in seen.found,
        ),
        is_shown=key in seen.shown,
        is_selected=is_selected,
        address=wishes.address(selected=key, is_focused=is_selected),
        name=_name(node),
        short_name=short_name(node),
        words=node_words(plan_network, node, plan_network.network.path(key)),
    )


def _line(line: Line, seen: Look, layout: Layout) -> DrawnLine:
    is_shown = {line.upper, line.lower} <= seen.shown
    return DrawnLine(
        line=line,
        curve=layout.curve(line.upper, line.lower) if is_shown else "",
        state=_state(is_away=not is_shown, is_on_path=line in seen.path_lines),
        is_shown=is_shown,
    )


def _state(**flags: bool) -> str:
    return "".join(f" {name.replace('_', '-')}" for name, is_so in flags.items() if is_so)


def _name(node: NetworkNode) -> str:
    """What a screen reader says of a node, and what its tooltip shows: the whole text and how it stands."""
    parts = [f"{capfirst(node.kind_label)}: {node.label}"]
    if node.standing_label:
        parts.append(node.standing_label)
    if node.late:
        parts.append("te laat")
    if node.breakdown:
        parts.append(node.breakdown)
    return ". ".join(parts)
