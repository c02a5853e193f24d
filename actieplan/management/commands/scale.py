"""scale: a synthetic data set for measuring."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from actieplan.models import User
from actieplan.scale import MOST_ROUNDS, SLUG, make_scale
from din.models import Programme


class Command(BaseCommand):
    help = "Make a synthetic data set for measuring; refuses a database that holds programmes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--programmes", type=int, required=True, help="how many programmes")
        parser.add_argument("--goals", type=int, required=True, help="goals in each programme")
        parser.add_argument("--rounds", type=int, required=True, help=f"rounds of each, {MOST_ROUNDS} at most")
        parser.add_argument("--manager", default="", help="user name of somebody who manages all of them")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = {name: options[name] for name in ("programmes", "goals", "rounds")}
        if min(wanted.values()) < 1 or wanted["rounds"] > MOST_ROUNDS:
            raise CommandError(f"Geef getallen vanaf 1, en hoogstens {MOST_ROUNDS} rondes.")
        if Programme.objects.exists():
            raise CommandError(
                f"Er staan al programma's in deze database. Gebruik een lege: de programma's heten {SLUG}-1, {SLUG}-2 …"
            )
        manager = None
        if options["manager"]:
            manager = User.objects.filter(username=options["manager"]).first()
            if manager is None:
                raise CommandError(f"Er is geen gebruiker {options['manager']}.")
        begin = time.monotonic()
        updates = make_scale(**wanted, manager=manager)
        took = time.monotonic() - begin
        self.stdout.write(f"{updates} keer voortgang gemaakt in {took:.0f} seconden.")
