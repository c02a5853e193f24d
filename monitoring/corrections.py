"""A correction of an adopted report: a new edition beside the one it corrects, with a reason.

The round and its updates stay as they were adopted; only the report goes on, by an edition that says what changed.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import replace

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from din.text import writable
from monitoring import privacy
from monitoring.audit import audit
from monitoring.held_back import HeldBack, guard
from monitoring.models import AuditLine, Report, ReportingRound, Update
from monitoring.models.update import is_late
from monitoring.permissions import CORRECT_REPORT
from monitoring.report.build import counted_document, recounted
from monitoring.report.document import ReportDocument, ReportGoal, date_of
from monitoring.report.earlier_report import with_change
from monitoring.report.editions import write_edition
from monitoring.report.frozen import thaw
from monitoring.workflow import Content, Refused, checked


class EditionMoved(Exception):
    """Somebody else made an edition in the meantime; `edition` is its number."""

    def __init__(self, edition: int) -> None:
        super().__init__(
            f"Iemand anders heeft intussen editie {edition} vastgelegd. Uw tekst staat hieronder en is nog niet "
            "bewaard. Kijk wat er nu in het rapport staat en leg uw correctie dan opnieuw vast."
        )
        self.edition = edition


class Invalid(Exception):
    """The correction is not complete: errors of goals and of introductions, by their place in the report, and of
    "reason".
    """

    def __init__(
        self,
        goals: Mapping[int, ValidationError],
        introductions: Mapping[int, ValidationError],
        reason: ValidationError | None,
    ) -> None:
        super().__init__("De correctie is nog niet volledig.")
        self.goals = goals
        self.introductions = introductions
        self.reason = reason


def newest_edition(round_: ReportingRound) -> Report:
    """The edition that counts now. Raises Refused when the round is not adopted."""
    newest = Report.objects.filter(round=round_).order_by("-edition").first()
    if newest is None:
        raise Refused("Deze ronde is nog niet vastgesteld: wijzig de voortgang zelf.")
    return newest


def correct(
    *,
    round_: ReportingRound,
    actor: AbstractBaseUser,
    origin: AuditLine.Origin,
    edition: int,
    goals: Mapping[int, Content],
    introductions: Mapping[int, str] | None = None,
    reason: str,
    no_bsn: Collection[str] = (),
    now: datetime.datetime | None = None,
) -> Report:
    """Write a new edition in which `goals`, by their place in the report from 1, say something else.

    So do `introductions`, by the place of their theme from 1; that of the report itself is at 0. `edition` is the one
    that the actor saw; `no_bsn` are numbers that the actor declares to be no citizen service number. Raises
    PermissionDenied, Refused, EditionMoved and Invalid; then nothing is written.
    """
    CORRECT_REPORT.require(actor, round_.programme)
    at = now or timezone.now()
    reason = writable(reason).strip()
    with transaction.atomic():
        ReportingRound.objects.select_for_update().get(pk=round_.pk)
        newest = newest_edition(round_)
        if newest.edition != edition:
            raise EditionMoved(newest.edition)
        document = thaw(newest.document)
        tidied = {place: content.tidied() for place, content in goals.items()}
        texts = {place: writable(text).strip() for place, text in (introductions or {}).items()}
        _require_complete(document, tidied, texts, reason, no_bsn)
        corrected = _with_introductions(_corrected(document, tidied), texts)
        if corrected == document:
            raise Refused("U hebt niets gewijzigd: er is geen nieuwe editie nodig.")
        corrected = replace(
            counted_document(corrected),
            edition=edition + 1,
            corrected_on=timezone.localdate(at).isoformat(),
            correction=reason,
        )
        places = list(newest.goals.order_by("position").values_list("goal_id", "theme_id", "owner_id"))
        report = write_edition(round_, corrected, places, actor=actor, at=at)
        audit(
            actor=actor,
            origin=origin,
            action="correct",
            subject=report,
            result=f"editie {report.edition}",
            at=at,
            note="\n".join(filter(None, [reason, privacy.declaration(_declared(tidied, texts, reason, no_bsn))])),
        )
    return report


def _declared(
    goals: Mapping[int, Content], introductions: Mapping[int, str], reason: str, no_bsn: Collection[str]
) -> set[str]:
    """The numbers of `no_bsn` that the texts hold."""
    of_goals = (text for content in goals.values() for text in (content.explanation, content.next_steps))
    return privacy.numbers("\n".join([reason, *of_goals, *introductions.values()])) & set(no_bsn)


def _require_complete(
    document: ReportDocument,
    goals: Mapping[int, Content],
    introductions: Mapping[int, str],
    reason: str,
    no_bsn: Collection[str],
) -> None:
    """Raise Invalid, with all errors at once: the rules are those of handing in."""
    errors: dict[int, ValidationError] = {}
    for place, content in goals.items():
        try:
            checked(content, complete=True)
            _guard(content, document.every_goal[place - 1], no_bsn)
        except ValidationError as error:
            errors[place] = error
        except IndexError:
            raise Refused("Dit doel staat niet in het rapport.") from None
    wrong_texts: dict[int, ValidationError] = {}
    frozen = introductions_in(document)
    for place, text in introductions.items():
        try:
            guard({"text": text}, stored=frozen[place], no_bsn=no_bsn)
        except ValidationError as error:
            wrong_texts[place] = error
        except IndexError:
            raise Refused("Deze tekst staat niet in het rapport.") from None
    wrong = None
    if not reason:
        wrong = ValidationError({"reason": "Schrijf op waarom u het rapport corrigeert: de lezers zien die reden."})
    elif spots := privacy.held_back(reason, no_bsn=no_bsn):
        wrong = HeldBack({"reason": spots})
    if errors or wrong_texts or wrong:
        raise Invalid(errors, wrong_texts, wrong)


def _guard(content: Content, frozen: ReportGoal, no_bsn: Collection[str]) -> None:
    """Raise HeldBack when a text holds personal data; a number that is in the report already was declared before."""
    texts = {"explanation": content.explanation, "next_steps": content.next_steps}
    guard(texts, stored=f"{frozen.explanation}\n{frozen.next_steps}", no_bsn=no_bsn)


def introductions_in(document: ReportDocument) -> list[str]:
    """The introduction of the report, and those of its themes in their order: what `correct` knows by place."""
    return [document.introduction, *(theme.introduction for theme in document.themes)]


def _with_introductions(document: ReportDocument, introductions: Mapping[int, str]) -> ReportDocument:
    themes = tuple(
        replace(theme, introduction=introductions.get(place, theme.introduction))
        for place, theme in enumerate(document.themes, start=1)
    )
    return replace(document, introduction=introductions.get(0, document.introduction), themes=themes)


def _corrected(document: ReportDocument, goals: Mapping[int, Content]) -> ReportDocument:
    """`document` with the content of `goals`, its numbers as they were."""
    place, themes = 0, []
    for theme in document.themes:
        members = []
        for goal in theme.goals:
            place += 1
            members.append(_corrected_goal(goal, goals[place], document) if place in goals else goal)
        themes.append(recounted(theme, members))
    return replace(document, themes=tuple(themes))


def _corrected_goal(goal: ReportGoal, content: Content, document: ReportDocument) -> ReportGoal:
    """A goal with other content. What was not delivered is then approved; a goal that had ended is never late."""
    status, had_ended = Update.Status(content.status), goal.state == ""
    state = "" if had_ended else Update.State.APPROVED.value
    day = datetime.date.fromisoformat(document.reference_day)
    corrected = replace(
        goal,
        state=state,
        state_label="" if had_ended else str(Update.State.APPROVED.label),
        status=status.value,
        status_label=str(status.label),
        explanation=content.explanation,
        next_steps=content.next_steps,
        forecast=content.forecast.isoformat() if content.forecast else "",
        not_delivered_reason="",
        late=not had_ended and is_late(date_of(goal.deadline), status, as_of=day),
    )
    return with_change(corrected) if document.previous_round_label else corrected
