"""Who may do what in a round: one permission for each action. The rule is that of din.permissions."""

from django.db.models import Q

from din.models import Goal, Owner, Programme
from din.permissions import Permission, Visitor, manages
from monitoring.models import Commitment, Indicator


def owns(user: Visitor, goal: Goal) -> bool:
    """Whether `user` records the progress of `goal`: a member or deputy of its owner, with the right to record."""
    return (
        goal.owner_id is not None
        and user.has_perm("monitoring.record_updates")  # type: ignore[union-attr]
        and Owner.objects.of_user(user).filter(pk=goal.owner_id).exists()
    )


def _records(user: Visitor, goal: Goal) -> bool:
    return owns(user, goal) or manages(user, goal.plan.programme)


def _measures(user: Visitor, indicator: Indicator) -> bool:
    return manages(user, indicator.programme) or _owns_indicator(user, indicator)


def _owns_indicator(user: Visitor, indicator: Indicator) -> bool:
    """Whether `user` is of the owner of the indicator, of the one that it is part of, or of a goal of one of these."""
    if not user.has_perm("monitoring.record_updates"):  # type: ignore[union-attr]
        return False
    one_and_whole = Q(pk=indicator.pk) | Q(parts=indicator.pk)
    owned = Q(owner__in=Owner.objects.of_user(user)) | Q(goals__owner__in=Owner.objects.of_user(user))
    return Indicator.objects.filter(one_and_whole).filter(owned).exists()


def _has_worklist(user: Visitor, _subject: None) -> bool:
    return user.has_perm("monitoring.record_updates")  # type: ignore[union-attr]


def _writes_settlement(user: Visitor, commitment: Commitment) -> bool:
    """The manager, and who works for the owner with the right to record."""
    works_for_owner = (
        commitment.owner_id is not None
        and user.has_perm("monitoring.record_updates")  # type: ignore[union-attr]
        and Owner.objects.of_user(user).filter(pk=commitment.owner_id).exists()
    )
    return works_for_owner or manages(user, commitment.programme)


def _works_on_rounds(user: Visitor, _subject: None) -> bool:
    return user.has_perm("monitoring.read_open_rounds")  # type: ignore[union-attr]


RECORD_UPDATE: Permission[Goal] = Permission(
    "record_update",
    _records,
    "U kunt de voortgang van dit doel niet vastleggen: dat doen de eigenaar en de programmamanager.",
)
SEE_WORKLIST: Permission[None] = Permission(
    "see_worklist", _has_worklist, "Deze pagina is voor wie de voortgang van doelen vastlegt."
)
SEE_ATTENTION: Permission[None] = Permission(
    "see_attention",
    _works_on_rounds,
    "Deze pagina is voor wie voortgang vastlegt of een programma beheert.",
)
LINK_OWNERS: Permission[Programme] = Permission(
    "link_owners", manages, "Alleen een manager van dit programma kan eigenaren aan gebruikers koppelen."
)
REASSIGN_GOAL: Permission[Programme] = Permission(
    "reassign_goal", manages, "Alleen een manager van dit programma kan een doel aan een andere eigenaar geven."
)
OPEN_ROUND: Permission[Programme] = Permission(
    "open_round", manages, "Alleen een manager van dit programma kan een ronde openen."
)
MANAGE_ROUND: Permission[Programme] = Permission(
    "manage_round", manages, "Alleen een manager van dit programma kan deze ronde beheren."
)
CORRECT_REPORT: Permission[Programme] = Permission(
    "correct_report", manages, "Alleen een manager van dit programma kan een vastgesteld rapport corrigeren."
)
REVIEW_UPDATE: Permission[Programme] = Permission(
    "review_update", manages, "Alleen een manager van dit programma kan voortgang beoordelen."
)
WRITE_REPORT_TEXTS: Permission[Programme] = Permission(
    "write_report_texts", manages, "Alleen een manager van dit programma kan de teksten van het rapport schrijven."
)
READ_CONCEPT_REPORT: Permission[Programme] = Permission(
    "read_concept_report",
    manages,
    "Het rapport van deze ronde is nog een concept. Alleen een manager van dit programma kan het ophalen.",
)
MANAGE_WORD_TEMPLATE: Permission[Programme] = Permission(
    "manage_word_template", manages, "Alleen een manager van dit programma kan het Word-sjabloon beheren."
)
MANAGE_INDICATORS: Permission[Programme] = Permission(
    "manage_indicators", manages, "Alleen een manager van dit programma kan indicatoren en streefwaarden wijzigen."
)
RECORD_MEASUREMENT: Permission[Indicator] = Permission(
    "record_measurement",
    _measures,
    "U kunt van deze indicator geen meting vastleggen: dat doen de eigenaar en de programmamanager.",
)
MANAGE_COMMITMENTS: Permission[Programme] = Permission(
    "manage_commitments",
    manages,
    "Alleen een manager van dit programma kan toezeggingen, moties en aanbevelingen beheren.",
)
WRITE_SETTLEMENT: Permission[Commitment] = Permission(
    "write_settlement",
    _writes_settlement,
    "Alleen de eigenaar en een manager van dit programma kunnen het afdoeningsvoorstel schrijven.",
)
CHANGE_PUBLIC_MEASUREMENT: Permission[Programme] = Permission(
    "change_public_measurement",
    manages,
    "De raad kan deze meting al lezen. Alleen een manager van dit programma kan haar nog wijzigen.",
)
