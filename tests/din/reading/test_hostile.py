"""Foreign, broken and hostile files: each ends in its own Dutch message, read as the site reads it, in the child."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from din.reading import bounded, read_in_process, read_workbook
from din.reading.document import to_wire
from tests.din.reading.costly_files import COSTLY
from tests.din.reading.hostile_files import GOOD, READ, REFUSED
from tests.din.reading.packages import ods, ods_cell, ods_row, table, xlsx
from tests.din.reading.workbooks import as_xls, smart, workbook

pytestmark = pytest.mark.pure

ROOT = Path(__file__).parents[3]


ENDS = REFUSED | COSTLY


@pytest.mark.parametrize("name", ENDS)
def test_a_hostile_file_ends_in_its_message(name):
    make, word = ENDS[name]
    reading = read_workbook(make(), year=2024)
    assert reading.result == "rejected"
    assert [word in error.message for error in reading.errors] == [True], reading.errors


@pytest.mark.parametrize("name", READ)
def test_an_odd_file_is_read_all_the_same(name):
    reading = read_workbook(READ[name](), year=2024)
    assert reading.errors == ()
    assert smart(reading) == ["S"]


def test_a_child_that_is_killed_is_a_rejected_reading(monkeypatch):
    monkeypatch.setattr(bounded, "_PROGRAM", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    assert "te veel tijd of geheugen" in read_workbook(xlsx(table(GOOD)), year=2024).errors[0].message


@pytest.mark.parametrize("answer", ["", "nonsense", "[]", "{}", '{"themes": 1}', '{"themes": [[1]]}', "[" * 100_000])
def test_a_child_that_answers_nonsense_is_a_rejected_reading(monkeypatch, answer):
    monkeypatch.setattr(bounded, "_PROGRAM", f"print({answer!r})")
    assert read_workbook(xlsx(table(GOOD)), year=2024).result == "rejected"


def test_a_child_that_hangs_is_ended(monkeypatch):
    answer = json.dumps(to_wire(read_in_process(xlsx(table(GOOD)), 2024)))
    program = f"import time; time.sleep(SECONDS); print({answer!r})"
    monkeypatch.setattr(bounded.limits, "CHILD_WALL_SECONDS", 3)
    monkeypatch.setattr(bounded, "_PROGRAM", program.replace("SECONDS", "0"))
    assert read_workbook(xlsx(table(GOOD)), year=2024).result == "ok"
    monkeypatch.setattr(bounded, "_PROGRAM", program.replace("SECONDS", "8"))
    assert read_workbook(xlsx(table(GOOD)), year=2024).result == "rejected"


def test_a_child_that_talks_without_end_is_ended(monkeypatch):
    """In one line when it is too long, without waiting for its time to be over; in many when its time is over."""
    monkeypatch.setattr(bounded, "_PROGRAM", "while True: print('x' * 65536, end='')")
    monkeypatch.setattr(bounded.limits, "CHILD_ANSWER_BYTES", 1024 * 1024)
    assert read_workbook(xlsx(table(GOOD)), year=2024).result == "rejected"
    monkeypatch.setattr(bounded, "_PROGRAM", "while True: print('x' * 65536)")
    monkeypatch.setattr(bounded.limits, "CHILD_WALL_SECONDS", 3)
    assert read_workbook(xlsx(table(GOOD)), year=2024).result == "rejected"


@pytest.mark.parametrize(
    ("attempt", "outcome"),
    [
        ("bytes(900 * 1024 * 1024)", "MemoryError"),
        ("bytes(100 * 1024 * 1024)", "fits"),
        ("__import__('tempfile').TemporaryFile(buffering=0).write(b'x')", "OSError"),
        ("any(iter(int, 1))", "killed"),
    ],
)
def test_the_child_bounds_itself(attempt, outcome):
    program = (
        "import signal; from din.reading import limits; limits.CHILD_CPU_SECONDS = 1\n"
        "from din.reading.child import bound_this_process; bound_this_process()\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"try:\n    {attempt}; print('fits')\n"
        "except OSError: print('OSError')\n"
        "except MemoryError: print('MemoryError')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False, timeout=30
    )
    assert (done.stdout.strip() or "killed") == outcome


def test_a_failure_inside_is_a_rejected_reading(monkeypatch):
    from din.reading import child

    def fail(*_):
        raise AssertionError("a bug")

    monkeypatch.setattr(child, "read_in_process", fail)
    assert child._read(b"x", 2024, {}).errors[0].message.startswith("Het bestand is beschadigd")


def test_no_bytes_whatever_raise():
    rng = random.Random(7)
    seeds = [
        xlsx(table(GOOD)),
        as_xls(workbook({"P1 A": [("SMART-doelen", "Planning"), ("S", "Q1")]})),
        ods(f'<table:table table:name="P1 A">{ods_row(ods_cell("S"))}</table:table>'),
    ]
    for number in range(300):
        data = bytearray(seeds[number % 3])
        for _ in range(rng.randrange(1, 12)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        if number % 5 == 0:
            data = data[: rng.randrange(len(data))]
        reading = read_in_process(bytes(data), 2024)
        assert reading.result in ("ok", "rejected")


def test_nothing_is_left_behind(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    read_workbook(xlsx(table(GOOD)), year=2024)
    assert list(tmp_path.iterdir()) == []
