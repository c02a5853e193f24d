"""The network as a nested list: under every node what feeds it. The same content as the drawing, for reading aloud and
for paper.

A node that serves several others is written out once, under the first; under the others it is only named.
"""

from __future__ import annotations

from dataclasses import dataclass

from monitoring.network_look import Look, Wishes
from monitoring.network_nodes import NetworkNode, PlanNetwork
from monitoring.network_words import short_name


@dataclass(frozen=True)
class OutlineEntry:
    """An item of the list. `opens`: a list inside the one before begins with it; `has_more`: a list inside it follows;
    `closes` has as many items as there are lists that end after it. The outermost list is the template's."""

    node: NetworkNode
    address: str
    is_again: bool
    state: str
    opens: bool
    has_more: bool
    closes: range

    @property
    def name(self) -> str:
        """What the node is called where it is not written out."""
        return short_name(self.node)

    @property
    def facts(self) -> str:
        """How the goals under it stand, who it belongs to, and when it is due."""
        return " · ".join(filter(None, (self.node.breakdown, self.node.owner, self.node.deadline_label)))


def outline(plan_network: PlanNetwork, wishes: Wishes, seen: Look) -> tuple[OutlineEntry, ...]:
    """The shown nodes, depth first; those on which nothing shown depends come at the top level."""
    network = plan_network.network
    walked: list[tuple[str, int, bool]] = []
    written: set[str] = set()

    def walk(key: str, depth: int) -> None:
        is_again = key in written
        walked.append((key, depth, is_again))
        written.add(key)
        if not is_again:
            for other in network.below[key]:
                if other in seen.shown:
                    walk(other, depth + 1)

    for column in network.columns:
        for key in column.keys:
            if key in seen.shown and not any(other in seen.shown for other in network.above[key]):
                walk(key, 0)
    depths = [depth for _, depth, _ in walked]
    return tuple(
        OutlineEntry(
            node=plan_network.nodes[key],
            address=wishes.address(selected=key, is_focused=False),
            is_again=is_again,
            state=_state(key, seen),
            opens=depth > before,
            has_more=after > depth,
            closes=range(depth - after),
        )
        for (key, depth, is_again), before, after in zip(walked, [0, *depths], [*depths[1:], 0], strict=False)
    )


def rest(plan_network: PlanNetwork, seen: Look) -> tuple[OutlineEntry, ...]:
    """The nodes that are not shown, each by itself: the script takes them when a reader wants them back."""
    return tuple(
        OutlineEntry(node, address="", is_again=False, state="", opens=False, has_more=False, closes=range(0))
        for key, node in plan_network.nodes.items()
        if key not in seen.shown
    )


def _state(key: str, seen: Look) -> str:
    on_path = " is-on-path" if seen.path is not None and key in seen.path.keys else ""
    return f"{on_path} is-found" if key in seen.found else on_path
