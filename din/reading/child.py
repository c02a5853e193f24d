"""Runs inside the child process: bounds itself, reads the workbook from standard input, answers on standard output.

Only the standard library is used here and in all that it imports, so that it starts quickly and isolated from the site.
"""

import gc
import json
import resource
import sys

from din.reading import limits, refusal
from din.reading.document import Finding, Reading, rejected, to_wire
from din.reading.pipeline import read_in_process
from din.reading.table import Column, Table, read_table_in_process, table_to_wire


def bound_this_process() -> None:
    """Limit what this process may use: memory, processor time, no files, no further processes, no core dump."""
    _limit(resource.RLIMIT_AS, limits.CHILD_MEMORY_BYTES)
    _limit(resource.RLIMIT_CPU, limits.CHILD_CPU_SECONDS)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    if hasattr(resource, "RLIMIT_NPROC"):
        _limit(resource.RLIMIT_NPROC, 0)


def _limit(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (bound, bound))


def main() -> None:
    """Read the question (one JSON line, then the workbook's bytes) and write the reading, or the table, as JSON.

    Before a reading, a line such as "400 2000" says each time how many rows are read of how many.
    """
    bound_this_process()
    # It reads one workbook and ends: looking for garbage would take a fifth of the time of a large one.
    gc.disable()
    source = sys.stdin.buffer
    question = json.loads(source.readline())
    data = source.read(limits.PACKED_BYTES + 1)
    if "columns" in question:
        wire = table_to_wire(_read_table(data, [Column(*column) for column in question["columns"]]))
    else:
        choices = {(sheet, letter): level for sheet, letter, level in question["choices"]}
        wire = to_wire(_read(data, question["year"], choices))
    sys.stdout.buffer.write(json.dumps(wire).encode("ascii"))
    sys.stdout.buffer.flush()


def _tell_parent(done: int, total: int) -> None:
    sys.stdout.buffer.write(b"%d %d\n" % (done, total))
    sys.stdout.buffer.flush()


def _read(data: bytes, year: int, choices: dict[tuple[str, str], str]) -> Reading:
    try:
        return read_in_process(data, year, choices, _tell_parent)
    except MemoryError:
        return rejected(refusal.TOO_MUCH_WORK)
    except Exception as failure:  # the last guard: no input whatever ends in a traceback
        sys.stderr.write(f"{failure!r}\n")
        return rejected(refusal.DAMAGED)


def _read_table(data: bytes, columns: list[Column]) -> Table:
    try:
        return read_table_in_process(data, columns)
    except MemoryError:
        return Table(findings=(Finding(None, refusal.TOO_MUCH_WORK),))
    except Exception as failure:  # the last guard: no input whatever ends in a traceback
        sys.stderr.write(f"{failure!r}\n")
        return Table(findings=(Finding(None, refusal.DAMAGED),))
