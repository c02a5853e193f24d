"""A database of its own for a benchmark, dropped afterwards."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection


@contextmanager
def scratch_database(beside: Path) -> Iterator[str]:
    """An empty database with its tables, as the default connection; its address. On SQLite a file beside `beside`."""
    scratch = f"bench_{os.getpid()}"
    url = urlsplit(os.environ["TEST_DATABASE_URL"])._replace(path=f"/{scratch}").geturl()
    if connection.vendor == "sqlite":
        scratch = str(beside.with_suffix(".sqlite3"))
        url = f"sqlite:///{scratch}"
    connection.settings_dict["TEST"]["NAME"] = scratch
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield url
    finally:
        connection.creation.destroy_test_db(scratch, verbosity=0)


def database_name(name: str) -> str:
    """`name` with the version of the server or library."""
    return f"{name} {'.'.join(map(str, connection.get_database_version()))}"
