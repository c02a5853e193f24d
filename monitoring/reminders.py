"""Whom a round waits for, when they are reminded, and what such a mail says. Reads only; reminder_mails.py sends."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import Truncator

from din.models import Goal
from monitoring.mails import absolute, one_line
from monitoring.models import Reminder, ReportingRound, Update
from monitoring.owner_links import possible_members
from monitoring.time_left import time_left

Kind = Reminder.Kind

# The automatic reminders: so many days before the deadline, on the day, and so many days after it. With fewer days of
# grace the last one comes on the last day.
DAYS_BEFORE = 7
DAYS_AFTER = 3

SUBJECT_LENGTH = 200
_GOAL_LENGTH = 120


@dataclass(frozen=True)
class Awaited:
    """Somebody whom a round waits for, with the goals that they still have to record, in the plan's order."""

    round: ReportingRound
    user: AbstractBaseUser
    goals: tuple[Goal, ...]

    @property
    def address(self) -> str:
        return getattr(self.user, "email", "")

    @property
    def owners(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(goal.owner.name for goal in self.goals if goal.owner))


@dataclass(frozen=True)
class Occasion:
    """Why an automatic reminder goes out, and for which day."""

    kind: Reminder.Kind
    due_on: datetime.date


@dataclass(frozen=True)
class DueReminder:
    """An automatic reminder to be sent, unless it was sent already."""

    awaited: Awaited
    occasion: Occasion
    subject: str
    body: str


def awaited_people(rounds: Iterable[ReportingRound], *, today: datetime.date) -> list[Awaited]:
    """Whom each of `rounds` waits for, by name, in a constant number of queries.

    Once a round takes in nothing more, that is only those to whom something was sent back.
    """
    running = {round_.pk: round_ for round_ in rounds if round_.is_running}
    updates = (
        Update.objects.filter(round__in=running, state__in=Update.LEFT, goal__owner__isnull=False)
        .with_place()
        .in_plan_order()
        .prefetch_related("goal__owner__members")
    )
    recorders = {user.pk: user for user in possible_members()}
    goals: dict[tuple[int, int], list[Goal]] = {}
    for update in updates:
        owner = update.goal.owner
        if owner is None or not (update.state == Update.State.RETURNED or update.round.takes_in(as_of=today)):
            continue
        for member in owner.members.all():
            if member.user_id in recorders:
                goals.setdefault((update.round_id, member.user_id), []).append(update.goal)
    found = [Awaited(running[round_], recorders[user], tuple(left)) for (round_, user), left in goals.items()]
    return sorted(found, key=lambda awaited: (awaited.round.pk, str(awaited.user).casefold(), awaited.user.pk))


def occasion_on(round_: ReportingRound, today: datetime.date) -> Occasion | None:
    """Which automatic reminder `round_` is at on `today`. A day that was missed is made up for on the next."""
    before = round_.deadline - datetime.timedelta(days=DAYS_BEFORE)
    after = round_.deadline + datetime.timedelta(days=DAYS_AFTER)
    if round_.grace_days:
        after = min(after, round_.closes_on)
    if before <= today < round_.deadline:
        return Occasion(Kind.BEFORE, before)
    if today == round_.deadline:
        return Occasion(Kind.ON_DAY, round_.deadline)
    if today >= after:
        return Occasion(Kind.AFTER, after)
    return None


def due_reminders(today: datetime.date) -> list[DueReminder]:
    """The automatic reminders of all running rounds for `today`, those that were sent already included."""
    rounds = [
        round_
        for round_ in ReportingRound.objects.running().select_related("programme", "plan")
        if occasion_on(round_, today) is not None
    ]
    due = []
    for awaited in awaited_people(rounds, today=today):
        occasion = occasion_on(awaited.round, today)
        if occasion is not None:
            subject, text = proposed_text(awaited.round, today=today)
            due.append(DueReminder(awaited, occasion, subject, mail_body(awaited, text)))
    return due


def proposed_text(round_: ReportingRound, *, today: datetime.date) -> tuple[str, str]:
    """The subject and the text of a reminder, as it goes out or as the manager starts from."""
    programme, deadline = round_.programme.name, date_format(round_.deadline, "j F Y")
    subject = f"Voortgang {programme}: deadline {deadline}"
    if round_.takes_in(as_of=today):
        text = (
            f"Het {round_.label} van “{programme}” loopt. Wij vragen u vast te leggen hoe het met uw doelen staat. "
            f"De deadline is {deadline}: {time_left(round_, as_of=today)}."
        )
    else:
        text = (
            f"Het inleveren voor het {round_.label} van “{programme}” is gesloten (deadline {deadline}). "
            "Een deel van uw voortgang is teruggestuurd. Lees de reden, pas de tekst aan en dien die opnieuw in."
        )
    return one_line(subject)[:SUBJECT_LENGTH], text


def mail_body(awaited: Awaited, text: str) -> str:
    """The whole mail: `text` between the name and the goals with their links. Nothing of what was recorded is in it."""
    lines = [f"Beste {awaited.user},", "", text.strip(), "", f"Nog in te vullen ({len(awaited.goals)}):"]
    for goal in awaited.goals:
        title = Truncator(" ".join(f"{goal.reference} {goal.text}".split())).chars(_GOAL_LENGTH)
        address = absolute(f"{reverse('record_update', args=[goal.pk])}?ronde={awaited.round.name}")
        lines += [f"- {title}", f"  {address}"]
    lines += ["", f"Al uw doelen: {absolute(reverse('worklist'))}", "", "Programmamonitor", ""]
    return "\n".join(lines)


def without_address(people: Sequence[Awaited]) -> list[Awaited]:
    """Those who cannot be mailed."""
    return [awaited for awaited in people if not awaited.address]


def last_reminded(round_: ReportingRound) -> dict[int, datetime.datetime]:
    """When somebody was last reminded of `round_`, by the key of the user; one query."""
    sent = Reminder.objects.filter(round=round_, sent_at__isnull=False).order_by("sent_at")
    return {user: at for user, at in sent.values_list("recipient", "sent_at") if at is not None}
