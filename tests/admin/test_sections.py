"""Every section answers the administrator, finds what is sought, and costs the same however long its list is."""

from __future__ import annotations

import re

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actieplan.admin import offered_permissions
from actieplan.models import User
from din.models import Goal, OwnerMember, WorkbookImport
from tests.admin.sections import NAMES, SECTIONS, Section
from tests.cast import People, Stage
from tests.conftest import LogIn

pytestmark = pytest.mark.django_db
each_section = pytest.mark.parametrize("section", SECTIONS, ids=NAMES)

# What the Content-Security-Policy stops: styles and scripts in the page itself.
INLINE = re.compile(r"<[^>]* style=|<style|<script(?![^>]* src=)[^>]*>|<[^>]* on[a-z]+=|javascript:")


def test_every_model_with_a_section_is_tested() -> None:
    registered = {model._meta.label_lower for model in admin.site._registry}
    ours = {name for name in registered if name.split(".")[0] in ("actieplan", "auth", "din", "monitoring")}
    assert ours == set(NAMES)


@each_section
def test_the_administrator_opens_every_page(section: Section, administrator: User, log_in: LogIn) -> None:
    client = log_in(administrator)
    row = section.make(1)
    addresses = {
        section.url("changelist"): 200,
        section.url("add"): 200 if section.adds else 403,
        section.url("change", row.pk): 200,
        section.url("history", row.pk): 200,
        section.url("export"): 200,
    }
    if section.imports:
        addresses[section.url("import")] = 200
    if hasattr(section.model, "history"):
        addresses[section.url("simple_history", row.pk, row.history.first().pk)] = 200  # type: ignore[attr-defined]
    answers = {address: client.get(address) for address in addresses}
    assert {address: answer.status_code for address, answer in answers.items()} == addresses
    for address, answer in answers.items():
        assert INLINE.findall(answer.content.decode()) == [], address


@each_section
def test_nobody_else_opens_any_page(section: Section, stage: Stage, log_in: LogIn) -> None:
    row = section.make(1)
    addresses = [section.url(page) for page in ("changelist", "add", "export")]
    addresses += [section.url(page, row.pk) for page in ("change", "history", "delete")]
    addresses += [section.url(page) for page in ("import",) if section.imports]
    people = stage.people
    for person in (people.owner, people.manager, people.councillor, people.outsider):
        client = log_in(person)
        assert {client.get(address, follow=True).status_code for address in addresses} == {403}


def test_an_anonymous_visitor_is_sent_to_the_log_in_page(client, db: None) -> None:
    response = client.get(reverse("admin:din_goal_changelist"))
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("page", ["changelist", "export", "import"])
def test_staff_without_rights_on_a_section_are_kept_out(page: str, outsider: User, log_in: LogIn) -> None:
    outsider.is_staff = True
    outsider.save()
    assert log_in(outsider).get(reverse(f"admin:din_goal_{page}")).status_code == 403


@each_section
def test_a_search_finds_the_row_and_not_another(section: Section, administrator: User, log_in: LogIn) -> None:
    section.make(1)
    client = log_in(administrator)
    found = client.get(section.url("changelist"), {"q": section.found_by.upper()})
    assert found.context["cl"].result_count == 1
    assert client.get(section.url("changelist"), {"q": "komtnietvoor"}).context["cl"].result_count == 0


@each_section
def test_a_list_costs_the_same_with_3_rows_and_with_30(section: Section, administrator: User, log_in: LogIn) -> None:
    client = log_in(administrator)

    def queries(page: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            response = client.get(section.url(page)) if page == "changelist" else client.post(section.url(page), csv())
        assert response.status_code == 200
        return len(captured)

    def csv() -> dict[str, str]:
        return {"format": "2", "resource": "0"}

    for i in range(3):
        section.make(i)
    few = queries("changelist"), queries("export")
    for i in range(3, 30):
        section.make(i)
    assert (queries("changelist"), queries("export")) == few


@each_section
def test_every_filter_works(section: Section, administrator: User, log_in: LogIn) -> None:
    section.make(1)
    client = log_in(administrator)
    filters = client.get(section.url("changelist")).context["cl"].filter_specs
    for spec in filters:
        for choice in spec.choices(client.get(section.url("changelist")).context["cl"]):
            assert client.get(section.url("changelist") + choice["query_string"]).status_code == 200


@each_section
def test_a_filter_that_means_nothing_is_refused(section: Section, administrator: User, log_in: LogIn) -> None:
    section.make(1)
    client = log_in(administrator)
    queries = ["pk=veel", "pk__in=1,veel", "geen_veld=1", "pk=%00", "pk__regex=("]
    if field := admin.site.get_model_admin(section.model).date_hierarchy:
        queries += [f"{field}__year={year}" for year in ("99999999999999999999", "9999", "0", "veel", "")]
        queries += [f"{field}__year=9999&{field}__month=12", f"{field}__year=2023&{field}__month=13"]
        queries += [f"{field}__year__gte=99999999999999999999", f"{field}__year__lt=10000", f"{field}__gte=ooit"]
    for query in queries:
        for page in ("changelist", "export"):
            assert client.get(f"{section.url(page)}?{query}").status_code == 400, (page, query)


def test_a_level_offers_only_what_is_in_its_own_plan(stage: Stage, log_in: LogIn) -> None:
    other = SECTIONS[NAMES.index("din.effort")].make(7)
    goal = stage.goals["P4.1"]
    page = log_in(stage.people.administrator).get(reverse("admin:din_goal_change", args=[goal.pk])).content.decode()
    assert "Werk en Inkomen" in page
    assert "Proefafdeling 7" not in page
    assert "Proefonderdeel 7" not in page
    assert str(other.plan) not in page  # type: ignore[attr-defined]


def test_lines_of_another_plan_are_refused(stage: Stage, log_in: LogIn) -> None:
    stranger = SECTIONS[NAMES.index("din.ergoal")].make(7)
    goal = stage.goals["P4.1"]
    address = reverse("admin:din_goal_change", args=[goal.pk])
    data = {"kind": "smart_goal", "text": goal.text, "position": "1", "er_goals": [str(stranger.pk)]}
    response = log_in(stage.people.administrator).post(address, data)
    assert response.status_code == 200
    assert "er_goals" in response.context["adminform"].form.errors
    assert stranger not in goal.er_goals.all()


def test_the_same_text_twice_is_refused_with_the_constraint_s_own_sentence(stage: Stage, log_in: LogIn) -> None:
    goal = stage.goals["P4.1"]
    data = {
        "plan": goal.plan_id,
        "theme": goal.theme_id,
        "kind": "smart_goal",
        "text": goal.text.upper() + ".",
        "position": "1",
    }
    response = log_in(stage.people.administrator).post(reverse("admin:din_goal_add"), data)
    assert "Dit doel staat al bij dit onderdeel." in response.content.decode()


def test_a_member_is_linked_on_the_owner_s_page(stage: Stage, log_in: LogIn) -> None:
    owner = stage.neighbours
    data = {
        "programme": owner.programme_id,
        "name": owner.name,
        "members-TOTAL_FORMS": "1",
        "members-INITIAL_FORMS": "0",
        "members-0-user": stage.people.owner.pk,
        "members-0-kind": "deputy",
    }
    address = reverse("admin:din_owner_change", args=[owner.pk])
    assert log_in(stage.people.administrator).post(address, data).status_code == 302
    assert OwnerMember.objects.get(owner=owner, user=stage.people.owner).kind == "deputy"


def test_the_history_is_only_read(stage: Stage, log_in: LogIn) -> None:
    goal = stage.goals["P1.1"]
    goal.text = "Een nieuwe tekst"
    goal.save()
    first = goal.history.last()
    address = reverse("admin:din_goal_simple_history", args=[goal.pk, first.pk])
    client = log_in(stage.people.administrator)
    page = client.get(address).content.decode()
    assert "Een lijst van projecten" in page
    assert "<textarea" not in page
    assert client.post(address, {"text": "Terug", "kind": "smart_goal", "position": 1}).status_code == 405
    assert Goal.objects.get(pk=goal.pk).text == "Een nieuwe tekst"


def test_the_history_tells_who_changed_what(stage: Stage, log_in: LogIn) -> None:
    focus_area = stage.focus_area
    client = log_in(stage.people.administrator)
    data = {"plan": focus_area.plan_id, "name": "Een andere naam", "position": "1"}
    client.post(reverse("admin:din_focusarea_change", args=[focus_area.pk]), data)
    page = client.get(reverse("admin:din_focusarea_history", args=[focus_area.pk])).content.decode()
    assert "Financiële zelfredzaamheid → Een andere naam" in page
    assert str(stage.people.administrator) in page


def test_a_workbook_comes_back_out_as_a_download(administrator: User, log_in: LogIn) -> None:
    row = SECTIONS[NAMES.index("din.workbookimport")].make(1)
    assert isinstance(row, WorkbookImport)
    client = log_in(administrator)
    assert b"PK de bytes" not in client.get(reverse("admin:din_workbookimport_change", args=[row.pk])).content
    response = client.get(reverse("admin:din_workbookimport_download", args=[row.pk]))
    assert b"".join(response.streaming_content) == b"PK de bytes van het werkboek"
    assert response["Content-Disposition"].startswith("attachment")


def test_what_is_only_read_is_not_deleted_by_an_action(administrator: User, log_in: LogIn) -> None:
    section = SECTIONS[NAMES.index("monitoring.auditline")]
    line = section.make(1)
    data = {"action": "delete_selected", "_selected_action": [line.pk], "post": "yes"}
    log_in(administrator).post(section.url("changelist"), data)
    assert section.model._default_manager.filter(pk=line.pk).exists()


class TestSuperusers:
    """Who administers the application does not thereby become, or overrule, somebody without limits."""

    @pytest.fixture
    def superuser(self, people: People) -> User:
        return User.objects.create_superuser("super", "super@voorbeeld.nl", "een-heel-lang-wachtwoord")

    def test_an_administrator_cannot_change_one(self, superuser: User, administrator: User, log_in: LogIn) -> None:
        address = reverse("admin:actieplan_user_change", args=[superuser.pk])
        assert (
            log_in(administrator).post(address, {"username": "super", "email": "mijn@voorbeeld.nl"}).status_code == 403
        )
        address = reverse("admin:auth_user_password_change", args=[superuser.pk])
        assert log_in(administrator).get(address).status_code == 403

    def test_an_administrator_cannot_delete_one(self, superuser: User, administrator: User, log_in: LogIn) -> None:
        data = {"action": "delete_selected", "_selected_action": [superuser.pk], "post": "yes"}
        log_in(administrator).post(reverse("admin:actieplan_user_changelist"), data)
        assert User.objects.filter(pk=superuser.pk).exists()

    def test_an_administrator_cannot_become_one(self, administrator: User, log_in: LogIn) -> None:
        address = reverse("admin:actieplan_user_change", args=[administrator.pk])
        data = {
            "username": "beheer",
            "is_active": "on",
            "is_staff": "on",
            "is_superuser": "on",
            "groups": [group.pk for group in administrator.groups.all()],
            "owner_links-TOTAL_FORMS": "0",
            "owner_links-INITIAL_FORMS": "0",
        }
        assert log_in(administrator).post(address, data).status_code == 302
        administrator.refresh_from_db()
        assert not administrator.is_superuser


def test_a_group_keeps_the_rights_that_its_page_does_not_offer(administrator: User, log_in: LogIn) -> None:
    group = administrator.groups.get()
    hidden = group.permissions.filter(content_type__model__startswith="historical")
    before = set(hidden.values_list("pk", flat=True))
    assert before
    address = reverse("admin:auth_group_change", args=[group.pk])
    kept = group.permissions.get(codename="change_group")
    assert log_in(administrator).post(address, {"name": group.name, "permissions": [kept.pk]}).status_code == 302
    assert set(hidden.values_list("pk", flat=True)) == before
    assert set(offered_permissions().filter(group=group)) == {kept}


def test_the_rights_of_a_group_read_dutch(administrator: User, log_in: LogIn) -> None:
    group = administrator.groups.get()
    page = log_in(administrator).get(reverse("admin:auth_group_change", args=[group.pk])).content.decode()
    assert "wijzigen: doel" in page
    assert "Mag alle programma&#x27;s beheren" in page
    assert "Can " not in page
