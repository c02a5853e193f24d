"""Who may do what with plans: one permission for each action, with the sentence that the user sees on a refusal.

The rule: what somebody may not see answers 404 (ask `readable_by` of the querysets); what somebody may see but not do
answers 403 with one sentence (ask `require` of a permission here or in monitoring.permissions).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import PermissionDenied

from din.models import Programme
from din.models.programme import manages_all

Subject = TypeVar("Subject")
Visitor = AbstractBaseUser | AnonymousUser


@dataclass(frozen=True)
class Permission(Generic[Subject]):
    """An action, the rule that allows it to `user` on a subject, and the sentence of a refusal."""

    name: str
    allows: Callable[[Visitor, Subject], bool]
    refusal: str

    def require(self, user: Visitor, subject: Subject) -> None:
        """Raise PermissionDenied with the sentence when `user` may not do this to `subject`."""
        if not self.allows(user, subject):
            raise PermissionDenied(self.refusal)


def manages(user: Visitor, programme: Programme) -> bool:
    """Whether `user` is a manager of `programme`, or the administrator."""
    return manages_all(user) or Programme.objects.managed_by(user).filter(pk=programme.pk).exists()


IMPORT_WORKBOOK: Permission[Programme] = Permission(
    "import_workbook", manages, "Alleen een manager van dit programma kan een werkboek importeren."
)
ADOPT_PLAN: Permission[Programme] = Permission(
    "adopt_plan", manages, "Alleen een manager van dit programma kan een plan vaststellen."
)
RECUT_PROGRAMME: Permission[Programme] = Permission(
    "recut_programme", manages, "Alleen een manager van dit programma kan het herijken."
)
