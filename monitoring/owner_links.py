"""Who works for which owner: every department or person that the plans name, linked once to users."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AbstractBaseUser, AbstractUser
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from din.models import Owner, OwnerMember, Programme
from monitoring.audit import audit
from monitoring.models import AuditLine


@dataclass(frozen=True)
class OwnerLink:
    """An owner with its people, and how many goals and efforts name it in all plans."""

    owner: Owner
    members: tuple[OwnerMember, ...]
    goals: int
    efforts: int


def owner_links(programme: Programme) -> list[OwnerLink]:
    """The owners of `programme`, those that are linked to nobody on top; in a constant number of queries."""
    owners = (
        Owner.objects.filter(programme=programme)
        .annotate(goal_count=Count("goals", distinct=True), effort_count=Count("efforts", distinct=True))
        .prefetch_related("members__user")
        .order_by("name")
    )
    links = [OwnerLink(owner, tuple(owner.members.all()), owner.goal_count, owner.effort_count) for owner in owners]
    return sorted(links, key=lambda link: (bool(link.members), link.goals == 0))


def link(owner: Owner, user: Any, kind: str, *, actor: AbstractBaseUser, origin: AuditLine.Origin) -> bool:
    """Let `user` work for `owner`; False when they did already."""
    with transaction.atomic():
        member, is_new = OwnerMember.objects.get_or_create(owner=owner, user=user, defaults={"kind": kind})
        if is_new:
            _tell("link", member, actor=actor, origin=origin)
    return is_new


def unlink(member: OwnerMember, *, actor: AbstractBaseUser, origin: AuditLine.Origin) -> None:
    """Take somebody off an owner, once. What they recorded stays."""
    with transaction.atomic():
        if OwnerMember.objects.select_for_update().filter(pk=member.pk).exists():
            _tell("unlink", member, actor=actor, origin=origin)
            member.delete()


def _tell(action: str, member: OwnerMember, *, actor: AbstractBaseUser, origin: AuditLine.Origin) -> None:
    audit(
        actor=actor,
        origin=origin,
        action=action,
        subject=member.owner,
        result=member.kind,
        at=timezone.now(),
        note=f"{member.user}: {member.get_kind_display()}",
    )


def possible_members() -> QuerySet[AbstractBaseUser]:
    """The users who may record progress, by name."""
    users = get_user_model()._default_manager
    backend = f"{ModelBackend.__module__}.{ModelBackend.__qualname__}"
    recorders = users.with_perm("monitoring.record_updates", include_superusers=False, backend=backend)
    return recorders.order_by("first_name", "last_name", "username")


def owners_without_people(links: Sequence[OwnerLink]) -> int:
    """How many owners with goals are linked to nobody: nobody sees those goals on a worklist."""
    return sum(1 for link in links if link.goals and not link.members)


def people_of(owner: Owner | None) -> list[AbstractUser]:
    """The members and deputies of `owner` who may record progress, by name."""
    if owner is None:
        return []
    members = owner.members.filter(user__in=possible_members()).select_related("user")
    return sorted((member.user for member in members), key=lambda user: str(user).casefold())
