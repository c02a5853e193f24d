"""What a path through the network says, in words: what a node threatens or serves, and what feeds it.

network.js says the same when a reader walks the network: change both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from din.network import AMBITION, EFFORT, ER_GOAL, GOAL, THEME, Path
from monitoring.network_nodes import NetworkNode, PlanNetwork, counted
from monitoring.network_roll_up import IN_DANGER

# Of a long enumeration so many are named, each with so many characters.
NAMES = 8
NAME_LENGTH = 90

_SUBJECTS = {
    AMBITION: "Deze ambitie",
    ER_GOAL: "Dit ER-doel",
    THEME: "Dit onderdeel",
    GOAL: "Dit doel",
    EFFORT: "Deze inspanning",
}


@dataclass(frozen=True)
class NodeWords:
    """The beginnings of the sentences about a node; the names come after. Empty when there is nothing to say."""

    up: str
    down: str
    danger: str


def node_words(plan_network: PlanNetwork, node: NetworkNode, path: Path) -> NodeWords:
    """How the sentences about `node` with this path begin."""
    subject = _SUBJECTS[node.kind]
    nodes = plan_network.nodes
    verb = "bedreigt" if node.kind == GOAL and node.standing in IN_DANGER else "draagt bij aan"
    if path.up:
        up = f"{subject} {verb} {_counts(plan_network, path.up)}"
    else:
        up = "" if node.key in plan_network.network.columns[0].keys else f"{subject} hangt nergens onder"
    if path.down:
        down = f"{subject} wordt gevoed door {_counts(plan_network, path.down)}"
    else:
        down = "" if node.kind == EFFORT else f"{subject} wordt door niets gevoed"
    danger = _in_danger(nodes, path)
    return NodeWords(
        up=up,
        down=down,
        danger=f"{subject} wordt bedreigd door {counted(len(danger), ('doel', 'doelen'))}" if danger else "",
    )


def sentences(plan_network: PlanNetwork, node: NetworkNode, path: Path) -> tuple[str, ...]:
    """The path of `node` in whole sentences, with names."""
    words = node_words(plan_network, node, path)
    nodes = plan_network.nodes
    parts = (
        (words.danger, _in_danger(nodes, path)),
        (words.up, path.up),
        (words.down, path.down),
    )
    return tuple(_sentence(beginning, [nodes[key] for key in keys]) for beginning, keys in parts if beginning)


def short_name(node: NetworkNode) -> str:
    """What a node is called in an enumeration."""
    return node.label.rstrip(". ") if len(node.label) <= NAME_LENGTH else f"{node.label[: NAME_LENGTH - 1]}…"


def _in_danger(nodes: dict[str, NetworkNode], path: Path) -> tuple[str, ...]:
    return tuple(key for key in path.down if nodes[key].kind == GOAL and nodes[key].standing in IN_DANGER)


def _counts(plan_network: PlanNetwork, keys: Iterable[str]) -> str:
    """For example "2 ER-doelen en 1 ambitie", in the order of `keys`."""
    counts: dict[str, int] = {}
    for key in keys:
        kind = plan_network.nodes[key].kind
        counts[kind] = counts.get(kind, 0) + 1
    *others, last = [counted(count, plan_network.kind_words[kind]) for kind, count in counts.items()]
    return f"{', '.join(others)} en {last}" if others else last


def _sentence(beginning: str, named: Sequence[NetworkNode]) -> str:
    if not named:
        return f"{beginning}."
    names = "; ".join(short_name(node) for node in named[:NAMES])
    more = f"; en nog {len(named) - NAMES}" if len(named) > NAMES else ""
    return f"{beginning}: {names}{more}."
