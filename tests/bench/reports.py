"""The report as PDF against WeasyPrint and against Chromium printing the page, and as a workbook against openpyxl's
plain mode. Run by tests.bench in a process of its own: `python -m tests.bench.reports OUTPUT`.

Typst remembers what it laid out, so each PDF comes from a new process. `python -m tests.bench.reports --one TEXT
OUTPUT` is such a process; it writes how long the rendering alone took.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import page as validator
import pikepdf
from openpyxl import load_workbook

from monitoring.report.formats.xlsx import render_xlsx
from monitoring.report.frozen import ReportSource, freeze
from monitoring.report.rendering import render_in_child
from tests.bench.plain_report import plain_page, xlsx_cell_by_cell
from tests.bench.rounds import Result, by_turns, compared, seconds
from tests.monitoring.report.sample import GOALS, SHA256, sample_din

ROUNDS = 3
# A report of so many goals is no shorter; a PDF that is would be no contest.
FEWEST_PAGES = 20
ROWS = 5_000
ROOT = Path(__file__).resolve().parents[2]
_STYLESHEET = re.compile(r'href="/static/([^"]+\.css)"')
_HASH = re.compile(r"\.[0-9a-f]{12}(?=\.css$)")


def bench_pdf(folder: Path) -> list[Result]:
    source = ReportSource(freeze(sample_din())[0], SHA256)
    text, page, plain = folder / "report.json", folder / "page.html", folder / "plain.html"
    text.write_text(source.text)
    page.write_text(_screen(source))
    plain.write_text(plain_page(page.read_text()))
    made = {name: folder / f"{name}.pdf" for name in ("ours", "weasyprint", "chromium")}
    made["ours"].write_bytes(render_in_child("pdf", source))
    alone: dict[str, Callable[[], float]] = {
        "ours": lambda: _told("tests.bench.reports", "--one", str(text), str(made["ours"])),
        "weasyprint": lambda: _told("tests.bench.plain_report", str(plain), str(made["weasyprint"])),
    }
    whole: dict[str, Callable[[], float]] = {
        "ours": lambda: seconds(lambda: render_in_child("pdf", source)),
        "weasyprint": lambda: seconds(alone["weasyprint"]),
        "chromium": lambda: seconds(lambda: _print(page, made["chromium"])),
    }
    times_alone, times = by_turns(alone, rounds=ROUNDS), by_turns(whole, rounds=ROUNDS)
    pages = {name: _checked(file) for name, file in made.items()}
    tagged = validator.validate_pdf_bytes(made["ours"].read_bytes(), profile="ua1").is_compliant
    note = f"{pages['ours']} pages{', PDF/UA-1' if tagged else ''}; the peer {{}}"
    return [
        compared(
            *("report as PDF, WeasyPrint, rendering alone", "", GOALS, times_alone),
            ours="ours",
            peer="weasyprint",
            aim=">= 10",
            note=note.format(f"{pages['weasyprint']} pages"),
        ),
        compared(
            *("report as PDF, WeasyPrint, with its process", "", GOALS, times),
            ours="ours",
            peer="weasyprint",
            note=note.format(f"{pages['weasyprint']} pages"),
        ),
        compared(
            *("report as PDF, Chromium, with its process", "", GOALS, times),
            ours="ours",
            peer="chromium",
            aim=">= 2.5",
            note=note.format(f"{pages['chromium']} pages"),
        ),
    ]


def bench_xlsx() -> Result:
    document = sample_din(goals=ROWS)
    made: dict[str, bytes] = {}
    times = by_turns(
        {
            "ours": lambda: seconds(lambda: made.update(ours=render_xlsx(document))),
            "peer": lambda: seconds(lambda: made.update(peer=xlsx_cell_by_cell(document))),
        },
        rounds=ROUNDS,
    )
    for name, data in made.items():
        goals = sum(1 for _ in load_workbook(io.BytesIO(data), read_only=True)["Doelen"].iter_rows(min_row=2))
        if goals != ROWS:
            raise AssertionError(f"{name} wrote {goals} rows")
    return compared(
        *("report as XLSX, cell by cell", "", ROWS, times),
        ours="ours",
        peer="peer",
        note="rows of goals; the other sheets come with them",
    )


def _screen(source: ReportSource) -> str:
    """The page that the site shows of the report, with its style sheets as files."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from django.contrib.auth.models import AnonymousUser
    from django.contrib.staticfiles import finders
    from django.template.loader import render_to_string
    from django.test import RequestFactory

    from din.models import Plan, Programme
    from monitoring.models import ReportingRound
    from monitoring.report_page import report_page

    def file_of(match: re.Match[str]) -> str:
        path = finders.find(_HASH.sub("", match[1]))
        return f'href="file://{path}"'

    programme = Programme(pk=1, name=source.document.programme, slug="voorbeeld")
    round_ = ReportingRound(pk=1, programme=programme, plan=Plan(pk=1, programme=programme), year=2024, half=1)
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    context = {"programme": programme, "round": round_, "page": report_page(source), "edition": None}
    return _STYLESHEET.sub(file_of, render_to_string("monitoring/report.html", context, request))


def _told(module: str, *arguments: str) -> float:
    """How long the work took by what a new process tells."""
    command = [sys.executable, "-m", module, *arguments]
    return float(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)


def _print(page: Path, output: Path) -> None:
    arguments = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--print-to-pdf={output}"]
    chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    profile = f"--user-data-dir={output.with_suffix('')}"
    subprocess.run([chromium, *arguments, profile, page.as_uri()], check=True, capture_output=True)


def _checked(file: Path) -> int:
    """The number of pages."""
    with pikepdf.open(file) as pdf:
        pages = len(pdf.pages)
    if pages < FEWEST_PAGES:
        raise AssertionError(f"{file.stem} made {pages} pages")
    return pages


def _one(text: Path, output: Path) -> None:
    from monitoring.report.formats.pdf import render_pdf

    start = time.perf_counter()
    output.write_bytes(render_pdf(ReportSource(text.read_text(), SHA256)))
    sys.stdout.write(f"{time.perf_counter() - start}\n")


if __name__ == "__main__":
    if sys.argv[1] == "--one":
        _one(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        with tempfile.TemporaryDirectory(prefix="bench-reports-") as scratch:
            results = [*bench_pdf(Path(scratch)), bench_xlsx()]
        Path(sys.argv[1]).write_text(json.dumps([asdict(result) for result in results]))
