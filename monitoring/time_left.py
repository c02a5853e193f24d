"""How long owners can still hand in, in words."""

import datetime

from monitoring.models import ReportingRound


def time_left(round_: ReportingRound, *, as_of: datetime.date) -> str:
    """For example "nog 9 dagen"; after the deadline the days of grace, and then that it is over."""
    if not round_.takes_in(as_of=as_of):
        return "het inleveren is gesloten"
    days = round_.days_left(as_of=as_of)
    if days > 1:
        return f"nog {days} dagen"
    if days == 1:
        return "morgen is de laatste dag"
    if days == 0:
        return "vandaag is de laatste dag"
    grace = round_.grace_left(as_of=as_of)
    return "de deadline is voorbij, u hebt nog " + ("1 dag uitstel" if grace == 1 else f"{grace} dagen uitstel")
