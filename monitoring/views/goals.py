from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from din.models import Goal
from din.permissions import manages
from monitoring.goal_list import build_goal_list
from monitoring.goal_page import build_goal_page
from monitoring.round_choice import goals_shown
from monitoring.views.reading import chosen_round, readable_programme


@require_safe
def goal_list(request: HttpRequest, slug: str) -> HttpResponse:
    """All goals of a programme in one round; only the results when htmx asks for them."""
    programme = readable_programme(request, slug)
    choice = chosen_round(request, programme)
    goals = goals_shown(choice, as_of=timezone.localdate())
    found = build_goal_list(goals, programme=programme, choice=choice, parameters=request.GET)
    context = {"programme": programme, "nav": "goals", "choice": choice, "round": choice.round, "goal_list": found}
    if request.htmx and not request.htmx.history_restore_request:  # type: ignore[attr-defined]
        response = render(request, "monitoring/_goal_results.html", {**context, "is_fragment": True})
        response["HX-Push-Url"] = f"{request.path}?{found.query}" if found.query else request.path
    else:
        response = render(request, "monitoring/goals.html", {**context, "may_manage": manages(request.user, programme)})
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
def goal(request: HttpRequest, pk: int) -> HttpResponse:
    """One goal."""
    goal = get_object_or_404(Goal.objects.readable_by(request.user).with_place(), pk=pk)
    programme = goal.plan.programme
    context = {
        "programme": programme,
        "may_manage": manages(request.user, programme),
        "nav": "goals",
        "goal": build_goal_page(goal, user=request.user, as_of=timezone.localdate()),
    }
    return render(request, "monitoring/goal.html", context)
