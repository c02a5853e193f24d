"""The order of the nodes in the columns of a network, so that few lines cross. Knows no Django.

Barycentre sweeps and swaps of neighbours from several beginnings; in the best of these each node then moves to its best
place. The beginnings are drawn from a fixed seed, so that the same network always gets the same order.
"""

from __future__ import annotations

import random
from bisect import bisect_left, insort
from collections.abc import Mapping, Sequence

from din.network import Network

SWEEPS = 24
# How many beginnings are tried: about this many lines are laid in all, whatever the size of the network.
_LINES_IN_ALL = 12000
_MOST_BEGINNINGS = 24

# Nodes are numbers here. A layer is the order of a column; neighbours are those in the layer above or below.
Layers = list[list[int]]
Neighbours = list[list[int]]


def good_order(network: Network) -> tuple[tuple[str, ...], ...]:
    """The keys of each column of `network`, from top to bottom, in an order with few crossings."""
    keys = [key for column in network.columns for key in column.keys]
    number = {key: index for index, key in enumerate(keys)}
    begin: Layers = [[number[key] for key in column.keys] for column in network.columns]
    above: Neighbours = [[number[other] for other in network.above[key]] for key in keys]
    below: Neighbours = [[number[other] for other in network.below[key]] for key in keys]
    best, fewest = [list(layer) for layer in begin], _crossings(begin, below)
    beginnings = max(2, min(_MOST_BEGINNINGS, _LINES_IN_ALL // max(1, len(network.lines))))
    for seed in range(beginnings):
        layers = [list(layer) for layer in begin]
        if seed:
            shuffled = random.Random(seed)  # noqa: S311 - an order, not a secret
            for layer in layers:
                shuffled.shuffle(layer)
        layers = _swept(layers, above, below)
        _swap_neighbours(layers, above, below)
        count = _crossings(layers, below)
        if count < fewest:
            best, fewest = layers, count
        if not fewest:
            break
    _move_each(best, above, below)
    return tuple(tuple(keys[node] for node in layer) for layer in best)


def crossings(network: Network) -> int:
    """How many pairs of lines of `network` cross."""
    count = 0
    for column in network.columns:
        seen: list[int] = []
        for key in column.keys:
            ends = [network.place[other][1] for other in network.below[key]]
            count += sum(len(seen) - _at_most(seen, end) for end in ends)
            for end in ends:
                insort(seen, end)
    return count


def _crossings(layers: Layers, below: Neighbours) -> int:
    place = _places(layers)
    count = 0
    for layer in layers:
        seen: list[int] = []
        for node in layer:
            ends = [place[other] for other in below[node]]
            for end in ends:
                count += len(seen) - _at_most(seen, end)
            for end in ends:
                insort(seen, end)
    return count


def _at_most(ordered: list[int], value: int) -> int:
    return bisect_left(ordered, value + 1)


def _places(layers: Layers) -> list[int]:
    place = [0] * sum(map(len, layers))
    for layer in layers:
        for index, node in enumerate(layer):
            place[node] = index
    return place


def _swept(layers: Layers, above: Neighbours, below: Neighbours) -> Layers:
    """The best of what sweeps down and up make of `layers`."""
    best, fewest = [list(layer) for layer in layers], _crossings(layers, below)
    for _ in range(SWEEPS):
        for sequence, neighbours in ((layers[1:], above), (layers[-2::-1], below)):
            place = _shares(layers)
            for layer in sequence:
                _by_barycentre(layer, neighbours, place)
        count = _crossings(layers, below)
        if count < fewest:
            best, fewest = [list(layer) for layer in layers], count
    return best


def _shares(layers: Layers) -> list[float]:
    """Where each node stands in its column, from 0 to 1, so that columns of different length can be compared."""
    place = [0.0] * sum(map(len, layers))
    for layer in layers:
        _set_shares(layer, place)
    return place


def _set_shares(layer: Sequence[int], place: list[float]) -> None:
    for index, node in enumerate(layer):
        place[node] = (index + 0.5) / len(layer)


def _by_barycentre(layer: list[int], neighbours: Neighbours, place: list[float]) -> None:
    """Sort `layer` by the mean place of the neighbours; a node without them stays where it is."""
    mean = {
        node: sum(place[other] for other in neighbours[node]) / len(neighbours[node])
        if neighbours[node]
        else place[node]
        for node in layer
    }
    layer.sort(key=mean.__getitem__)
    _set_shares(layer, place)


def _swap_neighbours(layers: Layers, above: Neighbours, below: Neighbours) -> None:
    """Swap two that stand next to each other as long as that takes crossings away."""
    place = _places(layers)
    better = True
    while better:
        better = False
        for layer in layers:
            for index in range(len(layer) - 1):
                first, second = layer[index], layer[index + 1]
                if _gain(first, second, above, below, place) > 0:
                    layer[index], layer[index + 1] = second, first
                    place[first], place[second] = index + 1, index
                    better = True


def _move_each(layers: Layers, above: Neighbours, below: Neighbours) -> None:
    """Move each node to the best place of its column, as long as that takes crossings away."""
    place = _places(layers)
    better = True
    while better:
        better = False
        for number, layer in enumerate(layers):
            over = len(layers[number - 1]) if number else 0
            under = len(layers[number + 1]) if number + 1 < len(layers) else 0
            # Where the lines of each node end: above from 0 on, below from `over` on.
            ends = {
                node: [*(place[other] for other in above[node]), *(over + place[other] for other in below[node])]
                for node in layer
            }
            for node in list(layer):
                if not ends[node]:
                    continue
                index = layer.index(node)
                best, most = index, 0
                gains = _gains(layer, ends, node, over, under)
                gain = 0
                for target in range(index - 1, -1, -1):
                    gain += gains[target]
                    if gain > most:
                        best, most = target, gain
                gain = 0
                for target in range(index + 1, len(layer)):
                    gain -= gains[target]
                    if gain > most:
                        best, most = target, gain
                if most:
                    layer.insert(best, layer.pop(index))
                    for new, moved in enumerate(layer):
                        place[moved] = new
                    better = True


def _gains(layer: list[int], ends: Mapping[int, list[int]], node: int, over: int, under: int) -> list[int]:
    """Of each of `layer` how many crossings go when `node`, standing below it, comes above it: as `_gain` has it.

    `over` and `under` are the sizes of the layers in which the lines end. What an end counts for is worked out once.
    """
    counts = [0] * (over + under)
    for end in ends[node]:
        counts[end] += 1
    worth: list[int] = []
    for size, side in ((over, counts[:over]), (under, counts[over:])):
        before, after = 0, sum(side)
        for index in range(size):
            after -= side[index]
            worth.append(before - after)
            before += side[index]
    return [sum([worth[end] for end in ends[other]]) for other in layer]


def _gain(first: int, second: int, above: Neighbours, below: Neighbours, place: list[int]) -> int:
    """How many crossings go when the second, which stands below the first, comes above it."""
    gain = 0
    for neighbours in (above, below):
        for one in neighbours[first]:
            here = place[one]
            for other in neighbours[second]:
                there = place[other]
                gain += (here > there) - (here < there)
    return gain
