"""A production start stops with a sentence for each setting that is missing or unsafe."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from actieplan.environment import default_site_url, production_problems

pytestmark = pytest.mark.pure

ROOT = Path(__file__).resolve().parents[2]
SITE = "https://example.org"
GOOD_KEY = "q8Jv3tZ0xLr5bN2mWc7yKd4sHg9fPa1eUoTiXlVjRnBzMkQwSy"


@pytest.mark.parametrize(
    ("key", "hosts", "url", "named"),
    [
        ("", ["example.org"], SITE, "SECRET_KEY"),
        ("kort", ["example.org"], SITE, "SECRET_KEY"),
        ("a" * 60, ["example.org"], SITE, "SECRET_KEY"),
        ("local-only-" + GOOD_KEY, ["example.org"], SITE, "SECRET_KEY"),
        (GOOD_KEY, [], SITE, "ALLOWED_HOSTS"),
        (GOOD_KEY, ["*"], SITE, "ALLOWED_HOSTS"),
        (GOOD_KEY, ["example.org"], "", "SITE_URL"),
        (GOOD_KEY, ["example.org"], "http://example.org", "SITE_URL"),
        (GOOD_KEY, ["example.org"], "https://elders.example.com", "SITE_URL"),
        (GOOD_KEY, ["example.org"], "https://example.org/pad", "SITE_URL"),
        (GOOD_KEY, ["example.org"], "https://iemand@example.org", "SITE_URL"),
        (GOOD_KEY, ["example.org"], "https://example.org:poort", "SITE_URL"),
        (GOOD_KEY, [".example.org"], "https://kwaadexample.org", "SITE_URL"),
    ],
)
def test_what_is_unsafe_is_named(key: str, hosts: list[str], url: str, named: str) -> None:
    (problem,) = production_problems(secret_key=key, allowed_hosts=hosts, site_url=url)
    assert named in problem


@pytest.mark.parametrize("url", [SITE, "https://example.org:8443", "https://monitor.example.org"])
def test_a_safe_start_has_no_problems(url: str) -> None:
    hosts = ["example.org", ".example.org"]
    assert production_problems(secret_key=GOOD_KEY, allowed_hosts=hosts, site_url=url) == []


def test_the_address_of_the_site_is_that_of_the_first_host_with_a_full_name() -> None:
    assert default_site_url([".example.org", "monitor.example.org"]) == "https://monitor.example.org"
    assert default_site_url([".example.org"]) == ""


def start(*, code: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "actieplan.settings", **settings}
    return subprocess.run(
        [sys.executable, "-c", f"import django; django.setup(); {code}"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )


def test_a_production_start_without_settings_stops_with_sentences_and_no_traceback() -> None:
    stopped = start(DEBUG="0", SECRET_KEY="", ALLOWED_HOSTS="")
    assert stopped.returncode != 0
    assert "SECRET_KEY" in stopped.stderr
    assert "ALLOWED_HOSTS" in stopped.stderr
    assert "Traceback" not in stopped.stderr


def test_a_production_start_with_settings_runs() -> None:
    started = start(DEBUG="0", SECRET_KEY=GOOD_KEY, ALLOWED_HOSTS="example.org", DATABASE_URL="sqlite://:memory:")
    assert started.returncode == 0, started.stderr


def test_the_identity_provider_is_the_only_other_place_that_a_form_goes_to() -> None:
    code = "from django.conf import settings; print(settings.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action'])"
    provider = "https://login.example.org/tenant/v2.0"
    common = {"SECRET_KEY": GOOD_KEY, "ALLOWED_HOSTS": "example.org", "DATABASE_URL": "sqlite://:memory:"}
    assert start(code=code, **common).stdout.strip() == str(["'self'"])
    with_provider = start(code=code, OIDC_SERVER_URL=provider, **common)
    assert with_provider.stdout.strip() == str(["'self'", "https://login.example.org"])
