"""Call a function on the data of a served site: `python -m tests.served.call crowd.fill 50 3` prints JSON."""

import importlib
import json
import sys

import django

if __name__ == "__main__":
    django.setup()
    where, *numbers = sys.argv[1:]
    module, _, name = where.rpartition(".")
    function = getattr(importlib.import_module(f"tests.served.{module}"), name)
    sys.stdout.write(json.dumps(function(*map(int, numbers))))
