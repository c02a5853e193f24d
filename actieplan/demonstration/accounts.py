"""The accounts of the demonstration, and which of them works for which owner."""

from django.contrib.auth.models import Group

from actieplan.models import User
from actieplan.roles import ADMINISTRATOR, COUNCIL, MANAGER, OFFICER
from din.models import Owner, OwnerMember, Programme
from monitoring.models import AuditLine
from monitoring.owner_links import link

COMMAND = AuditLine.Origin.COMMAND
PASSWORD = "demo"  # noqa: S105 - the accounts exist with DEBUG only

Accounts = dict[str, User]

# user name -> role and the name on screen
ACCOUNTS = {
    "beleid": (OFFICER, "Voorbeeld beleidsadviseur"),
    "collega": (OFFICER, "Voorbeeld collega"),
    "manager": (MANAGER, "Voorbeeld programmamanager"),
    "raad": (COUNCIL, "Voorbeeld raadslid"),
    "beheer": (ADMINISTRATOR, "Voorbeeld beheerder"),
}


def make_accounts() -> Accounts:
    """The five accounts by user name; an account that is there already is left as it is."""
    accounts = {}
    for username, (role, name) in ACCOUNTS.items():
        user = User.objects.filter(username=username).first()
        if user is None:
            user = User(
                username=username,
                email=f"{username}@example.org",
                first_name=name,
                is_staff=role == ADMINISTRATOR,
            )
            user.set_password(PASSWORD)
            user.save()
            user.groups.add(Group.objects.get(name=role))
        accounts[username] = user
    return accounts


def link_owners(programme: Programme, accounts: Accounts) -> None:
    """Both officers get a part of the owners, in turn."""
    officers = [accounts["beleid"], accounts["collega"]]
    for place, owner in enumerate(Owner.objects.filter(programme=programme).order_by("name")):
        link(owner, officers[place % 2], OwnerMember.Kind.MEMBER, actor=accounts["manager"], origin=COMMAND)


def officer_of(owner: Owner | None, accounts: Accounts) -> User:
    """Who records for `owner`; the manager where nobody works for it."""
    member = owner.members.select_related("user").first() if owner else None
    return member.user if member else accounts["manager"]
