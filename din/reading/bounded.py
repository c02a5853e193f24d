"""Read a workbook in a child process that no file can make hang, grow without end, or take the site down."""

import json
import logging
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Timer
from typing import IO, Any, TypeVar

from din.reading import limits, refusal
from din.reading.document import Finding, Reading, from_wire, rejected
from din.reading.row_count import TellRows, tell_rows_to_nobody
from din.reading.table import Column, Table, table_from_wire

logger = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parents[2]
_PROGRAM = "import sys; sys.path.insert(0, sys.argv[1]); from din.reading.child import main; main()"

Answer = TypeVar("Answer")

_ROWS_READ = re.compile(rb"([0-9]{1,9}) ([0-9]{1,9})\n")


def read_workbook(
    data: bytes,
    *,
    year: int,
    choices: Mapping[tuple[str, str], str] | None = None,
    tell: TellRows = tell_rows_to_nobody,
) -> Reading:
    """Read the bytes of a .xlsx, .xlsm, .ods or .xls workbook; never raises, whatever the bytes.

    `year` is the plan's year. `choices` says which level a column of a sheet is: {("Blad1", "C"): "smart_goal"},
    with one of `document.LEVELS` or "ignore"; it goes before recognition. `tell` hears a few times a second how many
    rows are read of how many. The child may use 768 MB and 10 s of processor time; when it dies, hangs or answers
    nonsense the reading is rejected with a Dutch message (contract, Rejected).
    """
    question = {"year": year, "choices": [[sheet, letter, level] for (sheet, letter), level in (choices or {}).items()]}
    try:
        return _answer(question, data, tell, from_wire)
    except refusal.Refused as refused:
        return rejected(refused.message)


def read_table(data: bytes, columns: Sequence[Column]) -> Table:
    """Read the table with these `columns` from the bytes of a workbook; never raises, whatever the bytes.

    Bounded as `read_workbook`. What is wrong is in the findings of the table: with one, nothing may be written.
    """
    question = {"columns": [[column.key, column.heading, column.is_required] for column in columns]}
    try:
        return _answer(question, data, tell_rows_to_nobody, table_from_wire)
    except refusal.Refused as refused:
        return Table(findings=(Finding(None, refused.message),))


def _answer(question: object, data: bytes, tell: TellRows, read_wire: Callable[[Any], Answer]) -> Answer:
    """What the child answers to `question` about `data`. Raises Refused when it cannot be had."""
    if not data:
        raise refusal.Refused(refusal.EMPTY_FILE)
    if len(data) > limits.PACKED_BYTES:
        raise refusal.Refused(refusal.TOO_LARGE_PACKED)
    try:
        answer = _ask_child(json.dumps(question).encode("ascii") + b"\n" + data, tell)
    except (OSError, ValueError, subprocess.SubprocessError):
        logger.exception("the process that reads workbooks could not be started")
        raise refusal.Refused(refusal.TOO_MUCH_WORK) from None
    if answer is None:
        raise refusal.Refused(refusal.TOO_MUCH_WORK)
    try:
        return read_wire(json.loads(answer))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        logger.warning("the process that reads workbooks gave no answer that can be read")
        raise refusal.Refused(refusal.TOO_MUCH_WORK) from None


def _ask_child(question: bytes, tell: TellRows) -> bytes | None:
    """Return what the child wrote at last; None when it was killed, failed, or wrote too much."""
    with tempfile.TemporaryFile() as handed:
        handed.write(question)
        handed.seek(0)
        child = subprocess.Popen(  # noqa: S603 - a fixed program; the file goes in as data
            [sys.executable, "-I", "-S", "-c", _PROGRAM, str(_ROOT)],
            stdin=handed,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            close_fds=True,
        )
    with child:
        timer = Timer(limits.CHILD_WALL_SECONDS, child.kill)
        timer.start()
        try:
            answer = _answer_on(child.stdout, tell) if child.stdout else b""
            if len(answer) > limits.CHILD_ANSWER_BYTES:
                child.kill()
                return None
            code = child.wait()
        finally:
            timer.cancel()
            child.kill()
    if code != 0:
        logger.warning("the process that reads workbooks ended with %s", code)
        return None
    return answer


def _answer_on(pipe: IO[bytes], tell: TellRows) -> bytes:
    """The one line of the answer, after the lines that say how many rows are read."""
    while rows_read := _ROWS_READ.fullmatch(line := pipe.readline(limits.CHILD_ANSWER_BYTES + 1)):
        tell(int(rows_read[1]), int(rows_read[2]))
    return line
