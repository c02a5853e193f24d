"""Reading a workbook, ours against openpyxl in full mode, and what the child needs. Run by tests.bench in a process of
its own: `python -m tests.bench.reading OUTPUT`.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from openpyxl import load_workbook

from din.reading import read_in_process, read_workbook
from tests.bench.rounds import Result, by_turns, compared, seconds
from tests.bench.workbooks import YEAR, din_workbook

# As many filled rows as a workbook may have, the header among them.
SMALL, LARGE = 1_000, 20_000
ROUNDS = 3
MEMORY_AIM = "< 200 MB"


def _read(content: bytes, *, in_child: bool) -> None:
    reading = read_workbook(content, year=YEAR) if in_child else read_in_process(content, YEAR)
    if reading.errors or not reading.document.smart_goals:
        raise AssertionError(f"the workbook was not read: {reading.errors[:1]}")


def _walk(content: bytes) -> int:
    """What the peer does: load everything and look at every cell; it knows nothing of goals and lines."""
    filled = 0
    for sheet in load_workbook(io.BytesIO(content)).worksheets:
        for row in sheet.iter_rows():
            filled += sum(cell.value is not None for cell in row)
    return filled


def bench_reading() -> list[Result]:
    results = []
    for rows in (SMALL, LARGE):
        content = din_workbook(rows - 1, efforts=True)
        times = by_turns(
            {
                "process": lambda content=content: seconds(lambda: _read(content, in_child=False)),
                "peer": lambda content=content: seconds(lambda: _walk(content)),
                "child": lambda content=content: seconds(lambda: _read(content, in_child=True)),
            },
            rounds=ROUNDS,
        )
        results += [
            compared("reading, in process", "", rows, times, ours="process", peer="peer"),
            compared("reading, in the child", "", rows, times, ours="child", peer="peer"),
        ]
    return results


# A small process of its own: a child's peak counts what its parent had at the moment it was made.
_MEASURED = """
import resource, sys
from pathlib import Path
content = Path(sys.argv[2]).read_bytes()
if sys.argv[1] == "ours":
    from din.reading import read_workbook
    assert read_workbook(content, year=int(sys.argv[3])).document.smart_goals
    who = resource.RUSAGE_CHILDREN
else:
    import io
    from openpyxl import load_workbook
    book = load_workbook(io.BytesIO(content))
    assert sum(cell.value is not None for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)
    who = resource.RUSAGE_SELF
print(resource.getrusage(who).ru_maxrss / (1024 if sys.platform != "darwin" else 1024 ** 2))
"""


def bench_memory() -> Result:
    """The peak of the child in MB while it reads the largest workbook, and that of the peer with the same one."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        Path(file.name).write_bytes(din_workbook(LARGE - 1, efforts=True))
        ours, peer = (
            float(
                subprocess.run(
                    [sys.executable, "-c", _MEASURED, who, file.name, str(YEAR)],
                    check=True,
                    capture_output=True,
                    text=True,
                ).stdout
            )
            for who in ("ours", "peer")
        )
    return Result("peak memory, reading in the child", "", LARGE, "MB", ours, peer, peer / ours, aim=MEMORY_AIM)


if __name__ == "__main__":
    found = [*bench_reading(), bench_memory()]
    Path(sys.argv[1]).write_text(json.dumps([asdict(result) for result in found]))
