"""How far the reading is: rows read of all rows, told a few times a second."""

import time
from collections.abc import Callable

TellRows = Callable[[int, int], None]
SECONDS_BETWEEN = 0.2


class RowCount:
    """Counts rows; `tell` hears how many are read and how many there are: first none, at last all."""

    def __init__(self, total: int, tell: TellRows) -> None:
        self._done, self._total, self._tell = 0, total, tell
        self._say()

    def add_one(self) -> None:
        self._done += 1
        if self._done == self._total or time.monotonic() - self._told_at >= SECONDS_BETWEEN:
            self._say()

    def _say(self) -> None:
        self._told_at = time.monotonic()
        self._tell(self._done, self._total)


def tell_rows_to_nobody(_done: int, _total: int) -> None:
    """For a reading that nobody waits for."""
