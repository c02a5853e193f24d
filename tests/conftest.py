"""The fixed cast as fixtures. Ask for `stage` when a test needs the programme, for `people` when it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client, TransactionTestCase
from django.utils import timezone

from actieplan.models import User
from din.models import Plan, Programme
from monitoring.models import ReportingRound
from tests.cast import People, Stage, make_people, make_stage
from tests.demonstration import filled_once
from tests.guards import unguarded
from tests.snapshot import Snapshot

LogIn = Callable[[User], Client]

PEOPLE = Snapshot(make_people)
STAGE = Snapshot(make_stage, key=timezone.localdate)  # the deadline of its open round depends on the day

# Few tests that take long and leave no processor to others. They begin first, so that at the end no process waits for
# them; those in a browser, which has no patience, come when they are done.
FIRST = ("tests/monitoring/test_at_once.py", "tests/din/test_hostile_uploads.py")
LATER = ("tests/browser/", "tests/monitoring/")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put FIRST first and LATER last, each in its order; the others stay as they are (.ci/test keeps this order)."""

    def place(item: pytest.Item) -> int:
        path = item.path.as_posix()
        for index, part in enumerate((*FIRST, "", *LATER)):
            if part and part in path:
                return index
        return len(FIRST)

    items.sort(key=place)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fail a test that is marked `pure` and asks for the database: it would not be run on PostgreSQL (.ci/test)."""
    asks = item.get_closest_marker("django_db") or "db" in getattr(item, "fixturenames", ())
    if asks and item.get_closest_marker("pure"):
        pytest.fail("marked pure, but it asks for the database", pytrace=False)


@pytest.fixture(autouse=True, scope="session")
def emptying_the_tables_goes_past_the_guards() -> Iterator[None]:
    """A test in a real transaction empties all tables afterwards, which the triggers refuse, as they should."""
    empty = TransactionTestCase._fixture_teardown

    def empty_unguarded(test_case: TransactionTestCase) -> None:
        with unguarded():
            empty(test_case)
        for snapshot in Snapshot.everyone:
            snapshot.forget()

    TransactionTestCase._fixture_teardown = empty_unguarded
    yield
    TransactionTestCase._fixture_teardown = empty


@pytest.fixture(scope="session")
def demonstration_file(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """An SQLite database with the demonstration data, one for all processes of the run: to copy, not to use."""
    own = tmp_path_factory.getbasetemp()
    return filled_once(own if worker_id == "master" else own.parent)


@pytest.fixture
def people(db: None) -> People:
    return PEOPLE.put()


@pytest.fixture
def stage(people: People) -> Stage:
    return replace(STAGE.put(people), people=people)


@pytest.fixture
def log_in() -> LogIn:
    """A function that gives a client with `user` logged in; each has a session of its own."""

    def logged_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return logged_in


@pytest.fixture
def owner(people: People) -> User:
    return people.owner


@pytest.fixture
def colleague(people: People) -> User:
    return people.colleague


@pytest.fixture
def manager(people: People) -> User:
    return people.manager


@pytest.fixture
def councillor(people: People) -> User:
    return people.councillor


@pytest.fixture
def outsider(people: People) -> User:
    return people.outsider


@pytest.fixture
def administrator(people: People) -> User:
    return people.administrator


@pytest.fixture
def programme(stage: Stage) -> Programme:
    return stage.programme


@pytest.fixture
def plan(stage: Stage) -> Plan:
    return stage.plan


@pytest.fixture
def adopted_round(stage: Stage) -> ReportingRound:
    return stage.adopted_round


@pytest.fixture
def open_round(stage: Stage) -> ReportingRound:
    return stage.open_round
