"""The addresses that sections add to those of the admin itself: for the administrator, and for nobody else."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from tests.admin.sections import NAMES, SECTIONS
from tests.cast import Stage

pytestmark = pytest.mark.django_db

# What Django, import-export and simple-history give a section; tests/admin/test_sections.py opens those.
GIVEN = {
    "changelist",
    "add",
    "change",
    "history",
    "delete",
    "autocomplete",
    "export",
    "import",
    "process_import",
    "simple_history",
}
OWN = {"din_workbookimport_download", "monitoring_reportinground_step"}
ANSWERS = {"outsider": 403, "councillor": 403, "owner": 403, "manager": 403, "administrator": 200}


def address_of(name: str, stage: Stage) -> str:
    if name == "monitoring_reportinground_step":
        return reverse(f"admin:{name}", args=[stage.open_round.pk, "start_review"])
    row = SECTIONS[NAMES.index("din.workbookimport")].make(1)
    return reverse(f"admin:{name}", args=[row.pk])


def test_every_own_address_is_tested_here() -> None:
    found = {
        pattern.name
        for model, section in admin.site._registry.items()
        for pattern in section.get_urls()
        if pattern.name
        and pattern.name.startswith(f"{model._meta.app_label}_{model._meta.model_name}_")
        and pattern.name.removeprefix(f"{model._meta.app_label}_{model._meta.model_name}_") not in GIVEN
        and model._meta.app_label in ("actieplan", "auth", "din", "monitoring")
    }
    assert found == OWN


@pytest.mark.parametrize("name", sorted(OWN))
def test_only_the_administrator_opens_it(stage: Stage, name: str) -> None:
    address = address_of(name, stage)
    assert Client().get(address).status_code == 302
    answers = {}
    for role in ANSWERS:
        client = Client()
        client.force_login(getattr(stage.people, role))
        answers[role] = client.get(address, follow=True).status_code
    assert answers == ANSWERS


@pytest.mark.parametrize("name", sorted(OWN))
def test_staff_without_the_right_are_kept_out(stage: Stage, name: str) -> None:
    """The log-in to the admin lets them in; the address itself must ask for the right."""
    address = address_of(name, stage)
    outsider = stage.people.outsider
    outsider.is_staff = True
    outsider.save()
    client = Client()
    client.force_login(outsider)
    assert client.get(address).status_code == 403
