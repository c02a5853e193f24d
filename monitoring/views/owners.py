"""The manager links the owners that the plans name to users."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from din.models import Owner, OwnerMember, Programme
from monitoring import owner_links
from monitoring.models import AuditLine
from monitoring.permissions import LINK_OWNERS

SITE = AuditLine.Origin.SITE


class MemberForm(forms.Form):
    """Somebody for an owner, as a member or as a deputy."""

    owner = forms.ModelChoiceField(
        Owner.objects.none(), label="Eigenaar", error_messages={"required": "Kies een eigenaar."}
    )
    user = forms.ModelChoiceField(
        get_user_model()._default_manager.none(),
        label="Wie",
        error_messages={"required": "Kies iemand."},
        help_text="Staat iemand er niet bij? De beheerder maakt het account en geeft het de rol beleidsadviseur.",
    )
    kind = forms.ChoiceField(label="Als", choices=OwnerMember.Kind.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = Owner.objects.filter(programme=programme)  # type: ignore[attr-defined]
        self.fields["user"].queryset = owner_links.possible_members()  # type: ignore[attr-defined]
        self.fields["kind"].initial = OwnerMember.Kind.MEMBER


def _programme(request: HttpRequest, slug: str) -> Programme:
    programme = get_object_or_404(Programme.objects.readable_by(request.user), slug=slug)
    LINK_OWNERS.require(request.user, programme)
    return programme


@require_http_methods(["GET", "HEAD", "POST"])
def owners(request: HttpRequest, slug: str) -> HttpResponse:
    """Every owner with its people; link somebody to one."""
    programme = _programme(request, slug)
    posted = request.method == "POST"
    actor: Any = request.user
    initial = {"owner": request.GET.get("eigenaar")}
    form = MemberForm(request.POST if posted else None, programme=programme, initial=initial)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        if owner_links.link(data["owner"], data["user"], data["kind"], actor=actor, origin=SITE):
            messages.success(request, f"{data['user']} hoort nu bij {data['owner']}.")
        else:
            messages.info(request, f"{data['user']} hoorde al bij {data['owner']}.")
        return redirect("owners", programme.slug)
    links = owner_links.owner_links(programme)
    context = {
        "programme": programme,
        "may_manage": True,
        "nav": "owners",
        "form": form,
        "links": links,
        "warning": _warning(owner_links.owners_without_people(links)),
    }
    return render(request, "monitoring/owners.html", context, status=422 if posted else 200)


def _warning(unlinked: int) -> str:
    if not unlinked:
        return ""
    who = "1 eigenaar is" if unlinked == 1 else f"{unlinked} eigenaren zijn"
    return f"{who} aan niemand gekoppeld"


@require_POST
def unlink(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take somebody off an owner. What they recorded stays."""
    programme = _programme(request, slug)
    member = OwnerMember.objects.filter(owner__programme=programme, pk=pk).select_related("owner", "user").first()
    if member is not None:
        actor: Any = request.user
        owner_links.unlink(member, actor=actor, origin=SITE)
        messages.success(request, f"{member.user} hoort niet meer bij {member.owner}.")
    return redirect("owners", programme.slug)
