"""The demonstration accounts on the log-in page."""

from dataclasses import dataclass

from django import template
from django.conf import settings

from actieplan.models import User

register = template.Library()

_ACCOUNTS = {
    "beleid": "beleidsadviseur",
    "collega": "beleidsadviseur",
    "manager": "programmamanager",
    "raad": "raadslid, leest alleen",
    "beheer": "beheerder",
}


@dataclass(frozen=True)
class DemonstrationAccount:
    username: str
    role: str


@register.simple_tag
def demonstration_accounts() -> list[DemonstrationAccount]:
    """The demonstration accounts that exist; none on a production site, where DEBUG is off."""
    if not settings.DEBUG:
        return []
    present = set(User.objects.filter(username__in=_ACCOUNTS, is_active=True).values_list("username", flat=True))
    return [DemonstrationAccount(name, role) for name, role in _ACCOUNTS.items() if name in present]
