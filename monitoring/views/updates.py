"""The officer's side of a round: the worklist and recording the progress of one goal."""

from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from din.models import Goal
from din.permissions import manages
from monitoring import workflow, worklists
from monitoring.earlier import previous_update
from monitoring.forms import UpdateForm
from monitoring.models import AuditLine, ReportingRound, Update
from monitoring.permissions import RECORD_UPDATE, SEE_WORKLIST

SITE = AuditLine.Origin.SITE
DONE = {
    workflow.Action.SAVE: "Uw concept is bewaard.",
    workflow.Action.SUBMIT: "De voortgang is ingediend.",
    workflow.Action.WITHDRAW: "U kunt de voortgang weer wijzigen.",
}


@require_safe
def worklist(request: HttpRequest) -> HttpResponse:
    """The goals of the visitor in the running rounds, those that need care first."""
    SEE_WORKLIST.require(request.user, None)
    rounds = worklists.worklists(request.user, as_of=timezone.localdate())
    return render(request, "monitoring/worklist.html", {"worklists": rounds})


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the progress of a goal in the running round: save as draft, submit, or take back."""
    goal = get_object_or_404(Goal.objects.readable_by(request.user).with_place(), pk=pk)
    RECORD_UPDATE.require(request.user, goal)
    update = _running_update(request, goal)
    if request.method == "POST":
        return _post(request, update)
    return _page(request, update, UpdateForm(instance=update))


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


def _post(request: HttpRequest, update: Update) -> HttpResponse:
    user: AbstractBaseUser = request.user  # type: ignore[assignment]
    form = UpdateForm(request.POST, instance=update)
    try:
        action = workflow.Action(request.POST.get("action", ""))
    except ValueError:
        action = workflow.Action.SAVE
    if action not in DONE:
        action = workflow.Action.SAVE
    if not form.is_valid():
        return _page(request, update, form, status=422)
    version = form.cleaned_data["version"]
    try:
        if action is workflow.Action.WITHDRAW:
            workflow.withdraw(update=update, actor=user, origin=SITE, version=version)
            messages.success(request, DONE[action])
            return redirect(request.get_full_path())
        operation = workflow.submit if action is workflow.Action.SUBMIT else workflow.save_draft
        operation(update=update, actor=user, origin=SITE, content=form.content, version=version)
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, update, form, status=422)
    except workflow.Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, update, form, unsaved=form.content, status=409)
    except workflow.Conflict as conflict:
        return _page(request, conflict.current, form, conflict=conflict.current, status=409)
    messages.success(request, DONE[action])
    if action is workflow.Action.SUBMIT:
        following = worklists.next_goal(user, after=update)
        if following is None:
            return redirect("worklist")
        return redirect(f"{reverse('record_update', args=[following])}?ronde={update.round.name}")
    return redirect(request.get_full_path())


def _page(
    request: HttpRequest,
    update: Update,
    form: UpdateForm,
    *,
    conflict: Update | None = None,
    unsaved: workflow.Content | None = None,
    status: int = 200,
) -> HttpResponse:
    user: AbstractBaseUser = request.user  # type: ignore[assignment]
    programme = update.goal.plan.programme
    context = {
        "update": update,
        "goal": update.goal,
        "round": update.round,
        "programme": programme,
        "may_manage": manages(user, programme),
        "form": form,
        "conflict": conflict,
        "unsaved": unsaved,
        # After a conflict the visitor has seen what stands there now; else they send back the version they saw.
        "version": conflict.version if conflict else form["version"].value(),
        "previous": previous_update(update),
        "er_goals": update.goal.er_goals.all(),
        "efforts": update.goal.efforts.all(),
        "actions": {action.value for action in workflow.allowed_actions(update, user)},
        "days_left": update.round.days_left(as_of=timezone.localdate()),
    }
    return render(request, "monitoring/record.html", context, status=status)
