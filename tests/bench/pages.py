"""The dashboard and the list of goals against the stock admin's list of the same 50 goals, in a small and in a large
database. Run by tests.bench in a process of its own for each database and size:
`python -m tests.bench.pages NAME OUTPUT UPDATES`, with the database in TEST_DATABASE_URL.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from actieplan.models import User  # noqa: E402
from actieplan.scale import make_scale  # noqa: E402
from din.models import Plan, Programme  # noqa: E402
from tests.bench.rounds import Result, by_turns, compared, seconds  # noqa: E402
from tests.bench.scratch import database_name, scratch_database  # noqa: E402

GOALS, HALF_YEARS = 50, 20
ROUNDS = 40
WARM_UP = 3
AIM = ">= 2 (0.5 x the admin's time)"


def bench_pages(database: str, updates: int) -> list[Result]:
    """The server's time for a page, of a programme in the middle of the others, its open round shown."""
    make_scale(programmes=updates // (GOALS * HALF_YEARS), goals=GOALS, rounds=HALF_YEARS)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    programmes = list(Programme.objects.order_by("pk"))
    programme = programmes[len(programmes) // 2]
    plan = Plan.objects.get(programme=programme)
    client = Client()
    client.force_login(User.objects.create_superuser("bench", "bench@example.org", "x"))
    address = f"/programmas/{programme.slug}/"
    admin = _visit(client, f"/kaal/din/goal/?plan__id__exact={plan.pk}", programme)
    pages = {"dashboard": address, "list of 50 goals": f"{address}doelen/"}
    contestants = {name: _visit(client, page, programme) for name, page in pages.items()}
    times = by_turns({**contestants, "admin": admin}, rounds=WARM_UP + ROUNDS)
    measured = {name: taken[WARM_UP:] for name, taken in times.items()}
    note = f"{updates:,} updates in the database"
    return [
        compared(f"page, {name}", database, updates, measured, ours=name, peer="admin", aim=AIM, note=note)
        for name in pages
    ]


def _visit(client: Client, address: str, programme: Programme) -> Callable[[], float]:
    """A visit of `address`, timed; a page without its goals is no result."""
    page = client.get(address)
    if page.status_code != 200 or "voorbeeld" not in page.content.decode():
        raise AssertionError(f"{address} is not the page that was to be measured: {page.status_code}")
    return lambda: seconds(lambda: client.get(address))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("database")
    parser.add_argument("output", type=Path)
    parser.add_argument("updates", type=int)
    options = parser.parse_args()
    settings.ROOT_URLCONF = "tests.bench.bare_admin"
    with scratch_database(options.output):
        results = bench_pages(database_name(options.database), options.updates)
    options.output.write_text(json.dumps([asdict(result) for result in results]))


if __name__ == "__main__":
    main()
