"""verify_reports: whether every stored edition of a report is what was adopted, and whether a file is one of them.

It also takes away the files of long reports that nobody fetched (see monitoring/report/under_way.py).
"""

from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from monitoring.models import Report, ReportingRound
from monitoring.report.under_way import tidy
from monitoring.report.verification import NoReport, faults_of, hash_in_file


class Command(BaseCommand):
    help = "Check every stored edition of a report against its hash and its goals; exit status 1 when one is wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--programme", metavar="SLUG", help="of this programme only")
        parser.add_argument("--file", type=Path, metavar="FILE", help="a report as JSON: of which edition is it?")

    def handle(self, *args: Any, **options: Any) -> None:
        reports = Report.objects.select_related("round__programme").order_by("round", "edition")
        rounds = ReportingRound.objects.adopted().select_related("programme")
        if slug := options["programme"]:
            reports = reports.filter(round__programme__slug=slug)
            rounds = rounds.filter(programme__slug=slug)
            if not reports.exists():
                raise CommandError(f"Er is geen vastgesteld rapport van programma {slug}.")
        if options["file"]:
            self._check_file(options["file"], {report.sha256: report for report in reports.defer("document")})
            return
        # It runs every night: so a concept that somebody had made is not kept until the next one is asked for.
        with suppress(OSError):
            tidy(settings.REPORT_FILES)
        wrong = [f"{round_}: er is geen rapport." for round_ in rounds.filter(reports=None)]
        count = 0
        for report in reports.iterator(chunk_size=20):  # an edition can be a few megabytes
            count += 1
            wrong += [f"{report}: {fault}" for fault in faults_of(report)]
        for sentence in wrong:
            self.stderr.write(sentence)
        if wrong:
            raise CommandError("De rapporten kloppen niet.")
        self.stdout.write("De ene editie klopt." if count == 1 else f"Alle {count} edities kloppen.")

    def _check_file(self, path: Path, editions: dict[str, Report]) -> None:
        try:
            computed, said = hash_in_file(path.read_bytes())
        except OSError as error:
            raise CommandError(f"Het bestand {path} kan niet worden gelezen: {error.strerror}.") from error
        except NoReport as refusal:
            raise CommandError(str(refusal)) from None
        if computed != said:
            raise CommandError(f"Dit bestand is gewijzigd: het controlegetal is {computed}, en er staat {said}.")
        report = editions.get(computed)
        if report is None:
            raise CommandError(
                "Dit is geen vastgestelde editie: geen van de opgeslagen edities heeft dit controlegetal."
            )
        self.stdout.write(f"Dit bestand klopt: {report}, controlegetal {computed}.")
