"""export_report: the progress report of a round as a file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from monitoring.models import Report, ReportingRound
from monitoring.report.build import report_source
from monitoring.report.formats.registry import FORMATS
from monitoring.report.rendering import RenderingFailed


class Command(BaseCommand):
    help = "Write the progress report of a round to a file; of an adopted round the frozen content."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--programme", required=True, metavar="SLUG")
        parser.add_argument("--round", required=True, metavar="2024-H1")
        parser.add_argument("--format", required=True, choices=list(FORMATS))
        parser.add_argument("--edition", type=int, metavar="NUMBER", help="of an adopted round; else the newest")
        parser.add_argument("--output", required=True, type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        rounds = ReportingRound.objects.filter(programme__slug=options["programme"]).named(options["round"])
        round_ = rounds.select_related("programme", "plan").first()
        if round_ is None:
            raise CommandError(f"Er is geen ronde {options['round']} van programma {options['programme']}.")
        try:
            source = report_source(
                round_, edition=options["edition"], with_template=FORMATS[options["format"]].takes_template
            )
        except Report.DoesNotExist:
            raise CommandError(f"Van deze ronde is er geen editie {options['edition']}.") from None
        try:
            options["output"].write_bytes(FORMATS[options["format"]].render(source))
        except RenderingFailed as failed:
            raise CommandError(str(failed)) from None
        except OSError as error:
            raise CommandError(
                f"Het bestand {options['output']} kan niet worden geschreven: {error.strerror}."
            ) from error
        self.stdout.write(f"Geschreven: {options['output']}")
