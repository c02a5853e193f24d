"""Networks of any size to try an order and a layout on."""

from __future__ import annotations

import itertools
import random

from din.network import AMBITION, EFFORT, ER_GOAL, GOAL, Column, Line, Network


def generated_network(sizes: tuple[int, int, int, int], lines: int, seed: int = 1) -> Network:
    """A network of these sizes in which every node but the ambitions works on something."""
    draw = random.Random(seed)
    columns = [
        Column(kind, tuple(f"{kind}-{index}" for index in range(size)))
        for kind, size in zip((AMBITION, ER_GOAL, GOAL, EFFORT), sizes, strict=True)
    ]
    pairs = {(draw.choice(up.keys), key) for up, low in itertools.pairwise(columns) for key in low.keys}
    while len(pairs) < lines:
        up = draw.randrange(3)
        pairs.add((draw.choice(columns[up].keys), draw.choice(columns[up + 1].keys)))
    return Network.of(columns, [Line(*pair) for pair in sorted(pairs)])
