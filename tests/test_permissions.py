"""Who may open what: every named address of the site, for every role. A new address without a row here fails."""

import datetime
import io
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from din.models import Goal, Plan, Recut, Theme, WorkbookImport
from monitoring.models import WordTemplate
from monitoring.report.formats.registry import FORMATS
from monitoring.report.word.standard_template import standard_template
from tests.cast import SECRETS_OF_THE_OPEN_ROUND, Stage, make_plan
from tests.conftest import STAGE
from tests.indicators import make_indicator, make_measurement, make_target
from tests.snapshot import Snapshot

ROLES = ["anonymous", "outsider", "councillor", "colleague", "owner", "manager", "administrator"]
LOG_IN = 302  # the anonymous visitor is sent to the log-in page


@dataclass(frozen=True)
class Row:
    """An address with the answers for ROLES in their order, on a GET (or on a POST of `data`)."""

    name: str
    args: str
    answers: tuple[int, ...]
    data: dict[str, str] | None = None


def everybody(status: int = 200) -> tuple[int, ...]:
    return (status,) * len(ROLES)


READERS = (LOG_IN, 404, 200, 200, 200, 200, 200)
MANAGER = (LOG_IN, 404, 403, 403, 403, 200, 200)
# An account page answers everybody who is logged in, for their own account.
ACCOUNT = (LOG_IN, 200, 200, 200, 200, 200, 200)

# What somebody reads who may not, and what a manager reads whose round is not ready for it.
WHY_NOT = ("Alleen een manager", "Alleen de eigenaar", "vastleg", "doelen zijn nog niet afgerond")

ROWS = [
    Row("home", "", (LOG_IN, 200, 302, 302, 302, 302, 302)),
    Row("programmes", "", READERS),
    Row("programme", "slug", READERS),
    Row("theme", "slug theme", READERS),
    Row("search", "", READERS),
    Row("search", "", (LOG_IN, 405, 405, 405, 405, 405, 405), {}),
    Row("goals", "slug", READERS),
    Row("attention", "slug", (LOG_IN, 404, 403, 200, 200, 200, 200)),
    Row("attention", "slug", (LOG_IN, 405, 405, 405, 405, 405, 405), {}),
    Row("changes", "slug", READERS),
    Row("changes", "slug", (LOG_IN, 405, 405, 405, 405, 405, 405), {}),
    Row("network", "slug", READERS),
    Row("network", "slug", (LOG_IN, 405, 405, 405, 405, 405, 405), {}),
    Row("network_file", "slug svg", READERS),
    Row("network_file", "slug html", READERS),
    Row("network_file", "slug svg", (LOG_IN, 405, 405, 405, 405, 405, 405), {}),
    Row("goal", "goal", READERS),
    Row("indicators", "slug", READERS),
    Row("indicators", "slug", (LOG_IN, 405, 405, 405, 405, 405, 405), {}),
    Row("indicator", "slug indicator", READERS),
    Row("indicator", "slug indicator", (LOG_IN, 405, 405, 405, 405, 405, 405), {}),
    Row("commitments", "slug", READERS),
    Row("commitment", "slug motion", READERS),
    Row("commitment", "slug promise", READERS),
    Row("new_commitment", "slug", MANAGER),
    Row("export_commitments", "slug", READERS),
    Row("export_commitments", "slug", (LOG_IN, 405, 405, 405, 405, 405, 405), {}),
    Row("import_commitments", "slug", MANAGER),
    Row("import_commitments", "slug", (LOG_IN, 404, 403, 403, 403, 422, 422), {}),
    Row("new_commitment", "slug", (LOG_IN, 404, 403, 403, 403, 422, 422), {}),
    Row("change_commitment", "slug motion", MANAGER),
    Row("change_commitment", "slug motion", (LOG_IN, 404, 403, 403, 403, 422, 422), {}),
    Row("settlement", "slug motion", (LOG_IN, 404, 403, 403, 200, 200, 200)),
    Row("settlement", "slug motion", (LOG_IN, 404, 403, 403, 302, 302, 302), {"version": "0", "settlement": "Af"}),
    Row("settlement", "slug promise", (LOG_IN, 404, 403, 302, 403, 302, 302)),
    Row("commitment_step", "slug motion settle", MANAGER),
    Row("commitment_step", "slug motion settle", (LOG_IN, 404, 403, 403, 403, 422, 422), {}),
    Row("commitment_step", "slug promise withdraw", (LOG_IN, 404, 403, 403, 403, 302, 302), {"version": "0"}),
    Row("export_measurements", "slug", MANAGER),
    Row("export_measurements", "slug", (LOG_IN, 405, 405, 405, 405, 405, 405), {}),
    Row("measurement_template", "slug", MANAGER),
    Row("measurement_template", "slug", (LOG_IN, 405, 405, 405, 405, 405, 405), {}),
    Row("import_measurements", "slug", MANAGER),
    Row("import_measurements", "slug", (LOG_IN, 404, 403, 403, 403, 422, 422), {}),
    Row("add_indicator", "slug", MANAGER),
    Row("add_indicator", "slug", (LOG_IN, 404, 403, 403, 403, 422, 422), {}),
    Row("change_indicator", "slug indicator", MANAGER),
    Row("change_indicator", "slug indicator", (LOG_IN, 404, 403, 403, 403, 422, 422), {}),
    Row("add_target", "slug indicator", MANAGER),
    Row("add_target", "slug indicator", (LOG_IN, 404, 403, 403, 403, 422, 422), {}),
    Row("revise_target", "target", MANAGER),
    Row("revise_target", "target", (LOG_IN, 404, 403, 403, 403, 422, 422), {}),
    # The goal of the indicator is of the owner.
    Row("add_measurement", "slug indicator", (LOG_IN, 404, 403, 403, 200, 200, 200)),
    Row("add_measurement", "slug indicator", (LOG_IN, 404, 403, 403, 422, 422, 422), {}),
    Row("change_measurement", "open_measurement", (LOG_IN, 404, 404, 403, 200, 200, 200)),
    Row("change_measurement", "open_measurement", (LOG_IN, 404, 404, 403, 422, 422, 422), {}),
    Row("change_measurement", "adopted_measurement", MANAGER),
    Row("change_measurement", "adopted_measurement", (LOG_IN, 404, 403, 403, 403, 422, 422), {}),
    Row("recuts", "slug", READERS),
    Row("recut", "slug recut", READERS),
    Row("new_recut", "slug", MANAGER),
    Row("new_recut", "slug", (LOG_IN, 404, 403, 403, 403, 422, 422), {}),
    Row("undo_recut", "slug recut", MANAGER),
    Row("undo_recut", "slug recut", (LOG_IN, 404, 403, 403, 403, 409, 409), {}),
    Row("worklist", "", (LOG_IN, 403, 403, 200, 200, 200, 200)),
    Row("record_all", "open_round", (LOG_IN, 403, 403, 200, 200, 404, 404)),
    Row("record_all", "adopted_round", (LOG_IN, 403, 403, 404, 404, 404, 404)),
    Row("record_update", "goal", (LOG_IN, 404, 403, 403, 200, 200, 200)),
    Row("record_update", "goal", (LOG_IN, 404, 403, 403, 302, 302, 302), {"action": "save", "version": "0"}),
    Row("reassign_goal", "goal", MANAGER),
    Row("reassign_goal", "goal", (LOG_IN, 404, 403, 403, 403, 422, 422), {}),
    Row("owners", "slug", MANAGER),
    Row("owners", "slug", (LOG_IN, 404, 403, 403, 403, 422, 422), {}),
    Row("unlink_owner", "slug member", (LOG_IN, 404, 403, 403, 403, 302, 302), {}),
    Row("unlink_owner", "slug member", (LOG_IN, 405, 405, 405, 405, 405, 405)),
    Row("word_template", "slug", MANAGER),
    Row("word_template", "slug", (LOG_IN, 404, 403, 403, 403, 422, 422), {}),
    Row("use_word_template", "slug", (LOG_IN, 404, 403, 403, 403, 302, 302), {"template": ""}),
    Row("use_word_template", "slug", (LOG_IN, 405, 405, 405, 405, 405, 405)),
    Row("standard_word_template", "slug", MANAGER),
    Row("standard_word_template", "slug", (LOG_IN, 405, 405, 405, 405, 405, 405), {}),
    Row("word_template_file", "slug word_template", MANAGER),
    Row("word_template_trial", "slug word_template", MANAGER),
    Row("word_template_file", "slug word_template", (LOG_IN, 405, 405, 405, 405, 405, 405), {}),
    Row("word_template_trial", "slug word_template", (LOG_IN, 405, 405, 405, 405, 405, 405), {}),
    Row("open_round", "slug", MANAGER),
    Row("open_round", "slug", (LOG_IN, 404, 403, 403, 403, 422, 422), {}),
    Row("round", "open_round", (LOG_IN, 404, 404, 403, 403, 200, 200)),
    Row("round", "adopted_round", MANAGER),
    Row("round_settings", "open_round", (LOG_IN, 404, 404, 403, 403, 200, 200)),
    Row("round_settings", "open_round", (LOG_IN, 404, 404, 403, 403, 422, 422), {}),
    Row("approve_many", "open_round", (LOG_IN, 404, 404, 403, 403, 422, 422), {}),
    Row("approve_many", "open_round", (LOG_IN, 405, 405, 405, 405, 405, 405)),
    Row("remind", "open_round", (LOG_IN, 404, 404, 403, 403, 200, 200)),
    Row("remind", "open_round", (LOG_IN, 404, 404, 403, 403, 422, 422), {}),
    Row("round_step", "open_round", (LOG_IN, 404, 404, 403, 403, 302, 302), {"action": "start_review"}),
    Row("round_step", "open_round", (LOG_IN, 405, 405, 405, 405, 405, 405)),
    Row("adopt_round", "open_round", (LOG_IN, 404, 404, 403, 403, 200, 200)),
    Row("adopt_round", "open_round", (LOG_IN, 404, 404, 403, 403, 403, 403), {}),
    Row("adopt_round", "adopted_round", (LOG_IN, 404, 403, 403, 403, 302, 302)),
    Row("report_page", "open_round", (LOG_IN, 404, 404, 403, 403, 200, 200)),
    Row("report_page", "adopted_round", READERS),
    Row("report_page", "adopted_round", (LOG_IN, 405, 405, 405, 405, 405, 405), {}),
    Row("report_texts", "open_round", (LOG_IN, 404, 404, 403, 403, 200, 200)),
    Row("report_texts", "open_round", (LOG_IN, 404, 404, 403, 403, 404, 404), {}),
    Row("report_texts", "adopted_round", (LOG_IN, 404, 403, 403, 403, 302, 302)),
    Row("editions", "adopted_round", READERS),
    Row("editions", "adopted_round", (LOG_IN, 405, 405, 405, 405, 405, 405), {}),
    Row("editions", "open_round", (LOG_IN, 404, 404, 404, 404, 404, 404)),
    Row("correct_report", "adopted_round", MANAGER),
    Row("correct_report", "adopted_round", (LOG_IN, 404, 403, 403, 403, 422, 422), {}),
    Row("correct_report", "open_round", (LOG_IN, 404, 404, 403, 403, 302, 302)),
    Row("review_update", "open_round goal", (LOG_IN, 404, 404, 403, 403, 200, 200)),
    Row(
        "review_update",
        "open_round goal",
        (LOG_IN, 404, 404, 403, 403, 422, 422),
        {"action": "mark_not_delivered", "version": "0"},
    ),
    *(Row("report", f"open_round {extension}", (LOG_IN, 404, 404, 403, 403, 200, 200)) for extension in FORMATS),
    *(Row("report", f"adopted_round {extension}", READERS) for extension in FORMATS),
    Row("report", "adopted_round xlsx", (LOG_IN, 405, 405, 405, 405, 405, 405), {}),
    Row("import_workbook", "slug", MANAGER),
    Row("import_workbook", "slug", (LOG_IN, 404, 403, 403, 403, 422, 422), {}),
    Row("import_preview", "slug import", MANAGER),
    Row("import_preview", "slug import", (LOG_IN, 404, 403, 403, 403, 409, 409), {}),
    # Nobody has sent a workbook: tests/din/test_progress.py has one that is under way.
    Row("import_progress", "slug key", (LOG_IN, 404, 403, 403, 403, 404, 404)),
    Row("import_progress", "slug key", (LOG_IN, 405, 405, 405, 405, 405, 405), {}),
    Row("export_workbook", "slug plan", READERS),
    Row("export_workbook", "slug concept", (LOG_IN, 404, 404, 200, 200, 200, 200)),
    Row("export_workbook", "slug plan", (LOG_IN, 405, 405, 405, 405, 405, 405), {}),
    Row("workbook_template", "slug", READERS),
    Row("import_columns", "slug import", (LOG_IN, 404, 403, 403, 403, 404, 404), {"sheet": "0"}),
    Row("import_continuation", "slug import number", (LOG_IN, 404, 403, 403, 403, 404, 404)),
    Row("import_continuation", "slug import number", (LOG_IN, 404, 403, 403, 403, 404, 404), {}),
    Row("import_file", "slug import", MANAGER),
    Row("import_file", "slug import", (LOG_IN, 405, 405, 405, 405, 405, 405), {}),
    Row("undo_import", "slug import", MANAGER),
    Row("undo_import", "slug import", (LOG_IN, 404, 403, 403, 403, 409, 409), {}),
    Row("import_columns", "slug import", (LOG_IN, 405, 405, 405, 405, 405, 405)),
    Row("adopt_plan", "slug concept", (LOG_IN, 404, 404, 403, 403, 302, 302), {}),
    Row("adopt_plan", "slug concept", (LOG_IN, 405, 405, 405, 405, 405, 405)),
    Row("accessibility_statement", "", everybody()),
    Row("healthz", "", everybody()),
    # log-in and accounts (allauth): everybody's own
    Row("account_login", "", (200, 302, 302, 302, 302, 302, 302)),
    Row("account_logout", "", ACCOUNT),
    Row("account_signup", "", (200, 302, 302, 302, 302, 302, 302)),
    Row("account_inactive", "", everybody()),
    Row("account_reauthenticate", "", ACCOUNT),
    Row("account_change_password", "", ACCOUNT),
    Row("account_set_password", "", (LOG_IN, 302, 302, 302, 302, 302, 302)),
    Row("account_reset_password", "", everybody()),
    Row("account_reset_password_done", "", everybody()),
    Row("account_reset_password_from_key", "uidb36 key", everybody()),
    Row("account_reset_password_from_key_done", "", everybody()),
]
# Addresses of a part that has tests of its own, by prefix, with where they are.
ELSEWHERE = {
    "admin:": "tests/admin",
    "mfa_": "tests/actieplan/test_accounts.py",
    "socialaccount_": "tests/actieplan/test_accounts.py",
    "openid_connect_": "tests/actieplan/test_accounts.py",
}


def named_addresses(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from named_addresses(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
        elif isinstance(entry, URLPattern) and entry.name:
            yield namespace + entry.name


def test_every_named_address_has_a_row() -> None:
    rows = {row.name for row in ROWS}
    found = set(named_addresses(get_resolver()))
    assert {name for name in found if name not in rows and not name.startswith(tuple(ELSEWHERE))} == set()
    assert rows <= found, "a row without an address"


def make_places(stage: Stage) -> dict[str, object]:
    """What stands in the addresses: more things in the programme, by their keys."""
    concept = make_plan(stage.programme, year=2024, state=Plan.State.CONCEPT)
    indicator = make_indicator(stage.programme, goals=[stage.goals["P4.2"]])
    refused = WorkbookImport.objects.create(
        programme=stage.programme,
        year=2023,
        state=WorkbookImport.State.REJECTED,
        file_name="oud.xlsx",
        content=b"",
        sha256="0" * 64,
        reading={"errors": [{"source": None, "message": "Dit bestand is leeg."}], "warnings": []},
        uploaded_at="2023-01-01T12:00:00Z",
    )
    return {
        "slug": stage.programme.slug,
        "theme": stage.themes["P1"].pk,
        "goal": stage.goals["P4.2"].pk,
        "indicator": indicator.pk,
        "target": make_target(indicator, "2023-12-31", 10).pk,
        "open_measurement": make_measurement(indicator, "2023", 5, round_=stage.open_round).pk,
        "adopted_measurement": make_measurement(indicator, "2022", 4, round_=stage.adopted_round).pk,
        "open_round": stage.open_round.pk,
        "adopted_round": stage.adopted_round.pk,
        "import": refused.pk,
        "plan": stage.plan.pk,
        "number": 0,
        "concept": concept.pk,
        "member": stage.department.members.get().pk,
        "motion": stage.motion.pk,
        "recut": Recut.objects.create(
            programme=stage.programme,
            day=datetime.date(2023, 7, 1),
            reason="Andere indeling",
            last_year_before=2026,
            last_year_after=2025,
        ).pk,
        "word_template": WordTemplate.objects.create(
            programme=stage.programme,
            file_name="huisstijl.docx",
            content=standard_template(),
            sha256="1" * 64,
            uploaded_at="2023-01-01T12:00:00Z",
        ).pk,
        "promise": stage.promise.pk,
        "settle": "settle",
        "withdraw": "withdraw",
        **{extension: extension for extension in FORMATS},
        "svg": "svg",
        "html": "html",
        "uidb36": "1",
        "key": "geen-sleutel",
    }


PLACES = Snapshot(make_places, key=lambda: STAGE.statements)


@pytest.fixture
def places(stage: Stage) -> dict[str, object]:
    return PLACES.put(stage)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.name}-{'post' if row.data is not None else 'get'}")
def test_the_answer_is_that_of_the_table(stage: Stage, places: dict[str, object], row: Row, role: str) -> None:
    client = Client()
    if role != "anonymous":
        client.force_login(getattr(stage.people, role))
    address = reverse(row.name, args=[places[part] for part in row.args.split()])
    response = client.get(address) if row.data is None else client.post(address, row.data)
    assert response.status_code == row.answers[ROLES.index(role)]
    if response.status_code == 302 and role == "anonymous":
        assert response["Location"].startswith("/inloggen/")
    if role in ("councillor", "outsider"):
        text = response.content.decode("utf-8", "replace")
        assert not [secret for secret in SECRETS_OF_THE_OPEN_ROUND if secret in text]
    if response.status_code == 403 and role != "anonymous":
        page = response.content.decode()
        assert [why for why in WHY_NOT if why in page], "a refusal says why"


@pytest.mark.parametrize("role", ROLES)
def test_the_admin_is_for_the_administrator(stage: Stage, role: str) -> None:
    client = Client()
    if role != "anonymous":
        client.force_login(getattr(stage.people, role))
    for name in [
        "admin:index",
        "admin:din_goal_changelist",
        "admin:actieplan_user_changelist",
        "admin:din_goal_export",
    ]:
        response = client.get(reverse(name))
        assert (response.status_code == 200) == (role == "administrator"), name
        assert b"Schuldhulp" not in response.content or role == "administrator"


def test_an_upload_by_who_may_not_import_leaves_nothing(stage: Stage) -> None:
    client = Client()
    client.force_login(stage.people.owner)
    upload = io.BytesIO(b"PK")
    upload.name = "din.xlsx"
    address = reverse("import_workbook", args=[stage.programme.slug])
    assert client.post(address, {"workbook": upload, "year": "2023"}).status_code == 403
    assert not WorkbookImport.objects.exists()


def test_a_manager_of_another_programme_only_reads(stage: Stage) -> None:
    stage.programme.managers.clear()
    client = Client()
    client.force_login(stage.people.manager)
    for name, args in [("open_round", [stage.programme.slug]), ("import_workbook", [stage.programme.slug])]:
        assert client.get(reverse(name, args=args)).status_code == 403
    assert client.get(reverse("round", args=[stage.open_round.pk])).status_code == 403
    assert client.get(reverse("programme", args=[stage.programme.slug])).status_code == 200


def test_the_theme_of_a_concept_is_not_there_for_the_council(stage: Stage) -> None:
    concept = make_plan(stage.programme, year=2024, state=Plan.State.CONCEPT)
    secret = Theme.objects.create(programme=stage.programme, name="Geheim onderdeel")
    Goal.objects.create(plan=concept, theme=secret, text="Nog niet bekend")
    address = reverse("theme", args=[stage.programme.slug, secret.pk])
    for role, status in [("councillor", 404), ("owner", 200), ("manager", 200)]:
        client = Client()
        client.force_login(getattr(stage.people, role))
        assert client.get(address).status_code == status


def test_a_number_too_large_for_the_database_is_not_there(stage: Stage) -> None:
    client = Client()
    client.force_login(stage.people.manager)
    huge = 10**20
    for name, args in [
        ("review_update", [1, huge]),
        ("review_update", [huge, 1]),
        ("goal", [huge]),
        ("round", [huge]),
        ("record_update", [huge]),
        ("theme", [stage.programme.slug, huge]),
        ("indicator", [stage.programme.slug, huge]),
        ("revise_target", [huge]),
        ("change_measurement", [huge]),
        ("unlink_owner", [stage.programme.slug, huge]),
        ("import_preview", [stage.programme.slug, huge]),
        ("export_workbook", [stage.programme.slug, huge]),
    ]:
        response = (
            client.post(reverse(name, args=args)) if name == "unlink_owner" else client.get(reverse(name, args=args))
        )
        assert response.status_code in (302, 404), name


def test_an_adopted_plan_does_not_become_a_concept_again(stage: Stage) -> None:
    stage.plan.state = Plan.State.CONCEPT
    with pytest.raises(ValidationError):
        stage.plan.full_clean()


def test_every_page_carries_the_strict_policy(stage: Stage) -> None:
    client = Client()
    client.force_login(stage.people.administrator)
    for address in ["/programmas/", "/mijn-doelen/", "/beheer/", "/programmas/bestaat-niet/", "/inloggen/"]:
        policy = client.get(address).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
