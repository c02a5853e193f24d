"""Reminders: who is due and when, never twice the same, whatever the mail server does; and mails of send-backs."""

from __future__ import annotations

import datetime
from io import StringIO
from smtplib import SMTPRecipientsRefused

import pytest
from django.conf import LazySettings
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actieplan.models import User
from din.models import OwnerMember
from monitoring import reminder_mails, workflow
from monitoring.mails import Mail, send
from monitoring.models import AuditLine, Reminder, ReportingRound, Update
from monitoring.reminder_mails import remind, send_due
from monitoring.reminders import DAYS_AFTER, DAYS_BEFORE, awaited_people, due_reminders, occasion_on
from tests.cast import DRAFT_TEXT, RETURN_REASON, RETURNED_TEXT, Stage, make_goals, make_updates
from tests.conftest import LogIn

SITE = AuditLine.Origin.SITE
Kind = Reminder.Kind
Outbox = list[EmailMessage]


class NoServer(EmailBackend):
    """A mail server that does not answer."""

    def open(self) -> bool:
        raise ConnectionRefusedError


class RefusesOwner(EmailBackend):
    """A mail server that refuses one address."""

    def send_messages(self, messages: list[EmailMessage]) -> int:
        if messages[0].to == ["beleid@voorbeeld.nl"]:
            raise SMTPRecipientsRefused({})
        return super().send_messages(messages)


class Breaks(EmailBackend):
    """A process that is killed while it hands a mail over."""

    def send_messages(self, messages: list[EmailMessage]) -> int:
        raise KeyboardInterrupt


def at(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(6)))


@pytest.fixture
def deadline(stage: Stage) -> datetime.date:
    """The deadline of the open round, which has five days of grace."""
    ReportingRound.objects.filter(pk=stage.open_round.pk).update(grace_days=5)
    stage.open_round.refresh_from_db()
    return stage.open_round.deadline


def later(deadline: datetime.date, days: int) -> datetime.datetime:
    return at(deadline + datetime.timedelta(days=days))


def addressees(mails: Outbox) -> list[str]:
    return sorted(address for mail in mails for address in mail.to)


class TestWho:
    def test_those_with_goals_left_each_with_their_own(self, stage: Stage, deadline: datetime.date) -> None:
        found = {
            awaited.user.username: [goal.reference for goal in awaited.goals]
            for awaited in awaited_people([stage.open_round], today=deadline)
        }
        assert found == {"beleid": ["P1.3", "P4.2"], "collega": ["P4.1"]}

    def test_a_deputy_too_and_nobody_without_the_right_to_record(self, stage: Stage, deadline: datetime.date) -> None:
        OwnerMember.objects.create(owner=stage.neighbours, user=stage.people.owner, kind=OwnerMember.Kind.DEPUTY)
        OwnerMember.objects.create(owner=stage.neighbours, user=stage.people.councillor)
        User.objects.filter(pk=stage.people.colleague.pk).update(is_active=False)
        found = {
            awaited.user.username: [goal.reference for goal in awaited.goals]
            for awaited in awaited_people([stage.open_round], today=deadline)
        }
        assert found == {"beleid": ["P1.3", "P4.1", "P4.2"]}

    def test_after_the_last_day_only_what_was_sent_back(self, stage: Stage, deadline: datetime.date) -> None:
        closed = deadline + datetime.timedelta(days=6)
        assert [awaited.user.username for awaited in awaited_people([stage.open_round], today=closed)] == ["collega"]

    @pytest.mark.parametrize("state", ["planned", "adopted"])
    def test_nobody_in_a_round_that_does_not_run(self, stage: Stage, state: str) -> None:
        stage.open_round.state = state
        assert awaited_people([stage.open_round], today=timezone.localdate()) == []

    def test_a_constant_number_of_queries(self, stage: Stage, deadline: datetime.date) -> None:
        used = []
        for first, count in [(100, 3), (200, 30)]:
            goals = make_goals(stage.plan, count, theme=stage.themes["P1"], owner=stage.department, first=first)
            make_updates(stage.open_round, goals)
            with CaptureQueriesContext(connection) as queries:
                awaited_people([stage.open_round], today=deadline)
            used.append(len(queries))
        assert used[0] == used[1] <= 4


class TestWhen:
    @pytest.mark.parametrize(
        ("days", "grace", "kind", "due"),
        [
            (-DAYS_BEFORE - 1, 5, None, None),
            (-DAYS_BEFORE, 5, Kind.BEFORE, -DAYS_BEFORE),
            (-1, 5, Kind.BEFORE, -DAYS_BEFORE),
            (0, 5, Kind.ON_DAY, 0),
            (1, 5, None, None),
            (DAYS_AFTER, 5, Kind.AFTER, DAYS_AFTER),
            (9, 5, Kind.AFTER, DAYS_AFTER),
            (2, 2, Kind.AFTER, 2),
            (2, 0, None, None),
        ],
    )
    def test_before_the_deadline_on_it_and_after_it(
        self, stage: Stage, days: int, grace: int, kind: str | None, due: int | None
    ) -> None:
        round_ = stage.open_round
        round_.grace_days = grace
        found = occasion_on(round_, round_.deadline + datetime.timedelta(days=days))
        assert (found.kind if found else None) == kind
        assert (found.due_on - round_.deadline).days == due if found else due is None


class TestSending:
    def test_each_kind_goes_out_once_whatever_the_number_of_runs(
        self, stage: Stage, deadline: datetime.date, mailoutbox: Outbox
    ) -> None:
        counts = []
        for days in range(-DAYS_BEFORE - 2, 12):
            for _ in range(2):
                send_due(now=later(deadline, days))
            counts.append(len(mailoutbox))
        assert counts[:2] == [0, 0]
        assert len(mailoutbox) == 6, "two people, before the deadline, on it and after it"
        assert Reminder.objects.filter(sent_at__isnull=False).count() == 6

    def test_a_mail_lists_what_is_left_with_links_and_nothing_that_was_recorded(
        self, stage: Stage, deadline: datetime.date, mailoutbox: Outbox, settings: LazySettings
    ) -> None:
        settings.SITE_URL = "https://monitor.example.org"
        send_due(now=later(deadline, -7))
        mail = next(mail for mail in mailoutbox if mail.to == ["beleid@voorbeeld.nl"])
        assert stage.programme.name in mail.subject
        assert "Beste Van Beleid," in mail.body
        assert "Nog in te vullen (2):" in mail.body
        address = reverse("record_update", args=[stage.goals["P4.2"].pk])
        assert f"https://monitor.example.org{address}?ronde=2023-H2" in mail.body
        assert "nog 7 dagen" in mail.body
        for secret in (DRAFT_TEXT, RETURNED_TEXT, RETURN_REASON):
            assert not [mail for mail in mailoutbox if secret in mail.body]

    def test_who_is_ready_gets_nothing(self, stage: Stage, deadline: datetime.date, mailoutbox: Outbox) -> None:
        Update.objects.filter(round=stage.open_round, goal__owner=stage.neighbours).update(
            state="submitted", status="on_track"
        )
        send_due(now=later(deadline, 0))
        assert addressees(mailoutbox) == ["beleid@voorbeeld.nl"]

    def test_a_deadline_that_moves_brings_a_new_reminder(
        self, stage: Stage, deadline: datetime.date, mailoutbox: Outbox
    ) -> None:
        send_due(now=later(deadline, -7))
        ReportingRound.objects.filter(pk=stage.open_round.pk).update(deadline=deadline + datetime.timedelta(days=14))
        send_due(now=later(deadline, -6))
        assert len(mailoutbox) == 2
        send_due(now=later(deadline, 7))
        assert len(mailoutbox) == 4

    def test_nobody_home_leaves_the_rows_for_the_next_run(
        self, stage: Stage, deadline: datetime.date, mailoutbox: Outbox, settings: LazySettings
    ) -> None:
        usual = settings.EMAIL_BACKEND
        settings.EMAIL_BACKEND = f"{__name__}.NoServer"
        outcome = send_due(now=later(deadline, -7))
        assert (len(outcome.failed), len(outcome.sent)) == (2, 0)
        assert Reminder.objects.filter(sent_at__isnull=True, attempted_at__isnull=True).count() == 2
        settings.EMAIL_BACKEND = usual
        assert len(send_due(now=later(deadline, -6)).sent) == 2
        assert "nog 6 dagen" in mailoutbox[0].body, "the text is that of the day on which it goes out"

    def test_one_bad_address_does_not_stop_the_others(
        self, stage: Stage, deadline: datetime.date, mailoutbox: Outbox, settings: LazySettings
    ) -> None:
        settings.EMAIL_BACKEND = f"{__name__}.RefusesOwner"
        outcome = send_due(now=later(deadline, -7))
        assert [row.recipient for row in outcome.failed] == [stage.people.owner]
        assert addressees(mailoutbox) == ["collega@voorbeeld.nl"]

    def test_a_row_that_another_run_took_is_left_alone(
        self, stage: Stage, deadline: datetime.date, mailoutbox: Outbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Two runs at once: both read the same free rows, one of them takes them first."""
        real = reminder_mails._take

        def taken_meanwhile(row: Reminder, at: datetime.datetime) -> bool:
            Reminder.objects.filter(pk=row.pk).update(attempted_at=at)
            return real(row, at)

        monkeypatch.setattr(reminder_mails, "_take", taken_meanwhile)
        outcome = send_due(now=later(deadline, -7))
        assert mailoutbox == []
        assert not outcome.sent

    def test_a_run_that_was_killed_half_way_is_not_repeated_but_named(
        self, stage: Stage, deadline: datetime.date, mailoutbox: Outbox, settings: LazySettings
    ) -> None:
        usual = settings.EMAIL_BACKEND
        settings.EMAIL_BACKEND = f"{__name__}.Breaks"
        with pytest.raises(KeyboardInterrupt):
            send_due(now=later(deadline, -7))
        settings.EMAIL_BACKEND = usual
        outcome = send_due(now=later(deadline, -7))
        assert len(outcome.uncertain) == 1
        assert len(outcome.sent) == 1

    def test_a_line_in_the_trail_a_round(self, stage: Stage, deadline: datetime.date) -> None:
        send_due(now=later(deadline, -7))
        line = AuditLine.objects.get(action="remind")
        assert (line.actor, line.origin, line.note) == (None, "command", "2 mails verstuurd")


class TestCommand:
    def run(self, *words: str) -> tuple[str, str]:
        out, err = StringIO(), StringIO()
        call_command("send_reminders", *words, stdout=out, stderr=err)
        return out.getvalue(), err.getvalue()

    @pytest.fixture
    def today_is_due(self, stage: Stage) -> None:
        ReportingRound.objects.filter(pk=stage.open_round.pk).update(deadline=timezone.localdate())

    def test_it_says_nothing_when_nothing_is_due(self, stage: Stage) -> None:
        assert self.run() == ("", "")

    def test_a_dry_run_names_who_would_get_what_and_sends_nothing(self, today_is_due: None, mailoutbox: Outbox) -> None:
        out, _ = self.run("--dry-run")
        assert "Van Beleid, tweede half jaar 2023 (Vastpakken en niet loslaten): op de deadline, 2 doelen" in out
        assert mailoutbox == []
        assert not Reminder.objects.exists()
        self.run()
        assert self.run("--dry-run") == ("", "")

    def test_somebody_without_an_address_is_named(self, stage: Stage, today_is_due: None, mailoutbox: Outbox) -> None:
        User.objects.filter(pk=stage.people.owner.pk).update(email="")
        _, err = self.run()
        assert "Geen e-mailadres: Van Beleid" in err
        assert addressees(mailoutbox) == ["collega@voorbeeld.nl"]

    def test_what_was_not_sent_is_an_error(self, today_is_due: None, settings: LazySettings) -> None:
        settings.EMAIL_BACKEND = f"{__name__}.NoServer"
        with pytest.raises(CommandError, match="Van Beleid"):
            self.run()


class TestByHand:
    def write(self, stage: Stage, *people: User, **more: object) -> reminder_mails.Outcome:
        fields = {"subject": "Denkt u eraan?", "text": "Er zijn nog doelen open."}
        return remind(
            round_=stage.open_round,
            recipients={user.pk for user in people},
            actor=stage.people.manager,
            origin=SITE,
            **{**fields, **more},
        )

    def test_only_who_was_chosen_and_has_something_left(self, stage: Stage, mailoutbox: Outbox) -> None:
        self.write(stage, stage.people.owner, stage.people.councillor)
        assert addressees(mailoutbox) == ["beleid@voorbeeld.nl"]
        assert "Er zijn nog doelen open." in mailoutbox[0].body
        row = Reminder.objects.get()
        assert (row.kind, row.sender) == (Kind.BY_MANAGER, stage.people.manager)
        assert AuditLine.objects.get(action="remind").actor == stage.people.manager

    def test_a_form_that_is_sent_twice_mails_once(self, stage: Stage, mailoutbox: Outbox) -> None:
        self.write(stage, stage.people.owner)
        assert self.write(stage, stage.people.owner).repeated
        assert len(mailoutbox) == 1
        self.write(stage, stage.people.owner, text="Een andere tekst.")
        assert len(mailoutbox) == 2

    def test_what_the_server_did_not_take_goes_out_with_the_next_run(
        self, stage: Stage, mailoutbox: Outbox, settings: LazySettings
    ) -> None:
        usual = settings.EMAIL_BACKEND
        settings.EMAIL_BACKEND = f"{__name__}.NoServer"
        assert self.write(stage, stage.people.owner).failed
        settings.EMAIL_BACKEND = usual
        send_due()
        send_due()
        assert [mail.subject for mail in mailoutbox] == ["Denkt u eraan?"]

    def test_a_subject_cannot_begin_another_header(self, stage: Stage, mailoutbox: Outbox) -> None:
        self.write(stage, stage.people.owner, subject="Hallo\r\nBcc: iedereen@voorbeeld.nl")
        (mail,) = mailoutbox
        assert mail.subject == "Hallo Bcc: iedereen@voorbeeld.nl"
        assert "Bcc" not in mail.message()

    def test_an_address_that_holds_a_header_is_not_mailed(self, mailoutbox: Outbox) -> None:
        mail = Mail("a@voorbeeld.nl\nBcc: b@voorbeeld.nl", "Hallo", "Tekst")
        assert not send(mail, EmailBackend())
        assert mailoutbox == []

    def test_only_the_manager_writes_and_only_in_a_running_round(self, stage: Stage, mailoutbox: Outbox) -> None:
        with pytest.raises(PermissionDenied):
            remind(
                round_=stage.open_round,
                recipients={stage.people.owner.pk},
                subject="x",
                text="x",
                actor=stage.people.owner,
                origin=SITE,
            )
        stage.put_open_round_aside()
        with pytest.raises(workflow.Refused):
            self.write(stage, stage.people.owner)
        assert mailoutbox == []


class TestPage:
    @pytest.fixture
    def as_manager(self, stage: Stage, log_in: LogIn) -> Client:
        return log_in(stage.people.manager)

    def address(self, stage: Stage, **query: object) -> str:
        return reverse("remind", args=[stage.open_round.pk], query=query or None)

    def test_everybody_with_something_left_is_ticked(self, stage: Stage, as_manager: Client) -> None:
        page = as_manager.get(self.address(stage)).content.decode()
        assert "Van Beleid: nog 2 doelen (Maatschappelijke Ontwikkeling)" in page
        assert page.count("checked") == 2
        assert "Nog in te vullen" in page, "an example of the whole mail"
        assert DRAFT_TEXT not in page

    def test_one_owner_ticks_its_people_alone(self, stage: Stage, as_manager: Client) -> None:
        page = as_manager.get(self.address(stage, eigenaar=stage.neighbours.pk)).content.decode()
        assert page.count("checked") == 1

    def test_sending_mails_those_and_shows_it_on_both_pages(
        self, stage: Stage, as_manager: Client, mailoutbox: Outbox
    ) -> None:
        form = {"subject": "Let op", "text": "Nog even.", "recipients": [str(stage.people.owner.pk)]}
        response = as_manager.post(self.address(stage), form)
        assert response.status_code == 302
        assert addressees(mailoutbox) == ["beleid@voorbeeld.nl"]
        assert "De herinnering is verstuurd." in as_manager.get(response["Location"]).content.decode()
        assert "herinnerd op" in as_manager.get(stage.open_round.get_absolute_url()).content.decode()

    @pytest.mark.parametrize(
        "wrong", [{"recipients": []}, {"recipients": ["999999"]}, {"subject": ""}, {"text": ""}, {"subject": "x" * 201}]
    )
    def test_an_incomplete_form_sends_nothing(
        self, stage: Stage, as_manager: Client, mailoutbox: Outbox, wrong: dict[str, object]
    ) -> None:
        form = {"subject": "Let op", "text": "Nog even.", "recipients": [str(stage.people.owner.pk)]}
        assert as_manager.post(self.address(stage), {**form, **wrong}).status_code == 422
        assert mailoutbox == []

    def test_a_text_is_back_after_a_session_that_ended(self, stage: Stage, mailoutbox: Outbox) -> None:
        client, address = Client(), self.address(stage)
        form = {"subject": "Let op", "text": "Nog even.", "recipients": [str(stage.people.owner.pk)]}
        client.post(address, {**form, "typed_by": str(stage.people.manager.pk)})
        assert mailoutbox == []
        client.force_login(stage.people.manager)
        page = client.get(address).content.decode()
        assert "Uw tekst is er nog" in page
        assert "Nog even.</textarea>" in page
        assert page.count("checked") == 1
        assert f'name="typed_by" value="{stage.people.manager.pk}"' in page
        client.post(address, form)
        assert addressees(mailoutbox) == ["beleid@voorbeeld.nl"]
        assert "Uw tekst is er nog" not in client.get(address).content.decode()

    def test_who_has_no_address_is_named(self, stage: Stage, as_manager: Client) -> None:
        User.objects.filter(pk=stage.people.owner.pk).update(email="")
        page = as_manager.get(self.address(stage)).content.decode()
        assert "Geen e-mailadres" in page
        assert "Van Beleid: nog 2 doelen" in page

    def test_queries_do_not_grow_with_goals(self, stage: Stage, as_manager: Client) -> None:
        as_manager.get(self.address(stage))
        used = []
        for first, count in [(100, 3), (200, 30)]:
            goals = make_goals(stage.plan, count, theme=stage.themes["P1"], owner=stage.department, first=first)
            make_updates(stage.open_round, goals)
            with CaptureQueriesContext(connection) as queries:
                as_manager.get(self.address(stage))
            used.append(len(queries))
        assert used[0] == used[1] <= 16


class TestSentBack:
    def send_back(self, stage: Stage) -> None:
        update = stage.update("P1.2", stage.open_round)
        workflow.return_to_owner(
            update=update, actor=stage.people.manager, origin=SITE, version=update.version, reason="Geheime reden"
        )

    def test_the_owners_people_are_told_after_the_commit(
        self, stage: Stage, mailoutbox: Outbox, django_capture_on_commit_callbacks: object
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            self.send_back(stage)
            assert mailoutbox == []
        (mail,) = mailoutbox
        assert mail.to == ["beleid@voorbeeld.nl"]
        assert "P1.2" in mail.subject
        assert "Geheime reden" not in mail.body
        assert reverse("record_update", args=[stage.goals["P1.2"].pk]) in mail.body

    def test_a_mail_server_that_fails_does_not_undo_it(
        self, stage: Stage, settings: LazySettings, django_capture_on_commit_callbacks: object
    ) -> None:
        settings.EMAIL_BACKEND = f"{__name__}.NoServer"
        with django_capture_on_commit_callbacks(execute=True):
            self.send_back(stage)
        assert stage.update("P1.2", stage.open_round).state == Update.State.RETURNED


def test_due_reminders_are_read_and_not_written(stage: Stage, deadline: datetime.date) -> None:
    assert len(due_reminders(deadline)) == 2
    assert not Reminder.objects.exists()
