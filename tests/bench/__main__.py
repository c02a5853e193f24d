"""`python -m tests.bench [--full]`: measure, print a table, write bench.json. See docs/benchmarks.md."""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.bench.rounds import Result, growth
from tests.bench.table import as_table

ROOT = Path(__file__).resolve().parents[2]
FEW_UPDATES, MANY_UPDATES = 1_000, 600_000
PACKAGES = ("Django", "django-import-export", "openpyxl", "typst", "weasyprint")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument(
        "--full", action="store_true", help="also the peer at 10,000 goals and with skip_unchanged: many minutes more"
    )
    more = ["--full"] if parser.parse_args().full else []
    postgres = os.environ.get("TEST_DATABASE_URL")
    machine = _machine()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        results = _worker("tests.bench.reading", Path(folder, "reading.json"))
        results += _worker("tests.bench.hostile", Path(folder, "hostile.json"))
        results += _worker("tests.bench.network", Path(folder, "network.json"))
        results += _worker("tests.bench.word", Path(folder, "word.json"))
        results += _worker("tests.bench.reports", Path(folder, "reports.json"))
        sqlite = f"sqlite:///{folder}/bench.sqlite3"
        results += _worker("tests.bench.importing", Path(folder, "sqlite.json"), *more, name="SQLite", url=sqlite)
        if postgres:
            output = Path(folder, "postgres.json")
            results += _worker("tests.bench.importing", output, *more, name="PostgreSQL", url=postgres)
        for name, url in (("SQLite", sqlite), ("PostgreSQL", postgres)):
            if url:
                results += _pages(Path(folder, "pages.json"), name, url)
    (ROOT / "bench.json").write_text(
        json.dumps({"machine": machine, "results": [asdict(result) for result in results]}, indent=1) + "\n"
    )
    said = "; ".join(f"{name} {value}" for name, value in machine.items())
    missing = "" if postgres else "\nnot run: PostgreSQL, no server in TEST_DATABASE_URL="
    sys.stdout.write(f"{said}\n\n{as_table(results)}\n{missing}\n")


def _pages(output: Path, name: str, url: str) -> list[Result]:
    """The pages in a small and in a large database, and how their time grows from one to the other."""
    small, large = (
        _worker("tests.bench.pages", output, str(updates), name=name, url=url)
        for updates in (FEW_UPDATES, MANY_UPDATES)
    )
    return [*small, *large, *(growth(before, after) for before, after in zip(small, large, strict=True))]


def _worker(module: str, output: Path, *more: str, name: str = "", url: str = "") -> list[Result]:
    """The results of `module` from a process of its own, so that no benchmark meets the memory of another."""
    arguments = [*([name] if name else []), str(output), *more]
    environment = os.environ | ({"TEST_DATABASE_URL": url} if url else {})
    subprocess.run([sys.executable, "-m", module, *arguments], cwd=ROOT, env=environment, check=True)
    return [Result(**values) for values in json.loads(output.read_text())]


def _machine() -> dict[str, str]:
    processor = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else ():
        if line.startswith("model name"):
            processor = line.partition(":")[2].strip()
            break
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    machine = {
        "processor": processor,
        "cores": str(os.cpu_count()),
        "load at the start": load,
        "Python": platform.python_version(),
    }
    return machine | {name: importlib.metadata.version(name) for name in PACKAGES}


if __name__ == "__main__":
    main()
