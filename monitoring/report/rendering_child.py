"""Runs inside the child process: bounds itself, reads one question from standard input, writes the file to standard
output.

It knows no Django and opens no connection; it needs no file but the libraries, the templates and the fonts.
"""

from __future__ import annotations

import gc
import importlib
import json
import resource
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from monitoring.report.frozen import ReportSource
from monitoring.report.rendering import OUT_OF_MEMORY

# Each is a function in a module that takes a Question and gives bytes; only the module that is asked for is loaded.
TASKS = {
    "docx": "monitoring.report.formats.docx:answer",
    "check_template": "monitoring.report.word.checking:answer",
    "pdf": "monitoring.report.formats.pdf:answer",
    "ods": "monitoring.report.formats.ods:answer",
}


@dataclass(frozen=True)
class Question:
    """A report, and what the task needs besides."""

    source: ReportSource
    attachment: bytes


def main(*, memory: int, seconds: int) -> None:
    """Answer the question: a JSON line, the bytes of the report, and those of the attachment."""
    _bound_this_process(memory, seconds)
    # It makes one file and ends: looking for garbage only takes time.
    gc.disable()
    source = sys.stdin.buffer
    head = json.loads(source.readline())
    text = source.read(head["report_bytes"]).decode()
    question = Question(ReportSource(text, head["sha256"]), source.read())
    try:
        answer = _task(head["task"])(question)
    except MemoryError:
        sys.exit(OUT_OF_MEMORY)
    except Exception as failure:
        # Where it went wrong goes to the log, but not its message: that may quote what people wrote.
        sys.stderr.write(f"{''.join(traceback.format_tb(failure.__traceback__))}{type(failure).__name__}\n")
        sys.exit(1)
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()


def _task(name: str) -> Callable[[Question], bytes]:
    module, function = TASKS[name].split(":")
    return getattr(importlib.import_module(module), function)


def _bound_this_process(memory: int, seconds: int) -> None:
    """Limit what this process may use: memory, processor time, no files, no core dump."""
    _limit(resource.RLIMIT_AS, memory)
    _limit(resource.RLIMIT_CPU, seconds)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)


def _limit(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (bound, bound))
