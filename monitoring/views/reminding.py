"""The manager reminds by mail whom a round still waits for."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from monitoring import reminder_mails
from monitoring.forms import RemindForm
from monitoring.kept_text import FORGET, drop_kept_text, forget_kept_text, keeps_typed_text, kept_text
from monitoring.models import AuditLine, Reminder, ReportingRound
from monitoring.reminder_mails import Outcome
from monitoring.reminders import Awaited, awaited_people, mail_body, proposed_text, without_address
from monitoring.views.rounds import managed_round
from monitoring.workflow import Refused

# So many of the mails that were sent before are shown.
SHOWN_MAILS = 50


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_typed_text
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Write to one owner (?eigenaar=) or to all with something left; what was sent before is shown."""
    round_ = managed_round(request, pk)
    if request.POST.get("action") == FORGET:
        return forget_kept_text(request)
    people = awaited_people([round_], today=timezone.localdate())
    if request.method != "POST":
        kept = kept_text(request)
        form = _form(request, round_, people, kept.data if kept else None)
        return _page(request, round_, people, form, kept_at=kept.at if kept else None)
    form = _form(request, round_, people, request.POST)
    if form.is_valid():
        data = form.cleaned_data
        user: Any = request.user
        try:
            outcome = reminder_mails.remind(
                round_=round_,
                recipients={int(key) for key in data["recipients"]},
                subject=data["subject"],
                text=data["text"],
                actor=user,
                origin=AuditLine.Origin.SITE,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return _page(request, round_, people, form, status=403)
        else:
            drop_kept_text(request)
            _tell(request, outcome)
            return redirect("remind", round_.pk)
    return _page(request, round_, people, form, status=422)


def _form(
    request: HttpRequest, round_: ReportingRound, people: Sequence[Awaited], typed: QueryDict | None
) -> RemindForm:
    choices = [(str(awaited.user.pk), _choice(awaited)) for awaited in people if awaited.address]
    owner = request.GET.get("eigenaar", "")
    chosen = [
        str(awaited.user.pk)
        for awaited in people
        if not owner or any(str(goal.owner_id) == owner for goal in awaited.goals)
    ]
    subject, text = proposed_text(round_, today=timezone.localdate())
    initial = {"subject": subject, "text": text, "recipients": chosen}
    return RemindForm(typed, choices=choices, initial=initial)


def _choice(awaited: Awaited) -> str:
    count = len(awaited.goals)
    return f"{awaited.user}: nog {count} {'doel' if count == 1 else 'doelen'} ({', '.join(awaited.owners)})"


def _tell(request: HttpRequest, outcome: Outcome) -> None:
    """What became of it, in a message each."""
    if count := len(outcome.sent):
        messages.success(request, "De herinnering is verstuurd." if count == 1 else f"{count} mails zijn verstuurd.")
    if outcome.failed:
        names = ", ".join(str(row.recipient) for row in outcome.failed)
        messages.warning(
            request, f"De mailserver nam niet alles aan. Dit wordt later opnieuw geprobeerd voor: {names}."
        )
    if outcome.repeated:
        names = ", ".join(str(awaited.user) for awaited in outcome.repeated)
        messages.info(request, f"Deze mensen hadden deze mail vandaag al: {names}.")


def _page(
    request: HttpRequest,
    round_: ReportingRound,
    people: Sequence[Awaited],
    form: RemindForm,
    *,
    kept_at: datetime.datetime | None = None,
    status: int = 200,
) -> HttpResponse:
    sent = Reminder.objects.filter(round=round_).select_related("recipient", "sender")
    example = next((awaited for awaited in people if awaited.address), None)
    context = {
        "programme": round_.programme,
        "may_manage": True,
        "nav": "rounds",
        "round": round_,
        "form": form,
        "kept_at": kept_at,
        "people": people,
        "example": mail_body(example, form["text"].value() or "") if example else "",
        "without_address": without_address(people),
        "sent": sent[:SHOWN_MAILS],
    }
    return render(request, "monitoring/remind.html", context, status=status)
