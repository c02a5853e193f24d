"""What goes out comes back: exports reopen with their texts; imports preview, refuse with a sentence, write once."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from actieplan.models import User
from din.admin.formats import FORMATS, MAX_BYTES, Csv
from din.models import Goal, Plan
from din.models.levels import text_digest
from monitoring.models import AuditLine, ReportingRound
from tests.admin.sections import NAMES, SECTIONS, Section
from tests.cast import Stage
from tests.conftest import LogIn
from tests.guards import unguarded

pytestmark = pytest.mark.django_db
FORMULA = '=HYPERLINK("http://voorbeeld.nl")'
each_format = pytest.mark.parametrize("number", range(len(FORMATS)), ids=[form.title for form in FORMATS])


@pytest.fixture
def client(stage: Stage, log_in: LogIn) -> Client:
    return log_in(stage.people.administrator)


def export(client: Client, section: str, number: int = 2, query: str = "") -> bytes:
    response = client.post(reverse(f"admin:{section}_export") + query, {"format": str(number), "resource": "0"})
    assert "attachment" in response["Content-Disposition"]
    return response.content


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def as_csv(rows: list[dict[str, object]]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def offer(client: Client, section: str, data: bytes, number: int = 2, name: str = "proef.csv") -> HttpResponse:
    upload = SimpleUploadedFile(name, data)
    fields = {"format": str(number), "resource": "0", "import_file": upload}
    return client.post(reverse(f"admin:{section}_import"), fields)


def confirm(client: Client, section: str, preview: HttpResponse) -> HttpResponse:
    return client.post(reverse(f"admin:{section}_process_import"), preview.context["confirm_form"].initial, follow=True)


Import = Callable[[list[dict[str, object]]], HttpResponse]


@pytest.fixture
def offer_goals(client: Client) -> Import:
    return lambda rows: offer(client, "din_goal", as_csv(rows))


@each_format
def test_an_export_reopens_with_the_text_intact(client: Client, stage: Stage, number: int) -> None:
    goal = stage.goals["P4.1"]
    Goal.objects.filter(pk=goal.pk).update(text=FORMULA, description="Regel één\nRegel twee")
    table = FORMATS[number]().create_dataset(export(client, "din_goal", number))
    row = next(row for row in table.dict if str(row["id"]) == str(goal.pk))
    assert row["tekst"] == FORMULA
    assert row["omschrijving"] == "Regel één\nRegel twee"
    assert row["plan (naam)"] == "DIN 2023"
    assert row["onderdeel (naam)"] == "Pijler 4: Inkomen"
    assert row["soort"] == "SMART-doel"
    assert row["ER-doelen"] == ", ".join(str(pk) for pk in goal.er_goals.values_list("pk", flat=True).order_by("pk"))


@pytest.mark.parametrize("section", SECTIONS, ids=NAMES)
@each_format
def test_every_section_exports_in_every_format(section: Section, number: int, client: Client) -> None:
    section.make(1)
    data = export(client, section.name.replace(".", "_"), number)
    assert len(FORMATS[number]().create_dataset(data)) == len(section.model._default_manager.all())


def test_an_export_holds_what_the_list_shows(client: Client, stage: Stage) -> None:
    rows = rows_of(export(client, "din_goal", query=f"?q=schuldhulp&plan__id__exact={stage.plan.pk}"))
    assert [row["tekst"] for row in rows] == ["Schuldhulp start binnen vier weken"]


def test_the_export_page_names_every_column(client: Client) -> None:
    page = client.get(reverse("admin:monitoring_update_export")).content.decode()
    assert "<code>doel</code>" in page
    assert "<code>toelichting</code>" in page


def test_users_are_exported_without_their_passwords(client: Client) -> None:
    data = export(client, "actieplan_user").decode()
    assert "beleid" in data
    assert "md5$" not in data
    assert "password" not in data


@pytest.mark.parametrize("section", [section for section in SECTIONS if section.imports], ids=lambda s: s.name)
@each_format
def test_an_export_comes_back_in_and_changes_nothing(section: Section, number: int, client: Client) -> None:
    row = section.make(1)
    if isinstance(row, ReportingRound):
        with unguarded():
            ReportingRound.objects.filter(pk=row.pk).update(state="planned", adopted_at=None, adopted_by=None)
    name = section.name.replace(".", "_")
    preview = offer(client, name, export(client, name, number), number)
    assert "confirm_form" in preview.context, preview.content.decode()
    totals = preview.context["result"].totals
    assert totals["skip"] == section.model._default_manager.count()
    assert sum(totals.values()) == totals["skip"]


def test_an_import_previews_and_then_writes(client: Client, stage: Stage, offer_goals: Import) -> None:
    changed = stage.goals["P4.1"]
    er_goal = changed.er_goals.get()
    before = Goal.objects.count()
    preview = offer_goals(
        [
            {"id": changed.pk, "plan": stage.plan.pk, "tekst": "Schuldhulp start binnen twee weken", "ER-doelen": ""},
            {"id": "", "plan": stage.plan.pk, "tekst": FORMULA, "ER-doelen": er_goal.pk},
        ]
    )
    page = preview.content.decode()
    assert "<del>vier</del><ins>twee</ins>" in page
    assert " style=" not in page
    changed.refresh_from_db()
    assert changed.text == "Schuldhulp start binnen vier weken"
    assert Goal.objects.count() == before

    done = confirm(client, "din_goal", preview)
    assert "1 nieuw, 1 gewijzigd" in done.content.decode()
    changed.refresh_from_db()
    assert changed.text == "Schuldhulp start binnen twee weken"
    assert changed.text_digest == text_digest(changed.text)
    assert changed.owner == stage.neighbours  # a column that the file lacks stays as it was
    assert not changed.er_goals.exists()
    assert changed.history.first().history_user == stage.people.administrator
    new = Goal.objects.get(text=FORMULA)
    assert list(new.er_goals.all()) == [er_goal]
    assert Goal.objects.count() == before + 1


def test_the_names_of_the_code_serve_as_headings_too(client: Client, stage: Stage) -> None:
    data = as_csv([{"ID": "", "Plan": stage.plan.pk, "Text": "Met kopjes uit de code", "KIND": "opgave"}])
    confirm(client, "din_goal", offer(client, "din_goal", data))
    assert Goal.objects.get(text="Met kopjes uit de code").kind == Goal.Kind.OPGAVE


REFUSALS = [
    ({"tekst": ""}, "kan niet leeg zijn"),
    ({"tekst": "SCHULDHULP start  binnen vier weken."}, "Dit doel staat al bij dit onderdeel."),
    ({"plan": ""}, "mag niet leeg zijn"),
    ({"plan": "99999"}, "Er is geen plan met id 99999."),
    ({"plan": "drie"}, "“drie” is geen heel getal."),
    ({"onderdeel": "99999"}, "Er is geen onderdeel met id 99999."),
    ({"nummer": "1,5"}, "is geen heel getal."),
    ({"nummer": "-1"}, "0"),
    ({"nummer": "9" * 30}, "is geen heel getal."),
    ({"nummer": "2"}, "Dit nummer is al gebruikt bij dit onderdeel."),
    ({"deadline": "morgen"}, "is geen datum"),
    ({"soort": "droom"}, "staat niet in de lijst"),
    ({"vervallen op": "2023-05-01"}, "Een vervallen doel heeft een datum én een reden."),
    ({"ER-doelen": "1;x"}, "“x” is geen heel getal."),
    ({"ER-doelen": "99998, 99999"}, "Geen ER-doelen met id 99998, 99999."),
    ({"id": "tien"}, "“tien” is geen heel getal."),
]


@pytest.mark.parametrize(("wrong", "sentence"), REFUSALS, ids=[sentence for _, sentence in REFUSALS])
def test_a_row_that_cannot_be_is_refused_in_a_sentence(
    stage: Stage, offer_goals: Import, wrong: dict[str, object], sentence: str
) -> None:
    theme = stage.themes["P4"]
    row = {"id": "", "plan": stage.plan.pk, "onderdeel": theme.pk, "tekst": "Een nieuw doel"} | wrong
    before = list(Goal.objects.values())
    response = offer_goals([row])
    assert response.status_code == 200
    assert "confirm_form" not in response.context
    page = response.content.decode()
    assert sentence in page
    assert "Traceback" not in page
    assert list(Goal.objects.values()) == before


def test_a_level_stays_in_its_plan_and_so_do_its_lines(stage: Stage, offer_goals: Import) -> None:
    stranger = SECTIONS[NAMES.index("din.ergoal")].make(7)
    goal = stage.goals["P4.1"]
    response = offer_goals([{"id": goal.pk, "ER-doelen": stranger.pk}])
    assert f"Dit staat in een ander plan: id {stranger.pk}." in response.content.decode()
    other = Plan.objects.exclude(pk=stage.plan.pk).first()
    assert other is not None
    response = offer_goals([{"id": goal.pk, "plan": other.pk}])
    assert "verhuist niet naar een ander plan" in response.content.decode()


def test_a_heading_that_means_nothing_is_told(offer_goals: Import) -> None:
    response = offer_goals([{"id": "", "tekts": "x"}])
    assert "Deze kolommen zijn niet bekend: tekts." in response.content.decode()


@pytest.mark.parametrize(
    ("data", "number", "sentence"),
    [
        (b"geen werkboek", 0, "Dit is geen XLSX-bestand."),
        (b"geen werkboek", 1, "Dit is geen ODS-bestand."),
        (b"\x00\x01\x02", 2, "Dit is geen CSV-bestand."),
        (b"", 2, "leeg"),
        (b"tekst\n" + b"x" * MAX_BYTES, 2, "Het bestand is groter dan 5 MB."),
    ],
)
def test_a_broken_file_is_an_error_of_the_form(client: Client, data: bytes, number: int, sentence: str) -> None:
    response = offer(client, "din_goal", data, number)
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert response.context["form"].errors["import_file"]


def test_a_broken_archive_is_an_error_of_the_form(client: Client, stage: Stage) -> None:
    data = bytearray(export(client, "din_goal", 0))
    data[200:400] = b"\x00" * 200
    response = offer(client, "din_goal", bytes(data), 0)
    assert response.status_code == 200
    assert response.context["form"].errors["import_file"]


def test_a_second_confirmation_writes_nothing_more(client: Client, stage: Stage, offer_goals: Import) -> None:
    preview = offer_goals([{"plan": stage.plan.pk, "tekst": "Eén keer"}])
    confirm(client, "din_goal", preview)
    again = confirm(client, "din_goal", preview)
    assert "Bied het opnieuw aan" in again.content.decode()
    assert Goal.objects.filter(text="Eén keer").count() == 1


@pytest.mark.parametrize("tampered", [{"format": "9"}, {"format": "x"}, {"import_file_name": "../../etc/passwd"}, {}])
def test_a_confirmation_that_was_tampered_with_is_refused(
    client: Client, stage: Stage, offer_goals: Import, tampered: dict[str, str]
) -> None:
    initial = offer_goals([{"plan": stage.plan.pk, "tekst": "Eén keer"}]).context["confirm_form"].initial
    fields = initial | tampered if tampered else {}
    response = client.post(reverse("admin:din_goal_process_import"), fields, follow=True)
    assert "Bied het opnieuw aan" in response.content.decode()
    assert not Goal.objects.filter(text="Eén keer").exists()


def test_a_confirmation_writes_all_or_nothing(client: Client, stage: Stage, offer_goals: Import) -> None:
    preview = offer_goals([{"plan": stage.plan.pk, "tekst": "Nieuw"}, {"plan": stage.plan.pk, "tekst": "Intussen"}])
    Goal.objects.create(plan=stage.plan, text="Intussen")
    done = confirm(client, "din_goal", preview)
    assert "er is niets doorgevoerd" in done.content.decode()
    assert not Goal.objects.filter(text="Nieuw").exists()


@pytest.mark.parametrize("page", ["import", "process_import"])
def test_who_may_only_look_cannot_import(stage: Stage, log_in: LogIn, page: str) -> None:
    looker = stage.people.colleague
    looker.is_staff = True
    looker.save()
    group = Group.objects.create(name="Kijkers")
    admins = Group.objects.get(name="Beheerder")
    group.permissions.set(admins.permissions.filter(codename__startswith="view_"))
    looker.groups.set([group])
    client = log_in(looker)
    assert client.get(reverse("admin:din_goal_changelist")).status_code == 200
    assert client.post(reverse(f"admin:din_goal_{page}")).status_code == 403


def test_an_upload_is_kept_for_an_hour_and_then_gone(client: Client, stage: Stage, offer_goals: Import) -> None:
    preview = offer_goals([{"plan": stage.plan.pk, "tekst": "Eén keer"}])
    cache.clear()
    assert "Bied het opnieuw aan" in confirm(client, "din_goal", preview).content.decode()


class TestUsers:
    def test_a_new_user_has_no_password(self, client: Client) -> None:
        group = Group.objects.get(name="Beleidsadviseur")
        data = as_csv([{"id": "", "username": "nieuw", "actief": "ja", "groups": group.pk}])
        preview = offer(client, "actieplan_user", data)
        assert "confirm_form" in preview.context, preview.content.decode()
        confirm(client, "actieplan_user", preview)
        user = User.objects.get(username="nieuw")
        assert not user.has_usable_password()
        assert list(user.groups.all()) == [group]

    def test_a_superuser_is_not_changed_by_an_import(self, client: Client) -> None:
        superuser = User.objects.create_superuser("super", "super@voorbeeld.nl", "een-heel-lang-wachtwoord")
        response = offer(client, "actieplan_user", as_csv([{"id": superuser.pk, "email": "mijn@voorbeeld.nl"}]))
        assert "Alleen een supergebruiker" in response.content.decode()

    def test_an_import_makes_nobody_superuser(self, client: Client) -> None:
        response = offer(client, "actieplan_user", as_csv([{"username": "x", "is_superuser": "ja"}]))
        assert "niet bekend: is_superuser" in response.content.decode()


class TestRounds:
    def row(self, stage: Stage, **values: object) -> bytes:
        row = {"id": "", "programme": stage.programme.pk, "plan": stage.plan.pk, "year": 2024, "half": 1}
        return as_csv([row | {"opens_on": "2024-06-01", "deadline": "30-06-2024", **values}])

    def test_a_new_round_is_planned_and_audited(self, client: Client, stage: Stage) -> None:
        confirm(client, "monitoring_reportinground", offer(client, "monitoring_reportinground", self.row(stage)))
        round_ = ReportingRound.objects.get(year=2024)
        assert round_.state == ReportingRound.State.PLANNED
        line = AuditLine.objects.get(object_type="reportinground", object_id=round_.pk)
        assert (line.action, line.origin, line.actor) == ("create", "admin", stage.people.administrator)

    def test_an_adopted_round_is_not_changed(self, client: Client, stage: Stage) -> None:
        data = as_csv([{"id": stage.adopted_round.pk, "deadline": "2023-12-31"}])
        response = offer(client, "monitoring_reportinground", data)
        assert "Deze ronde is vastgesteld" in response.content.decode()

    def test_an_open_round_keeps_its_subject(self, client: Client, stage: Stage) -> None:
        response = offer(client, "monitoring_reportinground", self.row(stage, id=stage.open_round.pk))
        assert "liggen vast" in response.content.decode()


def test_csv_is_the_third_format() -> None:
    assert FORMATS[2] is Csv  # the number that these tests post
