"""Importing a plan, ours against the peer. Run by tests.bench in a process of its own for each database:
`python -m tests.bench.importing NAME OUTPUT [--full]`, with the database in TEST_DATABASE_URL.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.db import connection  # noqa: E402

from din.models import Goal, Programme, WorkbookImport  # noqa: E402
from tests.bench.our_import import import_by_command, import_by_pages  # noqa: E402
from tests.bench.peer import GoalResource, SkippingGoalResource, peer_import, peer_table  # noqa: E402
from tests.bench.rounds import Result, by_turns, compared, seconds  # noqa: E402
from tests.bench.scratch import database_name, scratch_database  # noqa: E402
from tests.bench.workbooks import YEAR, din_workbook, saved_anew  # noqa: E402

FEW, SMALL, LARGE = 100, 1_000, 10_000
MOST_ROWS = 20_000
ROUNDS = 3
NEW, UNCHANGED = "import, new plan", "import, unchanged plan"
NEW_AIM, UNCHANGED_AIM, MEMORY_AIM = ">= 20", ">= 100", "< 200 MB"

_serial = itertools.count(1)


def new_programme() -> Programme:
    """Every import of a new plan begins with a programme that has none."""
    serial = next(_serial)
    return Programme.objects.create(name=f"Programma {serial}", slug=f"p{serial}", first_year=YEAR, last_year=YEAR)


class Ours:
    """One of our roads with one workbook, timed; an import that did not do its work is no result."""

    def __init__(self, road: Callable[[Programme, bytes], WorkbookImport], content: bytes, goals: int) -> None:
        self.road, self.content, self.goals = road, content, goals
        self.programme = new_programme()

    def new(self) -> float:
        self.programme, self.content = new_programme(), saved_anew(self.content)
        took = seconds(lambda: self.road(self.programme, self.content))
        _expect(Goal.objects.filter(plan__programme=self.programme).count() == self.goals)
        return took

    def unchanged(self) -> float:
        """The same plan from a file that was saved anew: it has to be read."""
        self.content = saved_anew(self.content)
        return self.same_file()

    def same_file(self) -> float:
        """The very file that was imported last: what the log keeps of it need not be read again."""
        done: list[WorkbookImport] = []
        took = seconds(lambda: done.append(self.road(self.programme, self.content)))
        counts = done[0].changes
        _expect(counts["unchanged"] > self.goals and not (counts["created"] or counts["updated"] or counts["missing"]))
        return took


class Peer:
    """The peer with its table of the same goals, timed."""

    def __init__(self, goals: int) -> None:
        self.goals = goals
        self.programme, self.table = new_programme(), b""

    def new(self) -> float:
        self.programme = new_programme()
        self.table = peer_table(self.goals, self.programme)
        return self._import()

    def unchanged(self) -> float:
        return self._import()

    def unchanged_skipping(self) -> float:
        return self._import(SkippingGoalResource)

    def _import(self, resource: type[GoalResource] = GoalResource) -> float:
        took = seconds(lambda: peer_import(self.table, resource))
        _expect(Goal.objects.filter(plan__programme=self.programme).count() == self.goals)
        return took


def _expect(done: bool) -> None:
    if not done:
        raise AssertionError("an import did not do what was to be measured")


def bench_imports(database: str, *, full: bool) -> list[Result]:
    small = din_workbook(SMALL)
    by_command = Ours(import_by_command, small, SMALL)
    by_pages = Ours(import_by_pages, small, SMALL)
    whole = Ours(import_by_command, din_workbook(SMALL, efforts=True), SMALL)
    large = Ours(import_by_command, din_workbook(LARGE), LARGE)
    peer = Peer(SMALL)
    Ours(import_by_command, din_workbook(20), 20).new()
    Peer(20).new()

    new = by_turns(
        {"ours": by_command.new, "peer": peer.new, "large": large.new, "pages": by_pages.new, "whole": whole.new},
        rounds=ROUNDS,
    )
    unchanged = by_turns(
        {
            "ours": by_command.unchanged,
            "peer": peer.unchanged,
            "large": large.unchanged,
            "same": by_command.same_file,
            "large same": large.same_file,
            "pages": by_pages.unchanged,
            "whole": whole.unchanged,
        },
        rounds=ROUNDS,
    )
    results = []
    for name, times, aim in ((NEW, new, NEW_AIM), (UNCHANGED, unchanged, UNCHANGED_AIM)):
        results += [
            compared(name, database, SMALL, times, ours="ours", peer="peer", aim=aim),
            compared(
                name,
                database,
                LARGE,
                times,
                ours="large",
                peer="peer",
                peer_factor=LARGE / SMALL,
                aim=aim,
                note=f"the peer did {SMALL} goals, times {LARGE // SMALL}",
            ),
            compared(f"{name}, by the pages", database, SMALL, times, ours="pages", peer="peer"),
            compared(f"{name}, with efforts", database, SMALL, times, ours="whole", peer="peer"),
        ]
    results += [
        compared(f"{UNCHANGED}, same file", database, SMALL, unchanged, ours="same", peer="peer", aim=UNCHANGED_AIM),
        compared(
            f"{UNCHANGED}, same file",
            database,
            LARGE,
            unchanged,
            ours="large same",
            peer="peer",
            peer_factor=LARGE / SMALL,
            aim=UNCHANGED_AIM,
            note=f"the peer did {SMALL} goals, times {LARGE // SMALL}",
        ),
    ]
    if full:
        skipping = by_turns({"ours": by_command.unchanged, "peer": peer.unchanged_skipping}, rounds=1)
        results.append(compared(f"{UNCHANGED}, skipping peer", database, SMALL, skipping, ours="ours", peer="peer"))
        large_peer = Peer(LARGE)
        for name, mine, theirs in (
            (NEW, large.new, large_peer.new),
            (UNCHANGED, large.unchanged, large_peer.unchanged),
        ):
            times = by_turns({"ours": mine, "peer": theirs}, rounds=1)
            results.append(compared(f"{name}, peer in full", database, LARGE, times, ours="ours", peer="peer"))
    return results


def bench_queries(database: str) -> list[Result]:
    """The number of queries. That of the peer is counted with few goals: it is the same again for each goal."""
    results = []
    peer = Peer(FEW)
    peer_new, peer_unchanged = _queries(peer.new), _queries(peer.unchanged)
    for goals in (SMALL, LARGE):
        ours = Ours(import_by_command, din_workbook(goals), goals)
        for name, work, theirs in (("new", ours.new, peer_new), ("unchanged", ours.unchanged, peer_unchanged)):
            mine, all_theirs = _queries(work), theirs * goals / FEW
            note = f"the peer did {FEW} goals, times {goals // FEW}"
            results.append(
                Result(
                    f"queries, {name} plan", database, goals, "queries", mine, all_theirs, all_theirs / mine, note=note
                )
            )
    return results


def _queries(work: Callable[[], float]) -> int:
    """How many statements `work` sends; the few with which it checks itself are among them."""
    count = itertools.count()

    def counting(execute: Callable[..., Any], *arguments: Any) -> Any:
        next(count)
        return execute(*arguments)

    with connection.execute_wrapper(counting):
        work()
    return next(count)


# A process of its own: this one has met the peer.
_MEASURED = """
import io, os, resource, sys
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()
from django.core.management import call_command
call_command("import_din", sys.argv[1], programme=sys.argv[2], year=int(sys.argv[3]), stdout=io.StringIO())
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024 ** 2))
"""


def bench_memory(database: str, url: str) -> list[Result]:
    """The peak in MB of the process that imports a new plan of as many rows as a workbook may have, and of its goals
    alone; the child that reads is apart.
    """
    results = []
    for name, efforts in (("goals", False), ("goals and efforts", True)):
        programme = new_programme()
        with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
            Path(file.name).write_bytes(din_workbook(MOST_ROWS - 1, efforts=efforts))
            done = subprocess.run(
                [sys.executable, "-c", _MEASURED, file.name, programme.slug, str(YEAR)],
                env=os.environ | {"TEST_DATABASE_URL": url},
                check=True,
                capture_output=True,
                text=True,
            )
        _expect(Goal.objects.filter(plan__programme=programme).count() == MOST_ROWS - 1)
        results.append(
            Result(f"peak memory, importing {name}", database, MOST_ROWS, "MB", float(done.stdout), aim=MEMORY_AIM)
        )
    return results


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("database")
    parser.add_argument("output", type=Path)
    parser.add_argument("--full", action="store_true")
    options = parser.parse_args()
    with scratch_database(options.output) as url:
        database = database_name(options.database)
        results = bench_imports(database, full=options.full) + bench_queries(database) + bench_memory(database, url)
    options.output.write_text(json.dumps([asdict(result) for result in results]))


if __name__ == "__main__":
    main()
