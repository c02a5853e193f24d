"""Run Python on the data of a site, many times in one process: `python -m tests.browser.shell`.

Each line that comes in is a piece of code as JSON, and each that goes out what it printed. Starting Django for every
question would take longer than the pages that are asked about.
"""

from __future__ import annotations

import io
import json
import sys
from contextlib import redirect_stdout

import django

if __name__ == "__main__":
    django.setup()
    for line in sys.stdin:
        printed = io.StringIO()
        with redirect_stdout(printed):
            exec(json.loads(line), {})
        sys.stdout.write(json.dumps(printed.getvalue()) + "\n")
        sys.stdout.flush()
