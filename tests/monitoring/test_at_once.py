"""Many people at once, on a served site with several workers.

Everybody adds a line to the explanation that they read; who meets a conflict reads again and adds the line to that.
Each line must stand in the text at the end: a save over what somebody else had saved would have taken theirs out.
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier, Semaphore
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.demonstration import copy, fill
from tests.served.site import Answer, Served, Visitor, served_site, token_of

EDITORS = 50
SAVES = 20
FEW_EDITORS, FEW_SAVES = 10, 5
WORKERS = 2
# The site answers no more than this at a time. With all editors in its queue only one in fifty would still hold the
# newest version when its turn came: as many conflicts of the same kind, and a quarter of an hour.
AT_A_TIME = WORKERS
ROUNDS = 5
REFUSED = 403
LINE = re.compile(r"e\d\dn\d\d")


SERVER = os.environ.get("TEST_DATABASE_URL", "")
FILLED = "at_once_filled"


@contextmanager
def on_the_server(name: str, template: str = "template1") -> Iterator[str]:
    """The address of a new database on the PostgreSQL of this test run, a copy of `template`."""
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(f'drop database if exists "{name}" with (force)')
        connection.execute(f'create database "{name}" template "{template}"')
        try:
            yield urlsplit(SERVER)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f'drop database if exists "{name}" with (force)')


# A function that gives the address of a database that nobody used before.
NewDatabase = Callable[[], AbstractContextManager[str]]


@pytest.fixture(scope="module")
def new_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewDatabase]:
    """With the demonstration data, on the kind of database of this test run."""
    if SERVER.startswith("postgres"):
        with on_the_server(FILLED) as url:
            fill(url)
            number = itertools.count()
            yield lambda: on_the_server(f"at_once_{next(number)}", FILLED)
        return

    @contextmanager
    def in_a_file() -> Iterator[str]:
        database = tmp_path_factory.mktemp("at-once") / "db.sqlite3"
        copy(request.getfixturevalue("demonstration_file"), database)
        yield f"sqlite:///{database}"

    yield in_a_file


@dataclass(frozen=True)
class Form:
    """The form of a goal as an editor sees it."""

    token: str
    version: str
    text: str


def form_of(page: Answer) -> Form:
    version = re.search(r'name="version" value="(\d+)"', page.text) or re.search(
        r'value="(\d+)"[^>]*name="version"', page.text
    )
    text = re.search(r'<textarea[^>]*name="explanation"[^>]*>\n?(.*?)</textarea>', page.text, re.DOTALL)
    assert version is not None, page.text
    assert text is not None, page.text
    return Form(token_of(page), version[1], text[1].strip().replace("\r\n", "\n"))


@dataclass
class Editor:
    """Somebody who adds lines to one goal and meets conflicts."""

    visitor: Visitor
    path: str
    name: str
    turn: Semaphore
    conflicts: int = 0

    def add_lines(self, count: int) -> None:
        for number in range(count):
            while not self.add_in_turn(f"{self.name}{number:02d}"):
                self.conflicts += 1

    def add_in_turn(self, line: str) -> bool:
        with self.turn:
            return self.add(line)

    def add(self, line: str) -> bool:
        """Add `line` to the text as it is; False when somebody else saved in between, and both texts were shown."""
        form = form_of(self.visitor.get(self.path))
        text = f"{form.text}\n{line}".strip()
        answer = self.visitor.send(
            self.path,
            {
                "csrfmiddlewaretoken": form.token,
                "version": form.version,
                "status": "on_track",
                "explanation": text,
                "next_steps": "",
                "forecast": "",
                "action": "save",
            },
        )
        if answer.status == 409:
            assert "heeft dit intussen gewijzigd" in answer.text
            shown = set(LINE.findall(answer.text))
            assert line in shown, "the editor's own text is gone"
            assert shown - set(text.split()), "what the other saved is not shown"
            return False
        assert answer.status == 302, answer.text[:20_000]
        return True


def together(site: Served, people: dict[str, Any], *, saves: int) -> list[Editor]:
    """Let everybody add `saves` lines to the same goal."""
    path = f"/doelen/{people['goal']}/voortgang/"
    turn = Semaphore(AT_A_TIME)
    editors = [
        Editor(Visitor(site, session=session), path, f"e{number:02d}n", turn)
        for number, session in enumerate(people["sessions"])
    ]
    with ThreadPoolExecutor(len(editors)) as pool:
        for done in [pool.submit(editor.add_lines, saves) for editor in editors]:
            done.result()
    return editors


def lines_of(editors: list[Editor], saves: int) -> list[str]:
    return sorted(f"{editor.name}{number:02d}" for editor in editors for number in range(saves))


def test_many_editors_on_one_goal_lose_no_text(new_database: NewDatabase, tmp_path: Path) -> None:
    with new_database() as url, served_site(tmp_path, workers=WORKERS, database_url=url) as site:
        people = site.call("crowd.fill", EDITORS, 0)["together"]
        editors = together(site, people, saves=SAVES)
        found = site.call("crowd.recorded", people["update"])
        assert sorted(found["explanation"].split()) == lines_of(editors, SAVES)
        assert found["saves"] == found["version"] == EDITORS * SAVES
        # Whoever saved finds the text back in the history as it was then: each holds one line more.
        assert sorted(len(text.split()) for text in found["history"]) == list(range(1, EDITORS * SAVES + 1))
        assert sum(editor.conflicts for editor in editors) > 0, "nobody met a conflict: this showed nothing"
        assert "klopt" in site.manage("verify_audit")


def test_without_the_version_check_text_is_lost(new_database: NewDatabase, tmp_path: Path) -> None:
    with (
        new_database() as url,
        served_site(
            tmp_path,
            workers=WORKERS,
            database_url=url,
            application="tests.served.without_version_check:application",
        ) as site,
    ):
        people = site.call("crowd.fill", FEW_EDITORS, 0)["together"]
        editors = together(site, people, saves=FEW_SAVES)
        lines = site.call("crowd.recorded", people["update"])["explanation"].split()
        assert set(lines) < set(lines_of(editors, FEW_SAVES))


# --- of two that exclude each other one wins -----------------------------------------------------------------------


def hidden(page: Answer) -> dict[str, str]:
    """The hidden fields of the last form of a page, its token among them."""
    form = page.text[page.text.rindex("<form") :]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))


def at_the_same_moment(*requests: tuple[Visitor, str, dict[str, str]]) -> list[int]:
    """Send all `requests` at once and return their statuses."""
    start = Barrier(len(requests))

    def send(visitor: Visitor, path: str, fields: dict[str, str]) -> int:
        start.wait()
        return visitor.send(path, fields).status

    with ThreadPoolExecutor(len(requests)) as pool:
        sent = [pool.submit(send, *request) for request in requests]
        return [answer.result() for answer in sent]


@pytest.fixture(scope="module")
def ready(
    new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Served, list[dict[str, Any]]]]:
    """A site with rounds that can be adopted, each with two managers."""
    with (
        new_database() as url,
        served_site(tmp_path_factory.mktemp("site"), workers=WORKERS, database_url=url) as site,
    ):
        yield site, site.call("crowd.fill", 1, 2 * ROUNDS)["ready"]


def test_of_two_managers_who_adopt_one_wins(ready: tuple[Served, list[dict[str, Any]]]) -> None:
    site, rounds = ready
    for round_ in rounds[:ROUNDS]:
        managers = [Visitor(site, session=session) for session in round_["sessions"]]
        path = f"/rondes/{round_['round']}/vaststellen/"
        statuses = at_the_same_moment(*[(manager, path, hidden(manager.get(path))) for manager in managers])
        assert sorted(statuses) == [302, REFUSED]
        found = site.call("crowd.adopted", round_["round"])
        assert (found["state"], found["reports"], found["lines"]) == ("adopted", 1, 1)


def test_of_an_edit_and_an_adoption_one_wins(ready: tuple[Served, list[dict[str, Any]]]) -> None:
    site, rounds = ready
    for round_ in rounds[ROUNDS:]:
        adopting, editing = [Visitor(site, session=session) for session in round_["sessions"]]
        adopt, review = f"/rondes/{round_['round']}/vaststellen/", f"/rondes/{round_['round']}/doelen/{round_['goal']}/"
        statuses = at_the_same_moment(
            (adopting, adopt, hidden(adopting.get(adopt))),
            (editing, review, {**hidden(editing.get(review)), "action": "withdraw", "reason": ""}),
        )
        found = site.call("crowd.adopted", round_["round"])
        if statuses == [302, REFUSED]:
            assert (found["state"], found["states"]) == ("adopted", ["not_delivered", "not_delivered"])
        else:
            assert statuses in ([409, 302], [REFUSED, 302])
            assert (found["state"], found["states"]) == ("open", ["draft", "not_delivered"])
