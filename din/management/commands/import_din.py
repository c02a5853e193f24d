"""import_din: a DIN workbook into the plan of a year."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from din.apply import PlanClosed, change_plan_of
from din.change_plan import ChangePlan
from din.imports import confirm, offer, read, refuse_closed
from din.models import Programme
from din.models.programme import YEAR_RANGE
from din.reading.document import Finding, Reading
from din.summary import summary
from din.trail import Origin

REJECTED, USAGE = 1, 2


class _Undo(Exception):
    """Takes back the programme that a dry run made to compare with."""


class Command(BaseCommand):
    help = "Import a DIN workbook. Exit status: 0 applied (or would apply), 1 rejected, 2 wrong usage."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("workbook", type=Path, metavar="WORKBOOK")
        parser.add_argument("--programme", required=True, metavar="SLUG")
        parser.add_argument("--year", required=True, type=int, metavar="YYYY")
        parser.add_argument("--create-programme", metavar="NAME", help="make the programme when the slug is unknown")
        parser.add_argument("--dry-run", action="store_true", help="write nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        year: int = options["year"]
        if not YEAR_RANGE[0] <= year <= YEAR_RANGE[1]:
            raise CommandError(
                f"Het jaar {year} kan niet: kies een jaar van {YEAR_RANGE[0]} tot {YEAR_RANGE[1]}.", returncode=USAGE
            )
        try:
            content = options["workbook"].read_bytes()
        except OSError as error:
            raise CommandError(
                f"Het bestand {options['workbook']} kan niet worden gelezen: {error.strerror}.", returncode=USAGE
            ) from error
        reading, change_plan = read(content, year=year), None
        try:
            with transaction.atomic():
                programme = self._programme(options, year)
                try:
                    refuse_closed(programme, year)
                except PlanClosed as refusal:
                    reading = Reading(errors=(Finding(None, str(refusal)), *reading.errors), warnings=reading.warnings)
                if reading.result == "ok":
                    if options["dry_run"]:
                        change_plan = change_plan_of(reading.document, programme=programme, year=year)
                    else:
                        now = timezone.now()
                        name = options["workbook"].name
                        logged = offer(
                            programme=programme,
                            year=year,
                            file_name=name,
                            content=content,
                            reading=reading,
                            actor=None,
                            now=now,
                        )
                        applied = confirm(
                            logged, fingerprint=None, actor=None, origin=Origin.COMMAND, now=now, reading=reading
                        )
                        change_plan = applied.change_plan
                if options["dry_run"] or reading.result == "rejected":
                    raise _Undo
        except _Undo:
            pass
        self._print(reading, change_plan, options)
        if reading.result == "rejected":
            sys.exit(REJECTED)

    def _programme(self, options: dict[str, Any], year: int) -> Programme:
        slug, name = options["programme"], options["create_programme"]
        programme = Programme.objects.filter(slug=slug).first()
        if programme is None and name:
            programme = Programme(slug=slug, name=name.strip(), first_year=year, last_year=year)
            try:
                programme.full_clean()
            except ValidationError as error:
                sentence = " ".join(error.messages)
                raise CommandError(
                    f"Het programma {slug} kan niet worden gemaakt. {sentence}", returncode=USAGE
                ) from error
            programme.save()
        if programme is None:
            raise CommandError(
                f"Er is geen programma {slug}. Voeg --create-programme NAAM toe om het te maken.", returncode=USAGE
            )
        return programme

    def _print(self, reading: Reading, change_plan: ChangePlan | None, options: dict[str, Any]) -> None:
        if options["json"]:
            counts = change_plan.counts if change_plan else {"created": 0, "updated": 0, "unchanged": 0, "missing": 0}
            document = reading.as_json()
            findings = {key: document.pop(key) for key in ("errors", "warnings")}
            self.stdout.write(json.dumps({**document, "changes": counts, **findings}, ensure_ascii=False, indent=1))
        else:
            self.stdout.write(summary(reading, change_plan, dry_run=options["dry_run"]))
