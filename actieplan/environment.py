"""The settings that come from the environment, and the sentences that say what is missing.

Source of the names: the README, "Settings". A production start with a missing or unsafe setting stops here,
before anything is served, with one sentence for each thing to mend.
"""

from pathlib import Path
from urllib.parse import urlsplit

import environ

LOCAL_KEY_PREFIX = "local-only-"
KEY_LENGTH = 50


def read_environment(base: Path) -> environ.Env:
    """The environment, completed by `.env` in `base` when that file is there; real variables win."""
    env = environ.Env()
    dotenv = base / ".env"
    if dotenv.is_file():
        env.read_env(dotenv, overwrite=False)
    return env


def origin_of(address: str) -> str:
    """The scheme and host of an address, as a content security policy names it: "https://login.example.org"."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def default_site_url(allowed_hosts: list[str]) -> str:
    """The address of the site when SITE_URL does not say it: that of the first host with a full name, or empty."""
    named = [host for host in allowed_hosts if not host.startswith((".", "*"))]
    return f"https://{named[0]}" if named else ""


def production_problems(*, secret_key: str, allowed_hosts: list[str], site_url: str) -> list[str]:
    """What keeps these settings from being safe with DEBUG off, a sentence each; empty when nothing does."""
    problems = []
    if not secret_key:
        problems.append("Set SECRET_KEY to a random text of at least 50 characters.")
    elif len(secret_key) < KEY_LENGTH or secret_key.startswith(LOCAL_KEY_PREFIX) or len(set(secret_key)) < 10:
        problems.append("SECRET_KEY is too short or made for local use: set a random text of at least 50 characters.")
    if not allowed_hosts:
        problems.append("Set ALLOWED_HOSTS to the host names of the site, separated by commas.")
    elif "*" in allowed_hosts:
        problems.append("ALLOWED_HOSTS must name the hosts of the site: '*' is not safe.")
    elif not _is_address_of(site_url, allowed_hosts):
        problems.append(
            "Set SITE_URL to the address of the site: https://, one of ALLOWED_HOSTS, and nothing behind it."
        )
    return problems


def _is_address_of(site_url: str, allowed_hosts: list[str]) -> bool:
    """Whether `site_url` is the bare address of the site by HTTPS: mails link to it."""
    try:
        parts = urlsplit(site_url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    bare = site_url == f"https://{host}" + (f":{port}" if port else "")
    return bare and any(host == name or (name[:1] == "." and host.endswith(name)) for name in allowed_hosts)
