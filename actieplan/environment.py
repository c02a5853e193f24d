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


def production_problems(*, secret_key: str, allowed_hosts: list[str]) -> list[str]:
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
    return problems
