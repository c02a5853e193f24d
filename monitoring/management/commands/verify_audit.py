"""verify_audit: whether the audit trail is whole, and whether the database guards what was adopted."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from monitoring.audit_chain import verify
from monitoring.immutability import missing_guards


class Command(BaseCommand):
    help = "Walk the hash chain of the audit trail and name the first altered or missing line; exit status 1 if any."

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = verify()
        if verdict.fault:
            raise CommandError(f"Het logboek klopt niet. {verdict.fault}")
        lines = "1 regel" if verdict.lines == 1 else f"{verdict.lines} regels"
        self.stdout.write(f"Het logboek klopt: {lines}.")
        self.stdout.write(f"Laatste controlegetal: {verdict.last_hash or 'geen'}")
        if missing := missing_guards(connection):
            raise CommandError(f"De database bewaakt niet alles wat is vastgesteld: {', '.join(missing)} ontbreekt.")
