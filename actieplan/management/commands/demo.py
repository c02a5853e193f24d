"""demo: the demonstration data of all programmes and the demonstration accounts."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from actieplan.demonstration.accounts import make_accounts
from actieplan.demonstration.published_plans import make_homeless_people, make_whole_city
from actieplan.demonstration.rounds import keep_rounds_open
from actieplan.demonstration.three_lines import make_three_lines
from actieplan.demonstration.young_people import make_young_people


class Command(BaseCommand):
    help = (
        "Make the demonstration data and accounts; refuses when DEBUG is off. Running it again changes nothing, "
        "but a round that has closed meanwhile gets a new deadline."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                "De demonstratie heeft accounts met een bekend wachtwoord en werkt daarom alleen met DEBUG=1."
            )
        accounts = make_accounts()
        with transaction.atomic():
            is_new = make_young_people(accounts)
            made = [is_new, make_homeless_people(accounts), make_whole_city(accounts)]
            if is_new:
                make_three_lines(accounts)
        moved = keep_rounds_open(accounts)
        self.stdout.write("De demonstratie staat klaar." if any(made) else "De demonstratie was er al.")
        if moved:
            self.stdout.write("De deadline van de open ronde was voorbij en is verzet.")
