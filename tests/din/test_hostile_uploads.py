"""Hostile files over real HTTP: each ends in its message, and the one worker of the site goes on as if nothing."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from tests.demonstration import copy
from tests.din.reading.costly_files import COSTLY
from tests.din.reading.hostile_files import READ, REFUSED
from tests.served.site import Served, Visitor, served_site

pytestmark = pytest.mark.pure

UPLOAD = "/programmas/vastpakken-en-niet-loslaten/din/importeren/"
YEAR = 2031
ENDS = REFUSED | COSTLY
MOST_MEGABYTES = 300
SAMPLE = (Path(__file__).parent / "samples" / "schone-stad-2025.xlsx").read_bytes()
# What an upload may write: itself in the log, and that somebody is still there.
LOGS = {"din_workbookimport", "django_session"}


@pytest.fixture(scope="module")
def database(demonstration_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    database = tmp_path_factory.mktemp("database") / "db.sqlite3"
    copy(demonstration_file, database)
    return database


@pytest.fixture(scope="module")
def site(database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served_site(tmp_path_factory.mktemp("site"), database_url=f"sqlite:///{database}") as site:
        yield site


@pytest.fixture(scope="module")
def manager(site: Served) -> Visitor:
    visitor = Visitor(site)
    visitor.log_in("manager")
    return visitor


def rows(database: Path) -> dict[str, str]:
    """A fingerprint of every table but the logs."""
    with closing(sqlite3.connect(database)) as connection:
        tables = connection.execute(
            "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'"
        ).fetchall()
        return {
            name: sha256(repr(connection.execute(f'select * from "{name}" order by 1').fetchall()).encode()).hexdigest()
            for (name,) in tables
            if name not in LOGS
        }


@pytest.mark.parametrize("name", [*ENDS, *READ])
def test_a_hostile_file_changes_nothing_and_leaves_the_worker_as_it_was(
    database: Path, manager: Visitor, name: str
) -> None:
    make, word = ENDS.get(name) or (READ[name], "Dit gaat er veranderen")
    content, before = make(), rows(database)
    worker = manager.get("/healthz").worker
    page = manager.upload(UPLOAD, content, YEAR)
    assert page.status in (200, 422)
    assert word in page.text
    assert ("Doorvoeren" in page.text) == (name in READ)
    assert rows(database) == before
    health = manager.get("/healthz")
    assert (health.status, health.worker) == (200, worker)
    assert health.peak < MOST_MEGABYTES


def test_an_ordinary_workbook_is_imported_afterwards(database: Path, manager: Visitor) -> None:
    page = manager.post(UPLOAD, {"year": str(YEAR)}, ("workbook", SAMPLE))
    fingerprint = re.search(r'name="fingerprint" value="([0-9a-f]{64})"', manager.get(page.location).text)
    assert fingerprint is not None
    assert manager.post(page.location, {"fingerprint": fingerprint[1]}).status == 302
    with closing(sqlite3.connect(database)) as connection:
        goals = connection.execute(
            "select count(*) from din_goal join din_plan on din_plan.id = plan_id where first_year = ?", [YEAR]
        )
        assert goals.fetchone() == (5,)
