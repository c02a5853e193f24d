"""The site for the server, which tells with each answer which process gave it and what that process has used so far."""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Iterable
from typing import Any

from actieplan.wsgi import application as site

_UNITS_IN_A_MEGABYTE = 1024**2 if sys.platform == "darwin" else 1024


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    def start(status: str, headers: list[tuple[str, str]], failure: Any = None) -> Any:
        worker, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
        told = {
            "X-Worker": os.getpid(),
            "X-Worker-Peak": worker.ru_maxrss / _UNITS_IN_A_MEGABYTE,
            "X-Child-Peak": children.ru_maxrss / _UNITS_IN_A_MEGABYTE,
            "X-Child-Seconds": children.ru_utime + children.ru_stime,
        }
        return start_response(status, headers + [(name, str(value)) for name, value in told.items()], failure)

    return site(environ, start)
