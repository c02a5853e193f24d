"""Every write leaves one line in the audit trail, along whichever road of the application it comes.

The addresses are found, not listed: one that takes a POST and is in no table below fails.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone

from actieplan.demonstration.accounts import make_accounts
from actieplan.demonstration.young_people import make_young_people
from actieplan.models import User
from din.admin.trailed import Trailed
from din.imports import confirm, offer, preview, read
from din.models import Goal, Owner, OwnerMember, Plan, Programme, Recut, Theme, WorkbookImport
from din.reading.table import Table, TableRow
from din.recut import NewTheme, Proposal, apply_recut, plan_recut, to_new
from din.trail import Origin
from monitoring.admin.updates import UpdateAdmin
from monitoring.adoption_page import adoption_page
from monitoring.audit_chain import verify
from monitoring.indicator_changes import stand_of
from monitoring.models import (
    AuditLine,
    Commitment,
    EffortUpdate,
    Indicator,
    Measurement,
    Reminder,
    Report,
    ReportingRound,
    ReportText,
    Target,
    Update,
    WordTemplate,
    WordTemplateUse,
)
from monitoring.report.word.standard_template import standard_template
from monitoring.views import commitment_exchange, measurement_exchange
from monitoring.views.table_exchange import ImportPage
from tests.admin.sections import SECTIONS, Section
from tests.admin.test_exchange import as_csv
from tests.admin.test_exchange import confirm as confirm_exchange
from tests.admin.test_exchange import offer as offer_exchange
from tests.cast import Stage, adopt, make_plan
from tests.conftest import LogIn
from tests.din.test_import_pages import SAMPLE
from tests.indicators import make_indicator
from tests.test_permissions import ELSEWHERE, named_addresses

State = Update.State


def written_state() -> dict[str, list[Any]]:
    """What the trail is about, as it stands in the database."""
    models = [ReportingRound, Update, EffortUpdate, Report, OwnerMember, Reminder, Plan, Goal, Owner, Theme, Programme]
    models += [Commitment, Indicator, Target, Measurement, ReportText, WordTemplate, WordTemplateUse]
    state = {model.__name__: list(model._default_manager.order_by("pk").values_list()) for model in models}
    state["managers"] = sorted(Programme.managers.through._default_manager.values_list("programme", "user"))
    state["imports"] = list(WorkbookImport.objects.order_by("pk").values_list("pk", "state"))
    return state


# --- the site ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Road:
    """A POST on a named address that writes, by the manager, and the lines that it leaves as (action, kind)."""

    name: str
    args: Callable[[Stage], list[Any]]
    data: Callable[[Stage], dict[str, Any]]
    lines: list[tuple[str, str]]
    before: Callable[[Stage], object] = field(default=lambda stage: None)


def open_round(stage: Stage) -> list[Any]:
    return [stage.open_round.pk]


def programme(stage: Stage) -> list[Any]:
    return [stage.programme.slug]


def finish(stage: Stage) -> None:
    Update.objects.filter(round=stage.open_round).unfinished().update(
        state=State.NOT_DELIVERED, not_delivered_reason="Geen reactie"
    )


def close(stage: Stage) -> None:
    finish(stage)
    adopt(stage.open_round)


def new_round(opens_on: str) -> Callable[[Stage], dict[str, Any]]:
    return lambda stage: {
        "plan": stage.plan.pk,
        "year": "2024",
        "half": "1",
        "opens_on": opens_on,
        "deadline": "2099-12-31",
        "grace_days": "0",
    }


def as_shown(stage: Stage) -> dict[str, Any]:
    return {"seen": adoption_page(stage.open_round, today=timezone.localdate()).seen}


def correction(stage: Stage) -> dict[str, Any]:
    return {"edition": "1", "reason": "Verwisseld", "doel-1-status": "on_track", "doel-1-explanation": "Beter"}


def workbook_of(stage: Stage) -> WorkbookImport:
    return offer(
        programme=stage.programme,
        year=2025,
        file_name="din.xlsx",
        content=SAMPLE,
        reading=read(SAMPLE, year=2025),
        actor=stage.people.manager,
        now=timezone.now(),
    )


def imported(stage: Stage) -> None:
    confirm(workbook_of(stage), fingerprint=None, actor=stage.people.manager, origin=Origin.SITE, now=timezone.now())


def last_import(stage: Stage) -> list[Any]:
    return [stage.programme.slug, WorkbookImport.objects.latest("pk").pk]


def shown_fingerprint(stage: Stage) -> dict[str, Any]:
    _, change_plan = preview(WorkbookImport.objects.latest("pk"))
    assert change_plan is not None
    return {"fingerprint": change_plan.fingerprint}


def recorded(action: str) -> Callable[[Stage], dict[str, Any]]:
    return lambda stage: {"action": action, "version": "0", "status": "on_track", "explanation": "Het loopt"}


def goal(reference: str) -> Callable[[Stage], list[Any]]:
    return lambda stage: [stage.goals[reference].pk]


def reviewed(reference: str) -> Callable[[Stage], list[Any]]:
    return lambda stage: [stage.open_round.pk, stage.goals[reference].pk]


def sealed_commitments(stage: Stage) -> dict[str, Any]:
    table = Table("Lijst", {"title": "A"}, (TableRow(2, {"title": "Motie"}), TableRow(3, {"title": "Vraag"})))
    return sealed(commitment_exchange.PAGE, table, stage)


def sealed(page: ImportPage, table: Table, stage: Stage) -> dict[str, Any]:
    """What somebody sends who confirms the preview of `table`."""
    seen = page.kind.compare(table, stage.programme).fingerprint
    return {"table": page.seal(table, stage.programme, seen=seen)}


def recut(stage: Stage) -> dict[str, Any]:
    first = {
        "day": "2023-07-01",
        "reason": "Andere indeling",
        "last_year": "2025",
        "kind": "actielijn",
        "names": "Samen",
    }
    asked = Proposal(
        day=datetime.date(2023, 7, 1),
        reason="Andere indeling",
        last_year=2025,
        new_themes=(NewTheme("Samen"),),
        themes={stage.themes["P1"].pk: to_new(0)},
    )
    seen = plan_recut(stage.programme, asked).fingerprint
    return {
        **first,
        "kind": "actielijn",
        "names": "Samen",
        f"theme-{stage.themes['P1'].pk}": "new-0",
        "step": "confirm",
        "fingerprint": seen,
    }


def recut_applied(stage: Stage) -> None:
    asked = Proposal(
        day=datetime.date(2023, 7, 1),
        reason="Andere indeling",
        last_year=2025,
        new_themes=(NewTheme("Samen"),),
        themes={stage.themes["P1"].pk: to_new(0)},
    )
    apply_recut(stage.programme, asked, fingerprint=None, actor=stage.people.manager, origin=Origin.SITE)


INDICATOR = {"decimals": "0", "direction": "higher", "frequency": "year", "aggregation": "last", "position": "1"}


def measured_indicator(stage: Stage) -> None:
    make_indicator(
        stage.programme,
        "Mentoren",
        targets={"2024-12-31": 50},
        measured={"2022": 5},
        round_=stage.open_round,
        goals=[stage.goals["P1.1"]],
    )


def indicator(stage: Stage) -> list[Any]:
    return [stage.programme.slug, Indicator.objects.get().pk]


def sealed_measurements(stage: Stage) -> dict[str, Any]:
    rows = [{"indicator": "Mentoren", "period": period, "value": "6"} for period in ("2021", "2022")]
    table = Table("Blad", dict(zip(rows[0], "ABC", strict=True)), tuple(map(TableRow, (2, 3), rows)))
    return sealed(measurement_exchange.PAGE, table, stage)


def commitment(stage: Stage) -> list[Any]:
    return [stage.programme.slug, stage.motion.pk]


def promise(action: str) -> Callable[[Stage], list[Any]]:
    return lambda stage: [stage.programme.slug, stage.promise.pk, action]


def proposal(action: str) -> Callable[[Stage], dict[str, Any]]:
    return lambda stage: {"version": "0", "settlement": "De maatjes zijn er", "action": action}


def kept_template(stage: Stage) -> None:
    WordTemplate.objects.create(
        programme=stage.programme, file_name="x.docx", content=b"PK", sha256="1" * 64, uploaded_at=timezone.now()
    )


UPDATE, ROUND = "update", "reportinground"
ROADS = [
    Road("record_update", goal("P4.2"), recorded("save"), [("save", UPDATE)]),
    Road("record_update", goal("P4.2"), recorded("submit"), [("submit", UPDATE)]),
    Road("record_update", goal("P1.2"), recorded("withdraw"), [("withdraw", UPDATE)]),
    Road("review_update", reviewed("P1.2"), lambda s: {"action": "approve", "version": "0"}, [("approve", UPDATE)]),
    Road(
        "review_update",
        reviewed("P1.2"),
        lambda s: {"action": "return", "version": "0", "reason": "Noem de oorzaak"},
        [("return", UPDATE)],
    ),
    Road(
        "review_update",
        reviewed("P4.2"),
        lambda s: {"action": "mark_not_delivered", "version": "0", "reason": "Ziek"},
        [("mark_not_delivered", UPDATE)],
    ),
    Road(
        "approve_many",
        open_round,
        lambda s: {"update": [f"{s.update('P1.2', s.open_round).pk}:0"]},
        [("approve", UPDATE)],
    ),
    Road(
        "remind",
        open_round,
        lambda s: {"subject": "Vul uw doelen in", "text": "Dank u.", "recipients": [s.people.owner.pk]},
        [("remind", ROUND)],
    ),
    Road("round_step", open_round, lambda s: {"action": "start_review"}, [("start_review", ROUND)]),
    Road(
        "round_settings",
        open_round,
        lambda s: {"deadline": "2099-12-31", "grace_days": "3"},
        [("reschedule", ROUND)],
    ),
    Road("open_round", programme, new_round("2024-01-01"), [("create", ROUND), ("open", ROUND)], before=close),
    Road("open_round", programme, new_round("2099-01-01"), [("create", ROUND)]),
    Road("adopt_round", open_round, as_shown, [("adopt", ROUND)], before=finish),
    Road("report_texts", open_round, lambda s: {"version": "0", "text": "Kort"}, [("write", "reporttext")]),
    Road("correct_report", lambda s: [s.adopted_round.pk], correction, [("correct", "report")]),
    Road(
        "word_template",
        programme,
        lambda s: {"template": SimpleUploadedFile("huisstijl.docx", standard_template())},
        [("upload", "wordtemplate")],
    ),
    Road(
        "use_word_template",
        programme,
        lambda s: {"template": str(WordTemplate.objects.get().pk)},
        [("use", "wordtemplateuse")],
        before=kept_template,
    ),
    Road(
        "owners",
        programme,
        lambda s: {"owner": s.neighbours.pk, "user": s.people.owner.pk, "kind": "deputy"},
        [("link", "owner")],
    ),
    Road(
        "reassign_goal",
        goal("P1.1"),
        lambda s: {"owner": s.neighbours.pk, "seen": s.department.pk},
        [("reassign", "goal")],
    ),
    Road(
        "unlink_owner", lambda s: [s.programme.slug, s.department.members.get().pk], lambda s: {}, [("unlink", "owner")]
    ),
    Road(
        "adopt_plan",
        lambda s: [s.programme.slug, Plan.objects.get(state="concept").pk],
        lambda s: {},
        [("adopt", "plan")],
        before=lambda s: make_plan(s.programme, year=2024, state="concept"),
    ),
    Road(
        "new_commitment",
        programme,
        lambda s: {"version": "0", "kind": "motie", "title": "Nieuwe motie"},
        [("create", "commitment")],
    ),
    Road(
        "change_commitment",
        commitment,
        lambda s: {"version": "0", "kind": "motie", "title": "Anders"},
        [("change", "commitment")],
    ),
    Road("import_commitments", programme, sealed_commitments, [("create", "commitment"), ("create", "commitment")]),
    Road("new_recut", programme, recut, [("recut", "recut")]),
    Road(
        "undo_recut",
        lambda s: [s.programme.slug, Recut.objects.get().pk],
        lambda s: {"reason": "Te vroeg"},
        [("undo_recut", "recut")],
        before=recut_applied,
    ),
    Road("settlement", commitment, proposal("write"), [("write", "commitment")]),
    Road("settlement", commitment, proposal("propose"), [("propose", "commitment")]),
    Road("commitment_step", promise("withdraw"), lambda s: {"version": "0"}, [("withdraw", "commitment")]),
    Road("add_indicator", programme, lambda s: {**INDICATOR, "name": "Nieuw"}, [("create", "indicator")]),
    Road(
        "change_indicator",
        indicator,
        lambda s: {**INDICATOR, "name": "Anders", "seen": stand_of(Indicator.objects.get())},
        [("change", "indicator")],
        before=measured_indicator,
    ),
    Road(
        "add_target",
        indicator,
        lambda s: {"last_day": "2025-12-31", "value": "40"},
        [("create", "target")],
        before=measured_indicator,
    ),
    Road(
        "revise_target",
        lambda s: [Target.objects.get().pk],
        lambda s: {"last_day": "2024-12-31", "value": "30", "reason": "Minder geld"},
        [("revise", "target"), ("create", "target")],
        before=measured_indicator,
    ),
    Road(
        "add_measurement",
        indicator,
        lambda s: {"period": str(timezone.localdate().year - 1), "value": "41"},
        [("create", "measurement")],
        before=measured_indicator,
    ),
    Road(
        "change_measurement",
        lambda s: [Measurement.objects.get().pk],
        lambda s: {"version": "0", "value": "42"},
        [("change", "measurement")],
        before=measured_indicator,
    ),
    Road(
        "import_measurements",
        programme,
        sealed_measurements,
        [("create", "measurement"), ("change", "measurement")],
        before=measured_indicator,
    ),
    Road("import_preview", last_import, shown_fingerprint, [("import", "workbookimport")], before=workbook_of),
    Road("undo_import", last_import, lambda s: {}, [("undo_import", "workbookimport")], before=imported),
]
# They take a POST and write nothing that the trail is about: an offered workbook and what is decided in its preview are
# no part of a plan until it is confirmed; an account is everybody's own.
WRITE_NOTHING_HERE = {"import_workbook", "import_columns", "import_continuation"}
ACCOUNTS = ("account_",)
# What a form is about, where that is in its address.
QUERIES = {"correct_report": "?doel=1", "report_texts": "?deel=inleiding"}


@pytest.mark.parametrize("road", ROADS, ids=lambda road: f"{road.name}-{'-'.join(action for action, _ in road.lines)}")
def test_a_write_on_the_site_leaves_its_line(stage: Stage, log_in: LogIn, road: Road) -> None:
    road.before(stage)
    already, before = AuditLine.objects.count(), written_state()
    address = reverse(road.name, args=road.args(stage))
    response = log_in(stage.people.manager).post(address + QUERIES.get(road.name, ""), road.data(stage))
    assert response.status_code == 302, (
        response.context and response.context.get("form") and response.context["form"].errors
    )
    assert written_state() != before, "nothing was written: the road proves nothing"
    lines = list(AuditLine.objects.order_by("pk"))[already:]
    assert [(line.action, line.object_type) for line in lines] == road.lines
    assert {(line.origin, line.actor) for line in lines} == {("site", stage.people.manager)}
    assert all(line.result and line.object_label for line in lines)
    assert verify().fault == ""


def test_every_address_that_takes_a_post_has_a_road(stage: Stage, log_in: LogIn) -> None:
    client = log_in(stage.people.manager)
    numbers = [stage.programme.slug, 1, 1, 1]
    found = set()
    for name in set(named_addresses(get_resolver())):
        if name.startswith((*ELSEWHERE, *ACCOUNTS)):
            continue
        for args in (
            [],
            numbers[:1],
            numbers[:2],
            numbers[:3],
            [1],
            [1, 1],
            [1, "xlsx"],
            [numbers[0], "abc"],
            [numbers[0], "svg"],
            [numbers[0], 1, "settle"],
        ):
            try:
                address = reverse(name, args=args)
            except NoReverseMatch:
                continue
            if client.post(address).status_code != 405:
                found.add(name)
            break
        else:
            raise AssertionError(f"no address could be made for {name}")
    assert found - {road.name for road in ROADS} - WRITE_NOTHING_HERE == set()
    assert {road.name for road in ROADS} <= found


# --- the admin -----------------------------------------------------------------------------------------------------

WRITABLE = [section for section in SECTIONS if section.adds]


def sent_back(response: HttpResponse) -> dict[str, Any]:
    """The fields of the form of the admin as a browser sends them back unchanged."""
    forms = [response.context["adminform"].form]
    data: dict[str, Any] = {}
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.initial_forms]
        data |= {f"{inline.formset.prefix}-TOTAL_FORMS": inline.formset.initial_form_count()}
    for form in forms:
        for bound in form:
            value = bound.value()
            if hasattr(bound.field.widget, "widgets"):
                parts = bound.field.widget.decompress(value)
                data |= {f"{bound.html_name}_{place}": part or "" for place, part in enumerate(parts)}
            elif value is True:
                data[bound.html_name] = "on"
            elif value is not None and value is not False:
                data.setdefault(bound.html_name, value)
    return data


@pytest.mark.parametrize("section", WRITABLE, ids=lambda section: section.name)
class TestAdmin:
    @pytest.fixture
    def client(self, stage: Stage, log_in: LogIn) -> Client:
        return log_in(stage.people.administrator)

    def lines(self, already: int) -> list[tuple[str, str, str]]:
        assert verify().fault == ""
        found = list(AuditLine.objects.order_by("pk"))[already:]
        return [(line.action, line.object_type, line.origin) for line in found]

    def test_a_change_leaves_one_line(self, client: Client, section: Section) -> None:
        row = changeable(section)
        address = section.url("change", row.pk)
        data = sent_back(client.get(address))
        already = AuditLine.objects.count()
        response = client.post(address, data)
        assert response.status_code == 302, response.context["adminform"].form.errors
        assert self.lines(already) == [("change", section.name.split(".")[1], "admin")]

    def test_a_deletion_leaves_one_line(self, client: Client, section: Section) -> None:
        row = deletable(section)
        already = AuditLine.objects.count()
        response = client.post(section.url("delete", row.pk), {"post": "yes"})
        if response.status_code == 403:  # a section in which nothing is deleted
            assert self.lines(already) == []
            assert section.model._default_manager.filter(pk=row.pk).exists()
        else:
            assert response.status_code == 302
            assert not section.model._default_manager.filter(pk=row.pk).exists()
            assert self.lines(already) == [("delete", section.name.split(".")[1], "admin")]

    def test_deleting_many_leaves_one_line_each(self, client: Client, section: Section) -> None:
        rows = [deletable(section), deletable(section, 2)]
        already = AuditLine.objects.count()
        data = {"action": "delete_selected", "_selected_action": [row.pk for row in rows], "post": "yes"}
        client.post(section.url("changelist"), data)
        gone = len(rows) - section.model._default_manager.filter(pk__in=[row.pk for row in rows]).count()
        assert self.lines(already) == [("delete", section.name.split(".")[1], "admin")] * gone
        assert gone == (0 if section.model is ReportingRound else 2)


def changeable(section: Section) -> Any:
    row = section.make(1)
    if not isinstance(row, ReportingRound):
        return row
    return ReportingRound.objects.create(
        programme=row.programme, plan=row.plan, year=2023, half=2, opens_on="2023-12-01", deadline="2023-12-31"
    )


def deletable(section: Section, number: int = 1) -> Any:
    row = changeable(section) if number == 1 else section.make(number)
    if isinstance(row, Programme):
        row.plans.all().delete()
        row.themes.all().delete()
        row.owners.all().delete()
    return row


class TestOtherRoadsOfTheAdmin:
    @pytest.fixture
    def client(self, stage: Stage, log_in: LogIn) -> Client:
        return log_in(stage.people.administrator)

    def test_an_addition_leaves_one_line(self, client: Client, stage: Stage) -> None:
        client.post(reverse("admin:din_owner_add"), {
            "programme": stage.programme.pk, "name": "Zorg", "members-TOTAL_FORMS": "1", "members-INITIAL_FORMS": "0",
            "members-0-user": stage.people.owner.pk, "members-0-kind": "member",
        })  # fmt: skip
        line = AuditLine.objects.get()
        assert (line.action, line.object_label, line.origin) == ("create", "Zorg", "admin")

    def test_another_owner_of_a_goal_is_told_by_its_field(self, client: Client, stage: Stage) -> None:
        address = reverse("admin:din_goal_change", args=[stage.goals["P1.1"].pk])
        data = sent_back(client.get(address)) | {"owner": stage.neighbours.pk}
        assert client.post(address, data).status_code == 302
        line = AuditLine.objects.get()
        assert (line.action, line.object_type, line.note) == ("change", "goal", "Eigenaar gewijzigd.")

    def test_another_member_is_told_on_the_owner(self, client: Client, stage: Stage) -> None:
        address = reverse("admin:din_owner_change", args=[stage.department.pk])
        data = sent_back(client.get(address)) | {"members-0-DELETE": "on"}
        assert client.post(address, data).status_code == 302
        assert not stage.department.members.exists()
        line = AuditLine.objects.get()
        assert "Van Beleid" in line.note
        assert "verwijderd" in line.note.lower()

    def test_an_import_leaves_a_line_for_each_row_that_it_writes(self, client: Client, stage: Stage) -> None:
        rows = [
            {"id": stage.department.pk, "programma": stage.programme.pk, "naam": "Andere naam"},
            {"id": stage.neighbours.pk, "programma": stage.programme.pk, "naam": stage.neighbours.name},
            {"id": "", "programma": stage.programme.pk, "naam": "Nieuwe afdeling"},
        ]
        confirm_exchange(client, "din_owner", offer_exchange(client, "din_owner", as_csv(rows)))
        lines = AuditLine.objects.order_by("pk").values_list("action", "object_label", "note")
        assert list(lines) == [("create", "Nieuwe afdeling", "import"), ("change", "Andere naam", "import")]

    def test_a_preview_of_an_import_leaves_none(self, client: Client, stage: Stage) -> None:
        rows = [{"id": "", "programma": stage.programme.pk, "naam": "Nieuwe afdeling"}]
        offer_exchange(client, "din_owner", as_csv(rows))
        assert not AuditLine.objects.exists()

    def test_the_steps_of_a_round_leave_one_line_each(self, client: Client, stage: Stage) -> None:
        for action in ("start_review", "reopen", "complete"):
            client.post(reverse("admin:monitoring_reportinground_step", args=[stage.open_round.pk, action]))
        finish(stage)
        client.post(reverse("admin:monitoring_reportinground_step", args=[stage.open_round.pk, "adopt"]))
        lines = AuditLine.objects.order_by("pk").values_list("action", flat=True)
        assert list(lines) == ["start_review", "reopen", "complete", "adopt"]

    def test_an_action_that_fails_leaves_neither_a_line_nor_a_change(self, client: Client, stage: Stage) -> None:
        before = written_state()
        data = {"action": "delete_selected", "_selected_action": [stage.department.pk], "post": "yes"}
        client.post(reverse("admin:din_owner_changelist"), data)
        assert written_state() == before
        assert not AuditLine.objects.exists()

    def test_a_section_that_writes_tells_the_trail_or_asks_the_workflow(self, client: Client, rf: Any) -> None:
        request = rf.get("/")
        request.user = User.objects.create_superuser("super")
        for model, section in admin.site._registry.items():
            if model._meta.app_label not in ("din", "monitoring") or isinstance(section, Trailed | UpdateAdmin):
                continue
            asked = (section.has_add_permission, section.has_change_permission, section.has_delete_permission)
            assert [may(request) for may in asked] == [False] * 3, model


# --- the commands --------------------------------------------------------------------------------------------------


def test_an_import_by_command_leaves_one_line_of_the_server(stage: Stage, tmp_path: Path) -> None:
    workbook = tmp_path / "din.xlsx"
    workbook.write_bytes(SAMPLE)
    words = [str(workbook), "--programme", stage.programme.slug, "--year", "2025"]
    call_command("import_din", *words, "--dry-run", stdout=io.StringIO())
    assert not AuditLine.objects.exists()
    call_command("import_din", *words, stdout=io.StringIO())
    line = AuditLine.objects.get()
    assert (line.action, line.origin, line.actor, line.result) == ("import", "command", None, "applied")


def test_reminders_by_command_leave_one_line_a_round(stage: Stage) -> None:
    ReportingRound.objects.filter(pk=stage.open_round.pk).update(deadline=timezone.localdate())
    call_command("send_reminders", stdout=io.StringIO(), stderr=io.StringIO())
    assert Reminder.objects.exists()
    line = AuditLine.objects.get()
    assert (line.action, line.object_type, line.origin, line.actor) == ("remind", ROUND, "command", None)


def test_the_demonstration_leaves_a_whole_trail(db: None, settings: Any) -> None:
    make_young_people(make_accounts())
    actions = set(AuditLine.objects.values_list("action", flat=True))
    assert {"import", "adopt", "link", "create", "open", "submit", "approve"} <= actions
    assert set(AuditLine.objects.values_list("origin", flat=True)) == {"command"}
    assert verify().fault == ""
