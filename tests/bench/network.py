"""The network: how long it takes to put its nodes in order, and how many lines cross before and after. Run by
tests.bench in a process of its own: `python -m tests.bench.network OUTPUT`.
"""

from __future__ import annotations

import json
import statistics
import sys
from dataclasses import asdict
from pathlib import Path

from din.network import Network
from din.network_order import crossings, good_order
from tests.bench.rounds import Result, seconds
from tests.din.generated_network import generated_network

ROUNDS = 3
# Ambitions, ER-goals, goals and efforts, and the lines between them.
SIZES = {150: ((15, 30, 45, 60), 250), 600: ((20, 80, 200, 300), 1_000)}


def bench_order() -> list[Result]:
    results = []
    for nodes, (sizes, lines) in SIZES.items():
        network = generated_network(sizes, lines)
        orders: list[Network] = []
        took = [
            seconds(lambda network=network, orders=orders: orders.append(network.reordered(good_order(network))))
            for _ in range(ROUNDS)
        ]
        note = f"{lines} lines: {crossings(network)} crossings before, {crossings(orders[0])} after"
        results.append(
            Result("order of a network", "", nodes, "s", ours=statistics.median(took), rounds=ROUNDS, note=note)
        )
    return results


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps([asdict(result) for result in bench_order()]))
