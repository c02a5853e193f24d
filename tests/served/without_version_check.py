"""The site with the version check taken out of the workflow: what the test of many editors at once must notice."""

from __future__ import annotations

from typing import Any

from django.apps import apps

from tests.served.application import application

__all__ = ["application"]

_updates: Any = type(apps.get_model("monitoring", "Update").objects.all())
_filter = _updates.filter


def _filter_without_version(self: Any, *conditions: Any, **fields: Any) -> Any:
    fields.pop("version", None)
    return _filter(self, *conditions, **fields)


_updates.filter = _filter_without_version
