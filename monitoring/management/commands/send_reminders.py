"""send_reminders: the due and overdue mails of running rounds; once a day from cron."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from monitoring.reminder_mails import send_due, unsent
from monitoring.reminders import Awaited, due_reminders


class Command(BaseCommand):
    help = (
        "Remind by mail whom a running round waits for: before the deadline, on it and after it, each once. Says "
        "nothing when nothing was due; exit status 1 when a mail was not sent."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say who would get what, and send nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry_run"]:
            self._tell()
        else:
            self._send()

    def _tell(self) -> None:
        due = due_reminders(timezone.localdate())
        for reminder in due:
            if reminder.awaited.address and unsent(reminder):
                kind, goals = reminder.occasion.kind.label, len(reminder.awaited.goals)
                self.stdout.write(f"{_name(reminder.awaited)}: {kind}, {goals} {'doel' if goals == 1 else 'doelen'}")
        self._name_missing([reminder.awaited for reminder in due if not reminder.awaited.address])

    def _send(self) -> None:
        outcome = send_due()
        for row in outcome.sent:
            self.stdout.write(f"Verstuurd: {row.recipient}, {row.get_kind_display()} ({row.round})")
        self._name_missing(outcome.without_address)
        for row in outcome.uncertain:
            self.stderr.write(f"Misschien verstuurd, misschien niet; een eerdere keer brak af: {row}")
        if outcome.failed:
            names = ", ".join(str(row.recipient) for row in outcome.failed)
            raise CommandError(f"Niet verstuurd, wordt de volgende keer opnieuw geprobeerd: {names}")

    def _name_missing(self, people: list[Awaited]) -> None:
        for awaited in people:
            self.stderr.write(f"Geen e-mailadres: {_name(awaited)}")


def _name(awaited: Awaited) -> str:
    return f"{awaited.user}, {awaited.round}"
