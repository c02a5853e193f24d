"""The progress of one goal in one round."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from din.fields import PlainTextField
from din.models import Goal, Owner
from monitoring.models.round import ReportingRound


class UpdateQuerySet(models.QuerySet["Update"]):
    def owned_by(self, user: AbstractBaseUser | AnonymousUser) -> UpdateQuerySet:
        """The updates of goals of owners of which `user` is a member or a deputy."""
        return self.filter(goal__owner__in=Owner.objects.of_user(user))

    def delivered(self) -> UpdateQuerySet:
        """What was handed in: submitted or approved. A draft or a returned text is its owner's and the manager's."""
        return self.filter(state__in=Update.DELIVERED)

    def unfinished(self) -> UpdateQuerySet:
        """What keeps a round from being adopted."""
        return self.exclude(state__in=Update.FINISHED)

    def in_plan_order(self) -> UpdateQuerySet:
        """As the plan has them: what belongs to the whole programme first, then theme by theme."""
        theme_first = models.F("goal__theme__position").asc(nulls_first=True)
        return self.order_by(theme_first, "goal__theme_id", "goal__position", "pk")

    def with_place(self) -> UpdateQuerySet:
        """With what every line about an update shows: the goal, its theme and its owner, and the round."""
        return self.select_related("goal__plan__programme", "goal__theme__programme", "goal__owner", "round__programme")

    def with_efforts(self) -> UpdateQuerySet:
        """With what was recorded on the efforts of the goal, in two queries."""
        return self.prefetch_related("efforts__effort")


class Update(models.Model):
    """One goal in one round: status, explanation, next steps, forecast. Its state changes in the workflow only."""

    class State(models.TextChoices):
        TODO = "todo", "nog te doen"
        DRAFT = "draft", "concept"
        SUBMITTED = "submitted", "ingediend"
        RETURNED = "returned", "teruggestuurd"
        APPROVED = "approved", "goedgekeurd"
        NOT_DELIVERED = "not_delivered", "niet aangeleverd"

    class Status(models.TextChoices):
        NOT_STARTED = "not_started", "nog niet gestart"
        ON_TRACK = "on_track", "op schema"
        DELAYED = "delayed", "vertraagd"
        AT_RISK = "at_risk", "in gevaar"
        ACHIEVED = "achieved", "behaald"
        NOT_ACHIEVED = "not_achieved", "niet behaald"
        DROPPED = "dropped", "vervallen"

    DELIVERED = (State.SUBMITTED, State.APPROVED)
    FINISHED = (State.APPROVED, State.NOT_DELIVERED)
    # What still waits for the owner.
    LEFT = (State.TODO, State.DRAFT, State.RETURNED)
    # The statuses with which nothing more is expected of a goal.
    FINAL_STATUSES = (Status.ACHIEVED, Status.NOT_ACHIEVED, Status.DROPPED)
    # The statuses that the council wants explained.
    EXPLAINED_STATUSES = (Status.DELAYED, Status.AT_RISK, Status.NOT_ACHIEVED, Status.DROPPED)

    goal = models.ForeignKey(Goal, models.PROTECT, verbose_name="doel", related_name="updates")
    round = models.ForeignKey(ReportingRound, models.PROTECT, verbose_name="ronde", related_name="updates")
    state = models.CharField("stand", max_length=13, choices=State.choices, default=State.TODO)
    status = models.CharField("status", max_length=12, choices=Status.choices, blank=True)
    explanation = PlainTextField(
        "toelichting",
        blank=True,
        help_text="Wat is er bereikt? Loopt het niet: de oorzaak, het gevolg, wat u doet en wanneer.",
    )
    next_steps = PlainTextField("vervolgstappen", blank=True, help_text="Wat gebeurt er het komende half jaar?")
    forecast = models.DateField("verwacht gereed", null=True, blank=True)
    return_reason = PlainTextField("reden van terugsturen", blank=True)
    not_delivered_reason = PlainTextField("reden van niet aanleveren", blank=True)
    version = models.PositiveIntegerField("versie", default=0, editable=False)
    changed_at = models.DateTimeField("laatst gewijzigd", null=True, blank=True, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="laatst gewijzigd door",
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )

    objects = UpdateQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "voortgang"
        verbose_name_plural = "voortgang"
        ordering = ["round", "goal__position", "pk"]
        permissions = [("record_updates", "Mag de voortgang van eigen doelen vastleggen")]
        constraints = [
            models.UniqueConstraint(
                fields=["goal", "round"],
                name="update_once_a_goal_and_round",
                violation_error_message="Dit doel heeft al een voortgang in deze ronde.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["todo", "draft", "submitted", "returned", "approved", "not_delivered"]),
                name="update_state_is_known",
                violation_error_message="Deze stand van een voortgang bestaat niet.",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        "",
                        "not_started",
                        "on_track",
                        "delayed",
                        "at_risk",
                        "achieved",
                        "not_achieved",
                        "dropped",
                    ]
                ),
                name="update_status_is_known",
                violation_error_message="Kies een status uit de lijst.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["submitted", "approved"]) | ~Q(status=""),
                name="update_delivered_has_a_status",
                violation_error_message="Kies een status voordat u indient.",
            ),
            models.CheckConstraint(
                condition=~Q(
                    state__in=["submitted", "approved"],
                    status__in=["delayed", "at_risk", "not_achieved", "dropped"],
                    explanation="",
                ),
                name="update_bad_news_is_explained",
                violation_error_message="Leg uit waarom het doel niet op schema ligt.",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(return_reason=""),
                name="update_returned_with_a_reason",
                violation_error_message="Schrijf op waarom u terugstuurt.",
            ),
            models.CheckConstraint(
                condition=~Q(state="not_delivered") | ~Q(not_delivered_reason=""),
                name="update_not_delivered_with_a_reason",
                violation_error_message="Schrijf op waarom er niets is aangeleverd.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.goal} – {self.round}"

    def get_absolute_url(self) -> str:
        return reverse("record_update", args=[self.goal_id])

    @property
    def is_delivered(self) -> bool:
        return self.state in self.DELIVERED

    def is_late(self, *, as_of: datetime.date, last_status: str) -> bool:
        """Whether the goal's deadline had passed on `as_of` without a final status.

        `last_status` is what the latest adopted round before this one said; it counts until something is delivered.
        """
        return is_late(self.goal.deadline, self.status if self.is_delivered else last_status, as_of=as_of)


def is_late(deadline: datetime.date | None, status: str, *, as_of: datetime.date) -> bool:
    """Whether a deadline had passed on `as_of` for a goal of which `status` is the last word."""
    return deadline is not None and deadline < as_of and status not in Update.FINAL_STATUSES
