"""Files of long reports: made beside the site by processes of their own, kept, and given when they are ready.

Each file has a folder, named by everything that decides what is in it: the report, its hash, the template, the format
and the program. Who asks first makes the folder and starts the process; whoever asks later finds it. It is in files
and not in the database, so that a process needs no connection and the site can look without waiting. Knows no Django.
"""

from __future__ import annotations

import fcntl
import hashlib
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from monitoring.report.formats.registry import Format
from monitoring.report.frozen import ReportSource
from monitoring.report.rendering import WALL_SECONDS

# A report of fewer goals is made at once, in a second or two.
LONG_REPORT = 150
AT_MOST = 2  # processes at a time
# A process has its own bounds; one that is silent for longer than this is gone.
LONGEST = WALL_SECONDS + 30
KEPT = 24 * 60 * 60  # seconds

DIED = (
    "Het maken van dit bestand is onverwacht gestopt. Probeer het opnieuw. Lukt het dan nog niet, kies dan een ander "
    "formaat en meld het aan uw beheerder."
)

KEY = re.compile(r"[0-9a-f]{64}")
SOURCE, HEAD, TEMPLATE, READY, FAILED, STARTED = "source.json", "head", "template", "ready", "failed", "started"

_ROOT = Path(__file__).resolve().parents[2]
_PROGRAM = (
    "import sys; sys.path.insert(0, sys.argv[1]); from monitoring.report.under_way_child import main; main(sys.argv[2])"
)


@dataclass(frozen=True)
class Stand:
    """How far a file is: `content` when it is ready, `failure` when it cannot be made, neither while it is waited for.

    `is_queued`: others go first.
    """

    content: bytes | None = None
    failure: str = ""
    is_queued: bool = False

    @property
    def is_waiting(self) -> bool:
        return self.content is None and not self.failure


def is_long(source: ReportSource, one: Format) -> bool:
    """Whether the file takes so long that its reader waits on a page of its own."""
    return one.takes_time and source.document.goals >= LONG_REPORT


def key_of(source: ReportSource, one: Format) -> str:
    """The name of the folder of a file."""
    parts = [one.extension.encode(), source.sha256.encode(), source.text.encode(), source.template, _program_hash()]
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def ask(folder: Path, source: ReportSource, one: Format, *, now: float | None = None) -> Stand:
    """The file when it is ready; else it is begun, unless it is under way. What failed is told once, then begun anew.

    Raises OSError when `folder` cannot be written.
    """
    at = time.time() if now is None else now
    with _locked(folder):
        _take_away_old(folder, at)
        own = folder / key_of(source, one)
        if own.is_dir():
            stand = _stand(own, at)
            if stand.failure:
                shutil.rmtree(own)
            return stand
        if _running(folder, at) >= AT_MOST:
            return Stand(is_queued=True)
        _begin(own, source, one)
        return Stand()


def is_under_way(folder: Path, key: str, *, now: float | None = None) -> bool:
    """Whether the file with `key` is being made now. Changes nothing, and waits for nobody."""
    return bool(KEY.fullmatch(key)) and _is_being_made(folder / key, time.time() if now is None else now)


def _is_being_made(own: Path, at: float) -> bool:
    return not (own / READY).exists() and not (own / FAILED).exists() and _age(own, at) < LONGEST


def _stand(own: Path, at: float) -> Stand:
    if _is_being_made(own, at):
        return Stand()
    if (ready := own / READY).exists():
        return Stand(content=ready.read_bytes())
    return Stand(failure=failed.read_text(encoding="utf-8") if (failed := own / FAILED).exists() else DIED)


def _begin(own: Path, source: ReportSource, one: Format) -> None:
    own.mkdir(mode=0o700)
    (own / SOURCE).write_text(source.text, encoding="utf-8")
    (own / HEAD).write_text(f"{one.extension} {source.sha256}", encoding="ascii")
    (own / TEMPLATE).write_bytes(source.template)
    (own / STARTED).touch()
    subprocess.Popen(  # noqa: S603 - a fixed program; what it works on is in its folder
        [sys.executable, "-I", "-c", _PROGRAM, str(_ROOT), str(own)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env={},
        cwd="/",
        start_new_session=True,  # it goes on when the worker that started it is renewed
    )


def _running(folder: Path, at: float) -> int:
    return sum(_is_being_made(own, at) for own in _folders(folder))


def tidy(folder: Path, *, now: float | None = None) -> None:
    """Take away what was made too long ago, as `ask` does: it may be weeks before somebody asks."""
    if folder.is_dir():
        with _locked(folder):
            _take_away_old(folder, time.time() if now is None else now)


def _take_away_old(folder: Path, at: float) -> None:
    """A program that changed makes other folders."""
    for own in _folders(folder):
        if _age(own, at) > KEPT:
            shutil.rmtree(own, ignore_errors=True)


def _folders(folder: Path) -> Iterator[Path]:
    return (own for own in folder.iterdir() if KEY.fullmatch(own.name))


def _age(own: Path, at: float) -> float:
    try:
        return at - (own / STARTED).stat().st_mtime
    except FileNotFoundError:  # it was left halfway, before its process was started
        return KEPT + 1.0


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One at a time, over all workers: two who ask at once get one process."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@lru_cache(maxsize=1)
def _program_hash() -> bytes:
    """A hash of everything that decides how a file looks: a newer version of the application makes it anew."""
    digest = hashlib.sha256()
    for file in _program_files():
        digest.update(file.read_bytes())
    return digest.digest()


def _program_files() -> list[Path]:
    """The files of this application's part: the report, and what it has of others, such as its charts."""
    found = Path(__file__).parents[1].rglob("*")
    return sorted(file for file in found if file.is_file() and file.suffix != ".pyc")
