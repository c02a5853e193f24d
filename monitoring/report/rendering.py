"""Make a file in a child process that no report can make hang, grow without end, or take the site down.

The libraries that write PDF and Word get texts of any kind, and typst grows with each report that a process makes: so
each file has a process of its own.
"""

from __future__ import annotations

import json
import logging
import signal
import subprocess
import sys
from pathlib import Path

from monitoring.report.frozen import ReportSource

logger = logging.getLogger(__name__)

# Under the time-out of the server, so that the user gets the sentence and not an error.
WALL_SECONDS = 45
CPU_SECONDS = 40
MEMORY_BYTES = 1536 * 1024 * 1024

FAILED = (
    "Het bestand kon niet worden gemaakt. Probeer het opnieuw. Lukt het dan nog niet, "
    "kies dan een ander formaat en meld het aan uw beheerder."
)
TOO_MUCH_WORK = (
    "Dit rapport is te groot om er dit bestand van te maken. Kies een ander formaat, zoals Excel, "
    "of meld het aan uw beheerder."
)

_ROOT = Path(__file__).resolve().parents[2]
_PROGRAM = (
    "import sys; sys.path.insert(0, sys.argv[1]); from monitoring.report.rendering_child import main; "
    "main(memory=int(sys.argv[2]), seconds=int(sys.argv[3]))"
)
# How the process ends when it reached a bound: of its processor time, of the clock, of memory (MemoryError, see the
# child; a library in another language aborts).
OUT_OF_MEMORY = 3
_REACHED_A_BOUND = (OUT_OF_MEMORY, -signal.SIGXCPU, -signal.SIGKILL, -signal.SIGABRT)


class RenderingFailed(Exception):
    """The file could not be made; str() is the sentence for the user."""


def render_in_child(task: str, source: ReportSource, *, attachment: bytes = b"") -> bytes:
    """What the child makes of `source` for `task`, a key of rendering_child.TASKS.

    `attachment` are bytes that the task needs besides, such as a template. Raises RenderingFailed.
    """
    report = source.text.encode()
    head = json.dumps({"task": task, "sha256": source.sha256, "report_bytes": len(report)}).encode("ascii")
    try:
        answer = subprocess.run(  # noqa: S603 - a fixed program; what it works on goes in as data
            [sys.executable, "-I", "-c", _PROGRAM, str(_ROOT), str(MEMORY_BYTES), str(CPU_SECONDS)],
            input=head + b"\n" + report + attachment,
            capture_output=True,
            timeout=WALL_SECONDS,
            env={},
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired:
        logger.warning("making a file for %s took longer than %s seconds", task, WALL_SECONDS)
        raise RenderingFailed(TOO_MUCH_WORK) from None
    except OSError:
        logger.exception("the process that makes files could not be started")
        raise RenderingFailed(FAILED) from None
    if answer.returncode:
        said = answer.stderr.decode(errors="replace")[-2_000:]
        logger.error("the process that makes a file for %s ended with %s\n%s", task, answer.returncode, said)
        raise RenderingFailed(TOO_MUCH_WORK if answer.returncode in _REACHED_A_BOUND else FAILED)
    return answer.stdout
