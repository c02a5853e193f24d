"""A real site for the browser tests: a server process of its own, with the demonstration data, and a Chromium."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.demonstration import ROOT, copy, product_environment

CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = (1280, 390)


@dataclass(frozen=True)
class Site:
    """A running site: its address, the environment in which a management command works on its data, and a process
    that does what `run` gives it (tests/browser/shell.py)."""

    url: str
    environment: dict[str, str]
    outbox: Path
    shell: subprocess.Popen[str]

    def mails(self) -> list[str]:
        """The mails that the site sent, the oldest first, as they went out."""
        sent = "".join(path.read_text(encoding="utf-8") for path in sorted(self.outbox.glob("*.log")))
        return [mail for mail in sent.split(f"\n{'-' * 79}\n") if mail.strip()]

    def run(self, code: str) -> str:
        """What `code` prints, in a process that works on the data of the site."""
        assert self.shell.stdin is not None
        assert self.shell.stdout is not None
        self.shell.stdin.write(json.dumps(code) + "\n")
        self.shell.stdin.flush()
        answer = self.shell.stdout.readline()
        assert answer, "the code failed: see what was written on stderr"
        printed: str = json.loads(answer)
        return printed

    def manage(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words], cwd=ROOT, env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def outbox_of(database: Path) -> Path:
    """The folder in which the mails of the site with this database end."""
    return database.parent / "outbox"


def environment_of(database: Path) -> dict[str, str]:
    return {**product_environment(f"sqlite:///{database}"), "EMAIL_URL": f"filemail:///{outbox_of(database)}"}


@pytest.fixture(scope="module")
def site(demonstration_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site on a fresh copy of the demonstration data, for the tests of one module."""
    database = tmp_path_factory.mktemp("site") / "db.sqlite3"
    copy(demonstration_file, database)
    port = free_port()
    environment = environment_of(database)
    with (
        (database.parent / "server.log").open("w") as log,
        subprocess.Popen(
            [sys.executable, "-m", "tests.browser.shell"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as shell,
    ):
        server = subprocess.Popen(
            [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(f"{url}/healthz")
            yield Site(url, environment, outbox_of(database), shell)
        finally:
            server.terminate()
            server.wait(10)
    assert "Internal Server Error" not in (database.parent / "server.log").read_text(), "the server had an error"


def wait_for(address: str) -> None:
    for _ in range(150):
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"no answer from {address}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium. It ends with the module: as long as it runs, no other test of this process may ask the database."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=CHROMIUM_ARGS)
        yield launched
        launched.close()


@dataclass
class Visitor:
    """Somebody with a browser of their own, logged in, whose console and requests are watched."""

    page: Page
    site: Site
    problems: list[str]

    def go(self, path: str) -> int:
        response = self.page.goto(self.site.url + path)
        assert response is not None
        return response.status

    def axe(self) -> list[str]:
        """What axe finds on the page as it is."""
        source = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
        # A click only waits until the next page begins: without its styles every target would be too small.
        self.page.wait_for_load_state("load")
        before = len(self.problems)
        self.page.evaluate(source)
        findings: list[str] = self.page.evaluate(
            """async () => (await axe.run(document, {runOnly: [
                 'wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}))
                 .violations.map(v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 160)).join(' | '))"""
        )
        del self.problems[before:]  # axe itself tries inline styles on the page; what the page did is counted before
        return findings


# As long as an action may take (below): fifty editors may be at work on the same machine.
expect.set_options(timeout=20_000)

Enter = Callable[..., Visitor]


@pytest.fixture
def enter(browser: Browser, site: Site) -> Iterator[Enter]:
    """A function that gives a visitor: `enter("manager")`, `enter(None)` for somebody who did not log in."""
    contexts: list[BrowserContext] = []
    visitors: list[Visitor] = []

    def entered(username: str | None, *, width: int = 1280, javascript: bool = True) -> Visitor:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=javascript, locale="nl-NL"
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        visitor = Visitor(page, site, [])
        visitors.append(visitor)

        def watch_request(request: object) -> None:
            if not request.url.startswith((site.url, "blob:")):
                visitor.problems.append(f"asks another host: {request.url}")

        def watch_console(message: object) -> None:
            if message.type == "error" and "Failed to load resource" not in message.text:
                visitor.problems.append(message.text)

        page.on("request", watch_request)
        page.on("console", watch_console)
        page.on("pageerror", lambda error: visitor.problems.append(str(error)))
        if username is not None:
            page.goto(f"{site.url}/inloggen/")
            page.fill("[name=login]", username)
            page.fill("[name=password]", "demo")
            page.get_by_role("button", name="Inloggen").click()
            page.wait_for_url(lambda url: "/inloggen/" not in url)
        return visitor

    yield entered
    for context in contexts:
        context.close()
    assert [problem for visitor in visitors for problem in visitor.problems] == []
