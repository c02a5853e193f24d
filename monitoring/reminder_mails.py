"""Sending reminders: the row first, then the mail. Never twice the same, also when two runs meet."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass, field

from django.contrib.auth.models import AbstractBaseUser
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from monitoring.audit import audit
from monitoring.mails import Mail, is_reachable, one_line, send
from monitoring.models import AuditLine, Reminder, ReportingRound
from monitoring.permissions import MANAGE_ROUND
from monitoring.reminders import SUBJECT_LENGTH, Awaited, DueReminder, awaited_people, due_reminders, mail_body
from monitoring.workflow import Refused

REMIND = "remind"


@dataclass
class Outcome:
    """What became of a run.

    `failed` were not taken by the mail server and are tried again by the next run. Of `uncertain` nobody knows whether
    they were sent: an earlier run stopped half-way. They are left alone. `repeated` had this very mail today already.
    """

    sent: list[Reminder] = field(default_factory=list)
    failed: list[Reminder] = field(default_factory=list)
    uncertain: list[Reminder] = field(default_factory=list)
    without_address: list[Awaited] = field(default_factory=list)
    repeated: list[Awaited] = field(default_factory=list)


def unsent(due: DueReminder) -> bool:
    """Whether `due` is still to be sent: nobody took it before."""
    return not Reminder.objects.filter(**_same(due), attempted_at__isnull=False).exists()


def send_due(*, now: datetime.datetime | None = None) -> Outcome:
    """Send what is due today, once, and what the mail server did not take before."""
    at = now or timezone.now()
    today = timezone.localdate(at)
    outcome = Outcome()
    rows = []
    for due in due_reminders(today):
        if not due.awaited.address:
            outcome.without_address.append(due.awaited)
            continue
        row, _ = Reminder.objects.get_or_create(
            **_same(due), defaults={"subject": due.subject, "body": due.body, "created_at": at}
        )
        # What waited since a day on which the mail server failed says what holds today.
        row.subject, row.body = due.subject, due.body
        rows.append(row)
    _deliver([*rows, *_waiting_by_hand(today)], outcome, at)
    with transaction.atomic():
        for round_ in {row.round_id: row.round for row in outcome.sent}.values():
            _log(round_, outcome, actor=None, origin=AuditLine.Origin.COMMAND, at=at)
    return outcome


def remind(
    *,
    round_: ReportingRound,
    recipients: Collection[int],
    subject: str,
    text: str,
    actor: AbstractBaseUser,
    origin: AuditLine.Origin,
    now: datetime.datetime | None = None,
) -> Outcome:
    """Mail those of `recipients`, keys of users, whom `round_` still waits for. Raises Refused when it does not run.

    The same mail goes to nobody twice on one day, so that a form that is sent twice does no harm.
    """
    MANAGE_ROUND.require(actor, round_.programme)
    at = now or timezone.now()
    outcome, rows = Outcome(), []
    with transaction.atomic():
        current = ReportingRound.objects.select_for_update().get(pk=round_.pk)
        if not current.is_running:
            raise Refused("Deze ronde loopt niet: er valt niemand te herinneren.")
        for awaited in awaited_people([round_], today=timezone.localdate(at)):
            if awaited.user.pk not in recipients:
                continue
            if not awaited.address:
                outcome.without_address.append(awaited)
                continue
            fields = {
                "round": round_,
                "recipient": awaited.user,
                "kind": Reminder.Kind.BY_MANAGER,
                "due_on": timezone.localdate(at),
                "subject": one_line(subject)[:SUBJECT_LENGTH],
                "body": mail_body(awaited, text),
            }
            if Reminder.objects.filter(**fields).exists():
                outcome.repeated.append(awaited)
            else:
                rows.append(Reminder.objects.create(**fields, created_at=at, sender_id=actor.pk))
    _deliver(rows, outcome, at)
    if rows:
        _log(round_, outcome, actor=actor, origin=origin, at=at)
    return outcome


def _same(due: DueReminder) -> dict[str, object]:
    """What makes an automatic reminder the same."""
    return {
        "round": due.awaited.round,
        "recipient": due.awaited.user,
        "kind": due.occasion.kind,
        "due_on": due.occasion.due_on,
    }


def _waiting_by_hand(today: datetime.date) -> list[Reminder]:
    """What a manager sent and the mail server did not take, to people whom the round still waits for."""
    rows = Reminder.objects.filter(
        kind=Reminder.Kind.BY_MANAGER, attempted_at__isnull=True, round__in=ReportingRound.objects.running()
    ).select_related("round__programme", "recipient")
    waiting = list(rows.order_by("created_at", "pk"))
    rounds = {row.round_id: row.round for row in waiting}
    awaited = {(found.round.pk, found.user.pk) for found in awaited_people(rounds.values(), today=today)}
    return [row for row in waiting if (row.round_id, row.recipient_id) in awaited]


def _deliver(rows: Collection[Reminder], outcome: Outcome, at: datetime.datetime) -> None:
    """Hand each of `rows` over that nobody took before. Called outside a transaction: the rows are stored."""
    connection = get_connection()
    gone = False
    for row in rows:
        if row.sent_at is not None:
            continue
        if row.is_uncertain:
            outcome.uncertain.append(row)
            continue
        gone = gone or not is_reachable(connection)
        if gone:
            outcome.failed.append(row)
        elif _take(row, at):
            _hand_over(row, connection, outcome, at)
    connection.close()


def _take(row: Reminder, at: datetime.datetime) -> bool:
    """Take `row` to send it; False when another run has it. The write is conditional, so one of two runs wins."""
    free = Reminder.objects.filter(pk=row.pk, attempted_at__isnull=True, sent_at__isnull=True)
    return bool(free.update(attempted_at=at, subject=row.subject, body=row.body))


def _hand_over(row: Reminder, connection: BaseEmailBackend, outcome: Outcome, at: datetime.datetime) -> None:
    taken = Reminder.objects.filter(pk=row.pk)
    if send(Mail(row.recipient.email, row.subject, row.body), connection):
        taken.update(sent_at=at)
        outcome.sent.append(row)
    else:
        taken.update(attempted_at=None)
        outcome.failed.append(row)


def _log(
    round_: ReportingRound,
    outcome: Outcome,
    *,
    actor: AbstractBaseUser | None,
    origin: AuditLine.Origin,
    at: datetime.datetime,
) -> None:
    sent = sum(row.round_id == round_.pk for row in outcome.sent)
    audit(
        actor=actor,
        origin=origin,
        action=REMIND,
        subject=round_,
        result="sent" if not outcome.failed else "partly_sent",
        at=at,
        note="1 mail verstuurd" if sent == 1 else f"{sent} mails verstuurd",
    )
