"""Databases with the demonstration data, for the sites that tests start in a process of their own."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def product_environment(database_url: str) -> dict[str, str]:
    """The environment in which a command of the product works on that database, with its own settings."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "actieplan.settings",
        "DEBUG": "1",
        "SECRET_KEY": "only-for-the-sites-of-tests-0123456789-abcdefghijklmnop",
        "ALLOWED_HOSTS": "127.0.0.1",
        "DATABASE_URL": database_url,
    }


def fill(database_url: str) -> None:
    """Give an empty database all tables and the demonstration data."""
    for words in (("migrate", "--verbosity", "0"), ("createcachetable",), ("demo", "--verbosity", "0")):
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=product_environment(database_url),
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr


def filled_once(folder: Path) -> Path:
    """The SQLite file with the demonstration data in `folder`: made by the first process that asks, the others wait."""
    database = folder / "demonstration.sqlite3"
    with (folder / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not database.exists():
            unfinished = folder / "unfinished.sqlite3"
            fill(f"sqlite:///{unfinished}")
            copy(unfinished, database)
    return database


def copy(database: Path, to: Path) -> None:
    """Copy an SQLite database, with what is still in its log."""
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)
