"""The demonstration data, as the command makes them."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.utils import timezone

from tests.snapshot import Snapshot

DEMONSTRATION = Snapshot(lambda: call_command("demo", verbosity=0), key=timezone.localdate)


@pytest.fixture
def demonstration(db: None, settings: LazySettings) -> None:
    settings.DEBUG = True
    DEMONSTRATION.put()
