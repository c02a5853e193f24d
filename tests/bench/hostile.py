"""Hostile files over HTTP to one worker: the slowest, and what the worker and its children need of memory. Run by
tests.bench in a process of its own: `python -m tests.bench.hostile OUTPUT`; without OUTPUT it shows each file.
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.rounds import Result, seconds
from tests.bench.workbooks import YEAR
from tests.demonstration import filled_once
from tests.din.reading.costly_files import COSTLY
from tests.din.reading.hostile_files import READ, REFUSED
from tests.served.site import Answer, Served, Visitor, served_site

UPLOAD = "/programmas/vastpakken-en-niet-loslaten/din/importeren/"
SECONDS_AIM, MEMORY_AIM = "< 5 s", "< 300 MB"


@dataclass(frozen=True)
class Offered:
    """One file: the seconds until the page that says what became of it, and those of the child's processor time.

    `peak` is what the worker and the largest child until now have used together, in MB.
    """

    name: str
    seconds: float
    child_seconds: float
    peak: float


def offer_all() -> list[Offered]:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        with served_site(folder, database_url=f"sqlite:///{filled_once(folder)}") as site:
            return offer_to(site)


def offer_to(site: Served) -> list[Offered]:
    files = {name: make for name, (make, _) in (REFUSED | COSTLY).items()} | READ
    manager = Visitor(site)
    manager.log_in("manager")
    before = manager.get("/healthz")
    worker = before.worker
    offered = []
    for name, make in files.items():
        content, pages = make(), []
        took = seconds(lambda content=content, pages=pages: pages.append(manager.upload(UPLOAD, content, YEAR)))
        after = manager.get("/healthz")
        if pages[0].status not in (200, 422) or after.worker != worker:
            raise AssertionError(f"{name}: the site did not go on as before")
        offered.append(_offered(name, took, before, after))
        before = after
    return offered


def _offered(name: str, took: float, before: Answer, after: Answer) -> Offered:
    return Offered(name, took, after.child_seconds - before.child_seconds, after.peak)


def bench_hostile() -> list[Result]:
    offered = offer_all()
    slowest = max(offered, key=lambda file: file.seconds)
    hardest = max(offered, key=lambda file: file.child_seconds)
    largest = max(offered, key=lambda file: file.peak)
    count = len(offered)
    return [
        Result("hostile files, the slowest", "", count, "s", slowest.seconds, aim=SECONDS_AIM, note=slowest.name),
        Result("hostile files, processor time", "", count, "s", hardest.child_seconds, note=hardest.name),
        Result("hostile files, peak memory", "", count, "MB", largest.peak, aim=MEMORY_AIM, note=largest.name),
    ]


if __name__ == "__main__":
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(json.dumps([asdict(result) for result in bench_hostile()]))
    else:
        for file in offer_all():
            sys.stdout.write(f"{file.seconds:6.2f} s {file.child_seconds:6.2f} s {file.peak:5.0f} MB  {file.name}\n")
