"""Recording the progress of one goal: on its own page, from the page with all goals, and while somebody types."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from din.models import Goal
from din.permissions import manages
from monitoring import workflow
from monitoring.differences import Difference, differences
from monitoring.goal_measurements import asked_of
from monitoring.held_back import HeldBack
from monitoring.held_text import held_texts
from monitoring.kept_text import FORGET, drop_kept_text, forget_kept_text, keeps_typed_text, kept_text
from monitoring.models import AuditLine, ReportingRound, Update
from monitoring.permissions import RECORD_UPDATE
from monitoring.recording import Recording, recordings
from monitoring.send_backs import send_backs
from monitoring.time_left import time_left
from monitoring.workflow import Action, Content
from monitoring.worklists import worklist_with

SITE = AuditLine.Origin.SITE
DONE = {
    Action.SAVE: "Uw concept is bewaard.",
    Action.SUBMIT: "De voortgang is ingediend.",
    Action.WITHDRAW: "U kunt de voortgang weer wijzigen.",
}


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_typed_text
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the progress of a goal in the running round: save as draft, submit, or take back."""
    goal = get_object_or_404(Goal.objects.readable_by(request.user).with_place(), pk=pk)
    RECORD_UPDATE.require(request.user, goal)
    update = _running_update(request, goal)
    if request.method == "POST":
        return _post(request, update)
    kept = kept_text(request)
    recording = _recording(request, update, kept.data if kept else None)
    return _page(request, recording, kept_at=kept.at if kept else None)


def _running_update(request: HttpRequest, goal: Goal) -> Update:
    """The goal's update in the running round, or in the one that `?ronde=` names; 404 when there is none."""
    rounds = ReportingRound.objects.readable_by(request.user).filter(programme=goal.plan.programme_id)
    rounds = rounds.named(request.GET["ronde"]) if "ronde" in request.GET else rounds.running()
    update = (
        Update.objects.with_place().filter(goal=goal, round__in=rounds).order_by("round__year", "round__half").first()
    )
    if update is None:
        raise Http404
    return update


def _recording(request: HttpRequest, update: Update, data: QueryDict | None = None) -> Recording:
    """The goal with its form, holding `data` when that was typed."""
    return recordings([update], user=request.user, data=data)[0]  # type: ignore[arg-type]


def _post(request: HttpRequest, update: Update) -> HttpResponse:
    recording = _recording(request, update, request.POST)
    asked = request.POST.get("action", "")
    if asked == FORGET:
        return forget_kept_text(request)
    if "take" in request.POST:
        return _take(request, update)
    if asked == "take_over":
        return _page(request, _with(request, update, recording.taken_over(request.POST)))
    if not recording.form.is_valid():
        return _refused(request, recording, status=422)
    # Enter in a field, or a button that is not of this page, keeps a draft and hands nothing in.
    action = Action(asked) if asked in DONE else Action.SAVE
    try:
        saved = _act(request, action, recording)
    except HeldBack as held:
        found = held_texts(recording.form, held, no_bsn=request.POST.getlist("no_bsn"))
        recording = replace(recording, held=found)
        recording.form.add_error(None, held)
        return _refused(request, recording, status=422)
    except ValidationError as error:
        recording.form.add_error(None, error)
        return _refused(request, recording, status=422)
    except workflow.Refused as refusal:
        recording.form.add_error(None, str(refusal))
        # While somebody types it is a line in the page, like a conflict: there is nothing more to send.
        return _refused(request, recording, status=409 if _is_fragment(request) else 403)
    except workflow.Conflict as conflict:
        if _is_fragment(request):
            return _fragment(request, "monitoring/_not_saved.html", {"conflict": conflict.current}, status=409)
        return _conflict(request, conflict.current, recording)
    if action is not Action.WITHDRAW:
        drop_kept_text(request)
    if _is_fragment(request):
        context = {"update": saved, "oob": True, "asked": asked_of([saved])[saved.pk], "emptied": recording.emptied}
        return _fragment(request, "monitoring/_saved.html", context)
    messages.success(request, " ".join([DONE[action], *_taken_away(action, recording)]))
    return redirect(_after(request, action, update))


def _act(request: HttpRequest, action: Action, recording: Recording) -> Update:
    common: Any = {
        "update": recording.update,
        "actor": request.user,
        "origin": SITE,
        "version": recording.form.cleaned_data["version"],
    }
    if action is Action.WITHDRAW:
        return workflow.withdraw(**common)
    operation = workflow.submit if action is Action.SUBMIT else workflow.save_draft
    content = recording.form.content
    if _is_fragment(request):
        # While somebody types a field is empty for a moment: a measurement goes when a button is pressed.
        content = content.without_emptied()
    return operation(**common, content=content, no_bsn=request.POST.getlist("no_bsn"))


def _taken_away(action: Action, recording: Recording) -> list[str]:
    """What is said of the measurements that went."""
    emptied = () if action is Action.WITHDRAW else recording.emptied
    return [f"De meting ‘{one.label}’ is weggehaald: er stond {one.value_label}." for one in emptied]


def _with(request: HttpRequest, update: Update, values: dict[str, str]) -> Recording:
    """The form as it was sent, with `values` in their fields."""
    data = request.POST.copy()
    for name, value in values.items():
        data[name] = value
    return _recording(request, update, data)


# --- two people on one goal ----------------------------------------------------------------------------------------


def _conflict(request: HttpRequest, current: Update, mine: Recording) -> HttpResponse:
    """Both texts side by side. Who saves now has seen what stands there, so with its version."""
    found = _differences(current, mine)
    recording = replace(mine, update=current, seen=current.version, differences=found, is_stored=False)
    return _page(request, recording, status=409)


def _differences(current: Update, mine: Recording) -> tuple[Difference, ...]:
    return differences(mine.form.content, Content.of(current), mine.form.efforts, asked_of([current])[current.pk])


def _take(request: HttpRequest, update: Update) -> HttpResponse:
    """Put the text of the other, or both, in a field; nothing is saved yet. What was mine at first is still offered."""
    own = {name.removeprefix("mine-"): request.POST[name] for name in request.POST if name.startswith("mine-")}
    mine = _with(request, update, own)
    if not mine.form.is_valid():
        return _refused(request, mine, status=422)
    found = {difference.name: difference for difference in _differences(update, mine)}
    name, _, side = request.POST["take"].partition(":")
    values = found[name].choices.get(side, {}) if name in found else {}
    chosen = _with(request, update, values)
    recording = replace(chosen, seen=update.version, differences=tuple(found.values()))
    return _page(request, recording, status=409)


# --- answers -------------------------------------------------------------------------------------------------------


def _is_fragment(request: HttpRequest) -> bool:
    """Whether the form was sent while somebody types, so that the answer is one line and not a page."""
    return bool(request.htmx)  # type: ignore[attr-defined]


def _fragment(request: HttpRequest, template: str, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    return render(request, template, context, status=status)


def _refused(request: HttpRequest, recording: Recording, *, status: int) -> HttpResponse:
    recording = replace(recording, is_stored=False)
    if _is_fragment(request):
        context = {"form": recording.form, "held": recording.held, "key": recording.update.pk}
        return _fragment(request, "monitoring/_not_saved.html", context, status=status)
    return _page(request, recording, status=status)


def _address(request: HttpRequest, update: Update, **more: object) -> str:
    query = urlencode({"ronde": update.round.name, **more})
    return f"{reverse('record_update', args=[update.goal_id])}?{query}"


def _after(request: HttpRequest, action: Action, update: Update) -> str:
    """Where the visitor goes on: with the next goal, or where they came from."""
    several = request.POST.get("from") == "all"
    all_goals = reverse("record_all", args=[update.round_id])
    if action is not Action.SUBMIT:
        return f"{all_goals}#doel-{update.goal_id}" if several else _address(request, update)
    worklist = worklist_with(update, user=request.user, as_of=timezone.localdate())
    if worklist is None:
        return update.round.get_absolute_url()
    following = worklist.next_after(update)
    if following is None:
        return f"{reverse('worklist')}?na={update.pk}"
    if several:
        return f"{all_goals}?na={update.pk}#doel-{following.goal_id}"
    return _address(request, following, na=update.pk)


def _page(request: HttpRequest, recording: Recording, *, kept_at: Any = None, status: int = 200) -> HttpResponse:
    update, today = recording.update, timezone.localdate()
    programme = update.goal.plan.programme
    worklist = worklist_with(update, user=request.user, as_of=today)
    following = worklist.next_after(update) if worklist else None
    context = {
        "recording": recording,
        "update": update,
        "goal": update.goal,
        "round": update.round,
        "programme": programme,
        "may_manage": manages(request.user, programme),
        "worklist": worklist,
        "next_url": _address(request, following) if following else "",
        "next_goal": following.goal if following else None,
        "time_left": time_left(update.round, as_of=today),
        "send_backs": send_backs(update),
        "kept_at": kept_at,
        "autofocus": "na" in request.GET and not recording.form.is_bound,
    }
    return render(request, "monitoring/record.html", context, status=status)
