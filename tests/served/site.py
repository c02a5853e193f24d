"""Start the site on a database of its own, and visit it as a browser behind the proxy would."""

from __future__ import annotations

import html
import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

from tests.demonstration import ROOT

HOST = "127.0.0.1"
SECONDS_TO_START = 60


@dataclass(frozen=True)
class Served:
    """A running site: its port, and the environment it runs in."""

    port: int
    environment: Mapping[str, str]

    def manage(self, *words: str) -> str:
        """What a management command prints, on the data of the site."""
        return _run(("manage.py", *words), self.environment)

    def call(self, function: str, *numbers: int) -> Any:
        """What a function of tests.served returns, called in a process that works on the data of the site."""
        return json.loads(_run(("-m", "tests.served.call", function, *map(str, numbers)), self.environment))


@dataclass(frozen=True)
class Answer:
    """What the site answered. `worker` is the process that did; peaks are in MB and, as `child_seconds`, so far."""

    status: int
    location: str
    text: str
    worker: int
    worker_peak: float
    child_peak: float
    child_seconds: float

    @property
    def peak(self) -> float:
        """What the worker and the child that reads workbooks have used at most, as if at the same moment."""
        return self.worker_peak + self.child_peak


@contextmanager
def served_site(
    folder: Path,
    *,
    database_url: str,
    workers: int = 1,
    application: str = "tests.served.application:application",
) -> Iterator[Served]:
    """The data at `database_url`, served by `workers` processes without DEBUG, as docs/deploy.md tells.

    The log of the server is in `folder`.
    """
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "TEST_DATABASE_URL": database_url,
        "DEBUG": "0",
    }
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = int(probe.getsockname()[1])
    log = folder / "server.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", application),
                *("--bind", f"{HOST}:{port}", "--workers", str(workers), "--timeout", "60", "--no-control-socket"),
            ],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=output,
        )
        try:
            _wait_for(port, server)
            yield Served(port, environment)
        finally:
            server.terminate()
            server.wait(10)
    assert "Internal Server Error" not in log.read_text(), log.read_text()[-5_000:]


def _run(words: Sequence[str], environment: Mapping[str, str]) -> str:
    done = subprocess.run([sys.executable, *words], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until and server.poll() is None:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")


def token_of(page: Answer) -> str:
    """The token without which the site takes no form of `page`."""
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    assert token is not None, f"no form in an answer {page.status}"
    return token[1]


class Visitor:
    """Somebody with cookies, over the HTTPS of the proxy."""

    def __init__(self, site: Served, *, session: str = "") -> None:
        self._site = site
        self._cookies = {"sessionid": session} if session else {}

    def log_in(self, username: str) -> None:
        answer = self.post("/inloggen/", {"login": username, "password": "demo"})
        assert answer.status == 302, answer.text

    def get(self, path: str) -> Answer:
        return self._request("GET", path)

    def post(self, path: str, fields: Mapping[str, str], file: tuple[str, bytes] | None = None) -> Answer:
        """Send the form of the page at `path`, with its token; `file` is the field's name and the content."""
        return self.send(path, {**fields, "csrfmiddlewaretoken": token_of(self.get(path))}, file)

    def send(self, path: str, fields: Mapping[str, str], file: tuple[str, bytes] | None = None) -> Answer:
        """Send `fields` as they are."""
        boundary = uuid.uuid4().hex
        body = b"".join(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields.items()
        )
        if file is not None:
            name, content = file
            disposition = f'Content-Disposition: form-data; name="{name}"; filename="din.xlsx"'
            body += f"--{boundary}\r\n{disposition}\r\n\r\n".encode() + content + b"\r\n"
        body += f"--{boundary}--\r\n".encode()
        return self._request("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={boundary}"})

    def upload(self, path: str, content: bytes, year: int) -> Answer:
        """Offer a workbook at `path` and return the page that says what became of it."""
        answer = self.post(path, {"year": str(year)}, ("workbook", content))
        return self.get(answer.location) if answer.status == 302 else answer

    def _request(self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        connection = http.client.HTTPConnection(HOST, self._site.port, timeout=120)
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        proxied = {"X-Forwarded-Proto": "https", "Referer": f"https://{HOST}:{self._site.port}{path}"}
        connection.request(method, path, body, {"Cookie": cookies, **proxied, **(headers or {})})
        response = connection.getresponse()
        for cookie in response.headers.get_all("Set-Cookie", []):
            self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(cookie).items()}
        text = html.unescape(response.read().decode("utf-8", "replace"))
        connection.close()
        return Answer(
            response.status,
            response.headers.get("Location", ""),
            text,
            int(response.headers["X-Worker"]),
            float(response.headers["X-Worker-Peak"]),
            float(response.headers["X-Child-Peak"]),
            float(response.headers["X-Child-Seconds"]),
        )
